"""When a placement is: its sessions, length, end, amounts, and which dated rows touch it.

Days are ordinals (`date.toordinal`), clock times minutes after the midnight before a session's date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Protocol

from scheduler.domain import DAY_MINUTES, Instance
from scheduler.domain.tables import DEFAULT_EFFECT, CalendarRow, Requirement, Slot

EVER = 10**7
WHOLE_DAY = (0, DAY_MINUTES)
WEEK = frozenset(range(7))
UNKNOWN_WEEK_MINUTES = 40 * 60
PLAIN_SESSION_MINUTES = 8 * 60


class DatedRow(Protocol):
    """The columns that say when a row holds."""

    @property
    def start(self) -> date | None: ...
    @property
    def end(self) -> date | None: ...
    @property
    def weekdays(self) -> tuple[int, ...]: ...
    @property
    def shift(self) -> str | None: ...


def weekday(day: int) -> int:
    """Weekday of an ordinal, Monday = 0."""
    return (day + 6) % 7


def overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Whether two spans share more than a point."""
    return a[0] < b[1] and b[0] < a[1]


@dataclass(frozen=True, slots=True)
class Window:
    """When a dated row holds: first and last day, weekdays, and clock span (None: the row names no shift)."""

    first: int
    last: int
    weekdays: frozenset[int]
    shift: tuple[int, int] | None

    @classmethod
    def of(cls, row: DatedRow, instance: Instance) -> Window:
        """The window of a row; an empty start or end is open."""
        return cls(
            row.start.toordinal() if row.start else -EVER,
            row.end.toordinal() if row.end else EVER,
            frozenset(row.weekdays),
            instance.shift_by_id[row.shift].span if row.shift else None,
        )

    @property
    def span(self) -> tuple[int, int]:
        """Clock span; the whole day without a shift."""
        return self.shift or WHOLE_DAY

    @property
    def unbroken(self) -> bool:
        """Whether it names neither weekdays nor a shift."""
        return self.shift is None and self.weekdays == WEEK

    def has(self, day: int) -> bool:
        """Whether a day is one of its days."""
        return self.first <= day <= self.last and weekday(day) in self.weekdays

    def has_session(self, day: int, span: tuple[int, int]) -> bool:
        """Whether it touches a session of that day and clock span."""
        return self.has(day) and overlap(self.span, span)

    def in_week(self, monday: int) -> bool:
        """Whether one of its days lies in the week of that Monday."""
        return any(self.has(day) for day in range(max(monday, self.first), min(monday + 6, self.last) + 1))


