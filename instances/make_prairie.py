"""Write `instances/prairie`: a year of advanced pharmacy practice experiences (APPE) across a state, for three schools.

    python instances/make_prairie.py [FOLDER]

Regions, sites, schools, calendars and limits are written down below. Who lives where, who drives, who speaks what, and what
students wish is drawn, each from a seed of its own: the same script writes the same files, byte for byte.
"""

# ruff: noqa: E501 (tables may be wider than text)
from __future__ import annotations

import random
import sys
from datetime import date, timedelta
from pathlib import Path

from tables import Row, draw, table, write

INSTANCE = """\
name = "prairie"
first_monday = 2026-05-18
weeks = 52
planning_date = 2026-03-16
timezone = "America/Chicago"

[[shifts]]
shift = "clinic"
start = "08:00"
end = "17:00"
hours = 8

# Money is counted in tens of dollars, so that a point is worth ten dollars.
[policy.rules]
requirement = { weight = 20 }
elective = { weight = 20 }
no_repeat = { kind = "hard", things = ["preceptor", "site"] }
competency = { kind = "soft", weight = 20 }
school_equity = { kind = "soft", weight = 10 }
priority = { kind = "soft", weight = 1, order = ["tier", "scholarship", "student"] }
budget = { of = ["fees", "housing"] }
travel = { kind = "soft", weight = 1, km_per_point = 20 }
fees = { kind = "soft", weight = 1 }
preference = { weight = 2, unranked = "last" }
# Weeks off are part of the year, and going elsewhere each time is the point of it.
waiting = { kind = "off" }
site_change = { kind = "off" }
worst_off = { kind = "off" }
# Twelve weeks at one hospital (continuity) may be with one preceptor in its pharmacy and another on its wards.
one_preceptor = { kind = "off" }
"""

SCHOOLS = """
school | name                            | tier | least_placed_percent
pls    | Plains State University         | 1    | 95
mid    | Midland Health Sciences         | 1    | 95
lyn    | Fort Lyon College of Pharmacy   | 2    | 95
"""

# Plains State asks for weeks in the country, Midland for hours, Fort Lyon (whose months differ in days) for hours and breadth.
PROGRAMS = """
program    | school | name                  | least_hours | least_setting_weeks | least_settings | most_relocations | most_distance_housed_km | most_fees | continuity
pls-pharmd | pls    | Pharmacy, last year   |             | rural:6             |                | 2                | 400                     |           |
pls-long   | pls    | Longitudinal pharmacy |             |                     |                | 1                | 400                     |           | site
mid-pharmd | mid    | Pharmacy, last year   | 1620        |                     |                | 1                | 200                     | 250       |
lyn-pharmd | lyn    | Pharmacy, last year   | 1170        |                     | 3              | 1                | 200                     |           |
"""
COUNTS = {"pls-pharmd": 34, "pls-long": 6, "mid-pharmd": 32, "lyn-pharmd": 22}

#: First Mondays of the blocks of six weeks. Midland comes back from the winter break a week later.
AUTUMN = ["2026-05-18", "2026-06-29", "2026-08-10", "2026-09-21", "2026-11-02"]
BLOCKS = {
    "pls": [*AUTUMN, "2027-01-04", "2027-02-15", "2027-03-29"],
    "mid": [*AUTUMN, "2027-01-11", "2027-02-22", "2027-04-05"],
}
#: Calendar months of Fort Lyon.
MONTHS = [date(2026 + (m > 12), (m - 1) % 12 + 1, 1) for m in range(6, 17)]

#: Core rotations of six weeks (at Fort Lyon a calendar month, which is four weeks and some days) and electives.
REQUIREMENTS = """
requirement | name                          | specialties                               | elective_set | choose | licences         | competencies
HOSP        | Hospital pharmacy             | hospital                                  |              |        | pharmd           |
ACUTE       | Acute care                    | acute                                     |              |        | pharmd           |
AMB         | Ambulatory care               | ambulatory                                |              |        | pharmd;np        | immunize
COMM        | Community pharmacy            | community                                 |              |        | pharmd           | immunize
ONC         | Oncology or transplant        | oncology                                  | care         | 2      |                  |
PEDS        | Pediatrics                    | pediatrics                                | care         | 2      |                  |
PSY         | Psychiatry and addiction      | psychiatry                                | care         | 2      |                  |
GERI        | Care of the aged              | geriatrics                                | care         | 2      |                  |
FREE        | Any elective                  | management;research                       |              |        |                  |
"""

