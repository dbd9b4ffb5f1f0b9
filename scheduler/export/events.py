"""One placement, or several with the same sessions, as events of a calendar: when it is, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from icalendar import Event

from scheduler.export.stays import Stay

_DAY = timedelta(days=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Entry:
    """What an event says.

    Attributes
    ----------
    uid
        Its identity: the same in every export.
    summary, description, location
        Plain text; the description may have several lines.
    specialties
        Its categories.
    busy
        Whether its time counts as taken in the reader's calendar.
    firm
        Whether everybody has confirmed it.
    """

    uid: str
    summary: str
    description: str
    location: str
    specialties: tuple[str, ...]
    busy: bool
    firm: bool


class Edition(NamedTuple):
    """Which of several schedules an event is of: the moment when it was made, in UTC, and a number that grows with it."""

    moment: datetime
    sequence: int


@dataclass(frozen=True, slots=True, eq=False)
class Happening:
    """A placement, or several with the same sessions, in a calendar: when it is and what is said of it."""

    stay: Stay
    entry: Entry
    zone: ZoneInfo

    def same(self, other: Happening) -> bool:
        """Whether the events are the same in two editions."""
        return (self.entry, self.zone.key, _when(self.stay)) == (other.entry, other.zone.key, _when(other.stay))

    def events(self, edition: Edition) -> Iterator[Event]:
        """The events, as they stand in a calendar of that edition."""
        return events(self.stay, self.entry, self.zone, edition)


def events(stay: Stay, entry: Entry, zone: ZoneInfo, edition: Edition) -> Iterator[Event]:
    """The event of a placement, and one for each session of it whose length on the clock differs from the true one.

    Expanded, they give exactly ``stay.sessions``: all days without a shift, else at the clock times of the shift. A placement
    that follows the preceptor is a single event from its first to its last day. Without any session there is no event.

    Parameters
    ----------
    stay
        When it is.
    entry
        What is said of it.
    zone
        Time zone of the clock times.
    edition
        Of which schedule it is.
    """
    if stay.follows:
        yield _event(entry, edition, stay.row.start, stay.row.end + _DAY)
    elif stay.sessions and not stay.timed:
        event = _event(entry, edition, stay.sessions[0], stay.sessions[0] + _DAY)
        if len(stay.sessions) > 1:
            _repeat(event, stay.sessions, stay.sessions[-1])
            if pauses := _pauses(stay.sessions):
                event.add("exdate", pauses)
        yield event
    elif stay.sessions:
        yield from _timed(stay, entry, zone, edition)


def _when(stay: Stay) -> tuple[object, ...]:
    """All that the events of a placement take from its dates and times."""
    if stay.follows:
        return stay.row.start, stay.row.end
    return stay.sessions, stay.span if stay.timed else None


def _timed(stay: Stay, entry: Entry, zone: ZoneInfo, edition: Edition) -> Iterator[Event]:
    # Sessions of a recurrence have one length in minutes (RFC 5545, 3.8.5.3), so that of a night in which clocks change would
    # end an hour earlier or later on the clock than its shift. It is an event of its own, not an exception of the recurrence:
    # when the placement moves, programs differ in what becomes of exceptions that they have (RFC 5546 leaves it open).
    odd = [day for day in stay.sessions if _is_odd(day, stay.span, zone)]
    plain = tuple(day for day in stay.sessions if day not in odd)
    if plain:
        event = _event(entry, edition, _at(plain[0], stay.span[0], zone), _at(plain[0], stay.span[1], zone))
        if len(plain) > 1:
            _repeat(event, plain, _at(plain[-1], stay.span[0], zone).astimezone(UTC))
            if pauses := _pauses(plain):
                event.add("exdate", [_at(day, stay.span[0], zone) for day in pauses])
        yield event
    for day in odd:
        yield _event(_single(entry, day), edition, _at(day, stay.span[0], zone), _at(day, stay.span[1], zone))


def _single(entry: Entry, day: date) -> Entry:
    """The entry of one session that has an event of its own."""
    _, _, domain = entry.uid.partition("@")
    return replace(entry, uid=f"{uuid5(NAMESPACE_URL, f'{entry.uid} {day}')}@{domain}")


def _event(entry: Entry, edition: Edition, start: date, end: date) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", edition.moment)
    event.add("last-modified", edition.moment)
    event.add("sequence", edition.sequence)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", entry.summary)
    event.add("location", entry.location)
    event.add("description", entry.description)
    if entry.specialties:
        event.add("categories", entry.specialties)
    event.add("status", "CONFIRMED" if entry.firm else "TENTATIVE")
    event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    return event


def _repeat(event: Event, sessions: tuple[date, ...], until: date) -> None:
    """Every week on the weekdays of the sessions."""
    weekdays = sorted({day.weekday() for day in sessions})
    event.add("rrule", {"freq": "weekly", "byday": [_WEEKDAYS[i] for i in weekdays], "until": until})


def _pauses(sessions: tuple[date, ...]) -> list[date]:
    """Days between the first and the last session on the weekdays of sessions that are none."""
    held = set(sessions)
    weekdays = {day.weekday() for day in sessions}
    span = (sessions[0] + i * _DAY for i in range((sessions[-1] - sessions[0]).days))
    return [day for day in span if day.weekday() in weekdays and day not in held]


def _at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """A clock time, in minutes after the midnight before a session."""
    return (datetime.combine(day, time()) + timedelta(minutes=minutes)).replace(tzinfo=zone)


@cache  # thousands of placements have the same few days and shifts
def _is_odd(day: date, span: tuple[int, int], zone: ZoneInfo) -> bool:
    """Whether clocks change during the session, or at its start or end."""
    return len({_at(day, minutes, zone).replace(fold=fold).utcoffset() for minutes in span for fold in (0, 1)}) > 1
