"""Write `instances/summit`: the clinical year of a physician assistant program, told table by table.

    python instances/make_summit.py [FOLDER]

Only homes, languages and wishes are drawn, each from a seed: the same seed writes the same files, byte for byte. Money is in
hundreds of dollars.
"""

# ruff: noqa: E501  (tables are as wide as they are)

from __future__ import annotations

import random
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from tables import Row, draw, table, write

INSTANCE = """\
name = "summit"
first_monday = 2026-05-11
weeks = 56
planning_date = 2026-03-02
timezone = "America/New_York"

[[shifts]]
shift = "clinic"
start = "08:00"
end = "17:00"
hours = 8

# The program does not want the same preceptor twice, and weighs ways and fees; moves count as changes of lodging, not of site.
[policy.rules.no_repeat]
kind = "hard"
things = ["preceptor"]

[policy.rules.competency]
kind = "soft"
weight = 20

[policy.rules.travel]
kind = "soft"
km_per_point = 20

[policy.rules.fees]
kind = "soft"

[policy.rules.site_change]
kind = "off"

[policy.rules.preceptor_balance]
kind = "off"

[policy.rules.worst_off]
kind = "off"
"""

SCHOOLS = """
school  | name
summit  | Summit University
granite | Granite Medical College
"""

PROGRAMS = """
program    | school  | profession | most_distance_km | most_distance_housed_km | most_relocations | most_fees | least_sites | least_setting_weeks | least_hours | licence_hours | least_ipe_weeks
summit-pa  | summit  | pa         | 85               | 200                     | 1                | 180       | 4           | rural:5             | 1740        | pa:160        |
granite-md | granite | md         |                  |                         |                  |           |             |                     |             |               | 4
"""

FIRST_BLOCK = date(2026, 5, 11)
BLOCKS = [FIRST_BLOCK + timedelta(weeks=5 * i) for i in range(11)]
YEAR = ";".join(str(day) for day in BLOCKS[:10])
JUNE_TOO = ";".join(str(day) for day in BLOCKS)  # whoever starts late, or has one block to make up, ends in May
DOUBLE = ";".join(str(day) for day in BLOCKS[:9])

# Besides the blocks and the two days on campus that end each of them:
CALENDAR = """
program    | requirement | start      | end        | kind      | effect
summit-pa  |             | 2026-12-24 | 2027-01-01 | holiday   | pause
summit-pa  |             | 2027-01-21 | 2027-01-22 | interview | pause
granite-md |             | 2026-08-24 | 2027-05-07 | term      |
granite-md |             | 2026-12-21 | 2027-01-08 | break     | forbid
"""

REQUIREMENTS = """
program    | requirement | name                         | specialties      | amount | blocks | supervision | licences   | heavy | first_week | last_week | after | elective_set | choose | applies_to | setting
summit-pa  | IM          | Internal medicine            | internal         | 5      |        | service     |            | true  |            | 35        |       |              |        | all        |
summit-pa  | SURG        | Surgery                      | surgery          | 5      |        | service     |            | true  |            |           |       |              |        | all        |
summit-pa  | EM          | Emergency medicine           | emergency        | 5      |        | precepted   |            | true  | 11         |           | IM    |              |        | all        |
summit-pa  | FM          | Family medicine              | family           | 5      |        | precepted   |            |       |            |           |       |              |        | all        |
summit-pa  | PED         | Pediatrics                   | pediatrics       | 5      |        | precepted   | md;do;np   |       |            |           |       |              |        | all        |
summit-pa  | WH          | Women's health               | women            | 5      |        | precepted   | md;do;cnm;np |     |            |           |       |              |        | all        |
summit-pa  | BH          | Behavioral health            | psychiatry       | 5      |        | precepted   |            |       |            |           |       |              |        | all        |
summit-pa  | GER         | Care of older adults         | geriatrics       | 5      |        | service     |            |       |            |           |       |              |        | all        |
summit-pa  | RFM         | Rural family medicine        | family           | 10     |        | precepted   |            |       |            |           |       |              |        | listed     | rural
summit-pa  | E-ORT       | Elective: orthopedics        | orthopedics      | 5      |        | service     |            |       |            |           |       | elective     | 2      | all        |
summit-pa  | E-CAR       | Elective: cardiology         | cardiology       | 5      |        | service     |            |       |            |           |       | elective     | 2      | all        |
summit-pa  | E-DER       | Elective: dermatology        | dermatology      | 5      |        | precepted   |            |       |            |           |       | elective     | 2      | all        |
summit-pa  | E-UC        | Elective: urgent care        | urgent-care      | 5      |        | precepted   |            |       |            |           |       | elective     | 2      | all        |
summit-pa  | E-COM       | Elective: community health   | community-health | 5      |        | service     |            |       |            |           |       | elective     | 2      | all        |
granite-md | IMC         | Medicine clerkship           | internal         | 6      |        | service     |            |       |            |           |       |              |        | all        |
granite-md | FMC         | Family medicine clerkship    | family           | 8      | 2      | precepted   |            |       |            |           |       |              |        | all        |
"""
COMPETENCIES = {"SURG": "suturing", "EM": "suturing;airway"}
EXPERIENCE = {"WH": 3}

