"""One place at a time, calendars, availability, commitments."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verify.world import BASE, GROUP, SPLIT, Row, cost, found, put, requirement, says, slot, week, world

MS = put("ann", "MS", "ward", week(0))


def test_one_place_blocks() -> None:
    assert not found("one_place", world(), MS, put("ann", "FM", "clinic", week(2)), put("bob", "FM", "clinic", week(0)))
    clash = says("one_place", world(), MS, put("ann", "FM", "clinic", week(1)))
    assert clash == (
        "ann is in two places on 2026-01-12: ann, MS in slot ward from 2026-01-05; ann, FM in slot clinic from 2026-01-12"
    )
    # months do not clash that share a calendar week: 1 to 31 January, then from 1 February
    months = [slot(s, starts="2026-01-01;2026-02-01", length=1, length_unit="months") for s in ("ward", "clinic")]
    january = world(slots=months)
    assert not found(
        "one_place", january, put("ann", "MS", "ward", week(0).replace(day=1)), put("ann", "FM", "clinic", week(4, -1))
    )
    # two blocks share a date although their weekdays differ
    days = world(slots=[slot("ward", weekdays="Mo We"), slot("clinic", weekdays="Tu Th")])
    assert cost("one_place", days, MS, put("ann", "FM", "clinic", week(0))) == 1


def weekly(ward: Row, clinic: Row) -> Any:
    """FM is a longitudinal weekly session in the clinic beside MS on the ward."""
    return world(
        requirements=[requirement(), requirement("FM", lane="longitudinal")],
        slots=[slot("ward", **ward), slot("clinic", **clinic)],
    )


@pytest.mark.parametrize(
    ("ward", "clinic", "where"),
    [
        ({}, {"weekdays": "Fr", "shift": "am"}, "on 2026-01-09 at 08:00"),
        ({"weekdays": "Mo-Th"}, {"weekdays": "Fr", "shift": "am"}, ""),
        ({"shift": "late"}, {"weekdays": "Fr", "shift": "early"}, ""),  # 15–23 and 07–15 only meet
        ({"shift": "late"}, {"weekdays": "Fr", "shift": "day"}, "on 2026-01-09 at 15:00"),
        # the block excuses Friday morning
        ({"excuses": "Fr am"}, {"weekdays": "Fr", "shift": "am"}, ""),
        ({"excuses": "Fr"}, {"weekdays": "Fr", "shift": "am"}, ""),
        ({"excuses": "Th am"}, {"weekdays": "Fr", "shift": "am"}, "on 2026-01-09 at 08:00"),
        ({"excuses": "Fr am"}, {"weekdays": "Fr", "shift": "day"}, "on 2026-01-09"),
        # the clinic's own excuse is for what is longitudinal beside it, and the block is not
        ({}, {"weekdays": "Fr", "shift": "am", "excuses": "Fr am"}, "on 2026-01-09 at 08:00"),
        # a night from Thursday to Friday 07:00 reaches into an early session from 07:00 not, into a whole day it does
        ({"weekdays": "Th", "shift": "night"}, {"weekdays": "Fr", "shift": "early"}, ""),
        ({"weekdays": "Th", "shift": "night"}, {"weekdays": "Fr"}, "on 2026-01-09 at 00:00"),
        ({"weekdays": "Fr"}, {"weekdays": "Th", "shift": "night"}, "on 2026-01-09 at 00:00"),
        # who follows the preceptor has no known sessions
        ({"pattern": "follows"}, {"weekdays": "Fr"}, ""),
    ],
)
def test_one_place_longitudinal(ward: Row, clinic: Row, where: str) -> None:
    text = says("one_place", weekly(ward, clinic), MS, put("ann", "FM", "clinic", week(0)))
    assert where in text
    assert bool(where) == bool(text)


def test_one_place_of_two_weekly_sessions() -> None:
    # what the slot of one of them excuses is for what is longitudinal beside a block, and neither is one
    both = [requirement(name, lane="longitudinal") for name in ("MS", "FM")]
    slots = [slot("ward", weekdays="Fr", shift="am", excuses="Fr am"), slot("clinic", weekdays="Fr", shift="am")]
    assert "on 2026-01-09" in says("one_place", world(requirements=both, slots=slots), MS, put("ann", "FM", "clinic", week(0)))


def test_one_place_night_after_the_last_day() -> None:
    # the block ends with the night from Friday 16 January, which lasts until Saturday 07:00
    instance = weekly({"shift": "night"}, {"starts": "2026-01-17", "weekdays": "Sa"})
    assert "on 2026-01-17 at 00:00" in says("one_place", instance, MS, put("ann", "FM", "clinic", week(1, 5)))


def test_one_place_of_students_in_a_group() -> None:
    listing = world(students=GROUP["students"], groups=[{**GROUP["groups"][0], "requirements": "MS"}])
    group, own = put("A", "MS", "ward", week(0)), put("ann", "FM", "clinic", week(1))
    assert "ann is in two places" in says("one_place", listing, group, own)
    assert not found("one_place", listing, group, put("ann", "FM", "clinic", week(2)))
    # parts may be in different places, but not a part and the whole group; and each such pair counts once
    parts = [put("A", "MS", "ward", week(0), part=1), put("A", "FM", "clinic", week(0), part=2)]
    assert not found("one_place", world(**SPLIT), *parts)
    assert cost("one_place", world(**SPLIT), parts[0], put("A", "FM", "clinic", week(0))) == 1


def calendar(*rows: Row) -> Any:
    return world(calendar=[{"program": "nurs", **row} for row in rows])


def test_calendar_forbids() -> None:
    recess = {"start": week(1, 2), "end": week(1, 4), "kind": "break"}
    assert says("calendar", calendar(recess), MS) == (
        "ann, MS in slot ward from 2026-01-05: the calendar of nurs forbids from 2026-01-14 to 2026-01-16 (break)"
    )
    assert not found("calendar", calendar(recess), put("ann", "MS", "ward", week(2)), put("cyd", "MS", "ward", week(0)))
    assert not found("calendar", calendar(recess | {"effect": "pause"}), MS)
    assert not found("calendar", calendar(recess | {"requirement": "FM"}), MS)
    # two rows, but one placement: 1
    assert cost("calendar", calendar(recess, recess | {"start": week(0), "end": week(0)}), MS) == 1


def test_calendar_of_a_group() -> None:
    row = {"program": "nurs", "start": week(1), "end": week(1), "kind": "break", "group": "A"}
    listing = [{**GROUP["groups"][0], "requirements": "MS"}]
    instance = world(students=GROUP["students"], groups=listing, calendar=[row])
    assert cost("calendar", instance, put("A", "MS", "ward", week(0))) == 1
    assert cost("calendar", instance, put("ann", "FM", "clinic", week(0))) == 1
    assert cost("calendar", world(calendar=[row], **{"groups": GROUP["groups"]}), MS) == 0


def test_calendar_terms() -> None:
    terms = [{"start": week(0), "end": week(1, 4), "kind": "term"}, {"start": week(1, 5), "end": week(3, 4), "kind": "term"}]
    assert not found("calendar", calendar(*terms), MS)
    # it would reach from the first term into the second
    assert "2026-01-12 to 2026-01-23 lies in no term of nurs" in says(
        "calendar", calendar(*terms), put("ann", "MS", "ward", week(1))
    )


def test_calendar_blocks() -> None:
    blocks = [{"start": week(i), "end": week(i, 4), "kind": "block"} for i in (0, 1, 3)]
    # from the first day of the first block to the end of the second
    assert not found("calendar", calendar(*blocks), MS)
    assert "no block of nurs ends with it" in says("calendar", calendar(*blocks), put("ann", "MS", "ward", week(1)))
    assert "no block of nurs starts on 2026-01-19" in says("calendar", calendar(*blocks), put("ann", "MS", "ward", week(2)))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"who_kind": "student", "who": "ann"}, "student ann is unavailable at all times"),
        ({"who_kind": "student", "who": "ann", "end": week(0)}, "student ann is unavailable until 2026-01-05"),
        ({"who_kind": "unit", "who": "ward", "start": week(1, 4)}, "unit ward is unavailable from 2026-01-16"),
        ({"who_kind": "unit", "who": "ward", "start": week(1), "end": week(1)}, "unit ward is unavailable on 2026-01-12"),
        ({"who_kind": "unit", "who": "clinic"}, ""),
        ({"who_kind": "student", "who": "bob"}, ""),
        ({"who_kind": "student", "who": "ann", "status": "avoid"}, ""),
        ({"who_kind": "student", "who": "ann", "weekdays": "Sa Su"}, ""),
    ],
)
def test_availability(row: Row, sentence: str) -> None:
    text = says("availability", world(availability=[row]), MS)
    assert sentence in text
    assert bool(sentence) == bool(text)


def test_availability_from_and_earliest() -> None:
    late = world(students=[{"student": "ann", "program": "nurs", "available_from": week(0, 1)}])
    assert "student ann is available from 2026-01-06" in says("availability", late, MS)
    assert not found("availability", late, put("ann", "MS", "ward", week(1)))
    earliest = world(student_requirements=[{"student": "ann", "requirement": "MS", "change": "add", "earliest": week(1)}])
    assert "it must not start before 2026-01-12" in says("availability", earliest, MS)
    assert not found("availability", earliest, put("ann", "MS", "ward", week(1)), put("ann", "FM", "clinic", week(0)))


def test_availability_in_a_group() -> None:
    group = put("A", "MS", "ward", week(0))
    away = [{"who_kind": "student", "who": "bob", "start": week(1), "end": week(1)}]
    assert "student bob is unavailable" in says("availability", world(availability=away, **GROUP), group)
    late = [{"student": "ann", "program": "nurs", "group": "A", "available_from": week(1)}]
    assert "student ann is available from" in says("availability", world(students=late, groups=GROUP["groups"]), group)
    # a row about the group is about its students too
    row = [{"who_kind": "group", "who": "A", "start": week(1), "end": week(1)}]
    listing = [{**GROUP["groups"][0], "requirements": "MS"}]
    own = put("ann", "FM", "clinic", week(0))
    assert cost("availability", world(availability=row, students=GROUP["students"], groups=listing), group, own) == 2


def test_commitment() -> None:
    row = {"who_kind": "student", "who": "ann", "start": week(1, 1), "end": week(1, 1), "shift": "late"}
    assert says("commitment", world(commitments=[row]), MS) == (
        "ann, MS in slot ward from 2026-01-05: student ann is committed elsewhere on 2026-01-13"
    )
    assert not found("commitment", world(commitments=[row], slots=[slot(shift="early"), BASE["slots"][1]]), MS)
    assert not found("commitment", world(commitments=[row]), put("bob", "MS", "ward", week(0)))
    group = row | {"who_kind": "group", "who": "A"}
    assert cost("commitment", world(commitments=[group], **GROUP), put("A", "MS", "ward", week(0))) == 1
    assert cost("commitment", world(commitments=[row], **GROUP), put("A", "MS", "ward", week(0))) == 1
