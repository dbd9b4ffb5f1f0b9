"""Pins, how much a student has to move, preferences, and who is worst off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from scheduler.domain.tables import Pin as PinRow
from scheduler.domain.tables import Preference as PreferenceRow
from scheduler.domain.tables.wishes import NO_TEAM
from scheduler.offers.days import BoolArray, IntArray, mask_of
from scheduler.offers.options import DemandClass, Menu, Options, PartyOptions
from scheduler.offers.parties import Family, Party
from scheduler.rules.rule import Rule
from scheduler.rules.statements import (
    FREE,
    Cost,
    Drop,
    Measures,
    Rows,
    Span,
    Switch,
    Terms,
    Unary,
    Vars,
    Walk,
    at_least,
    at_most,
    at_most_kinds,
    integers,
)
from scheduler.rules.wishes import applies, matches, wishes_of


class _Pins(Rule):
    """What pins have in common: whom they are about, and what they match."""

    def pins_of(self, party: Party, kind: str) -> list[PinRow]:
        """Pins of a kind that are about a party."""
        return [pin for pin in self.all_pins_of(party, kind) if pin.part in (None, party.part)]

    def all_pins_of(self, party: Party, kind: str) -> list[PinRow]:
        """Pins of a kind that are about a student, or about a group or any of its parts."""
        who = ("group", party.group) if party.group else ("student", party.student)
        return [pin for pin in self._by_who.get(who, ()) if pin.pin == kind]

    @cached_property
    def _by_who(self) -> Mapping[tuple[str, str], list[PinRow]]:
        found: dict[tuple[str, str], list[PinRow]] = defaultdict(list)
        for pin in self.facts.instance.pins:
            found[("group", pin.group) if pin.group else ("student", pin.student or "")].append(pin)
        return found

    def matched(self, pin: PinRow, options: PartyOptions) -> BoolArray:
        """Which options have everything that the pin names."""
        return self.pinned(pin, options) & self.fits(pin, options)

    def fits(self, pin: PinRow, options: Options) -> BoolArray:
        """Which options have the slot, unit, start, weekdays, preceptors and team that the pin names."""
        codes = self.facts.offers.codes
        found = np.ones(len(options), dtype=bool)
        if pin.slot is not None:
            found = found & (options.slot == codes.slot_index[pin.slot])
        if pin.unit is not None:
            found = found & (options.unit == codes.unit_index.get(pin.unit, -2))
        if pin.start is not None:
            found = found & (options.start == self.facts.clock.day(pin.start))
        if pin.preceptor is not None:
            who = codes.preceptor_index[pin.preceptor]
            found = found & ((options.preceptor == who) | (options.co == who))
        if pin.weekdays is not None:
            found = found & (options.days == mask_of(pin.weekdays))
        if pin.co_preceptor is not None:
            found = found & (options.co == codes.preceptor_index[pin.co_preceptor])
        if pin.team is not None:
            found = found & (options.team == self._teams.get(pin.team, -2))
        return found

    @cached_property
    def _teams(self) -> Mapping[str, int]:
        """Teams by the names that schedules give them; −1: no team."""
        teams = self.facts.teams
        return {NO_TEAM: -1} | {teams.name(k, self.facts.clock.first_monday): k for k in range(len(teams))}

    def pinned(self, pin: PinRow, options: PartyOptions) -> BoolArray:
        """Which options are of the pinned required rotation (all, where it names none)."""
        if pin.requirement is None:
            return np.ones(len(options), dtype=bool)
        here = (self.facts.demands[d] for d in np.unique(options.demand).tolist())
        concerned = [d.index for d in here if d.requirement.requirement == pin.requirement]
        return np.isin(options.demand, concerned)


class Pin(_Pins):
    """A 'must' has a placement that matches it, and its rotation nowhere else; a 'must not' has none.

    must:      drops options of the pinned rotation that match none of its pins (where it is named), and Σ_{o matching} x_o ≥ 1
               over the student, or over the group and its parts (where the pin names a part: over that part).
    must not:  drops matching options.

    Reads pins. Never relaxed. Example: s1 must have slot k in week 3: the only option of this rotation left.
    """

    id = "pin"

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        for pin in self.pins_of(party, "must not"):
            yield Drop(self.matched(pin, options), "pinned elsewhere ('must not')")
        musts = [pin for pin in self.pins_of(party, "must") if pin.requirement is not None]
        for name in dict.fromkeys(pin.requirement for pin in musts):
            pins = [pin for pin in musts if pin.requirement == name]
            matching = np.logical_or.reduce([self.matched(pin, options) for pin in pins])
            yield Drop(self.pinned(pins[0], options) & ~matching, "pinned elsewhere ('must')")

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        for party in (self.facts.parties[p] for p in family.parties):
            if party.part:
                continue  # what a part takes counts for its group
            mine = [q for q in family.parties if self._same(self.facts.parties[q], party)]
            for pin in self.all_pins_of(party, "must"):
                whose = [q for q in mine if pin.part in (None, self.facts.parties[q].part)]
                found = np.flatnonzero(self.matched(pin, options) & np.isin(options.party, whose))
                yield at_least([1], Terms.of(np.zeros(len(found)), found), name=lambda _, n=party.id: f"pin of {n}")  # type: ignore[misc]  # default binds the loop variable

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        # somebody of whom nothing is asked has no placement: there a 'must' cannot be
        known = {party.student or party.group for party in self.facts.parties}
        for pin in self.facts.instance.pins:
            if pin.pin == "must" and (pin.student or pin.group) not in known:
                yield at_least([1], Terms.of([], []), name=lambda _, n=pin.student or pin.group: f"pin of {n}")  # type: ignore[misc]  # default binds the loop variable

    @staticmethod
    def _same(a: Party, b: Party) -> bool:
        return (a.student, a.group) == (b.student, b.group)


class PinWish(_Pins):
    """Placements that match a 'prefer' pin win a point.

    −Σ_o x_o over the options that match any such pin. Reads pins. Example: last year's unit is preferred and got: −1.
    """

    id = "pin_wish"

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        matching = [self.matched(pin, options) for pin in self.pins_of(party, "prefer")]
        if matching:
            yield Cost(-np.logical_or.reduce(matching).astype(np.int64))


class MostDifferent(Rule):
    """At most n different values of a column in a student's placements; negative values do not count."""

    def limit(self, party: Party) -> int | None:
        """The limit for a party's students."""
        raise NotImplementedError

    def column(self, options: PartyOptions) -> IntArray:
        """The column whose values are counted."""
        raise NotImplementedError

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        seen: set[tuple[int, ...]] = set()
        for member in family.members:
            most = self.limit(self.facts.parties[member.parties[0]])
            column = self.column(options)
            found = np.flatnonzero(np.isin(options.party, member.parties) & (column >= 0))
            values, which = np.unique(column[found], return_inverse=True)
            n = len(values)
            if most is None or n <= most or member.parties in seen:
                continue
            seen.add(member.parties)
            yield at_most_kinds([most], Terms.of(which.ravel(), found), np.zeros(n), name=lambda _, m=member: m.name)  # type: ignore[misc]  # default binds the loop variable


