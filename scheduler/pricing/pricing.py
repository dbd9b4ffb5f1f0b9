"""The cheapest schedule of a family at given prices of the shared rows: exact, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scheduler.errors import InputError
from scheduler.model.book import Book, FamilyBook
from scheduler.offers.days import BoolArray, IntArray
from scheduler.pricing.build import resources_of
from scheduler.pricing.chain import Chain, Frame, Limits, counted, frame_of, improve
from scheduler.pricing.labels import NEVER, labels, path
from scheduler.pricing.outside import outside_of, to_come
from scheduler.pricing.resources import WIDE, Closing, Resources

#: Rounds of improving multipliers, and labels kept at a stage, with growing effort.
EFFORTS = ((6, 64), (40, 256), (80, 2048), (80, 1 << 15))
#: The first time multipliers start from nothing.
FIRST_ROUNDS = 30
#: With so many rounds multipliers are also tried from nothing.
AFRESH = 40
#: Labels that one stage may grow to, for each that is kept.
GROWTH = 16


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices of the shared rows, in whole numbers.

    Attributes
    ----------
    scale
        One unit of cost in units of price.
    dual
        What one unit of each shared row's sum is worth.
    measured
        By block of measures: what one unit of each party's measured cost costs besides.
    """

    scale: int
    dual: IntArray
    measured: tuple[IntArray, ...]


class Found(NamedTuple):
    """A priced family: cost of the schedule, its options (positions in the family's table), and a proven lower bound."""

    cost: int
    options: IntArray
    bound: int
    labels: int


class _Task(NamedTuple):
    """A family at given prices: of options, switches, weeks of walks and counters; what is to come outside the chain."""

    cost: IntArray
    switch: IntArray
    turn: IntArray
    span: IntArray
    closing: Closing
    rest: IntArray
    constant: int


