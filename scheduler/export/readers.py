"""For whom a schedule is exported: everybody, or one school, preceptor, unit or student, who see only what is theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from scheduler.domain import RULES, Instance, Schedule
from scheduler.errors import InputError, Problem
from scheduler.export import READER_KINDS, ReaderKind
from scheduler.export.reasons import PLAIN_WORDS
from scheduler.export.stays import Stay
from scheduler.export.telling import is_long
from scheduler.export.words import Words
from scheduler.verify import Report, Violation

#: What of an instance a reader gets: the frame, and the rows about the people and places of the reader's own placements.
_FRAME = ("name", "first_monday", "weeks", "planning_date", "timezone", "shifts", "professions", "policy")
#: Up to so many ids are listed where an unknown one is asked for.
MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class Reader:
    """One for whom a schedule is written: kind and id."""

    kind: ReaderKind
    id: str


def known_readers(instance: Instance, kind: ReaderKind) -> Collection[str]:
    """The ids of a kind of reader."""
    by_kind: dict[ReaderKind, Collection[str]] = {
        "school": instance.school_by_id,
        "preceptor": instance.preceptor_by_id,
        "unit": instance.unit_by_id,
        "student": instance.student_by_id,
    }
    return by_kind[kind]


def find_reader(instance: Instance, kind: ReaderKind, name: str) -> Reader:
    """The reader of that kind and id.

    Raises
    ------
    InputError
        If there is none, with the id that was probably meant, and all ids where they are few.
    """
    known = known_readers(instance, kind)
    if name in known:
        return Reader(kind, name)
    by_case = {known_id.casefold(): known_id for known_id in known}
    near = get_close_matches(name.casefold(), by_case, n=1, cutoff=0.5)
    elsewhere = [other for other in READER_KINDS if name in known_readers(instance, other)]
    fix = f"known: {', '.join(sorted(known))}" if 0 < len(known) <= MOST_LISTED else ""
    if near:
        fix = f"did you mean {by_case[near[0]]!r}?" + (f" ({fix})" if fix else "")
    if elsewhere:
        fix = f"there is a {elsewhere[0]} {name!r}: --for {elsewhere[0]} {name}"
    raise InputError(Problem(f"there is no {kind} {name!r}", suggestion=fix, code="unknown_reader"))


def own_stays(instance: Instance, reader: Reader, stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """The placements that a reader may see; a student sees no other members of a group."""
    student = instance.student_by_id.get(reader.id) if reader.kind == "student" else None
    found = []
    for stay in stays:
        if student is not None:
            mine = student.student in stay.students
            if mine or (stay.row.part and stay.row.group == student.group):
                found.append(replace(stay, students=(student.student,) if mine else ()))
        elif _is_theirs(instance, reader, stay):
            found.append(stay)
    return tuple(found)


def _is_theirs(instance: Instance, reader: Reader, stay: Stay) -> bool:
    if reader.kind == "school":
        return stay.row.school == reader.id
    if reader.kind == "unit":
        return stay.row.unit == reader.id
    group = instance.group_by_id.get(stay.row.group)
    supervising = (stay.row.preceptor, stay.row.co_preceptor, stay.row.cover)
    return reader.id in supervising or (group is not None and reader.id == group.faculty)


def own_instance(instance: Instance, reader: Reader, stays: Iterable[Stay]) -> Instance:
    """The part of an instance that a reader's placements speak of; nothing else about people is in it."""
    there = tuple(stays)
    students = {student for stay in there for student in stay.students}
    groups = {stay.row.group for stay in there if stay.row.group}
    programs = {stay.row.program for stay in there}
    if reader.kind == "school":
        programs |= {p.program for p in instance.programs if p.school == reader.id}
        students |= {s.student for s in instance.students if s.program in programs}
        groups |= {g.group for g in instance.groups if g.program in programs}
    if reader.kind == "student":
        students = {reader.id}
        programs |= {s.program for s in instance.students if s.student == reader.id}
        groups |= {s.group for s in instance.students if s.student == reader.id and s.group}
    units = {stay.row.unit for stay in there} | ({reader.id} if reader.kind == "unit" else set())
    sites = {instance.unit_by_id[u].site for u in units}
    schools = {instance.program_by_id[p].school for p in programs}
    slots = {stay.row.slot for stay in there}
    preceptors = {who for s in there for who in (s.row.preceptor, s.row.co_preceptor, s.row.cover)}
    preceptors |= {reader.id} if reader.kind == "preceptor" else set()
    preceptors |= {g.faculty for g in instance.groups if g.group in groups and g.faculty}
    rows = {
        "schools": tuple(s for s in instance.school_by_id.values() if s.school in schools),
        "programs": tuple(p for p in instance.programs if p.program in programs),
        "calendar": tuple(c for c in instance.calendar if c.program in programs and (not c.group or c.group in groups)),
        "requirements": tuple(r for r in instance.requirements if r.program in programs),
        "students": tuple(s for s in instance.students if s.student in students),
        "groups": tuple(g for g in instance.groups if g.group in groups),
        "sites": tuple(s for s in instance.site_by_id.values() if s.site in sites),
        "units": tuple(instance.unit_by_id[u] for u in sorted(units)),
        "slots": tuple(s.model_copy(update={"kept_for": ()}) for s in instance.slots if s.slot in slots),
        "preceptors": tuple(p for p in instance.preceptors if p.preceptor in preceptors),
    }
    return Instance(**{key: getattr(instance, key) for key in _FRAME}, **rows)


