"""An instance as the rules see it: parties, demands, families, offers and settings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from scheduler.domain import RULES, Instance, Setting
from scheduler.offers.asking import Asking
from scheduler.offers.days import Clock
from scheduler.offers.offers import Offers, make_offers
from scheduler.offers.parties import Demand, Family, Party


class Facts:
    """An instance as the rules see it: parties, demands, families, settings and the clock.

    Attributes
    ----------
    instance
        The instance itself.
    parties, demands, families
        Everything to be placed; the indices inside refer to these tuples.
    clock
        The frame that turns dates into days.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.clock = Clock.of(instance)
        builder = Asking(instance, self.clock)
        self.parties: tuple[Party, ...] = tuple(builder.parties)
        self.demands: tuple[Demand, ...] = tuple(builder.demands)
        self.families: tuple[Family, ...] = tuple(builder.families)

    def setting(self, rule: str) -> Setting:
        """The policy's setting of a rule."""
        return self.instance.policy.setting(RULES[rule])

    @cached_property
    def offers(self) -> Offers:
        """All that can be had, free of students."""
        return make_offers(self.instance)

    @cached_property
    def family_of(self) -> Mapping[int, Family]:
        """Family by party index."""
        return {p: family for family in self.families for p in family.parties}