class Pricing:
    """One family, ready to be priced again and again.

    Raises
    ------
    Unsupported
        If label-setting cannot follow a statement of the family.
    """

    def __init__(self, book: Book, family: FamilyBook, level: int) -> None:
        self.resources = r = resources_of(book, family, level)
        self.weight = np.where(book.level == level, book.weight, 0)
        self.base = r.linear.copy()
        for rule, cost in r.cost:
            self.base += self.weight[rule] * cost
        self.rules = [[book.rule_index[m] for m in block.rules if m in book.rule_index] for block in book.shared.measures]
        self.measures = [
            sum((int(book.weight[rule]) * cost for rule, cost in r.cost if rule in rules), np.zeros(len(r.order), dtype=np.int64))
            for rules in self.rules
        ]
        self.all_weights = book.weight
        which, self.row, self.value = family.shared.gather(r.order)
        self.first = np.searchsorted(which, np.arange(len(r.order) + 1))
        self.stage_of = np.repeat(np.arange(r.stages), np.diff(r.stage))
        self.in_chain = _chain_of(r)
        self.outside = outside_of(r, self.stage_of, self.in_chain)
        self.after = np.where(self.in_chain, np.searchsorted(r.start[r.stage[:-1]], r.end, side="right"), -1)
        self.keys, self.key = np.unique(np.where(self.in_chain, r.switch.first, 0), return_inverse=True)
        self.key = self.key.ravel().astype(np.int64)
        self.week = _weeks(r, self.in_chain)
        self.last = np.where(r.span.walk >= 0, r.span.last, self.week[np.maximum(self.after, 0)] - 1)
        most = min(_most(book, family, r, self.in_chain), r.stages)
        entries = (r.stages + 1) * (len(self.keys) + 1)
        self.kind, forward, self.limits = counted(_limits_of(r, self.in_chain), self.in_chain, most, entries)
        before = int(r.span.begin[0]) if len(r.span.begin) else int(self.week[0]) - 1
        self.frame: Frame = frame_of(
            r.stage, self.key, len(self.keys), self.after, self.last, self.kind, forward, self.week, before
        )
        self.multiplier = np.zeros(len(self.limits.hi), dtype=np.int64)
        self.switch = r.switch._replace(first=np.where(r.switch.walk >= 0, self.key, -1)) if self.in_chain.any() else r.switch
        #: By switch walk and key: what changes besides.
        self.turns = np.full((len(r.switch.begin), int(self.switch.first.max(initial=0)) + 1), -1, dtype=np.int64)
        on = np.flatnonzero(r.switch.walk >= 0)
        self.turns[r.switch.walk[on], self.switch.first[on]] = r.turns.coarse[on]
        self.fresh = True

    def priced(self, prices: Prices) -> tuple[IntArray, IntArray, IntArray]:
        """Price of each option (in the order of the resources), of a switch and of a week of each walk."""
        r = self.resources
        self._check_size(prices)
        entry = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(self.value * prices.dual[self.row])])
        cost = prices.scale * self.base - (entry[self.first[1:]] - entry[self.first[:-1]])
        walks = [prices.scale * self.weight[s.rule] for s in (r.switch, r.span)]
        for rules, measured, extra in zip(self.rules, self.measures, prices.measured, strict=True):
            cost += extra[r.party] * measured
            for walk, s in zip(walks, (r.switch, r.span), strict=True):
                walk += np.where(np.isin(s.rule, rules), extra[s.party] * self.all_weights[s.rule], 0)
        return cost, walks[0] * r.switch.each, walks[1] * r.span.each

    def turned(self, scale: int) -> IntArray:
        """Price of what changes besides, by switch walk, at so many units a point."""
        rule, each, _ = self.resources.turns
        return np.where(rule >= 0, scale * self.weight[rule] * each, 0)

    def _check_size(self, prices: Prices) -> None:
        """Refuse prices at which sums could leave the range of whole numbers of 64 bits."""
        most = prices.scale * float(np.abs(self.base).sum())
        most += float((np.abs(self.value) * np.abs(prices.dual[self.row]).astype(np.float64)).sum())
        r = self.resources
        each = np.concatenate([s.each * self.all_weights[s.rule] for s in (r.switch, r.span, r.turns)])
        steps = float(each.sum()) * (len(r.order) + float(self.week.max(initial=0)))
        most += prices.scale * steps
        for measured, extra in zip(self.measures, prices.measured, strict=True):
            most += float(np.abs(extra).max(initial=0)) * (float(np.abs(measured).sum()) + steps)
        priced = np.concatenate([r.closing.under, r.closing.over]).clip(min=0).max(initial=0)
        most += prices.scale * float(priced) * float(WIDE if len(r.closing.at) and priced > 1e6 else 1e6)
        if most >= NEVER:
            raise InputError("the policy's weights and priorities multiply to numbers that are too large; make them smaller")

    def cheapest(
        self,
        prices: Prices,
        cut: int = NEVER,
        *,
        effort: int = len(EFFORTS),
        least_effort: int = 1,
        extra: IntArray | None = None,
    ) -> Found:
        """The cheapest schedule that costs less than `cut`, and a bound of what any costs.

        Parameters
        ----------
        effort
            From 1 to 4: how many labels may be kept, if that is what it takes for the bound to be the cost (or `cut`, where
            nothing is cheaper).
        least_effort
            How much is taken at once, as less has been tried.
        extra
            What each option costs besides, by its position in the family's table, in units of price.

        Returns
        -------
        Found
            Where nothing cheaper was found its cost is `NEVER`, and the bound at most `cut`.
        """
        task = self._task(prices, extra)
        best, way, made, bound = NEVER, np.zeros(0, dtype=np.int64), 0, -NEVER
        for rounds, beam in EFFORTS[least_effort - 1 : effort]:
            chain, least = self._chain(task, min(cut, best), rounds)
            bound = max(bound, min(least, best, cut))
            if bound >= min(best, cut):
                break
            costs, nodes, parent, option, left_out, more = self._labels(task, chain, min(cut, best), beam, merge=True)
            made += more
            if len(costs) and costs.min() < best:
                best = int(costs.min())
                way = path(int(nodes[costs.argmin()]), parent, option)
            bound = max(bound, min(left_out, best, cut))
            if bound >= min(best, cut):
                break
        return Found(best, self.resources.order[way], bound, made)

    def below(self, prices: Prices, cut: int, most: int) -> list[IntArray] | None:
        """The options of every schedule that costs less than `cut`; None if there are more than about `most`."""
        task = self._task(prices)
        chain, _ = self._chain(task, cut, EFFORTS[-1][0])
        costs, nodes, parent, option, left_out, _ = self._labels(task, chain, cut, most, merge=False)
        if left_out < cut:
            return None
        return [self.resources.order[path(int(node), parent, option)] for node in nodes[costs < cut].tolist()]

    def _task(self, prices: Prices, extra: IntArray | None = None) -> _Task:
        r = self.resources
        cost, switch, span = self.priced(prices)
        if extra is not None:
            cost += extra[r.order]
        closing = r.closing._replace(
            under=np.where(r.closing.under > 0, r.closing.under * prices.scale, r.closing.under),
            over=np.where(r.closing.over > 0, r.closing.over * prices.scale, r.closing.over),
        )
        return _Task(
            cost,
            switch,
            self.turned(prices.scale),
            span,
            closing,
            to_come(cost, self.outside, r.stages),
            r.constant * prices.scale,
        )

    def _labels(
        self, task: _Task, chain: Chain, cut: int, beam: int, *, merge: bool
    ) -> tuple[IntArray, IntArray, IntArray, IntArray, int, int]:
        r = self.resources
        found = labels(
            r.stage, task.cost, r.bits, r.keep, r.needs, r.gives, r.raises, r.opens, r.gate_bits, r.gate_raises, task.closing,
            r.limits, self.switch, task.switch, self.turns, task.turn, r.span, task.span, task.rest, chain, cut, beam,
            beam * GROWTH + 1024, task.constant, merge,
        )  # fmt: skip
        return found[0], found[1], found[2], found[3], int(found[4]), int(found[5])

    def _chain(self, task: _Task, cut: int, rounds: int) -> tuple[Chain, int]:
        """The relaxation under given prices, with multipliers improved for some rounds, and its bound."""
        rest = task.constant + int(task.rest[0])
        frame = self.frame
        ahead = np.empty((len(frame.week), frame.keys + 1, frame.forward.shape[1]), dtype=np.int64)
        week_price = int(task.span[0]) if len(task.span) else 0
        switch_price = int(task.switch[0]) if len(task.switch) else 0
        if self.fresh:
            rounds, self.fresh = FIRST_ROUNDS, False
        best = improve(frame, task.cost, week_price, switch_price, ahead, self.limits, self.multiplier, rounds, cut, rest)
        if best[2] < cut and rounds >= AFRESH and self.multiplier.any():
            # steps are short where multipliers are far from good; from nothing it is often nearer
            other, none = np.empty_like(ahead), np.zeros_like(self.multiplier)
            found = improve(frame, task.cost, week_price, switch_price, other, self.limits, none, rounds, cut, rest)
            if found[2] > best[2]:
                best, ahead = found, other
        self.multiplier, extra, bound, off = best
        extra = np.where(self.in_chain, extra, 0)
        return Chain(ahead, frame.week, week_price, self.after, self.kind, frame.forward, extra, -off), bound


