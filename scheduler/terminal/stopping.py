"""Ctrl-C and SIGTERM: the first asks the solver to stop with the best schedule so far, the second gives up."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, TypeVar

T = TypeVar("T")
SIGNALS = (signal.SIGINT, signal.SIGTERM)
LOOK_EVERY_S = 0.1


class Aborted(Exception):
    """A second Ctrl-C or SIGTERM: nothing is waited for any more."""


class Stopper:
    """While entered, turns the first stop signal into `requested` and the second into `Aborted`.

    Attributes
    ----------
    requested
        Set by the first signal; the solver watches it.
    """

    def __init__(self) -> None:
        self.requested = threading.Event()
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Stopper:
        # Python allows signal handlers in the main thread only; elsewhere (a test, a server) nobody presses Ctrl-C.
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._on_signal) for number in SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.requested.is_set():
            raise Aborted
        self.requested.set()


def work_beside(work: Callable[[], T], tick: Callable[[], None]) -> T:
    """Run `work` in a thread of its own and call `tick` about every 0.1 s; return what it returns, raise what it raises.

    The solver sits in C++ for seconds, and Python handles signals between instructions of the main thread only: with the
    solver elsewhere, Ctrl-C is noticed at once and the clock on the screen keeps going.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="solve", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(LOOK_EVERY_S)
        tick()
    if errors:
        raise errors[0]
    return results[0]
