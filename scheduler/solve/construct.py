"""A fast first schedule: one rotation after another, each to its cheapest option that breaks no row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.model.book import Book, FamilyBook
from scheduler.model.linear import Linear, Matrix
from scheduler.offers.days import BoolArray, IntArray
from scheduler.rules.demand import meeting

MAX_ROUNDS = 12
#: So many of the cheapest options are tried first; mostly one of them fits.
CHEAPEST = 12
#: Among options at the same price, a day's later start counts 1, and a switch that has to be opened so much.
OPENING = 30
SAME_PRICE = 1000
#: More than any price: options that a hard lower limit asks for come first.
ASKED = 1 << 50


class System:
    """Rows of one scope and how full they are."""

    def __init__(self, rows: Linear, by_option: Matrix | None = None) -> None:
        self.rows, self.by_option = rows, by_option
        self.load = np.zeros(len(rows), dtype=np.int64)
        self.room = highest(rows)
        self.counting = rows.gates.transposed(rows.n_gates) if rows.n_gates else None
        self.in_use = np.zeros(rows.n_gates, dtype=np.int64)
        self.gated = np.zeros(len(rows), dtype=np.int64)

    def fits(self, options: int, which: IntArray, row: IntArray, value: IntArray) -> BoolArray:
        """Which of some options stay within every upper limit; their entries are given by position, row and value."""
        good = np.ones(options, dtype=bool)
        rows = self.rows
        over = (value > 0) & (self.load[row] + self.gated[row] + value > self.room[row]) & (rows.over[row] < 0)
        good[which[over]] = False
        if self.counting is not None and len(self.counting.column):
            gate = rows.gate[row]
            opens = (gate >= 0) & (value > 0)
            opens[opens] = self.in_use[gate[opens]] == 0
            pair = np.unique(which[opens] * rows.n_gates + gate[opens])
            at, counted, more = self.counting.gather(pair % rows.n_gates)
            place, where = np.unique(pair[at] // rows.n_gates * len(rows) + counted, return_inverse=True)
            added = np.bincount(where.ravel(), weights=more, minlength=len(place)).astype(np.int64)
            k = place % len(rows)
            full = (added > 0) & (rows.over[k] < 0) & (self.load[k] + self.gated[k] + added > self.room[k])
            good[(place // len(rows))[full]] = False
        return good

    def add(self, row: IntArray, value: IntArray) -> None:
        """Add an option's entries (each row once), or take them away."""
        before = self.load[row]
        self.load[row] += value
        if self.counting is not None:
            gate = self.rows.gate[row]
            turned = (gate >= 0) & ((before > 0) != (self.load[row] > 0))
            for g, now in zip(gate[turned].tolist(), (self.load[row] > 0)[turned].tolist(), strict=True):
                self.in_use[g] += 1 if now else -1
                if self.in_use[g] == int(now):
                    counted, more = self.counting.row(g)
                    self.gated[counted] += more if now else -more


@dataclass(frozen=True, eq=False, slots=True)
class Job:
    """One demand of one family: the options that meet it, the cheapest first, and what each contributes to `total`."""

    family: int
    options: IntArray
    price: IntArray
    amount: IntArray
    total: int


class Filling:
    """A schedule under construction."""

    def __init__(self, book: Book, families: Sequence[FamilyBook]) -> None:
        self.book, self.families = book, families
        self.shared = System(book.shared)
        self.own = [System(f.rows, f.rows.options.transposed(len(f.options))) for f in families]
        self.on = [np.zeros(len(f.options), dtype=bool) for f in families]
        self.governed = book.shared.gate >= 0
        self.holders: dict[int, set[tuple[int, int]]] = defaultdict(set)

    def fits(self, f: int, options: IntArray) -> IntArray:
        """Those options that stay within every upper limit if taken now."""
        own = self.own[f]
        assert own.by_option is not None
        options = options[own.fits(len(options), *own.by_option.gather(options))]
        return options[self.shared.fits(len(options), *self.families[f].shared.gather(options))] if len(options) else options

    def openings(self, f: int, options: IntArray) -> IntArray:
        """How many shared rows that run with enough or not at all each option would be the first in."""
        which, row, _ = self.families[f].shared.gather(options)
        first = self.governed[row] & (self.shared.load[row] == 0)
        return np.bincount(which[first], minlength=len(options)).astype(np.int64)

    def take(self, f: int, o: int, sign: int = 1) -> None:
        """Take an option, or give it back."""
        own = self.own[f]
        assert own.by_option is not None
        row, value = own.by_option.row(o)
        own.add(row, sign * value)
        row, value = self.families[f].shared.row(o)
        self.shared.add(row, sign * value)
        self.on[f][o] = sign > 0
        for k in row[self.governed[row]].tolist():
            (self.holders[k].add if sign > 0 else self.holders[k].discard)((f, o))

    def empty_closed(self) -> set[tuple[int, int]]:
        """Give back every option in a governed row that is neither empty nor full enough."""
        rows, load = self.book.shared, self.shared.load
        low = np.flatnonzero(self.governed & (load > 0) & (load < np.maximum(rows.lo, 1)))
        given = {pair for k in low.tolist() for pair in self.holders[k]}
        for f, o in sorted(given):
            self.take(f, o, -1)
        for f in sorted({f for f, _ in given}):
            given |= {(f, o) for o in self._left_alone(f)}
        return given

    def _left_alone(self, f: int) -> Iterator[int]:
        """Give back what only stood because of something that was given back before (what comes after it, say)."""
        own = self.own[f]
        assert own.by_option is not None
        while True:
            broken = (own.load + own.gated > own.room) & (own.rows.over < 0)
            taken = np.flatnonzero(self.on[f])
            which, row, value = own.by_option.gather(taken)
            alone = taken[np.unique(which[broken[row] & (value > 0)])].tolist()
            if not alone:
                return
            for o in alone:
                self.take(f, o, -1)
                yield o

    def chosen(self) -> list[IntArray]:
        """Positions of the options taken, by family."""
        return [np.flatnonzero(on) for on in self.on]


