"""Rules about slots and units."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.choice import broken, cost
from tests.verify.world import GROUP, PRECEPTED, requirement, slot, week, world

#: Ann and bob both take MS only, on the ward.
TWO: dict[str, Any] = {
    "students": [{"student": s, "program": "nurs"} for s in ("ann", "bob")],
    "requirements": [requirement("MS")],
}
TOGETHER = ("ann MS ward 0", "bob MS ward 1")  # both are there in week 1
APART = ("ann MS ward 0", "bob MS ward 2")


def test_slot_maximum() -> None:
    one = [slot("ward", most_students=1)]
    assert broken(world(slots=one, **TWO), *TOGETHER) == {"slot_maximum"}
    assert broken(world(slots=one, **TWO), *APART) == set()
    soft = world({"slot_maximum": {"kind": "soft"}}, slots=one, **TWO)
    assert cost("slot_maximum", soft, *TOGETHER) == 1  # one over, in one week
    assert cost("slot_maximum", soft, "ann MS ward 0", "bob MS ward 0") == 2  # one over, in two weeks


def test_slots_that_share_places() -> None:
    """Whoever is in a part counts in the whole, whatever the part says itself."""
    shared = [slot("ward", most_students=1), slot("short", unit="ward", part_of="ward", most_students=9)]
    assert broken(world(slots=shared, **TWO), "ann MS ward 0", "bob MS short 0") == {"slot_maximum"}
    assert broken(world(slots=shared, **TWO), "ann MS ward 0", "bob MS short 2") == set()
    run = [slot("ward", least_students=2), slot("short", unit="ward", part_of="ward")]
    assert broken(world(slots=run, **TWO), "ann MS short 0") == {"slot_minimum"}
    assert broken(world(slots=run, **TWO), "ann MS ward 0", "bob MS short 0") == set()
    kept = [{"slot": "ward", "school": "oak", "guaranteed": 1}]
    assert broken(world(slots=shared, reservations=kept, **TWO), "ann MS short 0") == {"reservation"}


def test_slot_minimum() -> None:
    instance = world(slots=[slot("ward", least_students=2)], **TWO)
    assert broken(instance) == set()  # nobody at all is well
    assert broken(instance, "ann MS ward 0") == {"slot_minimum"}
    assert broken(instance, *TOGETHER) == {"slot_minimum"}  # ann is alone in week 0, bob in week 2
    assert broken(instance, "ann MS ward 0", "bob MS ward 0") == set()


def test_slot_fill() -> None:
    slots = [slot("ward", least_students=2, must_fill=True, first_start=week(1), last_start=week(2))]
    instance = world({"slot_minimum": {"kind": "off"}}, slots=slots, **TWO)
    assert cost("slot_fill", instance) == 4  # two wanted in each of weeks 1 and 2
    assert cost("slot_fill", instance, "ann MS ward 2") == 3
    assert cost("slot_fill", instance, "ann MS ward 1", "bob MS ward 1") == 0


@pytest.mark.parametrize(
    ("limit", "tables", "chosen"),
    [
        ({"most_students": 1}, TWO, TOGETHER),
        ({"most_students": 3}, GROUP | {"requirements": [requirement("MS")]}, ("A MS ward 0",)),  # the group has four
        ({"most_groups": 0}, GROUP | {"requirements": [requirement("MS")]}, ("A MS ward 0",)),
        ({"most_precepted": 0}, PRECEPTED | {"students": TWO["students"]}, ("ann MS ward 0 kim",)),
        ({"most_students": 1, "profession": "rn"}, TWO, TOGETHER),
    ],
)
def test_unit_capacity(limit: dict[str, Any], tables: dict[str, Any], chosen: tuple[str, ...]) -> None:
    assert broken(world(capacity=[{"unit": "ward", **limit}], **tables), *chosen) == {"unit_capacity"}
    closed_later = {"unit": "ward", "start": week(5), **limit}
    assert broken(world(capacity=[closed_later], **tables), *chosen) == set()


def test_unit_capacity_after_commitments() -> None:
    census = {"who_kind": "unit", "who": "ward", "start": week(0), "end": week(3), "students": 1}
    instance = world(capacity=[{"unit": "ward", "most_students": 1}], commitments=[census], **TWO)
    assert broken(instance, "ann MS ward 0") == {"unit_capacity"}
    assert broken(instance, "ann MS ward 4") == set()


def test_unit_minimum() -> None:
    row = {"unit": "ward", "least_students": 1, "start": week(0), "end": week(3, 6)}
    instance = world(capacity=[row], **TWO)
    assert cost("unit_minimum", instance, "ann MS ward 1") == 2  # weeks 1 and 2 of 0 to 3 have somebody


def test_reservation() -> None:
    students = [{"student": "ann", "program": "nurs"}, {"student": "cyd", "program": "med"}]
    rows = [requirement("MS", p) for p in ("nurs", "med")]
    kept = {"slot": "ward", "school": "maple", "guaranteed": 1}
    tables: dict[str, Any] = {"students": students, "requirements": rows, "slots": [slot("ward", most_students=1)]}
    instance = world(reservations=[kept], **tables)
    assert broken(instance, "cyd MS ward 0") == {"reservation"}  # the only place is maple's
    assert broken(instance, "ann MS ward 0") == set()
    given_back = world(reservations=[kept | {"give_back": week(-9)}], **tables)
    assert broken(given_back, "cyd MS ward 0") == set()


def test_reservation_holds_by_itself_where_a_slot_may_be_overfull() -> None:
    tables: dict[str, Any] = TWO | {"slots": [slot("ward", most_students=1)]}
    instance = world(
        {"slot_maximum": {"kind": "off"}}, reservations=[{"slot": "ward", "school": "maple", "guaranteed": 1}], **tables
    )
    assert broken(instance, *TOGETHER) == {"reservation"}  # one beyond maple's place, and no other place
