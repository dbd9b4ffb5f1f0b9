"""Money: what sites and beds cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from scheduler.offers.days import IntArray
from scheduler.offers.facts import Facts
from scheduler.offers.options import DemandClass, Menu, PartyOptions
from scheduler.offers.parties import Party
from scheduler.rules.rule import Rule
from scheduler.rules.statements import Audience, Cost, Rows, Terms, Unary, at_most, integers


def fee_of_site(facts: Facts) -> IntArray:
    """By site: fee for each student and week."""
    return np.array([site.fee_per_week for site in facts.instance.site_by_id.values()], dtype=np.int64)


class Fees(Rule):
    """What placements cost in site fees and beds.

    Σ_o weeks_o · (students · fee_per_week + students lodged · cost of a bed) · x_o.

    Reads sites (fee_per_week), housing (cost), students (home_lat, home_lon), programs (most_distance_km). Example: 6 weeks at 50
    a week, lodged at 90: 840.
    """

    id = "fees"

    @cached_property
    def _fee(self) -> IntArray:
        return fee_of_site(self.facts)

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        lodging = self.facts.lodging
        lodgers = np.where(lodging.on_site(options), lodging.lodgers[party.index][options.site], 0)
        beds = lodgers * lodging.cost_a_week[options.site, options.start]
        yield Cost(options.weeks * (party.size * self._fee[options.site] + beds))


class Budget(Rule):
    """What placements cost stays within a budget.

    For each program p with most_fees:  Σ_{o of p} cost_o · x_o ≤ most_fees_p; and the same over all programs with `total`, if
    that is not 0. cost_o = weeks_o · (students · fee_per_week + students lodged · cost of a bed), or what `of` lists of it.

    Reads sites (fee_per_week), programs (most_fees, most_distance_km), housing (cost), students (home_lat, home_lon). Example: 50
    a week and a budget of 500: one placement of 8 weeks, not two.
    """

    id = "budget"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        lodging, counted = self.facts.lodging, self.setting.names("of")
        fee = fee_of_site(self.facts)[menu.site] * int("fees" in counted)
        bed = np.where(lodging.on_site(menu), lodging.cost_a_week[menu.site, menu.start], 0) * int("housing" in counted)
        programs = np.array([cls.key.program for cls in classes], dtype=str)[menu.cls]
        for program, most in self._limits():
            found = np.flatnonzero((fee + bed > 0) & ((programs == program) | (program == "")))
            terms = Terms.of(np.zeros(len(found)), found, menu.weeks[found])
            row = at_most([most], terms, name=lambda _, n=program: f"budget of {n or 'all'}", count="students")  # type: ignore[misc]  # default binds the loop variable
            if bed[found].any():
                yield replace(row, count="parties", audience=self._payers(program, menu.site, fee, bed))
            elif len(found):
                yield replace(row, options=replace(terms, value=terms.value * fee[found]))

    def _payers(self, program: str, site: IntArray, fee: IntArray, bed: IntArray) -> Audience:
        """What each party of a program pays a week: how many of it lodge hangs on the site."""
        (site, fee, bed), kind = np.unique(np.stack([site, fee, bed]), axis=1, return_inverse=True)
        parties = self.facts.parties
        a_week = integers([party.size for party in parties])[:, None] * fee + self.facts.lodging.lodgers[:, site] * bed
        concerned = integers([program in ("", party.program) for party in parties])
        return Audience(integers([1]), concerned, a_week, kind.ravel())

    def _limits(self) -> Iterator[tuple[str, int]]:
        """Programs and the most that they may pay; "" for all together."""
        for row in self.facts.instance.programs:
            if row.most_fees is not None:
                yield row.program, row.most_fees
        total = self.setting.number("total")
        if total > 0:
            yield "", total
