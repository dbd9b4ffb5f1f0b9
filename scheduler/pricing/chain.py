"""What is at least still to come: a relaxation of a family's schedule in which only dates, places and a few numbers count.

A *chain* is a set of options that exclude each other in time. Without the other rows, the cheapest way to go on from a day at a
place follows from the ways to go on from later days. A few rows that limit what the chain may take (so many of a set) are counted
on the way, the others (each rotation once, so many at a site) are priced by multipliers, which are improved by subgradients and
kept from one call to the next. Options that begin together and leave the same behind are one *bundle*: the cheapest counts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from scheduler.offers.days import BoolArray, IntArray

NEVER = 1 << 60
#: Entries that the table of ways to go on may have; so many rows are counted.
MOST_ENTRIES = 1 << 15
#: So many states they may have together.
MOST_STATES = 128


class Limits(NamedTuple):
    """Hard upper limits over the chain: entries (row, option, coefficient), and limits."""

    row: IntArray
    option: IntArray
    value: IntArray
    hi: IntArray


class Frame(NamedTuple):
    """What of a chain does not depend on prices.

    Attributes
    ----------
    begin
        First bundle of each stage; the last entry is their number.
    bundle
        Bundle of each option, −1 outside the chain.
    key, after, last, kind
        Of each bundle: key of the place, first stage after it, last week, and how it counts.
    forward
        By kind and *state* (how much of each counted row is left): the state after it, −1 if too little is left.
    week
        Week in which each stage begins.
    keys
        Number of keys; stands for "no place yet".
    before
        Last week before the first one.
    """

    begin: IntArray
    bundle: IntArray
    key: IntArray
    after: IntArray
    last: IntArray
    kind: IntArray
    forward: IntArray
    week: IntArray
    keys: int
    before: int


class Chain(NamedTuple):
    """A chain under given prices.

    Attributes
    ----------
    ahead
        By stage, key of the last place (the last index: none) and state: least cost of taking at least one option more. `NEVER`
        where there is none.
    week
        Week in which each stage begins.
    week_price
        Price of a week of waiting.
    after
        For each option of the chain the first stage after it; −1 for options outside.
    kind, forward
        How each option counts, and the state after it by kind and state.
    extra
        For each option what multipliers add to its price.
    constant
        What multipliers take off the whole.
    """

    ahead: IntArray
    week: IntArray
    week_price: int
    after: IntArray
    kind: IntArray
    forward: IntArray
    extra: IntArray
    constant: int


def counted(limits: Limits, in_chain: BoolArray, most: int, entries: int) -> tuple[IntArray, IntArray, Limits]:
    """Choose rows to count: how each option counts, the state after it by kind and state, and the other rows.

    Rows over many options come first, as long as tables of so many `entries` a state and the number of states allow it.
    """
    n, room = len(in_chain), max(min(MOST_STATES, MOST_ENTRIES // max(entries, 1)), most + 1)
    inside = np.zeros((len(limits.hi) + 1, n), dtype=bool)
    inside[limits.row, limits.option] = True
    inside[-1] = in_chain
    hi = np.append(limits.hi, most)
    plain = np.ones(len(hi), dtype=bool)
    plain[limits.row[limits.value != 1]] = False
    binding = plain & ((hi < most) | ((hi == most) & (inside >= in_chain).all(axis=1)))
    chosen: list[int] = []
    states, total_counts = 1, True
    for k in sorted(np.flatnonzero(binding[:-1]).tolist(), key=lambda k: -int(inside[k].sum())):
        if states * (hi[k] + 1) <= room and not any(hi[c] <= hi[k] and (inside[c] == inside[k]).all() for c in chosen):
            chosen.append(k)
            states *= int(hi[k]) + 1
            total_counts &= int(hi[chosen].sum()) > most or not (inside[chosen].any(axis=0) | ~in_chain).all()
    if total_counts:
        while chosen and states * (most + 1) > room:
            states //= int(hi[chosen.pop()]) + 1
        chosen.append(len(hi) - 1)
        states *= most + 1
    kinds, kind = np.unique(inside[chosen].T, axis=0, return_inverse=True)
    shape = tuple((hi[chosen] + 1).tolist())
    left = np.stack(np.unravel_index(np.arange(states), shape))
    after = left[None, :, :] - kinds[:, :, None]
    number_of = np.ravel_multi_index(tuple(np.moveaxis(after, 1, 0).clip(0)), shape)
    forward = np.where((after >= 0).all(axis=1), number_of, -1)
    others = np.setdiff1d(np.flatnonzero((hi < most) | ~plain), chosen)
    number = np.full(len(hi), -1, dtype=np.int64)
    number[others] = np.arange(len(others))
    keep = number[limits.row] >= 0
    rest = Limits(number[limits.row[keep]], limits.option[keep], limits.value[keep], limits.hi[others])
    return kind.ravel().astype(np.int64), forward.astype(np.int64), rest


def frame_of(
    stage: IntArray,
    key: IntArray,
    keys: int,
    after: IntArray,
    last: IntArray,
    kind: IntArray,
    forward: IntArray,
    week: IntArray,
    before: int,
) -> Frame:
    """Bundles of a chain's options (those whose `after` is 0 or more)."""
    stage_of = np.repeat(np.arange(len(stage) - 1), np.diff(stage))
    inside = np.flatnonzero(after >= 0)
    table = np.stack([stage_of, key, after, last, kind], axis=1)[inside]
    found, which = np.unique(table, axis=0, return_inverse=True)
    bundle = np.full(len(after), -1, dtype=np.int64)
    bundle[inside] = which.ravel()
    begin = np.searchsorted(found[:, 0], np.arange(len(stage))).astype(np.int64)
    places, follows, ends, kinds = np.ascontiguousarray(found[:, 1:].T, dtype=np.int64)
    return Frame(begin, bundle, places, follows, ends, kinds, forward, week, keys, before)


