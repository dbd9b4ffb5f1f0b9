"""What the verifier says of nights, rest and hours a week."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verify.world import GROUP, SPLIT, cost, found, program, put, requirement, says, slot, week, world

MS = put("ann", "MS", "ward", week(0))
FM = put("ann", "FM", "clinic", week(0))
WEEKLY = {"requirements": [requirement("MS"), requirement("FM", lane="longitudinal")]}
EARLY = {"weekdays": (1,), "shift": "day"}  # from 07:00


def nights(clinic: dict[str, Any], hours: int = 10, **ward: Any) -> Any:
    """Monday nights, 19:00 to 07:00, and a clinic."""
    slots = [slot("ward", weekdays=(0,), shift="night", **ward), slot("clinic", **clinic)]
    return world({"shift_rest": {"hours": hours}}, slots=slots, **WEEKLY)


@pytest.mark.parametrize(
    ("clinic", "hours", "soon"),
    [
        (EARLY, 10, True),
        (EARLY, 1, True),  # at the very end of the night
        (EARLY, 0, False),
        ({"weekdays": (2,), "shift": "day"}, 10, False),  # a day later
        ({"weekdays": (2,), "shift": "day"}, 24, False),  # exactly 24 hours
        ({"weekdays": (2,), "shift": "day"}, 25, True),
        ({"weekdays": (0,), "shift": "day"}, 10, False),  # before the night, and six days after the one before
        ({"pattern": "follows"}, 10, False),
    ],
)
def test_shift_rest(clinic: dict[str, Any], hours: int, soon: bool) -> None:
    text = says("shift_rest", nights(clinic, hours), MS, FM)
    assert bool(text) == soon
    assert not soon or text.startswith(f"ann has no {hours} hours of rest before 2026-01-0")


def test_rest_is_of_one_student_after_a_session_that_is_held() -> None:
    assert not found("shift_rest", nights(EARLY), MS, put("bob", "FM", "clinic", week(0)))
    assert not found("shift_rest", nights(EARLY, excuses=((0, "night"),)), MS, FM)
    assert found("shift_rest", nights(EARLY, excuses=((0, "day"),)), MS, FM)
    listing = [{**GROUP["groups"][0], "requirements": ("MS",)}]
    instance = nights(EARLY).model_copy(update={"students": (), "groups": ()})
    grouped = world({"shift_rest": {}}, slots=[s.model_dump() for s in instance.slots], **(WEEKLY | GROUP | {"groups": listing}))
    assert says("shift_rest", grouped, put("A", "MS", "ward", week(0)), FM).startswith("ann has no 10 hours of rest")


def test_most_nights() -> None:
    ward = slot("ward", weekdays=(0, 3), shift="night")
    few, enough = (world(programs=[program(most_nights=n), program("med")], slots=[ward, slot("clinic")]) for n in (3, 4))
    assert says("most_nights", few, MS, FM) == "ann has 4 nights, at most 3 allowed"
    assert not found("most_nights", enough, MS, FM)
    assert not found("most_nights", few, put("cyd", "MS", "ward", week(0)))  # of a program without the limit
    own = [{**GROUP["groups"][0], "requirements": ("MS",)}]
    twice = world(programs=few.programs, slots=[ward], **(GROUP | {"groups": own}))
    assert cost("most_nights", twice, put("A", "MS", "ward", week(0))) == 3  # the group, ann and bob


@pytest.mark.parametrize(
    ("most", "hours"),
    [
        (40, 0),
        (39, 2),  # 40 hours in each of two weeks
        (20, 40),
    ],
)
def test_week_hours(most: int, hours: int) -> None:
    instance = world(programs=[program(most_hours_per_week=most), program("med")])
    assert cost("week_hours", instance, MS) == hours


def test_week_hours_with_a_job() -> None:
    job = {"who_kind": "student", "who": "ann", "start": week(1, 5), "end": week(1, 5), "hours_per_week": 8}
    limit = [program(most_hours_per_week=40), program("med")]
    instance = world(programs=limit, commitments=[job])
    assert (
        says("week_hours", instance, MS)
        == "ann has 40 hours beside 8 of commitments in the week of 2026-01-12, at most 40 allowed"
    )
    assert cost("week_hours", instance, MS) == 8
    assert not found("week_hours", world(programs=limit, commitments=[job | {"hours_per_week": None}]), MS)
    # a job of more hours than there are leaves none
    assert cost("week_hours", world(programs=limit, commitments=[job | {"hours_per_week": 60}]), MS) == 40
    # each part of a group has its busiest student's
    assert cost("week_hours", world(programs=limit, commitments=[job], **SPLIT), put("A", "MS", "ward", week(0))) == 16


def test_week_hours_of_placements_that_follow_the_preceptor() -> None:
    follows = [slot("ward", pattern="follows"), slot("clinic", pattern="follows", hours_per_week=10)]
    limit = [program(most_hours_per_week=45), program("med")]
    instance = world(programs=limit, slots=follows, **WEEKLY)
    assert cost("week_hours", instance, MS, FM) == 10  # 40 and 10 in two weeks
    middle = world(programs=limit, slots=[slot("ward", pattern="follows", first_start=week(0, 2)), follows[1]], **WEEKLY)
    assert cost("week_hours", middle, put("ann", "MS", "ward", week(0, 2)), FM) == 10  # its third week has no clinic
