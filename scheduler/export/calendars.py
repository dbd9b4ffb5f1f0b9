"""Calendars (RFC 5545) of students, preceptors and units, and updates of calendars that people have already.

A student's calendar has one event for each placement, with the weekly sessions as one recurrence and the days on which none is
held as exceptions. Preceptors and units get one event for each pattern of sessions, which says who comes.

*Stamps.* DTSTAMP and LAST-MODIFIED say when the schedule was made, not when it is written out: the same schedule always gives
the same bytes. SEQUENCE is the schedule's edition, as a rule the minutes until then, so that an event of a later schedule
replaces that of an earlier one. A schedule that replaces a published one has a higher edition in any case; the stamps then follow
it, if the clock was wrong. Where it is not known when the schedule was made, the planning date stands in.

*Updates.* What changed, with the UID that people have and a higher SEQUENCE; what no longer happens, with STATUS:CANCELLED.
There is no METHOD, as in whole calendars: it would announce a message from an ORGANIZER (RFC 5546), of whom nobody's calendar
knows, PUBLISH and CANCEL could not stand in one file, and calendar servers refuse events that come with one (RFC 4791, 4.1).
Without it the file carries events, also cancelled ones (RFC 5545, 3.8.1.11), told apart by UID and SEQUENCE.

*Busy or free.* Sessions take a student's time. Preceptors and units are not made unavailable by having students; where the days
are agreed with the preceptor, or it is open which part of a group comes, none is taken yet: such events are transparent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import NamedTuple

from icalendar import Calendar, Event, vText

from scheduler.domain import Instance, Schedule
from scheduler.domain.schedule import EPOCH, MINUTE
from scheduler.export.diaries import Diary, DiaryKind, calendar_names, diaries, school_diary
from scheduler.export.events import Edition, Happening
from scheduler.export.timezones import timezone
from scheduler.export.view import View

_PRODUCT = "-//rotations//Clinical rotation scheduling//EN"


def calendars(view: View) -> dict[str, bytes]:
    """One calendar for every student known by name, preceptor (also faculty) and unit with a placement.

    Parameters
    ----------
    view
        What is exported.

    Returns
    -------
    dict
        File name (``student-n-01.ics``, ``preceptor-kim.ics``, ``unit-4B.ics``) to content.
    """
    own = diaries(view)
    names = calendar_names([view.instance], own)
    writer = _Writer(view)
    return {names[d.kind, d.id]: writer.calendar(d, map(writer.written, d.happenings)) for d in own}


def school_calendar(view: View, school: str, name: str) -> bytes:
    """One calendar of a school's own students, as the school may see them; empty bytes where nobody is placed."""
    diary = school_diary(view, school, name)
    writer = _Writer(view)
    return writer.calendar(diary, map(writer.written, diary.happenings)) if diary.happenings else b""


class Update(NamedTuple):
    """What one reader imports into the calendar of before; `file` is its name, as in `calendars`."""

    kind: DiaryKind
    id: str
    name: str
    file: str
    content: bytes


def updates(before: View, after: View) -> list[Update]:
    """For every reader whose calendar is another one now, what makes it that of now.

    Taken over event by event, each by its UID, it makes the calendar of before that of after; what did not change is not in it.

    Parameters
    ----------
    before, after
        What was published, and what is published now: a later edition (`Schedule.replacing`).
    """
    was, now = ({(d.kind, d.id): d for d in diaries(view)} for view in (before, after))
    readers = was | now  # of both, that of now says what the reader is called
    names = calendar_names([before.instance, after.instance], readers.values())
    writer = _Writer(after, before.instance)
    found = []
    for key, diary in readers.items():
        own = writer.changes(*(known[key].happenings if key in known else () for known in (was, now)))
        if own:
            found.append(Update(diary.kind, diary.id, diary.name, names[key], writer.calendar(diary, own)))
    return found


class _Writer:
    """Writes calendars of one edition.

    Pieces are written once and put together: a term has thousands of calendars with the same time zone and group events.
    """

    def __init__(self, view: View, earlier: Instance | None = None) -> None:
        instance = view.instance
        zones = {i.timezone: i for i in (earlier, instance) if i is not None}
        self._zones = b"".join(timezone(name, i.first_monday, i.last_day).to_ical() for name, i in zones.items())
        self._edition = _edition(instance, view.schedule)
        self._locale = view.locale
        day = view.locale.day(instance.planning_date)
        self._about = self._say("about" if view.holds else "broken_about", name=instance.name, day=day)
        self._title = self._say("title" if view.holds else "broken_title")
        self._known: dict[int, tuple[Happening, bytes]] = {}

    def calendar(self, diary: Diary, own: Iterable[bytes]) -> bytes:
        """A calendar as the bytes of its file."""
        calendar = Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", _PRODUCT)
        calendar.add("uid", diary.uid)
        # Programs show X-WR-CALNAME and X-WR-CALDESC; the others are their standard forms (RFC 7986).
        for text, names in (
            (self._say("named", title=self._title, name=diary.name), ("name", "x-wr-calname")),
            (self._about, ("description", "x-wr-caldesc")),
        ):
            for name in names:
                calendar.add(name, vText(text))
        end = b"END:VCALENDAR\r\n"
        begin: bytes = calendar.to_ical().removesuffix(end)
        return b"".join((begin, self._zones, *own, end))

    def written(self, happening: Happening) -> bytes:
        """The events of what happens."""
        if id(happening) not in self._known:  # kept with it, so that no other object gets its number
            self._known[id(happening)] = happening, b"".join(event.to_ical() for event in happening.events(self._edition))
        return self._known[id(happening)][1]

    def changes(self, was: Iterable[Happening], now: Iterable[Happening]) -> list[bytes]:
        """The events of now that are new or not what they were, then those of before that are no longer there."""
        earlier, later = ({h.entry.uid: h for h in them} for them in (was, now))
        same = {uid for uid in earlier.keys() & later.keys() if earlier[uid].same(later[uid])}
        changed = [event for uid, h in later.items() if uid not in same for event in h.events(self._edition)]
        replaced = [event for uid, h in earlier.items() if uid not in same for event in h.events(self._edition)]
        there = {str(event["uid"]) for event in changed}
        gone = [self._cancelled(event) for event in replaced if str(event["uid"]) not in there]
        return [event.to_ical() for event in (*changed, *gone)]

    def _cancelled(self, event: Event) -> Event:
        """An event as it was, called off: programs that keep it show what it was, and that it takes no time."""
        summary = str(event["summary"])
        for name in ("summary", "status", "transp"):
            del event[name]
        event.add("summary", self._say("cancelled", summary=summary))
        event.add("status", "CANCELLED")
        event.add("transp", "TRANSPARENT")
        return event

    def _say(self, key: str, **values: object) -> str:
        return self._locale.say("calendars", key, **values)


def _edition(instance: Instance, schedule: Schedule) -> Edition:
    made = schedule.made.astimezone(UTC) if schedule.made else datetime.combine(instance.planning_date, time(), UTC)
    if schedule.edition is not None:  # later than what it replaces, whatever the clock said
        made = max(made, EPOCH + schedule.edition * MINUTE)
    return Edition(made, schedule.number)
