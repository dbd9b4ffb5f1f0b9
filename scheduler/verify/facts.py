"""A schedule beside its instance: every placement with its rows looked up and its times computed, indexed for the checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import product

from scheduler.domain import GONE, RULES, Instance, Placement, Schedule, Setting
from scheduler.domain.onboarding import Clearances
from scheduler.domain.tables import (
    Agreement,
    Availability,
    Baseline,
    CalendarRow,
    Commitment,
    Conflict,
    Pin,
    Preference,
    Requirement,
    Slot,
)
from scheduler.verify.cover import Cover, cover_of
from scheduler.verify.parties import Parties, Party, Task
from scheduler.verify.placed import Placed, chosen_weekdays, is_bare, matches, missing_cost, possible_specialties
from scheduler.verify.timing import Timing, Window, calendar_rows, timing

#: So many ways to share the placements of one rotation among its repeats are looked at.
MOST_ASSIGNMENTS = 4096


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever has to be in one place at a time: a student, or a group (a part of it) as a whole.

    Attributes
    ----------
    party
        Who it is.
    placed
        Wherever this person is: own placements and those of the group.
    parties
        The parties with which the person is placed.
    """

    party: Party
    placed: tuple[Placed, ...]
    parties: tuple[Party, ...]


class Facts:
    """All that the checks read.

    Attributes
    ----------
    placed
        Every placement that holds and whose names are known.
    by_preceptor
        Placements by preceptor and co-preceptor, and as far as they are covered by who covers; `led` leaves out what is covered.
    covers
        Who takes over from the preceptor of a placement, and when.
    strange
        Placements that name something unknown, with what is wrong.
    """

    def __init__(self, instance: Instance, schedule: Schedule) -> None:
        self.instance = instance
        self.schedule = schedule
        self.parties = Parties(instance)
        self.strange: list[tuple[Placement, str]] = []
        self._calendar: dict[str, list[CalendarRow]] = defaultdict(list)
        for row in instance.calendar:
            self._calendar[row.program].append(row)
        self._calendars: dict[tuple[str, str, str], list[CalendarRow]] = {}
        self._timings: dict[tuple[object, ...], Timing] = {}
        self._overrides: dict[str, list[Pin]] = defaultdict(list)
        for pin in instance.pins:
            if pin.pin == "must" and pin.override:
                self._overrides[pin.student or pin.group or ""].append(pin)
        self.placed = list(self._look_up(p for p in schedule.placements if p.status not in GONE))

        self.by_party: dict[Party, list[Placed]] = defaultdict(list)
        self.by_slot: dict[str, list[Placed]] = defaultdict(list)
        self.by_unit: dict[str, list[Placed]] = defaultdict(list)
        self.by_preceptor: dict[str, list[Placed]] = defaultdict(list)
        self.led: dict[str, list[Placed]] = defaultdict(list)
        self.covers: dict[Placed, Cover] = {}
        for p in sorted(self.placed, key=lambda p: (p.start, p.end)):
            self.by_party[p.party].append(p)
            self.by_slot[p.slot.part_of or p.slot.slot].append(p)
            self.by_unit[p.unit.unit].append(p)
            for who in p.preceptors:
                self.by_preceptor[who.preceptor].append(p)
                self.led[who.preceptor].append(p)
            stand_in = cover_of(self, p)
            if stand_in:
                self.covers[p] = stand_in
                part = replace(p, timing=replace(p.timing, start=stand_in.first, end=stand_in.last))
                self.by_preceptor[stand_in.who.preceptor].append(part)

    # -- the tables, indexed --------------------------------------------------------------------------------------

    def setting(self, rule: str) -> Setting:
        """How the policy sets a rule."""
        return self.instance.policy.setting(RULES[rule])

    @cached_property
    def availability(self) -> dict[tuple[str, str], list[tuple[Availability, Window]]]:
        """Availability rows by (who_kind, who)."""
        index: dict[tuple[str, str], list[tuple[Availability, Window]]] = defaultdict(list)
        for row in self.instance.availability:
            index[row.who_kind, row.who].append((row, Window.of(row, self.instance)))
        return dict(index)

    @cached_property
    def commitments(self) -> dict[tuple[str, str], list[tuple[Commitment, Window]]]:
        """Commitments by (who_kind, who)."""
        index: dict[tuple[str, str], list[tuple[Commitment, Window]]] = defaultdict(list)
        for row in self.instance.commitments:
            index[row.who_kind, row.who].append((row, Window.of(row, self.instance)))
        return dict(index)

    @cached_property
    def agreements(self) -> dict[str, list[Agreement]]:
        """Agreements by school."""
        index = defaultdict(list)
        for row in self.instance.agreements:
            index[row.school].append(row)
        return dict(index)

    @cached_property
    def clearances(self) -> Clearances:
        """What sites ask for and what students have."""
        return Clearances(self.instance)

    @cached_property
    def baseline(self) -> dict[tuple[str, str], list[Baseline]]:
        """The rows of the baseline by student and group."""
        index = defaultdict(list)
        for row in self.instance.baseline:
            index[row.student or "", row.group or ""].append(row)
        return dict(index)

    @cached_property
    def conflicts(self) -> dict[str, list[Conflict]]:
        """Conflicts by student."""
        index = defaultdict(list)
        for row in self.instance.conflicts:
            index[row.student].append(row)
        return dict(index)

    @cached_property
    def _preferences(self) -> dict[tuple[str, str], list[Preference]]:
        index: dict[tuple[str, str], list[Preference]] = defaultdict(list)
        for row in self.instance.preferences:
            index[row.who_kind, row.who].append(row)
        return dict(index)

    def own_wishes(self, party: Party) -> list[Preference]:
        """The preferences of a student, or of a group."""
        key = ("student", party.student) if party.student else ("group", party.group)
        return self._preferences.get(key, [])

    def school_wishes(self, party: Party) -> list[Preference]:
        """The preferences of a party's school."""
        return self._preferences.get(("school", party.program.school), [])

    def calendar(self, party: Party, requirement: str) -> list[CalendarRow]:
        """The calendar rows that hold for a party's rotation."""
        key = (party.program.program, requirement, party.home_group)
        if key not in self._calendars:
            self._calendars[key] = calendar_rows(self._calendar[key[0]], requirement, party.home_group)
        return self._calendars[key]

    def monday(self, day: int) -> int:
        """The Monday of a day's week, which names the week."""
        return day - (day - self.instance.first_monday.toordinal()) % 7

    # -- people ---------------------------------------------------------------------------------------------------

    def with_group(self, body: Party) -> list[Placed]:
        """The placements of a party and, for a part, those of its whole group."""
        if not body.part:
            return self.by_party.get(body, [])
        whole = self.parties.groups[body.group][0]
        return sorted([*self.by_party.get(whole, []), *self.by_party.get(body, [])], key=lambda p: (p.start, p.end))

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everybody for whom it matters who is where; a student of a split group as if in each of its parts."""
        return tuple(self._people())

    def _people(self) -> Iterator[Person]:
        for group in self.parties.groups:
            for body in self.parties.bodies(group):
                yield Person(body, tuple(self.with_group(body)), (body,))
        for student in self.parties.students.values():
            own = self.by_party.get(student, [])
            if student.home_group not in self.parties.groups:
                yield Person(student, tuple(own), (student,))
            elif own or self.parties.demands[student].by_requirement:
                for body in self.parties.bodies(student.home_group):
                    both = sorted([*own, *self.with_group(body)], key=lambda p: (p.start, p.end))
                    yield Person(student, tuple(both), (student, body))

    # -- placements -----------------------------------------------------------------------------------------------

    def _look_up(self, rows: Iterable[Placement]) -> Iterator[Placed]:
        """Placements with their rows; those of one party's rotation by start, each with a task of its own."""
        together: dict[tuple[Party, str], list[Placement]] = defaultdict(list)
        for row in rows:
            party, wrong = self._party(row)
            if party is None or wrong:
                self.strange.append((row, wrong))
            else:
                together[party, row.requirement].append(row)
        for (party, requirement), own in together.items():
            rule = self.parties.requirements[party.program.program, requirement]
            demand = self.parties.demands[party].by_requirement.get(requirement)
            tasks = demand.tasks if demand else (Task(rule.amount),)
            for row, task in zip(own, self._assign(own, party, rule, tasks), strict=True):
                yield self._place(row, party, rule, task)

    def _assign(self, rows: list[Placement], party: Party, rule: Requirement, tasks: tuple[Task, ...]) -> tuple[Task, ...]:
        """Which time that a rotation is asked each placement meets: so that it fits, and then that least is missing."""
        if len(tasks) == 1 or len(tasks) ** len(rows) > MOST_ASSIGNMENTS:
            return tuple(tasks[i % len(tasks)] for i in range(len(rows)))

        def misfit(chosen: tuple[Task, ...]) -> tuple[int, int]:
            wrong = 0
            done: dict[Task, list[Fraction]] = {task: [] for task in tasks}
            for row, task in zip(rows, chosen, strict=True):
                at = self._timing(row, party, rule, self.instance.slot_by_id[row.slot], task)
                done[task].append(at.amount(rule.amount_unit))
                wrong += not is_bare(row) and (at.weeks, at.end) != (row.weeks, row.end.toordinal())
                wrong += task.earliest is not None and row.start < task.earliest
                exact = rule.amount_unit == "weeks" and done[task][-1] > task.amount
                wrong += rule.blocks == 1 and (done[task][-1] < task.amount or exact)
            wrong += sum(max(0, len(amounts) - rule.blocks) for amounts in done.values())
            wrong += sum(rule.blocks > 1 and sum(amounts) > task.amount for task, amounts in done.items())
            return wrong, sum(missing_cost(rule, task, amounts) for task, amounts in done.items())

        return min(product(tasks, repeat=len(rows)), key=misfit)

    def _party(self, row: Placement) -> tuple[Party | None, str]:
        """The party of a row, and what is unknown in it."""
        party: Party | None = None
        if bool(row.student) == bool(row.group):
            return None, "a placement names either a student or a group"
        if row.student:
            party = self.parties.students.get(row.student)
            if party is None:
                return None, f"there is no student {row.student}"
            if row.part:
                return None, "a student has no parts"
        else:
            bodies = self.parties.groups.get(row.group, ())
            if not bodies:
                return None, f"there is no group {row.group}"
            if not 0 <= row.part < len(bodies):
                return None, f"group {row.group} has no part {row.part}"
            party = bodies[row.part]
        wrong = ""
        if (party.program.program, row.requirement) not in self.parties.requirements:
            wrong = f"program {party.program.program} has no required rotation {row.requirement}"
        elif row.slot not in self.instance.slot_by_id:
            wrong = f"there is no slot {row.slot}"
        elif row.preceptor and row.preceptor not in self.instance.preceptor_by_id:
            wrong = f"there is no preceptor {row.preceptor}"
        elif row.co_preceptor and row.co_preceptor not in self.instance.preceptor_by_id:
            wrong = f"there is no preceptor {row.co_preceptor}"
        elif row.co_preceptor and row.co_preceptor == row.preceptor:
            wrong = f"preceptor and co-preceptor are both {row.preceptor}"
        return party, wrong

    def _place(self, row: Placement, party: Party, requirement: Requirement, task: Task) -> Placed:
        """One placement with its rows."""
        slot = self.instance.slot_by_id[row.slot]
        unit = self.instance.unit_by_id[slot.unit]
        possible = possible_specialties(requirement, slot, unit)
        return Placed(
            row=row,
            party=party,
            requirement=requirement,
            slot=slot,
            unit=unit,
            preceptor=self.instance.preceptor_by_id[row.preceptor] if row.preceptor else None,
            co=self.instance.preceptor_by_id[row.co_preceptor] if row.co_preceptor else None,
            task=task,
            timing=self._timing(row, party, requirement, slot, task),
            specialty=row.specialty if row.specialty in possible else next(iter(possible), ""),
            overridden=any(matches(pin, row, slot) for pin in self._overrides.get(row.student or row.group, ()))
            or any(matches(pin, row, slot) for pin in self._overrides.get("", ())),
        )

    def _timing(self, row: Placement, party: Party, requirement: Requirement, slot: Slot, task: Task) -> Timing:
        weekdays = chosen_weekdays(slot, row)
        key = (party.program.program, requirement.requirement, party.home_group, slot.slot, row.start, weekdays, task.amount)
        if key not in self._timings:
            rows = self.calendar(party, requirement.requirement)
            self._timings[key] = timing(self.instance, slot, requirement, task.amount, row.start, weekdays, rows)
        return self._timings[key]
