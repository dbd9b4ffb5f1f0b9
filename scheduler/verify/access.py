"""Who may be where: the agreements of a placement's school, and what its site asks of students."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from scheduler.domain.tables import Agreement
from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding, each_placement
from scheduler.verify.load import ANY_TIME, Excess, busiest, days_of, students, too_many
from scheduler.verify.placed import Placed, day_name


@each_placement(bows_to_pins=True)
def agreement(facts: Facts, placed: Placed) -> Iterator[str]:
    """Every day of the placement is covered by an agreement of the school, if the school has any."""
    school, profession, site = placed.party.program.school, placed.party.program.profession, placed.unit.site
    rows = facts.agreements.get(school)
    if not rows:
        return
    of = f"of school {school} for site {site}"
    at_site = [row for row in rows if covers_site(row, site)]
    own = [row for row in at_site if covers_profession(row, profession)]
    good = [row for row in own if counts(facts, row)]
    if not at_site:
        yield f"there is no agreement {of}"
    elif not own:
        yield f"no agreement {of} is for profession {profession}"
    elif not good:
        yield f"the agreement {of} is only {' or '.join(sorted({row.status for row in own}))}"
    else:
        bare = [day for day in range(placed.start, placed.end + 1) if not any(holds(row, day) for row in good)]
        if bare:
            ends = sorted(row.end for row in good if row.end and row.end.toordinal() < bare[0])
            until = f"; the last one before ends on {ends[-1]}" if ends else ""
            planned = sorted({row.status for row in own if row not in good and holds(row, bare[0])})
            only = f"; for then it is only {' or '.join(planned)}" if planned else ""
            yield f"no agreement {of} covers {day_name(bare[0])}{until}{only}"


def agreement_places(facts: Facts) -> Iterator[Finding]:
    """The places of every agreement, date by date and minute by minute."""
    for row in facts.instance.agreements:
        if row.most_students is None or not counts(facts, row):
            continue
        placed = [
            p
            for p in facts.placed
            if p.party.program.school == row.school
            and covers_site(row, p.unit.site)
            and covers_profession(row, p.party.program.profession)
        ]
        excess = Excess(facts)
        for day, there in days_of(placed).items():
            if holds(row, day):
                worst, then = busiest(day, there, ANY_TIME, row.most_students, students, ())
                excess.add(day, day, worst, then)
        where = f"at {', '.join(row.sites)} " if row.sites else ""
        for day_, who, amount, more in excess.together():
            words = too_many(who, students, "students", day_, row.most_students)
            yield Finding(f"School {row.school} has {where}{words} by its agreement{more}", amount, who)


@each_placement(bows_to_pins=True)
def clearance(facts: Facts, placed: Placed) -> Iterator[str]:
    """No student is without what the site asks for, once it is due, or has refused it."""
    start, end = date.fromordinal(placed.start), date.fromordinal(placed.end)
    for student in placed.party.members:
        for open_ in facts.clearances.open_items(student, placed.unit.site, start, end):
            if open_.stops:
                words = f"site {placed.unit.site} asks for {open_.demand.item}"
                if open_.status == "refused":
                    yield f"{words}, which {student.student} refuses"
                else:
                    until = f"has it on file only to {open_.until}" if open_.until else f"does not have it for {open_.missing}"
                    yield f"{words}, due by {open_.due}, and {student.student} {until}"


def covers_site(row: Agreement, site: str) -> bool:
    """Whether an agreement is about a site."""
    return not row.sites or site in row.sites


def covers_profession(row: Agreement, profession: str) -> bool:
    """Whether an agreement is about a profession."""
    return not row.professions or profession in row.professions


def counts(facts: Facts, row: Agreement) -> bool:
    """Whether the policy accepts an agreement's status."""
    return row.status in facts.setting("agreement").names("statuses")


def holds(row: Agreement, day: int) -> bool:
    """Whether a day is one of an agreement's."""
    return (row.start is None or row.start.toordinal() <= day) and (row.end is None or day <= row.end.toordinal())


CHECKS: dict[str, Check] = {"agreement": agreement, "agreement_places": agreement_places, "clearance": clearance}
