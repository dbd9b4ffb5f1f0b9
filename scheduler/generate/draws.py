"""Draws: one source of random numbers a purpose, and sharing out whole numbers.

Only whole numbers are drawn (numpy's `Generator.integers` and `permutation`) and shares are computed with whole numbers, so
that every platform writes the same files.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
Rng = np.random.Generator
T = TypeVar("T")


def stream(seed: int, purpose: str) -> Rng:
    """A source of draws for one purpose: what is drawn for another one does not change it."""
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])


def chance(rng: Rng, percent: int) -> bool:
    """True in `percent` of 100 cases."""
    return int(rng.integers(100)) < percent


def between(rng: Rng, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both included."""
    return int(rng.integers(low, high + 1))


def pick(rng: Rng, things: Sequence[T]) -> T:
    """One of them."""
    return things[int(rng.integers(len(things)))]


def shuffled(rng: Rng, things: Sequence[T]) -> list[T]:
    """All of them in a random order."""
    return [things[int(i)] for i in rng.permutation(len(things))]


def some(rng: Rng, things: Sequence[T], percent: int, least: int = 0) -> list[T]:
    """`percent` of them (rounded, at least `least`), in their own order."""
    count = min(len(things), max(least, (len(things) * percent + 50) // 100))
    return [things[i] for i in sorted(rng.permutation(len(things))[:count].tolist())]


def apportion(total: int, weights: Iterable[int], least: int = 0) -> list[int]:
    """Share `total` in proportion to `weights`, by largest remainders; everybody gets `least` first.

    Raises
    ------
    ValueError
        If `total` is less than `least` for everybody.
    """
    weights = list(weights)
    left, all_weights = total - least * len(weights), max(1, sum(weights))
    if left < 0:
        raise ValueError(f"{total} cannot be shared among {len(weights)} with at least {least} each")
    shares = [least + left * w // all_weights for w in weights]
    rest = sorted(range(len(weights)), key=lambda i: (-(left * weights[i] % all_weights), i))
    for i in range(total - sum(shares)):
        shares[rest[i % len(rest)]] += 1
    return shares


def ranked(rng: Rng, weights: Sequence[int], rows: int, picks: int) -> IntArray:
    """For each of `rows` people `picks` different things (indices), the heavy ones earlier and more often: (rows, picks)."""
    left = np.tile(np.array(weights, dtype=np.int64), (rows, 1))
    picks = min(picks, len(weights))
    chosen = np.zeros((rows, picks), dtype=np.int64)
    for k in range(picks):
        totals = np.cumsum(left, axis=1)
        drawn = rng.integers(0, totals[:, -1])
        chosen[:, k] = (totals <= drawn[:, None]).sum(axis=1)
        left[np.arange(rows), chosen[:, k]] = 0
    return chosen


def popularity(count: int) -> list[int]:
    """Weights of `count` places, the first one the most popular: 1 : 1/2 : 1/3 …, as whole numbers."""
    return [max(1, 5040 // (i + 1)) for i in range(count)]
