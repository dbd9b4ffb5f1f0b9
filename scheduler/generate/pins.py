"""Pins: a few students who must go to a unit, would best go there, or must not; each has a placement there to be had."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain.tables import CapacityRow, Clearance, Pin, Preceptor, Requirement
from scheduler.generate.courses.course import Course, weeks_of
from scheduler.generate.draws import pick, shuffled
from scheduler.generate.lives import Lives
from scheduler.generate.papers import ITEMS, Reach
from scheduler.generate.people import People
from scheduler.generate.slots import Offer
from scheduler.generate.staff import Staff
from scheduler.generate.tiers import Frame

#: Of the students: pinned to a unit, wish for one, are kept out of one, in thousandths.
MUST_MILLI, PREFER_MILLI, MUST_NOT_MILLI = 5, 15, 5

#: First and last day.
Stay = tuple[date, date]


@dataclass(frozen=True)
class Placeable:
    """Who can surely be placed where: on the safe side, so that a pin never asks for what other rows rule out.

    Attributes
    ----------
    closed
        By site and unit: when somebody else takes places there, or nobody may come.
    away
        By preceptor: when not there; who has other learners takes no pinned student at all.
    agreed
        By school: sites with a signed agreement without a limit.
    in_order
        Students who have on file what sites ask for all year, and refuse nothing.
    of_unit
        Preceptors by unit.
    """

    closed: Mapping[str, Sequence[Stay]]
    away: Mapping[str, Sequence[Stay]]
    agreed: Mapping[str, frozenset[str]]
    in_order: frozenset[str]
    of_unit: Mapping[str, Sequence[Preceptor]]

    def holds(self, course: Course, requirement: Requirement, offer: Offer) -> bool:
        """Whether one student of a course can take a rotation there, at one of the starts that both let in."""
        slot = offer.slot
        if offer.site not in self.agreed[course.program.school] or slot.least_students > 1:
            return False
        starts = sorted(set(course.starts[requirement.requirement]) & set(slot.starts))
        return any(self._free(course, requirement, offer, stay) for stay in stays(course, requirement, starts))

    def _free(self, course: Course, requirement: Requirement, offer: Offer, stay: Stay) -> bool:
        """Whether unit, site and, where one is needed, a preceptor take a student all the time."""
        slot = offer.slot
        if _overlaps(stay, (*self.closed.get(slot.unit, ()), *self.closed.get(offer.site, ()))):
            return False
        weeks = ((stay[1] - stay[0]).days + 7) // 7
        return requirement.supervision == "service" or any(
            course.program.profession in p.supervises
            and slot.specialty in p.specialties
            and (not slot.preceptors or p.preceptor in slot.preceptors)
            and (p.most_weeks is None or p.most_weeks >= weeks)
            and not _overlaps(stay, self.away.get(p.preceptor, ()))
            for p in self.of_unit.get(slot.unit, ())
        )


def placeable(
    frame: Frame,
    people: People,
    staff: Staff,
    reach: Reach,
    lives: Lives,
    clearances: Iterable[Clearance],
    rows: Iterable[CapacityRow],
) -> Placeable:
    """Gather what pins have to heed."""
    always = (frame.first_monday, frame.last_day)
    closed: dict[str, list[Stay]] = defaultdict(list)
    away: dict[str, list[Stay]] = defaultdict(list)
    for row in rows:
        if 0 in (row.most_students, row.most_precepted):
            closed[row.unit].append((row.start or always[0], row.end or always[1]))
    for load in lives.commitments:
        if load.who_kind == "preceptor":
            away[load.who].append(always)
        else:
            closed[load.who].append((load.start or always[0], load.end or always[1]))
    for leave in staff.leave:
        if leave.status == "unavailable":
            away[leave.who].append((leave.start or always[0], leave.end or always[1]))
    on_file: dict[str, set[str]] = defaultdict(set)
    refusing: set[str] = set()
    for paper in clearances:
        if paper.status == "on file":
            on_file[paper.student].add(paper.item)
        elif paper.status == "refused":
            refusing.add(paper.student)
    all_year = {item for item, (_, first, _, _) in ITEMS.items() if not first}
    of_unit: dict[str, list[Preceptor]] = defaultdict(list)
    for preceptor in staff.preceptors:
        for unit in preceptor.units:
            of_unit[unit].append(preceptor)
    agreed = {
        school.school: frozenset(
            site
            for a in reach.agreements
            if a.school == school.school and a.status == "signed" and a.most_students is None
            for site in a.sites
        )
        for school in people.schools
    }
    in_order = frozenset(student for student, items in on_file.items() if items >= all_year and student not in refusing)
    return Placeable(closed, away, agreed, in_order, of_unit)


def stays(course: Course, requirement: Requirement, starts: Iterable[date]) -> list[Stay]:
    """First and last day of the placements that the course's calendar surely lets in; what is made up takes a week more."""
    found: list[Stay] = []
    rows = [row for row in course.calendar if row.requirement in (None, requirement.requirement)]
    for start in starts:
        end = start + timedelta(weeks=weeks_of(requirement), days=-1)
        if any(row.effect == "extend" and row.start <= end and row.end >= start for row in rows):
            end += timedelta(weeks=1)
        windows = [row for row in rows if row.kind in ("term", "block")]
        if any(row.start <= start and end <= row.end for row in windows):
            found.append((start, end))
    return found


def _overlaps(stay: Stay, others: Iterable[Stay]) -> bool:
    return any(start <= stay[1] and stay[0] <= end for start, end in others)


def make_pins(frame: Frame, people: People, offers: Sequence[Offer], lives: Lives, where: Placeable) -> list[Pin]:
    """A few students with a unit that they could surely have, and others beside it; no unit is promised twice."""
    rng = frame.rng("pins")
    taken_back = {c.student for c in lives.changes} | {c.student for c in lives.credits} | {c.student for c in lives.conflicts}
    busy = set(lives.hard) | taken_back | {a.who for a in lives.availability}
    of_need: dict[tuple[str, str], list[Offer]] = defaultdict(list)
    for offer in offers:
        for need in (need for pool in offer.pools for need in pool.needs):
            of_need[need.course.program.program, need.requirement.requirement].append(offer)
    wanted = [
        (kind, max(1, frame.tier.students * milli // 1000))
        for kind, milli in (("must", MUST_MILLI), ("prefer", PREFER_MILLI), ("must not", MUST_NOT_MILLI))
    ]
    kinds = [kind for kind, count in wanted for _ in range(count)]
    rows: list[Pin] = []
    used: set[str] = set()
    open_to: dict[tuple[str, str], list[Offer]] = {}
    candidates = [(c, i, s) for c in people.courses for i, s in enumerate(people.students[c.program.program])]
    for course, i, student in shuffled(rng, candidates):
        if not kinds:
            break
        if student.group is not None or student.student in busy or student.student not in where.in_order:
            continue
        if course.program.profession == "pharmd":  # they rank their places
            continue
        for r in course.asked_of(i):
            if r.elective_set or r.after or r.lane != "block":
                continue
            key = (course.program.program, r.requirement)
            if key not in open_to:
                open_to[key] = [o for o in of_need[key] if o.supply >= 2 and where.holds(course, r, o)]
            options = [o for o in open_to[key] if o.slot.unit not in used]
            # Somebody who must not be in one unit still has others.
            if len({o.slot.unit for o in options}) > 2:
                unit, kind = pick(rng, options).slot.unit, kinds.pop(0)
                used.add(unit)
                rows.append(
                    Pin.model_validate({"student": student.student, "requirement": r.requirement, "unit": unit, "pin": kind})
                )
                break
    return rows
