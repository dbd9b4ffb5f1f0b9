"""The root: prices of the shared rows that bound every schedule from below, and the columns that are worth having at them.

After subgradient steps the linear master, whose prices are drawn towards the best ones so far (Wentges 1997, *Weighted
Dantzig–Wolfe decomposition*): first the masters of parts of the book, then that of everything.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scheduler.solve.columns.bounds import Bounds
from scheduler.solve.columns.master import Master, Relaxed
from scheduler.solve.columns.parts import LEAST_SHARE, Part, parts_of
from scheduler.solve.columns.shared import SCALE, Floats
from scheduler.solve.columns.spread import MOST_EFFORT

#: Share of the time that one solution of the master may take, but not less than so many seconds.
MASTER_SHARE, SHORTEST_S = 0.08, 2.0
#: Parts have so many blocks at first, then twice as many; what share of the time one round of parts may take.
PART, PART_SHARE = 80, 0.4
#: Weight of the best prices so far in those that families are priced at: beside prices of a corner, and beside central ones.
SMOOTHING, CENTRAL_SMOOTHING = 0.6, 0.4
#: A round that closes less than this share of the gap between master and bound brings little; so many are enough.
LITTLE, IDLE_ROUNDS = 0.01, 2
#: In the master no limit is worth more than so many times what one is at the first prices; then so many times as much.
NEAR, DEARER = 2.0, 4.0
#: The master is as good as before if it gains less than this share; after so many rounds of that, with a bound so near to it,
#: schedules of the columns may say more.
SAME, MANY_SAME, NEAR_BOUND = 1e-7, 2, 0.002
#: What the master comes to is known so well, relative to it.
SLACK = 1e-7
#: Rounds with few labels go on as long as one makes the master better by more than this share of its gap to the bound.
SLOW = 0.01
#: As much effort as is taken at once where that proves more.
MUCH_EFFORT = 3


@dataclass
class _Run:
    """The master of a part (None: of everything) while columns are generated for it.

    Attributes
    ----------
    offset
        What all that is not in it comes to, at the best prices when it was made.
    at, seen
        Positions of its columns in the pool, and how much of the pool has been looked at.
    value, latest
        The latest solution, and what it comes to.
    """

    part: Part | None
    master: Master
    offset: float
    at: list[int] = field(default_factory=list)
    seen: int = 0
    value: float = np.inf
    latest: Relaxed | None = None


class Root(Bounds):
    """Bounds and columns of the linear relaxation; for parameters see `Bounds`.

    Attributes
    ----------
    value, share
        What the linear master came to, infinite before; the share of each column of the pool in it (shorter than the pool where
        columns came later).
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.whole: _Run | None = None
        #: One solution of the master may take so long: it takes dozens of them to find the columns that are missing.
        self.patience_s = max(SHORTEST_S, MASTER_SHARE * (self.deadline - time.monotonic()))
        self.value = np.inf
        self.share: Floats = np.zeros(0)
        self.master_s = 0.0

    def solve_parts(self, most: int, target: int | None, time_limit_s: float, least_share: float = LEAST_SHARE) -> None:
        """Prices and columns from the masters of parts of at most so many blocks, one after another.

        The prices of one part change nothing for the blocks of the others, so that each makes the bound better by itself.
        """
        parts = sorted(parts_of(self.shared, most, least_share), key=lambda part: len(part.rows))
        if len(parts) < 2 or self.best is None:
            return
        until, share = min(self.deadline, time.monotonic() + time_limit_s), self.share
        for k, part in enumerate(parts):
            now = time.monotonic()
            if self.out_of_time or now > until or (target is not None and self.best.value >= target):
                break
            run = self._start(part)
            self._generate(run, target, now + (until - now) / (1 + (k + 1 < len(parts))))
            share = np.append(share, np.zeros(len(self.pool) - len(share)))
            if run.latest is not None:
                share[run.at] = 0.0
                share[run.at[: len(run.latest.share)]] = run.latest.share
        self.share = share

    def solve(self, target: int | None) -> bool:
        """Generate columns until none is missing, the bound reaches the target, or time is up: then False.

        True as soon as new columns do not make the master better and it is near its bound: it may be time to see what schedules
        the columns give, and then to call again.
        """
        if self.whole is None:
            most = PART
            while 2 * most < len(self.pricings):
                self.solve_parts(most, target, PART_SHARE * (self.deadline - time.monotonic()))
                most *= 2
            self.whole = self._start(None)
        more = self._generate(self.whole, target, self.deadline)
        if self.whole.latest is not None:
            self.value, self.share = self.whole.value, self.whole.latest.share
        return more

    def _start(self, part: Part | None) -> _Run:
        """The master of a part at the best prices of all other rows, or of everything."""
        most, offset, price = None, 0.0, None
        blocks: Sequence[int] = range(len(self.pricings))
        if self.best is not None:
            most = NEAR * np.maximum(1.0, np.maximum(self.best.lower, -self.best.upper))
        if part is not None and self.best is not None and self.best.blocks is not None:
            lower, upper = self.best.lower.copy(), self.best.upper.copy()
            lower[part.rows] = upper[part.rows] = 0.0
            rest = self.shared.least(self.shared.duals(lower, upper))
            offset = (rest + sum(bound for b, bound in enumerate(self.best.blocks) if b not in part.blocks)) / SCALE
            price, blocks = lower + upper, sorted(part.blocks)
        return _Run(part, Master(self.shared, blocks, self.artificial, most, None if part is None else part.rows, price), offset)

    def _generate(self, run: _Run, target: int | None, until: float) -> bool:
        """Generate columns for a master; see `solve`."""
        # where the master takes far longer than pricing, every round takes what labels it can
        central = run.master.lp.central
        most_smooth, effort, quick = (CENTRAL_SMOOTHING, MUCH_EFFORT, False) if central else (SMOOTHING, 2, True)
        smoothing, idle, same = most_smooth, 0, 0
        gap = run.value = np.inf
        while not self.out_of_time and time.monotonic() < until:
            relaxed = self._relaxed(run)
            if relaxed is None:
                return False
            if self.best is not None:
                # as long as few labels find columns that make the master much better, prices are not worth more labels
                quick = quick and run.value - relaxed.value > SLOW * (relaxed.value - self.best.exact / SCALE)
            same = same + 1 if run.value - relaxed.value <= SAME * abs(relaxed.value) else 0
            run.value = relaxed.value
            lower, upper = relaxed.lower, relaxed.upper
            if self.best is not None and smoothing > 0:
                lower = smoothing * self.best.lower + (1 - smoothing) * lower
                upper = smoothing * self.best.upper + (1 - smoothing) * upper
            _, new, _, _ = self.bound(lower, upper, effort=1 if quick else effort, part=run.part)
            if self.best is None:
                return False
            of = "" if run.part is None else f" of {len(run.part.blocks)} of {len(self.pricings)} parties"
            self.said(f"columns{of} (relaxation {relaxed.value:.1f}, {len(self.pool)} columns)", self.best.value)
            if target is not None and self.best.value >= target:
                return False
            solved = self.best.value >= np.ceil(relaxed.value - SLACK * max(1.0, abs(relaxed.value)))
            if (solved or not new or not quick) and run.master.dearer(DEARER):
                idle, same, quick = 0, 0, not central
                continue
            if solved:
                return False
            if quick:
                quick = bool(new)
                continue
            if same >= MANY_SAME and relaxed.value - self.best.value <= NEAR_BOUND * abs(relaxed.value):
                return True
            quick = bool(new) and not central
            before, gap = gap, relaxed.value - self.best.exact / SCALE
            idle = 0 if gap < before * (1 - LITTLE) else idle + 1
            if not new and smoothing == 0 and effort == MOST_EFFORT:
                return False
            if run.part is not None and (idle >= IDLE_ROUNDS or (not new and smoothing == 0)):
                return False  # what is left is for the master of everything
            if self.loose and effort < MUCH_EFFORT:
                effort += 1
            elif not new or idle >= IDLE_ROUNDS:
                # what was tried brings nothing more: prices nearer to the master's, then more labels
                if smoothing > 0:
                    smoothing = smoothing / 2 if smoothing > 0.2 else 0.0
                else:
                    effort, smoothing = min(effort + 1, MOST_EFFORT), most_smooth / 2
                    if not new and effort == MOST_EFFORT:
                        smoothing = 0.0
                idle = 0
        return False

    def prove(self, target: int) -> None:
        """Price at the master's own prices, with all labels, until the bound reaches the target or no column is missing.

        Where a schedule costs what the master does, these are the prices that prove it.
        """
        run = self.whole
        while run is not None and not self.out_of_time and (relaxed := self._relaxed(run)) is not None:
            _, new, _, _ = self.bound(relaxed.lower, relaxed.upper, effort=MOST_EFFORT)
            self.value, self.share = relaxed.value, relaxed.share
            if self.best is not None:
                self.said("columns", self.best.value)
            if self.best is None or self.best.value >= target or not new:
                return

    def _relaxed(self, run: _Run) -> Relaxed | None:
        """What a linear master comes to with all columns that there are; None if that takes too long.

        Prices are those of all rows, and the value is what the whole comes to.
        """
        for i in range(run.seen, len(self.pool)):
            if run.part is None or self.pool.columns[i].family in run.part.blocks:
                run.master.add(self.pool.columns[i])
                run.at.append(i)
        run.seen = len(self.pool)
        began = time.monotonic()
        found = run.master.solve(min(self.deadline - began, self.patience_s), self.stop)
        self.master_s += time.monotonic() - began
        if found is None:
            return None
        if run.part is not None and self.best is not None:
            lower, upper = self.best.lower.copy(), self.best.upper.copy()
            lower[run.part.rows], upper[run.part.rows] = found.lower[run.part.rows], found.upper[run.part.rows]
            found = Relaxed(found.value + run.offset, lower, upper, found.share)
        run.latest = found
        return found
