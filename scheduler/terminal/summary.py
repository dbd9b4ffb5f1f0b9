"""The summary of a schedule, in the coordinator's words and 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

from rich.console import Console
from rich.text import Text

from scheduler.domain import Instance, Schedule, Unplaced
from scheduler.domain.wording import count, proof_sentence
from scheduler.terminal.screen import WIDTH

MOST_REASONS = 6
MOST_NAMES = 3
MOST_UNPLACED = 10
NARROWEST = 40
LABEL = 11
CONTINUED = ""
Line = tuple[str, str]


def summary_lines(schedule: Schedule, instance: Instance) -> list[Line]:
    """What a coordinator wants to know, as (label, sentence)."""
    places = sum(p.students for p in schedule.placements)
    placed = count(len(schedule.placements), "placement")
    if places != len(schedule.placements):
        placed += f", which are {count(places, 'student place')}"
    lines = [
        (f"{instance.name}: {_frame(instance)}", ""),
        ("Placed", placed),
        *_unplaced_lines(schedule),
        *_worst_off_lines(schedule),
        ("Proof", proof_sentence(schedule)),
    ]
    if costs := _costs(schedule):
        lines.append(("Cost" if schedule.sense == "minimise" else "Won", costs))
    return lines


def show_lines(console: Console, lines: list[Line]) -> None:
    """Print (label, sentence) lines in two columns; a line without a label continues the one above."""
    width = min(WIDTH, max(NARROWEST, console.width)) if console.is_terminal else WIDTH
    for label, sentence in lines:
        hanging = " " * (LABEL + (2 if label == CONTINUED else 0))
        text = Text(fill(f"{label:<{LABEL}}{sentence}", width - 1, subsequent_indent=hanging, break_on_hyphens=False))
        text.stylize("bold", 0, len(label))
        console.print(text, soft_wrap=True)


def summary_data(schedule: Schedule, folder: Path) -> dict[str, Any]:
    """The same for ``--json``."""
    return {
        "status": schedule.status.value,
        "placed": len(schedule.placements),
        "unplaced": len(schedule.unplaced),
        "more_possible_at_most": 0 if not schedule.unplaced else schedule.more,
        "objective": schedule.shown(schedule.objective),
        "bound": schedule.shown(schedule.bound),
        "gap": schedule.gap,
        "seconds": round(schedule.seconds, 1),
        "folder": str(folder),
    }


def _frame(instance: Instance) -> str:
    students = len(instance.students) + sum(g.size for g in instance.groups) - sum(bool(s.group) for s in instance.students)
    schools = count(len(instance.school_by_id), "school")
    return f"{count(students, 'student')} of {schools}, {instance.first_monday} to {instance.last_day}"


def _unplaced_lines(schedule: Schedule) -> list[Line]:
    if not schedule.unplaced:
        return [("Unplaced", "nobody")]
    by_reason: dict[str, list[str]] = {}
    for u in schedule.unplaced:
        by_reason.setdefault(u.reason or "no reason recorded", []).append(_name(u))
    reasons = sorted(by_reason.items(), key=lambda item: -len(item[1]))
    # Somebody who lacks two rotations is one student. (Parts of a group are people of their own.)
    students = sum({(u.student, u.group, u.part): u.students for u in schedule.unplaced}.values())
    lines = [("Unplaced", f"{count(len(schedule.unplaced), 'required rotation')} ({count(students, 'student')})")]
    lines += [(CONTINUED, f"{_some(who)}: {reason}") for reason, who in reasons[:MOST_REASONS]]
    if len(reasons) > MOST_REASONS:
        lines.append((CONTINUED, f"… and {count(len(reasons) - MOST_REASONS, 'more reason')}, see unplaced.csv"))
    return lines


def unplaced_names(rows: Sequence[Unplaced], most: int = MOST_UNPLACED) -> str:
    """Who lacks what: ``p-01 FM, mA part 2 NUR310 and 3 more``."""
    return _some([_name(row) for row in rows], most)


def _name(row: Unplaced) -> str:
    who = row.student or (f"{row.group} part {row.part}" if row.part else row.group)
    return f"{who} {row.requirement}"


def _some(names: list[str], most: int = MOST_NAMES) -> str:
    """The first few of many."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"


def _worst_off_lines(schedule: Schedule) -> list[Line]:
    """The points of whoever is worst off; negative ones are points won."""
    points = [s.penalty for s in schedule.scores if s.rule == "worst_off"]
    return [
        ("Worst-off", f"everybody wins at least {count(-n, 'point')}" if n < 0 else f"nobody pays more than {count(n, 'point')}")
        for n in points
    ]


def _costs(schedule: Schedule) -> str:
    """Objective, and what it is made of, largest first."""
    total = schedule.shown(schedule.objective)
    if total is None:
        return ""
    parts = sorted((s for s in schedule.scores if s.cost), key=lambda s: -abs(s.cost))
    made_of = ", ".join(f"{s.rule} {schedule.shown(s.cost):,}" for s in parts)
    return f"{total:,} points" + (f": {made_of}" if made_of else "")
