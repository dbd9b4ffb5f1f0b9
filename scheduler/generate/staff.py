"""Who supervises: faculty of the groups, and preceptors with just so many weeks that a pool's supply is what it should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from scheduler.domain.tables import Availability, Preceptor, Unit
from scheduler.generate.draws import Rng, apportion, between, chance, pick, shuffled
from scheduler.generate.people import People
from scheduler.generate.places import Places
from scheduler.generate.pools import Pool
from scheduler.generate.tiers import Frame

#: Own profession of those who supervise a profession.
LICENCES = {"rn": ("rn",), "pa": ("pa", "md", "md", "np"), "md": ("md",), "pharmd": ("pharmd",), "pt": ("pt",), "ot": ("ot",)}
#: Students at once in a weekly clinic.
CLINIC_AT_ONCE = (2, 3, 3)
#: Of the preceptors of PA or medical students: supervise both, in percent.
BOTH_PERCENT = 20
#: Of the preceptors: away for one or two weeks, in percent.
LEAVE_PERCENT = 25
#: Of the faculty: teach on campus on two weekdays that the groups' classes leave free, in percent.
PATTERN_PERCENT = 35
TEACHING_DAYS = ((0, 2), (1, 3), (4,), (5, 6), (5, 6), (0,), (3,))


@dataclass(frozen=True)
class Team:
    """The preceptors of one pool in one unit."""

    unit: Unit
    preceptors: tuple[Preceptor, ...]

    @property
    def at_once(self) -> int:
        """Students that they take together."""
        return sum(p.most_at_once for p in self.preceptors)


@dataclass(frozen=True)
class Staff:
    """All who supervise, the teams of each precepted pool (by name), and who is away when."""

    preceptors: tuple[Preceptor, ...]
    teams: dict[str, list[Team]]
    leave: tuple[Availability, ...]


def make_staff(frame: Frame, people: People, places: Places, pools: Sequence[Pool]) -> Staff:
    """Draw faculty, one for each that groups name, and share the remaining preceptors among pools and units."""
    rng = frame.rng("staff")
    faculty = _faculty(people)
    precepted = [p for p in pools if p.supervision == "precepted"]
    weights = [_preceptors_needed(p) for p in precepted]
    least = min(2, (frame.tier.preceptors - len(faculty)) // len(precepted))
    counts = apportion(frame.tier.preceptors - len(faculty), weights, least=least)
    teams: dict[str, list[Team]] = {}
    for pool, count in zip(precepted, counts, strict=True):
        units = places.units_of(pool)
        at_once, turns = _loads(rng, pool, count)
        homes = _homes(rng, pool, units, count)
        found: dict[str, list[Preceptor]] = {u.unit: [] for u in units}
        for i, unit in enumerate(homes):
            found[unit.unit].append(_preceptor(rng, pool, unit, i + 1, at_once[i], turns[i]))
        teams[pool.name] = [Team(u, tuple(found[u.unit])) for u in units if found[u.unit]]
    own = [p for pool in precepted for team in teams[pool.name] for p in team.preceptors]
    # A weekly clinic that runs all year would not survive a week of leave.
    may_leave = [p for p in own if "primary-care" not in p.specialties]
    leave = (*_faculty_days(frame.rng("faculty days"), people), *_leave(frame.rng("leave"), frame, may_leave))
    return Staff((*faculty, *own), teams, leave)


def _preceptors_needed(pool: Pool) -> int:
    """Hundredths of preceptors that a pool needs: for what it asks for in all, and at once."""
    if pool.longitudinal:
        return 100 * pool.at_once * 10 // 26
    return max(100 * pool.supply * 10 // (7 * pool.turns), 80 * pool.at_once)


def _loads(rng: Rng, pool: Pool, count: int) -> tuple[list[int], list[int]]:
    """Students at once, and placements one after another, of each preceptor; together they make up the pool's supply."""
    if pool.longitudinal:
        at_once = [pick(rng, CLINIC_AT_ONCE) for _ in range(count)]
        while sum(at_once) < pool.at_once:
            at_once[int(rng.integers(count))] += 1
        return at_once, [1] * count
    at_once = [1] * count
    order = shuffled(rng, range(count))
    i = 0
    # Enough for the busiest weeks, and for all placements when nobody is busy all the time.
    while sum(at_once) * 100 < 110 * pool.at_once or sum(at_once) * pool.turns * 85 < 100 * pool.supply:
        at_once[order[i % count]] += 1
        i += 1
    turns = [1] * count
    room = [i for i in order for _ in range(pool.turns - 1)]
    made = sum(at_once)
    for i in shuffled(rng, room):
        if made >= pool.supply:
            break
        turns[i] += 1
        made += at_once[i]
    return at_once, turns