class MostSites(MostDifferent):
    """A student has placements at no more than most_sites sites.

    For each student and site h, with switch g_h:  Σ_{o at h} x_o governed by g_h, and Σ_h g_h ≤ most_sites.

    Reads programs. Example: at most 2 sites, three rotations at three sites: one of them moves.
    """

    id = "most_sites"

    def limit(self, party: Party) -> int | None:
        return self.facts.instance.program_by_id[party.program].most_sites

    def column(self, options: PartyOptions) -> IntArray:
        return options.site


class MostSpecialties(MostDifferent):
    """A student has placements in no more than most_specialties specialties.

    For each student and specialty e, with switch g_e:  Σ_{o in e} x_o governed by g_e, and Σ_e g_e ≤ most_specialties.

    Reads programs. Example: at most 1 specialty, two rotations that accept medicine or surgery: both the same.
    """

    id = "most_specialties"

    def limit(self, party: Party) -> int | None:
        return self.facts.instance.program_by_id[party.program].most_specialties

    def column(self, options: PartyOptions) -> IntArray:
        return options.specialty


class MostPerSite(Rule):
    """A student has no more than most_per_site placements at one site.

    For each student and site h:  Σ_{o at h} x_o ≤ most_per_site.

    Reads programs. Example: at most 2 at one site, three rotations: not all at the same.
    """

    id = "most_per_site"

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        seen: set[tuple[int, ...]] = set()
        for member in family.members:
            program = self.facts.parties[member.parties[0]].program
            most = self.facts.instance.program_by_id[program].most_per_site
            if most is None or member.parties in seen or (len(member.demands) <= most and not self._split(member.demands)):
                continue
            seen.add(member.parties)
            found = np.flatnonzero(np.isin(options.party, member.parties))
            sites, which = np.unique(options.site[found], return_inverse=True)
            names = [f"{member.name} at {self.facts.offers.codes.sites[site]}" for site in sites.tolist()]
            yield at_most(np.full(len(sites), most), Terms.of(which.ravel(), found), name=names.__getitem__)

    def _split(self, demands: Sequence[int]) -> bool:
        return any(not self.facts.demands[d].single for d in demands)


