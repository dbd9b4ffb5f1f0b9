"""What has to be placed: required rotations, electives, their order and length, groups kept whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.offers.days import BoolArray, IntArray
from scheduler.offers.facts import Facts
from scheduler.offers.options import DemandClass, Options, PartyOptions
from scheduler.offers.parties import Demand, Family, Party, grain
from scheduler.rules.rule import Rule
from scheduler.rules.statements import FREE, Cost, Drop, Rows, Terms, Unary, Vars, between, integers

WHOLE_ROTATION = 100


def meeting(facts: Facts, options: PartyOptions, demand: Demand) -> BoolArray:
    """Which options meet a demand: its own, and for a part of a group those of the whole group."""
    own = options.demand == demand.index
    if demand.whole is not None:
        own |= (options.demand == demand.whole) & (options.party == demand.parties[0])
    return np.asarray(own, dtype=bool)


class Requirement(Rule):
    """Every required rotation is placed in full; what is missing is unplaced, at a price.

    For each demand d with options O(d), amount A and price p = students × priority:
    blocks = 1:  Σ_{o ∈ O(d)} x_o + missing = 1, at 100·p;
    blocks = b:  Σ amount_o · x_o + missing ≥ A, at ⌈100 / A⌉·p a unit (whole hours), Σ amount_o · x_o ≤ A, and Σ x_o ≤ b.
    A member of an elective set has only Σ x_o ≤ 1.

    Reads requirements, student_requirements, credits, groups. Example: two students of priority 1, one place in the only slot:
    one is unplaced, the penalty is 100.
    """

    id = "requirement"

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        for demand in (self.facts.demands[d] for d in family.demands):
            found = np.flatnonzero(meeting(self.facts, options, demand))
            price = demand.students * demand.priority
            label = f"{demand.requirement.requirement} of {self.facts.parties[demand.parties[-1]].id}"
            each = Terms.of(np.zeros(len(found)), found)

            def name(_: int, label: str = label) -> str:
                return label

            if demand.single:
                asked = 0 if demand.elective else 1
                yield between([asked], [1], each, under=[WHOLE_ROTATION * price], name=name)
                continue
            amount = Terms.of(np.zeros(len(found)), found, options.amount[found])
            missing = Vars(integers([0]), integers([demand.amount]), integers([-(-WHOLE_ROTATION // demand.amount) * price]))
            unit = Terms.of([0], [0], grain(demand.requirement))
            yield Rows(integers([demand.total]), integers([FREE]), amount, vars=missing, var_terms=unit, firm=True, name=name)
            yield Rows(integers([-FREE]), integers([demand.total]), amount, firm=True, name=name)
            yield Rows(integers([-FREE]), integers([demand.requirement.blocks]), each, firm=True, name=name)


class Elective(Rule):
    """Of each elective set exactly as many rotations are taken as are asked for.

    For each set E with k to be chosen, at price p = students × priority:  Σ_{d ∈ E} Σ_{o ∈ O(d)} x_o + missing = k, at 100·p.

    Reads requirements (elective_set, choose), student_requirements (choose). Example: two of three electives, one has no
    places left in time: two of the other two.
    """

    id = "elective"

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        for choice in family.choices:
            where = np.zeros(len(options), dtype=bool)
            for index in choice.demands:
                where |= meeting(self.facts, options, self.facts.demands[index])
            found = np.flatnonzero(where)
            price = WHOLE_ROTATION * choice.students * choice.priority
            yield between(
                [choice.count],
                [choice.count],
                Terms.of(np.zeros(len(found)), found),
                under=[price],
                name=lambda _, choice=choice: f"electives {choice.elective_set}",  # type: ignore[misc]  # default binds the loop variable
            )


class Order(Rule):
    """A rotation starts only after those that it comes after are finished in full.

    For each pair (r after a), amount A left of a, and each start s of r's options:
    A·Σ_{o ∈ O(r): start = s} x_o ≤ Σ_{o ∈ O(a): end < s} amount_o · x_o   (amount 1 where a is one placement);
    where r is one placement, its earlier starts count on the left too. Where the rule is soft, the right side has + A·v with a
    variable v ≥ 0 for each party, start and a, at 1 each: a placement and an unfinished earlier rotation count once.

    Reads requirements (after). Example: pediatrics after medicine, medicine ends in week 4: pediatrics from week 5.
    """

    id = "order"

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        seen: set[tuple[int, int, tuple[int, ...]]] = set()
        late: dict[tuple[int, str, int], Vars] = {}
        for member in family.members:
            with_member = np.isin(options.party, member.parties)
            for later in (self.facts.demands[d] for d in member.demands):
                for earlier in (self.facts.demands[d] for d in member.demands):
                    if earlier.requirement.requirement not in later.requirement.after:
                        continue
                    key = (later.index, earlier.index, member.parties if later.whole != earlier.whole else ())
                    if key in seen:
                        continue
                    seen.add(key)
                    after = np.flatnonzero(meeting(self.facts, options, later) & with_member)
                    before = np.flatnonzero(meeting(self.facts, options, earlier) & with_member)
                    if self.setting.kind == "soft":
                        yield from self._priced(options, after, before, later, earlier, late)
                    elif len(after):
                        starts = np.unique(options.start[after])
                        started = options.start[after][None, :] <= starts[:, None]
                        if not later.single:
                            started = options.start[after][None, :] == starts[:, None]
                        yield self._pair(options, starts, started, after, before, later, earlier)

    def _priced(
        self,
        options: PartyOptions,
        after: IntArray,
        before: IntArray,
        later: Demand,
        earlier: Demand,
        late: dict[tuple[int, str, int], Vars],
    ) -> Iterator[Rows]:
        """One row for each party and start, at a price that all members share."""
        for party, start in dict.fromkeys(zip(options.party[after].tolist(), options.start[after].tolist(), strict=True)):
            here = after[(options.party[after] == party) & (options.start[after] == start)]
            key = (party, earlier.requirement.requirement, start)
            price = late.setdefault(key, Vars(integers([0]), integers([len(here)]), integers([1])))
            yield self._pair(options, integers([start]), np.ones((1, len(here)), dtype=bool), here, before, later, earlier, price)

    def _pair(
        self,
        options: PartyOptions,
        starts: IntArray,
        started: BoolArray,
        after: IntArray,
        before: IntArray,
        later: Demand,
        earlier: Demand,
        price: Vars | None = None,
    ) -> Rows:
        """A row for each start; `started[k, i]`: option `after[i]` counts as started at start k."""
        need = 1 if earlier.single else earlier.total
        done = np.ones(len(before), dtype=np.int64) if earlier.single else options.amount[before]
        row_a, col_a = np.nonzero(started)
        row_b, col_b = np.nonzero(options.end[before][None, :] < starts[:, None])
        n = len(starts)
        return Rows(
            np.full(n, -FREE, dtype=np.int64),
            np.zeros(n, dtype=np.int64),
            Terms.of(
                np.concatenate([row_a, row_b]),
                np.concatenate([after[col_a], before[col_b]]),
                np.concatenate([np.full(len(row_a), need), -done[col_b]]),
            ),
            vars=price,
            var_terms=Terms.of(np.arange(n), np.zeros(n), -need) if price else None,
            firm=price is not None,
            name=lambda _: f"{later.requirement.requirement} after {earlier.requirement.requirement}",
        )


class Duration(Rule):
    """A placement has the length that its required rotation asks for.

    Drops option o unless weeks_min ≤ weeks_o ≤ weeks_max (what is left of a rotation may be shorter than weeks_min), its planned
    amount fits (one placement: equal for weeks, else at least; several: at most the amount and more than 0), and
    per_week_min ≤ sessions a week ≤ per_week_max.

    Reads requirements, slots, credits. Example: a rotation of 6 weeks and a slot of 8: dropped.
    """

    id = "duration"

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        r, amount = cls.requirement, cls.key.amount * grain(cls.requirement)
        held = options.floating | (options.days >> options.end % 7 & 1 == 1)
        yield Drop(~held, "without a session")
        if r.blocks > 1:
            fits = (options.amount <= amount) & (options.amount > 0)
        elif r.amount_unit == "weeks":
            fits = options.amount == amount
        else:
            fits = options.amount >= amount
        least = r.weeks_min or 0
        if cls.key.amount < r.amount:  # what is left of a rotation may be shorter than it
            least = min(least, cls.key.amount) if r.amount_unit == "weeks" else 0
        fits &= (options.weeks >= least) & (options.weeks <= (r.weeks_max or FREE))
        yield Drop(~fits, "not the length that is asked for")
        if r.per_week_min is not None or r.per_week_max is not None:
            a_week = sum((options.days >> day & 1) for day in range(7))
            known = ~options.floating
            outside = (a_week < (r.per_week_min or 0)) | (a_week > (r.per_week_max or 7))
            yield Drop(known & outside, "not the number of sessions a week that is asked for")


class KeepWhole(Rule):
    """A group that may be split is better kept whole: each placement of a part costs 1.

    Σ_{o of a part} x_o. Reads groups. Example: 8 students in two parts of 4 in two units: 2.
    """

    id = "keep_whole"

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        if party.part:
            yield Cost(np.ones(len(options), dtype=np.int64))
