"""Tables by person: who is where, the board of all weeks, and who comes to which preceptor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from scheduler.export.sheets import Sheet, Value
from scheduler.export.stays import Stay
from scheduler.export.tables.cells import Kind, coloured, group_name, natural, number, rotation, shift, table, weekdays
from scheduler.verify.facts import Facts

if TYPE_CHECKING:
    from scheduler.export.view import View

_STUDENT: tuple[tuple[str, Kind], ...] = (
    ("student", "text"),
    ("group", "text"),
    ("school", "text"),
    ("program", "text"),
    ("rotation", "text"),
    ("specialty", "text"),
    ("site", "text"),
    ("unit", "text"),
    ("slot", "text"),
    ("preceptor", "text"),
    ("team", "text"),
    ("start", "date"),
    ("end", "date"),
    ("weekdays", "text"),
    ("shift", "text"),
    ("weeks", "number"),
    ("hours", "number"),
    ("hours_lost", "number"),
    ("status", "text"),
)
_PRECEPTOR: tuple[tuple[str, Kind], ...] = (
    ("preceptor", "text"),
    ("kind", "text"),
    ("role", "text"),
    ("who", "text"),
    ("students", "number"),
    ("school", "text"),
    ("program", "text"),
    ("rotation", "text"),
    ("site", "text"),
    ("unit", "text"),
    ("start", "date"),
    ("end", "date"),
    ("weekdays", "text"),
    ("shift", "text"),
    ("weeks_used", "number"),
    ("most_weeks", "number"),
)


def by_student(seen: View) -> Sheet:
    """One row a student and placement; those of a group who have no name yet share one. What was declined says so."""
    rows = []
    for stay in (*seen.stays, *seen.gone):
        row = stay.row
        for student in _students(stay, alone=seen.reader is not None and seen.reader.kind == "student"):
            cells: tuple[Value, ...] = (
                student,
                group_name(stay),
                stay.school_name,
                stay.program_name,
                rotation(row.requirement, stay.requirement_name),
                row.specialty,
                stay.site_name,
                stay.unit_name,
                row.slot,
                stay.preceptor_name or stay.faculty,
                row.team,
                stay.first_day,
                stay.last_day,
                weekdays(stay),
                shift(stay),
                row.weeks,
                number(row.hours),
                number(row.hours_lost),
                row.status,
            )
            rows.append((natural(stay.school_name, stay.program_name, student, group_name(stay)), row.start, cells))
    body = [cells for _, _, cells in sorted(rows, key=lambda item: item[:2])]
    return table("by_student", _STUDENT, body, 1, (coloured(_STUDENT, str(cells[5])) for cells in body))


def _students(stay: Stay, alone: bool) -> Iterator[str]:
    """Who is placed, a row each; `alone`: without those of a group who are not named."""
    yield from stay.students
    rest = stay.row.students - len(stay.students)
    if stay.row.part:
        yield f"{stay.row.students} of the group"
    elif rest > 0 and not alone:
        yield f"{rest} to be named"


def board(seen: View) -> Sheet:
    """Party × week: the unit where somebody is; what is beside it is joined with a plus."""
    mondays = [seen.instance.first_monday + timedelta(days=7 * week) for week in range(seen.instance.weeks)]
    columns: list[tuple[str, Kind]] = [
        ("who", "text"),
        ("school", "text"),
        ("program", "text"),
        *((monday.isoformat(), "week") for monday in mondays),
    ]
    of_party: dict[tuple[str, str, str], list[Stay]] = {}
    for stay in seen.stays:
        of_party.setdefault((stay.school_name, stay.program_name, stay.who), []).append(stay)
    for missing in seen.report.unplaced:  # somebody with nothing at all has an empty row
        program = seen.instance.program_by_id[missing.program]
        school = seen.instance.school_by_id.get(program.school)
        part = f" part {missing.part}" if missing.part else ""
        who = missing.student or f"group {missing.group}{part}"
        of_party.setdefault(((school and school.name) or program.school, program.name or program.program, who), [])
    rows, colours = [], []
    for school_name, program_name, who in sorted(of_party, key=lambda key: natural(*key)):
        own = of_party[school_name, program_name, who]
        weeks = [_week(seen, own, monday) for monday in mondays]
        rows.append((who, school_name, program_name, *(text or None for text, _ in weeks)))
        colours.append(("", "", "", *(specialty for _, specialty in weeks)))
    return table("board", columns, rows, 1, colours)


def _week(seen: View, own: list[Stay], monday: date) -> tuple[str, str]:
    """Text and specialty of one party's week: blocks before what runs beside them."""
    there = [stay for stay in own if stay.row.start <= monday + timedelta(days=6) and stay.row.end >= monday]
    lanes = seen.instance.requirement_by_id
    there.sort(key=lambda s: (lanes[s.row.program, s.row.requirement].lane != "block", s.row.start, s.row.unit))
    units = dict.fromkeys(stay.row.unit for stay in there)
    return " + ".join(units), there[0].row.specialty if there else ""


def by_preceptor(seen: View, whole: Facts) -> Sheet:
    """One row a placement with a preceptor, or with the faculty member of its group.

    Parameters
    ----------
    whole
        The schedule of everybody: a preceptor's weeks count whoever comes.
    """
    rows = []
    for stay in seen.stays:
        row = stay.row
        group = seen.instance.group_by_id.get(row.group)
        faculty = (group.faculty or "") if group else ""
        # whoever has several parts in it, which only edited schedules have, is named for the first
        parts = {row.cover: "cover", faculty: "faculty", row.co_preceptor: "co-preceptor", row.preceptor: "preceptor"}
        for preceptor_id, role in parts.items():
            if not preceptor_id:
                continue
            person = seen.instance.preceptor_by_id[preceptor_id]
            first, last = (row.cover_start, row.cover_end) if role == "cover" else (stay.first_day, stay.last_day)
            name = person.name or person.preceptor
            cells: tuple[Value, ...] = (
                name,
                person.kind,
                role,
                stay.who,
                row.students,
                stay.school_name,
                stay.program_name,
                rotation(row.requirement, stay.requirement_name),
                stay.site_name,
                stay.unit_name,
                first,
                last,
                weekdays(stay),
                shift(stay),
                len(weeks_with_students(whole, preceptor_id)),
                person.most_weeks,
            )
            rows.append((natural(name, person.preceptor), row.start, natural(stay.who), person.preceptor, cells))
    rows.sort(key=lambda item: item[:3])
    ids = (preceptor for *_, preceptor, _ in rows)
    return table("by_preceptor", _PRECEPTOR, (cells for *_, cells in rows), ids=ids)


def weeks_with_students(whole: Facts, preceptor: str) -> set[int]:
    """Mondays (ordinals) of the weeks in which a preceptor or faculty member has students, or a commitment."""
    first = whole.instance.first_monday.toordinal()
    mondays = range(first, first + 7 * whole.instance.weeks, 7)
    windows = [window for _, window in whole.commitments.get(("preceptor", preceptor), ())]
    led = {g.group for g in whole.instance.groups if g.faculty == preceptor}
    placed = [p for p in whole.placed if p.party.group in led] if led else []
    return {m for m in mondays if any(window.in_week(m) for window in windows)} | {
        monday for p in (*whole.by_preceptor.get(preceptor, ()), *placed) for monday in range(whole.monday(p.start), p.end + 1, 7)
    }
