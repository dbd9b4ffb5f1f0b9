"""How many more students fit into a slot, a unit, and beside a preceptor's others, beside everything that is placed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from scheduler.domain.tables import CapacityRow, Commitment, Preceptor, Slot
from scheduler.verify.facts import Facts
from scheduler.verify.load import ANY_TIME, Count, days_of
from scheduler.verify.placed import Placed
from scheduler.verify.timing import Timing, Window, overlap

#: More than anybody would send.
UNLIMITED = 10**6


class Comer(NamedTuple):
    """What decides for which limits one more student would count: profession, with a preceptor, with a group of its own."""

    profession: str
    precepted: bool
    group: bool


class Room:
    """What is left, as if every rule were hard. Days are ordinals."""

    def __init__(self, whole: Facts) -> None:
        self._whole = whole
        self._capacity = defaultdict(list)
        for row in whole.instance.capacity:
            self._capacity[row.unit].append((row, Window.of(row, whole.instance)))
        self._present: dict[str, dict[int, Counter[str]]] = {}
        self._days: dict[tuple[str, str], dict[int, list[Placed]]] = {}
        self._left: dict[tuple[object, ...], int] = {}

    # -- slots ----------------------------------------------------------------------------------------------------

    def in_slot(self, slot: Slot, timing: Timing) -> int:
        """Places of the slot that are free on every date from start to end, reserved or not."""
        return self._whole.instance.places_of(slot).most_students - max(day.total() for day in self._slot_days(slot, timing))

    def not_reserved(self, slot: Slot, timing: Timing) -> int:
        """Those of them that a school without a reservation may use."""
        kept = self._kept(slot)
        free = max(0, self._whole.instance.places_of(slot).most_students - sum(kept.values()))
        beyond = [
            sum(max(0, size - kept.get(school, 0)) for school, size in day.items()) for day in self._slot_days(slot, timing)
        ]
        return min(self.in_slot(slot, timing), free - max(beyond))

    def reserved(self, slot: Slot, timing: Timing) -> dict[str, int]:
        """Guaranteed places that their schools have not used, by school."""
        days = self._slot_days(slot, timing)
        unused = {school: size - max(day[school] for day in days) for school, size in self._kept(slot).items()}
        return {school: size for school, size in sorted(unused.items()) if size > 0}

    def most(self, slot: Slot, timing: Timing) -> dict[str, int]:
        """How many more of a school its reservation allows on every date, by school; only schools with such a limit."""
        days = self._slot_days(slot, timing)
        own = (r for r in self._whole.instance.reservations if r.slot == (slot.part_of or slot.slot) and r.status == "confirmed")
        left = {r.school: max(0, r.most - max(day[r.school] for day in days)) for r in own if r.most is not None}
        return dict(sorted(left.items()))

    def least(self, slot: Slot, timing: Timing) -> int:
        """How many have to come together, so that on no date fewer than the slot's least are there."""
        there = min(day.total() for day in self._slot_days(slot, timing))
        return max(1, self._whole.instance.places_of(slot).least_students - there)

    def _slot_days(self, slot: Slot, timing: Timing) -> list[Counter[str]]:
        """Students present by school, for each date of a placement."""
        places = slot.part_of or slot.slot
        if places not in self._present:
            days: dict[int, Counter[str]] = defaultdict(Counter)
            for placed in self._whole.by_slot.get(places, ()):
                for day in range(placed.start, placed.end + 1):
                    days[day][placed.party.program.school] += placed.size
            self._present[places] = dict(days)
        present, nobody = self._present[places], Counter[str]()
        return [present.get(day, nobody) for day in range(timing.start, timing.end + 1)]

    def _kept(self, slot: Slot) -> dict[str, int]:
        """Places kept for schools, as seen from the planning date."""
        today = self._whole.instance.planning_date
        return {
            row.school: row.guaranteed
            for row in self._whole.instance.reservations
            if row.slot == (slot.part_of or slot.slot) and row.status == "confirmed" and row.guaranteed
            if row.give_back is None or today < row.give_back
        }

    # -- units ----------------------------------------------------------------------------------------------------

    def in_unit(self, unit: str, timing: Timing, comer: Comer) -> int:
        """Students of that kind whom the unit's capacity rows leave room for in every session; 0 when it is closed."""
        whole = self._whole
        for away, window in whole.availability.get(("unit", unit), ()):
            if away.status == "unavailable" and timing.touched(window):
                return 0
        site = whole.instance.unit_by_id[unit].site
        elsewhere = [*whole.commitments.get(("unit", unit), ()), *whole.commitments.get(("site", site), ())]
        left = UNLIMITED
        for row, window in self._capacity[unit]:
            if row.profession not in (None, comer.profession) or not _meets(window, timing):
                continue
            taken = [] if row.profession else elsewhere
            if row.most_students is not None:
                left = min(left, self._in_row(unit, row, window, timing, row.most_students, _students, taken))
            if row.most_precepted is not None and comer.precepted:
                left = min(left, self._in_row(unit, row, window, timing, row.most_precepted, _precepted))
            if row.most_groups is not None and comer.group:
                left = left if self._in_row(unit, row, window, timing, row.most_groups, _groups) > 0 else 0
        return max(0, left)

    def _in_row(
        self,
        unit: str,
        row: CapacityRow,
        window: Window,
        timing: Timing,
        most: int,
        count: Count,
        taken: Iterable[tuple[Commitment, Window]] = (),
    ) -> int:
        """What one limit of a capacity row leaves on the fullest of the days that it and a placement share."""
        left = UNLIMITED
        for day in _days(timing):
            if window.has(day):
                key = (id(row), count, day, timing.span, timing.follows)
                if key not in self._left:
                    there = [
                        p
                        for p in self._there("unit", unit).get(day, ())
                        if row.profession in (None, p.party.program.profession) and _meets(window, p.timing)
                    ]
                    self._left[key] = _left(day, there, _both(window.shift or ANY_TIME, timing), most, count, taken)
                left = min(left, self._left[key])
        return left

    # -- preceptors -----------------------------------------------------------------------------------------------

    def with_preceptor(self, person: Preceptor, timing: Timing) -> int:
        """Students whom a preceptor can take beside the others, in every session; 0 when away or out of weeks."""
        whole, name = self._whole, person.preceptor
        for away, window in whole.availability.get(("preceptor", name), ()):
            if away.status == "unavailable" and timing.touched(window):
                return 0
        commitments = whole.commitments.get(("preceptor", name), ())
        if person.most_weeks is not None:
            used = {m for p in whole.by_preceptor.get(name, ()) for m in range(whole.monday(p.start), p.end + 1, 7)}
            new = set(range(whole.monday(timing.start), timing.end + 1, 7)) - used
            first = whole.instance.first_monday.toordinal()
            mondays = range(first, first + 7 * whole.instance.weeks, 7)
            committed = {m for m in mondays if any(window.in_week(m) for _, window in commitments)}
            if len((used | new) - committed) > max(0, person.most_weeks - len(committed)):
                return 0
        left = UNLIMITED
        for day in _days(timing):
            key = (name, day, timing.span, timing.follows)
            if key not in self._left:
                there = self._there("preceptor", name).get(day, [])
                self._left[key] = _left(day, there, _both(ANY_TIME, timing), person.most_at_once, _students, commitments)
            left = min(left, self._left[key])
        return max(0, left)

    def _there(self, kind: str, name: str) -> dict[int, list[Placed]]:
        if (kind, name) not in self._days:
            index = self._whole.by_unit if kind == "unit" else self._whole.by_preceptor
            self._days[kind, name] = days_of(index.get(name, []))
        return self._days[kind, name]


