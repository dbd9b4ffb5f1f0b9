"""Places besides: a simulation center for groups, night shifts on services, and a unit that always has somebody."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain import Shift
from scheduler.domain.tables import CapacityRow, Slot, Unit
from scheduler.generate.draws import chance, some
from scheduler.generate.rulebook.region import COMPETENCIES
from scheduler.generate.rulebook.term import Term

NIGHT = Shift.model_validate({"shift": "night", "start": "19:00", "end": "07:00", "hours": None})
#: Nights of a week: those of Sunday end on Monday morning, when others begin.
NIGHTS = (0, 1, 6)
#: Of the services with four places or more: have nights too, in percent.
NIGHT_PERCENT = 35
#: Fields of nursing of which there is never enough, so that they are simulated.
SIMULATED = ("obstetrics", "pediatrics", "psychiatry")


def simulation(term: Term) -> tuple[Sequence[Unit], Sequence[Slot], Sequence[CapacityRow]]:
    """One simulation center, at the first hospital, where there are nursing groups for it."""
    wards = [
        s for s in term.data.slots if s.specialty in SIMULATED and s.least_students > 1 and s.shift in ("day", "early", "late")
    ]
    groups = [s for s in wards if s.professions == ("rn",)]
    if not groups:
        return (), (), ()
    taught = tuple(s for s in SIMULATED if any(g.specialty == s for g in groups))
    site = term.data.sites[0].site
    learned = sorted({c for s in taught for c in COMPETENCIES[s]})
    unit = Unit(
        unit=f"{site}-SIM1",
        site=site,
        name=f"Simulation center, {term.sites[site].name}",
        specialties=taught,
        mode="simulation",
        competencies=tuple(learned),
    )
    slot = Slot(
        slot=f"{unit.unit}-rn",
        unit=unit.unit,
        professions=("rn",),
        starts=tuple(sorted({day for g in groups for day in g.starts})),
        length=groups[0].length,
        pattern="any",
        weekdays=(0, 1, 2, 3, 4),
        days_per_week=2,
        shift="clinic",
        least_students=4,
        most_students=10,
    )
    return (unit,), (slot,), (CapacityRow(unit=unit.unit, most_groups=1, most_students=10),)


def night_slots(term: Term) -> list[Slot]:
    """Nights on services that have students without preceptors by name."""
    rng = term.rng("nights")
    service = {(r.specialties[0]) for r in term.data.requirements if r.supervision == "service"}
    return [
        slot.model_copy(
            update={
                "slot": f"{slot.slot}-night",
                "shift": "night",
                "weekdays": NIGHTS,
                "least_students": 1,
                "most_students": 2,
                "excuses": (),
            }
        )
        for slot in term.data.slots
        if slot.specialty in service and slot.shift == "clinic" and slot.most_students >= 4 and chance(rng, NIGHT_PERCENT)
    ]


def watched(term: Term) -> list[CapacityRow]:
    """A unit that counts on a student every day for four weeks in the middle of the term."""
    service = [s.unit for s in term.data.slots if s.specialty == "internal" and s.shift == "clinic"]
    middle = term.frame.tier.weeks // 2
    return [
        CapacityRow(unit=unit, start=term.frame.monday(middle - 2), end=term.frame.last(middle + 2), least_students=1)
        for unit in some(term.rng("watched"), list(dict.fromkeys(service)), 5, least=1)
    ]
