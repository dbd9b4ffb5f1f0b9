"""A converted instance means the same: the verifier and the independent scorer agree on random schedules of random files."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import numpy as np

from scheduler.convert.mss import FIRST_MONDAY, MssInstance, read_mss, to_instance
from scheduler.domain import Placement, Schedule, Status
from scheduler.io import instance_problems
from scheduler.verify import verify
from tests.mss_scorer import RuleBroken, score_schedule

FILES, SCHEDULES = 20, 25
S, D, H, G = 3, 4, 2, 2


def random_file(rng: np.random.Generator, path: Path) -> MssInstance:
    """Write a small file in which most random schedules break little, and read it."""
    duration = int(rng.integers(1, 3))
    horizon = 4 * duration + int(rng.integers(0, 3))

    def flags(chance_of_0: float, *shape: int) -> str:
        return numbers((rng.random(shape) >= chance_of_0).astype(int))

    def numbers(values: np.ndarray) -> str:
        rows = values.reshape(values.shape[0], -1) if values.ndim > 1 else values[None]
        text = " | ".join(", ".join(map(str, row)) for row in rows.tolist())
        if values.ndim == 1:
            return f"[{text}]"
        sizes = ", ".join(f"1..{n}" for n in values.shape)
        return f"[| {text} |]" if values.ndim == 2 else f"array3d({sizes}, [{text.replace('|', ',')}])"

    weights = np.concatenate([rng.integers(0, 4, (S, 2)), -rng.integers(0, 4, (S, 2))], axis=1)
    before = np.triu(rng.random((D, D)) < 0.15, 1).T.astype(int)
    path.write_text(
        f"Students={S}; Disciplines={D}; Hospitals={H}; Groups={G}; Duration={duration}; Horizon={horizon};\n"
        f"MaxDiscPerHosp={rng.integers(2, 4)};\n"
        f"DiscGroup = [1,1,2,2];\nStudDiscGroup = {numbers(rng.integers(0, 3, (S, G)))};\n"
        f"AllowedDisc = {flags(0.05, S, D)};\nPrecededby = {numbers(before)};\n"
        f"Availability = {flags(0.03, S, horizon)};\nAbility = {flags(0.05, S, H, D)};\n"
        f"MaxPosHosp = {numbers(rng.integers(1, 3, (H, D, horizon)))};\n"
        f"MinPosHosp = {numbers((rng.random((H, D, horizon)) < 0.005).astype(int))};\n"
        f"WeightPref = {numbers(weights)};\nPrefStudDisc = {numbers(rng.integers(0, 6, (S, D)))};\n"
        f"PrefStudHosp = {numbers(rng.integers(0, 6, (S, H)))};\nManPref = {numbers(rng.integers(0, 6, D))};\n"
    )
    return read_mss(path)


def random_placements(rng: np.random.Generator, mss: MssInstance) -> list[Placement]:
    """For each student mostly the right number of disciplines, mostly one after the other, anywhere."""
    placements = []
    for s in range(S):
        chosen: list[int] = []
        for g in range(G):
            count = int(mss.wanted[s, g]) + (rng.random() < 0.02)
            chosen += rng.permutation(np.flatnonzero(mss.group_of == g))[:count].tolist()
        if rng.random() < 0.7:
            chosen.sort()  # as those that come before have the smaller number
        else:
            rng.shuffle(chosen)
        gaps = rng.multinomial(mss.horizon - mss.duration * len(chosen), np.full(len(chosen) + 1, 1 / (len(chosen) + 1)))
        start = 0
        for d, gap in zip(chosen, gaps.tolist(), strict=False):
            start += gap
            if rng.random() < 0.02:
                start = int(rng.integers(0, mss.horizon - mss.duration + 1))
            placements.append(placement(mss, s, d, int(rng.integers(0, H)), start))
            start = min(start + mss.duration, mss.horizon - mss.duration)
    return placements


def placement(mss: MssInstance, s: int, d: int, h: int, period: int) -> Placement:
    start = FIRST_MONDAY + timedelta(weeks=period)
    return Placement(
        student=f"s{s + 1}",
        school="school",
        program="program",
        requirement=f"d{d + 1}",
        specialty=f"d{d + 1}",
        site=f"h{h + 1}",
        unit=f"h{h + 1}-d{d + 1}",
        slot=f"h{h + 1}-d{d + 1}",
        start=start,
        end=start + timedelta(days=7 * mss.duration - 3),
        weekdays=(0, 1, 2, 3, 4),
        weeks=mss.duration,
        hours=40 * mss.duration,
    )


def write_schedule(path: Path, placements: list[Placement]) -> None:
    columns = ("student", "requirement", "specialty", "site", "start", "end")
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([getattr(p, column) for column in columns] for p in placements)


def test_verifier_and_scorer_agree(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    dzn, table = tmp_path / "random.dzn", tmp_path / "schedule.csv"
    valid = broken = 0
    for _ in range(FILES):
        mss = random_file(rng, dzn)
        instance = to_instance(mss)
        assert not [p for p in instance_problems(instance) if p.severity == "error"]
        for _ in range(SCHEDULES):
            placements = random_placements(rng, mss)
            write_schedule(table, placements)
            report = verify(instance, Schedule(status=Status.FEASIBLE, placements=tuple(placements)))
            try:
                score = score_schedule(dzn, table, FIRST_MONDAY)
            except RuleBroken as error:
                assert report.violations or report.unplaced or report.penalties["unit_minimum"], error
                broken += 1
            else:
                assert report.violations == ()
                assert report.unplaced == ()
                assert report.penalties["unit_minimum"] == 0
                # A student who takes nothing has the score 0 and counts there as the worst-off, here not.
                if mss.wanted.sum(axis=1).all():
                    assert report.objective == -score
                    valid += 1
    assert valid > 20
    assert broken > 20