#: Region: town, latitude, longitude, share of homes; then hospitals, clinics and pharmacies there.
REGIONS = {
    "metro": ("Prairie City", 41.00, -97.00, 50, 4, 7, 7),
    "east": ("Bluffton", 41.20, -96.30, 30, 3, 4, 5),
    "south": ("Fairlea", 40.45, -96.75, 8, 1, 2, 2),
    "north": ("Norden", 42.05, -97.40, 6, 2, 3, 3),
    "central": ("Grandview", 40.85, -98.80, 6, 2, 3, 3),
    "west": ("Platte Forks", 41.10, -100.80, 0, 1, 2, 2),
}
RURAL = {"south", "north", "central", "west"}

#: Where electives are: site, region, what is learned, places at once, fee a week.
ELECTIVES = """
site   | region | name                         | specialty  | places | fee_per_week | setting
onc-m  | metro  | University cancer center     | oncology   | 4      | 4            | academic
onc-e  | east   | Bluffton cancer institute    | oncology   | 2      | 0            | community
ped-m  | metro  | Children's hospital          | pediatrics | 4      | 5            | academic
ped-e  | east   | Bluffton children's clinics  | pediatrics | 2      | 0            | community
psy-m  | metro  | State behavioral health      | psychiatry | 3      | 0            | community
psy-e  | east   | Bluffton addiction clinic    | psychiatry | 2      | 0            | community
psy-c  | central | Grandview recovery center   | psychiatry | 1      | 0            | rural
ger-m1 | metro  | Prairie City home for the aged | geriatrics | 2    | 0            | community
ger-m2 | metro  | Visiting pharmacists         | geriatrics | 2      | 0            | community
ger-e  | east   | Bluffton home for the aged   | geriatrics | 1      | 0            | community
ger-n  | north  | Norden home for the aged     | geriatrics | 1      | 0            | rural
ger-c  | central | Grandview home for the aged | geriatrics | 1      | 0            | rural
pbm-e  | east   | Hospital purchasing          | management | 3      | 0            | industry
pbm-m  | metro  | Benefit management           | management | 4      | 0            | industry
res-m  | metro  | University drug research     | research   | 3      | 0            | academic
poi-m  | metro  | Poison center (by telephone) | management | 3      | 0            | industry
"""

#: Sites that are special. Patients of one clinic speak Spanish only; some sites lie off every bus line.
SPANISH = {"cl-m7", "cl-e4"}
FEES = {"ho-m1": 5, "ho-m2": 3}
NO_PHARMACIST = {"cl-m3": "np", "cl-n2": "md"}  # whose preceptor is no pharmacist
#: Weekly hours where they are not 40.
SHORT_WEEKS = {"ph-m6": 30, "ph-m7": 30, "ph-e5": 30, "cl-m2": 32, "cl-e3": 32}
NO_VACCINES = {"ph-m1", "ph-m2", "ph-e1", "cl-m1", "cl-m4", "cl-e1"}
#: Fort Lyon has acute care at three units, with people of its own there, one student a month, never in December.
LYON_ACUTE = {"ho-m3-acute": "p-ho-m3-lyon", "ho-m4-acute": "p-ho-m4-lyon", "ho-e2-acute": "p-ho-e2-lyon"}

RESERVATIONS = """
slot          | school | guaranteed | most | give_back  | status
ho-m1-acute-6 | pls    | 1          |      | 2026-05-01 | confirmed
ho-m1-acute-6 | mid    | 1          |      | 2026-05-01 | confirmed
ho-m1-hosp-6  | pls    | 1          |      | 2026-03-01 | confirmed
onc-m-6       | pls    | 2          |      | 2026-04-15 | confirmed
onc-m-6       | mid    |            | 1    |            | confirmed
ped-m-6       | mid    | 1          |      | 2026-04-15 | requested
"""

