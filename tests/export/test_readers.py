"""Readers see what is theirs and nothing else, in every file; without names nobody can be told."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain import TABLES, Instance, Placement, Schedule, Status, Unplaced
from scheduler.errors import InputError
from scheduler.export import ReaderKind
from scheduler.export.pseudonyms import (
    PRECEPTOR_COLUMNS,
    PRECEPTORS_COLUMNS,
    STUDENT_COLUMNS,
    pseudonymous,
)
from scheduler.export.readers import Reader, find_reader
from scheduler.export.view import View, view
from scheduler.export.words import Words
from scheduler.io import read_instance, read_solution
from tests.export.reading import everything, words
from tests.verify.world import GROUP, PRECEPTED, put, week, world

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


# ---------------------------------------------------------------------------------------------------------- without names


def test_no_file_holds_an_id_or_name_of_a_person(small: Instance, solved: Schedule) -> None:
    people = {s.student for s in small.students} | {p.preceptor for p in small.preceptors}
    people |= {p.name for p in small.preceptors if p.name}
    named = small.model_copy(
        update={"students": tuple(s.model_copy(update={"home": "Elm Street", "home_lat": 41.5}) for s in small.students)}
    )
    text = everything(view(named, solved, deidentify=True))
    assert not words(text) & people
    assert "Elm Street" not in text and "41.5" not in text
    assert {"mA", "mB"} <= words(text), "groups stay"


def test_co_preceptors_and_covers_get_numbers_too() -> None:
    """An edited schedule may name people whom the tables do not know."""
    row = put("ann", "MS", "ward", week(0), preceptor="kim", co_preceptor="ortiz", cover="stranger")
    instance = world(preceptors=[{"preceptor": who, "units": ("ward",)} for who in ("kim", "ortiz")])
    _, schedule, _ = pseudonymous(instance, Schedule(status=Status.FEASIBLE, placements=(row,)))
    (found,) = schedule.placements
    assert all(who.startswith("anon-p") for who in (found.preceptor, found.co_preceptor, found.cover))


def test_readers_without_names(small: Instance, solved: Schedule) -> None:
    made = view(small, solved, Reader("student", "m-01"), deidentify=True)
    assert made.reader and made.reader.id.startswith("anon-s")
    assert len(made.stays) == 3
    assert not words(everything(made)) & {s.student for s in small.students}


def test_everybody_keeps_one_number(small: Instance, solved: Schedule) -> None:
    instance, schedule, _ = pseudonymous(small, solved)

    def shape(placements: tuple[Placement, ...]) -> list[list[tuple[Any, ...]]]:
        rows: dict[str, list[tuple[Any, ...]]] = {}
        for p in placements:
            rows.setdefault(p.student or p.group, []).append((p.slot, p.start, p.requirement))
        return sorted(sorted(own) for own in rows.values())

    assert shape(schedule.placements) == shape(solved.placements)
    loads, numbered = (Counter(p.preceptor for p in s.placements if p.preceptor) for s in (solved, schedule))
    assert loads["patel"] == max(numbered.values()) == 6
    assert sorted(loads.values()) == sorted(numbered.values())
    before, after = view(small, solved), view(instance, schedule)
    assert after.report.ok and after.report.objective == before.report.objective


def test_numbers_and_order_say_nothing_about_ids(small: Instance, solved: Schedule) -> None:
    backwards, _, _ = pseudonymous(small, solved, shuffle=lambda ids: ids.reverse())
    students = sorted(s.student for s in small.students)
    by_program = {s.student: s.program for s in small.students}
    assert [s.program for s in backwards.students] == [by_program[s] for s in reversed(students)]
    _, schedule, _ = pseudonymous(small, solved)
    for rows in (schedule.placements, schedule.unplaced):
        keys = [(row.school, [int(n) for n in re.findall(r"\d+", row.student)]) for row in rows if row.student]
        assert keys == sorted(keys), "rows are in the order of the numbers"
    runs = {tuple(p.student for p in pseudonymous(small, solved)[1].placements if p.requirement == "CC") for _ in range(8)}
    assert len(runs) > 1, "another run gives other numbers"


def test_reasons_lose_their_names_and_keep_their_counts() -> None:
    said = Words({"kim": "anon-p1", "n-1": "anon-s1", "12": "anon-s2", "Dr. Kim Lee": "anon-p1", "n-1 b": "anon-s3"})
    assert said.replaced("12 offers: 12 with KIM, 2 without flu of n-1 b or N-1") == (
        "12 offers: 12 with anon-p1, 2 without flu of anon-s3 or anon-s1"
    )
    assert said.replaced("3 against 12; asked by Dr. Kim Lee; n-10 and kims stay") == (
        "3 against anon-s2; asked by anon-p1; n-10 and kims stay"
    )
    assert Words({}).replaced("as it is") == "as it is"


def test_every_column_about_a_person_is_known() -> None:
    """A new column that refers to students or preceptors must be hidden too."""
    known = {"students": STUDENT_COLUMNS, "preceptors": PRECEPTOR_COLUMNS | PRECEPTORS_COLUMNS}
    for table, row in TABLES.items():
        for name, field in row.model_fields.items():
            extra = field.json_schema_extra
            ref = extra.get("ref") if isinstance(extra, dict) else ""
            assert ref not in known or name in known[str(ref)], f"{table}.{name}"
            assert ref not in ("who_kind", "what") or name in ("who", "value"), f"{table}.{name}"
