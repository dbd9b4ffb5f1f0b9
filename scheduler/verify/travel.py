"""Homes, distances and lodging, from coordinates and dates."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise

from scheduler.domain.tables import Housing, Site, Student
from scheduler.domain.wording import count
from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding, each_placement
from scheduler.verify.load import Excess, too_many
from scheduler.verify.placed import Placed, day_name


@each_placement(bows_to_pins=True)
def distance(facts: Facts, placed: Placed) -> Iterator[str]:
    """Nobody's home is too far from the site, unless there is housing."""
    program, site = placed.party.program, placed.unit.site
    most, housed = program.most_distance_km, program.most_distance_housed_km
    for student in placed.party.members:
        km = km_from_home(facts, student, placed)
        if most is None or km is None or km <= most:
            continue
        words = f"site {site} is {km} km from the home of {student.student}"
        night = _night_without_housing(facts, placed)
        if night:
            yield f"{words}, at most {most} allowed, and has no housing on {night}"
        elif housed is not None and km > housed:
            yield f"{words}, at most {housed} allowed with housing"


@each_placement(bows_to_pins=True)
def car(facts: Facts, placed: Placed) -> Iterator[str]:
    """Everybody who has to come by car has one."""
    if facts.instance.site_by_id[placed.unit.site].needs_car and placed.unit.mode != "telehealth":
        for student in placed.party.members:
            if not student.drives:
                yield f"site {placed.unit.site} can only be reached by car, and {student.student} has none"


def housing(facts: Facts) -> Iterator[Finding]:
    """Students lodged at each site with housing, night by night."""
    for site in dict.fromkeys(row.site for row in facts.instance.housing):
        rows = housing_of(facts, site)
        nights: dict[int, list[Placed]] = defaultdict(list)
        for p in facts.placed:
            if p.unit.site == site and lodged(facts, p):
                for night in _nights(p):
                    nights[night].append(p)
        excess = Excess(facts)
        for night, there in nights.items():
            holding = [row for row in rows if _holds(row, night)]
            if holding:
                excess.add(night, night, sum(lodged(facts, p) for p in there) - sum(row.beds for row in holding), there)
        for day, who, amount, more in excess.together():
            beds = sum(row.beds for row in rows if _holds(row, date.fromisoformat(day).toordinal()))
            yield Finding(
                f"Site {site} lodges {too_many(who, lambda p: lodged(facts, p), 'students', day, beds)}{more}", amount, who
            )


def most_lodgings(facts: Facts) -> Iterator[Finding]:
    """Different lodgings of a person away from home."""
    for person in facts.people:
        most = person.party.program.most_relocations
        found = sorted({words for p in person.placed if (words := _lodging(facts, p))})
        if most is not None and len(found) > most:
            sentence = f"{person.party.name} lodges in {len(found)} places ({', '.join(found)}), at most {most} allowed"
            yield Finding(sentence, len(found) - most, person.placed, person.party)


def relocation(facts: Facts) -> Iterator[Finding]:
    """Changes of lodging from one block placement of a party to its next."""
    for party, placed in facts.by_party.items():
        blocks = [p for p in placed if p.requirement.lane == "block"]
        changes = sum(1 for a, b in pairwise(blocks) if _lodging(facts, a) != _lodging(facts, b))
        if changes:
            yield Finding(f"{party.name} changes lodging {count(changes, 'time')}", changes, tuple(blocks), party)


