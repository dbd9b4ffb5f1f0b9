"""What a student's placements have in common, or must not: the same again, the same throughout, breadth, competencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from scheduler.domain.tables import Credit
from scheduler.verify.facts import Facts, Person
from scheduler.verify.findings import Check, Finding
from scheduler.verify.placed import Placed
from scheduler.verify.students import credits_of, electives_missing, required, students

PLURAL = {"preceptor": "preceptors", "specialty": "specialties", "site": "sites", "unit": "units", "setting": "settings"}


def no_repeat(facts: Facts) -> Iterator[Finding]:
    """Rotations of a student by each thing that they must not share."""
    things = facts.setting("no_repeat").names("things")
    for person in students(facts):
        for thing in things:
            before: dict[str, set[str]] = defaultdict(set)
            for credit in credits_of(facts, person):
                before[_credited(facts, credit, thing)].add(credit.requirement)
            now: dict[str, dict[str, list[Placed]]] = defaultdict(lambda: defaultdict(list))
            for p in person.placed:
                found = {who.preceptor for who in p.preceptors} if thing == "preceptor" else {_value(facts, p, thing)}
                for name in found:
                    now[name][p.requirement.requirement].append(p)
            for name in sorted(set(now) - {""}):
                rotations = sorted({*now[name], *before[name]})
                over = len(rotations) - max(1, len(before[name]))
                if over > 0:
                    yield Finding(
                        f"{person.party.name} has {thing} {name} in {len(rotations)} rotations ({', '.join(rotations)})",
                        over,
                        tuple(p for placed in now[name].values() for p in placed),
                        person.party,
                    )


def continuity(facts: Facts) -> Iterator[Finding]:
    """Different preceptors, units or sites where there should be one."""
    for person in students(facts):
        thing = person.party.program.continuity
        if not thing:
            continue
        found = sorted({_value(facts, p, thing) for p in person.placed} - {""})
        if len(found) > 1:
            yield Finding(
                f"{person.party.name} has {len(found)} different {PLURAL[thing]} ({', '.join(found)}), one is wanted throughout",
                len(found) - 1,
                person.placed,
                person.party,
            )


def breadth(facts: Facts) -> Iterator[Finding]:
    """Different specialties, sites, units and settings, with what may still come."""
    for person in students(facts):
        program = person.party.program
        least = {
            "specialty": program.least_specialties,
            "site": program.least_sites,
            "unit": program.least_units,
            "setting": program.least_settings,
        }
        names = required(facts, person)
        asked, missing = electives_missing(facts, person)
        possible = missing + len(set(names) - {p.requirement.requirement for p in person.placed})
        for thing, wanted in least.items():
            had = {_credited(facts, c, thing) for c in credits_of(facts, person)} - {""}
            now = {_value(facts, p, thing) for p in person.placed} - {""}
            target = min(wanted or 0, len(had) + len(names) + asked)
            short = target - len(had | now) - possible
            if wanted and short > 0:
                yield Finding(
                    f"{person.party.name} has {len(had | now)} different {PLURAL[thing]} ({', '.join(sorted(had | now))}), "
                    f"at least {target} are wanted",
                    short,
                    person.placed,
                    person.party,
                )


def competency(facts: Facts) -> Iterator[Finding]:
    """Competencies that no placement offers, though all rotations that name them are placed."""
    for person, name, naming, unplaced in open_competencies(facts):
        if not unplaced:
            placed = tuple(p for p in person.placed if name in p.requirement.competencies)
            verb = "names" if len(naming) == 1 else "name"
            words = f"{person.party.name} has no placement that offers {name}, which {', '.join(naming)} {verb}"
            yield Finding(words, 1, placed, person.party)


CHECKS: dict[str, Check] = {
    "no_repeat": no_repeat,
    "continuity": continuity,
    "breadth": breadth,
    "competency": competency,
}


def offers(placed: Placed, competency: str) -> bool:
    """Whether a placement offers a competency: its unit or preceptor lists it, or neither lists any."""
    listed = {*placed.unit.competencies, *(placed.preceptor.competencies if placed.preceptor else ())}
    return competency in listed or not listed


def open_competencies(facts: Facts) -> Iterator[tuple[Person, str, list[str], list[str]]]:
    """Competencies that credits and placements leave open: who, which, the rotations that name it, and those not placed."""
    for person in students(facts):
        covered = {name for credit in credits_of(facts, person) for name in credit.competencies}
        naming: dict[str, set[str]] = defaultdict(set)
        for rotation, demands in required(facts, person).items():
            for name in demands[0].requirement.competencies:
                naming[name].add(rotation)
        for name in sorted(set(naming) - covered):
            placed = [p for p in person.placed if name in p.requirement.competencies]
            if not any(offers(p, name) for p in placed):
                without = naming[name] - {p.requirement.requirement for p in placed}
                yield person, name, sorted(naming[name]), sorted(without)


def _value(facts: Facts, placed: Placed, thing: str) -> str:
    """What a placement has of a thing; empty for nothing."""
    return {
        "preceptor": placed.preceptor.preceptor if placed.preceptor else "",
        "unit": placed.unit.unit,
        "site": placed.unit.site,
        "specialty": placed.specialty,
        "setting": facts.instance.site_by_id[placed.unit.site].setting or "",
    }[thing]


def _credited(facts: Facts, credit: Credit, thing: str) -> str:
    """What a credit has of a thing; empty for nothing."""
    if thing == "preceptor":
        return credit.preceptor or ""
    if thing == "unit":
        return credit.unit or ""
    unit = facts.instance.unit_by_id.get(credit.unit) if credit.unit else None
    if unit is None:
        return ""
    if thing == "site":
        return unit.site
    if thing == "setting":
        return facts.instance.site_by_id[unit.site].setting or ""
    program = facts.instance.program_of(credit.student, credit.group)
    accepted = facts.instance.requirement_by_id[program, credit.requirement].specialties
    taught = [s for s in accepted if s in unit.specialties or not unit.specialties]
    return taught[0] if taught else ""
