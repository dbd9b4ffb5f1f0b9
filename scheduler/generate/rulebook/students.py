"""Students: homes, cars, languages, jobs, scholarships, and how much waiting matters to them."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from scheduler.domain.tables import Commitment, Preference, Scholarship, Student
from scheduler.generate.draws import between, chance, pick
from scheduler.generate.rulebook.term import Term

#: Of the students without a group: live in another region; have no car, in percent.
ELSEWHERE_PERCENT, NO_CAR_PERCENT = 12, 10
#: Of all: languages not known, in percent; what the others speak.
UNKNOWN_PERCENT = 20
LANGUAGES = (("english",),) * 5 + (("english", "spanish"),)
#: Of the students without a group: work in a unit; hold a scholarship; come first, have a weekend job, in percent.
EMPLOYED_PERCENT, SCHOLARSHIP_PERCENT, FIRST_PERCENT, JOB_PERCENT = 5, 5, 3, 10
#: Of the students without a group: waiting, or changing sites, matters more to them, in percent.
TASTE_PERCENT = 5
#: A home lies so far from the middle of its region at most, in thousandths of a degree.
AROUND = 200
RURAL, NURSES = "rural-service", "nurse-corps"
RURAL_PROFESSIONS = ("pa", "md", "pt")


def make_students(term: Term) -> tuple[Student, ...]:
    """Draw who each student is; nothing is known of those who are not named yet, are pinned, or refuse all sites but a few.

    Nor of those in groups: their schools bring them to the ward, wherever they live.
    """
    rng = term.rng("students")
    middle = _middles(term)
    housed = {h.site for h in term.data.housing}
    need_car = {s.site for s in term.data.sites if s.needs_car}
    known = {p.student for p in term.data.pins} | term.refusing

    @cache
    def sites(program: str, asked: tuple[str, ...]) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(term.sites_for(program, name)) for name in asked)

    @cache
    def regions(program: str, asked: tuple[str, ...]) -> tuple[str, ...]:
        """Regions in which everything asked can be, each as often as there are slots for what is scarcest there."""
        slots = [[term.sites[term.site_of[slot.unit]].region for slot in term.places[program, name]] for name in asked]
        return tuple(r for r in sorted(middle) for _ in range(min((own.count(r) for own in slots), default=0)))

    found = []
    for student in term.data.students:
        profession = term.programs[student.program].profession
        if not student.named or student.student in known or student.group:
            found.append(student)
            continue
        asked = term.asked(student)
        reach = sites(student.program, asked)
        choice = regions(student.program, asked)
        if not choice:
            found.append(student)
            continue
        region = pick(rng, choice)
        other = pick(rng, sorted(middle))
        reached = all(any(s in housed or term.sites[s].region == other for s in some) for some in reach)
        calm = student.student not in term.special
        if calm and reached and chance(rng, ELSEWHERE_PERCENT):
            region = other
        no_car = chance(rng, NO_CAR_PERCENT)
        lat, lon = middle[region]
        update: dict[str, Any] = {
            "home": region,
            "home_lat": (lat + between(rng, -AROUND, AROUND)) / 1000,
            "home_lon": (lon + between(rng, -AROUND, AROUND)) / 1000,
            "drives": not (no_car and calm and all(some - need_car for some in reach)),
            "languages": () if chance(rng, UNKNOWN_PERCENT) else pick(rng, LANGUAGES),
        }
        service = RURAL if profession in RURAL_PROFESSIONS else NURSES if profession == "rn" else None
        units = [term.units_for(student.program, name) for name in asked]
        if calm and units and min(map(len, units)) >= 3 and chance(rng, EMPLOYED_PERCENT):
            update["employer_unit"] = pick(rng, sorted(set().union(*units)))
        update["scholarship"] = service if chance(rng, SCHOLARSHIP_PERCENT) else None
        update["priority"] = 2 if chance(rng, FIRST_PERCENT) else 1
        found.append(student.model_copy(update=update))
    return tuple(found)


def _middles(term: Term) -> dict[str, tuple[int, int]]:
    """Middle of each region, in thousandths of a degree."""
    of: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for site in term.data.sites:
        of[site.region or site.site].append((round((site.lat or 0) * 1000), round((site.lon or 0) * 1000)))
    return {r: (sum(a for a, _ in xs) // len(xs), sum(b for _, b in xs) // len(xs)) for r, xs in of.items()}


def make_scholarships(term: Term) -> tuple[Scholarship, ...]:
    """One whose holders are to be where they are needed, one that asks for nothing."""
    needy = tuple(s.site for s in term.data.sites if s.high_need or s.setting == "rural")
    return (
        Scholarship(scholarship=RURAL, name="Rural service commitment", sites=needy, professions=RURAL_PROFESSIONS),
        Scholarship(scholarship=NURSES, name="Nurse corps"),
    )


def make_jobs(term: Term) -> tuple[Commitment, ...]:
    """Jobs at weekends, of which the hours count: as many as the week of the longest days leaves."""
    rng = term.rng("jobs")
    first, last = term.frame.first_monday, term.frame.last_day
    return tuple(
        Commitment(
            who_kind="student",
            who=s.student,
            start=first,
            end=last,
            weekdays=(5, 6),
            hours_per_week=pick(rng, (6, 8)),
            kind="employment at weekends",
        )
        for s in term.data.students
        if s.group is None and s.student not in term.special and chance(rng, JOB_PERCENT)
    )


def make_tastes(term: Term) -> tuple[Preference, ...]:
    """To some, each week of waiting or each change of site matters more than to others."""
    rng = term.rng("tastes")
    return tuple(
        Preference.model_validate(
            {"who_kind": "student", "who": s.student, "what": pick(rng, ("waiting", "site_change")), "score": -between(rng, 2, 3)}
        )
        for s in term.data.students
        if s.group is None and chance(rng, TASTE_PERCENT)
    )
