"""Who supervises, who is busy elsewhere, and who may be where."""

from __future__ import annotations

from typing import ClassVar, Literal

from scheduler.domain.tables.base import Row, column
from scheduler.domain.types import ALL_DAYS, Count, Date, Id, Ids, Positive, Text, Weekdays


class Preceptor(Row):
    """A person who supervises students."""

    table: ClassVar[str] = "preceptors"
    key: ClassVar[tuple[str, ...]] = ("preceptor",)

    preceptor: Id = column("Id of the preceptor.", example="kim")
    name: Text = column("Name shown to people.", "")
    kind: Literal["preceptor", "faculty", "service"] = column(
        "preceptor: of the health system. faculty: comes with a school's group. service: a team that stands for its members.",
        "preceptor",
    )
    school: Id | None = column("School of a faculty member.", None, ref="schools")
    licence: Id | None = column("Own profession.", None, ref="professions")
    supervises: Ids = column(
        "Professions of the students; empty: the own profession, or all if that is empty.", (), ref="professions"
    )
    specialties: Ids = column("Specialties taught; empty is all.", ())
    units: Ids = column("Units where the preceptor works; empty: where a slot names the preceptor.", (), ref="units")
    most_at_once: Count = column("Most students at once, over all schools.", 1, unit="students")
    most_weeks: Count | None = column("Most weeks with students in the horizon.", None, unit="weeks")
    rest_weeks: Count = column("Whole calendar weeks without students between placements.", 0, unit="weeks")
    most_units: Positive | None = column("Most different units.", None, unit="units")
    cover: Id | None = column("Preceptor who takes over while this one is unavailable.", None, ref="preceptors")
    trained_until: Date | None = column("Last day on which the training is valid; empty is unlimited.", None)
    competencies: Ids = column("Competencies that can be developed with this preceptor.", ())
    experience_years: Count | None = column("Years of experience.", None, unit="years")
    languages: Ids = column("Languages of which a student needs one, where the site lists none.", ())


class Commitment(Row):
    """Load or time that is not ours to move: school-placed students, away rotations, employment, orientation."""

    table: ClassVar[str] = "commitments"

    who_kind: Literal["student", "group", "preceptor", "unit", "site"] = column("Kind of the one it concerns.")
    who: Id = column("Id of the one it concerns.", ref="who_kind")
    start: Date = column("First day.")
    end: Date = column("Last day.")
    weekdays: Weekdays = column("Only these weekdays.", ALL_DAYS)
    shift: Id | None = column("Only this shift; empty is the whole day.", None, ref="shifts")
    students: Count = column("Places that it takes of a preceptor, unit or site.", 1, unit="students")
    requirement: Id | None = column("Required rotation that it fulfils for the student or group.", None)
    hours_per_week: Count | None = column(
        "Hours that it takes of a student in each week that it touches, like employment; empty: none are counted.",
        None,
        unit="hours",
    )
    kind: Text = column("What it is, in words.", "")


class Availability(Row):
    """When somebody is not there, or would rather be or not be."""

    table: ClassVar[str] = "availability"

    who_kind: Literal["student", "group", "preceptor", "unit"] = column("Kind of the one it concerns.")
    who: Id = column("Id of the one it concerns.", ref="who_kind")
    start: Date | None = column("First day; empty is from the beginning.", None)
    end: Date | None = column("Last day; empty is to the end.", None)
    weekdays: Weekdays = column("Only these weekdays.", ALL_DAYS)
    shift: Id | None = column("Only this shift; empty is the whole day.", None, ref="shifts")
    status: Literal["unavailable", "avoid", "prefer"] = column("unavailable is a must, the others are wishes.", "unavailable")


class Conflict(Row):
    """A unit, site or preceptor that a student must not be placed with; no reason is asked for."""

    table: ClassVar[str] = "conflicts"

    student: Id = column("Student.", ref="students")
    unit: Id | None = column("Never in this unit.", None, ref="units")
    site: Id | None = column("Never at this site.", None, ref="sites")
    preceptor: Id | None = column("Never with this preceptor.", None, ref="preceptors")


class Clearance(Row):
    """A dated proof that a student has, has promised, or does not need."""

    table: ClassVar[str] = "clearances"

    student: Id = column("Student.", ref="students")
    item: Id = column("Compliance item.", example="flu")
    start: Date | None = column("First day on which it is valid.", None)
    end: Date | None = column("Last day on which it is valid.", None)
    status: Literal["on file", "promised", "waived", "refused"] = column("How far it is.", "on file")


class SiteClearance(Row):
    """A proof that a site asks of students."""

    table: ClassVar[str] = "site_clearances"

    site: Id = column("Site.", ref="sites")
    item: Id = column("Compliance item.")
    due_days_before: Count = column("Days before the first day asked for by which it must be on file.", 0, unit="days")
    season_start: Text = column("First month and day of the season in which it is asked for; empty: always.", "", example="10-01")
    season_end: Text = column("Last month and day of the season.", "", example="03-31")
    covers: Literal["start", "whole"] = column(
        "start: valid on the first day of the placement (in the season). whole: on all of them.", "whole"
    )
