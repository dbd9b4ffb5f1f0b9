"""What becomes of an offer in one program's calendar: its end, weeks, hours and lost hours (docs/concepts.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scheduler.domain.tables import DEFAULT_EFFECT, CalendarRow, Requirement
from scheduler.offers.days import BoolArray, IntArray, Scope, count_between, marked_days, patterns
from scheduler.offers.facts import Facts

FOLLOWING_HOURS_PER_WEEK = 40
WHOLE_DAY_MINUTES = 8 * 60
BEYOND_DAYS = 400


@dataclass(frozen=True)
class CalendarOf:
    """The calendar rows that hold for one class, by effect."""

    forbid: tuple[Scope, ...]
    pause: tuple[Scope, ...]
    extend: tuple[Scope, ...]
    terms: tuple[Scope, ...]
    blocks: tuple[Scope, ...]

    @classmethod
    def of(cls, facts: Facts, program: str, requirement: str, group: str | None) -> CalendarOf:
        """Rows of the program that name no other requirement and no other group."""
        found: dict[str, list[Scope]] = {"forbid": [], "pause": [], "extend": [], "term": [], "block": []}
        for row in facts.instance.calendar:
            if row.program != program or row.requirement not in (None, requirement) or row.group not in (None, group):
                continue
            effect = effect_of(row)
            found[row.kind if effect == "window" else effect].append(facts.clock.scope(row))
        return cls(*(tuple(found[k]) for k in ("forbid", "pause", "extend", "term", "block")))


def effect_of(row: CalendarRow) -> str:
    """The row's effect, or its kind's default; 'window' only means something for terms and blocks."""
    effect = row.effect or DEFAULT_EFFECT[row.kind]
    return effect if row.kind in ("term", "block") or effect != "window" else DEFAULT_EFFECT[row.kind]


class Lived(NamedTuple):
    """Columns of `Options` that depend on the class; see there."""

    end: IntArray
    last: IntArray
    weeks: IntArray
    sessions: IntArray
    minutes: IntArray
    lost: IntArray
    amount: IntArray
    in_block: BoolArray


class _Days(NamedTuple):
    start: IntArray
    end: IntArray
    days: IntArray
    shift: IntArray
    floating: BoolArray


def lived(facts: Facts, requirement: Requirement, amount: int, calendar: CalendarOf, which: IntArray) -> Lived:
    """Compute end, length, hours and contribution of the offers at `which` for one class."""
    instance, clock, offers = facts.instance, facts.clock, facts.offers
    slot, start, days = offers.slot[which], offers.start[which], offers.days[which]
    shift, floating = offers.shift[which], offers.floating[which]
    per_week = np.where(floating, 0, _ones(days))

    weekly_minutes = facts.weekly_minutes[slot]
    shift_minutes = np.array([WHOLE_DAY_MINUTES, *(s.minutes for s in instance.shifts)], dtype=np.int64)[shift + 1]
    session_minutes = np.where(weekly_minutes > 0, weekly_minutes // np.maximum(per_week, 1), shift_minutes)
    following = np.where(weekly_minutes > 0, weekly_minutes, FOLLOWING_HOURS_PER_WEEK * 60)
    week_minutes = np.where(floating, following, np.where(weekly_minutes > 0, weekly_minutes, per_week * session_minutes))

    # 1. planned last day
    open_ended = offers.last[which] < 0
    n = _weeks_needed(requirement, amount, week_minutes, per_week, floating)
    planned = np.where(open_ended, start + 7 * n - 1, offers.last[which])
    planned = np.minimum(planned, clock.days + BEYOND_DAYS)  # such an offer is outside the horizon anyway
    length_in_weeks = facts.slot_weeks[slot]
    weeks = np.where(open_ended, n, np.where(length_in_weeks > 0, length_in_weeks, np.maximum((planned - start + 1) // 7, 1)))

    # 2. planned sessions, 3. extending, 5. trimming (4., blocks, in between)
    timed = _Days(start, planned, days, shift, floating)
    sessions = np.zeros(len(which), dtype=np.int64)
    last = planned.copy()
    end = planned.copy()
    horizon = int(max(clock.days, planned.max(initial=0) + 1)) + 7
    weekday = np.arange(2 * horizon) % 7
    for mask, shift_index, where in patterns(timed):
        held = (mask >> weekday & 1) == 1
        sessions[where] = count_between(held, start[where], planned[where])
        if calendar.extend:
            away = marked_days(list(calendar.extend), mask, clock.span(shift_index), len(held))
            if away.any():
                last[where] = _extended(held & ~away, held & away, start[where], planned[where], sessions[where])
    if calendar.extend and floating.any():
        last[floating] = _pushed(calendar.extend, start[floating], last[floating])
    fitted, in_block = _fit_windows(calendar, start, last)
    own = facts.arranged[slot]
    last, in_block = np.where(own, last, fitted), in_block | own
    lost = np.zeros(len(which), dtype=np.int64)
    for mask, shift_index, where in patterns(timed):
        held = (mask >> weekday & 1) == 1
        end[where] = np.maximum(_last_marked(held, last[where]), start[where])
        if calendar.extend:
            held &= ~marked_days(list(calendar.extend), mask, clock.span(shift_index), len(held))
        away = held & marked_days(list(calendar.pause), mask, clock.span(shift_index), len(held))
        if away.any():
            lost[where] = count_between(away, start[where], end[where]) * session_minutes[where]
    end[floating] = last[floating]
    if calendar.terms:
        in_block &= _inside_any(calendar.terms, start, end)
    weekly = weeks * week_minutes
    minutes = np.where(floating | (weekly_minutes > 0), weekly, sessions * session_minutes)
    return Lived(end, last, weeks, sessions, minutes, lost, _amount(requirement, weeks, minutes, sessions, floating), in_block)


def _ones(mask: IntArray) -> IntArray:
    """Number of weekdays in each mask."""
    return np.asarray(sum((mask >> day & 1) for day in range(7)), dtype=np.int64)


def _weeks_needed(
    requirement: Requirement, amount: int, week_minutes: IntArray, per_week: IntArray, floating: BoolArray
) -> IntArray:
    """Weeks of a placement whose length follows from the requirement."""
    if requirement.blocks > 1:
        amount = -(-amount // requirement.blocks)
    if requirement.amount_unit == "weeks":
        weeks = np.full(len(week_minutes), amount, dtype=np.int64)
    elif requirement.amount_unit == "hours":
        weeks = -(-amount * 60 // np.maximum(week_minutes, 1))
    else:  # shifts and sessions; of unknown ones each eight hours count as one
        weeks = np.where(
            floating, -(-amount * WHOLE_DAY_MINUTES // np.maximum(week_minutes, 1)), -(-amount // np.maximum(per_week, 1))
        )
    if requirement.blocks > 1 and requirement.weeks_min:
        weeks = np.full(len(week_minutes), requirement.weeks_min, dtype=np.int64)
    return weeks


def _amount(requirement: Requirement, weeks: IntArray, minutes: IntArray, sessions: IntArray, floating: BoolArray) -> IntArray:
    """Contribution in the requirement's unit (hours in minutes), as planned."""
    if requirement.amount_unit == "weeks":
        return weeks
    if requirement.amount_unit == "hours":
        return minutes
    return np.where(floating, minutes // 480, sessions)


def _extended(held: BoolArray, away: BoolArray, start: IntArray, planned: IntArray, sessions: IntArray) -> IntArray:
    """Last day when as many sessions are held as were planned; unchanged where none falls on an extending day."""
    total = np.concatenate([[0], np.cumsum(held)])
    target = total[start] + sessions
    moved = np.searchsorted(total, target, side="left") - 1
    hit = count_between(away, start, planned) > 0
    return np.where(hit, np.minimum(moved, len(held) - 1), planned)


def _pushed(rows: tuple[Scope, ...], start: IntArray, last: IntArray) -> IntArray:
    """Last day of placements without known sessions, moved by the days of each whole row they meet."""
    for scope in sorted(rows, key=lambda scope: scope.first):
        if scope.whole:
            meets = (start <= scope.last) & (last >= scope.first)
            last = np.where(meets, last + scope.last - scope.first + 1, last)
    return last


def _fit_windows(calendar: CalendarOf, start: IntArray, last: IntArray) -> tuple[IntArray, BoolArray]:
    """Cut to the end of a block (docs/concepts.md, 4); whether start and end fit some block."""
    if not calendar.blocks:
        return last, np.ones(len(start), dtype=bool)
    starts = np.array(sorted({scope.first for scope in calendar.blocks}))
    ends = np.array(sorted({scope.last for scope in calendar.blocks}))
    latest = np.searchsorted(ends, last, side="right") - 1
    end = ends[np.maximum(latest, 0)]
    fits = (latest >= 0) & (end >= np.maximum(start, last - 6))
    return np.where(fits, end, last), fits & np.isin(start, starts)


def _last_marked(marks: BoolArray, last: IntArray) -> IntArray:
    """The last marked day on or before each day; −1 for none."""
    days = np.where(marks, np.arange(len(marks)), -1)
    return np.asarray(np.maximum.accumulate(days)[np.clip(last, 0, len(marks) - 1)], dtype=np.int64)


def _inside_any(scopes: tuple[Scope, ...], start: IntArray, end: IntArray) -> BoolArray:
    """Whether each [start, end] lies inside one of the scopes."""
    inside = np.zeros(len(start), dtype=bool)
    for scope in scopes:
        inside |= (start >= scope.first) & (end <= scope.last)
    return inside
