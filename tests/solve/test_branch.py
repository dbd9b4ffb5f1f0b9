"""Branching over enumerated columns: bounds that nothing beats, in every part, at any prices, and the optimum."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.io import read_instance
from scheduler.model import compile_book, evaluate
from scheduler.solve import Settings
from scheduler.solve.columns import branch, closing
from scheduler.solve.columns.branch import Tree
from scheduler.solve.columns.engine import Engine
from scheduler.solve.columns.pool import Column
from scheduler.solve.columns.program import FINE, Box, Program
from scheduler.solve.columns.relaxation import Relaxation
from scheduler.solve.columns.whole import best_of
from scheduler.solve.construct import construct
from tests.contract.brute import Small, arrays
from tests.contract.worlds import world

INSTANCES = Path(__file__).parents[2] / "instances"
SEEDS = st.integers(0, 1 << 30)
few = settings(max_examples=60, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=1000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
MOST_CHOICES = 200
#: Above what anything costs.
DEAR = 1_000_000


class Enumerated:
    """A small world with all its columns, and every valid schedule as columns with its cost."""

    def __init__(self, seed: int) -> None:
        small = Small(world(seed))
        self.schedules: list[tuple[int, list[Column]]] = []
        if small.size > MOST_CHOICES:
            return
        engine = Engine(small.book, 1, Settings(strategy="columns", workers=1), lambda _: None, threading.Event())
        weight = np.where(small.book.level == 1, small.book.weight, 0)
        for chosen in small.all():
            evaluation = evaluate(small.book, small.families, arrays(chosen))
            if not evaluation.broken:
                cost = int(sum(weight[rule] * amount for rule, amount in evaluation.penalty.items()))
                parts = engine.blocks.split(arrays(chosen))
                self.schedules.append((cost, [engine.pool.add(b, taken)[0] for b, taken in enumerate(parts)]))
        if self.schedules:
            self.program = Program(engine.shared, engine.pool.columns)
            self.number = {id(c): j for j, c in enumerate(self.program.columns)}
            self.best = min(cost for cost, _ in self.schedules)

    def within(self, box: Box) -> int | None:
        """The least cost of a schedule whose columns are all in a box, whatever gates and variables would have to be."""
        found = [cost for cost, columns in self.schedules if all(box.hi[self.number[id(c)]] > 0 for c in columns)]
        return min(found, default=None)


def beaten(seed: int) -> str:
    """Where a schedule beats a bound at any prices, or is lost by what rules out others; empty if nowhere."""
    world = Enumerated(seed)
    if not world.schedules:
        return ""
    program, rng = world.program, np.random.default_rng(seed)
    for size in (0.0, 1.0, 30.0):
        box = random_part(program, rng) if size else program.box.copy()
        best = world.within(box)
        below = (world.best if best is None else best) + int(rng.integers(1, 40))
        if not program.propagate(box):
            if best is not None:
                return f"nothing is left, but there is a schedule at {best}"
            continue
        for prices in (size * rng.random(len(program.hi)), relaxed_prices(program, box)):
            found = program.certified(prices, box)
            if best is not None and -(-found.bound // FINE) > best:
                return f"bound {found.bound / FINE}, best {best}, prices up to {size}"
            if found.bound <= (below - 1) * FINE:
                program.reduce(found, below, box)
            if best is not None and (not program.propagate(box) or world.within(box) != best):
                return f"the schedule at {best} is ruled out below {below}"
    return ""


def random_part(program: Program, rng: np.random.Generator) -> Box:
    """A box that some columns have been left out of."""
    box = program.box.copy()
    box.hi[: program.gates][rng.random(program.gates) < 0.2] = 0
    return box


def relaxed_prices(program: Program, box: Box) -> np.ndarray:
    """Prices of the linear relaxation, which is written for the whole and solved in the box."""
    point = Relaxation(program, 20.0 * DEAR).solve(box, 10.0)
    return np.zeros(len(program.hi)) if point is None else point.prices


def not_closed(seed: int) -> str:
    """Where the tree or CP-SAT does not prove what brute force knows; empty if everywhere."""
    world = Enumerated(seed)
    if not world.schedules:
        return ""
    for target in (world.best, world.best + 1, world.best + 30, DEAR):
        tree = Tree(world.program, target, known=world.best - 1 if target % 2 else None)
        tree.run()
        if tree.bound != min(target, world.best) or (tree.best is None) != (target <= world.best):
            return f"bound {tree.bound} below {target}, best {world.best}"
        if tree.best is not None and tree.cost != world.best:
            return f"schedule at {tree.cost}, best {world.best}"
    found = best_of(world.program, world.program.box, DEAR, workers=1, seed=0, time_limit_s=10, stop=threading.Event())
    return "" if found.proven and found.cost == world.best else f"CP-SAT {found.cost}, best {world.best}"


@few
@given(SEEDS)
def test_no_schedule_beats_a_bound_or_is_ruled_out(seed: int) -> None:
    assert not beaten(seed)


@few
@given(SEEDS)
def test_what_is_proven_is_the_optimum(seed: int) -> None:
    assert not not_closed(seed)


@pytest.mark.slow
@many
@given(SEEDS)
def test_many_worlds(seed: int) -> None:
    assert not beaten(seed)
    assert not not_closed(seed)


def test_a_tree_asked_to_stop_keeps_what_is_proven() -> None:
    """Whether time is up or it is told to stop: the bound is one of the relaxation's at most, and no more than the target."""
    world = next(w for w in map(Enumerated, range(50)) if len(w.schedules) > 1)
    stop = threading.Event()
    stop.set()
    tree = Tree(world.program, world.best + 10, stop=stop)
    tree.run()
    assert tree.bound <= world.best and tree.best is None


def test_branching_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where CP-SAT is only asked when there is nothing left to choose."""
    monkeypatch.setattr(branch, "MUCH_SMALLER", 0.0)
    for seed in range(20):
        assert not not_closed(seed)


def test_where_too_many_columns_matter_far_better_schedules_are_asked_for_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a poor schedule to the proven optimum."""
    monkeypatch.setattr(closing, "MOST_ALTOGETHER", 1500)
    book = compile_book(read_instance(INSTANCES / "small"))
    engine = Engine(book, 1, Settings(strategy="columns", workers=1), lambda _: None, threading.Event())
    assert engine.offer(construct(book, engine.families, 0))
    assert engine.objective is not None and engine.objective > 2072
    engine.tighten()
    engine.solve_root(20)
    engine.close(20)
    assert engine.root is not None and engine.bound == engine.objective == 2072
    engine.root.close()
