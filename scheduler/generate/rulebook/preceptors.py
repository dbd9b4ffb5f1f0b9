"""Preceptors: experience, training, rest, cover, languages, a second unit; and those who share a student."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from scheduler.domain.tables import Preceptor, Requirement, Slot
from scheduler.generate.draws import Rng, between, chance, pick
from scheduler.generate.rulebook.region import COMPETENCIES
from scheduler.generate.rulebook.term import Term

#: Of the preceptors who are not alone in their unit: in their first year; trained only to a day of the term, in percent.
NEW_PERCENT, EXPIRING_PERCENT = 3, 4
#: Of all: training has an end at all; experience is not known, in percent.
TRAINED_PERCENT, UNKNOWN_PERCENT = 70, 10
#: Of those with a limit of weeks: rest for a week or two; of all: a second unit, of which only one may be used, in percent.
REST_PERCENT, SECOND_UNIT_PERCENT = 8, 6
#: Of all: speak Spanish too; teach something that their unit does not, in percent.
SPANISH_PERCENT, MORE_PERCENT = 20, 10


def make_preceptors(term: Term) -> tuple[Preceptor, ...]:
    """Draw what holds for each preceptor; faculty have their years only."""
    rng = term.rng("preceptors")
    away = {row.who for row in term.data.availability if row.who_kind == "preceptor" and row.status == "unavailable"}
    return tuple(_faculty(rng, p) if p.kind == "faculty" else _own(rng, term, p, away) for p in term.data.preceptors)


def _faculty(rng: Rng, p: Preceptor) -> Preceptor:
    return p.model_copy(update={"experience_years": between(rng, 2, 30)})


def _own(rng: Rng, term: Term, p: Preceptor, away: set[str]) -> Preceptor:
    frame, unit = term.frame, p.units[0]
    mates = [
        q.preceptor
        for q in term.staff[unit]
        if q is not p and set(p.supervises) <= set(q.supervises) and set(p.specialties) <= set(q.specialties)
    ]
    calm = len(mates) > 1 and unit not in term.special
    years = 0 if calm and chance(rng, NEW_PERCENT) else between(rng, 1, 30)
    until = frame.last_day + timedelta(days=between(rng, 1, 700))
    if calm and chance(rng, EXPIRING_PERCENT):
        until = frame.monday(between(rng, frame.tier.weeks // 3, frame.tier.weeks - 1)) - timedelta(days=1)
    rests = p.most_weeks is not None and p.most_weeks <= frame.tier.weeks // 2 and chance(rng, REST_PERCENT)
    second = _second_unit(rng, term, p) if chance(rng, SECOND_UNIT_PERCENT) else None
    more = sorted(c for s in p.specialties for c in COMPETENCIES[s])
    return p.model_copy(
        update={
            "experience_years": None if chance(rng, UNKNOWN_PERCENT) else years,
            "trained_until": until if chance(rng, TRAINED_PERCENT) else None,
            "rest_weeks": between(rng, 1, 2) if rests else 0,
            "cover": pick(rng, mates) if mates and p.preceptor in away else None,
            "units": (unit, second) if second else p.units,
            "most_units": 1 if second else None,
            "languages": ("english", "spanish") if chance(rng, SPANISH_PERCENT) else ("english",),
            "competencies": (pick(rng, more),) if chance(rng, MORE_PERCENT) else (),
        }
    )


def _second_unit(rng: Rng, term: Term, p: Preceptor) -> str | None:
    """Another unit of the region that teaches the same."""
    region = {u: term.sites[site].region for u, site in term.site_of.items()}
    same = [
        s.unit
        for s in term.data.slots
        if s.specialty in p.specialties and set(s.professions) & set(p.supervises) and region[s.unit] == region[p.units[0]]
    ]
    others = [u for u in dict.fromkeys(same) if u != p.units[0]]
    return pick(rng, others) if others else None


def shared_students(term: Term) -> tuple[tuple[Requirement, ...], tuple[Preceptor, ...], tuple[Slot, ...]]:
    """Occupational therapists share a student: fieldwork has two preceptors, each of whom takes one student more at once.

    Where a unit has one of them, the nearest other one works there too. Programs that have no such pair keep one preceptor.
    """
    data = term.data
    slots = {s.slot: s for s in data.slots if s.professions == ("ot",)}
    team = {p.preceptor: p for p in data.preceptors if p.supervises == ("ot",)}
    units: dict[str, list[str]] = defaultdict(list)
    for p in team.values():
        units[p.units[0]].append(p.preceptor)
    second: dict[str, str] = {}
    for unit in dict.fromkeys(s.unit for s in slots.values()):
        if len(units[unit]) == 1:
            site = term.site_of[unit]
            near = sorted(
                (term.site_of[p.units[0]] != site, name)
                for name, p in team.items()
                if name not in units[unit]
                and name not in second
                and term.sites[term.site_of[p.units[0]]].region == term.sites[site].region
            )
            if near:
                second[near[0][1]] = unit
                units[unit].append(near[0][1])
    pairs = {unit for unit, names in units.items() if len(names) > 1}
    shared = {
        key
        for key, r in term.requirements.items()
        if term.programs[r.program].profession == "ot" and r.supervision == "precepted" and term.units_for(*key) & pairs
    }
    if not shared:
        return data.requirements, data.preceptors, data.slots
    return (
        tuple(
            r.model_copy(update={"supervision": "co-precepted"}) if (r.program, r.requirement) in shared else r
            for r in data.requirements
        ),
        tuple(_sharing(p, second.get(p.preceptor)) if p.preceptor in team else p for p in data.preceptors),
        tuple(s.model_copy(update={"preceptors": ()}) if s.slot in slots else s for s in data.slots),
    )


def _sharing(p: Preceptor, second: str | None) -> Preceptor:
    weeks = None if p.most_weeks is None else 2 * p.most_weeks
    units = (p.units[0], second) if second else p.units
    return p.model_copy(update={"most_at_once": p.most_at_once + 1, "most_weeks": weeks, "units": units, "most_units": None})
