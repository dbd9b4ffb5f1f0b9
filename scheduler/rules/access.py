"""Who may be where: what schools have agreed with sites, and what sites ask of students."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np

from scheduler.domain.tables import Agreement as AgreementRow
from scheduler.domain.tables import SiteClearance
from scheduler.offers.days import ALL_MASK, WHOLE_DAY, BoolArray, IntArray, Scope, periods
from scheduler.offers.facts import Facts
from scheduler.offers.options import DemandClass, Menu, Options, PartyOptions
from scheduler.offers.parties import Party
from scheduler.offers.windows import NEVER, held_days, next_marked, reach
from scheduler.rules.limits import Limits, Load, crowds
from scheduler.rules.rule import Rule
from scheduler.rules.statements import Drop, Rows, Unary


def counting(facts: Facts) -> frozenset[str]:
    """The statuses with which an agreement counts."""
    return frozenset(facts.setting("agreement").names("statuses"))


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


class _Paper(NamedTuple):
    """A row of clearances, whoever's it is."""

    item: str
    start: date | None
    end: date | None
    status: str


class _Demand(NamedTuple):
    """A row of site_clearances, wherever it is made: many sites ask for the same."""

    item: str
    due_days_before: int
    season: tuple[str, str]
    covers: str

    @classmethod
    def of(cls, row: SiteClearance) -> _Demand:
        return cls(row.item, row.due_days_before, (row.season_start, row.season_end), row.covers)

    def in_season(self, day: date) -> bool:
        first, last = self.season
        if not (first and last):
            return True
        name = f"{day:%m-%d}"
        return first <= name <= last if first <= last else name >= first or name <= last


class _Stops(NamedTuple):
    """From which last day on a placement is stopped, by start: for each demand by a refusal and by what is overdue.

    `earliest` is the earlier of the two for each set of demands that some site makes.
    """

    refused: IntArray
    overdue: IntArray
    earliest: IntArray


#: So many students' limits are kept: those who follow each other often have the same papers, usually none.
KEPT = 64


