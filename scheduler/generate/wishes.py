"""Preferences, which cluster on the popular places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from scheduler.domain.tables import Preference, Student
from scheduler.generate.courses.course import Course
from scheduler.generate.draws import Rng, chance, pick, popularity, ranked
from scheduler.generate.papers import Reach
from scheduler.generate.people import People
from scheduler.generate.places import Places
from scheduler.generate.slots import Offer
from scheduler.generate.tiers import Frame

#: Places that a pharmacy student ranks for each rotation; that others rank for one.
RANKS, FEW_RANKS = 5, 3
#: Of the students who are not in pharmacy: rank places of one rotation, in percent.
WISH_PERCENT = {"rn": 70, "pa": 80, "md": 70, "pt": 70, "ot": 70}

#: By program and requirement: sites or units with how popular they are.
Popular = Mapping[tuple[str, str], list[tuple[str, int]]]


def make_preferences(frame: Frame, people: People, places: Places, offers: Sequence[Offer], reach: Reach) -> list[Preference]:
    """Ranked lists of sites by students, of wards by schools, and what weeks of waiting matter to nursing groups."""
    popular = _popular(places, offers, reach)
    rows: list[Preference] = []
    for course in people.courses:
        program = course.program
        rng = frame.rng(f"wishes of {program.program}")
        students = people.students[program.program]
        for requirement, whose, ranks in _lists(rng, course, students):
            sites = popular.get((program.program, requirement), [])
            if len(sites) > 1 and whose:
                drawn = ranked(rng, [weight for _, weight in sites], len(whose), ranks)
                rows += [
                    Preference(
                        who_kind="student", who=student.student, requirement=requirement, what="site", value=sites[i][0], rank=k
                    )
                    for student, line in zip(whose, drawn.tolist(), strict=True)
                    for k, i in enumerate(line, 1)
                ]
    return rows + list(_of_schools(frame, people))


def _lists(rng: Rng, course: Course, students: list[Student]) -> Iterator[tuple[str, list[Student], int]]:
    """Whose lists are drawn: requirement, students, places on a list."""
    alone = [r for r in course.requirements if r.supervision != "faculty"]
    if course.program.profession == "pharmd":
        for r in alone:
            if not r.elective_set:
                yield r.requirement, [s for i, s in enumerate(students) if r in course.asked_of(i)], RANKS
        return
    percent = WISH_PERCENT[course.program.profession]
    chosen: dict[str, list[Student]] = defaultdict(list)
    for i, student in enumerate(students):
        own = [r.requirement for r in course.asked_of(i)]
        if own and chance(rng, percent):
            chosen[pick(rng, own)].append(student)
    for requirement, whose in chosen.items():
        yield requirement, whose, FEW_RANKS


def _popular(places: Places, offers: Sequence[Offer], reach: Reach) -> Popular:
    """Sites where a rotation can be done, the first ones of the region's list the most popular."""
    order = {s.site: i for i, s in enumerate(places.sites)}
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for offer in offers:
        for pool in offer.pools:
            for need in pool.needs:
                if offer.site in reach.sites[need.course.program.school]:
                    found[need.course.program.program, need.requirement.requirement].add(offer.site)
    return {
        key: list(zip(sorted(sites, key=order.__getitem__), popularity(len(sites)), strict=True)) for key, sites in found.items()
    }


def _of_schools(frame: Frame, people: People) -> Iterator[Preference]:
    """Where classes go on between placements, waiting does not matter to a school; the others feel each week as usual."""
    rng = frame.rng("wishes of schools")
    for school in dict.fromkeys(c.program.school for c in people.courses if c.groups):
        if chance(rng, 60):
            yield Preference(who_kind="school", who=school, what="waiting", score=0)
