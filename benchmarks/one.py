"""Solve one instance with one strategy and print what was measured as JSON; a process of its own, so that its memory is too."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.memory import PeakMemory
from scheduler.io import read_instance
from scheduler.model import compile_book
from scheduler.offers.facts import Facts
from scheduler.solve import Progress, Settings, solve_book
from scheduler.verify import verify

#: A gap at which a schedule is as good as done.
CLOSE = 0.01


@dataclass(frozen=True, slots=True)
class Heard:
    """What a search said after so many seconds."""

    seconds: float
    phase: str
    best: int | None
    bound: int | None


def measure(folder: Path, settings: Settings) -> dict[str, Any]:
    """Read, find offers, compile, solve and verify, each timed.

    Returns
    -------
    dict
        Seconds since the beginning (``first_s``, ``close_s``; None where it did not come to that), or that a part took
        (``read_s``, ``offers_s``, ``compile_s``, ``search_s``, ``verify_s``, ``total_s``); objective and bounds in the sense of
        the policy; ``effort`` as in `Schedule`, or None; ``steps``: [seconds, gap] whenever the gap became smaller.
    """
    start = time.perf_counter()
    instance = read_instance(folder)
    read = time.perf_counter()
    facts = Facts(instance)
    offers = len(facts.offers)
    offered = time.perf_counter()
    book = compile_book(facts)
    compiled = time.perf_counter()
    heard: list[Heard] = []

    def listen(progress: Progress) -> None:
        heard.append(Heard(time.perf_counter() - start, progress.phase, progress.best, progress.bound))

    schedule = solve_book(book, settings, listen)
    solved = time.perf_counter()
    report = verify(instance, schedule)
    end = time.perf_counter()
    heard.sort(key=lambda h: h.seconds)
    heard.append(Heard(solved - start, "", schedule.objective, schedule.bound))
    if schedule.bound is None:  # with several levels what is said is about one after the other, and not about the whole
        heard = [Heard(h.seconds, h.phase, h.best, None) for h in heard]
    steps = gaps(heard)
    effort = schedule.effort
    root = None if effort is None else effort.root_bound
    return {
        "status": schedule.status.value if report.ok else "REFUSED",
        "chosen": schedule.strategy,
        "sense": schedule.sense,
        "offers": offers,
        "options": book.size,
        "placed": len(schedule.placements),
        "unplaced": len(schedule.unplaced),
        "objective": schedule.shown(schedule.objective),
        "bound": schedule.shown(schedule.bound),
        "gap": schedule.gap,
        "root_bound": schedule.shown(root),
        "root_gap": None
        if root is None or schedule.objective is None
        else (schedule.objective - root) / max(1, abs(schedule.objective)),
        "found_in": last_gain(heard, [None if h.best is None else -h.best for h in heard]),
        "proved_in": last_gain(heard, [h.bound for h in heard]),
        "effort": None if effort is None else effort.model_dump(mode="json"),
        "first_s": next((h.seconds for h in heard if h.best is not None), None),
        "close_s": next((s for s, gap in steps if gap <= CLOSE), None),
        "read_s": read - start,
        "offers_s": offered - read,
        "compile_s": compiled - offered,
        "search_s": solved - compiled,
        "verify_s": end - solved,
        "total_s": end - start,
        "steps": steps,
        "versions": schedule.versions,
    }


def gaps(heard: list[Heard]) -> list[tuple[float, float]]:
    """The proven gap over time: best cost so far against best bound so far."""
    steps: list[tuple[float, float]] = []
    best: int | None = None
    bound: int | None = None
    for h in heard:
        best = h.best if best is None else best if h.best is None else min(best, h.best)
        bound = h.bound if bound is None else bound if h.bound is None else max(bound, h.bound)
        if best is not None and bound is not None:
            gap = (best - bound) / max(1, abs(best))
            if not steps or gap < steps[-1][1]:
                steps.append((h.seconds, gap))
    return steps


def last_gain(heard: list[Heard], values: list[int | None]) -> str | None:
    """The phase in which the largest value was reached first; None where there is none.

    The report that begins a phase still tells what the phase before it brought.
    """
    phase, before, top = None, "", None
    for h, value in zip(heard, values, strict=True):
        if value is not None and (top is None or value > top):
            top, phase = value, before or h.phase
        before = h.phase
    return phase and phase.split(" (")[0]


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    with PeakMemory() as memory:
        figures = measure(Path(asked["folder"]), Settings(**asked["settings"]))
    print(json.dumps({**figures, "memory_mb": memory.megabytes}))
