"""Who is placed, and what has to be placed: parties and their demands, from the tables alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from scheduler.domain import Instance
from scheduler.domain.tables import Group, Program, Requirement, Student


@dataclass(frozen=True, eq=False, slots=True)
class Party:
    """What is placed as one: a student, a whole group (part 0), or a part of a group.

    Attributes
    ----------
    student, group, part
        As in the columns of a placement; exactly one of the first two is filled.
    size
        Students in it.
    members
        The students known by id: the student, or those of the group (of every part: who is in which part is open).
    home_group
        The group itself, or the group to which the student belongs; empty if there is none.
    priority
        Weight of leaving it unplaced.
    """

    student: str
    group: str
    part: int
    size: int
    program: Program
    members: tuple[Student, ...]
    home_group: str
    priority: int

    @property
    def name(self) -> str:
        """The party in words."""
        if self.student:
            return self.student
        return f"group {self.group} part {self.part}" if self.part else f"group {self.group}"

    @property
    def available_from(self) -> date | None:
        """First day on which all its known students can be placed; None: no such day is named."""
        return max((s.available_from for s in self.members if s.available_from), default=None)


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    """One time that a rotation is asked: its amount, in the requirement's unit, and the earliest start.

    A repeat is of what was done before, so nothing has to wait for it.
    """

    amount: int
    earliest: date | None = None
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """What one rotation asks of a party: to be taken once, and once more for each repeat.

    A rotation of an elective set may be taken, once; how many of the set must be is in a `Choice`.
    """

    requirement: Requirement
    tasks: tuple[Task, ...]

    @property
    def elective(self) -> bool:
        """Whether it is one to choose from."""
        return self.requirement.elective_set is not None


@dataclass(frozen=True, slots=True)
class Choice:
    """How many rotations of an elective set a party still has to take, and which it can."""

    elective_set: str
    choose: int
    members: tuple[str, ...]
    priority: int


@dataclass(frozen=True, slots=True)
class Demands:
    """All that is asked of a party."""

    by_requirement: dict[str, Demand] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()

    @property
    def count(self) -> int:
        """Number of required rotations, elective ones included."""
        required = sum(len(d.tasks) for d in self.by_requirement.values() if not d.elective)
        return required + sum(c.choose for c in self.choices)


def part_sizes(group: Group) -> tuple[int, ...]:
    """Sizes of the parts of a group that may be split, nearly equal and the larger ones first; empty if it may not."""
    if group.split != "allowed" or group.least_size is None or group.size < 2 * group.least_size:
        return ()
    parts = group.size // group.least_size
    size, larger = divmod(group.size, parts)
    return tuple(size + 1 if i < larger else size for i in range(parts))


class Parties:
    """Every party of an instance and what is asked of it.

    Attributes
    ----------
    students
        Students' parties by student.
    groups
        For each group its party as a whole, then its parts, if it may be split.
    demands
        What is asked of each student and of each group; a part's are its group's.
    requirements
        Required rotations by program and id; those of an elective set in one placement, whatever they say.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        programs = instance.program_by_id
        members: dict[str, list[Student]] = defaultdict(list)
        for s in instance.students:
            if s.group:
                members[s.group].append(s)
        self.requirements = {key: _whole(r) for key, r in instance.requirement_by_id.items()}
        self._of_program: dict[str, list[Requirement]] = defaultdict(list)
        for r in self.requirements.values():
            self._of_program[r.program].append(r)
        self._changes = defaultdict(list)
        for change in instance.student_requirements:
            self._changes[change.student].append(change)
        self._credits: dict[tuple[str | None, str | None, str], int] = defaultdict(int)
        for credit in instance.credits:
            self._credits[credit.student, credit.group, credit.requirement] += credit.amount
        self._fulfilled = {(c.who_kind, c.who, c.requirement) for c in instance.commitments if c.requirement}

        self.students: dict[str, Party] = {
            s.student: Party(s.student, "", 0, 1, programs[s.program], (s,), s.group or "", s.priority)
            for s in instance.students
            if s.program in programs
        }
        self.groups: dict[str, tuple[Party, ...]] = {}
        for g in instance.groups:
            if g.program in programs:
                known = tuple(members[g.group])
                priority = max((s.priority for s in known), default=1)
                self.groups[g.group] = tuple(
                    Party("", g.group, part, size, programs[g.program], known, g.group, priority)
                    for part, size in enumerate((g.size, *part_sizes(g)))
                )
        self.demands: dict[Party, Demands] = {p: self._of_student(p) for p in self.students.values()}
        for g in instance.groups:
            if g.group in self.groups:
                demands = self._of_group(g)
                self.demands |= dict.fromkeys(self.groups[g.group], demands)

    def bodies(self, group: str) -> tuple[Party, ...]:
        """The parties of a group whose demands are counted: its parts if it may be split, else the group."""
        whole, *parts = self.groups[group]
        return tuple(parts) or (whole,)

    def all_bodies(self) -> Iterator[Party]:
        """Every party whose demands are counted: students, groups and parts of groups that may be split."""
        yield from self.students.values()
        for group in self.groups:
            yield from self.bodies(group)

    def _of_group(self, group: Group) -> Demands:
        """The rotations that a group takes together."""
        own = [r for r in self._of_program[group.program] if takes(group, r)]
        asked = {
            r.requirement: max(0, r.amount - self._credits.get((None, group.group, r.requirement), 0))
            for r in own
            if ("group", group.group, r.requirement) not in self._fulfilled
        }
        return self._gather(own, asked, {}, {}, {})

    def _of_student(self, party: Party) -> Demands:
        """The rotations that a student takes without a group: the program's, changed by the student's own rows."""
        (student,) = party.members
        group = self._instance.group_by_id.get(student.group or "")
        program = {r.requirement: r for r in self._of_program[student.program]}
        own = {i: r for i, r in program.items() if r.applies_to == "all" and not (group and takes(group, r))}
        amounts: dict[str, int] = {}
        earliest: dict[str, date] = {}
        repeats: dict[str, list[Task]] = defaultdict(list)
        choose: dict[str, int] = {}
        waived = set()
        for row in self._changes[student.student]:
            if row.change == "choose":
                if row.amount is not None:
                    choose[row.requirement] = row.amount
            elif row.requirement not in program:
                continue
            elif row.change == "waive":
                waived.add(row.requirement)
            elif row.change == "repeat":
                amount = program[row.requirement].amount if row.amount is None else row.amount
                repeats[row.requirement].append(Task(amount, row.earliest, repeat=True))
            else:
                own[row.requirement] = program[row.requirement]
                if row.amount is not None:
                    amounts[row.requirement] = row.amount
                if row.earliest:
                    earliest[row.requirement] = row.earliest
        own = {i: r for i, r in own.items() if i not in waived}
        asked = {
            i: max(0, amounts.get(i, r.amount) - self._credits.get((student.student, None, i), 0))
            for i, r in own.items()
            if ("student", student.student, i) not in self._fulfilled
        }
        again = {i: tuple(t for t in tasks if t.amount) for i, tasks in repeats.items()}
        rows = [r for i, r in program.items() if i in own or i in again]
        return self._gather(rows, asked, earliest, again, choose)

    def _gather(
        self,
        rows: list[Requirement],
        asked: dict[str, int],
        earliest: dict[str, date],
        again: dict[str, tuple[Task, ...]],
        choose: dict[str, int],
    ) -> Demands:
        """Demands and choices from amounts; what is asked in full elsewhere counts as a chosen elective."""
        demands = {}
        sets: dict[str, list[Requirement]] = defaultdict(list)
        for r in rows:
            amount = asked.get(r.requirement, 0)
            repeats = again.get(r.requirement, ())
            tasks = (Task(amount, earliest.get(r.requirement)), *repeats) if amount else repeats
            if r.elective_set:
                sets[r.elective_set].append(r)
                tasks = tasks[:1]
            if tasks:
                demands[r.requirement] = Demand(r, tasks)
        choices = []
        for name, members in sets.items():
            open_ = tuple(r.requirement for r in members if r.requirement in demands)
            whole_set = [r for r in self._of_program[members[0].program] if r.elective_set == name]
            count = choose.get(name, max((r.choose for r in whole_set if r.choose is not None), default=1))
            count = max(0, count - (len(members) - len(open_)))
            choices.append(Choice(name, count, open_, max(r.priority for r in whole_set)))
        return Demands(demands, tuple(choices))


def takes(group: Group, requirement: Requirement) -> bool:
    """Whether a group takes a rotation of its program together: one that it lists, or any that applies to all."""
    if group.requirements:
        return requirement.requirement in group.requirements
    return requirement.applies_to == "all"


def _whole(requirement: Requirement) -> Requirement:
    """A rotation of an elective set is taken once, so never in pieces."""
    return requirement.model_copy(update={"blocks": 1}) if requirement.elective_set and requirement.blocks > 1 else requirement