SPACINGS = """
program   | requirement | other | least_weeks | most_weeks
summit-pa | BH          | GER   |             | 15
summit-pa | FM          | GER   | 5           |
"""

# Hospitals and what else has more than one preceptor.
SITES = """
site | name                       | place    | lat    | lon     | setting   | region | needs_car | high_need | fee_per_week | languages
lar  | Larch University Hospital  | Larch    | 44.000 | -72.000 | academic  | center |           |           | 0            |
mer  | Mercy Hospital             | Larch    | 44.030 | -72.060 | community | center |           |           | 0            |
ald  | Alder Community Hospital   | Alder    | 44.250 | -72.300 | community | north  |           |           | 1            |
gra  | Granby Hospital            | Granby   | 45.100 | -71.800 | rural     | far    |           | true      | 0            |
ton  | Tonset Health Center       | Tonset   | 43.100 | -73.200 | rural     | south  | true      | true      | 0            |
"""

UNITS = """
unit    | site | name                      | specialties      | competencies
LAR-MED | lar  | Medicine ward             | internal         |
LAR-SUR | lar  | Surgery                   | surgery          | suturing;airway
LAR-ED  | lar  | Emergency department      | emergency        | suturing;airway
LAR-PED | lar  | Children's ward           | pediatrics       |
LAR-WH  | lar  | Women's clinic            | women            |
LAR-ORT | lar  | Orthopedics               | orthopedics      |
LAR-CAR | lar  | Cardiology                | cardiology       |
LAR-FMR | lar  | Family medicine residency | family           |
MER-MED | mer  | Medicine ward             | internal         |
MER-SUR | mer  | Surgery                   | surgery          | sterile-field
MER-ED  | mer  | Emergency department      | emergency        | airway
MER-BHU | mer  | Behavioral health         | psychiatry       |
MER-LTC | mer  | Long-term care            | geriatrics       |
MER-ORT | mer  | Orthopedics               | orthopedics      |
MER-UC  | mer  | Urgent care               | urgent-care      |
MER-FHC | mer  | Family health center      | family           |
ALD-MED | ald  | Medicine ward             | internal         |
ALD-LTC | ald  | Long-term care            | geriatrics       |
ALD-UC  | ald  | Urgent care               | urgent-care      |
GRA-SUR | gra  | Surgery                   | surgery          | suturing
GRA-ED  | gra  | Emergency room            | emergency        | suturing
GRA-COM | gra  | Community health          | community-health |
TON-FAM | ton  | Family practice           | family           |
TON-LTC | ton  | Long-term care            | geriatrics       |
TON-COM | ton  | Community health          | community-health |
"""

HOUSING = """
site | beds | start      | end        | cost | from_weekday
gra  | 3    | 2026-05-10 | 2027-05-31 | 1    | Sa Su
ton  | 3    | 2026-05-10 | 2026-12-19 | 0    |
ton  | 2    | 2026-12-20 | 2027-05-31 | 0    |
"""

