"""Pricing by CP-SAT, for blocks with a statement that label-setting cannot follow."""

from __future__ import annotations

import math

import numpy as np
from ortools.sat.python import cp_model

from scheduler.model import Book, FamilyBook
from scheduler.model.cp import CpModel, Sum
from scheduler.pricing.labels import NEVER
from scheduler.pricing.pricing import Found, Prices
from scheduler.solve.alone import small_solver

#: Units of deterministic time for one pricing, by effort.
WORK = (0.02, 0.1, 0.5, 5.0)


class ExactPricing:
    """One block, priced by a model of its own."""

    def __init__(self, book: Book, family: FamilyBook, level: int) -> None:
        self.book, self.family, self.level = book, family, level

    def cheapest(self, prices: Prices, cut: int = NEVER, *, effort: int = len(WORK), least_effort: int = 1) -> Found:
        """As `Pricing.cheapest`."""
        book, family = self.book, self.family
        cp = CpModel(book, [family], shared=False)
        total = Sum()
        for rule, cost in cp.cost.items():
            if book.level[rule] == self.level and book.weight[rule] and prices.scale:
                total.extend(cost, prices.scale * int(book.weight[rule]))
        for block, extra in zip(book.shared.measures, prices.measured, strict=True):
            for p in family.family.parties:
                for name in block.rules:
                    rule = book.rule_index.get(name, -1)
                    if (p, rule) in cp.by_party and extra[p]:
                        total.extend(cp.by_party[p, rule], int(extra[p]) * int(book.weight[rule]))
        which, row, value = family.shared.gather(np.arange(len(family.options)))
        price = np.zeros(len(family.options), dtype=np.int64)
        np.add.at(price, which, -prices.dual[row] * value)
        for variable, amount in zip(cp.take[0], price.tolist(), strict=True):
            if amount:
                total.add(variable, amount)
        cp.model.minimize(total.expression())
        solver = small_solver()
        solver.parameters.max_deterministic_time = WORK[effort - 1]
        status = solver.solve(cp.model)
        if status == cp_model.INFEASIBLE:
            return Found(NEVER, np.zeros(0, dtype=np.int64), cut, 0)
        least, _ = total.limits()
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Found(NEVER, np.zeros(0, dtype=np.int64), min(least, cut), 0)
        best = round(solver.objective_value)
        # CP-SAT works in integers; beyond 2^53 a double may have lost the last of them
        slack = 0 if abs(best) < 1 << 53 else abs(best) >> 50
        bound = min(math.floor(solver.best_objective_bound + 1e-6) - slack, best, cut)
        if best >= cut:
            return Found(NEVER, np.zeros(0, dtype=np.int64), bound, 0)
        return Found(best, cp.chosen(solver.response_proto.solution)[0], bound, 0)
