"""The books of all families with only the options that a schedule has, which is all that what stands needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np

from scheduler.model.book import Book, FamilyBook
from scheduler.offers.days import IntArray
from scheduler.offers.options import PartyOptions


class Held(Sequence[FamilyBook]):
    """The books of all families, by index: of a few options each, until one is opened.

    A family that is opened has all its options from then on, at other positions.

    Parameters
    ----------
    rows
        By family: the rows of the menu (in order) from which options are gathered.
    """

    def __init__(self, book: Book, rows: Sequence[IntArray]) -> None:
        self.book = book
        self._books = [book.family(f, some) for f, some in enumerate(rows)]
        self._open: set[int] = set()

    def __len__(self) -> int:
        return len(self._books)

    def __iter__(self) -> Iterator[FamilyBook]:
        return iter(self._books)

    @overload
    def __getitem__(self, index: int) -> FamilyBook: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FamilyBook]: ...
    def __getitem__(self, index: int | slice) -> FamilyBook | Sequence[FamilyBook]:
        return self._books[index]

    def is_open(self, index: int) -> bool:
        """Whether all options of a family are there."""
        return index in self._open

    def open(self, index: int, chosen: IntArray) -> IntArray:
        """Gather all options of a family; returns the positions that some of its options (by position) now have."""
        before, self._books[index] = self._books[index], self.book.family(index)
        self._open.add(index)
        return _found(before.options.take(chosen), self._books[index].options)


def _found(some: PartyOptions, options: PartyOptions) -> IntArray:
    """Positions of some options among all."""
    keys = zip(some.party.tolist(), some.demand.tolist(), some.menu.tolist(), strict=True)
    where = [np.flatnonzero((options.party == p) & (options.demand == d) & (options.menu == m)) for p, d, m in keys]
    return np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *where]))