SLOTS = """
slot    | unit    | professions | starts | length | weekdays | hours_per_week | preceptors | most_students
MED-pa  | LAR-MED | pa          | june   | 5      |          |                |            | 3
MMED-pa | MER-MED | pa          | year   | 5      |          |                |            | 2
AMED-pa | ALD-MED | pa          | year   | 5      |          |                |            | 3
SUR-pa  | LAR-SUR | pa          | june   | 5      |          | 45             |            | 3
MSUR-pa | MER-SUR | pa          | year   | 5      |          | 45             |            | 2
GSUR-pa | GRA-SUR | pa          | year   | 5      |          | 40             |            | 1
ED-pa   | LAR-ED  | pa          | june   | 5      |          | 40             |            | 4
MED2-pa | MER-ED  | pa          | year   | 5      |          | 40             |            | 3
GED-pa  | GRA-ED  | pa          | year   | 5      |          | 40             |            | 1
PED-pa  | LAR-PED | pa          | june   | 5      |          |                | t-ped      | 2
WH-pa   | LAR-WH  | pa          | june   | 5      |          |                | t-wh       | 3
BHU-pa  | MER-BHU | pa          | june   | 5      |          |                | t-bhu      | 3
LTC-pa  | MER-LTC | pa          | june   | 5      |          |                |            | 3
ALTC-pa | ALD-LTC | pa          | year   | 5      |          |                |            | 1
TLTC-pa | TON-LTC | pa          | year   | 5      |          |                |            | 1
TFM-pa  | TON-FAM | pa          | year   | 5      |          |                | dr-thorn   | 1
TFM-10  | TON-FAM | pa          | double | 10     |          |                | dr-tull    | 1
ORT-pa  | LAR-ORT | pa          | june   | 5      |          |                |            | 2
MORT-pa | MER-ORT | pa          | year   | 5      | Mo-Th    |                |            | 2
CAR-pa  | LAR-CAR | pa          | year   | 5      |          |                |            | 2
UC-pa   | ALD-UC  | pa          | june   | 5      |          |                | t-uc       | 2
MUC-pa  | MER-UC  | pa          | year   | 5      |          |                | t-muc      | 1
FHC-pa  | MER-FHC | pa          | june   | 5      |          |                | t-fhc      | 1
GCOM-pa | GRA-COM | pa          | year   | 5      | Mo-Th    |                |            | 2
TCOM-pa | TON-COM | pa          | year   | 5      |          |                |            | 1
MED-md  | LAR-MED | md          | 2026-08-24;2026-10-05;2027-01-18;2027-03-01 | 6 | | |        | 3
FMR-md  | LAR-FMR | md          | 2026-08-24;2026-09-21;2026-10-19;2026-11-16;2027-01-11;2027-02-08;2027-03-08;2027-04-05 | 4 | | | t-fmr | 3
"""
MD_STARTS = "2026-08-24;2026-09-21;2026-10-19;2026-11-16;2027-01-11;2027-02-08;2027-03-08;2027-04-05"

# Emergency physicians and teams; whoever is a team stands for its members.
PRECEPTORS = """
preceptor | kind      | licence | supervises | units   | most_at_once | most_weeks | rest_weeks | cover   | experience_years
em-ames   | preceptor | md      | pa         | LAR-ED  | 1            | 35         |            | em-bly  | 12
em-bly    | preceptor | pa      | pa         | LAR-ED  | 1            | 40         |            |         | 6
em-hale   | preceptor | md      | pa         | LAR-ED  | 1            |              |            |         | 9
em-cobb   | preceptor | pa      | pa         | LAR-ED  | 1            | 40         |            |         | 4
em-dahl   | preceptor | md      | pa         | MER-ED  | 1            | 35         |            |         | 20
em-egan   | preceptor | pa      | pa         | MER-ED  | 1            | 30         |            |         | 3
em-gage   | preceptor | do      | pa         | MER-ED  | 1            | 40         |            |         | 7
em-fitch  | preceptor | md      | pa         | GRA-ED  | 1            | 20         | 4          |         | 8
t-ped     | service   | md      | pa         | LAR-PED | 2            |            |            |         |
t-wh      | service   | md      | pa         | LAR-WH  | 3            |            |            |         |
t-bhu     | service   | md      | pa         | MER-BHU | 3            |            |            |         |
t-uc      | service   | pa      | pa         | ALD-UC  | 2            |            |            |         |
t-muc     | service   | md      | pa         | MER-UC  | 1            |            |            |         |
t-fhc     | service   | md      | pa         | MER-FHC | 1            |            |            |         |
t-fmr     | service   | md      | md         | LAR-FMR | 3            |            |            |         |
dr-thorn  | preceptor | do      | pa         | TON-FAM | 1            | 20         | 4          | dr-tull | 18
dr-tull   | preceptor | md      | pa         | TON-FAM | 1            |            |            |         | 25
"""

