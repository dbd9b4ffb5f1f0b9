"""The linear master: a share of each column, so that the shared rows hold at the least cost."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from scheduler.offers.days import BoolArray, IntArray
from scheduler.rules.statements import FREE
from scheduler.solve.columns.linear import Barrier, Floats, Linear, Simplex
from scheduler.solve.columns.pool import Column
from scheduler.solve.columns.shared import Shared

#: With more rows than this the simplex method would take longer to go on than the interior-point method to start anew.
LARGE = 4_000
#: More than this is left open; less than this of a column is nothing.
OPEN, NOTHING = 1e-5, 1e-6


class Relaxed(NamedTuple):
    """A solution: its value, duals of lower and upper limits of the shared rows, shares of columns."""

    value: float
    lower: Floats
    upper: Floats
    share: Floats


class Master:
    """The linear relaxation over the columns added so far.

    Every row that can bind is there from the beginning: the simplex method goes on after new columns, not after new rows. A large
    one is solved by an interior-point method instead. What is hard can be left open at the price `artificial`, so that there
    always is a solution. At first what a row leaves open costs no more than its `most`, so that prices stay near those that are
    known to be good (du Merle, Villeneuve, Desrosiers and Hansen 1999, *Stabilized column generation*).

    Parameters
    ----------
    blocks
        Whose columns will be added.
    only, price
        Rows that are in it (None: all), and prices at which the others are paid.
    """

    def __init__(
        self,
        shared: Shared,
        blocks: Sequence[int],
        artificial: float,
        most: Floats | None = None,
        only: IntArray | None = None,
        price: Floats | None = None,
    ) -> None:
        self.shared, self.artificial = shared, artificial
        self.most = np.full(len(shared.rows), math.inf) if most is None else most
        rows, n = shared.rows, len(shared.rows)
        inside = np.full(n, only is None)
        if only is not None:
            inside[only] = True
        self.price = np.zeros(n) if price is None else np.where(inside, 0.0, price)
        self.governed = shared.governed & ~_needless_gates(shared)
        self.lo = np.where(self.governed | ~shared.governed, shared.lo, -FREE)
        self.hi = shared.hi
        #: What is left open: its price at present, and what it really costs; those that are too cheap at the latest solution.
        self.open: list[tuple[int, float, float]] = []
        self.cheap: list[int] = []
        asks = self.governed | (self.lo > -FREE) | (np.diff(rows.vars.start) > 0) | (np.diff(rows.gates.start) > 0)
        asks |= self.hi < shared.largest
        for block, _ in shared.blocks:
            asks[block.terms.row] = True
        asks &= inside
        self.lp: Linear = Barrier() if len(blocks) + asks.sum() > LARGE else Simplex()
        self.one = {b: self.lp.row(1.0, 1.0) for b in blocks}
        for row in self.one.values():
            self.lp.enter(row, self.lp.variable(0.0, math.inf, artificial * 10), 1.0)
        cost_of_gate = np.zeros(rows.n_gates)
        np.add.at(cost_of_gate, rows.gates.column, -self.price[rows.gates.row_of_entry] * rows.gates.value)
        mine = np.zeros(rows.n_gates, dtype=bool)
        mine[shared.gate[self.governed & inside]] = True
        self.gates = {g: self.lp.variable(0.0, 1.0, float(cost_of_gate[g])) for g in np.flatnonzero(mine).tolist()}
        self.vars = {
            v: self.lp.variable(float(shared.var_lo[v]), float(shared.var_hi[v]), float(shared.var_cost[v]))
            for v in np.unique(rows.vars.column[inside[rows.vars.row_of_entry]]).tolist()
        }
        self.lower: dict[int, int] = {}
        self.upper: dict[int, int] = {}
        self.columns: list[int] = []
        for k in np.flatnonzero(asks).tolist():
            self._enter(k)

    def _enter(self, k: int) -> None:
        """Put row k into the model."""
        shared, rows = self.shared, self.shared.rows
        terms = [(self.gates[g], float(v)) for g, v in rows.gates.entries(k) if g in self.gates]
        terms += [(self.vars[g], float(v)) for g, v in rows.vars.entries(k)]
        gate = self.gates[shared.gate[k]] if self.governed[k] else None
        for sides, limit, price, sign in (
            (self.lower, int(self.lo[k]), int(shared.under[k]), 1.0),
            (self.upper, int(self.hi[k]), int(shared.over[k]), -1.0),
        ):
            if abs(limit) >= FREE:
                continue
            side = 0.0 if gate is not None else float(limit)
            row = self.lp.row(side if sign > 0 else -math.inf, side if sign < 0 else math.inf)
            for variable, value in terms:
                self.lp.enter(row, variable, value)
            if gate is not None:
                self.lp.enter(row, gate, -float(limit))
            cost = float(price) if price >= 0 else self.artificial
            now = min(cost, float(self.most[k]))
            left_open = self.lp.variable(0.0, math.inf, now)
            self.open.append((left_open, now, cost))
            self.lp.enter(row, left_open, sign)
            sides[k] = row

    def add(self, column: Column) -> None:
        """Add a column."""
        paid = float((self.price[column.all_rows] * column.all_load).sum())
        variable = self.lp.variable(0.0, math.inf, float(column.cost) - paid)
        self.columns.append(variable)
        self.lp.enter(self.one[column.family], variable, 1.0)
        for k, value in zip(column.all_rows.tolist(), column.all_load.astype(float).tolist(), strict=True):
            for side in (self.lower, self.upper):
                if k in side:
                    self.lp.enter(side[k], variable, value)

    def dearer(self, factor: float) -> bool:
        """Make dearer what the latest solution leaves open for less than its price; whether there was anything."""
        for i in self.cheap:
            variable, now, cost = self.open[i]
            self.open[i] = variable, min(cost, factor * now), cost
            self.lp.reprice(variable, self.open[i][1])
        return bool(self.cheap)

    def solve(self, time_limit_s: float, stop: threading.Event) -> Relaxed | None:
        """Solve over all columns so far. None if time was up or it was told to stop."""
        found = self.lp.solve(time_limit_s, stop)
        if found is None:
            return None
        share = found.take[self.columns]
        self.cheap = [i for i, (v, now, cost) in enumerate(self.open) if now < cost and found.take[v] > OPEN]
        duals = []
        for sides in (self.lower, self.upper):
            values = np.zeros(len(self.shared.rows))
            values[list(sides)] = found.price[list(sides.values())]
            duals.append(values)
        return Relaxed(found.value, duals[0], duals[1], np.where(share > NOTHING, share, 0.0))


def _needless_gates(shared: Shared) -> BoolArray:
    """Governed rows whose gates a linear relaxation can open just as far as it needs: nothing else depends on them."""
    rows = shared.rows
    found = shared.governed.copy()
    if rows.n_gates:
        governs = np.bincount(rows.gate[shared.governed], minlength=rows.n_gates)
        governs[rows.gates.column] = 2
        found[shared.governed] = governs[rows.gate[shared.governed]] == 1
        found &= shared.lo <= shared.hi
    return found
