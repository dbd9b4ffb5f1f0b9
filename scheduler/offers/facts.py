"""An instance as the rules see it: parties, demands, families, offers and settings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from scheduler.domain import RULES, Instance, Setting
from scheduler.offers.asking import Asking
from scheduler.offers.days import BoolArray, Clock, IntArray
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

    # -- columns by demand and by slot, looked up once for all classes and families --------------------------------

    @cached_property
    def is_block(self) -> BoolArray:
        """By demand: whether it takes the student's weeks (lane *block*)."""
        return np.array([d.requirement.lane == "block" for d in self.demands], dtype=bool)

    @cached_property
    def excusing(self) -> BoolArray:
        """By slot: whether it excuses from some sessions."""
        return np.array([bool(slot.excuses) for slot in self.instance.slots], dtype=bool)

    @cached_property
    def teaches(self) -> BoolArray:
        """By slot and specialty: whether the slot teaches it."""
        index, units = self.offers.codes.specialty_index, self.instance.unit_by_id
        found = np.zeros((len(self.instance.slots), len(index)), dtype=bool)
        for i, slot in enumerate(self.instance.slots):
            taught = (slot.specialty,) if slot.specialty else units[slot.unit].specialties
            found[i, [index[s] for s in taught]] = True
        return found

    @cached_property
    def weekly_minutes(self) -> IntArray:
        """By slot: minutes a week, 0 where the slot does not say."""
        return np.array([(s.hours_per_week or 0) * 60 for s in self.instance.slots], dtype=np.int64)

    @cached_property
    def slot_weeks(self) -> IntArray:
        """By slot: its length where that is given in weeks, else 0."""
        slots = self.instance.slots
        return np.array([s.length if s.length and s.length_unit == "weeks" else 0 for s in slots], dtype=np.int64)

    @cached_property
    def groups_with_calendar(self) -> frozenset[str]:
        """Groups that have calendar rows of their own."""
        return frozenset(row.group for row in self.instance.calendar if row.group)

    @cached_property
    def family_of(self) -> Mapping[int, Family]:
        """Family by party index."""
        return {p: family for family in self.families for p in family.parties}
