"""The Book as one CP-SAT model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from scheduler.model.book import Book, FamilyBook
from scheduler.model.linear import Linear, Matrix
from scheduler.model.walks import add_walk
from scheduler.offers.days import IntArray
from scheduler.rules.demand import meeting
from scheduler.rules.statements import FREE

Variable = cp_model.IntVar
BIG = 1 << 40


@dataclass
class Sum:
    """A linear expression under construction.

    Attributes
    ----------
    variables, values, constant
        Its terms.
    least, most
        What the terms can come to by their variables' bounds, the constant left out.
    """

    variables: list[Variable] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    constant: int = 0
    least: int = 0
    most: int = 0

    def add(self, variable: Variable, value: int, lo: int = 0, hi: int = 1) -> None:
        """Add a term; `lo` and `hi` bound the variable."""
        self.variables.append(variable)
        self.values.append(value)
        self.least += min(lo * value, hi * value)
        self.most += max(lo * value, hi * value)

    def add_many(self, variables: Iterable[Variable], values: IntArray) -> None:
        """Add terms of Boolean variables."""
        self.variables.extend(variables)
        self.values += values.tolist()
        self.least += int(np.minimum(values, 0).sum())
        self.most += int(np.maximum(values, 0).sum())

    def extend(self, other: Sum, factor: int = 1) -> None:
        """Add a multiple of another sum."""
        self.variables += other.variables
        self.values += [factor * v for v in other.values] if factor != 1 else other.values
        self.constant += factor * other.constant
        self.least += min(factor * other.least, factor * other.most)
        self.most += max(factor * other.least, factor * other.most)

    def expression(self) -> cp_model.LinearExprT:
        return cp_model.LinearExpr.weighted_sum(self.variables, self.values) + self.constant

    def limits(self) -> tuple[int, int]:
        """Least and largest value that the variables' bounds allow."""
        return self.constant + self.least, self.constant + self.most


@dataclass(frozen=True)
class Others:
    """What families outside a model do: their load on each shared row, and what rules cost their parties."""

    load: IntArray
    by_party: Mapping[tuple[int, int], int]


