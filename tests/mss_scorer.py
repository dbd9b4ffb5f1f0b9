"""An independent scorer for Medical Student Scheduling: reads the data file and a schedule.csv, nothing of ours.

Written from the description of the problem alone (Akbarzadeh & Maenhout 2021). One period is one week, counted from the
Monday `first_monday`; ``s3`` is student 3, ``d2`` discipline 2 and ``h1`` hospital 1 of the file.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.int64]


class RuleBroken(Exception):
    """The schedule breaks a hard constraint, or cannot be read; the text says which and where."""


class Job(NamedTuple):
    """A discipline taken at a hospital from a period on; all numbers from 0."""

    start: int
    discipline: int
    hospital: int


def score_schedule(dzn: Path, schedule_csv: Path, first_monday: date) -> int:
    """Σ score + min score of a schedule, to be maximised.

    Raises
    ------
    RuleBroken
        If the schedule breaks a hard constraint.
    """
    data = _read_data(dzn)
    jobs = _read_jobs(data, schedule_csv, first_monday)
    for s in range(len(data["StudDiscGroup"])):
        _check_student(data, s, jobs[s])
    _check_places(data, [job for s in sorted(jobs) for job in jobs[s]])
    scores = [_score(data, s, jobs[s]) for s in range(len(data["StudDiscGroup"]))]
    return sum(scores) + min(scores)


def _read_data(dzn: Path) -> dict[str, Array]:
    text = re.sub(r"%.*", "", dzn.read_text())
    data: dict[str, Array] = {}
    for name, value in re.findall(r"(\w+)\s*=\s*([^;]*)", text):
        numbers = re.sub(r"array\dd\([^\[]*\[", "[", value)
        data[name] = np.array([int(n) for n in re.findall(r"-?\d+", numbers)], dtype=np.int64)
    size = {letter: int(data[name][0]) for letter, name in zip("SDHTG", _SIZES, strict=True)} | {"4": 4}
    for name, letters in _SHAPES.items():
        data[name] = data[name].reshape([size[letter] for letter in letters])
    return data


_SIZES = ("Students", "Disciplines", "Hospitals", "Horizon", "Groups")
_SHAPES = {
    "StudDiscGroup": "SG",
    "AllowedDisc": "SD",
    "Precededby": "DD",
    "Availability": "ST",
    "Ability": "SHD",
    "MaxPosHosp": "HDT",
    "MinPosHosp": "HDT",
    "WeightPref": "S4",
    "PrefStudDisc": "SD",
    "PrefStudHosp": "SH",
}


def _read_jobs(data: dict[str, Array], schedule_csv: Path, first_monday: date) -> dict[int, list[Job]]:
    duration = int(data["Duration"][0])
    jobs: dict[int, list[Job]] = defaultdict(list)
    with schedule_csv.open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            start, end = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
            period, rest = divmod((start - first_monday).days, 7)
            if rest or not 0 <= period <= int(data["Horizon"][0]) - duration:
                raise RuleBroken(
                    f"{row['student']} starts {row['requirement']} on {start}, which is no start of a period in the horizon"
                )
            if (end - start).days // 7 != duration - 1:
                raise RuleBroken(f"{row['student']} takes {row['requirement']} from {start} to {end}, not for {duration} periods")
            if row["requirement"] != row["specialty"]:
                raise RuleBroken(f"{row['student']} takes {row['requirement']} in a place for {row['specialty']}")
            student = _number("s", row["student"], len(data["StudDiscGroup"]))
            discipline = _number("d", row["requirement"], len(data["Precededby"]))
            hospital = _number("h", row["site"], len(data["MaxPosHosp"]))
            jobs[student].append(Job(period, discipline, hospital))
    for mine in jobs.values():
        mine.sort()
    return jobs


def _number(letter: str, text: str, count: int) -> int:
    match = re.fullmatch(letter + r"(\d+)", text)
    if not match or not 1 <= int(match[1]) <= count:
        raise RuleBroken(f"'{text}' stands where one of {letter}1 to {letter}{count} belongs")
    return int(match[1]) - 1


def _check_student(data: dict[str, Array], s: int, jobs: list[Job]) -> None:
    who = f"s{s + 1}"
    duration = int(data["Duration"][0])
    started = {job.discipline: job.start for job in jobs}
    if len(started) < len(jobs):
        raise RuleBroken(f"{who} takes a discipline twice")
    for g, wanted in enumerate(data["StudDiscGroup"][s]):
        taken = sum(data["DiscGroup"][d] == g + 1 for d in started)
        if taken != wanted:
            raise RuleBroken(f"{who} takes {taken} disciplines of group {g + 1} instead of {wanted}")
    for before, after in pairwise(jobs):
        if after.start < before.start + duration:
            raise RuleBroken(f"{who} is in d{before.discipline + 1} and d{after.discipline + 1} at the same time")
    for start, d, h in jobs:
        if not data["AllowedDisc"][s, d]:
            raise RuleBroken(f"{who} may not take d{d + 1}")
        if not data["Ability"][s, h, d]:
            raise RuleBroken(f"{who} may not take d{d + 1} at h{h + 1}")
        if not data["Availability"][s, start : start + duration].all():
            raise RuleBroken(f"{who} is not available for d{d + 1} from period {start + 1}")
        for e in np.flatnonzero(data["Precededby"][d]).tolist():
            if e not in started or started[e] > start:
                raise RuleBroken(f"{who} takes d{d + 1} without d{e + 1} before it")
    at_hospital = np.bincount([job.hospital for job in jobs], minlength=1)
    if at_hospital.max() > data["MaxDiscPerHosp"][0]:
        raise RuleBroken(f"{who} takes {at_hospital.max()} disciplines at h{at_hospital.argmax() + 1}")


def _check_places(data: dict[str, Array], jobs: list[Job]) -> None:
    duration = int(data["Duration"][0])
    present = np.zeros_like(data["MaxPosHosp"])
    for start, d, h in jobs:
        present[h, d, start : start + duration] += 1
    for wrong, word in ((present > data["MaxPosHosp"], "more"), (present < data["MinPosHosp"], "fewer")):
        if wrong.any():
            h, d, t = np.argwhere(wrong)[0]
            raise RuleBroken(f"h{h + 1} has {word} students in d{d + 1} in period {t + 1} than it may: {present[h, d, t]}")


def _score(data: dict[str, Array], s: int, jobs: list[Job]) -> int:
    of_discipline, of_hospital, of_change, of_wait = (int(w) for w in data["WeightPref"][s])
    score = sum(
        of_discipline * int(data["PrefStudDisc"][s, d]) + of_hospital * int(data["PrefStudHosp"][s, h]) + int(data["ManPref"][d])
        for _, d, h in jobs
    )
    changes = sum(a.hospital != b.hospital for a, b in pairwise(jobs))
    duration = int(data["Duration"][0])
    idle = jobs[-1].start + duration - duration * len(jobs) if jobs else 0
    return score + of_change * changes + of_wait * idle
