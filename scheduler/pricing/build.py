"""From a family's statements to resources."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from scheduler.model.book import Book, FamilyBook
from scheduler.offers.days import BoolArray, IntArray
from scheduler.pricing.resources import WIDE, WORDS, Closing, Limits, Lists, Resources, Steps, Turns, Unsupported, Words
from scheduler.rules.statements import FREE, Switch, Walk


def resources_of(book: Book, family: FamilyBook, level: int) -> Resources:
    """Turn what is stated about a family into resources; costs are those of one level of the policy.

    Raises
    ------
    Unsupported
        If a statement is none that label-setting follows: variables that rows share, switches over several rows.
    """
    return _Builder(book, family, level).build()


class _Builder:
    def __init__(self, book: Book, family: FamilyBook, level: int) -> None:
        options, rows = family.options, family.rows
        self.book, self.family, self.rows = book, family, rows
        self.weight = np.where(book.level == level, book.weight, 0)
        self.order = np.lexsort((options.end, options.start))
        self.place = np.empty(len(options), dtype=np.int64)
        self.place[self.order] = np.arange(len(options))
        self.start, self.end = options.start[self.order], options.end[self.order]
        days, first = np.unique(self.start, return_index=True)
        self.stage = np.append(first, len(options)).astype(np.int64)
        self.stage_of = np.searchsorted(days, self.start)
        self.stages = len(days)
        self.single = np.array([book.facts.demands[d].single for d in options.demand[self.order].tolist()], dtype=bool)
        self.demand = options.demand[self.order]
        self.linear = np.zeros(len(options), dtype=np.int64)
        self.constant = 0
        self.spans: list[tuple[int, int]] = []  # first and last stage of each bit
        self.takes: list[tuple[IntArray, int]] = []  # options and bit
        self.counters: list[_Counter] = []
        self.gate_bit: dict[int, int] = {}
        self.permits: list[tuple[IntArray, IntArray, int]] = []  # options that need the bit, that give it, and the bit

    def build(self) -> Resources:
        rows = self.rows
        length = np.diff(rows.options.start)
        value, row = rows.options.value, rows.options.row_of_entry
        plain = np.ones(len(rows), dtype=bool)
        plain[row[value != 1]] = False
        plain &= (rows.gate < 0) & rows.bare
        plain &= (rows.hi == 1) & (rows.over < 0) & ((rows.lo <= 0) | ((rows.lo == 1) & (rows.under >= 0)))
        for k in np.flatnonzero(plain).tolist():
            self._unit(k, int(length[k]))
        self._gates()
        lonely = np.ones(len(self.order), dtype=bool)
        for columns, _ in self.takes:
            lonely[columns] = False
        for o in np.flatnonzero(lonely).tolist():
            self._bit(np.array([o]))  # so that no path takes it twice
        ordered = self._orders(np.flatnonzero(~plain))
        for k in np.flatnonzero(~plain & ~ordered).tolist():
            self._counter(k)
        words, keep, gate_bits, needs, gives = self._packed()
        switch, span, turns = self._walks()
        return Resources(
            order=self.order,
            stage=self.stage,
            start=self.start,
            end=self.end,
            demand=self.demand,
            single=self.single,
            party=self.family.options.party[self.order],
            cost=tuple((rule, cost[self.order]) for rule, cost in self.family.costs),
            linear=self.linear,
            constant=self.constant,
            bits=words,
            keep=keep,
            needs=needs,
            gives=gives,
            raises=self._raises(len(self.order), lambda c: c.options),
            opens=self._opens(),
            gate_bits=gate_bits,
            gate_raises=self._raises(rows.n_gates, lambda c: c.gates),
            closing=self._closing(),
            limits=self._limits(),
            switch=switch,
            span=span,
            turns=turns,
            units=tuple(columns for columns, _ in self.takes),
            permits=tuple((needing, giving) for needing, giving, _ in self.permits),
        )

    # -- rows -------------------------------------------------------------------------------------------------

    def _options(self, k: int) -> tuple[IntArray, IntArray]:
        columns, values = self.rows.options.row(k)
        return self.place[columns], values

    def _unit(self, k: int, length: int) -> None:
        """A row "at most one": a bit; one that asks for one at a price puts the price on its options."""
        columns, _ = self._options(k)
        if self.rows.lo[k] == 1:
            price = int(self.weight[self.rows.rule[k]] * self.rows.under[k])
            self.constant += price
            self.linear[columns] -= price
        if length > 1:
            self._bit(columns)

    def _bit(self, columns: IntArray) -> int:
        stages = self.stage_of[columns]
        self.takes.append((columns, len(self.spans)))
        self.spans.append((int(stages.min()), int(stages.max())))
        return len(self.spans) - 1

    def _orders(self, rows: IntArray) -> BoolArray:
        """Rows "this only after that", where one of each is taken at most: a bit that the one sets and the other needs."""
        done = np.zeros(len(self.rows), dtype=bool)
        groups: dict[tuple[int, int], list[tuple[int, IntArray, IntArray]]] = defaultdict(list)
        linear = self.rows
        plain = (linear.hi == 0) & (linear.lo <= -FREE) & (linear.over < 0) & (linear.gate < 0)
        plain &= linear.bare
        for k in rows[plain[rows]].tolist():
            columns, values = self._options(k)
            after, before = columns[values == 1], columns[values == -1]
            if len(after) + len(before) < len(columns) or not len(after) or not self.single[columns].all():
                continue
            later, earlier = np.unique(self.demand[after]), np.unique(self.demand[before])
            if len(later) == 1 and len(earlier) <= 1:
                groups[int(later[0]), int(earlier[0]) if len(earlier) else -1].append((k, after, before))
        together = self._together()
        for (after_this, before_this), rows_of_pair in groups.items():
            found = rows_of_pair + (groups.get((after_this, -1), []) if before_this >= 0 else [])
            if (bit := self._permit(found, together)) is not None:
                self.permits.append(bit)
                done[[k for k, _, _ in found]] = True
        return done

    def _together(self) -> Words:
        """Rows "at most one" of each option, as bits."""
        words = np.zeros((len(self.order), len(self.takes) // 64 + 1), dtype=np.uint64)
        for i, (columns, _) in enumerate(self.takes):
            words[columns, i // 64] |= np.uint64(1) << np.uint64(i % 64)
        return words

    def _permit(self, found: list[tuple[int, IntArray, IntArray]], together: Words) -> tuple[IntArray, IntArray, int] | None:
        """Options that need a bit and that give it, if one bit says what the rows say; None if it does not.

        It does where the rows ask for ever more of the same options, each option has what it needs before it, and whatever else
        lies before it cannot be taken with it.
        """
        found = sorted(found, key=lambda row: len(row[2]))
        if not all(np.isin(a[2], b[2]).all() for a, b in pairwise(found)):
            return None
        giving = found[-1][2]
        rank, need = np.full(len(self.order), len(found)), np.full(len(self.order), len(found))
        for i in range(len(found) - 1, -1, -1):
            rank[found[i][2]] = i
            need[found[i][1]] = i
        needing = np.flatnonzero(need < len(found))
        if len(giving):
            earlier = self.stage_of[giving][None, :] < self.stage_of[needing][:, None]
            asked = rank[giving][None, :] <= need[needing][:, None]
            apart = (together[giving][None, :, :] & together[needing][:, None, :]).any(axis=2)
            if (asked & ~earlier).any() or (earlier & ~asked & ~apart).any():
                return None
        stages = self.stage_of[np.append(needing, giving)]
        self.spans.append((int(stages.min()), int(stages.max())))
        return needing, giving, len(self.spans) - 1

    def _gates(self) -> None:
        """A gate is open once an option of its row is taken."""
        rows = self.rows
        for g in range(rows.n_gates):
            governed = np.flatnonzero(rows.gate == g)
            if len(governed) != 1 or rows.lo[governed[0]] > 1:
                raise Unsupported(self._rule(int(governed[0])) if len(governed) else "a switch without rows")
            columns, values = self._options(int(governed[0]))
            if (values <= 0).any():
                raise Unsupported(self._rule(int(governed[0])))
            if len(columns):
                stages = self.stage_of[columns]
                self.gate_bit[g] = len(self.spans)
                self.spans.append((int(stages.min()), int(stages.max())))

    def _rule(self, k: int) -> str:
        return str(self.book.rules[self.rows.rule[k]].id)

    def _counter(self, k: int) -> None:
        rows = self.rows
        columns, values = self._options(k)
        gates, gate_values = rows.gates.row(k)
        if rows.gate[k] >= 0:
            if rows.hi[k] >= FREE:
                return  # the gate's bit says it all
            lo, under = -FREE, -1
        else:
            lo, under = int(rows.lo[k]), int(rows.under[k])
        hi, over = int(rows.hi[k]), int(rows.over[k])
        weight = int(self.weight[rows.rule[k]])
        step, most = 1, WIDE
        variables, factors = rows.vars.row(k)
        if len(variables):
            v, factor = int(variables[0]), int(factors[0])
            shared = int((rows.vars.column == v).sum()) > 1
            priced = under >= 0 if factor > 0 else over >= 0
            if shared or rows.var_lo[v] != 0 or priced:
                raise Unsupported(self._rule(k))
            step, most = abs(factor), int(rows.var_hi[v])
            cost = int(rows.var_cost[v]) * int(self.weight[rows.var_rule[v]])
            if factor > 0:
                under, over = cost, _priced(over, weight)
            else:
                under, over = _priced(under, weight), cost
        else:
            under, over = _priced(under, weight), _priced(over, weight)
            if lo == hi and under >= 0 and over < 0 and not len(gates) and (values > 0).all():
                # as many as asked at a price for each that is missing, and never more: the price lies on the options
                self.constant += under * lo
                self.linear[columns] -= under * values
                lo, under = -FREE, -1
        self.counters.append(_Counter(lo, hi, under, over, step, most, (columns, values), (gates, gate_values)))

    # -- arrays -----------------------------------------------------------------------------------------------

    def _packed(self) -> tuple[Words, Words, Words, Words, Words]:
        """Give every bit a place that is its own as long as it lives."""
        places = np.zeros(len(self.spans), dtype=np.int64)
        free = list(range(64 * WORDS))
        leaving: list[tuple[int, int]] = []
        keep = np.zeros((self.stages + 1, WORDS), dtype=np.uint64)
        one = np.uint64(1)
        for b in sorted(range(len(self.spans)), key=lambda b: self.spans[b]):
            first, last = self.spans[b]
            while leaving and leaving[0][0] < first:
                heapq.heappush(free, heapq.heappop(leaving)[1])
            if not free:
                raise Unsupported("too many rows at once")
            place = heapq.heappop(free)
            heapq.heappush(leaving, (last, place))
            places[b] = place
            keep[first + 1 : last + 1, place // 64] |= one << np.uint64(place % 64)
        words = np.zeros((len(self.order), WORDS), dtype=np.uint64)
        for columns, b in self.takes:
            words[columns, places[b] // 64] |= one << np.uint64(places[b] % 64)
        needs, gives = np.zeros_like(words), np.zeros_like(words)
        for needing, giving, b in self.permits:
            for table, columns in ((needs, needing), (gives, giving)):
                table[columns, places[b] // 64] |= one << np.uint64(places[b] % 64)
        gates = np.zeros((self.rows.n_gates, WORDS), dtype=np.uint64)
        for g, b in self.gate_bit.items():
            gates[g, places[b] // 64] = one << np.uint64(places[b] % 64)
        return words, keep, gates, needs, gives

    def _raises(self, items: int, pick: Callable[[_Counter], tuple[IntArray, IntArray]]) -> Lists:
        parts = [pick(c) for c in self.counters]
        item = np.concatenate([p[0] for p in parts]) if parts else np.zeros(0, dtype=np.int64)
        counter = np.repeat(np.arange(len(parts)), [len(p[0]) for p in parts]) if parts else item
        value = np.concatenate([p[1] for p in parts]) if parts else item
        return _lists(item, counter, value, items)

    def _opens(self) -> Lists:
        rows = self.rows
        item, gate = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for k in np.flatnonzero(rows.gate >= 0).tolist():
            columns, _ = self._options(k)
            item.append(columns)
            gate.append(np.full(len(columns), rows.gate[k], dtype=np.int64))
        g = np.concatenate(gate)
        return _lists(np.concatenate(item), g, g, len(self.order))

    def _closing(self) -> Closing:
        table = np.array(
            [(self._last(c) + 1, c.lo, c.hi, c.under, c.over, c.step, c.most) for c in self.counters], dtype=np.int64
        ).reshape(-1, 7)
        return Closing(*np.ascontiguousarray(table.T))

    def _last(self, counter: _Counter) -> int:
        """Last stage at which a counter can change."""
        stages = [int(self.stage_of[counter.options[0]].max())] if len(counter.options[0]) else [-1]
        stages += [self.spans[self.gate_bit[g]][1] for g in counter.gates[0].tolist() if g in self.gate_bit]
        return max(stages)

    def _limits(self) -> Limits:
        shape = (self.stages + 1, len(self.counters))
        least, most = np.full(shape, -WIDE), np.full(shape, WIDE)
        floor, ceiling = np.full(shape, -WIDE), np.full(shape, WIDE)
        for c, counter in enumerate(self.counters):
            more, less = self._future(counter)
            below, above = counter.lo > -FREE, counter.hi < FREE
            if above and counter.over < 0:
                ceiling[:, c] = counter.hi - less
            if below and counter.under < 0:
                floor[:, c] = counter.lo - more
            if above and not below:
                least[:, c] = counter.hi - more
            if below and not above:
                most[:, c] = counter.lo - less
            closed = self._last(counter) + 1
            least[closed:, c] = most[closed:, c] = 0
            floor[closed:, c], ceiling[closed:, c] = -WIDE, WIDE
        return Limits(*(a.astype(np.int64) for a in (least, most, floor, ceiling)))

    def _future(self, counter: _Counter) -> tuple[IntArray, IntArray]:
        """Most and least that a counter can still be raised by from each stage on; of a single rotation one option counts."""
        more, less = (np.zeros(self.stages + 1, dtype=np.int64) for _ in range(2))
        columns, values = counter.options
        alone = self.single[columns]
        single = [alone & (self.demand[columns] == d) for d in np.unique(self.demand[columns[alone]])]
        for part, value in ((columns[mine], values[mine]) for mine in single):
            for total, extreme, at in ((more, np.maximum, np.maximum(value, 0)), (less, np.minimum, np.minimum(value, 0))):
                by_stage = np.zeros(self.stages + 1, dtype=np.int64)
                extreme.at(by_stage, self.stage_of[part], at)
                total += extreme.accumulate(by_stage[::-1])[::-1]
        rest, value = columns[~alone], values[~alone]
        for total, at in ((more, np.maximum(value, 0)), (less, np.minimum(value, 0))):
            by_stage = np.zeros(self.stages + 1, dtype=np.int64)
            np.add.at(by_stage, self.stage_of[rest], at)
            total += np.cumsum(by_stage[::-1])[::-1]
        for g, v in zip(*(a.tolist() for a in counter.gates), strict=True):
            if g in self.gate_bit:
                (more if v > 0 else less)[: self.spans[self.gate_bit[g]][1] + 1] += v
        return more, less

    def _walks(self) -> tuple[Steps, Steps, Turns]:
        n = len(self.order)
        found: list[Steps] = []
        coarse = np.full(n, -1, dtype=np.int64)
        turning: dict[int, tuple[int, int]] = {}
        for form in (True, False):
            walk, first, last = (np.full(n, -1, dtype=np.int64) for _ in range(3))
            table: list[tuple[int, int, int, int, int]] = []
            for rule, w in self.family.walks:
                if isinstance(w.form, Switch) != form:
                    continue
                columns = self.place[w.chain]
                if (walk[columns] >= 0).any():
                    turning[self._turning(rule, w, columns, walk, first, turning)] = rule, w.each
                    assert isinstance(w.form, Switch)
                    coarse[columns] = w.form.key
                    continue
                walk[columns] = len(table)
                if isinstance(w.form, Switch):
                    first[columns] = last[columns] = w.form.key
                else:
                    first[columns], last[columns] = w.form.first, w.form.last
                until = int(self.stage_of[columns].max()) if len(columns) else -1
                table.append((w.form.begin(), rule, w.party, w.each, until))
            head = np.array(table, dtype=np.int64).reshape(-1, 5)
            found.append(Steps(walk, first, last, *np.ascontiguousarray(head.T)))
        none = (-1, 0)
        pairs = np.array([turning.get(k, none) for k in range(len(found[0].begin))], dtype=np.int64).reshape(-1, 2)
        return found[0], found[1], Turns(pairs[:, 0].copy(), pairs[:, 1].copy(), coarse)

    def _turning(
        self, rule: int, walk: Walk, columns: IntArray, taken: IntArray, first: IntArray, turning: Mapping[int, object]
    ) -> int:
        """The switch that a second one over the same options follows, if its key follows from the first one's."""
        name = self.book.rules[rule].id
        k = int(taken[columns].max())
        measured = {m for block in self.book.shared.measures for m in block.rules}
        if not isinstance(walk.form, Switch) or k in turning or name in measured:
            raise Unsupported(name)
        if not np.array_equal(np.sort(columns), np.flatnonzero(taken == k)):
            raise Unsupported(name)
        pairs = np.unique(np.column_stack([first[columns], walk.form.key]), axis=0)
        if len(np.unique(pairs[:, 0])) < len(pairs):
            raise Unsupported(name)
        return k


class _Counter(NamedTuple):
    lo: int
    hi: int
    under: int
    over: int
    step: int
    most: int
    options: tuple[IntArray, IntArray]
    gates: tuple[IntArray, IntArray]


def _priced(price: int, weight: int) -> int:
    """A price with the rule's weight; −1 stays "not to be had"."""
    return price * weight if price > 0 else price


def _lists(item: IntArray, counter: IntArray, value: IntArray, items: int) -> Lists:
    order = np.argsort(item, kind="stable")
    start = np.searchsorted(item[order], np.arange(items + 1))
    return Lists(start.astype(np.int64), counter[order].astype(np.int64), value[order].astype(np.int64))
