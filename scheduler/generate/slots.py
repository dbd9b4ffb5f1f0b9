"""What units offer: slots and capacity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from scheduler.domain.tables import CapacityRow, Slot, Unit
from scheduler.domain.types import WORK_DAYS
from scheduler.generate.courses.course import Course
from scheduler.generate.draws import Rng, apportion, between, chance, pick, shuffled
from scheduler.generate.places import Places
from scheduler.generate.pools import Kind, Pool
from scheduler.generate.staff import Staff
from scheduler.generate.tiers import Frame

#: Weekdays, shift, and on how many of the weekdays a group comes (none: on all).
Cell = tuple[tuple[int, ...], str, int | None]
#: How a ward takes groups: cells (weekdays, shift) that do not overlap, so that each takes one group. With a number of days,
#: the group chooses so many of the weekdays.
WARD_STYLES: tuple[tuple[Cell, ...], ...] = (
    (((0, 2), "day", None), ((1, 3), "day", None), ((4, 5), "day", None)),
    (((0, 2), "early", None), ((1, 3), "early", None), ((0, 2), "late", None), ((1, 3), "late", None), ((4, 5), "early", None)),
    (((0, 1, 2, 3, 4), "day", 2), ((0, 1, 2, 3, 4), "day", 2), ((5, 6), "day", None)),
)
#: Largest group of a ward, where it is told by hand: groups above it are split or go elsewhere.
MOST_IN_GROUP = (8, 10, 10, 10)
LARGEST_GROUP = max(MOST_IN_GROUP)
#: Sessions of which students of clerkships are excused: the weekly clinic.
EXCUSED = ((4, "am"),)
#: Months have their own slots beside those of six weeks.
MONTH_WEEKS = 4
#: Of the units without groups: closed for two weeks, in percent (never where there is not enough anyway).
CLOSED_PERCENT = 4


@dataclass(frozen=True)
class Offer:
    """A slot, what it is for, and how many placements it is to take over the horizon."""

    slot: Slot
    site: str
    pools: tuple[Pool, ...]
    supply: int

    def suits(self, course: Course) -> bool:
        """Whether all groups of a course can come beside their classes; other students have none, and come one by one."""
        largest = max(course.groups, default=0) if self.pools[0].supervision == "faculty" else 0
        cell = (self.slot.weekdays, self.slot.shift or "", self.slot.days_per_week)
        return lets_in(cell, self.slot.most_students, course.class_days, largest)


def lets_in(cell: Cell, most: int, class_days: tuple[int, ...], size: int) -> bool:
    """Whether a group of some size with classes on some days can come, where at most so many students do at once."""
    weekdays, _, count = cell
    return size <= most and len(set(weekdays) - set(class_days)) >= (count or len(weekdays))


def most_come(pool: Pool, cell: Cell, most: int) -> bool:
    """Whether most of the groups that ask can come: nothing else counts as a place of the pool."""
    return 2 * sum(n for (days, size), n in pool.groups.items() if lets_in(cell, most, days, size)) > pool.groups.total()


def make_offers(frame: Frame, places: Places, staff: Staff, pools: Sequence[Pool]) -> list[Offer]:
    """Slots of all pools: for groups by weekdays and shift, else one a unit (and one more for calendar months)."""
    rng = frame.rng("slots")
    offers: list[Offer] = []
    cells: dict[str, list[Cell]] = {}
    for pool in pools:
        if pool.supervision == "faculty":
            offers += _for_groups(rng, pool, places, cells)
        elif pool.supervision == "service":
            offers += _for_service(rng, pool, places)
        else:
            offers += _for_preceptors(rng, pool, staff)
    return _shared(rng, offers)


def _for_groups(rng: Rng, pool: Pool, places: Places, cells: dict[str, list[Cell]]) -> list[Offer]:
    """As many cells that most groups can come to as the busiest half term needs, spread over the wards."""
    units = places.units_of(pool)
    _draw_cells(rng, pool, [u.unit for u in units], cells)
    unserved = set(pool.groups)
    offers: list[Offer] = []
    counted = 0
    while counted < pool.at_once:
        # Round after round over the wards; first what groups can use that have nothing yet, then what most can use.
        free = sorted((sum(o.slot.unit == u.unit for o in offers), i) for i, u in enumerate(units) if cells[u.unit])
        if not free:
            break
        first: dict[Cell, int] = {}  # the next ward that has it
        for _, i in free:
            for cell in cells[units[i].unit]:
                first.setdefault(cell, i)
        cell = max(first, key=lambda c: (len(_comers(c, unserved)), most_come(pool, c, LARGEST_GROUP)))
        unit = units[first[cell]]
        cells[unit.unit].remove(cell)
        most = pick(rng, MOST_IN_GROUP)
        # Nobody, and not most groups, may be left with wards that are too small for them.
        if any(size > most for _, size in _comers(cell, unserved)) or not most_come(pool, cell, most):
            most = LARGEST_GROUP
        unserved -= _comers(cell, unserved)
        counted += most_come(pool, cell, most)
        days, shift, count = cell
        number = sum(o.slot.unit == unit.unit for o in offers) + 1
        slot = Slot(
            slot=f"{unit.unit}-{_short(pool)}{number}",
            unit=unit.unit,
            specialty=pick(rng, [s for s in pool.specialties if s in unit.specialties]),
            professions=("rn",),
            starts=pool.starts,
            length=pool.weeks,
            pattern="any" if count else "fixed",
            weekdays=days,
            days_per_week=count,
            shift=shift,
            least_students=4,
            most_students=most,
        )
        offers.append(Offer(slot, unit.site, (pool,), pool.turns))
    return offers


def _draw_cells(rng: Rng, pool: Pool, units: Sequence[str], cells: dict[str, list[Cell]]) -> None:
    """Draw how each ward takes groups; where that makes too few places for most groups, some wards take more."""
    new = [unit for unit in units if unit not in cells]
    for unit in new:
        cells[unit] = list(pick(rng, WARD_STYLES))

    def room(style: Sequence[Cell]) -> int:
        return sum(most_come(pool, cell, LARGEST_GROUP) for cell in style)

    best = max(WARD_STYLES, key=room)
    missing = pool.at_once - sum(room(cells[unit]) for unit in units)
    for unit in new:
        more = room(best) - room(cells[unit])
        if missing > 0 and more > 0:
            cells[unit] = list(best)
            missing -= more


def _comers(cell: Cell, groups: Iterable[Kind]) -> set[Kind]:
    """Which groups can come where it is large enough."""
    return {(days, size) for days, size in groups if lets_in(cell, LARGEST_GROUP, days, size)}


def _for_service(rng: Rng, pool: Pool, places: Places) -> list[Offer]:
    """Places without preceptors by name: two to five a unit, which often runs with some students or none."""
    units = places.units_of(pool)
    used = sorted(rng.permutation(len(units))[: max(1, min(len(units), pool.at_once // 3))].tolist())
    shares = apportion(pool.at_once, [between(rng, 3, 5) for _ in used])
    offers = []
    for i, most in zip(used, shares, strict=True):
        if most:
            values = {**_common(pool, units[i]), "shift": "clinic", "most_students": most, "least_students": _least(rng, most)}
            offers.append(Offer(Slot.model_validate(values), units[i].site, (pool,), most * pool.turns))
    return offers


def _for_preceptors(rng: Rng, pool: Pool, staff: Staff) -> list[Offer]:
    """One slot a unit, as large as its preceptors together."""
    offers = []
    for team in staff.teams[pool.name]:
        most = team.at_once
        values = {**_common(pool, team.unit), "most_students": most, "least_students": _least(rng, most)}
        if pool.specialties[0] == "capstone":
            values |= {"pattern": "follows", "weekdays": tuple(range(7)), "hours_per_week": 36, "levels": ("senior",)}
            values["least_students"] = 1
        elif pool.longitudinal:
            values |= {"weekdays": (4,), "shift": "am", "excuses": (), "least_students": 1}
        elif pool.specialties[0] == "emergency":
            values |= {"pattern": "follows", "weekdays": tuple(range(7)), "hours_per_week": 40, "least_students": 1}
        else:
            values |= {"shift": "clinic"}
        if chance(rng, 30):
            values["preceptors"] = tuple(p.preceptor for p in team.preceptors)
        turns = sum(p.most_at_once * ((p.most_weeks or pool.weeks * pool.turns) // pool.weeks) for p in team.preceptors)
        months = {d for n in pool.needs for d in n.starts if n.weeks == MONTH_WEEKS} if pool.profession == "pharmd" else set()
        weekly = {d for n in pool.needs for d in n.starts if n.weeks != MONTH_WEEKS or pool.profession != "pharmd"}
        if weekly:
            slot = Slot.model_validate({**values, "starts": tuple(sorted(weekly))})
            offers.append(Offer(slot, team.unit.site, (pool,), turns))
        if months:
            month = {"slot": f"{values['slot']}-month", "starts": tuple(sorted(months)), "length": 1, "length_unit": "months"}
            values["least_students"] = 1  # those of six weeks and of months cannot help each other to be enough
            offers.append(Offer(Slot.model_validate({**values, **month}), team.unit.site, (pool,), 0 if weekly else turns))
    return offers


def _common(pool: Pool, unit: Unit) -> dict[str, Any]:
    """What slots of one student at a time have in common; their length is what the rotation asks for."""
    return {
        "slot": f"{unit.unit}-{_short(pool)}",
        "unit": unit.unit,
        "specialty": next(s for s in pool.specialties if s in unit.specialties),
        "professions": (pool.profession,),
        "starts": pool.starts,
        "weekdays": WORK_DAYS,
        "excuses": EXCUSED if pool.profession == "md" else (),
    }


def _short(pool: Pool) -> str:
    return f"{pool.profession}-{''.join(word[:4] for word in pool.specialties[0].split('-'))}"


def _least(rng: Rng, most: int) -> int:
    """One to three students or none at all."""
    if most < 3:
        return 1
    return pick(rng, (1, 2, 2) if most < 5 else (1, 2, 2, 3))


def _shared(rng: Rng, offers: list[Offer]) -> list[Offer]:
    """Half of the units that teach PA and medical students without preceptors by name do so in one slot for both."""
    service: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for i, offer in enumerate(offers):
        if offer.pools[0].supervision == "service":
            service[offer.slot.unit, offer.slot.specialty].append(i)
    gone = set()
    for members in service.values():
        if len(members) == 2 and chance(rng, 50):
            one, two = (offers[i] for i in members)
            slot = one.slot.model_copy(
                update={
                    "slot": f"{one.slot.slot}-{two.slot.professions[0]}",
                    "professions": (*one.slot.professions, *two.slot.professions),
                    "starts": tuple(sorted({*one.slot.starts, *two.slot.starts})),
                    "most_students": one.slot.most_students + two.slot.most_students,
                    "least_students": max(one.slot.least_students, two.slot.least_students),
                    "excuses": EXCUSED,
                }
            )
            offers[members[0]] = replace(one, slot=slot, pools=(*one.pools, *two.pools), supply=one.supply + two.supply)
            gone.add(members[1])
    return [o for i, o in enumerate(offers) if i not in gone]


def make_capacity(frame: Frame, places: Places, offers: Sequence[Offer]) -> list[CapacityRow]:
    """One group a shift; a few places less than all slots together; fewer at weekends; closures."""
    rng = frame.rng("capacity")
    of_unit: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        of_unit[offer.slot.unit].append(offer)
    rows: list[CapacityRow] = []
    for unit in places.units:
        mine = of_unit[unit.unit]
        groups = [o for o in mine if o.pools[0].supervision == "faculty"]
        others = [o for o in mine if o.pools[0].supervision != "faculty" and not o.slot.slot.endswith("-month")]
        rows += [
            CapacityRow(unit=unit.unit, shift=shift, profession="rn", most_groups=1, most_students=10 + between(rng, 0, 3))
            for shift in dict.fromkeys(o.slot.shift for o in groups)
        ]
        together = sum(o.slot.most_students for o in others)
        if groups and others:
            rows.append(CapacityRow(unit=unit.unit, most_precepted=max(1, together - between(rng, 0, together // 6))))
            rows.append(CapacityRow(unit=unit.unit, weekdays=(5, 6), profession="rn", most_students=10, most_groups=1))
        elif len(others) > 1:
            largest = max(o.slot.most_students for o in others)
            rows.append(CapacityRow(unit=unit.unit, most_students=max(largest, together - between(rng, 0, together // 6))))
        # Not where a closure would break a clinic that runs all year, or make what is scarce scarcer.
        kept_open = any(p.scarce or p.longitudinal for o in mine for p in o.pools)
        if others and not groups and not kept_open and chance(rng, CLOSED_PERCENT):
            start = _closure(rng, frame)
            rows.append(CapacityRow(unit=unit.unit, start=start, end=start + timedelta(days=13), most_students=0))
    return rows


def _closure(rng: Rng, frame: Frame) -> date:
    return frame.monday(shuffled(rng, range(2, frame.tier.weeks - 2))[0])
