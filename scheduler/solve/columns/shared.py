"""The shared rows as a linear master sees them, and the bound that follows from any prices of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.model import Book, FamilyBook
from scheduler.model.linear import Matrix
from scheduler.offers.days import IntArray
from scheduler.pricing.pricing import Prices
from scheduler.rules.statements import FREE, Terms
from scheduler.solve.columns.blocks import Blocks

Floats = NDArray[np.float64]

#: One unit of cost in units of price.
SCALE = 1 << 16
#: Prices of limits that nothing can meet would grow for ever; beyond this they are not followed.
MOST_PRICE = float(1 << 30)


@dataclass(frozen=True, eq=False)
class Duals:
    """Whole-number prices of the lower and upper limits of the shared rows, at least and at most 0."""

    lower: IntArray
    upper: IntArray

    @property
    def of_row(self) -> IntArray:
        """What one unit of each row's sum is worth."""
        return self.lower + self.upper


class Shared:
    """The shared rows of a book at one level, with prices multiplied by weights.

    Attributes
    ----------
    lo, hi, under, over, gate
        As in `Linear`; of governed rows `lo` is what an open gate asks for, and `hi` at most what all families could add.
    var_cost
        Weighted cost of a unit of each variable.
    largest
        What each row comes to if all its options are taken.
    """

    def __init__(self, book: Book, blocks: Blocks, most: IntArray, level: int) -> None:
        self.book, self.blocks_of, self.rows = book, blocks, blocks.joint
        rows = blocks.joint
        families = [block.book for block in blocks.blocks]
        self.weight = weight = np.where(book.level == level, book.weight, 0)
        self.gate = rows.gate
        self.governed = rows.gate >= 0
        self.largest = _largest(families, len(rows))
        self.most = most = np.minimum(most, self.largest)
        self.lo = np.where(self.governed, np.maximum(rows.lo, 1), rows.lo)
        self.hi = np.where(self.governed, np.minimum(rows.hi, np.maximum(most, 1)), rows.hi)
        price = weight[rows.rule]
        self.under = np.where(rows.under >= 0, rows.under * price, -1)
        self.over = np.where(rows.over >= 0, rows.over * price, -1)
        self.var_cost = rows.var_cost * weight[rows.var_rule] if len(rows.var_cost) else rows.var_cost
        self.var_lo, self.var_hi = rows.var_lo.copy(), rows.var_hi.copy()
        self.blocks = [(m, [book.rule_index[r] for r in m.rules if r in book.rule_index]) for m in rows.measures]
        parties = len(book.facts.parties)
        self._of_party = [Matrix.of(Terms(m.terms.column, m.terms.row, m.terms.value), parties) for m in rows.measures]
        #: Variables of rows that measure: whatever the families cost, these are never idle.
        in_measures = np.zeros(len(rows), dtype=bool)
        for m in rows.measures:
            in_measures[m.terms.row] = True
        self.measuring = np.unique(rows.vars.column[in_measures[rows.vars.row_of_entry]])

    def duals(self, lower: Floats, upper: Floats) -> Duals:
        """Whole prices as they can be: none for limits that do not exist, none beyond what a shortfall or excess costs."""
        below = np.trunc(np.clip(lower, 0, MOST_PRICE) * SCALE).astype(np.int64)
        above = np.trunc(np.clip(upper, -MOST_PRICE, 0) * SCALE).astype(np.int64)
        below = np.where(self.lo <= -FREE, 0, below)
        above = np.where(self.hi >= FREE, 0, above)
        below = np.where(self.under >= 0, np.minimum(below, SCALE * self.under), below)
        above = np.where(self.over >= 0, np.maximum(above, -SCALE * self.over), above)
        return self._affordable(Duals(below, above))

    def _affordable(self, duals: Duals) -> Duals:
        """Rows lowered so that no variable wins by growing without need (rounding would let it)."""
        rows = self.rows
        if not len(rows.var_lo):
            return duals
        price = duals.of_row
        row, column, value = rows.vars.row_of_entry, rows.vars.column, rows.vars.value
        spent = np.zeros(len(rows.var_lo), dtype=np.int64)
        np.add.at(spent, column, price[row] * value)
        budget = SCALE * self.var_cost
        factor = np.where(spent > budget, np.maximum(budget, 0) / np.maximum(spent, 1), 1.0)
        of_row = np.ones(len(rows))
        np.minimum.at(of_row, row, np.where(price[row] * value > 0, factor[column], 1.0))
        shrink = of_row < 1
        lower = np.where(shrink, np.floor(duals.lower * of_row * (1 - 1e-12)), duals.lower).astype(np.int64)
        upper = np.where(shrink, np.ceil(duals.upper * of_row * (1 - 1e-12)), duals.upper).astype(np.int64)
        return Duals(lower, upper)

    def measured(self, parties: Sequence[int], by_party: Mapping[tuple[int, int], int]) -> tuple[IntArray, IntArray]:
        """Rows that measure what rules cost some parties, and by how much that changes their sums."""
        row, value = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for (_, rules), terms in zip(self.blocks, self._of_party, strict=True):
            for p in parties:
                cost = sum(int(self.book.weight[r]) * by_party.get((p, r), 0) for r in rules)
                if cost:
                    rows, values = terms.row(p)
                    row.append(rows)
                    value.append(values * cost)
        return np.concatenate(row), np.concatenate(value)

    def tighten(self, least: Sequence[IntArray]) -> None:
        """Raise the lower limits of variables that measure; `least[b][p]` is what block b's rules cost party p at least."""
        rows = self.rows
        for (block, _), cost in zip(self.blocks, least, strict=True):
            for k, p, value in zip(*block.terms.as_lists(), strict=True):
                columns, factors = rows.vars.row(k)
                if len(columns) == 1 and factors[0] > 0 and value < 0 and rows.lo[k] > -FREE and rows.under[k] < 0:
                    v = int(columns[0])
                    need = int(rows.lo[k]) - value * int(cost[p])
                    self.var_lo[v] = min(max(int(self.var_lo[v]), -(-need // int(factors[0]))), int(self.var_hi[v]))

    def balanced(self, lower: Floats) -> Floats:
        """Prices of the rows that measure, multiplied so that their variables cost what they win."""
        rows = self.rows
        lower = lower.copy()
        for v in self.measuring.tolist():
            at = np.flatnonzero(rows.vars.column == v)
            row, value = rows.vars.row_of_entry[at], rows.vars.value[at]
            if self.var_cost[v] <= 0 or (value <= 0).any():
                continue
            spent = float((lower[row] * value).sum())
            if spent > 0:
                lower[row] *= self.var_cost[v] / spent
            else:
                lower[row] = self.var_cost[v] / value / len(row)
        return lower

    def prices(self, duals: Duals) -> Prices:
        """What families are priced with."""
        price = duals.of_row
        measured = []
        for block, _ in self.blocks:
            extra = np.zeros(len(self.book.facts.parties), dtype=np.int64)
            np.add.at(extra, block.terms.column, -price[block.terms.row] * block.terms.value)
            measured.append(extra)
        return Prices(SCALE, price, tuple(measured))

    def least(self, duals: Duals) -> int:
        """What limits, gates and variables come to at these prices, whatever the families do (in units of price)."""
        rows = self.rows
        plain = ~self.governed
        total = _dot(duals.lower[plain & (duals.lower != 0)], self.lo[plain & (duals.lower != 0)])
        total += _dot(duals.upper[plain & (duals.upper != 0)], self.hi[plain & (duals.upper != 0)])
        price = duals.of_row
        gate = np.zeros(rows.n_gates, dtype=np.int64)
        if rows.n_gates:
            k = np.flatnonzero(self.governed)
            np.add.at(gate, self.gate[k], duals.lower[k] * self.lo[k] + duals.upper[k] * self.hi[k])
            np.add.at(gate, rows.gates.column, -price[rows.gates.row_of_entry] * rows.gates.value)
            total += int(np.minimum(gate, 0).sum())
        if len(rows.var_lo):
            each = SCALE * self.var_cost
            np.add.at(each, rows.vars.column, -price[rows.vars.row_of_entry] * rows.vars.value)
            limits = zip(each.tolist(), self.var_lo.tolist(), self.var_hi.tolist(), strict=True)
            total += sum(min(c * a, c * b) for c, a, b in limits)
        return total

    def choice(self, duals: Duals) -> tuple[IntArray, IntArray]:
        """Gates and variables at which `least` is reached."""
        rows = self.rows
        price = duals.of_row
        gate = np.zeros(rows.n_gates, dtype=np.int64)
        if rows.n_gates:
            k = np.flatnonzero(self.governed)
            np.add.at(gate, self.gate[k], duals.lower[k] * self.lo[k] + duals.upper[k] * self.hi[k])
            np.add.at(gate, rows.gates.column, -price[rows.gates.row_of_entry] * rows.gates.value)
        each = SCALE * self.var_cost
        if len(rows.var_lo):
            np.add.at(each, rows.vars.column, -price[rows.vars.row_of_entry] * rows.vars.value)
        return (gate < 0).astype(np.int64), np.where(each < 0, self.var_hi, self.var_lo)

    def slope(self, duals: Duals, load: IntArray) -> tuple[IntArray, IntArray]:
        """How fast the bound rises with the price of each lower and upper limit, at what the families take (`load`)."""
        rows = self.rows
        gates, values = self.choice(duals)
        total = load.copy()
        np.add.at(total, rows.gates.row_of_entry, rows.gates.value * gates[rows.gates.column])
        np.add.at(total, rows.vars.row_of_entry, rows.vars.value * values[rows.vars.column])
        factor = np.where(self.governed, gates[self.gate], 1) if rows.n_gates else np.ones(len(rows), dtype=np.int64)
        lower = np.where(self.lo > -FREE, self.lo * factor - total, 0)
        upper = np.where(self.hi < FREE, self.hi * factor - total, 0)
        return lower, upper


def _largest(families: Sequence[FamilyBook], rows: int) -> IntArray:
    """At most so much all options of a row add to it, were they all taken."""
    total = np.zeros(rows, dtype=np.int64)
    for family in families:
        np.add.at(total, family.shared.column, np.maximum(family.shared.value, 0))
    return total


def _dot(a: IntArray, b: IntArray) -> int:
    """Σ a·b in whole numbers of any size."""
    return sum(x * y for x, y in zip(a.tolist(), b.tolist(), strict=True))
