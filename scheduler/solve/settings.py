"""What a solve is asked to do, and what it says while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from scheduler.domain import Schedule
from scheduler.errors import InputError
from scheduler.model import Book
from scheduler.offers.days import IntArray


@dataclass(frozen=True, slots=True)
class Settings:
    """How to solve.

    Attributes
    ----------
    time_limit_s
        Seconds of wall-clock time for the search.
    gap
        Stop when (objective − bound) ÷ objective is at most this.
    strategy
        ``auto``, ``direct`` or ``neighbourhood``.
    workers
        Parallel workers; 0: one a core.
    seed
        Seed of every random choice.
    deterministic
        One worker and a limit counted in work instead of seconds: the same schedule byte for byte on the same versions.
    cluster
        Address of a Dask cluster that shares the work; None: this machine alone.
    """

    time_limit_s: float = 60.0
    gap: float = 0.0
    strategy: str = "auto"
    workers: int = 0
    seed: int = 0
    deterministic: bool = False
    cluster: str | None = None

    def __post_init__(self) -> None:
        """Refuse values that no solver could follow."""
        if self.seed < 0 or self.workers < 0 or self.time_limit_s < 0 or self.gap < 0:
            raise InputError("seed, workers, time limit and gap must not be negative")
        if self.deterministic and self.cluster is not None:
            raise InputError("a reproducible run is done by one worker; leave out either --deterministic or --cluster")


@dataclass(frozen=True, slots=True)
class Progress:
    """A snapshot of a running solve.

    Attributes
    ----------
    elapsed_s
        Seconds since the start.
    phase
        What is being done, in words.
    best, bound
        Cost of the best schedule so far and proven lower bound; None while unknown.
    placed, unplaced
        Required rotations placed and not, in the best schedule so far.
    more
        At most so many more could be placed in any schedule (proven); None while unknown.
    """

    elapsed_s: float
    phase: str
    best: int | None = None
    bound: int | None = None
    placed: int | None = None
    unplaced: int | None = None
    more: int | None = None


OnProgress = Callable[[Progress], None]


class Strategy(Protocol):
    """Reads a book, returns a schedule; knows no rule. It begins with `start` (options by family) if there is one."""

    def __call__(
        self,
        book: Book,
        settings: Settings,
        on_progress: OnProgress,
        stop: threading.Event,
        *,
        start: Sequence[IntArray] | None = None,
    ) -> Schedule: ...
