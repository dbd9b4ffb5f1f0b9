"""Neighbourhood search in other processes and on other machines: copies of a search that start from the same schedule.

A copy gets the instance once and reads it as it was read here. Then it is told what everybody does, improves that for a while and
says step by step what it changed. Here a step counts if the schedule that came of all others is still valid with it and no
worse: copies need not know of each other, and one that dies only takes the steps of that while with it.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.domain import Instance
from scheduler.model import Book, compile_book
from scheduler.model.families import Families
from scheduler.offers.days import IntArray
from scheduler.solve.neighbourhood.search import Away, Search
from scheduler.workers import Workers

#: How long copies search before they are told what the others found.
WHILE_S = 2.0


@dataclass(frozen=True, eq=False)
class Packed:
    """What every family does: how many options it takes, and all of them one after another."""

    sizes: NDArray[np.int32]
    options: NDArray[np.int32]

    @classmethod
    def of(cls, chosen: Sequence[IntArray]) -> Packed:
        sizes = np.array([len(options) for options in chosen], dtype=np.int32)
        return cls(sizes, np.concatenate([np.zeros(0, dtype=np.int64), *chosen]).astype(np.int32))

    def unpacked(self) -> list[IntArray]:
        """Options by family."""
        return np.split(self.options.astype(np.int64), np.cumsum(self.sizes)[:-1])


class Job(NamedTuple):
    """From what schedule to search, for how long, and with what random choices."""

    chosen: Packed
    least: IntArray
    seconds: float
    seed: int


class Improved(NamedTuple):
    """Changes step by step (options by family), and how many steps were tried."""

    moves: Sequence[Mapping[int, IntArray]]
    steps: int


class Replica:
    """What a copy of a search is made from; where it is sent to, the copy is made when it is first asked.

    Parameters
    ----------
    levels
        As in `Search`.
    """

    def __init__(self, book: Book, levels: Sequence[int]) -> None:
        self.instance: Instance = book.facts.instance
        self.relax, self.levels, self.mark = dict(book.relax), tuple(levels), mark_of(book)
        self._search: Search | None = None
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[Callable[..., Replica], tuple[object, ...]]:
        return _sent, (self.instance, self.relax, self.levels, self.mark)

    def improve(self, job: Job) -> Improved:
        """Search for a while."""
        with self._lock:
            search = self._at(job.chosen.unpacked())
            search.kinds.least = job.least
            search.rng.bit_generator.state = np.random.default_rng(job.seed).bit_generator.state
            steps = search.steps
            found: dict[int, dict[int, IntArray]] = {}
            search.on_family = lambda f, options: found.setdefault(search.steps, {}).__setitem__(f, options)
            search.run(time_limit_s=job.seconds)
            search.on_family = None
            return Improved(list(found.values()), search.steps - steps)

    def _at(self, chosen: list[IntArray]) -> Search:
        """The copy, with everybody doing what the schedule says."""
        if self._search is None:
            book = read_again(self.instance, self.relax, self.mark)
            self._search = Search(book, Families(book), chosen, levels=self.levels)
        self._search.become(chosen)
        return self._search


def _sent(instance: Instance, relax: dict[str, int], levels: Sequence[int], mark: int) -> Replica:
    replica = Replica.__new__(Replica)
    replica.instance, replica.relax, replica.levels, replica.mark = instance, relax, tuple(levels), mark
    replica._search, replica._lock = None, threading.Lock()
    return replica


def read_again(instance: Instance, relax: dict[str, int], mark: int) -> Book:
    """The book of an instance where it was sent to; `mark` is that of the book here (see `mark_of`)."""
    book = compile_book(instance, relax=relax)
    if mark_of(book) != mark:
        raise RuntimeError("an instance was read differently by a worker")
    return book


def mark_of(book: Book) -> int:
    """A number that differs where options have other positions."""
    found = zlib.crc32(repr([rule.id for rule in book.rules]).encode())
    for column in (book.menu.cls, book.shared.lo, book.shared.hi, book.shared.options.column):
        found = zlib.crc32(np.ascontiguousarray(column).tobytes(), found)
    return found


def improve(replica: Replica, job: Job) -> Improved:
    """What workers call."""
    return replica.improve(job)


@contextmanager
def copies(search: Search, cluster: str | None) -> Iterator[Away | None]:
    """Copies of a search on a cluster, one a worker; None without one, as threads do as well on a few cores."""
    if cluster is None:
        yield None
        return
    with Workers(Replica(search.book, search.levels), 1, cluster=cluster) as workers:
        yield partial(search_away, search, workers)


def search_away(
    search: Search,
    workers: Workers[Replica],
    going: Callable[[], bool],
    seconds: Callable[[], float],
    noted: Callable[[], None],
) -> None:
    """Improve a schedule by copies of its search.

    Parameters
    ----------
    going
        Whether to go on.
    seconds
        How much time is left.
    noted
        Called after each while in which the schedule became better.
    """
    while going():
        seeds = search.rng.integers(1 << 30, size=workers.place.size).tolist()
        now, least = Packed.of(search.chosen), np.array(search.kinds.least)
        length = min(WHILE_S, 0.9 * seconds())  # what comes back after the end is lost
        jobs = [Job(now, least, length, seed) for seed in seeds]
        gained = 0
        for found in workers.map(improve, jobs, over=lambda: not going()):
            if found is not None:
                search.steps += found.steps
                gained += sum(search.adopt(moves) for moves in found.moves)
        if gained:
            noted()
