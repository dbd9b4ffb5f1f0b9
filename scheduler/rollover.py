"""The next term from this one: dates move by whole weeks, students are yet to be named, and this term becomes history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from scheduler.domain import GONE, TABLES, Instance, Placement, Schedule, Unplaced
from scheduler.domain.tables import CalendarRow, Credit, Group, History, Row, Student, StudentRequirement
from scheduler.domain.types import ALL_DAYS
from scheduler.errors import InputError, Problem

#: Tables of what is true of one person in one term.
PERSONAL = frozenset({"student_requirements", "credits", "clearances", "conflicts", "pins", "baseline"})
#: Whose rows are dropped in tables that say of whom they are.
PERSONS = {
    "availability": ("student", "group", "preceptor"),
    "preferences": ("student", "group"),
    "commitments": ("student", "group"),
}
#: Of these, what is still true of students who stay.
STILL_TRUE = frozenset({"clearances", "conflicts"})
#: Tables whose dates stand for themselves: papers that hold until they end, and what is past.
LASTING = frozenset({"agreements", "preceptors", "clearances", "history"})
#: A program's name in the id of a student who is not named yet has at most so many letters: ids have an end.
LONGEST_PROGRAM = 50


@dataclass
class Rollover:
    """The next term, and what became of this one.

    Attributes
    ----------
    instance
        The next term.
    weeks
        By how many weeks dates moved.
    moved, dropped
        Rows by table.
    to_be_named
        Students to be named, by program.
    staying
        Students who have something left to do, with what.
    left_open
        What groups have left undone.
    expiring
        Agreements and training that end before or in the new term, in words.
    to_check
        Dates that moved although they may hang on the calendar: holidays, breaks, closures.
    """

    instance: Instance
    weeks: int
    term: str
    moved: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    to_be_named: Counter[str] = field(default_factory=Counter)
    staying: list[str] = field(default_factory=list)
    left_open: list[str] = field(default_factory=list)
    expiring: list[str] = field(default_factory=list)
    to_check: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """What was done and what is left to do, as Markdown."""
        new = self.instance
        return [
            f"# {new.name}",
            "",
            f"{new.first_monday} to {new.last_day}, {self.weeks} weeks after {self.term}; seen from {new.planning_date}.",
            *_listed("Moved", [_rows(name, n) for name, n in self.moved.items()], "all their dates, by whole weeks"),
            *_listed("Dropped", [_rows(name, n) for name, n in self.dropped.items()], "what was true of persons in one term"),
            *_listed("To be named", [f"{program}: {n}" for program, n in self.to_be_named.items()], "students by program"),
            *_listed(
                "Stay to finish",
                self.staying,
                "they take the place of a new student each; add rows if the new class is as large as this one",
            ),
            *_listed("Left undone by groups", self.left_open, "nobody carries it on: decide, and add it by hand"),
            *_listed("Expires", self.expiring, "before or in the new term; renew it, and correct the date"),
            *_listed("To be looked at", self.to_check, "dates that may lie otherwise next term"),
            "",
        ]


def rollover(instance: Instance, schedule: Schedule, to: date, *, term: str, name: str = "") -> Rollover:
    """Make next term's instance.

    Parameters
    ----------
    schedule
        This term's, with what is unplaced in it.
    to
        A day of the first week of the new term.
    term
        Label of this term in the history.
    name
        Name of the new instance; empty: the old one's.

    Raises
    ------
    InputError
        If the new term does not begin later, or the history has rows of the term already.
    """
    first = to - timedelta(days=to.weekday())
    move = first - instance.first_monday
    if move <= timedelta(0):
        wrong = f"{to} is not after the first week of this term ({instance.first_monday})"
        raise InputError(Problem(wrong, expected="a day of the first week of the new term", code="outside"))
    if any(row.term == term for row in instance.history):
        wrong = f"has rows of the term {term} already"
        raise InputError(Problem(wrong, "history.csv", suggestion="give this term another label", code="duplicate_row"))
    found = Rollover(instance, move.days // 7, term)
    staying = frozenset(row.student for row in schedule.unplaced if row.student)
    tables = {table: tuple(_kept(instance.rows(table), table, move, staying, found)) for table in TABLES}
    tables |= _people(instance, schedule, found)
    tables["history"] = (*instance.history, *_history(instance, schedule, term))
    frame = {key: getattr(instance, key) for key in Instance.model_fields if key not in TABLES}
    frame |= {"name": name or instance.name, "first_monday": first, "planning_date": instance.planning_date + move}
    found.instance = Instance(**frame, **tables)
    found.expiring = list(_expiring(found.instance))
    return found


# -- rows that stay ---------------------------------------------------------------------------------------------------------


def _kept(rows: Iterable[Row], table: str, move: timedelta, staying: frozenset[str], found: Rollover) -> Iterator[Row]:
    """The rows that hold next term too, with their dates moved."""
    for row in rows:
        if table in ("students", "groups"):
            continue  # made anew
        student = getattr(row, "student", None)
        personal = table in PERSONAL or bool(student) or getattr(row, "who_kind", "") in PERSONS.get(table, ())
        if personal and not (table in STILL_TRUE and student in staying):
            found.dropped[table] += 1
            continue
        later = row if table in LASTING else _moved(row, move)
        if later != row:
            found.moved[table] += 1
            if isinstance(later, CalendarRow) and later.kind not in ("term", "block"):
                found.to_check.append(f"{later.kind} of {later.program}, {later.start} to {later.end}")
        yield later


def _moved(row: Row, move: timedelta) -> Row:
    """A row with all its dates later."""
    changed: dict[str, Any] = {}
    for column in type(row).model_fields:
        value = getattr(row, column)
        if isinstance(value, date):
            changed[column] = value + move
        elif isinstance(value, tuple) and value and isinstance(value[0], date):
            changed[column] = tuple(day + move for day in value)
    return row.model_copy(update=changed) if changed else row


# -- who comes --------------------------------------------------------------------------------------------------------------


def _people(instance: Instance, schedule: Schedule, found: Rollover) -> dict[str, tuple[Row, ...]]:
    """Groups of the same size and as many students, all to be named; and those who have something left to do."""
    open_: dict[str, list[Unplaced]] = defaultdict(list)
    for row in schedule.unplaced:
        if row.student:
            open_[row.student].append(row)
        else:
            part = f" part {row.part}" if row.part else ""
            found.left_open.append(f"group {row.group}{part}: {row.missing} {row.unit} of {row.requirement}")
    taken = {s.student for s in instance.students if s.student in open_}
    numbers: Counter[str] = Counter()
    students: list[Row] = []
    changes: list[Row] = []
    credits_: list[Row] = []
    for student in instance.students:
        if student.student in open_:
            students.append(student.model_copy(update={"group": None, "available_from": None}))
            rest = open_[student.student]
            done = _done(instance, schedule, student.student)
            own, amounts = _rest(instance, student, rest, done)
            changes += own
            credits_ += amounts
            said = ", ".join(f"{u.missing} {u.unit} of {u.requirement}" for u in rest)
            found.staying.append(f"{student.student}: {said}")
            if student.group is None:
                continue
        found.to_be_named[student.program] += 1
        new = _new_id(student.program, numbers, taken)
        students.append(Student(student=new, program=student.program, group=student.group, named=False))
    listed = Counter(s.group for s in instance.students if s.group)
    for group in instance.groups:
        found.to_be_named[group.program] += group.size - listed[group.group]
    groups: tuple[Row, ...] = tuple(_without_cohort(group) for group in instance.groups)
    found.to_be_named = +found.to_be_named
    return {"students": tuple(students), "groups": groups, "student_requirements": tuple(changes), "credits": tuple(credits_)}


def _done(instance: Instance, schedule: Schedule, student: str) -> set[str]:
    """The rotations that a student has done, or need not do."""
    done = {p.requirement for p in schedule.placements if p.student == student and p.status not in GONE}
    done |= {c.requirement for c in instance.credits if c.student == student}
    done |= {c.requirement for c in instance.student_requirements if c.student == student and c.change == "waive"}
    return done | {c.requirement for c in instance.commitments if (c.who_kind, c.who) == ("student", student) and c.requirement}


def _without_cohort(group: Group) -> Group:
    return group.model_copy(update={"cohort": None})


def _new_id(program: str, numbers: Counter[str], taken: set[str]) -> str:
    """The next free id of a student to be named."""
    while True:
        numbers[program] += 1
        new = f"{program[:LONGEST_PROGRAM]}-tbd-{numbers[program]}"
        if new not in taken:
            taken.add(new)
            return new


def _rest(
    instance: Instance, student: Student, rest: Sequence[Unplaced], done: set[str]
) -> tuple[list[StudentRequirement], list[Credit]]:
    """What leaves a student only what is missing: all else is waived, and what was done of it is credited."""
    missing = {row.requirement: row.missing for row in rest}
    changes, credits_ = [], []
    for r in (r for r in instance.requirements if r.program == student.program):
        change = {"student": student.student, "requirement": r.requirement}
        open_ = r.requirement in missing or (r.elective_set in missing and r.requirement not in done)
        if not open_ and r.applies_to == "all":
            changes.append(StudentRequirement.model_validate({**change, "change": "waive"}))
        elif open_ and r.applies_to == "listed":
            changes.append(StudentRequirement.model_validate({**change, "change": "add"}))
        if (left := r.amount - missing.get(r.requirement, r.amount)) > 0:
            credits_.append(Credit.model_validate({"student": student.student, "requirement": r.requirement, "amount": left}))
    sets = {r.elective_set for r in instance.requirements if r.program == student.program and r.elective_set}
    for name in sorted(str(s) for s in sets if s in missing):
        row = {"student": student.student, "requirement": name, "change": "choose", "amount": missing[name]}
        changes.append(StudentRequirement.model_validate(row))
    return changes, credits_


# -- what was ---------------------------------------------------------------------------------------------------------------


def _history(instance: Instance, schedule: Schedule, term: str) -> Iterator[History]:
    """This term's rows: what was placed was granted and used, what was not was only requested.

    A rotation in several placements is one row, that of the first: its students came for one rotation.
    """
    placed: Counter[tuple[Any, ...]] = Counter()
    seen: set[tuple[str, str]] = set()
    for p in sorted((p for p in schedule.placements if p.status not in GONE), key=lambda p: p.start):
        if (p.who, p.requirement) in seen:
            continue
        seen.add((p.who, p.requirement))
        placed[_place(instance, p)] += _students(instance, p)
    for (school, program, requirement, unit, weekdays, shift, start), n in sorted(placed.items(), key=lambda item: str(item)):
        yield History(
            term=term,
            school=school,
            program=program,
            requirement=requirement,
            unit=unit,
            weekdays=weekdays,
            shift=shift,
            start_week=start,
            requested=n,
            granted=n,
            used=n,
        )
    names = {(r.program, r.requirement) for r in instance.requirements}
    missing: Counter[tuple[str, str, str | None]] = Counter()
    for u in schedule.unplaced:
        who = u.student or (f"{u.group} part {u.part}" if u.part else u.group)
        if (who, u.requirement) not in seen:
            school = instance.program_by_id[u.program].school
            times = u.missing if u.unit == "rotations" else 1
            known = u.requirement if (u.program, u.requirement) in names else None
            missing[school, u.program, known] += times * u.students
    for (school, program, rotation), n in sorted(missing.items(), key=lambda item: str(item)):
        yield History(term=term, school=school, program=program, requirement=rotation, requested=n)


def _place(instance: Instance, p: Placement) -> tuple[Any, ...]:
    """What placements of one row of the history have in common."""
    slot = instance.slot_by_id[p.slot]
    monday = p.start - timedelta(days=p.start.weekday())
    program = instance.student_by_id[p.student].program if p.student else instance.group_by_id[p.group].program
    weekdays = p.weekdays or (slot.weekdays if slot.pattern == "fixed" else ALL_DAYS)
    school = instance.program_by_id[program].school
    return school, program, p.requirement, slot.unit, weekdays, slot.shift, monday


def _students(instance: Instance, p: Placement) -> int:
    """How many came; a row written by hand may leave out how many are in the group."""
    return p.students if p.student or p.part else instance.group_by_id[p.group].size


def _expiring(new: Instance) -> Iterator[str]:
    """Agreements and training that do not last until the end of the new term, the first to end first."""
    ends: list[tuple[date, str]] = []
    for a in new.agreements:
        if a.end is not None and a.end < new.last_day:
            where = ", ".join(a.sites) or "all sites"
            what = f" for {', '.join(a.professions)}" if a.professions else ""
            ends.append((a.end, f"agreement of {a.school} with {where}{what}"))
    trained = ((q.trained_until, f"training of {q.preceptor}") for q in new.preceptors if q.trained_until is not None)
    ends += [(day, what) for day, what in trained if day < new.last_day]
    for day, what in sorted(ends):
        yield f"{day}: {what}" + (", before the new term begins" if day < new.first_monday else "")


# -- words ------------------------------------------------------------------------------------------------------------------


def _rows(table: str, n: int) -> str:
    return f"{table}: {n} {'row' if n == 1 else 'rows'}"


def _listed(title: str, rows: Sequence[str], meaning: str) -> list[str]:
    return ["", f"## {title}", "", f"({meaning})", "", *(f"- {row}" for row in rows)] if rows else []
