"""Good prices before any column is there: subgradients on the relaxations of all blocks alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scheduler.offers.days import IntArray
from scheduler.pricing.outlook import Outlook
from scheduler.solve.columns.shared import SCALE, Floats, Shared

#: How far above the bound the first step aims, as a share of it.
FIRST_AIM = 0.02
#: Steps without a better bound after which they aim half as far, from the best prices again.
PATIENCE = 10
#: A step that gains this share of its aim makes the next one aim further.
GOOD_SHARE = 0.25
#: Improvement is over when it aims at less than this share of the bound.
LAST_AIM = 1e-5


class WarmUp:
    """Prices, and multipliers of what relaxations leave out, improved together.

    Attributes
    ----------
    lower, upper, multiplier
        The best ones so far: of shared rows in units of cost, of the rows left out in units of price.
    exact
        The bound that they prove, in units of price; None before the first step.
    """

    def __init__(self, shared: Shared, outlook: Outlook) -> None:
        self.shared, self.outlook = shared, outlook
        n = len(shared.rows)
        self.lower: Floats = shared.balanced(np.zeros(n))
        self.upper: Floats = np.zeros(n)
        self.multiplier: Floats = np.zeros(len(outlook.limit))
        self.exact: int | None = None

    def run(self, steps: int, ended: Callable[[], bool]) -> None:
        """Take steps until there are enough, they aim at nothing any more, or `ended`."""
        shared, outlook = self.shared, self.outlook
        lower, upper, multiplier = self.lower, self.upper, self.multiplier
        weight_lower = np.ones(len(lower))
        weight_multiplier = 1.0 / outlook.steepness.astype(np.float64) ** 2
        aim, idle = 0.0, 0
        for _ in range(steps):
            if ended():
                return
            duals = shared.duals(lower, upper)
            seen = outlook.look(shared.prices(duals), np.rint(multiplier).astype(np.int64))
            total = seen.bound + shared.least(duals)
            if self.exact is None:
                aim = max(FIRST_AIM * abs(total) / SCALE, 1.0)
            if self.exact is None or total > self.exact:
                if self.exact is not None and (total - self.exact) / SCALE > GOOD_SHARE * aim:
                    aim *= 1.5
                self.exact, idle = total, 0
                self.lower, self.upper, self.multiplier = lower, upper, multiplier
            else:
                idle += 1
                if idle % PATIENCE == 0:
                    aim /= 2
                    if aim < LAST_AIM * abs(self.exact) / SCALE:
                        return
                    lower, upper, multiplier = self.lower, self.upper, self.multiplier
                    continue
            slope_lower, slope_upper = shared.slope(duals, self._load(seen.load, seen.measured))
            rise = np.where((slope_lower < 0) & (lower <= 0), 0, slope_lower).astype(np.float64)
            fall = np.where((slope_upper > 0) & (upper >= 0), 0, slope_upper).astype(np.float64)
            over = np.where((seen.over < 0) & (multiplier <= 0), 0, seen.over).astype(np.float64)
            if not idle and (weight_lower == 1).all():
                weight_lower = self._weights(rise)
            norm = float((weight_lower * rise**2).sum() + (fall**2).sum() + (weight_multiplier * over**2).sum())
            if norm == 0:
                return
            length = (self.exact / SCALE + aim - total / SCALE) / norm
            lower = shared.balanced(np.maximum(lower + length * weight_lower * rise, 0))
            upper = np.minimum(upper + length * fall, 0)
            multiplier = np.maximum(multiplier + SCALE * length * weight_multiplier * over, 0)

    def _weights(self, rise: Floats) -> Floats:
        """Rows that measure cost differ in hundreds where others differ in ones: their steps are the shorter for it."""
        weight = np.ones(len(rise))
        for block, _ in self.shared.blocks:
            rows = block.terms.row
            weight[rows] = 1.0 / max(1.0, float((rise[rows] ** 2).mean()))
        return weight

    def _load(self, load: IntArray, measured: list[IntArray]) -> IntArray:
        """Load of the shared rows with what rows that measure come to."""
        load = load.copy()
        for (block, _), cost in zip(self.shared.blocks, measured, strict=True):
            np.add.at(load, block.terms.row, block.terms.value * cost[block.terms.column])
        return load