# Fort Lyon placed students itself before it asked; a preceptor has a resident; two students found a place out of state.
COMMITMENTS = """
who_kind  | who           | start      | end        | students | requirement | kind
preceptor | p-ph-m3-1     | 2026-06-01 | 2026-08-31 | 1        |             | student whom Fort Lyon placed itself
preceptor | p-ph-m4-1     | 2026-07-01 | 2026-09-30 | 1        |             | student whom Fort Lyon placed itself
preceptor | p-cl-e1-1     | 2026-09-01 | 2026-10-31 | 1        |             | student whom Fort Lyon placed itself
preceptor | p-ho-e1-1     | 2027-01-01 | 2027-02-28 | 1        |             | student whom Fort Lyon placed itself
preceptor | p-ho-n1-1     | 2026-06-29 | 2026-08-09 | 1        |             | pharmacy resident
student   | lyn-04        | 2026-07-01 | 2026-07-31 |          | FREE        | place found by the student, out of state
student   | pls-09        | 2026-09-21 | 2026-12-13 |          |             | reserve duty
student   | pls-09        | 2026-08-10 | 2026-09-20 |          | FREE        | place found by the student, out of state
"""

LEAVE = """
who_kind  | who         | start      | end        | status
preceptor | p-ho-m4-1   | 2026-09-21 | 2026-11-01 | unavailable
preceptor | p-cl-s1-1   | 2026-08-10 | 2026-09-20 | unavailable
preceptor | p-ph-c1-1   | 2026-11-02 | 2026-12-13 | unavailable
preceptor | p-ho-w1-1   | 2027-01-04 | 2027-02-14 | avoid
unit      | cl-m5       | 2026-06-29 | 2026-08-09 | unavailable
"""

CONFLICTS = """
student | site  | preceptor
pls-03  | ph-m1 |
mid-11  |       | p-ho-m2-1
"""

STUDENT_REQUIREMENTS = """
student | requirement | change | amount
mid-05  | care        | choose | 1
"""
CREDITS = """
student | requirement | amount | unit       | preceptor   | end        | hours
mid-05  | COMM        | 6      | ph-m5      | p-ph-m5-1   | 2026-04-24 | 480
pls-12  | AMB         | 6      | cl-m6      | p-cl-m6-1   | 2026-04-24 | 240
"""

SCHOLARSHIPS = """
scholarship  | priority | name                       | sites | professions
rural-corps  | 2        | State rural pharmacy corps | ho-c1;ho-c2;ho-w1;cl-c1;cl-c2;cl-c3;cl-w1;cl-w2;ph-c1;ph-c2;ph-c3;ph-w1;ph-w2;psy-c | pharmd
prairie-fund | 1        | Prairie community fund     |       |
"""
HOLDERS = dict.fromkeys(("pls-21", "pls-33", "mid-02"), "rural-corps") | dict.fromkeys(("pls-07", "mid-11"), "prairie-fund")
#: Comes back from leave in the middle of the year, and others came back before: they are to go first.
AVAILABLE_FROM = {"lyn-04": "2026-12-01"}
FIRST = {"pls-05", "mid-20", "lyn-11"}


def source(what: str) -> random.Random:
    """A source of draws for one purpose: more wishes leave the homes as they are."""
    return random.Random(f"prairie {what}")


