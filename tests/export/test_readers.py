"""Readers see what is theirs and nothing else, in every file; without names nobody can be told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler.domain import Instance, Schedule, Status, Unplaced
from scheduler.errors import InputError
from scheduler.export import ReaderKind
from scheduler.export.readers import Reader, find_reader
from scheduler.export.view import View, view
from scheduler.io import read_instance, read_solution
from tests.export.reading import everything, words
from tests.verify.world import GROUP, PRECEPTED, put, slot, week, world

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def small() -> Instance:
    return read_instance(ROOT / "instances" / "small")


@pytest.fixture(scope="module")
def solved(small: Instance) -> Schedule:
    return read_solution(ROOT / "solutions" / "small", small)


def students_of(made: View) -> set[str]:
    return {s for stay in made.stays for s in stay.students}


# --------------------------------------------------------------------------------------------------------- who sees what


@pytest.mark.parametrize(
    ("kind", "name", "placements"),
    [("school", "maple", 22), ("school", "oak", 14), ("unit", "ED", 6), ("preceptor", "f-jones", 4), ("student", "m-01", 3)],
)
def test_readers_see_their_own_placements(
    small: Instance, solved: Schedule, kind: ReaderKind, name: str, placements: int
) -> None:
    made = view(small, solved, Reader(kind, name))
    assert len(made.stays) == placements
    for stay in made.stays:
        own = {"school": stay.row.school, "unit": stay.row.unit, "preceptor": stay.faculty, "student": "; ".join(stay.students)}
        assert own[kind] == name


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("school", "maple"),
        ("school", "oak"),
        ("unit", "ED"),
        ("unit", "4B"),
        ("unit", "VALLEY"),
        ("preceptor", "kim"),
        ("preceptor", "f-lee"),
        ("student", "n-07"),
        ("student", "n-01"),
        ("student", "p-03"),
        ("student", "x-03"),
    ],
)
def test_no_file_names_anybody_else(small: Instance, solved: Schedule, kind: ReaderKind, name: str) -> None:
    made = view(small, solved, Reader(kind, name))
    if kind == "student":
        theirs = {name}
    elif kind == "school":
        programs = {p.program for p in small.programs if p.school == name}
        theirs = {s.student for s in small.students if s.program in programs}
    else:
        groups = {stay.row.group for stay in made.stays if stay.row.group}
        theirs = students_of(made) | {s.student for s in small.students if s.group in groups}
    others = {s.student for s in small.students} - theirs
    assert not words(everything(made)) & others
    assert {s.student for s in made.instance.students} <= theirs


def test_everybody_else_is_found_by_the_same_test(small: Instance, solved: Schedule) -> None:
    named = {s.student for s in small.students}
    assert named - words(everything(view(small, solved))) <= {"n-06"}  # not named yet, in a group that is in parts


def test_cost_and_proof_are_only_for_those_who_see_all(small: Instance, solved: Schedule) -> None:
    made = view(small, solved, Reader("school", "maple"))
    assert (made.schedule.objective, made.schedule.scores, made.schedule.bound) == (None, (), None)
    assert not {"Proof", "Cost (points)"} & {row[0] for row in made.sheets[0].rows}
    assert {u.school for u in made.report.unplaced} == {"maple"}
    assert len(made.schedule.unplaced) == 2


def test_a_student_of_a_group_does_not_see_the_others() -> None:
    reason = Unplaced(
        group="A", students=4, program="nurs", requirement="FM", missing=2, unit="weeks", reason="1 without flu of bob"
    )
    schedule = Schedule(status=Status.FEASIBLE, placements=(put("A", "MS", "ward", week(0)),), unplaced=(reason,))
    made = view(world(**GROUP), schedule, Reader("student", "ann"))
    assert made.stays[0].students == ("ann",)
    assert [row[0] for row in made.sheets[1].rows] == ["ann"]
    assert "bob" not in words(everything(made))
    assert "without flu of another student" in everything(made)


def test_broken_rules_name_nobody_else() -> None:
    """Ann and cyd share kim, who takes one at a time: the rule is broken for both, and each learns only of the rule."""
    shared = (put("ann", "MS", "ward", week(0), preceptor="kim"), put("cyd", "MS", "ward", week(0), preceptor="kim"))
    schedule = Schedule(status=Status.FEASIBLE, placements=(*shared, put("bob", "FM", "clinic", week(0), preceptor="lee")))
    instance = world(**PRECEPTED)
    whole = view(instance, schedule)
    assert [v.rule for v in whole.report.violations] == ["preceptor_at_once"]
    maple, oak, clinic = (
        view(instance, schedule, r) for r in (Reader("school", "maple"), Reader("school", "oak"), Reader("unit", "clinic"))
    )
    assert "cyd" not in words(everything(maple)) and "ann" not in words(everything(oak))
    assert not maple.report.ok and not oak.report.ok
    assert clinic.report.ok and not clinic.holds
    mine = view(instance, schedule, Reader("unit", "ward"))
    assert mine.report.violations == whole.report.violations  # all of it happens on the ward


def bearing(instance: Instance, school: str) -> set[str]:
    """The ids of everybody of a school: students, groups and faculty."""
    programs = {p.program for p in instance.programs if p.school == school}
    people = {s.student for s in instance.students if s.program in programs}
    people |= {g.group for g in instance.groups if g.program in programs}
    return people | {p.preceptor for p in instance.preceptors if p.school == school}


@pytest.mark.parametrize(
    ("name", "school"),
    [("riverbend", s) for s in ("ash", "blu", "car", "del")] + [("small", s) for s in ("maple", "oak")],
)
def test_a_school_gets_its_own_people_and_nobody_else(name: str, school: str) -> None:
    instance = read_instance(ROOT / "instances" / name)
    made = view(instance, read_solution(ROOT / "solutions" / name, instance), Reader("school", school))
    others = {one for other in instance.school_by_id if other != school for one in bearing(instance, other)}
    text = everything(made)
    assert others and words(text) & others == set()
    assert not [one for one in others if len(one) > 4 and one in text]
    placed = {p.who.split(" part ")[0] for p in made.schedule.placements}
    assert placed and placed <= bearing(instance, school)
    assert placed <= words(text)


def test_neither_reasons_nor_sentences_nor_ids_name_people_of_another_school() -> None:
    """Maple's ann shares a team and a slot that bear the ids of Oak's people, and her reasons name all of these."""
    instance = world(
        students=[{"student": "ann", "program": "nurs"}, {"student": "zz-secret-17", "program": "med"}],
        groups=[{"group": "ZZ-Secret-G", "program": "med", "size": 3, "faculty": "zz-secret-f"}],
        preceptors=[{"preceptor": "zz-secret-f", "name": "Dr Zzfree", "kind": "faculty", "school": "oak"}],
        slots=[slot("ward", kept_for=("zz-secret-17",)), slot("clinic for zz-secret-17", unit="clinic")],
        ipe_teams=[{"team": "with zz-secret-17", "unit": "ward", "professions": (("rn", 1), ("md", 1))}],
    )
    reason = "6 offers: 3 in a full slot, 2 beside zz-secret-17 or group ZZ-Secret-G, 1 with Dr Zzfree (zz-secret-f)"
    missing = [{"student": "ann"}, {"student": "zz-secret-99"}]  # an edited file names somebody whom no table has
    schedule = Schedule(
        status=Status.FEASIBLE,
        placements=(
            put("ann", "MS", "ward", week(0), team=f"with zz-secret-17 {week(0)}"),
            put("ann", "FM", "clinic for zz-secret-17", week(4)),
            put("zz-secret-17", "MS", "ward", week(0), team=f"with zz-secret-17 {week(0)}"),
        ),
        unplaced=tuple(
            Unplaced(**who, program="nurs", requirement="FM", missing=1, unit="weeks", reason=f"{reason}, or zz-secret-99")
            for who in missing
        ),
    )
    seen = view(instance, schedule, Reader("school", "maple"))
    assert [v.sentence for v in seen.report.violations if "arranged" in v.sentence] == [
        "ann, MS in slot ward from 2026-01-05: the slot was arranged for a student of another school"
    ]
    text = everything(seen)
    assert "a student of another school or a group of another school" in seen.schedule.unplaced[0].reason
    assert "a faculty member of another school" in seen.schedule.unplaced[0].reason
    assert not re.search("zz-?(secret|free)", text, re.IGNORECASE)
    assert "zz-secret-17" in everything(view(instance, schedule, Reader("school", "oak"))), "Oak's own file names them"
    assert "clinic for a student of another school" in text, "the school still sees which slot"


UNITS = "4B, 5C, CORNER, ED, FAM, IM, OB, PEDS, RX, VALLEY, WOUND"


@pytest.mark.parametrize(
    ("kind", "name", "says"),
    [
        ("school", "mapel", "there is no school 'mapel'; did you mean 'maple'? (known: maple, oak)"),
        ("school", "zzz", "there is no school 'zzz'; known: maple, oak"),
        ("unit", "4b", "there is no unit '4b'; did you mean '4B'? (known: " + UNITS + ")"),
        ("student", "kim", "there is no student 'kim'; there is a preceptor 'kim': --for preceptor kim"),
        ("student", "zzz", "there is no student 'zzz'"),  # too many to list
    ],
)
def test_an_unknown_reader_is_said_with_what_was_meant(small: Instance, kind: ReaderKind, name: str, says: str) -> None:
    with pytest.raises(InputError) as error:
        find_reader(small, kind, name)
    assert str(error.value) == says
