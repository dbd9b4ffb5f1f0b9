"""Slots and units: how many at once, how few, and for whom places are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from scheduler.domain.tables import CapacityRow, Reservation, Slot
from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding
from scheduler.verify.load import ANY_TIME, Count, Excess, busiest, days_of, presence, students, too_many
from scheduler.verify.placed import Placed, day_name, names
from scheduler.verify.timing import Window, overlap


def slot_maximum(facts: Facts) -> Iterator[Finding]:
    """Students present in each slot, date by date."""
    for slot_id, placed in facts.by_slot.items():
        most = facts.instance.slot_by_id[slot_id].most_students
        excess = Excess(facts)
        for first, last, present in presence(placed):
            excess.add(first, last, sum(p.size for p in present) - most, present)
        for date, who, amount, more in excess.together():
            yield Finding(f"Slot {slot_id} has {too_many(who, students, 'students', date, most)}{more}", amount, who)


def slot_minimum(facts: Facts) -> Iterator[Finding]:
    """Students present in each slot that has any, date by date."""
    for slot_id, placed in facts.by_slot.items():
        least = facts.instance.slot_by_id[slot_id].least_students
        for first, _, present in presence(placed):
            size = sum(p.size for p in present)
            if size < least:
                yield Finding(
                    f"Slot {slot_id} has only {_count(size)} on {day_name(first)} ({names(present)}), at least {least} or none",
                    least - size,
                    tuple(present),
                )


def slot_fill(facts: Facts) -> Iterator[Finding]:
    """The best day of each week from the first to the last start of a slot that must be filled."""
    for slot in facts.instance.slots:
        weeks = _weeks_of_starts(facts, slot) if slot.must_fill else range(0)
        peak: dict[int, int] = defaultdict(int)
        for first, last, present in presence(facts.by_slot.get(slot.slot, [])) if weeks else ():
            for monday in range(facts.monday(first), last + 1, 7):
                peak[monday] = max(peak[monday], sum(p.size for p in present))
        for monday in weeks:
            if peak[monday] < slot.least_students:
                yield Finding(
                    f"Slot {slot.slot} must be filled: {_count(peak[monday])} in the week of {day_name(monday)}, "
                    f"at least {slot.least_students} needed",
                    slot.least_students - peak[monday],
                )


def unit_capacity(facts: Facts) -> Iterator[Finding]:
    """Every capacity row, date by date and minute by minute: students, groups, precepted students."""
    rows: dict[str, list[CapacityRow]] = defaultdict(list)
    for row in facts.instance.capacity:
        rows[row.unit].append(row)
    for unit, placed in facts.by_unit.items():
        if unit in rows:
            days = days_of(placed)
            for row in rows[unit]:
                yield from _row_excess(facts, row, placed, days)


def _row_excess(facts: Facts, row: CapacityRow, placed: list[Placed], days: dict[int, list[Placed]]) -> Iterator[Finding]:
    """Where one capacity row of a unit is exceeded."""
    limits: list[tuple[int | None, str, Count]] = [
        (row.most_students, "students", students),
        (row.most_groups, "groups", lambda p: 1 if p.party.group else 0),
        (row.most_precepted, "precepted students", lambda p: p.size if p.preceptor else 0),
    ]
    window = Window.of(row, facts.instance)
    counted = {p for p in placed if _counts(row, window, p)}
    site = facts.instance.unit_by_id[row.unit].site
    elsewhere = [*facts.commitments.get(("unit", row.unit), ()), *facts.commitments.get(("site", site), ())]
    for most, thing, count in limits:
        if most is None:
            continue
        commitments = elsewhere if thing == "students" and not row.profession else []
        excess = Excess(facts)
        for day, everybody in days.items():
            if window.has(day):
                there = [p for p in everybody if p in counted]
                worst, then = busiest(day, there, window.shift or ANY_TIME, most, count, commitments)
                excess.add(day, day, worst, then)
        of = f" of profession {row.profession}" if row.profession else ""
        for date, who, amount, more in excess.together():
            yield Finding(f"Unit {row.unit} has {too_many(who, count, thing, date, most)}{of}{more}", amount, who)


def unit_minimum(facts: Facts) -> Iterator[Finding]:
    """Students with a session in a capacity row with least_students, in every week that it covers."""
    for row in facts.instance.capacity:
        if not row.least_students:
            continue
        window = Window.of(row, facts.instance)
        placed = [p for p in facts.by_unit.get(row.unit, []) if _counts(row, window, p)]
        there: dict[int, int] = defaultdict(int)
        for p in placed:
            days = range(p.start, p.end + 1) if p.timing.follows else p.timing.days
            for monday in {facts.monday(day) for day in days if window.has(day)}:
                there[monday] += p.size
        first = facts.instance.first_monday.toordinal()
        for monday in range(first, first + 7 * facts.instance.weeks, 7):
            if window.in_week(monday) and there[monday] < row.least_students:
                of = f" of profession {row.profession}" if row.profession else ""
                yield Finding(
                    f"Unit {row.unit} must be filled: {_count(there[monday])}{of} in the week of {day_name(monday)}, "
                    f"at least {row.least_students} needed",
                    row.least_students - there[monday],
                )


def reservation(facts: Facts) -> Iterator[Finding]:
    """Places kept for schools in a slot, and the most that a school may use."""
    rows: dict[str, list[Reservation]] = defaultdict(list)
    for row in facts.instance.reservations:
        if row.status == "confirmed":
            rows[row.slot].append(row)
    for slot_id, of_slot in rows.items():
        placed = facts.by_slot.get(slot_id, [])
        today = facts.instance.planning_date
        kept = {r.school: r.guaranteed for r in of_slot if r.guaranteed and (r.give_back is None or today < r.give_back)}
        if kept:
            yield from _beyond_guarantees(facts, facts.instance.slot_by_id[slot_id], placed, kept)
        for row in of_slot:
            if row.most is not None:
                own = [p for p in placed if p.party.program.school == row.school]
                excess = Excess(facts)
                for first, last, present in presence(own):
                    excess.add(first, last, sum(p.size for p in present) - row.most, present)
                for date, who, amount, more in excess.together():
                    words = too_many(who, students, "students", date, row.most)
                    yield Finding(f"School {row.school} has in slot {slot_id} {words}{more}", amount, who)


def _beyond_guarantees(facts: Facts, slot: Slot, placed: list[Placed], kept: dict[str, int]) -> Iterator[Finding]:
    """Where students beyond their schools' own guarantees do not fit into the places that nobody reserved."""
    free = max(0, slot.most_students - sum(kept.values()))
    excess = Excess(facts)
    for first, last, present in presence(placed):
        schools: dict[str, int] = defaultdict(int)
        for p in present:
            schools[p.party.program.school] += p.size
        beyond = {school: size - kept.get(school, 0) for school, size in schools.items() if size > kept.get(school, 0)}
        excess.add(first, last, sum(beyond.values()) - free, [p for p in present if p.party.program.school in beyond])
    kept_words = ", ".join(f"{count} for {school}" for school, count in sorted(kept.items()))
    for date, who, amount, more in excess.together():
        yield Finding(
            f"Slot {slot.slot} keeps {kept_words} of {slot.most_students} places: "
            f"on {date} those beyond their school's places ({names(who)}) do not fit into the other {free}{more}",
            amount,
            who,
        )


