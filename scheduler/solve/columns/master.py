"""The linear master: a share of each column, so that the shared rows hold at the least cost."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from scheduler.offers.days import BoolArray
from scheduler.rules.statements import FREE
from scheduler.solve.columns.pool import Column
from scheduler.solve.columns.shared import Shared

Floats = NDArray[np.float64]

#: Seconds between two looks at whether to stop.
WATCH_S = 0.05
#: More than this is left open.
OPEN = 1e-7


@contextmanager
def _interrupting(lp: pywraplp.Solver, stop: threading.Event) -> Iterator[None]:
    """End a solve as soon as it is told to stop."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(WATCH_S):
            if stop.is_set():
                lp.InterruptSolve()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


class Relaxed(NamedTuple):
    """A solution: its value, duals of lower and upper limits of the shared rows, shares of columns."""

    value: float
    lower: Floats
    upper: Floats
    share: Floats


class Master:
    """The linear relaxation over the columns added so far.

    Every row that can bind is there from the beginning: the simplex method goes on after new columns, not after new rows. What is
    hard can be left open at the price `artificial`, so that there always is a solution. At first nothing that is left open costs
    more than `most`, so that prices stay near those that are known to be good.
    """

    def __init__(self, shared: Shared, blocks: int, artificial: float, most: float = math.inf) -> None:
        self.shared, self.artificial, self.most = shared, artificial, most
        self.cheap = False
        self.governed = shared.governed & ~_needless_gates(shared)
        self.lo = np.where(self.governed | ~shared.governed, shared.lo, -FREE)
        self.hi = shared.hi
        self.open: list[tuple[pywraplp.Variable, float]] = []
        self.lp = pywraplp.Solver.CreateSolver("GLOP")
        self.lp.SetSolverSpecificParametersAsString("use_preprocessing: false use_scaling: false")
        self.infinity = self.lp.infinity()
        self.objective = self.lp.Objective()
        self.objective.SetMinimization()
        self.one = [self.lp.Constraint(1.0, 1.0) for _ in range(blocks)]
        for row in self.one:
            row.SetCoefficient(self._variable(0.0, self.infinity, artificial * 10), 1.0)
        rows = shared.rows
        self.gates = [self._variable(0.0, 1.0, 0.0) for _ in range(rows.n_gates)]
        self.vars = [
            self._variable(float(lo), float(hi), float(cost))
            for lo, hi, cost in zip(shared.var_lo.tolist(), shared.var_hi.tolist(), shared.var_cost.tolist(), strict=True)
        ]
        self.lower: dict[int, pywraplp.Constraint] = {}
        self.upper: dict[int, pywraplp.Constraint] = {}
        self.columns: list[Column] = []
        self.variables: list[pywraplp.Variable] = []
        asks = self.governed | (self.lo > -FREE) | (np.diff(rows.vars.start) > 0) | (np.diff(rows.gates.start) > 0)
        asks |= self.hi < shared.largest
        for block, _ in shared.blocks:
            asks[block.terms.row] = True
        for k in np.flatnonzero(asks).tolist():
            self._enter(k)

    def _variable(self, lo: float, hi: float, cost: float) -> pywraplp.Variable:
        variable = self.lp.NumVar(lo, hi, "")
        if cost:
            self.objective.SetCoefficient(variable, cost)
        return variable

    def _enter(self, k: int) -> None:
        """Put row k into the model."""
        shared, rows = self.shared, self.shared.rows
        terms = [(self.gates[g], float(v)) for g, v in rows.gates.entries(k)]
        terms += [(self.vars[g], float(v)) for g, v in rows.vars.entries(k)]
        gate = self.gates[shared.gate[k]] if self.governed[k] else None
        for sides, limit, price, sign in (
            (self.lower, int(self.lo[k]), int(shared.under[k]), 1.0),
            (self.upper, int(self.hi[k]), int(shared.over[k]), -1.0),
        ):
            if abs(limit) >= FREE:
                continue
            side = 0.0 if gate is not None else float(limit)
            row = self.lp.Constraint(side if sign > 0 else -self.infinity, side if sign < 0 else self.infinity)
            for variable, value in terms:
                row.SetCoefficient(variable, value)
            if gate is not None:
                row.SetCoefficient(gate, -float(limit))
            cost = float(price) if price >= 0 else self.artificial
            left_open = self._variable(0.0, self.infinity, min(cost, self.most))
            self.open.append((left_open, cost))
            row.SetCoefficient(left_open, sign)
            sides[k] = row

    def add(self, column: Column) -> None:
        """Add a column."""
        variable = self._variable(0.0, self.infinity, float(column.cost))
        self.columns.append(column)
        self.variables.append(variable)
        self.one[column.family].SetCoefficient(variable, 1.0)
        for k, value in zip(column.all_rows.tolist(), column.all_load.astype(float).tolist(), strict=True):
            if k in self.lower:
                self.lower[k].SetCoefficient(variable, value)
            if k in self.upper:
                self.upper[k].SetCoefficient(variable, value)

    def dearer(self, factor: float) -> bool:
        """Make dearer what the latest solution leaves open for less than its price; whether there was anything."""
        if self.cheap:
            self.most *= factor
            for variable, cost in self.open:
                self.objective.SetCoefficient(variable, min(cost, self.most))
        return self.cheap

    def solve(self, time_limit_s: float, stop: threading.Event) -> Relaxed | None:
        """Solve over all columns so far. None if time was up or it was told to stop."""
        self.lp.SetTimeLimit(max(1, int(1000 * time_limit_s)))
        with _interrupting(self.lp, stop):
            status = self.lp.Solve()
        if status != pywraplp.Solver.OPTIMAL:
            return None
        share = np.array([v.solution_value() for v in self.variables])
        self.cheap = any(cost > self.most and v.solution_value() > OPEN for v, cost in self.open)
        duals = []
        for sides in (self.lower, self.upper):
            values = np.zeros(len(self.shared.rows))
            for k, row in sides.items():
                values[k] = row.dual_value()
            duals.append(values)
        return Relaxed(self.lp.Objective().Value(), duals[0], duals[1], share)


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
