"""Looking things up in a term: who is asked for what, and where it can be."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scheduler.domain import Instance
from scheduler.domain.tables import Preceptor, Program, Requirement, Site, Slot, Student
from scheduler.generate.draws import Rng
from scheduler.generate.tiers import Frame

#: Agreements that count by default.
COUNTING = ("signed", "renewing")


@dataclass(frozen=True)
class Term:
    """An instance that grows, and what is found in it."""

    frame: Frame
    data: Instance

    def having(self, **tables: Any) -> Term:
        """The term with other tables."""
        return Term(self.frame, self.data.model_copy(update=tables))

    def rng(self, purpose: str) -> Rng:
        """The source of draws for one purpose, apart from those of the core rules."""
        return self.frame.rng(f"rule book: {purpose}")

    @cached_property
    def sites(self) -> dict[str, Site]:
        """Sites by id."""
        return {s.site: s for s in self.data.sites}

    @cached_property
    def site_of(self) -> dict[str, str]:
        """Site of each unit."""
        return {u.unit: u.site for u in self.data.units}

    @cached_property
    def programs(self) -> dict[str, Program]:
        """Programs by id."""
        return {p.program: p for p in self.data.programs}

    @cached_property
    def known(self) -> dict[str, set[str]]:
        """Sites that a school may use."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.data.agreements:
            if row.status in COUNTING and (row.start is None or row.start <= self.frame.first_monday):
                found[row.school].update(row.sites)
        return found

    @cached_property
    def requirements(self) -> dict[tuple[str, str], Requirement]:
        """Required rotations by program and name."""
        return {(r.program, r.requirement): r for r in self.data.requirements}

    @cached_property
    def places(self) -> dict[tuple[str, str], tuple[Slot, ...]]:
        """Slots in which a required rotation of a program can be."""
        found = {}
        for key, r in self.requirements.items():
            program = self.programs[r.program]
            found[key] = tuple(
                slot
                for slot in self.data.slots
                if (not slot.professions or program.profession in slot.professions)
                and (slot.specialty is None or slot.specialty in r.specialties)
                and self.site_of[slot.unit] in self.known[program.school]
                and (slot.specialty is not None or slot.unit in self.taught.get(r.specialties[0], ()))
            )
        return found

    @cached_property
    def taught(self) -> dict[str, set[str]]:
        """Units by specialty."""
        found: dict[str, set[str]] = defaultdict(set)
        for unit in self.data.units:
            for specialty in unit.specialties:
                found[specialty].add(unit.unit)
        return found

    @cached_property
    def staff(self) -> dict[str, list[Preceptor]]:
        """Preceptors by unit."""
        found: dict[str, list[Preceptor]] = defaultdict(list)
        for p in self.data.preceptors:
            for unit in p.units:
                found[unit].append(p)
        return found

    def supervisors(self, key: tuple[str, str], slot: Slot) -> list[Preceptor]:
        """Preceptors who take students of a required rotation in a slot."""
        profession = self.programs[key[0]].profession
        return [
            p
            for p in self.staff[slot.unit]
            if profession in p.supervises
            and (slot.specialty is None or slot.specialty in p.specialties)
            and (not slot.preceptors or p.preceptor in slot.preceptors)
        ]

    @cached_property
    def added(self) -> dict[str, set[str]]:
        """Listed rotations of each student."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.data.student_requirements:
            if row.change == "add":
                found[row.student].add(row.requirement)
        return found

    @cached_property
    def of_program(self) -> dict[str, list[Requirement]]:
        """Required rotations by program."""
        found: dict[str, list[Requirement]] = defaultdict(list)
        for r in self.data.requirements:
            found[r.program].append(r)
        return found

    @cached_property
    def by_group(self) -> dict[str, tuple[str, ...]]:
        """What each group does together."""
        return {g.group: g.requirements for g in self.data.groups}

    def asked(self, student: Student) -> tuple[str, ...]:
        """What a student has ahead, alone or in the group."""
        together = self.by_group.get(student.group or "", ())
        return tuple(
            r.requirement
            for r in self.of_program[student.program]
            if r.requirement in together
            or (r.supervision != "faculty" and (r.applies_to == "all" or r.requirement in self.added[student.student]))
        )

    @cached_property
    def tracks(self) -> dict[str, set[tuple[str, ...]]]:
        """What students of each program have ahead."""
        found: dict[str, set[tuple[str, ...]]] = {p: set() for p in self.programs}
        for student in self.data.students:
            found[student.program].add(self.asked(student))
        return found

    def units_for(self, program: str, requirement: str) -> set[str]:
        """Units in which a required rotation can be."""
        return {slot.unit for slot in self.places[program, requirement]}

    def sites_for(self, program: str, requirement: str) -> set[str]:
        """Sites at which a required rotation can be."""
        return {self.site_of[unit] for unit in self.units_for(program, requirement)}

    @cached_property
    def special(self) -> set[str]:
        """Students and units that have a row of their own already: nothing is made harder for them."""
        d = self.data
        who = {row.who for row in d.availability} | {row.who for row in d.commitments} | self.refusing
        who |= {row.student for row in d.conflicts} | {row.student for row in d.credits if row.student}
        return who | {name for p in d.pins for name in (p.student, p.group, p.unit) if name}

    @cached_property
    def refusing(self) -> set[str]:
        """Students who stay near a home of their own choice: they refuse most sites."""
        return {p.who for p in self.data.preferences if p.refuse}
