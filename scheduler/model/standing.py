"""A schedule with everything it amounts to, kept up to date while a few families at a time change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from scheduler.model.book import Book, FamilyBook
from scheduler.model.evaluate import Evaluation, evaluate_family, row_load
from scheduler.model.linear import Linear, Matrix
from scheduler.model.twins import Twins
from scheduler.offers.days import BoolArray, IntArray
from scheduler.rules.statements import FREE, Terms

NONE = np.zeros(0, dtype=np.int64)


class Shared:
    """The shared rows of a book, looked up from the other side: by gate, by variable, by party.

    Attributes
    ----------
    governed_by, counting
        By gate: the rows that it governs, and the rows that have it as a term.
    using
        By variable: the rows that have it as a term, and its coefficients there.
    measures
        For each block of measures: rules (indices), and by party the rows that measure it.
    """

    def __init__(self, book: Book) -> None:
        self.book, self.rows = book, book.shared
        rows = self.rows
        governed = np.flatnonzero(rows.gate >= 0)
        self.governed_by = Matrix.of(Terms.of(rows.gate[governed], governed), rows.n_gates)
        self.counting = rows.gates.transposed(rows.n_gates)
        self.using = rows.vars.transposed(len(rows.var_lo))
        self.measures = [
            (
                [book.rule_index[r] for r in m.rules if r in book.rule_index],
                Matrix.of(Terms(m.terms.column, m.terms.row, m.terms.value), len(book.facts.parties)),
            )
            for m in rows.measures
        ]

    @cached_property
    def plain(self) -> BoolArray:
        """Rows of options alone, without terms of gates, variables or measures."""
        found = self.rows.bare
        for _, of_party in self.measures:
            found[of_party.column] = False
        return found

    def measured(self, parties: Sequence[int], by_party: Mapping[tuple[int, int], int]) -> tuple[IntArray, IntArray]:
        """Rows that measure what rules cost some parties, and what that adds to each (rows may repeat)."""
        found, added = [NONE], [NONE]
        for rules, of_party in self.measures:
            for p in parties:
                cost = sum(int(self.book.weight[r]) * by_party.get((p, r), 0) for r in rules)
                rows, values = of_party.row(p)
                found.append(rows)
                added.append(values * cost)
        return np.concatenate(found), np.concatenate(added)

    def least_value(self, variable: int, rows: IntArray, coefficient: IntArray, total: IntArray) -> int:
        """The least value of a variable that some of its rows allow, given the rest of their sums."""
        lo, hi = self.rows.lo[rows], self.rows.hi[rows]
        limited = np.where(coefficient > 0, lo > -FREE, hi < FREE)
        need = np.where(coefficient > 0, lo - total, total - hi)[limited]
        least = int(self.rows.var_lo[variable])
        return max(least, int((-(-need // np.abs(coefficient[limited]))).max())) if len(need) else least


class Standing:
    """The present choice of every family, and what it costs.

    Equal to what `evaluate` finds, at a price that depends on what changes. Every hard unit missing or too much counts as
    wrong; what is wrong comes before any level of cost.

    Attributes
    ----------
    chosen
        Positions of the options taken, by family.
    load, measured, gated
        By shared row: Σ of options, of measures, and of gates.
    open_rows
        By gate: how many rows that it governs are in use; it is open if any is.
    value
        By variable: the least that its rows allow.
    of_family
        By family and level: weighted cost of what is its own.
    wrong_of
        By family: hard units wrong in its own rows.
    wrong
        By shared row: hard units wrong.
    paid
        By shared row: weighted price of what is missing or too much.
    levels
        The levels of the policy, in order.
    """

    def __init__(self, book: Book, families: Sequence[FamilyBook], chosen: Sequence[IntArray] | None = None) -> None:
        self.book, self.families, self.shared = book, families, Shared(book)
        self.twins = Twins(book)
        rows = book.shared
        self.levels = tuple(sorted({int(v) for v in book.level})) or (1,)
        self._level = np.searchsorted(self.levels, book.level)
        self.chosen: list[IntArray] = [NONE] * len(families)
        self.load = np.zeros(len(rows), dtype=np.int64)
        self.measured = np.zeros(len(rows), dtype=np.int64)
        self.gated = np.zeros(len(rows), dtype=np.int64)
        self.open_rows = np.zeros(rows.n_gates, dtype=np.int64)
        self.value = rows.var_lo.copy()
        self.of_family = np.zeros((len(families), len(self.levels)), dtype=np.int64)
        self.wrong_of = np.zeros(len(families), dtype=np.int64)
        self.wrong = np.zeros(len(rows), dtype=np.int64)
        self._by_party: list[dict[tuple[int, int], int]] = [{} for _ in range(len(families))]
        self._wrong_units = 0
        self.paid = np.zeros(len(rows), dtype=np.int64)
        self._of_rows = np.zeros(len(self.levels), dtype=np.int64)
        self._of_vars = np.zeros(len(self.levels), dtype=np.int64)
        np.add.at(self._of_vars, self._level[rows.var_rule], self.value * self._var_price)
        self.change(dict(enumerate(chosen or self.chosen)), every_row=True)

    @cached_property
    def _var_price(self) -> IntArray:
        return self.book.shared.var_cost * self.book.weight[self.book.shared.var_rule]

    @property
    def cost(self) -> tuple[int, ...]:
        """Units that are wrong, then the weighted cost of each level: schedules are compared by it."""
        total = self.of_family.sum(axis=0) + self._of_rows + self._of_vars
        return (self.broken, *(int(v) for v in total))

    @property
    def broken(self) -> int:
        """Hard units wrong, of all rows together; 0 for a valid schedule."""
        return self._wrong_units + int(self.wrong_of.sum())

    def sums(self, row: IntArray) -> IntArray:
        """Σ of some shared rows, without variables."""
        return self.load[row] + self.measured[row] + self.gated[row]

    def is_open(self, gates: IntArray) -> BoolArray:
        """Which gates are open."""
        return np.asarray(self.open_rows[gates] > 0)

    def measured_cost(self, f: int) -> Mapping[tuple[int, int], int]:
        """What rules cost each party of a family: (party, rule) → penalty."""
        return self._by_party[f]

    def change(self, moves: Mapping[int, IntArray], *, every_row: bool = False) -> None:
        """Let some families take other options."""
        rows = self.book.shared
        touched, added = [NONE], [NONE]
        measured, worth = [NONE], [NONE]
        for f, options in moves.items():
            family = self.families[f]
            for taken, sign in ((self.chosen[f], -1), (options, 1)):
                _, row, value = family.shared.gather(taken)
                touched.append(row)
                added.append(sign * value)
            row, value = self.shared.measured(family.family.parties, self._by_party[f])
            measured.append(row)
            worth.append(-value)
            self._own(f, options)
            row, value = self.shared.measured(family.family.parties, self._by_party[f])
            measured.append(row)
            worth.append(value)
        row = np.concatenate(touched)
        before = self._in_use(row)
        np.add.at(self.load, row, np.concatenate(added))
        np.add.at(self.measured, np.concatenate(measured), np.concatenate(worth))
        gates = self._count_open(row, before)
        mark = np.full(len(rows), every_row)
        mark[row] = True
        mark[np.concatenate(measured)] = True
        _, counting, _ = self.shared.counting.gather(gates)
        _, governed, _ = self.shared.governed_by.gather(gates)
        mark[counting] = mark[governed] = True
        self._reprice(np.flatnonzero(mark))

    def _own(self, f: int, options: IntArray) -> None:
        """Evaluate what is a family's own."""
        family = self.families[f]
        found = Evaluation()
        evaluate_family(self.book, family, options, found)
        self.chosen[f] = options
        self._by_party[f] = found.by_party
        self.of_family[f] = 0
        for rule, amount in found.penalty.items():
            self.of_family[f, self._level[rule]] += amount * self.book.weight[rule]
        load = row_load(family.rows, options, len(family.options)) if found.broken else NONE
        self.wrong_of[f] = int(wrong_units(family.rows, load).sum()) if found.broken else 0

    def _in_use(self, row: IntArray) -> BoolArray:
        return np.asarray((self.load[row] > 0) & (self.book.shared.gate[row] >= 0))

    def _count_open(self, row: IntArray, before: BoolArray) -> IntArray:
        """Count governed rows that came into use or fell out of it; returns the gates that opened or closed by it."""
        rows = self.book.shared
        changed = np.unique(row[before != self._in_use(row)])
        gates = rows.gate[changed]
        was_open = self.is_open(gates)
        np.add.at(self.open_rows, gates, np.where(self.load[changed] > 0, 1, -1))
        turned = np.unique(gates[was_open != self.is_open(gates)])
        which, counting, value = self.shared.counting.gather(turned)
        np.add.at(self.gated, counting, np.where(self.is_open(turned), 1, -1)[which] * value)
        return turned

    def _reprice(self, row: IntArray) -> None:
        """Price the given rows again, after the variables in them."""
        rows = self.book.shared
        variables = np.unique(rows.vars.gather(row)[1])
        if len(variables):
            moved = []
            for v in variables.tolist():
                users, coefficient = self.shared.using.row(v)
                value = self.shared.least_value(v, users, coefficient, self.sums(users))
                if value != self.value[v]:
                    self._of_vars[self._level[rows.var_rule[v]]] += (value - self.value[v]) * self._var_price[v]
                    self.value[v] = value
                    moved.append(users)
            if moved:
                row = np.unique(np.concatenate([row, *moved]))
        gate = rows.gate[row]
        governed = gate >= 0
        free = ~governed
        if rows.n_gates:
            free |= self.is_open(gate)
        which, variable, coefficient = rows.vars.gather(row)
        amount = self.sums(row)
        np.add.at(amount, which, coefficient * self.value[variable])
        lo = np.where(free, np.where(governed, np.maximum(rows.lo[row], 1), rows.lo[row]), 0)
        hi = np.where(free, rows.hi[row], 0)
        short, excess = np.maximum(lo - amount, 0), np.maximum(amount - hi, 0)
        under, over = rows.under[row], rows.over[row]
        wrong = short * (under < 0) + excess * (over < 0)
        self._wrong_units += int(wrong.sum() - self.wrong[row].sum())
        self.wrong[row] = wrong
        paid = (short * np.maximum(under, 0) + excess * np.maximum(over, 0)) * self.book.weight[rows.rule[row]]
        np.add.at(self._of_rows, self._level[rows.rule[row]], paid - self.paid[row])
        self.paid[row] = paid