def highest(rows: Linear) -> IntArray:
    """The most that the options of each row may come to, with its variables at their most helpful."""
    value, column = rows.vars.value, rows.vars.column
    helpful = np.where(value < 0, -value * rows.var_hi[column], -value * rows.var_lo[column])
    extra = np.zeros(len(rows), dtype=np.int64)
    np.add.at(extra, rows.vars.row_of_entry, helpful)
    return np.asarray(rows.hi + extra)


def construct(
    book: Book, families: Sequence[FamilyBook], seed: int = 0, start: Sequence[IntArray] | None = None
) -> list[IntArray]:
    """A schedule that breaks few rows, usually none; to be evaluated before it is believed.

    Demands that a hard lower limit asks for come first, then those with the fewest options. After each round, switches that
    are not reached ("at least m or not at all") are emptied again.

    Parameters
    ----------
    start
        Options by family that are taken first, as far as they fit.
    """
    filling = Filling(book, families)
    for f, options in enumerate(start or ()):
        for o in options.tolist():
            if len(filling.fits(f, np.array([o], dtype=np.int64))):
                filling.take(f, o)
    jobs = _in_order(_jobs(book, families), np.random.default_rng(seed))
    banned: set[tuple[int, int]] = set()
    for _ in range(MAX_ROUNDS):
        placed = False
        for job in jobs:
            while not _is_met(filling, job) and (o := _best(filling, job, banned)) is not None:
                filling.take(job.family, o)
                placed = True
        emptied = filling.empty_closed()
        banned |= emptied
        if not emptied and not placed:
            break
    while filling.empty_closed():
        pass
    return filling.chosen()


def _jobs(book: Book, families: Sequence[FamilyBook]) -> Iterator[Job]:
    for f, family in enumerate(families):
        price = _price(book, family)
        for index in family.family.demands:
            demand = book.facts.demands[index]
            options = np.flatnonzero(meeting(book.facts, family.options, demand))
            options = options[np.argsort(price[options], kind="stable")]
            single = demand.single
            amount = np.ones(len(options), dtype=np.int64) if single else family.options.amount[options]
            yield Job(f, options, price[options], amount, 1 if single else demand.total)


def _in_order(jobs: Iterable[Job], rng: np.random.Generator) -> list[Job]:
    """What is asked for first, then those with the fewest options; equal ones at random."""
    found = list(jobs)
    asked = [not (len(job.price) and job.price[0] < -ASKED // 2) for job in found]
    options = [len(job.options) for job in found]
    order = np.lexsort(np.array([rng.random(len(found)), options, asked]))
    return [found[k] for k in order.tolist()]


def _best(filling: Filling, job: Job, banned: set[tuple[int, int]]) -> int | None:
    """The cheapest option that fits; among equals, one that opens nothing."""
    f, first = job.family, 0
    left = ~filling.on[f][job.options]
    options, price = job.options[left], job.price[left]
    for last in (CHEAPEST, len(options)):
        here = filling.fits(f, options[first:last])
        here = np.array([o for o in here.tolist() if (f, o) not in banned], dtype=np.int64) if banned else here
        if len(here):
            cost = price[np.flatnonzero(np.isin(options, here))]
            here = options[np.isin(options, here)]
            return int(here[np.argmin(cost + OPENING * np.minimum(filling.openings(f, here), 2))])
        first = last
    return None


def _is_met(filling: Filling, job: Job) -> bool:
    return int(job.amount[filling.on[job.family][job.options]].sum()) >= job.total


def _price(book: Book, family: FamilyBook) -> IntArray:
    total = np.zeros(len(family.options), dtype=np.int64)
    for rule, cost in family.costs:
        total += cost * book.weight[rule]
    rows = family.rows
    lower = (rows.lo > 0) & (rows.under < 0) & (rows.gate < 0)
    lower[rows.vars.row_of_entry] = False
    asked = np.zeros(len(family.options), dtype=bool)
    asked[rows.options.column[lower[rows.options.row_of_entry]]] = True
    # early starts leave room for what comes after, and shorten waiting
    return np.asarray(total * SAME_PRICE + family.options.start - ASKED * asked)
