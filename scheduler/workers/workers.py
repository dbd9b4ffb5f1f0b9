"""Where work is done: here, in threads, in processes of this machine, or on a cluster; what comes out is the same.

Every place to work is a `concurrent.futures.Executor`. What many calls read (the *payload*) is sent to each worker once; a call
gets it with one item. A worker that dies takes nothing with it: its items are given out again, and in the end done here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

from scheduler.workers.processes import ProcessPlace

Payload = TypeVar("Payload")
Item = TypeVar("Item")
Result = TypeVar("Result")

#: Seconds of work after which processes are started: about twice what they take to start, so that this never doubles the time.
PROCESSES_AFTER_S = 5.0
#: How often items whose worker died are given out again before they are done here.
ATTEMPTS = 3
#: Seconds without a result after which it is asked whether any worker is left.
SILENT_S = 5.0
#: Seconds between two looks at whether work shall end.
LOOK_S = 0.05
#: Calls that small items are put together to, for each worker: more even out differences, fewer save messages.
PARTS = 4


class Place(Protocol):
    """Workers that hold the payload.

    Attributes
    ----------
    size
        How many calls run at once.
    lost
        What a future raises if its worker died.
    """

    size: int
    lost: tuple[type[BaseException], ...]

    def submit(self, call: Callable[[Any, Item], Result], item: Item) -> Future[Result]:
        """Call `call(payload, item)` at some worker."""
        ...

    def alive(self) -> bool:
        """Whether any worker is left."""
        ...

    def renew(self) -> None:
        """Replace what died, and send the payload again."""
        ...

    def close(self) -> None:
        """End workers, whatever they do."""
        ...


class ThreadPlace:
    """Threads of this process."""

    lost: tuple[type[BaseException], ...] = ()

    def __init__(self, payload: Any, size: int) -> None:
        self.payload, self.size = payload, size
        self.executor: Executor = ThreadPoolExecutor(size)

    def submit(self, call: Callable[[Any, Item], Result], item: Item) -> Future[Result]:
        return self.executor.submit(call, self.payload, item)

    def alive(self) -> bool:
        return True

    def renew(self) -> None:
        pass

    def close(self) -> None:
        self.executor.shutdown(cancel_futures=True)


class Workers(Generic[Payload]):
    """Calls with one payload, as many at once as there are workers.

    Without a cluster work begins in threads; where it takes long, processes are started beside it and take over. Use it in a
    ``with`` block.

    Parameters
    ----------
    payload
        What every call gets first. Calls may keep things in it to save time, but what they return must not depend on that.
    size
        How many calls are done at once on this machine.
    cluster
        Address of a Dask cluster to be used instead.
    processes_after_s
        Seconds of work after which processes are started; 0: at once, infinite: never. One worker needs none.
    """

    def __init__(
        self, payload: Payload, size: int, *, cluster: str | None = None, processes_after_s: float = PROCESSES_AFTER_S
    ) -> None:
        self.payload = payload
        self.processes_after_s = processes_after_s if size > 1 and cluster is None else float("inf")
        self.worked_s = 0.0
        self._starting: tuple[ProcessPlace, Sequence[Future[int]]] | None = None
        self.place: Place
        if cluster is not None:
            self.place = _cluster(cluster, payload)
        elif size > 1 and processes_after_s == 0:
            self.place = ProcessPlace(payload, size)
        else:
            self.place = ThreadPlace(payload, size)

    def __enter__(self) -> Workers[Payload]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End all workers; calls that are under way are not waited for, except in threads."""
        self.place.close()
        if self._starting:
            self._starting[0].close()
            self._starting = None

    def parts(self, items: int) -> int:
        """Into how many calls so many small items are best put together: one each, unless calls are sent away."""
        self._take_over()
        return items if isinstance(self.place, ThreadPlace) else min(items, PARTS * self.place.size)

    def map(
        self,
        call: Callable[[Payload, Item], Result],
        items: Sequence[Item],
        *,
        over: Callable[[], bool] = lambda: False,
    ) -> list[Result | None]:
        """Call `call(payload, item)` for each item.

        Parameters
        ----------
        call
            A function of a module (workers find it by its name) that does the same wherever and however often it is called.
        over
            Asked now and then: true ends the work.

        Returns
        -------
        list
            In the order of the items; None where work ended before.
        """
        self._take_over()
        began = time.monotonic()
        results: list[Result | None] = [None] * len(items)
        missing = set(range(len(items)))
        if self.place.size == 1 and isinstance(self.place, ThreadPlace):
            return [None if over() else call(self.payload, item) for item in items]
        for _ in range(ATTEMPTS):
            if not missing or over():
                break
            if self._round(call, items, results, missing, over):
                break
            self._renew()
        else:
            for k in sorted(missing):
                results[k] = None if over() else call(self.payload, items[k])
        self.worked_s += time.monotonic() - began
        return results

    def _round(
        self,
        call: Callable[[Payload, Item], Result],
        items: Sequence[Item],
        results: list[Result | None],
        missing: set[int],
        over: Callable[[], bool],
    ) -> bool:
        """Give out what is missing and take what comes back; false if workers died meanwhile."""
        running: dict[Future[Result], int] = {}
        lost = self._lost
        sound, heard = True, time.monotonic()
        try:
            for k in sorted(missing):
                running[self.place.submit(call, items[k])] = k
            while running and not over():
                done = wait(running, timeout=LOOK_S).done
                if done:
                    heard = time.monotonic()
                elif time.monotonic() > heard + SILENT_S:
                    heard = time.monotonic()
                    if not self.place.alive():
                        return False
                for future in done:
                    k = running.pop(future)
                    try:
                        results[k] = future.result()
                        missing.discard(k)
                    except lost:
                        sound = False
        except lost:
            sound = False
        finally:
            for future in running:
                future.cancel()
            if isinstance(self.place, ThreadPlace):  # the payload is not free before they end
                wait(running)
        return sound

    @property
    def _lost(self) -> tuple[type[BaseException], ...]:
        return (BrokenExecutor, *self.place.lost)

    def _renew(self) -> None:
        """Replace dead workers; where that is not possible, go on in threads."""
        try:
            self.place.renew()
        except self._lost:
            size = self.place.size
            self.place.close()
            self.place = ThreadPlace(self.payload, min(size, os.cpu_count() or 1))

    def _take_over(self) -> None:
        """Start processes once work has taken so long that they pay, and use them from when they are ready."""
        if self._starting:
            processes, ready = self._starting
            if all(future.done() for future in ready):
                self._starting = None
                if any(future.exception() for future in ready):
                    processes.close()
                else:
                    self.place.close()
                    self.place = processes
        elif isinstance(self.place, ThreadPlace) and self.worked_s > self.processes_after_s:
            self.processes_after_s = float("inf")
            with suppress(Exception):  # no room, no semaphores, no children allowed: threads go on
                processes = ProcessPlace(self.payload, self.place.size)
                self._starting = processes, processes.started()


def _cluster(address: str, payload: object) -> Place:
    from scheduler.workers.cluster import ClusterPlace  # an extra: not everybody has it

    return ClusterPlace(address, payload)
