"""What is true of single people: credits, leave, commitments, conflicts; and the parties that are hard to place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from scheduler.domain.tables import Availability, Commitment, Conflict, Credit, Preference, Slot, Student, StudentRequirement
from scheduler.generate.courses.course import Course
from scheduler.generate.draws import Rng, between, chance, pick, some
from scheduler.generate.papers import Reach
from scheduler.generate.people import People
from scheduler.generate.places import Places
from scheduler.generate.slots import Offer
from scheduler.generate.staff import Staff
from scheduler.generate.tiers import Frame

#: Of the parties (groups and students without one): hard to place, in percent. They have only a few options.
HARD_PERCENT = 8
#: Weekdays on which such a group is free; professions whose students may be away for three weeks and still finish.
PAIRS = ((0, 2), (1, 3), (4, 5), (5, 6))
MAY_BE_AWAY = ("rn", "pa", "pharmd")
#: Of the other students: credited with one rotation; repeat one; away for a week; with a conflict, in percent.
CREDIT_PERCENT, REPEAT_PERCENT, LEAVE_PERCENT, CONFLICT_PERCENT = 4, 1, 6, 3
#: Of the units and preceptors: already promised elsewhere for a while, in percent.
COMMITTED_PERCENT = 4


@dataclass
class Lives:
    """Rows about single people, units and preceptors.

    Attributes
    ----------
    hard
        Parties that are hard to place, by id.
    """

    hard: list[str] = field(default_factory=list)
    changes: list[StudentRequirement] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    availability: list[Availability] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    refusals: list[Preference] = field(default_factory=list)


def make_lives(frame: Frame, people: People, places: Places, staff: Staff, offers: Sequence[Offer], reach: Reach) -> Lives:
    """Draw what concerns single people and places."""
    lives = Lives()
    _hard(frame, people, staff, offers, reach, lives)
    hard = set(lives.hard)
    rng = frame.rng("lives")
    for course in people.courses:
        for i, student in enumerate(people.students[course.program.program]):
            if student.group is None and student.student not in hard:
                _ordinary(rng, frame, course, i, student, staff, lives)
    _commitments(frame, places, staff, offers, lives)
    return lives


def _hard(frame: Frame, people: People, staff: Staff, offers: Sequence[Offer], reach: Reach, lives: Lives) -> None:
    """Groups that can come on two weekdays only; students who stay near home, or are away for weeks."""
    rng = frame.rng("hard to place")
    of_need: dict[tuple[str, str], list[Offer]] = defaultdict(list)
    for offer in offers:
        for need in (need for pool in offer.pools for need in pool.needs):
            of_need[need.course.program.program, need.requirement.requirement].append(offer)
    groups = [g for own in people.groups.values() for g in own]
    course_of = {c.program.program: c for c in people.courses}
    taught = {row.who: row.weekdays for row in staff.leave if row.start is None}
    for group in some(rng, groups, HARD_PERCENT):
        course = course_of[group.program]
        sites = reach.sites[course.program.school]
        away = {*course.class_days, *taught.get(group.faculty or "", ())}
        offered = [
            [o.slot for o in of_need[group.program, name] if o.site in sites and o.slot.most_students >= group.size]
            for name in group.requirements
        ]
        pairs = [p for p in PAIRS if away.isdisjoint(p) and all(any(_suits(p, slot) for slot in own) for own in offered)]
        if pairs:
            free = pick(rng, pairs)
            lives.hard.append(group.group)
            lives.availability.append(
                Availability(who_kind="group", who=group.group, weekdays=tuple(d for d in range(7) if d not in free))
            )
    alone = [
        (course, i, student)
        for course in people.courses
        for i, student in enumerate(people.students[course.program.program])
        if student.group is None and (len(reach.sites[course.program.school]) > 2 or course.program.profession in MAY_BE_AWAY)
    ]
    for course, number, student in some(rng, alone, HARD_PERCENT, least=1):
        sites = reach.sites[course.program.school]
        lives.hard.append(student.student)
        if len(sites) > 2:
            # Stays near home: of the sites that the school uses, one is left for each rotation.
            kept = {
                pick(rng, sorted({o.site for o in of_need[student.program, r.requirement]} & set(sites)))
                for r in course.asked_of(number)
            }
            lives.refusals += [
                Preference(who_kind="student", who=student.student, what="site", value=site, refuse=True)
                for site in sites
                if site not in kept
            ]
        else:
            start = frame.monday(between(rng, 2, frame.tier.weeks - 3))
            lives.availability.append(
                Availability(who_kind="student", who=student.student, start=start, end=start + timedelta(days=20))
            )


def _suits(days: tuple[int, ...], slot: Slot) -> bool:
    """Whether a group that is free on these weekdays can come."""
    return len(set(days) & set(slot.weekdays)) >= (slot.days_per_week or len(slot.weekdays))


def _ordinary(rng: Rng, frame: Frame, course: Course, number: int, student: Student, staff: Staff, lives: Lives) -> None:
    """What may be true of any student: done already, once more, a week off, somebody to keep away from."""
    own = [r for r in course.asked_of(number) if r.lane == "block" and not r.elective_set]
    who = student.student
    if len(own) > 1 and chance(rng, CREDIT_PERCENT):
        done = pick(rng, own)
        end = frame.planning_date - timedelta(days=between(rng, 5, 60))
        lives.credits.append(Credit(student=who, requirement=done.requirement, amount=done.amount, end=end))
        if done.amount < 12 and chance(rng, 100 * REPEAT_PERCENT // CREDIT_PERCENT):
            earliest = frame.monday(between(rng, 1, 6))
            lives.changes.append(
                StudentRequirement(student=who, requirement=done.requirement, change="repeat", earliest=earliest)
            )
    elif own and own[0].amount_unit == "hours" and chance(rng, CREDIT_PERCENT):
        lives.credits.append(Credit(student=who, requirement=own[0].requirement, amount=36))
    if chance(rng, LEAVE_PERCENT):
        start = frame.monday(between(rng, 1, frame.tier.weeks - 2))
        # A week away would end a clinic that runs all year, or a placement of twelve weeks.
        long = any(r.amount >= 12 and r.amount_unit != "hours" for r in course.requirements)
        status = pick(rng, ("avoid" if long else "unavailable", "avoid", "avoid", "prefer"))
        lives.availability.append(
            Availability.model_validate(
                {
                    "who_kind": "student",
                    "who": who,
                    "start": start,
                    "end": start + timedelta(days=pick(rng, (2, 4, 6))),
                    "status": status,
                }
            )
        )
    if own and chance(rng, CONFLICT_PERCENT):
        specialty = pick(rng, own).specialties[0]
        teams = staff.teams.get(f"{specialty} {course.program.profession}")
        if teams:
            team = pick(rng, teams)
            if chance(rng, 50):
                lives.conflicts.append(Conflict(student=who, unit=team.unit.unit))
            else:
                lives.conflicts.append(Conflict(student=who, preceptor=pick(rng, team.preceptors).preceptor))


def _commitments(frame: Frame, places: Places, staff: Staff, offers: Sequence[Offer], lives: Lives) -> None:
    """Orientation of new nurses on wards, learners of others with preceptors, reserve duty of students."""
    rng = frame.rng("commitments")
    wards = list(dict.fromkeys(o.slot.unit for o in offers if o.pools[0].supervision == "faculty"))
    for unit in some(rng, wards, COMMITTED_PERCENT, least=1):
        start = frame.monday(between(rng, 0, frame.tier.weeks // 2))
        lives.commitments.append(
            Commitment(
                who_kind="unit",
                who=unit,
                start=start,
                end=start + timedelta(days=7 * between(rng, 3, 6) - 3),
                weekdays=pick(rng, ((0, 2), (4, 5))),
                students=4,
                kind="orientation of newly hired nurses",
            )
        )
    own = [p for p in staff.preceptors if p.kind == "preceptor" and p.most_weeks is not None]
    for preceptor in some(rng, own, COMMITTED_PERCENT, least=1):
        start = frame.monday(between(rng, 0, frame.tier.weeks - 6))
        lives.commitments.append(
            Commitment(
                who_kind="preceptor",
                who=preceptor.preceptor,
                start=start,
                end=start + timedelta(days=7 * between(rng, 2, 5) - 3),
                kind="a learner whom somebody else has placed",
            )
        )
    site = pick(rng, places.sites)
    day = frame.monday(between(rng, 2, frame.tier.weeks - 2))
    lives.commitments.append(
        Commitment(who_kind="site", who=site.site, start=day, end=day + timedelta(days=4), kind="surveyors of the accreditation")
    )
