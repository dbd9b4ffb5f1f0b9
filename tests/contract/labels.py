"""A second reader of the statements: a label engine over one party's options, in plain Python.

How it works. Options are processed in order of start. A *label* is a partial schedule: which options were taken so far, what
it costs, and a state that is all that the rest of the way needs to know. Rows that share gates or variables form a *bundle*; a
bundle enters the state with the first option that is in one of its rows, as the sums of its rows so far, and leaves it after
the last one: only then are its gates and variables settled and its shortfalls and excesses paid. (A bundle of one plain row
without price is watched on the way: a label over its upper limit is given up, and a sum beyond what still matters is clipped.)
A walk is in the state with what its `step` returns. Of two labels with the same state the dearer one can go, so the cheapest
label left at the end is the party's cheapest schedule under the given prices; without that, what is left are all schedules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from scheduler.model import Book, FamilyBook
from scheduler.model.linear import Linear
from scheduler.rules.statements import FREE, Walk

State = tuple[object, ...]
Picked = tuple[int, ...]


@dataclass(frozen=True)
class Bundle:
    """Rows that share gates or variables, so that they have to be settled together."""

    linear: Linear
    rows: tuple[int, ...]

    @cached_property
    def options(self) -> frozenset[int]:
        """All options in its rows."""
        return frozenset(int(o) for k in self.rows for o in self.linear.options.row(k)[0])

    @cached_property
    def plain(self) -> bool:
        """One row without gates, variables or an upper price, in which sums only grow."""
        k = self.rows[0]
        linked = self.linear.gate[k] >= 0 or len(self.linear.gates.row(k)[0]) or len(self.linear.vars.row(k)[0])
        grows = bool((self.linear.options.row(k)[1] >= 0).all())
        return len(self.rows) == 1 and not linked and grows and self.linear.over[k] < 0

    def within(self, sums: tuple[int, ...]) -> tuple[int, ...] | None:
        """The sums as far as they still matter; None if they are too much already."""
        if not self.plain:
            return sums
        k = self.rows[0]
        if sums[0] > self.linear.hi[k]:
            return None
        return (min(sums[0], max(int(self.linear.lo[k]), 0)),) if self.linear.hi[k] >= FREE else sums

    def settled(self, sums: Sequence[int]) -> dict[int, int] | None:
        """Penalty by rule at the least cost; None if a hard row is broken."""
        rows = self.linear
        penalty: dict[int, int] = defaultdict(int)
        opened = {int(rows.gate[k]) for k, total in zip(self.rows, sums, strict=True) if rows.gate[k] >= 0 and total > 0}
        totals = [
            total + sum(int(v) for g, v in zip(*rows.gates.row(k), strict=True) if int(g) in opened)
            for k, total in zip(self.rows, sums, strict=True)
        ]
        for variable in {int(v) for k in self.rows for v in rows.vars.row(k)[0]}:
            value, terms = int(rows.var_lo[variable]), []
            for i, k in enumerate(self.rows):
                factor = {int(v): int(c) for v, c in zip(*rows.vars.row(k), strict=True)}.get(variable, 0)
                short = int(rows.lo[k]) - totals[i] if factor > 0 else totals[i] - int(rows.hi[k])
                limited = rows.lo[k] > -FREE if factor > 0 else rows.hi[k] < FREE
                if factor and limited:
                    value = max(value, -(-short // abs(factor)))
                terms.append(factor)
            if value > rows.var_hi[variable]:
                return None
            totals = [total + factor * value for total, factor in zip(totals, terms, strict=True)]
            penalty[int(rows.var_rule[variable])] += value * int(rows.var_cost[variable])
        for k, total in zip(self.rows, totals, strict=True):
            lo, hi = int(rows.lo[k]), int(rows.hi[k])
            if rows.gate[k] >= 0:
                lo, hi = (max(lo, 1), hi) if int(rows.gate[k]) in opened else (0, 0)
            for amount, price in ((lo - total, int(rows.under[k])), (total - hi, int(rows.over[k]))):
                if amount > 0:
                    if price < 0:
                        return None
                    penalty[int(rows.rule[k])] += amount * price
        return penalty


def bundles(linear: Linear) -> list[Bundle]:
    """The rows of a system in the smallest sets that can be settled by themselves."""
    leader = list(range(len(linear)))

    def find(k: int) -> int:
        while leader[k] != k:
            k = leader[k]
        return k

    first: dict[tuple[str, int], int] = {}
    for k in range(len(linear)):
        links = [("gate", int(g)) for g in linear.gates.row(k)[0]] + [("var", int(v)) for v in linear.vars.row(k)[0]]
        if linear.gate[k] >= 0:
            links.append(("gate", int(linear.gate[k])))
        for link in links:
            leader[find(k)] = find(first.setdefault(link, k))
    together: dict[int, list[int]] = defaultdict(list)
    for k in range(len(linear)):
        together[find(k)].append(k)
    return [Bundle(linear, tuple(rows)) for rows in together.values()]


@dataclass(frozen=True)
class Schedule:
    """One party's schedule: options of its family, and penalty by rule: of costs and walks, and of rows."""

    options: Picked
    personal: Mapping[int, int]
    of_rows: Mapping[int, int]


@dataclass
class _Label:
    cost: float
    taken: Picked
    sums: dict[int, tuple[int, ...]] = field(default_factory=dict)
    walks: tuple[int, ...] = ()

    @property
    def state(self) -> State:
        return (tuple(sorted(self.sums.items())), self.walks)


