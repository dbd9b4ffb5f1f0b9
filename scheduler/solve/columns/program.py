"""An enumerated problem written out: every column that can matter, gates and variables, in rows Σ a·x ≤ b of whole numbers.

What is concluded from a row or from prices of rows holds for every schedule: all sums are whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.model.linear import Matrix
from scheduler.offers.days import BoolArray, IntArray
from scheduler.rules.statements import FREE, Terms
from scheduler.solve.columns.pool import Column
from scheduler.solve.columns.shared import Shared

Floats = NDArray[np.float64]

#: One unit of cost in units of price.
FINE = 1 << 20
#: More than any sum.
MUCH = 1 << 60
#: Rows are gone through so often for what they rule out.
PASSES = 6


@dataclass(frozen=True, eq=False)
class Box:
    """Limits of what is chosen: columns (0 or 1; a column of `hi` 0 is ruled out), then gates, then variables."""

    lo: IntArray
    hi: IntArray

    def copy(self) -> Box:
        """A box that can be changed by itself."""
        return Box(self.lo.copy(), self.hi.copy())


@dataclass(frozen=True, eq=False)
class Certified:
    """What prices prove: a bound in units of price, and what all costs at them (of a column, how much more than the least)."""

    bound: int
    cost: IntArray


class Program:
    """Columns, gates and variables under the shared rows.

    Attributes
    ----------
    columns, block
        The columns, and the block of each, of which it takes exactly one.
    cost, box
        Cost of everything, and its limits: columns first, then gates (from number `gates`), then variables (from `vars`).
    rows, hi, price
        The rows, their upper limits, and what a unit beyond costs (−1: not to be had).
    """

    def __init__(self, shared: Shared, columns: Sequence[Column], gates: Box | None = None) -> None:
        self.shared, self.columns = shared, list(columns)
        self.block = np.array([c.family for c in columns], dtype=np.int64)
        self.blocks = len(shared.blocks_of.blocks)
        self.gates = len(columns)
        self.vars = self.gates + shared.rows.n_gates
        self.size = self.vars + len(shared.var_lo)
        none = np.zeros(self.vars, dtype=np.int64)
        self.cost = np.concatenate([[c.cost for c in columns], none[self.gates :], shared.var_cost]).astype(np.int64)
        self.box = Box(np.concatenate([none, shared.var_lo]), np.concatenate([none + 1, shared.var_hi]))
        if gates is not None:
            self.box.lo[self.gates :], self.box.hi[self.gates :] = gates.lo, gates.hi
        terms, self.hi, self.price = self._sides(_all_terms(shared, columns, self.gates, self.vars))
        self._order(*self._rounded(terms))

    def narrowed(self, box: Box) -> Program:
        """What is left of it in a box."""
        left = np.flatnonzero(box.hi[: self.gates] > 0)
        rest = Box(box.lo[self.gates :], box.hi[self.gates :])
        return Program(self.shared, [self.columns[j] for j in left.tolist()], rest)

    def _sides(self, sums: Terms) -> tuple[Terms, IntArray, IntArray]:
        """Lower and upper limits as upper limits, with their gates on the left; of plain rows gaps are closed by rounding."""
        shared = self.shared
        parts, limits, prices, first = [], [], [], 0
        for limit, price, sign in ((shared.lo, shared.under, -1), (shared.hi, shared.over, 1)):
            binds = (np.bincount(sums.row, minlength=len(limit)) > 0) | (sign * limit < 0)
            there = np.flatnonzero((np.abs(limit) < FREE) & binds)
            number = np.full(len(limit), -1, dtype=np.int64)
            number[there] = first + np.arange(len(there))
            keep = number[sums.row] >= 0
            parts.append(Terms(number[sums.row[keep]], sums.column[keep], sign * sums.value[keep]))
            ruled = there[shared.governed[there]]
            parts.append(Terms(number[ruled], self.gates + shared.gate[ruled], -sign * limit[ruled]))
            limits.append(np.where(shared.governed[there], 0, sign * limit[there]))
            prices.append(price[there])
            first += len(there)
        return _added(parts), np.concatenate(limits), np.concatenate(prices)

    def _rounded(self, terms: Terms) -> tuple[Terms, IntArray]:
        """Add to a hard row with one variable the row of all else divided by what it has in common.

        Where loads are multiples of 12, no load is between 36 and 48: the new row follows what the variable is limited to.
        Its limit is (`offset` + `factor` · upper limit of `variable`) ÷ `divisor`, rounded down.
        """
        of_var = terms.column >= self.vars
        alone = (np.bincount(terms.row[of_var], minlength=len(self.hi)) == 1) & (self.price < 0)
        entry = np.flatnonzero(of_var & alone[terms.row] & (terms.value < 0))
        matrix = Matrix.of(terms, len(self.hi))
        parts, found = [terms], list[tuple[int, int, int, int]]()
        for e in entry.tolist():
            columns, values = matrix.row(int(terms.row[e]))
            rest = columns < self.vars
            divisor = int(np.gcd.reduce(values[rest])) if rest.any() else 1
            if divisor > 1:
                row = np.full(int(rest.sum()), len(self.hi) + len(found), dtype=np.int64)
                parts.append(Terms(row, columns[rest], values[rest] // divisor))
                found.append((int(terms.row[e]), int(terms.column[e]), -int(terms.value[e]), divisor))
        self.origin, self.variable, self.factor, self.divisor = np.array(found, dtype=np.int64).reshape(-1, 4).T
        self.price = np.concatenate([self.price, np.full(len(found), -1)])
        return _added(parts), np.concatenate([self.hi, np.full(len(found), FREE)])

    def _order(self, terms: Terms, hi: IntArray) -> None:
        """Keep entries by row and block, and where each block's stretch of a row begins; rows that cannot bind lose theirs."""
        self.hi, self.derived = hi, np.arange(len(hi) - len(self.origin), len(hi))
        binds = self._most(terms) > hi
        binds[self.derived] = binds[self.origin]
        keep = binds[terms.row]
        terms, self.hi = Terms(terms.row[keep], terms.column[keep], terms.value[keep]), np.where(binds, hi, FREE)
        owner = np.where(terms.column < self.gates, np.append(self.block, 0)[np.minimum(terms.column, self.gates)], 0)
        owner = np.where(terms.column < self.gates, owner, self.blocks + terms.column)
        order = np.lexsort((owner, terms.row))
        self.row, self.column, self.value = terms.row[order], terms.column[order], terms.value[order]
        self.rows = Matrix.of(Terms(self.row, self.column, self.value), len(hi))
        self.of_column = self.column < self.gates
        key = self.row * (self.blocks + self.size) + owner[order]
        self.first = np.flatnonzero(np.diff(key, prepend=-1))
        self.stretch = np.repeat(np.arange(len(self.first)), np.diff(np.append(self.first, len(key))))
        self.stretch_row, self.stretch_block = self.row[self.first], owner[order][self.first]
        weight = np.zeros(self.size)
        np.add.at(weight, self.column, np.abs(self.value))
        #: Prices up to this keep all sums of 64 bits within their range.
        self.most_price = int(MUCH / 4 / max(1.0, float(weight.max(initial=0))))

    def _most(self, terms: Terms) -> IntArray:
        """What rows can come to at most, each block taking one column."""
        most = np.zeros(len(self.hi), dtype=np.int64)
        column = terms.column < self.gates
        key = terms.row[column] * self.blocks + self.block[terms.column[column]]
        found, where = np.unique(key, return_inverse=True)
        largest = np.zeros(len(found), dtype=np.int64)
        np.maximum.at(largest, where.ravel(), terms.value[column])
        np.add.at(most, found // max(self.blocks, 1), largest)
        row, thing, value = terms.row[~column], terms.column[~column], terms.value[~column]
        np.add.at(most, row, np.maximum(value * self.box.lo[thing], value * self.box.hi[thing]))
        return most

    def limits(self, box: Box) -> IntArray:
        """Upper limits of the rows in a box."""
        hi = self.hi.copy()
        follows = (self.hi[self.origin] + self.factor * box.hi[self.variable]) // self.divisor
        hi[self.derived] = np.where(self.hi[self.origin] < FREE, follows, FREE)
        return hi

    def propagate(self, box: Box) -> bool:
        """Rule out what rows do not allow in this box, which is changed; False if nothing is left."""
        hard = self.price < 0
        for _ in range(PASSES):
            alive = box.hi[self.column] > 0
            count = np.bincount(self.block[box.hi[: self.gates] > 0], minlength=self.blocks)
            if not count.all():
                return False
            extreme = np.where(self.value > 0, self.value * box.lo[self.column], self.value * box.hi[self.column])
            least = np.where(self.of_column, np.where(alive, self.value, MUCH), extreme)
            of_stretch = np.minimum.reduceat(least, self.first) if len(self.first) else least
            # a block that has other columns, too, can add nothing
            theirs = np.add.reduceat((alive & self.of_column).astype(np.int64), self.first) if len(self.first) else least
            free = self.stretch_block < self.blocks
            free[free] = theirs[free] < count[self.stretch_block[free]]
            of_stretch = np.where(free, np.minimum(of_stretch, 0), of_stretch)
            sums = np.zeros(len(self.hi), dtype=np.int64)
            np.add.at(sums, self.stretch_row, of_stretch)
            room = np.where(hard, self.limits(box) - sums, MUCH)
            if (room < 0).any():
                return False
            left = room[self.row]
            out = self.of_column & alive & (self.value - of_stretch[self.stretch] > left)
            box.hi[self.column[out]] = 0
            if not self._narrow(box, left) and not out.any():
                return True
            if (box.lo > box.hi).any():
                return False
        return True

    def _narrow(self, box: Box, left: IntArray) -> bool:
        """Limits of gates and variables that follow from what is left in each entry's row; whether there are any."""
        other = np.flatnonzero(~self.of_column & (left < MUCH))
        column, value, left = self.column[other], self.value[other], left[other]
        hi, lo = box.hi.copy(), box.lo.copy()
        up = value > 0
        np.minimum.at(hi, column[up], box.lo[column[up]] + left[up] // value[up])
        np.maximum.at(lo, column[~up], box.hi[column[~up]] - left[~up] // -value[~up])
        changed = bool((hi < box.hi).any() or (lo > box.lo).any())
        box.hi[:], box.lo[:] = hi, lo
        return changed

    def certified(self, prices: Floats, box: Box) -> Certified:
        """What any prices of the rows prove in a box (Lagrange), in whole numbers.

        Prices below 0, of rows without a limit, and above what an excess costs are cut.
        """
        limits = self.limits(box)
        whole = np.trunc(np.clip(prices, 0, self.most_price / FINE) * FINE).astype(np.int64)
        whole = np.where(self.price >= 0, np.minimum(whole, FINE * np.minimum(self.price, self.most_price // FINE)), whole)
        whole[limits >= FREE] = 0
        cost = FINE * self.cost
        np.add.at(cost, self.column, whole[self.row] * self.value)
        least = np.full(self.blocks, MUCH)
        alive = box.hi[: self.gates] > 0
        np.minimum.at(least, self.block[alive], cost[: self.gates][alive])
        paid = np.flatnonzero(whole)
        total = sum(least.tolist()) - sum(u * b for u, b in zip(whole[paid].tolist(), limits[paid].tolist(), strict=True))
        rest = zip(*(x[self.gates :].tolist() for x in (cost, box.lo, box.hi)), strict=True)
        total += sum(min(c * a, c * b) for c, a, b in rest)
        cost[: self.gates] -= least[self.block]
        return Certified(total, cost)

    def reduce(self, found: Certified, below: int, box: Box) -> bool:
        """Rule out what no schedule that costs less than `below`, which is above the bound, can have; whether there is such."""
        gap = min((below - 1) * FINE - found.bound, MUCH)
        before = int(box.hi.sum()) - int(box.lo.sum())
        box.hi[: self.gates][found.cost[: self.gates] > gap] = 0
        cost, lo, hi = found.cost[self.gates :], box.lo[self.gates :], box.hi[self.gates :]
        up, down = cost > 0, cost < 0
        most = np.where(up, lo + gap // np.maximum(cost, 1), hi)
        least = np.where(down, hi - gap // np.maximum(-cost, 1), lo)
        lo[:], hi[:] = np.maximum(lo, least), np.minimum(hi, most)
        return int(box.hi.sum()) - int(box.lo.sum()) < before


def _all_terms(shared: Shared, columns: Sequence[Column], gates: int, variables: int) -> Terms:
    """What columns, gates and variables add to the shared rows."""
    rows, none = shared.rows, np.zeros(0, dtype=np.int64)
    return _added(
        [
            Terms(
                np.concatenate([none, *(c.all_rows for c in columns)]),
                np.repeat(np.arange(len(columns)), [len(c.all_rows) for c in columns]),
                np.concatenate([none, *(c.all_load for c in columns)]),
            ),
            Terms(rows.gates.row_of_entry, rows.gates.column + gates, rows.gates.value),
            Terms(rows.vars.row_of_entry, rows.vars.column + variables, rows.vars.value),
        ]
    )


def _added(parts: Sequence[Terms]) -> Terms:
    """Sums of terms; what comes to nothing is left out."""
    row, column, value = (np.concatenate([getattr(t, name) for t in parts]) for name in ("row", "column", "value"))
    width = int(column.max(initial=0)) + 1
    key, where = np.unique(row * width + column, return_inverse=True)
    total = np.zeros(len(key), dtype=np.int64)
    np.add.at(total, where.ravel(), value)
    keep = total != 0
    return Terms(key[keep] // width, key[keep] % width, total[keep])


def alive(program: Program, box: Box) -> BoolArray:
    """Columns that are not ruled out."""
    found: BoolArray = box.hi[: program.gates] > 0
    return found
