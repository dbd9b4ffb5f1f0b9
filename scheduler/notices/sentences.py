"""One sentence for each reader and change, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Literal

from scheduler.domain.wording import count
from scheduler.export.stays import Stay
from scheduler.export.tables.cells import clock, rotation, weekdays

if TYPE_CHECKING:
    from scheduler.notices.changes import Change

#: Those who get students.
Host = Literal["preceptor", "unit"]


def for_student(change: Change) -> str:
    """``Your rotation Pediatrics from 8 March 2026 moves from 4B to 5C; the preceptor is now P. Kim.``"""
    a, b = change.before, change.after
    if a is None or b is None:
        if b is not None:
            return f"You now have a place for {_rotation(b)}: {_place(b)}, {_when(b)}{_with(b)}."
        return f"Your rotation {_rotation(change.stay)} at {_place(change.stay)} {_dates(change.stay)} is cancelled."
    return f"Your rotation {_rotation(a)} from {_day(a.first_day)} {_different(change)}."


def for_school(change: Change) -> str:
    """The same about one of its students or groups."""
    a, b = change.before, change.after
    if a is None or b is None:
        who = _capital(party(change.stay, school=False))
        if b is not None:
            return f"{who} now has a place for {_rotation(b)}: {_place(b)}, {_when(b)}{_with(b)}."
        why = f" ({change.reason})" if change.reason else ""
        return f"{who} loses the place for {_rotation(change.stay)} at {_place(change.stay)} {_dates(change.stay)}{why}."
    return f"The rotation {_rotation(a)} of {party(b, school=False)} from {_day(a.first_day)} {_different(change)}."


def for_host(change: Change, kind: Host, cover: tuple[bool, bool] = (False, False)) -> str:
    """The same about whom a preceptor or unit gets; of somebody who no longer comes not where they go instead.

    Parameters
    ----------
    cover
        Whether the preceptor only covers, before and after.
    """
    a, b = change.before, change.after
    stay = change.stay
    where = "to you" if kind == "preceptor" else f"to {stay.unit_name}"
    if a is None or b is None:
        who = _capital(party(stay))
        covers = " (you cover for somebody)" if cover[b is not None] else ""
        if b is None:
            return f"{who} no longer comes {where} for {_rotation(stay)} {_dates(stay)}{covers}."
        there = f" in {_place(b)}" if kind == "preceptor" else _with(b)
        days = f"from {_day(b.row.cover_start)} to {_day(b.row.cover_end)}" if covers else _when(b)
        return f"{who} comes {where} for {_rotation(b)} {days}{there}{covers}."
    here = "with you" if kind == "preceptor" else f"in {a.unit_name}"
    return f"The rotation {_rotation(a)} of {party(b)} {here} from {_day(a.first_day)} {_different(change)}."


def for_member(student: str, stay: Stay, comes: bool) -> str:
    """A student who joins or leaves a group that is placed as before."""
    verb = "now comes" if comes else "no longer comes"
    return f"{student} {verb} with group {stay.row.who} to {_place(stay)} for {_rotation(stay)} {_dates(stay)}."


def nothing_left(kind: str, name: str, term: str) -> str:
    """For those who had placements and have none."""
    if kind == "student":
        return f"You have no placement left in {term}."
    if kind == "school":
        return f"None of your students has a placement left in {term}."
    return f"Nobody comes to {'you' if kind == 'preceptor' else name} any more in {term}."


def party(stay: Stay, *, school: bool = True) -> str:
    """``p-01 (pa, Oak)`` or ``group mA (6 rn, Maple)``; a school knows that it is its own."""
    who = f"group {stay.row.who} ({stay.row.students} " if stay.row.group else f"{stay.row.who} ("
    return f"{who}{stay.profession}, {stay.school_name})" if school else f"{who}{stay.profession})"


def _different(change: Change) -> str:
    """What is different, as the rest of a sentence about the rotation."""
    return "; it ".join(_verbs(change)) + _supervisor(change)


def _verbs(change: Change) -> Iterator[str]:
    a, b = change.before, change.after
    assert a is not None and b is not None
    if "site" in change.kinds:
        yield f"moves from {_place(a)} to {_place(b)}"
    if "unit" in change.kinds:
        yield f"moves from {a.unit_name} to {b.unit_name}"
    when = [say(b) for kind, say in (("dates", _dates), ("days", _days)) if kind in change.kinds]
    if when:
        yield f"is now {' '.join(when)}"
    if "students" in change.kinds:
        yield f"is now for {f'{b.row.who}, ' if a.row.part != b.row.part else ''}{count(b.row.students, 'student')}"
    if change.kinds == ("slot",):
        yield f"is now in the slot {b.row.slot} of the same unit, at the same times"
    if change.kinds in (("preceptor",), ("slot", "preceptor")):
        yield "stays where and when it is"


def _supervisor(change: Change) -> str:
    if "preceptor" not in change.kinds or change.after is None:
        return ""
    name = change.after.preceptor_name
    return f"; the preceptor is now {name}" if name else "; there is no preceptor any more"


def _rotation(stay: Stay) -> str:
    return rotation(stay.row.requirement, stay.requirement_name)


def _place(stay: Stay) -> str:
    return ", ".join(dict.fromkeys((stay.unit_name, stay.site_name)))


def _with(stay: Stay) -> str:
    return f", with {stay.preceptor_name}" if stay.preceptor_name else f", with faculty {stay.faculty}" if stay.faculty else ""


def _when(stay: Stay) -> str:
    return f"{_dates(stay)}, {_days(stay)}"


def _days(stay: Stay) -> str:
    if stay.follows:
        return "on days agreed with the preceptor"
    return f"on {weekdays(stay)}" + (f", {clock(stay.span)}" if stay.timed else "")


def _dates(stay: Stay) -> str:
    return f"from {_day(stay.first_day)} to {_day(stay.last_day)}"


def _day(day: date | None) -> str:
    """``8 March 2026``."""
    return f"{day.day} {day:%B %Y}" if day else "?"


def _capital(text: str) -> str:
    return f"Group{text.removeprefix('group')}" if text.startswith("group ") else text
