"""A schedule taken up again, in the instance that it is of or in another: what it costs, and the best that can be made of it."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from scheduler.domain import RULES, Instance, Placement, Schedule, Status
from scheduler.model import compile_book
from scheduler.model.families import Families
from scheduler.model.standing import Standing
from scheduler.solve import ONE_MODEL, Settings, solve_book
from scheduler.solve.given import options_of
from scheduler.solve.neighbourhood import Search
from scheduler.solve.result import placements
from scheduler.standing.forced import choose_again
from scheduler.verify import Report, verify

#: Weighted cost by level of the policy, the most important first: compared one after another.
Cost = tuple[int, ...]
#: So many families that lack something choose again together before the search, which then ends so often for want of gains.
TOGETHER, ROUNDS = 12, 3


@dataclass(frozen=True)
class Outcome:
    """Placements, and what the independent verifier says of them.

    Attributes
    ----------
    cost
        By level, as the verifier counts.
    best
        Whether it is proven that no schedule costs less.
    """

    placements: tuple[Placement, ...]
    report: Report
    cost: Cost
    best: bool = False

    @property
    def unplaced(self) -> int:
        return len(self.report.unplaced)

    @property
    def students(self) -> int:
        """Unplaced rotations, once for each student."""
        return sum(row.students for row in self.report.unplaced)


def outcome(instance: Instance, rows: tuple[Placement, ...], *, best: bool = False) -> Outcome:
    """What placements amount to in an instance."""
    report = verify(instance, Schedule(status=Status.FEASIBLE, placements=rows))
    levels: dict[int, int] = defaultdict(int)
    for rule, penalty in report.penalties.items():
        setting = instance.policy.setting(RULES[rule])
        if setting.weight:
            levels[setting.level] += setting.weight * penalty
    return Outcome(rows, report, tuple(levels[level] for level in sorted(levels)), best)


def again(
    instance: Instance, rows: tuple[Placement, ...], time_limit_s: float, stop: threading.Event, *, seed: int = 0
) -> Outcome | None:
    """The best schedule found in an instance, from placements that may be of another one; None where none is valid.

    Small instances are solved as one model. In others those who lack something choose again together, exactly, then a search
    lets a few parties at a time choose again. Either may end early: proven to be the best, or for want of gains.
    """
    book = compile_book(instance)
    start = Schedule(status=Status.FEASIBLE, placements=rows)
    if book.size <= ONE_MODEL:
        settings = Settings(time_limit_s=time_limit_s, workers=1, strategy="direct", seed=seed)
        solved = solve_book(book, settings, stop=stop, start=start)
        if solved.status in (Status.INFEASIBLE, Status.UNKNOWN):
            return None
        found = outcome(instance, solved.placements, best=solved.status is Status.OPTIMAL)
    else:
        families = Families(book)
        ends = time.monotonic() + time_limit_s
        search = Search(book, families, options_of(book, families, start), seed=seed, over=stop.is_set)
        lacking = np.flatnonzero(search.unplaced > 0)[:TOGETHER].tolist()
        if lacking and not search.standing.broken:
            now = Standing(book, families, search.chosen)
            choose_again(now, lacking, stop)
            search.become(now.chosen)
        for _ in range(ROUNDS):
            search.run(time_limit_s=max(0.0, ends - time.monotonic()), stop=stop, patient=True)
        found = outcome(instance, placements(book, families, search.chosen))
    return found if found.report.ok else None