def places() -> list[Row]:
    """Every place where something is learned: site, what, how many at once, by region and kind."""
    rng, rows = source("sites"), []

    def add(site: str, region: str, specialty: str, count: int, setting: str, **more: object) -> None:
        _, lat, lon, *_ = REGIONS[region]
        rows.append({"site": site, "region": region, "specialty": specialty, "places": count, "setting": setting, **more})
        rows[-1].update(lat=f"{lat + rng.uniform(-0.08, 0.08):.3f}", lon=f"{lon + rng.uniform(-0.08, 0.08):.3f}")

    for region, (town, _, _, _, hospitals, clinics, pharmacies) in REGIONS.items():
        letter = region[0]
        country = "rural" if region in RURAL else ""
        for i in range(1, hospitals + 1):
            big = region != "west" and i < 3
            add(
                f"ho-{letter}{i}",
                region,
                "hospital",
                2 if big else 1,
                country or ("academic" if region == "metro" and i < 3 else "community"),
            )
            rows[-1].update(name=f"{town} hospital {i}", units="hosp acute")
        for i in range(1, clinics + 1):
            add(f"cl-{letter}{i}", region, "ambulatory", 1, country or "community", name=f"{town} clinic {i}")
        for i in range(1, pharmacies + 1):
            add(f"ph-{letter}{i}", region, "community", 1, country or "retail", name=f"{town} pharmacy {i}")
    for row in table(ELECTIVES):
        add(**{str(k): v for k, v in row.items() if k != "places"}, count=int(str(row["places"])))  # type: ignore[arg-type]
    return rows


def sites(all_places: list[Row]) -> list[Row]:
    """Sites with what they ask: a fee, a language, a car; those in the country lack staff."""
    rows = []
    for place in all_places:
        site, region = str(place["site"]), str(place["region"])
        rows.append({**place, "place": REGIONS[region][0], "languages": "spanish" if site in SPANISH else ""})
        rows[-1]["fee_per_week"] = FEES.get(site, place.get("fee_per_week", ""))
        rows[-1]["needs_car"] = "true" if site in ("ph-m7", "ph-e5") or (site[:2] == "cl" and region in RURAL) else ""
        rows[-1]["high_need"] = "true" if region in ("west", "central") and site[:2] in ("ho", "cl") else ""
        rows[-1] = {k: v for k, v in rows[-1].items() if k not in ("specialty", "places", "units")}
    return rows


def units(all_places: list[Row]) -> list[Row]:
    """A hospital has a pharmacy and an acute care team; every other site is one unit."""
    rows = []
    for place in all_places:
        site, name = str(place["site"]), place["name"]
        offered = {"ambulatory": "counsel", "community": "counsel"}
        if "units" in place:
            pair = (("hosp", "hospital"), ("acute", "acute"))
            rows += [{"unit": f"{site}-{u}", "site": site, "name": f"{name}, {s}", "specialties": s} for u, s in pair]
        else:
            kind = str(place["specialty"])
            learned = offered.get(kind, "")
            if learned and site not in NO_VACCINES:
                learned += ";immunize"
            mode = "telehealth" if site == "poi-m" else ""
            rows.append({"unit": site, "site": site, "name": name, "specialties": kind, "competencies": learned, "mode": mode})
    for row in rows:
        row["places"] = next(p["places"] for p in all_places if p["site"] == row["site"])
    return rows


def preceptors(all_units: list[Row]) -> list[Row]:
    """One preceptor a place; every ninth takes students in at most 42 weeks, which is seven blocks of six."""
    rows: list[Row] = []
    for unit in all_units:
        name, site = str(unit["unit"]), str(unit["site"])
        for i in range(1, int(str(unit["places"])) + 1):
            who = f"p-{site}-{i}" if not name.endswith("acute") else f"p-{site}-{i + 4}"
            row: Row = {"preceptor": who, "licence": NO_PHARMACIST.get(site, "pharmd"), "supervises": "pharmd"}
            row.update(units=name, most_at_once=1, most_weeks="" if rows and len(rows) % 9 else 42)
            if site == "cl-m6":
                row.update(languages="spanish;english")
            rows.append(row)
        if name in LYON_ACUTE:
            rows.append({"preceptor": LYON_ACUTE[name], "licence": "pharmd", "supervises": "pharmd", "most_at_once": 1})
    return rows


