"""Strategy *columns*: the optimum, and bounds that nothing beats."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.domain import Status
from scheduler.io import read_instance
from scheduler.model import compile_book, evaluate
from scheduler.pricing import Pricing
from scheduler.pricing.outlook import Outlook
from scheduler.solve import Settings, solve, solve_book
from scheduler.solve.columns.engine import Engine
from scheduler.solve.columns.parts import parts_of
from scheduler.solve.columns.root import Root
from scheduler.solve.columns.shared import SCALE, Floats
from scheduler.verify import verify
from tests.contract.brute import Small, arrays
from tests.contract.worlds import world

INSTANCES = Path(__file__).parents[2] / "instances"
SEEDS = st.integers(0, 1 << 30)
few = settings(max_examples=60, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=1000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
COLUMNS = Settings(strategy="columns", workers=1, time_limit_s=30)
MOST_CHOICES = 200


def engine_of(small: Small, level: int) -> Engine:
    return Engine(small.book, level, COLUMNS, lambda _: None, threading.Event())


def optimum(small: Small, level: int) -> int | None:
    """The least cost of one level, by brute force."""
    weight = [int(w) if book_level == level else 0 for w, book_level in zip(small.book.weight, small.book.level, strict=True)]
    found = []
    for chosen in small.all():
        evaluation = evaluate(small.book, small.families, arrays(chosen))
        if not evaluation.broken:
            found.append(sum(weight[r] * v for r, v in evaluation.penalty.items()))
    return min(found, default=None)


def beaten(seed: int) -> str:
    """A bound that a schedule beats, at arbitrary prices and with as little pricing as there is; empty if there is none."""
    small = Small(world(seed))
    if small.size > MOST_CHOICES:
        return ""
    best = optimum(small, 1)
    if best is None:
        return ""
    engine = engine_of(small, 1)
    if engine.least() > best:
        return f"bound {engine.least()} without a search, best {best}"
    rng = np.random.default_rng(seed)
    root = Root(
        engine.shared,
        engine.pool,
        engine.pricings,
        workers=1,
        deadline=time.monotonic() + 60,
        stop=threading.Event(),
        said=lambda *_: None,
    )
    n = len(engine.shared.rows)
    for size in (0.0, 1.0, 30.0):
        lower, upper = size * rng.random(n), -size * rng.random(n)
        value, *_ = root.bound(engine.shared.balanced(lower), upper, effort=1)
        if value > best:
            return f"bound {value}, best {best}, prices up to {size}"
        if found := relaxed_beats(engine, lower, upper, rng, best):
            return found
    for part in parts_of(engine.shared, 2, least_share=0.0):
        assert root.best is not None
        lower, upper = root.best.lower.copy(), root.best.upper.copy()
        lower[part.rows], upper[part.rows] = 30 * rng.random(len(part.rows)), -30 * rng.random(len(part.rows))
        value, *_ = root.bound(lower, upper, effort=1, part=part)
        if value > best:
            return f"bound {value} with a part priced anew, best {best}"
    root.warm_up(10, None)
    root.solve_parts(2, None, 5.0, least_share=0.0)
    if root.best is not None and root.best.value > best:
        return f"bound {root.best.value} by parts, best {best}"
    root.solve(None)
    root.prove(best)
    assert root.best is not None
    return f"bound {root.best.value} of the root, best {best}" if root.best.value > best else ""


def relaxed_beats(engine: Engine, lower: Floats, upper: Floats, rng: np.random.Generator, best: int) -> str:
    """Whether relaxations alone, at arbitrary multipliers, claim more than the best schedule; empty if they do not."""
    labelled = [p for p in engine.pricings if isinstance(p, Pricing)]
    if len(labelled) < len(engine.pricings):
        return ""
    shared = engine.shared
    outlook = Outlook(labelled, len(shared.rows), len(shared.book.facts.parties))
    duals = shared.duals(shared.balanced(lower), upper)
    seen = outlook.look(shared.prices(duals), rng.integers(0, 5 * SCALE, len(outlook.limit)))
    value = -(-(seen.bound + shared.least(duals)) // SCALE)
    return f"bound {value} of relaxations, best {best}" if value > best else ""


def not_optimal(seed: int) -> str:
    """Where the strategy does not find the optimum, in words; empty if it does."""
    small = Small(world(seed))
    if small.size > MOST_CHOICES:
        return ""
    best = small.best()
    schedule = solve(small.book.facts.instance, COLUMNS)
    if best is None:
        return "" if schedule.status is Status.INFEASIBLE else f"{schedule.status.value}, but nothing is valid"
    if (schedule.status, schedule.objective) != (Status.OPTIMAL, sum(best)):
        return f"{schedule.status.value} at {schedule.objective}, the best is {best}"
    report = verify(small.book.facts.instance, schedule)
    return "" if report.ok else f"verifier: {'; '.join(str(v) for v in report.violations)}"


@few
@given(SEEDS)
def test_no_schedule_beats_a_bound(seed: int) -> None:
    assert not beaten(seed)


@few
@given(SEEDS)
def test_columns_find_what_brute_force_finds(seed: int) -> None:
    assert not not_optimal(seed)


@pytest.mark.slow
@many
@given(SEEDS)
def test_many_worlds(seed: int) -> None:
    assert not beaten(seed)
    assert not not_optimal(seed)


def test_small_is_proven_optimal() -> None:
    instance = read_instance(INSTANCES / "small")
    schedule = solve(instance, COLUMNS)
    assert (schedule.status, schedule.objective) == (Status.OPTIMAL, 2072)
    assert verify(instance, schedule).ok


def test_asked_to_stop_it_ends_with_what_it_has() -> None:
    stop = threading.Event()
    stop.set()
    schedule = solve(read_instance(INSTANCES / "small"), COLUMNS, stop=stop)
    assert schedule.status in (Status.FEASIBLE, Status.UNKNOWN)


def test_where_the_time_went_is_told() -> None:
    """What the linear relaxation proves is at most what is proven in the end; `solve_book` does all but the compiling."""
    instance = read_instance(INSTANCES / "small")
    found = solve_book(compile_book(instance), COLUMNS)
    assert found.effort is not None and found.effort.root_bound is not None and found.bound is not None
    assert found.effort.root_bound <= found.bound
    assert (found.effort.columns or 0) >= found.effort.parties > 0
    assert sum(found.effort.forced.values()) <= found.effort.parties
