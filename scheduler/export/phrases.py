"""Placements in the words of a calendar: for the student who goes, and for those who get students."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypedDict

from scheduler.domain import DAY_MINUTES
from scheduler.domain.types import format_clock
from scheduler.export.stays import Stay
from scheduler.words.locale import Locale
from scheduler.words.phrasebook import Phrasebook

#: Those who get students.
Roster = Literal["preceptor", "unit", "school"]
#: So many parties are named in a title; the text below it has all.
_NAMED = 4


class Text(TypedDict):
    """Title, place and text of an event."""

    summary: str
    location: str
    description: str


class Phrases:
    """Placements in the words of one language.

    Parameters
    ----------
    locale
        The reader's.
    """

    def __init__(self, locale: Locale) -> None:
        self._locale = locale
        self._book = Phrasebook(locale)

    def student(self, stay: Stay) -> Text:
        """A placement as its student reads it."""
        row, say = stay.row, self._say
        summary = f"{stay.requirement_name}, {stay.unit_name}{self._with(stay)}"
        rotation = " ".join(dict.fromkeys((row.requirement, stay.requirement_name)))
        lines = [f"{rotation} ({stay.program_name}, {stay.school_name})"]
        if row.group:
            lines.append(say("group", who=self.who(stay), students=self._locale.count(row.students, "student")))
        if row.part:
            summary = f"{self.who(stay)}: {summary}"
            lines.append(say("part", n=row.part))
        lines += self._when(stay)
        lines.append(self._amount(stay))
        if stay.preceptor_name:
            lines.append(say("preceptor", who=self.supervisors(stay)))
        if stay.faculty:
            lines.append(say("faculty", who=stay.faculty))
        lines.append(say("status", status=self._status(row.status)))
        return Text(summary=summary, location=_location(stay), description="\n".join(lines))

    def roster(self, stays: Sequence[Stay], kind: Roster) -> Text:
        """Placements with the same sessions as the preceptor, the unit's manager or the school reads them."""
        say = self._say
        who = [self._party(stay) + (self._with(stay) if kind != "preceptor" else "") for stay in stays]
        summary = ", ".join(who[:_NAMED])
        if len(who) > _NAMED:
            summary = say("and_more", names=summary, n=len(who) - _NAMED)
        if len(who) > 1:
            students = self._locale.count(sum(stay.row.students for stay in stays), "student")
            summary = say("students_are", students=students, names=summary)
        if kind != "unit":
            summary = f"{summary}, {stays[0].unit_name}"
        lines = []
        for stay, name in zip(stays, who, strict=True):
            what = f"{stay.requirement_name}; {stay.program_name}, {stay.school_name}"
            lines.append(f"{name}: {what}; {self._amount(stay)}; {self._status(stay.row.status)}")
            if stay.row.group and stay.students:
                names, unnamed = ", ".join(stay.students), stay.row.students - len(stay.students)
                listed = say("unnamed", names=names, n=unnamed) if unnamed > 0 else names
                lines.append(f"  {say('students_list', names=listed)}")
        return Text(summary=summary, location=_location(stays[0]), description="\n".join([*lines, *self._when(stays[0])]))

    def who(self, stay: Stay) -> str:
        """The student, group or part."""
        return self._book.said(stay.who)

    def supervisors(self, stay: Stay) -> str:
        """Preceptors, and who covers."""
        return self._book.supervisors(stay.preceptor_name)

    def _say(self, key: str, **values: object) -> str:
        return self._locale.say("calendars", key, **values)

    def _status(self, status: str) -> str:
        return str(self._locale.words("tables")["statuses"].get(status, status))

    def _party(self, stay: Stay) -> str:
        """``p-01 (pa)`` or ``group mA (6 rn)``."""
        who = self.who(stay)
        return f"{who} ({stay.row.students} {stay.profession})" if stay.row.group else f"{who} ({stay.profession})"

    def _with(self, stay: Stay) -> str:
        if stay.preceptor_name:
            return f" {self._say('with', who=self.supervisors(stay))}"
        return f" {self._say('with_faculty', who=stay.faculty)}" if stay.faculty else ""

    def _amount(self, stay: Stay) -> str:
        row, locale = stay.row, self._locale
        hours = locale.count(row.hours, "hour")
        if row.hours_lost:
            hours = self._say("lost", hours=hours, n=locale.number(row.hours_lost, 2))
        return f"{locale.count(row.weeks, 'week')}, {hours}"

    def _when(self, stay: Stay) -> Iterator[str]:
        """Days, clock times and pauses."""
        row, locale, say = stay.row, self._locale, self._say
        if stay.follows:
            yield say("agreed", start=locale.day(row.start), end=locale.day(row.end))
            return
        clock = say("all_day")
        if stay.timed:
            start, end = stay.span
            late = end > DAY_MINUTES
            clock = say(
                "next_day" if late else "clock", start=format_clock(start), end=format_clock(end - DAY_MINUTES if late else end)
            )
            clock = say("shift", clock=clock, shift=stay.shift_name)
        days = " ".join(locale.weekday(day) for day in row.weekdays)
        sessions = locale.count(len(stay.sessions), "session")
        yield say(
            "held", sessions=sessions, first=locale.day(stay.first_day), last=locale.day(stay.last_day), days=days, clock=clock
        )
        if stay.paused:
            kinds = locale.words("tables")["calendar"]
            yield say("paused", days=", ".join(f"{locale.day(day)} ({kinds.get(why, why)})" for day, why in stay.paused))
        if stay.excuses:
            yield say("excused", what=self._book.days(stay.excuses))


def _location(stay: Stay) -> str:
    return stay.unit_and_site if stay.place in ("", stay.unit_name, stay.site_name) else f"{stay.unit_and_site}, {stay.place}"
