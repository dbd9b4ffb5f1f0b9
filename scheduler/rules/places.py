"""Slots and units: at most, at least, not at all; reserved places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, combinations

import numpy as np

from scheduler.domain.tables import CapacityRow
from scheduler.offers.days import ALL_MASK, BoolArray, IntArray, periods, sessions_in
from scheduler.offers.offers import slot_starts
from scheduler.offers.options import DemandClass, Menu, Options
from scheduler.rules.limits import Limits, Load, crowds
from scheduler.rules.rule import Rule
from scheduler.rules.statements import FREE, Gates, Rows, Terms, at_least, integers

CROWD_COLUMN = {"most_students": "students", "most_groups": "groups", "most_precepted": "students"}


def by_value(column: IntArray) -> dict[int, IntArray]:
    """Positions of each value of a column."""
    order = np.argsort(column, kind="stable")
    values, first = np.unique(column[order], return_index=True)
    return dict(zip(values.tolist(), np.split(order, first[1:]), strict=True)) if len(values) else {}


def filled(cells: Sequence[tuple[str, int, IntArray]]) -> Iterator[Rows]:
    """One row a cell (name, least students, columns): at least so many students there."""
    if cells:
        names, least, columns = zip(*cells, strict=True)
        row = np.repeat(np.arange(len(cells)), [len(c) for c in columns])
        yield at_least(least, Terms.of(row, np.concatenate(columns)), count="students", name=names.__getitem__)


class SlotMaximum(Rule):
    """A slot has no more students at once than it has places.

    For each slot k and each period t:  Σ_{o in k, present in t} students · x_o ≤ most_students_k.

    Reads slots. Example: two places and three students who all need weeks 1 to 4: two are placed.
    """

    id = "slot_maximum"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        soft = self.setting.kind == "soft"
        limits = Limits(self.facts.clock, "students", soft=soft)
        for k, found in by_value(self.facts.places[menu.slot]).items():
            slot = self.facts.instance.slots[k]
            p = periods(menu.start[found], menu.end[found], first=0, last=self.facts.clock.days - 1, maximal=not soft)
            limits.begin()
            limits.add(f"slot {slot.slot}", p, found, np.full(p.count, slot.most_students))
        yield from limits.rows()


class SlotMinimum(Rule):
    """A slot runs with at least its least number of students, or not at all.

    For each slot k with least_students > 1 and each period t, with switch g:  Σ students · x_o = 0 and g = 0, or
    least_students_k ≤ Σ_{o in k, present in t} students · x_o and g = 1.

    Reads slots. Example: a slot for 2 to 4 and one student who could go: the slot stays empty.
    """

    id = "slot_minimum"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        lo: list[int] = []
        rows, columns, names = [], [], []
        for k, found in by_value(self.facts.places[menu.slot]).items():
            slot = self.facts.instance.slots[k]
            if slot.least_students > 1:
                p = periods(menu.start[found], menu.end[found], first=0, last=self.facts.clock.days - 1)
                rows.append(p.row + len(lo))
                columns.append(found[p.option])
                lo += [slot.least_students] * p.count
                names += [f"slot {slot.slot}"] * p.count
        if lo:
            n = len(lo)
            yield Rows(
                integers(lo),
                np.full(n, FREE, dtype=np.int64),
                Terms.of(np.concatenate(rows), np.concatenate(columns)),
                "students",
                gates=Gates(n),
                governed=np.arange(n),
                name=names.__getitem__,
            )


class SlotFill(Rule):
    """Slots that must be filled have their least number of students in every week of their window.

    For each slot k marked must_fill and each week w from its first to its last start:
    Σ_{o in k, touching w} students · x_o + missing ≥ least_students_k, at 1 a student.

    Reads slots. Example: 2 wanted in weeks 3 and 4, one student there in both: 2.
    """

    id = "slot_fill"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        slots, clock = self.facts.instance.slots, self.facts.clock
        of_slot = by_value(self.facts.places[menu.slot])
        nobody = np.zeros(0, dtype=np.int64)
        cells: list[tuple[str, int, IntArray]] = []
        for k, slot in enumerate(slots):
            offered = [clock.day(start) // 7 for start in slot_starts(slot)]
            if not slot.must_fill or not offered:
                continue
            found = of_slot.get(k, nobody)
            for week in range(max(0, min(offered)), min(max(offered), clock.days // 7 - 1) + 1):
                here = found[(menu.first_week[found] <= week) & (menu.last_week[found] >= week)]
                cells.append((f"slot {slot.slot} in week {week + 1}", slot.least_students, here))
        yield from filled(cells)


class UnitCapacity(Rule):
    """A unit has no more students, groups or precepted students at once than its capacity rows say.

    For each capacity row c, each set S of weekly patterns that share a minute in it, and each period t:
    Σ_{o in unit, pattern in S, present in t} size · x_o ≤ most_c − commitments, but at least 0.

    Reads capacity, commitments, slots. Example: 6 at once on Tuesdays, a group of 8 that comes Tuesday and Thursday: not there.
    """

    id = "unit_capacity"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        of_unit = by_value(menu.unit)
        units = self.facts.offers.codes.unit_index
        professions = np.array([c.profession for c in classes])
        for limited, count in CROWD_COLUMN.items():
            limits = Limits(self.facts.clock, "groups" if count == "groups" else "students", soft=self.setting.kind == "soft")
            for row in self.facts.instance.capacity:
                most = getattr(row, limited)
                found = of_unit.get(units[row.unit])
                if most is None or found is None:
                    continue
                if row.profession is not None:
                    found = found[professions[menu.cls[found]] == row.profession]
                if limited == "most_precepted":
                    found = found[menu.preceptor[found] >= 0]
                self._add(limits, row, most, found, menu, with_load=limited == "most_students" and row.profession is None)
            yield from limits.rows()

    def _add(self, limits: Limits, row: CapacityRow, most: int, found: IntArray, menu: Menu, *, with_load: bool) -> None:
        clock = self.facts.clock
        scope = clock.scope(row)
        first, last = max(scope.first, 0), min(scope.last, clock.days - 1)
        if first > last or not len(found):
            return
        load = self._load(row.unit) if with_load else Load([], [])
        here = menu.take(found)
        floating = scope.mask == ALL_MASK and row.shift is None
        limits.begin()
        for which, busy, mask in crowds(here, clock, load, scope, floating=floating):
            p = periods(
                here.start[which],
                here.end[which],
                first=first,
                last=last,
                mask=mask,
                cuts=load.cuts,
                maximal=not load.scopes and self.setting.kind != "soft",
            )
            hi = np.maximum(most - load.during(busy, p.first, p.last, mask), 0)
            limits.add(f"unit {row.unit}", p, found[which], hi, mask=mask)

    def _load(self, unit: str) -> Load:
        site = self.facts.instance.unit_by_id[unit].site
        rows = [c for c in self.facts.instance.commitments if (c.who_kind, c.who) in (("unit", unit), ("site", site))]
        return Load([self.facts.clock.scope(c) for c in rows], [c.students for c in rows])


class UnitMinimum(Rule):
    """Places of a unit that must be filled are filled.

    For each capacity row with least_students, and each week w that it covers:
    Σ_{o in unit with a session of w in the row} students · x_o + missing ≥ least_students, at 1 a student.

    Reads capacity. Example: at least 1 in weeks 1 to 4, a placement in weeks 2 and 3: 2.
    """

    id = "unit_minimum"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        clock = self.facts.clock
        of_unit = by_value(menu.unit)
        units = self.facts.offers.codes.unit_index
        professions = np.array([c.profession for c in classes])
        cells: list[tuple[str, int, IntArray]] = []
        for row in self.facts.instance.capacity:
            if not row.least_students:
                continue
            scope = clock.scope(row)
            found = of_unit.get(units[row.unit], np.zeros(0, dtype=np.int64))
            if row.profession is not None and len(found):
                found = found[professions[menu.cls[found]] == row.profession]
            here = menu.take(found)
            cells += [
                (f"unit {row.unit} in week {week + 1}", row.least_students, found[self._in_week(row, week, here)])
                for week in scope.weeks(clock.days)
            ]
        yield from filled(cells)

    def _in_week(self, row: CapacityRow, week: int, here: Options) -> BoolArray:
        clock = self.facts.clock
        scope = clock.scope(row)
        first, last = max(scope.first, 7 * week), min(scope.last, 7 * week + 6)
        touched = (here.start <= last) & (here.end >= first)
        held = np.zeros(len(here), dtype=bool)
        if scope.mask == ALL_MASK and row.shift is None:
            held[here.floating] = touched[here.floating]
        fixed = np.flatnonzero(touched & ~here.floating)
        part = type(scope)(first, last, scope.mask, scope.span, whole=False)
        held[fixed] = sessions_in([part], here.take(fixed), clock) > 0
        return held


class Reservation(Rule):
    """Guaranteed places are kept for their school until they are given back.

    For each slot with guarantees g_s that still hold, U = places that nobody reserved, and each period t:
    Σ_s max(0, n_s − g_s) ≤ U, with n_s the students of school s in the slot; stated as
    Σ_{s ∉ T} n_s ≤ U + Σ_{s ∉ T, guaranteed} g_s for every set T of guaranteed schools. And n_s ≤ most_s.

    Reads reservations, the planning date. Example: 4 places, 2 reserved for A: B gets at most 2 until the give-back date.
    """

    id = "reservation"

    def bind_all(self, classes: Sequence[DemandClass], menu: Menu) -> Iterator[Rows]:
        instance = self.facts.instance
        of_slot = by_value(self.facts.places[menu.slot])
        index = self.facts.offers.codes.slot_index
        schools = np.array([c.school for c in classes])
        held: dict[str, dict[str, int]] = defaultdict(dict)
        limits = Limits(self.facts.clock, "students", soft=self.setting.kind == "soft")
        for row in instance.reservations:
            found = of_slot.get(index[row.slot])
            if row.status != "confirmed" or found is None:
                continue
            if row.most is not None:
                own = found[schools[menu.cls[found]] == row.school]
                limits.begin()
                self._add(limits, f"slot {row.slot} for {row.school}", own, menu, row.most)
            if row.guaranteed and (row.give_back is None or instance.planning_date < row.give_back):
                held[row.slot][row.school] = row.guaranteed
        for slot, guaranteed in held.items():
            found = of_slot[index[slot]]
            of_school = schools[menu.cls[found]]
            unreserved = max(0, instance.slot_by_id[slot].most_students - sum(guaranteed.values()))
            names = sorted(guaranteed)
            limits.begin()
            for kept in chain.from_iterable(combinations(names, n) for n in range(len(names) + 1)):
                others = found[~np.isin(of_school, kept)]
                most = unreserved + sum(guaranteed[s] for s in names if s not in kept)
                self._add(limits, f"slot {slot}, places kept for {', '.join(kept)}", others, menu, most)
        yield from limits.rows()

    def _add(self, limits: Limits, name: str, found: IntArray, menu: Menu, most: int) -> None:
        if len(found):
            hard = self.setting.kind != "soft"
            p = periods(menu.start[found], menu.end[found], first=0, last=self.facts.clock.days - 1, maximal=hard)
            limits.add(name, p, found, np.full(p.count, most))
