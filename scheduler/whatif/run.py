"""Solving many alternatives: one after another with all cores, or several at once on a core each; what is done is kept."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from scheduler.domain import Schedule
from scheduler.solve import OnProgress, Progress, Settings
from scheduler.whatif.alternatives import Alternative, Outcome, solved
from scheduler.whatif.results import Results
from scheduler.workers import Workers


@dataclass
class Job:
    """What every solve of a sweep begins with; elsewhere nobody can stop it but by ending the worker."""

    start: Schedule | None
    settings: Settings
    stop: threading.Event = field(default_factory=threading.Event)

    def __getstate__(self) -> dict[str, Any]:
        return {"start": self.start, "settings": self.settings}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.start, self.settings, self.stop = state["start"], state["settings"], threading.Event()


def solve_at(job: Job, wanted: Alternative) -> Outcome:
    """Solve one alternative (a call for workers)."""
    return solved(wanted, job.start, job.settings, stop=job.stop)


def one_by_one(
    wanted: Sequence[Alternative],
    base: Outcome,
    settings: Settings,
    results: Results,
    on_progress: OnProgress,
    stop: threading.Event,
) -> Iterator[Outcome]:
    """Alternatives in their order, each with all cores; what `results` has already, or is the base, is not solved again."""
    start = base.schedule if base.solved else None
    for number, each in enumerate(wanted, start=1):
        outcome = _as_base(base, each) or results.read(each)
        if outcome is None:
            if stop.is_set():
                return
            outcome = solved(each, start, settings, _titled(on_progress, f"{each.name} ({number} of {len(wanted)})"), stop)
            results.write(outcome)
        yield outcome


def at_once(
    wanted: Sequence[Alternative],
    base: Outcome,
    settings: Settings,
    results: Results,
    on_progress: OnProgress,
    stop: threading.Event,
) -> Iterator[Outcome]:
    """Several alternatives at once, a core (or a worker of a cluster) each; alternatives that are the same are solved once.

    What was not finished when it was stopped is not kept.
    """
    first: dict[str, Alternative] = {}
    for each in wanted:
        first.setdefault(each.key, each)
    found: dict[str, Outcome] = {}
    for key, each in first.items():
        known = _as_base(base, each) or results.read(each)
        if known is not None:
            found[key] = known
    open_ = [(key, each) for key, each in first.items() if key not in found]
    size = settings.workers or os.cpu_count() or 1
    job = Job(base.schedule if base.solved else None, replace(settings, workers=1, cluster=None), stop)
    with Workers(job, min(size, max(1, len(open_))), cluster=settings.cluster) as workers:
        while open_ and not stop.is_set():
            some, open_ = open_[: workers.place.size], open_[workers.place.size :]
            said = f"{len(found)} of {len(first)} alternatives, now {', '.join(each.name for _, each in some)}"
            on_progress(Progress(0.0, said))
            ended = workers.map(solve_at, [each for _, each in some], over=stop.is_set)
            for (key, _), outcome in zip(some, ended, strict=True):
                if outcome is not None and outcome.complete:
                    found[key] = outcome
                    results.write(outcome)
    for each in wanted:
        if each.key in found:
            yield replace(found[each.key], alternative=each)


def _as_base(base: Outcome, wanted: Alternative) -> Outcome | None:
    """What the base is, where an alternative changes nothing."""
    return replace(base, alternative=wanted) if wanted.instance == base.alternative.instance else None


def _titled(on_progress: OnProgress, title: str) -> Callable[[Progress], None]:
    return lambda progress: on_progress(replace(progress, phase=f"{title}: {progress.phase}"))
