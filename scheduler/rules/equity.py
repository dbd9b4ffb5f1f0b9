"""Equity between schools, priority of who goes first, and what was used in earlier terms."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from scheduler.domain.tables import Group, History, Student
from scheduler.offers.days import ALL_MASK, IntArray
from scheduler.offers.options import DemandClass, Menu, Options, PartyOptions
from scheduler.offers.parties import Party, grain
from scheduler.rules.rule import Rule
from scheduler.rules.statements import FREE, Cost, Rows, Terms, Unary, Vars, integers


class _Schools(Rule):
    """What is asked of each school's students, and what of it is placed, counted in students' rotations."""

    @cached_property
    def asked(self) -> Mapping[str, int]:
        """By school: students × required rotations, with as many electives as are to be chosen."""
        found: dict[str, int] = defaultdict(int)
        for demand in self.facts.demands:
            if not demand.elective:
                found[self.facts.parties[demand.parties[0]].school] += demand.students
        for family in self.facts.families:
            for choice in family.choices:
                found[self.facts.parties[choice.party].school] += choice.count * choice.students
        return {school: count for school, count in found.items() if count}

    def placed(self, classes: Sequence[DemandClass], menu: Menu, schools: Sequence[str]) -> tuple[Terms, IntArray]:
        """A row for each school: what is placed of it, in pieces so small that each option counts whole ones; and their number.

        An option counts as a whole rotation, or with its share of the amount where the rotation may be split.
        """
        number = {school: i for i, school in enumerate(schools)}
        of_class = integers([number.get(cls.school, -1) for cls in classes])
        total_of_class = integers([cls.key.amount * grain(cls.requirement) for cls in classes])
        split_class = np.array([cls.requirement.blocks > 1 for cls in classes], dtype=bool)
        found = np.flatnonzero(of_class[menu.cls] >= 0) if len(classes) else menu.cls
        cls = menu.cls[found]
        row, total, split = of_class[cls], total_of_class[cls], split_class[cls]
        amount = np.where(split, menu.amount[found], total)
        parts = total // np.gcd(amount, total)
        pieces = integers([np.lcm.reduce(np.unique(parts[row == i]), initial=1) for i in range(len(schools))])
        return Terms.of(row, found, pieces[row] * amount // total), pieces

    def at_least(self, classes: Sequence[DemandClass], menu: Menu, least: Mapping[str, int]) -> Iterator[Rows]:
        """So many of a school's rotations are placed; what is missing is rounded up to whole ones where it has a price."""
        schools = [school for school, n in least.items() if n > 0]
        if not schools:
            return
        terms, pieces = self.placed(classes, menu, schools)
        n, lo = len(schools), integers([least[school] for school in schools])
        soft = self.setting.kind == "soft"
        yield Rows(
            lo * pieces,
            np.full(n, FREE, dtype=np.int64),
            terms,
            "students",
            vars=Vars(np.zeros(n, dtype=np.int64), lo, np.ones(n, dtype=np.int64)) if soft else None,
            var_terms=Terms.of(np.arange(n), np.arange(n), pieces) if soft else None,
            firm=soft,
            name=lambda k: f"rotations of school {schools[k]}",
        )


