"""Rows "at most n at once": who is present in each period, cut where somebody comes or goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from scheduler.offers.days import ALL_MASK, Clock, IntArray, Periods, Scope, moments
from scheduler.offers.options import Options
from scheduler.rules.statements import FREE, Audience, Count, Rows, Terms, Vars, integers


class Limits:
    """Collects limits of many things (slots, units, preceptors) and states them as one block of rows.

    Where the rule is soft, the excess of a week is the largest excess at any moment in it (docs/concepts.md): one variable for
    each thing and week, which all periods in that week share. `begin` starts the next thing.
    """

    def __init__(self, clock: Clock, count: Count, *, soft: bool) -> None:
        self._clock, self._count, self._soft = clock, count, soft
        self._rows: list[IntArray] = []
        self._columns: list[IntArray] = []
        self._hi: list[IntArray] = []
        self._cell: list[IntArray] = []
        self._names: list[tuple[str, Periods, int]] = []
        self._labels: list[IntArray] = []
        self._n = 0
        self._things = 0

    def begin(self) -> None:
        """What is added from now on limits another thing."""
        self._things += 1

    def add(self, thing: str, found: Periods, columns: IntArray, hi: IntArray, *, mask: int = ALL_MASK, label: int = 0) -> None:
        """In every period of `found` at most `hi` of it; `columns[o]` is the statement's column of the period's option o."""
        row, column, limit = found.row, columns[found.option], hi
        if self._soft:
            period, week = _weeks_of(found.first, found.last, mask)
            order = np.argsort(row, kind="stable")
            row, column = row[order], column[order]
            members = np.split(column, np.searchsorted(row, np.arange(1, found.count))) if found.count else []
            sizes = integers([len(members[p]) for p in period])
            row = np.repeat(np.arange(len(period)), sizes)
            column = np.concatenate([members[p] for p in period]) if len(period) else column[:0]
            self._cell.append(self._things * (self._clock.days // 7 + 2) + week)
            limit = limit[period]
        self._rows.append(row + self._n)
        self._columns.append(column)
        self._hi.append(limit)
        self._labels.append(np.full(len(limit), label, dtype=np.int64))
        self._names.append((thing, found, len(limit)))
        self._n += len(limit)

    def rows(self, of_party: Sequence[int] | None = None, times: Sequence[int] | None = None) -> Iterator[Rows]:
        """The block of rows, if there is any; `of_party` are labels of parties, matched with the labels given to `add`.

        With labels, `times` says how often each party counts.
        """
        if not self._n:
            return
        hi = np.concatenate(self._hi)
        extra = Vars(integers([]), integers([]), integers([]))
        var_terms = Terms.of([], [], 1)
        if self._soft:
            cells, index = np.unique(np.concatenate(self._cell), return_inverse=True)
            zero = np.zeros(len(cells), dtype=np.int64)
            extra = Vars(zero, np.full(len(cells), 1_000_000, dtype=np.int64), np.ones(len(cells), dtype=np.int64))
            var_terms = Terms.of(np.arange(self._n), index.ravel(), -1)
        yield Rows(
            np.full(self._n, -FREE, dtype=np.int64),
            hi,
            Terms.of(np.concatenate(self._rows), np.concatenate(self._columns)),
            self._count,
            vars=extra if self._soft else None,
            var_terms=var_terms if self._soft else None,
            firm=self._soft,
            audience=self._audience(of_party, times) if of_party is not None else None,
            name=self._namer(),
        )

    def _audience(self, of_party: Sequence[int], times: Sequence[int] | None) -> Audience:
        return Audience(np.concatenate(self._labels), integers(of_party), None if times is None else integers(times))

    def _namer(self) -> Callable[[int], str]:
        names, soft = self._names, self._soft

        def name(k: int) -> str:
            for thing, found, count in names:
                if k < count:
                    return thing if soft else f"{thing}, days {found.first[k]}–{found.last[k]}"
                k -= count
            raise IndexError(k)

        return name


def _weeks_of(first: IntArray, last: IntArray, mask: int) -> tuple[IntArray, IntArray]:
    """Each (period, week) such that the period has a day of the mask in that week."""
    pairs = [
        (p, w)
        for p, (a, b) in enumerate(zip(first.tolist(), last.tolist(), strict=True))
        for w in range(a // 7, b // 7 + 1)
        if any(mask >> day % 7 & 1 for day in range(max(a, 7 * w), min(b, 7 * w + 6) + 1))
    ]
    table = integers([n for pair in pairs for n in pair]).reshape(-1, 2)
    return table[:, 0], table[:, 1]


class Load:
    """Load that is not ours to move (commitments): dates, weekdays, minutes and students of each."""

    def __init__(self, scopes: Sequence[Scope], students: Sequence[int]) -> None:
        self.scopes, self.students = list(scopes), list(students)

    @property
    def cuts(self) -> list[int]:
        """Days on which the load changes."""
        return [day for s in self.scopes for day in (s.first, s.last + 1)]

    def during(self, which: Sequence[bool], first: IntArray, last: IntArray, mask: int) -> IntArray:
        """Students of the marked commitments in each period (cut at `cuts`) on the weekdays of the mask."""
        total = np.zeros(len(first), dtype=np.int64)
        for scope, students, counts in zip(self.scopes, self.students, which, strict=True):
            if counts and scope.mask & mask:
                total += np.where((first >= scope.first) & (last <= scope.last), students, 0)
        return total


def crowds(
    options: Options, clock: Clock, load: Load, within: Scope, *, floating: bool
) -> Iterator[tuple[IntArray, list[bool], int]]:
    """Sets of options (positions) that can be in session at one moment of `within`, with the commitments that can be too.

    Yields positions, a mark for each commitment, and the weekdays. Where `floating` says that placements that follow the
    preceptor count, they are in every set, and one set is of them alone: they are there on all days.
    """
    key = np.where(options.floating, -1, options.days * 1024 + options.shift + 1)
    kinds = np.unique(key[key >= 0])
    masks = [int(k) // 1024 for k in kinds] + [s.mask for s in load.scopes]
    spans = [clock.span(int(k) % 1024 - 1) for k in kinds] + [s.span for s in load.scopes]
    cells = moments(masks, spans, within)
    drifting = options.floating & floating
    if drifting.any():
        yield np.flatnonzero(drifting), [False] * len(load.scopes), within.mask
    for members, mask in zip(cells.members, cells.masks, strict=True):
        here = np.flatnonzero(np.isin(key, kinds[members[: len(kinds)]]) | drifting)
        if len(here):
            yield here, members[len(kinds) :].tolist(), mask