def _homes(rng: Rng, pool: Pool, units: list[Unit], count: int) -> list[Unit]:
    """The unit of each preceptor: two or more in one unit rather than one in each, and never more units than preceptors."""
    wanted = max(1, min(len(units), (count + 1) // 2 if pool.specialties[0] != "capstone" else count))
    used = sorted(rng.permutation(len(units))[:wanted].tolist())
    shares = apportion(count, [between(rng, 2, 5) for _ in used], least=1)
    return [units[i] for i, share in zip(used, shares, strict=True) for _ in range(share)]


def _preceptor(rng: Rng, pool: Pool, unit: Unit, number: int, at_once: int, turns: int) -> Preceptor:
    supervises = [pool.profession]
    other = {"pa": "md", "md": "pa"}.get(pool.profession)
    if other and not pool.longitudinal and chance(rng, BOTH_PERCENT):
        supervises.append(other)
    short = "".join(word[:4] for word in pool.specialties[0].split("-"))
    limited = turns < pool.turns and not pool.longitudinal
    return Preceptor(
        preceptor=f"p-{short}-{pool.profession}-{number}",
        licence=pick(rng, LICENCES["md" if len(supervises) > 1 else pool.profession]),
        supervises=tuple(supervises),
        specialties=tuple(s for s in pool.specialties if s in unit.specialties),
        units=(unit.unit,),
        most_at_once=at_once,
        most_weeks=turns * pool.weeks + between(rng, 0, 1) if limited else None,
    )


def _faculty(people: People) -> list[Preceptor]:
    """The faculty that the groups name."""
    school = {c.program.program: c.program.school for c in people.courses}
    found = {g.faculty: school[g.program] for groups in people.groups.values() for g in groups if g.faculty}
    return [
        Preceptor(preceptor=name, kind="faculty", school=home, licence="rn", supervises=("rn",), most_at_once=10)
        for name, home in found.items()
    ]


def _faculty_days(rng: Rng, people: People) -> list[Availability]:
    """Weekdays on which faculty with one group teach on campus; the group keeps a pair of weekdays that wards offer."""
    rows: list[Availability] = []
    for course in people.courses:
        leads = Counter(g.faculty for g in people.groups[course.program.program])
        for name, groups in leads.items():
            days = pick(rng, TEACHING_DAYS)
            taken = {*days, *course.class_days}
            free = taken.isdisjoint((0, 2)) or taken.isdisjoint((1, 3))
            if chance(rng, PATTERN_PERCENT) and name and groups == 1 and free:
                rows.append(Availability(who_kind="preceptor", who=name, weekdays=days, status="unavailable"))
    return rows


def _leave(rng: Rng, frame: Frame, preceptors: Sequence[Preceptor]) -> list[Availability]:
    """Weeks of leave, and a few weeks that somebody would rather be without students."""
    rows: list[Availability] = []
    for preceptor in preceptors:
        if not chance(rng, LEAVE_PERCENT):
            continue
        start = frame.monday(between(rng, 1, frame.tier.weeks - 3))
        end = start + timedelta(days=pick(rng, (4, 6, 13)))
        status = pick(rng, ("unavailable", "unavailable", "unavailable", "avoid"))
        rows.append(
            Availability.model_validate(
                {"who_kind": "preceptor", "who": preceptor.preceptor, "start": start, "end": end, "status": status}
            )
        )
    return rows
