"""Demand by pool: what students of one profession ask for in one field, and how many places that takes at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from scheduler.domain.tables import Requirement
from scheduler.generate.courses.course import Course, weeks_of
from scheduler.generate.draws import IntArray
from scheduler.generate.tiers import Frame

#: Specialties of which there is never enough.
SCARCE = frozenset({"obstetrics", "obgyn", "pediatrics", "psychiatry"})
#: Demand in percent of supply, (scarce, other).
RATIO = {False: (86, 74), True: (102, 90)}
#: Demands are spread over starts in thousandths of a student.
MILLI = 1000

#: A kind of group: weekdays with classes, and size.
Kind = tuple[tuple[int, ...], int]


@dataclass(frozen=True)
class Need:
    """One required rotation of one course."""

    course: Course
    requirement: Requirement
    starts: tuple[date, ...]

    @property
    def takers(self) -> int:
        """Parties who take it, in thousandths."""
        count, of = self.course.takers(self.requirement)
        return MILLI * count // of

    @property
    def weeks(self) -> int:
        """Weeks of one placement."""
        return weeks_of(self.requirement)


@dataclass(frozen=True)
class Pool:
    """Needs that the same places meet: one field, one profession.

    Attributes
    ----------
    specialties
        What is accepted; a place teaches one of them.
    """

    frame: Frame
    specialties: tuple[str, ...]
    profession: str
    needs: tuple[Need, ...]

    @property
    def name(self) -> str:
        return f"{self.specialties[0]} {self.profession}"

    @property
    def supervision(self) -> str:
        return self.needs[0].requirement.supervision

    @property
    def longitudinal(self) -> bool:
        return self.needs[0].requirement.lane == "longitudinal"

    @property
    def scarce(self) -> bool:
        return any(s in SCARCE for s in self.specialties)

    @property
    def ratio(self) -> int:
        """Demand in percent of supply."""
        return RATIO[self.frame.tight][0 if self.scarce else 1]

    @property
    def weeks(self) -> int:
        """Weeks of the longest placement."""
        return max(n.weeks for n in self.needs)

    @cached_property
    def groups(self) -> Counter[Kind]:
        """How many groups of each kind ask for it."""
        return Counter(
            (need.course.class_days, size)
            for need in self.needs
            for number, size in enumerate(need.course.groups)
            if need.requirement.requirement in need.course.group_track_of(number)
        )

    @cached_property
    def starts(self) -> tuple[date, ...]:
        """All starts of all schools."""
        return tuple(sorted({day for n in self.needs for day in n.starts}))

    @cached_property
    def demand(self) -> int:
        """Placements (of students, or of groups), rounded up."""
        return -(-sum(n.takers for n in self.needs) // MILLI)

    @cached_property
    def supply(self) -> int:
        """Placements that there is to be room for over the horizon."""
        return nearest(MILLI * self.demand, self.ratio)

    @cached_property
    def at_once(self) -> int:
        """Places in the busiest weeks, where all demand is spread evenly over its starts."""
        return nearest(int(self.curve.max()), self.ratio)

    @cached_property
    def curve(self) -> IntArray:
        """Thousandths of students (or groups) by week, where every demand is spread evenly over its starts."""
        curve = np.zeros(self.frame.tier.weeks + 1, dtype=np.int64)
        for need in self.needs:
            share = need.takers // max(1, len(need.starts))
            for day in need.starts:
                week = (day - self.frame.first_monday).days // 7
                curve[week : week + need.weeks] += share
        return curve

    @cached_property
    def turns(self) -> int:
        """Placements that one place holds one after another, in the calendar of the course that asks for most."""
        takers: dict[str, int] = defaultdict(int)
        for need in self.needs:
            takers[need.course.program.program] += need.takers
        largest = max(takers, key=lambda program: takers[program])
        spans = [
            (day + timedelta(weeks=n.weeks), day) for n in self.needs if n.course.program.program == largest for day in n.starts
        ]
        count, free = 0, date.min
        for end, start in sorted(spans):  # whatever ends first leaves most room for the rest
            if start >= free:
                count, free = count + 1, end
        return max(1, count)


def nearest(demand: int, ratio: int) -> int:
    """The number of places, at least 1, of which so much demand (in thousandths) is nearest to `ratio` percent."""
    fewer = max(1, 100 * demand // (ratio * MILLI))
    return min((fewer, fewer + 1), key=lambda places: abs(100 * demand - ratio * MILLI * places) * (2 * fewer + 1 - places))


def make_pools(frame: Frame, courses: Iterable[Course]) -> list[Pool]:
    """All pools that anybody asks for, in the order of the courses."""
    found: dict[tuple[tuple[str, ...], str, str], list[Need]] = {}
    for course in courses:
        for r in course.requirements:
            need = Need(course, r, course.starts[r.requirement])
            if need.takers:
                found.setdefault((r.specialties, course.program.profession, r.supervision), []).append(need)
    return [Pool(frame, key[0], key[1], tuple(needs)) for key, needs in found.items()]
