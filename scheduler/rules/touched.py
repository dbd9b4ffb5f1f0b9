"""Which options are touched by dated rows of their unit or preceptor, looked up for many places at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scheduler.offers.days import BoolArray, Clock, IntArray, Scope, Timed, marked_days
from scheduler.rules.windows import next_marked

#: Codes of weekly patterns (weekdays and shift) stay below this.
PATTERNS = 1 << 18


class TouchedPlaces:
    """Dated rows of places (units or preceptors), by index of the place.

    For each place and weekly pattern that is asked about, the next touched day from each day on is worked out once: an option is
    touched if that of its start is not after its end.
    """

    def __init__(self, scopes: Mapping[int, list[Scope]], clock: Clock, places: int) -> None:
        self.scopes, self.clock = scopes, clock
        self._has_rows = np.zeros(places + 1, dtype=bool)  # the last one stands for "no place"
        self._has_rows[list(scopes)] = True
        self._known: dict[int, IntArray] = {}

    def touch(self, place: IntArray, options: Timed) -> BoolArray:
        """Which options are touched, given the place of each (−1: none)."""
        touched = np.zeros(len(place), dtype=bool)
        found = np.flatnonzero(self._has_rows[place])
        if len(found):
            pattern = np.where(options.floating[found], 0, options.days[found] * 1024 + options.shift[found] + 2)
            codes, which = np.unique(place[found] * PATTERNS + pattern, return_inverse=True)
            next_day = np.array([self._next(code) for code in codes.tolist()])
            touched[found] = next_day[which.ravel(), options.start[found]] <= options.end[found]
        return touched

    def _next(self, code: int) -> IntArray:
        """By day: the first day from it on whose session a row of the place touches."""
        if code not in self._known:
            place, pattern = divmod(code, PATTERNS)
            scopes, days = self.scopes[place], self.clock.days
            if pattern:
                mask, shift = divmod(pattern - 1, 1024)
                marks = marked_days(scopes, mask, self.clock.span(shift - 1), days)
            else:  # the days are the preceptor's: only rows that hold on all of them count
                marks = np.zeros(days, dtype=bool)
                for scope in scopes:
                    if scope.whole:
                        marks[max(scope.first, 0) : max(scope.last + 1, 0)] = True
            self._known[code] = next_marked(marks)
        return self._known[code]