# Offices of one preceptor: a site, a slot and a preceptor each. Four students a year, never two blocks running.
OFFICES = """
office    | place    | lat    | lon     | setting   | preceptor | licence | specialties       | years | needs_car | high_need | fee | languages       | takes
fam-ash   | Larch    | 43.990 | -72.020 | community | dr-ash    | md      | family            | 14    |           |           | 0   |                 | pa;md
fam-bell  | Larch    | 44.020 | -71.980 | community | dr-bell   | md      | family            | 9     |           |           | 1   | english;spanish | pa
fam-cruz  | Larch    | 43.960 | -72.040 | community | dr-cruz   | pa      | family            | 6     |           |           | 0   | spanish         | pa
fam-dorn  | Alder    | 44.260 | -72.280 | community | dr-dorn   | pa      | family            | 11    |           |           | 0   |                 | pa
fam-elm   | Alder    | 44.240 | -72.330 | community | dr-elm    | do      | family;pediatrics | 17    |           |           | 0   |                 | pa;md
fam-frost | Pineford | 43.600 | -71.700 | rural     | dr-frost  | pa      | family            | 8     | true      | true      | 0   |                 | pa
fam-gray  | Pineford | 43.620 | -71.680 | rural     | dr-gray   | md      | family            | 21    |           | true      | 0   |                 | pa;md
fam-holm  | Pineford | 43.580 | -71.740 | rural     | dr-holm   | np      | family            | 5     | true      |           | 0   |                 | pa
fam-iles  | Wells    | 44.320 | -71.600 | rural     | dr-iles   | md      | family;pediatrics | 30    |           | true      | 0   |                 | pa
fam-judd  | Wells    | 44.330 | -71.620 | rural     | dr-judd   | pa      | family            | 4     | true      |           | 0   |                 | pa
fam-king  | Larch    | 44.010 | -72.090 | community | dr-king   | md      | family            | 0     |           |           | 0   |                 | pa
ped-lane  | Larch    | 44.000 | -72.030 | community | dr-lane   | md      | pediatrics        | 13    |           |           | 1   |                 | pa
ped-moor  | Larch    | 43.980 | -71.960 | community | dr-moor   | md      | pediatrics        | 7     |           |           | 2   | english;spanish | pa
ped-nye   | Alder    | 44.270 | -72.310 | community | dr-nye    | np      | pediatrics        | 10    |           |           | 0   |                 | pa
ped-orr   | Pineford | 43.610 | -71.710 | rural     | dr-orr    | do      | pediatrics        | 16    | true      |           | 0   |                 | pa
ped-pike  | Larch    | 44.050 | -72.010 | community | dr-pike   | pa      | pediatrics        | 12    |           |           | 0   |                 | pa
wh-quill  | Larch    | 44.000 | -71.970 | community | dr-quill  | cnm     | women             | 9     |           |           | 1   |                 | pa
wh-rush   | Alder    | 44.250 | -72.290 | community | dr-rush   | md      | women             | 22    |           |           | 0   |                 | pa
wh-shaw   | Wells    | 44.310 | -71.610 | rural     | dr-shaw   | np      | women             | 6     |           | true      | 0   |                 | pa
wh-teal   | Larch    | 44.040 | -72.000 | community | dr-teal   | md      | women             | 2     |           |           | 0   |                 | pa
bh-upton  | Larch    | 43.990 | -72.000 | community | dr-upton  | md      | psychiatry        | 15    |           |           | 1   |                 | pa
bh-vane   | Alder    | 44.240 | -72.310 | community | dr-vane   | pa      | psychiatry        | 5     |           |           | 0   |                 | pa
bh-wood   | Pineford | 43.590 | -71.700 | rural     | dr-wood   | np      | psychiatry        | 8     |           | true      | 0   |                 | pa
bh-york   | Larch    | 44.020 | -72.050 | community | dr-york   | pa      | psychiatry        | 10    |           |           | 0   | english;spanish | pa
der-zane  | Larch    | 44.010 | -72.010 | community | dr-zane   | md      | dermatology       | 19    |           |           | 3   |                 | pa
der-ames  | Alder    | 44.260 | -72.300 | community | dr-amos   | pa      | dermatology       | 9     |           |           | 2   |                 | pa
"""
WEEKS_A_YEAR, REST = 20, 4

