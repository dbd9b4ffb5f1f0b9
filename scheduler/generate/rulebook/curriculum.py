"""What programs ask: competencies, order in time, split rotations, limits and least amounts for each student."""

from __future__ import annotations

from collections import Counter
from typing import Any

from scheduler.domain.tables import Credit, Program, Requirement, Spacing
from scheduler.generate.draws import Rng, chance, some
from scheduler.generate.rulebook.region import COMPETENCIES
from scheduler.generate.rulebook.term import Term

#: Hours of a week of clinic.
CLINIC_HOURS = 40
#: Most hours a week, most kilometres to travel every day (and to a bed at the site), most nights: by profession.
MOST_HOURS = {"rn": 48, "pa": 60, "md": 60, "pharmd": 50, "pt": 50, "ot": 50}
MOST_KM, MOST_HOUSED_KM = {"rn": 80, "pa": 80, "md": 60, "pharmd": 100, "pt": 100}, 300
MOST_NIGHTS = {"pa": 15, "md": 24}
HEAVY = ("IM", "SURG")
#: Of the physician assistant programs: accept no nurse practitioners for family medicine, in percent.
LICENCES_PERCENT = 50
#: Least hours with physicians at such a program.
LICENCE_HOURS = 80
#: Site fees of a program are at most so much of what they would be on average, in percent.
BUDGET_PERCENT = 120


def make_requirements(term: Term) -> tuple[Requirement, ...]:
    """Draw what each required rotation says besides."""
    rng = term.rng("requirements")
    strict = {p.program for p in term.data.programs if p.profession == "pa" and chance(rng, LICENCES_PERCENT)}
    split = _split_program(term)
    return tuple(r.model_copy(update=_columns(rng, term, r, strict, split)) for r in term.data.requirements)


def _columns(rng: Rng, term: Term, r: Requirement, strict: set[str], split: str | None) -> dict[str, Any]:
    learned = COMPETENCIES[r.specialties[0]]
    profession = term.programs[r.program].profession
    blocks = sorted(c.end for c in term.data.calendar if c.program == r.program and c.kind == "block")
    update: dict[str, Any] = {
        "competencies": tuple(some(rng, learned, 60)),
        "heavy": profession in ("pa", "md") and r.requirement in HEAVY,
    }
    if profession == "pa" and r.requirement == "SURG" and len(blocks) >= 3:
        update["first_week"] = 3  # not in the first block, which begins in the first week or the second
    if profession == "pharmd" and r.requirement == "COMM" and len(blocks) >= 4:
        update["last_week"] = (blocks[-2] - term.frame.first_monday).days // 7 + 1 - _late(term, r.program)
    if profession == "pa" and r.requirement == "FM" and r.program in strict and _accepted(term, r, ("pa", "md")):
        update["licences"] = ("pa", "md")
    if r.requirement == "CAP" or r.amount == 12:
        update["least_experience_years"] = 2
    if r.requirement == "CAP" and r.program == split:
        # In two halves of two weeks, with the same preceptor, and not too far apart.
        update |= {"amount": 144, "blocks": 2, "weeks_min": 2, "most_preceptors": 1, "within_weeks": 6}
    return update


def _late(term: Term, program: str) -> int:
    """Week of the term in which the students of a program are available, from 0."""
    first = min((s.available_from or term.frame.first_monday) for s in term.data.students if s.program == program)
    return (first - term.frame.first_monday).days // 7


def _accepted(term: Term, r: Requirement, licences: tuple[str, ...]) -> bool:
    """Whether at least two thirds of the preceptors of a rotation have one of the licences."""
    found = [p for slot in term.places[r.program, r.requirement] for p in term.supervisors((r.program, r.requirement), slot)]
    return 3 * sum(p.licence in licences for p in found) >= 2 * max(1, len(found))


def _split_program(term: Term) -> str | None:
    """The program whose capstone is split: one of four weeks or more, and of all of them the first."""
    capstones = [r for r in term.data.requirements if r.requirement == "CAP" and r.amount >= 120]
    return capstones[0].program if capstones else None


def with_hours(term: Term) -> tuple[Credit, ...]:
    """Credits with hours, and in halves where a rotation is split."""
    program = {s.student: s.program for s in term.data.students}
    found = []
    for credit in term.data.credits:
        r = term.requirements[program[credit.student or ""], credit.requirement]
        amount = 72 if r.blocks > 1 else credit.amount
        hours = amount if r.amount_unit == "hours" else amount * CLINIC_HOURS
        found.append(credit.model_copy(update={"amount": amount, "hours": hours, "competencies": r.competencies}))
    return tuple(found)


