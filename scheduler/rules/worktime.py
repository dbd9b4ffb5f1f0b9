"""How long and how late students work: rest after nights, number of nights, hours a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import product

import numpy as np

from scheduler.domain.instance import DAY_MINUTES
from scheduler.offers.days import BoolArray, IntArray, Scope, mask_of, periods
from scheduler.offers.facts import Facts
from scheduler.offers.lived import FOLLOWING_HOURS_PER_WEEK, WHOLE_DAY_MINUTES
from scheduler.offers.options import PartyOptions
from scheduler.offers.parties import Family, Member
from scheduler.rules.rule import Rule
from scheduler.rules.statements import FREE, Rows, Terms, Vars, at_most, integers
from scheduler.rules.time import people_of


def attended(facts: Facts, options: PartyOptions) -> IntArray:
    """Weekdays (masks) on which options have a session that counts: not one that the slot of a block excuses in full."""
    found = options.days.copy()
    excusing = np.flatnonzero(facts.excusing[options.slot] & facts.is_block[options.demand])
    for k in np.unique(options.slot[excusing]).tolist():
        here = excusing[options.slot[excusing] == k]
        slot = facts.instance.slots[k]
        span = facts.clock.span(facts.clock.shift_index(slot.shift))
        excused = []
        for day, shift in slot.excuses:
            first, last = facts.clock.span(facts.clock.shift_index(shift or None))
            if first <= span[0] and span[1] <= last:
                excused.append(day)
        found[here] &= ~mask_of(excused)
    return found


def spans_of(facts: Facts, options: PartyOptions) -> tuple[IntArray, IntArray]:
    """First minute of each option's sessions, and the one after the last."""
    table = np.array([facts.clock.span(s) for s in range(-1, len(facts.clock.shifts))], dtype=np.int64)
    return table[options.shift + 1, 0], table[options.shift + 1, 1]


def weekdays_in(mask: IntArray) -> IntArray:
    """Number of weekdays in each mask."""
    return np.asarray(sum((mask >> day & 1) for day in range(7)), dtype=np.int64)


def sessions_between(mask: IntArray, first: IntArray, last: IntArray) -> IntArray:
    """Days from first to last, inside one calendar week, whose weekday is in the mask; 0 where last lies before first."""
    inside = (np.left_shift(1, last % 7 + 1) - 1) & ~(np.left_shift(1, first % 7) - 1)
    return np.where(last >= first, weekdays_in(mask & inside), 0)


class ByWeek:
    """Each (option, week) such that the option is present in the week, and its sessions of that week."""

    def __init__(self, options: PartyOptions, which: IntArray, mask: IntArray) -> None:
        weeks = options.last_week[which] - options.first_week[which] + 1
        self.option = np.repeat(which, weeks)
        begin = np.repeat(np.cumsum(weeks) - weeks, weeks)
        self.week = np.arange(len(self.option)) - begin + options.first_week[self.option]
        first = np.maximum(options.start[self.option], 7 * self.week)
        last = np.minimum(options.end[self.option], 7 * self.week + 6)
        self.sessions = sessions_between(mask[self.option], first, last)


def once_each(family: Family) -> Iterator[Member]:
    """The members of a family of whom different things are asked."""
    yield from {member.demands: member for member in reversed(family.members) if member.demands}.values()