class Others:
    """Everybody whom a reader may not see, to be left out of what is said.

    Parameters
    ----------
    whole, schedule
        Of everybody; an edited schedule may name people who are in no table.
    instance
        The reader's own.
    """

    def __init__(self, whole: Instance, schedule: Schedule, instance: Instance, reader: Reader) -> None:
        parties = {(row.student, row.group) for row in schedule.placements} | {(u.student, u.group) for u in schedule.unplaced}
        students = {s.student for s in whole.students} | {student for student, _ in parties if student}
        groups = {g.group for g in whole.groups} | {group for _, group in parties if group}
        faculty = {p.preceptor: p.name for p in whole.preceptors if p.school and p.school not in instance.school_by_id}
        faculty = {one: name for one, name in faculty.items() if one not in instance.preceptor_by_id}
        a, whose = ("a", " of another school") if reader.kind == "school" else ("another", "")
        instead: dict[str, str] = dict.fromkeys((*faculty, *faculty.values()), f"{a} faculty member{whose}")
        for group in groups - {g.group for g in instance.groups}:
            instead |= {group: f"{a} group{whose}", f"group {group}": f"{a} group{whose}"}
        for student in students - {s.student for s in instance.students}:
            instead |= {student: f"{a} student{whose}", f"student {student}": f"{a} student{whose}"}
        self._sentences = Words(instead, PLAIN_WORDS)
        self._ids = Words({one: new for one, new in instead.items() if is_long(one)})

    def left_out(self, sentence: str) -> str:
        """A sentence that names only those whom the reader may see."""
        return self._sentences.replaced(sentence)

    def unnamed(self, stay: Stay) -> Stay:
        """A placement whose slot and team are not called by somebody else's id."""
        new = {column: self._ids.replaced(getattr(stay.row, column)) for column in ("slot", "team")}
        return stay if all(getattr(stay.row, c) == text for c, text in new.items()) else _with(stay, new)


def _with(stay: Stay, columns: dict[str, str]) -> Stay:
    return replace(stay, row=stay.row.model_copy(update=columns))


def own_schedule(schedule: Schedule, instance: Instance, reader: Reader, stays: Iterable[Stay], others: Others) -> Schedule:
    """A reader's placements and, for a school or student, unplaced rotations; cost and proof are of the whole, so left out.

    Parameters
    ----------
    instance
        The reader's own.
    others
        Whom a reason must not name, like the student of a group whom it is about.
    """
    known = {s.student for s in instance.students}
    groups = {g.group for g in instance.groups}
    tells = reader.kind in ("school", "student")
    own = [u for u in schedule.unplaced if tells and (u.student in known or u.group in groups)]
    unplaced = tuple(u.model_copy(update={"reason": others.left_out(u.reason)}) for u in own)
    return Schedule(
        status=schedule.status,
        placements=tuple(stay.row for stay in stays),
        unplaced=unplaced,
        instance_name=schedule.instance_name,
        instance_hash=schedule.instance_hash,
        planning_date=schedule.planning_date,
        made=schedule.made,
        edition=schedule.edition,
    )


def own_report(report: Report, instance: Instance, reader: Reader, stays: Iterable[Stay], others: Others) -> Report:
    """What the check found about a reader's placements; where others take part in it, only which rule it is.

    Parameters
    ----------
    instance
        The reader's own.
    others
        Whom a sentence about placements of the reader alone must not name either.
    """
    own = {_key(stay) for stay in stays}
    violations = []
    for found in report.violations:
        theirs = [_row_key(row) in own for row in found.placements]
        if theirs and all(theirs) and reader.kind != "student":
            violations.append(replace(found, sentence=others.left_out(found.sentence)))
        elif any(theirs):
            title = RULES[found.rule].title if found.rule in RULES else "What the schedule says of itself"
            violations.append(Violation(found.rule, f"{title}: does not hold for placements shown here"))
    known, groups = {s.student for s in instance.students}, {g.group for g in instance.groups}
    tells = reader.kind in ("school", "student")
    unplaced = tuple(u for u in report.unplaced if tells and (u.student in known or u.group in groups))
    return Report(tuple(dict.fromkeys(violations)), {}, 0, unplaced)


def _key(stay: Stay) -> tuple[object, ...]:
    row = stay.row
    return row.student, row.group, row.part, row.requirement, row.slot, row.start


def _row_key(row: object) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in ("student", "group", "part", "requirement", "slot", "start"))
