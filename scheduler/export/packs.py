"""Packs: for every student, preceptor, unit and school what they need to know of a schedule, in a folder of their own.

A pack is what ``--for`` shows, shorter and in the reader's words. One check of the whole schedule serves all packs: placements
are looked up by reader instead of being narrowed anew for each, which would take long for thousands of readers. Nothing is told
that a reader may not see: slots and teams, whose ids may hold somebody's, are not named, and of what is missing a student gets
no reasons. Schools, who get reasons, get the tables of ``--for school``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from scheduler.domain import Instance, Schedule
from scheduler.domain.equality import SchoolOutcome
from scheduler.export import READER_KINDS, ReaderKind
from scheduler.export.calendars import calendars, school_calendar
from scheduler.export.diaries import supervising
from scheduler.export.names import file_stems, folder_names
from scheduler.export.packs_tables import (
    coming,
    contacts,
    due,
    filled,
    forward,
    monday_of,
    own_rotations,
    role_of,
    still_missing,
    supervisor,
    taught,
    without,
)
from scheduler.export.pseudonyms import pseudonymous
from scheduler.export.readers import Reader, known_readers, own_stays
from scheduler.export.sheets import Sheet
from scheduler.export.spoken import Spoken
from scheduler.export.stays import Stay, within
from scheduler.export.tables import sheets
from scheduler.export.tables.cells import natural
from scheduler.export.tables.competencies import competencies
from scheduler.export.tables.outcome import at_risk
from scheduler.export.tables.places import by_unit
from scheduler.export.tables.schools import equity
from scheduler.export.teaching import teaching_hours
from scheduler.export.view import View, narrowed, whole
from scheduler.verify.equity import outcomes
from scheduler.verify.facts import Facts
from scheduler.words.locale import Locale

#: In the order of the index.
KINDS: tuple[ReaderKind, ...] = ("school", "unit", "preceptor", "student")
#: Columns of them that a school knows, or does not need.
_NOT_OF_SCHOOL = ("school", "slot", "team")
#: Of the tables of ``--for school`` those that are in the page; the workbook has all.
_OF_PAGE = ("unplaced", "by_student", "at_risk", "competencies")


@dataclass(frozen=True, slots=True)
class Pack:
    """What one reader gets.

    Attributes
    ----------
    reader, name
        Whose it is, by id and by name.
    place
        Where it is, in words; empty where it is not about one place.
    sheets
        The tables of the workbook.
    shown
        Names of those that are in the page.
    calendar
        The calendar; empty where there is nothing to come to.
    """

    reader: Reader
    name: str
    place: str
    sheets: tuple[Sheet, ...]
    shown: tuple[str, ...]
    calendar: bytes


class Packs:
    """The packs of a schedule.

    Parameters
    ----------
    only
        Whose pack alone there is; None: everybody's. With a key it becomes the pseudonym.
    key
        Secret bytes of which pseudonyms for people are made; None: people keep ids and names.
    locale
        In whose language they are written; None: English.
    """

    def __init__(
        self,
        instance: Instance,
        schedule: Schedule,
        only: Reader | None = None,
        *,
        key: bytes | None = None,
        locale: Locale | None = None,
    ) -> None:
        if key is not None:
            instance, schedule, names = pseudonymous(instance, schedule, key)
            only = only and replace(only, id=names.id(only.kind, only.id))
        self.only = only
        self.locale = locale or Locale()
        self._spoken = Spoken(self.locale)
        self.whole: View = replace(whole(instance, schedule), locale=self.locale)
        if key is not None:  # these sentences tell of people's lives
            self.whole = replace(self.whole, report=replace(self.whole.report, gave_way=()))
        self._facts = Facts(instance, schedule)
        self._instance = instance
        self._faculty = {g.group: g.faculty or "" for g in instance.groups}
        self._members: dict[str, list[str]] = defaultdict(list)
        for student in instance.students:
            if student.group and student.named:
                self._members[student.group].append(student.student)
        self._of_student: dict[str, list[Stay]] = defaultdict(list)
        self._of_preceptor: dict[str, list[Stay]] = defaultdict(list)
        self._of_unit: dict[str, list[Stay]] = defaultdict(list)
        for stay in self.whole.stays:
            self._sort_in(stay)

    def _sort_in(self, stay: Stay) -> None:
        for student in stay.students or self._members[stay.row.group]:
            self._of_student[student].append(stay)
        for who in dict.fromkeys((*supervising(self._instance, stay), *filter(None, (stay.row.cover,)))):
            self._of_preceptor[who].append(stay)
        self._of_unit[stay.row.unit].append(stay)

    @cached_property
    def readers(self) -> tuple[Reader, ...]:
        """Who gets a pack: every school and named student, and the units and preceptors that somebody comes to."""
        if self.only:
            return (self.only,)
        ids: Mapping[ReaderKind, list[str]] = {
            "school": list(self._instance.school_by_id),
            "unit": list(self._of_unit),
            "preceptor": list(self._of_preceptor),
            "student": [s.student for s in self._instance.students if s.named],
        }
        return tuple(Reader(kind, one) for kind in KINDS for one in sorted(ids[kind], key=natural))

    @cached_property
    def folders(self) -> Mapping[Reader, str]:
        """Folder of each reader's pack, like ``unit/4B``."""
        return self._named(lambda kind, ids: {i: f"{kind}/{name}" for i, name in folder_names(kind, ids).items()})

    @cached_property
    def stems(self) -> Mapping[Reader, str]:
        """What the files of each reader's pack are called, like ``unit-4B``."""
        return self._named(file_stems)

    def _named(self, names: Callable[[str, Collection[str]], Mapping[str, str]]) -> Mapping[Reader, str]:
        return {
            Reader(kind, one): name
            for kind in READER_KINDS
            for one, name in names(kind, known_readers(self._instance, kind)).items()
        }

    def name(self, reader: Reader) -> str:
        """What a reader is called; the id where there is no name."""
        if reader.kind == "school":
            return self._instance.school_by_id[reader.id].name or reader.id
        if reader.kind == "unit":
            return self._instance.unit_by_id[reader.id].name or reader.id
        return supervisor(self._instance.preceptor_by_id[reader.id]) if reader.kind == "preceptor" else reader.id

    def pack(self, reader: Reader) -> Pack:
        """The pack of one reader."""
        of_kind = {"student": self._student, "preceptor": self._preceptor, "unit": self._unit, "school": self._school}
        return of_kind[reader.kind](reader)

    def every(self) -> Iterator[Pack]:
        """The packs of all readers, one after the other."""
        return map(self.pack, self.readers)

    # -- one kind each ------------------------------------------------------------------------------------------------

    def _student(self, reader: Reader) -> Pack:
        student = self._instance.student_by_id[reader.id]
        program = self._instance.program_by_id[student.program]
        school = self._instance.school_by_id.get(program.school)
        own = own_stays(self._instance, reader, self._of_student[reader.id])
        found = [own_rotations(own)]
        if missing := [
            *self._missing.get(reader.id, ()),
            *(self._missing.get(f"group {student.group}", ()) if student.group else ()),
        ]:
            found.append(still_missing(self._instance, missing))
        if items := self._due.get(reader.id):
            found.append(due(items))
        found += self._contacts([program.school])
        place = f"{program.name or program.program}, {(school.name if school else '') or program.school}"
        return self._made(reader, place, found)

    def _preceptor(self, reader: Reader) -> Pack:
        own = self._of_preceptor[reader.id]
        roles = [(stay, role_of(stay, reader.id, self._faculty.get(stay.row.group, ""))) for stay in own]
        shown = [(_covered(stay) if role == "cover" else stay, role) for stay, role in roles]
        found = [taught(shown, self._instance)]
        keys = {key for stay in own for key in (*stay.students, stay.who)}
        if self._competencies is not None:
            rows = [i for key in keys for i in self._open.get(key, ())]
            found.append(_rows(self._competencies, sorted(rows), ("unplaced",), name="open_competencies"))
        found.append(teaching_hours(own, reader.id))
        found += self._contacts([stay.row.school for stay in own])
        return self._made(reader, "", found)

    def _unit(self, reader: Reader) -> Pack:
        unit = self._instance.unit_by_id[reader.id]
        site = self._instance.site_by_id.get(unit.site)
        own = self._of_unit[reader.id]
        ahead = monday_of(self._instance.planning_date)
        weeks = by_unit(self._facts, reader.id)
        at = [column.key for column in weeks.columns].index("week")
        rows = [i for i, row in enumerate(weeks.rows) if str(row[at]) >= str(ahead)]
        found = [
            coming(own, self._instance),
            forward(own, self._instance),
            _rows(weeks, rows, ("unit", "site"), name="weeks"),
            *self._contacts([stay.row.school for stay in own]),
        ]
        place = ", ".join(dict.fromkeys(filter(None, ((site.name if site else "") or unit.site, site.place if site else ""))))
        return self._made(reader, place, found)

    def _school(self, reader: Reader) -> Pack:
        seen = narrowed(self.whole, reader)
        own = {table.name: filled(without(table, _NOT_OF_SCHOOL)) for table in sheets(seen, self._facts)}
        served = equity(self._served, reader.id)
        page = [own[name] for name in _OF_PAGE if name in own]
        rest = [table for name, table in own.items() if name not in _OF_PAGE]
        shown = ("equity", *(table.name for table in page))
        calendar = school_calendar(seen, reader.id, self.name(reader))
        tables = self._spoken.sheets((served, *page, *rest))
        return Pack(reader, self.name(reader), "", tables, shown, calendar)

    def _contacts(self, schools: Iterable[str]) -> list[Sheet]:
        """Whom to ask, where the schools say."""
        known = self._instance.school_by_id
        made = contacts([known[school] for school in sorted(set(schools), key=natural) if school in known])
        return [made] if made else []

    def _made(self, reader: Reader, place: str, found: list[Sheet]) -> Pack:
        shown = tuple(table.name for table in found)
        calendar = self._calendars.get(f"{self.stems[reader]}.ics", b"")
        return Pack(reader, self.name(reader), place, self._spoken.sheets(found), shown, calendar)

    # -- of the whole, worked out once --------------------------------------------------------------------------------

    @cached_property
    def _calendars(self) -> Mapping[str, bytes]:
        return calendars(replace(self.whole, reader=self.only))

    @cached_property
    def _served(self) -> tuple[SchoolOutcome, ...]:
        return outcomes(self._facts)

    @cached_property
    def _missing(self) -> Mapping[str, list[tuple[str, str, int, str]]]:
        """By student, or group with its word: (program, rotation, how much, of what)."""
        found: dict[str, list[tuple[str, str, int, str]]] = defaultdict(list)
        for row in self.whole.report.unplaced:
            whose = row.student or f"group {row.group}"
            found[whose].append((row.program, row.requirement, row.missing, row.unit))
        return {whose: list(dict.fromkeys(rows)) for whose, rows in found.items()}

    @cached_property
    def _due(self) -> Mapping[str, list[tuple[date, str, str, str, str]]]:
        """By student: (due, compliance item, how far, rotation, note) of each placement for which one is still due."""
        table = at_risk(self.whole, self._instance)
        at = {column.key: i for i, column in enumerate(table.columns)}
        found: dict[str, list[tuple[date, str, str, str, str]]] = defaultdict(list)
        for row in table.rows:
            day = row[at["due"]]
            assert isinstance(day, date)
            item, status, rotation, note = (str(row[at[key]] or "") for key in ("item", "status", "rotation", "note"))
            found[str(row[at["student"]])].append((day, item, status, rotation, note))
        return found

    @cached_property
    def _competencies(self) -> Sheet | None:
        named = any(row.competencies for row in self._instance.requirements)
        return competencies(self.whole, self._facts) if named else None

    @cached_property
    def _open(self) -> Mapping[str, list[int]]:
        return _index(self._competencies, "who") if self._competencies else {}


def _covered(stay: Stay) -> Stay:
    """The days of a placement on which somebody covers."""
    row = stay.row
    return within(stay, row.cover_start, row.cover_end) if row.cover_start and row.cover_end else stay


def _index(table: Sheet, key: str) -> Mapping[str, list[int]]:
    """By the value in a column, the numbers of the rows."""
    at = [column.key for column in table.columns].index(key)
    found: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(table.rows):
        found[str(row[at])].append(i)
    return found


def _rows(table: Sheet, rows: list[int], same: tuple[str, ...], name: str = "") -> Sheet:
    """Some rows of a table, without the columns that are the same in all of them; `name`: as a table of another name."""
    title = Locale().words("tables")["sheets"][name] if name else table.title
    return without(Sheet(name or table.name, title, table.columns, tuple(table.rows[r] for r in rows)), same)
