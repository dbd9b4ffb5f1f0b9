"""A published schedule made valid again: what cannot stay, the fewest changes and their proof, and the best of these."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from scheduler.domain import GONE, Instance, Placement, Schedule, Status
from scheduler.domain.baseline import against
from scheduler.domain.pinning import describes
from scheduler.domain.tables import Pin
from scheduler.model import compile_book
from scheduler.model.families import Families
from scheduler.repair.fewest import Fewest
from scheduler.repair.levels import changes_first
from scheduler.repair.remainder import Interrupted, can_be_interrupted, interrupted, is_closed, with_fewer, with_rests
from scheduler.solve import OnProgress, Progress, Settings
from scheduler.solve.given import options_of
from scheduler.solve.neighbourhood.search import Search
from scheduler.solve.result import make_schedule
from scheduler.verify import verify

#: Part of the time in which changes are made fewer a few parties at a time, before all are looked at together.
SEARCH_SHARE = 0.15
#: Part of the time that is kept for making the rest as good as can be.
POLISH_SHARE = 0.2
#: What has to end after all is looked for so many times.
MOST_ROUNDS = 3


@dataclass(frozen=True)
class Repair:
    """A repaired schedule.

    Attributes
    ----------
    instance
        With the baseline, credits for what was broken off, and slots for what is left of it.
    schedule
        Valid in it; its status and cost are those of the instance's own policy.
    hit
        Placements of the published schedule that the changes make impossible, with the reason.
    interrupted
        Those of them that had started.
    loosened
        Pins (must) of placements that cannot stay; they are wishes (prefer) now, as otherwise there might be no schedule.
    points, bound
        Points of changes (rule ``stability``), and a proven least of them.
    """

    instance: Instance
    schedule: Schedule
    hit: tuple[tuple[Placement, str], ...]
    interrupted: tuple[Interrupted, ...]
    loosened: tuple[Pin, ...]
    points: int
    bound: int

    @property
    def gap(self) -> float:
        return (self.points - self.bound) / max(1, self.points)


def repair(
    before: Instance,
    schedule: Schedule,
    after: Instance,
    settings: Settings | None = None,
    on_progress: OnProgress | None = None,
    stop: threading.Event | None = None,
) -> Repair | Schedule:
    """Make a schedule valid again in a changed instance, with the fewest and mildest changes.

    Parameters
    ----------
    before, schedule
        The instance as it was, and its published schedule.
    after
        The instance with the changes, seen from the day of the repair (its planning date).

    Returns
    -------
    Repair or Schedule
        The Schedule without placements (INFEASIBLE or UNKNOWN) where there is none or none was found.
    """
    settings, say, stop = settings or Settings(), on_progress or (lambda _: None), stop or threading.Event()
    began = time.monotonic()
    say(Progress(0.0, "what cannot stay"))
    published = tuple(p for p in schedule.placements if p.status not in GONE and _is_asked(after, p))
    hit = _hit(against(after, published), published)
    after, loosened = _loosened(after, hit)
    broken = tuple(
        interrupted(before, after, p)
        for p, (_, alone) in hit.items()
        if p.start < after.today and (alone or is_closed(after, p)) and can_be_interrupted(after, p)
    )

    def left() -> float:
        return max(0.0, settings.time_limit_s - (time.monotonic() - began))

    start = schedule
    for last in (*[False] * (MOST_ROUNDS - 1), True):
        reduced = with_fewer(against(after, published), published, {*hit, *(b.placement for b in broken)})
        instance = with_rests(reduced, broken)
        fewest = Fewest(instance, start, replace(settings, time_limit_s=left() * SEARCH_SHARE), say, stop)
        more = () if last or stop.is_set() or not fewest.valid else _given_up(instance, fewest, published, broken)
        if not more:
            break
        broken += tuple(interrupted(before, after, p) for p in more)
        start = fewest.schedule()
    found = fewest.proven(replace(settings, time_limit_s=left() * (1 - POLISH_SHARE)))
    if found.status in (Status.INFEASIBLE, Status.UNKNOWN):
        return found
    better = _polished(instance, found, left(), settings, say, stop)
    kept = {_what(p): p.status for p in schedule.placements}
    better = better.model_copy(
        update={
            "placements": tuple(p.model_copy(update={"status": kept.get(_what(p), "proposed")}) for p in better.placements),
            "seconds": round(time.monotonic() - began, 3),
        }
    )
    points = next((s.penalty for s in better.scores if s.rule == "stability"), found.objective or 0)
    reasons = tuple((p, reason) for p, (reason, _) in hit.items())
    return Repair(instance, better, reasons, broken, loosened, points, max(0, found.bound or 0))


def _is_asked(instance: Instance, p: Placement) -> bool:
    """Whether the party of a placement and its rotation are still there."""
    known = p.student in instance.student_by_id if p.student else p.group in instance.group_by_id
    return known and (p.program, p.requirement) in instance.requirement_by_id


def _loosened(instance: Instance, hit: Collection[Placement]) -> tuple[Instance, tuple[Pin, ...]]:
    """The instance in which pins of what cannot stay are wishes, and those pins."""
    found = tuple(pin for pin in instance.pins if pin.pin == "must" and any(describes(pin, p) for p in hit))
    pins = tuple(pin.model_copy(update={"pin": "prefer", "override": False}) if pin in found else pin for pin in instance.pins)
    return instance.model_copy(update={"pins": pins}), found


def _hit(instance: Instance, published: Sequence[Placement]) -> dict[Placement, tuple[str, bool]]:
    """Placements that break a hard rule of the changed instance: why, and whether by themselves."""
    report = verify(instance, Schedule(status=Status.UNKNOWN, placements=tuple(published)))
    found: dict[Placement, tuple[str, bool]] = {}
    for violation in report.violations:
        for p in violation.placements:
            alone = len(violation.placements) == 1
            if p not in found or (alone and not found[p][1]):
                found[p] = violation.sentence, alone
    return found


def _given_up(
    instance: Instance, fewest: Fewest, published: Sequence[Placement], broken: Sequence[Interrupted]
) -> tuple[Placement, ...]:
    """Placements that have started and that a schedule ends, although nothing has been done about it yet."""
    there = {_where(p) for p in fewest.schedule().placements} | {_where(b.placement) for b in broken}
    started = (p for p in published if p.start < instance.today and can_be_interrupted(instance, p))
    return tuple(p for p in started if _where(p) not in there)


def _where(p: Placement) -> tuple[object, ...]:
    return p.student, p.group, p.part, p.requirement, p.slot, p.start


def _polished(
    instance: Instance, found: Schedule, seconds: float, settings: Settings, say: OnProgress, stop: threading.Event
) -> Schedule:
    """A schedule with as few points of changes, and as good as can be found under the instance's own policy."""
    began = time.monotonic()
    own = compile_book(instance)
    compiled_s = time.monotonic() - began
    book = compile_book(instance.model_copy(update={"policy": changes_first(instance.policy)}))
    families = Families(book)
    search = Search(book, families, options_of(book, families, found), seed=settings.seed)
    # saying afterwards what is unplaced, and why, takes about as long as stating what there is
    still_s = seconds - (time.monotonic() - began) - compiled_s
    search.run(
        time_limit_s=max(0.0, still_s),
        stop=stop,
        patient=True,
        on_better=lambda s: say(Progress(time.monotonic() - began, "making the rest as good as can be", sum(s.cost[1:]))),
    )
    return make_schedule(
        own,
        families,
        search.chosen,
        status=Status.FEASIBLE,
        levels=(),
        strategy="repair",
        seconds=0.0,
        seed=settings.seed,
        workers=settings.workers,
    )


def _what(p: Placement) -> tuple[object, ...]:
    """A placement apart from what has been said of it."""
    return tuple(value for name, value in p.model_dump().items() if name != "status")
