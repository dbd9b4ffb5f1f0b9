"""Taking turns: party after party has the cheapest schedule that the others leave room for, and now and then more than that.

A step takes one party out and prices its schedules against what the others hold: what is full costs a fine, or cannot be had;
what lacks somebody wins something. Whoever is in the way then leaves, and all who left choose again, in any order, without fines.
The step stands if it makes the schedule better or, with a chance that falls, little worse (simulated annealing; the scheme is
that of ejection chains, Glover 1996, *Ejection chains, reference structures and alternating path methods*).

Pricing is compiled and takes about a millisecond, so that a schedule gets good long before small exact models could make it so.
What a party cannot judge alone (a slot that runs with two or not at all) goes in as a price; in the end only sums that
`Standing` keeps count.
"""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from scheduler.model import Book, FamilyBook
from scheduler.model.standing import NONE, Standing
from scheduler.offers.days import IntArray
from scheduler.pricing.pricing import Prices, Pricing
from scheduler.solve.columns.blocks import Blocks

#: What makes something impossible to have.
NEVER_HAD = 1 << 30
#: A hard unit that is missing or too much counts as so many of the dearest thing that one option decides.
WRONG = 1.5
#: The chance of a loss falls as if it were shared out by temperatures from here to there, relative to the same.
HOT, COLD = 0.25, 0.004
#: Share of the turns in which a party may push others out, and most parties that may leave.
PUSHING, MOST_OUT = 0.75, 8
#: Fines are drawn between these, relative to the dearest thing.
FINES = (0.05, 1.2)
#: After a push, those who are left where too few are choose again so often.
ROUNDS = 3
#: So many could be asked to join where somebody lacks company.
COMPANY = 2
#: Steps between two looks at the clock's consequences.
REPORT_S = 0.5


