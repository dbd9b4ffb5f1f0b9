"""Placements in the words of a calendar: for the student who goes, and for those who get students."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypedDict

from scheduler.domain.types import format_clock, format_weekdays
from scheduler.domain.wording import count
from scheduler.export.stays import Stay

#: Those who get students.
Roster = Literal["preceptor", "unit", "school"]
#: So many parties are named in a title; the text below it has all.
_NAMED = 4


class Text(TypedDict):
    """Title, place and text of an event."""

    summary: str
    location: str
    description: str


def student_text(stay: Stay) -> Text:
    """A placement as its student reads it."""
    row = stay.row
    summary = f"{stay.requirement_name}, {stay.unit_name}{_with(stay)}"
    rotation = " ".join(dict.fromkeys((row.requirement, stay.requirement_name)))
    lines = [f"{rotation} ({stay.program_name}, {stay.school_name})"]
    if row.group:
        lines.append(f"With {stay.who}, {count(row.students, 'student')}")
    if row.part:
        summary = f"{stay.who}: {summary}"
        lines.append(f"Only for those in part {row.part}; who is in which part is open.")
    lines += _when(stay)
    lines.append(_amount(stay))
    if stay.preceptor_name:
        lines.append(f"Preceptor: {stay.preceptor_name}")
    if stay.faculty:
        lines.append(f"Faculty: {stay.faculty}")
    lines.append(f"Status: {row.status}")
    return Text(summary=summary, location=_location(stay), description="\n".join(lines))


def roster_text(stays: Sequence[Stay], kind: Roster) -> Text:
    """Placements with the same sessions as the preceptor, the unit's manager or the school reads them."""
    who = [_party(stay) + (_with(stay) if kind != "preceptor" else "") for stay in stays]
    summary = ", ".join(who[:_NAMED]) + (f" and {len(who) - _NAMED} more" if len(who) > _NAMED else "")
    if len(who) > 1:
        summary = f"{count(sum(stay.row.students for stay in stays), 'student')}: {summary}"
    if kind != "unit":
        summary = f"{summary}, {stays[0].unit_name}"
    lines = []
    for stay, name in zip(stays, who, strict=True):
        lines.append(
            f"{name}: {stay.requirement_name}; {stay.program_name}, {stay.school_name}; {_amount(stay)}; {stay.row.status}"
        )
        if stay.row.group and stay.students:
            unnamed = stay.row.students - len(stay.students)
            lines.append(f"  Students: {', '.join(stay.students)}" + (f" and {unnamed} to be named" if unnamed > 0 else ""))
    return Text(summary=summary, location=_location(stays[0]), description="\n".join([*lines, *_when(stays[0])]))


def _party(stay: Stay) -> str:
    """``p-01 (pa)`` or ``group mA (6 rn)``."""
    return f"{stay.who} ({stay.row.students} {stay.profession})" if stay.row.group else f"{stay.who} ({stay.profession})"


def _with(stay: Stay) -> str:
    if stay.preceptor_name:
        return f" with {stay.preceptor_name}"
    return f" with faculty {stay.faculty}" if stay.faculty else ""


def _location(stay: Stay) -> str:
    return ", ".join(dict.fromkeys(filter(None, (stay.unit_name, stay.site_name, stay.place))))


def _amount(stay: Stay) -> str:
    row = stay.row
    lost = f" ({row.hours_lost:g} lost to pauses)" if row.hours_lost else ""
    return f"{count(row.weeks, 'week')}, {row.hours:g} hours{lost}"


def _when(stay: Stay) -> Iterator[str]:
    """Days, clock times and pauses."""
    row = stay.row
    if stay.follows:
        yield f"{row.start} to {row.end}; the days are agreed with the preceptor."
        return
    clock = "all day"
    if stay.timed:
        start, end = stay.span
        clock = f"{format_clock(start)} to {format_clock(end - 1440 if end > 1440 else end)}"
        clock += (" the next day" if end > 1440 else "") + f" ({stay.shift_name})"
    held = count(len(stay.sessions), "session")
    yield f"{held} from {stay.first_day} to {stay.last_day} on {format_weekdays(row.weekdays)}, {clock}"
    if stay.paused:
        yield "No session: " + ", ".join(f"{day} ({why})" for day, why in stay.paused)
    if stay.excuses:
        yield f"Excused for a weekly session beside it: {stay.excuses}"
