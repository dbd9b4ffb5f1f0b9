"""A good schedule of a family in little time: for searches that ask thousands of times a second and need no bound."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from scheduler.offers.days import IntArray
from scheduler.pricing.chain import Chain, improve
from scheduler.pricing.labels import NEVER, labels, path
from scheduler.pricing.outside import to_come
from scheduler.pricing.pricing import Prices, Pricing

#: Labels kept at a stage, labels that a stage may grow to, rounds of improving multipliers.
BEAM, CAPACITY, ROUNDS = 16, 1024, 4
#: The first time multipliers start from nothing.
FIRST_ROUNDS = 30


class Cheap(NamedTuple):
    """What was found: options (ascending positions in the family's table), their cost (`NEVER`: none was found), a lower bound
    of what any cost, what they cost by themselves, and what rules that are measured cost, by block of measures.
    """

    options: IntArray
    cost: int
    bound: int
    own: int
    measured: IntArray


class Quick:
    """Pricing at costs of options that the caller works out; all else at the weights of the level.

    Attributes
    ----------
    base
        What each option costs by itself, in the order of the resources.
    order
        Positions of the options in the family's table.

    Raises
    ------
    InputError
        If sums could leave the range of whole numbers at prices of rows up to `most`.
    """

    def __init__(self, pricing: Pricing, most: IntArray) -> None:
        r = pricing.resources
        self.pricing, self.order, self.base = pricing, r.order, pricing.base
        parties = [np.zeros(int(r.party.max(initial=0)) + 1, dtype=np.int64) for _ in pricing.rules]
        for steps in (r.switch, r.span):
            parties = [np.zeros(max(len(p), int(steps.party.max(initial=0)) + 1), dtype=np.int64) for p in parties]
        _, self.switch, self.span = pricing.priced(Prices(1, most, tuple(parties)))
        self.turn = pricing.turned(1)
        self.week_price = int(self.span[0]) if len(self.span) else 0
        self.switch_price = int(self.switch[0]) if len(self.switch) else 0
        #: By block of measures: weighted cost of each option, of a switch and of a week of each walk.
        self.measures = np.array(pricing.measures, dtype=np.int64).reshape(len(pricing.rules), len(r.order))
        self.of_switch, self.of_span = (
            np.array(
                [np.where(np.isin(s.rule, rules), pricing.all_weights[s.rule] * s.each, 0) for rules in pricing.rules],
                dtype=np.int64,
            ).reshape(len(pricing.rules), len(s.begin))
            for s in (r.switch, r.span)
        )
        frame = pricing.frame
        self.ahead = np.empty((len(frame.week), frame.keys + 1, frame.forward.shape[1]), dtype=np.int64)
        self.multiplier = np.zeros(len(pricing.limits.hi), dtype=np.int64)
        self.rounds = FIRST_ROUNDS

    def cheapest(self, cost: IntArray) -> Cheap:
        """A cheap schedule where options (in the order of the resources) cost so much."""
        p, r = self.pricing, self.pricing.resources
        rest = to_come(cost, p.outside, r.stages)
        self.multiplier, extra, least, off = improve(
            p.frame, cost, self.week_price, self.switch_price, self.ahead, p.limits, self.multiplier, self.rounds, NEVER,
            r.constant + int(rest[0]),
        )  # fmt: skip
        self.rounds = ROUNDS
        extra[~p.in_chain] = 0
        chain = Chain(self.ahead, p.frame.week, self.week_price, p.after, p.kind, p.frame.forward, extra, -off)
        costs, nodes, parent, option, left_out, _ = labels(
            r.stage, cost, r.bits, r.keep, r.needs, r.gives, r.raises, r.opens, r.gate_bits, r.gate_raises, r.closing,
            r.limits, p.switch, self.switch, p.turns, self.turn, r.span, self.span, rest, chain, NEVER, BEAM, CAPACITY,
            r.constant, True,
        )  # fmt: skip
        if not len(costs):
            nothing = np.zeros(0, dtype=np.int64)
            return Cheap(nothing, NEVER, max(least, int(left_out)), NEVER, np.zeros(len(p.rules), dtype=np.int64))
        best = int(costs.argmin())
        found, way = int(costs[best]), path(int(nodes[best]), parent, option)
        own = found - int((cost[way] - self.base[way]).sum())
        measured = _measured(way, self.measures, r.switch, self.of_switch, r.span, self.of_span)
        return Cheap(np.sort(self.order[way]), found, max(least, min(int(left_out), found)), own, measured)


@njit(cache=True, nogil=True)
def _measured(way, measures, switch, of_switch, span, of_span):  # type: ignore[no-untyped-def]  # compiled
    """By block of measures: what options, taken in this order, cost by the rules that are measured."""
    total = np.zeros(len(measures), dtype=np.int64)
    place, week = switch.begin.copy(), span.begin.copy()
    for m in range(len(measures)):
        place[:] = switch.begin
        week[:] = span.begin
        for o in way:
            total[m] += measures[m, o]
            k = switch.walk[o]
            if k >= 0:
                if place[k] != -1 and place[k] != switch.first[o]:
                    total[m] += of_switch[m, k]
                place[k] = switch.first[o]
            k = span.walk[o]
            if k >= 0:
                total[m] += of_span[m, k] * max(span.first[o] - week[k] - 1, 0)
                week[k] = max(week[k], span.last[o])
    return total
