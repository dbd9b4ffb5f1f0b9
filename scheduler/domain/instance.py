"""The Instance: everything about one planning horizon, valid and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from scheduler.domain.policy import Policy
from scheduler.domain.tables import (
    PROFESSIONS,
    TABLES,
    Agreement,
    Availability,
    Baseline,
    CalendarRow,
    CapacityRow,
    Clearance,
    Commitment,
    Conflict,
    Credit,
    Group,
    History,
    Housing,
    IpeTeam,
    Pin,
    Preceptor,
    Preference,
    Program,
    Requirement,
    Reservation,
    Row,
    Scholarship,
    School,
    Site,
    SiteClearance,
    Slot,
    Spacing,
    Student,
    StudentRequirement,
    Unit,
)
from scheduler.domain.types import Clock, Date, Id, Text

MAX_WEEKS = 530
DAY_MINUTES = 24 * 60


class Shift(BaseModel):
    """A named part of the day.

    Attributes
    ----------
    shift
        Name, like ``day`` or ``am``.
    start, end
        Clock times in minutes after midnight (written ``07:00``); an end at or before the start lies on the next day.
    hours
        Hours credited to a student for one session; empty: the clock time between start and end.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    shift: Id
    start: Clock
    end: Clock
    hours: float | None = Field(default=None, gt=0, le=24)

    @property
    def span(self) -> tuple[int, int]:
        """Start and end in minutes after the midnight before the start; the end exceeds 1440 for a night shift."""
        return self.start, self.end if self.end > self.start else self.end + DAY_MINUTES

    @property
    def minutes(self) -> int:
        """Minutes credited for one session."""
        start, end = self.span
        return round(self.hours * 60) if self.hours is not None else end - start


DEFAULT_SHIFTS = tuple(
    Shift.model_validate({"shift": name, "start": start, "end": end})
    for name, start, end in (
        ("day", "07:00", "19:00"),
        ("night", "19:00", "07:00"),
        ("early", "07:00", "15:00"),
        ("late", "15:00", "23:00"),
        ("am", "08:00", "12:00"),
        ("pm", "13:00", "17:00"),
    )
)