class CpModel:
    """One CP-SAT model of a book: options → rows → walks → shared rows → objective.

    Attributes
    ----------
    model
        The CP-SAT model.
    families
        The families' books, in order.
    take
        For each family, one Boolean variable an option.
    cost
        By rule index, the expression of its penalty in the rule's unit.
    by_party
        By (party, rule), the party's share of it.

    Parameters
    ----------
    families
        The families to be modelled.
    shared
        Whether they meet in the shared rows; without, each family is as if it were alone.
    others
        What the families that are left out do meanwhile.
    """

    def __init__(self, book: Book, families: Iterable[FamilyBook], *, shared: bool = True, others: Others | None = None) -> None:
        self.book = book
        self.model = cp_model.CpModel()
        self.families: list[FamilyBook] = []
        self.take: list[list[Variable]] = []
        self.cost: dict[int, Sum] = defaultdict(Sum)
        self.by_party: dict[tuple[int, int], Sum] = defaultdict(Sum)
        self._shared: list[Sum] = [Sum() for _ in range(len(book.shared) if shared else 0)]
        for family in families:
            self._add_family(family)
        if shared:
            if others is not None:
                for total, load in zip(self._shared, others.load.tolist(), strict=True):
                    total.constant = load
            self._add_measures(others.by_party if others else {})
            self._add_linear(book.shared, self._shared, None)

    def _add_family(self, family: FamilyBook) -> None:
        take = [self.model.new_bool_var("") for _ in range(len(family.options))]
        self.families.append(family)
        self.take.append(take)
        for rule, cost in family.costs:
            some = np.flatnonzero(cost)
            self.cost[rule].add_many((take[o] for o in some.tolist()), cost[some])
            party = family.options.party[some]
            for p in np.unique(party).tolist():
                own = some[party == p]
                self.by_party[p, rule].add_many((take[o] for o in own.tolist()), cost[own])
        for rule, walk in family.walks:
            total = Sum()
            for variable, value in add_walk(self.model, walk, [take[o] for o in walk.chain.tolist()]):
                total.add(variable, value)
            self.cost[rule].extend(total)
            self.by_party[walk.party, rule].extend(total)
        owner = family.family.parties[0] if len(family.family.parties) == 1 else None
        self._add_linear(family.rows, _sums(family.rows.options, take, len(family.rows)), owner)
        if self._shared:
            by_row = family.shared.transposed(len(self._shared))
            for row in np.flatnonzero(np.diff(by_row.start)).tolist():
                options, values = by_row.row(row)
                self._shared[row].add_many((take[o] for o in options.tolist()), values)

    def _add_measures(self, others: Mapping[tuple[int, int], int]) -> None:
        for measures in self.book.shared.measures:
            rules = [self.book.rule_index[r] for r in measures.rules if r in self.book.rule_index]
            terms = measures.terms
            for row, party, value in zip(*terms.as_lists(), strict=True):
                for rule in rules:
                    factor = value * int(self.book.weight[rule])
                    self._shared[row].constant += factor * others.get((party, rule), 0)
                    if (party, rule) in self.by_party:
                        self._shared[row].extend(self.by_party[party, rule], factor)

    def _add_linear(self, rows: Linear, sums: Sequence[Sum], owner: int | None) -> None:
        gates = [self.model.new_bool_var("") for _ in range(rows.n_gates)]
        ranges = list(_ranges(rows, sums))
        values = [self.model.new_int_var(lo, hi, "") for lo, hi in ranges]
        for v, (rule, cost) in enumerate(zip(rows.var_rule.tolist(), rows.var_cost.tolist(), strict=True)):
            if cost:
                self.cost[rule].add(values[v], cost, *ranges[v])
                if owner is not None:
                    self.by_party[owner, rule].add(values[v], cost, *ranges[v])
        for k, total in enumerate(sums):
            if rows.gate[k] >= 0:
                self._add_governed(total, int(rows.lo[k]), int(rows.hi[k]), gates[rows.gate[k]])
                continue
            for column, value in rows.gates.entries(k):
                total.add(gates[column], value)
            for column, value in rows.vars.entries(k):
                total.add(values[column], value, *ranges[column])
            self._add_row(rows, k, total, owner)

    def _add_row(self, rows: Linear, k: int, total: Sum, owner: int | None) -> None:
        lo, hi = int(rows.lo[k]), int(rows.hi[k])
        least, most = total.limits()
        rule = int(rows.rule[k])
        for missing, price, sign in ((lo - least, int(rows.under[k]), 1), (most - hi, int(rows.over[k]), -1)):
            if missing > 0 and price >= 0 and abs(lo if sign > 0 else hi) < FREE:
                slack = self.model.new_int_var(0, missing, "")
                total.add(slack, sign, 0, missing)
                self.cost[rule].add(slack, price, 0, missing)
                if owner is not None:
                    self.by_party[owner, rule].add(slack, price, 0, missing)
        if lo > least or hi < most:
            self.model.add_linear_constraint(total.expression(), max(lo, -BIG), min(hi, BIG))

    def _add_governed(self, total: Sum, lo: int, hi: int, gate: Variable) -> None:
        for variable in total.variables:
            self.model.add_implication(variable, gate)
        if total.constant > 0:
            self.model.add(gate == 1)
        opened = Sum()
        opened.extend(total)
        opened.add(gate, -max(1, lo))
        self.model.add_linear_constraint(opened.expression(), 0, BIG)
        if hi < FREE:
            self.model.add_linear_constraint(total.expression(), -BIG, hi)

    def objective(self, level: int) -> Sum:
        """Weighted penalties of one level."""
        total = Sum()
        for rule, cost in self.cost.items():
            if self.book.level[rule] == level and self.book.weight[rule]:
                total.extend(cost, int(self.book.weight[rule]))
        return total

    def placed(self) -> Sum:
        """How many required rotations are placed in full (one of each demand, and each elective taken)."""
        total = Sum()
        for family, take in zip(self.families, self.take, strict=True):
            for demand in (self.book.facts.demands[d] for d in family.family.demands):
                met = np.flatnonzero(meeting(self.book.facts, family.options, demand)).tolist()
                if demand.single:
                    for o in met:
                        total.add(take[o], 1)
                else:
                    full = self.model.new_bool_var("")
                    amounts = cp_model.LinearExpr.weighted_sum([take[o] for o in met], family.options.amount[met].tolist())
                    self.model.add(amounts >= demand.total).only_enforce_if(full)
                    total.add(full, 1)
        return total

    def hint_options(self, chosen: Sequence[IntArray]) -> None:
        """Hint which options are taken."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]  # ortools leaves it without annotations
        for take, picked in zip(self.take, chosen, strict=True):
            on = set(picked.tolist())
            for o, variable in enumerate(take):
                self.model.add_hint(variable, int(o in on))

    def hint_all(self, value: Sequence[int]) -> None:
        """Hint every variable, from values by variable index."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]  # ortools leaves it without annotations
        for index, x in enumerate(value):
            self.model.add_hint(self.model.get_int_var_from_proto_index(index), int(x))

    def chosen(self, value: Mapping[int, int] | Sequence[int]) -> list[IntArray]:
        """Positions of the options taken, by family, from values by variable index."""
        return [np.array([o for o, x in enumerate(take) if value[x.index]], dtype=np.int64) for take in self.take]


def _ranges(rows: Linear, sums: Sequence[Sum]) -> Iterator[tuple[int, int]]:
    """Bounds of each variable; more than its rows can ever need would only be something for a search to count down from."""
    needed = rows.var_lo.copy()
    entries = zip(rows.vars.row_of_entry.tolist(), rows.vars.column.tolist(), rows.vars.value.tolist(), strict=True)
    for k, variable, value in entries:
        least, most = sums[k].limits()
        gates = rows.gates.row(k)[1]
        least, most = least + int(gates[gates < 0].sum()), most + int(gates[gates > 0].sum())
        short, limit = (int(rows.lo[k]) - least, rows.lo[k]) if value > 0 else (most - int(rows.hi[k]), rows.hi[k])
        if abs(limit) < FREE:
            needed[variable] = max(needed[variable], -(-short // abs(value)))
    yield from zip(rows.var_lo.tolist(), np.minimum(needed, rows.var_hi).tolist(), strict=True)


def _sums(matrix: Matrix, variables: list[Variable], rows: int) -> list[Sum]:
    found = []
    for k in range(rows):
        columns, values = matrix.row(k)
        least, most = int(values[values < 0].sum()), int(values[values > 0].sum())
        found.append(Sum([variables[c] for c in columns.tolist()], values.tolist(), 0, least, most))
    return found
