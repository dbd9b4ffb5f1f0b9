"""An instance as the rules see it: parties, demands, families, offers and settings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

import numpy as np

from scheduler.domain import RULES, Instance, Setting
from scheduler.domain.tables import Preceptor
from scheduler.offers.asking import Asking
from scheduler.offers.days import BoolArray, Clock, IntArray, Scope
from scheduler.offers.lodging import Lodging
from scheduler.offers.offers import Offers, make_offers
from scheduler.offers.parties import Demand, Family, Party
from scheduler.offers.teams import Teams, make_teams, nobody
from scheduler.offers.touched import TouchedPlaces


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
    def teams(self) -> Teams:
        """All interprofessional teams that can meet; none where nobody is asked to be in one."""
        wanted = self.setting("ipe_team").kind != "off" and any(p.least_ipe_weeks for p in self.instance.programs)
        return make_teams(self.instance, self.offers) if wanted else nobody(self.instance)

    @cached_property
    def lodging(self) -> Lodging:
        """Distances from home, and who lodges where."""
        beyond_km = self.setting("housing").number("km")
        return Lodging(self.instance, self.clock, self.parties, beyond_km)

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
    def arranged(self) -> BoolArray:
        """By slot: whether it was arranged for somebody."""
        return np.array([bool(slot.kept_for) for slot in self.instance.slots], dtype=bool)

    @cached_property
    def places(self) -> IntArray:
        """By slot: the slot whose places it has, itself or the one that it is part of."""
        index = self.offers.codes.slot_index
        return np.array([index[s.part_of or s.slot] for s in self.instance.slots], dtype=np.int64)

    @cached_property
    def teaches(self) -> BoolArray:
        """By slot and specialty: whether the slot teaches it."""
        index, units = self.offers.codes.specialty_index, self.instance.unit_by_id
        found = np.zeros((len(self.instance.slots), len(index)), dtype=bool)
        for i, slot in enumerate(self.instance.slots):
            taught = (slot.specialty,) if slot.specialty else units[slot.unit].specialties
            found[i, [index[s] for s in taught]] = True
        return found

    # -- preceptors, looked up once -----------------------------------------------------------------------------------

    def supervising(self, profession: str) -> BoolArray:
        """By preceptor: whether students of a profession are supervised; the last entry stands for no preceptor."""
        if profession not in self._supervising:
            people = self.instance.preceptors
            self._supervising[profession] = np.array([*(_supervises(p, profession) for p in people), True], dtype=bool)
        return self._supervising[profession]

    @cached_property
    def _supervising(self) -> dict[str, BoolArray]:
        return {}

    @cached_property
    def teaching(self) -> BoolArray:
        """By preceptor and specialty: whether it is taught; the last row stands for no preceptor, the last column for none."""
        people, index = self.instance.preceptors, self.offers.codes.specialty_index
        able = np.ones((len(people) + 1, len(index) + 1), dtype=bool)
        for i, person in enumerate(people):
            if person.specialties:
                able[i] = False
                able[i, [index[s] for s in person.specialties if s in index]] = True
        return able

    @cached_property
    def cover_of(self) -> IntArray:
        """By preceptor: who covers; −1 for nobody. The last entry stands for no preceptor."""
        index = self.offers.codes.preceptor_index
        return np.array([*(index[p.cover] if p.cover else -1 for p in self.instance.preceptors), -1], dtype=np.int64)

    @cached_property
    def away(self) -> TouchedPlaces:
        """When preceptors are unavailable."""
        index, scopes = self.offers.codes.preceptor_index, defaultdict[int, list[Scope]](list)
        for row in self.instance.availability:
            if row.who_kind == "preceptor" and row.status == "unavailable" and row.who in index:
                scopes[index[row.who]].append(self.clock.scope(row))
        return TouchedPlaces(dict(scopes), self.clock, len(index))

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


def _supervises(person: Preceptor, profession: str) -> bool:
    professions = person.supervises or ((person.licence,) if person.licence else ())
    return not professions or profession in professions
