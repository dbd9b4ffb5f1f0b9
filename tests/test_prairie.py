"""The prairie year is what its script writes, and each rule that its README names finds its data in it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.domain import RULES, Instance, Placement, Policy
from scheduler.verify import verify
from scheduler.verify.facts import Facts
from scheduler.verify.ranking import Ranking
from tests.examples import ROOT, broken, example, reference, report, without, written
from tests.stated import changed, stated

README = (ROOT / "instances" / "prairie" / "README.md").read_text("utf-8")
ROWS = re.findall(r"^\| `(\w+)`", README, re.MULTILINE)
MAY, JUNE = "2026-05-18", "2026-06-29"

#: Placements that break one rule, and nothing else: rule and lines.
BREAKS = [
    ("no_repeat", f"pls-01 HOSP ho-m1-hosp-6 {MAY} p-ho-m1-1\npls-01 ACUTE ho-m1-acute-6 {JUNE} p-ho-m1-5"),
    ("continuity", f"pls-35 LONG ho-m1-hosp-6 {MAY} p-ho-m1-1\npls-35 LONG ho-m2-acute-6 {JUNE} p-ho-m2-5"),
    ("kept_together", f"pls-35 LONG ho-m1-hosp-6 {MAY} p-ho-m1-1\npls-35 LONG ho-m1-acute-6 2026-08-10 p-ho-m1-5"),
    ("licence", f"pls-01 AMB cl-n2-6 {MAY} p-cl-n2-1"),
    ("reservation", f"mid-01 ONC onc-m-6 {MAY} p-onc-m-1\nmid-02 ONC onc-m-6 {MAY} p-onc-m-2"),  # one of Midland at most
    ("preceptor_at_once", f"pls-01 COMM ph-m1-6 {JUNE} p-ph-m1-1\nlyn-01 COMM ph-m1-mo 2026-07-01 p-ph-m1-1"),
    ("preceptor_at_once", f"pls-01 COMM ph-m3-6 {JUNE} p-ph-m3-1"),  # Fort Lyon has a student there already
    ("preceptor_available", "pls-01 HOSP ho-m4-hosp-6 2026-09-21 p-ho-m4-1"),
    ("availability", f"pls-01 AMB cl-m5-6 {JUNE} p-cl-m5-1"),
    ("conflict", f"pls-03 COMM ph-m1-6 {MAY} p-ph-m1-1"),
    ("commitment", "pls-09 COMM ph-m1-6 2026-08-10 p-ph-m1-1"),
    ("distance", f"pls-01 COMM ph-n3-6 {MAY} p-ph-n3-1"),
    ("housing", f"pls-01 HOSP ho-n2-hosp-6 {MAY} p-ho-n2-1\npls-02 ACUTE ho-n2-acute-6 {MAY} p-ho-n2-5"),
    ("most_lodgings", f"mid-01 HOSP ho-n2-hosp-6 {MAY} p-ho-n2-1\nmid-01 ACUTE ho-c2-acute-6 {JUNE} p-ho-c2-5"),
    ("calendar", "mid-01 COMM ph-m1-6 2027-01-04 p-ph-m1-1"),  # Midland comes back a week later
]

#: One cell with another value: what the reference schedule breaks then.
TIGHTER = [
    ("setting_weeks", "programs", {"program": "pls-pharmd"}, {"least_setting_weeks": (("rural", 42),)}),
    ("program_hours", "programs", {"program": "lyn-pharmd"}, {"least_hours": 1400}),
    ("breadth", "programs", {"program": "lyn-pharmd"}, {"least_settings": 6}),
    ("budget", "programs", {"program": "mid-pharmd"}, {"most_fees": 3}),
    ("preceptor_weeks", "preceptors", {}, {"most_weeks": 5}),
]

#: Nearly the same placements, which are allowed.
FITS = [
    f"pls-01 HOSP ho-m1-hosp-6 {MAY} p-ho-m1-1\npls-01 ACUTE ho-m2-acute-6 {JUNE} p-ho-m2-5",
    f"pls-35 LONG ho-m1-hosp-6 {MAY} p-ho-m1-1\npls-35 LONG ho-m1-acute-6 {JUNE} p-ho-m1-5",
    "pls-35 LONG ho-m1-hosp-6 2026-11-02 p-ho-m1-1\npls-35 LONG ho-m1-acute-6 2026-09-21 p-ho-m1-5",
    f"pls-01 AMB cl-m3-6 {MAY} p-cl-m3-1",
    f"pls-01 ONC onc-m-6 {MAY} p-onc-m-1\npls-02 ONC onc-m-6 {MAY} p-onc-m-2\nmid-02 ONC onc-m-6 {MAY} p-onc-m-3",
    "pls-01 COMM ph-m1-6 2026-05-18 p-ph-m1-1\nlyn-01 COMM ph-m1-mo 2026-07-01 p-ph-m1-1",
    f"pls-01 HOSP ho-n2-hosp-6 {MAY} p-ho-n2-1",
    f"mid-01 HOSP ho-n2-hosp-6 {MAY} p-ho-n2-1\nmid-01 ACUTE ho-n1-acute-6 {JUNE} p-ho-n1-5",
    "mid-01 COMM ph-m1-6 2027-01-11 p-ph-m1-1",
]

#: Wishes that cost or win something in the reference schedule.
COUNTED = (
    "preference travel relocation language high_need scholarship fees priority school_equity preceptor_balance availability_wish"
)


def placements(**wanted: object) -> list[Placement]:
    return [p for p in reference("prairie").placements if all(getattr(p, name) == value for name, value in wanted.items())]


def test_the_script_writes_the_files_byte_for_byte(tmp_path: Path) -> None:
    fresh, kept = written("prairie", tmp_path)
    assert fresh == kept


def test_who_comes() -> None:
    year = example("prairie")
    assert Counter(s.program for s in year.students) == {"pls-pharmd": 34, "pls-long": 6, "mid-pharmd": 32, "lyn-pharmd": 22}
    assert f"{len(year.students)} students" in README
    assert f"{len(year.sites)}\nsites" in README


def test_each_rule_that_the_readme_names_finds_its_data() -> None:
    assert len(ROWS) > 25
    assert set(ROWS) - stated("prairie") == set()


def test_the_readme_names_only_what_exists() -> None:
    """Ids in back quotes are rules, or ids of the instance."""
    year = example("prairie")
    known = {s.student for s in year.students} | {p.program for p in year.programs} | {r.requirement for r in year.requirements}
    known |= {u.unit for u in year.units} | {s.slot for s in year.slots} | {s.site for s in year.sites} | set(RULES)
    known |= {s.scholarship for s in year.scholarships}
    assert {name for name in re.findall(r"`([^`]+)`", README) if not re.search(r"[ ./]", name)} - known == set()


@pytest.mark.parametrize(("rule", "lines"), BREAKS)
def test_a_rule_forbids_what_the_year_would_allow_without_it(rule: str, lines: str) -> None:
    assert broken(example("prairie"), *lines.splitlines()) == {rule}
    assert broken(without(example("prairie"), rule), *lines.splitlines()) == set()


@pytest.mark.parametrize("lines", FITS)
def test_what_is_next_to_it_is_allowed(lines: str) -> None:
    assert broken(example("prairie"), *lines.splitlines()) == set()


@pytest.mark.parametrize(("rule", "table", "key", "cells"), TIGHTER)
def test_a_tighter_limit_is_broken(rule: str, table: str, key: dict[str, object], cells: dict[str, object]) -> None:
    def rules(year: Instance) -> set[str]:
        return {v.rule for v in verify(year, reference("prairie")).violations}

    assert rules(example("prairie")) == set()
    tighter = changed(example("prairie"), table, key, **cells)
    assert rule in rules(tighter)
    assert rule not in rules(without(tighter, rule))


def test_no_car_no_clinic_in_the_country() -> None:
    walker = next(s.student for s in example("prairie").students if not s.drives and s.program == "pls-pharmd")
    line = f"{walker} AMB cl-s1-6 {MAY} p-cl-s1-1"
    assert broken(example("prairie"), line) == {"car"}


def test_wishes_count_in_the_reference_schedule() -> None:
    penalties = verify(example("prairie"), reference("prairie")).penalties
    assert {rule for rule in COUNTED.split() if not penalties[rule]} == set()


def test_midlands_budget_is_for_beds_too() -> None:
    whole = Facts(example("prairie"), reference("prairie"))
    own = [p for p in whole.placed if p.party.program.program == "mid-pharmd"]
    fee = {site.site: site.fee_per_week for site in example("prairie").sites}
    fees = sum(fee[p.unit.site] * p.timing.weeks * p.size for p in own)
    tight = changed(example("prairie"), "programs", {"program": "mid-pharmd"}, most_fees=fees)
    fees_alone = Policy.model_validate({"rules": {"budget": {"of": ["fees"]}}})
    only_fees = tight.model_copy(update={"policy": tight.policy.merged(fees_alone)})
    assert {v.rule for v in verify(tight, reference("prairie")).violations} == {"budget"}
    assert verify(only_fees, reference("prairie")).violations == ()


def test_holders_of_the_corps_go_before_those_of_the_fund() -> None:
    year = Facts(example("prairie"), reference("prairie"))
    ranking, students = Ranking(year), year.parties.students
    assert [ranking.rank(students[who]) for who in ("pls-21", "mid-02", "pls-07", "mid-11")] == [1, 1, 2, 2]


def test_places_that_were_given_back_cost_who_takes_them() -> None:
    mine, yours = (f"{who} HOSP ho-m1-hosp-6 {MAY} p-ho-m1-1" for who in ("pls-01", "mid-01"))
    assert [report(example("prairie"), line).penalties["returned_places"] for line in (mine, yours)] == [0, 1]


def test_a_vaccine_not_learned_costs_once() -> None:
    """Neither site offers it: 1. With another pharmacy, or with one of the two still open: 0."""
    clinic, pharmacy, better = "AMB cl-m1-6", "COMM ph-m1-6", "COMM ph-m3-6 2026-09-21 p-ph-m3-1"
    both = [f"pls-01 {clinic} {MAY} p-cl-m1-1", f"pls-01 {pharmacy} {JUNE} p-ph-m1-1"]
    missing = [
        report(example("prairie"), *lines).penalties["competency"] for lines in (both, both[:1], [both[0], f"pls-01 {better}"])
    ]
    assert missing == [1, 0, 0]


def test_only_who_is_away_too_long_lacks_a_rotation() -> None:
    left = reference("prairie").unplaced
    assert {u.student for u in left} == {"pls-09", "lyn-04"}
    assert len(left) == 2
    asked = len({(p.student, p.requirement) for p in placements()}) + len(left)
    assert f"Of {asked} required rotations {asked - 2} are placed" in README
    assert not {p.start.month for p in placements(program="lyn-pharmd", requirement="ACUTE")} & {12}


def test_calendars_differ() -> None:
    """Midland's blocks end on Thursday; a month has as many days as it has; six weeks have six weeks' hours."""
    assert {p.end.weekday() for p in placements(program="mid-pharmd")} == {3}
    assert {p.end.weekday() for p in placements(program="pls-pharmd")} == {4}
    assert {p.weeks for p in placements(program="lyn-pharmd")} == {4}
    assert len({p.hours for p in placements(program="lyn-pharmd")}) > 2


def test_twelve_weeks_are_at_one_hospital() -> None:
    for student in (f"pls-{i}" for i in range(35, 41)):
        blocks = sorted(placements(student=student), key=lambda p: p.start)
        assert len(blocks) == 2
        assert len({p.site for p in blocks}) == 1
        assert blocks[1].start - blocks[0].end <= timedelta(days=23)  # over the winter break
