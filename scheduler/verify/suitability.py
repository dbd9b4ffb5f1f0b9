"""What suits: the slot, unit and site of one placement against its rotation and its people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from scheduler.domain.tables import Preference, Slot
from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, each_placement
from scheduler.verify.placed import Placed, day_name


@each_placement(bows_to_pins=False)
def specialty(facts: Facts, placed: Placed) -> Iterator[str]:
    """The slot offers a specialty that the rotation accepts."""
    if not placed.specialty:
        offered = placed.slot.specialty or ", ".join(placed.unit.specialties)
        yield f"the slot offers {offered}, the rotation accepts {', '.join(placed.requirement.specialties)}"


@each_placement(bows_to_pins=True)
def profession(facts: Facts, placed: Placed) -> Iterator[str]:
    """The slot accepts the profession."""
    own = placed.party.program.profession
    if placed.slot.professions and own not in placed.slot.professions:
        yield f"the slot accepts {', '.join(placed.slot.professions)}, not {own}"


@each_placement(bows_to_pins=True)
def level(facts: Facts, placed: Placed) -> Iterator[str]:
    """The slot accepts the level, where both name levels."""
    asked = placed.requirement.level
    if asked and placed.slot.levels and asked not in placed.slot.levels:
        yield f"the slot accepts level {', '.join(placed.slot.levels)}, not {asked}"


@each_placement(bows_to_pins=True)
def setting(facts: Facts, placed: Placed) -> Iterator[str]:
    """The site has the setting asked for."""
    asked = placed.requirement.setting
    found = facts.instance.site_by_id[placed.unit.site].setting
    if asked and asked != found:
        yield f"site {placed.unit.site} is {found or 'of no named setting'}, the rotation asks for {asked}"


@each_placement(bows_to_pins=True)
def supervision(facts: Facts, placed: Placed) -> Iterator[str]:
    """A preceptor by name where the rotation is precepted, and only there."""
    if placed.requirement.supervision == "precepted":
        if not placed.preceptor:
            yield "a precepted rotation needs a preceptor by name"
        if placed.co:
            yield f"a precepted rotation has no co-preceptor, not {placed.co.preceptor}"
    elif placed.requirement.supervision == "co-precepted":
        if not (placed.preceptor and placed.co):
            yield "a co-precepted rotation needs two preceptors by name"
    elif placed.preceptor:
        yield f"a rotation supervised by {placed.requirement.supervision} has no preceptor, not {placed.preceptor.preceptor}"


@each_placement(bows_to_pins=True)
def conflict(facts: Facts, placed: Placed) -> Iterator[str]:
    """No listed conflict of any of its students."""
    rows = (row for s in placed.party.members for row in facts.conflicts.get(s.student, ()))
    for row in rows:
        if row.unit == placed.unit.unit:
            yield f"student {row.student} must not be placed in unit {row.unit}"
        if row.site == placed.unit.site:
            yield f"student {row.student} must not be placed at site {row.site}"
        cover = facts.covers.get(placed)
        if row.preceptor and row.preceptor in {who.preceptor for who in (*placed.preceptors, *(cover[:1] if cover else ()))}:
            yield f"student {row.student} must not be placed with preceptor {row.preceptor}"


@each_placement(bows_to_pins=True)
def arranged(facts: Facts, placed: Placed) -> Iterator[str]:
    """The slot was arranged for it, or for nobody."""
    if placed.slot.kept_for and (placed.row.student or placed.row.group) not in placed.slot.kept_for:
        yield f"the slot was arranged for {', '.join(placed.slot.kept_for)}"


@each_placement(bows_to_pins=True)
def refusal(facts: Facts, placed: Placed) -> Iterator[str]:
    """No refusal of the student (of the group, where the group is placed) or of the school."""
    for row in (*facts.own_wishes(placed.party), *facts.school_wishes(placed.party)):
        if row.refuse and fulfils(placed, row):
            yield f"{row.who_kind} {row.who} refuses {row.what} {row.value or row.start or ''}".rstrip()


@each_placement(bows_to_pins=False)
def slot_window(facts: Facts, placed: Placed) -> Iterator[str]:
    """One of the slot's starts, inside the planning horizon."""
    if not is_start(placed.slot, placed.row.start):
        yield f"the slot has no start on {placed.row.start}"
    first, last = facts.instance.first_monday, facts.instance.last_day
    if placed.start < first.toordinal() or placed.end > last.toordinal():
        yield f"{day_name(placed.start)} to {day_name(placed.end)} does not lie inside the planning horizon {first} to {last}"


CHECKS: dict[str, Check] = {
    "specialty": specialty,
    "profession": profession,
    "level": level,
    "setting": setting,
    "supervision": supervision,
    "conflict": conflict,
    "arranged": arranged,
    "refusal": refusal,
    "slot_window": slot_window,
}


def is_start(slot: Slot, day: date) -> bool:
    """Whether a placement may start in a slot on a day."""
    if slot.starts:
        return day in slot.starts
    if slot.first_start is None:
        return False
    last = slot.last_start or slot.first_start
    return slot.first_start <= day <= last and (day - slot.first_start).days % 7 == 0


def concerns(placed: Placed, row: Preference) -> bool:
    """Whether a preference row is about the rotation that a placement meets."""
    return row.requirement is None or row.requirement == placed.requirement.requirement


def fulfils(placed: Placed, row: Preference) -> bool:
    """Whether a placement is what a preference row names: rotation, start and value, as far as they are filled."""
    if not concerns(placed, row) or (row.start is not None and row.start != placed.row.start):
        return False
    if row.what == "start":
        return row.start is not None
    if row.what == "preceptor":
        return row.value in {who.preceptor for who in placed.preceptors}
    found = {
        "specialty": placed.specialty,
        "site": placed.unit.site,
        "unit": placed.unit.unit,
        "slot": placed.slot.slot,
    }.get(row.what)
    return found is not None and row.value == found
