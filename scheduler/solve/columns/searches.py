"""Searches that make the best schedule better: turns and small models, here and side by side in processes."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from functools import partial
from typing import Protocol

import numpy as np

from scheduler.solve.columns.chains import Chain, Ended, Task, side_by_side
from scheduler.solve.columns.engine import Engine
from scheduler.solve.construct import construct
from scheduler.solve.neighbourhood import Search
from scheduler.solve.neighbourhood.replicas import Packed, copies
from scheduler.solve.settings import Settings
from scheduler.solve.turns import Turns
from scheduler.solve.worth import by_worth
from scheduler.workers import Workers

#: A slice of polishing: share of the time limit, but not shorter than this.
SLICE_SHARE, SHORTEST_S = 0.05, 5.0
#: A search from the best schedule takes so long before what it gained is put together with what others gained.
TOGETHER_S = 10.0
#: Seconds between two reports of progress.
REPORT_S = 0.5
#: Of what is left searches elsewhere take so much, as what comes back too late is lost.
END_SHARE = 0.95


class Going(Protocol):
    """The run that searches are a part of."""

    @property
    def elapsed_s(self) -> float: ...

    @property
    def remaining_s(self) -> float: ...

    @property
    def done(self) -> bool:
        """Whether nothing better is worth looking for."""
        ...

    def say(self, phase: str, best: int | None = None) -> None:
        """Report a phase; `best` is the cost of a schedule that is not known in detail yet."""
        ...


class Searches:
    """Ways to make the best schedule of an engine better; what they find are columns, too.

    Parameters
    ----------
    run
        Says how long it may take, and is told what goes on.
    stop
        Ends every search.
    """

    def __init__(self, engine: Engine, settings: Settings, run: Going, stop: threading.Event) -> None:
        self.engine, self.settings, self.run, self.stop = engine, settings, run, stop
        self.rng, self.seeds = np.random.default_rng(settings.seed), random.Random(settings.seed)
        self.begun = 0
        self._search: Search | None = None
        self._turns: Turns | None = None
        self._workers: Workers[Chain] | None = None

    def close(self) -> None:
        """End all workers."""
        if self._workers:
            self._workers.close()

    def polish(self, time_limit_s: float, *, elsewhere: bool) -> None:
        """Make a schedule better that is good already: searches side by side `elsewhere`, or turns and small models here where
        these would need too much memory, whatever has gained more for its time lately."""
        e, run, slice_s = self.engine, self.run, max(SHORTEST_S, self.settings.time_limit_s * SLICE_SHARE)
        until = run.elapsed_s + time_limit_s
        if elsewhere:
            self.side_by_side(slice_s, until)
        else:
            ways = [partial(self.improve, slice_s), partial(self.take_turns, slice_s)]
            if e.shares:
                ways.append(partial(self.take_turns, slice_s, anew=True))
            by_worth(ways, lambda: e.objective or 0, lambda: not run.done and run.elapsed_s < until)

    def workers(self) -> Workers[Chain]:
        """Processes (or a cluster) that search."""
        e = self.engine
        if self._workers is None:
            chain = Chain(e.book, e.level, e.families, e.blocks, e.pricings, self.stop)
            self._workers = Workers(chain, e.workers, cluster=self.settings.cluster, processes_after_s=0)
        return self._workers

    def from_best(self, time_limit_s: float) -> Task:
        """A search from the best schedule; every other time parties take turns first, which moves what small models cannot."""
        e = self.engine
        assert e.columns is not None
        self.begun += 1
        turns_s = time_limit_s / 2 * (self.begun % 2)
        start = Packed.of([column.options for column in e.columns])
        return Task(start, turns_s, time_limit_s - turns_s, self.seeds.randrange(1 << 30))

    def take_in(self, found: Sequence[Ended]) -> None:
        """Keep what searches elsewhere have found: the best, and of all others the steps that are still gains after it."""
        e = self.engine
        for ended in found:
            e.offer(ended.chosen.unpacked())
        if e.chosen is None or not any(ended.moves for ended in found):
            return
        search = self._searching()
        search.become(e.chosen)
        for ended in found:
            for moves in ended.moves:
                search.adopt(moves)
                for family, options in moves.items():
                    e.note(family, options)
        e.offer(search.chosen)

    def side_by_side(self, slice_s: float, until: float) -> None:
        """Searches at once, from the best schedule or from what the relaxation says, with turns first."""
        e, workers = self.engine, self.workers()
        drawn: list[Task] = []

        def left_s() -> float:
            return END_SHARE * min(self.run.remaining_s, until - self.run.elapsed_s)

        def together(tasks: list[Task]) -> None:
            self.run.say("searches side by side")
            self.take_in(side_by_side(workers, tasks, lambda: self.run.done))

        def best() -> None:
            ends = min(self.run.elapsed_s + 3 * slice_s, until)
            while not self.run.done and self.run.elapsed_s < ends:
                together([self.from_best(min(TOGETHER_S, left_s())) for _ in range(workers.place.size)])

        def anew() -> None:
            turns_s = min(slice_s, left_s() / 3)
            tasks = []
            for k in range(workers.place.size):
                start = Packed.of(e.drawn(self.rng if k or drawn else None))
                tasks.append(Task(start, turns_s, min(3 * slice_s, left_s()) - turns_s, int(self.rng.integers(1 << 30))))
            drawn.extend(tasks)
            together(tasks)

        ways = [best, *([anew] if e.shares else [])]
        by_worth(ways, lambda: e.objective or 0, lambda: not self.run.done and self.run.elapsed_s + SHORTEST_S < until)
        self.run.say("searches side by side")

    def take_turns(self, time_limit_s: float, *, anew: bool = False) -> None:
        """Parties choose again one after another, from the best schedule or, `anew`, from what the relaxation says."""
        e = self.engine
        polish = self._turns is not None or e.chosen is not None
        if self._turns is None:
            start = construct(e.book, e.families, self.settings.seed) if e.chosen is None else e.chosen
            self._turns = Turns(e.book, e.blocks, e.pricings, e.blocks.split(start), level=e.level, seed=self.settings.seed)
        elif anew:
            self._turns.restart(e.drawn(self.rng))
        elif e.chosen is not None:
            self._turns.become(e.blocks.split(e.chosen))

        def said(found: Turns) -> None:
            self.run.say("parties choose in turns", found.best_cost)

        limit = min(time_limit_s, self.run.remaining_s)
        self._turns.run(time_limit_s=limit, stop=self.stop, goal=e.bound, patient=True, polish=polish, on_better=said)
        if self._turns.best is not None:
            e.offer(e.blocks.chosen(self._turns.best, len(e.families)))
        self.run.say("parties choose in turns")

    def _searching(self) -> Search:
        """A search of the whole schedule, made when it is first needed."""
        e = self.engine
        if self._search is None:
            self._search = Search(
                e.book,
                e.families,
                e.chosen,
                levels=(e.level,),
                seed=self.settings.seed,
                workers=e.workers,
                on_family=e.note,
            )
        return self._search

    def improve(self, time_limit_s: float, *, patient: bool = False) -> None:
        """Improve the schedule a few families at a time; what that finds are columns, too."""
        e = self.engine
        if not e.families or self.run.remaining_s <= 0:
            return
        search = self._searching()
        if e.chosen is not None:
            search.become(e.chosen)
        reported = [0.0]

        def said(found: Search) -> None:
            if found.standing.broken:
                return
            cost = found.cost[1]
            if time.monotonic() > reported[0] + REPORT_S:
                reported[0] = time.monotonic()
                self.run.say("improving a few at a time", cost if e.objective is None else min(cost, e.objective))

        said(search)
        limit = min(time_limit_s, self.run.remaining_s)
        with copies(search, None if patient else self.settings.cluster) as away:
            search.run(time_limit_s=limit, stop=self.stop, goal=e.bound, patient=patient, on_better=said, away=away)
        if not search.standing.broken:
            e.offer(search.chosen)
        self.run.say("improving a few at a time")
