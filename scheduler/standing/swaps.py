"""Who has a place that somebody would like, and what it would cost if they had it: small exact re-solves, each verified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.domain import Placement
from scheduler.offers.days import IntArray
from scheduler.offers.parties import Demand
from scheduler.standing.forced import best_with, cost_of
from scheduler.standing.ground import Ground, Missing, judged, lacking, places
from scheduler.verify import Report

#: So many of those who have a place are asked to move, one at a time, then these together.
MOST_HOLDERS, TOGETHER = 6, 3


@dataclass(frozen=True)
class Swap:
    """A verified schedule in which somebody has something else, and others make room; nobody loses a rotation.

    Attributes
    ----------
    cost
        How much more each level of the policy costs.
    before, after
        Placements that go, and those that come.
    placements
        The schedule that proves it.
    """

    cost: tuple[int, ...]
    before: tuple[Placement, ...]
    after: tuple[Placement, ...]
    placements: tuple[Placement, ...]

    @property
    def points(self) -> int:
        return sum(self.cost)


def holders_of(ground: Ground, f: int, options: IntArray, without: IntArray | None = None) -> list[int]:
    """The families whose placements keep a family out of options, those first that stand in the way of most.

    Parameters
    ----------
    without
        Options that the family would give up for it.
    """
    standing = ground.standing
    now = standing.chosen[f]
    left = now if without is None else np.setdiff1d(now, without)
    found = Counter[int]()
    for o in options.tolist():
        standing.change({f: np.sort(np.append(left, o))})
        crossed = np.flatnonzero(standing.wrong > 0).tolist()
        found.update({g for row in crossed for g in ground.holders.get(row, ()) if g != f})
    standing.change({f: now})
    return [g for g, _ in sorted(found.items(), key=lambda item: (-item[1], item[0]))]


def swaps_for(ground: Ground, report: Report, missing: Missing, *, fewest: bool = False) -> Iterator[Swap]:
    """Swaps found that place a rotation, with one of those who have a place that it could have.

    The cheapest come first, or those with the fewest new placements.
    """
    holders = holders_of(ground, missing.family, ground.options_for(missing))
    others = [[], *([g] for g in holders[:MOST_HOLDERS])]
    found = _swaps(ground, missing.family, missing.demands, None, others, fewest=fewest)
    known: set[tuple[Placement, ...]] = set()
    for swap in sorted(found, key=lambda s: (len(s.after) if fewest else 0, s.cost)):
        if swap.placements not in known and places(report, judged(ground.instance, swap.placements), missing.row):
            known.add(swap.placements)
            yield swap


def swap_for(ground: Ground, report: Report, missing: Missing) -> Swap | None:
    """The cheapest of these swaps."""
    return next(swaps_for(ground, report, missing), None)


def swap_into(ground: Ground, report: Report, f: int, demand: Demand, options: IntArray, now: IntArray) -> Swap | None:
    """The cheapest schedule found in which a family has one of some options for a rotation instead of what it has now."""
    holders = holders_of(ground, f, options, now)
    others = [[], *([g] for g in holders[:MOST_HOLDERS]), holders[:TOGETHER]]
    was = lacking(report.unplaced)
    best: Swap | None = None
    for swap in _swaps(ground, f, (demand,), options, others):
        if best is None or swap.cost < best.cost:
            said = judged(ground.instance, swap.placements)
            if said.ok and all(n <= was.get(key, 0) for key, n in lacking(said.unplaced).items()):
                best = swap
    return best


def _swaps(
    ground: Ground,
    f: int,
    demands: Sequence[Demand],
    only: IntArray | None,
    others: Sequence[Sequence[int]],
    *,
    fewest: bool = False,
) -> Iterator[Swap]:
    for some in others:
        moves = best_with(ground, sorted({f, *some}), f, demands, only, fewest=fewest)
        if moves is not None:
            yield swap_of(ground, moves)


def swap_of(ground: Ground, moves: Mapping[int, IntArray]) -> Swap:
    """What becomes of a schedule if some families have other options."""
    before, rows = set(ground.placements_with({})), ground.placements_with(moves)
    gone = tuple(sorted(before - set(rows), key=lambda p: (p.who, p.start)))
    return Swap(cost_of(ground, moves), gone, tuple(p for p in rows if p not in before), rows)
