"""Offers: slot × start × weekdays × preceptors, columnar and free of students."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations

import numpy as np

from scheduler.domain import Instance
from scheduler.domain.tables import Slot
from scheduler.offers.days import BoolArray, Clock, IntArray, mask_of


@dataclass(frozen=True)
class Codes:
    """Names as small integers, in the order of the instance's tables."""

    slots: tuple[str, ...]
    units: tuple[str, ...]
    sites: tuple[str, ...]
    preceptors: tuple[str, ...]
    specialties: tuple[str, ...]

    @cached_property
    def slot_index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.slots)}

    @cached_property
    def unit_index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.units)}

    @cached_property
    def site_index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.sites)}

    @cached_property
    def preceptor_index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.preceptors)}

    @cached_property
    def specialty_index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.specialties)}

    @classmethod
    def of(cls, instance: Instance) -> Codes:
        specialties: dict[str, None] = {}
        for unit in instance.unit_by_id.values():
            specialties.update(dict.fromkeys(unit.specialties))
        for slot in instance.slots:
            if slot.specialty:
                specialties[slot.specialty] = None
        return cls(
            tuple(instance.slot_by_id),
            tuple(instance.unit_by_id),
            tuple(instance.site_by_id),
            tuple(instance.preceptor_by_id),
            tuple(specialties),
        )


@dataclass(frozen=True)
class Offers:
    """All that can be had, one entry an offer (equal lengths).

    Attributes
    ----------
    slot, unit, site
        Indices into `codes`.
    start
        First day.
    days
        Weekday mask (0 where the days are the preceptor's).
    shift
        Index of the shift, −1 for the whole day.
    floating
        Whether the days are the preceptor's.
    preceptor
        Index of the preceptor, −1 for an offer without one.
    co
        Index of the co-preceptor, −1 for none. Of each two people there is one offer, in the order in which they are listed.
    last
        Planned last day; −1 where the length follows from the requirement.
    """

    codes: Codes
    slot: IntArray
    unit: IntArray
    site: IntArray
    start: IntArray
    days: IntArray
    shift: IntArray
    floating: BoolArray
    preceptor: IntArray
    co: IntArray
    last: IntArray

    def __len__(self) -> int:
        return len(self.slot)


def slot_starts(slot: Slot) -> tuple[date, ...]:
    """Every start that a slot offers, in order."""
    if slot.starts:
        return tuple(sorted(set(slot.starts)))
    if slot.first_start is None:
        return ()
    last = slot.last_start or slot.first_start
    return tuple(slot.first_start + timedelta(days=7 * k) for k in range((last - slot.first_start).days // 7 + 1))


def planned_last_day(start: date, length: int, unit: str) -> date:
    """Last day of a placement of the given length (docs/concepts.md, Length and end, 1)."""
    if unit == "weeks":
        return start + timedelta(days=7 * length - 1)
    if unit == "days":
        return start + timedelta(days=length - 1)
    years, month = divmod(start.month - 1 + length, 12)
    first_after = date(start.year + years + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    days_in_month = (first_after - timedelta(days=1)).day
    return date(start.year + years, month + 1, min(start.day, days_in_month)) - timedelta(days=1)


def slot_masks(slot: Slot) -> tuple[int, ...]:
    """The weekday masks that a slot offers: one, or every choice of `days_per_week` days."""
    if slot.pattern == "follows":
        return (0,)
    if slot.pattern == "any" and slot.days_per_week:
        return tuple(mask_of(chosen) for chosen in combinations(slot.weekdays, min(slot.days_per_week, len(slot.weekdays))))
    return (mask_of(slot.weekdays),)


def slot_preceptors(instance: Instance) -> dict[str, tuple[str, ...]]:
    """Preceptors who can take students of each slot: those it names, else those who list its unit."""
    of_unit: dict[str, list[str]] = defaultdict(list)
    for person in instance.preceptors:
        if person.kind != "faculty":
            for unit in person.units:
                of_unit[unit].append(person.preceptor)
    return {s.slot: s.preceptors or tuple(of_unit[s.unit]) for s in instance.slots}


def _by_supervision(instance: Instance) -> dict[str, frozenset[str]]:
    """Specialties for which somebody needs offers without a preceptor, with one, and with two."""
    found: dict[str, set[str]] = {"alone": set(), "precepted": set(), "co-precepted": set()}
    for r in instance.requirements:
        found[r.supervision if r.supervision in found else "alone"].update(r.specialties)
    return {how: frozenset(specialties) for how, specialties in found.items()}


def _slot_offers(slot: Slot, clock: Clock, people: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int, int, int]]:
    for start in slot_starts(slot):
        first = clock.day(start)
        if not 0 <= first < clock.days:
            continue
        # a length beyond any horizon only has to stay a date
        last = -1 if slot.length is None else clock.day(planned_last_day(start, min(slot.length, 9999), slot.length_unit))
        for mask in slot_masks(slot):
            for preceptor, co in people:
                yield first, mask, preceptor, co, last


def make_offers(instance: Instance) -> Offers:
    """Expand an instance's slots into offers; preceptors only where a required rotation asks for them by name."""
    codes = Codes.of(instance)
    clock = Clock.of(instance)
    candidates = slot_preceptors(instance)
    wanted = _by_supervision(instance)
    counts, rows = [], []
    for slot in instance.slots:
        unit = instance.unit_by_id[slot.unit]
        taught = {slot.specialty} if slot.specialty else set(unit.specialties)
        own = [codes.preceptor_index[p] for p in candidates[slot.slot] if p in codes.preceptor_index]
        people = [(-1, -1)] if taught & wanted["alone"] else []
        people += [(q, -1) for q in own] if taught & wanted["precepted"] else []
        people += combinations(dict.fromkeys(own), 2) if taught & wanted["co-precepted"] else []
        offers = list(_slot_offers(slot, clock, people))
        counts.append(len(offers))
        rows += offers
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    slot_of = np.repeat(np.arange(len(instance.slots)), counts)
    unit_of_slot = np.array([codes.unit_index[s.unit] for s in instance.slots], dtype=np.int64)
    site_of_unit = np.array([codes.site_index[u.site] for u in instance.unit_by_id.values()], dtype=np.int64)
    shift_of_slot = np.array([clock.shift_index(s.shift) for s in instance.slots], dtype=np.int64)
    floating = np.array([s.pattern == "follows" for s in instance.slots], dtype=bool)
    places = unit_of_slot[slot_of] if len(slot_of) else np.zeros(0, dtype=np.int64)
    return Offers(
        codes,
        slot=slot_of.astype(np.int64),
        unit=places,
        site=site_of_unit[places] if len(places) else places,
        start=table[:, 0],
        days=table[:, 1],
        shift=shift_of_slot[slot_of] if len(slot_of) else places,
        floating=floating[slot_of] if len(slot_of) else np.zeros(0, dtype=bool),
        preceptor=table[:, 2],
        co=table[:, 3],
        last=table[:, 4],
    )
