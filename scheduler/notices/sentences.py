"""One sentence for each reader and change, in the reader's words and language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import TYPE_CHECKING, Literal

from scheduler.export.stays import Stay
from scheduler.export.tables.cells import clock, rotation
from scheduler.words.locale import Locale
from scheduler.words.phrasebook import Phrasebook

if TYPE_CHECKING:
    from datetime import date

    from scheduler.notices.changes import Change

#: Those who get students.
Host = Literal["preceptor", "unit"]


class Sentences:
    """Sentences of one language, from the parts in ``words/<language>/notices.toml``.

    Parameters
    ----------
    locale
        The reader's.
    """

    def __init__(self, locale: Locale) -> None:
        self._locale = locale
        self._book = Phrasebook(locale)

    def for_student(self, change: Change) -> str:
        """``Your rotation Pediatrics from March 8, 2026 moves from 4B to 5C; the preceptor is now P. Kim.``"""
        return self._told("student", change)

    def for_school(self, change: Change) -> str:
        """The same about one of its students or groups."""
        return self._told("school", change)

    def for_host(self, change: Change, kind: Host, cover: tuple[bool, bool] = (False, False)) -> str:
        """The same about whom a preceptor or unit gets; of somebody who no longer comes not where they go instead.

        Parameters
        ----------
        cover
            Whether the preceptor only covers, before and after.
        """
        return self._told(kind, change, cover)

    def for_member(self, student: str, stay: Stay, comes: bool) -> str:
        """A student who joins or leaves a group that is placed as before."""
        return self._say(
            f"member.{'new' if comes else 'lost'}",
            student=student,
            group=stay.row.who,
            place=_place(stay),
            rotation=_rotation(stay),
            dates=self._dates(stay),
        )

    def nothing_left(self, kind: str, name: str, term: str) -> str:
        """For those who had placements and have none."""
        return self._say(f"{kind}.nothing_left", name=name, term=term)

    def gone(self, who: str, *, group: bool) -> str:
        """Why somebody who is in the tables no more has no place."""
        return self._say(f"reasons.{'no_group' if group else 'no_student'}", who=who)

    def full(self, obstacle: str) -> str:
        """Why nothing is left, by what is most in the way."""
        return self._say("reasons.full", obstacle=self._book.said(obstacle))

    def refused(self, status: str) -> str:
        """``declined`` or ``withdrawn``."""
        return self._say(f"reasons.{status}")

    def _told(self, reader: str, change: Change, cover: tuple[bool, bool] = (False, False)) -> str:
        """What happened, as a reader of this kind is told."""
        a, b = change.before, change.after
        stay = b or change.stay
        words = {"rotation": _rotation(a or stay), "party": self._party(stay, own=reader == "school"), "place": _place(stay)}
        words["unit"] = (a or stay).unit_name
        if a is not None and b is not None:
            different = self._different(change)
            return self._capital(self._say(f"{reader}.changed", **words, day=self._day(a.first_day), different=different))
        covers = f" {self._say('covers')}" if cover[b is not None] else ""
        if b is None:
            reason = f" ({change.reason})" if change.reason and reader == "school" else covers
            return self._capital(self._say(f"{reader}.lost", **words, dates=self._dates(stay), more=reason))
        when = self._from_to(b.row.cover_start, b.row.cover_end) if covers else self._when(b)
        more = covers if reader == "preceptor" else self._with(b)
        return self._capital(self._say(f"{reader}.new", **words, when=when, more=more))

    def _party(self, stay: Stay, *, own: bool) -> str:
        """``p-01 (pa, Oak)`` or ``group mA (6 rn, Maple)``; a school knows that it is its own."""
        key = f"{'own' if own else 'party'}_{'group' if stay.row.group else 'alone'}"
        return self._say(key, who=stay.row.who, n=stay.row.students, profession=stay.profession, school=stay.school_name)

    def _different(self, change: Change) -> str:
        """What is different, as the rest of a sentence about the rotation."""
        different = reduce(lambda one, other: self._say("different.both", one=one, other=other), self._verbs(change))
        if "preceptor" not in change.kinds or change.after is None:
            return different
        who = self._book.said(change.after.preceptor_name)
        supervisor = self._say("different.preceptor", who=who) if who else self._say("different.no_preceptor")
        return f"{different}; {supervisor}"

    def _verbs(self, change: Change) -> Iterator[str]:
        a, b = change.before, change.after
        assert a is not None and b is not None
        if "site" in change.kinds:
            yield self._say("different.moves", before=_place(a), after=_place(b))
        if "unit" in change.kinds:
            yield self._say("different.moves", before=a.unit_name, after=b.unit_name)
        when = [say(b) for kind, say in (("dates", self._dates), ("days", self._days)) if kind in change.kinds]
        if when:
            yield self._say("different.when", when=" ".join(when))
        if "students" in change.kinds:
            students = self._locale.count(b.row.students, "student")
            yield self._say("different.students", students=f"{b.row.who}, {students}" if a.row.part != b.row.part else students)
        if change.kinds == ("slot",):
            yield self._say("different.slot", slot=b.row.slot)
        if change.kinds in (("preceptor",), ("slot", "preceptor")):
            yield self._say("different.stays")

    def _with(self, stay: Stay) -> str:
        if stay.preceptor_name:
            return f", {self._say('with', who=self._book.said(stay.preceptor_name))}"
        return f", {self._say('with_faculty', who=stay.faculty)}" if stay.faculty else ""

    def _when(self, stay: Stay) -> str:
        return f"{self._dates(stay)}, {self._days(stay)}"

    def _days(self, stay: Stay) -> str:
        if stay.follows:
            return self._say("days_agreed")
        days = self._say("days", days=" ".join(map(self._locale.weekday, stay.row.weekdays)))
        return f"{days}, {clock(stay.span)}" if stay.timed else days

    def _dates(self, stay: Stay) -> str:
        return self._from_to(stay.first_day, stay.last_day)

    def _from_to(self, first: date | None, last: date | None) -> str:
        return self._say("from_to", first=self._day(first), last=self._day(last))

    def _day(self, day: date | None) -> str:
        """``March 8, 2026``."""
        return self._locale.long_day(day) if day else "?"

    def _capital(self, text: str) -> str:
        """A sentence that begins with a word of the program has a capital; an id stays as it is."""
        word = self._say("party_group", who="", n="", profession="", school="").split(" ")[0]
        return f"{word.capitalize()}{text.removeprefix(word)}" if text.startswith(f"{word} ") else text

    def _say(self, key: str, **values: object) -> str:
        return self._locale.say("notices", key, **values)


def _rotation(stay: Stay) -> str:
    return rotation(stay.row.requirement, stay.requirement_name)


def _place(stay: Stay) -> str:
    return ", ".join(dict.fromkeys((stay.unit_name, stay.site_name)))
