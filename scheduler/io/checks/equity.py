"""Least shares and earlier terms that contradict themselves, or that say nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from scheduler.domain.tables import Group, History, Program, School, Student
from scheduler.io.checks.draft import Draft, Say


def check_least_shares(draft: Draft) -> None:
    """A share is at most 100 %, and of a school that has somebody to place."""
    programs = {p.program: p.school for _, p in draft.each(Program, partial=True)}
    sending = {programs.get(s.program) for _, s in draft.each(Student, partial=True)}
    sending |= {programs.get(g.program) for _, g in draft.each(Group, partial=True)}
    whole = all(draft.tables[name].readable for name in ("programs", "students", "groups"))
    for say, row in draft.each(School):
        percent = row.least_placed_percent
        if percent is not None and percent > 100:
            say("least_placed_percent", "the number is too large", "type", value=percent, expected="0 to 100")
        elif percent and whole and row.school not in sending:
            message = "the school has no students or groups of whom anything could be placed"
            say("least_placed_percent", message, "no_effect", value=percent, severity="warning")


def check_history(draft: Draft) -> None:
    """Earlier terms are earlier, of the school's own programs, and somebody came."""
    rows: dict[str, list[tuple[Say, History]]] = defaultdict(list)
    horizon = draft.frame.horizon
    for say, row in draft.each(History):
        rows[row.school].append((say, row))
        program = draft.programs.get(row.program) if row.program else None
        if program is not None and program.school not in (None, row.school):
            message = f"the program is one of school {program.school}"
            say("program", message, "other_school", value=row.program, severity="warning", expected=f"a program of {row.school}")
        if row.requirement is not None and row.program is None:
            message = "holds for the rotations of this name of all programs of the school"
            say("requirement", message, "no_program", value=row.requirement, severity="warning", expected="a program beside it")
        if row.start_week is not None and horizon is not None and row.start_week >= horizon[0]:
            message = f"is not before the first Monday ({horizon[0]})"
            say("start_week", message, "outside", value=row.start_week, severity="warning", expected="a week of an earlier term")
        if row.used > row.granted > 0:
            say("used", f"is larger than granted ({row.granted})", "least_above_most", value=row.used, severity="warning")
    for school, own in rows.items():
        if not any(row.used for _, row in own):
            message = f"nobody of {school} came in any term: no share is kept for the school"
            own[0][0]("used", message, "no_effect", value=0, severity="warning", expected="how many students came")


CHECKS: tuple[Callable[[Draft], None], ...] = (check_least_shares, check_history)
