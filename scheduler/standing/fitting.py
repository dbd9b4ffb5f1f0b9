"""What simply fits: options that a family could have as well, with everybody else where they are, and what each costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.model.evaluate import row_load
from scheduler.model.linear import Linear, Matrix
from scheduler.model.standing import NONE
from scheduler.offers.days import BoolArray, IntArray
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
    for o in _possible(ground, f, left, options).tolist():
        if most is not None and len(found) >= most:
            break
        standing.change({f: np.sort(np.append(left, o))})
        if standing.broken == 0 or ((standing.wrong <= wrong).all() and standing.wrong_of[f] <= own):
            found.append(Fit(tuple(b - a for a, b in zip(cost[1:], standing.cost[1:], strict=True)), o))
    standing.change({f: now})
    return sorted(found)


def _possible(ground: Ground, f: int, left: IntArray, options: IntArray) -> IntArray:
    """The options without those that would break a plain row: most are ruled out so, all at once."""
    family, standing = ground.family(f), ground.standing
    rows, own = standing.book.shared, family.rows
    load = standing.load.copy()
    for some, sign in ((standing.chosen[f], -1), (left, 1)):
        _, row, value = family.shared.gather(some)
        np.add.at(load, row, sign * value)
    crossed = _crossed(rows, standing.shared.plain, load, standing.wrong, family.shared, options)
    if standing.wrong_of[f] == 0:
        load = row_load(own, left, len(family.options))
        by_option = own.options.transposed(len(family.options))
        crossed |= _crossed(own, own.bare, load, np.zeros(len(own), dtype=np.int64), by_option, options)
    return np.asarray(options[~crossed])


def _crossed(rows: Linear, plain: BoolArray, load: IntArray, wrong: IntArray, by_option: Matrix, options: IntArray) -> BoolArray:
    """Which options would have a hard row without gates, variables or measures in it exceeded by more than it is now."""
    which, row, value = by_option.gather(options)
    key, entry = np.unique(which * max(1, len(rows)) + row, return_inverse=True)
    change = np.zeros(len(key), dtype=np.int64)
    np.add.at(change, entry.ravel(), value)
    option, row = key // max(1, len(rows)), key % max(1, len(rows))
    after = load[row] + change
    excess = plain[row] & (rows.over[row] < 0) & (after > 0) & (after - rows.hi[row] > wrong[row])
    crossed = np.zeros(len(options), dtype=bool)
    crossed[option[excess]] = True
    return crossed
