"""The root: prices of the shared rows that bound every schedule from below, and the columns that are worth having at them.

First subgradient steps from prices of nothing, which are cheap and soon good; then the linear master, whose prices are drawn
towards the best ones so far (Wentges 1997, *Weighted Dantzig–Wolfe decomposition*).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.offers.days import IntArray
from scheduler.pricing.labels import NEVER
from scheduler.pricing.pricing import Found, Prices
from scheduler.solve.columns.master import Master
from scheduler.solve.columns.pool import Column, Pool
from scheduler.solve.columns.shared import SCALE, Duals, Floats, Shared
from scheduler.solve.columns.spread import MOST_EFFORT, CanPrice, Spread

#: Weight of the best prices so far in those that families are priced at.
SMOOTHING = 0.6
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
        self.value = np.inf
        self.share: Floats = np.zeros(0)
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
        began = time.monotonic()
        cuts = np.full(len(self.pricings), NEVER, dtype=np.int64)
        if len(self.pool):
            cost, family = self.pool.prices(prices.dual)
            np.minimum.at(cuts, family, cost)
        seconds = max(self.deadline - began, 0.0)
        priced = self.spread.cheapest(prices, cuts.tolist(), effort=effort, seconds=seconds, over=lambda: self.out_of_time)
        found = [NOT_PRICED if x is None else x for x in priced]
        self.pricing_s += time.monotonic() - began
        return found

    def bound(self, lower: Floats, upper: Floats, *, effort: int) -> tuple[int, list[Column], Duals, int]:
        """Lagrangian bound at these prices; new columns, and every family's load at them."""
        duals = self.shared.duals(lower, upper)
        found = self.price(self.shared.prices(duals), effort=effort)
        total = self.shared.least(duals) + sum(f.bound for f in found)
        value = -(-total // SCALE)
        complete = all(f is not NOT_PRICED for f in found)
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
        """Improve prices by subgradients, each mixed with those before it; how far a step aims follows what steps gain."""
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

    def solve(self, target: int | None) -> None:
        """Generate columns until none is missing, the bound reaches the target, or time is up."""
        self.master = Master(self.shared, len(self.pricings), self.artificial)
        self.add(self.pool)
        smoothing, effort = SMOOTHING, 1
        while not self.out_of_time:
            began = time.monotonic()
            relaxed = self.master.solve(self.deadline - began, self.stop)
            self.master_s += time.monotonic() - began
            if relaxed is None:
                return
            self.value, self.share = relaxed.value, relaxed.share
            lower, upper = relaxed.lower, relaxed.upper
            if self.best is not None and smoothing > 0:
                lower = smoothing * self.best.lower + (1 - smoothing) * lower
                upper = smoothing * self.best.upper + (1 - smoothing) * upper
            _, new, _, _ = self.bound(lower, upper, effort=effort)
            if self.best is None:
                return
            self.said(f"columns (relaxation {relaxed.value:.1f}, {len(self.pool)} columns)", self.best.value)
            if self.best.value >= np.ceil(relaxed.value - 1e-6) or (target is not None and self.best.value >= target):
                return
            self.add(new)
            if not new:
                if smoothing == 0 and effort == MOST_EFFORT:
                    return
                if smoothing == 0:
                    effort += 1
                smoothing = smoothing / 2 if smoothing > 0.1 else 0.0
            elif smoothing == 0 and effort == 1:
                smoothing = SMOOTHING / 2

    def add(self, columns: Iterable[Column]) -> None:
        """Put columns into the linear master."""
        for column in columns:
            self.master.add(column)
