"""What has to be placed: required rotations, electives, order, length, groups kept whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from scheduler.domain import Unplaced
from scheduler.verify.facts import Facts, Person
from scheduler.verify.findings import Check, Finding, each_placement
from scheduler.verify.parties import Choice, Demand, Party
from scheduler.verify.placed import Placed, day_name


def requirement(facts: Facts) -> Iterator[Finding]:
    """What is missing costs; what nobody asked for, or asked for only once, is a violation."""
    for placed in facts.placed:
        if placed.requirement.requirement not in facts.parties.demands[placed.party].by_requirement:
            sentence = f"{placed.title}: this rotation is not asked of {placed.party.name}"
            yield Finding(sentence, 1, (placed,), placed.party, firm=True)
    for body in facts.parties.all_bodies():
        of_requirement = by_requirement(facts, body)
        for demand in facts.parties.demands[body].by_requirement.values():
            rule = demand.requirement
            own = tuple(of_requirement.get(rule.requirement, ()))
            total = sum((p.amount for p in own), Fraction(0))
            if len(own) > demand.most_placements:
                yield Finding(
                    f"{body.name} has {rule.requirement} placed more than once: {len(own)} placements, "
                    f"at most {demand.most_placements} allowed",
                    len(own) - demand.most_placements,
                    own,
                    body,
                    firm=True,
                )
            elif rule.blocks > 1 and total > demand.amount:
                yield Finding(
                    f"{body.name} has {float(total):g} {rule.amount_unit} of {rule.requirement}, only {demand.amount} are asked",
                    ceil(total - demand.amount),
                    own,
                    body,
                    firm=True,
                )
            missing = missing_amount(demand, own)
            if missing:
                each = -(-100 // demand.required[0].amount)
                cost = each * missing if rule.blocks > 1 else 100 * missing_tasks(demand, own)
                yield Finding(
                    f"{body.name} has no place for {missing} {rule.amount_unit} of {rule.requirement}",
                    cost * body.size * body.priority * rule.priority,
                    own,
                    body,
                )


def elective(facts: Facts) -> Iterator[Finding]:
    """A missing elective costs; more than asked for is a violation."""
    for body in facts.parties.all_bodies():
        of_requirement = by_requirement(facts, body)
        for choice in facts.parties.demands[body].choices:
            begun, taken = electives(facts, body, choice, of_requirement)
            if len(begun) > choice.choose:
                yield Finding(
                    f"{body.name} takes {len(begun)} rotations of the elective set {choice.elective_set} "
                    f"({', '.join(begun)}), {choice.choose} are asked",
                    len(begun) - choice.choose,
                    tuple(p for i in begun for p in of_requirement[i]),
                    body,
                    firm=True,
                )
            missing = choice.choose - len(taken)
            if missing > 0:
                yield Finding(
                    f"{body.name} lacks {missing} of {choice.choose} rotations of the elective set {choice.elective_set}",
                    100 * missing * body.size * body.priority * choice.priority,
                    (),
                    body,
                )


def order(facts: Facts) -> Iterator[Finding]:
    """A rotation and each one that it comes after, for everybody who takes both; a pair counts once."""
    seen: set[tuple[Placed, str]] = set()
    for person in facts.people:
        of_requirement = _group_by_requirement(person.placed)
        for placed in person.placed:
            for before in placed.requirement.after:
                if (placed, before) in seen:
                    continue
                finished, sentence = _finished(facts, person, before, of_requirement.get(before, []))
                if finished is None or placed.start <= finished:
                    seen.add((placed, before))
                    words = f"{placed.title}: it comes after {before}, which {person.party.name} {sentence}"
                    yield Finding(words, 1, (placed,), placed.party)


@each_placement(bows_to_pins=True)
def duration(facts: Facts, placed: Placed) -> Iterator[str]:
    """Weeks, amount and sessions a week are what the rotation asks."""
    rule, timing, amount = placed.requirement, placed.timing, placed.amount
    if not timing.has_session:
        yield "it has no session"
    if rule.weeks_min and timing.weeks < rule.weeks_min:
        yield f"{timing.weeks} weeks are fewer than {rule.weeks_min}"
    if rule.weeks_max and timing.weeks > rule.weeks_max:
        yield f"{timing.weeks} weeks are more than {rule.weeks_max}"
    asked = placed.task.amount
    if rule.blocks > 1:
        if amount > asked:
            yield f"{float(amount):g} {rule.amount_unit} are more than the {asked} asked"
    elif amount < asked or (rule.amount_unit == "weeks" and amount > asked):
        yield f"{float(amount):g} {rule.amount_unit} planned, {asked} asked"
    if not timing.follows:
        sessions = len(timing.weekdays)
        if rule.per_week_min and sessions < rule.per_week_min:
            yield f"{sessions} sessions a week are fewer than {rule.per_week_min}"
        if rule.per_week_max and sessions > rule.per_week_max:
            yield f"{sessions} sessions a week are more than {rule.per_week_max}"


def keep_whole(facts: Facts) -> Iterator[Finding]:
    """Each placement of a part on its own."""
    for placed in facts.placed:
        if placed.party.part:
            yield Finding(f"{placed.title}: the group is not kept whole", 1, (placed,), placed.party)


CHECKS: dict[str, Check] = {
    "requirement": requirement,
    "elective": elective,
    "order": order,
    "duration": duration,
    "keep_whole": keep_whole,
}


# -- counting ---------------------------------------------------------------------------------------------------------


def unplaced(facts: Facts) -> Iterator[Unplaced]:
    """What is missing, one row for each party and required rotation or elective set."""
    for body in facts.parties.all_bodies():
        demands = facts.parties.demands[body]
        of_requirement = by_requirement(facts, body)
        for demand in demands.by_requirement.values():
            missing = missing_amount(demand, tuple(of_requirement.get(demand.requirement.requirement, ())))
            if missing:
                yield _unplaced(body, demand.requirement.requirement, missing, demand.requirement.amount_unit)
        for choice in demands.choices:
            missing = choice.choose - len(electives(facts, body, choice, of_requirement)[1])
            if missing > 0:
                yield _unplaced(body, choice.elective_set, missing, "rotations")


def by_requirement(facts: Facts, body: Party) -> dict[str, list[Placed]]:
    """A party's placements, those with its whole group included, by required rotation."""
    return _group_by_requirement(facts.with_group(body))


