"""What a choice of options costs, rule by rule, straight from the statements: no solver involved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from scheduler.model.book import Book, FamilyBook
from scheduler.model.linear import Linear
from scheduler.offers.days import IntArray
from scheduler.rules.statements import FREE, Walk


@dataclass
class Evaluation:
    """What a schedule costs.

    Attributes
    ----------
    penalty
        By rule index, in the rule's unit, weights left out.
    broken
        Sentences that name broken hard rows; empty for a valid schedule.
    """

    penalty: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    broken: list[str] = field(default_factory=list)
    by_party: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))

    def cost(self, book: Book, level: int | None = None) -> int:
        """Weighted total, of one level or of all."""
        return int(sum(book.weight[r] * value for r, value in self.penalty.items() if level is None or book.level[r] == level))

    def by_level(self, book: Book) -> tuple[int, ...]:
        """Weighted total of each level, the first level first."""
        return tuple(self.cost(book, level) for level in sorted({int(v) for v in book.level}))


def evaluate(book: Book, families: Sequence[FamilyBook], chosen: Sequence[IntArray]) -> Evaluation:
    """Add up everything that the statements say about the chosen options (positions, one array a family)."""
    result = Evaluation()
    load = np.zeros(len(book.shared), dtype=np.int64)
    for family, picked in zip(families, chosen, strict=True):
        evaluate_family(book, family, picked, result)
        for o in picked.tolist():
            rows, values = family.shared.row(o)
            np.add.at(load, rows, values)
    extra = _measured(book, result)
    _linear(book, book.shared, load, extra, result, None)
    return result


def evaluate_family(book: Book, family: FamilyBook, picked: IntArray, result: Evaluation) -> None:
    party = family.options.party
    for rule, cost in family.costs:
        result.penalty[rule] += int(cost[picked].sum())
        for o in picked.tolist():
            result.by_party[int(party[o]), rule] += int(cost[o])
    for rule, walk in family.walks:
        total = walk_cost(walk, picked)
        result.penalty[rule] += total
        result.by_party[walk.party, rule] += total
    _linear(book, family.rows, row_load(family.rows, picked, len(family.options)), None, result, family)


def walk_cost(walk: Walk, picked: IntArray) -> int:
    """What a walk costs for the chosen options (positions of the family), by steps in order of dates."""
    inside = np.flatnonzero(np.isin(walk.chain, picked))
    state, total = walk.form.begin(), 0
    for k in inside[np.argsort(walk.start[inside], kind="stable")].tolist():
        state, cost = walk.form.step(state, k)
        total += cost
    return total * walk.each


def row_load(rows: Linear, picked: IntArray, options: int) -> IntArray:
    """Σ of option terms of each row."""
    on = np.zeros(options, dtype=np.int64)
    on[picked] = 1
    return np.bincount(
        rows.options.row_of_entry, weights=rows.options.value * on[rows.options.column], minlength=len(rows)
    ).astype(np.int64)


def _measured(book: Book, result: Evaluation) -> IntArray:
    """Σ of measure terms of each shared row."""
    total = np.zeros(len(book.shared), dtype=np.int64)
    for measures in book.shared.measures:
        indices = [book.rule_index[r] for r in measures.rules if r in book.rule_index]
        terms = measures.terms
        for row, party, value in zip(*terms.as_lists(), strict=True):
            total[row] += value * sum(int(book.weight[r]) * result.by_party[party, r] for r in indices)
    return total


def _linear(
    book: Book, rows: Linear, load: IntArray, extra: IntArray | None, result: Evaluation, family: FamilyBook | None
) -> None:
    """Gates, cheapest values of variables, shortfalls and excesses of one system of rows."""
    open_gates = np.zeros(rows.n_gates, dtype=np.int64)
    governed = np.flatnonzero(rows.gate >= 0)
    np.maximum.at(open_gates, rows.gate[governed], (load[governed] > 0).astype(np.int64))
    total = load + (0 if extra is None else extra)
    if len(rows.gates.column):
        total = total + np.bincount(
            rows.gates.row_of_entry, weights=rows.gates.value * open_gates[rows.gates.column], minlength=len(rows)
        ).astype(np.int64)
    owner = family.family.parties[0] if family is not None and len(family.family.parties) == 1 else None
    total = total + _cheapest_vars(rows, total, result, owner)
    lo, hi = rows.lo, rows.hi
    if rows.n_gates:
        is_open = open_gates[rows.gate] == 1
        lo = np.where(rows.gate < 0, lo, np.where(is_open, np.maximum(lo, 1), 0))
        hi = np.where((rows.gate < 0) | is_open, hi, 0)
    short, excess = np.maximum(lo - total, 0), np.maximum(total - hi, 0)
    for k in np.flatnonzero((short > 0) | (excess > 0)).tolist():
        for amount, price in ((int(short[k]), int(rows.under[k])), (int(excess[k]), int(rows.over[k]))):
            if amount and price < 0:
                result.broken.append(f"{book.rules[rows.rule[k]].id}: {rows.name(k)} ({total[k]})")
            elif amount:
                result.penalty[int(rows.rule[k])] += amount * price
                if owner is not None:
                    result.by_party[owner, int(rows.rule[k])] += amount * price


def _cheapest_vars(rows: Linear, total: IntArray, result: Evaluation, owner: int | None) -> IntArray:
    """Set every variable to the least value that its rows allow (each row has at most one, with a cost of at least 0)."""
    added = np.zeros(len(rows), dtype=np.int64)
    if not len(rows.var_lo):
        return added
    value = rows.var_lo.copy()
    row, column, coefficient = rows.vars.row_of_entry, rows.vars.column, rows.vars.value
    need = np.where(coefficient > 0, rows.lo[row] - total[row], total[row] - rows.hi[row])
    limited = np.where(coefficient > 0, rows.lo[row] > -FREE, rows.hi[row] < FREE)
    least = -(-need // np.abs(coefficient))
    np.maximum.at(value, column[limited], least[limited])
    for v in range(len(value)):
        result.penalty[int(rows.var_rule[v])] += int(value[v] * rows.var_cost[v])
        if owner is not None:
            result.by_party[owner, int(rows.var_rule[v])] += int(value[v] * rows.var_cost[v])
    np.add.at(added, row, coefficient * value[column])
    return added
