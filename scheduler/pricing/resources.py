"""A family's statements as resources that a path through its options uses up, in arrays for compiled label-setting.

Options are taken in order of their first day; options with the same first day form a *stage*. A row is a resource that enters the
state at the stage of its first option and leaves it after the stage of its last one. Rows "at most one" are *bits*, packed into
words that rows use one after another; other rows are *counters*, with a price that is paid when they leave. An open gate is a
bit, too; what a gate adds to rows is added by the option that opens it. Walks keep one number each.

What a row may still come to is known at every stage: counters are clipped to what can still matter, so that paths
which nothing can tell apart any more have the same state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.offers.days import BoolArray, IntArray

#: Words of 64 bits in a state.
WORDS = 4
#: Stands for "no limit" in counters.
WIDE = 1 << 40

Words = NDArray[np.uint64]


class Unsupported(Exception):
    """A statement that label-setting cannot follow; the message names the rule."""


class Lists(NamedTuple):
    """Lists of (counter, value), one list an item: those of item i are entries `start[i]` to `start[i + 1] - 1`."""

    start: IntArray
    counter: IntArray
    value: IntArray


class Closing(NamedTuple):
    """What counters cost when they leave the state at the beginning of stage `at` (equal lengths).

    Below `lo` each started `step` costs `under`, above `hi` `over`; −1: not to be had. At most `most` steps can be bought.
    """

    at: IntArray
    lo: IntArray
    hi: IntArray
    under: IntArray
    over: IntArray
    step: IntArray
    most: IntArray


class Limits(NamedTuple):
    """By stage and counter: values are raised to `least` and lowered to `most`; below `floor` or above `ceiling` all is lost."""

    least: IntArray
    most: IntArray
    floor: IntArray
    ceiling: IntArray


class Steps(NamedTuple):
    """The walks of one form: walk of each option (−1: none), what its step reads, and of each walk start, rule and last stage."""

    walk: IntArray
    first: IntArray
    last: IntArray
    begin: IntArray
    rule: IntArray
    party: IntArray
    each: IntArray
    until: IntArray


class Turns(NamedTuple):
    """What changes besides with some of the changes of a switch: by switch walk the rule (−1: none) and its price for each.

    `coarse` is, by option, what changes with it: a function of the walk's key (the town, where the key is the site).
    """

    rule: IntArray
    each: IntArray
    coarse: IntArray


@dataclass(frozen=True, eq=False)
class Resources:
    """A family's statements, ready for label-setting.

    Attributes
    ----------
    order
        Positions of the options in the family's table, by first day. All else is in this order.
    stage
        First option of each stage; the last entry is the number of options.
    start, end, demand, party
        Columns of the options.
    cost
        By rule index, what each option costs in the rule's unit.
    linear
        Weighted cost that rows put on options (what is not missing any more), by option.
    constant
        Weighted cost of taking nothing, as far as no counter says it.
    bits, keep
        Bits that an option needs free and takes (options × words); those that survive until each stage (stages + 1 × words).
    needs, gives
        Bits that an option needs set, and those it sets (options × words): what comes before.
    raises
        Counters that options raise.
    opens, gate_bits, gate_raises
        Gates that options open (values unused), the bit of each gate, counters that gates raise.
    closing, limits
        Prices and limits of counters.
    switch, span
        Walks.
    turns
        Second switches that follow from the first.
    units
        Options of each row "at most one".
    permits
        Options that need another one before them (at most one of them is taken), and those that they may need.
    """

    order: IntArray
    stage: IntArray
    start: IntArray
    end: IntArray
    demand: IntArray
    single: BoolArray
    party: IntArray
    cost: tuple[tuple[int, IntArray], ...]
    linear: IntArray
    constant: int
    bits: Words
    keep: Words
    needs: Words
    gives: Words
    raises: Lists
    opens: Lists
    gate_bits: Words
    gate_raises: Lists
    closing: Closing
    limits: Limits
    switch: Steps
    span: Steps
    turns: Turns
    units: tuple[IntArray, ...]
    permits: tuple[tuple[IntArray, IntArray], ...]

    @property
    def stages(self) -> int:
        return len(self.stage) - 1
