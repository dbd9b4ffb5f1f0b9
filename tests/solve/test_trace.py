"""The trace of a search: what changed on the way, in a few steps, ending with the schedule."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.domain import LevelResult, Schedule, Status, Step
from scheduler.io import read_instance
from scheduler.solve import Progress, Settings, solve
from scheduler.solve.trace import MOST_STEPS, Trace

TINY = Path(__file__).parents[2] / "instances" / "tiny"


def ended(objective: int, bound: int, seconds: float = 9.0) -> Schedule:
    level = LevelResult(level=1, status=Status.FEASIBLE, objective=objective, bound=bound)
    return Schedule(status=Status.FEASIBLE, objective=objective, bound=bound, levels=(level,), seconds=seconds)


def test_only_what_becomes_better_is_a_step() -> None:
    told: list[Progress] = []
    trace = Trace(told.append)
    reports = [
        Progress(0.0, "reading"),
        Progress(1.0, "first", best=50, placed=3, unplaced=2),
        Progress(2.0, "the same", best=50, placed=3, unplaced=2),
        Progress(3.0, "a part that begins anew", best=60, bound=10),
        Progress(4.0, "a weaker bound", best=50, bound=8),
        Progress(5.0, "better", best=40),
        Progress(5.5, "counted", best=40, placed=4, unplaced=1),
    ]
    for p in reports:
        trace(p)
    assert told == reports
    assert trace.of(ended(40, 20)) == (
        Step(seconds=1.0, objective=50, placed=3, unplaced=2),
        Step(seconds=3.0, objective=50, bound=10, placed=3, unplaced=2),
        Step(seconds=5.0, objective=40, bound=10),
        Step(seconds=5.5, objective=40, bound=10, placed=4, unplaced=1),
        Step(seconds=9.0, objective=40, bound=20, placed=4, unplaced=1),
    )


def test_many_steps_are_thinned_to_the_first_the_last_and_some_between() -> None:
    trace = Trace(lambda _: None)
    for n in range(1000):
        trace(Progress(float(n), "better", best=5000 - n))
    steps = trace.of(ended(4001, 4000, seconds=2000.0))
    assert len(steps) == MOST_STEPS
    assert steps[0] == Step(seconds=0.0, objective=5000)
    assert steps[-1] == Step(seconds=2000.0, objective=4001, bound=4000)
    assert list(steps) == sorted(steps, key=lambda s: s.seconds)


def test_several_levels_have_no_trace() -> None:
    trace = Trace(lambda _: None)
    trace(Progress(1.0, "first", best=50))
    schedule = ended(40, 20)
    assert trace.of(schedule.model_copy(update={"levels": schedule.levels * 2})) == ()


@pytest.mark.parametrize("strategy", ["direct", "columns", "neighbourhood"])
def test_every_strategy_leaves_a_trace_that_ends_with_its_schedule(strategy: str) -> None:
    found = solve(read_instance(TINY), Settings(time_limit_s=5, strategy=strategy, workers=1))
    assert found.trace
    last = found.trace[-1]
    assert (last.objective, last.bound) == (found.objective, found.bound)
    assert all(a.seconds <= b.seconds for a, b in zip(found.trace, found.trace[1:], strict=False))


def test_a_deterministic_run_has_none() -> None:
    assert solve(read_instance(TINY), Settings(time_limit_s=5, deterministic=True)).trace == ()
