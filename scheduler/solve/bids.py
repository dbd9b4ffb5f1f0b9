"""What each option of a block costs against what the other blocks hold, compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from scheduler.model import FamilyBook
from scheduler.model.standing import Shared
from scheduler.offers.days import IntArray
from scheduler.pricing.quick import Quick

#: What makes something impossible to have.
NEVER_HAD = 1 << 30


class Bidder(NamedTuple):
    """The part that a block's options have in the joint rows; options are in the order of its pricing.

    Attributes
    ----------
    row, largest
        Joint rows that the options are in, and the most that one of them adds to each.
    start, at, value
        By option: which of these rows it is in, and what it adds.
    base
        What options cost by themselves.
    opener, counting, gate_start, gate, gate_value
        Options that open gates, the row that counts those, and which gates and how much they count there. An option that opens
        several gates of one row is judged by all of them together.
    """

    row: IntArray
    largest: IntArray
    start: IntArray
    at: IntArray
    value: IntArray
    base: IntArray
    opener: IntArray
    counting: IntArray
    gate_start: IntArray
    gate: IntArray
    gate_value: IntArray


def bidder_of(shared: Shared, book: FamilyBook, quick: Quick) -> Bidder:
    """The part of a block."""
    matrix = book.shared.take(quick.order)
    row, at = np.unique(matrix.column, return_inverse=True)
    at = at.ravel().astype(np.int64)
    largest = np.ones(len(row), dtype=np.int64)
    np.maximum.at(largest, at, matrix.value)
    through = np.flatnonzero(shared.rows.gate[matrix.column] >= 0)
    which, counting, value = shared.counting.gather(shared.rows.gate[matrix.column[through]])
    gate = shared.rows.gate[matrix.column[through]][which]
    option = matrix.row_of_entry[through[which]]
    # several rows of an option may share a gate
    order = np.lexsort((gate, counting, option))
    option, counting, gate, value = option[order], counting[order], gate[order], value[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(option) != 0) | (np.diff(counting) != 0) | (np.diff(gate) != 0)
    option, counting, gate, value = option[first], counting[first], gate[first], value[first]
    pair = np.ones(len(option), dtype=bool)
    pair[1:] = (np.diff(option) != 0) | (np.diff(counting) != 0)
    gate_start = np.append(np.flatnonzero(pair), len(option)).astype(np.int64)
    return Bidder(
        row.astype(np.int64),
        largest,
        matrix.start,
        at,
        matrix.value,
        quick.base,
        option[pair],
        counting[pair],
        gate_start,
        gate,
        value,
    )


@njit(cache=True, nogil=True)
def bid(frame, state, bidder, fine, wrong_price, noise, seed):  # type: ignore[no-untyped-def]  # compiled
    """What each option costs: what is full costs a fine, or what an excess costs; what lacks somebody wins something.

    Fines below `NEVER_HAD` differ from row to row, by a factor of up to 2, and every option costs up to `noise` more.
    """
    n = len(bidder.row)
    dice = np.uint64(seed)
    chosen_fine = fine
    price = np.zeros(n, dtype=np.int64)
    for i in range(n):
        k, largest = bidder.row[i], bidder.largest[i]
        amount, v = state.load[k] + state.extra[k], frame.var[k]
        soft = frame.over[k]
        if v >= 0:
            amount += frame.factor[k] * state.value[v]
            if soft < 0 and frame.factor[k] < 0:
                soft = frame.var_price[v] // -frame.factor[k]
        if amount + largest > frame.hi[k]:
            if fine < NEVER_HAD:
                dice = _next(dice)
                chosen_fine = fine // 2 + _below(dice, fine)
            price[i] -= chosen_fine if soft < 0 else soft
        g = frame.gate[k]
        if g >= 0 and state.open_rows[g] == 0:
            # whoever begins alone, here or in the other rows of the gate, is fined
            if frame.need[k] > largest or frame.governed_start[g + 1] - frame.governed_start[g] > 1:
                price[i] -= fine // largest
        elif frame.need[k] > amount:
            price[i] += wrong_price if frame.under[k] < 0 else frame.under[k]
    cost = bidder.base.copy()
    for o in range(len(cost)):
        for e in range(bidder.start[o], bidder.start[o + 1]):
            cost[o] -= price[bidder.at[e]] * bidder.value[e]
    for i in range(len(bidder.opener)):
        k = bidder.counting[i]
        added = 0
        for e in range(bidder.gate_start[i], bidder.gate_start[i + 1]):
            if state.open_rows[bidder.gate[e]] == 0:
                added += bidder.gate_value[e]
        excess = state.load[k] + state.extra[k] + added - frame.hi[k]
        if added > 0 and excess > 0:
            cost[bidder.opener[i]] += fine if frame.over[k] < 0 else frame.over[k] * min(excess, added)
    if noise > 0:
        for o in range(len(cost)):
            dice = _next(dice)
            cost[o] += _below(dice, noise)
    return cost


@njit(cache=True, nogil=True)
def _next(dice):  # type: ignore[no-untyped-def]  # compiled
    """The next of a sequence of numbers that look random (xorshift)."""
    dice ^= dice << np.uint64(13)
    dice ^= dice >> np.uint64(7)
    return dice ^ (dice << np.uint64(17))


@njit(cache=True, nogil=True)
def _below(dice, most):  # type: ignore[no-untyped-def]  # compiled
    """A number from 0 to `most`."""
    return np.int64((dice >> np.uint64(33)) % np.uint64(most + 1))


@njit(cache=True, nogil=True)
def drawn(cost, least, able, share, floor):  # type: ignore[no-untyped-def]  # compiled
    """A block of those able: the chance is as the square root of what it costs above its least, plus `floor`."""
    total = 0.0
    for b in able:
        total += np.sqrt(max(cost[b] - least[b], 0)) + floor
    rest = share * total
    for b in able:
        rest -= np.sqrt(max(cost[b] - least[b], 0)) + floor
        if rest <= 0:
            return b
    return able[-1]
