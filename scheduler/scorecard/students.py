"""Students: who is placed, whose wishes are met, who learns beside other professions, and which competencies are covered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from scheduler.domain.tables import Preference
from scheduler.scorecard.figures import WHOLE, Scope, Tally, school_scope, site_scope
from scheduler.verify.curriculum import open_competencies
from scheduler.verify.equity import served
from scheduler.verify.facts import Facts
from scheduler.verify.load import days_of
from scheduler.verify.parties import Party
from scheduler.verify.placed import Placed
from scheduler.verify.students import required, students
from scheduler.verify.suitability import concerns, fulfils
from scheduler.verify.teams import asked, in_team
from scheduler.verify.timing import overlap
from scheduler.verify.wishes import WEIGHING


def add_students(facts: Facts, tally: Tally) -> None:
    """The measures of students."""
    for school, counts in served(facts).items():
        tally.add("placement_rate", (WHOLE, school_scope(school)), float(counts.placed), counts.asked, (school,))
    _add_wishes(facts, tally)
    _add_company(facts, tally)
    for body in asked(facts):
        joined = body.size if in_team(facts, body) else 0
        tally.add("interprofessional_teams", _of_school(body), joined, body.size, (body.program.school,))
    _add_competencies(facts, tally)


def _of_school(party: Party) -> tuple[Scope, Scope]:
    return WHOLE, school_scope(party.program.school)


def _everywhere(placed: Placed) -> tuple[Scope, Scope, Scope]:
    return (*_of_school(placed.party), site_scope(placed.unit.site))


def _add_wishes(facts: Facts, tally: Tally) -> None:
    """A list is about each placement of its rotation; one by points without a rotation about all placements together."""
    for party, placed in facts.by_party.items():
        for wishes in _lists(facts, party):
            if wishes[0].requirement is None and wishes[0].rank is None:
                _add_wish(tally, _of_school(party), party, wishes, placed)
            else:
                for p in placed:
                    if concerns(p, wishes[0]):
                        _add_wish(tally, _everywhere(p), party, wishes, (p,))


def _add_wish(tally: Tally, to: Iterable[Scope], party: Party, wishes: Sequence[Preference], placed: Sequence[Placed]) -> None:
    met = [_place(row) for row in wishes if any(fulfils(p, row) for p in placed)]
    first = bool(met) and min(met) == min(map(_place, wishes))
    school, scopes = (party.program.school,), tuple(to)
    tally.add("first_choice", scopes, party.size * first, party.size, school)
    tally.add("listed_choice", scopes, party.size * bool(met), party.size, school)


def _lists(facts: Facts, party: Party) -> Iterator[list[Preference]]:
    """What is wished by whom, about which rotation and kind of thing: by rank, or by points."""
    found: dict[tuple[object, ...], list[Preference]] = defaultdict(list)
    for row in (*facts.own_wishes(party), *facts.school_wishes(party)):
        wished = row.rank is not None or (row.score or 0) > 0
        if wished and not row.refuse and row.what not in WEIGHING:
            found[row.who_kind, row.requirement, row.what, row.rank is None].append(row)
    yield from found.values()


def _place(row: Preference) -> int:
    """Where a row stands on its list: smaller is better."""
    return row.rank if row.rank is not None else -(row.score or 0)


def _add_company(facts: Facts, tally: Tally) -> None:
    """Weeks in which somebody of another profession is there at the same time."""
    for placed in facts.by_unit.values():
        weeks: dict[Placed, set[int]] = defaultdict(set)
        beside: dict[Placed, set[int]] = defaultdict(set)
        for day, there in days_of(placed).items():
            monday = facts.monday(day)
            for p in there:
                weeks[p].add(monday)
            if len({p.party.program.profession for p in there}) > 1:
                for p in there:
                    if any(_meet(p, other) for other in there):
                        beside[p].add(monday)
        for p, mondays in weeks.items():
            school = (p.party.program.school,)
            tally.add("interprofessional_weeks", _everywhere(p), p.size * len(beside[p]), p.size * len(mondays), school)


def _meet(a: Placed, b: Placed) -> bool:
    """Whether two of different professions are there at the same time of day; who follows a preceptor may be there at any."""
    if a.party.program.profession == b.party.program.profession:
        return False
    return a.timing.follows or b.timing.follows or overlap(a.timing.span, b.timing.span)


def _add_competencies(facts: Facts, tally: Tally) -> None:
    """Each person and competency once: of a student who is looked at in each part of a group, open in any of them is open."""
    left = {(person.party, name) for person, name, _, _ in open_competencies(facts)}
    named = {
        (person.party, name)
        for person in students(facts)
        for demands in required(facts, person).values()
        for name in demands[0].requirement.competencies
    }
    for party, name in sorted(named, key=lambda pair: (pair[0].name, pair[1])):
        covered = 0 if (party, name) in left else party.size
        tally.add("competencies", _of_school(party), covered, party.size, (party.program.school,))
