"""What one more place is worth: what re-solves of the most promising estimates find.

A value is a difference between two schedules that had the same effort, and is called proven only where the bound of the schedule
without the place lies beyond the schedule with it (docs/values.md).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scheduler.domain import Instance, Schedule
from scheduler.domain.edits import Edit, changed
from scheduler.solve import OnProgress, Progress, Settings
from scheduler.whatif.again import Cost, Outcome, again, outcome
from scheduler.whatif.estimates import Estimate, estimates
from scheduler.workers import Workers


@dataclass(frozen=True)
class Value:
    """An estimate that was looked into: what re-solves found.

    Attributes
    ----------
    placed
        Rotations placed more.
    gain
        Points less, by level: found with the place, compared with what the same effort finds without it.
    proven
        At least so many points less, by level; None where the difference lies inside the gap.
    exact
        Whether that is the whole value.
    found
        The schedule with the place.
    """

    estimate: Estimate
    placed: int
    gain: Cost
    proven: Cost | None
    exact: bool
    found: Outcome


@dataclass(frozen=True)
class Values:
    """All estimates, the most promising first, and the values of some of them.

    Attributes
    ----------
    base
        The schedule without any more places, after the same effort; what it found is no merit of any place.
    improved
        Whether that is better than the schedule that was given.
    """

    base: Outcome
    improved: bool
    estimates: tuple[Estimate, ...]
    values: tuple[Value, ...]


@dataclass
class Confirming:
    """What workers need to solve an instance again with changes.

    Attributes
    ----------
    stop
        Ends what is done here; what is done elsewhere is ended with its process.
    """

    instance: Instance
    schedule: Schedule
    time_limit_s: float
    seed: int
    stop: threading.Event

    def __reduce__(self) -> tuple[Callable[..., Confirming], tuple[object, ...]]:
        return _sent, (self.instance, self.schedule, self.time_limit_s, self.seed)


def _sent(instance: Instance, schedule: Schedule, time_limit_s: float, seed: int) -> Confirming:
    return Confirming(instance, schedule, time_limit_s, seed, threading.Event())


def solved_with(case: Confirming, edits: Sequence[Edit]) -> Outcome | None:
    """What workers call: the best schedule found with some changes."""
    other = changed(case.instance, edits)
    return again(other, case.schedule.placements, case.time_limit_s, case.stop, seed=case.seed)


def values(
    instance: Instance,
    schedule: Schedule,
    settings: Settings,
    *,
    top: int,
    on_progress: OnProgress,
    stop: threading.Event,
) -> Values:
    """Estimate every place, and find out what the most promising ones are worth.

    Parameters
    ----------
    schedule
        A valid schedule; where it says what is proven of it, that is believed.
    settings
        The time limit is that of one re-solve; estimates may take as much three times.
    top
        How many are looked into.
    """
    slow = replace(settings, time_limit_s=3 * settings.time_limit_s)
    found = estimates(instance, schedule, slow, on_progress, stop)
    given = outcome(instance, schedule.placements, best=_proven(schedule))
    bound = schedule.levels[0].bound if len(schedule.levels) == 1 else None
    base = given
    if not base.best and not stop.is_set():
        on_progress(Progress(0.0, "the same effort without any more places"))
        tried = again(instance, schedule.placements, settings.time_limit_s, stop, seed=settings.seed)
        base = tried if tried is not None and (tried.cost < base.cost or tried.best) else base
    wanted = [e for e in found if (e.points or 0) > 0 or e.wanted][:top]
    better = schedule.model_copy(update={"placements": base.placements})
    case = Confirming(instance, better, settings.time_limit_s, settings.seed, stop)
    results: list[tuple[Estimate, Outcome]] = []
    size = max(1, settings.workers)
    with Workers(case, size, cluster=settings.cluster, processes_after_s=0 if len(wanted) > 1 else float("inf")) as workers:
        for k in range(0, len(wanted), size):
            on_progress(Progress(0.0, f"re-solving with one more place, {k} of {len(wanted)}"))
            some = wanted[k : k + size]
            ended = workers.map(solved_with, [(e.edit,) for e in some], over=stop.is_set)
            results += [(e, x) for e, x in zip(some, ended, strict=True) if x is not None]
    base = _without_luck(instance, base, [x for _, x in results])
    return Values(base, base.cost < given.cost, found, tuple(_value(e, x, base, bound) for e, x in results))


def _proven(schedule: Schedule) -> bool:
    return bool(schedule.levels) and all(level.objective == level.bound for level in schedule.levels)


def _without_luck(instance: Instance, base: Outcome, found: Sequence[Outcome]) -> Outcome:
    """The base, or a better schedule that was found with some place more but does not need it: that is no merit of the place."""
    for x in sorted(found, key=lambda x: x.cost):
        if x.cost >= base.cost:
            break
        without = outcome(instance, x.placements)
        if without.report.ok and without.cost < base.cost:
            base = without
    return base


def _value(estimate: Estimate, found: Outcome, base: Outcome, bound: int | None) -> Value:
    """What is found, and how much of it is proven: what lies below the least that any schedule without the place costs."""
    if found.cost > base.cost:  # what the base does is possible with one more place, too
        found = replace(found, placements=base.placements, report=base.report, cost=base.cost)
    least = base.cost if base.best else None if bound is None or len(base.cost) > 1 else (bound,)
    proven = _less(least, found.cost) if least is not None and found.cost < least else None
    exact = found.best and base.best
    if exact and proven is None:
        proven = _less(base.cost, found.cost)
    return Value(estimate, base.unplaced - found.unplaced, _less(base.cost, found.cost), proven, exact, found)


def _less(before: Cost, after: Cost) -> Cost:
    return tuple(b - a for b, a in zip(before, after, strict=True))