def wrong_units(rows: Linear, load: IntArray) -> IntArray:
    """By row of a family: hard units missing or too much, variables at the least that their rows allow."""
    gates = np.zeros(rows.n_gates, dtype=np.int64)
    governed = np.flatnonzero(rows.gate >= 0)
    np.maximum.at(gates, rows.gate[governed], (load[governed] > 0).astype(np.int64))
    total = load.copy()
    np.add.at(total, rows.gates.row_of_entry, rows.gates.value * gates[rows.gates.column])
    row, column, value = rows.vars.row_of_entry, rows.vars.column, rows.vars.value
    need = np.where(value > 0, rows.lo[row] - total[row], total[row] - rows.hi[row])
    limited = np.where(value > 0, rows.lo[row] > -FREE, rows.hi[row] < FREE)
    least = rows.var_lo.copy()
    np.maximum.at(least, column[limited], -(-need // np.abs(value))[limited])
    np.add.at(total, row, value * least[column])
    free = rows.gate < 0
    free[governed] |= gates[rows.gate[governed]] > 0
    lo = np.where(free, np.where(rows.gate >= 0, np.maximum(rows.lo, 1), rows.lo), 0)
    hi = np.where(free, rows.hi, 0)
    return np.asarray(np.maximum(lo - total, 0) * (rows.under < 0) + np.maximum(total - hi, 0) * (rows.over < 0), dtype=np.int64)
