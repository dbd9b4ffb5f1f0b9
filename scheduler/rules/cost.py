"""Money: what sites and beds cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from scheduler.offers.days import IntArray
from scheduler.offers.facts import Facts
from scheduler.offers.options import DemandClass, Menu, PartyOptions
from scheduler.offers.parties import Party
from scheduler.rules.rule import Rule
from scheduler.rules.statements import Cost, Rows, Terms, Unary, at_most


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
    """Site fees stay within a budget.

    For each program p with most_fees:  Σ_{o of p} fee_per_week · weeks_o · students · x_o ≤ most_fees_p; and the same over all
    programs with `total`, if that is not 0.

    Reads sites (fee_per_week), programs (most_fees). Example: 50 a week and a budget of 500: one placement of 8 weeks, not two.
    """

    id = "budget"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        fee = fee_of_site(self.facts)[menu.site] * menu.weeks
        programs = np.array([cls.key.program for cls in classes])
        total = int(str(self.setting.parameters["total"]))
        limits = [(p.program, p.most_fees) for p in self.facts.instance.programs if p.most_fees is not None]
        for program, most in [*limits, *([("", total)] if total > 0 else [])]:
            found = np.flatnonzero(fee > 0)
            if program and len(found):
                found = found[programs[menu.cls[found]] == program]
            if len(found):
                terms = Terms.of(np.zeros(len(found)), found, fee[found])
                yield at_most([most], terms, name=lambda _, n=program: f"fees of {n or 'all'}", count="students")  # type: ignore[misc]  # default binds the loop variable