@njit(cache=True, nogil=True)
def cheapest_of(frame, cost, bundle_cost, bundle_option):  # type: ignore[no-untyped-def]  # compiled
    """Fill in the cheapest option of each bundle and its cost."""
    bundle_cost[:] = NEVER
    for o in range(len(cost)):
        b = frame.bundle[o]
        if b >= 0 and cost[o] < bundle_cost[b]:
            bundle_cost[b] = cost[o]
            bundle_option[b] = o


@njit(cache=True, nogil=True)
def look_ahead(frame, cost, week_price, switch_price, ahead):  # type: ignore[no-untyped-def]  # compiled
    """Fill `ahead` (see `Chain`) from the last stage to the first; `cost` is that of bundles, multipliers included."""
    stages, keys, states = len(frame.begin) - 1, frame.keys, ahead.shape[2]
    ahead[stages] = NEVER
    near = np.empty((keys, states), dtype=np.int64)
    best = np.empty(states, dtype=np.int64)
    for t in range(stages - 1, -1, -1):
        gap = week_price * (frame.week[t + 1] - frame.week[t])
        near[:] = NEVER
        best[:] = NEVER
        for b in range(frame.begin[t], frame.begin[t + 1]):
            wait = week_price * (frame.week[frame.after[b]] - frame.last[b] - 1)
            here, further, forward = near[frame.key[b]], ahead[frame.after[b], frame.key[b]], frame.forward[frame.kind[b]]
            for s in range(states):
                if forward[s] >= 0:
                    value = cost[b]
                    more = further[forward[s]]
                    if more < NEVER and more + wait < 0:
                        value += more + wait
                    here[s] = min(here[s], value)
                    best[s] = min(best[s], value)
        for k in range(keys + 1):
            for s in range(states):
                value = ahead[t + 1, k, s]
                if value < NEVER:
                    value += gap
                if best[s] < NEVER:
                    value = min(value, best[s] + (switch_price if k < keys else 0))
                    if k < keys:
                        value = min(value, near[k, s])
                ahead[t, k, s] = value


