"""What a student's placements add up to: weeks in a setting, hours of the program, the share of simulation."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np

from scheduler.domain.tables import Credit, Program
from scheduler.offers.days import BoolArray, IntArray
from scheduler.offers.options import PartyOptions
from scheduler.rules.students import Student, StudentRule, Tally, plain

HOUR_MINUTES = 60


class _Amounts(StudentRule):
    """Rules about weeks or hours."""

    def credited(self, credits: Iterable[Credit]) -> int:
        """Hours credited."""
        return sum(c.hours if c.hours is not None else c.amount if self.unit_of(c) == "hours" else 0 for c in credits)

    def unit_of(self, credit: Credit) -> str:
        """The unit of a credit's amount."""
        instance = self.facts.instance
        program = instance.program_of(credit.student, credit.group)
        return instance.requirement_by_id[program, credit.requirement].amount_unit

    def needs(self, least: int, value: IntArray, student: Student, options: PartyOptions, tally: Tally, steps: int = 0) -> None:
        """At least so much over all placements, unless something is unplaced; `value` is by option of the family."""
        if least <= 0 or not student.asked:
            return
        pieces, columns, each = student.missing(options)
        found = student.found
        tally.at_least(
            [least - least * pieces],
            plain(np.zeros(len(found)), found, value[found]),
            plain(np.zeros(len(columns)), columns, -least * each),
            steps=steps,
        )


class SettingWeeks(_Amounts):
    """A student has so many weeks at sites of a setting, unless something is unplaced.

    For each student and setting, with n weeks asked, C credited, and the pieces of rotations that are unplaced:
    Σ_{o at a site of the setting} weeks_o · x_o + (n − C) · unplaced ≥ n − C.

    Reads programs (least_setting_weeks), sites (setting), credits (unit). Example: rural:4, 3 rural weeks, nothing
    unplaced: 1.
    """

    id = "setting_weeks"

    def concerns(self, program: Program) -> bool:
        return bool(program.least_setting_weeks)

    def judge(self, student: Student, program: Program, options: PartyOptions, tally: Tally) -> None:
        instance = self.facts.instance
        for setting, least in program.least_setting_weeks:
            there = np.array([instance.site_by_id[s].setting == setting for s in self.facts.offers.codes.sites], dtype=bool)
            done = 0
            for credit in student.credits:
                unit = instance.unit_by_id.get(credit.unit or "")
                if unit and instance.site_by_id[unit.site].setting == setting and self.unit_of(credit) == "weeks":
                    done += credit.amount
            self.needs(least - done, options.weeks * there[options.site], student, options, tally)


class ProgramHours(_Amounts):
    """A student has so many hours, unless something is unplaced.

    For each student, with n hours asked and C credited (all in minutes), and the pieces of rotations that are unplaced:
    Σ_o (planned_o − lost_o) · x_o + (n − C) · unplaced + 60 · v ≥ n − C, at 1 for each v where the rule is soft.

    Reads programs (least_hours), credits (hours). Example: 500 hours, 300 credited, 160 and 32.5 placed: 8.
    """

    id = "program_hours"

    def concerns(self, program: Program) -> bool:
        return program.least_hours is not None

    def judge(self, student: Student, program: Program, options: PartyOptions, tally: Tally) -> None:
        least = HOUR_MINUTES * ((program.least_hours or 0) - self.credited(student.credits))
        self.needs(least, options.minutes - options.lost, student, options, tally, HOUR_MINUTES if self.soft else 0)


class SimulationShare(_Amounts):
    """At most a share of a student's hours is simulation.

    For each student, with p percent allowed, S hours of simulation and C hours credited (all in minutes):
    Σ_{o in simulation} 100 · minutes_o · x_o − Σ_o p · minutes_o · x_o − 6000 · v ≤ max(0, p · C − 100 · S), at 1 for each v
    where the rule is soft.

    Reads programs (most_simulation_percent), units (mode), credits (hours, unit). Example: 25 %, 60 of 160 hours: 20.
    """

    id = "simulation_share"

    def concerns(self, program: Program) -> bool:
        return program.most_simulation_percent is not None

    def judge(self, student: Student, program: Program, options: PartyOptions, tally: Tally) -> None:
        percent, found = program.most_simulation_percent or 0, student.found
        units = self.facts.instance.unit_by_id
        simulated = [c for c in student.credits if c.unit and c.unit in units and units[c.unit].mode == "simulation"]
        room = percent * self.credited(student.credits) - 100 * self.credited(simulated)
        counted = 100 * self._simulated[options.unit[found]] - percent
        if not (counted > 0).any():
            return
        minutes = (options.minutes - options.lost)[found]
        tally.at_most(
            [max(0, HOUR_MINUTES * room)],
            plain(np.zeros(len(found)), found, counted * minutes),
            steps=100 * HOUR_MINUTES if self.soft else 0,
        )

    @cached_property
    def _simulated(self) -> BoolArray:
        """By unit: whether its mode is simulation."""
        units = self.facts.instance.unit_by_id
        return np.array([units[name].mode == "simulation" for name in self.facts.offers.codes.units], dtype=bool)
