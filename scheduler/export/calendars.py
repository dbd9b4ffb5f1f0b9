"""Calendars (RFC 5545) of students, preceptors and units.

A student's calendar has one event for each placement, with the weekly sessions as one recurrence and the days on which none is
held as exceptions. Preceptors and units get one event for each pattern of sessions, which says who comes.

*Identity.* A student's event is told by party, required rotation and the ordinal of the placement in it: a new schedule that
changes unit, preceptor or dates updates the event. It is the same in the calendars of all students of a group. An event of a
unit or preceptor is told by slot, start and weekdays: who comes may change. The UID is a digest of that, so it names nobody.

*Stamps.* DTSTAMP and LAST-MODIFIED say when the schedule was made, not when it is written out: the same schedule always gives
the same bytes. SEQUENCE is the minutes until then, so that an event of a later schedule replaces that of an earlier one. They
count from a fixed day, as the planning date moves when a term is planned again. Where it is not known when the schedule was
made, the planning date stands in, with SEQUENCE 0.

*Busy or free.* Sessions take a student's time. Preceptors and units are not made unavailable by having students; where the days
are agreed with the preceptor, or it is open which part of a group comes, none is taken yet: such events are transparent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from icalendar import Calendar, vText

from scheduler.domain import Instance, Schedule
from scheduler.export import ReaderKind
from scheduler.export.events import Edition, Entry, events
from scheduler.export.names import file_stems
from scheduler.export.phrases import Roster, roster_text, student_text
from scheduler.export.readers import Reader, known_readers
from scheduler.export.stays import Stay
from scheduler.export.timezones import timezone
from scheduler.export.view import View

_PRODUCT = "-//rotations//Clinical rotation scheduling//EN"
#: SEQUENCE counts from here.
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def calendars(view: View) -> dict[str, bytes]:
    """One calendar for every student known by name, preceptor (also faculty) and unit with a placement.

    For one student, preceptor or unit it is the reader's own; for a school all of them, with only the school's students. A
    student of a group that is placed in parts gets the placements of every part, as tentative: who is in which part is open.

    Parameters
    ----------
    view
        What is exported.

    Returns
    -------
    dict
        File name (``student-n-01.ics``, ``preceptor-kim.ics``, ``unit-4B.ics``) to content.
    """
    instance = view.instance
    writer = _Writer(instance, view.schedule, view.holds)
    stays = [stay for stay in view.stays if stay.sessions or stay.follows]
    contents: dict[ReaderKind, dict[str, tuple[str, Iterable[bytes]]]] = {
        "student": {who: (who, own) for who, own in _student_events(instance, stays, writer).items()},
        "preceptor": {
            who: (name, writer.for_roster("preceptor", who, own)) for (who, name), own in _of_preceptors(instance, stays).items()
        },
        "unit": {who: (name, writer.for_roster("unit", who, own)) for (who, name), own in _of_units(stays).items()},
    }
    files = {}
    for kind, calendars_of in contents.items():
        # Names are told apart among all who could have a calendar, so that they stay the same from one schedule to the next.
        stems = file_stems(kind, {*known_readers(instance, kind), *calendars_of})
        for who in sorted(calendars_of):
            if _is_for(view.reader, kind, who):
                title, own = calendars_of[who]
                files[f"{stems[who]}.ics"] = writer.calendar(kind, who, title, own)
    return files


def _student_events(instance: Instance, stays: Iterable[Stay], writer: _Writer) -> dict[str, list[bytes]]:
    """The events of every student; those of a group are written once."""
    members: dict[str, list[str]] = defaultdict(list)
    for student in instance.students:
        if student.group and student.named:
            members[student.group].append(student.student)
    found: dict[str, list[bytes]] = defaultdict(list)
    for stay, ordinal in _numbered(stays):
        own = writer.for_student(stay, ordinal)
        for who in stay.students or members[stay.row.group]:
            found[who].append(own)
    return found


def _of_preceptors(instance: Instance, stays: Iterable[Stay]) -> dict[tuple[str, str], list[Stay]]:
    """Placements by id and name of the preceptor, co-preceptor, and faculty member of a group; of a cover only those days."""
    found: dict[tuple[str, str], list[Stay]] = defaultdict(list)
    names = {p.preceptor: p.name or p.preceptor for p in instance.preceptors}
    for stay in stays:
        row = stay.row
        group = instance.group_by_id.get(row.group)
        there = dict.fromkeys(((group and group.faculty) or "", row.preceptor, row.co_preceptor))
        for who in filter(None, there):
            found[who, names.get(who, who)].append(stay)
        if row.cover and row.cover not in there and row.cover_start and row.cover_end:
            found[row.cover, names.get(row.cover, row.cover)].append(_from_to(stay, row.cover_start, row.cover_end))
    return found


def _from_to(stay: Stay, first: date, last: date) -> Stay:
    """A placement as if it lasted only from one day to another."""
    row = stay.row.model_copy(update={"start": first, "end": last})
    return replace(
        stay,
        row=row,
        sessions=tuple(day for day in stay.sessions if first <= day <= last),
        paused=tuple((day, why) for day, why in stay.paused if first <= day <= last),
    )


def _of_units(stays: Iterable[Stay]) -> dict[tuple[str, str], list[Stay]]:
    """Placements by id and name of the unit."""
    found: dict[tuple[str, str], list[Stay]] = defaultdict(list)
    for stay in stays:
        found[stay.row.unit, stay.unit_name].append(stay)
    return found


class _Writer:
    """What all calendars of an instance share."""

    def __init__(self, instance: Instance, schedule: Schedule, holds: bool) -> None:
        self._key = instance.name, instance.first_monday
        self._zone = ZoneInfo(instance.timezone)
        self._timezone: bytes = timezone(instance.timezone, instance.first_monday, instance.last_day).to_ical()
        self._edition = _edition(instance, schedule)
        self._about = f"{instance.name}, as planned on {instance.planning_date}{'' if holds else '; this schedule breaks rules'}"
        self._title = "Rotations" if holds else "Rotations (breaks rules)"
        slug = re.sub(r"[^a-z0-9]+", "-", instance.name.lower())[:40].strip("-") or "term"
        self._domain = f"{slug}.rotations.invalid"  # a name that no machine can have (RFC 2606)

    def for_student(self, stay: Stay, ordinal: int) -> bytes:
        """The events of one placement for the student, or for all students of the group."""
        row = stay.row
        entry = Entry(
            uid=self._uid("student", row.student, row.group, row.part, row.requirement, ordinal),
            **student_text(stay),
            specialties=(row.specialty,) if row.specialty else (),
            busy=not stay.follows and not row.part,
            firm=row.status == "confirmed" and not row.part,
        )
        return self._written(stay, entry)

    def for_roster(self, kind: Roster, reader: str, stays: Iterable[Stay]) -> Iterator[bytes]:
        """The events of a preceptor or unit: one for each pattern of sessions."""
        ordinals: dict[tuple[str, date, tuple[int, ...]], int] = defaultdict(int)
        for _, together in groupby(sorted(stays, key=_pattern), key=_pattern):
            those = sorted(together, key=lambda stay: stay.who)
            row = those[0].row
            when = row.slot, row.start, row.weekdays
            ordinals[when] += 1
            entry = Entry(
                uid=self._uid(kind, reader, *when, ordinals[when]),
                **roster_text(those, kind),
                specialties=tuple(dict.fromkeys(stay.row.specialty for stay in those if stay.row.specialty)),
                busy=False,
                firm=all(stay.row.status == "confirmed" for stay in those),
            )
            yield self._written(those[0], entry)

    def calendar(self, kind: ReaderKind, reader: str, title: str, own: Iterable[bytes]) -> bytes:
        """A calendar as the bytes of its file."""
        calendar = Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", _PRODUCT)
        calendar.add("uid", self._uid(kind, reader))
        # Programs show X-WR-CALNAME and X-WR-CALDESC; the others are their standard forms (RFC 7986).
        for text, names in (
            (f"{self._title}: {title}", ("name", "x-wr-calname")),
            (self._about, ("description", "x-wr-caldesc")),
        ):
            for name in names:
                calendar.add(name, vText(text))
        end = b"END:VCALENDAR\r\n"
        begin: bytes = calendar.to_ical().removesuffix(end)
        # Pieces are written once and put together: a term has thousands of calendars with the same time zone and group events.
        return b"".join((begin, self._timezone, *own, end))

    def _written(self, stay: Stay, entry: Entry) -> bytes:
        return b"".join(event.to_ical() for event in events(stay, entry, self._zone, self._edition))

    def _uid(self, *parts: object) -> str:
        return f"{uuid5(NAMESPACE_URL, repr([str(part) for part in (*self._key, *parts)]))}@{self._domain}"


def _edition(instance: Instance, schedule: Schedule) -> Edition:
    if schedule.made is None:
        return Edition(datetime.combine(instance.planning_date, time(), UTC), 0)
    made = schedule.made.astimezone(UTC)
    return Edition(made, max(0, (made - _EPOCH) // timedelta(minutes=1)))


def _is_for(reader: Reader | None, kind: ReaderKind, who: str) -> bool:
    """Whether a reader gets somebody's calendar: what others have beside the reader's placements is not in the view."""
    return reader is None or reader.kind == "school" or (reader.kind, reader.id) == (kind, who)


def _numbered(stays: Iterable[Stay]) -> Iterator[tuple[Stay, int]]:
    """Placements by date, each with its ordinal among those of its party's rotation."""
    ordinals: dict[tuple[str, str, int, str], int] = defaultdict(int)
    for stay in sorted(stays, key=lambda stay: (stay.row.start, stay.row.end, stay.row.slot, stay.row.weekdays, stay.who)):
        rotation = stay.row.student, stay.row.group, stay.row.part, stay.row.requirement
        ordinals[rotation] += 1
        yield stay, ordinals[rotation]


def _pattern(stay: Stay) -> tuple[object, ...]:
    """What placements have in common that are one event."""
    return stay.row.start, stay.row.slot, stay.row.weekdays, stay.sessions, stay.row.end
