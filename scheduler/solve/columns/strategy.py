"""Strategy *columns*: a bound and good columns from the linear master, then the best schedule that can be made of them."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from scheduler.domain import LevelResult, Schedule, Status
from scheduler.model import Book
from scheduler.offers.days import IntArray
from scheduler.solve.columns.beside import Beside
from scheduler.solve.columns.chains import Chain, Ended, Task, side_by_side
from scheduler.solve.columns.closing import SMALL_GAP
from scheduler.solve.columns.engine import Engine
from scheduler.solve.construct import construct
from scheduler.solve.direct import Known, direct, further
from scheduler.solve.neighbourhood import Search
from scheduler.solve.neighbourhood.replicas import Packed, copies
from scheduler.solve.result import count_placed, make_schedule
from scheduler.solve.settings import OnProgress, Progress, Settings
from scheduler.solve.turns import Turns
from scheduler.solve.worth import by_worth
from scheduler.workers import Workers

#: Shares of the time limit: for a better first schedule, for bounds and columns (of small, middle, large and huge books), for
#: putting columns together, for proving at the relaxation's own prices.
TURNS_SHARE, IMPROVE_SHARE, ROOT_SHARE, COMBINE_SHARE, PROVE_SHARE = (
    (0.06, 0.12, 0.14, 0.3),
    0.06,
    (0.66, 0.45, 0.35, 0.15),
    (0.08, 0.03, 0.03, 0.03),
    0.25,
)
#: A slice of polishing: share of the time limit, but not shorter than this.
SLICE_SHARE, SHORTEST_S = 0.05, 5.0
#: Seconds between two reports of progress.
REPORT_S = 0.5
#: Of what is left searches elsewhere take so much, as what comes back too late is lost.
END_SHARE = 0.95
#: So many options make a model that CP-SAT can finish as a whole; a small book; one whose linear master gets far; one whose
#: parts' masters do.
WHOLE, SMALL, MIDDLE, LARGE = 30_000, 60_000, 300_000, 2_000_000
#: Beyond this gap the whole model of a small book is searched before columns are enumerated.
LARGE_GAP = 0.05


def column_generation(
    book: Book,
    settings: Settings,
    on_progress: OnProgress,
    stop: threading.Event,
    *,
    start: Sequence[IntArray] | None = None,
) -> Schedule:
    """Bound by column generation, then put a schedule together, improve it, and where the model is small search it to the end.

    Several levels are left to *direct*.
    """
    levels = sorted({int(book.level[i]) for i, rule in enumerate(book.rules) if rule.setting.kind == "soft" and book.weight[i]})
    if len(levels) > 1 or settings.deterministic:
        return direct(book, settings, on_progress, stop, start=start)
    run = _Run(book, (levels or [1])[0], settings, on_progress, stop)
    run.start = start
    try:
        found = run.run()
    finally:
        run.close()
    return found.model_copy(update={"effort": run.engine.effort if run.engine else None})


class _Run:
    def __init__(self, book: Book, level: int, settings: Settings, on_progress: OnProgress, stop: threading.Event) -> None:
        self.began = time.monotonic()
        self.book, self.level, self.settings, self.on_progress, self.stop = book, level, settings, on_progress, stop
        self.counts: tuple[int, int] | tuple[None, None] = (None, None)
        self.counted: int | None = None
        self.engine: Engine | None = None
        self.search: Search | None = None
        self.turns: Turns | None = None
        self.start: Sequence[IntArray] | None = None
        self.begun = 0
        self.elsewhere: Workers[Chain] | None = None
        self.beside: Beside | None = None
        self.rng, self.seeds = np.random.default_rng(settings.seed), random.Random(settings.seed)
        self.say("what parties can have")
        self.engine = Engine(book, level, settings, self.say, stop)

    def close(self) -> None:
        """End all workers."""
        if self.elsewhere:
            self.elsewhere.close()
        if self.engine and self.engine.root:
            self.engine.root.close()

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self.began

    @property
    def remaining_s(self) -> float:
        return 0.0 if self.stop.is_set() else max(0.0, self.settings.time_limit_s - self.elapsed_s)

    @property
    def done(self) -> bool:
        """Whether nothing better is worth looking for."""
        e = self.engine
        assert e is not None
        if e.objective is None or e.bound is None:
            return self.remaining_s <= 0
        return self.remaining_s <= 0 or e.objective - e.bound <= self.settings.gap * max(1, abs(e.objective))

    def say(self, phase: str, best: int | None = None) -> None:
        """Report a phase; `best` is the cost of a schedule that is not known in detail yet."""
        e = self.engine
        if e is None:
            self.on_progress(Progress(self.elapsed_s, phase))
            return
        if self.beside:
            self.take_in(self.beside.fetch())
        if e.chosen is not None and e.objective != self.counted:
            self.counts, self.counted = count_placed(self.book, e.families, e.chosen), e.objective
        counts = (None, None) if best is not None else self.counts
        self.on_progress(Progress(self.elapsed_s, phase, e.objective if best is None else best, e.bound, *counts))

    def run(self) -> Schedule:
        e, limit = self.engine, self.settings.time_limit_s
        assert e is not None
        self.say("a first schedule")
        if self.start is not None and not e.offer(self.start):
            e.offer(construct(self.book, e.families, self.settings.seed, self.start))
        size = self.size
        self.take_turns(limit * TURNS_SHARE[size])
        if size == 0:
            self.improve(limit * IMPROVE_SHARE, patient=True)
        e.tighten()
        if not self.done:
            self.bound_beside_searches()
        if not self.done or e.chosen is None:
            whole = self.options <= WHOLE
            if e.chosen is not None and (not whole or e.gap > SMALL_GAP):
                self.polish(self.remaining_s / 2 if whole else self.remaining_s)
            if e.chosen is None or (whole and not self.done):
                return self.finish()
        return self.schedule()

    def bound_beside_searches(self) -> None:
        """Bounds, while one core improves the best schedule where the linear master keeps only one of the others busy."""
        e = self.engine
        assert e is not None
        if self.size != 1 or e.workers == 1 or e.columns is None or self.settings.cluster is not None:
            self.bound()
            return
        with Beside(self.searchers(), lambda: self.from_best(2 * SHORTEST_S)) as self.beside:
            self.bound()
        self.take_in(self.beside.fetch())
        self.beside = None

    def bound(self) -> None:
        """Bounds and columns, and what can be put together from these, in turns as long as both may bring something."""
        e, limit = self.engine, self.settings.time_limit_s
        assert e is not None
        until = self.elapsed_s + limit * ROOT_SHARE[self.size]
        more, tried = True, math.inf
        while more and not self.done:
            more = e.solve_root(min(max(until - self.elapsed_s, 0.0), self.remaining_s))
            if not self.done and e.relaxed:
                self.say("putting columns together")
                e.combine(min(max(limit * COMBINE_SHARE[self.size], SHORTEST_S), self.remaining_s))
                if not self.done:
                    e.prove(min(limit * PROVE_SHARE, self.remaining_s))
            if self.options <= WHOLE and e.gap > LARGE_GAP and not self.done and tried == math.inf:
                self.search_whole(self.remaining_s / 2)
            again = e.gap <= min(1.0 if self.options <= WHOLE else SMALL_GAP, tried / 2)
            while again and not self.done:
                tried = e.gap
                self.say("every column that could help")
                again = e.close(self.remaining_s)
                if again and not self.done:
                    self.improve(max(SHORTEST_S, limit * IMPROVE_SHARE))

    @property
    def size(self) -> int:
        """Whether the book is small (0), middle (1), large (2) or huge (3)."""
        return sum(self.options > most for most in (SMALL, MIDDLE, LARGE))

    @property
    def options(self) -> int:
        """Options of all blocks."""
        e = self.engine
        assert e is not None
        return sum(len(block.place) for block in e.blocks.blocks)

    def polish(self, time_limit_s: float) -> None:
        """Make a schedule better that is good already: searches side by side, or turns and small models where these would need
        too much memory, whatever has gained more for its time lately."""
        e, slice_s = self.engine, max(SHORTEST_S, self.settings.time_limit_s * SLICE_SHARE)
        assert e is not None
        until = self.elapsed_s + time_limit_s
        if self.size < 2:
            self.side_by_side(slice_s, until)
        else:
            ways = [partial(self.improve, slice_s), partial(self.take_turns, slice_s)]
            if e.shares:
                ways.append(partial(self.take_turns, slice_s, anew=True))
            by_worth(ways, lambda: e.objective or 0, lambda: not self.done and self.elapsed_s < until)

    def searchers(self) -> Workers[Chain]:
        """Processes (or a cluster) that search."""
        e = self.engine
        assert e is not None
        if self.elsewhere is None:
            chain = Chain(self.book, self.level, e.families, e.blocks, e.pricings, self.stop)
            self.elsewhere = Workers(chain, e.workers, cluster=self.settings.cluster, processes_after_s=0)
        return self.elsewhere

    def from_best(self, time_limit_s: float) -> Task:
        """A search from the best schedule; every other time parties take turns first, which moves what small models cannot."""
        e = self.engine
        assert e is not None and e.columns is not None
        self.begun += 1
        turns_s = time_limit_s / 2 * (self.begun % 2)
        start = Packed.of([column.options for column in e.columns])
        return Task(start, turns_s, time_limit_s - turns_s, self.seeds.randrange(1 << 30))

    def take_in(self, found: Sequence[Ended]) -> None:
        """Keep what searches elsewhere have found: the best, and of all others the steps that are still gains after it."""
        e = self.engine
        assert e is not None
        for ended in found:
            e.offer(ended.chosen.unpacked())
        if e.chosen is None or not any(ended.moves for ended in found):
            return
        search = self.searching()
        search.become(e.chosen)
        for ended in found:
            for moves in ended.moves:
                search.adopt(moves)
                for family, options in moves.items():
                    e.note(family, options)
        e.offer(search.chosen)

    def side_by_side(self, slice_s: float, until: float) -> None:
        """Searches at once, from the best schedule or from what the relaxation says, with turns first."""
        e, workers = self.engine, self.searchers()
        assert e is not None
        drawn: list[Task] = []

        def left_s() -> float:
            return END_SHARE * min(self.remaining_s, until - self.elapsed_s)

        def together(tasks: list[Task]) -> None:
            self.say("searches side by side")
            self.take_in(side_by_side(workers, tasks, lambda: self.done))

        def best() -> None:
            ends = min(self.elapsed_s + 3 * slice_s, until)
            while not self.done and self.elapsed_s < ends:
                together([self.from_best(min(2 * SHORTEST_S, left_s())) for _ in range(workers.place.size)])

        def anew() -> None:
            assert e is not None
            turns_s = min(slice_s, left_s() / 3)
            tasks = []
            for k in range(workers.place.size):
                start = Packed.of(e.drawn(self.rng if k or drawn else None))
                tasks.append(Task(start, turns_s, min(3 * slice_s, left_s()) - turns_s, int(self.rng.integers(1 << 30))))
            drawn.extend(tasks)
            together(tasks)

        ways = [best, *([anew] if e.shares else [])]
        by_worth(ways, lambda: e.objective or 0, lambda: not self.done and self.elapsed_s + SHORTEST_S < until)
        self.say("searches side by side")

    def take_turns(self, time_limit_s: float, *, anew: bool = False) -> None:
        """Parties choose again one after another, from the best schedule or, `anew`, from what the relaxation says."""
        e = self.engine
        assert e is not None
        polish = self.turns is not None or e.chosen is not None
        if self.turns is None:
            start = construct(self.book, e.families, self.settings.seed) if e.chosen is None else e.chosen
            self.turns = Turns(self.book, e.blocks, e.pricings, e.blocks.split(start), level=e.level, seed=self.settings.seed)
        elif anew:
            self.turns.restart(e.drawn(self.rng))
        elif e.chosen is not None:
            self.turns.become(e.blocks.split(e.chosen))

        def said(found: Turns) -> None:
            self.say("parties choose in turns", found.best_cost)

        limit = min(time_limit_s, self.remaining_s)
        self.turns.run(time_limit_s=limit, stop=self.stop, goal=e.bound, patient=True, polish=polish, on_better=said)
        if self.turns.best is not None:
            e.offer(e.blocks.chosen(self.turns.best, len(e.families)))
        self.say("parties choose in turns")

    def searching(self) -> Search:
        """A search of the whole schedule, made when it is first needed."""
        e = self.engine
        assert e is not None
        if self.search is None:
            self.search = Search(
                self.book,
                e.families,
                e.chosen,
                levels=(self.level,),
                seed=self.settings.seed,
                workers=e.workers,
                on_family=e.note,
            )
        return self.search

    def improve(self, time_limit_s: float, *, patient: bool = False) -> None:
        """Improve the schedule a few families at a time; what that finds are columns, too."""
        e = self.engine
        assert e is not None
        if not e.families or self.remaining_s <= 0:
            return
        search = self.searching()
        if e.chosen is not None:
            search.become(e.chosen)
        reported = [0.0]

        def said(found: Search) -> None:
            if found.standing.broken:
                return
            cost = found.cost[1]
            if time.monotonic() > reported[0] + REPORT_S:
                reported[0] = time.monotonic()
                self.say("improving a few at a time", cost if e.objective is None else min(cost, e.objective))

        said(search)
        limit = min(time_limit_s, self.remaining_s)
        with copies(search, None if patient else self.settings.cluster) as away:
            search.run(time_limit_s=limit, stop=self.stop, goal=e.bound, patient=patient, on_better=said, away=away)
        if not search.standing.broken:
            e.offer(search.chosen)
        self.say("improving a few at a time")

    def search_whole(self, time_limit_s: float) -> None:
        """Search the whole model for a while: where many have to move together, it finds what no few parties do."""
        e = self.engine
        assert e is not None
        rest = replace(self.settings, time_limit_s=min(time_limit_s, self.remaining_s))
        found = further(self.book, self.level, rest, self.told, self.stop, self.known)
        if found.chosen is not None:
            e.offer(list(found.chosen))
        if e.bound is not None:
            e.bound = max(e.bound, found.bound)

    @property
    def known(self) -> Known:
        """The best schedule and bound."""
        e = self.engine
        assert e is not None
        return Known(e.chosen, -(1 << 60) if e.bound is None else e.bound)

    def told(self, p: Progress) -> None:
        """Pass on what a search of the whole model reports."""
        self.on_progress(replace(p, elapsed_s=self.elapsed_s))

    def finish(self) -> Schedule:
        """Search the whole model, with all that is known."""
        rest = replace(self.settings, time_limit_s=self.remaining_s)
        found = direct(self.book, rest, self.told, self.stop, self.known)
        return found.model_copy(update={"strategy": "columns", "seconds": round(self.elapsed_s, 3)})

    def schedule(self) -> Schedule:
        e = self.engine
        assert e is not None and e.chosen is not None and e.objective is not None
        bound = e.least() if e.bound is None else e.bound
        if bound > e.objective:
            raise AssertionError(f"proven bound {bound}, but there is a schedule at {e.objective}")
        status = Status.OPTIMAL if bound == e.objective else Status.FEASIBLE
        _, missing = count_placed(self.book, e.families, e.chosen)
        return make_schedule(
            self.book,
            e.families,
            e.chosen,
            status=status,
            levels=(LevelResult(level=self.level, status=status, objective=e.objective, bound=bound),),
            strategy="columns",
            seconds=round(self.elapsed_s, 3),
            seed=self.settings.seed,
            workers=e.workers,
            more=None if missing else 0,
        )
