"""The smallest additional capacity with which everybody is placed, as a problem of its own.

Every limit of a slot, unit, preceptor or agreement can be raised, at 1 a place. A schedule that leaves as little unplaced as
possible, and then takes the fewest places more, is found and bounded like any other: the policy's own costs are left out.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from scheduler.domain import Instance, Placement, Schedule, Status, Unplaced
from scheduler.domain.edits import Edit, changed
from scheduler.model import Book
from scheduler.model.families import Families
from scheduler.model.linear import Matrix
from scheduler.model.standing import Standing
from scheduler.offers.days import IntArray
from scheduler.rules.statements import Terms, integers
from scheduler.solve import OnProgress, Settings, solve_book
from scheduler.solve.given import options_of
from scheduler.whatif.again import Outcome, again, outcome
from scheduler.whatif.limits import Limit, Limited, limited

#: What a point of the rules that ask for rotations counts in places: a rotation of one student, at least 100 points, is worth
#: more places than it could ever need.
EACH_POINT = 10
#: The rules that say what is unplaced.
ASKING = ("requirement", "elective")
#: Share of the time for making the schedule with more places a good one.
POLISH_SHARE = 0.3


@dataclass(frozen=True)
class Needed:
    """More places at one limit.

    Attributes
    ----------
    first, last
        The days on which they are used.
    """

    limit: Limit
    places: int
    first: date
    last: date
    edit: Edit


@dataclass(frozen=True)
class Smallest:
    """The fewest additional places found, verified, and how few might do.

    Attributes
    ----------
    before
        The schedule as it was.
    needed
        The additional places; none where no place more would help.
    after
        A schedule with them; None where the search ended before there was one.
    instance
        The instance with them.
    least
        Proven: to leave as little unplaced, no fewer places are enough.
    nothing_more
        Whether it is proven that no additional places whatever leave less unplaced.
    """

    before: Outcome
    needed: tuple[Needed, ...]
    after: Outcome | None
    instance: Instance
    least: int
    nothing_more: bool

    @property
    def places(self) -> int:
        return sum(n.places for n in self.needed)

    @property
    def left(self) -> tuple[Unplaced, ...]:
        """What is still unplaced."""
        return () if self.after is None else self.after.report.unplaced


def smallest(
    instance: Instance, rows: tuple[Placement, ...], settings: Settings, on_progress: OnProgress, stop: threading.Event
) -> Smallest:
    """Find the fewest additional places with which as much as possible is placed.

    Parameters
    ----------
    rows
        A valid schedule, to begin with.
    """
    before = outcome(instance, rows)
    known = limited(instance)
    priced = with_prices(known)
    start = Schedule(status=Status.FEASIBLE, placements=rows)
    share = replace(settings, strategy="direct", time_limit_s=settings.time_limit_s * (1 - POLISH_SHARE))
    solved = solve_book(priced, share, lambda p: on_progress(replace(p, best=None, bound=None)), stop, start=start)
    if not solved.levels:
        return Smallest(before, (), None, instance, 0, False)
    families = Families(priced)
    chosen = options_of(priced, families, solved)
    standing = Standing(priced, families, chosen)
    missing = standing.cost[1] - int(standing.value[-len(known.limits) :].sum()) if known.limits else standing.cost[1]
    least = max(0, solved.levels[0].bound - missing)
    found = None
    for needed in _ways(instance, known, standing):
        other = changed(instance, _merged(needed))
        after = outcome(other, solved.placements)
        if after.report.ok:
            found = needed, other, after
            break
    if found is None:
        return Smallest(before, (), None, instance, least, False)
    needed, other, after = found
    better = again(other, after.placements, settings.time_limit_s * POLISH_SHARE, stop, seed=settings.seed)
    if better is not None and better.unplaced <= after.unplaced and better.cost < after.cost:
        after = better
    proven = solved.levels[0].status is Status.OPTIMAL
    return Smallest(before, needed, after, other, least, proven)


def with_prices(known: Limited) -> Book:
    """A book in which only what is unplaced costs, and every limit can be raised at 1 a place."""
    book, rows = known.book, known.book.shared
    row = np.flatnonzero(known.of_row >= 0)
    first = len(rows.var_lo)
    n = len(known.limits)
    rule = np.zeros(n, dtype=np.int64)
    rule[known.of_row[row]] = rows.rule[row]
    have = Terms(rows.vars.row_of_entry, rows.vars.column, rows.vars.value)
    more = Terms.of(row, first + known.of_row[row], -1)
    both = Terms(*(np.concatenate([getattr(have, c), getattr(more, c)]) for c in ("row", "column", "value")))
    most = sum(party.size for party in book.facts.parties)
    found = copy(
        book.with_shared(
            replace(
                rows,
                vars=Matrix.of(both, len(rows)),
                var_lo=np.append(rows.var_lo, np.zeros(n, dtype=np.int64)),
                var_hi=np.append(rows.var_hi, np.full(n, most, dtype=np.int64)),
                var_cost=np.append(rows.var_cost, np.ones(n, dtype=np.int64)),
                var_rule=np.append(rows.var_rule, rule),
            )
        )
    )
    hard = np.array([r.setting.kind == "hard" for r in book.rules], dtype=bool)
    asking = np.array([r.id in ASKING for r in book.rules], dtype=bool)
    found.weight = integers(np.where(asking, EACH_POINT, np.where(hard, 1, 0)))
    found.level = np.ones_like(book.level)
    return found


def _ways(instance: Instance, known: Limited, standing: Standing) -> Iterator[tuple[Needed, ...]]:
    """What a schedule needs more at each limit: units on as few days as possible, then on more, then with more places.

    Where more are there already than there is room for (load that is not ours to move), the first places change nothing.
    """
    value = standing.value[-len(known.limits) :] if known.limits else standing.value[:0]
    short = np.flatnonzero(value > 0).tolist()
    horizon = instance.first_monday, instance.first_monday + timedelta(days=7 * instance.weeks - 1)
    tight, wide = [_days(known, standing, k, wide=False) for k in short], [_days(known, standing, k, wide=True) for k in short]
    for days, extra in ((tight, 0), (wide, 0), *(([horizon] * len(short), n) for n in (0, 1, 2, 4, 8, 16))):
        found = []
        for k in short:
            limit, places = known.limits[k], int(value[k]) + extra
            same = [d for j, d in zip(short, days, strict=True) if known.limits[j].row == limit.row]  # edited at once
            first, last = min(d[0] for d in same), max(d[1] for d in same)
            found.append(Needed(limit, places, first, last, limit.more(instance, places, first, last)))
        yield tuple(found)


def _days(known: Limited, standing: Standing, limit: int, *, wide: bool) -> tuple[date, date]:
    """First and last day of the rows of a limit that are beyond it; `wide`: of all placements in these rows."""
    rows = standing.book.shared
    menu = standing.book.menu
    crossed = [k for k in known.rows(limit).tolist() if standing.load[k] > rows.hi[k]]
    first, last = [], []
    taken = np.concatenate([standing.families[f].options.menu[o] for f, o in enumerate(standing.chosen)])
    for k in crossed:
        there: IntArray = rows.options.row(k)[0]
        if wide:
            there = np.intersect1d(there, taken)
            first.append(int(menu.start[there].min()))
            last.append(int(menu.end[there].max()))
        else:
            first.append(int(menu.start[there].max()))
            last.append(int(menu.end[there].min()))
    monday = known.book.facts.clock.first_monday
    return monday + timedelta(days=min(first)), monday + timedelta(days=max(last))


def _merged(needed: tuple[Needed, ...]) -> list[Edit]:
    """One edit for each row."""
    found: dict[tuple[str, int], Edit] = {}
    for n in needed:
        have = found.get(n.limit.row, n.edit)
        found[n.limit.row] = replace(have, update={**(have.update or {}), **(n.edit.update or {})})
    return list(found.values())
