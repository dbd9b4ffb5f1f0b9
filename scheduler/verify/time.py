"""When: one place at a time, calendars, availability, commitments."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from scheduler.domain import DAY_MINUTES
from scheduler.domain.tables import Availability
from scheduler.domain.types import format_clock
from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding, each_placement
from scheduler.verify.parties import Party
from scheduler.verify.placed import Placed, day_name
from scheduler.verify.timing import WHOLE_DAY, Window, effect, share_time, weekday


def one_place(facts: Facts) -> Iterator[Finding]:
    """Everybody's placements in pairs: block beside block by dates, what is longitudinal by session times."""
    seen: set[tuple[Placed, Placed]] = set()
    for person in facts.people:
        for a, b in combinations(person.placed, 2):
            if b.start > a.end + 1 or (a, b) in seen:  # a night session reaches into the day after the end
                continue
            where = clash(facts, a, b)
            if where:
                seen.add((a, b))
                yield Finding(f"{person.party.name} is in two places {where}: {a.title}; {b.title}", 1, (a, b), a.party)


def clash(facts: Facts, a: Placed, b: Placed) -> str:
    """Where two placements of one person clash, in words; empty if they do not."""
    if a.requirement.lane == b.requirement.lane == "block":
        first, last = max(a.start, b.start), min(a.end, b.end)
        if first <= last:
            return f"on {day_name(first)}"
    for day_of_a, day_of_b, start, end in share_time(a.timing, b.timing):
        move = (day_of_b - day_of_a) * DAY_MINUTES
        if _excused(facts, b, a, day_of_b, start, end) or _excused(facts, a, b, day_of_a, start + move, end + move):
            continue
        return f"on {day_name(day_of_b + start // DAY_MINUTES)} at {format_clock(start % DAY_MINUTES)}"
    return ""


def _excused(facts: Facts, who: Placed, beside: Placed, day: int, start: int, end: int) -> bool:
    """Whether a block's slot excuses its students from those minutes of that day's session for a longitudinal one beside it."""
    if (who.requirement.lane, beside.requirement.lane) != ("block", "longitudinal"):
        return False
    for excused_weekday, shift in who.slot.excuses:
        span = facts.instance.shift_by_id[shift].span if shift else WHOLE_DAY
        if excused_weekday == weekday(day) and span[0] <= start and end <= span[1]:
            return True
    return False


@each_placement(bows_to_pins=True)
def calendar(facts: Facts, placed: Placed) -> Iterator[str]:
    """Rows that forbid, terms to lie inside, blocks to start with and to end with."""
    rows = facts.calendar(placed.party, placed.requirement.requirement)
    timing = placed.timing
    for row in rows:
        if effect(row) == "forbid" and timing.touched(Window.of(row, facts.instance)):
            yield f"the calendar of {row.program} forbids {_dates(row.start.isoformat(), row.end.isoformat())} ({row.kind})"
    windows = [r for r in rows if effect(r) == "window"]
    terms = [r for r in windows if r.kind == "term"]
    if terms and not any(r.start.toordinal() <= timing.start and timing.end <= r.end.toordinal() for r in terms):
        yield f"{day_name(timing.start)} to {day_name(timing.end)} lies in no term of {placed.party.program.program}"
    blocks = [r for r in windows if r.kind == "block" and not placed.slot.kept_for]
    if blocks and all(r.start.toordinal() != timing.start for r in blocks):
        yield f"no block of {placed.party.program.program} starts on {day_name(timing.start)}"
    if timing.misses_block:
        yield f"no block of {placed.party.program.program} ends with it"


@each_placement(bows_to_pins=True)
def availability(facts: Facts, placed: Placed) -> Iterator[str]:
    """Unavailable rows of everybody in it and of the unit, the day from which they can be placed, the earliest start."""
    for kind, who in (*people_of(placed.party), ("unit", placed.unit.unit)):
        for row, window in facts.availability.get((kind, who), ()):
            if row.status == "unavailable" and placed.timing.touched(window):
                yield f"{kind} {who} is unavailable {dates_of(row)}"
    for student in placed.party.members:
        if student.available_from and placed.start < student.available_from.toordinal():
            yield f"student {student.student} is available from {student.available_from}"
    if placed.task.earliest and placed.start < placed.task.earliest.toordinal():
        yield f"it must not start before {placed.task.earliest}"


@each_placement(bows_to_pins=True)
def commitment(facts: Facts, placed: Placed) -> Iterator[str]:
    """Commitments of everybody in it."""
    for kind, who in people_of(placed.party):
        for row, window in facts.commitments.get((kind, who), ()):
            if placed.timing.touched(window):
                yield f"{kind} {who} is committed elsewhere {_dates(row.start.isoformat(), row.end.isoformat())}"


CHECKS: dict[str, Check] = {
    "one_place": one_place,
    "calendar": calendar,
    "availability": availability,
    "commitment": commitment,
}


def people_of(party: Party) -> list[tuple[str, str]]:
    """Whose restrictions hold for a party, as (who_kind, who): its students and their group."""
    people = [("student", s.student) for s in party.members]
    return [*people, ("group", party.home_group)] if party.home_group else people


def dates_of(row: Availability) -> str:
    """The dates of an availability row, in words."""
    return _dates(row.start.isoformat() if row.start else "", row.end.isoformat() if row.end else "")


def _dates(start: str, end: str) -> str:
    if not start:
        return f"until {end}" if end else "at all times"
    if not end:
        return f"from {start}"
    return f"on {start}" if start == end else f"from {start} to {end}"
