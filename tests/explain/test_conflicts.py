"""Rules and rows that contradict each other: named, minimal, and proved by fresh solves."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain import Instance, Status
from scheduler.domain.tables import Pin
from scheduler.explain.conflicts import Conflict, conflict
from scheduler.io import instance_problems
from scheduler.solve import Settings, solve
from tests.contract.worlds import world as any_world
from tests.verify.world import slot, world

ONE_WORKER = Settings(workers=1, time_limit_s=20)
#: So many worlds are looked at for some in which rules and rows contradict each other.
WORLDS = 30


def pin(student: str, **columns: Any) -> dict[str, Any]:
    return {"student": student, "requirement": "MS", "slot": "ward"} | columns


def one_place(*pins: dict[str, Any]) -> Conflict:
    """What contradicts itself where the only start in the ward has one place."""
    ward = slot("ward", last_start=None, most_students=1)
    return conflict(world(slots=[ward, slot("clinic")], pins=pins))


def overbooked(seed: int) -> Instance:
    """A world in which all students must be in the first slot."""
    instance = any_world(seed)
    first = instance.slots[0].slot
    return instance.model_copy(update={"pins": tuple(Pin(student=s.student, slot=first) for s in instance.students)})


def test_two_pins_into_one_place_contradict_each_other() -> None:
    found = one_place(pin("cyd", pin="must not"), pin("ann"), pin("bob"))
    assert found.status is Status.INFEASIBLE
    assert found.minimal
    rules = [m for m in found.members if m.startswith("rule")]
    rows = [m for m in found.members if m.startswith("row")]
    assert [r for r in rules if "(slot_maximum)" in r] == rules
    assert [row.split(":")[0] for row in rows] == ["row 2 of pins", "row 3 of pins"]
    assert "student ann" in rows[0]


def test_nothing_contradicts_anything_where_a_schedule_exists() -> None:
    assert one_place(pin("ann")).status is Status.FEASIBLE


def test_time_that_is_up_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.explain.conflicts.MOST_SECONDS", 0.0)
    found = one_place(pin("ann"), pin("bob"))
    assert not found.minimal
    assert "that all are needed is not" in found.sentence


def test_conflicts_of_random_worlds_are_minimal_where_they_say_so() -> None:
    """A conflict is told where the solver proves that there is no schedule, and only there."""
    found = 0
    for seed in range(WORLDS):
        instance = overbooked(seed)
        if any(p.severity == "error" for p in instance_problems(instance)):
            continue
        said = conflict(instance)
        status = solve(instance, ONE_WORKER).status
        assert (said.status is Status.INFEASIBLE) == (status is Status.INFEASIBLE), seed
        if said.status is Status.INFEASIBLE:
            found += 1
            assert said.members, seed
            assert said.minimal, seed
    assert found