class Turns:
    """A schedule by blocks that gets better turn by turn.

    Parameters
    ----------
    blocks
        The parties' books and the rows that tie them together.
    pricings
        One a block; blocks whose pricing is not by labels never choose anew.
    chosen
        Options by block to begin with.

    Attributes
    ----------
    best, best_cost
        The best valid schedule so far, by block, and its cost at the level; None before there is one.
    steps, gains
        How many turns were taken, and how many of them made the best schedule better.
    """

    def __init__(
        self,
        book: Book,
        blocks: Blocks,
        pricings: Sequence[object],
        chosen: Sequence[IntArray],
        *,
        level: int,
        seed: int = 0,
    ) -> None:
        self.blocks, self.pricings = blocks, [p if isinstance(p, Pricing) else None for p in pricings]
        self.books = [block.book for block in blocks.blocks]
        self.rng = np.random.default_rng(seed)
        self.standing = Standing(book.with_shared(blocks.joint), self.books)
        self.level = self.standing.levels.index(level)
        rows = blocks.joint
        weight = np.where(book.level == level, book.weight, 0)[rows.rule]
        self.under = np.where(rows.under >= 0, rows.under * weight, -1)
        self.over = np.where(rows.over >= 0, rows.over * weight, -1)
        self.lo = np.where(rows.gate >= 0, np.maximum(rows.lo, 1), rows.lo)
        sums = [_rows_of(b.shared.column, b.shared.value) for b in self.books]
        self.rows, self.largest = [r for r, _ in sums], [most for _, most in sums]
        self.opening = [Opening(self.standing, b) for b in self.books]
        self.users = _users(self.rows, len(rows))
        self.holders: dict[int, set[int]] = defaultdict(set)
        self.dual = np.zeros(len(rows), dtype=np.int64)
        self.measured = tuple(np.zeros(len(book.facts.parties), dtype=np.int64) for _ in rows.measures)
        self.able = np.array([b for b, p in enumerate(self.pricings) if p is not None], dtype=np.int64)
        self.least = np.zeros(len(self.books), dtype=np.int64)
        free = Prices(1, self.dual, self.measured)
        for b in self.able.tolist():
            self.least[b] = self.pricing(b).cheapest(free, effort=1).bound
        self.dear = np.array([self._dearest(b) for b in range(len(self.books))], dtype=np.int64)
        self.unit = float(np.median(self.dear)) if len(self.dear) else 1.0
        self.wrong_price = round(WRONG * float(self.dear.max(initial=1)))
        self.best: list[IntArray] | None = None
        self.best_cost: int | None = None
        self.steps = self.gains = 0
        for b, options in enumerate(chosen):
            self.take(b, options)
        self._keep()

    def pricing(self, b: int) -> Pricing:
        """How a block is priced."""
        found = self.pricings[b]
        assert found is not None
        return found

    def _dearest(self, b: int) -> int:
        """What the dearest shortfall of one requirement of a block costs."""
        rows, weight = self.books[b].rows, self.standing.book.weight
        own = (rows.under * weight[rows.rule])[rows.under > 0].max(initial=1)
        return int(min(max(own, self.under[self.rows[b]].max(initial=1)), NEVER_HAD >> 8))

    @property
    def merit(self) -> int:
        """Cost at the level, and a price for every hard unit that is wrong."""
        return self.standing.cost[self.level + 1] + self.wrong_price * self.standing.broken

    def _keep(self) -> bool:
        """Keep the present schedule if it is valid and better."""
        cost = self.standing.cost[self.level + 1]
        if self.standing.broken or (self.best_cost is not None and cost >= self.best_cost):
            return False
        self.best, self.best_cost = list(self.standing.chosen), cost
        return True

    # -- turns ------------------------------------------------------------------------------------------------

    def run(
        self,
        *,
        time_limit_s: float,
        stop: threading.Event | None = None,
        goal: int | None = None,
        on_better: Callable[[Turns], None] | None = None,
    ) -> None:
        """Take turns until time is up, it is told to stop, or the goal is reached."""
        began = reported = time.monotonic()
        better = False
        while len(self.able):
            now = time.monotonic()
            if now > began + time_limit_s or (stop is not None and stop.is_set()):
                break
            if goal is not None and self.best_cost is not None and self.best_cost <= goal:
                break
            spent = (now - began) / time_limit_s
            better |= self.turn(self.unit * HOT * (COLD / HOT) ** spent)
            if better and on_better is not None and now > reported + REPORT_S:
                reported, better = now, False
                on_better(self)
        if better and on_better is not None:
            on_better(self)

    def turn(self, temperature: float) -> bool:
        """One step; whether the best schedule became better by it."""
        self.steps += 1
        merit = self.merit
        before: dict[int, IntArray] = {}
        b = self._who()
        self.out(b, before)
        fine = NEVER_HAD
        if self.rng.random() < PUSHING:
            low, high = FINES
            fine = max(1, round(int(self.dear[b]) * low * (high / low) ** self.rng.random()))
        self.take(b, self.choice(b, fine))
        again = self._in_the_way(b, before) if fine < NEVER_HAD else []
        if again is None:
            self._undo(before)
            return False
        again += self._company(b)
        for _ in range(ROUNDS):
            for other in self.rng.permutation(np.array(again, dtype=np.int64)).tolist():
                self.out(other, before)
                self.take(other, self.choice(other, NEVER_HAD))
            again = self._left_alone(before)
            if not again:
                break
        loss = self.merit - merit
        if loss > 0 and self.rng.random() >= math.exp(-loss / temperature):
            self._undo(before)
            return False
        kept = self._keep()
        self.gains += kept
        return kept

    def out(self, b: int, before: dict[int, IntArray]) -> None:
        """Take a block's options away, remembering what they were."""
        before.setdefault(b, self.standing.chosen[b])
        self.take(b, NONE)

    def take(self, b: int, options: IntArray) -> None:
        """Let a block have these options."""
        matrix = self.books[b].shared
        for row in matrix.gather(self.standing.chosen[b])[1].tolist():
            self.holders[row].discard(b)
        self.standing.change({b: options})
        for row in matrix.gather(options)[1].tolist():
            self.holders[row].add(b)

    def _undo(self, before: dict[int, IntArray]) -> None:
        for b, options in before.items():
            self.take(b, options)

    def _who(self) -> int:
        """A block, those that could gain much more often."""
        regret = np.maximum(self.standing.of_family[self.able, self.level] - self.least[self.able], 0)
        weight = np.sqrt(regret.astype(np.float64)) + 0.05 * math.sqrt(self.unit)
        return int(self.rng.choice(self.able, p=weight / weight.sum()))

    def choice(self, b: int, fine: int) -> IntArray:
        """The cheapest schedule of a block against what the others hold."""
        row = self.rows[b]
        self.dual[row] = self._prices(b, fine)
        extra = self.opening[b].fines(self.standing, self.over, fine)
        found = self.pricing(b).cheapest(Prices(1, self.dual, self.measured), effort=1, extra=extra)
        self.dual[row] = 0
        return np.sort(found.options)

    def _prices(self, b: int, fine: int) -> IntArray:
        """What a unit of each row that the block can be in is worth: limits in the way cost a fine, what lacks wins."""
        standing, row, largest = self.standing, self.rows[b], self.largest[b]
        rows = standing.book.shared
        amount = standing.sums(row)
        which, variable, coefficient = rows.vars.gather(row)
        np.add.at(amount, which, coefficient * standing.value[variable])
        full = amount + largest > rows.hi[row]
        price: IntArray = np.where(full, -np.where(self.over[row] < 0, fine, self.over[row]), 0)
        gate = rows.gate[row]
        governed = gate >= 0
        shut = governed & (standing.load[row] == 0)
        lacking = (self.lo[row] > amount) & ~shut
        price += np.where(lacking, np.where(self.under[row] < 0, self.wrong_price, self.under[row]), 0)
        alone = np.where(shut & (self.lo[row] > largest), fine, 0)
        return price - alone // largest

    def _in_the_way(self, b: int, before: dict[int, IntArray]) -> list[int] | None:
        """Take out others until no upper limit that a block is in is exceeded; who that was, None if that takes too many."""
        standing, rows = self.standing, self.standing.book.shared
        gone: list[int] = []
        row = np.unique(self.books[b].shared.gather(standing.chosen[b])[1])
        counting = standing.shared.counting.gather(rows.gate[row[rows.gate[row] >= 0]])[1]
        for k in self.rng.permutation(np.unique(np.concatenate([row, counting]))).tolist():
            while standing.wrong[k] and standing.sums(np.array([k]))[0] > rows.hi[k]:
                others = [h for h in self._holding(k) if h != b and self.pricings[h] is not None]
                if not others or len(gone) == MOST_OUT:
                    return None
                other = int(self.rng.choice(others))
                self.out(other, before)
                gone.append(other)
        return gone

    def _left_alone(self, before: Mapping[int, IntArray]) -> list[int]:
        """Who is where somebody is lacking now, of the rows that a turn has changed."""
        standing = self.standing
        options = [self.books[b].shared.gather(np.union1d(old, standing.chosen[b]))[1] for b, old in before.items()]
        row = np.unique(np.concatenate(options))
        short = row[(standing.wrong[row] > 0) & (standing.load[row] < self.lo[row])]
        return sorted({h for k in short.tolist() for h in self.holders[k] if self.pricings[h] is not None})[:MOST_OUT]

    def _holding(self, k: int) -> list[int]:
        """Blocks that have a part in a row, themselves or by a gate that they keep open."""
        rows = self.standing.book.shared
        found = set(self.holders[k])
        for g in rows.gates.row(k)[0].tolist():
            for governed in self.standing.shared.governed_by.row(g)[0].tolist():
                found |= self.holders[governed]
        return sorted(found)

    def _company(self, b: int) -> list[int]:
        """Some who could join where a block is with too few."""
        standing = self.standing
        row = np.unique(self.books[b].shared.gather(standing.chosen[b])[1])
        short = row[(standing.wrong[row] > 0) & (standing.load[row] < self.lo[row])]
        if not len(short):
            return []
        users = self.users[int(self.rng.choice(short))]
        users = users[users != b]
        return [int(u) for u in self.rng.permutation(users)[:COMPANY] if self.pricings[u] is not None]


