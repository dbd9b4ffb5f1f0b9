"""The cedar year is what its script writes, and each rule that its README names finds its data in it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from scheduler.domain import RULES, Instance, Placement
from scheduler.verify import verify
from tests.examples import ROOT, broken, example, reference, without, written
from tests.stated import changed, stated

README = (ROOT / "instances" / "cedar" / "README.md").read_text("utf-8")

ROWS = re.findall(r"^\| `(\w+)`", README, re.MULTILINE)

#: Placements that break one rule, and nothing else: rule and lines.
BREAKS = [
    ("shift_rest", "md-20 CC CC-CFM 2026-06-22 p-ask\nmd-20 EM ED-nWTS 2026-08-31"),  # Thursday night, Friday morning
    ("most_nights", "md-20 EM ED-n4 2026-08-31"),  # sixteen nights
    (
        "week_hours",
        "md-22 SURG SUR-CGH 2026-09-28\nmd-20 SURG SUR-CGH 2026-09-28\nmd-22 AHD AHD 2026-06-22",
    ),  # 60 and 4 hours, and a job of 8
    ("far_apart", "md-20 CC CC-PIN 2026-06-22 p-wold\nmd-20 FM FM-CFM 2026-06-08 p-hale"),
    ("no_repeat", "md-09 CC CC-CFM 2026-06-22 p-hale"),  # family medicine was with p-hale
    ("heavy", "md-20 OB OB-STL 2026-08-17\nmd-20 SURG SUR-STL 2026-09-28"),
    ("spacing", "md-20 NEURO NEU-CGH 2026-06-08\nmd-20 PSY PSY-CGH 2027-02-01 p-prue"),
    ("spacing", "pa-1 FM CFM-adv 2026-06-08 p-hale\npa-1 PED NPD-adv 2026-07-06 p-lunde"),
    ("continuity", "np-2 PC NSC-adv 2026-06-08 p-vik\nnp-2 PC LKW-adv 2026-07-06 p-engen"),
    ("employer", "np-1 PC NSC-adv 2026-06-08 p-vik"),
    ("slot_minimum", "md-20 IM IM-5N 2026-09-28"),  # two at a time or none
    ("unit_capacity", "md-20 OB OB-CGH 2026-10-26"),  # closed for two weeks
    ("clearance", "md-20 NEURO NEU-VA 2026-06-08"),  # fingerprints 60 days ahead, and it is April
    ("conflict", "md-15 PSY PSY-CGH 2026-09-28 p-olsen"),
    ("order", "pa-1 EM LED-pa 2026-06-08"),
    ("availability", "md-05 NEURO NEU-CGH 2027-01-04"),
    ("commitment", "md-14 PED PED-NSC 2026-10-26 p-moe"),
    ("preceptor_available", "md-20 PSY PSY-VA 2026-09-28 p-rude"),
    ("start_window", "lic-1 WARD LIC-5N 2026-07-06\nlic-2 WARD LIC-5N 2026-07-06"),
    ("preceptor_at_once", "md-20 FM FM-CFM 2026-06-08 p-haug\nmd-23 FM FM-CFM 2026-07-06 p-haug"),
]
#: Nearly the same placements, which are allowed.
FITS = [
    "md-20 CC CC-CFM 2026-06-22 p-ask\nmd-20 EM ED-nSSM 2026-08-31",
    "md-22 SURG SUR-STL 2026-09-28\nmd-22 AHD AHD 2026-06-22",
    "md-20 CC CC-PIN 2026-06-22 p-wold\nmd-20 FM FM-PIN 2026-06-08 p-foss",
    "md-09 CC CC-CFM 2026-06-22 p-ask",
    "md-20 OB OB-STL 2026-08-17\nmd-20 IM IM-VA 2026-09-28\nmd-20 SURG SUR-STL 2026-11-23",
    "np-1 PC LKW-adv 2026-06-08 p-engen",
    "md-02 NEURO NEU-VA 2026-06-08",
    "pa-1 FM CFM-adv 2026-06-08 p-hale\npa-1 EM LED-pa 2026-07-06",
    "md-20 FM FM-CFM 2026-06-08 p-hale\npa-1 FM CFM-adv 2026-06-08 p-hale",
]


def unpinned() -> Instance:
    """The year without its pins, which a schedule of two lines does not meet."""
    return example("cedar").model_copy(update={"pins": ()})


def placements(**wanted: object) -> list[Placement]:
    return [p for p in reference("cedar").placements if all(getattr(p, name) == value for name, value in wanted.items())]


def test_the_script_writes_the_files_byte_for_byte(tmp_path: Path) -> None:
    fresh, kept = written("cedar", tmp_path)
    assert fresh == kept


def test_each_rule_that_the_readme_names_finds_its_data() -> None:
    assert len(ROWS) > 20
    assert set(ROWS) - stated("cedar") == set()


def test_the_readme_names_only_what_exists() -> None:
    """Ids in back quotes are rules, or ids of the instance."""
    year = example("cedar")
    known = {s.student for s in year.students} | {p.program for p in year.programs} | {r.requirement for r in year.requirements}
    known |= {u.unit for u in year.units} | {s.slot for s in year.slots} | {s.site for s in year.sites} | set(RULES)
    known |= {t.team for t in year.ipe_teams} | {"service"}
    assert {name for name in re.findall(r"`([^`]+)`", README) if not re.search(r"[ ./]", name)} - known == set()


@pytest.mark.parametrize(("rule", "lines"), BREAKS)
def test_a_rule_forbids_what_the_year_would_allow_without_it(rule: str, lines: str) -> None:
    assert rule in ROWS
    cedar = unpinned()
    assert broken(cedar, *lines.splitlines()) == {rule}
    assert broken(without(cedar, rule), *lines.splitlines()) == set()


@pytest.mark.parametrize("lines", FITS)
def test_what_is_next_to_it_is_allowed(lines: str) -> None:
    assert broken(unpinned(), *lines.splitlines()) == set()


def test_a_third_preceptor_is_one_too_many() -> None:
    """With one preceptor at most, two months with two are refused; the two that may be are allowed."""
    lines = ("np-4 PC NSC-adv 2026-06-08 p-vik", "np-4 PC NSC-adv 2026-07-06 p-aune")
    assert broken(unpinned(), *lines) == set()
    fewer = changed(unpinned(), "requirements", {"requirement": "PC"}, most_preceptors=1)
    assert broken(fewer, *lines) == {"most_preceptors"}


def test_only_a_clerkship_of_who_is_away_is_left_out() -> None:
    assert [u.student for u in reference("cedar").unplaced] == ["md-14"]
    assert not placements(student="md-14", requirement="EM")  # the away rotation fulfils it


def test_streams_begin_as_drawn_and_wherever_there_is_room() -> None:
    first = {p.student: p.requirement for p in placements(start=date(2026, 6, 8)) if p.program == "cdr-md"}
    assert {pin.student: pin.requirement for pin in example("cedar").pins if pin.start} == {
        who: what for who, what in first.items() if who in {f"md-{i:02d}" for i in range(1, 17)}
    }


def test_exams_are_lost_and_the_winter_break_is_made_up() -> None:
    """The last Friday of eight weeks is a clinic day of 8 hours; a clerkship across the turn of the year ends two weeks later."""
    assert {p.hours_lost for p in placements(requirement="IM", slot="IM-VA")} == {8}
    across = [p for p in placements(requirement="SURG") if p.start <= date(2026, 12, 20) <= p.end]
    assert across
    assert {(p.end - p.start).days for p in across} == {8 * 7 + 2 * 7 - 3}


def test_clinics_run_beside_clerkships_and_half_days_beside_each_other() -> None:
    assert len(placements(requirement="CC")) == 31
    assert {p.weekdays for p in placements(requirement="CC")} == {(4,)}
    halves = Counter(p.student for p in placements(program="cdr-lic") if p.requirement.endswith("-L"))
    assert set(halves.values()) == {6}


def test_what_was_done_before_counts_once() -> None:
    """Surgery is repeated from August on; internal medicine is credited, and a month of primary care."""
    assert [p.start >= date(2026, 8, 3) for p in placements(student="md-17", requirement="SURG")] == [True]
    assert not placements(student="md-17", requirement="IM")
    assert sum(p.weeks for p in placements(student="np-3", requirement="PC")) == 8


def test_teams_meet_and_winter_nights_are_covered() -> None:
    teams = {p.team for p in placements() if p.team}
    for team in teams:
        assert {p.program for p in placements(team=team)} >= {"oak-pharmd", "oak-bsn"}
        assert {p.program for p in placements(team=team)} & {"cdr-md", "cdr-lic"}
    assert {p.student for p in placements(program="oak-pharmd") if not p.team} == set()
    assert verify(example("cedar"), reference("cedar")).penalties["slot_fill"] == 0
