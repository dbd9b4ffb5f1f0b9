"""A term of the core rules, and on top of it data for every other rule of the rule book."""

from __future__ import annotations

from scheduler.domain import Instance
from scheduler.generate.rulebook.curriculum import make_programs, make_requirements, make_spacings, with_hours
from scheduler.generate.rulebook.partners import make_history, make_schools, make_teams
from scheduler.generate.rulebook.policy import POLICY
from scheduler.generate.rulebook.preceptors import make_preceptors, shared_students
from scheduler.generate.rulebook.region import make_agreements, make_housing, make_sites, make_units
from scheduler.generate.rulebook.students import make_jobs, make_scholarships, make_students, make_tastes
from scheduler.generate.rulebook.term import Term
from scheduler.generate.rulebook.wards import NIGHT, night_slots, simulation, watched
from scheduler.generate.tiers import Frame


def add_rules(frame: Frame, core: Instance) -> Instance:
    """Draw the rest of the rule book's data for a term.

    Nobody is added and nothing is asked for besides, so that the two can be compared. Each step looks at what the steps before
    have made, so that no rotation loses the last place where it could be.
    """
    term = Term(frame, core)
    term = term.having(shifts=(*core.shifts, NIGHT), sites=make_sites(term))
    term = term.having(units=make_units(term), housing=make_housing(term), agreements=make_agreements(term))
    unit, slot, limits = simulation(term)
    term = term.having(
        units=(*term.data.units, *unit), slots=(*core.slots, *slot, *night_slots(term)), capacity=(*core.capacity, *limits)
    )
    term = term.having(capacity=(*term.data.capacity, *watched(term)), preceptors=make_preceptors(term))
    requirements, preceptors, slots = shared_students(term)
    term = term.having(requirements=requirements, preceptors=preceptors, slots=slots)
    term = term.having(requirements=make_requirements(term), spacings=make_spacings(term))
    term = term.having(credits=with_hours(term), ipe_teams=make_teams(term))
    term = term.having(programs=make_programs(term))
    term = term.having(students=make_students(term), scholarships=make_scholarships(term))
    return term.having(
        schools=make_schools(term),
        history=make_history(term),
        commitments=(*core.commitments, *make_jobs(term)),
        preferences=(*core.preferences, *make_tastes(term)),
        policy=POLICY,
    ).data
