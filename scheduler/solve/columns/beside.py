"""A search beside other work: while one core solves linear programs, the others improve the best schedule there is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from types import TracebackType

from scheduler.solve.columns.chains import Chain, Ended, Task, side_by_side
from scheduler.workers import Workers


class Beside:
    """Searches one after another, in a worker of their own, until the ``with`` block ends; what is still under way then is lost.

    Parameters
    ----------
    task
        Called before each search, in another thread: what to begin with.
    """

    def __init__(self, workers: Workers[Chain], task: Callable[[], Task]) -> None:
        self.workers, self.task = workers, task
        self._found: SimpleQueue[Ended] = SimpleQueue()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._search, daemon=True)

    def __enter__(self) -> Beside:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _search(self) -> None:
        while not self._over.is_set():
            for found in side_by_side(self.workers, [self.task()], self._over.is_set):
                self._found.put(found)

    def fetch(self) -> list[Ended]:
        """What has been found since the last time."""
        found = []
        while True:
            try:
                found.append(self._found.get_nowait())
            except Empty:
                return found
