"""One placement with the rows that it names, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from scheduler.domain import Placement
from scheduler.domain.tables import Pin, Preceptor, Requirement, Slot, Unit
from scheduler.domain.tables.wishes import NO_TEAM
from scheduler.verify.parties import Party, Task
from scheduler.verify.timing import Timing


@dataclass(frozen=True, eq=False, slots=True)
class Placed:
    """One placement with all that it names.

    Attributes
    ----------
    row
        The row of the schedule.
    task
        What it is meant to meet: amount and earliest start.
    timing
        When it is, computed; never what the row claims.
    specialty
        The specialty learned; empty where none fits.
    overridden
        Whether a 'must' pin with override sets aside the rules about this one placement.
    """

    row: Placement
    party: Party
    requirement: Requirement
    slot: Slot
    unit: Unit
    preceptor: Preceptor | None
    co: Preceptor | None
    task: Task
    timing: Timing
    specialty: str
    overridden: bool

    @property
    def title(self) -> str:
        """The placement in words."""
        return f"{self.party.name}, {self.requirement.requirement} in slot {self.slot.slot} from {self.row.start}"

    @property
    def preceptors(self) -> tuple[Preceptor, ...]:
        """Preceptor and co-preceptor, as far as there are any."""
        return tuple(who for who in (self.preceptor, self.co) if who)

    @property
    def start(self) -> int:
        return self.timing.start

    @property
    def end(self) -> int:
        return self.timing.end

    @property
    def size(self) -> int:
        """Students placed."""
        return self.party.size

    @property
    def amount(self) -> Fraction:
        """Planned amount in the requirement's unit."""
        return self.timing.amount(self.requirement.amount_unit)


def supervises(who: Preceptor, profession: str) -> bool:
    """Whether somebody supervises students of a profession: a listed one, else the own, else any."""
    professions = who.supervises or ((who.licence,) if who.licence else ())
    return not professions or profession in professions


def teaches(who: Preceptor, specialty: str) -> bool:
    """Whether somebody teaches a specialty; one that is not known counts as taught."""
    return not who.specialties or not specialty or specialty in who.specialties


def day_name(ordinal: int) -> str:
    """An ordinal as people write it."""
    return date.fromordinal(ordinal).isoformat()


def names(placed: Iterable[Placed]) -> str:
    """Those placed, in words."""
    return ", ".join(sorted({p.party.name for p in placed}))


def matches(pin: Pin, row: Placement, slot: Slot) -> bool:
    """Whether a placement is what a pin describes; what a pin leaves empty is free."""
    return (
        (pin.student is None or pin.student == row.student)
        and (pin.group is None or pin.group == row.group)
        and (pin.requirement is None or pin.requirement == row.requirement)
        and (pin.slot is None or pin.slot == slot.slot)
        and (pin.unit is None or pin.unit == slot.unit)
        and (pin.start is None or pin.start == row.start)
        and (pin.part is None or pin.part == row.part)
        and (pin.weekdays is None or pin.weekdays == tuple(sorted(row.weekdays)))
        and (pin.co_preceptor is None or pin.co_preceptor == row.co_preceptor)
        and (pin.team is None or pin.team == (row.team or NO_TEAM))
        and (pin.preceptor is None or pin.preceptor in (row.preceptor, row.co_preceptor))
    )


def is_bare(row: Placement) -> bool:
    """Whether a placement leaves out how long it takes: a real one takes a week at least."""
    return row.end == row.start and row.weeks == 0


def missing_amount(requirement: Requirement, task: Task, done: Iterable[Fraction]) -> int:
    """What is missing of a rotation, in its unit, after placements of these amounts; rounded up."""
    amounts = list(done)
    if requirement.blocks > 1:
        return max(0, ceil(task.amount - sum(amounts)))
    return 0 if amounts else task.amount


def missing_cost(requirement: Requirement, task: Task, done: Iterable[Fraction]) -> int:
    """The same in percent of the whole rotation: 100, or 100 ÷ amount, rounded up, for each unit of what may be split."""
    missing = missing_amount(requirement, task, done)
    if requirement.blocks > 1:
        return -(-100 // task.amount) * missing
    return 100 if missing else 0


def days_per_week(slot: Slot) -> int:
    """On how many of its weekdays a slot without known weekdays is attended."""
    return min(slot.days_per_week or len(slot.weekdays), len(slot.weekdays))


def chosen_weekdays(slot: Slot, row: Placement) -> tuple[int, ...]:
    """The weekdays of a placement: the slot's, those chosen where any may be (if they can be), none if it follows."""
    if slot.pattern == "follows":
        return ()
    if slot.pattern == "any":
        chosen = tuple(sorted(set(row.weekdays)))
        fits = len(chosen) == days_per_week(slot) and set(chosen) <= set(slot.weekdays)
        return chosen if fits else tuple(sorted(slot.weekdays)[: days_per_week(slot)])
    return tuple(sorted(slot.weekdays))


def possible_specialties(requirement: Requirement, slot: Slot, unit: Unit) -> dict[str, None]:
    """The specialties that a rotation accepts and a slot offers, in the rotation's order; a unit without any has all."""
    offered = (slot.specialty,) if slot.specialty else unit.specialties
    return {s: None for s in requirement.specialties if not offered or s in offered}
