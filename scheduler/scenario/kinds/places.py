"""Where students can go: units, sites and slots that close, or take more or fewer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import Field

from scheduler.domain.tables import Availability, CapacityRow, Reservation, Slot, Unit
from scheduler.domain.tables.base import column
from scheduler.domain.types import Date, Id, Ids
from scheduler.scenario.change import Change, listed, when
from scheduler.scenario.gone import loosen_pins, remove, slots_of
from scheduler.scenario.names import DAY, more_or_fewer, new_id
from scheduler.scenario.work import Work, Wrong, WrongChange

More = Annotated[int, Field(ge=-10_000, le=10_000)]


class Close(Change):
    """A unit, all units of a site, or a slot is closed: nobody can be there.

    What must be filled there (`least_students`, `must_fill`) need not be filled while it is closed. A slot has no dates of its
    own: closed on some dates, it loses the starts from which a placement would run into them.
    """

    kind: ClassVar[str] = "close"
    example: ClassVar[str] = "close unit=RMC-4B start=2026-10-05 end=2026-10-18"
    one_of: ClassVar[tuple[str, ...]] = ("unit", "site", "slot")

    unit: Ids = column("Units that close.", (), ref="units", example="RMC-4B")
    site: Ids = column("Sites of which all units close.", (), ref="sites")
    slot: Ids = column("Slots that close.", (), ref="slots")
    start: Date | None = column("First day; empty is from the beginning.", None)
    end: Date | None = column("Last day; empty is to the end.", None)

    def make(self, work: Work) -> str:
        if self.slot:
            return self._slots(work)
        inside = {u.unit for u in work.rows(Unit) if u.site in self.site}
        units = (*self.unit, *sorted(inside | ({*self.site} & work.ids("units"))))
        for unit in units:
            closed = {"who_kind": "unit", "who": unit, "start": self.start, "end": self.end}
            work.add(Availability.model_validate(closed))
        work.relies_on("availability")
        unfilled = _relieve(work, units, self.start, self.end)
        loosen_pins(work, unit=units, slot=[slot.slot for _, slot in slots_of(work, units)])
        if unfilled:
            work.notes.append("what must be filled there need not be")
        what = f"site {listed(self.site)}" if self.site else f"unit {listed(self.unit)}"
        return f"{what} is closed {when(self.start, self.end)}"

    def _slots(self, work: Work) -> str:
        whole = []
        for index, slot in [(i, s) for i, s in work.each(Slot) if s.slot in self.slot]:
            kept = tuple(day for day in starts_of(slot) if not self._meets(work, slot, day))
            if kept and (self.start or self.end):
                _set_starts(work, index, kept, must_fill=False)
            else:
                whole.append(slot.slot)
        loosen_pins(work, slot=set(self.slot) - set(whole))
        remove(work, "slots", whole)
        if whole and (self.start or self.end):
            work.notes.append(f"no start is left of {listed(tuple(whole))}")
        return f"slot {listed(self.slot)} is closed {when(self.start, self.end)}"

    def _meets(self, work: Work, slot: Slot, day: date) -> bool:
        """Whether a placement that starts on a day may run into the dates; one without a length may run to the end."""
        last = ends_of(slot, day) or work.before.last_day
        return (self.end is None or day <= self.end) and (self.start is None or last >= self.start)


class Places(Change):
    """A slot or a unit takes more students at once, or fewer.

    Of a unit, each row of `capacity` that limits students and each slot takes so many more or fewer; one without places left is
    left out. With dates, more places are a slot beside each (with the starts from which placements lie inside), and the unit's
    rows of these dates take more; fewer are a row of `capacity` for these dates.
    """

    kind: ClassVar[str] = "places"
    example: ClassVar[str] = "places unit=RMC-4B more=2"
    one_of: ClassVar[tuple[str, ...]] = ("unit", "slot")

    unit: Ids = column("Units.", (), ref="units", example="RMC-4B")
    slot: Ids = column("Slots.", (), ref="slots")
    more: More = column("How many more; negative: fewer.", unit="students", example="2")
    start: Date | None = column("First day; empty is from the beginning.", None)
    end: Date | None = column("Last day; empty is to the end.", None)
    profession: Id | None = column("Only places of this profession.", None, ref="professions")

    def wrong(self) -> Iterator[Wrong]:
        yield from super().wrong()
        if self.slot and self.more < 0 and (self.start or self.end):
            fix = "take them from its unit, or close the slot on these dates"
            yield Wrong("slot", "a slot has the same places on all dates, so only more can have dates", suggestion=fix)

    def make(self, work: Work) -> str:
        dated = self.start is not None or self.end is not None
        slots = [(i, s) for i, s in work.each(Slot) if s.slot in self.slot] or slots_of(work, self.unit)
        slots = [(i, s) for i, s in slots if self._concerns(s)]
        if self.profession and not slots:
            raise WrongChange(Wrong("profession", "no slot there accepts this profession", self.profession))
        if not dated:
            self._everywhere(work, slots)
        elif self.more > 0:
            self._beside(work, slots)
        else:
            for unit in self.unit:
                self._fewer(work, unit)
        what = f"unit {listed(self.unit)}" if self.unit else f"slot {listed(self.slot)}"
        only = f" of profession {self.profession}" if self.profession else ""
        return f"{what} takes {more_or_fewer(self.more)} at once{only}{' ' + when(self.start, self.end) if dated else ''}"

    def _concerns(self, slot: Slot) -> bool:
        return not self.profession or not slot.professions or self.profession in slot.professions

    def _everywhere(self, work: Work, slots: list[tuple[int, Slot]]) -> None:
        for index, row in work.each(CapacityRow):
            if row.unit in self.unit and (self.profession is None or row.profession in (None, self.profession)):
                work.update(CapacityRow, index, **self._limits(row))
        empty = []
        for index, slot in slots:
            most = slot.most_students + self.more
            if most < 1:
                empty.append(slot.slot)
            else:
                work.update(Slot, index, most_students=most, least_students=min(slot.least_students, most))
                _fit_reservations(work, slot.slot, most)
        remove(work, "slots", empty)
        if empty:
            work.notes.append(f"without places left: {listed(tuple(empty))}")

    def _limits(self, row: CapacityRow) -> dict[str, Any]:
        """The limits of a row with so many more; 0 at least, and what must be filled is no more than fits."""
        most = None if row.most_students is None else max(0, row.most_students + self.more)
        precepted = None if row.most_precepted is None else max(0, row.most_precepted + self.more)
        least = row.least_students if row.least_students is None or most is None else min(row.least_students, most)
        return {"most_students": most, "most_precepted": precepted, "least_students": least}

    def _beside(self, work: Work, slots: list[tuple[int, Slot]]) -> None:
        """More places on some dates: a slot beside each, and rows of the unit that allow for them."""
        made = 0
        for _, slot in slots:
            starts = tuple(day for day in starts_of(slot) if self._inside(day, ends_of(slot, day)))
            if starts:
                name = new_id(work, "slots", f"{slot.slot}-more")
                index = work.add(slot.model_copy(update={"slot": name}))
                only = {"professions": (self.profession,)} if self.profession else {}
                _set_starts(work, index, starts, most_students=self.more, least_students=1, must_fill=False, **only)
                made += 1
        if not made:
            raise WrongChange(Wrong("start", "no slot there has a placement that lies in these dates", code="outside"))
        units = self.unit or tuple({slot.unit for _, slot in slots})
        for index, row in list(work.each(CapacityRow)):
            if row.unit in units and (self.profession is None or row.profession in (None, self.profession)):
                inside = divide(work, index, row, self.start, self.end)
                if inside is not None:
                    work.update(CapacityRow, inside, **self._limits(row))

    def _inside(self, first: date, last: date | None) -> bool:
        return (self.start is None or first >= self.start) and (self.end is None or (last or first) <= self.end)

    def _fewer(self, work: Work, unit: str) -> None:
        """Fewer places on some dates: a row that limits the unit to less than its other rows (or its slots) do."""
        limits = [
            row.most_students
            for row in work.rows(CapacityRow)
            if row.unit == unit and row.most_students is not None and row.profession in (None, self.profession)
            and (row.start is None or self.end is None or row.start <= self.end)
            and (row.end is None or self.start is None or row.end >= self.start)
        ]  # fmt: skip
        now = min(limits) if limits else sum(slot.most_students for _, slot in slots_of(work, (unit,)))
        left = max(0, now + self.more)
        row = {"unit": unit, "start": self.start, "end": self.end, "profession": self.profession, "most_students": left}
        work.add(CapacityRow.model_validate(row))
        work.notes.append(f"{unit}: at most {left} at once instead of {now}")


def starts_of(slot: Slot) -> tuple[date, ...]:
    """The days on which placements of a slot start."""
    if slot.starts or slot.first_start is None:
        return slot.starts
    last = slot.last_start or slot.first_start
    return tuple(slot.first_start + 7 * k * DAY for k in range((last - slot.first_start).days // 7 + 1))


def ends_of(slot: Slot, start: date) -> date | None:
    """The latest planned last day of a placement; None where that depends on the required rotation."""
    if slot.length is None:
        return None
    if slot.length_unit == "months":
        return start + (31 * slot.length - 1) * DAY  # a little too long: rather a start less than one that runs into the dates
    return start + (slot.length * (7 if slot.length_unit == "weeks" else 1) - 1) * DAY


def _set_starts(work: Work, index: int, starts: tuple[date, ...], **columns: Any) -> None:
    work.update(Slot, index, starts=starts, first_start=None, last_start=None, **columns)


def divide(work: Work, index: int, row: CapacityRow, start: date | None, end: date | None) -> int | None:
    """Divide a row of `capacity` at dates; the position of the part that lies in them, None where none does."""
    first = row.start if start is None else start if row.start is None else max(start, row.start)
    last = row.end if end is None else end if row.end is None else min(end, row.end)
    if first and last and first > last:
        return None
    if first is not None and first != row.start:
        work.add(row.model_copy(update={"end": first - DAY}))
    if last is not None and last != row.end:
        work.add(row.model_copy(update={"start": last + DAY}))
    work.update(CapacityRow, index, start=first, end=last)
    return index


def _fit_reservations(work: Work, slot: str, most: int) -> None:
    """No more places are guaranteed than there are: the last schools' go first."""
    left, changed = most, False
    for index, row in list(work.each(Reservation)):
        if row.slot == slot and row.status == "confirmed":
            guaranteed = min(row.guaranteed, left)
            left -= guaranteed
            if guaranteed < row.guaranteed:
                work.update(Reservation, index, guaranteed=guaranteed)
                changed = True
    if changed:
        work.notes.append(f"fewer places of {slot} are reserved")


def _relieve(work: Work, units: tuple[str, ...], start: date | None, end: date | None) -> bool:
    """What must be filled in units need not be on these dates; whether there was anything."""
    found = False
    for index, row in list(work.each(CapacityRow)):
        if row.unit in units and row.least_students is not None:
            inside = divide(work, index, row, start, end)
            if inside is not None:
                found = True
                work.update(CapacityRow, inside, least_students=None)
                if row.most_students is None and row.most_groups is None and row.most_precepted is None:
                    work.drop(CapacityRow, inside)
    for index, slot in slots_of(work, units):
        if slot.must_fill:
            found = True
            work.update(Slot, index, must_fill=False)
    return found