AVAILABILITY = """
who_kind  | who      | start      | end        | status
preceptor | em-ames  | 2026-09-07 | 2026-09-11 | unavailable
preceptor | dr-thorn | 2026-07-06 | 2026-07-10 | unavailable
preceptor | dr-gray  | 2026-11-16 | 2026-11-27 | unavailable
preceptor | dr-lane  | 2026-08-03 | 2026-08-07 | unavailable
preceptor | em-bly   | 2027-02-22 | 2027-02-26 | unavailable
preceptor | dr-tull  | 2026-11-30 | 2027-03-28 | unavailable
"""
COMMITMENTS = """
who_kind  | who      | start      | end        | students | kind
preceptor | dr-bell  | 2026-08-24 | 2026-10-18 | 1        | student whom the medical college placed itself
preceptor | dr-moor  | 2027-01-11 | 2027-02-14 | 1        | resident on rotation
"""

IPE_TEAMS = """
team | unit    | professions | weeks | most_students
ward | LAR-MED | pa:1;md:1   | 4     | 6
"""
SCHOLARSHIPS = """
scholarship | name                    | sites   | professions
rural       | Rural workforce program | gra;ton | pa
"""
#: Holders take ten weeks of family medicine in one place instead of five, and one elective less.
HOLDERS = ("s-11", "s-23", "s-31")

#: s-45 starts a block later; s-44 comes back from last year to repeat surgery.
LATE, BACK = {"s-45": "2026-06-15"}, "s-44"
DONE = """
requirement | unit    | preceptor | hours
IM          | LAR-MED |           | 190
SURG        | MER-SUR |           | 200
EM          | MER-ED  | em-egan   | 190
FM          | TON-FAM | dr-thorn  | 190
PED         | LAR-PED | t-ped     | 190
WH          | LAR-WH  | t-wh      | 190
BH          | MER-BHU | t-bhu     | 190
GER         | MER-LTC |           | 190
E-ORT       | LAR-ORT |           | 190
E-CAR       | LAR-CAR |           | 190
"""

TOWNS = {"Larch": (44.00, -72.00, 60), "Alder": (44.25, -72.30, 20), "Pineford": (43.62, -71.72, 12), "Wells": (44.30, -71.65, 8)}
NO_CAR, SPANISH = 0.15, 0.2
ELECTIVES = {"orthopedics": 5, "dermatology": 4, "cardiology": 3, "urgent-care": 3, "community-health": 2}


def calendar() -> list[Row]:
    """Blocks of five weeks, whose last Thursday and Friday the students spend on campus."""
    rows: list[Row] = []
    for first in BLOCKS:
        last = first + timedelta(days=34)
        rows.append({"program": "summit-pa", "start": first, "end": last, "kind": "block"})
        campus = {"start": last - timedelta(days=3), "end": last - timedelta(days=2)}
        rows.append({"program": "summit-pa", **campus, "kind": "call-back", "effect": "pause"})
    return [*rows, *table(CALENDAR)]


def requirements() -> list[Row]:
    """Required rotations; the two halves of Granite's family medicine lie within twelve weeks."""
    rows = table(REQUIREMENTS, amount_unit="weeks")
    for row in rows:
        row["competencies"] = COMPETENCIES.get(str(row["requirement"]), "")
        row["least_experience_years"] = EXPERIENCE.get(str(row["requirement"]), "")
        row["priority"] = 3 if row["requirement"] == "RFM" else ""  # the sponsor pays for it
        if row["requirement"] == "FMC":
            row.update(weeks_min=4, weeks_max=4, within_weeks=12)
    return rows


def slots() -> list[Row]:
    """What hospitals offer, and one slot for each profession that an office takes."""
    starts = {"year": YEAR, "june": JUNE_TOO, "double": DOUBLE}
    rows = table(SLOTS, shift="clinic")
    for row in rows:
        row["starts"] = starts.get(str(row["starts"]), row["starts"])
        row["weekdays"] = row["weekdays"] or "Mo-Fr"
    for office in table(OFFICES):
        for profession in str(office["takes"]).split(";"):
            md = profession == "md"
            for specialty in ["family"] if md else str(office["specialties"]).split(";"):
                rows.append(
                    {
                        "slot": f"{office['office']}-{'md' if md else specialty[:3]}",
                        "unit": office["office"],
                        "specialty": specialty,
                        "professions": profession,
                        "starts": MD_STARTS if md else YEAR,
                        "length": 4 if md else 5,
                        "weekdays": "Mo-Fr",
                        "shift": "clinic",
                        "preceptors": office["preceptor"],
                        "most_students": 1,
                    }
                )
    return rows