CHECKS: dict[str, Check] = {
    "slot_maximum": slot_maximum,
    "slot_minimum": slot_minimum,
    "slot_fill": slot_fill,
    "unit_capacity": unit_capacity,
    "unit_minimum": unit_minimum,
    "reservation": reservation,
}


def _counts(row: CapacityRow, window: Window, placed: Placed) -> bool:
    """Whether a placement in the unit counts in a capacity row: profession and clock time; the days are not looked at."""
    if row.profession and row.profession != placed.party.program.profession:
        return False
    if placed.timing.follows:
        return window.unbroken
    return overlap(window.shift or ANY_TIME, placed.timing.span)


def _count(students_: int) -> str:
    return f"{students_} student{'' if students_ == 1 else 's'}"


def _weeks_of_starts(facts: Facts, slot: Slot) -> range:
    """Mondays from the week of the first to that of the last start, inside the planning horizon."""
    if slot.starts:
        first, last = min(slot.starts).toordinal(), max(slot.starts).toordinal()
    elif slot.first_start:
        first = last = slot.first_start.toordinal()
        if slot.last_start:
            last = first + (slot.last_start.toordinal() - first) // 7 * 7
    else:
        return range(0)
    begin = facts.instance.first_monday.toordinal()
    return range(max(begin, facts.monday(first)), min(begin + 7 * facts.instance.weeks - 1, last) + 1, 7)
