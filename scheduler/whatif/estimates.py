"""Where one more place may be worth something: estimates for every limit, which rank places and promise nothing.

An estimate is the price of the limit's rows in the linear relaxation, or, if that is more, what the schedule would win at once
if an unplaced rotation were let in there. Rows that run with enough or not at all have no price that means anything.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from scheduler.domain import RULES, Instance, Schedule
from scheduler.domain.edits import Edit
from scheduler.errors import InputError, Problem
from scheduler.explain.mends import Wanted, mended
from scheduler.model.families import Families
from scheduler.model.standing import Standing
from scheduler.solve import OnProgress, Progress, Settings
from scheduler.solve.columns.engine import Engine
from scheduler.solve.given import options_of
from scheduler.solve.result import placement
from scheduler.standing.ground import Ground
from scheduler.verify import verify
from scheduler.whatif.limits import Limited, limited

#: Less than this is no price.
SOME = 1e-3


@dataclass(frozen=True)
class Estimate:
    """What one more place somewhere may be worth.

    Attributes
    ----------
    edit
        The place more, as a change of the instance.
    points
        Estimate at the policy's first level; None where nothing can be said of the kind (the end of an agreement).
    wanted
        Unplaced rotations that it keeps out of some place, maybe together with other limits;
    alone
        of these, those that it keeps out of some place all by itself.
    """

    edit: Edit
    points: float | None
    wanted: int
    alone: int


def estimates(
    instance: Instance, schedule: Schedule, settings: Settings, on_progress: OnProgress, stop: threading.Event
) -> tuple[Estimate, ...]:
    """Estimates for one more place at every limit, and for a longer agreement where one is asked for."""
    known = limited(instance)
    families = Families(known.book)
    standing = Standing(known.book, families, options_of(known.book, families, schedule))
    if standing.broken:
        raise InputError(Problem("the schedule breaks rules of this instance", suggestion="rotations verify says which"))
    on_progress(Progress(0.0, "what keeps whom out"))
    refused = _refused(instance, schedule, known, standing)
    on_progress(Progress(0.0, "prices of all places"))
    price = _prices(known, standing, settings, stop)
    found = []
    for k in range(len(known.limits)):
        for rows, first, last in _stretches(known, k, price, refused):
            of = [refused[row] for row in rows if row in refused]
            wanted, alone = {who for r in of for who in r.wanted}, {who for r in of for who in r.alone}
            points = max([sum(price[row] for row in rows), *(float(r.win) for r in of)])
            found.append(Estimate(known.limits[k].more(instance, 1, first, last), points, len(wanted), len(alone)))
    found += _longer_agreements(instance, schedule)
    return tuple(sorted(found, key=lambda e: (-(e.points or 0.0), -e.alone, -e.wanted, e.edit.sentence)))


@dataclass
class _Refused:
    """What a shared row keeps out: unplaced rotations, those that its limit keeps out all by itself, the most that letting one of
    these in would win at once, and the days of that placement."""

    wanted: set[int] = field(default_factory=set)
    alone: set[int] = field(default_factory=set)
    win: int = 0
    days: tuple[int, int] | None = None


def _refused(instance: Instance, schedule: Schedule, known: Limited, standing: Standing) -> dict[int, _Refused]:
    """By shared row: what it keeps out of the schedule as it stands."""
    found: dict[int, _Refused] = defaultdict(_Refused)
    ground = Ground(instance, schedule)
    for who, missing in enumerate(ground.missing(verify(instance, schedule).unplaced)):
        now, cost, options = standing.chosen[missing.family], standing.cost, standing.families[missing.family].options
        for o in ground.options_for(missing).tolist():
            standing.change({missing.family: np.sort(np.append(now, o))})
            crossed = np.flatnonzero(standing.wrong > 0)
            limits = set(known.of_row[crossed].tolist())
            if -1 in limits or int(standing.wrong[crossed].sum()) != standing.broken:
                continue  # no place more would let it in
            one = len(limits) == 1 and int(standing.wrong[crossed].max()) == 1
            win = cost[1] - standing.cost[1]
            for row in crossed.tolist():
                refused = found[row]
                refused.wanted.add(who)
                if one:
                    refused.alone.add(who)
                    if win > refused.win:
                        refused.win, refused.days = win, (int(options.start[o]), int(options.end[o]))
        standing.change({missing.family: now})
    return found


def _prices(known: Limited, standing: Standing, settings: Settings, stop: threading.Event) -> list[float]:
    """By shared row: what one more there is worth in the linear relaxation of the policy's first level."""
    own = replace(settings, workers=1, cluster=None)
    engine = Engine(known.book, standing.levels[0], own, lambda _: None, stop)
    try:
        engine.offer(list(standing.chosen))
        engine.tighten()
        engine.solve_root(settings.time_limit_s)
        best = engine.root.best if engine.root else None
    finally:
        if engine.root:
            engine.root.close()
    n = len(known.book.shared)
    upper = np.zeros(n) if best is None else -best.upper[:n]
    upper[(upper < SOME) | (known.of_row < 0)] = 0.0
    return [float(x) for x in upper]


