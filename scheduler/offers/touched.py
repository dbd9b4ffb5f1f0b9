"""Which options are touched by dated rows of their unit or preceptor, looked up for many places at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scheduler.offers.days import BoolArray, Clock, IntArray, Scope, Timed, marked_days
from scheduler.offers.windows import next_marked

#: Codes of weekly patterns (weekdays and shift) stay below this.
PATTERNS = 1 << 18


class TouchedPlaces:
    """Dated rows of places (units or preceptors), by index of the place.

    For each place and weekly pattern that is asked about, the touched days are worked out once: an option is touched if the next
    of them from its start on is not after its end.
    """

    def __init__(self, scopes: Mapping[int, list[Scope]], clock: Clock, places: int) -> None:
        self.scopes, self.clock = scopes, clock
        self._has_rows = np.zeros(places + 1, dtype=bool)  # the last one stands for "no place"
        self._has_rows[list(scopes)] = True
        self._known: dict[int, BoolArray] = {}
        self._next: dict[int, IntArray] = {}

    def touch(self, place: IntArray, options: Timed) -> BoolArray:
        """Which options are touched, given the place of each (−1: none)."""
        touched = np.zeros(len(place), dtype=bool)
        found = np.flatnonzero(self._has_rows[place])
        if len(found):
            pattern = patterns_of(options)[found]
            codes, which = np.unique(place[found] * PATTERNS + pattern, return_inverse=True)
            next_day = np.array([self._next_of(code) for code in codes.tolist()])
            touched[found] = next_day[which.ravel(), options.start[found]] <= options.end[found]
        return touched

    def touch_both(self, one: IntArray, other: IntArray, options: Timed) -> BoolArray:
        """Which options have a session that rows of both places touch."""
        touched = np.zeros(len(one), dtype=bool)
        found = np.flatnonzero(self._has_rows[one] & self._has_rows[other])
        if len(found):
            keys = np.column_stack([one[found], other[found], patterns_of(options)[found]])
            pairs, which = np.unique(keys, axis=0, return_inverse=True)
            next_day = np.array([next_marked(self.marks(a, p) & self.marks(b, p)) for a, b, p in pairs.tolist()])
            touched[found] = next_day[which.ravel(), options.start[found]] <= options.end[found]
        return touched

    def marks(self, place: int, pattern: int) -> BoolArray:
        """By day: whether a row of the place touches its session in a weekly pattern (`patterns_of`)."""
        code = place * PATTERNS + pattern
        if code not in self._known:
            scopes, days = self.scopes.get(place, []), self.clock.days
            if pattern:
                mask, shift = divmod(pattern - 1, 1024)
                marks = marked_days(scopes, mask, self.clock.span(shift - 1), days)
            else:  # the days are the preceptor's: only rows that hold on all of them count
                marks = np.zeros(days, dtype=bool)
                for scope in scopes:
                    if scope.whole:
                        marks[max(scope.first, 0) : max(scope.last + 1, 0)] = True
            self._known[code] = marks
        return self._known[code]

    def _next_of(self, code: int) -> IntArray:
        """By day: the first touched day from it on."""
        if code not in self._next:
            self._next[code] = next_marked(self.marks(*divmod(code, PATTERNS)))
        return self._next[code]


def patterns_of(options: Timed) -> IntArray:
    """A number below `PATTERNS` for each option's weekdays and shift; 0 where they are the preceptor's."""
    return np.where(options.floating, 0, options.days * 1024 + options.shift + 2)
