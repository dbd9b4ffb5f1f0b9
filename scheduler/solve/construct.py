"""A fast first schedule: one rotation after another, each to its cheapest option that breaks no row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scheduler.model.book import Book, FamilyBook
from scheduler.model.linear import Linear
from scheduler.offers.days import BoolArray, IntArray
from scheduler.rules.demand import meeting

MAX_ROUNDS = 30


class State:
    """How full every row is."""

    def __init__(self, book: Book, families: Sequence[FamilyBook]) -> None:
        self.book, self.families = book, families
        self.shared = np.zeros(len(book.shared), dtype=np.int64)
        self.own = [np.zeros(len(f.rows), dtype=np.int64) for f in families]
        self.by_option = [f.rows.options.transposed(len(f.options)) for f in families]
        self.room = highest(book.shared)
        self.own_room = [highest(f.rows) for f in families]
        self.taken: list[list[int]] = [[] for _ in families]

    def fits(self, f: int, options: IntArray) -> BoolArray:
        """Which options stay within every upper limit if taken now."""
        good = np.ones(len(options), dtype=bool)
        family = self.families[f]
        for matrix, load, rows, room in (
            (self.by_option[f], self.own[f], family.rows, self.own_room[f]),
            (family.shared, self.shared, self.book.shared, self.room),
        ):
            if not len(rows):
                continue
            which, row, value = matrix.gather(options)
            over = (value > 0) & (load[row] + value > room[row]) & (rows.over[row] < 0)
            good[which[over]] = False
        return good

    def take(self, f: int, o: int, sign: int = 1) -> None:
        """Take an option, or give it back."""
        rows, values = self.by_option[f].row(o)
        np.add.at(self.own[f], rows, sign * values)
        rows, values = self.families[f].shared.row(o)
        np.add.at(self.shared, rows, sign * values)
        if sign > 0:
            self.taken[f].append(o)
        else:
            self.taken[f].remove(o)

    def empty_closed(self) -> set[tuple[int, int]]:
        """Give back every option in a governed row that is neither empty nor full enough."""
        rows = self.book.shared
        low = (rows.gate >= 0) & (self.shared > 0) & (self.shared < np.maximum(rows.lo, 1))
        given: set[tuple[int, int]] = set()
        if low.any():
            for f, family in enumerate(self.families):
                for o in list(self.taken[f]):
                    if low[family.shared.row(o)[0]].any():
                        self.take(f, o, -1)
                        given.add((f, o))
        for f in {f for f, _ in given}:
            given |= {(f, o) for o in self._left_alone(f)}
        return given

    def _left_alone(self, f: int) -> Iterator[int]:
        """Give back what only stood because of something that was given back before (what comes after it, say)."""
        rows = self.families[f].rows
        while True:
            broken = (self.own[f] > self.own_room[f]) & (rows.over < 0)
            alone = [o for o in self.taken[f] if any(broken[r] and v > 0 for r, v in self.by_option[f].entries(o))]
            if not alone:
                return
            for o in alone:
                self.take(f, o, -1)
                yield o

    def chosen(self) -> list[IntArray]:
        """Positions of the options taken, by family."""
        return [np.array(sorted(taken), dtype=np.int64) for taken in self.taken]


def highest(rows: Linear) -> IntArray:
    """The most that the options of each row may come to, with its variables at their most helpful."""
    value, column = rows.vars.value, rows.vars.column
    helpful = np.where(value < 0, -value * rows.var_hi[column], -value * rows.var_lo[column])
    extra = np.zeros(len(rows), dtype=np.int64)
    np.add.at(extra, rows.vars.row_of_entry, helpful)
    return rows.hi + extra


def construct(book: Book, families: Sequence[FamilyBook], seed: int = 0) -> list[IntArray]:
    """A schedule that breaks few rows, usually none; good as a hint, to be evaluated before it is believed.

    Demands with the fewest options come first. After each round, switches that are not reached ("at least m or not at all")
    are emptied again.
    """
    rng = np.random.default_rng(seed)
    state = State(book, families)
    prices = [_price(book, f) for f in families]
    jobs = [
        (f, index, np.flatnonzero(meeting(book.facts, family.options, book.facts.demands[index])))
        for f, family in enumerate(families)
        for index in family.family.demands
    ]
    noise = rng.random(len(jobs))
    jobs = [jobs[k] for k in sorted(range(len(jobs)), key=lambda k: (len(jobs[k][2]), noise[k]))]
    banned: set[tuple[int, int]] = set()
    for _ in range(MAX_ROUNDS):
        changed = False
        for f, index, options in jobs:
            if _is_met(book, families[f], state.taken[f], index):
                continue
            free = np.array([o for o in options.tolist() if (f, o) not in banned], dtype=np.int64)
            free = free[state.fits(f, free)]
            if len(free):
                state.take(f, int(free[np.argmin(prices[f][free])]))
                changed = True
        emptied = state.empty_closed()
        banned |= emptied
        if not changed and not emptied:
            break
    while state.empty_closed():
        pass
    return state.chosen()


def _price(book: Book, family: FamilyBook) -> IntArray:
    total = np.zeros(len(family.options), dtype=np.int64)
    for rule, cost in family.costs:
        total += cost * book.weight[rule]
    # early starts leave room for what comes after, and shorten waiting
    return total * 1000 + family.options.start


def _is_met(book: Book, family: FamilyBook, taken: list[int], index: int) -> bool:
    demand = book.facts.demands[index]
    if not taken:
        return False
    chosen = family.options.take(np.array(taken, dtype=np.int64))
    met = meeting(book.facts, chosen, demand)
    return bool(met.any()) if demand.single else int(chosen.amount[met].sum()) >= demand.total
