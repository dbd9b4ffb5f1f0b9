"""Homes, distances and lodging (docs/concepts.md, Travel and lodging)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from scheduler.offers.days import BoolArray, IntArray, periods
from scheduler.offers.lodging import last_night
from scheduler.offers.options import DemandClass, Menu, PartyOptions
from scheduler.offers.parties import Family, Party
from scheduler.offers.windows import held_days
from scheduler.rules.limits import Limits
from scheduler.rules.people import MostDifferent
from scheduler.rules.places import by_value
from scheduler.rules.rule import Rule
from scheduler.rules.statements import Cost, Drop, Rows, Switch, Terms, Unary, Walk, at_most


class Distance(Rule):
    """Nobody is placed too far from home.

    With km_o the great-circle distance of the student who lives farthest, drops option o if km_o > most_distance_km, unless
    there is housing on every night of it and km_o ≤ most_distance_housed_km.

    Reads programs, students (home_lat, home_lon), sites (lat, lon), housing. Example: at most 60 km, a site 75 km away with
    beds to 30 September: a placement to 2 October is dropped.
    """

    id = "distance"

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        program = self.facts.instance.program_by_id[party.program]
        most, housed_most = program.most_distance_km, program.most_distance_housed_km
        lodging = self.facts.lodging
        if most is None or not len(options):
            return
        km = lodging.distance(party.index, options)
        far = km > most
        if far.any():
            if housed_most is not None:
                yield Drop(far & (km > housed_most), f"farther than {max(most, housed_most)} km from home")
            yield Drop(far & ~lodging.housed(options), f"farther than {most} km from home without housing for the whole stay")


class Car(Rule):
    """Sites that need a car have only students who drive.

    Drops option o at a site marked needs_car if a student of the party does not drive. Reads sites (needs_car), students
    (drives), units (mode). Example: a clinic off the bus line and a student without a car: not there.
    """

    id = "car"

    @cached_property
    def _needs_car(self) -> BoolArray:
        return np.array([site.needs_car for site in self.facts.instance.site_by_id.values()], dtype=bool)

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        people = self.facts.instance.student_by_id
        if self._needs_car.any() and not all(people[s].drives for s in party.members):
            yield Drop(self._needs_car[options.site] & self.facts.lodging.on_site(options), "at sites that need a car")


class Housing(Rule):
    """A site lodges no more students on a night than it has beds.

    For each site h with housing and each stretch t of nights with the same rows of it:
    Σ_{o at h, sleeping there in t} students of o who live too far · x_o ≤ Σ beds of these rows.

    Reads housing, students (home_lat, home_lon), sites (lat, lon), programs (most_distance_km). Example: two beds in October,
    three students from 90 km away: one of them goes in November, or elsewhere.
    """

    id = "housing"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        lodging, soft = self.facts.lodging, self.setting.kind == "soft"
        on_site, clock = lodging.on_site(menu), self.facts.clock
        for site, found in by_value(np.where(on_site, menu.site, -1)).items():
            if site < 0 or not (rows := lodging.rows(site)) or not lodging.lodges[:, site].any():
                continue
            beds = np.zeros(clock.days, dtype=np.int64)
            for row in rows:
                beds += row.beds * held_days([row], clock)
            beds = np.where(held_days(rows, clock), beds, -1)
            limits = Limits(clock, "parties", soft=soft)
            limits.begin()
            cuts = [0, *(np.flatnonzero(np.diff(beds)) + 1).tolist(), clock.days]
            here = menu.take(found)
            for first, after in pairwise(cuts):
                if beds[first] >= 0:
                    p = periods(here.start, last_night(here), first=first, last=after - 1, maximal=not soft)
                    name = f"beds at {self.facts.offers.codes.sites[site]}"
                    limits.add(name, p, found, np.full(p.count, beds[first]), label=1)
            yield from limits.rows(lodging.lodges[:, site].astype(int).tolist(), lodging.lodgers[:, site].tolist())


class MostLodgings(MostDifferent):
    """A student lodges in no more than most_relocations places.

    For each student and lodging l (a region, or a site without one), with switch g_l:  Σ_{o lodged in l} x_o governed by g_l,
    and Σ_l g_l ≤ most_relocations.

    Reads programs, sites (region). Example: at most 1, rotations in the north and in the west, both far from home: one moves.
    """

    id = "most_lodgings"

    def limit(self, party: Party) -> int | None:
        return self.facts.instance.program_by_id[party.program].most_relocations

    def column(self, options: PartyOptions) -> IntArray:
        lodging = self.facts.lodging
        return np.where(lodging.lodged(options.party, options), lodging.key[options.site], -1)


class Relocation(Rule):
    """Changes of lodging from one block placement of a party to its next.

    Number of consecutive block placements, by date, whose lodgings differ: home, a region, or a site without one.

    Reads students (home_lat, home_lon), sites (lat, lon, region), programs (most_distance_km). Example: home, north, north,
    home: 2.
    """

    id = "relocation"

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Walk]:
        lodging = self.facts.lodging
        key = np.where(lodging.lodged(options.party, options), lodging.key[options.site], 0)
        block = self.facts.is_block[options.demand]
        for p in family.parties:
            chain = np.flatnonzero(block & (options.party == p))
            if len(np.unique(key[chain])) > 1:
                yield Walk(p, chain, Switch(key[chain]), 1, options.start[chain], options.end[chain])


class Travel(Rule):
    """Daily travel between home and site.

    Σ_o ⌊km_o ÷ km_per_point⌋ · x_o, with km_o the way of the student who lives farthest of those who are not lodged.

    Reads students (home_lat, home_lon), sites (lat, lon), programs (most_distance_km). Example: 39 km at 10 a point: 3.
    """

    id = "travel"

    def screen_party(self, party: Party, options: PartyOptions) -> Iterator[Unary]:
        lodging = self.facts.lodging
        km = np.where(lodging.on_site(options), lodging.daily_km[party.index][options.site], 0)
        each = max(1, self.setting.number("km_per_point"))
        yield Cost(np.maximum(km, 0) // each)


class FarApart(Rule):
    """A longitudinal placement is not far from the student's other placement in the same week.

    For each student, rotation l with n placements and each site and weeks w of options of a longitudinal rotation of one
    placement:  n · Σ_{o there, in w} x_o + Σ_{o' of l, more than most_km away, touching a week of w} x_o' ≤ n.
    Where both may be split, for each longitudinal option o instead of each site and weeks.

    Reads sites (lat, lon), requirements (lane). Example: a Friday clinic and a block 70 km away in weeks 3 to 6: not both.
    """

    id = "far_apart"

    def bind_family(self, family: Family, options: PartyOptions) -> Iterator[Rows]:
        block = self.facts.is_block[options.demand]
        here = self.facts.lodging.on_site(options)
        found = {
            key: where[here[where]]
            for key, where in by_value(options.party * len(self.facts.demands) + options.demand).items()
            if here[where].any()
        }
        seen: set[tuple[int, int]] = set()
        for member in family.members:
            own = [key for key in found if key // len(self.facts.demands) in member.parties]
            for i, a in enumerate(own):
                for b in own[i:]:
                    blocks = int(block[found[a][0]]) + int(block[found[b][0]])
                    if (a, b) not in seen and blocks < 2:
                        seen.add((a, b))
                        yield from self._pair(options, found[a], found[b], member.name)

    def _pair(self, options: PartyOptions, a: IntArray, b: IntArray, name: str) -> Iterator[Rows]:
        """Rows that keep options `a` of one rotation from options `b` of another (or the same) that are too far away."""
        single = [self.facts.demands[int(options.demand[x[0]])].single for x in (a, b)]
        same = bool(a[0] == b[0])
        if same and single[0]:
            return
        if single[1] and not single[0]:
            a, b = b, a
        columns = np.stack([options.site[a], options.first_week[a], options.last_week[a]])
        if not any(single):
            columns = np.stack([*columns, a])
        profiles, which = np.unique(columns, axis=1, return_inverse=True)
        site, first, last = (column[:, None] for column in profiles[:3])
        far = self.facts.lodging.apart[site, options.site[b]] > self.setting.number("most_km")
        far &= (options.first_week[b] <= last) & (options.last_week[b] >= first)
        if same:
            far &= profiles[3][:, None] < b
        concerned = far.any(axis=1)
        if concerned.any():
            number = np.cumsum(concerned) - 1
            mine = concerned[which.ravel()]
            row, column = np.nonzero(far[concerned])
            n = self.facts.demands[int(options.demand[b[0]])].requirement.blocks
            yield at_most(
                np.full(int(concerned.sum()), n),
                Terms.of(
                    np.concatenate([number[which.ravel()[mine]], row]),
                    np.concatenate([a[mine], b[column]]),
                    np.concatenate([np.full(int(mine.sum()), n), np.ones(len(row), dtype=np.int64)]),
                ),
                name=lambda _: name,
            )