def missing_tasks(demand: Demand, placed: tuple[Placed, ...]) -> int:
    """How many placements of an undivided rotation are missing."""
    return max(0, len(demand.required) - len(placed))


def missing_amount(demand: Demand, placed: tuple[Placed, ...]) -> int:
    """What is missing of a required rotation, in its unit, rounded up."""
    if demand.requirement.blocks > 1:
        return max(0, ceil(demand.required_amount - sum((p.amount for p in placed), Fraction(0))))
    met = {id(p.task) for p in placed}
    left = [task.amount for task in demand.required if id(task) not in met]
    return sum(left)


def electives(facts: Facts, body: Party, choice: Choice, of_requirement: dict[str, list[Placed]]) -> tuple[list[str], list[str]]:
    """The rotations of an elective set that a party has begun, and those that it takes in full."""
    begun, taken = [], []
    for member in choice.members:
        demand = facts.parties.demands[body].by_requirement[member]
        placed = of_requirement.get(member, [])
        if demand.requirement.blocks > 1:
            extra = sum((p.amount for p in placed), Fraction(0)) - demand.required_amount
            full = extra >= demand.amount - demand.required_amount
        else:
            extra = Fraction(len(placed) - len(demand.required))
            full = extra >= 1
        if extra > 0:
            begun.append(member)
        if full:
            taken.append(member)
    return begun, taken


def _unplaced(body: Party, requirement: str, missing: int, unit: str) -> Unplaced:
    return Unplaced(
        student=body.student,
        group=body.group,
        part=body.part,
        students=body.size,
        school=body.program.school,
        program=body.program.program,
        requirement=requirement,
        missing=missing,
        unit=unit,
    )


def _group_by_requirement(placed: list[Placed] | tuple[Placed, ...]) -> dict[str, list[Placed]]:
    groups: dict[str, list[Placed]] = defaultdict(list)
    for p in placed:
        groups[p.requirement.requirement].append(p)
    return groups


def _finished(facts: Facts, person: Person, before: str, placed: list[Placed]) -> tuple[int | None, str]:
    """The last day of a rotation done in full (None: it is not), and that in words; what is not asked is long finished."""
    demands = [d for party in person.parties if (d := facts.parties.demands[party].by_requirement.get(before))]
    if not demands:
        return -1, ""
    if demands[0].requirement.blocks > 1:
        full = sum((p.amount for p in placed), Fraction(0)) >= sum(d.amount for d in demands)
    else:
        full = len(placed) >= sum(len(d.tasks) for d in demands)
    if not full:
        return None, "has not placed in full"
    last = max(p.end for p in placed)
    return last, f"finishes on {day_name(last)}"
