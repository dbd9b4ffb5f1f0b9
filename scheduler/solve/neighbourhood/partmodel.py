"""A part of the book as a CP-SAT model: what a few families can do, level after level, while all others stay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scheduler.model.cp import CpModel, Sum
from scheduler.model.evaluate import row_load
from scheduler.model.linear import Linear
from scheduler.model.part import Part
from scheduler.model.standing import Standing, wrong_units
from scheduler.offers.days import IntArray

#: Stands for the rule that hard rows which are broken now should be kept.
WRONG = -1


class PartModel(CpModel):
    """One CP-SAT model of a part; what its families do now is always possible, at a price where it breaks hard rows."""

    def __init__(self, standing: Standing, part: Part) -> None:
        super().__init__(standing.book, (), shared=False)
        self._spare: IntArray | None = None
        self._shared = [Sum(constant=constant) for constant in part.constant.tolist()]
        for f, family, kept in zip(part.picked, part.families, part.kept, strict=True):
            if standing.wrong_of[f]:
                now = np.searchsorted(kept, standing.chosen[f])
                self._spare = wrong_units(family.rows, row_load(family.rows, now, len(kept)))
            self._add_family(family)
            self._spare = None
        for rules, terms in part.measures:
            for row, party, value in zip(*terms.as_lists(), strict=True):
                for rule in rules:
                    if (party, rule) in self.by_party:
                        self._shared[row].extend(self.by_party[party, rule], value * int(self.book.weight[rule]))
        self._spare = part.wrong
        self._add_linear(part.rows, self._shared, None)

    def _add_row(self, rows: Linear, k: int, total: Sum, owner: int | None) -> None:
        spare = int(self._spare[k]) if self._spare is not None else 0
        if spare:
            for sign in (1, -1):
                slack = self.model.new_int_var(0, spare, "")
                total.add(slack, sign, 0, spare)
                self.cost[WRONG].add(slack, 1, 0, spare)
        super()._add_row(rows, k, total, owner)

    def objectives(self, levels: Sequence[int]) -> list[Sum]:
        """What is to be minimised, one after another: broken units, then the given levels."""
        return [self.cost[WRONG], *(self.objective(level) for level in levels)]

    def objective(self, level: int) -> Sum:
        total = Sum()
        for rule, cost in self.cost.items():
            if rule != WRONG and self.book.level[rule] == level and self.book.weight[rule]:
                total.extend(cost, int(self.book.weight[rule]))
        return total