class Opening:
    """The gates that a block's options open, and the rows that count open gates (weeks in which a preceptor is busy).

    An option that opens several gates of one row is judged by all of them together.
    """

    def __init__(self, standing: Standing, book: FamilyBook) -> None:
        rows = standing.book.shared
        self.options = len(book.options)
        matrix = book.shared
        through = np.flatnonzero(rows.gate[matrix.column] >= 0)
        gate = rows.gate[matrix.column[through]]
        at, counting, value = standing.shared.counting.gather(gate)
        option = matrix.row_of_entry[through[at]]
        # several rows of an option may share a gate
        order = np.lexsort((gate[at], counting, option))
        entries = np.stack([option[order], counting[order], gate[at][order]])
        first = np.append(True, (np.diff(entries) != 0).any(axis=0)) if len(order) else np.zeros(0, dtype=bool)
        self.option, self.counting, self.gate = entries[:, first]
        self.value = value[order][first]
        pair = np.append(True, (np.diff(self.option) != 0) | (np.diff(self.counting) != 0))[: len(self.option)]
        self.pair = np.cumsum(pair) - 1
        self.pair_option, self.pair_counting = self.option[pair], self.counting[pair]

    def fines(self, standing: Standing, over: IntArray, fine: int) -> IntArray | None:
        """What each option costs for the gates that it would open; None if no option opens any."""
        if not len(self.option):
            return None
        new = np.where(standing.is_open(self.gate), 0, self.value)
        added = np.bincount(self.pair, weights=new, minlength=len(self.pair_option)).astype(np.int64)
        excess = standing.sums(self.pair_counting) + added - standing.book.shared.hi[self.pair_counting]
        price = over[self.pair_counting]
        cost = np.where((added > 0) & (excess > 0), np.where(price < 0, fine, price * np.minimum(excess, added)), 0)
        found: IntArray = np.bincount(self.pair_option, weights=cost, minlength=self.options).astype(np.int64)
        return found


def _rows_of(column: IntArray, value: IntArray) -> tuple[IntArray, IntArray]:
    """The rows that a block's options are in, and the most that one of them adds to each."""
    row, which = np.unique(column, return_inverse=True)
    largest = np.ones(len(row), dtype=np.int64)
    np.maximum.at(largest, which.ravel(), value)
    return row, largest


def _users(rows: Sequence[IntArray], count: int) -> list[IntArray]:
    """By row: the blocks that can be in it."""
    block = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
    row = np.concatenate([*rows, NONE]).astype(np.int64)
    order = np.argsort(row, kind="stable")
    return np.split(block[order], np.searchsorted(row[order], np.arange(1, count)))
