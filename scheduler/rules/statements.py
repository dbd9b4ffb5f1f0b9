"""What a rule can say. Statements are plain arrays of integers: no rule sees a solver, and no solver sees a rule.

* **Unary** statements speak about single options: `Drop` (not to be had, and why) and `Cost`.
* `Rows` are linear: lo ≤ Σ options + Σ gates + Σ variables + Σ measures ≤ hi, with optional prices for
  what is missing or too much.
* `Gates` are switches: a row governed by gate g has total 0 and g = 0, or max(1, lo) ≤ total ≤ hi and g = 1.
* `Vars` are shared bounded integers with a cost.
* A `Walk` prices one party's sequence over options that exclude each other: `Switch` and `Span`.

A row whose options all belong to one party is owned by it, any other is shared: scope follows from what a row contains.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scheduler.offers.days import BoolArray, IntArray

#: Stands for "no limit" on either side of a row.
FREE = 1 << 40

Namer = Callable[[int], str]
Count = Literal["students", "parties", "groups"]


Integers = Sequence[int] | NDArray[np.generic]


def integers(values: Integers) -> IntArray:
    """A sequence as an array of integers."""
    return np.asarray(values, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Drop:
    """Options that cannot be had: `where` is a mask over the subject's options, `because` a short reason for people."""

    where: BoolArray
    because: str


@dataclass(frozen=True, eq=False)
class Cost:
    """What each of the subject's options costs (negative: wins), in the rule's own unit."""

    value: IntArray


@dataclass(frozen=True, eq=False)
class Terms:
    """A sparse matrix by coordinates: row, column, coefficient (equal lengths)."""

    row: IntArray
    column: IntArray
    value: IntArray

    @classmethod
    def of(cls, row: Integers, column: Integers, value: Integers | int = 1) -> Terms:
        """Terms from anything like arrays; a single value holds for all."""
        rows, columns = integers(row), integers(column)
        values = np.full(len(rows), value, dtype=np.int64) if isinstance(value, int) else integers(value)
        return cls(rows, columns, values)

    def as_lists(self) -> tuple[list[int], list[int], list[int]]:
        """Rows, columns and values as lists."""
        return self.row.tolist(), self.column.tolist(), self.value.tolist()


@dataclass(frozen=True, eq=False)
class Gates:
    """`count` switches that rows refer to."""

    count: int


@dataclass(frozen=True, eq=False)
class Vars:
    """Integers from `lo` to `hi`; each unit costs `cost`, in the rule's own unit (equal lengths)."""

    lo: IntArray
    hi: IntArray
    cost: IntArray


@dataclass(frozen=True, eq=False)
class Measures:
    """Terms over (party, rules): coefficient × what the listed rules cost the party, weights included."""

    rules: tuple[str, ...]
    terms: Terms


@dataclass(frozen=True, eq=False)
class Audience:
    """Row k is only about the parties p with `of_party[p] == of_row[k]`, and each counts `times[p]` (None: 1) times in it.

    Where options are of several kinds, a party counts `times[p, kind[o]]` times with option o of the menu.
    """

    of_row: IntArray
    of_party: IntArray
    times: IntArray | None = None
    kind: IntArray | None = None

    def counted(self, party: IntArray, option: IntArray) -> IntArray | int:
        """How often parties count with options of the menu."""
        if self.times is None:
            return 1
        return self.times[party] if self.kind is None else self.times[party, self.kind[option]]


@dataclass(frozen=True, eq=False)
class Rows:
    """A block of linear rows.

    Attributes
    ----------
    lo, hi
        Limits; ±`FREE` for none.
    options
        Terms over the subject's options (a family's, or the menu's).
    count
        What an option's coefficient is multiplied with: the party's students, 1 a party, or 1 a group.
    gates, governed, gate_terms
        The switches referred to; the gate that governs each row (−1: none); terms over gates.
    vars, var_terms
        The variables referred to and terms over them.
    measures
        Terms over what rules cost parties.
    audience
        Which parties each row is about, where it is not about all.
    under, over
        Price of each unit below lo or above hi, in the rule's own unit; −1: not to be had. None: −1 everywhere.
    firm
        Whether the block brings its own price, so that a soft rule does not add another.
    name
        What row k limits, for people.
    """

    lo: IntArray
    hi: IntArray
    options: Terms
    count: Count = "parties"
    gates: Gates | None = None
    governed: IntArray | None = None
    gate_terms: Terms | None = None
    vars: Vars | None = None
    var_terms: Terms | None = None
    measures: Measures | None = None
    audience: Audience | None = None
    under: IntArray | None = None
    over: IntArray | None = None
    firm: bool = False
    name: Namer = str

    def __len__(self) -> int:
        return len(self.lo)


