"""What simply fits: options that a family could have as well, with everybody else where they are, and what each costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.model.standing import NONE
from scheduler.offers.days import IntArray
from scheduler.standing.ground import Ground


@dataclass(frozen=True, slots=True, order=True)
class Fit:
    """An option that fits.

    Attributes
    ----------
    cost
        How much more each level of the policy costs with it.
    option
        Its position among the family's options.
    """

    cost: tuple[int, ...]
    option: int


def fitting(ground: Ground, f: int, options: IntArray, without: IntArray = NONE, *, most: int | None = None) -> list[Fit]:
    """The options with which nothing is broken that is whole now, cheapest first.

    Parameters
    ----------
    options
        Positions of the family's options to try, one at a time.
    without
        Options that the family would give up for it.
    most
        Look for no more than so many, whatever they cost; None: for all.
    """
    ground.family(f)
    standing = ground.standing
    now, cost = standing.chosen[f], standing.cost
    left = np.setdiff1d(now, without)
    wrong, own = standing.wrong.copy(), int(standing.wrong_of[f])
    found: list[Fit] = []
    for o in options.tolist():
        if most is not None and len(found) >= most:
            break
        standing.change({f: np.sort(np.append(left, o))})
        if standing.broken == 0 or ((standing.wrong <= wrong).all() and standing.wrong_of[f] <= own):
            found.append(Fit(tuple(b - a for a, b in zip(cost[1:], standing.cost[1:], strict=True)), o))
    standing.change({f: now})
    return sorted(found)