@njit(cache=True, nogil=True)
def walk_ahead(frame, cost, option, week_price, switch_price, ahead, taken):  # type: ignore[no-untyped-def]  # compiled
    """Add the options of a cheapest way through the relaxation to `taken`."""
    stages, keys = len(frame.begin) - 1, frame.keys
    t, k, s, seen = 0, keys, ahead.shape[2] - 1, frame.before
    while t < stages:
        value = ahead[t, k, s]
        if value >= NEVER or value + week_price * (frame.week[t] - seen - 1) >= 0:
            break
        found = -1
        for b in range(frame.begin[t], frame.begin[t + 1]):
            left = frame.forward[frame.kind[b], s]
            if left < 0:
                continue
            here = cost[b]
            if k < keys and frame.key[b] != k:
                here += switch_price
            more = ahead[frame.after[b], frame.key[b], left]
            if more < NEVER:
                more += week_price * (frame.week[frame.after[b]] - frame.last[b] - 1)
                if more < 0:
                    here += more
            if here == value:
                found = b
                break
        if found < 0:
            t += 1
            continue
        taken[option[found]] += 1
        t, k, s, seen = frame.after[found], frame.key[found], frame.forward[frame.kind[found], s], frame.last[found]


@njit(cache=True, nogil=True)
def relaxed(frame, cost, week_price, switch_price, ahead, taken):  # type: ignore[no-untyped-def]  # compiled
    """What the chain costs at least (at most 0); marks in `taken` the options of a way that costs so much."""
    bundles = len(frame.key)
    taken[:] = 0
    if not bundles:
        ahead[:] = NEVER
        return 0
    bundle_cost = np.empty(bundles, dtype=np.int64)
    option = np.empty(bundles, dtype=np.int64)
    cheapest_of(frame, cost, bundle_cost, option)
    look_ahead(frame, bundle_cost, week_price, switch_price, ahead)
    first = ahead[0, frame.keys, ahead.shape[2] - 1]
    if first >= NEVER or first + week_price * (frame.week[0] - frame.before - 1) >= 0:
        return 0
    walk_ahead(frame, bundle_cost, option, week_price, switch_price, ahead, taken)
    return first + week_price * (frame.week[0] - frame.before - 1)


@njit(cache=True, nogil=True)
def improve(frame, cost, week_price, switch_price, ahead, limits, multiplier, rounds, cut, rest):  # type: ignore[no-untyped-def]  # compiled
    """Improve the multipliers for some rounds: the best ones, what they add to options, their bound and what they take off.

    `ahead` is filled for them.
    """
    n, rows = len(cost), len(limits.hi)
    best, best_off = -NEVER, 0
    best_multiplier = multiplier.copy()
    best_extra = np.zeros(n, dtype=np.int64)
    pace, idle = 1.0, 0
    current = multiplier.copy()
    slope = np.zeros(rows, dtype=np.int64)
    taken = np.zeros(n, dtype=np.int64)
    filled = False
    for _ in range(max(rounds, 1)):
        extra = np.zeros(n, dtype=np.int64)
        for e in range(len(limits.row)):
            extra[limits.option[e]] += limits.value[e] * current[limits.row[e]]
        off = 0
        for r in range(rows):
            off += current[r] * limits.hi[r]
        bound = rest + relaxed(frame, cost + extra, week_price, switch_price, ahead, taken) - off
        filled = bound > best
        if filled:
            best, best_off, best_multiplier, best_extra, idle = bound, off, current.copy(), extra, 0
        else:
            idle += 1
            if idle % 4 == 0:
                pace /= 2
        if rows == 0 or bound >= cut:
            break
        slope[:] = -limits.hi
        for e in range(len(limits.row)):
            slope[limits.row[e]] += limits.value[e] * taken[limits.option[e]]
        norm = 0
        for r in range(rows):
            if slope[r] < 0 and current[r] == 0:
                slope[r] = 0
            norm += slope[r] * slope[r]
        if norm == 0:
            break
        target = cut if cut < NEVER else bound + max(abs(bound) // 20, 1)
        step = pace * max(target - bound, 1) / norm
        for r in range(rows):
            current[r] = max(current[r] + np.int64(np.rint(step * slope[r])), 0)
    if not filled:
        relaxed(frame, cost + best_extra, week_price, switch_price, ahead, taken)
    return best_multiplier, best_extra, best, best_off
