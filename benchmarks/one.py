"""Solve one instance with one strategy and print what was measured as JSON; a process of its own, so that its memory is too."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

import scheduler.solve
from scheduler.domain import Schedule
from scheduler.io import read_instance
from scheduler.model import compile_book
from scheduler.solve import Progress, Settings
from scheduler.verify import verify

#: A gap at which a schedule is as good as done.
CLOSE = 0.01
Step = tuple[float, int | None, int | None]


def measure(folder: Path, settings: Settings) -> dict[str, Any]:
    """Read, compile, solve and verify, each timed.

    Returns
    -------
    dict
        Times in seconds since the compiling began (``first_s``, ``close_s``; None where it did not come to that), or that a part
        took (``read_s``, ``compile_s``, ``search_s``, ``verify_s``, ``total_s``); objective and bound in the sense of the policy;
        ``steps``: [seconds, gap] whenever the gap became smaller.
    """
    start = time.perf_counter()
    instance = read_instance(folder)
    read = time.perf_counter()
    book = compile_book(instance)
    compiled = time.perf_counter()
    heard: list[Step] = []

    def listen(progress: Progress) -> None:
        heard.append((time.perf_counter() - read, progress.best, progress.bound))

    # `solve` chooses the strategy for "auto"; it is given the book that was timed instead of compiling once more.
    with patch.object(scheduler.solve, "compile_book", return_value=book):
        schedule = scheduler.solve.solve(instance, settings, listen)
    solved = time.perf_counter()
    report = verify(instance, schedule)
    end = time.perf_counter()
    steps = gaps(heard, schedule, solved - read)
    return {
        "status": schedule.status.value if report.ok else "REFUSED",
        "chosen": schedule.strategy,
        "options": book.size,
        "placed": len(schedule.placements),
        "unplaced": len(schedule.unplaced),
        "objective": schedule.shown(schedule.objective),
        "bound": schedule.shown(schedule.bound),
        "gap": schedule.gap,
        "first_s": next((s for s, best, _ in heard if best is not None), solved - read if schedule.placements else None),
        "close_s": next((s for s, gap in steps if gap <= CLOSE), None),
        "read_s": read - start,
        "compile_s": compiled - read,
        "search_s": solved - compiled,
        "verify_s": end - solved,
        "total_s": end - start,
        "memory_mb": peak_memory_mb(),
        "steps": steps,
        "versions": schedule.versions,
    }


def gaps(heard: list[Step], schedule: Schedule, end_s: float) -> list[tuple[float, float]]:
    """The proven gap over time: best cost so far against best bound so far.

    With several levels what is heard is about one level after the other, and no gap of the whole: then there are no steps.
    """
    if schedule.objective is None or schedule.bound is None:
        return []
    steps: list[tuple[float, float]] = []
    best: int | None = None
    bound: int | None = None
    for seconds, cost, below in [*sorted(heard, key=lambda step: step[0]), (end_s, schedule.objective, schedule.bound)]:
        best = cost if best is None else best if cost is None else min(best, cost)
        bound = below if bound is None else bound if below is None else max(bound, below)
        if best is not None and bound is not None:
            gap = (best - bound) / max(1, abs(best))
            if not steps or gap < steps[-1][1]:
                steps.append((seconds, gap))
    return steps


def peak_memory_mb() -> float:
    """The most memory that this process has held at once, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kilobytes, on macOS bytes
    return peak / (1_000_000 if sys.platform == "darwin" else 1_000)


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    print(json.dumps(measure(Path(asked["folder"]), Settings(**asked["settings"]))))