def slots(all_units: list[Row]) -> list[Row]:
    """Six weeks for Plains State and Midland everywhere, calendar months for Fort Lyon in the metro and the east."""
    rows = []
    six = sorted(set(BLOCKS["pls"]) | set(BLOCKS["mid"]))
    for unit in all_units:
        name, site, count = str(unit["unit"]), str(unit["site"]), unit["places"]
        common = {"unit": name, "specialty": unit["specialties"], "professions": "pharmd", "weekdays": "Mo-Fr", "shift": "clinic"}
        own = ";".join(f"p-{site}-{i + 4 * name.endswith('acute')}" for i in range(1, int(str(count)) + 1))
        six_weeks = {"starts": ";".join(six), "length": 6, "hours_per_week": SHORT_WEEKS.get(site, 40)}
        rows.append({"slot": f"{name}-6", **common, **six_weeks, "preceptors": own, "most_students": count})
        months = [m for m in MONTHS if name not in LYON_ACUTE or m.month != 12]
        a_month = {"starts": ";".join(map(str, months)), "length": 1, "length_unit": "months"}
        if name in LYON_ACUTE or (site.split("-")[1][0] in "me" and not name.endswith("acute")):
            own = LYON_ACUTE.get(name, own)
            rows.append({"slot": f"{name}-mo", **common, **a_month, "preceptors": own, "most_students": len(own.split(";"))})
    return rows


def calendar() -> list[Row]:
    """Blocks: Midland's end on a Thursday, Fort Lyon's are calendar months. Thanksgiving and exam days are lost."""
    rows: list[Row] = []
    for program in COUNTS:
        school = program[:3]
        for start in BLOCKS.get(school, []):
            end = date.fromisoformat(start) + timedelta(days=40 if school == "pls" else 38)
            rows.append({"program": program, "start": start, "end": end, "kind": "block"})
        if school == "lyn":
            ends = [(m + timedelta(days=31)).replace(day=1) - timedelta(days=1) for m in MONTHS]
            rows += [{"program": program, "start": m, "end": e, "kind": "block"} for m, e in zip(MONTHS, ends, strict=True)]
        rows.append({"program": program, "start": "2026-11-26", "end": "2026-11-27", "kind": "holiday"})
    return rows


def requirements() -> list[Row]:
    """The same nine rotations at three schools; the longitudinal program is twelve weeks in two blocks at one hospital."""
    rows: list[Row] = []
    for program in COUNTS:
        if program != "pls-long":
            weeks = 4 if program == "lyn-pharmd" else 6
            rows += [{"program": program, **row, "amount": weeks} for row in table(REQUIREMENTS)]
    for row in rows:
        row["competencies"] = row["competencies"] if row["program"] == "pls-pharmd" else ""
    long = {"program": "pls-long", "requirement": "LONG", "name": "Twelve weeks in a hospital", "specialties": "hospital;acute"}
    rows.append({**long, "amount": 12, "blocks": 2, "weeks_min": 6, "within_weeks": 13, "licences": "pharmd"})
    return [{**row, "supervision": "precepted"} for row in rows]


def students() -> list[Row]:
    """Students by program, with homes, cars and languages as drawn."""
    rng, rows = source("homes"), []
    shares = [share for *_, share, _, _, _ in REGIONS.values()]
    number = {"pls": 0, "mid": 0, "lyn": 0}
    for program, count in COUNTS.items():
        school = program[:3]
        for _ in range(count):
            number[school] += 1
            who = f"{school}-{number[school]:02d}"
            region = rng.choices(list(REGIONS), shares)[0] if school != "lyn" else "metro"
            town, lat, lon, *_ = REGIONS[region]
            row: Row = {"student": who, "program": program, "home": town}
            row.update(home_lat=f"{lat + rng.uniform(-0.1, 0.1):.3f}", home_lon=f"{lon + rng.uniform(-0.1, 0.1):.3f}")
            row["drives"] = "false" if rng.random() < 0.06 and region == "metro" else ""
            row["languages"] = "english;spanish" if rng.random() < 0.2 else "english"
            row["scholarship"] = HOLDERS.get(who, "")
            row["priority"] = 2 if who in FIRST else ""
            row["available_from"] = AVAILABLE_FROM.get(who, "")
            rows.append(row)
    return rows


