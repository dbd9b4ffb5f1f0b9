"""Closing the gap: every column that a better schedule could have is enumerated, and the best schedule of these is searched for.

Where too many are in schedules better than the best one, those of schedules far better are tried: the answer whether there is
such a schedule is worth as much.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, NamedTuple

from scheduler.offers.days import IntArray
from scheduler.pricing.pricing import Prices, Pricing
from scheduler.solve.columns.branch import Tree
from scheduler.solve.columns.program import Program
from scheduler.solve.columns.shared import SCALE
from scheduler.solve.columns.spread import MOST_EFFORT

if TYPE_CHECKING:
    from scheduler.solve.columns.engine import Engine

#: More columns of one block, or of all, than this are not enumerated.
MOST_COLUMNS, MOST_ALTOGETHER = 4096, 40_000
#: Where there are too many, those of schedules that take so small a part of the gap are tried.
NARROWER = 4
#: Beyond this gap it is seldom worth knowing exactly what blocks cost at least before all columns within it are asked for.
SMALL_GAP = 0.01
#: The first question is whether there is a schedule in this share of the gap; after so many seconds an easier one is tried.
FIRST_SHARE, FIRST_PATIENCE_S = 0.5, 20.0
#: Share of the time for what blocks cost at least.
ASK_SHARE = 0.25


class _Asked(NamedTuple):
    """Prices, what every block costs at least at them, and the bound that they prove, in units of price."""

    prices: Prices
    least: list[int]
    total: int


class Closing:
    """What an engine does about its gap once the relaxation has said all it can."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.share, self.patience_s = engine, FIRST_SHARE, FIRST_PATIENCE_S

    def run(self, deadline: float) -> bool:
        """Go on until the gap is closed, too many columns matter, or time is up.

        Returns
        -------
        True where a question took too long while the gap is large: a better schedule may help first.
        """
        engine = self.engine
        asked = self._asked(deadline)
        target = engine.objective
        while target is not None and engine.objective is not None and engine.bound is not None and engine.bound < target:
            if time.monotonic() > deadline or engine.stop.is_set():
                return False
            width = target - engine.bound
            if asked is not None and self._complete(asked, target, deadline):
                if not self._branch(target, deadline):
                    return True
                target = min(engine.objective, engine.bound + width)
            else:
                target = engine.bound + (-(-width // NARROWER) if width > 1 else 0)
        return False

    def _asked(self, deadline: float) -> _Asked | None:
        """Prices of the bound, and what every block costs at least at them; None if that cannot be told."""
        engine, began = self.engine, time.monotonic()
        root = engine.root
        if root is None or root.best is None or not all(isinstance(p, Pricing) for p in engine.pricings):
            return None
        root.deadline = began + (deadline - began) * ASK_SHARE
        duals = engine.shared.duals(root.best.lower, root.best.upper)
        prices = engine.shared.prices(duals)
        found = root.price(prices, effort=MOST_EFFORT if engine.gap <= SMALL_GAP else 1)
        least = [f.bound for f in found]
        return None if root.out_of_time else _Asked(prices, least, engine.shared.least(duals) + sum(least))

    def _complete(self, asked: _Asked, target: int, deadline: float) -> bool:
        """Add every column that a schedule cheaper than `target` could have; whether that was possible.

        At the prices of the bound, a schedule costs the bound plus what each of its columns costs more than its block's bound.
        """
        engine, gap = self.engine, target * SCALE - asked.total
        ways: list[tuple[int, IntArray]] = []
        for b, (pricing, least) in enumerate(zip(engine.pricings, asked.least, strict=True)):
            assert isinstance(pricing, Pricing)
            found = pricing.below(asked.prices, least + gap, MOST_COLUMNS)
            if found is None or len(ways) + len(found) > MOST_ALTOGETHER or time.monotonic() > deadline or engine.stop.is_set():
                return False
            ways += [(b, options) for options in found]
        for b, options in ways:
            if time.monotonic() > deadline or engine.stop.is_set():
                return False
            engine.pool.add(b, options)
        return True

    def _branch(self, target: int, deadline: float) -> bool:
        """Find the best schedule of all columns that costs less than `target`, or prove that there is none; whether it ended."""
        engine, program = self.engine, Program(self.engine.shared, self.engine.pool.columns)

        def said(bound: int) -> None:
            engine.bound = bound if engine.bound is None else max(engine.bound, bound)
            engine.say(f"branching ({len(engine.pool)} columns)")

        while engine.bound is not None and engine.bound < target and time.monotonic() < deadline and not engine.stop.is_set():
            # whether there is a schedule in the lower part of the gap is the easier question, also where there is one
            asked = engine.bound + math.ceil(self.share * (target - engine.bound))
            tree = Tree(
                program,
                asked,
                known=engine.bound,
                workers=engine.workers,
                seed=engine.settings.seed,
                deadline=min(deadline, time.monotonic() + self.patience_s),
                stop=engine.stop,
                said=said,
            )
            tree.run()
            if tree.best is not None:
                engine.offer_columns(tree.best)
                target = min(target, tree.cost)
            said(tree.bound)
            if tree.bound >= min(asked, tree.cost):
                refuted_far = tree.best is None and engine.gap > SMALL_GAP
                self.share = (1 + self.share) / 2 if refuted_far else FIRST_SHARE
                continue
            if asked > engine.bound + 1:
                self.share /= 4
            else:
                self.patience_s *= 2
            if engine.gap > SMALL_GAP:
                break
        return engine.bound is not None and engine.bound >= target
