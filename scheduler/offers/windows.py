"""Rows that hold from one date to another, as days of the horizon; and the next day on which something is so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

import numpy as np

from scheduler.offers.days import BoolArray, Clock, IntArray

#: Later than any day.
NEVER = 1 << 40


class Ranged(Protocol):
    """A row that holds from a first to a last day, either of which may be open."""

    @property
    def start(self) -> date | None: ...
    @property
    def end(self) -> date | None: ...


def reach(row: Ranged, clock: Clock) -> tuple[int, int]:
    """First and last day of the horizon on which a row holds; the first is the later one where it holds on none."""
    first = 0 if row.start is None else max(0, clock.day(row.start))
    last = clock.days - 1 if row.end is None else min(clock.days - 1, clock.day(row.end))
    return first, last


def held_days(rows: Iterable[Ranged], clock: Clock) -> BoolArray:
    """Days of the horizon on which at least one of the rows holds."""
    held = np.zeros(clock.days, dtype=bool)
    for row in rows:
        first, last = reach(row, clock)
        held[first : max(first, last + 1)] = True
    return held


def next_marked(marks: BoolArray) -> IntArray:
    """For each day the first marked day from it on; `NEVER` where there is none."""
    days = np.where(marks, np.arange(len(marks)), NEVER)
    return np.asarray(np.minimum.accumulate(days[::-1])[::-1], dtype=np.int64)
