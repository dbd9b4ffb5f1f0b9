"""What is said when a solve ends without a schedule that may be written, and which rules a schedule breaks."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from scheduler.domain import Instance, Schedule, Status
from scheduler.domain.wording import count
from scheduler.terminal.failures import MOST_PROBLEMS, NOTHING
from scheduler.terminal.problems import show_problems
from scheduler.terminal.screen import say, screen

if TYPE_CHECKING:
    from scheduler.verify import Report, Violation


def no_schedule(schedule: Schedule, instance: Instance, stopped: bool) -> int:
    """Say which of the two it is: proved that there is none, or none found."""
    console = screen(sys.stderr)
    if schedule.status is Status.INFEASIBLE:
        say(console, "No schedule exists: it is proved that the hard rules contradict each other.", style="red")
        from scheduler.model.check import check_offers

        impossible = [p for p in check_offers(instance) if p.severity == "error"]
        show_problems(console, impossible, MOST_PROBLEMS)
        if not impossible and any(pin.pin == "must" for pin in instance.pins):
            pinned = count(sum(pin.pin == "must" for pin in instance.pins), "'must' pin")
            say(
                console,
                f"Look at the {pinned} first: each is possible alone. With 'prefer' instead, the schedule shows who gives way.",
            )
    else:
        why = "before it was stopped" if stopped else "in the time given; a longer --time-limit may help"
        say(console, f"No schedule was found {why}. This does not prove that there is none.", style="red")
    say(console, "Nothing was written.")
    return NOTHING


def checked(instance: Instance, schedule: Schedule, folder: Path) -> Report | None:
    """Check a solver's schedule independently; a mismatch is our mistake and is said, not written (None)."""
    from scheduler.verify import verify as verify_schedule

    report = verify_schedule(instance, schedule)
    if report.ok:
        return report
    console = screen(sys.stderr)
    say(console, "The schedule that was found does not pass the independent check, so it was not written.", style="red")
    show_violations(console, report.violations[:MOST_PROBLEMS])
    kept = f" The earlier schedule in {folder} is as it was." if folder.exists() else ""
    say(console, f"This is a mistake in rotations, not in your data; please report it.{kept}")
    return None


def show_violations(console: Console, violations: Sequence[Violation]) -> None:
    """Print each broken rule in a sentence."""
    for violation in violations:
        say(console, f"{violation.rule}: {violation.sentence}", style="red")


def show_gave_way(console: Console, gave_way: Sequence[Violation]) -> None:
    """Print where soft rules are not kept: the first few of each, and how many more."""
    for rule, found in groupby(gave_way, key=lambda v: v.rule):
        places = list(found)
        for place in places[:MOST_PROBLEMS]:
            say(console, f"{rule} (soft): {place.sentence}", style="yellow")
        if len(places) > MOST_PROBLEMS:
            more = count(len(places) - MOST_PROBLEMS, "more place")
            say(console, f"{rule} (soft): … and {more}; the exported table not_kept lists all.", style="yellow")


def show_broken(violations: Sequence[Violation]) -> None:
    """Say that an exported schedule breaks rules, and the first of what it breaks, as far as its reader may know."""
    console = screen(sys.stderr)
    show_violations(console, violations[:MOST_PROBLEMS])
    more = len(violations) - MOST_PROBLEMS
    if more > 0:
        say(console, f"… and {count(more, 'more violation')}; rotations verify lists all.", style="red")
    hint = "" if violations else " (rotations verify lists them)"  # none of them is about this reader
    say(console, f"The schedule breaks rules{hint}. It was written all the same, and says so.", style="red")
