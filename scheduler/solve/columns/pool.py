"""Columns: whole schedules of single families, with what they cost and what they take of the shared rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from scheduler.model import Book
from scheduler.model.evaluate import Evaluation, evaluate_family
from scheduler.offers.days import IntArray
from scheduler.solve.columns.shared import SCALE, Shared


@dataclass(frozen=True, eq=False, slots=True)
class Column:
    """One family's whole schedule.

    Attributes
    ----------
    family, options
        Whose it is, and the options it takes (positions in the family's table, ascending).
    cost
        Weighted cost at the level that is being solved.
    penalty, by_party
        Penalty by rule, and by (party, rule), in the rules' units.
    rows, load
        Shared rows that it is in, and how much it adds to each.
    all_rows, all_load
        The same with the rows that measure what it costs.
    """

    family: int
    options: IntArray
    cost: int
    penalty: Mapping[int, int]
    by_party: Mapping[tuple[int, int], int]
    rows: IntArray
    load: IntArray
    all_rows: IntArray
    all_load: IntArray


class Pool:
    """All columns known so far, none twice."""

    def __init__(self, shared: Shared) -> None:
        self.book: Book = shared.book
        self.shared, self.blocks = shared, shared.blocks_of.blocks
        self.columns: list[Column] = []
        self._known: dict[tuple[int, bytes], int] = {}
        self._packed = 0
        empty = np.zeros(0, dtype=np.int64)
        self._family, self._cost, self._column, self._row, self._load = empty, empty, empty, empty, empty

    def __len__(self) -> int:
        return len(self.columns)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def add(self, family: int, options: IntArray) -> tuple[Column, bool]:
        """The column of these options, and whether it is new."""
        options = np.sort(options)
        key = (family, options.tobytes())
        if key in self._known:
            return self.columns[self._known[key]], False
        book = self.blocks[family].book
        found = Evaluation()
        evaluate_family(self.book, book, options, found)
        penalty = {rule: amount for rule, amount in found.penalty.items() if amount}
        by_party = {pair: amount for pair, amount in found.by_party.items() if amount}
        _, row, value = book.shared.gather(options)
        rows, load = _summed(row, value)
        measured_row, measured = self.shared.measured(book.family.parties, by_party)
        all_rows, all_load = _summed(np.concatenate([rows, measured_row]), np.concatenate([load, measured]))
        cost = int(sum(self.shared.weight[rule] * amount for rule, amount in penalty.items()))
        column = Column(family, options, cost, penalty, by_party, rows, load, all_rows, all_load)
        self._known[key] = len(self.columns)
        self.columns.append(column)
        return column, True

    def prices(self, dual: IntArray) -> tuple[IntArray, IntArray]:
        """Price of every column at these prices of the rows, and its family."""
        self._pack()
        spent = np.zeros(len(self.columns), dtype=np.int64)
        np.add.at(spent, self._column, dual[self._row] * self._load)
        return SCALE * self._cost - spent, self._family

    def _pack(self) -> None:
        new = self.columns[self._packed :]
        if not new:
            return
        sizes = [len(c.all_rows) for c in new]
        which = np.repeat(np.arange(self._packed, len(self.columns)), sizes)
        self._family = np.append(self._family, [c.family for c in new])
        self._cost = np.append(self._cost, [c.cost for c in new])
        self._column = np.append(self._column, which)
        self._row = np.concatenate([self._row, *(c.all_rows for c in new)])
        self._load = np.concatenate([self._load, *(c.all_load for c in new)])
        self._packed = len(self.columns)


def _summed(row: IntArray, value: IntArray) -> tuple[IntArray, IntArray]:
    rows, where = np.unique(row, return_inverse=True)
    total = np.zeros(len(rows), dtype=np.int64)
    np.add.at(total, where.ravel(), value)
    return rows, total
