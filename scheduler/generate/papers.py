"""On what terms: agreements of schools with sites, reserved places, and the proofs that sites ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain.tables import Agreement, Clearance, Reservation, Site, SiteClearance
from scheduler.generate.draws import Rng, between, chance, pick, shuffled, some
from scheduler.generate.people import People
from scheduler.generate.places import Places
from scheduler.generate.pools import Pool
from scheduler.generate.slots import Offer
from scheduler.generate.tiers import Frame

#: A school may use at least so much of what there is of anything that its students need, in percent.
LEAST_REACH_PERCENT = 40
#: Of a school's sites: with most students at once; agreed for later only; being renewed, in percent.
LIMITED_PERCENT, PLANNED_PERCENT, RENEWING_PERCENT = 8, 5, 10
#: Of the slots for groups and pharmacists: reserved for one school, in percent.
RESERVED_PERCENT = 9
#: Days before the planning date (negative) or after it on which reservations are given back, and their statuses.
GIVE_BACK_DAYS = (-14, 21, 35, 49)
#: Item: days before, season, covers.
ITEMS = {
    "background": (30, "", "", "start"),
    "tb": (30, "", "", "start"),
    "bls": (14, "", "", "whole"),
    "flu": (14, "10-01", "03-31", "whole"),
}
#: Of the sites: ask for an item, in percent.
ASKED_PERCENT = {"background": 100, "tb": 70, "bls": 90, "flu": 75}
#: Of the sites: run their own background check and ask for it before the term is planned, in percent.
EARLY_PERCENT = 12
EARLY_DAYS = 84
#: Of the students who are not in groups: refuse influenza shots, in thousandths.
REFUSE_FLU_MILLI = 6


@dataclass(frozen=True)
class Reach:
    """Sites that a school has agreements with, in the order of the sites."""

    sites: Mapping[str, tuple[str, ...]]
    agreements: tuple[Agreement, ...]


def make_reach(frame: Frame, people: People, places: Places, offers: Sequence[Offer]) -> Reach:
    """Draw which school may go where; every school reaches enough of everything that its students need."""
    rng = frame.rng("agreements")
    regions = list(dict.fromkeys(s.region for s in places.sites))
    # By school and rotation: what there is at each site on days on which its students have no classes.
    supply: dict[str, dict[tuple[str, str], dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for offer in offers:
        for need in (need for pool in offer.pools for need in pool.needs if offer.suits(need.course)):
            key = (need.course.program.program, need.requirement.requirement)
            supply[need.course.program.school][key][offer.site] += max(1, offer.supply)
    reach: dict[str, tuple[str, ...]] = {}
    rows: list[Agreement] = []
    for number, school in enumerate(people.schools):
        home = regions[number % len(regions)]
        known = {s.site for s in places.sites if not chance(rng, _missing(frame, s, home))}
        for of_site in supply[school.school].values():
            _widen(known, of_site)
        reach[school.school] = tuple(s.site for s in places.sites if s.site in known)
        rows += _agreements(rng, frame, people, places, school.school, reach[school.school])
    return Reach(reach, tuple(rows))


def _missing(frame: Frame, site: Site, home: str | None) -> int:
    """Chance in percent that a school has no agreement: a third as large in its own region."""
    return frame.tier.pairs_missing_percent // (3 if site.region == home else 1)


def _widen(known: set[str], supply: Mapping[str, int]) -> None:
    """Add the largest sites until enough can be reached."""
    total = sum(supply.values())
    for site in sorted(supply, key=lambda s: (-supply[s], s)):
        if 100 * sum(count for s, count in supply.items() if s in known) >= LEAST_REACH_PERCENT * total:
            return
        known.add(site)


def _agreements(rng: Rng, frame: Frame, people: People, places: Places, school: str, reach: tuple[str, ...]) -> list[Agreement]:
    """One row for most sites; sites with a limit or under renewal have their own; some agreements begin later."""
    since = date(frame.first_monday.year - between(rng, 1, 5), 7, 1)
    own = shuffled(rng, reach)
    limited = own[: len(own) * LIMITED_PERCENT // 100 + (len(reach) > 3)]
    renewing = own[len(limited) : len(limited) + len(own) * RENEWING_PERCENT // 100]
    students = sum(len(people.students[c.program.program]) for c in people.courses if c.program.school == school)
    rest = tuple(s for s in reach if s not in limited and s not in renewing)
    rows = [Agreement(school=school, sites=rest, start=since)]
    rows += [
        Agreement(school=school, sites=(site,), start=since, most_students=max(10, students * pick(rng, (15, 25, 40)) // 100))
        for site in limited
    ]
    rows += [Agreement(school=school, sites=(site,), start=since, status="renewing") for site in renewing]
    others = [s.site for s in places.sites if s.site not in reach]
    rows += [
        Agreement(school=school, sites=(site,), start=frame.monday(frame.tier.weeks // 2), status="planned")
        for site in some(rng, others, PLANNED_PERCENT)
    ]
    return rows


def make_reservations(frame: Frame, people: People, offers: Sequence[Offer], reach: Reach) -> list[Reservation]:
    """Places kept for one school that needs them and may come; some were given back already, some are only asked for."""
    rng = frame.rng("reservations")
    rows = []
    open_to = [o for o in offers if o.pools[0].supervision == "faculty" or o.pools[0].profession == "pharmd"]
    for offer in some(rng, open_to, RESERVED_PERCENT, least=2):
        schools = _schools(offer.pools[0], offer.site, reach)
        if not schools:
            continue
        most = offer.slot.most_students
        at_most = most > 2 and chance(rng, 15)  # no places of its own, but a share of everybody's
        give_back = frame.planning_date + timedelta(days=pick(rng, GIVE_BACK_DAYS))
        rows.append(
            Reservation.model_validate(
                {
                    "slot": offer.slot.slot,
                    "school": pick(rng, schools),
                    "guaranteed": 0 if at_most else most if offer.pools[0].supervision == "faculty" else 1,
                    "most": most - 1 if at_most else None,
                    "give_back": give_back if chance(rng, 85) else None,
                    "status": pick(rng, ("confirmed", "confirmed", "confirmed", "confirmed", "requested", "released")),
                }
            )
        )
    return rows


def _schools(pool: Pool, site: str, reach: Reach) -> list[str]:
    """Schools that need a pool and may come to a site."""
    schools = dict.fromkeys(need.course.program.school for need in pool.needs)
    return [s for s in schools if site in reach.sites[s]]


def make_site_clearances(frame: Frame, places: Places) -> list[SiteClearance]:
    """What sites ask for; influenza in its season only."""
    rng = frame.rng("site clearances")
    early = set(some(rng, [s.site for s in places.sites], EARLY_PERCENT, least=1))
    return [
        SiteClearance.model_validate(
            {
                "site": site.site,
                "item": item,
                "due_days_before": EARLY_DAYS if item == "background" and site.site in early else days,
                "season_start": first,
                "season_end": last,
                "covers": covers,
            }
        )
        for site in places.sites
        for item, (days, first, last, covers) in ITEMS.items()
        if chance(rng, ASKED_PERCENT[item])
    ]


def make_clearances(frame: Frame, people: People) -> list[Clearance]:
    """Proofs on file ten weeks ahead; few have the influenza shot of the season, some promise or refuse it."""
    rng = frame.rng("clearances")
    rows: list[Clearance] = []
    for student in (s for students in people.students.values() for s in students if s.named):
        who = student.student
        for item, years, percent in (("background", 3, 96), ("tb", 2, 85), ("bls", 2, 85)):
            if chance(rng, percent):
                since = frame.planning_date - timedelta(days=between(rng, 1, 200))
                rows.append(Clearance(student=who, item=item, start=since, end=since + timedelta(days=365 * years)))
        # One student's refusal would keep a whole group away; groups are named accordingly.
        if student.group is None and int(rng.integers(1000)) < REFUSE_FLU_MILLI:
            rows.append(Clearance(student=who, item="flu", status="refused"))
        elif chance(rng, 10):
            rows.append(Clearance(student=who, item="flu", status="promised"))
    return rows
