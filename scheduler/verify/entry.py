"""Who may come, and how soon: lead time, the own workplace, places that were given back."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.verify.access import counts, covers_profession, covers_site
from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding, each_placement
from scheduler.verify.placed import Placed, day_name


@each_placement(bows_to_pins=True)
def lead_time(facts: Facts, placed: Placed) -> Iterator[str]:
    """Enough days between the planning date and the start, and more of them where all agreements are still to begin."""
    program, today = placed.party.program, facts.instance.planning_date
    agreements = [
        row
        for row in facts.agreements.get(program.school, ())
        if counts(facts, row) and covers_site(row, placed.unit.site) and covers_profession(row, program.profession)
    ]
    old = [row for row in agreements if row.start is None or row.start <= today]
    is_new = bool(agreements) and not old
    days = facts.setting("lead_time").number("new_agreement_days" if is_new else "days")
    if placed.start - today.toordinal() < days:
        why = f", under an agreement that begins on {min(r.start for r in agreements if r.start)}" if is_new else ""
        yield f"{day_name(placed.start)} is sooner than {days} days after {today}{why}"


@each_placement(bows_to_pins=True)
def employer(facts: Facts, placed: Placed) -> Iterator[str]:
    """No student of it works in the unit, or at the site."""
    whole_site = facts.setting("employer").parameters["scope"] == "site"
    for student in placed.party.members:
        unit = facts.instance.unit_by_id.get(student.employer_unit or "")
        if unit is None:
            continue
        if unit.unit == placed.unit.unit:
            yield f"student {student.student} works in unit {unit.unit}"
        elif whole_site and unit.site == placed.unit.site:
            yield f"student {student.student} works at site {unit.site}, in unit {unit.unit}"


def returned_places(facts: Facts) -> Iterator[Finding]:
    """Students in slots with places that were given back, of schools that never had any there."""
    for slot, placed in facts.by_slot.items():
        guarantees = [
            row for row in facts.instance.reservations if row.slot == slot and row.status == "confirmed" and row.guaranteed
        ]
        given_back = [row for row in guarantees if row.give_back and facts.instance.planning_date >= row.give_back]
        owners = [row.school for row in guarantees]
        for p in placed if given_back else ():
            if p.party.program.school not in owners:
                sentence = f"{p.title}: {p.size} in places that {', '.join(sorted(r.school for r in given_back))} gave back"
                yield Finding(sentence, p.size, (p,), p.party)


CHECKS: dict[str, Check] = {"lead_time": lead_time, "employer": employer, "returned_places": returned_places}
