"""An instance in the making: what the checks look at, and how they report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

from scheduler.domain.tables import Group, Program, Requirement, Row, Site, Slot, Student, Unit
from scheduler.errors import Severity
from scheduler.io.frame import Frame
from scheduler.io.report import Report
from scheduler.io.tables import Entry, Table

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Say:
    """Reports problems of one row."""

    table: Table
    number: int
    report: Report

    def __call__(
        self,
        column: str,
        message: str,
        code: str,
        *,
        value: object = None,
        expected: str = "",
        suggestion: str = "",
        severity: Severity = "error",
        meant: Iterable[str] = (),
    ) -> None:
        """Add a problem in a column of the row; `meant` are names among which the nearest is suggested."""
        problem = self.table.problem(
            self.number,
            column,
            message,
            code=code,
            value=None if value is None else str(value),
            expected=expected,
            suggestion=suggestion,
            severity=severity,
        )
        self.report.add(problem, meant=meant)


@dataclass
class Draft:
    """Tables and frame as far as they could be read, and the report."""

    tables: dict[str, Table]
    frame: Frame
    report: Report

    def each(self, model: type[R], *, partial: bool = False) -> Iterator[tuple[Say, R]]:
        """The rows of a table; `partial` includes those of which some columns could not be read (None)."""
        table = self.tables[model.table]
        for entry in table.entries:
            if (entry.complete or partial) and isinstance(entry.row, model):
                yield Say(table, entry.number, self.report), entry.row

    def _first(self, model: type[R]) -> dict[str, R]:
        """Rows by id; of duplicates the first. Incomplete rows count: what refers to them is not wrong."""
        found: dict[str, R] = {}
        for _, row in self.each(model, partial=True):
            key = getattr(row, model.key[-1])
            if key is not None:
                found.setdefault(key, row)
        return found

    @cached_property
    def programs(self) -> dict[str, Program]:
        return self._first(Program)

    @cached_property
    def students(self) -> dict[str, Student]:
        return self._first(Student)

    @cached_property
    def groups(self) -> dict[str, Group]:
        return self._first(Group)

    @cached_property
    def sites(self) -> dict[str, Site]:
        return self._first(Site)

    @cached_property
    def units(self) -> dict[str, Unit]:
        return self._first(Unit)

    @cached_property
    def slots(self) -> dict[str, Slot]:
        return self._first(Slot)

    @cached_property
    def requirements(self) -> dict[str, dict[str, Requirement]]:
        """Requirements by program and id."""
        found: dict[str, dict[str, Requirement]] = {}
        for _, row in self.each(Requirement, partial=True):
            if row.program is not None and row.requirement is not None:
                found.setdefault(row.program, {}).setdefault(row.requirement, row)
        return found

    def elective_sets(self, program: str) -> set[str]:
        """Elective sets of a program."""
        return {r.elective_set for r in self.requirements.get(program, {}).values() if r.elective_set}

    @cached_property
    def sites_with_units(self) -> frozenset[str]:
        return frozenset(unit.site for unit in self.units.values() if unit.site is not None)

    @cached_property
    def known(self) -> dict[str, frozenset[str] | None]:
        """Ids that a column may refer to, by the table it names; None where that table could not be read.

        Schools and sites may be left out, their ids are then those that programs and units name. A site without units
        counts as a unit.
        """
        programs, units = self.tables["programs"], self.tables["units"]
        sites = frozenset(self.sites) if self.tables["sites"].entries else self.sites_with_units
        found: dict[str, frozenset[str] | None] = {
            "students": frozenset(self.students),
            "groups": frozenset(self.groups),
            "programs": frozenset(self.programs),
            "slots": frozenset(self.slots),
            "preceptors": frozenset(_ids(self.tables["preceptors"])),
            "schools": frozenset(_ids(self.tables["schools"]))
            or frozenset(p.school for p in self.programs.values() if p.school is not None),
            "sites": sites,
            "units": frozenset(self.units) | (sites - self.sites_with_units),
            "professions": self.frame.professions,
            "shifts": self.frame.shifts,
        }
        unreadable = {name for name, table in self.tables.items() if not table.readable}
        if not programs.readable and not self.tables["schools"].entries:
            unreadable.add("schools")
        if not units.readable and not self.tables["sites"].entries:
            unreadable.add("sites")
        if "sites" in unreadable:
            unreadable.add("units")
        if not self.frame.readable:
            unreadable |= {"professions", "shifts"}
        return {name: None if name in unreadable else ids for name, ids in found.items()}


def _ids(table: Table) -> Iterator[str]:
    for entry in table.entries:
        key = getattr(entry.row, entry.row.key[0])
        if key is not None:
            yield key


def starts_of(slot: Slot) -> tuple[date, ...]:
    """The starts that a slot offers."""
    if slot.starts:
        return slot.starts
    if slot.first_start is None:
        return ()
    last = slot.last_start or slot.first_start
    return tuple(slot.first_start + timedelta(days=7 * i) for i in range((last - slot.first_start).days // 7 + 1))


def least_above_most(say: Say, least_column: str, least: int, most_column: str, most: int) -> None:
    """Say that the least is above the most."""
    say(least_column, f"is larger than {most_column} ({most})", "least_above_most", value=least, expected=f"at most {most}")


__all__ = ["Draft", "Entry", "Say", "least_above_most", "starts_of"]