def make_spacings(term: Term) -> tuple[Spacing, ...]:
    """A break between long placements of therapists; the two clinics of pharmacists not too far apart."""
    rows = []
    for program in term.data.programs:
        names = {r.requirement for r in term.of_program[program.program]}
        if {"PT-8", "PT-12A"} <= names and term.frame.tier.weeks >= 26:
            rows.append(Spacing(program=program.program, requirement="PT-8", other="PT-12A", least_weeks=1))
        if {"AMB", "COMM"} <= names:
            rows.append(Spacing(program=program.program, requirement="AMB", other="COMM", most_weeks=16))
    return tuple(rows)


def make_programs(term: Term) -> tuple[Program, ...]:
    """Limits and least amounts of each program, as far as each of its students can keep them."""
    return tuple(p.model_copy(update=_limits(term, p)) for p in term.data.programs)


def _limits(term: Term, p: Program) -> dict[str, Any]:
    tracks = [t for t in term.tracks[p.program] if t]
    most = max(map(len, tracks))
    update: dict[str, Any] = {"most_hours_per_week": MOST_HOURS[p.profession], "most_nights": MOST_NIGHTS.get(p.profession)}
    if p.profession in MOST_KM and any(x.program == p.program and x.named and not x.group for x in term.data.students):
        update |= {"most_distance_km": MOST_KM[p.profession], "most_distance_housed_km": MOST_HOUSED_KM}
    groups = [g for g in term.data.groups if g.program == p.program]
    if groups:
        update["most_per_faculty"] = 10
        if min(len(g.requirements) for g in groups) > 1:
            update["most_simulation_percent"] = 50
    if p.profession in ("pa", "md", "pharmd"):
        update |= {"most_relocations": 3, "least_hours": _least_hours(term, p, tracks), "most_fees": _fees(term, p)}
        update["least_setting_weeks"] = _setting(term, p, tracks)
        meets = {name for t in term.data.ipe_teams for name, _ in t.professions}
        update["least_ipe_weeks"] = 2 if p.profession in meets else None
    if p.profession in ("pa", "pharmd") and all(len(set().union(*(_sites(term, p, n) for n in t))) > 1 for t in tracks):
        update["least_sites"] = 2
    if p.profession in ("pa", "md") and most >= 3:
        update |= {"least_specialties": 3, "least_units": 2, "most_per_site": max(3, most - 1), "most_specialties": 9}
    if p.profession == "pa" and all(_with_physicians(term, p, t) > 1 for t in tracks):
        update["licence_hours"] = (("md", LICENCE_HOURS),)
    if any(r.blocks > 1 for r in term.of_program[p.program]):
        update["continuity"] = "preceptor"
    return update


def _sites(term: Term, p: Program, name: str) -> set[str]:
    return term.sites_for(p.program, name)


def _least_hours(term: Term, p: Program, tracks: list[tuple[str, ...]]) -> int:
    """Three quarters of the planned hours of those who have least ahead: call-backs and holidays take some."""
    weeks = []
    for track in tracks:
        asked = [term.requirements[p.program, name] for name in track]
        own = [r.amount for r in asked if r.amount_unit == "weeks" and not r.elective_set]
        chosen = {r.elective_set: (r.choose or 1) * r.amount for r in asked if r.elective_set}
        weeks.append(sum(own) + sum(chosen.values()))
    return max(1, min(weeks) * CLINIC_HOURS * 3 // 4)


def _setting(term: Term, p: Program, tracks: list[tuple[str, ...]]) -> tuple[tuple[str, int], ...]:
    """Four weeks in a setting in which every student has two rotations that can be there, and mostly are."""
    for setting in ("rural", "community"):
        counts = []
        for track in tracks:
            count = 0
            for name in track:
                slots = term.places[p.program, name]
                there = sum(s.most_students for s in slots if term.sites[term.site_of[s.unit]].setting == setting)
                enough = term.requirements[p.program, name].amount_unit == "weeks"
                count += enough and 2 * there >= sum(s.most_students for s in slots) > 0
            counts.append(count)
        if min(counts) >= 2:
            return ((setting, 4),)
    return ()


def _fees(term: Term, p: Program) -> int | None:
    """A budget: what placements would cost on average, and a fifth more; none where they cost nothing."""
    total = 0
    for student in (s for s in term.data.students if s.program == p.program):
        for name in term.asked(student):
            slots = term.places[p.program, name]
            fees = Counter({s.unit: term.sites[term.site_of[s.unit]].fee_per_week for s in slots})
            r = term.requirements[p.program, name]
            weeks = r.amount if r.amount_unit in ("weeks", "sessions") else -(-r.amount // 36)
            total += 100 * weeks * sum(fees.values()) // max(1, len(fees))
    return total * BUDGET_PERCENT // 10_000 or None


def _with_physicians(term: Term, p: Program, track: tuple[str, ...]) -> int:
    """Rotations of a student in which most preceptors are physicians."""
    count = 0
    for name in track:
        r = term.requirements[p.program, name]
        found = [q for slot in term.places[p.program, name] for q in term.supervisors((p.program, name), slot)]
        count += r.supervision == "precepted" and 5 * sum(q.licence == "md" for q in found) >= 2 * max(1, len(found))
    return count