class PartyBook:
    """What a family's book says about one of its parties alone.

    Attributes
    ----------
    options
        Positions of the party's options, by start.
    bundles
        Bundles whose options are all the party's.
    walks
        Rule and walk.
    """

    def __init__(self, book: Book, family: FamilyBook, party: int) -> None:
        self.book, self.family, self.party = book, family, party
        mine = np.flatnonzero(family.options.party == party)
        self.options: Picked = tuple(mine[np.argsort(family.options.start[mine], kind="stable")].tolist())
        self.bundles = [b for b in bundles(family.rows) if b.options and b.options <= set(self.options)]
        self.walks: list[tuple[int, Walk]] = [(r, w) for r, w in family.walks if w.party == party]
        self._column = [{int(o): i for i, o in enumerate(w.chain)} for _, w in self.walks]
        self._value = [
            [{int(o): int(v) for o, v in zip(*family.rows.options.row(k), strict=True)} for k in b.rows] for b in self.bundles
        ]
        self._last = [max(self.options.index(o) for o in b.options) for b in self.bundles]
        self._first = [min(self.options.index(o) for o in b.options) for b in self.bundles]

    def schedule(self, taken: Picked) -> Schedule | None:
        """A set of the party's options as a schedule; None if it breaks a hard row of the party."""
        personal: dict[int, int] = defaultdict(int)
        for rule, cost in self.family.costs:
            personal[rule] += sum(int(cost[o]) for o in taken)
        ordered = [o for o in self.options if o in taken]
        for (rule, walk), column in zip(self.walks, self._column, strict=True):
            state = walk.form.begin()
            for o in ordered:
                if o in column:
                    state, steps = walk.form.step(state, column[o])
                    personal[rule] += walk.each * steps
        of_rows: dict[int, int] = defaultdict(int)
        for bundle, values in zip(self.bundles, self._value, strict=True):
            found = bundle.settled([sum(value.get(o, 0) for o in taken) for value in values])
            if found is None:
                return None
            for rule, amount in found.items():
                of_rows[rule] += amount
        return Schedule(tuple(sorted(taken)), personal, of_rows)

    def cheapest(self, weight: Sequence[float], row_weight: Sequence[float], price: Mapping[int, float]) -> tuple[float, Picked]:
        """The cheapest schedule and its cost; infinite if there is none.

        Parameters
        ----------
        weight, row_weight
            Weight of each rule's costs and walks, and of what its rows cost.
        price
            What taking an option costs besides.
        """
        found = min(self._labels(weight, row_weight, price, merge=True), key=lambda label: label.cost, default=None)
        return (float("inf"), ()) if found is None else (found.cost, tuple(sorted(found.taken)))

    def every(self) -> Iterator[Schedule]:
        """All schedules of the party that break none of its hard rows."""
        nothing = [0.0] * len(self.book.rules)
        for label in self._labels(nothing, nothing, {}, merge=False):
            schedule = self.schedule(label.taken)
            assert schedule is not None, "the engine and its own bookkeeping disagree"
            yield schedule

    def _labels(
        self, weight: Sequence[float], row_weight: Sequence[float], price: Mapping[int, float], *, merge: bool
    ) -> list[_Label]:
        labels = [_Label(0.0, (), {}, tuple(w.form.begin() for _, w in self.walks))]
        for position, option in enumerate(self.options):
            cost = price.get(option, 0.0) + sum(weight[r] * int(c[option]) for r, c in self.family.costs)
            new = [label for old in labels for label in self._extended(old, position, option, cost, weight)]
            labels = [label for old in new if (label := self._left(old, position, row_weight)) is not None]
            if merge:
                best: dict[State, _Label] = {}
                for label in labels:
                    known = best.get(label.state)
                    if known is None or label.cost < known.cost:
                        best[label.state] = label
                labels = list(best.values())
        return labels

    def _extended(self, old: _Label, position: int, option: int, cost: float, weight: Sequence[float]) -> Iterator[_Label]:
        """A label without and with an option."""
        entered = {i: (0,) * len(self.bundles[i].rows) for i, first in enumerate(self._first) if first == position}
        yield _Label(old.cost, old.taken, old.sums | entered, old.walks)
        sums = old.sums | entered
        for i, sofar in sums.items():
            if option in self.bundles[i].options:
                found = self.bundles[i].within(tuple(s + v.get(option, 0) for s, v in zip(sofar, self._value[i], strict=True)))
                if found is None:
                    return
                sums = sums | {i: found}
        states = list(old.walks)
        for i, ((rule, walk), column) in enumerate(zip(self.walks, self._column, strict=True)):
            if option in column:
                states[i], step = walk.form.step(states[i], column[option])
                cost += weight[rule] * walk.each * step
        yield _Label(old.cost + cost, (*old.taken, option), sums, tuple(states))

    def _left(self, label: _Label, position: int, row_weight: Sequence[float]) -> _Label | None:
        """The label after the bundles that end here are settled; None if one of them is broken."""
        sums = dict(label.sums)
        cost = label.cost
        for i in [i for i in sums if self._last[i] == position]:
            found = self.bundles[i].settled(sums.pop(i))
            if found is None:
                return None
            cost += sum(row_weight[rule] * amount for rule, amount in found.items())
        return _Label(cost, label.taken, sums, label.walks)
