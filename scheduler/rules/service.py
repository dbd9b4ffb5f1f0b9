"""What sites need and who sponsors: high need, languages, scholarships."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from scheduler.domain.tables import Scholarship as ScholarshipRow
from scheduler.offers.days import BoolArray
from scheduler.offers.options import PartyOptions
from scheduler.offers.parties import Party
from scheduler.rules.rule import Rule
from scheduler.rules.statements import Cost, Drop, Unary


class HighNeed(Rule):
    """Students at sites of high need.

    −Σ_{o at a site marked high_need} weeks_o · students · x_o. Reads sites (high_need). Example: a group of 4 for 6 weeks: −24.
    """

    id = "high_need"

    @cached_property
    def _marked(self) -> BoolArray:
        return np.array([site.high_need for site in self.facts.instance.site_by_id.values()], dtype=bool)

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        if self._marked.any():
            yield Cost(-options.weeks * party.size * self._marked[options.site])


class Language(Rule):
    """A student speaks a language that is needed.

    With L the languages of the site of o or, where it lists none, those of its preceptor: drops option o if L is not empty and a
    student of the party whose languages are listed speaks none of L.

    Reads sites (languages), preceptors (languages), students (languages). Example: a clinic lists spanish and english, the
    student english: fits.
    """

    id = "language"

    @cached_property
    def _index(self) -> dict[str, int]:
        instance = self.facts.instance
        listed = [site.languages for site in instance.site_by_id.values()] + [p.languages for p in instance.preceptors]
        return {name: i for i, name in enumerate(dict.fromkeys(name for names in listed for name in names))}

    @cached_property
    def _of_site(self) -> BoolArray:
        """By site and language."""
        return self._listed([site.languages for site in self.facts.instance.site_by_id.values()])

    @cached_property
    def _of_preceptor(self) -> BoolArray:
        """By preceptor and language; the last row stands for no preceptor."""
        return self._listed([*(person.languages for person in self.facts.instance.preceptors), ()])

    def _listed(self, rows: list[tuple[str, ...]]) -> BoolArray:
        marks = np.zeros((len(rows), len(self._index)), dtype=bool)
        for i, names in enumerate(rows):
            marks[i, [self._index[name] for name in names]] = True
        return marks

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        if not self._index:
            return
        people = self.facts.instance.student_by_id
        site, preceptor = self._of_site[options.site], self._of_preceptor[options.preceptor]
        needed = np.where(site.any(axis=1, keepdims=True), site, preceptor)
        missing = np.zeros(len(options), dtype=bool)
        for spoken in dict.fromkeys(people[s].languages for s in party.members):
            known = [self._index[name] for name in spoken if name in self._index]
            if spoken:
                missing |= ~needed[:, known].any(axis=1)
        yield Drop(missing & needed.any(axis=1), "without a language that is spoken there")


class Scholarship(Rule):
    """Holders of a scholarship are at its sponsoring sites.

    Drops option o of a party with a student whose scholarship has sites, for this profession, if the site of o is none of them.

    Reads scholarships, students (scholarship). Example: a rural sponsor's holder in a city hospital: 1.
    """

    id = "scholarship"

    @cached_property
    def _rows(self) -> dict[str, ScholarshipRow]:
        return {row.scholarship: row for row in self.facts.instance.scholarships if row.sites}

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        people, index = self.facts.instance.student_by_id, self.facts.offers.codes.site_index
        for held in dict.fromkeys(people[s].scholarship for s in party.members):
            row = self._rows.get(held or "")
            if row and (not row.professions or party.profession in row.professions):
                sites = [index[site] for site in row.sites if site in index]
                yield Drop(~np.isin(options.site, sites), f"at sites that do not sponsor {row.scholarship}")
