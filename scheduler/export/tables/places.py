"""Tables by place: who is in each unit, week by week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from scheduler.domain.tables import CapacityRow
from scheduler.domain.types import format_weekdays
from scheduler.export.sheets import Sheet, Value
from scheduler.export.stays import present
from scheduler.export.tables.cells import Kind, clock, natural, table
from scheduler.verify.facts import Facts
from scheduler.verify.load import ANY_TIME
from scheduler.verify.placed import Placed
from scheduler.verify.timing import Window

_UNIT: tuple[tuple[str, Kind], ...] = (
    ("unit", "text"),
    ("site", "text"),
    ("week", "date"),
    ("students", "number"),
    ("at_once", "number"),
    ("most_at_once", "number"),
    ("committed", "number"),
    ("busiest", "date"),
    ("who", "text"),
)


def by_unit(whole: Facts, only: str = "") -> Sheet:
    """One row a unit and week in which it has students.

    *At once* is the largest number of students there at the same moment of the week, *of at most* what the unit then takes:
    the smallest `most_students` of its capacity rows for all professions that hold at that moment (more by those whom the row
    does not count); where there is none, the most places that slots in use have at one moment of the term. *Taken otherwise*
    are places that commitments of the unit or site take then. Days on which students are away (holidays, exams) do not count,
    though their places stay taken.

    Parameters
    ----------
    only
        Only this unit; empty: all.
    """
    rows: list[tuple[Value, ...]] = []
    ids: list[str] = []
    instance = whole.instance
    limits: dict[str, list[tuple[CapacityRow, Window]]] = defaultdict(list)
    for row in instance.capacity:
        if row.most_students is not None and not row.profession:
            limits[row.unit].append((row, Window.of(row, instance)))
    for unit_id in sorted(whole.by_unit, key=natural):
        if only and unit_id != only:
            continue
        unit = instance.unit_by_id[unit_id]
        site = instance.site_by_id.get(unit.site)
        weeks: dict[int, list[tuple[int, list[Placed]]]] = defaultdict(list)
        for day, there in sorted(present(whole, whole.by_unit[unit_id]).items()):
            weeks[whole.monday(day)].append((day, there))
        found = {
            monday: [moment for day, there in days for moment in _moments(whole, unit_id, day, there, limits[unit_id])]
            for monday, days in sorted(weeks.items())
        }
        places = max((moment.places for moments in found.values() for moment in moments), default=0)
        for monday, days in sorted(weeks.items()):
            moments = [(m.students, places if m.most is None else m.most, m.committed, m.day) for m in found[monday]]
            # The fullest moment; of several the one with the least room, and of these the first.
            at_once, most, committed, day = max(moments, key=lambda m: (m[0], -(m[1] - m[2]), -m[3]))
            ids.append(unit_id)
            everybody = dict.fromkeys(p for _, there in days for p in there)
            rows.append(
                (
                    unit.name or unit_id,
                    (site.name if site else "") or unit.site,
                    date.fromordinal(monday),
                    sum({p.party: p.size for p in everybody}.values()),
                    at_once,
                    most,
                    committed,
                    date.fromordinal(day),
                    _who(everybody),
                )
            )
    return table("by_unit", _UNIT, rows, 1, ids=ids)


class _Moment(NamedTuple):
    """A moment of a day: students there, the most that may be (None: no row says), places of their slots, and of commitments."""

    students: int
    most: int | None
    places: int
    committed: int
    day: int


def _moments(whole: Facts, unit: str, day: int, there: list[Placed], limits: list[tuple[CapacityRow, Window]]) -> list[_Moment]:
    """The moments of a day at which somebody comes."""
    site = whole.instance.unit_by_id[unit].site
    committed = [*whole.commitments.get(("unit", unit), ()), *whole.commitments.get(("site", site), ())]
    found = []
    for minute in {p.timing.span[0] for p in there if not p.timing.follows} or {0}:
        present = [p for p in there if p.timing.follows or p.timing.span[0] <= minute < p.timing.span[1]]
        # Whoever follows the preceptor is not counted by rows with weekdays or a shift, so for all there may be that many more.
        follow = sum(p.size for p in present if p.timing.follows)
        most = [
            (row.most_students or 0) + (0 if window.unbroken else follow)
            for row, window in limits
            if window.has(day) and (window.shift or ANY_TIME)[0] <= minute < (window.shift or ANY_TIME)[1]
        ]
        taken = sum(row.students for row, window in committed if window.has(day) and window.span[0] <= minute < window.span[1])
        places = sum(slot.most_students for slot in {p.slot.slot: p.slot for p in present}.values())
        found.append(_Moment(sum(p.size for p in present), min(most, default=None), places, taken, day))
    return found


def _who(those: Iterable[Placed]) -> str:
    """``Tu Th 07:00–19:00: group mA part 1 (4), n-03; as the preceptor: n-07``: when, and who."""
    together: dict[tuple[str, str], set[str]] = defaultdict(set)
    for placed in those:
        timing, size = placed.timing, f" ({placed.size})" if placed.party.group else ""
        days = "as the preceptor" if timing.follows else format_weekdays(tuple(sorted(timing.weekdays)))
        hours = f" {clock(timing.span)}" if placed.slot.shift and not timing.follows else ""
        order = "" if timing.follows else f"{sorted(timing.weekdays)} {hours}"  # by the first day; whoever follows comes first
        together[order, f"{days}{hours}"].add(f"{placed.party.name}{size}")
    return "; ".join(f"{when}: {', '.join(sorted(who, key=natural))}" for (_, when), who in sorted(together.items()))
