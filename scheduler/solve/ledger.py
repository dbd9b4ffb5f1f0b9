"""What a schedule by blocks amounts to at one level, compiled: loads of the joint rows and what they cost, while blocks swap.

The meaning is that of `scheduler.model.standing`; only what a swap touches is counted again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit

from scheduler.model import Book, FamilyBook
from scheduler.model.evaluate import Evaluation, evaluate_family, row_load
from scheduler.model.linear import Linear
from scheduler.model.standing import Shared, wrong_units
from scheduler.offers.days import IntArray
from scheduler.rules.statements import FREE

NONE = np.zeros(0, dtype=np.int64)
#: So many choices of each block are remembered, in the mean.
REMEMBERED = 256


class Frame(NamedTuple):
    """The joint rows, with prices multiplied by the weights of the level (−1: not to be had).

    `need` is `lo`, but at least 1 where a gate governs. Row k's variable is `var[k]` (−1: none) with coefficient `factor[k]`.
    Lists: rows that count each gate, and how much; rows that each gate governs; rows that use each variable.
    """

    lo: IntArray
    need: IntArray
    hi: IntArray
    under: IntArray
    over: IntArray
    gate: IntArray
    counting_start: IntArray
    counting: IntArray
    counting_value: IntArray
    governed_start: IntArray
    governed: IntArray
    var: IntArray
    factor: IntArray
    using_start: IntArray
    using: IntArray
    var_lo: IntArray
    var_price: IntArray


class State(NamedTuple):
    """What the rows come to: by row Σ of options, Σ of measures and gates, hard units wrong and cost; by gate rows in use.

    `total` is (hard units wrong, cost). The others are for `swap` alone: when each was last touched, and what it was before.
    """

    load: IntArray
    extra: IntArray
    wrong: IntArray
    paid: IntArray
    open_rows: IntArray
    value: IntArray
    total: IntArray
    clock: IntArray
    row_seen: IntArray
    row_used: IntArray
    gate_seen: IntArray
    gate_used: IntArray
    var_seen: IntArray
    dirty: IntArray
    gates: IntArray


class Choice(NamedTuple):
    """What a block chooses: options (ascending), what they add to joint rows, what their costs add, cost and hard units wrong."""

    options: IntArray
    row: IntArray
    load: IntArray
    measured_row: IntArray
    measured: IntArray
    cost: int
    wrong: int
    rows: list[int]


class Ledger:
    """The choice of every block, and what it costs at a level.

    Attributes
    ----------
    chosen
        The choice of each block.
    cost_of
        By block: weighted cost of what is its own.
    holders
        By joint row: blocks that have a part in it.
    """

    def __init__(self, book: Book, blocks: Sequence[FamilyBook], joint: Linear, level: int) -> None:
        self.book, self.blocks, self.rows = book.with_shared(joint), blocks, joint
        self.shared = Shared(self.book)
        self.weight = np.where(book.level == level, book.weight, 0)
        self.frame = frame_of(self.shared, self.weight)
        self.state = _state_of(self.frame)
        self.holders: list[set[int]] = [set() for _ in range(len(joint))]
        self._known: dict[tuple[int, bytes], Choice] = {}
        self._plain = [self._is_plain(block) for block in blocks]
        self._measuring = [self._measures_of(block) for block in blocks]
        self.chosen = [self.choice(b, NONE) for b in range(len(blocks))]
        self.cost_of = np.array([c.cost for c in self.chosen], dtype=np.int64)
        self._own = int(self.cost_of.sum())
        self._wrong = sum(c.wrong for c in self.chosen)
        every = np.arange(len(joint))
        swap(self.frame, self.state, every, 0 * every, NONE, NONE, NONE, NONE, NONE, NONE)
        for c in self.chosen:
            swap(self.frame, self.state, NONE, NONE, NONE, NONE, NONE, NONE, c.measured_row, c.measured)

    def _is_plain(self, block: FamilyBook) -> bool:
        """Whether a block has one party, and no rows of its own whose cost is measured."""
        measured = [rule for rules, _ in self.shared.measures for rule in rules]
        own = np.concatenate([block.rows.rule, block.rows.var_rule])
        return len(block.family.parties) == 1 and not np.isin(own, measured).any()

    def _measures_of(self, block: FamilyBook) -> tuple[IntArray, IntArray, IntArray]:
        """Rows that measure what a block costs, with what factor, and by which block of measures."""
        found = [matrix.row(p) for _, matrix in self.shared.measures for p in block.family.parties]
        which = np.repeat(np.repeat(np.arange(len(self.shared.measures)), len(block.family.parties)), [len(r) for r, _ in found])
        rows, values = (np.concatenate([NONE, *part]).astype(np.int64) for part in ([r for r, _ in found], [v for _, v in found]))
        return rows, values, which.astype(np.int64)

    @property
    def cost(self) -> int:
        """Weighted cost at the level."""
        return self._own + int(self.state.total[1])

    @property
    def broken(self) -> int:
        """Hard units wrong; 0 for a valid schedule."""
        return self._wrong + int(self.state.total[0])

    def choice(self, b: int, options: IntArray, priced: tuple[int, IntArray] | None = None) -> Choice:
        """What some options of a block (ascending) amount to.

        `priced` says what valid options cost by themselves, and what rules that are measured cost, by block of measures, as far
        as that is known already.
        """
        key = (b, options.tobytes())
        known = self._known.get(key)
        if known is not None:
            return known
        if len(self._known) >= REMEMBERED * max(len(self.blocks), 1):
            self._known.clear()
        family = self.blocks[b]
        wrong = 0
        if priced is None or not self._plain[b]:
            found = Evaluation()
            evaluate_family(self.book, family, options, found)
            measured_row, measured = self.shared.measured(family.family.parties, found.by_party)
            cost = int(sum(int(self.weight[rule]) * amount for rule, amount in found.penalty.items()))
            if found.broken:
                wrong = int(wrong_units(family.rows, row_load(family.rows, options, len(family.options))).sum())
        else:
            cost, by_block = priced
            measured_row, measured = self._measuring[b][0], self._measuring[b][1] * by_block[self._measuring[b][2]]
        _, row, value = family.shared.gather(options)
        row, load = _summed(row, value)
        choice = Choice(options, row, load, measured_row, measured, cost, wrong, row.tolist())
        self._known[key] = choice
        return choice

    def take(self, b: int, new: Choice) -> None:
        """Let a block have another choice."""
        old = self.chosen[b]
        swap(
            self.frame, self.state, old.row, old.load, old.measured_row, old.measured,
            new.row, new.load, new.measured_row, new.measured,
        )  # fmt: skip
        for k in old.rows:
            self.holders[k].discard(b)
        for k in new.rows:
            self.holders[k].add(b)
        self.chosen[b] = new
        self._own += new.cost - old.cost
        self._wrong += new.wrong - old.wrong
        self.cost_of[b] = new.cost


def frame_of(shared: Shared, weight: IntArray) -> Frame:
    """The joint rows in arrays; `weight` by rule is that of the level, 0 for others."""
    rows = shared.rows
    price = weight[rows.rule]
    var = np.full(len(rows), -1, dtype=np.int64)
    factor = np.zeros(len(rows), dtype=np.int64)
    at = rows.vars.row_of_entry
    var[at], factor[at] = rows.vars.column, rows.vars.value
    return Frame(
        lo=rows.lo.astype(np.int64),
        need=np.where(rows.gate >= 0, np.maximum(rows.lo, 1), rows.lo),
        hi=rows.hi.astype(np.int64),
        under=np.where(rows.under >= 0, rows.under * price, -1),
        over=np.where(rows.over >= 0, rows.over * price, -1),
        gate=rows.gate.astype(np.int64),
        counting_start=shared.counting.start,
        counting=shared.counting.column,
        counting_value=shared.counting.value,
        governed_start=shared.governed_by.start,
        governed=shared.governed_by.column,
        var=var,
        factor=factor,
        using_start=shared.using.start,
        using=shared.using.column,
        var_lo=rows.var_lo.astype(np.int64),
        var_price=(rows.var_cost * weight[rows.var_rule]).astype(np.int64),
    )


def _state_of(frame: Frame) -> State:
    n, gates, variables = len(frame.lo), len(frame.governed_start) - 1, len(frame.var_lo)

    def zeros(count: int) -> IntArray:
        return np.zeros(count, dtype=np.int64)

    total = zeros(2)
    total[1] = int((frame.var_lo * frame.var_price).sum())
    return State(
        load=zeros(n), extra=zeros(n), wrong=zeros(n), paid=zeros(n), open_rows=zeros(gates), value=frame.var_lo.copy(),
        total=total, clock=zeros(1), row_seen=zeros(n), row_used=zeros(n), gate_seen=zeros(gates), gate_used=zeros(gates),
        var_seen=zeros(variables), dirty=zeros(n), gates=zeros(gates),
    )  # fmt: skip


def _summed(row: IntArray, value: IntArray) -> tuple[IntArray, IntArray]:
    rows, where = np.unique(row, return_inverse=True)
    total = np.zeros(len(rows), dtype=np.int64)
    np.add.at(total, where.ravel(), value)
    return rows, total


@njit(cache=True, nogil=True)
def swap(  # type: ignore[no-untyped-def]  # compiled
    frame, state, row_out, load_out, measured_row_out, measured_out, row_in, load_in, measured_row_in, measured_in
):
    """Take some loads and measures off rows and put others on; everything that follows from it is kept up to date."""
    state.clock[0] += 1
    clock = state.clock[0]
    dirty = 0
    for k in row_out:
        dirty = _touch(state, clock, k, dirty)
    for k in row_in:
        dirty = _touch(state, clock, k, dirty)
    by_options = dirty
    for k in measured_row_out:
        dirty = _touch(state, clock, k, dirty)
    for k in measured_row_in:
        dirty = _touch(state, clock, k, dirty)
    for e in range(len(row_out)):
        state.load[row_out[e]] -= load_out[e]
    for e in range(len(row_in)):
        state.load[row_in[e]] += load_in[e]
    for e in range(len(measured_row_out)):
        state.extra[measured_row_out[e]] -= measured_out[e]
    for e in range(len(measured_row_in)):
        state.extra[measured_row_in[e]] += measured_in[e]
    # -- gates that open or close
    turned = 0
    for i in range(by_options):
        k = state.dirty[i]
        g = frame.gate[k]
        used = 1 if state.load[k] > 0 else 0
        if g >= 0 and used != state.row_used[k]:
            if state.gate_seen[g] != clock:
                state.gate_seen[g] = clock
                state.gate_used[g] = 1 if state.open_rows[g] > 0 else 0
                state.gates[turned] = g
                turned += 1
            state.open_rows[g] += used - state.row_used[k]
    for i in range(turned):
        g = state.gates[i]
        step = (1 if state.open_rows[g] > 0 else 0) - state.gate_used[g]
        if step == 0:
            continue
        for e in range(frame.counting_start[g], frame.counting_start[g + 1]):
            state.extra[frame.counting[e]] += step * frame.counting_value[e]
            dirty = _touch(state, clock, frame.counting[e], dirty)
        for e in range(frame.governed_start[g], frame.governed_start[g + 1]):
            dirty = _touch(state, clock, frame.governed[e], dirty)
    # -- variables at the least that their rows allow; a row has one at most
    for i in range(dirty):
        v = frame.var[state.dirty[i]]
        if v < 0 or state.var_seen[v] == clock:
            continue
        state.var_seen[v] = clock
        least = frame.var_lo[v]
        for e in range(frame.using_start[v], frame.using_start[v + 1]):
            k = frame.using[e]
            amount, factor = state.load[k] + state.extra[k], frame.factor[k]
            if factor > 0 and frame.lo[k] > -FREE:
                least = max(least, -((amount - frame.lo[k]) // factor))
            elif factor < 0 and frame.hi[k] < FREE:
                least = max(least, -((frame.hi[k] - amount) // -factor))
        if least != state.value[v]:
            state.total[1] += (least - state.value[v]) * frame.var_price[v]
            state.value[v] = least
            for e in range(frame.using_start[v], frame.using_start[v + 1]):
                dirty = _touch(state, clock, frame.using[e], dirty)
    # -- prices
    for i in range(dirty):
        k = state.dirty[i]
        amount = total_of(frame, state, k)
        g = frame.gate[k]
        free = g < 0 or state.open_rows[g] > 0
        short = max((frame.need[k] if free else 0) - amount, 0)
        excess = max(amount - (frame.hi[k] if free else 0), 0)
        wrong, paid = 0, 0
        if frame.under[k] < 0:
            wrong += short
        else:
            paid += short * frame.under[k]
        if frame.over[k] < 0:
            wrong += excess
        else:
            paid += excess * frame.over[k]
        state.total[0] += wrong - state.wrong[k]
        state.total[1] += paid - state.paid[k]
        state.wrong[k] = wrong
        state.paid[k] = paid


@njit(cache=True, nogil=True)
def _touch(state, clock, k, dirty):  # type: ignore[no-untyped-def]  # compiled
    if state.row_seen[k] != clock:
        state.row_seen[k] = clock
        state.row_used[k] = 1 if state.load[k] > 0 else 0
        state.dirty[dirty] = k
        return dirty + 1
    return dirty


@njit(cache=True, nogil=True)
def total_of(frame, state, k):  # type: ignore[no-untyped-def]  # compiled
    """What a row comes to, with its variable."""
    total = state.load[k] + state.extra[k]
    if frame.var[k] >= 0:
        total += frame.factor[k] * state.value[frame.var[k]]
    return total


@njit(cache=True, nogil=True)
def exceeded(frame, state, rows):  # type: ignore[no-untyped-def]  # compiled
    """Of some rows, and of those that count their gates, the ones that hold too much."""
    state.clock[0] += 1
    clock, found = state.clock[0], 0
    for k in rows:
        found = _exceeded(frame, state, clock, k, found)
        g = frame.gate[k]
        if g >= 0:
            for e in range(frame.counting_start[g], frame.counting_start[g + 1]):
                found = _exceeded(frame, state, clock, frame.counting[e], found)
    return state.dirty[:found].copy()


@njit(cache=True, nogil=True)
def _exceeded(frame, state, clock, k, found):  # type: ignore[no-untyped-def]  # compiled
    if state.row_seen[k] != clock:
        state.row_seen[k] = clock
        if state.wrong[k] > 0 and state.load[k] + state.extra[k] > frame.hi[k]:
            state.dirty[found] = k
            return found + 1
    return found


@njit(cache=True, nogil=True)
def lacking(frame, state, rows):  # type: ignore[no-untyped-def]  # compiled
    """Of some rows, and of those under the same gates, the ones where somebody is missing."""
    state.clock[0] += 1
    clock, found = state.clock[0], 0
    for k in rows:
        found = _lacking(frame, state, clock, k, found)
        g = frame.gate[k]
        if g >= 0:
            for e in range(frame.governed_start[g], frame.governed_start[g + 1]):
                found = _lacking(frame, state, clock, frame.governed[e], found)
    return state.dirty[:found].copy()


@njit(cache=True, nogil=True)
def _lacking(frame, state, clock, k, found):  # type: ignore[no-untyped-def]  # compiled
    if state.row_seen[k] != clock:
        state.row_seen[k] = clock
        if state.wrong[k] > 0 and state.load[k] < frame.need[k]:
            state.dirty[found] = k
            return found + 1
    return found
