"""Homes, housing, languages, scholarships and fees that say nothing, or that nobody can meet."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta

from scheduler.domain.tables import Housing, Preceptor, Program, Scholarship, Site, Student, Unit
from scheduler.domain.types import ALL_DAYS, format_weekdays
from scheduler.io.checks.draft import Draft, Say
from scheduler.io.report import nearest

Place = tuple[float, float]
#: A home this far from every site is probably written wrongly.
UNLIKELY_KM = 1500


def check_distances(draft: Draft) -> None:
    """Limits of distance fit each other, and there are coordinates to which they apply."""
    homes = {student.program for _, student in draft.each(Student) if _place(student.home_lat, student.home_lon)}
    sites = any(_place(site.lat, site.lon) for _, site in draft.each(Site))
    for say, row in draft.each(Program):
        daily, housed = row.most_distance_km, row.most_distance_housed_km
        if housed is not None and daily is None:
            message = "says nothing without most_distance_km"
            say("most_distance_housed_km", message, "no_effect", value=housed, severity="warning")
        elif housed is not None and daily is not None and housed < daily:
            message = f"is smaller than most_distance_km ({daily})"
            say("most_distance_housed_km", message, "least_above_most", value=housed, expected=f"at least {daily}")
        if daily is not None and not (sites and row.program in homes):
            what = "site has lat and lon" if not sites else "student of the program has home_lat and home_lon"
            say("most_distance_km", f"limits nothing: no {what}", "no_effect", value=daily, severity="warning")


def check_homes(draft: Draft) -> None:
    """Some site is within reach of each home, and by the means that the student has."""
    sites = [site for _, site in draft.each(Site)]
    places = {site.site: _place(site.lat, site.lon) for site in sites}
    remote = any(unit.mode == "telehealth" for _, unit in draft.each(Unit))
    beds = {row.site for _, row in draft.each(Housing) if row.beds}
    for say, student in draft.each(Student):
        if sites and not remote and not student.drives and all(site.needs_car for site in sites):
            message = "every site needs a car, so the student can be placed nowhere"
            say("drives", message, "no_place", value="false", severity="warning")
        home = _place(student.home_lat, student.home_lon)
        known = {site: _km(home, place) for site, place in places.items() if home and place}
        if not home or not known:
            continue
        best = min(known, key=lambda site: known[site])
        if known[best] > UNLIKELY_KM:
            message = f"the nearest site, {best}, is {known[best]:,.0f} km away"
            fix = "is a sign missing, or are latitude and longitude exchanged?"
            say("home_lat", message, "far_away", value=student.home_lat, severity="warning", suggestion=fix)
        elif len(known) == len(places) and not remote:
            program = draft.programs.get(student.program)
            limit = program.most_distance_km if program else None
            if program and limit and all(_beyond(program, limit, km, site in beds) for site, km in known.items()):
                nearest_is = f"the nearest, {best}, is {known[best]:.0f} km away"
                message = f"no site is within {limit} km, or has housing near enough; {nearest_is}"
                say("home_lat", message, "no_place", value=student.home_lat, severity="warning")


def check_housing(draft: Draft) -> None:
    """Stays can begin, and somebody can be far from the site."""
    sites = {site.site: site for _, site in draft.each(Site)}
    for say, row in draft.each(Housing):
        site = sites.get(row.site)
        if row.start <= row.end < row.start + timedelta(days=6):
            nights = {(row.start.weekday() + i) % len(ALL_DAYS) for i in range((row.end - row.start).days + 1)}
            if not nights & set(row.from_weekday):
                text = format_weekdays(row.from_weekday)
                message = f"none of these weekdays lies between {row.start} and {row.end}, so no stay can begin"
                say("from_weekday", message, "no_effect", value=text, severity="warning")
        if site is not None and not _place(site.lat, site.lon):
            message = "the site has no lat and lon, so nobody is far enough from it to be lodged"
            say("site", message, "no_effect", value=row.site, severity="warning")


def check_languages(draft: Draft) -> None:
    """A language that is nearly one on the other side, of those who ask or those who speak, is probably meant to be that one."""
    listing = [(say, site.languages) for say, site in draft.each(Site)]
    listing += [(say, person.languages) for say, person in draft.each(Preceptor)]
    speaking = [(say, student.languages) for say, student in draft.each(Student)]
    asked, spoken = ({name for _, names in rows for name in names} for rows in (listing, speaking))
    _near_misses(listing, spoken, "no student speaks this")
    _near_misses(speaking, asked, "no site or preceptor asks for this")


def check_scholarships(draft: Draft) -> None:
    """A scholarship without a row is only a label."""
    known = {row.scholarship for _, row in draft.each(Scholarship, partial=True) if row.scholarship is not None}
    said = set[str]()
    for say, student in draft.each(Student):
        name = student.scholarship
        if name is not None and name not in known | said:
            said.add(name)
            message = "has no row in scholarships: it is a label and prefers no site"
            say("scholarship", message, "unknown_reference", value=name, severity="warning", meant=known)


def check_fees(draft: Draft) -> None:
    """A budget needs something to pay."""
    if not any(site.fee_per_week for _, site in draft.each(Site)) and not any(row.cost for _, row in draft.each(Housing)):
        for say, row in draft.each(Program):
            if row.most_fees is not None:
                message = "limits nothing: no site has a fee_per_week, and no housing a cost"
                say("most_fees", message, "no_effect", value=row.most_fees, severity="warning")


CHECKS: tuple[Callable[[Draft], None], ...] = (
    check_distances,
    check_homes,
    check_housing,
    check_languages,
    check_scholarships,
    check_fees,
)


def _near_misses(rows: Iterable[tuple[Say, tuple[str, ...]]], known: Collection[str], message: str) -> None:
    meant: dict[str, str | None] = {}
    for say, names in rows:
        for name in names:
            if name not in known and name not in meant:
                meant[name] = nearest(name, known)
                if meant[name]:
                    say("languages", message, "unknown_reference", value=name, severity="warning", meant=known)


def _place(lat: float | None, lon: float | None) -> Place | None:
    return None if lat is None or lon is None else (lat, lon)


def _km(a: Place, b: Place) -> float:
    """Great-circle distance; close enough to say what is out of reach."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    cosine = math.sin(lat_a) * math.sin(lat_b) + math.cos(lat_a) * math.cos(lat_b) * math.cos(lon_a - lon_b)
    return 6371 * math.acos(max(-1.0, min(1.0, cosine)))


def _beyond(program: Program, limit: int, km: float, housed: bool) -> bool:
    """Whether a site at a distance is out of reach, with half a kilometre for rounding."""
    most = program.most_distance_housed_km
    return km >= limit + 0.5 and not (housed and (most is None or km < most + 0.5))
