"""Options that nothing can tell apart but their price: of these only the cheapest is worth looking at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scheduler.model.book import Book, FamilyBook
from scheduler.model.linear import Matrix
from scheduler.offers.days import BoolArray, IntArray
from scheduler.rules.statements import Switch

Marks = NDArray[np.uint64]


class Twins:
    """Tells which options of a book's families are alike.

    An option's mark is a sum of random 64-bit numbers, one for everything it has a part in, times how much; two options with
    the same mark are alike, but for a chance of about 2⁻⁶⁴ a pair.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self._rng = np.random.default_rng(0)
        self._of_shared = self._random(len(book.shared))
        self._numbers = self._random(1 << 12)
        self._first = book.level.min(initial=1)
        self._measured = sorted({book.rule_index[r] for m in book.shared.measures for r in m.rules if r in book.rule_index})
        self._known: dict[int, tuple[Marks, IntArray]] = {}

    def _random(self, count: int) -> Marks:
        return self._rng.integers(0, 1 << 63, size=count, dtype=np.uint64) * np.uint64(2) + np.uint64(1)

    def _mark(self, values: IntArray) -> Marks:
        """A random-looking number for each whole number."""
        x = values.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(x ^ (x >> np.uint64(31)))

    def own(self, family: FamilyBook) -> tuple[Marks, IntArray]:
        """Marks of a family's options by all that is its own, and their price at the first level."""
        index = family.family.index
        if index not in self._known:
            self._known[index] = self._own(family)
        return self._known[index]

    def _own(self, family: FamilyBook) -> tuple[Marks, IntArray]:
        options, book = family.options, self.book
        mark = np.zeros(len(options), dtype=np.uint64)
        price = np.zeros(len(options), dtype=np.int64)
        salt = iter(self._numbers.tolist())
        for column in (options.party, options.demand, options.start, options.end):
            mark += self._mark(column) * np.uint64(next(salt))
        for rule, cost in family.costs:
            if rule in self._measured or book.level[rule] != self._first:
                mark += self._mark(cost) * np.uint64(next(salt))
            if book.level[rule] == self._first:
                price += cost * book.weight[rule]
        for _, walk in family.walks:
            if isinstance(walk.form, Switch):
                mark[walk.chain] += self._mark(walk.form.key) * np.uint64(next(salt))
        rows: Matrix = family.rows.options
        number = self._mark(np.arange(len(family.rows)) + 1)[rows.row_of_entry]
        np.add.at(mark, rows.column, number * rows.value.astype(np.uint64))
        return mark, price

    def needless(self, mark: Marks, price: IntArray, row: IntArray, option: IntArray, value: IntArray) -> BoolArray:
        """Which options have a twin that is no dearer; entries of shared rows that matter are given as coordinates."""
        mark = mark.copy()
        np.add.at(mark, option, self._of_shared[row] * value.astype(np.uint64))
        order = np.lexsort((price, mark))
        again = np.zeros(len(mark), dtype=bool)
        again[order[1:]] = mark[order[1:]] == mark[order[:-1]]
        return again