def _chain_of(r: Resources) -> BoolArray:
    """Options that exclude each other in time: those of the walks, else all if their rows say so."""
    none = np.zeros(len(r.order), dtype=bool)
    walks = [s.walk >= 0 for s in (r.switch, r.span) if len(s.begin)]
    if max(len(r.switch.begin), len(r.span.begin)) > 1:
        return none
    if walks:
        return walks[0] if all((w == walks[0]).all() for w in walks) else none
    for t in range(r.stages):
        here = np.flatnonzero((r.start <= r.start[r.stage[t]]) & (r.end >= r.start[r.stage[t]]))
        if len(here) > 1 and not np.bitwise_and.reduce(r.bits[here], axis=0).any():
            return none
    return ~none


def _weeks(r: Resources, in_chain: BoolArray) -> IntArray:
    """Week of each stage, as the span's steps see it; of a stage without such options that of the next one."""
    week = np.zeros(r.stages + 1, dtype=np.int64)
    if not len(r.span.begin):
        return week
    week[r.stages] = int(r.span.last.max(initial=0)) + 1
    for t in range(r.stages - 1, -1, -1):
        here = np.arange(r.stage[t], r.stage[t + 1])
        here = here[r.span.walk[here] >= 0]
        week[t] = min(week[t + 1], int(r.span.first[here].min())) if len(here) else week[t + 1]
    return week


def _limits_of(r: Resources, in_chain: BoolArray) -> Limits:
    """The rows that limit what the chain may take, besides that it exclude each other."""
    rows: list[tuple[IntArray, IntArray, int]] = []
    for columns in r.units:
        columns = columns[in_chain[columns]]
        if len(columns) > 1 and r.start[columns].max() > r.end[columns].min():
            rows.append((columns, np.ones(len(columns), dtype=np.int64), 1))
    item = np.repeat(np.arange(len(r.order)), np.diff(r.raises.start))
    for c in range(len(r.closing.at)):
        mine = r.raises.counter == c
        columns, values = item[mine], r.raises.value[mine]
        hard = r.closing.over[c] < 0 and abs(r.closing.hi[c]) < WIDE and not (r.gate_raises.counter == c).any()
        if hard and (values > 0).all() and in_chain[columns].all() and values.sum() > r.closing.hi[c]:
            rows.append((columns, values, int(r.closing.hi[c])))
    for needing, giving in r.permits:
        columns = np.append(needing, giving)
        if in_chain[columns].all():
            rows.append((columns, np.repeat([1, -1], [len(needing), len(giving)]), 0))
    sizes = [len(columns) for columns, _, _ in rows]
    empty = np.zeros(0, dtype=np.int64)
    return Limits(
        np.repeat(np.arange(len(rows)), sizes) if rows else empty,
        np.concatenate([c for c, _, _ in rows]) if rows else empty,
        np.concatenate([v for _, v, _ in rows]) if rows else empty,
        np.array([hi for _, _, hi in rows], dtype=np.int64),
    )


def _most(book: Book, family: FamilyBook, r: Resources, in_chain: BoolArray) -> int:
    """The most options of the chain that a schedule may have."""
    asked = {int(d) for d in np.unique(r.demand[in_chain])}
    total = sum(book.facts.demands[d].requirement.blocks for d in asked if not book.facts.demands[d].elective)
    for choice in family.family.choices:
        total += min(choice.count, len(asked & set(choice.demands)))
    return total
