"""Searches side by side: each worker takes a schedule of its own, lets parties choose in turns and then improves a few at a time.

Where one search is stuck another, from another start, may not be; and what each of them found are columns that fit together.
A start is drawn from the shares of the linear master, which says who is where but breaks limits here and there, or is the best
schedule so far.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from scheduler.domain import Instance
from scheduler.model import Book, FamilyBook
from scheduler.model.families import Families
from scheduler.offers.days import IntArray
from scheduler.pricing import Unsupported
from scheduler.pricing.pricing import Pricing
from scheduler.solve.columns.blocks import Blocks, blocks_of
from scheduler.solve.columns.simplify import simplified
from scheduler.solve.neighbourhood import Search
from scheduler.solve.neighbourhood.replicas import Packed, mark_of, read_again
from scheduler.solve.turns import Turns
from scheduler.workers import Workers


class Task(NamedTuple):
    """What to begin with (options by block), for how long parties take turns and small models improve, and random choices."""

    start: Packed
    turns_s: float
    search_s: float
    seed: int


class Ended(NamedTuple):
    """The schedule at the end (options by family), and what small models changed on the way to it, step by step."""

    chosen: Packed
    moves: Sequence[Mapping[int, IntArray]]


class Chain:
    """What a search is made from; where it is sent to, it is made when it is first asked.

    Parameters
    ----------
    blocks, pricings, families
        What there is of the book already; made anew where it is sent to.
    stop
        Ends a search that takes place here.
    """

    def __init__(
        self,
        book: Book,
        level: int,
        families: Sequence[FamilyBook],
        blocks: Blocks,
        pricings: Sequence[object],
        stop: threading.Event,
    ) -> None:
        self.book, self.level, self.stop, self.mark = book, level, stop, mark_of(book)
        self.families, self.blocks, self.pricings = families, blocks, pricings
        self._turns: Turns | None = None
        self._search: Search | None = None
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[Callable[..., Chain], tuple[object, ...]]:
        return _sent, (self.book.facts.instance, dict(self.book.relax), self.level, self.mark)

    def run(self, task: Task) -> Ended:
        """Search from a start."""
        with self._lock:
            turns, search = self._at(task.start.unpacked())
            moves: dict[int, dict[int, IntArray]] = {}
            if task.turns_s > 0:
                turns.rng.seed(task.seed)
                turns.run(time_limit_s=task.turns_s, stop=self.stop, polish=True)
            found = turns.best or [choice.options for choice in turns.ledger.chosen]
            search.become(self.blocks.chosen(found, len(self.families)))
            search.on_family = lambda f, options: moves.setdefault(search.steps, {}).__setitem__(f, options)
            search.rng.bit_generator.state = np.random.default_rng(task.seed).bit_generator.state
            search.run(time_limit_s=task.search_s, stop=self.stop)
            search.on_family = None
            return Ended(Packed.of(search.chosen), list(moves.values()))

    def _at(self, start: list[IntArray]) -> tuple[Turns, Search]:
        if self._turns is None or self._search is None:
            self._turns = Turns(self.book, self.blocks, self.pricings, start, level=self.level)
            chosen = self.blocks.chosen(start, len(self.families))
            self._search = Search(self.book, self.families, chosen, levels=(self.level,))
        self._turns.restart(start)
        return self._turns, self._search


def _sent(instance: Instance, relax: dict[str, int], level: int, mark: int) -> Chain:
    book = read_again(instance, relax, mark)
    families = Families(book)
    blocks, _ = simplified(book, blocks_of(book, families))
    return Chain(book, level, families, blocks, [_pricing(book, b.book, level) for b in blocks.blocks], threading.Event())


def _pricing(book: Book, family: FamilyBook, level: int) -> Pricing | None:
    try:
        return Pricing(book, family, level)
    except Unsupported:
        return None


def run(chain: Chain, task: Task) -> Ended:
    """What workers call."""
    return chain.run(task)


def side_by_side(workers: Workers[Chain], tasks: Sequence[Task], over: Callable[[], bool]) -> list[Ended]:
    """Do some tasks at once; those that ended."""
    return [found for found in workers.map(run, tasks, over=over) if found is not None]
