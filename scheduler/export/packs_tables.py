"""The tables of packs: what one student, preceptor or unit asks about their own placements, in few columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from scheduler.domain import Instance
from scheduler.domain.tables import Preceptor, School
from scheduler.export.sheets import Sheet, Value
from scheduler.export.stays import Stay
from scheduler.export.tables.cells import Kind, clock, natural, number, rotation, table, weekdays

_OWN: tuple[tuple[str, Kind], ...] = (
    ("start", "date"),
    ("end", "date"),
    ("rotation", "text"),
    ("unit", "text"),
    ("site", "text"),
    ("address", "text"),
    ("when", "text"),
    ("with", "text"),
    ("group", "text"),
    ("hours", "number"),
    ("status", "text"),
    ("off", "text"),
    ("note", "text"),
)
_COMING: tuple[tuple[str, Kind], ...] = (
    ("start", "date"),
    ("end", "date"),
    ("who", "text"),
    ("students", "number"),
    ("named", "text"),
    ("school", "text"),
    ("program", "text"),
    ("level", "text"),
    ("rotation", "text"),
    ("when", "text"),
    ("with", "text"),
    ("status", "text"),
    ("off", "text"),
)
_TAUGHT: tuple[tuple[str, Kind], ...] = (
    *_COMING[:9],
    ("where", "text"),
    ("when", "text"),
    ("role", "text"),
    ("status", "text"),
    ("off", "text"),
)
_MISSING: tuple[tuple[str, Kind], ...] = (
    ("rotation", "text"),
    ("missing", "number"),
    ("unit", "text"),
)
_DUE: tuple[tuple[str, Kind], ...] = (
    ("due", "date"),
    ("item", "text"),
    ("status", "text"),
    ("rotation", "text"),
    ("note", "text"),
)


def own_rotations(stays: Iterable[Stay]) -> Sheet:
    """One row a placement of a student, by date. Of a group only its name is told; who else is in it is not."""
    rows: list[tuple[Value, ...]] = [
        (
            stay.first_day,
            stay.last_day,
            rotation(stay.row.requirement, stay.requirement_name),
            stay.unit_name,
            stay.site_name,
            stay.place or None,
            _when(stay),
            _with(stay) or None,
            stay.row.who if stay.row.group else None,
            number(stay.row.hours),
            stay.row.status,
            _off(stay),
            f"only if you are in part {stay.row.part}; who is in which part is open" if stay.row.part else None,
        )
        for stay in _by_date(stays)
    ]
    return filled(table("rotations", _OWN, rows))


def still_missing(instance: Instance, missing: Iterable[tuple[str, str, int, str]]) -> Sheet:
    """One row a rotation that is not placed yet, of (program, rotation, how much, of what)."""
    rows: list[tuple[Value, ...]] = []
    for program, name, amount, unit in missing:
        required = instance.requirement_by_id.get((program, name))
        rows.append((rotation(name, required.name or name) if required else f"electives {name}", amount, unit))
    return table("missing", _MISSING, rows)


def contacts(schools: Iterable[School]) -> Sheet | None:
    """Whom to ask at each school; None where none says."""
    rows: list[tuple[Value, ...]] = [(school.name or school.school, school.contact) for school in schools if school.contact]
    return table("contacts", (("school", "text"), ("contact", "text")), rows) if rows else None


def due(rows: Iterable[tuple[date, str, str, str, str]]) -> Sheet:
    """One row a compliance item of a student, of (due, item, how far, rotation, note): when first, and for which rotations."""
    found: dict[tuple[str, str], list[tuple[date, str, str]]] = {}
    for day, item, status, name, note in rows:
        found.setdefault((item, status), []).append((day, name, note))
    made: list[tuple[Value, ...]] = [
        (min(those)[0], item, status, ", ".join(dict.fromkeys(name for _, name, _ in those)), min(those)[2] or None)
        for (item, status), those in found.items()
    ]
    return filled(table("due", _DUE, sorted(made, key=lambda row: (str(row[0]), str(row[1])))))


def coming(stays: Iterable[Stay], instance: Instance) -> Sheet:
    """One row a placement in a unit, by date."""
    rows = [(*_party(stay, instance), _when(stay), _with(stay) or None, stay.row.status, _off(stay)) for stay in _by_date(stays)]
    return filled(table("coming", _COMING, rows, 3))


def taught(stays: Iterable[tuple[Stay, str]], instance: Instance) -> Sheet:
    """One row a placement of a preceptor, by date; with it, as what the preceptor is there."""
    rows = [
        (
            *_party(stay, instance),
            stay.unit_and_site,
            _when(stay),
            role,
            stay.row.status,
            _off(stay),
        )
        for stay, role in sorted(stays, key=lambda found: _date_key(found[0]))
    ]
    return filled(table("students", _TAUGHT, rows, 3))


def role_of(stay: Stay, who: str, faculty: str) -> str:
    """As what somebody is in a placement; `faculty` is who leads its group."""
    parts = {stay.row.cover: "cover", faculty: "faculty", stay.row.co_preceptor: "co-preceptor", stay.row.preceptor: "preceptor"}
    return parts[who]


def forward(stays: Sequence[Stay], instance: Instance) -> Sheet:
    """Placement × week: how many students come, from the week of the planning date to the last one with students."""
    ahead = [stay for stay in _by_date(stays) if stay.last_day >= monday_of(instance.planning_date)]
    first = max(instance.first_monday, monday_of(instance.planning_date))
    if ahead:
        first = max(first, monday_of(min(stay.first_day for stay in ahead)))
    last = max((stay.last_day for stay in ahead), default=first)
    mondays = [first + timedelta(days=7 * week) for week in range((last - first).days // 7 + 1)] if ahead else []
    columns: list[tuple[str, Kind]] = [("who", "text"), ("school", "text")]
    columns += [(monday.isoformat(), "week") for monday in mondays]
    rows, colours = [], []
    for stay in ahead:
        there = [_is_there(stay, monday) for monday in mondays]
        rows.append((stay.who, stay.school_name, *(stay.row.students if there_then else None for there_then in there)))
        colours.append(("", "", *(stay.row.specialty if there_then else "" for there_then in there)))
    return table("forward", columns, rows, 1, colours)


def supervisor(person: Preceptor) -> str:
    """A preceptor's name; the id where there is none."""
    return person.name or person.preceptor


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _is_there(stay: Stay, monday: date) -> bool:
    end = monday + timedelta(days=6)
    if stay.follows:
        return stay.row.start <= end and stay.row.end >= monday
    return any(monday <= day <= end for day in stay.sessions)


