"""How long and how late students work: rest after nights, number of nights, hours a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations
from math import ceil

from scheduler.domain import DAY_MINUTES
from scheduler.verify.facts import Facts, Person
from scheduler.verify.findings import Check, Finding
from scheduler.verify.placed import Placed, day_name
from scheduler.verify.timing import WHOLE_DAY, weekday


def shift_rest(facts: Facts) -> Iterator[Finding]:
    """Every night of everybody, and what else starts soon after it."""
    rest = 60 * facts.setting("shift_rest").number("hours")
    seen: set[tuple[Placed, Placed]] = set()
    for person in facts.people:
        for night, other in permutations(person.placed, 2):
            too_soon = None if (night, other) in seen else _too_soon(facts, night, other, rest)
            if too_soon is not None:
                seen.add((night, other))
                sentence = f"{person.party.name} has no {rest // 60} hours of rest before {day_name(too_soon)}"
                yield Finding(f"{sentence}: {night.title}; {other.title}", 1, (night, other), night.party)


def _too_soon(facts: Facts, night: Placed, other: Placed, rest: int) -> int | None:
    """The first day on which a session of a placement starts too soon after a night of another one; None for none."""
    if night.timing.span[1] <= DAY_MINUTES or night.timing.follows or other.timing.follows:
        return None
    starts = [day * DAY_MINUTES + other.timing.span[0] for day in attended(facts, other)]
    for day in attended(facts, night):
        end = day * DAY_MINUTES + night.timing.span[1]
        for start in starts:
            if 0 <= start - end < rest:
                return start // DAY_MINUTES
    return None


def most_nights(facts: Facts) -> Iterator[Finding]:
    """Sessions that run past midnight, of everybody."""
    for person in facts.people:
        most = person.party.program.most_nights
        nights = [p for p in person.placed if p.timing.span[1] > DAY_MINUTES and not p.timing.follows]
        total = sum(len(attended(facts, p)) for p in nights)
        if most is not None and total > most:
            sentence = f"{person.party.name} has {total} nights, at most {most} allowed"
            yield Finding(sentence, total - most, tuple(nights), person.party)


def week_hours(facts: Facts) -> Iterator[Finding]:
    """Hours of everybody, week by week, beside those of commitments."""
    for person in facts.people:
        most = person.party.program.most_hours_per_week
        if most is None:
            continue
        minutes: dict[int, int] = defaultdict(int)
        for p in person.placed:
            if p.timing.follows:
                for monday in range(facts.monday(p.start), p.end + 1, 7):
                    minutes[monday] += p.timing.minutes // p.timing.weeks
            else:
                for day in attended(facts, p):
                    minutes[facts.monday(day)] += p.timing.session_minutes
        for monday, total in sorted(minutes.items()):
            busy = _committed(facts, person, monday)
            over = ceil(Fraction(total, 60) - max(0, most - busy))
            if over > 0:
                beside = f" beside {busy} of commitments" if busy else ""
                yield Finding(
                    f"{person.party.name} has {total / 60:g} hours{beside} in the week of {day_name(monday)}, "
                    f"at most {most} allowed",
                    over,
                    tuple(p for p in person.placed if p.start <= monday + 6 and p.end >= monday),
                    person.party,
                )


def _committed(facts: Facts, person: Person, monday: int) -> int:
    """Hours of commitments in a week: the student's and the group's; of a group those of its busiest student."""

    def hours(kind: str, who: str) -> int:
        rows = facts.commitments.get((kind, who), ())
        return sum(row.hours_per_week or 0 for row, window in rows if window.in_week(monday))

    busiest = max((hours("student", s.student) for s in person.party.members), default=0)
    return busiest + hours("group", person.party.home_group)


def attended(facts: Facts, placed: Placed) -> list[int]:
    """The days of a placement's sessions, without those that a block's slot excuses in full."""
    first, last = placed.timing.span
    excused = set()
    for day, shift in placed.slot.excuses if placed.requirement.lane == "block" else ():
        span = facts.instance.shift_by_id[shift].span if shift else WHOLE_DAY
        if span[0] <= first and last <= span[1]:
            excused.add(day)
    return [day for day in placed.timing.days if weekday(day) not in excused]


CHECKS: dict[str, Check] = {"shift_rest": shift_rest, "most_nights": most_nights, "week_hours": week_hours}
