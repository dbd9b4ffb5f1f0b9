"""The table of open places: what could still be offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations, groupby
from typing import NamedTuple

from scheduler.domain.tables import Preceptor, Requirement, Slot
from scheduler.domain.types import format_weekdays
from scheduler.export.sheets import Sheet, Value
from scheduler.export.tables.cells import Kind, clock, coloured, natural, table
from scheduler.export.tables.room import Comer, Room
from scheduler.verify.facts import Facts
from scheduler.verify.placed import days_per_week, possible_specialties, supervises, teaches
from scheduler.verify.timing import Timing, timing

PRECEPTED = ("precepted", "co-precepted")
_OPEN: tuple[tuple[str, Kind], ...] = (
    ("slot", "text"),
    ("unit", "text"),
    ("site", "text"),
    ("specialty", "text"),
    ("professions", "text"),
    ("weekdays", "text"),
    ("shift", "text"),
    ("first_start", "date"),
    ("last_start", "date"),
    ("weeks", "number"),
    ("places", "number"),
    ("at_least", "number"),
    ("reserved", "text"),
    ("limits", "text"),
    ("preceptors", "text"),
)


class Opening(NamedTuple):
    """What is open at one start for one profession."""

    weeks: int
    places: int
    at_least: int
    reserved: tuple[tuple[str, int], ...]
    limits: tuple[tuple[str, int], ...]
    preceptors: tuple[str, ...]


def open_places(whole: Facts, only: str = "") -> Sheet:
    """One row a slot, professions and run of starts with the same room.

    A place is open at a start if one more student of a profession that the slot accepts could begin then and stay for the
    slot's length (without one: for the shortest that a fitting required rotation takes there), so that all of this holds: the
    slot is not over its maximum on any date, the unit is there and within its capacity in every session, the stay ends inside
    the planning horizon, and, where fitting rotations are precepted, a qualified preceptor is there and within what they take
    at once and in weeks. Where all fitting rotations come with faculty, whoever comes is a group of its own.

    No program's calendar is looked at, and every rule counts as hard. Places kept for schools are listed beside those for
    anyone, and so are schools whose reservation allows them fewer than are open to them. Where a slot runs with several or
    none, *at least together* says how many have to come. Starts before the planning date are left out.

    Parameters
    ----------
    only
        Only this unit; empty: all.
    """
    room = Room(whole)
    rows = []
    for slot in whole.instance.slots:
        if not only or slot.unit == only:
            rows += list(_rows(whole, room, slot))
    rows.sort(key=lambda cells: (natural(str(cells[2]), str(cells[1]), str(cells[0])), str(cells[7]), str(cells[4])))
    return table("open_places", _OPEN, rows, 1, (coloured(_OPEN, str(cells[3] or "")) for cells in rows))


def _rows(whole: Facts, room: Room, slot: Slot) -> Iterator[tuple[Value, ...]]:
    instance = whole.instance
    unit = instance.unit_by_id[slot.unit]
    site = instance.site_by_id.get(unit.site)
    starts = [start for start in _starts(slot) if instance.planning_date <= start and instance.first_monday <= start]
    professions = slot.professions or tuple(sorted({p.profession for p in instance.programs}))
    suits = {profession: _Suits(whole, slot, profession) for profession in professions}
    found: list[tuple[date, dict[Opening, tuple[str, ...]]]] = []
    for start in starts:
        of: dict[Opening, tuple[str, ...]] = {}
        for profession in professions:
            opening = _opening(whole, room, slot, start, suits[profession])
            if opening:
                of[opening] = (*of.get(opening, ()), profession)
        found.append((start, of))
    runs: dict[tuple[tuple[str, ...], Opening], list[int]] = {}
    for i, (_, of) in enumerate(found):
        for opening, who in of.items():
            runs.setdefault((who, opening), []).append(i)
    days = f"any {days_per_week(slot)} of " if slot.pattern == "any" and days_per_week(slot) < len(slot.weekdays) else ""
    weekdays = "as the preceptor" if slot.pattern == "follows" else days + format_weekdays(slot.weekdays)
    shift = instance.shift_by_id[slot.shift] if slot.shift else None
    for (who, opening), at in runs.items():
        for _, run in groupby(enumerate(at), key=lambda pair: pair[1] - pair[0]):
            numbers = [i for _, i in run]
            yield (
                slot.slot,
                unit.name or unit.unit,
                (site.name if site else "") or unit.site,
                slot.specialty or "; ".join(unit.specialties),
                "; ".join(who),
                weekdays,
                f"{shift.shift} {clock(shift.span)}" if shift else "",
                found[numbers[0]][0],
                found[numbers[-1]][0],
                opening.weeks,
                opening.places,
                opening.at_least,
                "; ".join(f"{count} for {_school(whole, school)}" for school, count in opening.reserved),
                "; ".join(f"{f'at most {n}' if n else 'none'} for {_school(whole, school)}" for school, n in opening.limits),
                "; ".join(opening.preceptors),
            )


class _Suits:
    """Which required rotations of a profession fit a slot, and who could precept them."""

    def __init__(self, whole: Facts, slot: Slot, profession: str) -> None:
        instance = whole.instance
        unit = instance.unit_by_id[slot.unit]
        programs = {p.program for p in instance.programs if p.profession == profession}
        self.rotations = [
            r
            for r in whole.parties.requirements.values()
            if r.program in programs
            and possible_specialties(r, slot, unit)
            and (not slot.levels or not r.level or r.level in slot.levels)
        ]
        how = {r.supervision for r in self.rotations} or ({"precepted"} if slot.preceptors else {"service"})
        self.comer = Comer(profession, precepted=how <= set(PRECEPTED), group=how == {"faculty"})
        self.preceptors: list[Preceptor] = []
        if how & set(PRECEPTED):
            self.preceptors = [p for p in instance.preceptors if _takes(p, slot, unit.specialties, profession)]


def _takes(person: Preceptor, slot: Slot, offered: tuple[str, ...], profession: str) -> bool:
    """Whether a preceptor is qualified for a slot and a profession, in one of its specialties."""
    named = person.preceptor in slot.preceptors
    works = named if slot.preceptors else slot.unit in person.units and person.kind != "faculty"
    taught = (slot.specialty,) if slot.specialty else offered
    able = any(teaches(person, specialty) for specialty in taught or ("",))
    return works and supervises(person, profession) and able


def _opening(whole: Facts, room: Room, slot: Slot, start: date, suits: _Suits) -> Opening | None:
    """The best that can be had at a start, over the weekdays that may be chosen; None where nothing is open."""
    found = [
        opening
        for at in _timings(whole, slot, start, suits.rotations)
        if (opening := _open(whole, room, slot, at, suits)) is not None
    ]
    return max(found, key=lambda o: (o.places, sum(n for _, n in o.reserved), len(o.preceptors)), default=None)


def _open(whole: Facts, room: Room, slot: Slot, at: Timing, suits: _Suits) -> Opening | None:
    if not at.has_session or at.end > whole.instance.last_day.toordinal():
        return None
    there = min(room.in_slot(slot, at), room.in_unit(slot.unit, at, suits.comer))
    free = {p.name or p.preceptor: room.with_preceptor(p, at) for p in suits.preceptors} if there > 0 else {}
    free = {name: left for name, left in free.items() if left > 0}
    if suits.comer.precepted:
        there = min(there, sum(free.values()))
    at_least = room.least(slot, at)
    if there < at_least:
        return None
    places = max(0, min(there, room.not_reserved(slot, at)))
    kept, most = room.reserved(slot, at), room.most(slot, at)
    reserved = tuple((school, min(n, there, most.get(school, n))) for school, n in kept.items() if most.get(school, n))
    limits = tuple((school, n) for school, n in most.items() if n < min(there, places + kept.get(school, 0)))
    if places < at_least and not reserved:
        return None
    return Opening(at.weeks, places, at_least, reserved, limits, tuple(free))


def _timings(whole: Facts, slot: Slot, start: date, rotations: Iterable[Requirement]) -> Iterator[Timing]:
    """When a placement could be, for each choice of weekdays; without a length for the shortest fitting rotation."""
    if slot.pattern == "follows":
        choices: Iterable[tuple[int, ...]] = [()]
    else:
        choices = combinations(slot.weekdays, days_per_week(slot) if slot.pattern == "any" else len(slot.weekdays))
    amounts = {_amount(r) for r in rotations} if slot.length is None else set()
    some = [_rotation(*amount) for amount in sorted(amounts)] or [_rotation("weeks", 1, 1, None)]
    for weekdays in choices:
        yield min(
            (timing(whole.instance, slot, r, r.amount, start, weekdays, ()) for r in some), key=lambda at: (at.end, at.weeks)
        )


def _amount(r: Requirement) -> tuple[str, int, int, int]:
    return r.amount_unit, r.amount, r.blocks, r.weeks_min or 0


@lru_cache(maxsize=1024)
def _rotation(unit: str, amount: int, blocks: int, weeks_min: int | None) -> Requirement:
    """A rotation of which only its length is read."""
    return Requirement.model_validate(
        {
            "program": "any",
            "requirement": "any",
            "specialties": ("any",),
            "amount": amount,
            "amount_unit": unit,
            "blocks": blocks,
            "weeks_min": weeks_min or None,
        }
    )


def _starts(slot: Slot) -> list[date]:
    """The possible starts of a slot."""
    if slot.starts or slot.first_start is None:
        return sorted(set(slot.starts))
    last = slot.last_start or slot.first_start
    return [slot.first_start + timedelta(days=7 * i) for i in range((last - slot.first_start).days // 7 + 1)]


def _school(whole: Facts, school: str) -> str:
    row = whole.instance.school_by_id.get(school)
    return (row.name if row else "") or school