class Preference(Rule):
    """What students, groups and schools would like.

    Σ_o cost_o · x_o with cost_o = −(points of the scores that match o) + Σ over ranked lists that apply to o of: best matching
    rank − 1; for a place that the list does not name, its largest rank ('last'), or 0 ('indifferent'), or dropped ('refused').

    Reads preferences. Example: sites ranked north 1, south 2, and 'last': north 0, south 1, any other 2.
    """

    id = "preference"

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        cost = np.zeros(len(options), dtype=np.int64)
        lists: dict[tuple[str, str, str | None, str], list[PreferenceRow]] = defaultdict(list)
        for wish in wishes_of(self.facts, party):
            if wish.score is not None and not wish.refuse:
                cost -= wish.score * matches(self.facts, wish, options)
            elif wish.rank is not None and not wish.refuse:
                lists[wish.who_kind, wish.who, wish.requirement, wish.what].append(wish)
        unranked = self.setting.parameters["unranked"]
        for wishes in lists.values():
            concerned = applies(self.facts, wishes[0], options)
            worst = max(w.rank or 1 for w in wishes)
            rank = np.full(len(options), worst + 1, dtype=np.int64)
            for wish in wishes:
                rank = np.where(matches(self.facts, wish, options), np.minimum(rank, wish.rank or 1), rank)
            listed = rank <= worst
            if unranked == "refused":
                yield Drop(concerned & ~listed, "not on the preference list")
            elif unranked == "indifferent":
                rank = np.where(listed, rank, 1)
            cost += np.where(concerned, rank - 1, 0)
        yield Cost(cost)


class _Sequence(Rule):
    """A walk over each party's block placements by date."""

    def walk(self, party: Party, options: PartyOptions, chain: IntArray) -> Switch | Span:
        """The form of the walk over the chain's options."""
        raise NotImplementedError

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows | Walk]:
        block = self.facts.is_block[options.demand]
        for p in family.parties:
            party = self.facts.parties[p]
            chain = np.flatnonzero(block & (options.party == p))
            scores = [w.score for w in wishes_of(self.facts, party) if w.what == self.id and w.score is not None]
            each = max(0, -scores[0]) if scores else 1
            if len(chain) and each:
                form = self.walk(party, options, chain)
                yield Walk(p, chain, form, each, options.start[chain], options.end[chain])


class Waiting(_Sequence):
    """Weeks of waiting before and between a party's block placements.

    each · (weeks from the party's first possible week to its last block placement that no block placement touches).

    Reads preferences (waiting), students (available_from). Example: placements in weeks 1–2 and 5–6: 2.
    """

    id = "waiting"

    def walk(self, party: Party, options: PartyOptions, chain: IntArray) -> Span:
        return Span(options.first_week[chain], options.last_week[chain], max(party.available_from or 0, 0) // 7)


class SiteChange(_Sequence):
    """Changes of site from one block placement of a party to its next.

    each · (number of consecutive block placements, by date, at different sites).

    Reads preferences (site_change), units. Example: mercy, mercy, north, mercy: 2.
    """

    id = "site_change"

    def walk(self, party: Party, options: PartyOptions, chain: IntArray) -> Switch:
        return Switch(options.site[chain])


class WorstOff(Rule):
    """The party that pays most pays as little as possible.

    n_p · W ≥ Σ_{r ∈ rules} weight_r · penalty_{r,p} for each party p, with n_p = 1 (raw) or its number of required rotations;
    W costs 1 a point.

    Reads the policy. Example: two students, places of rank 1 and 3 for each of two rotations: one of each for both.
    """

    id = "worst_off"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        rules = tuple(r for r in self.setting.names("rules") if self.facts.setting(r).kind == "soft")
        parties = [p for p in self.facts.parties if self.rotations(p)]
        if not rules or not parties:
            return
        raw = self.setting.parameters["scale"] == "raw"
        n = len(parties)
        scale = np.ones(n, dtype=np.int64) if raw else integers([self.rotations(p) for p in parties])
        yield Rows(
            np.zeros(n, dtype=np.int64),
            np.full(n, FREE, dtype=np.int64),
            Terms.of([], []),
            vars=Vars(integers([-1_000_000]), integers([1_000_000]), integers([1])),
            var_terms=Terms.of(np.arange(n), np.zeros(n), scale),
            measures=Measures(rules, Terms.of(np.arange(n), [p.index for p in parties], -1)),
            firm=True,
            name=lambda k: parties[k].id,
        )

    def rotations(self, party: Party) -> int:
        """Number of a party's required rotations."""
        family = self.facts.family_of[party.index]
        split = party.is_group and not party.part and any(self.facts.parties[p].part for p in family.parties)
        chooser = party.index + 1 if split else party.index  # each part chooses, and all parts the same number
        own = [d for d in party.demands if not self.facts.demands[d].elective]
        return len(own) + sum(c.count for c in family.choices if c.party == chooser)
