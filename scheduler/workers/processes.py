"""Processes of this machine that hold a payload."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from loky import ProcessPoolExecutor

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Seconds between two looks of a process at whether the one it works for is still there.
LOOK_S = 1.0

#: Calls that need much memory for a while are no leak, for which loky would replace the process.
ENVIRONMENT = {"LOKY_MAX_MEMORY_LEAK_SIZE": "1e15"}

_held: list[Any] = []


class ProcessPlace:
    """Processes that get the payload when they start (see `Place`).

    loky's executor, as it does not run the caller's script once more in each process and ends processes that are busy.
    """

    lost: tuple[type[BaseException], ...] = ()

    def __init__(self, payload: Any, size: int) -> None:
        self.size = size
        self._packed = pickle.dumps(payload, protocol=pickle.HIGHEST_PROTOCOL)
        self._start()

    def _start(self) -> None:
        self.executor = ProcessPoolExecutor(self.size, initializer=_hold, initargs=(self._packed, os.getpid()), env=ENVIRONMENT)

    def started(self) -> Sequence[Future[int]]:
        """One short call for each process, done when it is ready."""
        return [self.executor.submit(_process, LOOK_S / 10) for _ in range(self.size)]

    def submit(self, call: Callable[[Any, Item], Result], item: Item) -> Future[Result]:
        future: Future[Result] = self.executor.submit(_with_held, call, item)
        return future

    def alive(self) -> bool:
        return True  # the executor tells at once when a process dies

    def renew(self) -> None:
        self.close()
        self._start()

    def close(self) -> None:
        self.executor.shutdown(wait=True, kill_workers=True)


def _hold(packed: bytes, parent: int) -> None:
    """In a new process: unpack the payload; leave Ctrl-C to the parent, and go when it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    _held[:] = [pickle.loads(packed)]


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os._exit(1)


def _process(seconds: float) -> int:
    """The id of this process, after a while, so that every process gets one such call."""
    time.sleep(seconds)
    return os.getpid()


def _with_held(call: Callable[[Any, Item], Result], item: Item) -> Result:
    return call(_held[0], item)
