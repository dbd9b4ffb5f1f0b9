"""A term written as the files that a coordinator would write: tables as text in, a schedule that passed its check out."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from textwrap import dedent

from scheduler.domain import Instance, Placement, Schedule
from scheduler.io import read_instance
from scheduler.solve import Settings, solve
from scheduler.verify import verify

FALL = """
    name = "fall"
    first_monday = 2026-08-24
    weeks = 16
    planning_date = 2026-06-15
"""


def read_term(folder: Path, instance: str = FALL, /, **tables: str) -> Instance:
    """Write ``instance.toml`` and one CSV file a table into a new folder, and read it."""
    folder.mkdir(parents=True)
    (folder / "instance.toml").write_text(dedent(instance), "utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(dedent(text).strip() + "\n", "utf-8")
    return read_instance(folder)


def solved(instance: Instance) -> Schedule:
    """The best schedule, which the verifier has accepted."""
    schedule = solve(instance, Settings(workers=1, time_limit_s=30))
    report = verify(instance, schedule)
    assert report.violations == ()
    return schedule


def penalty(schedule: Schedule, rule: str) -> int:
    """What a schedule says that a rule costs, in the rule's own unit."""
    (score,) = (s for s in schedule.scores if s.rule == rule)
    return score.penalty


def dates(placement: Placement) -> list[date]:
    """The dates on which the placement has its sessions, pauses included: counted here, not asked of the program."""
    days = [placement.start + timedelta(days=n) for n in range((placement.end - placement.start).days + 1)]
    return [day for day in days if day.weekday() in placement.weekdays]
