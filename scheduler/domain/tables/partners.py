"""Who sends students, and on what terms: schools, programs, calendars, agreements, history."""

from __future__ import annotations

from typing import ClassVar, Literal

from scheduler.domain.tables.base import Row, column
from scheduler.domain.types import ALL_DAYS, Count, Counts, Date, Id, Ids, Positive, Text, Weekdays

CalendarKind = Literal["term", "block", "break", "exam", "call-back", "interview", "holiday"]
Effect = Literal["window", "forbid", "pause", "extend"]

#: What a kind of calendar row does when its row does not say.
DEFAULT_EFFECT: dict[str, Effect] = {
    "term": "window",
    "block": "window",
    "break": "forbid",
    "exam": "pause",
    "call-back": "pause",
    "interview": "forbid",
    "holiday": "pause",
}


class School(Row):
    """A partner institution that sends students."""

    table: ClassVar[str] = "schools"
    key: ClassVar[tuple[str, ...]] = ("school",)

    school: Id = column("Id of the school.", example="maple")
    name: Text = column("Name shown to people.", "", example="Maple State")
    contact: Text = column(
        "Who answers questions about its students: name, e-mail, telephone.", "", example="Ana Ruiz, placements@maple.example"
    )
    tier: Positive = column("Priority tier, 1 is served first.", 1)
    least_placed_percent: Count | None = column("Least share of what is asked of its students that is placed.", None, unit="%")


class Program(Row):
    """A school's course of study in one profession, with the limits that hold for its students."""

    table: ClassVar[str] = "programs"
    key: ClassVar[tuple[str, ...]] = ("program",)
    required: ClassVar[bool] = True

    program: Id = column("Id of the program.", example="maple-bsn")
    school: Id = column("School that runs it.", ref="schools", example="maple")
    profession: Id = column("Profession its students train for.", ref="professions", example="rn")
    name: Text = column("Name shown to people.", "")
    most_sites: Positive | None = column("Most different sites for one student.", None, unit="sites")
    most_specialties: Positive | None = column("Most different specialties for one student.", None, unit="specialties")
    most_per_site: Positive | None = column("Most placements of one student at one site.", None, unit="placements")
    most_distance_km: Positive | None = column("Farthest site from home, one way, for daily travel.", None, unit="km")
    most_distance_housed_km: Positive | None = column(
        "Farthest site from home where there is housing for the whole stay; empty: any.", None, unit="km"
    )
    most_relocations: Count | None = column(
        "Most different lodgings away from home (regions, or sites without one) for one student.", None, unit="lodgings"
    )
    most_fees: Count | None = column("Most that its placements cost all together (rule `budget`).", None, unit="currency")
    most_simulation_percent: Count | None = column("Largest share of hours in simulation.", None, unit="%")
    least_ipe_weeks: Positive | None = column(
        "Each student is in an interprofessional team (ipe_teams) of at least so many weeks.", None, unit="weeks"
    )
    continuity: Literal["preceptor", "unit", "site"] | None = column(
        "What all placements of one student have in common; empty: nothing.", None
    )
    least_specialties: Positive | None = column("Fewest different specialties for one student.", None, unit="specialties")
    least_sites: Positive | None = column("Fewest different sites for one student.", None, unit="sites")
    least_units: Positive | None = column("Fewest different units for one student.", None, unit="units")
    least_settings: Positive | None = column("Fewest different settings of sites for one student.", None, unit="settings")
    least_setting_weeks: Counts = column(
        "Settings, and the fewest weeks at sites of each for one student.", (), unit="weeks", example="rural:4"
    )
    least_hours: Positive | None = column(
        "Fewest hours for one student, credited ones included, lost ones not.", None, unit="hours"
    )
    most_nights: Count | None = column("Most sessions of one student that run past midnight.", None, unit="sessions")
    most_hours_per_week: Positive | None = column(
        "Most hours of one student in a calendar week, with those of commitments.", None, unit="hours"
    )
    licence_hours: Counts = column(
        "Licences of preceptors, and how many hours a student has with them at least.", (), unit="hours", example="np:135"
    )
    most_per_faculty: Positive | None = column(
        "Most students that one faculty member leads at once; what regulators ask differs, like 8, 10 or 12.",
        None,
        unit="students",
    )


class CalendarRow(Row):
    """Dates that shape when a program's students can be placed."""

    table: ClassVar[str] = "calendar"

    program: Id = column("Program it holds for.", ref="programs", example="maple-bsn")
    requirement: Id | None = column("Only this required rotation.", None, ref="requirements")
    group: Id | None = column("Only this group.", None, ref="groups")
    start: Date = column("First day.", example="2026-11-25")
    end: Date = column("Last day.", example="2026-11-27")
    weekdays: Weekdays = column("Only these weekdays.", ALL_DAYS, example="Mo We Fr")
    shift: Id | None = column("Only this shift; empty is the whole day.", None, ref="shifts")
    kind: CalendarKind = column(
        "term: a placement lies inside one term. block: a placement starts with a block and ends with the same or a later "
        "one (whose last day may cut the last days of its last week). Other kinds say why the students are away.",
        example="holiday",
    )
    effect: Effect | None = column(
        "forbid: no placement may have a session then. pause: the student is away, the hours are lost and reported. "
        "extend: the placement ends later instead. Empty: window for term and block, forbid for break and interview, "
        "pause for exam, call-back and holiday.",
        None,
    )


class Agreement(Row):
    """What a school may use at which sites, for which professions and dates."""

    table: ClassVar[str] = "agreements"

    school: Id = column("School.", ref="schools")
    sites: Ids = column("Sites covered; empty is all.", (), ref="sites")
    professions: Ids = column("Professions covered; empty is all.", (), ref="professions")
    start: Date | None = column("First day covered; empty is open.", None)
    end: Date | None = column("Last day covered; empty is open-ended.", None)
    most_students: Count | None = column("Most students of the school at once.", None, unit="students")
    status: Literal["signed", "renewing", "planned"] = column("How far it is.", "signed")


class History(Row):
    """Who used what in earlier terms."""

    table: ClassVar[str] = "history"

    term: Id = column("Label of the earlier term.", example="fall25")
    school: Id = column("School.", ref="schools")
    program: Id | None = column("Program.", None)
    requirement: Id | None = column("Required rotation.", None)
    unit: Id | None = column("Unit.", None)
    weekdays: Weekdays = column("Weekdays used.", ALL_DAYS)
    shift: Id | None = column("Shift used.", None)
    start_week: Date | None = column("Monday of the first week.", None)
    requested: Count = column("Students asked for.", 0, unit="students")
    granted: Count = column("Students granted.", 0, unit="students")
    used: Count = column("Students who came.", 0, unit="students")
