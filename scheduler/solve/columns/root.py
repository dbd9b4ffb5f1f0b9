"""The root: prices of the shared rows that bound every schedule from below, and the columns that are worth having at them.

First subgradient steps from prices of nothing, which are cheap and soon good; then the linear master, whose prices are drawn
towards the best ones so far (Wentges 1997, *Weighted Dantzig–Wolfe decomposition*).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.offers.days import IntArray
from scheduler.pricing.labels import NEVER
from scheduler.pricing.outlook import Outlook
from scheduler.pricing.pricing import Found, Prices, Pricing
from scheduler.solve.columns.master import Master, Relaxed
from scheduler.solve.columns.pool import Column, Pool
from scheduler.solve.columns.shared import SCALE, Duals, Floats, Shared
from scheduler.solve.columns.spread import MOST_EFFORT, CanPrice, Spread
from scheduler.solve.columns.warm import WarmUp

#: Share of the time that one solution of the master may take, but not less than so many seconds.
MASTER_SHARE, SHORTEST_S = 0.08, 2.0
#: Weight of the best prices so far in those that families are priced at.
SMOOTHING = 0.6
#: Subgradient steps on relaxations, and what share of the time they may take.
RELAXED_STEPS, WARM_SHARE = 400, 0.2
#: A round that closes less than this share of the gap between master and bound brings little; so many are enough.
LITTLE, IDLE_ROUNDS = 0.01, 2
#: More labels are kept if what single blocks leave open is more than this share of what the bound could gain.
LOST_SHARE = 0.3
#: In the master no limit is worth more than so many times what one is at the first prices; then so many times as much.
NEAR, DEARER = 2.0, 4.0
#: The master is as good as before if it gains less than this share; after so many rounds of that, with a bound so near to it,
#: schedules of the columns may say more.
SAME, MANY_SAME, NEAR_BOUND = 1e-7, 3, 0.002
#: Rounds with few labels go on as long as one makes the master better by more than this share of its gap to the bound.
SLOW = 0.01
#: As much effort as is taken at once where that proves more.
MUCH_EFFORT = 3
#: How far above the bound the first step aims, as a share of it.
FIRST_AIM = 0.02
#: Subgradient steps without a better bound after which they aim half as far.
PATIENCE = 3
#: Weight of the earlier steps' direction in the next one.
MEMORY = 0.6
#: Stands for a block that was not priced as time was up.
NOT_PRICED = Found(NEVER, np.zeros(0, dtype=np.int64), -NEVER, 0)


@dataclass
class Bound:
    """The best proven bound so far and its prices; `exact` is the same before rounding up, in units of price."""

    value: int
    exact: int
    lower: Floats
    upper: Floats


class Root:
    """Bounds and columns of the linear relaxation.

    Parameters
    ----------
    pricings
        One a family.
    workers, cluster
        How many blocks are priced at once on this machine; address of a cluster that prices them instead.
    said
        Called with a phase after each round.
    """

    def __init__(
        self,
        shared: Shared,
        pool: Pool,
        pricings: Sequence[CanPrice],
        *,
        workers: int,
        deadline: float,
        stop: threading.Event,
        said: Callable[[str, int], None],
        cluster: str | None = None,
    ) -> None:
        self.shared, self.pool, self.pricings = shared, pool, pricings
        self.deadline, self.stop, self.said = deadline, stop, said
        self.spread = Spread(pricings, workers, cluster)
        self.best: Bound | None = None
        self.artificial = 10.0 * max([1.0, *(float(abs(c.cost)) for c in pool)])
        self.master: Master | None = None
        #: One solution of the master may take so long: it takes dozens of them to find the columns that are missing.
        self.patience_s = max(SHORTEST_S, MASTER_SHARE * (deadline - time.monotonic()))
        self.value = np.inf
        self.share: Floats = np.zeros(0)
        #: Whether the latest prices might have proven more, had more labels been kept.
        self.loose = False
        self.pricing_s = self.master_s = 0.0

    @property
    def out_of_time(self) -> bool:
        return self.stop.is_set() or time.monotonic() > self.deadline

    def close(self) -> None:
        """End the workers."""
        self.spread.close()

    # -- pricing ----------------------------------------------------------------------------------------------

    def price(self, prices: Prices, *, effort: int) -> list[Found]:
        """Price every block, none dearer than its best column."""
        return self._price(prices, self._cuts(prices), effort)

    def _cuts(self, prices: Prices) -> IntArray:
        """By block, what its best column costs."""
        cuts = np.full(len(self.pricings), NEVER, dtype=np.int64)
        if len(self.pool):
            cost, family = self.pool.prices(prices.dual)
            np.minimum.at(cuts, family, cost)
        return cuts

    def _price(
        self, prices: Prices, cuts: IntArray, effort: int, *, least_effort: int = 1, only: set[int] | None = None
    ) -> list[Found]:
        began = time.monotonic()
        priced = self.spread.cheapest(
            prices,
            cuts.tolist(),
            effort=effort,
            least_effort=least_effort,
            seconds=max(self.deadline - began, 0.0),
            over=lambda: self.out_of_time,
            only=only,
        )
        self.pricing_s += time.monotonic() - began
        return [NOT_PRICED if x is None else x for x in priced]

    def bound(self, lower: Floats, upper: Floats, *, effort: int) -> tuple[int, list[Column], Duals, int]:
        """Lagrangian bound at these prices; new columns, and every family's load at them.

        Effort grows up to the given one as long as a better bound than the best is possible and what is not known of single
        blocks is most of what keeps it from being proven.
        """
        duals = self.shared.duals(lower, upper)
        prices = self.shared.prices(duals)
        cuts, rest = self._cuts(prices), self.shared.least(duals)
        found = self._price(prices, cuts, 1)
        complete = all(f is not NOT_PRICED for f in found)
        for more in range(2, effort + 1):
            cuts = np.minimum(cuts, np.array([f.cost for f in found], dtype=np.int64))
            lost = cuts - np.array([f.bound for f in found], dtype=np.int64)
            gain = rest + sum(cuts.tolist()) - (self.best.exact if self.best else -NEVER)
            if not complete or self.out_of_time or gain <= 0 or sum(lost.tolist()) <= LOST_SHARE * gain:
                break
            open_blocks = set(np.flatnonzero(lost > 0).tolist())
            for b, x in enumerate(self._price(prices, cuts, more, least_effort=more, only=open_blocks)):
                if x is not NOT_PRICED:
                    bound = max(x.bound, found[b].bound)
                    found[b] = Found(x.cost, x.options, bound, x.labels) if x.cost < NEVER else found[b]._replace(bound=bound)
        total = rest + sum(f.bound for f in found)
        value = -(-total // SCALE)
        best = rest + sum(min(f.cost, c) for f, c in zip(found, cuts.tolist(), strict=True))
        self.loose = self.best is not None and best > self.best.exact and best - total > LOST_SHARE * (best - self.best.exact)
        if complete and (self.best is None or total > self.best.exact):
            self.best = Bound(value, total, lower.copy(), upper.copy())
        new = []
        for family, x in enumerate(found):
            if x.cost < NEVER:
                column, is_new = self.pool.add(family, x.options)
                if is_new:
                    new.append(column)
        return value, new, duals, total

    # -- subgradients -----------------------------------------------------------------------------------------

    def warm_up(self, steps: int, target: int | None) -> None:
        """Improve prices by subgradients: on relaxations alone where all blocks have one, else (some steps) with pricing."""
        labelled = [p for p in self.pricings if isinstance(p, Pricing)]
        if len(labelled) < len(self.pricings):
            self._step(steps, target)
            return
        shared = self.shared
        warm = WarmUp(shared, Outlook(labelled, len(shared.rows), len(shared.book.facts.parties)))
        until = time.monotonic() + WARM_SHARE * (self.deadline - time.monotonic())
        warm.run(RELAXED_STEPS, lambda: self.stop.is_set() or time.monotonic() > until)
        if warm.exact is None:
            return
        self.best = Bound(-(-warm.exact // SCALE), warm.exact, warm.lower, warm.upper)
        self.said("prices of shared places", self.best.value)
        for first, last, pricing in zip(warm.outlook.rows[:-1], warm.outlook.rows[1:], labelled, strict=True):
            pricing.multiplier, pricing.fresh = np.rint(warm.multiplier[first:last]).astype(np.int64), False
        self.bound(warm.lower, warm.upper, effort=1)
        self.said("prices of shared places", self.best.value)

    def _step(self, steps: int, target: int | None) -> None:
        """Steps mixed with those before; how far one aims follows what steps gain."""
        n = len(self.shared.rows)
        lower, upper = self.shared.balanced(np.zeros(n)), np.zeros(n)
        rise, fall = np.zeros(n), np.zeros(n)
        aim, idle = 0.0, 0
        for _ in range(steps):
            before = self.best.exact if self.best else None
            _, _, duals, total = self.bound(lower, upper, effort=1)
            if self.best is None:
                return
            self.said("prices of shared places", self.best.value)
            if self.out_of_time or (target is not None and self.best.value >= target):
                return
            if before is None:
                aim = max(FIRST_AIM * abs(total) / SCALE, 1.0)
            elif total > before:
                idle = 0
                if (total - before) / SCALE > aim / 4:
                    aim *= 2
            else:
                idle += 1
                if idle % PATIENCE == 0:
                    aim /= 2
                    lower, upper = self.best.lower.copy(), self.best.upper.copy()
                    rise, fall = np.zeros(n), np.zeros(n)
                    continue
            slope_lower, slope_upper = self.shared.slope(duals, self._load(self.shared.prices(duals)))
            rise = MEMORY * rise + (1 - MEMORY) * slope_lower
            fall = MEMORY * fall + (1 - MEMORY) * slope_upper
            rise = np.where((rise < 0) & (lower <= 0), 0, rise)
            fall = np.where((fall > 0) & (upper >= 0), 0, fall)
            norm = float((rise**2).sum() + (fall**2).sum())
            if norm == 0:
                return
            length = (self.best.exact / SCALE + aim - total / SCALE) / norm
            lower = self.shared.balanced(np.maximum(lower + length * rise, 0))
            upper = np.minimum(upper + length * fall, 0)

    def _load(self, prices: Prices) -> IntArray:
        """What the cheapest known column of every family adds to the rows."""
        cost, family = self.pool.prices(prices.dual)
        order = np.lexsort((cost, family))
        first = order[np.unique(family[order], return_index=True)[1]]
        load = np.zeros(len(self.shared.rows), dtype=np.int64)
        for i in first.tolist():
            column = self.pool.columns[i]
            load[column.all_rows] += column.all_load
        return load

    # -- linear master ----------------------------------------------------------------------------------------

    def solve(self, target: int | None) -> bool:
        """Generate columns until none is missing, the bound reaches the target, or time is up: then False.

        True as soon as new columns do not make the master better and it is near its bound: it may be time to see what schedules
        the columns give, and then to call again.
        """
        smoothing, effort, idle, quick, same = SMOOTHING, 2, 0, True, 0
        gap = np.inf
        while not self.out_of_time:
            relaxed = self._relaxed()
            if relaxed is None:
                return False
            if self.best is not None:
                # as long as few labels find columns that make the master much better, prices are not worth more labels
                quick = quick and self.value - relaxed.value > SLOW * (relaxed.value - self.best.exact / SCALE)
            same = same + 1 if self.value - relaxed.value <= SAME * abs(relaxed.value) else 0
            self.value, self.share = relaxed.value, relaxed.share
            lower, upper = relaxed.lower, relaxed.upper
            if self.best is not None and smoothing > 0:
                lower = smoothing * self.best.lower + (1 - smoothing) * lower
                upper = smoothing * self.best.upper + (1 - smoothing) * upper
            _, new, _, _ = self.bound(lower, upper, effort=1 if quick else effort)
            if self.best is None:
                return False
            self.said(f"columns (relaxation {relaxed.value:.1f}, {len(self.pool)} columns)", self.best.value)
            if target is not None and self.best.value >= target:
                return False
            solved = self.best.value >= np.ceil(relaxed.value - 1e-6)
            if (solved or not new) and self.master is not None and self.master.dearer(DEARER):
                idle = same = 0
                continue
            if solved:
                return False
            if quick:
                quick = bool(new)
                continue
            if same >= MANY_SAME and relaxed.value - self.best.value <= NEAR_BOUND * abs(relaxed.value):
                return True
            quick = bool(new)
            before, gap = gap, relaxed.value - self.best.exact / SCALE
            idle = 0 if gap < before * (1 - LITTLE) else idle + 1
            if not new and smoothing == 0 and effort == MOST_EFFORT:
                return False
            if self.loose and effort < MUCH_EFFORT:
                effort += 1
            elif not new or idle >= IDLE_ROUNDS:
                # what was tried brings nothing more: prices nearer to the master's, then more labels
                if smoothing > 0:
                    smoothing = smoothing / 2 if smoothing > 0.2 else 0.0
                else:
                    effort, smoothing = min(effort + 1, MOST_EFFORT), SMOOTHING / 2
                    if not new and effort == MOST_EFFORT:
                        smoothing = 0.0
                idle = 0
        return False

    def prove(self, target: int) -> None:
        """Price at the master's own prices, with all labels, until the bound reaches the target or no column is missing.

        Where a schedule costs what the master does, these are the prices that prove it.
        """
        while not self.out_of_time and (relaxed := self._relaxed()) is not None:
            _, new, _, _ = self.bound(relaxed.lower, relaxed.upper, effort=MOST_EFFORT)
            self.value, self.share = relaxed.value, relaxed.share
            if self.best is not None:
                self.said("columns", self.best.value)
            if self.best is None or self.best.value >= target or not new:
                return

    def _relaxed(self) -> Relaxed | None:
        """What the linear master comes to with all columns that there are; None if that takes too long."""
        if self.master is None:
            most = np.inf
            if self.best is not None:
                most = NEAR * max(1.0, float(self.best.lower.max(initial=0)), float(-self.best.upper.min(initial=0)))
            self.master = Master(self.shared, len(self.pricings), self.artificial, most)
        for column in self.pool.columns[len(self.master.columns) :]:
            self.master.add(column)
        began = time.monotonic()
        found = self.master.solve(min(self.deadline - began, self.patience_s), self.stop)
        self.master_s += time.monotonic() - began
        return found
