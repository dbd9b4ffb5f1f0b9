"""Where families meet: units and preceptors by stretches of weeks, and switches; who could be there, and who is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.model import Book, FamilyBook
from scheduler.model.linear import Matrix, distinct
from scheduler.offers.days import IntArray
from scheduler.offers.options import PartyOptions

Small = NDArray[np.int32]

#: Days of a stretch.
STRETCH_DAYS = 28


class Places:
    """A place is a unit or a preceptor in a stretch of weeks.

    Attributes
    ----------
    usable
        By family: the places that some option of it is in.
    users
        By place: the families that could be there.
    in_gated
        By governed shared row: the families that could use it.
    holders
        By place: the families that are there now.

    Parameters
    ----------
    families
        The families, in order; where they are is told by `move`.
    """

    def __init__(self, book: Book, families: Iterable[FamilyBook]) -> None:
        codes = book.facts.offers.codes
        self.stretches = book.facts.clock.days // STRETCH_DAYS + 2
        self.units, self.preceptors = len(codes.units), len(codes.preceptors)
        count = (self.units + self.preceptors) * self.stretches
        governed = book.shared.gate >= 0
        self.holders: dict[int, set[int]] = defaultdict(set)
        self._held: list[set[int]] = []
        self.usable: list[Small] = []
        gated = []
        for family in families:
            self.usable.append(distinct(self.of(family.options), count).astype(np.int32))
            rows = family.shared.column
            gated.append(distinct(rows[governed[rows]], len(governed)).astype(np.int32))
            self._held.append(set())
        self.users = _inverted(self.usable, count)
        self.in_gated = _inverted(gated, len(book.shared))

    def of(self, options: PartyOptions) -> IntArray:
        """Places of all options together (repeated where several options are in one)."""
        first = np.maximum(options.start, 0) // STRETCH_DAYS
        last = np.minimum(np.maximum(options.end, 0) // STRETCH_DAYS, self.stretches - 1)
        found = [np.zeros(0, dtype=np.int64)]
        for more in range(int((last - first).max()) + 1 if len(options) else 0):
            here = first + more <= last
            stretch = first[here] + more
            preceptor = options.preceptor[here]
            led = preceptor >= 0
            found.append(options.unit[here] * self.stretches + stretch)
            found.append((self.units + preceptor[led]) * self.stretches + stretch[led])
        return np.concatenate(found)

    def move(self, f: int, taken: PartyOptions) -> None:
        """Note where a family is now."""
        now = set(self.of(taken).tolist())
        for place in self._held[f] - now:
            self.holders[place].discard(f)
            if not self.holders[place]:
                del self.holders[place]
        for place in now - self._held[f]:
            self.holders[place].add(f)
        self._held[f] = now

    def rivals(self, f: int) -> Counter[int]:
        """Who holds what a family could use, and in how many places."""
        return self.holding(self.usable[f].tolist(), f)

    def holding(self, places: Iterable[int], f: int) -> Counter[int]:
        """Who but f holds some places, and how many of them."""
        found = Counter(g for place in places for g in self.holders.get(place, ()))
        del found[f]
        return found

    def around(self, place: int, stretches: int) -> Iterable[int]:
        """A place and its next stretches of weeks."""
        last = place // self.stretches * self.stretches + self.stretches
        return range(place, min(place + stretches, last))

    def is_preceptor(self, place: int) -> bool:
        return place >= self.units * self.stretches


def _inverted(found: Sequence[Small], count: int) -> Matrix:
    """By item, who has found it, where nobody found one twice; filled in one go, as there may be a hundred million."""
    start = np.zeros(count + 1, dtype=np.int64)
    for items in found:
        start[items + 1] += 1
    start = np.cumsum(start)
    free = start[:-1].copy()
    owner: NDArray[Any] = np.empty(int(start[-1]), dtype=np.int32)
    for f, items in enumerate(found):
        owner[free[items]] = f
        free[items] += 1
    return Matrix(start, owner, np.broadcast_to(np.int64(1), len(owner)))
