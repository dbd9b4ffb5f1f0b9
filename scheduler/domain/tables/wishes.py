"""What people want: preferences, pins, interprofessional teams."""

from __future__ import annotations

from typing import ClassVar, Literal

from scheduler.domain.tables.base import Row, column
from scheduler.domain.types import Count, Counts, Date, Id, Positive, Weekdays


class Preference(Row):
    """One line of somebody's preference list, by rank or by score."""

    table: ClassVar[str] = "preferences"

    who_kind: Literal["student", "group", "school", "preceptor", "unit"] = column("Kind of the one whose wish it is.")
    who: Id = column("Id of the one whose wish it is.", ref="who_kind")
    requirement: Id | None = column("Only for this required rotation.", None)
    what: Literal["specialty", "site", "unit", "slot", "preceptor", "start", "site_change", "waiting"] = column(
        "What the wish is about. site_change and waiting (no value, a score): how much each change of site, or each week of "
        "waiting, matters to the student instead of the usual 1."
    )
    value: Id | None = column("The specialty, site, unit, slot or preceptor.", None, ref="what")
    start: Date | None = column("Only for a placement that starts on this day.", None)
    rank: Positive | None = column("1 is the best.", None)
    score: int | None = column("Points won by getting it; negative points are lost.", None, unit="points")
    refuse: bool = column("True: never.", False)


class Pin(Row):
    """A placement, or part of one, that is fixed by hand; an empty column leaves that part free."""

    table: ClassVar[str] = "pins"

    student: Id | None = column("Student (or group).", None, ref="students")
    group: Id | None = column("Group (or student).", None, ref="groups")
    part: Count | None = column("Part of a group; 0: the whole, kept together.", None)
    requirement: Id | None = column("Required rotation.", None)
    slot: Id | None = column("Slot.", None, ref="slots")
    unit: Id | None = column("Unit.", None, ref="units")
    start: Date | None = column("Start.", None)
    weekdays: Weekdays | None = column("Weekdays of the sessions, exactly these.", None)
    preceptor: Id | None = column("Preceptor.", None, ref="preceptors")
    co_preceptor: Id | None = column("Second preceptor.", None, ref="preceptors")
    team: Id | None = column(
        "Interprofessional team as a schedule names it, or none: in no team.", None, example="4B team 2026-09-07"
    )
    pin: Literal["must", "must not", "prefer"] = column("How firm it is.", "must")
    override: bool = column("True: a 'must' holds even where another rule about this one placement says no.", False)


#: What a pin says in the column `team` of a placement that must be in no team.
NO_TEAM = "none"


class IpeTeam(Row):
    """Students of two or more professions who can learn with each other: in one unit in the same weeks."""

    table: ClassVar[str] = "ipe_teams"
    key: ClassVar[tuple[str, ...]] = ("team",)

    team: Id = column("Id of the team.")
    unit: Id | None = column("Unit.", None, ref="units")
    site: Id | None = column("Or any unit of this site.", None, ref="sites")
    professions: Counts = column("Professions and at least how many students of each.", example="rn:2;pharmd:1")
    weeks: Positive = column("Weeks together.", 1, unit="weeks")
    most_students: Positive | None = column("Most students in it.", None, unit="students")
