"""What commands that plan ahead share: a schedule that holds, how long each question may take, progress beside the work."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from scheduler.domain import Instance, Schedule
from scheduler.errors import InputError
from scheduler.terminal.failures import MOST_PROBLEMS
from scheduler.terminal.inputs import load
from scheduler.terminal.options import NATURAL, PATH, SECONDS
from scheduler.terminal.outcome import show_violations
from scheduler.terminal.problems import show_problems
from scheduler.terminal.progress import ProgressLine
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Advanced
from scheduler.terminal.stopping import Stopper, work_beside

if TYPE_CHECKING:
    import threading

    from scheduler.solve import OnProgress, Settings

T = TypeVar("T")
SOLUTION = click.argument("solution", type=PATH, help="Solution folder, or a schedule.csv.")
TOP = click.option("--top", type=NATURAL, default=8, show_default=True, metavar="N", help="How many are looked into.")
EACH = click.option(
    "--time-limit", type=SECONDS, default=10, show_default=True, metavar="S", help="Seconds for each that is looked into."
)
WORKERS = click.option("--workers", cls=Advanced, type=NATURAL, default=0, metavar="N", help="Processor cores to use; 0 is all.")
CLUSTER = click.option("--cluster", cls=Advanced, metavar="ADDRESS", help="Dask cluster that shares the work.")
#: So many are listed; files and --json have all.
MOST_LISTED = 12


def read_held(instance: Path, solution: Path, policy: Path | None) -> tuple[Instance, Schedule | None]:
    """The instance and a schedule of it; no schedule, and why, where it breaks rules."""
    from scheduler.io import load_solution
    from scheduler.verify import verify

    data, _ = load(instance, policy, solution)
    schedule, problems = load_solution(solution, data)
    if schedule is None:
        raise InputError(problems)
    show_problems(screen(sys.stderr), [p for p in problems if p.severity != "note"])
    report = verify(data, schedule)
    if report.ok:
        return data, schedule
    show_violations(screen(sys.stderr), report.violations[:MOST_PROBLEMS])
    say(screen(sys.stderr), "The schedule breaks rules; rotations verify lists them all. Correct it first.", style="red")
    return data, None


def settings_of(time_limit: float, workers: int, cluster: str | None) -> Settings:
    from scheduler.solve import Settings

    return Settings(time_limit_s=time_limit, workers=workers or os.cpu_count() or 1, cluster=cluster)


def beside(data: Instance, work: Callable[[OnProgress, threading.Event], T]) -> T:
    """Do long work beside the progress line; the first Ctrl-C ends it with what there is."""
    with Stopper() as stopper, ProgressLine(screen(sys.stderr), data.policy.sense) as line:
        found = work_beside(lambda: work(line.update, stopper.requested), lambda: line.tick(stopping=stopper.requested.is_set()))
    if stopper.requested.is_set():
        say(screen(sys.stderr), "Stopped before the end; this is what was found so far.")
    return found
