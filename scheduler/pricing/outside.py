"""Options outside a chain: what is at least still to come of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from scheduler.offers.days import BoolArray, IntArray
from scheduler.pricing.resources import Resources


class Outside(NamedTuple):
    """Options outside the chain, by demand and from the last stage to the first; and whether one excludes the others."""

    start: IntArray
    option: IntArray
    stage: IntArray
    single: IntArray


def outside_of(resources: Resources, stage_of: IntArray, in_chain: BoolArray) -> Outside:
    """The options that are not in a chain; `stage_of` is the stage of each option."""
    option = np.flatnonzero(~in_chain)
    option = option[np.lexsort((-stage_of[option], resources.demand[option]))]
    demand = resources.demand[option]
    first = np.append(True, demand[1:] != demand[:-1])[: len(demand)]
    start = np.flatnonzero(np.append(first, True)).astype(np.int64)
    return Outside(start, option, stage_of[option], resources.single[option].astype(np.int64))


@njit(cache=True, nogil=True)
def to_come(cost, outside, stages):  # type: ignore[no-untyped-def]  # compiled
    """By stage, what options outside the chain cost at least from there on: every rotation's cheapest option."""
    total = np.zeros(stages + 1, dtype=np.int64)
    for d in range(len(outside.start) - 1):
        single = True
        for e in range(outside.start[d], outside.start[d + 1]):
            single = single and (cost[outside.option[e]] >= 0 or outside.single[e] > 0)
        best = 0
        for e in range(outside.start[d], outside.start[d + 1]):
            gain = cost[outside.option[e]]
            if not single:
                total[outside.stage[e]] += min(gain, 0)
            elif gain < best:
                total[outside.stage[e]] += gain - best
                best = gain
    for t in range(stages - 1, -1, -1):
        total[t] += total[t + 1]
    return total
