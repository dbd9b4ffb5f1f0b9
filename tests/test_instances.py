"""The example instances tell the story that their README tells."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scheduler.domain import Instance, Status
from scheduler.io import load_instance, load_solution
from scheduler.solve import Settings, solve
from scheduler.verify import verify

ROOT = Path(__file__).parents[1]
INSTANCES, SOLUTIONS = ROOT / "instances", ROOT / "solutions"


def read(name: str) -> Instance:
    instance, problems = load_instance(INSTANCES / name)
    assert [str(p) for p in problems if p.severity != "note" and p.code != "unread"] == []
    assert instance is not None
    return instance


def left_out(instance: Instance) -> tuple[int, list[str]]:
    """Optimal cost, and the required rotations that stay unplaced."""
    schedule = solve(instance, Settings(workers=1, seed=1))
    assert schedule.status is Status.OPTIMAL
    assert verify(instance, schedule).ok
    assert schedule.objective is not None
    return schedule.objective, sorted(u.requirement for u in schedule.unplaced)


def test_tiny_costs_what_its_readme_derives() -> None:
    assert "**1006**" in (INSTANCES / "tiny" / "README.md").read_text()
    assert left_out(read("tiny")) == (1006, ["FM"])


@pytest.mark.parametrize(("planned", "unplaced"), [(None, ["EM", "NUR490"]), (date(2026, 7, 20), ["NUR490"])])
def test_small_leaves_out_what_its_readme_says(planned: date | None, unplaced: list[str]) -> None:
    small = read("small")
    instance = small.model_copy(update={"planning_date": planned or small.planning_date})
    assert left_out(instance)[1] == unplaced


@pytest.mark.parametrize("name", sorted(path.name for path in SOLUTIONS.iterdir()))
def test_the_reference_schedule_is_valid_and_of_this_instance(name: str) -> None:
    instance = read(name)
    schedule, problems = load_solution(SOLUTIONS / name, instance)
    assert [str(p) for p in problems] == []
    assert schedule is not None
    proven = {Status.OPTIMAL} if name in ("tiny", "small") else {Status.OPTIMAL, Status.FEASIBLE}  # real terms: found, not proved
    assert schedule.status in proven
    assert verify(instance, schedule).violations == ()
