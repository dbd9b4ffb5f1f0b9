"""Who may be where: what schools have agreed with sites."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Protocol

import numpy as np

from scheduler.domain.tables import Agreement as AgreementRow
from scheduler.offers.days import ALL_MASK, WHOLE_DAY, BoolArray, Clock, IntArray, Scope, periods
from scheduler.offers.facts import Facts
from scheduler.offers.options import DemandClass, Menu, Options
from scheduler.rules.limits import Limits, Load, crowds
from scheduler.rules.rule import Rule
from scheduler.rules.statements import Drop, Rows, Unary

#: Later than any day.
NEVER = 1 << 40


class Dated(Protocol):
    """A row that holds from a first to a last day, either of which may be open."""

    @property
    def start(self) -> date | None: ...
    @property
    def end(self) -> date | None: ...


def reach(row: Dated, clock: Clock) -> tuple[int, int]:
    """First and last day of the horizon on which a row holds; the first is the later one where it holds on none."""
    first = 0 if row.start is None else max(0, clock.day(row.start))
    last = clock.days - 1 if row.end is None else min(clock.days - 1, clock.day(row.end))
    return first, last


def held_days(rows: Iterable[Dated], clock: Clock) -> BoolArray:
    """Days of the horizon on which at least one of the rows holds."""
    held = np.zeros(clock.days, dtype=bool)
    for row in rows:
        first, last = reach(row, clock)
        held[first : max(first, last + 1)] = True
    return held


def next_marked(marks: BoolArray) -> IntArray:
    """For each day the first marked day from it on; `NEVER` where there is none."""
    days = np.where(marks, np.arange(len(marks)), NEVER)
    return np.asarray(np.minimum.accumulate(days[::-1])[::-1], dtype=np.int64)


def counting(facts: Facts) -> frozenset[str]:
    """The statuses with which an agreement counts."""
    statuses = facts.setting("agreement").parameters["statuses"]
    return frozenset(statuses if isinstance(statuses, tuple) else (str(statuses),))


class Agreement(Rule):
    """A school is placed only where its agreements allow it.

    With A the days on which one of the school's agreements that count holds for the site of o and the program's profession,
    drops option o unless every day from start_o to end_o is in A. Schools without agreements are left alone.

    Reads agreements. Example: an agreement to 30 September drops a placement from 7 September to 4 October, unless a renewal
    holds from 1 October.
    """

    id = "agreement"

    @cached_property
    def _of_school(self) -> Mapping[str, list[AgreementRow]]:
        found: dict[str, list[AgreementRow]] = defaultdict(list)
        for row in self.facts.instance.agreements:
            found[row.school].append(row)
        return dict(found)

    @cached_property
    def _lapses(self) -> dict[tuple[str, str], IntArray]:
        return {}

    def _lapse(self, school: str, profession: str) -> IntArray:
        """By site and day: the first day from it on that no agreement covers."""
        if (school, profession) not in self._lapses:
            statuses = counting(self.facts)
            rows = [r for r in self._of_school[school] if r.status in statuses and _is_for(profession, r)]
            sites = [[r for r in rows if _is_at(site, r)] for site in self.facts.offers.codes.sites]
            lapses = [next_marked(~held_days(r, self.facts.clock)) for r in sites]
            self._lapses[school, profession] = np.array(lapses, dtype=np.int64).reshape(len(sites), self.facts.clock.days)
        return self._lapses[school, profession]

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        if cls.school in self._of_school:
            outside = options.end >= self._lapse(cls.school, cls.profession)[options.site, options.start]
            for site in np.unique(options.site[outside]).tolist():
                yield from self._why(cls, site, outside & (options.site == site), options)

    def _why(self, cls: DemandClass, site: int, outside: BoolArray, options: Options) -> Iterator[Drop]:
        """The options at one site that no agreement covers, by what is wrong."""
        clock, statuses = self.facts.clock, counting(self.facts)
        here = [r for r in self._of_school[cls.school] if _is_at(self.facts.offers.codes.sites[site], r)]
        own = [r for r in here if _is_for(cls.profession, r)]
        if not own:
            yield Drop(outside, "where the agreement is for other professions" if here else "at sites without an agreement")
            return
        counts = [r for r in own if r.status in statuses]
        covered_by_any = options.end < next_marked(~held_days(own, clock))[options.start]
        unsigned = outside & (covered_by_any | (not counts))
        states = sorted({r.status for r in own} - statuses)
        if unsigned.any():
            yield Drop(unsigned, f"where the agreement is only {' or '.join(states)}")
        ends = [r.end for r in counts if r.end is not None]
        last = clock.day(max(ends)) if ends and len(ends) == len(counts) else NEVER
        late = outside & ~unsigned & (options.end > last)
        if late.any():
            yield Drop(late, f"beyond the end of the agreement on {max(ends)}")
        yield Drop(outside & ~unsigned & ~late, "on dates that no agreement covers")


def _is_at(site: str, row: AgreementRow) -> bool:
    return not row.sites or site in row.sites


def _is_for(profession: str, row: AgreementRow) -> bool:
    return not row.professions or profession in row.professions


class AgreementPlaces(Rule):
    """A school has no more students at once than its agreement has places.

    For each agreement a with most_students, each set S of weekly patterns that share a minute, and each period t of its dates:
    Σ_{o of the school, at a's sites, of a's professions, pattern in S, present in t} students · x_o ≤ most_students_a.

    Reads agreements. Example: 8 at once at two hospitals, a group of 8 at one of them on Tuesdays: nobody of the school at the
    other on Tuesdays.
    """

    id = "agreement_places"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        clock, soft = self.facts.clock, self.setting.kind == "soft"
        sites, statuses = self.facts.offers.codes.sites, counting(self.facts)
        limits = Limits(clock, "students", soft=soft)
        for row in self.facts.instance.agreements:
            first, last = reach(row, clock)
            if row.most_students is None or row.status not in statuses or first > last:
                continue
            own = np.array([c.school == row.school and _is_for(c.profession, row) for c in classes], dtype=bool)
            there = np.array([_is_at(site, row) for site in sites], dtype=bool)
            found = np.flatnonzero(own[menu.cls] & there[menu.site])
            here = menu.take(found)
            scope = Scope(first, last, ALL_MASK, WHOLE_DAY, whole=True)
            limits.begin()
            for which, _, mask in crowds(here, clock, Load([], []), scope, floating=True):
                p = periods(here.start[which], here.end[which], first=first, last=last, mask=mask, maximal=not soft)
                limits.add(f"agreement of {row.school}", p, found[which], np.full(p.count, row.most_students), mask=mask)
        yield from limits.rows()
