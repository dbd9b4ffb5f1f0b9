"""The sizes of generated terms, and the dates of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from scheduler.generate.draws import Rng, between, stream


@dataclass(frozen=True, slots=True)
class Tier:
    """One size: all counts are met exactly.

    Attributes
    ----------
    weeks
        Length of the horizon.
    sites
        Hospitals, clinics and pharmacies over which the units are spread.
    pairs_missing_percent
        Share of school × site pairs without an agreement: the larger a region, the fewer of its sites a school knows.
    """

    name: str
    schools: int
    students: int
    units: int
    preceptors: int
    weeks: int
    sites: int
    pairs_missing_percent: int


TIERS: dict[str, Tier] = {
    tier.name: tier
    for tier in (
        Tier("xs", 2, 20, 6, 15, 16, 3, 10),
        Tier("s", 4, 100, 25, 60, 18, 6, 15),
        Tier("m", 8, 400, 80, 250, 26, 14, 25),
        Tier("l", 12, 1_000, 150, 600, 52, 26, 35),
        Tier("xl", 20, 3_000, 300, 1_500, 52, 50, 50),
        Tier("xxl", 50, 12_000, 1_000, 5_000, 52, 150, 65),
    )
}


@dataclass(frozen=True)
class Frame:
    """What everything else is drawn within: size, seed, how tight, and the dates that follow from them."""

    tier: Tier
    seed: int
    tight: bool = False

    def rng(self, purpose: str) -> Rng:
        """The source of draws for one purpose."""
        return stream(self.seed, purpose)

    @cached_property
    def first_monday(self) -> date:
        """The Monday in the week of 24 August of a drawn year: fall terms begin."""
        day = date(2026 + between(self.rng("year"), 0, 3), 8, 24)
        return day - timedelta(days=day.weekday())

    @property
    def planning_date(self) -> date:
        """Ten weeks before: schools have asked, names and papers are coming in."""
        return self.first_monday - timedelta(weeks=10)

    @property
    def last_day(self) -> date:
        """Last day of the horizon, a Sunday."""
        return self.monday(self.tier.weeks) - timedelta(days=1)

    def monday(self, week: int) -> date:
        """The Monday of a week of the horizon, from 0."""
        return self.first_monday + timedelta(weeks=week)

    def last(self, week: int) -> date:
        """The Sunday before a week: the last day of what ends with the week before it."""
        return self.monday(week) - timedelta(days=1)

    @cached_property
    def thanksgiving(self) -> date:
        """The fourth Thursday of November."""
        first = date(self.first_monday.year, 11, 1)
        return first + timedelta(days=(3 - first.weekday()) % 7 + 21)

    @cached_property
    def winter(self) -> tuple[date, date]:
        """The winter holidays: 21 December to New Year's Day."""
        year = self.first_monday.year
        return date(year, 12, 21), date(year + 1, 1, 1)

    def holds(self, start: date, end: date) -> bool:
        """Whether the horizon holds all of it."""
        return self.first_monday <= start and end <= self.last_day