def wishes(people: list[Row], all_places: list[Row]) -> list[Row]:
    """Ranked sites for two or three kinds of rotation each; near and known places are popular."""
    rng, rows = source("wishes"), []
    kinds = {"HOSP": "hospital", "AMB": "ambulatory", "COMM": "community"}
    near = {"metro": 6, "east": 4, "south": 2, "north": 1, "central": 1, "west": 1}
    for person in people:
        if person["program"] == "pls-long":
            continue
        reach = {"metro", "east"} if person["program"] == "lyn-pharmd" else set(REGIONS)
        for requirement, kind in kinds.items():
            if rng.random() < 0.75:
                popular = {
                    str(p["site"]): near[str(p["region"])] for p in all_places if p["specialty"] == kind and p["region"] in reach
                }
                for rank, site in enumerate(draw(rng, popular, 4), 1):
                    rows.append(
                        {"who_kind": "student", "who": person["student"], "requirement": requirement, "what": "site"}
                        | {"value": site, "rank": rank}
                    )
    return rows


def availability(people: list[Row]) -> list[Row]:
    """Leave, and the block that a student would rather have off: one of eight is off anyway."""
    rng, rows = source("off"), table(LEAVE)
    for person in people:
        school = str(person["student"])[:3]
        if school == "pls" and person["program"] != "pls-long" and rng.random() < 0.8:
            start = date.fromisoformat(rng.choice(BLOCKS["pls"]))
            rows.append(
                {
                    "who_kind": "student",
                    "who": person["student"],
                    "start": start,
                    "end": start + timedelta(days=40),
                    "status": "avoid",
                }
            )
    return rows


def agreements(all_places: list[Row]) -> list[Row]:
    """Plains State goes everywhere, Midland not to the west, Fort Lyon only in the metro and the east."""
    rows: list[Row] = []
    for school, barred in (("pls", set()), ("mid", {"west"}), ("lyn", RURAL)):
        names = [str(p["site"]) for p in all_places if p["region"] not in barred]
        rows += [
            {"school": school, "sites": ";".join(names[i : i + 20]), "professions": "pharmd"} for i in range(0, len(names), 20)
        ]
    return rows


def housing(all_places: list[Row]) -> list[Row]:
    """Beds near hospitals and clinics far out, from Saturday on or any day; in the west the hospital's cost nothing."""
    rows = []
    for place in all_places:
        site, region = str(place["site"]), str(place["region"])
        if region in ("north", "central", "west") and site[:2] in ("ho", "cl", "ph") and site[-1] in "12":
            cost = 0 if site == "ho-w1" else {"north": 4, "central": 3, "west": 2}[region]
            rows.append(
                {"site": site, "beds": 1, "start": "2026-05-16", "end": "2027-05-16", "cost": cost}
                | {"from_weekday": "Sa" if region == "west" else ""}
            )
    # The university has a few rooms for students from far away.
    for site, beds in (("onc-m", 2), ("ped-m", 2), ("psy-m", 1)):
        rows.append({"site": site, "beds": beds, "start": "2026-05-16", "end": "2027-05-16", "cost": 5})
    return rows


def main(folder: Path) -> None:
    """Write all tables of the instance."""
    everywhere, people = places(), students()
    every_unit = units(everywhere)
    tables: dict[str, list[Row]] = {
        "schools": table(SCHOOLS),
        "programs": table(PROGRAMS, profession="pharmd", most_distance_km=90),
        "calendar": calendar(),
        "requirements": requirements(),
        "student_requirements": table(STUDENT_REQUIREMENTS),
        "students": people,
        "scholarships": table(SCHOLARSHIPS),
        "availability": availability(people),
        "preferences": wishes(people, everywhere),
        "credits": table(CREDITS),
        "sites": sites(everywhere),
        "units": [{k: v for k, v in row.items() if k != "places"} for row in every_unit],
        "housing": housing(everywhere),
        "slots": slots(every_unit),
        "reservations": table(RESERVATIONS),
        "preceptors": preceptors(every_unit),
        "commitments": table(COMMITMENTS),
        "agreements": agreements(everywhere),
        "conflicts": table(CONFLICTS),
    }
    write(folder, INSTANCE, tables)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "prairie")
