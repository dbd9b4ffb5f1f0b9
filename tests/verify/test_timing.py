"""End, weeks, hours and what touches: every number here was counted on a calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scheduler.domain import Instance, Placement
from scheduler.verify.placed import Placed
from scheduler.verify.timing import Window, months_later
from tests.verify.world import FIRST_MONDAY, Row, facts, put, requirement, slot, week, world


def only(instance: Instance, placement: Placement) -> Placed:
    (placed,) = facts(instance, placement).placed
    return placed


def ann(*, calendar: list[Row] | None = None, start: date = FIRST_MONDAY, asks: Row | None = None, **columns: Any) -> Placed:
    """Ann's MS on a ward slot with these columns."""
    instance = world(
        slots=[slot(**columns)],
        calendar=[{"program": "nurs", **row} for row in calendar or []],
        requirements=[requirement(**(asks or {}))],
    )
    return only(instance, put("ann", "MS", "ward", start))


def end(placed: Placed) -> date:
    return date.fromordinal(placed.end)


@pytest.mark.parametrize(
    ("columns", "last", "weeks", "hours"),
    [
        # two weeks of Monday to Friday end on the second Friday: 10 sessions of 8 h
        ({}, week(1, 4), 2, 80),
        # Tuesday and Thursday in 12 h shifts: 4 sessions, the last on Thursday of the second week
        ({"weekdays": "Tu Th", "shift": "day"}, week(1, 3), 2, 48),
        # hours a week count as they are given, whatever the shift
        ({"weekdays": "Tu Th", "shift": "day", "hours_per_week": 20}, week(1, 3), 2, 40),
        # 10 days from Monday reach to Wednesday of the second week: 8 sessions; 10 ÷ 7 is one whole week
        ({"length": 10, "length_unit": "days"}, week(1, 2), 1, 64),
        # one day is at least one week
        ({"length": 1, "length_unit": "days"}, week(0), 1, 8),
        # a month from 5 January ends on Wednesday 4 February: 31 days are 4 weeks, with 23 sessions
        ({"length": 1, "length_unit": "months"}, date(2026, 2, 4), 4, 184),
        # following the preceptor: the planned last day is a Sunday, 40 h a week
        ({"pattern": "follows"}, week(1, 6), 2, 80),
        ({"pattern": "follows", "hours_per_week": 36}, week(1, 6), 2, 72),
    ],
)
def test_length(columns: dict[str, Any], last: date, weeks: int, hours: int) -> None:
    placed = ann(**columns)
    assert (end(placed), placed.timing.weeks, placed.timing.minutes) == (last, weeks, hours * 60)


def test_short_month() -> None:
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert months_later(date(2027, 12, 15), 2) == date(2028, 2, 15)
    assert months_later(date(2026, 8, 31), 4) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("asks", "columns", "weeks"),
    [
        ({"amount": 5}, {}, 5),
        # 100 hours at 40 a week take 2.5, so 3 weeks
        ({"amount": 100, "amount_unit": "hours"}, {}, 3),
        # 7 shifts on two days a week take 3.5, so 4 weeks
        ({"amount": 7, "amount_unit": "shifts"}, {"weekdays": "Tu Th"}, 4),
        # a split rotation: half of 7 weeks, rounded up
        ({"amount": 7, "blocks": 2}, {}, 4),
        ({"amount": 7, "blocks": 2, "weeks_min": 3}, {}, 3),
        # half of 100 hours is 50, at 40 a week 2 weeks
        ({"amount": 100, "amount_unit": "hours", "blocks": 2}, {}, 2),
        # 9 shifts with a preceptor at 36 hours a week, 4.5 shifts: 2 weeks
        ({"amount": 9, "amount_unit": "shifts"}, {"pattern": "follows", "hours_per_week": 36}, 2),
    ],
)
def test_slot_without_length(asks: dict[str, Any], columns: dict[str, Any], weeks: int) -> None:
    assert ann(asks=asks, length=None, **columns).timing.weeks == weeks


