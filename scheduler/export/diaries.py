"""Who has what in the calendar: every student, preceptor and unit with what happens there, each told by an identity that lasts.

*Identity.* A student's event is told by party, required rotation and the ordinal of the placement in it: a new schedule that
changes unit, preceptor or dates updates the event. It is the same in the calendars of all students of a group. An event of a
unit or preceptor is told by slot, start and weekdays: who comes may change. The UID is a digest of that, so it names nobody.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from scheduler.domain import Instance
from scheduler.export.events import Entry, Happening
from scheduler.export.names import file_stems
from scheduler.export.phrases import Phrases, Roster
from scheduler.export.readers import Reader, known_readers
from scheduler.export.stays import Stay, within
from scheduler.export.view import View
from scheduler.words.locale import Locale

#: Those who have a calendar; a school's is in its pack only.
DiaryKind = Literal["student", "preceptor", "unit", "school"]
KINDS: tuple[DiaryKind, ...] = ("student", "preceptor", "unit")


@dataclass(frozen=True, slots=True)
class Diary:
    """What happens to one reader.

    Attributes
    ----------
    kind, id
        The reader.
    name
        The reader's name; the id where there is none.
    uid
        Identity of the calendar itself.
    happenings
        In the order of the file. Students of a group have the same objects, so that each needs to be written only once.
    """

    kind: DiaryKind
    id: str
    name: str
    uid: str
    happenings: tuple[Happening, ...]


def diaries(view: View) -> list[Diary]:
    """The diary of every student known by name, preceptor (also faculty) and unit with a placement.

    For one student, preceptor or unit it is the reader's own; for a school all of them, with only the school's students. A
    student of a group that is placed in parts gets the placements of every part, as tentative: who is in which part is open.
    """
    instance = view.instance
    maker = _Maker(instance, view.locale)
    stays = [stay for stay in view.stays if stay.sessions or stay.follows]
    rosters: tuple[tuple[Roster, dict[tuple[str, str], list[Stay]]], ...] = (
        ("preceptor", _of_preceptors(instance, stays)),
        ("unit", _of_units(stays)),
    )
    found = [maker.diary("student", who, who, own) for who, own in sorted(_of_students(instance, stays, maker).items())]
    for kind, those in rosters:
        found += [maker.diary(kind, who, name, maker.of_roster(kind, who, own)) for (who, name), own in sorted(those.items())]
    return [diary for diary in found if _is_for(view.reader, diary)]


def school_diary(view: View, school: str, name: str) -> Diary:
    """The diary of a school: where and when its students are, one event for each slot and pattern of sessions.

    Parameters
    ----------
    view
        What the school may see.
    """
    maker = _Maker(view.instance, view.locale)
    stays = [stay for stay in view.stays if stay.sessions or stay.follows]
    return maker.diary("school", school, name, maker.of_roster("school", school, stays))


def calendar_names(instances: Iterable[Instance], own: Iterable[Diary]) -> dict[tuple[str, str], str]:
    """The file name of each diary, by kind and id: ``student-n-01.ics``, ``preceptor-kim.ics``, ``unit-4B.ics``.

    Names are told apart among all who could have a calendar, so that they stay the same from one schedule to the next.
    """
    known = list(instances)
    there = list(own)
    names: dict[tuple[str, str], str] = {}
    for kind in KINDS:
        ids = {i for instance in known for i in known_readers(instance, kind)} | {d.id for d in there if d.kind == kind}
        names |= {(kind, who): f"{stem}.ics" for who, stem in file_stems(kind, ids).items()}
    return names


def _is_for(reader: Reader | None, diary: Diary) -> bool:
    """Whether a reader gets somebody's calendar: what others have beside the reader's placements is not in the view."""
    return reader is None or reader.kind == "school" or (reader.kind, reader.id) == (diary.kind, diary.id)


def _of_students(instance: Instance, stays: Iterable[Stay], maker: _Maker) -> dict[str, list[Happening]]:
    members: dict[str, list[str]] = defaultdict(list)
    for student in instance.students:
        if student.group and student.named:
            members[student.group].append(student.student)
    found: dict[str, list[Happening]] = defaultdict(list)
    for stay, ordinal in _numbered(stays):
        own = maker.of_student(stay, ordinal)
        for who in stay.students or members[stay.row.group]:
            found[who].append(own)
    return found


def supervising(instance: Instance, stay: Stay) -> tuple[str, ...]:
    """Who has the students: the faculty member of the group, preceptor and co-preceptor; without who covers."""
    group = instance.group_by_id.get(stay.row.group)
    return tuple(dict.fromkeys(filter(None, ((group and group.faculty) or "", stay.row.preceptor, stay.row.co_preceptor))))


def _of_preceptors(instance: Instance, stays: Iterable[Stay]) -> dict[tuple[str, str], list[Stay]]:
    """Placements by id and name of the preceptor, co-preceptor, and faculty member of a group; of a cover only those days."""
    found: dict[tuple[str, str], list[Stay]] = defaultdict(list)
    names = {p.preceptor: p.name or p.preceptor for p in instance.preceptors}
    for stay in stays:
        row, there = stay.row, supervising(instance, stay)
        for who in there:
            found[who, names.get(who, who)].append(stay)
        if row.cover and row.cover not in there and row.cover_start and row.cover_end:
            found[row.cover, names.get(row.cover, row.cover)].append(within(stay, row.cover_start, row.cover_end))
    return found


def _of_units(stays: Iterable[Stay]) -> dict[tuple[str, str], list[Stay]]:
    """Placements by id and name of the unit."""
    found: dict[tuple[str, str], list[Stay]] = defaultdict(list)
    for stay in stays:
        found[stay.row.unit, stay.unit_name].append(stay)
    return found


class _Maker:
    """Makes what happens out of placements, with the identities of an instance."""

    def __init__(self, instance: Instance, locale: Locale) -> None:
        self._phrases = Phrases(locale)
        self._key = instance.name, instance.first_monday
        self._zone = ZoneInfo(instance.timezone)
        slug = re.sub(r"[^a-z0-9]+", "-", instance.name.lower())[:40].strip("-") or "term"
        self._domain = f"{slug}.rotations.invalid"  # a name that no machine can have (RFC 2606)

    def diary(self, kind: DiaryKind, reader: str, name: str, own: Iterable[Happening]) -> Diary:
        return Diary(kind, reader, name, self._uid(kind, reader), tuple(own))

    def of_student(self, stay: Stay, ordinal: int) -> Happening:
        """One placement for the student, or for all students of the group."""
        row = stay.row
        entry = Entry(
            uid=self._uid("student", row.student, row.group, row.part, row.requirement, ordinal),
            **self._phrases.student(stay),
            specialties=(row.specialty,) if row.specialty else (),
            busy=not stay.follows and not row.part,
            firm=row.status == "confirmed" and not row.part,
        )
        return Happening(stay, entry, self._zone)

    def of_roster(self, kind: Roster, reader: str, stays: Iterable[Stay]) -> Iterator[Happening]:
        """What happens to a preceptor or unit: one for each pattern of sessions."""
        ordinals: dict[tuple[str, date, tuple[int, ...]], int] = defaultdict(int)
        for _, together in groupby(sorted(stays, key=_pattern), key=_pattern):
            those = sorted(together, key=lambda stay: stay.who)
            row = those[0].row
            when = row.slot, row.start, row.weekdays
            ordinals[when] += 1
            entry = Entry(
                uid=self._uid(kind, reader, *when, ordinals[when]),
                **self._phrases.roster(those, kind),
                specialties=tuple(dict.fromkeys(stay.row.specialty for stay in those if stay.row.specialty)),
                busy=False,
                firm=all(stay.row.status == "confirmed" for stay in those),
            )
            yield Happening(those[0], entry, self._zone)

    def _uid(self, *parts: object) -> str:
        return f"{uuid5(NAMESPACE_URL, repr([str(part) for part in (*self._key, *parts)]))}@{self._domain}"


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
