"""What each family would cost if it were alone: bounds that tie a big model's relaxation to the ground.

With the shared rows left out, families are independent, so the sum of their own optima bounds the whole from below (the
Lagrangian bound at multipliers of zero). As rows of the full model they also hold in every node of its search.
"""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from ortools.sat.python import cp_model

from scheduler.model import Book, FamilyBook
from scheduler.model.cp import CpModel, Sum
from scheduler.offers.days import IntArray
from scheduler.pricing import Prices, Pricing, Unsupported


def small_solver() -> cp_model.CpSolver:
    """A solver for the model of one family: its linear relaxation is nearly tight, presolve only costs time."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.cp_model_presolve = False
    solver.parameters.max_time_in_seconds = SECONDS_FOR_ONE
    solver.parameters.catch_sigint_signal = False
    return solver


def measured_rules(book: Book) -> set[tuple[str, ...]]:
    """The sets of rules whose cost to a party is measured by some shared row."""
    return {m.rules for m in book.shared.measures}


#: No model of a few families may hold up everything; usually the limit in deterministic time comes first.
SECONDS_FOR_ONE = 10.0


#: Effort of label-setting for one family; mostly it finds the optimum with less.
EFFORT = 3


def least_alone(book: Book, family: FamilyBook, level: int) -> int:
    """What a family costs at least at a level, without a search: its rotations one by one, each at its cheapest or left out.

    Rows Σ ≥ lo that have no option in common are met at their cheapest options, or their shortfall is paid for; any other option
    counts where it wins something.
    """
    here = np.where(book.level == level, book.weight, 0)
    price = np.zeros(len(family.options), dtype=np.int64)
    for rule, cost in family.costs:
        price += cost * here[rule]
    rows, left = family.rows, np.ones(len(family.options), dtype=bool)
    total = int((np.minimum(rows.var_lo * rows.var_cost, rows.var_hi * rows.var_cost) * here[rows.var_rule]).sum())
    asked = (rows.lo > 0) & (rows.gate < 0)
    asked[rows.gates.row_of_entry] = asked[rows.vars.row_of_entry] = False
    asked[rows.options.row_of_entry[rows.options.value != 1]] = False
    for k in np.flatnonzero(asked).tolist():
        options = rows.options.row(k)[0]
        if not left[options].all():
            continue
        left[options] = False
        sums = np.concatenate([[0], np.cumsum(np.sort(price[options])[: min(int(rows.hi[k]), len(options))])])
        short = np.maximum(int(rows.lo[k]) - np.arange(len(sums)), 0)
        if rows.under[k] >= 0:
            total += int((sums + short * rows.under[k] * here[rows.rule[k]]).min())
        elif (short == 0).any():  # else there is no schedule at all
            total += int(sums[short == 0].min())
    return total + int(np.minimum(price[left], 0).sum())


def _place(blocks: list[tuple[str, ...]], rules: tuple[str, ...]) -> int:
    return blocks.index(rules) if rules in blocks else -1


class Alone:
    """Lower bounds on the weighted cost of single families at one level.

    Parameters
    ----------
    level
        The level whose cost is bounded.
    time_limit_s
        For all families together; a family that is not reached keeps the bound that it had.
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

    def add_to(self, cp: CpModel, said: Callable[[int, int], None]) -> tuple[int, list[int]]:
        """Bound every family, add the bounds to the full model as rows; returns bounds of the whole level and of each family."""
        least: list[int] = []
        total = self._least_of_shared_variables()
        spread: dict[tuple[str, ...], dict[int, int]] = defaultdict(dict)
        done = 0
        with ThreadPoolExecutor(self.workers) as pool:
            for family, bounds in zip(cp.families, pool.map(self.bounds, cp.families), strict=True):
                if not bounds:
                    least.append(self.expression(cp, family, ()).limits()[0])
                for position, (rules, bound) in enumerate(bounds):
                    expression = self.expression(cp, family, rules)
                    if bound > expression.limits()[0]:
                        cp.model.add_linear_constraint(expression.expression(), bound, expression.limits()[1])
                    if position == 0:
                        least.append(bound)
                    else:
                        spread[rules][family.family.parties[0]] = bound - bounds[0][1]
                done += 1
                said(done, len(cp.families))
        return total + sum(least) + self._measured(spread), least

    def bound(self, families: Sequence[FamilyBook], least: Sequence[int]) -> tuple[int, list[int]]:
        """Bounds of the whole level and of each family, without a model of the whole.

        Parameters
        ----------
        families
            All families of the book, by index.
        least
            What is known of each.
        """
        found = list(least)
        parties = [family.parties for family in self.book.facts.families]
        order = sorted(range(len(families)), key=lambda f: len(parties[f]) > 1)  # labels are quick, so these come first
        spread: dict[tuple[str, ...], dict[int, int]] = defaultdict(dict)

        def one(f: int) -> list[tuple[tuple[str, ...], int]]:
            if time.monotonic() > self.deadline or self.stop.is_set():
                return []
            family = families[f]
            return self.priced(family) or self.bounds(family)

        with ThreadPoolExecutor(self.workers) as pool:
            for f, bounds in zip(order, pool.map(one, order), strict=True):
                if bounds:
                    found[f] = max(found[f], bounds[0][1])
                for rules, bound in bounds[1:]:
                    spread[rules][parties[f][0]] = bound - bounds[0][1]
        return self._least_of_shared_variables() + sum(found) + self._measured(spread), found

    def priced(self, family: FamilyBook) -> list[tuple[tuple[str, ...], int]]:
        """The same as `bounds`, quickly, by label-setting; empty where that cannot follow the family."""
        if len(family.family.parties) > 1:
            return []
        try:
            pricing = Pricing(self.book, family, self.level)
        except Unsupported:
            return []
        blocks = [m.rules for m in self.book.shared.measures]
        free = np.zeros(len(self.book.shared), dtype=np.int64)
        found = []
        for rules in ((), *sorted(measured_rules(self.book))):
            once = tuple(np.full(len(self.book.facts.parties), int(k == _place(blocks, rules))) for k in range(len(blocks)))
            found.append((rules, pricing.cheapest(Prices(1, free, once), effort=EFFORT).bound))
        return found

    def _least_of_shared_variables(self) -> int:
        """What shared variables cost at least, those of measures left out."""
        rows = self.book.shared
        measured = set(rows.vars.column[np.isin(rows.vars.row_of_entry, self._measure_rows())].tolist())
        return int(
            sum(
                min(rows.var_lo[v] * rows.var_cost[v], rows.var_hi[v] * rows.var_cost[v]) * self.book.weight[rows.var_rule[v]]
                for v in range(len(rows.var_lo))
                if v not in measured and self.book.level[rows.var_rule[v]] == self.level
            )
        )

    def _measure_rows(self) -> IntArray:
        return np.concatenate([np.zeros(0, dtype=np.int64), *(m.terms.row for m in self.book.shared.measures)])

    def _measured(self, spread: Mapping[tuple[str, ...], Mapping[int, int]]) -> int:
        """What variables over measures add to the sum of all families.

        With c ≤ cost of party p and d ≤ cost + measure of p, and a row n·W ≥ measure with W at price k ≤ n:
        cost + k·W ≥ (1 − k/n)·c + (k/n)·d = c + (d − c)·k/n. One party's row holds in any schedule, so the best one counts (of
        one variable, should there be several).
        """
        rows = self.book.shared
        best: dict[int, int] = {}
        least: dict[int, int] = {}
        for measures in rows.measures:
            for row, party, value in zip(*measures.terms.as_lists(), strict=True):
                columns, coefficients = rows.vars.row(row)
                if not len(columns):
                    continue
                v, n = int(columns[0]), int(coefficients[0])
                price = int(rows.var_cost[v] * self.book.weight[rows.var_rule[v]])
                if self.book.level[rows.var_rule[v]] != self.level:
                    continue
                least[v] = int(rows.var_lo[v]) * price
                if rows.lo[row] == 0 and value == -1 and 0 <= price <= n and party in spread.get(measures.rules, {}):
                    gain = -(-spread[measures.rules][party] * price // n)
                    best[v] = max(best.get(v, gain), gain)
        gain = max((best[v] - low for v, low in least.items() if best.get(v, low) > low), default=0)
        return sum(least.values()) + gain

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
        """Proven lower bounds of the family's cost, alone and with each measured set of rules counted once more.

        Empty where there is no time left.
        """
        if time.monotonic() > self.deadline or self.stop.is_set():
            return []
        cp = CpModel(self.book, [family], shared=False)
        extra = sorted(measured_rules(self.book)) if len(family.family.parties) == 1 else []
        return [(rules, self.minimum(cp, self.expression(cp, family, rules))) for rules in ((), *extra)]

    def minimum(self, cp: CpModel, total: Sum) -> int:
        """A proven lower bound of an expression."""
        least = total.limits()[0]
        remaining = self.deadline - time.monotonic()
        if remaining <= 0 or self.stop.is_set() or not total.variables:
            return least
        solver = small_solver()
        if self.work_limit is None:
            solver.parameters.max_time_in_seconds = min(remaining, SECONDS_FOR_ONE)
        else:
            solver.parameters.max_deterministic_time = self.work_limit
        cp.model.minimize(total.expression())
        status = solver.solve(cp.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return least
        return max(least, math.ceil(solver.best_objective_bound - 1e-6))
