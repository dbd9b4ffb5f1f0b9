"""The linear relaxation of a written-out program, solved again and again in other boxes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from scheduler.offers.days import IntArray
from scheduler.rules.statements import FREE
from scheduler.solve.columns.program import Box, Program

Floats = NDArray[np.float64]

#: One solution takes no longer.
LONGEST_S = 600.0


class Point(NamedTuple):
    """A solution: how much of everything, and prices of the rows (none below 0, as a row only limits)."""

    value: float
    take: Floats
    prices: Floats


class Relaxation:
    """A program's relaxation in GLOP: the dual simplex method goes on where it was when only limits change.

    Every row can be left open at the price `artificial`, so that there always is a solution: where there is none in truth, the
    prices prove a bound beyond anything of interest.
    """

    def __init__(self, program: Program, artificial: float) -> None:
        self.program = program
        lp = self.lp = pywraplp.Solver.CreateSolver("GLOP")
        lp.SetSolverSpecificParametersAsString("use_dual_simplex: true use_preprocessing: false")
        self.infinity = lp.infinity()
        objective = lp.Objective()
        objective.SetMinimization()

        def variable(lo: float, hi: float, cost: float) -> pywraplp.Variable:
            made = lp.NumVar(lo, hi, "")
            objective.SetCoefficient(made, cost)
            return made

        box = program.box
        self.lo, self.hi, self.limits = box.lo.copy(), box.hi.copy(), program.limits(box)
        self.take = [
            variable(float(lo), float(hi) if j >= program.gates else self.infinity, float(cost))
            for j, (lo, hi, cost) in enumerate(zip(box.lo.tolist(), box.hi.tolist(), program.cost.tolist(), strict=True))
        ]
        one = [lp.Constraint(1.0, 1.0) for _ in range(program.blocks)]
        for row in one:
            row.SetCoefficient(variable(0.0, self.infinity, artificial), 1.0)
        for column, b in zip(self.take, program.block.tolist(), strict=False):
            one[b].SetCoefficient(column, 1.0)
        self.rows = [lp.Constraint(-self.infinity, self._limit(hi)) for hi in self.limits.tolist()]
        for row, price in zip(self.rows, program.price.tolist(), strict=True):
            row.SetCoefficient(variable(0.0, self.infinity, float(price) if price >= 0 else artificial), -1.0)
        for k, j, value in zip(program.row.tolist(), program.column.tolist(), program.value.tolist(), strict=True):
            self.rows[k].SetCoefficient(self.take[j], value)

    def _limit(self, hi: int) -> float:
        return float(hi) if hi < FREE else self.infinity

    def solve(self, box: Box, time_limit_s: float) -> Point | None:
        """The solution in a box; None if time was up or numbers went astray."""
        self._move(box, self.program.limits(box))
        self.lp.SetTimeLimit(max(1, int(1000 * min(time_limit_s, LONGEST_S))))
        if self.lp.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        take = np.array([v.solution_value() for v in self.take])
        prices = np.array([-row.dual_value() for row in self.rows])
        return Point(self.lp.Objective().Value(), take, prices)

    def _move(self, box: Box, limits: IntArray) -> None:
        gates = self.program.gates
        for j in np.flatnonzero((box.lo != self.lo) | (box.hi != self.hi)).tolist():
            most = float(box.hi[j]) if j >= gates or box.hi[j] <= 0 else self.infinity
            self.take[j].SetBounds(float(box.lo[j]), most)
        for k in np.flatnonzero(limits != self.limits).tolist():
            self.rows[k].SetUb(self._limit(int(limits[k])))
        self.lo, self.hi, self.limits = box.lo.copy(), box.hi.copy(), limits