def _party(stay: Stay, instance: Instance) -> tuple[Value, ...]:
    row = stay.row
    required = instance.requirement_by_id.get((row.program, row.requirement))
    named = ", ".join(sorted(stay.students, key=natural)) if row.group else ""
    return (
        stay.first_day,
        stay.last_day,
        stay.who,
        row.students,
        named or None,
        stay.school_name,
        stay.program_name,
        (required.level if required else None) or None,
        rotation(row.requirement, stay.requirement_name),
    )


def _off(stay: Stay) -> str | None:
    """Days without a session between the first and the last one: ``26 Nov (holiday)``."""
    days = [(day, why) for day, why in stay.paused if stay.first_day < day < stay.last_day]
    return ", ".join(f"{_day(day)} ({why})" for day, why in days) or None


def _when(stay: Stay) -> str:
    """``Tu Th 07:00-19:00``."""
    return f"{weekdays(stay)} {clock(stay.span) if stay.timed and not stay.follows else ''}".strip()


def _with(stay: Stay) -> str:
    return stay.preceptor_name or (f"faculty {stay.faculty}" if stay.faculty else "")


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _by_date(stays: Iterable[Stay]) -> list[Stay]:
    return sorted(stays, key=_date_key)


def _date_key(stay: Stay) -> tuple[object, ...]:
    return stay.first_day, stay.last_day, natural(stay.school_name, stay.who), stay.row.requirement


def filled(made: Sheet) -> Sheet:
    """A table without the columns in which nobody has anything; weeks of a calendar stay, or it would have holes."""
    plain = [(i, column.key) for i, column in enumerate(made.columns) if column.kind != "week"]
    return without(made, {key for i, key in plain if made.rows and all(row[i] in (None, "") for row in made.rows)})


def without(table: Sheet, keys: Collection[str]) -> Sheet:
    """A table without some of its columns."""
    kept = [i for i, column in enumerate(table.columns) if column.key not in keys]
    return replace(
        table,
        columns=tuple(table.columns[i] for i in kept),
        rows=tuple(tuple(row[i] for i in kept) for row in table.rows),
        frozen=min(table.frozen, len(kept)),
        specialties=tuple(tuple(row[i] for i in kept) for row in table.specialties),
    )
