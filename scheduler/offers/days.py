"""Dates and clock times as arrays: which sessions lie in which dated rows, and who is present when.

Days are integers counted from the instance's first Monday (day 0); weekdays are bits of a mask, Monday = 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from scheduler.domain.instance import DAY_MINUTES, Instance, Shift
from scheduler.domain.types import ALL_DAYS

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

ALL_MASK = 127
WHOLE_DAY = (0, DAY_MINUTES)


def mask_of(weekdays: Iterable[int]) -> int:
    """Weekday numbers as a bit mask."""
    return sum(1 << day for day in set(weekdays))


def days_of(mask: int) -> tuple[int, ...]:
    """Weekday numbers of a bit mask."""
    return tuple(day for day in ALL_DAYS if mask >> day & 1)


class DatedRow(Protocol):
    """What calendar, availability, capacity and commitment rows have in common."""

    @property
    def start(self) -> date | None: ...
    @property
    def end(self) -> date | None: ...
    @property
    def weekdays(self) -> tuple[int, ...]: ...
    @property
    def shift(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """The dates, weekdays and clock times of a dated row.

    Attributes
    ----------
    first, last
        Days, both included.
    mask
        Weekdays.
    span
        Minutes of the day; may end after 1440 for a night shift.
    whole
        All weekdays, no shift, at least 7 days: the only scopes that touch placements without known sessions.
    """

    first: int
    last: int
    mask: int
    span: tuple[int, int]
    whole: bool

    def weeks(self, days: int) -> list[int]:
        """The weeks of the horizon that have one of its days."""
        found = {day // 7 for day in range(max(self.first, 0), min(self.last, days - 1) + 1) if self.mask >> day % 7 & 1}
        return sorted(found)


@dataclass(frozen=True, slots=True)
class Clock:
    """The frame in which dates and shifts become integers."""

    first_monday: date
    days: int
    shifts: tuple[Shift, ...]

    @classmethod
    def of(cls, instance: Instance) -> Clock:
        return cls(instance.first_monday, 7 * instance.weeks, instance.shifts)

    def day(self, when: date) -> int:
        """Days since the first Monday."""
        return (when - self.first_monday).days

    def shift_index(self, shift: str | None) -> int:
        """Index of a shift, −1 for none."""
        return -1 if shift is None else next(i for i, s in enumerate(self.shifts) if s.shift == shift)

    def span(self, shift: int) -> tuple[int, int]:
        """Minutes of a shift by index; the whole day for −1."""
        return WHOLE_DAY if shift < 0 else self.shifts[shift].span

    def scope(self, row: DatedRow) -> Scope:
        """The scope of a dated row; open ends reach to the horizon's."""
        first = 0 if row.start is None else self.day(row.start)
        last = self.days - 1 if row.end is None else self.day(row.end)
        mask = mask_of(row.weekdays)
        long = row.start is None or row.end is None or last - first >= 6
        whole = mask == ALL_MASK and row.shift is None and long
        return Scope(first, last, mask, self.span(self.shift_index(row.shift)), whole)


def overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Whether two spans of minutes share more than a point."""
    return a[0] < b[1] and b[0] < a[1]


class Timed(Protocol):
    """Arrays that say when options have sessions (equal lengths)."""

    @property
    def start(self) -> IntArray: ...
    @property
    def end(self) -> IntArray: ...
    @property
    def days(self) -> IntArray: ...
    @property
    def shift(self) -> IntArray: ...
    @property
    def floating(self) -> BoolArray: ...


def patterns(timed: Timed) -> Iterator[tuple[int, int, BoolArray]]:
    """Each distinct (weekday mask, shift index) among options with known sessions, and where it occurs."""
    code = np.where(timed.floating, -1, timed.days * 1024 + timed.shift + 1)
    for value in np.unique(code[code >= 0]).tolist():
        yield value // 1024, value % 1024 - 1, code == value


def marked_days(scopes: Iterable[Scope], mask: int, span: tuple[int, int], days: int) -> BoolArray:
    """Which days of the horizon hold a session (weekday in `mask`, minutes `span`) that lies in one of the scopes."""
    marks = np.zeros(days, dtype=bool)
    weekday = np.arange(days) % 7
    for scope in scopes:
        if scope.mask & mask and overlap(scope.span, span):
            first, last = max(scope.first, 0), min(scope.last, days - 1)
            if first <= last:
                marks[first : last + 1] |= (scope.mask & mask) >> weekday[first : last + 1] & 1 == 1
    return marks


def count_between(marks: BoolArray, start: IntArray, end: IntArray) -> IntArray:
    """How many marked days lie in each [start, end], clipped to the horizon."""
    total = np.concatenate([[0], np.cumsum(marks)])
    n = len(marks)
    return np.asarray(total[np.clip(end + 1, 0, n)] - total[np.clip(start, 0, n)], dtype=np.int64)


def sessions_in(scopes: list[Scope], timed: Timed, clock: Clock) -> IntArray:
    """How many sessions of each option lie in at least one of the scopes.

    Options without known sessions count 1 where a whole scope shares a date with them (see docs/concepts.md).
    """
    count = np.zeros(len(timed.start), dtype=np.int64)
    if not scopes:
        return count
    for mask, shift, where in patterns(timed):
        marks = marked_days(scopes, mask, clock.span(shift), clock.days)
        if marks.any():
            count[where] = count_between(marks, timed.start[where], timed.end[where])
    if timed.floating.any():
        for scope in scopes:
            if scope.whole:
                count[timed.floating & (timed.start <= scope.last) & (timed.end >= scope.first)] = 1
    return count


@dataclass(frozen=True, slots=True)
class Periods:
    """Stretches of days on which the same options are present, and who is present in each.

    `row[k]`, `option[k]`: option `option[k]` is present in period `row[k]`; period p runs from day `first[p]` to `last[p]`.
    """

    first: IntArray
    last: IntArray
    row: IntArray
    option: IntArray

    @property
    def count(self) -> int:
        return len(self.first)


def periods(
    start: IntArray,
    end: IntArray,
    *,
    first: int,
    last: int,
    mask: int = ALL_MASK,
    cuts: Iterable[int] = (),
    maximal: bool = False,
) -> Periods:
    """Cut [first, last] wherever somebody comes or has gone, and list who is present in each stretch.

    Parameters
    ----------
    start, end
        First and last day of each option.
    mask
        Stretches without one of these weekdays are left out.
    cuts
        Further days at which to cut.
    maximal
        Leave out stretches whose options are all present in a neighbouring one too (enough for "at most" limits).
    """
    present = (start <= last) & (end >= first)
    which = np.flatnonzero(present)
    came = np.maximum(start[which], first)
    gone = np.minimum(end[which], last) + 1
    points = np.unique(np.concatenate([[first, last + 1], came, gone, [c for c in cuts if first < c <= last]])).astype(np.int64)
    a, b = points[:-1], points[1:] - 1
    keep = np.ones(len(a), dtype=bool)
    if mask != ALL_MASK:
        keep &= _has_weekday(a, b, mask)
    if maximal and mask == ALL_MASK:
        keep &= np.isin(a, came) & np.isin(b + 1, gone)
    number = np.cumsum(keep) - 1
    lo = np.searchsorted(points, came)
    hi = np.searchsorted(points, gone)
    length = hi - lo
    option = np.repeat(which, length)
    position = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length) + np.repeat(lo, length)
    kept = keep[position]
    row = number[position[kept]].astype(np.int64)
    busy = np.zeros(int(keep.sum()), dtype=bool)
    busy[row] = True
    renumber = np.cumsum(busy) - 1
    return Periods(a[keep][busy], b[keep][busy], renumber[row].astype(np.int64), option[kept].astype(np.int64))


def _has_weekday(first: IntArray, last: IntArray, mask: int) -> BoolArray:
    """Whether each stretch of days contains a weekday of the mask."""
    doubled = mask | mask << 7
    length = np.minimum(last - first + 1, 7)
    window = (np.left_shift(1, length) - 1) << (first % 7)
    return np.asarray((window & doubled) != 0)


@dataclass(frozen=True, slots=True)
class Moments:
    """Sets of session patterns that share a minute of a weekday: what can be in one place at the same moment.

    `members[k]` marks the patterns (in the order of the input) that are in session at some minute of the weekdays `masks[k]`.
    """

    members: list[BoolArray]
    masks: list[int]


def moments(masks: list[int], spans: list[tuple[int, int]], within: Scope | None = None, *, maximal: bool = True) -> Moments:
    """The distinct sets of patterns in session at one moment (inside a scope), without sets contained in others.

    Parameters
    ----------
    masks, spans
        Weekdays and minutes of each pattern.
    within
        Only moments inside this scope's weekdays and clock times.
    maximal
        Drop sets that are part of another set on at least the same weekdays.
    """
    cuts = sorted({minute for span in spans for minute in span})
    lower, upper = within.span if within else (0, 2 * DAY_MINUTES)
    allowed = within.mask if within else ALL_MASK
    found: dict[bytes, int] = {}
    sets: dict[bytes, BoolArray] = {}
    for a, b in pairwise(cuts):
        if not overlap((a, b), (lower, upper)):
            continue
        active = np.array([overlap(span, (a, b)) for span in spans])
        for day in ALL_DAYS:
            if not allowed >> day & 1:
                continue
            members = active & np.array([mask >> day & 1 == 1 for mask in masks])
            if members.any():
                code = members.tobytes()
                sets[code] = members
                found[code] = found.get(code, 0) | 1 << day
    keep = [
        code
        for code, members in sets.items()
        if not maximal
        or not any(other != code and not (members & ~sets[other]).any() and not found[code] & ~found[other] for other in sets)
    ]
    return Moments([sets[code] for code in keep], [found[code] for code in keep])
