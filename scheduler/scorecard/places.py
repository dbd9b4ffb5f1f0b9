"""Slots: how many places are offered, kept for schools, given back and used. A place is one student at once in one week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from scheduler.domain.tables import Slot
from scheduler.scorecard.figures import WHOLE, Tally, school_scope, site_scope
from scheduler.verify.facts import Facts
from scheduler.verify.load import presence
from scheduler.verify.placed import Placed, possible_specialties
from scheduler.verify.timing import WEEK, Window, months_later, timing


def add_places(facts: Facts, tally: Tally) -> None:
    """The measures of slots and reservations."""
    instance = facts.instance
    parts: dict[str, list[Slot]] = defaultdict(list)
    for slot in instance.slots:
        parts[slot.part_of or slot.slot].append(slot)
    professions: dict[str, set[str]] = defaultdict(set)
    for program in instance.programs:
        professions[program.school].add(program.profession)
    weeks: dict[str, set[int]] = {}
    for slot_id, those in parts.items():
        slot = instance.slot_by_id[slot_id]
        placed = facts.by_slot.get(slot_id, [])
        used = _peaks(facts, placed)
        weeks[slot_id] = {monday for part in those for monday in _weeks_offered(facts, part)} | set(used)
        offered = slot.most_students * len(weeks[slot_id])
        site = site_scope(instance.unit_by_id[slot.unit].site)
        open_to = {p for part in those for p in part.professions} if all(part.professions for part in those) else None
        there = {p.party.program.school for p in placed}
        tally.add("slot_use", (WHOLE, site), sum(used.values()), offered, there)
        tally.add("reserved", (WHOLE, site), 0, offered)
        for school, taught in professions.items():
            if open_to is None or taught & open_to or school in there:
                mine = _peaks(facts, [p for p in placed if p.party.program.school == school])
                tally.add("slot_use", (school_scope(school),), sum(mine.values()), offered, (school,))
                tally.add("reserved", (school_scope(school),), 0, offered)
    for row in instance.reservations:
        if row.status == "requested" or not row.guaranteed:
            continue
        slot = instance.places_of(instance.slot_by_id[row.slot])
        to = (WHOLE, school_scope(row.school), site_scope(instance.unit_by_id[slot.unit].site))
        places = row.guaranteed * len(weeks[slot.slot])
        gone = row.status == "released" or (row.give_back is not None and row.give_back <= instance.planning_date)
        tally.add("reserved", to, places, 0, (row.school,))
        tally.add("released", to, places if gone else 0, places, (row.school,))
        if not gone:
            own = _peaks(facts, [p for p in facts.by_slot.get(slot.slot, []) if p.party.program.school == row.school])
            tally.add("reservation_use", to, sum(min(row.guaranteed, n) for n in own.values()), places, (row.school,))


def _peaks(facts: Facts, placed: Iterable[Placed]) -> dict[int, int]:
    """The most students at once by week, named by its Monday."""
    found: dict[int, int] = defaultdict(int)
    for first, last, present in presence(placed):
        for monday in range(facts.monday(first), last + 1, 7):
            found[monday] = max(found[monday], sum(p.size for p in present))
    return found


def _weeks_offered(facts: Facts, slot: Slot) -> set[int]:
    """The weeks of the horizon in which a slot can have students, without those in which its unit is closed all week."""
    instance = facts.instance
    begin, end = instance.first_monday.toordinal(), instance.last_day.toordinal()
    found: set[int] = set()
    for start in _starts(slot):
        if begin <= start.toordinal() <= end:
            last = min(end, _last_day(facts, slot, start))
            found.update(range(facts.monday(start.toordinal()), last + 1, 7))
    closed = [
        Window.of(row, instance)
        for row in instance.capacity
        if row.unit == slot.unit and row.most_students == 0 and not row.profession and not row.shift
    ]
    return {m for m in found if not any(w.weekdays == WEEK and w.first <= m and m + 6 <= w.last for w in closed)}


def _starts(slot: Slot) -> list[date]:
    if slot.starts or slot.first_start is None:
        return sorted(slot.starts)
    last = slot.last_start or slot.first_start
    return [slot.first_start + timedelta(weeks=i) for i in range((last - slot.first_start).days // 7 + 1)]


def _last_day(facts: Facts, slot: Slot, start: date) -> int:
    """The last day of who starts then: by the slot's length, else of the longest rotation that the slot suits."""
    if slot.length is not None:
        if slot.length_unit == "months":
            return months_later(start, slot.length).toordinal() - 1
        return start.toordinal() + slot.length * (7 if slot.length_unit == "weeks" else 1) - 1
    instance, unit = facts.instance, facts.instance.unit_by_id[slot.unit]
    days = [start.toordinal()]
    for requirement in instance.requirements:
        own = instance.program_by_id[requirement.program].profession
        suits = not slot.professions or own in slot.professions
        level = not slot.levels or not requirement.level or requirement.level in slot.levels
        if suits and level and possible_specialties(requirement, slot, unit):
            weekdays = tuple(sorted(slot.weekdays)[: slot.days_per_week]) if slot.pattern == "any" else slot.weekdays
            days.append(timing(instance, slot, requirement, requirement.amount, start, weekdays, ()).end)
    return max(days)
