"""What a student's placements add up to: weeks in a setting, hours of the program, the share of simulation."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from scheduler.domain.tables import Credit
from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding
from scheduler.verify.placed import Placed
from scheduler.verify.students import all_placed, credits_of, students


def setting_weeks(facts: Facts) -> Iterator[Finding]:
    """Weeks at sites of each setting, of students who have everything."""
    for person in students(facts):
        if not person.party.program.least_setting_weeks or not all_placed(facts, person):
            continue
        for setting, least in person.party.program.least_setting_weeks:
            there = [p for p in person.placed if facts.instance.site_by_id[p.unit.site].setting == setting]
            weeks = sum(p.timing.weeks for p in there)
            for credit in credits_of(facts, person):
                unit = facts.instance.unit_by_id.get(credit.unit) if credit.unit else None
                if unit and facts.instance.site_by_id[unit.site].setting == setting and _unit_of(facts, credit) == "weeks":
                    weeks += credit.amount
            if weeks < least:
                sentence = (
                    f"{person.party.name} has {weeks} weeks at sites with the setting {setting}, at least {least} are wanted"
                )
                yield Finding(sentence, least - weeks, tuple(there), person.party)


def program_hours(facts: Facts) -> Iterator[Finding]:
    """Hours of students who have everything."""
    for person in students(facts):
        least = person.party.program.least_hours
        if least is None or not all_placed(facts, person):
            continue
        hours = sum((_hours(p) for p in person.placed), start=_credited_hours(facts, credits_of(facts, person)))
        if hours < least:
            sentence = f"{person.party.name} has {float(hours):g} hours, at least {least} are wanted"
            yield Finding(sentence, ceil(least - hours), person.placed, person.party)


def simulation_share(facts: Facts) -> Iterator[Finding]:
    """Hours in simulation against all hours."""
    units = facts.instance.unit_by_id
    for person in students(facts):
        percent = person.party.program.most_simulation_percent
        if percent is None:
            continue
        credits = credits_of(facts, person)
        done = _credited_hours(facts, credits)
        in_simulation = [c for c in credits if c.unit and c.unit in units and units[c.unit].mode == "simulation"]
        done_there = _credited_hours(facts, in_simulation)
        there = tuple(p for p in person.placed if p.unit.mode == "simulation")
        hours = done + sum(_hours(p) for p in person.placed)
        simulated = done_there + sum(_hours(p) for p in there)
        before = max(Fraction(0), done_there - done * percent / 100)
        over = simulated - hours * percent / 100 - before
        if over > 0:
            yield Finding(
                f"{person.party.name} has {float(simulated):g} of {float(hours):g} hours in simulation, "
                f"at most {percent} % allowed",
                ceil(over),
                there,
                person.party,
            )


CHECKS: dict[str, Check] = {
    "setting_weeks": setting_weeks,
    "program_hours": program_hours,
    "simulation_share": simulation_share,
}


def _hours(placed: Placed) -> Fraction:
    """Hours of a placement without those lost."""
    return Fraction(placed.timing.minutes - placed.timing.lost * placed.timing.session_minutes, 60)


def _credited_hours(facts: Facts, credits: list[Credit]) -> Fraction:
    """Hours that credits name, or their amount where that is in hours."""
    total = Fraction(0)
    for credit in credits:
        if credit.hours is not None:
            total += credit.hours
        elif _unit_of(facts, credit) == "hours":
            total += credit.amount
    return total


def _unit_of(facts: Facts, credit: Credit) -> str:
    """The unit of a credit's amount."""
    program = facts.instance.program_of(credit.student, credit.group)
    return facts.instance.requirement_by_id[program, credit.requirement].amount_unit
