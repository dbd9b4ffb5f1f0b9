"""Who has to be placed: walks through students and groups once and numbers the parties and their demands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduler.domain import Instance
from scheduler.domain.tables import Group, Requirement, Student
from scheduler.offers.days import Clock
from scheduler.offers.parties import Choice, Demand, Family, Member, Party


def nearly_equal_parts(size: int, least: int) -> tuple[int, ...]:
    """Sizes of ⌊size ÷ least⌋ parts, the first ones larger by one."""
    n = size // least
    return tuple(size // n + (1 if i < size % n else 0) for i in range(n))


def taken_once(requirement: Requirement) -> Requirement:
    """A rotation of an elective set is taken in one placement, whatever its `blocks`."""
    return requirement.model_copy(update={"blocks": 1}) if requirement.elective_set else requirement


@dataclass(frozen=True, slots=True)
class _Asked:
    requirement: Requirement
    copy: int
    amount: int
    earliest: int | None


class Asking:
    """Walks through the students and groups of an instance once and numbers what it finds."""

    def __init__(self, instance: Instance, clock: Clock) -> None:
        self.instance = instance
        self.clock = clock
        self.parties: list[Party] = []
        self.demands: list[Demand] = []
        self.families: list[Family] = []
        self.of_program: dict[str, list[Requirement]] = defaultdict(list)
        for requirement in instance.requirements:
            self.of_program[requirement.program].append(taken_once(requirement))
        self.changes = defaultdict(list)
        for change in instance.student_requirements:
            self.changes[change.student].append(change)
        self.credited: dict[tuple[str | None, str | None, str], int] = defaultdict(int)
        for credit in instance.credits:
            self.credited[credit.student, credit.group, credit.requirement] += credit.amount
        self.fulfilled = {(c.who_kind, c.who, c.requirement) for c in instance.commitments if c.requirement}
        students_of: dict[str, list[Student]] = defaultdict(list)
        alone = []
        for student in instance.students:
            if student.group is None:
                alone.append(student)
            else:
                students_of[student.group].append(student)
        for group in instance.groups:
            self.group(group, students_of[group.group])
        for student in alone:
            self.student(student)

    # -- what is asked ----------------------------------------------------------------------------------------

    def asked_of_group(self, group: Group) -> tuple[list[_Asked], list[Requirement]]:
        """What is asked of a group, and all rotations that are its own."""
        wanted = [
            r
            for r in self.of_program[group.program]
            if (r.requirement in group.requirements if group.requirements else r.applies_to == "all")
        ]
        open_ = [r for r in wanted if ("group", group.group, r.requirement) not in self.fulfilled]
        left = ((r, r.amount - self.credited[None, group.group, r.requirement]) for r in open_)
        return [_Asked(r, 0, amount, None) for r, amount in left if amount > 0], wanted

    def asked_of_student(self, student: Student, done_by_group: frozenset[str]) -> tuple[list[_Asked], list[Requirement]]:
        """What is asked of a student apart from the group, and all rotations that are its own."""
        changes = self.changes[student.student]
        waived = {c.requirement for c in changes if c.change == "waive"}
        added = {c.requirement for c in changes if c.change == "add"}
        asked, wanted = [], []
        for r in self.of_program[student.program]:
            key = r.requirement
            tasks = []
            amount = next((c.amount for c in changes if c.requirement == key and c.change == "add" and c.amount), r.amount)
            earliest = max(
                (self.clock.day(c.earliest) for c in changes if c.requirement == key and c.earliest and c.change == "add"),
                default=None,
            )
            expected = key not in waived and (key in added or (r.applies_to == "all" and key not in done_by_group))
            if expected and ("student", student.student, key) not in self.fulfilled:
                remaining = amount - self.credited[student.student, None, key]
                if remaining > 0:
                    tasks.append(_Asked(r, 0, remaining, earliest))
            repeats = [c for c in changes if c.requirement == key and c.change == "repeat"]
            for number, c in enumerate(repeats, 1):
                tasks.append(_Asked(r, number, c.amount or r.amount, self.clock.day(c.earliest) if c.earliest else None))
            asked += tasks[:1] if r.elective_set else tasks
            if expected or repeats:
                wanted.append(r)
        return asked, wanted

    # -- numbering --------------------------------------------------------------------------------------------

    def demand(self, asked: _Asked, students: int, priority: int, parties: tuple[int, ...], whole: int | None = None) -> int:
        index = len(self.demands)
        weight = priority * asked.requirement.priority
        self.demands.append(
            Demand(index, asked.requirement, asked.copy, asked.amount, students, weight, parties, asked.earliest, whole)
        )
        return index

    def choices(
        self,
        party: int,
        demands: Sequence[int],
        wanted: Sequence[Requirement],
        counts: Mapping[str, int],
        students: int,
        priority: int,
    ) -> list[Choice]:
        """How many of each elective set are left to choose; what is credited in full or fulfilled is chosen already."""
        found = []
        for name in dict.fromkeys(r.elective_set for r in wanted if r.elective_set):
            own = [r for r in wanted if r.elective_set == name]
            whole = [r for r in self.of_program[own[0].program] if r.elective_set == name]
            open_ = [d for d in demands if self.demands[d].requirement.elective_set == name]
            count = counts.get(name, max((r.choose for r in whole if r.choose is not None), default=1))
            left = max(0, count - (len(own) - len(open_)))
            found.append(Choice(party, name, left, tuple(open_), students, priority * max(r.priority for r in whole)))
        return found

    def own_party(self, student: Student, done_by_group: frozenset[str]) -> tuple[Party, list[Choice]] | None:
        """A student's own party and what it chooses; None if nothing is asked of it."""
        asked, wanted = self.asked_of_student(student, done_by_group)
        index, counts = len(self.parties), self.counts_of(student.student)
        if not asked and not any(c.count for c in self.choices(index, (), wanted, counts, 1, 1)):
            return None
        demands = tuple(self.demand(a, 1, student.priority, (index,)) for a in asked)
        program = self.instance.program_by_id[student.program]
        party = Party(
            index,
            student.student,
            student.student,
            "",
            0,
            1,
            program.program,
            program.school,
            program.profession,
            (student.student,),
            demands,
            None,
            self.available_from([student]),
            student.group or "",
        )
        self.parties.append(party)
        return party, self.choices(index, demands, wanted, counts, 1, student.priority)

    def available_from(self, students: Sequence[Student]) -> int | None:
        """First day on which all of them can be placed."""
        return max((self.clock.day(s.available_from) for s in students if s.available_from), default=None)

    def counts_of(self, student: str) -> dict[str, int]:
        return {c.requirement: c.amount or 0 for c in self.changes[student] if c.change == "choose"}

    def student(self, student: Student) -> None:
        own = self.own_party(student, frozenset())
        if own is None:
            return
        party, choices = own
        member = Member(student.student, (party.index,), party.demands)
        self.families.append(Family(len(self.families), (party.index,), (member,), party.demands, tuple(choices)))

    def group(self, group: Group, students: list[Student]) -> None:
        program = self.instance.program_by_id[group.program]
        asked, wanted = self.asked_of_group(group)
        priority = max((s.priority for s in students), default=1)
        splits = group.split == "allowed" and group.least_size is not None and group.size >= 2 * group.least_size
        sizes = nearly_equal_parts(group.size, group.least_size) if splits and group.least_size else (group.size,)
        first = len(self.parties)
        part_indices = tuple(range(first + 1, first + 1 + len(sizes))) if splits else ()
        per_part: list[tuple[int, ...]] = []
        for k, size in enumerate(sizes):
            parties = (first, part_indices[k]) if splits else (first,)
            wholes = per_part[0] if k else (None,) * len(asked)
            per_part.append(tuple(self.demand(a, size, priority, parties, w) for a, w in zip(asked, wholes, strict=True)))
        names = tuple(s.student for s in students)
        common = (program.program, program.school, program.profession, names)
        # The whole group meets the demands of all its parts at once; its options are kept under the first part's demands.
        last = (group.faculty, self.available_from(students), group.group)
        self.parties.append(Party(first, group.group, "", group.group, 0, group.size, *common, per_part[0], *last))
        for k, p in enumerate(part_indices):
            name = f"{group.group} part {k + 1}"
            self.parties.append(Party(p, name, "", group.group, k + 1, sizes[k], *common, per_part[k], *last))
        together = [(first, *part_indices[k : k + 1]) for k in range(len(sizes))]
        members = [
            Member(f"{group.group} part {k + 1}" if splits else group.group, together[k], per_part[k]) for k in range(len(sizes))
        ]
        choices = [
            c for k, size in enumerate(sizes) for c in self.choices(together[k][-1], per_part[k], wanted, {}, size, priority)
        ]
        demands = [d for part in per_part for d in part]
        family_parties = [first, *part_indices]
        done = frozenset(r.requirement for r in wanted)
        for student in students:
            own = self.own_party(student, done)
            if own is not None:
                party, chosen = own
                family_parties.append(party.index)
                demands += party.demands
                # Which part a student joins is the school's choice, so the own placements must suit every part.
                members += [
                    Member(student.student, (*with_group, party.index), (*per_part[k], *party.demands))
                    for k, with_group in enumerate(together)
                ]
                choices += chosen
        self.families.append(Family(len(self.families), tuple(family_parties), tuple(members), tuple(demands), tuple(choices)))
