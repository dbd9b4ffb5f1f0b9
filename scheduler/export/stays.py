"""The placements of a schedule as people read them: names, dates, and every single session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scheduler.domain import Placement


@dataclass(frozen=True, slots=True)
class Stay:
    """One placement with everything a reader asks about it.

    Attributes
    ----------
    row
        The placement itself; what it says of end, weeks and hours is filled in from the check.
    who
        The party in words, like ``n-01`` or ``group mA part 1``.
    students
        Ids of the students known by name: the student, or those of the group.
    profession, program_name, requirement_name, school_name, unit_name, site_name, preceptor_name, place
        Names for people; the id where there is no name. `place` is the site's address.
    faculty
        Name of the faculty member who comes with the group, if any.
    shift_name, span
        Shift and clock times in minutes after the midnight before a session; the whole day (0, 1440) without a shift.
    timed
        Whether the clock times are known: False without a shift.
    follows
        Whether it follows the preceptor's own days, so that no session is known.
    sessions
        Dates of the sessions that are held.
    paused
        Dates between start and end on its weekdays on which no session is held, with the reason (``holiday``, ``exam`` …).
    """

    row: Placement
    who: str
    students: tuple[str, ...]
    profession: str
    program_name: str
    requirement_name: str
    school_name: str
    unit_name: str
    site_name: str
    preceptor_name: str
    place: str
    faculty: str
    shift_name: str
    span: tuple[int, int]
    timed: bool
    follows: bool
    sessions: tuple[date, ...]
    paused: tuple[tuple[date, str], ...]