def at_least(lo: Integers, options: Terms, *, name: Namer = str, count: Count = "parties") -> Rows:
    """Rows Σ ≥ lo."""
    low = integers(lo)
    return Rows(low, np.full(len(low), FREE, dtype=np.int64), options, count, name=name)


def at_most(hi: Integers, options: Terms, *, name: Namer = str, count: Count = "parties") -> Rows:
    """Rows Σ ≤ hi."""
    high = integers(hi)
    return Rows(np.full(len(high), -FREE, dtype=np.int64), high, options, count, name=name)


def between(lo: Integers, hi: Integers, options: Terms, *, under: Integers | None = None, name: Namer = str) -> Rows:
    """Rows lo ≤ Σ ≤ hi, optionally at a price for each unit missing."""
    price = None if under is None else integers(under)
    return Rows(integers(lo), integers(hi), options, under=price, name=name)


def at_most_kinds(hi: Integers, options: Terms, limit_of: Integers, *, name: Namer = str) -> Rows:
    """Of the kinds k with `limit_of[k] == i` at most `hi[i]` are used: those of whose row of `options` anything is chosen."""
    most, limits = integers(hi), integers(limit_of)
    n, m = len(limits), len(most)
    return Rows(
        np.concatenate([np.ones(n, dtype=np.int64), np.full(m, -FREE, dtype=np.int64)]),
        np.concatenate([np.full(n, FREE, dtype=np.int64), most]),
        options,
        gates=Gates(n),
        governed=np.concatenate([np.arange(n), np.full(m, -1, dtype=np.int64)]),
        gate_terms=Terms.of(limits + n, np.arange(n)),
        name=name,
    )


@dataclass(frozen=True, eq=False)
class Switch:
    """Counts how often `key` changes from one chosen option of the chain to the next by date."""

    key: IntArray

    def changed(self, change: Callable[[IntArray], IntArray]) -> Switch:
        """The same with every array over the chain changed in one way."""
        return Switch(change(self.key))

    def begin(self) -> int:
        """State before the first option."""
        return -1

    def step(self, state: int, option: int) -> tuple[int, int]:
        """State after the chain's option `option`, and what the step to it costs."""
        key = int(self.key[option])
        return key, int(state not in (-1, key))


@dataclass(frozen=True, eq=False)
class Span:
    """Counts the weeks that no chosen option touches, from week `origin` to the last chosen option."""

    first: IntArray
    last: IntArray
    origin: int

    def changed(self, change: Callable[[IntArray], IntArray]) -> Span:
        """The same with every array over the chain changed in one way."""
        return Span(change(self.first), change(self.last), self.origin)

    def begin(self) -> int:
        """State before the first option: the last week accounted for."""
        return self.origin - 1

    def step(self, state: int, option: int) -> tuple[int, int]:
        """State after the chain's option `option`, and what the step to it costs."""
        waited = max(0, int(self.first[option]) - state - 1)
        return max(state, int(self.last[option])), waited


@dataclass(frozen=True, eq=False)
class Walk:
    """A price on one party's sequence over a chain of options, no two of which share a date.

    Attributes
    ----------
    party
        Whose sequence.
    chain
        Positions of the options among the subject's; `form` uses positions in the chain.
    each
        Price of each change or week, in the rule's own unit; at least 1.
    start, end
        First and last day of each option of the chain.
    """

    party: int
    chain: IntArray
    form: Switch | Span
    each: int
    start: IntArray
    end: IntArray

    def changed(self, change: Callable[[IntArray], IntArray]) -> Walk:
        """The same with every array over the chain changed in one way."""
        form = self.form.changed(change)
        return Walk(self.party, change(self.chain), form, self.each, change(self.start), change(self.end))

    def renumbered(self, number: IntArray) -> Walk:
        """The same where option k of the subject is option `number[k]`, −1 if it is none any more."""
        stay = number[self.chain] >= 0
        kept = self.changed(lambda values: values[stay])
        return replace(kept, chain=number[kept.chain])


Unary = Drop | Cost
Statement = Drop | Cost | Rows | Walk
