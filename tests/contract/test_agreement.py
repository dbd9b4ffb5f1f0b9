"""The contract, proven by a second reader: statements and verifier agree on every choice, and all ways to the optimum on it."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from scheduler.domain import Instance, Status
from scheduler.io import instance_problems
from scheduler.model.evaluate import walk_cost
from scheduler.model.walks import add_walk
from scheduler.rules.statements import Span, Switch, Walk
from scheduler.solve import Settings, solve
from scheduler.verify import verify
from tests.contract.brute import Small, difference
from tests.contract.columns import Master
from tests.contract.shrink import described, shrunk
from tests.contract.worlds import world

#: Choices judged twice in each world, and the most choices that brute force looks at.
JUDGED, MOST_CHOICES = 24, 200
SEEDS = st.integers(0, 1 << 30)
ONE_WORKER = Settings(workers=1, time_limit_s=30)
few = settings(max_examples=150, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=3000, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def check(seed: int, wrong: Callable[[Instance], str]) -> None:
    """Fail with the smallest instance in which the same kind of thing is wrong."""
    instance = world(seed)
    found = wrong(instance)
    if found:
        start = found.split(":")[0]
        small = shrunk(instance, lambda i: wrong(i).startswith(start))
        raise AssertionError(f"world {seed}: {found}\n{wrong(small)}\n{described(small)}")


def judged_differently(instance: Instance) -> str:
    """A choice about which statements and verifier differ, in words; empty if there is none."""
    small = Small(instance)
    chosen = small.all() if small.size <= JUDGED else small.sample(random.Random(small.size), JUDGED)
    return next((found for choice in chosen if (found := difference(small, choice))), "")


def not_the_optimum(instance: Instance) -> str:
    """Which way to the optimum leads elsewhere than brute force, in words; empty if none does."""
    small = Small(instance)
    if small.size > MOST_CHOICES:
        return ""
    best = small.best()
    schedule = solve(instance, ONE_WORKER)
    if best is None:
        return "" if schedule.status is Status.INFEASIBLE else f"direct: {schedule.status.value}, but nothing is valid"
    if (schedule.status, schedule.objective) != (Status.OPTIMAL, sum(best)):
        return f"direct: {schedule.status.value} at {schedule.objective}, the best is {best}"
    if len(schedule.levels) == 1 and schedule.bound != schedule.objective:
        return f"direct: optimal with bound {schedule.bound} and objective {schedule.objective}"
    report = verify(instance, schedule)
    return "" if report.ok else f"verifier: {'; '.join(str(v) for v in report.violations)}"


def not_by_columns(instance: Instance) -> str:
    """Where labels and columns differ from brute force, in words; empty if they do not. Levels count as one."""
    small = Small(instance)
    if small.size > MOST_CHOICES:
        return ""
    best = min((sum(cost) for chosen in small.all() if (cost := small.cost(chosen)) is not None), default=None)
    master = Master(small)
    found, bound = master.best(master.columns()), master.bound()
    if found != best:
        return f"columns: best {found}, brute force {best}"
    if best is not None and (bound is None or bound > best + 1e-4):
        return f"bound: {bound} above the best {best}"
    return ""


@few
@given(SEEDS)
def test_statements_and_verifier_agree_on_every_choice(seed: int) -> None:
    check(seed, judged_differently)


@few
@given(SEEDS)
def test_direct_finds_what_brute_force_finds(seed: int) -> None:
    check(seed, not_the_optimum)


@few
@given(SEEDS)
def test_labels_and_columns_find_what_brute_force_finds(seed: int) -> None:
    check(seed, not_by_columns)


@pytest.mark.slow
@many
@given(SEEDS)
def test_thousands_of_worlds_agree(seed: int) -> None:
    for wrong in (judged_differently, not_the_optimum, not_by_columns):
        check(seed, wrong)


@few
@given(SEEDS)
def test_walks_cost_the_same_by_steps_and_in_the_model(seed: int) -> None:
    rng = random.Random(seed)
    start, end = np.sort(np.array([rng.sample(range(42), 2) for _ in range(rng.randint(1, 5))]).reshape(-1, 2), axis=1).T
    forms: list[Switch | Span] = [
        Switch(np.array([rng.randrange(3) for _ in start])),
        Span(start // 7, end // 7, rng.randrange(3)),
    ]
    chosen: list[int] = []
    for o in rng.sample(range(len(start)), len(start)):
        if all(end[o] < start[p] or end[p] < start[o] for p in chosen) and rng.random() < 0.8:
            chosen.append(o)
    for form in forms:
        walk = Walk(0, np.arange(len(start)), form, rng.randint(1, 3), start, end)
        model = cp_model.CpModel()
        take = [model.new_bool_var("") for _ in start]
        terms = list(add_walk(model, walk, take))
        for o, variable in enumerate(take):
            model.add(variable == int(o in chosen))
        model.minimize(sum(value * variable for variable, value in terms))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(model) == cp_model.OPTIMAL
        assert round(solver.objective_value) == walk_cost(walk, np.array(chosen, dtype=np.int64)), (form, chosen)


def test_worlds_are_valid_instances() -> None:
    for seed in range(60):
        assert [str(p) for p in instance_problems(world(seed)) if p.severity == "error"] == [], seed
