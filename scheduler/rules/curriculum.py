"""What a student's placements have in common, or must not: the same again, the same throughout, breadth, competencies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

import numpy as np

from scheduler.domain.tables import Credit, Program
from scheduler.offers.days import BoolArray, IntArray
from scheduler.offers.options import PartyOptions
from scheduler.rules.statements import integers
from scheduler.rules.students import Student, StudentRule, Tally, plain, together


class _Things(StudentRule):
    """Rules that look at what placements and credits have: preceptor, unit, site, specialty, setting."""

    def column(self, thing: str, options: PartyOptions) -> IntArray:
        """What each option has, as a number; −1 for nothing."""
        if thing == "setting":
            return self._settings[options.site]
        column: IntArray = getattr(options, thing)
        return column

    def credited(self, thing: str, credit: Credit) -> str:
        """What a credit has; empty for nothing."""
        instance = self.facts.instance
        if thing == "preceptor":
            return credit.preceptor or ""
        unit = instance.unit_by_id.get(credit.unit or "")
        if thing == "unit" or unit is None:
            return (credit.unit or "") if thing == "unit" else ""
        if thing == "site":
            return unit.site
        if thing == "setting":
            return instance.site_by_id[unit.site].setting or ""
        program = instance.program_of(credit.student, credit.group)
        accepted = instance.requirement_by_id[program, credit.requirement].specialties
        return next((s for s in accepted if not unit.specialties or s in unit.specialties), "")

    def number(self, thing: str, name: str) -> int:
        """The number of a thing; −1 where no option has it."""
        codes = self.facts.offers.codes
        index = {
            "preceptor": codes.preceptor_index,
            "unit": codes.unit_index,
            "site": codes.site_index,
            "specialty": codes.specialty_index,
            "setting": self._setting_index,
        }[thing]
        return index.get(name, -1)

    @cached_property
    def _setting_index(self) -> dict[str, int]:
        return {
            name: i for i, name in enumerate(sorted({s.setting for s in self.facts.instance.site_by_id.values() if s.setting}))
        }

    @cached_property
    def _settings(self) -> IntArray:
        """By site."""
        sites = self.facts.instance.site_by_id
        return integers([self._setting_index.get(sites[name].setting or "", -1) for name in self.facts.offers.codes.sites])


class NoRepeat(_Things):
    """No two rotations of a student have the same preceptor, unit or site.

    For each student and preceptor (unit, site) v:  Σ_r [some placement of r has v] ≤ 1, over the rotations r that are not
    credited with v; ≤ 0 where another one is.

    Reads credits (preceptor, unit). Example: a preceptor of a rotation in spring, and of two others now: 2 over.
    """

    id = "no_repeat"

    def judge(self, student: Student, program: Program, options: PartyOptions, tally: Tally) -> None:
        names = {r.requirement.requirement: i for i, r in enumerate(student.rotations)}
        once = np.array([r.once for r in student.rotations], dtype=bool)
        n = len(names) + 1
        for thing in self.setting.names("things"):
            credited = {(c.requirement, self.number(thing, self.credited(thing, c))) for c in student.credits}
            done = integers([value * n + names[name] for name, value in credited if name in names])
            value = self.column(thing, options)[student.found]
            found, rotation_of = student.found, student.rotation_of
            if thing == "preceptor":
                value = np.concatenate([value, options.co[found]])
                found, rotation_of = np.tile(found, 2), np.tile(rotation_of, 2)
            pair = value * n + rotation_of
            counts = (value >= 0) & ~np.isin(pair, done)
            pairs, which = np.unique(pair[counts], return_inverse=True)
            values, row = np.unique(pairs // n, return_inverse=True)
            most = (~np.isin(values, integers([v for _, v in credited]))).astype(np.int64)
            kept = np.bincount(row, minlength=len(values)) > most
            keep, number = kept[row], np.cumsum(kept) - 1
            here = keep[which]
            marks = tally.marks((np.cumsum(keep) - 1)[which[here]], found[counts][here], once[pairs[keep] % n])
            tally.at_most(most[kept], marks.times(number[row[keep]], np.arange(marks.count)))


class Continuity(_Things):
    """All placements of a student have the same preceptor, unit or site.

    For each student and preceptor (unit, site) v, with switch g_v:  Σ_{o with v} x_o governed by g_v, and Σ_v g_v ≤ 1.

    Reads programs (continuity). Example: three placements at two sites, continuity = site: 1.
    """

    id = "continuity"

    def concerns(self, program: Program) -> bool:
        return program.continuity is not None

    def judge(self, student: Student, program: Program, options: PartyOptions, tally: Tally) -> None:
        value = self.column(str(program.continuity), options)[student.found]
        values, which = np.unique(value[value >= 0], return_inverse=True)
        if len(values) > 1:
            marks = tally.marks(which, student.found[value >= 0], np.zeros(len(values), dtype=bool))
            tally.at_most([1], marks.times(np.zeros(len(values), dtype=np.int64), np.arange(len(values))))


LEAST: dict[str, Callable[[Program], int | None]] = {
    "specialty": lambda program: program.least_specialties,
    "site": lambda program: program.least_sites,
    "unit": lambda program: program.least_units,
    "setting": lambda program: program.least_settings,
}


class Breadth(_Things):
    """A student has placements in so many different specialties, sites, units, settings.

    For each student, with C different ones credited, R rotations asked, and switches g_v for the others:
    Σ_v g_v + (R − Σ_r [something of r is placed]) ≥ min(least, C + R) − C.

    Reads programs (least_specialties, least_sites, least_units, least_settings), credits (unit), sites (setting). Example: at
    least 2 sites, two placements at one and a third rotation unplaced: 0; the third at the same site: 1.
    """

    id = "breadth"

    def concerns(self, program: Program) -> bool:
        return any(least(program) for least in LEAST.values())

    def judge(self, student: Student, program: Program, options: PartyOptions, tally: Tally) -> None:
        required = student.required
        for thing, least in LEAST.items():
            had = {self.credited(thing, c) for c in student.credits} - {""}
            lacking = min((least(program) or 0) - len(had), student.asked)
            if lacking <= 0:
                continue
            value = self.column(thing, options)[student.found]
            new = (value >= 0) & ~np.isin(value, integers([self.number(thing, name) for name in had]))
            values, which = np.unique(value[new], return_inverse=True)
            different = tally.marks(which, student.found[new], np.zeros(len(values), dtype=bool))
            placed = tally.taken(required)
            tally.at_least(
                [lacking - student.asked],
                different.times(np.zeros(len(values), dtype=np.int64), np.arange(len(values))),
                placed.times(np.zeros(len(required), dtype=np.int64), np.arange(len(required)), -1),
                plain(np.zeros(len(student.electives)), student.electives, -1),
            )


class Competency(StudentRule):
    """Each competency that required rotations name is offered where one of them is placed.

    For each student and competency c without credit, named by the required rotations R_c (at least one):
    Σ_{o of a rotation that names c, offering c} x_o + Σ_{r ∈ R_c} (1 − [something of r is placed]) ≥ 1.

    Reads requirements, units, preceptors, credits (competencies). Example: two rotations name suturing, both are placed in units
    that list other competencies: 1.
    """

    id = "competency"

    def concerns(self, program: Program) -> bool:
        return program.program in self._programs

    @cached_property
    def _programs(self) -> frozenset[str]:
        return frozenset(r.program for r in self.facts.instance.requirements if r.competencies)

    def judge(self, student: Student, program: Program, options: PartyOptions, tally: Tally) -> None:
        covered = {c for credit in student.credits for c in credit.competencies}
        for name in sorted({c for r in student.required for c in r.requirement.competencies} - covered):
            naming = [r for r in student.required if name in r.requirement.competencies]
            found = together([r.found for r in student.rotations if name in r.requirement.competencies])
            offering = found[self._offers(name, options)[found]]
            tally.at_least(
                [1 - len(naming)],
                plain(np.zeros(len(offering)), offering),
                tally.taken(naming).times(np.zeros(len(naming), dtype=np.int64), np.arange(len(naming)), -1),
            )

    def _offers(self, name: str, options: PartyOptions) -> BoolArray:
        """Which options offer a competency."""
        (units, lists_unit), (people, lists_person) = self._lists[0], self._lists[1]
        listed = units.get(name, NOWHERE)
        taught = people.get(name, NOWHERE)
        silent = ~lists_unit[options.unit] & ~lists_person[options.preceptor]
        return np.asarray(silent | np.isin(options.unit, listed) | np.isin(options.preceptor, taught), dtype=bool)

    @cached_property
    def _lists(self) -> list[tuple[dict[str, IntArray], BoolArray]]:
        """Of units and of preceptors: who lists each competency, and who lists any (the last one stands for "no preceptor")."""
        codes, instance = self.facts.offers.codes, self.facts.instance
        return [
            _listing([instance.unit_by_id[name].competencies for name in codes.units]),
            _listing([instance.preceptor_by_id[name].competencies for name in codes.preceptors]),
        ]


NOWHERE = integers([])


def _listing(lists: Iterable[tuple[str, ...]]) -> tuple[dict[str, IntArray], BoolArray]:
    found: dict[str, list[int]] = {}
    some = []
    for i, names in enumerate(lists):
        some.append(bool(names))
        for name in names:
            found.setdefault(name, []).append(i)
    return {name: integers(who) for name, who in found.items()}, np.array([*some, False], dtype=bool)
