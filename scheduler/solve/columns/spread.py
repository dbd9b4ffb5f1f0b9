"""Pricing spread over workers: each call prices some blocks, and what it has learnt of them comes back with the schedules.

So it does not matter which worker prices a block, or whether one has to price it again as another died: what comes out is what
pricing here, block after block, would find.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Container, Mapping, Sequence
from typing import NamedTuple, Protocol

from scheduler.offers.days import IntArray
from scheduler.pricing.labels import NEVER
from scheduler.pricing.pricing import EFFORTS, Found, Prices, Pricing
from scheduler.workers import Workers

#: Blocks with more options than this together stay in this process, and are priced in threads: elsewhere they would need as much
#: memory again.
MOST_SENT = 400_000
#: Effort at which pricing leaves out as little as it can.
MOST_EFFORT = len(EFFORTS)

#: What pricing keeps from call to call: multipliers, and whether there was no call yet.
Memory = tuple[IntArray, bool]


class CanPrice(Protocol):
    """Finds the cheapest schedule of one block; see `scheduler.pricing.Pricing`."""

    def cheapest(self, prices: Prices, cut: int = NEVER, *, effort: int = MOST_EFFORT, least_effort: int = 1) -> Found: ...


class Job(NamedTuple):
    """Some blocks to be priced: by block its cut and what is kept of earlier calls; from least to most effort, for so many
    seconds at most."""

    prices: Prices
    efforts: tuple[int, int]
    seconds: float
    blocks: Sequence[tuple[int, int, Memory | None]]


def price(pricings: Mapping[int, CanPrice], job: Job) -> list[tuple[int, Found, Memory | None]]:
    """Price the blocks of a job, one after another, as long as there is time."""
    until = time.monotonic() + job.seconds
    found: list[tuple[int, Found, Memory | None]] = []
    for b, cut, memory in job.blocks:
        if found and time.monotonic() > until:
            break
        pricing = pricings[b]
        _remind(pricing, memory)
        least, most = job.efforts
        found.append((b, pricing.cheapest(job.prices, cut, effort=most, least_effort=least), _memory(pricing)))
    return found


class Spread:
    """All blocks, priced by as many workers as there are.

    Parameters
    ----------
    workers
        How many calls are done at once on this machine.
    cluster
        Address of a Dask cluster to be used instead; blocks that only CP-SAT can price stay here.
    """

    def __init__(self, pricings: Sequence[CanPrice], workers: int, cluster: str | None = None) -> None:
        self.pricings = pricings
        movable = {b: p for b, p in enumerate(pricings) if isinstance(p, Pricing)}
        others = {b: p for b, p in enumerate(pricings) if b not in movable}
        self.groups: list[Workers[Mapping[int, CanPrice]]] = []
        if movable:
            options = sum(len(p.resources.order) for p in movable.values())
            stay = {"processes_after_s": math.inf} if options > MOST_SENT else {}
            self.groups.append(Workers(movable, workers, cluster=cluster, **stay))
        if others:
            self.groups.append(Workers(others, workers, processes_after_s=math.inf))

    def cheapest(
        self,
        prices: Prices,
        cuts: Sequence[int],
        *,
        effort: int,
        least_effort: int = 1,
        seconds: float,
        over: Callable[[], bool],
        only: Container[int] | None = None,
    ) -> list[Found | None]:
        """Price every block, or only some; None for the others, and where time was up before.

        Parameters
        ----------
        cuts
            By block, what a schedule must cost less than.
        effort, least_effort
            See `Pricing.cheapest`.
        seconds, over
            Time that is left, and whether to end at once.
        """
        found: list[Found | None] = [None] * len(self.pricings)
        for workers in self.groups:
            blocks = [(b, cuts[b], _memory(pricing)) for b, pricing in workers.payload.items() if only is None or b in only]
            jobs = [
                Job(prices, (least_effort, effort), seconds, blocks[k::n])
                for n in (workers.parts(len(blocks)),)
                for k in range(n)
            ]
            for done in workers.map(price, jobs, over=over):
                for b, x, memory in done or ():
                    found[b] = x
                    _remind(self.pricings[b], memory)
        return found

    def close(self) -> None:
        """End all workers."""
        for workers in self.groups:
            workers.close()


def _memory(pricing: CanPrice) -> Memory | None:
    return (pricing.multiplier, pricing.fresh) if isinstance(pricing, Pricing) else None


def _remind(pricing: CanPrice, memory: Memory | None) -> None:
    if isinstance(pricing, Pricing) and memory is not None:
        pricing.multiplier, pricing.fresh = memory
