"""The riverbend term is what its script writes and what its README tells."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

from scheduler.domain import Instance, Placement, Schedule
from scheduler.io import load_instance, load_solution

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "instances" / "riverbend"
README = (FOLDER / "README.md").read_text("utf-8")


@cache
def riverbend() -> Instance:
    instance, problems = load_instance(FOLDER)
    assert [str(p) for p in problems if p.severity == "error"] == []
    assert instance is not None
    return instance


@cache
def reference() -> Schedule:
    schedule, problems = load_solution(ROOT / "solutions" / "riverbend", riverbend())
    assert [str(p) for p in problems] == []
    assert schedule is not None
    return schedule


def placements(**wanted: object) -> list[Placement]:
    return [p for p in reference().placements if all(getattr(p, name) == value for name, value in wanted.items())]


def test_the_script_writes_the_files_byte_for_byte(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "instances" / "make_riverbend.py", tmp_path], check=True)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in (".csv", ".toml")}
    assert written == kept


def test_only_tables_and_columns_that_no_rule_reads_are_warned_of() -> None:
    problems = load_instance(FOLDER)[1]
    assert {p.code for p in problems if p.severity != "note"} <= {"unread"}


def test_who_comes() -> None:
    term = riverbend()
    assert len(term.students) == 122
    assert Counter(s.program for s in term.students) == {
        "ash-bsn3": 24,
        "ash-bsn4": 18,
        "blu-adn": 22,
        "blu-rad": 6,
        "car-pa": 16,
        "car-dpt": 5,
        "car-ot": 3,
        "del-md": 16,
        "del-pharmd": 12,
    }
    assert (len(term.schools), len(term.sites), len(term.units), len(term.preceptors)) == (4, 6, 37, 70)
    assert sum(not s.named for s in term.students) == 3
    for claim in ("122 students", "four schools", "37 units", "six sites", "70 preceptors"):
        assert claim in README


def test_the_readme_names_only_what_exists() -> None:
    """Ids in back quotes are ids of the instance."""
    term = riverbend()
    known = {s.student for s in term.students} | {g.group for g in term.groups} | {p.preceptor for p in term.preceptors}
    known |= {s.slot for s in term.slots} | {u.unit for u in term.units} | {r.requirement for r in term.requirements}
    known |= {p.program for p in term.programs} | {s.site for s in term.sites}
    named = {name for name in re.findall(r"`([^`]+)`", README) if not re.search(r"[ ./]|^\d+-\d+$", name)}
    assert named
    assert named - known == set()


def test_calendars_do_not_align_and_thanksgiving_means_three_things() -> None:
    rows = riverbend().calendar
    blocks = {p: {r.start for r in rows if r.program == p and r.kind == "block"} for p in ("car-pa", "del-pharmd")}
    assert {len(starts) for starts in blocks.values()} == {3, 2}
    assert not blocks["car-pa"] & blocks["del-pharmd"]
    thanksgiving = {r.program: r.effect for r in rows if r.kind == "holiday" and r.start <= date(2026, 11, 26) <= r.end}
    assert thanksgiving.pop("blu-adn") == "forbid"
    assert thanksgiving.pop("car-dpt") == "extend"
    assert set(thanksgiving.values()) == {"pause"}


def test_seven_weeks_over_thanksgiving_are_thirteen_days() -> None:
    over = [p for p in placements(program="ash-bsn3") if p.start <= date(2026, 11, 26) <= p.end]
    assert over
    assert {(p.hours, p.hours_lost) for p in over} == {(13 * 12, 12)}


def test_thanksgiving_makes_physical_therapy_end_two_days_later() -> None:
    twelve_weeks = placements(requirement="PT-12")
    assert {(p.start, p.end) for p in twelve_weeks} == {(date(2026, 9, 14), date(2026, 12, 8))}
    leave = [row for row in riverbend().availability if row.who == "p-nolan"]
    assert [row.start for row in leave] == [date(2026, 12, 7)]


def test_no_group_of_bluewater_has_a_session_on_thanksgiving() -> None:
    for placement in placements(program="blu-adn"):
        assert placement.end < date(2026, 11, 26) or not {3, 4} & set(placement.weekdays)
        assert placement.site != "nor" or placement.end <= date(2026, 11, 30)


def test_physician_assistants_lose_their_days_on_campus() -> None:
    """Five weeks of five days, of which the last two are call-back days: 16 of 200 hours, and Thanksgiving besides."""
    clinics = placements(program="car-pa", shift="clinic")
    assert clinics
    for placement in clinics:
        assert placement.hours_lost == (32 if placement.start == date(2026, 11, 2) else 16)


def test_a_clinic_runs_beside_clerkships() -> None:
    blocks = {p.student: p for p in placements(program="del-md") if p.requirement not in ("CC", "AHD")}
    for clinic in placements(requirement="CC"):
        assert clinic.weekdays == (4,)
        assert clinic.student in blocks
    assert len(placements(requirement="CC")) == len(placements(requirement="AHD")) == 16


def test_the_group_of_ten_comes_in_two_halves() -> None:
    halves = placements(group="AS-1")
    assert [(p.part, p.students) for p in sorted(halves, key=lambda p: p.part)] == [(1, 5), (2, 5)]
    assert len({p.weekdays for p in halves}) == 2


def test_what_is_left_out_is_what_the_readme_says() -> None:
    left = reference().unplaced
    assert Counter((u.program, u.requirement) for u in left) == {
        ("ash-bsn4", "NUR490"): 1,
        ("blu-rad", "RAD-ED"): 1,
        ("del-md", "PSY"): 1,
        ("car-pa", "EM"): 3,
        ("car-pa", "IM"): 1,
        ("car-dpt", "PT-12"): 1,
    }
    assert {u.requirement for u in left if u.student == "pa27-06"} == {"EM", "IM"}
    assert all(u.reason for u in left)
    total = len(left) + len({(p.student, p.group, p.requirement) for p in reference().placements}) + 1  # AS-1 in two halves
    assert f"Of {total} required rotations {total - len(left)} are placed" in README


def test_papers_in_june() -> None:
    """Nearly all influenza shots are still to come; one is refused; basic life support of four ends in the term."""
    term = riverbend()
    assert term.planning_date == date(2026, 6, 15)
    flu = {row.student: row.status for row in term.clearances if row.item == "flu"}
    assert [s for s, status in flu.items() if status == "refused"] == ["pa27-06"]
    assert len(flu) < 10
    end = max(p.end for p in reference().placements)
    bls = [row for row in term.clearances if row.item == "bls"]
    ends = {row.student for row in bls if row.status == "on file" and row.end and row.end <= end}
    assert len(ends) == 4
    assert len({row.student for row in bls if row.status == "promised"} & ends) == 2


def test_reservations_before_and_after_the_planning_date() -> None:
    term = riverbend()
    holding = {r.slot for r in term.reservations if r.status == "confirmed" and r.guaranteed}
    void = {r.slot for r in term.reservations if r.give_back and r.give_back <= term.planning_date}
    assert holding - void == {"4B-FrSa", "2E-SaSu"}
    assert void == {"4B-TuTh"}
    assert not [p for p in placements(slot="4B-FrSa") if p.school == "blu"]