class SchoolMinimum(_Schools):
    """A school gets a least share of what is asked of its students.

    For each school s with least_placed_percent:  Σ_{o of s} students · share_o · x_o + missing ≥ ⌈least_placed_percent ·
    asked_s / 100⌉, at 1 each, missing a whole number; share_o = 1, or amount_o ÷ amount asked where the rotation may be split.

    Reads schools, requirements, students, groups. Example: 80 % of 10 rotations and 7 placed: 1.
    """

    id = "school_minimum"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        percent = {row.school: row.least_placed_percent or 0 for row in self.facts.instance.schools}
        least = {school: -(-percent.get(school, 0) * asked // 100) for school, asked in self.asked.items()}
        yield from self.at_least(classes, menu, least)


class HistoricalShare(_Schools):
    """A school keeps what it used in earlier terms.

    For each school s with history, used_s students' rotations in n_s terms:
    Σ_{o of s} students · share_o · x_o + missing ≥ min(asked_s, ⌊percent · used_s / (100 · n_s)⌋), at 1 each.

    Reads history. Example: 8 used in fall and 6 in spring, 6 placed of 9 asked: 7 are kept, so 1.
    """

    id = "historical_share"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        percent = self.setting.number("percent")
        used: dict[str, int] = defaultdict(int)
        terms: dict[str, set[str]] = defaultdict(set)
        for row in self.facts.instance.history:
            used[row.school] += row.used
            terms[row.school].add(row.term)
        kept = {school: percent * used[school] // (100 * len(terms[school])) for school in used}
        yield from self.at_least(classes, menu, {s: min(asked, kept.get(s, 0)) for s, asked in self.asked.items()})


class SchoolEquity(_Schools):
    """The school that is worst served is served as well as possible.

    asked_s · U ≥ 100 · (asked_s − Σ_{o of s} students · share_o · x_o) for each school s; U, a whole number, costs 1 a point.

    Reads requirements, students, groups. Example: 1 of 10 rotations of one school unplaced and 1 of 3 of another: 34.
    """

    id = "school_equity"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        schools = list(self.asked)
        if len(schools) < 2:
            return
        terms, pieces = self.placed(classes, menu, schools)
        n = len(schools)
        whole = integers([self.asked[school] for school in schools]) * pieces
        yield Rows(
            100 * whole,
            np.full(n, FREE, dtype=np.int64),
            Terms(terms.row, terms.column, 100 * terms.value),
            "students",
            vars=Vars(integers([0]), integers([100]), integers([1])),
            var_terms=Terms.of(np.arange(n), np.zeros(n), whole),
            firm=True,
            name=lambda k: f"share of school {schools[k]}",
        )


class Priority(Rule):
    """Contested places go to those who are ranked first.

    −Σ_o ⌊(last rank − rank) · students · share_o⌋ · x_o; ranks are dense, over all rows of students and groups.

    Reads schools (tier), students (priority, scholarship, employer_unit), scholarships (priority), groups. Example: one place
    for a student of a school of tier 1 and one of tier 2: the first gets it, −1.
    """

    id = "priority"

    @cached_property
    def _points(self) -> Mapping[tuple[str, str], int]:
        """What a placement wins for each student, by ("student" or "group", id)."""
        instance = self.facts.instance
        of_group: dict[str, list[Student]] = defaultdict(list)
        for student in instance.students:
            of_group[student.group or ""].append(student)
        rows: list[tuple[str, str, Student | Group, Sequence[Student]]] = [
            ("student", s.student, s, (s,)) for s in instance.students
        ]
        rows += [("group", g.group, g, of_group[g.group]) for g in instance.groups]
        standing = {(kind, who): self._standing(who, row.program, members) for kind, who, row, members in rows}
        rank = {place: i for i, place in enumerate(sorted(set(standing.values())))}
        return {who: len(rank) - 1 - rank[place] for who, place in standing.items()}

    def _standing(self, who: str, program: str, members: Sequence[Student]) -> tuple[int, ...]:
        """What each source says of somebody; the smaller goes first."""
        school = self.facts.instance.school_by_id.get(self.facts.instance.program_by_id[program].school)
        says = {
            "tier": school.tier if school else 1,
            "student": -max((s.priority for s in members), default=1),
            "scholarship": -max((self._sponsored.get(s.scholarship, 1) for s in members if s.scholarship), default=0),
            "employer": min((int(not s.employer_unit) for s in members), default=1),
            "lottery": self._drawn(who),
        }
        return tuple(says[source] for source in self.setting.names("order"))

    @cached_property
    def _sponsored(self) -> Mapping[str, int]:
        """By scholarship: its priority."""
        return {row.scholarship: row.priority for row in self.facts.instance.scholarships}

    def _drawn(self, who: str) -> int:
        seed, bands = (self.setting.number(name) for name in ("seed", "lottery_bands"))
        return int(hashlib.sha256(f"{seed}:{who}".encode()).hexdigest()[:8], 16) % max(1, bands)

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        each = self._points["student", party.student] if party.student else self._points["group", party.group]
        points = np.full(len(options), each * party.size, dtype=np.int64)
        for demand in (self.facts.demands[d] for d in party.demands):
            if not demand.single:
                own = options.demand == demand.index
                points[own] = points[own] * options.amount[own] // demand.total
        yield Cost(-points)


class KeepHistorical(Rule):
    """Students come where, and on the days on which, those of last term came.

    Σ_o x_o over the options o of whose school, program and rotation there are rows H of the latest term, but none of H has o's
    unit, weekdays and shift.

    Reads history. Example: last term Tuesdays and Thursdays on 4B, now Mondays on 4B: 1.
    """

    id = "keep_historical"

    @cached_property
    def _latest(self) -> Sequence[History]:
        """The rows of the latest term that say where somebody came."""
        rows = self.facts.instance.history
        dated = [(row.start_week, i) for i, row in enumerate(rows) if row.start_week]
        if not rows:
            return ()
        latest = rows[max(dated)[1]].term if dated else rows[-1].term
        return [row for row in rows if row.term == latest and row.unit and row.used]

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        rows = [
            row
            for row in self._latest
            if row.school == cls.school
            and row.program in (None, cls.key.program)
            and row.requirement in (None, cls.key.requirement)
        ]
        if not rows:
            return
        codes = self.facts.offers.codes
        shifts = np.array([*(s.shift for s in self.facts.clock.shifts), ""])  # −1 is the last one: no shift
        same = np.zeros(len(options), dtype=bool)
        for row in rows:
            there = options.unit == codes.unit_index.get(str(row.unit), -2)
            mask = sum(1 << day for day in row.weekdays)
            if mask != ALL_MASK:
                there &= ~options.floating & (options.days == mask)
            if row.shift is not None:
                there &= shifts[options.shift] == row.shift
            same |= there
        yield Cost((~same).astype(np.int64))
