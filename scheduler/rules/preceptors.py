"""Preceptors and faculty: qualified, there, not too many students, not too many weeks, the same one throughout."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from scheduler.domain.tables import Preceptor
from scheduler.offers.days import ALL_MASK, WHOLE_DAY, BoolArray, Scope, moments, patterns, periods, sessions_in
from scheduler.offers.options import DemandClass, Menu, Options, PartyOptions
from scheduler.offers.parties import Demand, Family, Party
from scheduler.rules.demand import meeting
from scheduler.rules.limits import Limits, Load, crowds
from scheduler.rules.places import by_value
from scheduler.rules.rule import Rule
from scheduler.rules.statements import FREE, Drop, Gates, Rows, Terms, Unary, Vars, integers
from scheduler.rules.time import Dated, cut_at_midnight, scopes_of


class PreceptorQualified(Rule):
    """The preceptor supervises the student's profession and teaches the specialty.

    Offers only exist with preceptors of the slot or unit; drops option o if its preceptor does not supervise the program's
    profession or does not teach the option's specialty. Reads preceptors. Example: a nurse practitioner who supervises 'np' is
    no preceptor of a 'pa' student unless 'pa' is listed.
    """

    id = "preceptor_qualified"

    @cached_property
    def _supervising(self) -> dict[str, BoolArray]:
        return {}

    def _supervises(self, profession: str) -> BoolArray:
        """By preceptor: whether students of a profession are supervised; the last entry stands for no preceptor."""
        if profession not in self._supervising:
            people = self.facts.instance.preceptors
            self._supervising[profession] = np.array([*(_supervises(p, profession) for p in people), True], dtype=bool)
        return self._supervising[profession]

    @cached_property
    def _teaches(self) -> BoolArray:
        """By preceptor and specialty; the last row stands for no preceptor, the last column for no specialty."""
        people, index = self.facts.instance.preceptors, self.facts.offers.codes.specialty_index
        able = np.ones((len(people) + 1, len(index) + 1), dtype=bool)
        for i, person in enumerate(people):
            if person.specialties:
                able[i] = False
                able[i, [index[s] for s in person.specialties if s in index]] = True
        return able

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        yield Drop(~self._supervises(cls.profession)[options.preceptor], "with a preceptor of another profession")
        yield Drop(~self._teaches[options.preceptor, options.specialty], "with a preceptor of another specialty")


def _supervises(person: Preceptor, profession: str) -> bool:
    professions = person.supervises or ((person.licence,) if person.licence else ())
    return not professions or profession in professions


class PreceptorAvailable(Dated):
    """The preceptor is there in every session.

    Drops option o if an 'unavailable' row of its preceptor touches it. Reads availability. Example: leave in week 5 rules out a
    placement in weeks 3 to 8 with this preceptor.
    """

    id = "preceptor_available"

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        yield Drop(self.at_place("unavailable", "preceptor", options), "while the preceptor is away")


class PreceptorAtOnce(Rule):
    """A preceptor has no more students at once than allowed, over all schools and with commitments.

    For each preceptor q, each set S of weekly patterns that share a minute, and each period t:
    Σ_{o with q, pattern in S, present in t} students · x_o ≤ most_at_once_q − commitments, but at least 0.

    Reads preceptors, commitments. Example: 1 at once, three schools ask for the same weeks: one gets her.
    """

    id = "preceptor_at_once"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        clock = self.facts.clock
        always = Scope(0, clock.days - 1, ALL_MASK, (0, 2 * WHOLE_DAY[1]), whole=True)
        limits = Limits(clock, "students", soft=self.setting.kind == "soft")
        for q, found in by_value(menu.preceptor).items():
            if q < 0:
                continue
            person = self.facts.instance.preceptors[q]
            rows = [c for c in self.facts.instance.commitments if (c.who_kind, c.who) == ("preceptor", person.preceptor)]
            load = Load([clock.scope(c) for c in rows], [c.students for c in rows])
            here = menu.take(found)
            limits.begin()
            for which, busy, mask in crowds(here, clock, load, always, floating=True):
                p = periods(
                    here.start[which],
                    here.end[which],
                    first=0,
                    last=clock.days - 1,
                    mask=mask,
                    cuts=load.cuts,
                    maximal=not load.scopes and self.setting.kind != "soft",
                )
                hi = np.maximum(person.most_at_once - load.during(busy, p.first, p.last, mask), 0)
                limits.add(f"preceptor {person.preceptor}", p, found[which], hi, mask=mask)
        yield from limits.rows()


class PreceptorWeeks(Rule):
    """A preceptor has students in no more weeks than allowed.

    For each preceptor q with most_weeks and each week w, with switch g_w = "q has students in w" (1 where a commitment is):
    Σ_{o with q, touching w} x_o governed by g_w, and Σ_w g_w ≤ most_weeks_q.

    Reads preceptors, commitments. Example: at most 8 weeks, two placements of 6 weeks one after the other: only one.
    """

    id = "preceptor_weeks"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        clock = self.facts.clock
        sums: list[int] = []
        rows, columns, names = [], [], []
        budget: list[int] = []
        for q, found in by_value(menu.preceptor).items():
            person = self.facts.instance.preceptors[q] if q >= 0 else None
            if person is None or person.most_weeks is None:
                continue
            busy = {
                week
                for c in self.facts.instance.commitments
                if (c.who_kind, c.who) == ("preceptor", person.preceptor)
                for week in clock.scope(c).weeks(clock.days)
            }
            for week in range(clock.days // 7):
                here = found[(menu.first_week[found] <= week) & (menu.last_week[found] >= week)]
                if week not in busy and len(here):
                    rows.append(np.full(len(here), len(sums)))
                    columns.append(here)
                    sums.append(len(budget))
                    names.append(f"preceptor {person.preceptor} in week {week + 1}")
            budget.append(max(0, person.most_weeks - len(busy)))

        if not sums:
            return
        n, m = len(sums), len(budget)
        gates = Gates(n)
        yield Rows(
            np.concatenate([np.ones(n, dtype=np.int64), np.full(m, -FREE, dtype=np.int64)]),
            np.concatenate([np.full(n, FREE, dtype=np.int64), integers(budget)]),
            Terms.of(np.concatenate(rows), np.concatenate(columns)),
            gates=gates,
            governed=np.concatenate([np.arange(n), np.full(m, -1, dtype=np.int64)]),
            gate_terms=Terms.of(integers(sums) + n, np.arange(n)),
            name=lambda k: names[k] if k < n else "preceptor's weeks",
        )


class OnePreceptor(Rule):
    """All placements of one required rotation have the same preceptor.

    For each rotation of a party in several placements (repeats included) and each preceptor q, with switch g_q = "q is used":
    Σ_{o ∈ O(d) with q} x_o governed by g_q, and Σ_q g_q ≤ 1.

    Reads requirements (blocks). Example: 6 weeks in two blocks of 3: both with Kim or both with Lee.
    """

    id = "one_preceptor"

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        together: dict[tuple[tuple[int, ...], str], list[Demand]] = defaultdict(list)
        for demand in (self.facts.demands[d] for d in family.demands):
            together[demand.parties, demand.requirement.requirement].append(demand)
        for demands in together.values():
            meets = np.logical_or.reduce([meeting(self.facts, options, demand) for demand in demands])
            found = np.flatnonzero(meets)
            people, which = np.unique(options.preceptor[found], return_inverse=True)
            n = len(people)
            if (len(demands) == 1 and demands[0].single) or n < 2:
                continue
            yield Rows(
                np.concatenate([np.ones(n, dtype=np.int64), integers([-FREE])]),
                np.concatenate([np.full(n, FREE, dtype=np.int64), integers([1])]),
                Terms.of(which.ravel(), found),
                gates=Gates(n),
                governed=np.concatenate([np.arange(n), integers([-1])]),
                gate_terms=Terms.of(np.full(n, n), np.arange(n)),
                name=lambda _, d=demands[0]: f"one preceptor for {d.requirement.requirement}",  # type: ignore[misc]  # default binds the loop variable
            )


class Faculty(Rule):
    """A group's faculty member is there in all its sessions and leads one group at a time.

    Drops option o of a group if an 'unavailable' row or a commitment of its faculty touches it. For each faculty member f, each
    set S of weekly patterns that share a minute (night shifts reach into the next day), and each period t:
    Σ_{o of f's groups, pattern in S, present in t} x_o ≤ 1.

    Reads groups, availability, commitments. Example: two groups of Dr Jones, both on Tuesdays: not in the same weeks.
    """

    id = "faculty"

    @cached_property
    def _busy(self) -> dict[str, list[Scope]]:
        found: dict[str, list[Scope]] = defaultdict(list)
        for (kind, who), scopes in scopes_of(self.facts, "unavailable").items():
            if kind == "preceptor":
                found[who] += scopes
        for c in self.facts.instance.commitments:
            if c.who_kind == "preceptor":
                found[c.who].append(self.facts.clock.scope(c))
        return found

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        if party.faculty in self._busy:
            away = sessions_in(self._busy[party.faculty], options, self.facts.clock) > 0
            yield Drop(away, "while the group's faculty is away")

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        clock = self.facts.clock
        led: dict[str, list[Party]] = defaultdict(list)
        for party in self.facts.parties:
            if party.faculty:
                led[party.faculty].append(party)
        label = {name: i for i, name in enumerate(led)}
        limits = Limits(clock, "parties", soft=False)
        for name, parties in led.items():
            if len({p.group for p in parties}) < 2 and all(p.part == 0 for p in parties):
                continue
            wanted = {(p.program, self.facts.demands[d].requirement.requirement) for p in parties for d in p.demands}
            mine = np.array([(c.key.program, c.key.requirement) in wanted for c in classes], dtype=bool)
            found = np.flatnonzero(mine[menu.cls])
            here = menu.take(found)
            pieces = [
                (np.flatnonzero(where), *piece)
                for days, shift, where in patterns(here)
                for piece in cut_at_midnight(days, clock.span(shift))
            ]
            cells = moments([mask for _, mask, _, _ in pieces], [span for _, _, span, _ in pieces])
            for members, mask in zip(cells.members, cells.masks, strict=True):
                active = [piece for piece, is_in in zip(pieces, members, strict=True) if is_in]
                which = np.concatenate([options for options, *_ in active])
                later = np.concatenate([np.full(len(options), days) for options, _, _, days in active])
                p = periods(here.start[which] + later, here.end[which] + later, first=0, last=clock.days, mask=mask, maximal=True)
                limits.add(f"faculty {name}", p, found[which], np.ones(p.count, dtype=np.int64), label=label[name])
        yield from limits.rows(of_party=[label.get(p.faculty or "", -1) for p in self.facts.parties])


class PreceptorBalance(Rule):
    """The largest load of any preceptor is small.

    M ≥ Σ_{o with q} students · weeks touched_o · x_o for each preceptor q; M costs 1 a student-week.

    Reads preceptors. Example: 12 student-weeks for two preceptors: 6 each is better than 12 and 0.
    """

    id = "preceptor_balance"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        found = np.flatnonzero(menu.preceptor >= 0)
        people, row = np.unique(menu.preceptor[found], return_inverse=True)
        n = len(people)
        if not n:
            return
        weeks = menu.last_week[found] - menu.first_week[found] + 1
        largest = sum(p.size for p in self.facts.parties) * (self.facts.clock.days // 7) * max(len(self.facts.demands), 1)
        yield Rows(
            np.full(n, -FREE, dtype=np.int64),
            np.zeros(n, dtype=np.int64),
            Terms.of(row.ravel(), found, weeks),
            "students",
            vars=Vars(integers([0]), integers([min(largest, FREE - 1)]), integers([1])),
            var_terms=Terms.of(np.arange(n), np.zeros(n), -1),
            firm=True,
            name=lambda k: f"load of {self.facts.offers.codes.preceptors[people[k]]}",
        )
