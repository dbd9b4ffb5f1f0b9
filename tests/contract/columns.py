"""A small column generation over the same statements: a column is one party's whole schedule, priced by the label engine.

The master chooses one schedule for each party. Its rows are the shared rows, and of a family with several parties those rows
whose options belong to more than one of them; gates, variables, shortfalls and excesses of these rows are its own variables. Its
linear relaxation is solved by pricing; its optimum in integers is taken over all schedules that the parties have.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ortools.linear_solver import pywraplp
from ortools.sat.python import cp_model

from scheduler.model.cp import Sum
from scheduler.model.linear import Linear
from scheduler.rules.statements import FREE
from tests.contract.brute import Small
from tests.contract.labels import Bundle, PartyBook, Schedule, bundles

#: Price of leaving a hard row or a party without what it needs, while the linear master is looking for columns.
ARTIFICIAL = 1e6
TOLERANCE = 1e-5


@dataclass(frozen=True)
class Column:
    """A party's schedule: its cost with weights, and its coefficients in the master's rows."""

    party: int
    cost: int
    entries: dict[int, int]


@dataclass
class Row:
    """A row of the master; gates and variables by key, measures by party."""

    lo: int
    hi: int
    under: int
    over: int
    gate: tuple[int, int] | None
    gates: dict[tuple[int, int], int]
    vars: dict[tuple[int, int], int]
    options: dict[tuple[int, int], int] = field(default_factory=dict)
    measures: list[tuple[int, tuple[int, ...], int]] = field(default_factory=list)


class Master:
    """The rows that tie parties together, and the parties with their own.

    Attributes
    ----------
    parties
        Family and party book of each party.
    rows
        Rows that schedules of several parties are in.
    vars
        Bounds and weighted cost of each variable of these rows.
    """

    def __init__(self, small: Small) -> None:
        book = small.book
        self.small, self.weight = small, [int(w) for w in book.weight]
        self.parties = [(f, PartyBook(book, family, p)) for f, family in enumerate(small.families) for p in family.family.parties]
        self.rows: list[Row] = []
        self.vars: dict[tuple[int, int], tuple[int, int, int]] = {}
        shared = self._add(-1, book.shared, range(len(book.shared)))
        for f, family in enumerate(small.families):
            for o in range(len(family.options)):
                for k, value in zip(*family.shared.row(o), strict=True):
                    shared[int(k)].options[f, o] = int(value)
            own: list[Bundle] = [b for f_, party in self.parties if f_ == f for b in party.bundles]
            taken = {b.rows for b in own}
            for bundle in bundles(family.rows):
                if bundle.rows not in taken:
                    added = self._add(f, family.rows, bundle.rows)
                    for k, row in added.items():
                        row.options |= {(f, int(o)): int(v) for o, v in zip(*family.rows.options.row(k), strict=True)}
        for measures in book.shared.measures:
            rules = tuple(book.rule_index[r] for r in measures.rules if r in book.rule_index)
            for k, party, value in zip(
                *(a.tolist() for a in (measures.terms.row, measures.terms.column, measures.terms.value)), strict=True
            ):
                shared[k].measures.append((party, rules, value))

    def _add(self, scope: int, linear: Linear, which: Sequence[int]) -> dict[int, Row]:
        found = {}
        for k in which:
            weight = self.weight[int(linear.rule[k])]
            under, over = (int(a[k]) * weight if a[k] >= 0 else -1 for a in (linear.under, linear.over))
            gate = (scope, int(linear.gate[k])) if linear.gate[k] >= 0 else None
            gates = {(scope, int(g)): int(v) for g, v in zip(*linear.gates.row(k), strict=True)}
            variables = {(scope, int(g)): int(v) for g, v in zip(*linear.vars.row(k), strict=True)}
            for _, v in variables:
                cost = int(linear.var_cost[v]) * self.weight[int(linear.var_rule[v])]
                self.vars[scope, v] = int(linear.var_lo[v]), int(linear.var_hi[v]), cost
            found[k] = Row(int(linear.lo[k]), int(linear.hi[k]), under, over, gate, gates, variables)
        self.rows += found.values()
        return found

    # -- columns ----------------------------------------------------------------------------------------------------

    def column(self, index: int, schedule: Schedule) -> Column:
        """A party's schedule as a column."""
        f, party = self.parties[index]
        penalties = [(schedule.personal, True), (schedule.of_rows, self._alone(f))]
        cost = sum(self.weight[r] * v for amounts, _ in penalties for r, v in amounts.items())
        entries = {}
        for i, row in enumerate(self.rows):
            value = sum(row.options.get((f, o), 0) for o in schedule.options)
            for p, rules, factor in row.measures:
                if p == party.party:
                    value += factor * sum(
                        self.weight[r] * v for amounts, counts in penalties if counts for r, v in amounts.items() if r in rules
                    )
            if value:
                entries[i] = value
        return Column(index, cost, entries)

    def _alone(self, f: int) -> bool:
        """Whether a family is one party, whose rows then count in its measures."""
        return len(self.small.families[f].family.parties) == 1

    def price(self, index: int, dual: Sequence[float]) -> tuple[float, Schedule | None]:
        """The least cost of a party's schedules at the duals of the rows, and that schedule."""
        f, party = self.parties[index]
        weight = [float(w) for w in self.weight]
        row_weight = list(weight)
        price: dict[int, float] = {}
        for i, row in enumerate(self.rows):
            if abs(dual[i]) < 1e-12:
                continue
            for (g, o), value in row.options.items():
                if g == f:
                    price[o] = price.get(o, 0.0) - dual[i] * value
            for p, rules, factor in row.measures:
                for r in rules if p == party.party else ():
                    weight[r] -= dual[i] * factor * self.weight[r]
                    row_weight[r] -= dual[i] * factor * self.weight[r] * self._alone(f)
        cost, taken = party.cheapest(weight, row_weight, price)
        return cost, None if math.isinf(cost) else party.schedule(taken)

    # -- linear relaxation ------------------------------------------------------------------------------------------

    def bound(self) -> float | None:
        """The optimum of the linear relaxation over all schedules; None where even that has no solution."""
        columns: list[Column] = []
        while True:
            value, artificial, dual, share = self._relaxed(columns)
            new = []
            for index in range(len(self.parties)):
                cost, schedule = self.price(index, dual)
                if schedule is not None and cost < share[index] - TOLERANCE:
                    new.append(self.column(index, schedule))
            if not new:
                return None if artificial > TOLERANCE else value
            assert not any(c in columns for c in new), "a column that is in the master has negative reduced cost"
            columns += new

    def _relaxed(self, columns: Sequence[Column]) -> tuple[float, float, list[float], list[float]]:
        """Optimum, artificial part, duals of the rows and of the parties."""
        lp = pywraplp.Solver.CreateSolver("GLOP")
        x = [lp.NumVar(0, lp.infinity(), "") for _ in columns]
        gates = {g: lp.NumVar(0, 1, "") for row in self.rows for g in self._gates(row)}
        variables = {v: lp.NumVar(lo, hi, "") for v, (lo, hi, _) in self.vars.items()}
        objective = lp.Sum([c.cost * v for c, v in zip(columns, x, strict=True)])
        objective += lp.Sum([cost * variables[v] for v, (_, _, cost) in self.vars.items()])
        artificial = []
        limits: list[tuple[int, pywraplp.Constraint]] = []
        for i, row in enumerate(self.rows):
            total = lp.Sum([c.entries.get(i, 0) * v for c, v in zip(columns, x, strict=True)])
            for coefficients, known in ((row.gates, gates), (row.vars, variables)):
                total += lp.Sum([value * known[key] for key, value in coefficients.items()])
            for sign, side, price in self._sides(row):
                slack = lp.NumVar(0, lp.infinity(), "")
                objective += slack * (price if price >= 0 else ARTIFICIAL)
                if price < 0:
                    artificial.append(slack)
                right = side if row.gate is None else side * gates[row.gate]
                limits.append((i, lp.Add(total + slack >= right) if sign > 0 else lp.Add(total - slack <= right)))
        one = []
        for index in range(len(self.parties)):
            missing = lp.NumVar(0, 1, "")
            artificial.append(missing)
            objective += ARTIFICIAL * missing
            one.append(lp.Add(lp.Sum([v for c, v in zip(columns, x, strict=True) if c.party == index]) + missing == 1))
        lp.Minimize(objective)
        assert lp.Solve() == pywraplp.Solver.OPTIMAL
        dual = [0.0] * len(self.rows)
        for i, limit in limits:
            dual[i] += limit.dual_value()
        rest = sum(v.solution_value() for v in artificial)
        return lp.Objective().Value(), rest, dual, [row.dual_value() for row in one]

    @staticmethod
    def _gates(row: Row) -> set[tuple[int, int]]:
        return {*row.gates, *([row.gate] if row.gate else [])}

    def _sides(self, row: Row) -> Iterator[tuple[int, int, int]]:
        """The sides of a row that limit something: 1 below or −1 above, the limit, and the price (−1: hard).

        A governed row's limits are multiples of its gate: 0 where that is shut.
        """
        if row.gate is not None:
            most = sum(max(v, 0) for v in row.options.values())
            yield from ((1, max(1, row.lo), row.under), (-1, min(row.hi, most), row.over))
            return
        if row.lo > -FREE:
            yield 1, row.lo, row.under
        if row.hi < FREE:
            yield -1, row.hi, row.over

    # -- integers ---------------------------------------------------------------------------------------------------

    def columns(self) -> list[Column]:
        """All schedules of all parties."""
        return [self.column(i, s) for i, (_, party) in enumerate(self.parties) for s in party.every()]

    def best(self, columns: Sequence[Column]) -> int | None:
        """The optimum in integers over the given columns; None if there is none."""
        model = cp_model.CpModel()
        x = [model.new_bool_var("") for _ in columns]
        gates = {g: model.new_bool_var("") for row in self.rows for g in self._gates(row)}
        variables = {v: model.new_int_var(lo, hi, "") for v, (lo, hi, _) in self.vars.items()}
        objective = Sum()
        for column, taken in zip(columns, x, strict=True):
            objective.add(taken, column.cost)
        for key, (_, _, cost) in self.vars.items():
            objective.add(variables[key], cost)
        for i, row in enumerate(self.rows):
            for sign, side, price in self._sides(row):
                total = Sum()
                for column, taken in zip(columns, x, strict=True):
                    total.add(taken, column.entries.get(i, 0))
                for coefficients, known in ((row.gates, gates), (row.vars, variables)):
                    for key, value in coefficients.items():
                        total.add(known[key], value)
                if price >= 0:
                    slack = model.new_int_var(0, 1 << 30, "")
                    objective.add(slack, price)
                    total.add(slack, sign)
                if row.gate is not None:
                    total.add(gates[row.gate], -side)
                limit = 0 if row.gate is not None else side
                model.add_linear_constraint(total.expression(), limit if sign > 0 else -FREE, FREE if sign > 0 else limit)
        for index in range(len(self.parties)):
            model.add_exactly_one([v for c, v in zip(columns, x, strict=True) if c.party == index])
        model.minimize(objective.expression())
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        status = solver.solve(model)
        assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
        return round(solver.objective_value) if status == cp_model.OPTIMAL else None
