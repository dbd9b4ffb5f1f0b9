"""Which preceptors will do, and how many preceptors, units and students there are to one another."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from scheduler.verify.demand import by_requirement, missing_of
from scheduler.verify.facts import Facts, Person
from scheduler.verify.findings import Check, Finding, each_placement
from scheduler.verify.load import ANY_TIME, Excess, busiest, days_of, students, too_many
from scheduler.verify.placed import Placed

#: Hours that a credit in another unit counts.
HOURS_OF = {"hours": 1, "shifts": 8, "sessions": 8, "weeks": 40}


@each_placement(bows_to_pins=True)
def licence(facts: Facts, placed: Placed) -> Iterator[str]:
    """The own licence of each preceptor is one of those that the rotation names."""
    asked = placed.requirement.licences
    for who in placed.preceptors:
        if asked and who.licence not in asked:
            has = f"has the licence {who.licence}" if who.licence else "has no known licence"
            yield f"preceptor {who.preceptor} {has}, the rotation asks for {' or '.join(asked)}"


@each_placement(bows_to_pins=True)
def experience(facts: Facts, placed: Placed) -> Iterator[str]:
    """A preceptor has the years of experience, as far as they are known."""
    needed = placed.requirement.least_experience_years
    if needed is None:
        needed = facts.setting("experience").number("years")
    years = [who.experience_years for who in placed.preceptors]
    if years and all(known is not None and known < needed for known in years):
        words = " and ".join(
            f"preceptor {who.preceptor} has {who.experience_years} years of experience" for who in placed.preceptors
        )
        yield f"{words}, {needed} are needed"


def licence_hours(facts: Facts) -> Iterator[Finding]:
    """Hours with preceptors of a licence, of everybody who lacks nothing else."""
    with_own = {p.party.home_group for p in facts.people if p.party.student}
    for person in facts.people:
        asked = person.party.program.licence_hours
        if not asked or (person.party.group and person.party.group in with_own) or not _complete(facts, person):
            continue
        for name, hours in asked:
            minutes = sum(p.timing.minutes for p in person.placed if name in [who.licence for who in p.preceptors])
            have = Fraction(minutes, 60) + _credited(facts, person, name)
            if have < hours:
                sentence = f"{person.party.name} has {float(have):g} hours with preceptors of licence {name}, {hours} are needed"
                yield Finding(sentence, ceil(hours - have), person.placed, person.party)


def _complete(facts: Facts, person: Person) -> bool:
    """Whether something is asked of somebody, and all of it is there."""
    asked = 0
    for party in person.parties:
        demands = facts.parties.demands[party]
        own = by_requirement(facts, party)
        for name, demand in demands.by_requirement.items():
            if not demand.elective:
                asked += 1
                if missing_of(demand, own.get(name, [])):
                    return False
        for choice in demands.choices:
            asked += choice.choose
            if sum(1 for member in choice.members if own.get(member)) < choice.choose:
                return False
    return asked > 0


def _credited(facts: Facts, person: Person, name: str) -> int:
    """Hours that a student was credited with preceptors of a licence."""
    total = 0
    for row in facts.instance.credits:
        who = facts.instance.preceptor_by_id.get(row.preceptor or "")
        own = row.group in {p.group for p in person.parties} if row.group else row.student == person.party.student
        if own and who is not None and who.licence == name:
            rotation = facts.parties.requirements[person.party.program.program, row.requirement]
            total += row.amount * HOURS_OF[rotation.amount_unit]
    return total


def most_preceptors(facts: Facts) -> Iterator[Finding]:
    """Different preceptors in all placements of one rotation of one party."""
    for body in facts.parties.all_bodies():
        for name, placed in by_requirement(facts, body).items():
            most = placed[0].requirement.most_preceptors
            found = sorted({who.preceptor for p in placed for who in p.preceptors})
            if most is not None and len(found) > most:
                sentence = f"{body.name} has {len(found)} preceptors in {name} ({', '.join(found)}), at most {most} allowed"
                yield Finding(sentence, len(found) - most, tuple(placed), body)


def preceptor_units(facts: Facts) -> Iterator[Finding]:
    """Different units in which a preceptor has students."""
    for name, placed in facts.by_preceptor.items():
        most = facts.instance.preceptor_by_id[name].most_units
        found = sorted({p.unit.unit for p in placed})
        if most is not None and len(found) > most:
            sentence = f"Preceptor {name} has students in {len(found)} units ({', '.join(found)}), at most {most} allowed"
            yield Finding(sentence, len(found) - most, tuple(placed))


def preceptor_ratio(facts: Facts) -> Iterator[Finding]:
    """A preceptor's students of one profession, date by date and minute by minute."""
    for text in facts.setting("preceptor_ratio").names("ratios"):
        profession, _, number = text.partition(":")
        most = int(number)
        for name, placed in facts.by_preceptor.items():
            own = [p for p in placed if p.party.program.profession == profession.strip()]
            excess = Excess(facts)
            for day, there in days_of(own).items():
                worst, then = busiest(day, there, ANY_TIME, most, students, ())
                excess.add(day, day, worst, then)
            for date, who, amount, more in excess.together():
                words = too_many(who, students, f"{profession} students", date, most)
                yield Finding(f"Preceptor {name} has {words}{more}", amount, who)


@each_placement(bows_to_pins=True)
def group_ratio(facts: Facts, placed: Placed) -> Iterator[str]:
    """A group or part that faculty leads is not too large."""
    most = placed.party.program.most_per_faculty
    if placed.party.group and placed.requirement.supervision == "faculty" and most is not None and placed.size > most:
        yield f"{placed.size} students are led by one faculty member, at most {most} allowed"


CHECKS: dict[str, Check] = {
    "licence": licence,
    "experience": experience,
    "licence_hours": licence_hours,
    "most_preceptors": most_preceptors,
    "preceptor_units": preceptor_units,
    "preceptor_ratio": preceptor_ratio,
    "group_ratio": group_ratio,
}
