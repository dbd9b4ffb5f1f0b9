"""What students still have to bring: its line in the summary, and its file among those written."""

from __future__ import annotations

from pathlib import Path

from scheduler.domain import Instance, Schedule
from scheduler.domain.onboarding import onboarding
from scheduler.domain.wording import count


def at_risk_lines(schedule: Schedule, instance: Instance) -> list[tuple[str, str]]:
    """How many compliance items are still due, when the first is, and how many have no time left; nothing where none is due."""
    rows = onboarding(instance, schedule.placements)
    if not rows:
        return []
    items, days = {(row.student, row.item) for row in rows}, {row.due for row in rows}
    whose = count(len({row.student for row in rows}), "student")
    when = f"the first on {min(days)}" if len(days) > 1 else f"on {min(days)}"
    verb = "is" if len(items) == 1 else "are"
    late = [(len({(row.student, row.item) for row in rows if row.status == status}), status) for status in ("overdue", "refused")]
    worst = "".join(f", {n} {status}" for n, status in late if n)
    return [("At risk", f"{count(len(items), 'compliance item')} of {whose} {verb} still due, {when}{worst}: onboarding.csv")]


def files_line(schedule: Schedule, instance: Instance, folder: Path) -> tuple[str, str]:
    """Which files of a solution were written where."""
    names = ["schedule.csv", "unplaced.csv", "solution.json"]
    if onboarding(instance, schedule.placements):
        names.insert(2, "onboarding.csv")
    return "Files", f"{folder}: {', '.join(names)}"
