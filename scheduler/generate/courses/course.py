"""What a program asks of its students, and when they can take it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.domain.tables import CalendarRow, Program, Requirement
from scheduler.generate.tiers import Frame

#: Hours a week of a nursing capstone: three shifts of twelve hours.
CAPSTONE_HOURS = 36


@dataclass(frozen=True)
class Course:
    """One program with its students.

    Attributes
    ----------
    starts
        By required rotation: the starts that its calendar lets in.
    students
        How many there are, those in groups included.
    groups
        Sizes of its groups.
    group_tracks
        What groups take together, one after another; students of groups take the rest of what is asked of all.
    tracks
        Listed rotations that the students take, one track after another.
    class_days
        Weekdays on which its students have classes.
    begins
        First day of its first term or block.
    """

    program: Program
    requirements: tuple[Requirement, ...]
    calendar: tuple[CalendarRow, ...]
    starts: Mapping[str, tuple[date, ...]]
    students: int
    groups: tuple[int, ...] = ()
    group_tracks: tuple[tuple[str, ...], ...] = ()
    tracks: tuple[tuple[str, ...], ...] = ()
    class_days: tuple[int, ...] = ()
    begins: date | None = None

    def track_of(self, student: int) -> tuple[str, ...]:
        """Listed rotations of the student with this number."""
        return self.tracks[student % len(self.tracks)] if self.tracks else ()

    def group_track_of(self, group: int) -> tuple[str, ...]:
        """Rotations of the group with this number."""
        return self.group_tracks[group % len(self.group_tracks)] if self.group_tracks else ()

    def asked_of(self, student: int) -> list[Requirement]:
        """What is asked of the student with this number alone, electives included."""
        track = self.track_of(student)
        return [r for r in self.requirements if r.supervision != "faculty" and (r.applies_to == "all" or r.requirement in track)]

    def takers(self, requirement: Requirement) -> tuple[int, int]:
        """Parties (groups, or students) who take a rotation, as a fraction: an elective is taken by choose of its set."""
        name = requirement.requirement
        if requirement.supervision == "faculty":
            return sum(name in self.group_track_of(g) for g in range(len(self.groups))), 1
        if requirement.applies_to == "listed":
            return sum(name in self.track_of(s) for s in range(self.students)), 1
        if requirement.elective_set:
            members = sum(r.elective_set == requirement.elective_set for r in self.requirements)
            return self.students * (requirement.choose or 0), members
        return self.students, 1


def trimmed(course: Course) -> Course:
    """The course without rotations that none of its students still has to do."""
    asked = tuple(r for r in course.requirements if course.takers(r)[0])
    names = {r.requirement for r in asked}
    return replace(
        course,
        requirements=tuple(r.model_copy(update={"after": tuple(a for a in r.after if a in names)}) for r in asked),
        calendar=tuple(row for row in course.calendar if row.requirement is None or row.requirement in names),
    )


def weeks_of(requirement: Requirement) -> int:
    """Weeks that one placement takes."""
    if requirement.amount_unit == "hours":
        return -(-requirement.amount // CAPSTONE_HOURS)
    return requirement.amount


def window(program: str, start: date, end: date, kind: str = "term", requirement: str | None = None) -> CalendarRow:
    """A term, block or other row of a calendar."""
    return CalendarRow.model_validate({"program": program, "requirement": requirement, "start": start, "end": end, "kind": kind})


def away(
    program: str, start: date, end: date, kind: str, effect: str, weekdays: Iterable[int] = range(7), shift: str | None = None
) -> CalendarRow:
    """Days on which the students of a program are elsewhere."""
    return CalendarRow.model_validate(
        {
            "program": program,
            "start": start,
            "end": end,
            "weekdays": tuple(weekdays),
            "shift": shift,
            "kind": kind,
            "effect": effect,
        }
    )


def holidays(frame: Frame, program: str, effect: str) -> list[CalendarRow]:
    """Thanksgiving with the day after it, which has the effect, and the winter holidays, which pause."""
    thanksgiving = (frame.thanksgiving, frame.thanksgiving + timedelta(days=1))
    return [
        away(program, start, end, "holiday", what)
        for (start, end), what in ((thanksgiving, effect), (frame.winter, "pause"))
        if frame.holds(start, end)
    ]