def test_pause_loses_hours_and_extend_moves_the_end() -> None:
    monday_tuesday = {"start": week(1), "end": week(1, 1), "kind": "holiday"}
    paused = ann(calendar=[monday_tuesday])
    assert (end(paused), paused.timing.lost) == (week(1, 4), 2)
    # two sessions are made up on Monday and Tuesday of the third week
    extended = ann(calendar=[monday_tuesday | {"effect": "extend"}])
    assert (end(extended), extended.timing.lost, extended.timing.minutes) == (week(2, 1), 0, 80 * 60)
    # the second row reaches the sessions that the first one moved to Monday and Tuesday
    second = {"start": week(2), "end": week(2), "kind": "holiday", "effect": "extend"}
    assert end(ann(calendar=[monday_tuesday | {"effect": "extend"}, second])) == week(2, 2)
    # what is extended is not lost as well
    assert ann(calendar=[monday_tuesday, monday_tuesday | {"effect": "extend"}]).timing.lost == 0
    # a row of the evening does not meet sessions of the morning
    assert ann(calendar=[monday_tuesday | {"shift": "late"}], shift="am").timing.lost == 0


def test_extending_while_following_the_preceptor() -> None:
    a_week = {"start": week(1), "end": week(1, 6), "kind": "break", "effect": "extend"}
    assert end(ann(calendar=[a_week], pattern="follows")) == week(2, 6)
    # a row of less than a week does not touch it
    assert end(ann(calendar=[a_week | {"end": week(1, 5)}], pattern="follows")) == week(1, 6)
    # the second row touches only what the first one moved
    assert end(ann(calendar=[{**a_week, "start": week(2), "end": week(2, 6)}, a_week], pattern="follows")) == week(3, 6)


def test_blocks_cut_the_last_week() -> None:
    # the block ends on Thursday of the second week, within seven days of the planned Sunday
    block = {"start": week(0), "end": week(1, 3), "kind": "block"}
    placed = ann(calendar=[block])
    assert (end(placed), placed.timing.misses_block) == (week(1, 3), False)
    # of two block ends in reach the later one counts
    assert end(ann(calendar=[block, {**block, "end": week(1, 2)}])) == week(1, 3)
    # a block that ends a week earlier is out of reach
    assert ann(calendar=[{**block, "end": week(0, 6)}]).timing.misses_block


def test_calendar_rows_for_a_rotation_or_group_only() -> None:
    holiday = {"start": week(1), "end": week(1), "kind": "holiday"}
    assert ann(calendar=[holiday | {"requirement": "MS"}]).timing.lost == 1
    assert ann(calendar=[holiday | {"requirement": "FM"}]).timing.lost == 0
    assert ann(calendar=[holiday | {"group": "A"}]).timing.lost == 0


@pytest.mark.parametrize(
    ("row", "columns", "touched"),
    [
        ({"start": week(1, 5), "end": week(1, 6)}, {}, False),  # a weekend beside Monday to Friday
        ({"start": week(1, 4), "end": week(1, 6)}, {}, True),
        ({"start": week(2), "end": week(3)}, {}, False),  # after the end
        ({"start": week(0), "end": week(9), "weekdays": "Sa Su"}, {}, False),
        ({"start": week(0), "end": week(0), "shift": "early"}, {"shift": "late"}, False),  # 07–15 and 15–23 only meet
        ({"start": week(0), "end": week(0), "shift": "day"}, {"shift": "late"}, True),  # 07–19 and 15–23
        # a night session belongs to the day on which it starts: Saturday morning is not touched by Saturday
        ({"start": week(0, 5), "end": week(0, 5)}, {"shift": "night"}, False),
        ({"start": week(0, 4), "end": week(0, 4)}, {"shift": "night"}, True),
        ({"start": week(1), "end": week(1, 6)}, {"pattern": "follows"}, True),
        ({"start": week(1), "end": week(1, 5)}, {"pattern": "follows"}, False),  # 6 days
        ({"start": week(1), "end": week(3), "shift": "day"}, {"pattern": "follows"}, False),
        ({"start": week(1), "end": week(3), "weekdays": "Mo-Fr"}, {"pattern": "follows"}, False),
    ],
)
def test_touching(row: dict[str, Any], columns: dict[str, Any], touched: bool) -> None:
    instance = world(slots=[slot(**columns)], commitments=[{"who_kind": "student", "who": "ann", **row}])
    placed = only(instance, put("ann", "MS", "ward", week(0)))
    assert placed.timing.touched(Window.of(instance.commitments[0], instance)) is touched


def test_absurd_lengths_end_outside_the_horizon() -> None:
    for unit in ("weeks", "days", "months"):
        assert end(ann(length=1_000_000, length_unit=unit)) > world().last_day
    # a row that never ends cannot keep a placement going for ever
    assert (
        end(ann(calendar=[{"start": week(0), "end": date(9999, 12, 31), "kind": "break", "effect": "extend"}])) > world().last_day
    )
    assert end(ann(start=date(9999, 12, 31))) == date(9999, 12, 31)
