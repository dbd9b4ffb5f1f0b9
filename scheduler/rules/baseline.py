"""Changes against an earlier schedule: what has started stays, and what moves costs points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from scheduler.domain.tables import Baseline
from scheduler.offers.days import BoolArray, IntArray, mask_of
from scheduler.offers.options import PartyOptions
from scheduler.offers.parties import Demand, Family, Party
from scheduler.rules.demand import meeting
from scheduler.rules.rule import Rule
from scheduler.rules.statements import FREE, Cost, Drop, Rows, Terms, Unary, integers


class _Against(Rule):
    """What the two rules have in common: whose the rows of the baseline are, and which options are the same."""

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str], list[Baseline]]:
        found: dict[tuple[str, str], list[Baseline]] = defaultdict(list)
        for row in self.facts.instance.baseline:
            found[row.student or "", row.group or ""].append(row)
        return found

    def rows_of(self, party: Party) -> Sequence[Baseline]:
        """The rows of a student, of a group with all its parts, or of a part and the group that it is of."""
        rows = self._rows.get((party.student, "" if party.student else party.group), ())
        return [row for row in rows if not party.part or row.part in (0, party.part)]

    def has_started(self, row: Baseline) -> bool:
        return row.start < self.facts.instance.today

    def same_days(self, row: Baseline, options: PartyOptions) -> BoolArray:
        """Which options have the slot and weekdays of a row (any weekdays where it names none)."""
        found: BoolArray = options.slot == self.facts.offers.codes.slot_index.get(row.slot, -2)
        return np.asarray(found & (options.days == mask_of(row.weekdays)) if row.weekdays else found)

    def same_place(self, row: Baseline, options: PartyOptions) -> BoolArray:
        """Which options are a row in everything but who supervises."""
        start = self.facts.clock.day(row.start)
        return np.asarray(self.same_days(row, options) & (options.start == start) & self.named(row.requirement, options))

    def named(self, requirement: str, options: PartyOptions) -> BoolArray:
        """Which options are of a rotation."""
        demands = np.unique(options.demand)
        own = [d for d in demands.tolist() if self.facts.demands[d].requirement.requirement == requirement]
        return np.isin(options.demand, own)


class Started(_Against):
    """Before the first day that may change nothing starts that the baseline does not have.

    Drops option o with start_o < changes_from, unless the baseline has its rotation in its slot with its start and weekdays.

    Reads baseline, changes_from. Example: seen from week 5, a placement in weeks 3 to 6 stays or goes; none begins there.
    """

    id = "started"

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        if self.facts.instance.baseline:
            late = options.start < self.facts.clock.day(self.facts.instance.today)
            for row in self.rows_of(party) if late.any() else ():
                late &= ~self.same_place(row, options)
            yield Drop(late, "on days that are past")


class Stability(_Against):
    """What moves against the baseline costs points, and what is lost costs more.

    With B the baseline's rows of the option's party (of a part: its own and the group's) and rotation or elective set,
    f_b = started, soon or 1: min_{b ∈ B} f_b · (step(o, b) + start · [start_o ≠ start_b]) for each chosen option o, where
    step is the first that is different of rotation, site, unit, days, preceptor; for each party and rotation with k rows,
    k' of them started: lost · max(0, k − Σ_o x_o) + interrupted · max(0, k' − Σ_{o that is a started b} x_o).

    Reads baseline, changes_from. Example: another preceptor in the same slot, next month: 2; another site in spring: 6.
    """

    id = "stability"

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        rows = self.rows_of(party)
        if rows and len(options):
            cost = np.full(len(options), FREE, dtype=np.int64)
            for row in rows:
                here = np.flatnonzero(self._keyed(self._key_of(party, row), options))
                cost[here] = np.minimum(cost[here], self._points(row, options.take(here)))
            yield Cost(np.where(cost == FREE, 0, cost))

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        lost, interrupted = self.setting.number("lost"), self.setting.number("interrupted")
        together: dict[tuple[int, str], list[Demand]] = defaultdict(list)
        for demand in (self.facts.demands[d] for d in family.demands):
            together[demand.parties[-1], _key(demand)].append(demand)
        for (body, key), demands in together.items():
            party = self.facts.parties[body]
            rows = [r for r in self.rows_of(party) if r.part in (0, party.part) and self._key_of(party, r) == key]
            met = np.logical_or.reduce([meeting(self.facts, options, d) for d in demands])
            started = [row for row in rows if self.has_started(row)]
            kept = np.zeros(len(options), dtype=bool)
            for row in started:
                kept |= self.same_place(row, options)
            for least, found, price in ((len(rows), met, lost), (len(started), met & kept, interrupted)):
                if least and price:
                    where = np.flatnonzero(found)
                    yield Rows(
                        integers([least]),
                        integers([FREE]),
                        Terms.of(np.zeros(len(where)), where),
                        under=integers([price]),
                        name=lambda _, n=f"{key} of {party.id} as before": n,  # type: ignore[misc]  # default binds the loop variable
                    )

    def _key_of(self, party: Party, row: Baseline) -> str:
        """What a row is compared by: its elective set, or its rotation."""
        asked = self.facts.instance.requirement_by_id.get((party.program, row.requirement))
        return (asked.elective_set if asked else None) or row.requirement

    def _keyed(self, key: str, options: PartyOptions) -> BoolArray:
        own = [d for d in np.unique(options.demand).tolist() if _key(self.facts.demands[d]) == key]
        return np.isin(options.demand, own)

    def _points(self, row: Baseline, options: PartyOptions) -> IntArray:
        """What each option costs against one row."""
        codes, clock, number = self.facts.offers.codes, self.facts.clock, self.setting.number
        who = [codes.preceptor_index.get(name, -2) if name else -1 for name in (row.preceptor, row.co_preceptor)]
        different = (
            ("rotation", ~self.named(row.requirement, options)),
            ("site", options.site != codes.site_index.get(row.site, -2)),
            ("unit", options.unit != codes.unit_index.get(row.unit, -2)),
            ("days", ~self.same_days(row, options)),
            ("preceptor", (options.preceptor != who[0]) | (options.co != who[1])),
        )
        step = np.select([found for _, found in different], [number(name) for name, _ in different], 0)
        step = step + number("start") * (options.start != clock.day(row.start))
        days = (row.start - self.facts.instance.today).days
        near = "started" if days < 0 else "soon" if days < 7 * number("soon_weeks") else ""
        return np.asarray(step * (number(near) if near else 1), dtype=np.int64)


def _key(demand: Demand) -> str:
    """The same of a demand."""
    return demand.requirement.elective_set or demand.requirement.requirement
