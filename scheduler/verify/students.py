"""Students as those see them who look at all that one student does: who is looked at, what is asked, what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.tables import Credit
from scheduler.verify.facts import Facts, Person
from scheduler.verify.parties import Demand


def students(facts: Facts) -> Iterator[Person]:
    """Everybody with rotations; a group (or part) only where none of its students has rotations of the own."""
    with_own = {p.party.home_group for p in facts.people if p.party.student and p.party.home_group in facts.parties.groups}
    for person in facts.people:
        if person.party.student or person.party.group not in with_own:
            yield person


def credits_of(facts: Facts, person: Person) -> list[Credit]:
    """What a student has done already, alone or with the group."""
    student, groups = person.party.student, {party.group for party in person.parties}
    return [c for c in facts.instance.credits if (c.group in groups if c.group else c.student == student)]


def required(facts: Facts, person: Person) -> dict[str, list[Demand]]:
    """What is asked of a person by rotation, electives aside: of the person and of the group with which the person goes."""
    found: dict[str, list[Demand]] = {}
    for party in person.parties:
        for name, demand in facts.parties.demands[party].by_requirement.items():
            if not demand.elective:
                found.setdefault(name, []).append(demand)
    return found


def electives_missing(facts: Facts, person: Person) -> tuple[int, int]:
    """How many electives are asked of a person, and how many of them have no placement."""
    asked = sum(choice.choose for party in person.parties for choice in facts.parties.demands[party].choices)
    return asked, asked - sum(1 for p in person.placed if p.requirement.elective_set is not None)


def all_placed(facts: Facts, person: Person) -> bool:
    """Whether something is asked of a person and nothing of it is missing."""
    asked, without = electives_missing(facts, person)
    demands = required(facts, person)
    if without > 0 or not (asked or demands):
        return False
    for name, own in demands.items():
        placed = [p for p in person.placed if p.requirement.requirement == name]
        tasks = [task for demand in own for task in demand.tasks]
        if own[0].requirement.blocks > 1:
            if sum(p.amount for p in placed) < sum(task.amount for task in tasks):
                return False
        elif len(placed) < len(tasks):
            return False
    return True
