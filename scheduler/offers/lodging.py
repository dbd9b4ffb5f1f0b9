"""How far from home sites are, who has to lodge there, and where there is housing (docs/concepts.md, Travel and lodging)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from scheduler.domain import Instance
from scheduler.domain.tables import Housing, Site
from scheduler.offers.days import BoolArray, Clock, IntArray, mask_of
from scheduler.offers.parties import Party
from scheduler.offers.windows import held_days, next_marked

EARTH_RADIUS_KM = 6371
#: The distance of what has no coordinates, or is not travelled to: nothing is nearer.
UNKNOWN = -1

Degrees = NDArray[np.float64]


class Stays(Protocol):
    """Arrays that say where and when options are (equal lengths)."""

    @property
    def unit(self) -> IntArray: ...
    @property
    def site(self) -> IntArray: ...
    @property
    def start(self) -> IntArray: ...
    @property
    def end(self) -> IntArray: ...


def great_circle_km(a: Degrees, b: Degrees) -> IntArray:
    """Whole kilometres between each of `a` and each of `b` (rows of latitude and longitude); `UNKNOWN` where one is not known."""
    (lat_a, lon_a), (lat_b, lon_b) = np.radians(a.T)[:, :, None], np.radians(b.T)[:, None, :]
    half = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1)))
    return np.where(np.isnan(km), UNKNOWN, np.floor(np.nan_to_num(km) + 0.5)).astype(np.int64)


def _degrees(places: Iterable[tuple[float | None, float | None]]) -> Degrees:
    known = [(lat, lon) if lat is not None and lon is not None else (np.nan, np.nan) for lat, lon in places]
    return np.array(known, dtype=np.float64).reshape(-1, 2)


class Lodging:
    """Distances and lodging of parties by site.

    Attributes
    ----------
    km
        By party and site: how far the student lives who lives farthest; `UNKNOWN` where no home is known.
    daily_km
        The same for those of its students who come every day.
    lodgers
        By party and site: how many of its students live too far for that.
    lodges
        By party and site: whether anybody does.
    apart
        By site and site: how far they are from each other.
    key
        By site: a number for the lodging there, the same for all sites of a region; from 1 on.
    """

    def __init__(self, instance: Instance, clock: Clock, parties: Sequence[Party], beyond_km: int) -> None:
        self.clock = clock
        self._sites: tuple[Site, ...] = tuple(instance.site_by_id.values())
        sites = _degrees((site.lat, site.lon) for site in self._sites)
        people = instance.student_by_id
        homes = [(party.index, (people[s].home_lat, people[s].home_lon)) for party in parties for s in party.members]
        homes = [(party, home) for party, home in homes if None not in home]
        limits = [instance.program_by_id[party.program].most_distance_km for party in parties]
        daily = np.array([beyond_km if limit is None else limit for limit in limits], dtype=np.int64)
        whose = np.array([party for party, _ in homes], dtype=np.int64)
        km = great_circle_km(_degrees(home for _, home in homes), sites)
        far = km > np.maximum(daily, 0)[whose, None]
        self.km, self.daily_km = np.full((2, len(parties), len(self._sites)), UNKNOWN, dtype=np.int64)
        self.lodgers = np.zeros_like(self.km)
        np.maximum.at(self.km, whose, km)
        np.maximum.at(self.daily_km, whose, np.where(far, UNKNOWN, km))
        np.add.at(self.lodgers, whose, far.astype(np.int64))
        sizes = np.array([party.size for party in parties], dtype=np.int64)
        self.lodgers = np.minimum(self.lodgers, sizes[:, None])  # who is in which part of a group is open
        self.lodges: BoolArray = self.lodgers > 0
        self._remote = np.array([unit.mode == "telehealth" for unit in instance.unit_by_id.values()], dtype=bool)
        self.apart = great_circle_km(sites, sites)
        keys = [("region", site.region) if site.region else ("site", site.site) for site in self._sites]
        number = {key: i for i, key in enumerate(dict.fromkeys(keys), 1)}
        self.key = np.array([number[key] for key in keys], dtype=np.int64)
        self._rows: Mapping[str, list[Housing]] = defaultdict(list)
        for row in instance.housing:
            self._rows[row.site].append(row)

    def on_site(self, options: Stays) -> BoolArray:
        """Which options are travelled to."""
        return ~self._remote[options.unit]

    def distance(self, party: int, options: Stays) -> IntArray:
        """How far a party has to each of its options."""
        return np.where(self.on_site(options), self.km[party][options.site], UNKNOWN)

    def lodged(self, party: IntArray | int, options: Stays) -> BoolArray:
        """With which options a student of the party lodges; `party` says whose each of them is."""
        return np.asarray(self.lodges[party, options.site] & self.on_site(options), dtype=bool)

    # -- housing ------------------------------------------------------------------------------------------------------

    def rows(self, site: int) -> list[Housing]:
        """The housing of a site."""
        return self._rows.get(self._sites[site].site, [])

    def housed(self, options: Stays) -> BoolArray:
        """Which options have housing for the whole stay: a night for the first day, and every one to the day before the last."""
        begins, without = self._stays
        start, night = options.start, last_night(options)
        return np.asarray(begins[options.site, start] & (without[options.site, start] > night), dtype=bool)

    @cached_property
    def _stays(self) -> tuple[BoolArray, IntArray]:
        """By site and day: whether a stay can begin with it, and the first night from it on without housing."""
        begins = np.zeros((len(self._sites), self.clock.days), dtype=bool)
        without = np.tile(np.arange(self.clock.days), (len(self._sites), 1))
        for i in range(len(self._sites)):
            rows = [row for row in self.rows(i) if row.beds]
            without[i] = next_marked(~held_days(rows, self.clock))
            for row in rows:
                begins[i] |= self._receives(row)
        return begins, without

    def _receives(self, row: Housing) -> BoolArray:
        """By day: whether the row holds and its last day of arrival up to then is one of its dates."""
        days = np.arange(self.clock.days)
        ago = np.full(len(days), self.clock.days, dtype=np.int64)
        mask = mask_of(row.from_weekday)
        for back in range(6, -1, -1):
            ago[mask >> (days - back) % 7 & 1 == 1] = back
        arrived = days - ago >= self.clock.day(row.start)
        return np.asarray(arrived & (days <= self.clock.day(row.end)) & (ago < 7), dtype=bool)

    @cached_property
    def cost_a_week(self) -> IntArray:
        """By site and first day of a stay: what the cheapest housing asks for a week; 0 where there is none."""
        cost = np.zeros((len(self._sites), self.clock.days), dtype=np.int64)
        for i in range(len(self._sites)):
            for row in sorted((row for row in self.rows(i) if row.beds), key=lambda row: -row.cost):
                cost[i, self._receives(row)] = row.cost
        return cost


def last_night(options: Stays) -> IntArray:
    """The day on whose night each option's students sleep there for the last time."""
    return np.maximum(options.start, options.end - 1)
