"""Small models of single families: what each would cost alone, and a schedule that takes one family after another.

With the shared rows left out, families are independent, so the sum of their own optima bounds the whole from below (the
Lagrangian bound at multipliers of zero). As rows of the full model they also hold in every node of its search. Taken one
after another, each with what the others left, the same small models make a good first schedule.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from ortools.sat.python import cp_model

from scheduler.model import Book, FamilyBook
from scheduler.model.cp import CpModel, Sum
from scheduler.offers.days import IntArray
from scheduler.solve.construct import State

#: Deterministic time for one family's part of a first schedule.
WORK_FOR_ONE = 0.5
#: How much a level counts beside the next one in a first schedule.
LEVEL_RATIO = 1000


def measured_rules(book: Book) -> set[tuple[str, ...]]:
    """The sets of rules whose cost to a party is measured by some shared row."""
    return {m.rules for m in book.shared.measures}


class Alone:
    """Lower bounds on the weighted cost of single families at one level.

    Parameters
    ----------
    level
        The level whose cost is bounded.
    time_limit_s
        For all families together; a family that is not reached has no bound.
    work_limit
        Deterministic time for each family, for reproducible runs; None: none.
    """

    def __init__(
        self,
        book: Book,
        level: int,
        *,
        workers: int,
        time_limit_s: float,
        stop: threading.Event,
        work_limit: float | None = None,
    ) -> None:
        self.book, self.level, self.workers, self.stop = book, level, workers, stop
        self.work_limit = work_limit
        self.deadline = math.inf if work_limit is not None else time.monotonic() + time_limit_s

    def add_to(self, cp: CpModel, said: Callable[[int, int], None]) -> int:
        """Bound every family and add the bounds to the full model as rows; returns the sum over all families."""
        total = 0
        done = 0
        with ThreadPoolExecutor(self.workers) as pool:
            for family, bounds in zip(cp.families, pool.map(self.bounds, cp.families), strict=True):
                for position, (rules, bound) in enumerate(bounds):
                    expression = self.expression(cp, family, rules)
                    if bound > expression.limits()[0]:
                        cp.model.add_linear_constraint(expression.expression(), bound, expression.limits()[1])
                    if position == 0:
                        total += bound
                done += 1
                said(done, len(cp.families))
        return total

    def expression(self, cp: CpModel, family: FamilyBook, rules: tuple[str, ...]) -> Sum:
        """The family's cost at this level, plus what `rules` cost its parties once more."""
        total = Sum()
        for party in family.family.parties:
            for i, rule in enumerate(self.book.rules):
                weight = int(self.book.weight[i])
                if (party, i) not in cp.by_party:
                    continue
                times = int(self.book.level[i] == self.level) + int(rule.id in rules)
                if times and weight:
                    total.extend(cp.by_party[party, i], times * weight)
        return total

    def bounds(self, family: FamilyBook) -> list[tuple[tuple[str, ...], int]]:
        """Proven lower bounds of the family's cost, alone and with each measured set of rules counted once more."""
        cp = CpModel(self.book, [family], shared=False)
        extra = sorted(measured_rules(self.book)) if len(family.family.parties) == 1 else []
        return [(rules, self.minimum(cp, self.expression(cp, family, rules))) for rules in ((), *extra)]

    def minimum(self, cp: CpModel, total: Sum) -> int:
        """A proven lower bound of an expression."""
        least = total.limits()[0]
        remaining = self.deadline - time.monotonic()
        if remaining <= 0 or self.stop.is_set() or not total.variables:
            return least
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.catch_sigint_signal = False
        if self.work_limit is None:
            solver.parameters.max_time_in_seconds = remaining
        else:
            solver.parameters.max_deterministic_time = self.work_limit
        cp.model.minimize(total.expression())
        status = solver.solve(cp.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return least
        return max(least, math.ceil(solver.best_objective_bound - 1e-6))


def one_after_another(
    book: Book,
    families: Sequence[FamilyBook],
    levels: Sequence[int],
    *,
    seed: int,
    time_limit_s: float,
    stop: threading.Event,
    work_limit: float | None,
) -> list[IntArray]:
    """A schedule in which each family, in random order, takes its cheapest part of what is left.

    Families that are not reached in time stay unplaced; so do those in rows that need more company than they get.
    """
    state = State(book, families)
    deadline = math.inf if work_limit is not None else time.monotonic() + time_limit_s
    order = np.random.default_rng(seed).permutation(len(families))
    for f in order.tolist():
        if time.monotonic() > deadline or stop.is_set():
            break
        family = families[f]
        cp = CpModel(book, [family], shared=False)
        for o in np.flatnonzero(~state.fits(f, np.arange(len(family.options)))).tolist():
            cp.model.add(cp.take[0][o] == 0)
        total = Sum()
        for position, level in enumerate(reversed(levels)):
            total.extend(cp.objective(level), LEVEL_RATIO**position)
        cp.model.minimize(total.expression())
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.catch_sigint_signal = False
        solver.parameters.max_deterministic_time = work_limit or WORK_FOR_ONE
        if solver.solve(cp.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            for o in cp.chosen(solver.response_proto.solution)[0].tolist():
                if state.fits(f, np.array([o], dtype=np.int64))[0]:
                    state.take(f, o)
    state.empty_closed()
    return state.chosen()