class Instance(BaseModel):
    """One planning horizon: calendar frame, policy and all tables.

    Build one with `scheduler.io.read_instance` (which checks references and collects every problem) or, in tests and
    programs, directly from rows. Frozen: a changed instance is a new one (`model_copy`).

    Attributes
    ----------
    first_monday, weeks
        The planning horizon; every placement lies inside it.
    planning_date
        The day from which the plan is seen; decides whether reservations still hold and what is due.
    changes_from
        The first day that may still change against the baseline: what starts before has started. None: the planning date.
    shifts
        Named parts of the day.
    professions
        Professions in addition to the built-in list.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text
    first_monday: Date
    weeks: int = Field(ge=1, le=MAX_WEEKS)
    planning_date: Date
    changes_from: Date | None = None
    timezone: str = "UTC"
    shifts: tuple[Shift, ...] = DEFAULT_SHIFTS
    professions: tuple[Id, ...] = ()
    policy: Policy = Policy()

    schools: tuple[School, ...] = ()
    programs: tuple[Program, ...] = ()
    calendar: tuple[CalendarRow, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    spacings: tuple[Spacing, ...] = ()
    student_requirements: tuple[StudentRequirement, ...] = ()
    students: tuple[Student, ...] = ()
    scholarships: tuple[Scholarship, ...] = ()
    groups: tuple[Group, ...] = ()
    availability: tuple[Availability, ...] = ()
    preferences: tuple[Preference, ...] = ()
    credits: tuple[Credit, ...] = ()
    sites: tuple[Site, ...] = ()
    units: tuple[Unit, ...] = ()
    housing: tuple[Housing, ...] = ()
    capacity: tuple[CapacityRow, ...] = ()
    slots: tuple[Slot, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    preceptors: tuple[Preceptor, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    clearances: tuple[Clearance, ...] = ()
    site_clearances: tuple[SiteClearance, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    ipe_teams: tuple[IpeTeam, ...] = ()
    pins: tuple[Pin, ...] = ()
    baseline: tuple[Baseline, ...] = ()
    history: tuple[History, ...] = ()

    @field_validator("first_monday")
    @classmethod
    def _is_monday(cls, day: date) -> date:
        if day.weekday() != 0:
            raise ValueError(f"a Monday ({day} is a {day:%A}; the Monday before is {day - timedelta(days=day.weekday())})")
        return day

    @field_validator("timezone")
    @classmethod
    def _is_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("a time zone name like America/New_York") from error
        return name

    # -- the frame ------------------------------------------------------------------------------------------------

    @property
    def last_day(self) -> date:
        """The last day (a Sunday) of the planning horizon."""
        return self.first_monday + timedelta(days=7 * self.weeks - 1)

    @property
    def today(self) -> date:
        """The first day that may still change against the baseline."""
        return self.changes_from or self.planning_date

    def week_of(self, day: date) -> int:
        """Week number of a date, 0 for the week of the first Monday."""
        return (day - self.first_monday).days // 7

    def rows(self, table: str) -> tuple[Row, ...]:
        """All rows of a table by its name."""
        rows: tuple[Row, ...] = getattr(self, table)
        return rows

    # -- by id ----------------------------------------------------------------------------------------------------

    @cached_property
    def shift_by_id(self) -> Mapping[str, Shift]:
        return {s.shift: s for s in self.shifts}

    @cached_property
    def school_by_id(self) -> Mapping[str, School]:
        """Schools; those that programs name are implied where the table is left out."""
        if self.schools:
            return {s.school: s for s in self.schools}
        return {p.school: School(school=p.school) for p in self.programs}

    @cached_property
    def program_by_id(self) -> Mapping[str, Program]:
        return {p.program: p for p in self.programs}

    @cached_property
    def requirement_by_id(self) -> Mapping[tuple[str, str], Requirement]:
        """Requirements by (program, requirement)."""
        return {(r.program, r.requirement): r for r in self.requirements}

    @cached_property
    def student_by_id(self) -> Mapping[str, Student]:
        return {s.student: s for s in self.students}

    @cached_property
    def group_by_id(self) -> Mapping[str, Group]:
        return {g.group: g for g in self.groups}

    @cached_property
    def unit_by_id(self) -> Mapping[str, Unit]:
        """Units; a site without units is one unit with the site's id, with any specialty."""
        units = {u.unit: u for u in self.units}
        with_units = {u.site for u in self.units}
        for site in self.sites:
            if site.site not in with_units:
                units.setdefault(site.site, Unit(unit=site.site, site=site.site, name=site.name))
        return units

    @cached_property
    def site_by_id(self) -> Mapping[str, Site]:
        """Sites; those that units name are implied where the table is left out."""
        if self.sites:
            return {s.site: s for s in self.sites}
        return {u.site: Site(site=u.site) for u in self.units}

    @cached_property
    def slot_by_id(self) -> Mapping[str, Slot]:
        return {s.slot: s for s in self.slots}

    def program_of(self, student: str | None, group: str | None) -> str:
        """The program of a student, or of a group."""
        return self.student_by_id[student].program if student else self.group_by_id[group or ""].program

    def places_of(self, slot: Slot) -> Slot:
        """The slot whose places a slot has: itself, or the one that it is part of."""
        return self.slot_by_id[slot.part_of] if slot.part_of else slot

    @cached_property
    def preceptor_by_id(self) -> Mapping[str, Preceptor]:
        return {p.preceptor: p for p in self.preceptors}

    @cached_property
    def known_professions(self) -> frozenset[str]:
        return frozenset(PROFESSIONS) | frozenset(self.professions)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Instance:
        """A changed instance; what was looked up in this one is looked up anew in that."""
        changed = super().model_copy(update=update, deep=deep)
        for name, value in vars(Instance).items():
            if isinstance(value, cached_property):
                changed.__dict__.pop(name, None)
        return changed

    def model_post_init(self, context: Any) -> None:
        """Refuse duplicate ids: everything else looks rows up by id."""
        for table in (name for name, row in TABLES.items() if row.key):
            keys = [tuple(getattr(row, c) for c in row.key) for row in self.rows(table)]
            if len(set(keys)) != len(keys):
                raise ValueError(f"table {table} has two rows with the same id")
