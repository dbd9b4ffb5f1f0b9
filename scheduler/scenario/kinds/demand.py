"""Who has to be placed: schools that grow or shrink, students and groups that join or withdraw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from scheduler.domain.tables import Availability, Group, Preceptor, Program, Requirement, Student, StudentRequirement
from scheduler.domain.tables.base import column
from scheduler.domain.types import Date, Id, Ids, Positive
from scheduler.domain.wording import count
from scheduler.scenario.change import Change, listed
from scheduler.scenario.gone import remove, shrink_group
from scheduler.scenario.names import DAY, fresh, more_or_fewer, new_id
from scheduler.scenario.work import Work, Wrong, WrongChange

Percent = Annotated[int, Field(ge=-100, le=1_000)]
Students = Annotated[int, Field(ge=-100_000, le=100_000)]


class Grow(Change):
    """A school or program has more students, or fewer.

    Each program grows by its share. New students are to be named and are like those there are, in their order; where students
    come in groups, so do the new ones, each group with a faculty member of its own. Those who go are the last ones, students who
    are to be named before others.
    """

    kind: ClassVar[str] = "grow"
    example: ClassVar[str] = "grow school=ash percent=20"
    one_of: ClassVar[tuple[str, ...]] = ("school", "program")

    school: Id | None = column("School of which all programs grow.", None, ref="schools", example="ash")
    program: Id | None = column("Program that grows.", None, ref="programs")
    percent: Percent | None = column("By how much; negative: it shrinks.", None, unit="%", example="20")
    students: Students | None = column("Or by how many students.", None, unit="students")

    def wrong(self) -> Iterator[Wrong]:
        yield from super().wrong()
        if (self.percent is None) == (self.students is None):
            yield Wrong("percent", "exactly one of percent and students is to be given", code="one_of")

    def make(self, work: Work) -> str:
        programs = [
            p.program for p in work.rows(Program) if p.program == self.program or (self.school and p.school == self.school)
        ]
        sizes = {p: _alone(work, p) + _grouped(work, p) for p in programs}
        before = sum(sizes.values())
        if self.percent is not None:
            shares = {p: size * self.percent for p, size in sizes.items()}
            by = {p: (share + 50) // 100 if share >= 0 else -((-share + 50) // 100) for p, share in shares.items()}
        else:
            by = _shared(self.students or 0, sizes)
        for program, n in by.items():
            if -n > sizes[program]:
                wrong = f"{program} has only {count(sizes[program], 'student')}"
                raise WrongChange(Wrong("students", wrong, str(self.students), f"at least -{before}", code="too_many"))
            if n > 0 and not sizes[program]:
                raise WrongChange(
                    Wrong("program", f"{program} has no students whom new ones could be like", program, code="nothing")
                )
            in_groups = _shared(n, {"groups": _grouped(work, program), "alone": _alone(work, program)})
            _grow_groups(work, program, in_groups["groups"])
            _grow_alone(work, program, in_groups["alone"])
        total = sum(by.values())
        what = f"school {self.school}" if self.school else f"program {self.program}"
        return f"{what} has {more_or_fewer(total)} ({before} → {before + total})"


class Withdrawn(Change):
    """A student leaves, or a group with all its students: nobody has to place them any more."""

    kind: ClassVar[str] = "withdrawn"
    example: ClassVar[str] = "withdrawn student=pa27-04"
    one_of: ClassVar[tuple[str, ...]] = ("student", "group")

    student: Ids = column("Students who leave.", (), ref="students", example="pa27-04")
    group: Ids = column("Groups that leave.", (), ref="groups")

    def make(self, work: Work) -> str:
        remove(work, "students", self.student)
        remove(work, "groups", self.group)
        names = self.student or self.group
        return f"{'student' if self.student else 'group'} {listed(names)} {'withdraw' if len(names) > 1 else 'withdraws'}"


class Joins(Change):
    """A new student or group in a program.

    One that is like another takes the same required rotations, has the same home, languages and limits; wishes, papers, pins and
    what is done already are not taken over.
    """

    kind: ClassVar[str] = "joins"
    example: ClassVar[str] = "joins student=pa27-99 like=pa27-04"
    one_of: ClassVar[tuple[str, ...]] = ("student", "group")

    student: Id | None = column("Id of the new student.", None, example="pa27-99")
    group: Id | None = column("Id of the new group.", None)
    program: Id | None = column("Program; empty: that of whom it is like.", None, ref="programs")
    like: Id | None = column("Student (or group) of the program whom it is like.", None, example="pa27-04")
    into: Id | None = column("Group that the new student joins.", None, ref="groups")
    size: Positive | None = column("Students of a new group; empty: as many as in the one it is like.", None, unit="students")
    faculty: Id | None = column("Faculty member of a new group; empty: somebody new.", None, ref="preceptors")
    start: Date | None = column("First day on which they can be placed.", None)

    def wrong(self) -> Iterator[Wrong]:
        yield from super().wrong()
        if not self.program and not self.like:
            yield Wrong("program", "program or like is missing", code="missing_value")
        if self.group and not self.like and not self.size:
            yield Wrong("size", "a group that is like no other needs a size", code="missing_value")
        for key in ("size", "faculty") if self.student else ("into",):
            if getattr(self, key):
                yield Wrong(key, f"is only for a new {'group' if self.student else 'student'}", code="no_effect")

    def make(self, work: Work) -> str:
        if self.group:
            return self._group(work, self.group)
        name = str(self.student)
        fresh(work, "students", "student", name)
        old = work.row(Student, self.like) if self.like else None
        if self.like and old is None:
            raise WrongChange(_unknown(work, "students", self.like))
        into = work.row(Group, self.into) if self.into else None
        program = self.program or (old.program if old else "")
        _add_student(work, old, name, program=program, group=self.into, named=True, available_from=self.start)
        if into is not None:
            for index, row in list(work.each(Group)):
                if row is into:
                    work.update(Group, index, size=row.size + 1)
        where = f", group {self.into}" if self.into else ""
        return f"student {name} joins {program}{where}{f', like {self.like}' if self.like else ''}"

    def _group(self, work: Work, name: str) -> str:
        fresh(work, "groups", "group", name)
        old = work.row(Group, self.like) if self.like else None
        if self.like and old is None:
            raise WrongChange(_unknown(work, "groups", self.like))
        if old is None:
            row = {"group": name, "program": self.program, "size": self.size, "faculty": self.faculty}
            work.add(Group.model_validate(row))
            size = self.size or 0
        else:
            size = self.size or old.size
            _add_group(work, old, name, size, program=self.program or old.program, faculty=self.faculty)
        if self.start and self.start > work.before.first_monday:
            work.add(Availability.model_validate({"who_kind": "group", "who": name, "end": self.start - DAY}))
        program = self.program or (old.program if old else "")
        return f"group {name} of {count(size, 'student')} joins {program}{f', like {self.like}' if self.like else ''}"


def _unknown(work: Work, table: str, name: str) -> Wrong:
    noun = table.removesuffix("s")
    return Wrong("like", f"there is no {noun} {name!r}", name, "", tuple(work.ids(table)), "unknown_reference")


def _alone(work: Work, program: str) -> int:
    return sum(s.program == program and s.group is None for s in work.rows(Student))


def _grouped(work: Work, program: str) -> int:
    return sum(g.size for g in work.rows(Group) if g.program == program)


def _shared(n: int, sizes: dict[str, int]) -> dict[str, int]:
    """A number divided in proportion to sizes, by the largest remainders, the first where they are equal."""
    total = sum(sizes.values())
    if not total:
        return dict.fromkeys(sizes, 0)
    sign, n = (1 if n >= 0 else -1), abs(n)
    shares = {name: n * size // total for name, size in sizes.items()}
    rest = sorted(sizes, key=lambda name: -(n * sizes[name] % total))[: n - sum(shares.values())]
    return {name: sign * (share + (name in rest)) for name, share in shares.items()}


def _grow_groups(work: Work, program: str, n: int) -> None:
    """New groups like the first ones, the last one smaller; or fewer students in the last ones."""
    mine = [(i, g) for i, g in work.each(Group) if g.program == program]
    k = 0
    while n > 0:
        old = mine[k % len(mine)][1]
        size = min(n, old.size)
        _add_group(work, old, new_id(work, "groups", f"{program[:50]}-new-{k + 1}"), size, program=program, faculty=None)
        n, k = n - size, k + 1
    for index, group in reversed(mine):
        size = max(0, group.size + min(n, 0))
        if size == 0:
            remove(work, "groups", (group.group,))
        elif size < group.size:
            last = [s.student for s in _last_first(work, program, group.group)]
            shrink_group(work, index, group, size)
            too_many = max(0, len(last) - size)
            if too_many:  # whoever leaves makes the group smaller by itself
                work.update(Group, index, size=size + too_many)
                remove(work, "students", last[:too_many])
        n = min(0, n + group.size)


def _grow_alone(work: Work, program: str, n: int) -> None:
    """New students like the first ones; or the last ones leave."""
    first = [s for s in work.rows(Student) if s.program == program and s.group is None]
    for k in range(max(0, n)):
        name = new_id(work, "students", f"{program[:50]}-new-{k + 1}")
        _add_student(work, first[k % len(first)], name, program=program, group=None, named=False, available_from=None)
    if n < 0:
        remove(work, "students", [s.student for s in _last_first(work, program, None)[:-n]])


def _last_first(work: Work, program: str, group: str | None) -> list[Student]:
    """Students in the order in which they go: to be named first, then the last rows."""
    rows = [(s.named, -index, s) for index, s in work.each(Student) if s.program == program and s.group == group]
    return [s for _, _, s in sorted(rows, key=lambda row: row[:2])]


def _add_student(
    work: Work, old: Student | None, name: str, *, program: str, group: str | None, named: bool, available_from: object
) -> None:
    """A student, like another where there is one: with the same own required rotations."""
    since = available_from or (old.available_from if old else None)
    base = dict(old) if old else {}
    row = {**base, "student": name, "program": program, "group": group, "named": named, "available_from": since}
    work.add(Student.model_validate({**row, "employer_unit": None}))
    mine = [r for r in work.rows(StudentRequirement) if old is not None and r.student == old.student]
    known = {r.requirement for r in work.rows(Requirement) if r.program == program}
    sets = {r.elective_set for r in work.rows(Requirement) if r.program == program}
    for r in mine:
        if r.requirement in (sets if r.change == "choose" else known):
            work.add(r.model_copy(update={"student": name}))


def _add_group(work: Work, old: Group, name: str, size: int, *, program: str, faculty: str | None) -> None:
    """A group like another: its named students have somebody to be named, its faculty member somebody like them."""
    leader = work.row(Preceptor, old.faculty) if old.faculty and not faculty else None
    if leader is not None:
        faculty = new_id(work, "preceptors", f"{name}-faculty")
        work.add(leader.model_copy(update={"preceptor": faculty, "name": "", "cover": None}))
    least = old.least_size if old.least_size is None or old.least_size <= size else size
    work.add(old.model_copy(update={"group": name, "program": program, "size": size, "least_size": least, "faculty": faculty}))
    members = [s for s in work.rows(Student) if s.group == old.group][:size]
    for k, member in enumerate(members, start=1):
        new = new_id(work, "students", f"{name}-{k}")
        _add_student(work, member, new, program=program, group=name, named=False, available_from=None)
