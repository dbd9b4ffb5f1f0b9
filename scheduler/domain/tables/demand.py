"""Who has to be placed where: required rotations, students, groups, what is already done."""

from __future__ import annotations

from typing import ClassVar, Literal

from scheduler.domain.tables.base import Row, column
from scheduler.domain.types import Count, Date, Id, Ids, Positive, Text


class Requirement(Row):
    """One required rotation of a program."""

    table: ClassVar[str] = "requirements"
    key: ClassVar[tuple[str, ...]] = ("program", "requirement")
    required: ClassVar[bool] = True

    program: Id = column("Program that requires it.", ref="programs", example="maple-bsn")
    requirement: Id = column("Id, unique in the program.", example="NUR312")
    name: Text = column("Name shown to people.", "")
    specialties: Ids = column("Specialties of which one has to be met.", example="medsurg;telemetry")
    amount: Positive = column("How much of it.", example="7")
    amount_unit: Literal["weeks", "hours", "shifts", "sessions"] = column(
        "Unit of the amount; shifts and sessions both count days of attendance.", "weeks"
    )
    blocks: Positive = column("Most placements that it may be split into.", 1, unit="placements")
    weeks_min: Positive | None = column("Shortest placement.", None, unit="weeks")
    weeks_max: Positive | None = column("Longest placement.", None, unit="weeks")
    per_week_min: Positive | None = column("Fewest sessions a week.", None, unit="sessions")
    per_week_max: Positive | None = column("Most sessions a week.", None, unit="sessions")
    lane: Literal["block", "longitudinal"] = column(
        "block takes the student's week; longitudinal is a weekly session beside blocks and other weekly sessions.", "block"
    )
    supervision: Literal["faculty", "precepted", "co-precepted", "service"] = column(
        "faculty comes with the group; precepted needs a preceptor; co-precepted needs two; service needs nobody by name.",
        "service",
    )
    licences: Ids = column(
        "Professions of which its preceptors' own licence has to be one; empty: any.", (), ref="professions", example="np;md"
    )
    least_experience_years: Count | None = column(
        "Years of experience that its preceptors need, instead of the policy's.", None, unit="years"
    )
    most_preceptors: Positive | None = column("Most different preceptors of one student in it.", None, unit="preceptors")
    elective_set: Id | None = column("Set of electives it belongs to.", None)
    choose: Count | None = column("How many of the elective set each student takes (the same in every row of the set).", None)
    after: Ids = column("Required rotations of the program that must be done before.", (), ref="requirements")
    setting: Id | None = column("Setting of the site that it needs, like rural.", None)
    level: Id | None = column("Level of the student in it; the slot must accept it.", None)
    competencies: Ids = column("Competencies it develops.", ())
    heavy: bool = column("Whether it is so demanding that there should be rest before the next heavy one.", False)
    first_week: Positive | None = column(
        "First week in which it may start, counted from the student's first possible week (1).", None, unit="week"
    )
    last_week: Positive | None = column(
        "Week in which it must have ended, counted from the student's first possible week (1).", None, unit="week"
    )
    within_weeks: Positive | None = column("Weeks within which all placements of a split rotation lie.", None, unit="weeks")
    priority: Positive = column("Weight of leaving it unplaced.", 1)
    applies_to: Literal["all", "listed"] = column("listed: only students with an 'add' row in student_requirements.", "all")


class Spacing(Row):
    """How far apart the placements of two required rotations are, whichever comes first."""

    table: ClassVar[str] = "spacings"

    program: Id = column("Program it holds for.", ref="programs", example="maple-bsn")
    requirement: Id = column("One required rotation of the program.", example="NUR312")
    other: Id = column("The other one; the same again: several placements of one rotation.", example="NUR314")
    least_weeks: Count | None = column("Fewest whole weeks between them.", None, unit="weeks")
    most_weeks: Count | None = column("Most whole weeks between them; 0: one right after the other.", None, unit="weeks")


