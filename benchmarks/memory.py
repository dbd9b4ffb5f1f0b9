"""The most memory that this process and those that it has started have held together."""

from __future__ import annotations

import resource
import sys
import threading
from contextlib import suppress
from pathlib import Path

#: Seconds between two looks at processes that were started.
LOOK_S = 0.5


class PeakMemory:
    """Watches while it is entered. Processes that were started are counted where the system lists them (Linux)."""

    def __init__(self) -> None:
        self._together_mb = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def megabytes(self) -> float:
        """The peak so far: exact for this process alone, looked at now and then with others."""
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kilobytes, on macOS bytes
        return max(self._together_mb, own / (1_000_000 if sys.platform == "darwin" else 1_000))

    def _watch(self) -> None:
        while not self._over.wait(LOOK_S):
            if others_mb := sum(_held_mb(process) for process in _started(Path("/proc/self"))):
                self._together_mb = max(self._together_mb, _held_mb(Path("/proc/self")) + others_mb)


def _started(process: Path) -> list[Path]:
    """The processes that a process has started, and those that they have."""
    found: list[Path] = []
    with suppress(OSError):  # a process may end while it is looked at
        for children in process.glob("task/*/children"):
            for child in children.read_text().split():
                found += [Path("/proc") / child, *_started(Path("/proc") / child)]
    return found


def _held_mb(process: Path) -> float:
    with suppress(OSError):
        for line in (process / "status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1_000
    return 0.0
