"""Who may come, and how soon: lead time, the own workplace, places that were given back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from scheduler.offers.options import DemandClass, Options, PartyOptions
from scheduler.offers.parties import Party
from scheduler.rules.access import counting
from scheduler.rules.rule import Rule
from scheduler.rules.statements import Cost, Drop, Unary


class LeadTime(Rule):
    """Sites have time to prepare before a placement starts, and more of it under a new agreement.

    Drops option o if start_o < planning date + n, with n = new_agreement_days where the school has agreements that count for
    the site of o and the program's profession and all of them begin after the planning date, else days.

    Reads agreements, the planning date. Example: planned on 1 December with 30 days: the first start is 31 December.
    """

    id = "lead_time"

    def screen_class(self, cls: DemandClass, options: Options) -> Iterator[Unary]:
        days, new_days = (self.setting.number(name) for name in ("days", "new_agreement_days"))
        planned = self.facts.clock.day(self.facts.instance.planning_date)
        new = np.array([self._is_new(cls, site) for site in self.facts.offers.codes.sites], dtype=bool)[options.site]
        yield Drop(~new & (options.start < planned + days), f"sooner than {days} days after the planning date")
        yield Drop(new & (options.start < planned + new_days), f"sooner than {new_days} days, under a new agreement")

    def _is_new(self, cls: DemandClass, site: str) -> bool:
        """Whether the school's agreements that count for a site all begin after the planning date."""
        statuses, today = counting(self.facts), self.facts.instance.planning_date
        starts = [
            row.start
            for row in self.facts.instance.agreements
            if row.school == cls.school
            and row.status in statuses
            and (not row.sites or site in row.sites)
            and (not row.professions or cls.profession in row.professions)
        ]
        return bool(starts) and all(start is not None and start > today for start in starts)


class Employer(Rule):
    """Nobody is placed where he or she works.

    Drops option o if a student of the party has its unit as employer_unit, or, with the scope 'site', a unit of its site.

    Reads students, units. Example: a student who works on 4B is not placed there; with the scope 'site' not at mercy at all.
    """

    id = "employer"

    @cached_property
    def _employers(self) -> Mapping[str, str]:
        return {s.student: s.employer_unit for s in self.facts.instance.students if s.employer_unit}

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        codes = self.facts.offers.codes
        units = {self._employers.get(student, "") for student in party.members} & codes.unit_index.keys()
        if not units:
            return
        if self.setting.parameters["scope"] == "site":
            sites = [codes.site_index[self.facts.instance.unit_by_id[unit].site] for unit in units]
            yield Drop(np.isin(options.site, sites), "at the site where the student works")
        else:
            yield Drop(np.isin(options.unit, [codes.unit_index[unit] for unit in units]), "where the student works")


class ReturnedPlaces(Rule):
    """Places that a school gave back are open to all, and still go to that school first.

    Σ_o students · x_o over the options in slots with a confirmed guarantee that was given back, of parties whose school has no
    confirmed guarantee there. Reads reservations, the planning date. Example: A gave 8 places back, a group of 6 of B takes
    them: 6.
    """

    id = "returned_places"

    @cached_property
    def _schools(self) -> Mapping[int, frozenset[str]]:
        """By slot with places that were given back: the schools with a confirmed guarantee there."""
        instance, index = self.facts.instance, self.facts.offers.codes.slot_index
        rows = [r for r in instance.reservations if r.status == "confirmed" and r.guaranteed > 0]
        back = {r.slot for r in rows if r.give_back is not None and r.give_back <= instance.planning_date}
        return {index[slot]: frozenset(r.school for r in rows if r.slot == slot) for slot in back}

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        others = [slot for slot, schools in self._schools.items() if party.school not in schools]
        if others:
            yield Cost(party.size * np.isin(self.facts.places[options.slot], others))
