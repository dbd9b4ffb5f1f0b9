"""What has to be placed: required rotations, electives, order, length, groups kept whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from scheduler.domain import Unplaced
from scheduler.verify.facts import Facts, Person
from scheduler.verify.findings import Check, Finding, each_placement
from scheduler.verify.parties import Demand, Party, Task
from scheduler.verify.placed import Placed, day_name, missing_amount, missing_cost


def requirement(facts: Facts) -> Iterator[Finding]:
    """What is missing costs; what nobody asked for, or asked for only once, is a violation."""
    for placed in facts.placed:
        if placed.requirement.requirement not in facts.parties.demands[placed.party].by_requirement:
            sentence = f"{placed.title}: this rotation is not asked of {placed.party.name}"
            yield Finding(sentence, 1, (placed,), placed.party, firm=True)
    for body in facts.parties.all_bodies():
        of_requirement = by_requirement(facts, body)
        for demand in facts.parties.demands[body].by_requirement.values():
            rule, own = demand.requirement, of_requirement.get(demand.requirement.requirement, [])
            too_much = _too_much(demand, own)
            if too_much:
                yield Finding(f"{body.name} {too_much}", 1, tuple(own), body, firm=True)
            missing = missing_of(demand, own)
            if missing and not demand.elective:
                cost = sum(missing_cost(rule, task, _done(task, own)) for task in demand.tasks)
                yield Finding(
                    f"{body.name} has no place for {missing} {rule.amount_unit} of {rule.requirement}",
                    cost * body.size * body.priority * rule.priority,
                    tuple(own),
                    body,
                )


def elective(facts: Facts) -> Iterator[Finding]:
    """A missing elective costs; more than asked for is a violation."""
    for body in facts.parties.all_bodies():
        of_requirement = by_requirement(facts, body)
        for choice in facts.parties.demands[body].choices:
            taken = [member for member in choice.members if of_requirement.get(member)]
            if len(taken) > choice.choose:
                yield Finding(
                    f"{body.name} takes {len(taken)} rotations of the elective set {choice.elective_set} "
                    f"({', '.join(taken)}), {choice.choose} are asked",
                    len(taken) - choice.choose,
                    tuple(p for i in taken for p in of_requirement[i]),
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
    least = rule.weeks_min or 0
    if placed.task.amount < rule.amount:
        least = min(least, placed.task.amount) if rule.amount_unit == "weeks" else 0
    if timing.weeks < least:
        yield f"{timing.weeks} weeks are fewer than {least}"
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
            missing = missing_of(demand, of_requirement.get(demand.requirement.requirement, []))
            if missing and not demand.elective:
                yield _unplaced(body, demand.requirement.requirement, missing, demand.requirement.amount_unit)
        for choice in demands.choices:
            missing = choice.choose - sum(1 for member in choice.members if of_requirement.get(member))
            if missing > 0:
                yield _unplaced(body, choice.elective_set, missing, "rotations")


def by_requirement(facts: Facts, body: Party) -> dict[str, list[Placed]]:
    """A party's placements, those with its whole group included, by required rotation."""
    return _group_by_requirement(facts.with_group(body))


def missing_of(demand: Demand, placed: list[Placed]) -> int:
    """What is missing of a rotation of one party, over all the times that it is asked, in its unit."""
    return sum(missing_amount(demand.requirement, task, _done(task, placed)) for task in demand.tasks)


def _done(task: Task, placed: list[Placed]) -> list[Fraction]:
    """The amounts of the placements that meet a task."""
    return [p.amount for p in placed if p.task is task]


def _too_much(demand: Demand, placed: list[Placed]) -> str:
    """What is placed beyond a demand, in words; empty if nothing is."""
    rule = demand.requirement
    most = rule.blocks * len(demand.tasks)
    if len(placed) > most:
        return f"has {rule.requirement} placed more than once: {len(placed)} placements, at most {most} allowed"
    for task in demand.tasks:
        done = _done(task, placed)
        if len(done) > rule.blocks:
            return f"has {rule.requirement} placed {len(done)} times where {rule.blocks} are allowed"
        if rule.blocks > 1 and sum(done) > task.amount:
            return f"has {float(sum(done)):g} {rule.amount_unit} of {rule.requirement}, only {task.amount} are asked"
    return ""


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
    asked = [(d.requirement, task) for d in demands for task in d.tasks if not task.repeat]
    if not asked:
        return -1, ""
    if any(missing_amount(rule, task, _done(task, placed)) for rule, task in asked):
        return None, "has not placed in full"
    last = max(p.end for p in placed if not p.task.repeat)
    return last, f"finishes on {day_name(last)}"