def _stretches(
    known: Limited, limit: int, price: Sequence[float], refused: Mapping[int, _Refused]
) -> list[tuple[list[int], date | None, date | None]]:
    """The rows of a limit. Those of a unit by stretch of days in which its rows are worth something, and the others one by one;
    a stretch reaches as far as the placement that would win most by it."""
    rows = known.rows(limit).tolist()
    if known.limits[limit].table != "capacity" or not rows:
        return [(rows, None, None)] if rows else []
    menu, monday = known.book.menu, known.book.facts.clock.first_monday
    days = []
    for row in rows:
        there = known.book.shared.options.row(row)[0]
        reach = refused[row].days if row in refused else None
        first, last = int(menu.start[there].max()), int(menu.end[there].min())
        worth = price[row] > 0 or row in refused
        days.append((min(first, reach[0]) if reach else first, max(last, reach[1]) if reach else last, row, worth))
    found: list[tuple[list[int], int, int, bool]] = []
    for first, last, row, worth in sorted(days):
        if found and worth and found[-1][3] and first <= found[-1][2] + 1:
            own, begin, end, _ = found[-1]
            found[-1] = ([*own, row], begin, max(last, end), True)
        else:
            found.append(([row], first, last, worth))
    return [(own, monday + timedelta(days=first), monday + timedelta(days=last)) for own, first, last, _ in found]


def _longer_agreements(instance: Instance, schedule: Schedule) -> list[Estimate]:
    """Agreements whose dates keep unplaced rotations out, with what would let these in."""
    if instance.policy.setting(RULES["agreement"]).kind != "hard":
        return []
    ground = Ground(instance, schedule, relax={"agreement": 1})
    rule = ground.book.rule_index["agreement"]
    edits: dict[tuple[str, int | None, str], Edit] = {}
    wanted: dict[tuple[str, int | None, str], set[int]] = defaultdict(set)
    for who, missing in enumerate(ground.missing(verify(instance, schedule).unplaced)):
        family = ground.family(missing.family)
        kept_out = dict(family.costs).get(rule)
        now = ground.standing.chosen[missing.family]
        for o in ground.options_for(missing).tolist() if kept_out is not None else ():
            ground.standing.change({missing.family: np.sort(np.append(now, o))})
            if kept_out is not None and kept_out[o] and not ground.standing.broken:
                option = placement(ground.book, family, o)
                for edit in mended("agreement", Wanted(instance, option, 1, missing.party.members)):
                    edits[edit.key] = edit
                    wanted[edit.key].add(who)
        ground.standing.change({missing.family: now})
    return [Estimate(edit, None, len(wanted[key]), len(wanted[key])) for key, edit in edits.items()]