def _days(timing: Timing) -> Iterable[int]:
    """The days on which a placement counts: its sessions, or every day where it follows the preceptor."""
    return range(timing.start, timing.end + 1) if timing.follows else timing.days


def _both(within: tuple[int, int], timing: Timing) -> tuple[int, int]:
    """The minutes that a limit and a session share."""
    return within if timing.follows else (max(within[0], timing.span[0]), min(within[1], timing.span[1]))


def _meets(window: Window, timing: Timing) -> bool:
    """Whether a capacity row is about a placement at all: clock times; the days are not looked at."""
    return window.unbroken if timing.follows else overlap(window.shift or ANY_TIME, timing.span)


def _students(placed: Placed) -> int:
    return placed.size


def _precepted(placed: Placed) -> int:
    return placed.size if placed.preceptor else 0


def _groups(placed: Placed) -> int:
    return 1 if placed.party.group else 0


def _left(
    day: int,
    there: list[Placed],
    within: tuple[int, int],
    most: int,
    count: Count,
    commitments: Iterable[tuple[Commitment, Window]],
) -> int:
    """Places left at the fullest minute of a day; commitments take theirs first."""
    spans = [(count(p), ANY_TIME if p.timing.follows else p.timing.span) for p in there]
    taken = [(row.students, window.span) for row, window in commitments if row.students and window.has(day)]
    # Somebody comes only when a span begins, so nowhere else are there more.
    minutes = {within[0], *(span[0] for _, span in (*spans, *taken) if within[0] < span[0] < within[1])}
    return min(
        max(0, most - sum(n for n, span in taken if span[0] <= minute < span[1]))
        - sum(n for n, span in spans if span[0] <= minute < span[1])
        for minute in minutes
    )
