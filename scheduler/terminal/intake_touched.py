"""What a merge touches: pins about what changes, and placements of a schedule that can then not stay."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.domain.wording import count

if TYPE_CHECKING:
    from scheduler.domain import Instance, Placement
    from scheduler.domain.tables import Pin
    from scheduler.intake.merging import Plan

#: Tables that decide where a student or group can be.
_DECIDING = frozenset({"students", "groups", "availability", "credits", "clearances"})
#: Columns that say what a row is about, by table; of others: student and group.
_ABOUT = {
    "students": ("student",),
    "groups": ("group",),
    "slots": ("slot",),
    "reservations": ("slot",),
    "capacity": ("unit",),
    "preceptors": ("preceptor",),
}


def touched(before: Instance, found: Plan, solution: Path | None) -> list[str]:
    """A sentence for each pin and placement; placements only where a schedule is named.

    Raises
    ------
    InputError
        If the schedule cannot be read.
    """
    gone = {name for names in found.leaving.values() for name in names}
    about, unit_of = _about(found), {slot.slot: slot.unit for slot in before.slots}
    said = [_of_pin(pin, gone) for pin in before.pins if _names(pin, unit_of) & about]
    return said + (_of_schedule(before, found, solution) if solution is not None else [])


def _about(found: Plan) -> set[tuple[str, str]]:
    """Kind and id of everything that a change is about."""
    about = set()
    for change in found.changes:
        for row in (change.before, change.after):
            if row is None or change.table == "pins":
                continue
            kinds = _ABOUT.get(change.table, ("student", "group"))
            about |= {(kind, getattr(row, kind)) for kind in kinds if getattr(row, kind, None)}
            if getattr(row, "who", None):
                about.add((getattr(row, "who_kind", ""), getattr(row, "who", "")))
    return about


def _names(pin: Pin, unit_of: Mapping[str, str]) -> set[tuple[str, str]]:
    """Kind and id of what a pin fixes."""
    names = {(kind, getattr(pin, kind)) for kind in ("student", "group", "slot", "preceptor")}
    names |= {("preceptor", pin.co_preceptor), ("unit", pin.unit or unit_of.get(pin.slot or ""))}
    return {(kind, name) for kind, name in names if name}


def _of_pin(pin: Pin, gone: set[str]) -> str:
    who = pin.student or pin.group or "anybody"
    left = next((name for name in (pin.student, pin.group, pin.slot) if name in gone), None)
    cells = pin.model_dump(exclude_defaults=True, exclude={"student", "group", "pin"})
    rest = ", ".join(str(value) for value in cells.values())
    sentence = f"pin ({pin.pin}) of {who}: {rest}" if rest else f"pin ({pin.pin}) of {who}"
    return f"{sentence}; it goes, as {left} is removed" if left else sentence


def _of_schedule(before: Instance, found: Plan, solution: Path) -> list[str]:
    from scheduler.domain import GONE
    from scheduler.io import read_origin, read_solution, with_baseline
    from scheduler.verify import verify

    instance = with_baseline(before, solution)
    policy = read_origin(solution).policy
    instance = instance.model_copy(update={"policy": policy}) if policy is not None else instance
    schedule = read_solution(solution, instance)
    students, groups, slots = (found.leaving.get(table, frozenset()) for table in ("students", "groups", "slots"))
    said, kept = [], []
    for p in schedule.placements:
        if p.status in GONE:
            continue
        gone = p.who if p.student in students or p.group in groups else p.slot if p.slot in slots else ""
        if gone:
            said.append(f"{_of(p)}: {gone} is removed")
        else:
            kept.append(p)
    changed = instance.model_copy(update={name: found.instance.rows(name) for name in found.tables})
    old = {v.sentence for v in verify(instance, schedule).violations}
    left = schedule.model_copy(update={"placements": tuple(kept)})
    new = [v for v in verify(changed, left).violations if v.sentence not in old and v.placements]
    said += [v.sentence for v in new]
    broken = {p for v in new for p in v.placements}
    people = {name for name in _about(found) if name[0] in ("student", "group")} if _DECIDING & set(found.tables) else set()
    fine = [p for p in kept if p not in broken and ("student" if p.student else "group", p.who) in people]
    if fine:
        said.append(f"{count(len(fine), 'other placement')} of those who change can stay")
    return said


def _of(placement: Placement) -> str:
    return f"placement of {placement.who} in {placement.slot} from {placement.start}"
