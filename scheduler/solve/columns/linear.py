"""Two ways to solve a linear program that grows: the simplex method, which goes on after new variables, and an interior-point
method, which starts anew each time but takes about as long however degenerate it is, and whose prices lie in the middle of
what is optimal: fewer rounds of columns follow from these than from a corner's (Gondzio, González-Brevis and Munari 2013, *New
developments in the primal–dual column generation technique*).
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp
from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers import highs_pb2

Floats = NDArray[np.float64]

#: Seconds between two looks at whether to stop.
WATCH_S = 0.05


class Point(NamedTuple):
    """An optimal solution: value, how much of each variable, price of each row."""

    value: float
    take: Floats
    price: Floats


class Linear(ABC):
    """A linear program to be minimised; variables and rows are known by their number.

    Attributes
    ----------
    central
        Whether prices lie in the middle of what is optimal.
    """

    central: bool

    @abstractmethod
    def variable(self, lo: float, hi: float, cost: float) -> int:
        """A new variable."""

    @abstractmethod
    def row(self, lo: float, hi: float) -> int:
        """A new row without entries."""

    @abstractmethod
    def enter(self, row: int, variable: int, value: float) -> None:
        """Put a variable into a row."""

    @abstractmethod
    def reprice(self, variable: int, cost: float) -> None:
        """Change what a variable costs."""

    @abstractmethod
    def solve(self, time_limit_s: float, stop: threading.Event) -> Point | None:
        """The optimum; None if time was up, it was told to stop, or numbers went astray."""


class Simplex(Linear):
    """GLOP, which goes on where it was."""

    central = False

    def __init__(self) -> None:
        self.lp = pywraplp.Solver.CreateSolver("GLOP")
        self.lp.SetSolverSpecificParametersAsString("use_preprocessing: false use_scaling: false")
        self.objective = self.lp.Objective()
        self.objective.SetMinimization()
        self.variables: list[pywraplp.Variable] = []
        self.rows: list[pywraplp.Constraint] = []

    def variable(self, lo: float, hi: float, cost: float) -> int:
        self.variables.append(self.lp.NumVar(lo, hi, ""))
        if cost:
            self.objective.SetCoefficient(self.variables[-1], cost)
        return len(self.variables) - 1

    def row(self, lo: float, hi: float) -> int:
        self.rows.append(self.lp.Constraint(lo, hi))
        return len(self.rows) - 1

    def enter(self, row: int, variable: int, value: float) -> None:
        self.rows[row].SetCoefficient(self.variables[variable], value)

    def reprice(self, variable: int, cost: float) -> None:
        self.objective.SetCoefficient(self.variables[variable], cost)

    def solve(self, time_limit_s: float, stop: threading.Event) -> Point | None:
        self.lp.SetTimeLimit(max(1, int(1000 * time_limit_s)))
        with _interrupting(self.lp, stop):
            status = self.lp.Solve()
        if status != pywraplp.Solver.OPTIMAL:
            return None
        take = np.array([v.solution_value() for v in self.variables])
        return Point(self.objective.Value(), take, np.array([r.dual_value() for r in self.rows]))


class Barrier(Linear):
    """The interior-point method of HiGHS, without a way to a corner."""

    central = True

    def __init__(self) -> None:
        self.model = mathopt.Model()
        self.variables: list[mathopt.Variable] = []
        self.rows: list[mathopt.LinearConstraint] = []

    def variable(self, lo: float, hi: float, cost: float) -> int:
        self.variables.append(self.model.add_variable(lb=lo, ub=hi))
        if cost:
            self.model.objective.set_linear_coefficient(self.variables[-1], cost)
        return len(self.variables) - 1

    def row(self, lo: float, hi: float) -> int:
        self.rows.append(self.model.add_linear_constraint(lb=lo, ub=hi))
        return len(self.rows) - 1

    def enter(self, row: int, variable: int, value: float) -> None:
        self.rows[row].set_coefficient(self.variables[variable], value)

    def reprice(self, variable: int, cost: float) -> None:
        self.model.objective.set_linear_coefficient(self.variables[variable], cost)

    def solve(self, time_limit_s: float, stop: threading.Event) -> Point | None:
        if stop.is_set() or time_limit_s <= 0:
            return None
        options = highs_pb2.HighsOptionsProto(string_options={"solver": "ipx", "run_crossover": "off"})
        parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=min(time_limit_s, 1e6)), highs=options)
        try:
            found = mathopt.solve(self.model, mathopt.SolverType.HIGHS, params=parameters)
        except Exception:  # what HiGHS cannot tell (say, almost optimal) comes as exceptions of many classes
            return None
        if found.termination.reason != mathopt.TerminationReason.OPTIMAL or not found.has_dual_feasible_solution():
            return None
        take = np.array(found.variable_values(self.variables))
        return Point(found.objective_value(), take, np.array(found.dual_values(self.rows)))


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
