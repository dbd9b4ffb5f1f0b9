"""Nobody is moved for nothing: whoever can be where they were before, at no cost, is put back there.

A search looks at cost alone, and many schedules cost the same. Next to a base only those differences are worth telling that
something is gained by.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scheduler.domain import LevelResult, Schedule, Status
from scheduler.model import Book
from scheduler.model.families import Families
from scheduler.model.standing import Standing
from scheduler.offers.days import IntArray
from scheduler.solve.given import options_of
from scheduler.solve.result import make_schedule

#: Who else would have to go back with somebody is followed so far.
FARTHEST = 6
#: So often everybody who still is elsewhere is tried again.
ROUNDS = 3


def calmed(book: Book, schedule: Schedule, before: Schedule) -> Schedule:
    """A schedule that costs no more, at any level of the policy, and leaves more of the placements of another one as they were.

    Parameters
    ----------
    book
        That of the schedule's instance.
    before
        A schedule of this instance or of one like it.
    """
    families = Families(book)
    now, was = options_of(book, families, schedule), options_of(book, families, before)
    standing = Standing(book, families, now)
    first = standing.cost
    if standing.broken or standing.cost[1:] != _costs(standing, schedule):
        return schedule  # it says more than options do, so it is left as it is
    _put_back(standing, was)
    moved_back = any(not np.array_equal(a, b) for a, b in zip(standing.chosen, now, strict=True))
    if not moved_back or standing.cost > first:
        return schedule
    levels = tuple(
        LevelResult(level=level.level, status=_status(cost, level), objective=cost, bound=level.bound)
        for level in schedule.levels
        for cost in [standing.cost[1 + standing.levels.index(level.level)]]
    )
    best = all(level.status is Status.OPTIMAL for level in levels) and bool(levels)
    return make_schedule(
        book,
        families,
        standing.chosen,
        status=Status.OPTIMAL if best else schedule.status,
        levels=levels,
        strategy=schedule.strategy,
        seconds=schedule.seconds,
        seed=schedule.seed,
        workers=schedule.workers,
        more=schedule.more,
    ).model_copy(update={"effort": schedule.effort})


def _costs(standing: Standing, schedule: Schedule) -> tuple[int, ...]:
    """What a schedule says that its levels cost; one that it does not name costs nothing."""
    said = {level.level: level.objective for level in schedule.levels}
    return tuple(said.get(level, 0) for level in standing.levels)


def _status(cost: int, level: LevelResult) -> Status:
    return Status.OPTIMAL if cost == level.bound else level.status


def _put_back(standing: Standing, was: Sequence[IntArray]) -> None:
    """Everybody at once where that costs nothing, else one after another with those who are in the way."""
    if _tried(standing, was, _elsewhere(standing, was)):
        return
    for _ in range(ROUNDS):
        left = _elsewhere(standing, was)
        gained = False
        for f in left:
            for group in _with_others(standing, was, f, left):
                if _tried(standing, was, group):
                    gained = True
                    break
        if not gained:
            return


def _elsewhere(standing: Standing, was: Sequence[IntArray]) -> list[int]:
    return [f for f, (a, b) in enumerate(zip(standing.chosen, was, strict=True)) if not np.array_equal(a, b)]


def _tried(standing: Standing, was: Sequence[IntArray], group: Sequence[int]) -> bool:
    """Put some families back; where that costs anything, it is undone."""
    before, cost = {f: standing.chosen[f] for f in group}, standing.cost
    standing.change({f: was[f] for f in group})
    if standing.cost <= cost:
        return True
    standing.change(before)
    return False


def _with_others(standing: Standing, was: Sequence[IntArray], f: int, left: Sequence[int]) -> Iterator[list[int]]:
    """A family alone, then with those who took the places it would go back to, with those who took theirs, and so on."""
    group = [f]
    yield list(group)
    slots = {g: set(_slots(standing, g, standing.chosen[g])) for g in left}
    while len(group) < FARTHEST:
        wanted = {slot for g in group for slot in _slots(standing, g, was[g])}
        more = [g for g in left if g not in group and slots[g] & wanted]
        if not more:
            return
        group += more[: FARTHEST - len(group)]
        yield list(group)


def _slots(standing: Standing, f: int, options: IntArray) -> list[int]:
    found: list[int] = standing.families[f].options.slot[options].tolist()
    return found
