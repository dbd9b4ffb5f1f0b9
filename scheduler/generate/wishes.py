"""Preferences, which cluster on the popular places, and pins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from scheduler.domain.tables import Pin, Preference, Student
from scheduler.generate.courses.course import Course
from scheduler.generate.draws import Rng, chance, pick, popularity, ranked, shuffled
from scheduler.generate.lives import Lives
from scheduler.generate.papers import Reach
from scheduler.generate.people import People
from scheduler.generate.places import Places
from scheduler.generate.pools import Pool
from scheduler.generate.slots import Offer
from scheduler.generate.tiers import Frame

#: Places that a pharmacy student ranks for each rotation; that others rank for one.
RANKS, FEW_RANKS = 5, 3
#: Of the students who are not in pharmacy: rank places of one rotation, in percent.
WISH_PERCENT = {"rn": 70, "pa": 80, "md": 70, "pt": 70, "ot": 70}
#: Of the students: pinned to a unit, wish for one, are kept out of one, in thousandths.
MUST_MILLI, PREFER_MILLI, MUST_NOT_MILLI = 5, 15, 5

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


def make_pins(frame: Frame, people: People, offers: Sequence[Offer], reach: Reach, lives: Lives) -> list[Pin]:
    """A few students who must go to a unit, would best go there, or must not; no unit is promised twice."""
    rng = frame.rng("pins")
    taken_back = {c.student for c in lives.changes} | {c.student for c in lives.credits} | {c.student for c in lives.conflicts}
    busy = set(lives.hard) | taken_back | {a.who for a in lives.availability}
    of_need: dict[tuple[str, str], list[tuple[Offer, Pool]]] = defaultdict(list)
    for offer in offers:
        for pool in offer.pools:
            for need in pool.needs:
                of_need[need.course.program.program, need.requirement.requirement].append((offer, pool))
    wanted = [
        (kind, max(1, frame.tier.students * milli // 1000))
        for kind, milli in (("must", MUST_MILLI), ("prefer", PREFER_MILLI), ("must not", MUST_NOT_MILLI))
    ]
    kinds = [kind for kind, count in wanted for _ in range(count)]
    rows: list[Pin] = []
    used: set[str] = set()
    candidates = [(c, i, s) for c in people.courses for i, s in enumerate(people.students[c.program.program])]
    for course, i, student in shuffled(rng, candidates):
        if not kinds:
            break
        if student.group is not None or student.student in busy or course.program.profession == "pharmd":
            continue
        own = [r.requirement for r in course.asked_of(i) if not r.elective_set and not r.after]
        options = [
            offer
            for name in own[:1]
            for offer, _ in of_need[course.program.program, name]
            if offer.site in reach.sites[course.program.school]
            and offer.slot.least_students == 1
            and offer.slot.unit not in used
            and offer.supply >= 2
        ]
        # Somebody who must not be in one unit still has others.
        if len({o.slot.unit for o in options}) > 2:
            unit = pick(rng, options).slot.unit
            used.add(unit)
            rows.append(
                Pin.model_validate({"student": student.student, "requirement": own[0], "unit": unit, "pin": kinds.pop(0)})
            )
    return rows
