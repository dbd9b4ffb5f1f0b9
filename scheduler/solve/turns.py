"""Taking turns: party after party has the cheapest schedule that the others leave room for, and now and then more than that.

A step takes one party out and prices its schedules against what the others hold: what is full costs a fine, or cannot be had;
what lacks somebody wins something. Whoever is in the way then leaves, and all who left choose again, in any order, without fines.
The step stands if it makes the schedule better or, with a chance that falls, little worse (simulated annealing; the scheme is
that of ejection chains, Glover 1996, *Ejection chains, reference structures and alternating path methods*).

Pricing is compiled and takes less than a millisecond: a schedule gets good long before small exact models could make it so.
What a party cannot judge alone (a slot that runs with two or not at all) goes in as a price; in the end only sums that
the `Ledger` keeps count.
"""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from scheduler.errors import InputError
from scheduler.model import Book
from scheduler.offers.days import IntArray
from scheduler.pricing.labels import NEVER
from scheduler.pricing.pricing import Pricing
from scheduler.pricing.quick import Quick
from scheduler.solve.bids import NEVER_HAD, Bidder, bid, bidder_of, drawn
from scheduler.solve.columns.blocks import Blocks
from scheduler.solve.ledger import NONE, Choice, Ledger, exceeded, lacking

#: A hard unit that is missing or too much counts as so many of the dearest thing that one option decides.
WRONG = 1.5
#: The chance of a loss falls as if it were shared out by temperatures from here to there, relative to the same.
HOT, COLD = 0.25, 0.004
#: A schedule that is good already is improved from and to these: it would melt at more.
WARM, COLDEST = 0.015, 0.001
#: Share of the turns in which a party may push others out, and most parties that may leave.
PUSHING, MOST_OUT = 0.9, 8
#: Most that options cost more by chance, relative to the temperature.
NOISE = 0.5
#: Chance of a party that could gain nothing to choose again, relative to one that could gain the dearest thing.
FLOOR = 0.01
#: Fines are drawn between these, relative to the dearest thing of the party.
FINES = (0.05, 1.2)
#: After a push, those who are left where too few are choose again so often.
ROUNDS = 3
#: So many could be asked to join where somebody lacks company.
COMPANY = 2
#: A patient run ends when so many turns of each party have brought nothing.
TURNS_WITHOUT_GAIN = 40
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
        books = [block.book for block in blocks.blocks]
        self.blocks = blocks
        self.rng = random.Random(seed)
        self.ledger = Ledger(book, books, blocks.joint, level)
        self.frame, self.state = self.ledger.frame, self.ledger.state
        self.dear = np.array([self._dearest(b) for b in range(len(books))], dtype=np.int64)
        self.unit = float(np.median(self.dear)) if len(self.dear) else 1.0
        self.wrong_price = round(WRONG * float(self.dear.max(initial=1)))
        most = np.maximum(np.maximum(self.frame.under, self.frame.over), max(NEVER_HAD, self.wrong_price)) * 2
        self.asked: dict[int, tuple[Quick, Bidder]] = {}
        for b, pricing in enumerate(pricings):
            if isinstance(pricing, Pricing) and (quick := _quick(pricing, most)) is not None:
                self.asked[b] = quick, bidder_of(self.ledger.shared, books[b], quick)
        self.able = np.array(list(self.asked), dtype=np.int64)
        self.users = _users([self.asked[b][1].row if b in self.asked else NONE for b in range(len(books))], len(blocks.joint))
        self.least = np.zeros(len(books), dtype=np.int64)
        for b, (quick, _) in self.asked.items():
            self.least[b] = quick.cheapest(quick.base).bound
        self.behind: dict[int, list[int]] = {}
        self.best: list[IntArray] | None = None
        self.best_cost: int | None = None
        self.steps = self.gains = 0
        for b, options in enumerate(chosen):
            self.ledger.take(b, self.ledger.choice(b, options))
        self._keep()

    def _dearest(self, b: int) -> int:
        """What the dearest shortfall of one requirement of a block costs."""
        book = self.ledger.blocks[b]
        own = (book.rows.under * self.ledger.weight[book.rows.rule])[book.rows.under > 0].max(initial=1)
        return int(min(max(own, self.frame.under[book.shared.column].max(initial=1)), NEVER_HAD >> 8))

    @property
    def merit(self) -> int:
        """Cost at the level, and a price for every hard unit that is wrong."""
        return self.ledger.cost + self.wrong_price * self.ledger.broken

    def _keep(self) -> bool:
        """Keep the present schedule if it is valid and better."""
        cost = self.ledger.cost
        if self.ledger.broken or (self.best_cost is not None and cost >= self.best_cost):
            return False
        self.best, self.best_cost = [c.options for c in self.ledger.chosen], cost
        return True

    def become(self, chosen: Sequence[IntArray]) -> None:
        """Go on from another schedule, options by block."""
        for b, options in enumerate(chosen):
            if not np.array_equal(options, self.ledger.chosen[b].options):
                self.ledger.take(b, self.ledger.choice(b, options))
        self._keep()

    def restart(self, chosen: Sequence[IntArray]) -> None:
        """Begin anew with another schedule, options by block, whatever was found before."""
        self.best = self.best_cost = None
        self.become(chosen)

    # -- turns ------------------------------------------------------------------------------------------------

    def run(
        self,
        *,
        time_limit_s: float = math.inf,
        turns: int | None = None,
        stop: threading.Event | None = None,
        goal: int | None = None,
        patient: bool = False,
        polish: bool = False,
        on_better: Callable[[Turns], None] | None = None,
    ) -> None:
        """Take turns until time is up, so many were taken, it is told to stop, it is good enough or, if patient, gains are rare.

        With a number of turns and no time limit, the same seed gives the same schedule. To `polish` is to stay near a schedule
        that is good already.
        """
        hot, cold = (WARM, COLDEST) if polish else (HOT, COLD)
        if turns is None and time_limit_s == math.inf:
            raise ValueError("say how long or how many turns")
        began = reported = time.monotonic()
        first = last = self.steps
        better = False
        while len(self.able):
            now = time.monotonic()
            spent = max(
                (now - began) / max(time_limit_s, 1e-9), (self.steps - first) / max(turns, 1) if turns is not None else 0.0
            )
            if spent >= 1 or (stop is not None and stop.is_set()):
                break
            if goal is not None and self.best_cost is not None and self.best_cost <= goal:
                break
            if patient and self.steps - last > TURNS_WITHOUT_GAIN * len(self.able):
                break
            gained = self.turn(self.unit * hot * (cold / hot) ** spent)
            last, better = self.steps if gained else last, better or gained
            if better and on_better is not None and now > reported + REPORT_S:
                reported, better = now, False
                on_better(self)
        if better and on_better is not None:
            on_better(self)

    def turn(self, temperature: float) -> bool:
        """One step; whether the best schedule became better by it."""
        self.steps += 1
        rng, merit = self.rng, self.merit
        before: dict[int, Choice] = {}
        floor = FLOOR * math.sqrt(self.unit)
        b = int(drawn(self.ledger.cost_of, self.least, self.able, rng.random(), floor))
        self.out(b, before)
        fine = NEVER_HAD
        if rng.random() < PUSHING:
            low, high = FINES
            fine = max(1, round(int(self.dear[b]) * low * (high / low) ** rng.random()))
        noise = int(temperature * NOISE * rng.random() ** 2)
        self.ledger.take(b, self.choice(b, fine, noise))
        again = self._in_the_way(b, before) if fine < NEVER_HAD else []
        if again is None:
            self._undo(before)
            return False
        again += self._company(b)
        for _ in range(ROUNDS):
            rng.shuffle(again)
            for other in again:
                self.out(other, before)
                self.ledger.take(other, self.choice(other, NEVER_HAD, noise))
            again = self._left_alone(before)
            if not again:
                break
        loss = self.merit - merit
        if loss > 0 and rng.random() >= math.exp(-loss / temperature):
            self._undo(before)
            return False
        kept = self._keep()
        self.gains += kept
        return kept

    def out(self, b: int, before: dict[int, Choice]) -> None:
        """Take a block's options away, remembering what they were."""
        before.setdefault(b, self.ledger.chosen[b])
        self.ledger.take(b, self.ledger.choice(b, NONE))

    def _undo(self, before: Mapping[int, Choice]) -> None:
        for b, choice in before.items():
            self.ledger.take(b, choice)

    def choice(self, b: int, fine: int, noise: int = 0) -> Choice:
        """The cheapest schedule of a block against what the others hold, if options cost up to `noise` more by chance."""
        quick, bidder = self.asked[b]
        seed = self.rng.getrandbits(62) | 1
        cost = bid(self.frame, self.state, bidder, fine, self.wrong_price, noise, seed)
        found = quick.cheapest(cost)
        return self.ledger.choice(b, found.options, (found.own, found.measured) if found.cost < NEVER else None)

    def _in_the_way(self, b: int, before: dict[int, Choice]) -> list[int] | None:
        """Take out others until no upper limit that a block is in is exceeded; who that was, None if that takes too many."""
        gone: list[int] = []
        row = self.ledger.chosen[b].row
        while len(full := exceeded(self.frame, self.state, row)):
            others = [h for h in self._holding(int(self.rng.choice(full))) if h != b and h in self.asked]
            if not others or len(gone) == MOST_OUT:
                return None
            other = self.rng.choice(others)
            self.out(other, before)
            gone.append(other)
        return gone

    def _left_alone(self, before: Mapping[int, Choice]) -> list[int]:
        """Who is where somebody is lacking now, of the rows that a turn has changed."""
        row = np.concatenate([r for b, old in before.items() for r in (old.row, self.ledger.chosen[b].row)])
        short = lacking(self.frame, self.state, row).tolist()
        return sorted({h for k in short for j in self._together(k) for h in self.ledger.holders[j] if h in self.asked})[:MOST_OUT]

    def _together(self, k: int) -> list[int]:
        """A row and the others under the same gate."""
        gate = int(self.frame.gate[k])
        return [k] if gate < 0 else self.ledger.shared.governed_by.gather(np.array([gate]))[1].tolist()

    def _holding(self, k: int) -> list[int]:
        """Blocks that have a part in a row, themselves or by a gate that they keep open."""
        if k not in self.behind:
            gates = self.ledger.rows.gates.row(k)[0]
            self.behind[k] = [k, *self.ledger.shared.governed_by.gather(gates)[1].tolist()]
        return sorted(set().union(*(self.ledger.holders[j] for j in self.behind[k])))

    def _company(self, b: int) -> list[int]:
        """Some who could join where a block is with too few."""
        short = lacking(self.frame, self.state, self.ledger.chosen[b].row)
        if not len(short):
            return []
        users = self.users[int(self.rng.choice(short))].tolist()
        return [u for u in self.rng.sample(users, min(COMPANY, len(users))) if u != b]


def _quick(pricing: Pricing, most: IntArray) -> Quick | None:
    """None where the policy's numbers are too large to be multiplied with fines."""
    try:
        return Quick(pricing, most)
    except InputError:
        return None


def _users(rows: Sequence[IntArray], count: int) -> list[IntArray]:
    """By row: the blocks that can be in it."""
    block = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
    row = np.concatenate([*rows, NONE]).astype(np.int64)
    order = np.argsort(row, kind="stable")
    return np.split(block[order], np.searchsorted(row[order], np.arange(1, count)))
