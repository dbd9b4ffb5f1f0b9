"""A fast first schedule: one rotation after another, each to its cheapest option that breaks no row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.model.book import Book, FamilyBook
from scheduler.model.linear import Linear
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
#: More than any cost.
NOTHING = 1 << 62


class System:
    """Rows of one scope and how full they are."""

    def __init__(self, rows: Linear) -> None:
        self.rows = rows
        self.load = np.zeros(len(rows), dtype=np.int64)
        self.room = highest(rows)
        self.counting = rows.gates.transposed(rows.n_gates) if rows.n_gates else None
        self.counted = np.diff(self.counting.start) > 0 if self.counting is not None else np.zeros(0, dtype=bool)
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
            opens[opens] = self.counted[gate[opens]] & (self.in_use[gate[opens]] == 0)
            pair = np.sort(which[opens] * rows.n_gates + gate[opens])
            pair = pair[np.diff(pair, prepend=-1) > 0]
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
    """One demand of a family: the options that meet it, the cheapest first, and what each contributes to `total`."""

    options: IntArray
    price: IntArray
    amount: IntArray
    total: int


class Filling:
    """A schedule under construction.

    Attributes
    ----------
    shared
        How full the shared rows are.
    taken
        Positions of the options taken, by family.
    holders
        By governed shared row in use: (family, option) of those in it.
    """

    def __init__(self, book: Book, families: Sequence[FamilyBook]) -> None:
        self.book, self.families = book, families
        self.shared = System(book.shared)
        self.governed = book.shared.gate >= 0
        self.taken: list[set[int]] = [set() for _ in range(len(families))]
        self.holders: dict[int, set[tuple[int, int]]] = defaultdict(set)

    def empty_closed(self) -> set[tuple[int, int]]:
        """Give back every option in a governed row that is neither empty nor full enough."""
        rows, load = self.book.shared, self.shared.load
        low = np.flatnonzero(self.governed & (load > 0) & (load < np.maximum(rows.lo, 1)))
        given: dict[int, set[int]] = defaultdict(set)
        for f, o in {pair for k in low.tolist() for pair in self.holders[k]}:
            given[f].add(o)
        emptied = set()
        for f in sorted(given):
            visit = Visit(self, f)
            for o in sorted(given[f]):
                visit.take(o, -1)
            emptied |= {(f, o) for o in (*given[f], *visit.left_alone())}
        return emptied

    def chosen(self) -> list[IntArray]:
        """Positions of the options taken, by family."""
        return [np.array(sorted(taken), dtype=np.int64) for taken in self.taken]


class Visit:
    """One family at hand, with how full its own rows are."""

    def __init__(self, filling: Filling, f: int) -> None:
        self.filling, self.f, self.family = filling, f, filling.families[f]
        self.by_option = self.family.rows.options.transposed(len(self.family.options))
        self.own = System(self.family.rows)
        self.on = np.zeros(len(self.family.options), dtype=bool)
        for o in sorted(filling.taken[f]):
            self.own.add(*self.by_option.row(o))
            self.on[o] = True

    def fits(self, options: IntArray) -> IntArray:
        """Those options that stay within every upper limit if taken now."""
        options = options[self.own.fits(len(options), *self.by_option.gather(options))]
        return options[self.filling.shared.fits(len(options), *self.family.shared.gather(options))] if len(options) else options

    def take(self, o: int, sign: int = 1) -> None:
        """Take an option, or give it back."""
        filling = self.filling
        row, value = self.by_option.row(o)
        self.own.add(row, sign * value)
        row, value = self.family.shared.row(o)
        filling.shared.add(row, sign * value)
        self.on[o] = sign > 0
        (filling.taken[self.f].add if sign > 0 else filling.taken[self.f].discard)(o)
        for k in row[filling.governed[row]].tolist():
            (filling.holders[k].add if sign > 0 else filling.holders[k].discard)((self.f, o))

    def left_alone(self) -> Iterator[int]:
        """Give back what only stood because of something that was given back before (what comes after it, say)."""
        while True:
            broken = (self.own.load + self.own.gated > self.own.room) & (self.own.rows.over < 0)
            taken = np.flatnonzero(self.on)
            which, row, value = self.by_option.gather(taken)
            alone = taken[np.unique(which[broken[row] & (value > 0)])].tolist()
            if not alone:
                return
            for o in alone:
                self.take(o, -1)
                yield o

    def fill(self, banned: set[tuple[int, int]]) -> bool:
        """Take options for what is not met, as long as there are any; returns whether everything is met."""
        left, placed = [job for job in jobs_of(self.filling.book, self.family) if not self.is_met(job)], True
        while left and placed:
            placed = False
            for job in left:
                while not self.is_met(job) and (o := self.best(job, banned)) is not None:
                    self.take(o)
                    placed = True
            left = [job for job in left if not self.is_met(job)]
        return not left

    def is_met(self, job: Job) -> bool:
        """Whether a demand has all that it asks for."""
        return int(job.amount[self.on[job.options]].sum()) >= job.total

    def best(self, job: Job, banned: set[tuple[int, int]]) -> int | None:
        """The cheapest option that fits; among equals, one that opens nothing."""
        left = ~self.on[job.options]
        options, price = job.options[left], job.price[left]
        best, least, first, last = None, NOTHING, 0, CHEAPEST
        while first < len(options) and price[first] < least:
            here = options[first:last]
            fitting = np.isin(here, self.fits(here))
            if banned:
                fitting &= np.array([(self.f, o) not in banned for o in here.tolist()], dtype=bool)
            if fitting.any():
                cost = price[first:last][fitting] + OPENING * np.minimum(self._openings(here[fitting]), 2)
                k = int(np.argmin(cost))
                if cost[k] < least:
                    best, least = int(here[fitting][k]), int(cost[k])
                if first == 0:
                    break
            first, last = last, 4 * last
        return best

    def _openings(self, options: IntArray) -> IntArray:
        """How many shared rows that run with enough or not at all each option would be the first in."""
        which, row, _ = self.family.shared.gather(options)
        first = self.filling.governed[row] & (self.filling.shared.load[row] == 0)
        return np.bincount(which[first], minlength=len(options)).astype(np.int64)


def highest(rows: Linear) -> IntArray:
    """The most that the options of each row may come to, with its variables at their most helpful."""
    value, column = rows.vars.value, rows.vars.column
    helpful = np.where(value < 0, -value * rows.var_hi[column], -value * rows.var_lo[column])
    extra = np.zeros(len(rows), dtype=np.int64)
    np.add.at(extra, rows.vars.row_of_entry, helpful)
    return np.asarray(rows.hi + extra)


def construct(
    book: Book,
    families: Sequence[FamilyBook],
    seed: int = 0,
    start: Sequence[IntArray] | None = None,
    over: Callable[[], bool] = lambda: False,
) -> list[IntArray]:
    """A schedule that breaks few rows, usually none; to be evaluated before it is believed.

    Families of which a hard lower limit asks something come first, then those with the fewest options for one of their
    demands. After each round, switches that are not reached ("at least m or not at all") are emptied again.

    Parameters
    ----------
    start
        Options by family that are taken first, as far as they fit.
    over
        Whether time is up: then what is not placed yet stays so.
    """
    filling = Filling(book, families)
    urgency = []
    for f, family in enumerate(families):
        if start is not None:
            visit = Visit(filling, f)
            for o in start[f].tolist():
                if len(visit.fits(np.array([o], dtype=np.int64))):
                    visit.take(o)
        urgency.append(min(map(_urgency, jobs_of(book, family)), default=(True, 0)))
    noise = np.random.default_rng(seed).random(len(families))
    order = sorted(range(len(families)), key=lambda f: (urgency[f], noise[f]))
    banned: set[tuple[int, int]] = set()
    missing: set[int] = set()
    left = order
    for _ in range(MAX_ROUNDS):
        for f in left:
            if over():
                break
            (missing.discard if Visit(filling, f).fill(banned) else missing.add)(f)
        emptied = filling.empty_closed()
        if not emptied:
            break
        banned |= emptied
        given = {f for f, _ in emptied}
        left = [f for f in order if f in given]
    for f in order:
        if f in missing and not over():  # others may have left room since
            Visit(filling, f).fill(banned)
    while filling.empty_closed():
        pass
    return filling.chosen()


def jobs_of(book: Book, family: FamilyBook) -> list[Job]:
    """A family's demands: what a hard lower limit asks for first, then those with the fewest options."""
    price = _price(book, family)
    found = []
    for demand in (book.facts.demands[index] for index in family.family.demands):
        options = np.flatnonzero(meeting(book.facts, family.options, demand))
        options = options[np.argsort(price[options], kind="stable")]
        single = demand.single
        amount = np.ones(len(options), dtype=np.int64) if single else family.options.amount[options]
        found.append(Job(options, price[options], amount, 1 if single else demand.total))
    return sorted(found, key=_urgency)


def _urgency(job: Job) -> tuple[bool, int]:
    asked = len(job.price) > 0 and job.price[0] < -ASKED // 2
    return not asked, len(job.options)


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