def travel(facts: Facts) -> Iterator[Finding]:
    """Points for the way of the student who lives farthest of those who come every day."""
    each = max(1, facts.setting("travel").number("km_per_point"))
    for p in facts.placed:
        km = max(_ways(facts, p)[0], default=0)
        if km >= each:
            yield Finding(f"{p.title}: site {p.unit.site} is {km} km from home", km // each, (p,), p.party)


def far_apart(facts: Facts) -> Iterator[Finding]:
    """Longitudinal placements and others of the same person in the same week; each pair counts once."""
    most = facts.setting("far_apart").number("most_km")
    seen = set()
    for person in facts.people:
        for a, b in combinations(person.placed, 2):
            pair = frozenset((id(a), id(b)))
            if pair in seen or "longitudinal" not in (a.requirement.lane, b.requirement.lane):
                continue
            seen.add(pair)
            together = facts.monday(a.start) <= facts.monday(b.end) and facts.monday(b.start) <= facts.monday(a.end)
            km = _between(facts, a, b)
            if together and km is not None and km > most:
                words = f"{a.title} and {b.title} are {km} km apart in the same week, at most {most} allowed"
                yield Finding(words, 1, (a, b), a.party)


CHECKS: dict[str, Check] = {
    "distance": distance,
    "car": car,
    "housing": housing,
    "most_lodgings": most_lodgings,
    "relocation": relocation,
    "travel": travel,
    "far_apart": far_apart,
}


# -- distances --------------------------------------------------------------------------------------------------------


def great_circle_km(a: tuple[float, float], b: tuple[float, float]) -> int:
    """Whole kilometres between two places given in degrees, half a kilometre rounded up."""
    lat_a, lon_a, lat_b, lon_b = (math.radians(degrees) for degrees in (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return math.floor(2 * 6371 * math.asin(math.sqrt(min(half, 1.0))) + 0.5)


def km_from_home(facts: Facts, student: Student, placed: Placed) -> int | None:
    """A student's way to a placement; None where it is not known, or there is none."""
    home, place = (student.home_lat, student.home_lon), _place(facts.instance.site_by_id[placed.unit.site])
    if placed.unit.mode == "telehealth" or home[0] is None or home[1] is None or place is None:
        return None
    return great_circle_km((home[0], home[1]), place)


def _ways(facts: Facts, placed: Placed) -> tuple[list[int], list[int]]:
    """The known ways of a placement's students: those that are short enough for every day, and those that are not."""
    most = placed.party.program.most_distance_km
    if most is None:
        most = max(0, facts.setting("housing").number("km"))
    known = [km for student in placed.party.members if (km := km_from_home(facts, student, placed)) is not None]
    return [km for km in known if km <= most], [km for km in known if km > most]


def lodged(facts: Facts, placed: Placed) -> int:
    """How many students of a placement live too far for every day; of a part no more than it has."""
    return min(placed.size, len(_ways(facts, placed)[1]))


def _between(facts: Facts, a: Placed, b: Placed) -> int | None:
    """Kilometres between the sites of two placements; None where they are not known."""
    if "telehealth" in (a.unit.mode, b.unit.mode):
        return None
    places = [_place(facts.instance.site_by_id[p.unit.site]) for p in (a, b)]
    return great_circle_km(places[0], places[1]) if places[0] and places[1] else None


def _place(site: Site) -> tuple[float, float] | None:
    return None if site.lat is None or site.lon is None else (site.lat, site.lon)


# -- lodging ----------------------------------------------------------------------------------------------------------


def _lodging(facts: Facts, placed: Placed) -> str:
    """Where students of a placement are lodged, in words; empty at home."""
    if not lodged(facts, placed):
        return ""
    region = facts.instance.site_by_id[placed.unit.site].region
    return f"region {region}" if region else f"site {placed.unit.site}"


def housing_of(facts: Facts, site: str) -> list[Housing]:
    """The housing of a site."""
    return [row for row in facts.instance.housing if row.site == site]


def receives(row: Housing, day: int) -> bool:
    """Whether a stay needed from a day on can begin in a row: it holds then, and on its last day of arrival up to then."""
    arrivals = [d for d in range(day - 6, day + 1) if date.fromordinal(d).weekday() in row.from_weekday]
    return _holds(row, day) and any(d >= row.start.toordinal() for d in arrivals[-1:])


def _holds(row: Housing, night: int) -> bool:
    return row.start.toordinal() <= night <= row.end.toordinal()


def _nights(placed: Placed) -> range:
    """The nights of a placement: from its first day to the day before its last, one at least."""
    return range(placed.start, max(placed.start + 1, placed.end))


def _night_without_housing(facts: Facts, placed: Placed) -> str:
    """The first night of a placement without housing, or on which the stay would have to begin; empty if there is none."""
    rows = [row for row in housing_of(facts, placed.unit.site) if row.beds]
    if not any(receives(row, placed.start) for row in rows):
        return day_name(placed.start)
    return next((day_name(night) for night in _nights(placed) if not any(_holds(row, night) for row in rows)), "")
