"""Strategy *neighbourhood*: a first schedule, made better a few families at a time; its bound is that of each family alone."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Sequence
from functools import partial

import numpy as np
from ortools.sat.python import cp_model

from scheduler.domain import LevelResult, Schedule, Status
from scheduler.model import Book, FamilyBook
from scheduler.model.cp import CpModel
from scheduler.model.families import Families
from scheduler.offers.days import IntArray
from scheduler.solve.alone import Alone, least_alone, small_solver
from scheduler.solve.neighbourhood.region import Region
from scheduler.solve.neighbourhood.replicas import copies
from scheduler.solve.neighbourhood.search import Search
from scheduler.solve.result import make_schedule
from scheduler.solve.settings import OnProgress, Progress, Settings
from scheduler.solve.worth import by_worth

#: Part of the time limit that may go into bounds of single families.
ALONE_SHARE = 0.15
#: Part of it after which a first schedule is no longer added to.
FIRST_SHARE = 0.9
#: Part of it that may go into repairing a first schedule that breaks rows, before families are bounded.
REPAIR_SHARE = 0.5
#: Steps that count as one second of the time limit in reproducible runs.
STEPS_PER_SECOND = 10
#: Families that take turns together, and seconds that they or small models have until it is weighed anew which gain more.
REGION, SLICE_S = 200, 8.0
#: What is said while parties take turns.
TURNS = "parties choose in turns"
#: Seconds between two reports of progress.
REPORT_S = 0.25


def neighbourhood_search(
    book: Book,
    settings: Settings,
    on_progress: OnProgress,
    stop: threading.Event,
    *,
    start: Sequence[IntArray] | None = None,
) -> Schedule:
    """Improve a schedule by large neighbourhood search.

    It never needs the whole in one model, so it works at every size. The bound is what families would cost alone, which says
    little where they compete.
    """
    return _Neighbourhood(book, settings, on_progress, stop, start).run()


class _Neighbourhood:
    def __init__(
        self,
        book: Book,
        settings: Settings,
        on_progress: OnProgress,
        stop: threading.Event,
        start: Sequence[IntArray] | None = None,
    ) -> None:
        self.start = start
        self.book, self.settings, self.on_progress, self.stop = book, settings, on_progress, stop
        self.began = self.reported = time.monotonic()
        self.workers = 1 if settings.deterministic else settings.workers or os.cpu_count() or 1
        self.bounds: list[int] = []

    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def remaining(self) -> float:
        return max(0.0, self.settings.time_limit_s - self.elapsed())

    def first_over(self) -> bool:
        """Whether a first schedule has had its share of the time."""
        late = not self.settings.deterministic and self.elapsed() > FIRST_SHARE * self.settings.time_limit_s
        return late or self.stop.is_set()

    def say(self, phase: str, search: Search | None = None) -> None:
        best = counts = None
        if search is not None and not search.standing.broken:
            best = sum(search.cost[1:])
            counts = int(search.placed.sum()), int(search.unplaced.sum())
        bound = self.bounds[0] if len(self.bounds) == 1 else None
        self.on_progress(Progress(self.elapsed(), phase, best, bound, *(counts or (None, None))))

    def better(self, search: Search) -> None:
        if time.monotonic() > self.reported + REPORT_S:
            self.reported = time.monotonic()
            self.say("repairing the first schedule" if search.standing.broken else "improving a few at a time", search)

    def run(self) -> Schedule:
        self.say("reading what each party could do")
        families = Families(self.book)
        self.say("a first schedule")
        priced = priced_levels(self.book, families)
        search = Search(
            self.book, families, self.start, levels=priced, seed=self.settings.seed, workers=self.workers, over=self.first_over
        )
        self.say("a first schedule", search)
        if search.standing.broken:
            if not self.stop.is_set() and self.impossible(search):
                return self.nothing(Status.INFEASIBLE)
            self.search(search, REPAIR_SHARE, until_valid=True)
        self.bounds = self.bound(families, search)
        self.improve(search)
        if search.standing.broken:
            return self.nothing(Status.UNKNOWN)
        levels = tuple(
            LevelResult(level=level, status=Status.OPTIMAL if bound == cost else Status.FEASIBLE, objective=cost, bound=bound)
            for level, cost, bound in zip(search.levels, search.cost[1:], self.bounds, strict=True)
        )
        return make_schedule(
            self.book,
            families,
            search.chosen,
            status=Status.OPTIMAL if all(level.status is Status.OPTIMAL for level in levels) else Status.FEASIBLE,
            levels=levels,
            strategy="neighbourhood",
            seconds=self.seconds,
            seed=self.settings.seed,
            workers=self.workers,
            more=None if search.unplaced.any() else 0,
        )

    @property
    def seconds(self) -> float:
        return 0.0 if self.settings.deterministic else round(self.elapsed(), 3)

    def nothing(self, status: Status) -> Schedule:
        return Schedule(
            status=status,
            strategy="neighbourhood",
            seconds=self.seconds,
            seed=self.settings.seed,
            workers=self.workers,
            instance_name=self.book.facts.instance.name,
        )

    def search(self, search: Search, share: float, *, until_valid: bool = False) -> None:
        """Improve for a share of the time that is left, or until the gap that is asked for is reached."""
        goal = _reaching(self.bounds[0], self.settings.gap) if len(self.bounds) == 1 else None
        counted = self.settings.deterministic
        with copies(search, None if until_valid else self.settings.cluster) as away:
            search.run(
                time_limit_s=float("inf") if counted else self.remaining() * share,
                tries=int(self.settings.time_limit_s * share * STEPS_PER_SECOND) if counted else None,
                stop=self.stop,
                goal=goal,
                until_valid=until_valid,
                on_better=self.better,
                away=away,
            )

    def improve(self, search: Search) -> None:
        """Small models and regions, whatever has gained more for its time lately, until time is up."""
        if self.settings.deterministic or len(search.levels) > 1 or search.standing.broken or not len(search.families):
            self.search(search, 1.0)
            return
        goal = _reaching(self.bounds[0], self.settings.gap)
        ways = partial(self.region, search), partial(self.slice, search)
        by_worth(ways, lambda: search.cost[1], lambda: self.remaining() > 0 and not self.stop.is_set() and search.cost[1] > goal)

    def slice(self, search: Search) -> None:
        """Small models for some seconds."""
        self.search(search, min(1.0, SLICE_S / max(self.remaining(), 1e-9)))

    def region(self, search: Search) -> None:
        """A family that misses something (or could gain much) and many that hold what it could use take turns."""
        size = min(len(search.families), REGION)
        picked = list(dict.fromkeys(search.kinds.missing(size) or search.kinds.rivals(size)))
        region = Region(search.standing, picked, level=search.levels[0], seed=search.steps)
        limit = min(SLICE_S, self.remaining())
        region.turns.run(time_limit_s=limit, stop=self.stop, patient=True, on_better=lambda _: self.say(TURNS, search))
        search.adopt(region.moves)
        search.steps += 1
        self.say(TURNS, search)

    def impossible(self, search: Search) -> bool:
        """Whether some family that breaks its own rows could not keep them even if it were alone."""
        for f in np.flatnonzero(search.standing.wrong_of).tolist():
            solver = small_solver()
            if self.settings.deterministic:
                solver.parameters.max_deterministic_time = 1.0
            if solver.solve(CpModel(self.book, [search.families[f]], shared=False).model) == cp_model.INFEASIBLE:
                return True
        return False

    def bound(self, families: Sequence[FamilyBook], search: Search) -> list[int]:
        """Proven lower bounds of every level: the sum of what families cost alone, the first level as well as time allows."""
        self.say("each party alone")
        count = max(len(families), 1)
        counted = self.settings.deterministic
        found = []
        for position, level in enumerate(search.levels):
            alone = Alone(
                self.book,
                level,
                workers=self.workers,
                time_limit_s=self.remaining() * ALONE_SHARE if position == 0 else 0.0,
                stop=self.stop,
                work_limit=(self.settings.time_limit_s * ALONE_SHARE / count if position == 0 else 0.0) if counted else None,
            )
            known = search.kinds.least.tolist() if position == 0 else [least_alone(self.book, f, level) for f in families]
            bound, least = alone.bound(families, known)
            found.append(bound)
            if position == 0:
                search.kinds.least = np.array(least, dtype=np.int64)
        return found


def priced_levels(book: Book, families: Sequence[FamilyBook]) -> list[int]:
    """The levels at which anything has a price, in order; the first one if nothing has."""
    if len(set(book.level.tolist())) <= 1:
        return [int(book.level.min(initial=1))]
    rules: set[int] = set()
    for family in families:
        rules |= {rule for rule, _ in (*family.costs, *family.walks)}
    for rows in (book.shared, *(family.rows for family in families)):
        rules |= set(rows.rule[(rows.under > 0) | (rows.over > 0)].tolist()) | set(rows.var_rule.tolist())
    return sorted({int(book.level[r]) for r in rules if book.weight[r]}) or [int(book.level.min(initial=1))]


def _reaching(bound: int, gap: float) -> int:
    """The largest cost that is within a gap of a bound: cost − bound ≤ gap · max(1, |cost|)."""
    candidates = [bound, math.floor(bound + gap), math.floor(bound / (1 + gap))]
    if gap < 1:
        candidates.append(math.floor(bound / (1 - gap)))
    return max(cost for cost in candidates if cost - bound <= gap * max(1, abs(cost)))
