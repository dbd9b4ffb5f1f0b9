"""A whole term, step by step: who asks for what decides how many places there are, not the other way round."""

from __future__ import annotations

from typing import Literal

from scheduler.domain import Instance, Shift
from scheduler.generate.lives import make_lives
from scheduler.generate.papers import make_clearances, make_reach, make_reservations, make_site_clearances
from scheduler.generate.people import make_people
from scheduler.generate.pins import make_pins, placeable
from scheduler.generate.places import make_places
from scheduler.generate.pools import make_pools
from scheduler.generate.rulebook import add_rules
from scheduler.generate.slots import make_capacity, make_offers
from scheduler.generate.staff import make_staff
from scheduler.generate.tiers import TIERS, Frame
from scheduler.generate.wishes import make_preferences

#: Wards work in shifts of twelve or eight hours, clinics from eight to five and by half days.
SHIFTS = tuple(
    Shift.model_validate({"shift": name, "start": start, "end": end, "hours": hours})
    for name, start, end, hours in (
        ("day", "07:00", "19:00", None),
        ("early", "07:00", "15:00", None),
        ("late", "15:00", "23:00", None),
        ("clinic", "08:00", "17:00", 8),
        ("am", "08:00", "12:00", None),
        ("pm", "13:00", "17:00", None),
    )
)


def generate(tier: str, seed: int, *, tight: bool = False, rules: Literal["core", "full"] = "core") -> Instance:
    """Draw a term.

    Parameters
    ----------
    tier
        One of `TIERS`.
    seed
        At least 0. The same tier, seed and tightness give the same instance, another seed another region: other schools,
        programs, calendars, sites.
    tight
        Demand of about 100 to 105 % of supply in the scarce specialties, instead of 85 to 92 %; the students stay the same.
    rules
        ``full``: the same term, with data for every rule of the rule book on top, and a policy that switches rules on.

    Raises
    ------
    KeyError
        If there is no such tier.
    """
    frame = Frame(TIERS[tier], seed, tight)
    people = make_people(frame)
    pools = make_pools(frame, people.courses)
    places = make_places(frame, pools)
    staff = make_staff(frame, people, places, pools)
    offers = make_offers(frame, places, staff, pools)
    reach = make_reach(frame, people, places, offers)
    lives = make_lives(frame, people, places, staff, offers, reach)
    capacity = make_capacity(frame, places, offers)
    clearances = make_clearances(frame, people)
    where = placeable(frame, people, staff, reach, lives, clearances, capacity)
    core = Instance(
        name=f"{tier}-{seed}{'-tight' if tight else ''}{'-full' if rules == 'full' else ''}",
        first_monday=frame.first_monday,
        weeks=frame.tier.weeks,
        planning_date=frame.planning_date,
        timezone="America/New_York",
        shifts=SHIFTS,
        schools=people.schools,
        programs=tuple(c.program for c in people.courses),
        calendar=tuple(row for c in people.courses for row in c.calendar),
        requirements=tuple(r for c in people.courses for r in c.requirements),
        student_requirements=(*people.adds, *lives.changes),
        students=tuple(s for own in people.students.values() for s in own),
        groups=tuple(g for own in people.groups.values() for g in own),
        availability=(*staff.leave, *lives.availability),
        preferences=(*make_preferences(frame, people, places, offers, reach), *lives.refusals),
        credits=tuple(lives.credits),
        sites=places.sites,
        units=places.units,
        capacity=tuple(capacity),
        slots=tuple(o.slot for o in offers),
        reservations=tuple(make_reservations(frame, people, offers, reach)),
        preceptors=staff.preceptors,
        commitments=tuple(lives.commitments),
        agreements=reach.agreements,
        clearances=tuple(clearances),
        site_clearances=tuple(make_site_clearances(frame, places)),
        conflicts=tuple(lives.conflicts),
        pins=tuple(make_pins(frame, people, offers, lives, where)),
    )
    return add_rules(frame, core) if rules == "full" else core
