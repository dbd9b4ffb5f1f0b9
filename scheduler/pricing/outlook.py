"""All blocks at once, by their relaxations alone: a weak bound at given prices, for a hundredth of what labels cost.

Prices of shared rows and multipliers of the rows that relaxations leave out are told together how the bound would rise, so that
subgradients can improve both in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.offers.days import IntArray
from scheduler.pricing.chain import relaxed
from scheduler.pricing.pricing import Prices, Pricing
from scheduler.pricing.resources import Steps

Floats = NDArray[np.float64]


class Glimpse(NamedTuple):
    """What relaxations say at some prices.

    Attributes
    ----------
    bound
        At least so much all blocks cost together, in units of price.
    load
        What the ways that cost so much add to the shared rows.
    measured
        By block of measures: what they cost each party.
    over
        By how much they break the rows that relaxations leave out (less than 0: what is left).
    """

    bound: int
    load: IntArray
    measured: list[IntArray]
    over: IntArray


class _Walks(NamedTuple):
    """The walks of one form: by block, weighted cost of a step, the same by block of measures, and the party."""

    each: IntArray
    measured: list[IntArray]
    party: IntArray

    def price(self, prices: Prices) -> IntArray:
        total: IntArray = prices.scale * self.each
        for factor, extra in zip(self.measured, prices.measured, strict=True):
            total = total + factor * extra[self.party]
        return total


class Outlook:
    """The relaxations of all blocks, in arrays over all their options.

    Attributes
    ----------
    limit
        Limits of the rows that are left out; those of block b are entries `rows[b]` to `rows[b + 1] - 1`.
    steepness
        Largest coefficient of each of these rows.
    """

    def __init__(self, pricings: Sequence[Pricing], rows: int, parties: int) -> None:
        self.pricings, self.n_rows, self.n_parties = pricings, rows, parties
        sizes = [len(p.resources.order) for p in pricings]
        self.options = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.rows = np.concatenate([[0], np.cumsum([len(p.limits.hi) for p in pricings])]).astype(np.int64)
        self.owner = np.repeat(np.arange(len(pricings)), sizes)
        self.constant = sum(p.resources.constant for p in pricings)

        def joined(pick: Callable[[Pricing], IntArray], first: IntArray | None = None) -> IntArray:
            parts = [pick(p) + (0 if first is None else first[i]) for i, p in enumerate(pricings)]
            return np.concatenate([np.zeros(0, dtype=np.int64), *parts])

        self.base, self.party = joined(lambda p: p.base), joined(lambda p: p.resources.party)
        self.entry = joined(lambda p: np.repeat(np.arange(len(p.resources.order)), np.diff(p.first)), self.options)
        self.row, self.value = joined(lambda p: p.row), joined(lambda p: p.value)
        self.limit = joined(lambda p: p.limits.hi)
        self.limit_row = joined(lambda p: p.limits.row, self.rows)
        self.limit_option = joined(lambda p: p.limits.option, self.options)
        self.limit_value = joined(lambda p: p.limits.value)
        self.steepness = np.ones(len(self.limit), dtype=np.int64)
        np.maximum.at(self.steepness, self.limit_row, np.abs(self.limit_value))
        blocks = range(len(pricings[0].measures)) if pricings else range(0)
        self.measures = [joined(lambda p, j=j: p.measures[j]) for j in blocks]  # type: ignore[misc]
        self.switch = self._walks([p.resources.switch for p in pricings])
        self.span = self._walks([p.resources.span for p in pricings])
        self.key = joined(lambda p: p.key)
        self.begins, self.ends = joined(lambda p: p.resources.span.first), joined(lambda p: p.last)
        self.before = np.array([p.frame.before for p in pricings], dtype=np.int64)
        self.outside = joined(lambda p: np.where(p.in_chain, -1, np.where(p.resources.single, p.resources.demand, -2)))
        self.alone = self._alone()
        self.ahead = [np.empty(0, dtype=np.int64)]

    def _walks(self, steps: Sequence[Steps]) -> _Walks:
        each, party = np.zeros((2, len(steps)), dtype=np.int64)
        measured = [np.zeros(len(steps), dtype=np.int64) for _ in (self.pricings[0].measures if self.pricings else ())]
        for b, (walks, p) in enumerate(zip(steps, self.pricings, strict=True)):
            if len(walks.begin) and p.in_chain.any():
                rule = int(walks.rule[0])
                each[b], party[b] = p.weight[rule] * walks.each[0], walks.party[0]
                for factor, rules in zip(measured, p.rules, strict=True):
                    factor[b] = p.all_weights[rule] * walks.each[0] if rule in rules else 0
        return _Walks(each, measured, party)

    def _alone(self) -> IntArray:
        """Of options outside chains the number of the group of which at most one is taken."""
        mine = np.flatnonzero(self.outside != -1)
        name = np.where(self.outside[mine] >= 0, self.outside[mine], -2 - mine)
        _, group = np.unique(np.stack([self.owner[mine], name]), axis=1, return_inverse=True)
        return group.ravel().astype(np.int64)

    def look(self, prices: Prices, multiplier: IntArray) -> Glimpse:
        """What the relaxations come to; `multiplier` is at least 0, in units of price."""
        cost = prices.scale * self.base
        np.subtract.at(cost, self.entry, prices.dual[self.row] * self.value)
        for measured, extra in zip(self.measures, prices.measured, strict=True):
            cost += extra[self.party] * measured
        taken = np.zeros(len(cost), dtype=np.int64)
        bound = self.constant * prices.scale + self._outside(cost, taken)
        np.add.at(cost, self.limit_option, self.limit_value * multiplier[self.limit_row])
        switch, span = self.switch.price(prices), self.span.price(prices)
        bound -= sum(a * b for a, b in zip(multiplier.tolist(), self.limit.tolist(), strict=True))
        for b, p in enumerate(self.pricings):
            shape = (len(p.frame.week), p.frame.keys + 1, p.frame.forward.shape[1])
            here = slice(self.options[b], self.options[b + 1])
            way = np.zeros(here.stop - here.start, dtype=np.int64)
            bound += relaxed(p.frame, cost[here], span[b], switch[b], self._room(shape), way)
            taken[here] += way
        load = np.zeros(self.n_rows, dtype=np.int64)
        np.add.at(load, self.row, self.value * taken[self.entry])
        over = -self.limit
        np.add.at(over, self.limit_row, self.limit_value * taken[self.limit_option])
        return Glimpse(int(bound), load, self._measured(taken), over)

    def _room(self, shape: tuple[int, int, int]) -> IntArray:
        size = shape[0] * shape[1] * shape[2]
        if len(self.ahead[0]) < size:
            self.ahead[0] = np.empty(size, dtype=np.int64)
        return self.ahead[0][:size].reshape(shape)

    def _outside(self, cost: IntArray, taken: IntArray) -> int:
        """Least cost of the options outside chains; marks those that win something."""
        mine = np.flatnonzero(self.outside != -1)
        if not len(mine):
            return 0
        order = np.lexsort((cost[mine], self.alone))
        first = order[np.unique(self.alone[order], return_index=True)[1]]
        wins = mine[first][cost[mine[first]] < 0]
        taken[wins] = 1
        return int(cost[wins].sum())

    def _measured(self, taken: IntArray) -> list[IntArray]:
        """By block of measures, what the options taken cost each party, walks included."""
        found = []
        at = np.flatnonzero((taken > 0) & (self.outside == -1))
        block = self.owner[at]
        first = np.append(True, block[1:] != block[:-1]) if len(at) else np.zeros(0, dtype=bool)
        before = np.append(0, self.ends[at[:-1]]) if len(at) else at
        waited = np.maximum(self.begins[at] - np.where(first, self.before[block], before) - 1, 0)
        switched = ~first & (self.key[at] != self.key[np.append(0, at[:-1])]) if len(at) else at
        for j, measured in enumerate(self.measures):
            total = np.zeros(self.n_parties, dtype=np.int64)
            np.add.at(total, self.party, measured * taken)
            for walks, steps in ((self.span, waited), (self.switch, switched)):
                np.add.at(total, walks.party[block], walks.measured[j][block] * steps)
            found.append(total)
        return found