@dataclass(frozen=True, slots=True)
class Timing:
    """When a placement is.

    Attributes
    ----------
    start, end
        First and last day, ordinals.
    weekdays, span
        Weekdays and clock span of its sessions; no weekdays where it follows the preceptor.
    follows
        Whether it follows the preceptor, so that no session is known.
    weeks
        Its length.
    sessions, minutes
        Planned sessions, and planned minutes over all of them.
    lost, session_minutes
        Sessions lost to pauses, and the minutes that each counts.
    misses_block
        Whether the program has blocks and none ends where the placement would have to.
    """

    start: int
    end: int
    weekdays: frozenset[int]
    span: tuple[int, int]
    follows: bool
    weeks: int
    sessions: int
    minutes: int
    lost: int
    session_minutes: int
    misses_block: bool

    @property
    def days(self) -> list[int]:
        """The days of its sessions; none where it follows the preceptor."""
        return [day for day in range(self.start, self.end + 1) if weekday(day) in self.weekdays]

    @property
    def has_session(self) -> bool:
        """Whether it has a session at all, as far as is known: the end is one where there is one."""
        return self.follows or weekday(self.end) in self.weekdays

    def touched(self, window: Window) -> bool:
        """Whether a dated row touches the placement."""
        first, last = max(self.start, window.first), min(self.end, window.last)
        if first > last:
            return False
        if self.follows:
            return window.unbroken and window.last - window.first >= 6
        if not overlap(window.span, self.span):
            return False
        shared = self.weekdays & window.weekdays
        return bool(shared) if last - first >= 6 else any(weekday(day) in shared for day in range(first, last + 1))

    def amount(self, unit: str) -> Fraction:
        """Planned amount in weeks, hours, shifts or sessions."""
        if unit == "weeks":
            return Fraction(self.weeks)
        if unit == "hours":
            return Fraction(self.minutes, 60)
        return Fraction(self.minutes // PLAIN_SESSION_MINUTES if self.follows else self.sessions)


def share_time(a: Timing, b: Timing) -> list[tuple[int, int, int, int]]:
    """Where sessions overlap in real time: day of a's session, day of b's, and the shared minutes on the clock of b's."""
    shared = []
    days_of_b = set(b.days)
    for day in a.days:
        for other in (day - 1, day, day + 1):
            if other in days_of_b:
                move = (day - other) * DAY_MINUTES
                first, last = max(a.span[0] + move, b.span[0]), min(a.span[1] + move, b.span[1])
                if first < last:
                    shared.append((day, other, first, last))
    return shared


def calendar_rows(rows: Iterable[CalendarRow], requirement: str, group: str) -> list[CalendarRow]:
    """The rows of a program's calendar that hold for a rotation and for a group or its students."""
    return [r for r in rows if (not r.requirement or r.requirement == requirement) and (not r.group or r.group == group)]


def effect(row: CalendarRow) -> str:
    """What a calendar row does: what it says, else what its kind does."""
    return row.effect or DEFAULT_EFFECT[row.kind]


def months_later(day: date, months: int) -> date:
    """The same day of the month `months` later, or the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    days = (first_of_next - date(year, month + 1, 1)).days
    return date(year, month + 1, min(day.day, days))


def weeks_needed(requirement: Requirement, amount: int, per_week: Fraction) -> int:
    """Weeks that a placement takes in a slot without a length; `per_week` is the planned amount of one week."""
    if requirement.blocks > 1:
        if requirement.weeks_min:
            return requirement.weeks_min
        amount = -(-amount // requirement.blocks)
    return max(1, ceil(amount / per_week)) if per_week else 1


def timing(
    instance: Instance,
    slot: Slot,
    requirement: Requirement,
    amount: int,
    start: date,
    weekdays: tuple[int, ...],
    calendar: Sequence[CalendarRow],
) -> Timing:
    """When a placement is.

    Parameters
    ----------
    amount
        Amount asked, in the requirement's unit.
    weekdays
        The weekdays chosen; not read where the slot follows the preceptor.
    calendar
        The calendar rows that hold for this rotation and party.
    """
    follows = slot.pattern == "follows"
    days_of_week = frozenset() if follows else frozenset(weekdays)
    shift = instance.shift_by_id[slot.shift] if slot.shift else None
    span = shift.span if shift else WHOLE_DAY
    a_week = len(days_of_week)
    if slot.hours_per_week:
        session_minutes = 60 * slot.hours_per_week // a_week if a_week else 0
        week_minutes = 60 * slot.hours_per_week
    else:
        session_minutes = shift.minutes if shift else PLAIN_SESSION_MINUTES
        week_minutes = UNKNOWN_WEEK_MINUTES if follows else a_week * session_minutes

    first = start.toordinal()
    # Whatever is planned to end a month after the horizon also ends outside it: no need to look further.
    limit = min(max(first, instance.last_day.toordinal()) + 31, date.max.toordinal())
    if slot.length is None:
        per_week = {"weeks": Fraction(1), "hours": Fraction(week_minutes, 60)}.get(
            requirement.amount_unit, Fraction(week_minutes, PLAIN_SESSION_MINUTES) if follows else Fraction(a_week)
        )
        weeks = weeks_needed(requirement, amount, per_week)
        last = first + 7 * weeks - 1
    elif slot.length_unit == "weeks":
        weeks = slot.length
        last = first + 7 * weeks - 1
    else:
        if slot.length_unit == "days":
            last = first + slot.length - 1
        else:
            far = start.year + slot.length // 12 >= date.max.year
            last = limit if far else months_later(start, slot.length).toordinal() - 1
        weeks = max(1, (last - first + 1) // 7)
    last = min(last, limit)

    planned = sum(1 for day in range(first, last + 1) if weekday(day) in days_of_week)
    extends = sorted((Window.of(r, instance) for r in calendar if effect(r) == "extend"), key=lambda w: w.first)
    pauses = [Window.of(r, instance) for r in calendar if effect(r) == "pause"]
    if follows:
        for window in extends:
            if window.unbroken and window.last - window.first >= 6 and window.first <= last and window.last >= first:
                last = min(last + window.last - window.first + 1, limit)
    else:
        last = _extended(first, last, planned, days_of_week, span, extends, limit)

    blocks = [r for r in calendar if r.kind == "block" and effect(r) == "window" and not slot.kept_for]
    ends = [e for e in (r.end.toordinal() for r in blocks) if max(first, last - 6) <= e <= last]
    if ends:
        last = max(ends)
    end = last
    if not follows:
        while end > first and weekday(end) not in days_of_week:
            end -= 1
    lost = sum(
        1
        for day in (range(first, end + 1) if pauses else ())
        if weekday(day) in days_of_week
        and any(w.has_session(day, span) for w in pauses)
        and not any(w.has_session(day, span) for w in extends)
    )
    minutes = weeks * week_minutes if slot.hours_per_week or follows else planned * session_minutes
    return Timing(
        first, end, days_of_week, span, follows, weeks, planned, minutes, lost, session_minutes, bool(blocks) and not ends
    )


def _extended(
    first: int,
    last: int,
    planned: int,
    weekdays: frozenset[int],
    span: tuple[int, int],
    extends: list[Window],
    limit: int,
) -> int:
    """The planned last day, or where a planned session is not held the day on which as many are held as were planned."""

    def is_held(day: int) -> bool:
        return not any(w.has_session(day, span) for w in extends)

    if not extends or all(is_held(day) for day in range(first, last + 1) if weekday(day) in weekdays):
        return last
    held = 0
    for day in range(first, limit + 1):
        if weekday(day) in weekdays and is_held(day):
            held += 1
            if held == planned:
                return day
    return limit