class Clearance(Rule):
    """Nobody is placed without the items that a site asks for, as far as they are due.

    For each demand of the site of o and each student, let A be the days from start_o to end_o in its season (or only the first of
    them), M those on which the item is neither on file nor waived. Drops option o if a refused row holds on a day of M, or if
    the student is named, a day of M is not promised, and first day of A − due_days_before ≤ planning date.

    Reads site_clearances, clearances, students (named), the planning date. Example: flu asked for from October to March, no
    proof, a placement from 12 October: an option when planned in June; dropped when planned on 12 October.
    """

    id = "clearance"

    @cached_property
    def _demands(self) -> tuple[_Demand, ...]:
        return tuple(dict.fromkeys(map(_Demand.of, self.facts.instance.site_clearances)))

    @cached_property
    def _asked(self) -> tuple[BoolArray, ...]:
        """For each demand the days on which it asks for its item."""
        clock = self.facts.clock
        dates = [clock.first_monday + timedelta(days=d) for d in range(clock.days)]
        return tuple(np.array([demand.in_season(day) for day in dates], dtype=bool) for demand in self._demands)

    @cached_property
    def _first(self) -> IntArray:
        """By demand and start: the first day of a placement that is asked."""
        return np.array([next_marked(days) for days in self._asked], dtype=np.int64)

    @cached_property
    def _due(self) -> IntArray:
        """By demand and start: the day by which the item must be on file."""
        return self._first - np.array([[demand.due_days_before] for demand in self._demands], dtype=np.int64)

    @cached_property
    def _due_by_now(self) -> BoolArray:
        """By demand and start: whether that day has come."""
        return np.asarray(self._due <= self.facts.clock.day(self.facts.instance.planning_date), dtype=bool)

    @cached_property
    def _of_site(self) -> BoolArray:
        """By site and demand: whether it is made there."""
        sites = self.facts.offers.codes.site_index
        made = np.zeros((len(sites), len(self._demands)), dtype=bool)
        for row in self.facts.instance.site_clearances:
            if row.site in sites:
                made[sites[row.site], self._demands.index(_Demand.of(row))] = True
        return made

    @cached_property
    def _papers(self) -> Mapping[str, frozenset[_Paper]]:
        """By student: what is known of items that some site asks for."""
        items = {demand.item for demand in self._demands}
        found: dict[str, set[_Paper]] = defaultdict(set)
        for row in self.facts.instance.clearances:
            if row.item in items:
                found[row.student].add(_Paper(row.item, row.start, row.end, row.status))
        return {student: frozenset(papers) for student, papers in found.items()}

    @cached_property
    def _profiles(self) -> tuple[IntArray, BoolArray]:
        """The sets of demands that sites make, as rows over demands; the first array says which set is each site's."""
        sets, of_site = np.unique(self._of_site, axis=0, return_inverse=True)
        return np.asarray(of_site.ravel(), dtype=np.int64), sets

    @cached_property
    def _kept(self) -> dict[tuple[frozenset[_Paper], bool], _Stops | None]:
        return {}

    def _stops(self, student: str) -> _Stops | None:
        """What stops a student; None for nothing at all."""
        key = self._papers.get(student, frozenset()), self.facts.instance.student_by_id[student].named
        if key not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[key] = self._make_stops(*key)
        return self._kept[key]

    def _make_stops(self, papers: frozenset[_Paper], named: bool) -> _Stops | None:
        clock = self.facts.clock
        if not self._due_by_now.any() and all(p.status != "refused" for p in papers):
            return None
        refused, overdue = np.full((2, len(self._demands), clock.days), NEVER, dtype=np.int64)
        for k, demand in enumerate(self._demands):
            own = [p for p in papers if p.item == demand.item]
            due = self._due_by_now[k]
            refusals = [p for p in own if p.status == "refused"]
            if not refusals and not (named and due.any()):
                continue
            missing = self._asked[k] & ~held_days([p for p in own if p.status in ("on file", "waived")], clock)
            if refusals:
                refused[k] = self._first_of(missing & held_days(refusals, clock), k)
            if named:
                promised = held_days([p for p in own if p.status == "promised"], clock)
                overdue[k] = np.where(due, self._first_of(missing & ~promised, k), NEVER)
        first = np.minimum(refused, overdue)
        if (first == NEVER).all():
            return None
        of_set = [first[made].min(axis=0, initial=NEVER) for made in self._profiles[1]]
        return _Stops(refused, overdue, np.array(of_set, dtype=np.int64))

    def _first_of(self, marks: BoolArray, k: int) -> IntArray:
        """By start: the first marked day that demand k looks at."""
        if self._demands[k].covers == "whole":
            return next_marked(marks)
        first = self._first[k]
        return np.where((first < NEVER) & marks[np.minimum(first, len(marks) - 1)], first, NEVER)

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        if not self._demands or not len(options):
            return
        rest = np.ones(len(options), dtype=bool)
        for student in party.members:
            stops = self._stops(student)
            if stops is None:
                continue
            out = rest & (options.end >= stops.earliest[self._profiles[0][options.site], options.start])
            if out.any():
                yield from self._why(stops, np.flatnonzero(out), options, student if len(party.members) > 1 else "")
                rest &= ~out

    def _why(self, stops: _Stops, out: IntArray, options: PartyOptions, student: str) -> Iterator[Drop]:
        """The options that are out, by what is missing; `student` is named where there are several."""
        of, by = (f" of {student}", f" by {student}") if student else ("", "")
        site, start, end = options.site[out], options.start[out], options.end[out]
        made = self._of_site[site].T
        rest = np.ones(len(out), dtype=bool)
        for k in np.flatnonzero((np.minimum(stops.refused, stops.overdue) < NEVER).any(axis=1)).tolist():
            item = self._demands[k].item
            no = rest & made[k] & (end >= stops.refused[k][start])
            late = rest & made[k] & ~no & (end >= stops.overdue[k][start])
            if no.any():
                yield Drop(_where(out[no], options), f"where {item} is asked for and refused{by}")
            if late.any():
                last = self.facts.clock.first_monday + timedelta(days=int(self._due[k][start[late]].max()))
                yield Drop(_where(out[late], options), f"without {item}{of} that was due by {last}")
            rest &= ~no & ~late


def _where(positions: IntArray, options: Options) -> BoolArray:
    """Positions as a mask."""
    mask = np.zeros(len(options), dtype=bool)
    mask[positions] = True
    return mask
