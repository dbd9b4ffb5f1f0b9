"""Who takes over while a preceptor is away."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from scheduler.offers.days import IntArray, Timed
from scheduler.offers.facts import Facts
from scheduler.offers.touched import patterns_of
from scheduler.offers.windows import next_marked


class Supervised(Timed, Protocol):
    """Options with the people who supervise them."""

    @property
    def preceptor(self) -> IntArray: ...
    @property
    def co(self) -> IntArray: ...
    @property
    def specialty(self) -> IntArray: ...


class Cover(NamedTuple):
    """By option: who takes over (−1: nobody), and the first and last day of that."""

    who: IntArray
    start: IntArray
    end: IntArray


def covered(facts: Facts, profession: str, options: Supervised) -> Cover:
    """Find who takes over in options of a class of that profession (docs/concepts.md, Placement and preceptor)."""
    found = Cover(*(np.full(len(options.start), -1, dtype=np.int64) for _ in range(3)))
    cover_of, away, last_day = facts.cover_of, facts.away, facts.clock.days - 1
    where = np.flatnonzero((cover_of[options.preceptor] >= 0) & (options.co < 0))
    if not len(where):
        return found
    keys = np.column_stack([options.preceptor[where], patterns_of(options)[where]])
    pairs, which = np.unique(keys, axis=0, return_inverse=True)
    for k, (preceptor, pattern) in enumerate(pairs.tolist()):
        missed, cover = away.marks(preceptor, pattern), int(cover_of[preceptor])
        if not missed.any() or not facts.supervising(profession)[cover]:
            continue
        here = where[which.ravel() == k]
        start, end = options.start[here], options.end[here]
        first = next_marked(missed)[start]
        last = last_day - next_marked(missed[::-1])[last_day - np.minimum(end, last_day)]
        both_away = next_marked(missed & away.marks(cover, pattern))[start] <= end
        takes_over = (first <= end) & ~both_away & facts.teaching[cover, options.specialty[here]]
        here = here[takes_over]
        found.who[here], found.start[here], found.end[here] = cover, first[takes_over], last[takes_over]
    return found
