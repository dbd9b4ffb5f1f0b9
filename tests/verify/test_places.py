"""Slots and units: how many at once, how few, and for whom places are kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.verify.world import GROUP, PRECEPTED, SPLIT, Row, cost, found, put, requirement, says, slot, week, world

ANN, BOB, CYD = (put(who, "MS", "ward", week(0)) for who in ("ann", "bob", "cyd"))
BOB_LATER = put("bob", "MS", "ward", week(1))


def test_slot_maximum() -> None:
    one = world(slots=[slot(most_students=1)])
    assert not found("slot_maximum", one, ANN, put("bob", "MS", "ward", week(2)))
    # both are there from 12 to 16 January, one too many in one week
    assert says("slot_maximum", one, ANN, BOB_LATER) == "Slot ward has 2 students on 2026-01-12 (ann, bob), at most 1 allowed"
    assert cost("slot_maximum", one, ANN, BOB_LATER) == 1
    # three students in two weeks: 2 too many in each
    assert cost("slot_maximum", one, ANN, BOB, CYD) == 4
    assert "(ann, bob, cyd), at most 1 allowed, and in 1 more weeks" in says("slot_maximum", one, ANN, BOB, CYD)
    # present from start to end: their weekdays need not be shared
    assert cost("slot_maximum", world(slots=[slot(most_students=3)], **GROUP), put("A", "MS", "ward", week(0))) == 2


def test_slots_that_share_places() -> None:
    shared = world(slots=[slot(most_students=1), slot("short", unit="ward", part_of="ward", most_students=9)])
    assert "Slot ward has 2 students" in says("slot_maximum", shared, ANN, put("bob", "MS", "short", week(0)))
    assert not found("slot_maximum", shared, ANN, put("bob", "MS", "short", week(2)))


def test_slot_minimum() -> None:
    two = world(slots=[slot(least_students=2)])
    assert not found("slot_minimum", two, ANN, BOB)
    assert not found("slot_minimum", two)
    # only ann in the first week, only bob in the third
    found_ = [f.sentence for f in found("slot_minimum", two, ANN, BOB_LATER)]
    assert found_ == [
        "Slot ward has only 1 student on 2026-01-05 (ann), at least 2 or none",
        "Slot ward has only 1 student on 2026-01-17 (bob), at least 2 or none",
    ]
    assert not found("slot_minimum", world(slots=[slot(least_students=4)], **GROUP), put("A", "MS", "ward", week(0)))


def test_slot_fill() -> None:
    # starts in weeks 0, 1, 2: three weeks, each needs two students
    instance = world(slots=[slot(must_fill=True, least_students=2, last_start=week(2))])
    assert cost("slot_fill", instance) == 6
    # weeks 0 and 1 have two students, week 2 none
    assert cost("slot_fill", instance, ANN, BOB) == 2
    assert says("slot_fill", instance, ANN, BOB) == (
        "Slot ward must be filled: 0 students in the week of 2026-01-19, at least 2 needed"
    )
    # ann alone in week 0, both in week 1, bob alone in week 2
    assert cost("slot_fill", instance, ANN, BOB_LATER) == 2
    assert cost("slot_fill", world(slots=[slot(must_fill=False, least_students=2)])) == 0
    # starts that do not reach the last possible day: weeks 0 and 1; listed starts span weeks 1 to 3
    assert cost("slot_fill", world(slots=[slot(must_fill=True, first_start=week(0, 2), last_start=week(2, 1))])) == 2
    assert cost("slot_fill", world(slots=[slot(must_fill=True, starts=(week(1), week(3)))])) == 3
    assert cost("slot_fill", world(slots=[slot(must_fill=True, first_start=week(10), last_start=week(20))])) == 2
    assert cost("slot_fill", world(slots=[slot(must_fill=True, first_start=None, last_start=None)])) == 0


def capacity(*rows: Row, **tables: list[Row]) -> Any:
    return world(capacity=[{"unit": "ward", **row} for row in rows], **tables)


@pytest.mark.parametrize(
    ("row", "columns", "amount"),
    [
        ({"most_students": 3}, {}, 0),
        ({"most_students": 2}, {}, 2),  # one too many in each of two weeks
        ({"most_students": 2, "profession": "rn"}, {}, 0),
        ({"most_students": 1, "profession": "rn"}, {}, 2),
        ({"most_students": 0, "start": week(1, 4), "end": week(1, 6)}, {}, 3),  # closed on the last Friday
        ({"most_students": 0, "weekdays": "Sa Su"}, {}, 0),
        ({"most_students": 0, "end": week(-1)}, {}, 0),
        ({"most_students": 0, "shift": "late"}, {"shift": "early"}, 0),  # 07–15 and 15–23 only meet
        ({"most_students": 0, "shift": "late"}, {"shift": "day"}, 6),  # 07–19
        ({"most_students": 2}, {"shift": "night"}, 2),
        # sessions of Friday night count on Friday, not on Saturday
        ({"most_students": 0, "start": week(1, 5), "end": week(1, 5)}, {"shift": "night"}, 0),
        ({"most_groups": 0}, {}, 0),  # nobody is a group
        ({"most_precepted": 0}, {}, 0),  # nobody has a preceptor
        # who follows the preceptor counts in rows of the whole week and day only, on weekends too
        ({"most_students": 2}, {"pattern": "follows"}, 2),
        ({"most_students": 0, "start": week(0, 5), "end": week(0, 6)}, {"pattern": "follows"}, 3),
        ({"most_students": 0, "weekdays": "Mo-Fr"}, {"pattern": "follows"}, 0),
        ({"most_students": 0, "shift": "day"}, {"pattern": "follows"}, 0),
    ],
)
def test_unit_capacity(row: Row, columns: Row, amount: int) -> None:
    assert cost("unit_capacity", capacity(row, slots=[slot(**columns)]), ANN, BOB, CYD) == amount


def test_unit_capacity_is_counted_at_a_moment() -> None:
    # ann is there in the early shift and bob in the late one, never together
    shifts = [
        slot("early", unit="ward", shift="early"),
        slot("late", unit="ward", shift="late"),
        slot("noon", unit="ward", shift="day"),
    ]
    early, late, noon = put("ann", "MS", "early", week(0)), put("bob", "MS", "late", week(0)), put("cyd", "MS", "noon", week(0))
    assert cost("unit_capacity", capacity({"most_students": 1}, slots=shifts), early, late) == 0
    # cyd from 07 to 19 meets first ann, then bob: one too many at a time
    assert cost("unit_capacity", capacity({"most_students": 1}, slots=shifts), early, late, noon) == 2
    assert "Unit ward has 2 students on 2026-01-05 (ann, cyd), at most 1 allowed" in says(
        "unit_capacity", capacity({"most_students": 1}, slots=shifts), early, late, noon
    )


def test_unit_capacity_by_kind() -> None:
    group = put("A", "MS", "ward", week(0))
    assert cost("unit_capacity", capacity({"most_students": 3}, **GROUP), group) == 2
    assert cost("unit_capacity", capacity({"most_groups": 1}, **GROUP), group) == 0
    parts = [put("A", "MS", "ward", week(0), part=i) for i in (1, 2)]
    assert says("unit_capacity", capacity({"most_groups": 1}, **SPLIT), *parts) == (
        "Unit ward has 2 groups on 2026-01-05 (group A part 1, group A part 2), at most 1 allowed, and in 1 more weeks"
    )
    precepted = capacity({"most_precepted": 1}, **PRECEPTED)
    kims = [put(who, "MS", "ward", week(0), preceptor="kim") for who in ("ann", "bob")]
    assert cost("unit_capacity", precepted, *kims) == 2
    assert cost("unit_capacity", precepted, kims[0], BOB) == 0


def test_unit_capacity_beside_commitments() -> None:
    row = {"who_kind": "site", "who": "mercy", "start": week(0), "end": week(0, 4), "students": 2}
    two = {"most_students": 2}
    # in week 0 both places are taken, so ann is one too many
    assert cost("unit_capacity", capacity(two, commitments=[row]), ANN) == 1
    assert cost("unit_capacity", capacity(two, commitments=[row | {"who_kind": "unit", "who": "ward"}]), ANN) == 1
    assert cost("unit_capacity", capacity(two, commitments=[row | {"who": "lake"}]), ANN) == 0
    # only commitments are too many: nobody's fault; with ann the excess is hers alone
    assert cost("unit_capacity", capacity(two, commitments=[row | {"students": 5}])) == 0
    assert cost("unit_capacity", capacity(two, commitments=[row | {"students": 5}]), ANN) == 1
    # a row of a profession does not count commitments
    assert cost("unit_capacity", capacity(two | {"profession": "rn"}, commitments=[row]), ANN) == 0
    # the commitment of a shift that does not meet ann's
    late = [row | {"shift": "late"}]
    assert cost("unit_capacity", capacity(two, commitments=late, slots=[slot(shift="early")]), ANN) == 0
    assert cost("unit_capacity", capacity(two, commitments=late, slots=[slot(shift="day")]), ANN) == 1


def test_unit_minimum() -> None:
    # weeks 0, 1, 2, each needs two students: ann has weeks 0 and 1, bob 1 and 2
    row = {"least_students": 2, "start": week(0), "end": week(2, 4)}
    assert cost("unit_minimum", capacity(row)) == 6
    assert cost("unit_minimum", capacity(row), ANN, BOB_LATER) == 2
    assert cost("unit_minimum", capacity(row | {"profession": "md"}), ANN, BOB_LATER) == 6
    # at the end of week 2 the row reaches the Saturday only: nobody has a session, but its week is covered
    assert cost("unit_minimum", capacity(row | {"start": week(2, 5), "end": week(2, 6)}), BOB_LATER) == 2
    assert cost("unit_minimum", capacity(row | {"shift": "late"}, slots=[slot(shift="early")]), ANN, BOB) == 6
    # who follows the preceptor counts in a row of the whole week
    follows = [slot(pattern="follows")]
    whole = row | {"end": week(1, 6)}
    assert cost("unit_minimum", capacity(whole, slots=follows), ANN, BOB) == 0
    assert cost("unit_minimum", capacity(whole | {"weekdays": "Mo-Fr"}, slots=follows), ANN, BOB) == 4
    assert says("unit_minimum", capacity(whole), ANN) == (
        "Unit ward must be filled: 1 student in the week of 2026-01-05, at least 2 needed | "
        "Unit ward must be filled: 1 student in the week of 2026-01-12, at least 2 needed"
    )


def reserve(*rows: Row, most: int = 2) -> Any:
    return world(slots=[slot(most_students=most)], reservations=[{"slot": "ward", **row} for row in rows])


def test_reservation() -> None:
    # one of two places is kept for oak: one nurse of maple fits, two do not, also if nobody of oak comes
    oak = {"school": "oak", "guaranteed": 1}
    assert not found("reservation", reserve(oak), ANN, CYD)
    assert cost("reservation", reserve(oak), ANN, BOB) == 2
    assert says("reservation", reserve(oak), ANN, BOB_LATER) == (
        "Slot ward keeps 1 for oak of 2 places: on 2026-01-12 "
        "those beyond their school's places (ann, bob) do not fit into the other 1"
    )
    # a school beyond its own guarantee competes for the rest: of three, maple and oak have one each
    both = (oak, {"school": "maple", "guaranteed": 1})
    assert not found("reservation", reserve(*both, most=3), ANN, BOB, CYD)
    assert cost("reservation", reserve(*both, most=2), ANN, BOB, CYD) == 2
    # given back, not confirmed
    for released in ({"give_back": date(2025, 12, 1)}, {"status": "requested"}, {"status": "released"}):
        assert not found("reservation", reserve(oak | released), ANN, BOB)
    assert found("reservation", reserve(oak | {"give_back": date(2025, 12, 2)}), ANN, BOB)


def test_reservation_most() -> None:
    maple = {"school": "maple", "most": 1}
    assert not found("reservation", reserve(maple), ANN, CYD)
    # bob is one too many in the one week in which both are there
    assert says("reservation", reserve(maple), ANN, BOB_LATER) == (
        "School maple has in slot ward 2 students on 2026-01-12 (ann, bob), at most 1 allowed"
    )
    # the most of a school outlives its guarantee
    assert cost("reservation", reserve(maple | {"guaranteed": 1, "give_back": date(2025, 12, 1)}), ANN, BOB) == 2
    assert not found("reservation", reserve(maple | {"status": "released"}), ANN, BOB)


def test_excess_of_several_limits_is_added() -> None:
    # two capacity rows, each exceeded by one in two weeks
    assert cost("unit_capacity", capacity({"most_students": 1}, {"most_students": 1, "profession": "rn"}), ANN, BOB) == 4


def test_groups_of_professions() -> None:
    requirements = [requirement(), requirement(program="med")]
    instance = capacity({"most_students": 0, "profession": "md"}, requirements=requirements)
    assert "Unit ward has 1 student on 2026-01-05 (cyd), at most 0 allowed of profession md" in says(
        "unit_capacity", instance, ANN, CYD
    )