class StudentRequirement(Row):
    """How one student's required rotations differ from the program's."""

    table: ClassVar[str] = "student_requirements"

    student: Id = column("Student.", ref="students")
    requirement: Id = column("Required rotation of the student's program; for 'choose' the elective set.")
    change: Literal["add", "waive", "repeat", "choose"] = column(
        "add a listed one; waive one; repeat one that is already done; choose: how many of the elective set."
    )
    amount: Count | None = column("Amount instead of the program's; for 'choose' how many.", None)
    earliest: Date | None = column("Not before this day.", None)


class Student(Row):
    """A student, known by id or not yet named."""

    table: ClassVar[str] = "students"
    key: ClassVar[tuple[str, ...]] = ("student",)

    student: Id = column("Id of the student; no name is needed.", example="m-001")
    program: Id = column("Program.", ref="programs", example="maple-bsn")
    cohort: Id | None = column("Admitted class, a label.", None)
    group: Id | None = column("Group with which the student is placed.", None, ref="groups")
    named: bool = column("Whether the school has named the student yet.", True)
    home: Text = column("Home place, a label.", "")
    home_lat: float | None = column("Latitude of the home.", None, unit="°")
    home_lon: float | None = column("Longitude of the home.", None, unit="°")
    drives: bool = column("Has a car.", True)
    languages: Ids = column("Languages spoken; empty is unknown.", ())
    tags: Ids = column("Free labels that rules can refer to.", ())
    employer_unit: Id | None = column("Unit where the student works.", None, ref="units")
    scholarship: Id | None = column("Scholarship or service commitment, best with a row in scholarships.", None)
    priority: Positive = column("Weight of leaving the student unplaced.", 1)
    available_from: Date | None = column("First day on which the student can be placed.", None)


class Scholarship(Row):
    """A scholarship or service commitment, and where those who hold it should be."""

    table: ClassVar[str] = "scholarships"
    key: ClassVar[tuple[str, ...]] = ("scholarship",)

    scholarship: Id = column("Id of the scholarship, as in students.", example="nhsc")
    name: Text = column("Name shown to people.", "")
    sites: Ids = column("Sponsoring sites; empty: its holders may be anywhere.", (), ref="sites")
    professions: Ids = column("Only holders of these professions should be there; empty is all.", (), ref="professions")
    priority: Positive = column("Which goes first (rule `priority`): holders of the one with the larger number.", 1)


class Group(Row):
    """Students who are placed together as one thing, with a faculty member."""

    table: ClassVar[str] = "groups"
    key: ClassVar[tuple[str, ...]] = ("group",)

    group: Id = column("Id of the group.", example="mA")
    program: Id = column("Program.", ref="programs")
    cohort: Id | None = column("Admitted class, a label.", None)
    requirements: Ids = column("Required rotations that the group does together; empty is all.", (), ref="requirements")
    size: Positive = column("Students in the group, named or not.", unit="students")
    least_size: Positive | None = column("Smallest part when it is split; empty: it is not.", None, unit="students")
    split: Literal["never", "allowed"] = column("Whether it may be placed in parts of at least least_size students.", "never")
    faculty: Id | None = column("Faculty member who comes with it.", None, ref="preceptors")


class Credit(Row):
    """What a student or group has already done."""

    table: ClassVar[str] = "credits"

    student: Id | None = column("Student (or group).", None, ref="students")
    group: Id | None = column("Group (or student): what it has done together.", None, ref="groups")
    requirement: Id = column("Required rotation of the program.")
    amount: Positive = column("Amount done, in the requirement's unit.")
    unit: Id | None = column("Where.", None)
    preceptor: Id | None = column("With whom.", None)
    end: Date | None = column("When it was finished.", None)
    hours: Count | None = column("Hours done; empty: the amount, where that is in hours, else none.", None, unit="hours")
    competencies: Ids = column("Competencies that it covered.", ())
