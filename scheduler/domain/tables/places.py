"""Where students can go: sites, units, capacity, slots, reservations."""

from __future__ import annotations

from typing import ClassVar, Literal

from scheduler.domain.tables.base import Row, column
from scheduler.domain.types import ALL_DAYS, WORK_DAYS, Count, Date, Dates, Id, Ids, Positive, Sessions, Text, Weekdays


class Site(Row):
    """A hospital, clinic or other place with units."""

    table: ClassVar[str] = "sites"
    key: ClassVar[tuple[str, ...]] = ("site",)

    site: Id = column("Id of the site.", example="mercy")
    name: Text = column("Name shown to people.", "")
    place: Text = column("Town or address.", "")
    lat: float | None = column("Latitude.", None, unit="°")
    lon: float | None = column("Longitude.", None, unit="°")
    setting: Id | None = column("Setting, like rural, community or academic.", None)
    languages: Ids = column("Languages that patients speak: a student needs one of them.", (), example="english;spanish")
    region: Id | None = column("Region: sites of one region need no change of lodging.", None)
    needs_car: bool = column("Whether it can only be reached by car.", False)
    high_need: bool = column("Whether it lacks staff, so that students there are a gain.", False)
    fee_per_week: Count = column("What it asks for each student and week.", 0, unit="currency/week")


class Unit(Row):
    """A ward, clinic or pharmacy of a site. A site without units counts as one unit with the site's id."""

    table: ClassVar[str] = "units"
    key: ClassVar[tuple[str, ...]] = ("unit",)

    unit: Id = column("Id of the unit.", example="4B")
    site: Id = column("Its site.", ref="sites", example="mercy")
    name: Text = column("Name shown to people.", "")
    specialties: Ids = column("Specialties that can be learned there.", (), example="medsurg")
    mode: Literal["on site", "telehealth", "simulation"] = column("How students take part.", "on site")
    approvers: Ids = column("Who says yes to a placement.", ())
    competencies: Ids = column("Competencies that can be developed there.", ())


class Housing(Row):
    """Beds for students near a site."""

    table: ClassVar[str] = "housing"

    site: Id = column("Site.", ref="sites")
    beds: Count = column("Beds each night; rows of the same night add up.", unit="beds")
    start: Date = column("First night.")
    end: Date = column("Last night.")
    cost: Count = column("Cost of a bed, each week.", 0, unit="currency/week")
    from_weekday: Weekdays = column("Weekdays on which a stay begins.", ALL_DAYS, example="Sa")


class CapacityRow(Row):
    """Most (and fewest) students that a unit takes at once; every row that matches holds, so a closure is a row with 0."""

    table: ClassVar[str] = "capacity"

    unit: Id = column("Unit.", ref="units")
    start: Date | None = column("First day; empty is from the beginning.", None)
    end: Date | None = column("Last day; empty is to the end.", None)
    weekdays: Weekdays = column("Only these weekdays.", ALL_DAYS)
    shift: Id | None = column("Only during this shift; empty is at any time of day.", None, ref="shifts")
    profession: Id | None = column("Only students of this profession.", None, ref="professions")
    most_students: Count | None = column("Most students at once.", None, unit="students")
    most_groups: Count | None = column("Most groups at once.", None, unit="groups")
    most_precepted: Count | None = column("Most precepted students at once.", None, unit="students")
    least_students: Count | None = column(
        "Fewest students at once, every day: places that must be filled.", None, unit="students"
    )


class Slot(Row):
    """Dated places that a unit offers."""

    table: ClassVar[str] = "slots"
    key: ClassVar[tuple[str, ...]] = ("slot",)
    required: ClassVar[bool] = True

    slot: Id = column("Id of the slot.", example="4B-TuTh")
    unit: Id = column("Unit, or a site that has no units.", ref="units", example="4B")
    part_of: Id | None = column(
        "Slot whose places these are: students of both count together, and that slot's fewest, most and reservations hold.",
        None,
        ref="slots",
    )
    kept_for: Ids = column("Students and groups for whom it was arranged, whatever their blocks; empty: anybody.", ())
    specialty: Id | None = column("Specialty learned; empty: any of the unit's.", None)
    professions: Ids = column("Professions accepted; empty is all.", (), ref="professions")
    levels: Ids = column("Levels accepted; empty is all.", ())
    first_start: Date | None = column("First possible start; then every 7 days until last_start.", None)
    last_start: Date | None = column("Last possible start; empty: only first_start.", None)
    starts: Dates = column("Listed starts instead of first and last.", ())
    length: Positive | None = column(
        "Length of a placement; empty: as long as the required amount takes at its hours a week.", None
    )
    length_unit: Literal["weeks", "days", "months"] = column("Unit of the length; months are calendar months.", "weeks")
    pattern: Literal["fixed", "any", "follows"] = column(
        "fixed: all the weekdays. any: days_per_week of them, the same every week. follows: the preceptor's own days.",
        "fixed",
    )
    weekdays: Weekdays = column("Weekdays.", WORK_DAYS, example="Tu Th")
    days_per_week: Positive | None = column("How many of the weekdays, for the pattern 'any'.", None, unit="days")
    shift: Id | None = column("Shift; empty is the whole day.", None, ref="shifts")
    hours_per_week: Positive | None = column("Hours a week; empty: weekdays × hours of the shift.", None, unit="hours")
    preceptors: Ids = column("Preceptors who take its students; empty: those who list the unit.", (), ref="preceptors")
    least_students: Positive = column("Fewest students at once, or none at all.", 1, unit="students")
    most_students: Positive = column("Most students at once.", 1, unit="students")
    must_fill: bool = column("Whether least_students must be there every week of its window.", False)
    excuses: Sessions = column(
        "Sessions of which its students are excused for a longitudinal session beside it.", (), example="Fr am"
    )


class Reservation(Row):
    """Places of a slot kept for a school until they are given back."""

    table: ClassVar[str] = "reservations"
    key: ClassVar[tuple[str, ...]] = ("slot", "school")

    slot: Id = column("Slot.", ref="slots")
    school: Id = column("School.", ref="schools")
    guaranteed: Count = column("Places at once that only this school may use.", 0, unit="students")
    most: Count | None = column("Most students of this school at once.", None, unit="students")
    give_back: Date | None = column("From this planning date on the guarantee is void; empty: never.", None)
    status: Literal["requested", "confirmed", "released"] = column("Only confirmed reservations hold.", "confirmed")
