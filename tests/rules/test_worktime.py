"""Rules about how long and how late students work."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain import Status
from scheduler.solve import Settings, solve
from scheduler.verify import verify
from tests.rules.choice import broken, cost
from tests.verify.world import GROUP, SPLIT, program, requirement, slot, week, world

ANN: dict[str, Any] = {"students": [{"student": "ann", "program": "nurs"}]}
BOTH: dict[str, Any] = {"requirements": [requirement("MS"), requirement("FM")]}
#: A week of Monday nights on the ward (19:00 to 07:00), and a weekly clinic beside it on Tuesdays.
ONE_WEEK = [requirement("MS", amount=1), requirement("FM", amount=1, lane="longitudinal")]


def nights(clinic: str, rules: dict[str, Any] | None = None, **tables: Any) -> Any:
    slots = [
        slot("ward", length=1, weekdays=(0,), shift="night"),
        slot("clinic", length=1, weekdays=(1,), shift=clinic),
    ]
    return world(rules, slots=slots, requirements=ONE_WEEK, **(ANN | tables))


@pytest.mark.parametrize(
    ("clinic", "hours", "rule"),
    [
        ("am", 2, "shift_rest"),  # the night ends on Tuesday at 07:00, the clinic starts at 08:00
        ("am", 1, set()),
        ("evening", 8, set()),  # at 15:00, exactly 8 hours later
        ("evening", 9, "shift_rest"),
        ("am", 0, set()),
    ],
)
def test_shift_rest(clinic: str, hours: int, rule: Any) -> None:
    shifts = [
        {"shift": "night", "start": "19:00", "end": "07:00", "hours": 12},
        {"shift": "am", "start": "08:00", "end": "12:00", "hours": 4},
        {"shift": "evening", "start": "15:00", "end": "23:00", "hours": 8},
    ]
    instance = nights(clinic, {"shift_rest": {"hours": hours}}, shifts=shifts)
    together = ("ann MS ward 0", "ann FM clinic 0")
    assert broken(instance, *together) == ({rule} if rule else set())
    assert broken(instance, "ann MS ward 0", "ann FM clinic 1") == set()  # a week later


def test_no_rest_is_needed_between_sessions_of_one_placement_or_excused_ones() -> None:
    every_night = slot("ward", length=1, weekdays=(0, 1, 2, 3), shift="night")
    alone = world({"shift_rest": {"hours": 20}}, slots=[every_night], requirements=[requirement("MS", amount=1)], **ANN)
    assert broken(alone, "ann MS ward 0") == set()
    ward = slot("ward", length=1, weekdays=(0,), shift="night")
    clinic = slot("clinic", length=1, weekdays=(1,), shift="am")
    excused = [ward | {"excuses": ((0, "night"),)}, clinic]
    rules = {"shift_rest": {"hours": 10}}
    assert broken(world(rules, slots=[ward, clinic], requirements=ONE_WEEK, **ANN), "ann MS ward 0", "ann FM clinic 0")
    assert not broken(world(rules, slots=excused, requirements=ONE_WEEK, **ANN), "ann MS ward 0", "ann FM clinic 0")


def test_most_nights() -> None:
    ward = slot("ward", weekdays=(0, 1), shift="night")  # two nights in each of two weeks
    hard, soft, enough = (
        world({"most_nights": {"kind": kind}}, programs=[program(most_nights=n), program("med")], slots=[ward], **ANN)
        for kind, n in (("hard", 3), ("soft", 3), ("hard", 4))
    )
    assert broken(hard, "ann MS ward 0") == {"most_nights"}
    assert cost("most_nights", soft, "ann MS ward 0") == 1
    assert broken(enough, "ann MS ward 0") == set()


@pytest.mark.parametrize(("tables", "times"), [(GROUP, 1), (SPLIT, 2)])
def test_nights_of_a_group_count_once_for_each_part(tables: Any, times: int) -> None:
    ward = slot("ward", weekdays=(0, 1), shift="night")
    instance = world({"most_nights": {"kind": "soft"}}, programs=[program(most_nights=1), program("med")], slots=[ward], **tables)
    assert cost("most_nights", instance, "A MS ward 0") == 3 * times


def weekly(kind: str, most: int, **tables: Any) -> Any:
    """A block of three days of 12 hours a week, and a clinic of 4 hours a week beside it."""
    slots = [
        slot("ward", weekdays=(0, 1, 2), shift="day", length=1),
        slot("clinic", weekdays=(4,), hours_per_week=4, length=1),
    ]
    programs = [program(most_hours_per_week=most), program("med")]
    return world({"week_hours": {"kind": kind}}, programs=programs, slots=slots, requirements=ONE_WEEK, **(ANN | tables))


def test_week_hours() -> None:
    shifts = [{"shift": "day", "start": "07:00", "end": "19:00", "hours": 12}]
    together = ("ann MS ward 0", "ann FM clinic 0")
    assert broken(weekly("hard", 40, shifts=shifts), *together) == set()
    assert broken(weekly("hard", 39, shifts=shifts), *together) == {"week_hours"}
    assert cost("week_hours", weekly("soft", 37, shifts=shifts), *together) == 3
    job = [{"who_kind": "student", "who": "ann", "start": week(0), "end": week(11), "weekdays": (5,), "hours_per_week": 8}]
    assert cost("week_hours", weekly("soft", 40, shifts=shifts, commitments=job), *together) == 8
    assert cost("week_hours", weekly("soft", 40, shifts=shifts, commitments=job), "ann MS ward 0", "ann FM clinic 3") == 4


def test_week_hours_finds_the_other_week() -> None:
    # 36 and 4 hours do not fit into one week of 39: the clinic moves, and nothing is unplaced
    shifts = [{"shift": "day", "start": "07:00", "end": "19:00", "hours": 12}]
    instance = weekly("hard", 39, shifts=shifts)
    schedule = solve(instance, Settings(workers=1))
    assert schedule.status is Status.OPTIMAL
    assert not schedule.unplaced
    assert verify(instance, schedule).ok


def test_week_hours_of_a_week_that_is_cut_round_up() -> None:
    # 20 hours in three days of 6 h 40 from Tuesday: two days in the first week of the horizon's grid, one in the second
    days = slot(
        "ward", first_start=week(0, 2), last_start=None, length_unit="days", length=7, weekdays=(2, 3, 0), hours_per_week=20
    )
    instance = world(
        {"week_hours": {"kind": "soft"}},
        programs=[program(most_hours_per_week=13), program("med")],
        slots=[days],
        requirements=[requirement("MS", amount=1)],
        **ANN,
    )
    assert cost("week_hours", instance, "ann MS ward 0") == 1  # 13 h 20 in the first, 6 h 40 in the second