class ShiftRest(Rule):
    """After a night a student rests before another placement's next session.

    For each student, each kind of night shift (weekday d, end e) and each first minute s of sessions such that s on weekday d'
    lies less than `hours` after e on d, in each stretch of days t:  Σ_{nights} x_o + Σ_{starts} x_o ≤ 1. Nights on one date
    exclude each other anyway (one_place), and so do blocks, or longitudinal options, that start at the same minute.

    Reads slots (weekdays, shift, excuses). Example: nights end at 07:00 and 10 hours have to pass: the next clinic is in the
    evening, from 17:00.
    """

    id = "shift_rest"

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        rest = 60 * self.setting.number("hours")
        mask = np.where(options.floating, 0, attended(self.facts, options))
        begin, end = spans_of(self.facts, options)
        block = self.facts.is_block[options.demand]
        late = (end > DAY_MINUTES) & (mask > 0)
        seen: set[bytes] = set()
        for member in family.members if rest and late.any() else ():
            here = np.isin(options.party, member.parties) & (mask > 0)
            if here.tobytes() in seen:
                continue
            seen.add(here.tobytes())
            for until in np.unique(end[here & late]).tolist():
                for start in np.unique(begin[here]).tolist():
                    # so many days after a night's own date, a session that starts at `start` is too soon
                    soon = range(-(-(until - start) // DAY_MINUTES), -(-(until + rest - start) // DAY_MINUTES))
                    for days, *blocks in product(soon, (True, False), (True, False)):
                        nights = here & late & (end == until) & (block == blocks[0])
                        starts = here & (begin == start) & (block == blocks[1])
                        yield from self._apart(options, mask, nights, starts, days, blocks=all(blocks))

    def _apart(
        self, options: PartyOptions, mask: IntArray, nights: BoolArray, starts: BoolArray, days: int, *, blocks: bool
    ) -> Iterator[Rows]:
        """No night of the one and, so many days later, session of the other; `blocks`: both are blocks."""
        cells: dict[tuple[bytes, bytes], int] = defaultdict(int)
        for weekday in range(7) if nights.any() and starts.any() else ():
            before = nights & (mask >> (weekday - days) % 7 & 1 == 1)
            after = starts & (mask >> weekday & 1 == 1)
            if before.any() and after.any():
                cells[before.tobytes(), after.tobytes()] |= 1 << weekday
        for (before_code, after_code), weekdays in cells.items():
            sides = [np.flatnonzero(np.frombuffer(code, dtype=bool)) for code in (before_code, after_code)]
            yield from self._rows(options, sides[0], sides[1], days, weekdays, blocks=blocks)

    def _rows(
        self, options: PartyOptions, before: IntArray, after: IntArray, days: int, weekdays: int, *, blocks: bool
    ) -> Iterator[Rows]:
        which = np.concatenate([before, after])
        night = np.repeat([True, False], [len(before), len(after)])
        first, last = options.start[which] + days * night, options.end[which] + days * night
        if blocks:  # two that share a date exclude each other anyway: only the end of one and the start of the other matter
            first = np.where(night, np.maximum(first, options.end[which] + 1), first)
            last = np.where(night, last, np.minimum(last, options.start[which] + days - 1))
        p = periods(first, last, first=0, last=self.facts.clock.days + days, mask=weekdays)
        both = np.ones(p.count, dtype=bool)
        for side in (night, ~night):
            both &= np.bincount(p.row, weights=side[p.option], minlength=p.count) > 0
        keep = both[p.row]
        # an option may be a night and a start at once: it counts once
        pairs = np.unique(p.row[keep] * len(options) + which[p.option[keep]])
        row, column = pairs // len(options), pairs % len(options)
        crowded = np.bincount(row, minlength=p.count) > 1
        number = np.cumsum(crowded) - 1
        if crowded.any():
            stay = crowded[row]
            terms = Terms.of(number[row[stay]], column[stay])
            yield at_most(np.ones(int(crowded.sum())), terms, name=lambda _: "rest after a night")


class MostNights(Rule):
    """A student has no more than so many nights.

    For each student:  Σ_o nights_o · x_o ≤ most_nights, with nights_o the sessions of o that run past midnight.

    Reads programs, slots. Example: at most 4, two weeks of Monday and Tuesday nights: no further night.
    """

    id = "most_nights"

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        for member in once_each(family):
            most = self.facts.instance.program_by_id[self.facts.parties[member.parties[0]].program].most_nights
            if most is None:
                continue
            late = spans_of(self.facts, options)[1] > DAY_MINUTES
            found = np.flatnonzero(np.isin(options.party, member.parties) & late & ~options.floating)
            by_week = ByWeek(options, found, attended(self.facts, options))
            nights = np.bincount(by_week.option, weights=by_week.sessions, minlength=len(options)).astype(np.int64)[found]
            if nights.sum() > most:
                name = f"nights of {member.name}"
                yield at_most([most], Terms.of(np.zeros(len(found)), found, nights), name=lambda _, n=name: n)  # type: ignore[misc]  # default binds the loop variable


class WeekHours(Rule):
    """A student has no more than so many hours in a calendar week.

    For each student and week w:  Σ_o minutes_{o,w} · x_o ≤ 60 · (most_hours_per_week − hours of commitments in w, but at least
    0); minutes_{o,w} are those of its sessions in w, or its planned minutes ÷ weeks where it follows the preceptor. Where the
    rule is soft, − 60 v on the left with v ≥ 0 at 1 an hour.

    Reads programs, commitments (hours_per_week), slots. Example: at most 40, a block of 36 hours and a clinic of 4 beside it:
    just so; with a job of 8 hours: 8 too many.
    """

    id = "week_hours"

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        for member in once_each(family):
            most = self.facts.instance.program_by_id[self.facts.parties[member.parties[0]].program].most_hours_per_week
            if most is None:
                continue
            by_week = ByWeek(options, np.flatnonzero(np.isin(options.party, member.parties)), attended(self.facts, options))
            minutes = self._minutes(options, by_week)
            busy = self._busy(member)
            weeks, row = np.unique(by_week.week, return_inverse=True)
            hi = 60 * np.maximum(most - integers([busy.get(week, 0) for week in weeks.tolist()]), 0)
            total = np.bincount(row.ravel(), weights=minutes, minlength=len(weeks))
            tight = total > hi
            number, keep = np.cumsum(tight) - 1, tight[row.ravel()] & (minutes > 0)
            terms = Terms.of(number[row.ravel()[keep]], by_week.option[keep], minutes[keep])
            n = int(tight.sum())
            names = [f"hours of {member.name} in week {week + 1}" for week in weeks[tight].tolist()]
            zero = np.zeros(n, dtype=np.int64)
            over = Vars(zero, (total[tight] // 60).astype(np.int64) + 1, np.ones(n, dtype=np.int64))
            if n and self.setting.kind == "soft":
                each, low = Terms.of(np.arange(n), np.arange(n), -60), np.full(n, -FREE, dtype=np.int64)
                yield Rows(low, hi[tight], terms, vars=over, var_terms=each, firm=True, name=names.__getitem__)
            elif n:
                yield at_most(hi[tight], terms, name=names.__getitem__)

    def _minutes(self, options: PartyOptions, by_week: ByWeek) -> IntArray:
        """Minutes of each option in each of its weeks."""
        o = by_week.option
        weekly = self.facts.weekly_minutes[options.slot[o]]
        shift = integers([WHOLE_DAY_MINUTES, *(s.minutes for s in self.facts.instance.shifts)])[options.shift[o] + 1]
        session = np.where(weekly > 0, weekly // np.maximum(weekdays_in(options.days[o]), 1), shift)
        following = np.where(weekly > 0, weekly, 60 * FOLLOWING_HOURS_PER_WEEK)
        return np.where(options.floating[o], following, by_week.sessions * session)

    @cached_property
    def _committed(self) -> dict[tuple[str, str], list[tuple[Scope, int]]]:
        found: dict[tuple[str, str], list[tuple[Scope, int]]] = defaultdict(list)
        for row in self.facts.instance.commitments:
            if row.hours_per_week:
                found[row.who_kind, row.who].append((self.facts.clock.scope(row), row.hours_per_week))
        return found

    def _busy(self, member: Member) -> dict[int, int]:
        """Hours of commitments by week; of a group those of its busiest student."""
        party = self.facts.parties[member.parties[-1]]
        own, group = [who for who in people_of(party) if who[0] == "student"], ("group", party.home_group)
        found: dict[int, int] = defaultdict(int)
        for who in own or [("", "")]:
            hours: dict[int, int] = defaultdict(int)
            for scope, amount in (*self._committed.get(who, ()), *self._committed.get(group, ())):
                for week in scope.weeks(self.facts.clock.days):
                    hours[week] += amount
            for week, amount in hours.items():
                found[week] = max(found[week], amount)
        return found
