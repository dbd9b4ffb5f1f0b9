"""Bounds at given prices of the shared rows, and subgradient steps from prices of nothing, which are cheap and soon good."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

import numpy as np

from scheduler.offers.days import IntArray
from scheduler.pricing.labels import NEVER
from scheduler.pricing.outlook import Outlook
from scheduler.pricing.pricing import Found, Prices, Pricing
from scheduler.solve.columns.parts import Part
from scheduler.solve.columns.pool import Column, Pool
from scheduler.solve.columns.shared import SCALE, Duals, Floats, Shared
from scheduler.solve.columns.spread import CanPrice, Spread
from scheduler.solve.columns.warm import WarmUp

#: Subgradient steps on relaxations, and what share of the time they may take.
RELAXED_STEPS, WARM_SHARE = 400, 0.2
#: More labels are kept if what single blocks leave open is more than this share of what the bound could gain.
LOST_SHARE = 0.3
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
    """The best proven bound so far and its prices.

    Attributes
    ----------
    exact
        The same before rounding up, in units of price.
    of_row, blocks
        The prices as they were used, and what each block costs at least at them; None where that is not known.
    """

    value: int
    exact: int
    lower: Floats
    upper: Floats
    of_row: IntArray | None = None
    blocks: Sequence[int] | None = None


class Bounds:
    """Bounds that follow from prices, and the columns that are cheapest at them.

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
        #: Whether the latest prices might have proven more, had more labels been kept.
        self.loose = False
        self.pricing_s = 0.0

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
        self, prices: Prices, cuts: IntArray, effort: int, *, least_effort: int = 1, only: Set[int] | None = None
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

    def bound(
        self, lower: Floats, upper: Floats, *, effort: int, part: Part | None = None
    ) -> tuple[int, list[Column], Duals, int]:
        """Lagrangian bound at these prices; new columns, and every family's load at them.

        Effort grows up to the given one as long as a better bound than the best is possible and what is not known of single
        blocks is most of what keeps it from being proven. Where only rows of a part differ from the best prices so far, only its
        blocks are priced: what the others cost at least has not changed.
        """
        duals = self.shared.duals(lower, upper)
        prices = self.shared.prices(duals)
        cuts, rest = self._cuts(prices), self.shared.least(duals)
        same = self._unchanged(duals, part)
        found = self._price(prices, cuts, 1, only=None if same is None or part is None else part.blocks)
        for b, bound in (same or {}).items():
            found[b], cuts[b] = Found(NEVER, NOT_PRICED.options, bound, 0), bound
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
        if complete and (self.best is None or total > self.best.exact or self.best.blocks is None):
            self.best = Bound(value, total, lower.copy(), upper.copy(), duals.of_row, tuple(f.bound for f in found))
        new = []
        for family, x in enumerate(found):
            if x.cost < NEVER:
                column, is_new = self.pool.add(family, x.options)
                if is_new:
                    new.append(column)
        return value, new, duals, total

    def _unchanged(self, duals: Duals, part: Part | None) -> dict[int, int] | None:
        """What blocks outside a part cost at least, where no row that they have a part in has another price than at the best
        bound."""
        if part is None or self.best is None or self.best.blocks is None:
            return None
        changed = duals.of_row != self.best.of_row
        changed[part.rows] = False
        if changed.any():
            return None
        return {b: bound for b, bound in enumerate(self.best.blocks) if b not in part.blocks}

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
