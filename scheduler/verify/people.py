"""People: pins, and how many sites, specialties and placements at one site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from scheduler.domain.tables import Pin, Program
from scheduler.domain.types import format_weekdays
from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding
from scheduler.verify.placed import Placed, matches


def pin(facts: Facts) -> Iterator[Finding]:
    """A 'must' is there, and its rotation nowhere else; a 'must not' is not there."""
    musts: dict[tuple[str, str, str], list[Pin]] = defaultdict(list)
    for row in facts.instance.pins:
        if row.pin == "prefer":
            continue
        found = [p for p in _candidates(facts, row) if matches(row, p.row, p.slot)]
        if row.pin == "must not":
            for p in found:
                yield Finding(f"{p.title}: a pin says must not ({describe(row)})", 1, (p,), p.party)
        else:
            if not found:
                yield Finding(f"No placement is what a pin says must be ({describe(row)})")
            if row.requirement and (row.student or row.group):
                musts[row.student or "", row.group or "", row.requirement].append(row)
    for (student, group, requirement), rows in musts.items():
        for p in _candidates(facts, rows[0]):
            own = p.row.student == student and p.row.group == group and p.row.requirement == requirement
            about = [row for row in rows if row.part in (None, p.row.part)]
            if own and about and not any(matches(row, p.row, p.slot) for row in about):
                yield Finding(f"{p.title}: {requirement} is pinned elsewhere ({describe(about[0])})", 1, (p,), p.party)


def most_sites(facts: Facts) -> Iterator[Finding]:
    """Different sites of a person."""
    yield from _most_different(facts, lambda program: program.most_sites, lambda p: p.unit.site, "sites")


def most_specialties(facts: Facts) -> Iterator[Finding]:
    """Different specialties of a person."""
    yield from _most_different(facts, lambda program: program.most_specialties, lambda p: p.specialty, "specialties")


def most_per_site(facts: Facts) -> Iterator[Finding]:
    """Placements of a person at each site; what a group has too many is not counted again for its students."""
    counted: dict[tuple[str, str, str], int] = defaultdict(int)
    for person in facts.people:
        most = person.party.program.most_per_site
        sites: dict[str, list[Placed]] = defaultdict(list)
        for p in person.placed:
            sites[p.unit.site].append(p)
        for site, placed in sites.items():
            over = len(placed) - most if most else 0
            group, student = ("group", person.party.home_group, site), ("student", person.party.student, site)
            before = max(counted[group], counted[student])
            if over > before:
                counted[student if person.party.student else group] = over
                yield Finding(
                    f"{person.party.name} has {len(placed)} placements at site {site}, at most {most} allowed",
                    over - before,
                    tuple(placed),
                    person.party,
                )


CHECKS: dict[str, Check] = {
    "pin": pin,
    "most_sites": most_sites,
    "most_specialties": most_specialties,
    "most_per_site": most_per_site,
}


def describe(row: Pin) -> str:
    """A pin in words: what it names."""
    found = {
        "student": row.student,
        "group": row.group,
        "part": row.part,
        "rotation": row.requirement,
        "slot": row.slot,
        "unit": row.unit,
        "start": row.start,
        "weekdays": format_weekdays(row.weekdays) if row.weekdays else None,
        "preceptor": row.preceptor,
        "second preceptor": row.co_preceptor,
        "team": row.team,
    }
    return ", ".join(f"{name} {value}" for name, value in found.items() if value is not None)


def _candidates(facts: Facts, row: Pin) -> list[Placed]:
    """The placements that a pin can be about."""
    if row.student:
        party = facts.parties.students.get(row.student)
        return facts.by_party.get(party, []) if party else []
    if row.group:
        return [p for party in facts.parties.groups.get(row.group, ()) for p in facts.by_party.get(party, [])]
    return facts.placed


def _most_different(
    facts: Facts, limit: Callable[[Program], int | None], key: Callable[[Placed], str], things: str
) -> Iterator[Finding]:
    """Persons with more different things than their program allows."""
    seen = set()
    for person in facts.people:
        most = limit(person.party.program)
        found = sorted({key(p) for p in person.placed} - {""})
        if most is not None and len(found) > most and (person.party, tuple(found)) not in seen:
            seen.add((person.party, tuple(found)))
            yield Finding(
                f"{person.party.name} has placements in {len(found)} {things} ({', '.join(found)}), at most {most} allowed",
                len(found) - most,
                person.placed,
                person.party,
            )
