"""All families' books at hand, however many there are: packed, and unpacked when asked for; those asked for last stay open."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from scheduler.model.book import Book, FamilyBook
from scheduler.model.linear import Linear, Matrix
from scheduler.offers.days import IntArray
from scheduler.offers.options import Options, PartyOptions
from scheduler.offers.parties import Family
from scheduler.rules.statements import Walk

#: So many options of families are kept unpacked, at roughly 800 bytes each; packed they take 110.
MOST_OPEN = 5_000_000

Small = NDArray[np.int32]
#: Changes the width of whole numbers; packed arrays are only ever read by `_unpack`.
Width = Callable[[Any], Any]


@dataclass(frozen=True, eq=False, slots=True)
class _Packed:
    """What of a family's book cannot be had again quickly from the menu, in numbers of half the width."""

    family: Family
    menu: Small
    party: Small
    demand: Small
    costs: tuple[tuple[int, NDArray[np.integer]], ...]
    rows: Linear
    walks: tuple[tuple[int, Walk], ...]


class Families(Sequence[FamilyBook]):
    """The books of all families, by index; safe to be read from several threads.

    Parameters
    ----------
    most_open
        How many options may be kept unpacked.
    """

    def __init__(self, book: Book, most_open: int = MOST_OPEN) -> None:
        self.book, self.most_open = book, most_open
        self._packed: list[_Packed] = []
        self._open: OrderedDict[int, FamilyBook] = OrderedDict()
        self._open_options = 0
        self._lock = threading.Lock()
        for index, family in enumerate(book.families()):
            self._packed.append(_pack(family))
            self._keep(index, family)

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[FamilyBook]:
        return (self[index] for index in range(len(self)))

    @overload
    def __getitem__(self, index: int) -> FamilyBook: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FamilyBook]: ...
    def __getitem__(self, index: int | slice) -> FamilyBook | Sequence[FamilyBook]:
        if isinstance(index, slice):
            return [self[k] for k in range(*index.indices(len(self)))]
        with self._lock:
            if index in self._open:
                self._open.move_to_end(index)
                return self._open[index]
            family = _unpack(self.book, self._packed[index])
            self._keep(index, family)
            return family

    def _keep(self, index: int, family: FamilyBook) -> None:
        """Keep a family's book open, and forget those that were not asked for lately where there are too many."""
        self._open[index] = family
        self._open_options += len(family.options)
        while self._open_options > self.most_open and len(self._open) > 1:
            self._open_options -= len(self._open.popitem(last=False)[1].options)


def _small(values: IntArray) -> NDArray[np.integer]:
    """The same numbers in half the width, where they fit."""
    limits = np.iinfo(np.int32)
    fits = not len(values) or (values.min() >= limits.min and values.max() <= limits.max)
    return values.astype(np.int32) if fits else values


def _wide(values: NDArray[np.integer]) -> IntArray:
    return values.astype(np.int64)


def _pack(family: FamilyBook) -> _Packed:
    options = family.options
    menu, party, demand = (column.astype(np.int32) for column in (options.menu, options.party, options.demand))
    return _Packed(
        family.family,
        menu,
        party,
        demand,
        tuple((rule, _small(cost)) for rule, cost in family.costs),
        _rows(family.rows, _small),
        _walks(family.walks, _small),
    )


def _unpack(book: Book, packed: _Packed) -> FamilyBook:
    menu = _wide(packed.menu)
    columns = {f.name: getattr(book.menu, f.name)[menu] for f in fields(Options)}
    options = PartyOptions(**columns, party=_wide(packed.party), demand=_wide(packed.demand), menu=menu)
    return FamilyBook(
        packed.family,
        options,
        tuple((rule, _wide(cost)) for rule, cost in packed.costs),
        _rows(packed.rows, _wide),
        _walks(packed.walks, _wide),
        book.shared_entries(options),
    )


def _rows(rows: Linear, width: Width) -> Linear:
    matrix = rows.options
    return replace(rows, options=Matrix(width(matrix.start), width(matrix.column), width(matrix.value)))


def _walks(walks: Sequence[tuple[int, Walk]], width: Width) -> tuple[tuple[int, Walk], ...]:
    return tuple((rule, walk.changed(width)) for rule, walk in walks)
