"""Which preceptors will do: licence, experience; and how many preceptors, units and students there are to one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from math import gcd

import numpy as np

from scheduler.domain.types import parse_counts
from scheduler.offers.days import ALL_MASK, WHOLE_DAY, BoolArray, IntArray, Scope, periods
from scheduler.offers.options import DemandClass, Menu, Options, PartyOptions
from scheduler.offers.parties import Demand, Family, Member, Party
from scheduler.rules.demand import meeting
from scheduler.rules.limits import Limits, Load, crowds
from scheduler.rules.places import by_value
from scheduler.rules.rule import Rule
from scheduler.rules.statements import FREE, Drop, Rows, Terms, Unary, Vars, at_least, at_most_kinds, integers

#: Hours that a credit counts for each unit of its amount.
CREDITED_HOURS = {"hours": 1, "weeks": 40, "shifts": 8, "sessions": 8}


class Licence(Rule):
    """The preceptor's own licence is one that the rotation asks for.

    Drops option o if the rotation names licences and a preceptor's is none of them, or not known.

    Reads requirements, preceptors. Example: a rotation that asks for 'np' or 'md' cannot be with a 'pa'.
    """

    id = "licence"

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        asked = cls.requirement.licences
        if asked:
            wrong = np.array([p.licence not in asked for p in self.facts.instance.preceptors] + [False], dtype=bool)
            yield Drop(wrong[options.preceptor] | wrong[options.co], "with a preceptor of another licence")


class Experience(Rule):
    """The preceptor has the years of experience that the rotation asks for.

    Drops option o if the experience_years of all its preceptors are known and fewer than least_experience_years, or years
    without that.

    Reads requirements, preceptors. Example: in the first year after the licence nobody is a preceptor.
    """

    id = "experience"

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        own = cls.requirement.least_experience_years
        least = self.setting.number("years") if own is None else own
        years = [p.experience_years for p in self.facts.instance.preceptors]
        short = np.array([known is not None and known < least for known in years] + [True], dtype=bool)
        yield Drop(
            (options.preceptor >= 0) & short[options.preceptor] & short[options.co], "with a preceptor of too little experience"
        )


class LicenceHours(Rule):
    """Students have so many hours with preceptors of a licence.

    For each student, each licence with n hours asked, options H with such a preceptor, and D = all that the student has to be
    placed in (demands and electives, split ones in steps of g, the common divisor of their pieces):
    Σ_{o ∈ H} minutes_o · x_o + 60 n · (steps missing in D) ≥ 60 n; where the rule is soft, + 60 v with v ≥ 0 at 1 an hour.

    Reads programs (licence_hours), preceptors. Example: 135 hours with an np, placements of 120 hours with an np and of 120
    with a pa are everything: 15.
    """

    id = "licence_hours"

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        for member in family.members:
            program = self.facts.instance.program_by_id[self.facts.parties[member.parties[0]].program]
            if not program.licence_hours or not member.demands or _stands_for_others(member, family):
                continue
            asked, placed = self._steps(family, member, options)
            if not asked:
                continue
            licences = np.array([p.licence or "" for p in self.facts.instance.preceptors] + [""])
            here = np.isin(options.party, member.parties)
            for licence, least in program.licence_hours:
                hours = max(0, least - self._credited(member, licence))
                own = (licences[options.preceptor] == licence) | (licences[options.co] == licence)
                value = np.where(here & own, options.minutes, 0) - 60 * hours * placed
                found = np.flatnonzero(value)
                lo, terms = integers([60 * hours * (1 - asked)]), Terms.of(np.zeros(len(found)), found, value[found])
                name = f"hours of {member.name} with {licence}"
                if self.setting.kind == "soft":
                    missing = Vars(integers([0]), integers([hours]), integers([1]))
                    each = Terms.of([0], [0], 60)
                    yield Rows(lo, integers([FREE]), terms, vars=missing, var_terms=each, firm=True, name=lambda _, n=name: n)  # type: ignore[misc]  # default binds the loop variable
                else:
                    yield at_least(lo, terms, name=lambda _, n=name: n)  # type: ignore[misc]  # default binds the loop variable

    def _steps(self, family: Family, member: Member, options: PartyOptions) -> tuple[int, IntArray]:
        """How many steps have to be placed of all that is asked of a member, and how many each option places."""
        asked, placed = 0, np.zeros(len(options), dtype=np.int64)
        for demand in (self.facts.demands[d] for d in member.demands):
            if demand.elective:
                continue
            meets = meeting(self.facts, options, demand)
            amount = np.where(meets, 1 if demand.single else options.amount, 0)
            whole = 1 if demand.single else demand.total
            step = gcd(whole, *amount[meets].tolist())
            asked += whole // step
            placed += amount // step
        for choice in family.choices:
            if choice.party in member.parties:
                asked += choice.count
                for d in choice.demands:
                    placed += meeting(self.facts, options, self.facts.demands[d])
        return asked, placed

    def _credited(self, member: Member, licence: str) -> int:
        """Hours that a student has been credited with preceptors of a licence."""
        party = self.facts.parties[member.parties[-1]]
        requirements, people = self.facts.instance.requirement_by_id, self.facts.instance.preceptor_by_id
        total = 0
        groups = {self.facts.parties[p].group for p in member.parties}
        for row in self.facts.instance.credits:
            who = people.get(row.preceptor or "")
            own = row.group in groups if row.group else row.student == party.student
            if own and who is not None and who.licence == licence:
                total += row.amount * CREDITED_HOURS[requirements[party.program, row.requirement].amount_unit]
        return total


def _stands_for_others(member: Member, family: Family) -> bool:
    """Whether others are all that a member is, and more: a group of which students have rotations of their own besides."""
    return any(set(member.parties) < set(other.parties) and len(member.demands) < len(other.demands) for other in family.members)


class MostPreceptors(Rule):
    """A student has no more than so many preceptors in one required rotation.

    For each rotation of a party that names most_preceptors and each preceptor q, with switch g_q = "q is used":
    Σ_{o ∈ O(d) with q} x_o governed by g_q, and Σ_q g_q ≤ most_preceptors. Repeats count with what they repeat.

    Reads requirements. Example: a course of 8 weeks in up to 8 blocks, with at most 3 preceptors.
    """

    id = "most_preceptors"

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        together: dict[tuple[tuple[int, ...], str], list[Demand]] = defaultdict(list)
        for demand in (self.facts.demands[d] for d in family.demands):
            if demand.requirement.most_preceptors is not None:
                together[demand.parties, demand.requirement.requirement].append(demand)
        for demands in together.values():
            rotation = demands[0].requirement
            most = rotation.most_preceptors or 0
            meets = np.logical_or.reduce([meeting(self.facts, options, demand) for demand in demands])
            sides = [np.flatnonzero(meets & (who >= 0)) for who in (options.preceptor, options.co)]
            found = np.concatenate(sides)
            who = np.concatenate([options.preceptor[sides[0]], options.co[sides[1]]])
            people, which = np.unique(who, return_inverse=True)
            if len(people) > most:
                name = f"preceptors in {rotation.requirement}"
                kinds = Terms.of(which.ravel(), found)
                yield at_most_kinds([most], kinds, np.zeros(len(people)), name=lambda _, n=name: n)  # type: ignore[misc]  # default binds the loop variable


class PreceptorUnits(Rule):
    """A preceptor has students in no more different units than allowed.

    For each preceptor q with most_units and each unit u, with switch g_u = "q has students in u":
    Σ_{o with q in u} x_o governed by g_u, and Σ_u g_u ≤ most_units_q.

    Reads preceptors. Example: at most 1 unit, one student on 4B: another one is with her on 4B as well, or with somebody else.
    """

    id = "preceptor_units"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        sums: list[int] = []
        rows, columns, names = [], [], []
        budget: list[int] = []
        people = self.facts.instance.preceptors
        duty = menu.duties
        for q, found in by_value(duty.preceptor).items():
            most = people[q].most_units
            units = by_value(menu.unit[duty.row[found]])
            if most is None or len(units) <= most:
                continue
            for u, where in units.items():
                rows.append(np.full(len(where), len(sums)))
                columns.append(duty.row[found[where]])
                sums.append(len(budget))
                names.append(f"preceptor {people[q].preceptor} in {self.facts.offers.codes.units[u]}")
            budget.append(most)
        if not sums:
            return
        terms = Terms.of(np.concatenate(rows), np.concatenate(columns))
        yield at_most_kinds(budget, terms, sums, name=lambda k: names[k] if k < len(names) else "preceptor's units")


class PreceptorRatio(Rule):
    """A preceptor has no more students of a profession at once than the ratio says.

    For each preceptor q, each ratio (f, n), each set S of weekly patterns that share a minute, and each period t:
    Σ_{o with q, of profession f, pattern in S, present in t} students · x_o ≤ n.

    Reads preceptors, programs. Example: `np:2`, and three students of two schools who train as nurse practitioners want the
    same preceptor in the same weeks: two are placed there.
    """

    id = "preceptor_ratio"

    @cached_property
    def _ratios(self) -> list[tuple[str, int]]:
        return [ratio for text in self.setting.names("ratios") for ratio in parse_counts(text)]

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        clock = self.facts.clock
        always = Scope(0, clock.days - 1, ALL_MASK, (0, 2 * WHOLE_DAY[1]), whole=True)
        soft = self.setting.kind == "soft"
        limits = Limits(clock, "students", soft=soft)
        nothing, duty = Load([], []), menu.duties
        for profession, most in self._ratios:
            own = np.array([c.profession == profession for c in classes], dtype=bool)
            mine = np.flatnonzero(own[menu.cls[duty.row]]) if len(own) else np.zeros(0, dtype=np.int64)
            for q, where in by_value(duty.preceptor[mine]).items():
                found = mine[where]
                here = duty.take(found)
                limits.begin()
                for which, _, mask in crowds(here, clock, nothing, always, floating=True):
                    start, end = here.start[which], here.end[which]
                    p = periods(start, end, first=0, last=clock.days - 1, mask=mask, maximal=not soft)
                    name = f"{profession} students of {self.facts.offers.codes.preceptors[q]}"
                    limits.add(name, p, duty.row[found[which]], np.full(p.count, most, dtype=np.int64), mask=mask)
        yield from limits.rows()


class GroupRatio(Rule):
    """A faculty member leads no more students at once than allowed.

    Drops option o of a group, or of a part of one, with more than most_per_faculty students in a rotation that faculty
    supervises. Reads programs, groups, requirements. Example: at most 10, a group of 12 that may be split: two parts of 6.
    """

    id = "group_ratio"

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        most = self.facts.instance.program_by_id[party.program].most_per_faculty
        if party.is_group and most is not None and party.size > most:
            yield Drop(self._led[options.demand], "in a group that is too large for one faculty member")

    @cached_property
    def _led(self) -> BoolArray:
        """By demand: whether faculty supervises it."""
        return np.array([d.requirement.supervision == "faculty" for d in self.facts.demands], dtype=bool)
