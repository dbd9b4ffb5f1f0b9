"""The fewest points of changes: found a few parties at a time, proven by one model of the whole."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from scheduler.domain import Instance, Schedule, Status
from scheduler.model import compile_book, evaluate
from scheduler.model.families import Families
from scheduler.offers.days import IntArray
from scheduler.repair.levels import changes_only
from scheduler.solve import OnProgress, Progress, Settings, solve_book
from scheduler.solve.alone import least_alone
from scheduler.solve.direct import Known, further
from scheduler.solve.given import options_of
from scheduler.solve.neighbourhood.search import Search
from scheduler.solve.result import placements

#: Up to so many options changes are counted in one model of the whole, which proves most: nearly everything stays as it is.
ONE_MODEL = 200_000


class Fewest:
    """Few points of changes, whatever else it costs.

    Parameters
    ----------
    instance
        With a baseline.
    start
        What is begun with: placements that are to be had.
    settings
        The time limit is that of the search; the proof has its own.
    """

    def __init__(self, instance: Instance, start: Schedule, settings: Settings, say: OnProgress, stop: threading.Event) -> None:
        self.say, self.stop, self.began = say, stop, time.monotonic()
        self.book = compile_book(instance.model_copy(update={"policy": changes_only(instance.policy)}))
        self.families = Families(self.book)
        begin = options_of(self.book, self.families, start)
        self.search = Search(self.book, self.families, begin, levels=(1,), seed=settings.seed)
        self.search.run(
            time_limit_s=max(0.0, settings.time_limit_s - (time.monotonic() - self.began)),
            stop=stop,
            patient=True,
            on_better=lambda search: say(Progress(time.monotonic() - self.began, "fewer changes", search.cost[1])),
        )

    @property
    def valid(self) -> bool:
        """Whether the search has a schedule that breaks no hard rule."""
        return not self.search.standing.broken

    def schedule(self) -> Schedule:
        """What the search found, without proof."""
        return Schedule(status=Status.FEASIBLE, placements=placements(self.book, self.families, self.search.chosen))

    def proven(self, settings: Settings) -> Schedule:
        """The schedule with the fewest points that is found, with their bound; their number is its objective."""
        book, families = self.book, self.families
        if book.size > ONE_MODEL or not self.valid:
            strategy = "direct" if book.size <= ONE_MODEL else settings.strategy
            settings = Settings(time_limit_s=settings.time_limit_s, gap=settings.gap, strategy=strategy, seed=settings.seed)
            return solve_book(book, settings, self.say, self.stop, start=self.schedule() if self.valid else None)
        if self.stop.is_set():
            least = sum(least_alone(book, family, 1) for family in families)
            return self._schedule(self.search.chosen, least)
        # without a row that says so, a bound of what parties cost alone is found again at once, and the rest sooner
        known = further(book, 1, settings, self.say, self.stop, Known(self.search.chosen, 0))
        assert known.chosen is not None
        return self._schedule(known.chosen, known.bound)

    def _schedule(self, chosen: Sequence[IntArray], bound: int) -> Schedule:
        cost = evaluate(self.book, self.families, chosen).cost(self.book, 1)
        status = Status.OPTIMAL if bound >= cost else Status.FEASIBLE
        rows = placements(self.book, self.families, chosen)
        return Schedule(status=status, placements=rows, objective=cost, bound=min(cost, bound))
