"""Which single loss hurts most: a preceptor, a unit or a site that is not there, and how much of it can be won back.

What is lost is taken out of every family's options, whatever rules say, so that nothing of it can be used. First everybody else
stays where they are, and those who lose something choose again as well as they can, in one small exact model; then, for the
worst losses, a search lets the others move as well. Both results are checked by the verifier.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from scheduler.domain import GONE, RULES, Instance, Placement, Schedule
from scheduler.domain.edits import Edit, changed
from scheduler.domain.pinning import describes
from scheduler.model import FamilyBook
from scheduler.model.evaluate import row_load
from scheduler.model.narrowed import narrowed
from scheduler.model.standing import Standing, wrong_units
from scheduler.offers.days import BoolArray, IntArray
from scheduler.offers.options import PartyOptions
from scheduler.rules.demand import meeting
from scheduler.solve import OnProgress, Progress, Settings
from scheduler.solve.neighbourhood import Search
from scheduler.solve.result import placements
from scheduler.standing.forced import choose_again
from scheduler.standing.ground import Ground
from scheduler.whatif.again import Outcome, outcome
from scheduler.workers import Workers

Kind = Literal["preceptor", "unit", "site"]
KINDS: tuple[Kind, ...] = ("preceptor", "unit", "site")
#: So often those are asked to choose again, too, who cannot stay without what was lost.
ROUNDS = 3


@dataclass(frozen=True)
class Loss:
    """A preceptor, unit or site that is lost, and what becomes of its placements.

    Attributes
    ----------
    carried, students
        Placements that need it, and the students in them: what is lost is counted in students, too, once a rotation.
    staying
        The schedule in which everybody else stays; None where they cannot (a group's minimum, a team), or time was up.
    repaired
        The schedule in which others may move; None where that was not tried, or nothing was found.
    unplaced
        Students' rotations that were unplaced before the loss.
    nowhere
        Students' rotations for which nothing is offered any more: lost for good, whoever moves.
    cost
        Points of the schedule before.
    breaks
        Titles of the hard rules that cannot all hold while others stay.
    """

    kind: Kind
    name: str
    carried: int
    students: int
    staying: Outcome | None
    repaired: Outcome | None
    unplaced: int
    nowhere: int
    cost: int
    breaks: tuple[str, ...] = ()

    @property
    def lost(self) -> int:
        """Students' rotations lost while everybody else stays; all of them where they cannot."""
        return self.students if self.staying is None else max(0, self.staying.students - self.unplaced)

    @property
    def lost_after(self) -> int | None:
        """The same after others moved, too; None where that was not tried, or nothing was found."""
        return None if self.repaired is None else max(0, self.repaired.students - self.unplaced)

    @property
    def rank(self) -> tuple[int, int, int]:
        """The order of losses: what is lost at last, what was lost at first, then points."""
        last = self.lost if self.lost_after is None else self.lost_after
        found = self.repaired or self.staying
        points = sum(found.cost) - self.cost if found else 0
        return -last, -self.lost, -points


class Losing:
    """What workers need; the book is compiled where it is first asked for."""

    def __init__(self, instance: Instance, schedule: Schedule, time_limit_s: float, seed: int, stop: threading.Event) -> None:
        self.instance, self.schedule, self.time_limit_s, self.seed, self.stop = instance, schedule, time_limit_s, seed, stop

    def __reduce__(self) -> tuple[Callable[..., Losing], tuple[object, ...]]:
        return _sent, (self.instance, self.schedule, self.time_limit_s, self.seed)

    @cached_property
    def ground(self) -> Ground:
        return Ground(self.instance, self.schedule)

    @cached_property
    def before(self) -> Outcome:
        return outcome(self.instance, self.ground.placements_with({}))

    def without_pins(self, lost: Sequence[Placement]) -> Ground:
        """The schedule in the instance without the pins that hold placements which are lost: nobody can keep them."""
        void = [k for k, pin in enumerate(self.instance.pins) if pin.pin == "must" and any(describes(pin, row) for row in lost)]
        edits = [Edit("pins", "", k, None) for k in void]
        return Ground(changed(self.instance, edits), self.schedule) if edits else self.ground


def _sent(instance: Instance, schedule: Schedule, time_limit_s: float, seed: int) -> Losing:
    return Losing(instance, schedule, time_limit_s, seed, threading.Event())


def carriers(schedule: Schedule, kinds: Sequence[Kind] = KINDS) -> list[tuple[Kind, str]]:
    """Whatever has placements in a schedule, by kind and id."""
    held = [p for p in schedule.placements if p.status not in GONE]
    return [(kind, name) for kind in kinds for name in sorted({name for p in held for name in _named(p, kind)})]


def _named(row: Placement, kind: Kind) -> set[str]:
    """The ids of a kind that a placement needs."""
    names = {"preceptor": (row.preceptor, row.co_preceptor, row.cover), "unit": (row.unit,), "site": (row.site,)}[kind]
    return {name for name in names if name}


def lose(case: Losing, asked: tuple[Kind, str, bool]) -> Loss:
    """What workers call: what becomes of everything without something; others may move if that is asked for, too."""
    kind, name, moving = asked
    carried = [p for p in case.ground.placements_with({}) if name in _named(p, kind)]
    ground = case.without_pins(carried)
    without = _without(ground, kind, name)
    left: list[FamilyBook] = [f for f, _ in without]
    standing = Standing(ground.book, left, [now for _, now in without])
    affected = [f for f, now in enumerate(ground.chosen) if len(now) > len(without[f][1])]
    stayed = _stay(standing, left, affected, case.stop)
    staying = _judged(ground, left, standing.chosen, kind, name) if stayed else None
    breaks = _broken(standing) if standing.broken else ()
    repaired = None
    if moving and not case.stop.is_set():
        search = Search(ground.book, left, standing.chosen, seed=case.seed, over=case.stop.is_set)
        chosen = search.run(time_limit_s=case.time_limit_s, stop=case.stop, patient=True)
        repaired = _judged(ground, left, chosen, kind, name)
        if staying is not None and (repaired is None or staying.cost < repaired.cost):
            repaired = staying
    before = case.before
    return Loss(
        kind,
        name,
        len(carried),
        sum(p.students for p in carried),
        staying,
        repaired,
        before.students,
        _nowhere(ground, left, affected),
        sum(before.cost),
        breaks,
    )


def _without(ground: Ground, kind: Kind, name: str) -> list[tuple[FamilyBook, IntArray]]:
    """By family: its book without what is lost, and what it has left."""
    place = np.arange(len(ground.book.shared))
    found = []
    for f, now in enumerate(ground.chosen):
        family = ground.family(f)
        keep = ~_needing(ground, family.options, kind, name)
        if keep.all():
            found.append((family, now))
        else:
            number = np.cumsum(keep) - 1
            found.append((narrowed(family, keep, place), number[now[keep[now]]]))
    return found


def _needing(ground: Ground, options: PartyOptions, kind: Kind, name: str) -> BoolArray:
    """Options that need what is lost."""
    codes = ground.book.facts.offers.codes
    if kind == "preceptor":
        code = codes.preceptors.index(name)
        return np.asarray((options.preceptor == code) | (options.co == code) | (options.cover == code))
    if kind == "unit":
        return np.asarray(options.unit == codes.units.index(name))
    return np.asarray(options.site == codes.sites.index(name))


def _stay(standing: Standing, families: Sequence[FamilyBook], affected: Sequence[int], stop: threading.Event) -> bool:
    """Let those who lost something choose again, all others staying; whether that leaves a valid schedule.

    Where others cannot stay without what was lost (too few are left in a slot), these choose again as well.
    """
    picked = set(affected)
    for _ in range(ROUNDS):
        if stop.is_set():
            return False
        choose_again(standing, sorted(picked), stop)
        if not standing.broken:
            return True
        wrong = standing.wrong > 0
        more = {f for f, now in enumerate(standing.chosen) if wrong[families[f].shared.gather(now)[1]].any()}
        if more <= picked:
            return False
        picked |= more
    return False


def _broken(standing: Standing) -> tuple[str, ...]:
    """Titles of the rules that a schedule breaks."""
    rules = standing.book.rules
    shared = {int(r) for r in standing.book.shared.rule[standing.wrong > 0]}
    own = {
        int(r)
        for f in np.flatnonzero(standing.wrong_of > 0).tolist()
        for r in _wrong_rules(standing.families[f], standing.chosen[f])
    }
    return tuple(RULES[rules[r].id].title for r in sorted(shared | own))


def _wrong_rules(family: FamilyBook, chosen: IntArray) -> IntArray:
    return family.rows.rule[wrong_units(family.rows, row_load(family.rows, chosen, len(family.options))) > 0]


def _judged(ground: Ground, families: Sequence[FamilyBook], chosen: Sequence[IntArray], kind: Kind, name: str) -> Outcome | None:
    """A schedule without what is lost as the verifier sees it; None if it is none."""
    rows = placements(ground.book, families, chosen)
    found = outcome(ground.instance, rows)
    return found if found.report.ok and not any(name in _named(p, kind) for p in rows) else None


def _nowhere(ground: Ground, families: Sequence[FamilyBook], affected: Sequence[int]) -> int:
    """Students' rotations that were placed and for which nothing is offered any more."""
    facts, lost = ground.book.facts, 0
    for f in affected:
        had = ground.family(f).options.take(ground.chosen[f])
        for demand in (facts.demands[d] for d in facts.families[f].demands):
            if not demand.elective and meeting(facts, had, demand).any():
                lost += demand.students * (not meeting(facts, families[f].options, demand).any())
    return lost


def losses(
    instance: Instance,
    schedule: Schedule,
    settings: Settings,
    *,
    kinds: Sequence[Kind] = KINDS,
    top: int,
    on_progress: OnProgress,
    stop: threading.Event,
) -> list[Loss]:
    """Every single loss, the worst first; of the worst it is found out how much is won back if others move as well.

    Parameters
    ----------
    schedule
        A valid schedule.
    settings
        The time limit is that of one repair.
    top
        So many are repaired.
    stop
        Ends the work with the losses looked into so far.
    """
    asked = carriers(schedule, kinds)
    case = Losing(instance, schedule, settings.time_limit_s, settings.seed, stop)
    size = max(1, settings.workers)
    with Workers(case, size, cluster=settings.cluster) as workers:

        def each(wanted: Sequence[tuple[Kind, str, bool]], phase: str) -> list[Loss]:
            found: list[Loss] = []
            k = 0
            while k < len(wanted) and not stop.is_set():
                on_progress(Progress(0.0, f"{phase}, {k} of {len(wanted)}"))
                some = wanted[k : k + 2 * workers.place.size]
                found += [x for x in workers.map(lose, some, over=stop.is_set) if x is not None]
                k += len(some)
            return found

        first = {(x.kind, x.name): x for x in each([(*a, False) for a in asked], "one loss at a time")}
        worst = sorted(first.values(), key=lambda x: (x.rank, x.kind, x.name))[:top]
        wanted = [(x.kind, x.name, True) for x in worst if x.lost]
        for x in each(wanted, "winning back"):
            first[x.kind, x.name] = replace(x, staying=first[x.kind, x.name].staying)
    return sorted(first.values(), key=lambda x: (x.rank, x.kind, x.name))
