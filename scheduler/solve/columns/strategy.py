"""Strategy *columns*: a bound and good columns from the linear master, then the best schedule that can be made of them."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from dataclasses import replace

from scheduler.domain import LevelResult, Schedule, Status
from scheduler.model import Book
from scheduler.offers.days import IntArray
from scheduler.solve.columns.beside import Beside
from scheduler.solve.columns.closing import SMALL_GAP
from scheduler.solve.columns.engine import Engine
from scheduler.solve.columns.searches import SHORTEST_S, TOGETHER_S, Searches
from scheduler.solve.construct import construct
from scheduler.solve.direct import Known, direct, further
from scheduler.solve.result import count_placed, make_schedule
from scheduler.solve.settings import OnProgress, Progress, Settings

#: Shares of the time limit: for a better first schedule, for bounds and columns (of small, middle, large and huge books), for
#: putting columns together, for proving at the relaxation's own prices.
TURNS_SHARE, IMPROVE_SHARE, ROOT_SHARE, COMBINE_SHARE, PROVE_SHARE = (
    (0.06, 0.12, 0.14, 0.3),
    0.06,
    (0.66, 0.45, 0.35, 0.15),
    (0.08, 0.03, 0.03, 0.03),
    0.25,
)
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
        self.start: Sequence[IntArray] | None = None
        self.beside: Beside | None = None
        self.say("what parties can have")
        self.engine = Engine(book, level, settings, self.say, stop)
        self.searches = Searches(self.engine, settings, self, stop)

    def close(self) -> None:
        """End all workers."""
        self.searches.close()
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
            self.searches.take_in(self.beside.fetch())
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
        self.searches.take_turns(limit * TURNS_SHARE[self.size])
        if self.size == 0 and self.start is None:  # what is begun with may be good enough: that is known when it is bounded
            self.searches.improve(limit * IMPROVE_SHARE, patient=True)
        e.tighten()
        if not self.done:
            self.bound_beside_searches()
        if not self.done or e.chosen is None:
            whole = self.options <= WHOLE
            if e.chosen is not None and (not whole or e.gap > SMALL_GAP):
                self.searches.polish(self.remaining_s / 2 if whole else self.remaining_s, elsewhere=self.size < 2)
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
        with Beside(self.searches.workers(), lambda: self.searches.from_best(TOGETHER_S)) as self.beside:
            self.bound()
        self.searches.take_in(self.beside.fetch())
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
                    self.searches.improve(max(SHORTEST_S, limit * IMPROVE_SHARE))

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