def sites() -> list[Row]:
    """Hospitals and offices."""
    return [
        *table(SITES),
        *(
            {
                "site": row["office"],
                **{name: row[name] for name in ("place", "lat", "lon", "setting", "needs_car", "high_need", "languages")},
                "fee_per_week": row["fee"],
            }
            for row in table(OFFICES)
        ),
    ]


def preceptors() -> list[Row]:
    """Hospitals' preceptors and teams, and the one of each office."""
    return [
        *table(PRECEPTORS),
        *(
            {
                "preceptor": row["preceptor"],
                "kind": "preceptor",
                "licence": row["licence"],
                "supervises": row["takes"],
                "specialties": row["specialties"],
                "most_at_once": 1,
                "most_weeks": WEEKS_A_YEAR,
                "rest_weeks": REST,
                "experience_years": row["years"],
            }
            for row in table(OFFICES)
        ),
    ]


def students(rng: random.Random) -> list[Row]:
    """45 in the physician assistant program, ten in medicine, who live in town."""
    rows: list[Row] = []
    for i in range(1, 46):
        who = f"s-{i:02d}"
        town = rng.choices(list(TOWNS), [share for _, _, share in TOWNS.values()])[0]
        lat, lon, _ = TOWNS[town]
        north, east = lat + rng.uniform(-0.05, 0.05), lon + rng.uniform(-0.05, 0.05)
        rows.append(
            {
                "student": who,
                "program": "summit-pa",
                "cohort": "2026" if who == BACK else "2027",
                "home": town,
                "home_lat": f"{north:.3f}",
                "home_lon": f"{east:.3f}",
                "drives": "false" if rng.random() < NO_CAR else "true",
                "languages": "english;spanish" if rng.random() < SPANISH else "english",
                "scholarship": "rural" if who in HOLDERS else "",
                "available_from": LATE.get(who, ""),
            }
        )
    return [*rows, *({"student": f"m-{i:02d}", "program": "granite-md", "available_from": "2026-08-24"} for i in range(1, 11))]


def student_requirements() -> list[Row]:
    """Ten weeks in one place for holders of the scholarship; surgery once more for the one who is back."""
    rows: list[Row] = [{"student": BACK, "requirement": "SURG", "change": "repeat", "earliest": "2026-06-15"}]
    for who in HOLDERS:
        rows.append({"student": who, "requirement": "RFM", "change": "add"})
        rows.append({"student": who, "requirement": "FM", "change": "waive"})
        rows.append({"student": who, "requirement": "elective", "change": "choose", "amount": 1})
    return rows


def pins() -> list[Row]:
    """Everybody drew a line: the blocks of internal medicine and of surgery. At which hospital is open."""
    used: Counter[int] = Counter()
    rows: list[Row] = []
    for i in (i for i in range(1, 46) if f"s-{i:02d}" != BACK):
        medicine = i % 6
        surgery = min((b for b in range(10) if abs(b - medicine) > 1), key=lambda b: (used[b], (b + i) % 10))
        used[surgery] += 1
        rows.append({"student": f"s-{i:02d}", "requirement": "IM", "start": BLOCKS[medicine], "pin": "must"})
        rows.append({"student": f"s-{i:02d}", "requirement": "SURG", "start": BLOCKS[surgery], "pin": "must"})
    return rows


def preferences(rng: random.Random) -> list[Row]:
    """Two electives that each student would like."""
    return [
        {"who_kind": "student", "who": f"s-{i:02d}", "what": "specialty", "value": value, "score": score}
        for i in range(1, 46)
        for value, score in zip(draw(rng, ELECTIVES, 2), (4, 2), strict=True)
    ]


def main(folder: Path) -> None:
    """Write all tables of the instance."""
    write(
        folder,
        INSTANCE,
        {
            "schools": table(SCHOOLS),
            "programs": table(PROGRAMS),
            "calendar": calendar(),
            "requirements": requirements(),
            "spacings": table(SPACINGS),
            "student_requirements": student_requirements(),
            "students": students(random.Random("summit homes")),
            "availability": table(AVAILABILITY),
            "preferences": preferences(random.Random("summit wishes")),
            "pins": pins(),
            "credits": table(DONE, student=BACK, amount=5, end="2026-04-24"),
            "sites": sites(),
            "units": table(UNITS),
            "housing": table(HOUSING),
            "slots": slots(),
            "preceptors": preceptors(),
            "commitments": table(COMMITMENTS),
            "ipe_teams": table(IPE_TEAMS),
            "scholarships": table(SCHOLARSHIPS),
        },
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "summit")
