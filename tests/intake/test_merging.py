"""What a submission changes, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from scheduler.domain import Instance
from scheduler.domain.tables import (
    Availability,
    CapacityRow,
    Clearance,
    Commitment,
    Conflict,
    Credit,
    Group,
    Pin,
    Preference,
    Row,
    Slot,
    Student,
    StudentRequirement,
)
from scheduler.errors import InputError
from scheduler.intake.findings import Findings
from scheduler.intake.grid import Received
from scheduler.intake.merging import Plan, plan
from scheduler.intake.sender import Sender
from scheduler.intake.submission import Entry, Submission
from scheduler.io.loading import instance_problems
from tests.intake.given import KIM, MAPLE, WARD, read, sheet, term

AWAY = "ID,First day,Last day\n"


def merged(*sheets: str, file: str, instance: Instance | None = None, sender: Sender = MAPLE, complete: bool = False) -> Plan:
    """The plan for sheets, of which nothing is wrong and which merged once more change nothing."""
    instance = instance or term()
    found = read(*sheets, sender=sender, file=file, instance=instance)
    assert not found.findings.failed
    result = plan(instance, found, complete)
    assert not [p for p in instance_problems(result.instance) if p.severity == "error"]
    again = read(*sheets, sender=sender, file=file, instance=result.instance)
    assert plan(result.instance, again, complete).changes == ()
    return result


def said(found: Plan) -> list[str]:
    return [f"{change.table} {change.verb} {change.sentence}" for change in found.changes]


def by_hand(sender: Sender, *entries: tuple[str, Row | None, Mapping[str, str]]) -> Submission:
    """What no reader would let through."""
    rows = tuple(Entry(form, "", i, cells, record) for i, (form, record, cells) in enumerate(entries, start=1))
    return Submission(sender, Received("hand.csv", "csv", "0" * 64, ()), rows, Findings())


# -- rows with ids --------------------------------------------------------------------------------------------------------


def test_rows_with_ids_are_replaced_where_they_are_and_new_ones_come_last() -> None:
    found = merged("Student ID,Program,Cohort\nm-9,maple-bsn,b\n0041,maple-bsn,a\n", file="students.csv")
    assert said(found) == ["students changed 0041: cohort '' → 'a'", "students added m-9: program maple-bsn, cohort b"]
    assert [s.student for s in found.instance.students] == ["0041", "m-002", "m-003", "l-001", "m-9"]
    # what the sheet has no column for stays
    assert found.instance.student_by_id["0041"] == Student(
        student="0041", program="maple-bsn", cohort="a", priority=3, home="Salem"
    )
    assert found.tables == ("students",) and (found.count("added"), found.count("changed"), found.count("removed")) == (1, 1, 0)


def test_an_empty_cell_of_a_column_that_is_there_is_the_default() -> None:
    found = merged("Student ID,Home town\n0041,\n", file="students.csv")
    assert said(found) == ["students changed 0041: home 'Salem' → ''"]


@pytest.mark.parametrize(
    ("sender", "file", "text", "sentence"),
    [
        (MAPLE, "groups.csv", "Group ID,Number of students\nmA,6\n", "groups changed mA: size '8' → '6'"),
        (
            MAPLE,
            "reservations.csv",
            "Slot,Given back from\n4B-TuTh,2026-07-01\n",
            "reservations changed 4B-TuTh maple: give_back '' → '2026-07-01'",
        ),
        (WARD, "slots.csv", "Slot,Most students\n4B-TuTh,6\n", "slots changed 4B-TuTh: most_students '8' → '6'"),
        (KIM, "load.csv", "Preceptor,Most at once\nkim,2\n", "preceptors changed kim: most_at_once '1' → '2'"),
    ],
)
def test_every_table_with_ids(sender: Sender, file: str, text: str, sentence: str) -> None:
    assert said(merged(text, file=file, sender=sender)) == [sentence]


# -- rows without ids -----------------------------------------------------------------------------------------------------


def test_rows_without_ids_are_replaced_for_those_who_are_named() -> None:
    own = Availability(who_kind="group", who="mA", start=date(2026, 9, 1), end=date(2026, 9, 1))
    theirs = Availability(who_kind="student", who="l-001", start=date(2026, 9, 2), end=date(2026, 9, 2))
    instance = term(availability=(own, *term().availability, theirs))
    found = merged(AWAY + "m-002,2026-10-05,2026-10-06\n0041,2026-10-07,2026-10-07\n", file="time off.csv", instance=instance)
    assert said(found) == [
        "availability removed student m-002: start 2026-09-07, end 2026-09-11",
        "availability added student m-002: start 2026-10-05, end 2026-10-06",
        "availability added student 0041: start 2026-10-07, end 2026-10-07",
    ]
    assert [row.who for row in found.instance.availability] == ["mA", "l-001", "m-002", "0041"]


def test_rows_that_the_sheet_says_too_stay_where_they_are() -> None:
    instance = term(
        preferences=(
            Preference(who_kind="student", who="0041", what="unit", value="4B", rank=1),
            Preference(who_kind="student", who="l-001", what="unit", value="OB", rank=1),
            Preference(who_kind="student", who="0041", what="unit", value="OB", rank=2),
        )
    )
    found = merged("ID,Wish,Rank\n0041,clinic,2\n0041,4B,1\n", file="preferences.csv", instance=instance)
    assert [(row.who, row.value) for row in found.instance.preferences] == [("0041", "4B"), ("l-001", "OB"), ("0041", "clinic")]


def test_of_clearances_and_credits_those_items_and_rotations_are_replaced_that_are_named() -> None:
    instance = term(
        clearances=(*term().clearances, Clearance(student="m-002", item="tb test")),
        credits=(
            Credit(student="m-002", requirement="NUR310", amount=2),
            Credit(student="m-002", requirement="NUR320", amount=3),
        ),
    )
    found = merged("ID,Item,Last day\nm-002,flu,2027-06-01\n", file="clearances.csv", instance=instance)
    assert said(found) == [
        "clearances removed m-002: item flu, end 2027-03-01",
        "clearances added m-002: item flu, end 2027-06-01",
    ]
    found = merged("ID,Rotation,Amount done\nm-002,NUR310,4\n", file="credits.csv", instance=instance)
    assert sorted((row.requirement, row.amount) for row in found.instance.credits) == [("NUR310", 4), ("NUR320", 3)]


def test_capacity_and_closures_of_a_unit_are_apart() -> None:
    closed = CapacityRow(unit="4B", start=date(2026, 11, 23), end=date(2026, 11, 29), most_students=0)
    instance = term(
        capacity=(CapacityRow(unit="4B", most_students=8, least_students=1), closed, CapacityRow(unit="OB", most_students=3))
    )
    found = merged("Last day,Most students\n,6\n", file="capacity.csv", instance=instance, sender=WARD)
    assert [(row.unit, row.most_students) for row in found.instance.capacity] == [("4B", 0), ("OB", 3), ("4B", 6)]
    # no column says the fewest: what is said by the sheet too stays as it is
    assert merged("Last day,Most students\n,8\n", file="capacity.csv", instance=instance, sender=WARD).changes == ()
    found = merged("First day,Last day\n2026-12-21,2026-12-27\n", file="closures.csv", instance=instance, sender=WARD)
    assert [(row.unit, row.most_students) for row in found.instance.capacity] == [("4B", 8), ("OB", 3), ("4B", 0)]


def test_leave_is_the_availability_of_a_preceptor_and_of_nobody_else() -> None:
    kim = Availability(who_kind="preceptor", who="kim", start=date(2026, 9, 1), end=date(2026, 9, 4))
    pat = Availability(who_kind="preceptor", who="pat", start=date(2026, 9, 1), end=date(2026, 9, 4))
    instance = term(availability=(kim, pat, *term().availability))
    found = merged("First day,Last day\n2026-10-05,2026-10-09\n", file="leave.csv", instance=instance, sender=KIM)
    assert [(row.who, row.start) for row in found.instance.availability] == [
        ("pat", date(2026, 9, 1)),
        ("m-002", date(2026, 9, 7)),
        ("kim", date(2026, 10, 5)),
    ]


# -- complete, and leaving ------------------------------------------------------------------------------------------------


def test_what_a_complete_sheet_does_not_name_is_removed_and_other_tables_are_not() -> None:
    found = merged("Student ID,Program\n0041,maple-bsn\nm-002,maple-bsn\n", file="students.csv", complete=True)
    assert said(found) == ["students removed m-003: program maple-np"]
    assert found.leaving == {"students": frozenset({"m-003"})}
    found = merged(AWAY + "0041,2026-10-05,2026-10-06\n", file="time off.csv", complete=True)
    assert [row.who for row in found.instance.availability] == ["0041"]
    assert len(found.instance.students) == 4  # the file has no sheet of students


def test_a_sheet_of_titles_only_sends_nobody_away() -> None:
    assert merged("Student ID,Program\n", file="students.csv", complete=True).changes == ()


def test_a_complete_sheet_says_nothing_about_other_senders() -> None:
    theirs = Availability(who_kind="student", who="l-001", start=date(2026, 9, 2), end=date(2026, 9, 2))
    found = merged(AWAY, file="time off.csv", instance=term(availability=(theirs, *term().availability)), complete=True)
    assert found.instance.availability == (theirs,)
    ours = merged("Slot,First start\n4B-new,2026-08-24\n", file="slots.csv", sender=WARD, complete=True).instance.slots
    assert [slot.slot for slot in ours] == ["OB-TuTh", "4B-new"]


def test_a_student_leaves_with_everything_that_refers_to_it() -> None:
    day = date(2026, 9, 1)
    more: dict[str, Any] = {
        "preferences": (Preference(who_kind="student", who="m-002", what="unit", value="4B", rank=1),),
        "credits": (Credit(student="m-002", requirement="NUR310", amount=2),),
        "conflicts": (Conflict(student="m-002", unit="OB"), Conflict(student="l-001", unit="OB")),
        "student_requirements": (StudentRequirement(student="m-002", requirement="NUR320", change="waive"),),
        "pins": (Pin(student="m-002", slot="4B-TuTh"), Pin(group="mA", slot="4B-TuTh")),
        "commitments": (Commitment(who_kind="student", who="m-002", start=day, end=day),),
    }
    instance = term(**more)
    found = merged("Student ID,Remove\nm-002,yes\n", file="students.csv", instance=instance)
    assert {change.table for change in found.changes} == {*more, "students", "availability", "clearances"}
    assert {change.verb for change in found.changes} == {"removed"} and found.count("removed") == 9
    assert found.instance.conflicts == more["conflicts"][1:] and found.instance.pins == more["pins"][1:]
    # whatever else the file says of it
    both = read(
        sheet("Student ID,Remove\nm-002,yes\n", "Students"),
        sheet("ID,First day\nm-002,2026-10-05\n", "Availability"),
        instance=instance,
    )
    assert plan(instance, both).instance == found.instance


def test_the_students_of_a_group_that_leaves_stay() -> None:
    instance = term(students=(Student(student="0041", program="maple-bsn", group="mA"), *term().students[1:]))
    found = merged("Group ID,Number of students,Remove\nmA,8,yes\n", file="groups.csv", instance=instance)
    assert said(found) == ["students changed 0041: group 'mA' → ''", "groups removed mA: program maple-bsn, size 8"]


def test_a_slot_leaves_with_reservations_pins_wishes_and_parts() -> None:
    part = Slot(slot="4B-part", unit="4B", part_of="4B-TuTh", first_start=date(2026, 8, 24))
    pins = (Pin(student="m-002", slot="4B-part"), Pin(student="m-002", slot="OB-TuTh"))
    wish = Preference(who_kind="student", who="0041", what="slot", value="4B-TuTh", rank=1)
    instance = term(slots=(*term().slots, part), pins=pins, preferences=(wish,))
    found = merged("Slot,Remove\n4B-TuTh,yes\n", file="slots.csv", instance=instance, sender=WARD)
    assert found.leaving == {"slots": frozenset({"4B-TuTh", "4B-part"})}
    assert [change.table for change in found.changes] == ["preferences", "slots", "slots", "reservations", "pins"]
    assert found.instance.pins == pins[1:]


def test_places_of_another_unit_do_not_leave_with_a_slot() -> None:
    part = Slot(slot="OB-part", unit="OB", part_of="4B-TuTh", first_start=date(2026, 8, 24))
    instance = term(slots=(*term().slots, part))
    found = read("Slot,Remove\n4B-TuTh,yes\n", file="slots.csv", sender=WARD, instance=instance)
    with pytest.raises(InputError, match="4B-TuTh cannot leave: its places are those of OB-part of OB"):
        plan(instance, found)


def test_who_leaves_and_is_not_there_changes_nothing() -> None:
    assert merged("Student ID,Remove\nm-777,yes\n", file="students.csv").changes == ()


# -- other senders --------------------------------------------------------------------------------------------------------

OTHERS: list[tuple[Sender, str, Row | None, dict[str, str]]] = [
    (MAPLE, "students", Student(student="l-001", program="maple-bsn"), {"student": "l-001"}),
    (MAPLE, "students", Student(student="new", program="lake-bsn"), {"student": "new"}),
    (MAPLE, "students", Student(student="new", program="maple-bsn", group="lA"), {"student": "new"}),
    (MAPLE, "students", None, {"student": "l-001", "leaves": "true"}),
    (MAPLE, "groups", Group(group="lA", program="lake-bsn", size=1), {"group": "lA"}),
    (MAPLE, "availability", Availability(who_kind="student", who="l-001"), {"who": "l-001"}),
    (MAPLE, "availability", Availability(who_kind="unit", who="4B"), {"who": "4B"}),
    (MAPLE, "credits", Credit(group="lA", requirement="N1", amount=1), {"who": "lA"}),
    (MAPLE, "clearances", Clearance(student="l-001", item="flu"), {"student": "l-001"}),
    (WARD, "slots", Slot(slot="OB-TuTh", unit="4B"), {"slot": "OB-TuTh"}),
    (WARD, "slots", Slot(slot="new", unit="OB"), {"slot": "new"}),
    (WARD, "slots", None, {"slot": "OB-TuTh", "leaves": "true"}),
    (WARD, "capacity", CapacityRow(unit="OB", most_students=1), {"most_students": "1"}),
    (WARD, "staff", Availability(who_kind="preceptor", who="pat"), {"preceptor": "pat"}),
    (KIM, "leave", Availability(who_kind="preceptor", who="pat"), {}),
    (KIM, "load", term().preceptors[1], {"preceptor": "pat"}),
]


@pytest.mark.parametrize(("sender", "form", "record", "cells"), OTHERS)
def test_a_row_about_somebody_else_is_refused_whatever_let_it_through(
    sender: Sender, form: str, record: Row | None, cells: dict[str, str]
) -> None:
    with pytest.raises(InputError, match=f"somebody who is not of {sender}") as error:
        plan(term(), by_hand(sender, (form, record, cells)))
    assert [(p.file, p.row, p.code) for p in error.value.problems] == [("hand.csv", 2, "not_theirs")]


def test_a_school_may_name_whom_its_file_brings() -> None:
    found = plan(
        term(),
        by_hand(
            MAPLE,
            ("students", Student(student="new", program="maple-bsn", group="mB"), {"student": "new"}),
            ("groups", Group(group="mB", program="maple-bsn", size=2), {"group": "mB"}),
            ("availability", Availability(who_kind="student", who="new"), {"who": "new"}),
        ),
    )
    assert [change.table for change in found.changes] == ["students", "groups", "availability"]


def test_a_student_and_a_group_of_two_schools_with_the_same_id_are_told_apart() -> None:
    theirs = Availability(who_kind="group", who="m-002", start=date(2026, 9, 1), end=date(2026, 9, 2))
    ours = term().availability
    instance = term(groups=(*term().groups, Group(group="m-002", program="lake-bsn", size=3)), availability=(theirs, *ours))
    row = Availability(who_kind="student", who="m-002", start=date(2026, 10, 1), end=date(2026, 10, 1))
    found = merged(AWAY + "m-002,2026-10-01,2026-10-01\n", file="time off.csv", instance=instance)
    assert found.instance.availability == (theirs, row)
    with pytest.raises(InputError, match="not of school maple"):
        plan(instance, by_hand(MAPLE, ("availability", theirs.model_copy(update={"end": None}), {"who": "m-002"})))
    leaving = plan(instance, by_hand(MAPLE, ("students", None, {"student": "m-002", "leaves": "true"})))
    assert leaving.instance.availability == (theirs,)
