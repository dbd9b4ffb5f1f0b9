"""What is at least still to come: a relaxation of a family's schedule in which only dates, places and numbers count.

A *chain* is a set of options that exclude each other in time. Without the other rows, the cheapest way to go on from a day at a
place with n options left follows from the ways to go on from later days. Rows that limit what the chain may take (each rotation
once, so many at a site) are priced by multipliers, which are improved by subgradients and kept from one call to the next.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from scheduler.offers.days import IntArray

NEVER = 1 << 60


class Chain(NamedTuple):
    """A chain under given prices.

    Attributes
    ----------
    ahead
        By stage, key of the last place (the last index: none) and number of options that may still be taken: least cost of
        taking at least one more. `NEVER` where there is none.
    week
        Week in which each stage begins.
    week_price
        Price of a week of waiting.
    after
        For each option of the chain the first stage after it; −1 for options outside.
    extra
        For each option what multipliers add to its price.
    constant
        What multipliers take off the whole.
    """

    ahead: IntArray
    week: IntArray
    week_price: int
    after: IntArray
    extra: IntArray
    constant: int


@njit(cache=True, nogil=True)
def look_ahead(stage, cost, key, keys, after, last, week, week_price, switch_price, most, ahead):  # type: ignore[no-untyped-def]  # compiled
    """Fill `ahead` (see `Chain`) from the last stage to the first; `cost` has the multipliers in it."""
    stages = len(stage) - 1
    ahead[stages] = NEVER
    near = np.empty(keys + 1, dtype=np.int64)
    for t in range(stages - 1, -1, -1):
        gap = week_price * (week[t + 1] - week[t])
        ahead[t, :, 0] = NEVER
        for m in range(1, most + 1):
            near[:] = NEVER
            best = NEVER
            for o in range(stage[t], stage[t + 1]):
                if after[o] < 0:
                    continue
                value = cost[o]
                further = ahead[after[o], key[o], m - 1]
                if further < NEVER:
                    further += week_price * (week[after[o]] - last[o] - 1)
                    if further < 0:
                        value += further
                if value < near[key[o]]:
                    near[key[o]] = value
                if value < best:
                    best = value
            for k in range(keys + 1):
                value = ahead[t + 1, k, m]
                if value < NEVER:
                    value += gap
                other = best
                if best < NEVER and k < keys:
                    other += switch_price
                ahead[t, k, m] = min(value, min(near[k], other))


@njit(cache=True, nogil=True)
def walk_ahead(stage, cost, key, keys, after, last, week, week_price, switch_price, most, ahead, begin):  # type: ignore[no-untyped-def]  # compiled
    """Options of a cheapest way through the relaxation."""
    path = np.empty(most, dtype=np.int64)
    n = 0
    t, k, m, seen = 0, keys, most, begin
    stages = len(stage) - 1
    while t < stages and m > 0:
        value = ahead[t, k, m]
        if value >= NEVER or value + week_price * (week[t] - seen - 1) >= 0:
            break
        found = -1
        for o in range(stage[t], stage[t + 1]):
            if after[o] < 0:
                continue
            here = cost[o]
            if k < keys and key[o] != k:
                here += switch_price
            further = ahead[after[o], key[o], m - 1]
            if further < NEVER:
                further += week_price * (week[after[o]] - last[o] - 1)
                if further < 0:
                    here += further
            if here == value:
                found = o
                break
        if found < 0:
            t += 1
            continue
        path[n] = found
        n += 1
        t, k, m, seen = after[found], key[found], m - 1, last[found]
    return path[:n]


@njit(cache=True, nogil=True)
def improve(  # type: ignore[no-untyped-def]  # compiled
    stage,
    cost,
    key,
    keys,
    after,
    last,
    week,
    week_price,
    switch_price,
    most,
    ahead,
    begin,
    row,
    option,
    value,
    hi,
    multiplier,
    rounds,
    cut,
    rest,
):
    """Improve the multipliers for some rounds; returns the best ones, what they add to options, their bound.

    `ahead` is filled for them.
    """
    n = len(cost)
    best = -NEVER
    best_multiplier = multiplier.copy()
    best_extra = np.zeros(n, dtype=np.int64)
    pace, idle = 1.0, 0
    current = multiplier.copy()
    slope = np.zeros(len(hi), dtype=np.int64)
    filled = False
    for _ in range(max(rounds, 1)):
        extra = np.zeros(n, dtype=np.int64)
        for e in range(len(row)):
            extra[option[e]] += value[e] * current[row[e]]
        priced = cost + extra
        off = 0
        for r in range(len(hi)):
            off += current[r] * hi[r]
        first = 0
        if most > 0:
            look_ahead(stage, priced, key, keys, after, last, week, week_price, switch_price, most, ahead)
            first = ahead[0, keys, most]
            first = 0 if first >= NEVER else min(0, first + week_price * (week[0] - begin - 1))
        bound = rest + first - off
        filled = bound > best
        if filled:
            best, best_multiplier, best_extra, idle = bound, current.copy(), extra, 0
        else:
            idle += 1
            if idle % 4 == 0:
                pace /= 2
        if most == 0 or len(hi) == 0 or bound >= cut:
            break
        path = walk_ahead(stage, priced, key, keys, after, last, week, week_price, switch_price, most, ahead, begin)
        taken = np.zeros(n, dtype=np.int64)
        for i in range(len(path)):
            taken[path[i]] += 1
        slope[:] = -hi
        for e in range(len(row)):
            slope[row[e]] += value[e] * taken[option[e]]
        norm = 0
        for r in range(len(hi)):
            if slope[r] < 0 and current[r] == 0:
                slope[r] = 0
            norm += slope[r] * slope[r]
        if norm == 0:
            break
        target = cut if cut < NEVER else bound + max(abs(bound) // 20, 1)
        step = pace * max(target - bound, 1) / norm
        for r in range(len(hi)):
            current[r] = max(current[r] + np.int64(np.rint(step * slope[r])), 0)
    if not filled and most > 0:
        look_ahead(stage, cost + best_extra, key, keys, after, last, week, week_price, switch_price, most, ahead)
    off = 0
    for r in range(len(hi)):
        off += best_multiplier[r] * hi[r]
    return best_multiplier, best_extra, best, off
