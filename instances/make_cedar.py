"""Write `instances/cedar`: a medical school's clerkship year, with a longitudinal track and other professions beside it.

    python instances/make_cedar.py [FOLDER]

Clerkships, clinics, limits and papers are written down below. Wishes are drawn from a seed: the same script writes the same
files, byte for byte. Weeks are counted from 8 June 2026; everything after the winter break of two weeks moves by these.
"""

# ruff: noqa: E501 (tables may be wider than text)
from __future__ import annotations

import random
import sys
from datetime import date, timedelta
from pathlib import Path

from tables import Row, draw, table, write

INSTANCE = """\
name = "cedar"
first_monday = 2026-06-08
weeks = 51
planning_date = 2026-04-20
timezone = "America/Chicago"

[[shifts]]
shift = "day"
start = "07:00"
end = "19:00"

[[shifts]]
shift = "night"
start = "19:00"
end = "07:00"

[[shifts]]
shift = "ward"
start = "07:00"
end = "17:00"

[[shifts]]
shift = "clinic"
start = "08:00"
end = "17:00"
hours = 8

[[shifts]]
shift = "am"
start = "08:00"
end = "12:00"

[[shifts]]
shift = "pm"
start = "13:00"
end = "17:00"

[policy.rules]
requirement = { weight = 20 }
far_apart = { kind = "hard", most_km = 50 }
no_repeat = { kind = "hard", things = ["preceptor"] }
heavy = { weeks = 1 }
# Nurse practitioners may share their months of primary care between two preceptors (most_preceptors).
one_preceptor = { kind = "off" }
preference = { weight = 3 }
# The year is full: nobody waits, and clerkships are at different hospitals anyway.
waiting = { kind = "off" }
site_change = { kind = "off" }
worst_off = { kind = "off" }
"""

SCHOOLS = """
school | name
cdr    | Cedar Medical School
oak    | Oakdale Health Sciences
"""

PROGRAMS = """
program    | school | profession | name                          | most_nights | most_hours_per_week | least_ipe_weeks | continuity
cdr-md     | cdr    | md         | Medicine, clerkship year      | 12          | 70                  | |
cdr-lic    | cdr    | md         | Longitudinal clerkship (LIC)  | 0           | 70                  | |
oak-np     | oak    | np         | Nurse practitioner (FNP)      | 0           | 40                  | | site
oak-pa     | oak    | pa         | Physician assistant           | 16          | 60                  | |
oak-pharmd | oak    | pharmd     | Pharmacy                      |             |                     | 2 |
oak-bsn    | oak    | rn         | Nursing (BSN)                 |             |                     | 2 |
"""

REQUIREMENTS = """
program    | requirement | name                           | specialties       | amount | amount_unit | blocks | lane         | supervision | heavy | after | last_week | most_preceptors
cdr-md     | IM          | Internal medicine              | internal          | 8      | weeks       |        | block        | service     |       |       |           |
cdr-md     | SURG        | Surgery                        | surgery           | 8      | weeks       |        | block        | service     | true  |       |           |
cdr-md     | PED         | Pediatrics                     | pediatrics        | 6      | weeks       |        | block        | precepted   |       |       |           |
cdr-md     | OB          | Obstetrics and gynecology      | obgyn             | 6      | weeks       |        | block        | service     | true  |       |           |
cdr-md     | FM          | Family medicine                | family            | 6      | weeks       |        | block        | precepted   |       |       |           |
cdr-md     | PSY         | Psychiatry                     | psychiatry        | 6      | weeks       |        | block        | precepted   |       |       |           |
cdr-md     | NEURO       | Neurology                      | neurology         | 4      | weeks       |        | block        | service     |       |       |           |
cdr-md     | EM          | Emergency medicine, in shifts  | emergency         | 4      | weeks       |        | block        | service     |       |       |           |
cdr-md     | CC          | Continuity clinic, Fridays     | primary-care      | 40     | sessions    |        | longitudinal | precepted   |       |       |           |
cdr-md     | AHD         | Academic half-day, Wednesdays  | clinical-skills   | 40     | sessions    |        | longitudinal | service     |       |       |           |
cdr-lic    | WARD        | First weeks on a ward          | internal          | 2      | weeks       |        | block        | service     |       |       | 2         |
cdr-lic    | FM-L        | Family medicine, all year      | family            | 40     | sessions    |        | longitudinal | precepted   |       | WARD  |           |
cdr-lic    | IM-L        | Adult medicine, all year       | internal-clinic   | 40     | sessions    |        | longitudinal | precepted   |       | WARD  |           |
cdr-lic    | PED-L       | Pediatrics, all year           | pediatrics        | 40     | sessions    |        | longitudinal | precepted   |       | WARD  |           |
cdr-lic    | OB-L        | Women's health, all year       | obgyn             | 40     | sessions    |        | longitudinal | precepted   |       | WARD  |           |
cdr-lic    | PSY-L       | Psychiatry, all year           | psychiatry        | 40     | sessions    |        | longitudinal | precepted   |       | WARD  |           |
cdr-lic    | SURG-L      | Surgery clinic, all year       | surgery-clinic    | 40     | sessions    |        | longitudinal | precepted   |       | WARD  |           |
oak-np     | PC          | Primary care                   | family            | 12     | weeks       | 3      | block        | precepted   |       |       |           | 2
oak-np     | NPED        | Children                       | pediatrics        | 4      | weeks       |        | block        | precepted   |       | PC    |           |
oak-pa     | FM          | Family medicine                | family            | 4      | weeks       |        | block        | precepted   |       |       |           |
oak-pa     | PED         | Pediatrics                     | pediatrics        | 4      | weeks       |        | block        | precepted   |       |       |           |
oak-pa     | EM          | Emergency medicine, in shifts  | emergency         | 4      | weeks       |        | block        | service     |       | FM    |           |
oak-pharmd | ACUTE       | Acute care                     | ward-pharmacy     | 6      | weeks       |        | block        | precepted   |       |       |           |
oak-bsn    | NUR410      | Medical-surgical nursing       | medsurg           | 7      | weeks       |        | block        | faculty     |       |       |           |
"""
COUNTS = {"cdr-md": 34, "cdr-lic": 6, "oak-np": 7, "oak-pa": 8, "oak-pharmd": 4}

GROUPS = """
group | program | requirements | size | faculty
BN-1  | oak-bsn | NUR410       | 6    | f-bn-1
BN-2  | oak-bsn | NUR410       | 6    | f-bn-2
"""

SPACINGS = """
program | requirement | other | least_weeks | most_weeks
cdr-md  | NEURO       | PSY   |             | 20
oak-pa  | FM          | PED   | 4           |
"""

SITES = """
site | name                     | lat   | lon    | setting
cgh  | Cedar General Hospital   | 44.90 | -93.10 | academic
stl  | St. Luke's Hospital      | 44.96 | -93.02 | community
va   | Veterans' Hospital       | 44.80 | -93.35 | federal
lkw  | Lakewood Hospital        | 45.10 | -93.45 | community
pin  | Pine County Health       | 45.30 | -92.87 | rural
cfm  | Cedar Family Medicine    | 44.85 | -93.25 | community
nsc  | North Side Clinic        | 45.02 | -93.12 | community
"""

UNITS = """
unit    | site | name                     | specialties                        | mode
CGH-5N  | cgh  | Teaching ward 5 North    | internal;ward-pharmacy;medsurg     |
CGH-6S  | cgh  | Ward 6 South             | internal                           |
VA-IM   | va   | Veterans' medicine       | internal                           |
CGH-SUR | cgh  | Surgery and trauma       | surgery;surgery-clinic             |
STL-SUR | stl  | Surgery                  | surgery                            |
CGH-PED | cgh  | Children's ward          | pediatrics                         |
NSC-PED | nsc  | Children's clinic        | pediatrics                         |
LKW-PED | lkw  | Pediatrics               | pediatrics                         |
CGH-LD  | cgh  | Labor and delivery       | obgyn                              |
STL-LD  | stl  | Birth center             | obgyn                              |
CFM-FM  | cfm  | Family medicine          | family;primary-care                |
NSC-FM  | nsc  | Family medicine          | family;primary-care;internal-clinic |
LKW-FM  | lkw  | Family medicine          | family;primary-care                |
PIN-FM  | pin  | Country practice         | family;primary-care                |
CGH-PSY | cgh  | Psychiatry               | psychiatry                         |
VA-PSY  | va   | Psychiatry               | psychiatry                         |
PIN-PSY | pin  | Country mental health    | psychiatry                         |
CGH-NEU | cgh  | Neurology and stroke     | neurology                          |
VA-NEU  | va   | Neurology                | neurology                          |
CGH-ED  | cgh  | Emergency department     | emergency                          |
LKW-ED  | lkw  | Emergency department     | emergency                          |
CGH-SIM | cgh  | Simulation center        | clinical-skills                    | simulation
"""

# Closures and low census are rows; one group a shift on the teaching ward.
CAPACITY = """
unit    | start      | end        | weekdays | shift | profession | most_students | most_groups | why
CGH-5N  |            |            |          |       | rn         | 6             | 1           |
CGH-LD  | 2026-11-23 | 2026-12-04 |          |       |            | 0             |             |
CGH-PED | 2026-06-08 | 2026-08-16 |          |       | md         | 3             |             |
CGH-NEU | 2027-03-01 | 2027-03-12 |          |       |            | 2             |             |
CFM-FM  |            |            | Fr       | am    |            | 14            |             |
"""

#: Thirds of 16 weeks begin in these weeks. In each, 8 + 8, or 6 + 6 + 4 in some order, or 8 + 4 + 4.
THIRDS = (0, 16, 32)
EIGHT, SIX, FOUR = (0, 8), (0, 4, 6, 10), (0, 6, 8, 12)

# Wards take two students at a time or none.
MD_SLOTS = """
slot    | unit    | specialty  | weeks | shift  | weekdays | least_students | most_students | must_fill | preceptors
IM-5N   | CGH-5N  | internal   | 8     | ward   | Mo-Fr    | 2              | 3             |           |
IM-6S   | CGH-6S  | internal   | 8     | ward   | Mo-Fr    | 2              | 3             |           |
IM-VA   | VA-IM   | internal   | 8     | clinic | Mo-Fr    | 1              | 3             |           |
SUR-CGH | CGH-SUR | surgery    | 8     | day    | Mo-Fr    | 2              | 4             |           |
SUR-STL | STL-SUR | surgery    | 8     | ward   | Mo-Fr    | 1              | 4             |           |
PED-CGH | CGH-PED | pediatrics | 6     | ward   | Mo-Fr    | 1              | 3             |           | p-ibsen;p-jarl;p-kemp
PED-NSC | NSC-PED | pediatrics | 6     | clinic | Mo-Fr    | 1              | 3             |           | p-lunde;p-moe;p-vang
PED-LKW | LKW-PED | pediatrics | 6     | clinic | Mo-Fr    | 1              | 2             |           | p-nilsen;p-wik
OB-CGH  | CGH-LD  | obgyn      | 6     | ward   | Mo-Fr    | 1              | 4             |           |
OB-STL  | STL-LD  | obgyn      | 6     | ward   | Mo-Fr    | 1              | 3             |           |
FM-CFM  | CFM-FM  | family     | 6     | clinic | Mo-Fr    | 1              | 3             |           | p-hale;p-hoff;p-haug
FM-NSC  | NSC-FM  | family     | 6     | clinic | Mo-Fr    | 1              | 3             |           | p-aune;p-berg;p-bye
FM-LKW  | LKW-FM  | family     | 6     | clinic | Mo-Fr    | 1              | 3             |           | p-dahl;p-engen;p-eide
FM-PIN  | PIN-FM  | family     | 6     | clinic | Mo-Fr    | 1              | 1             |           | p-foss
PSY-CGH | CGH-PSY | psychiatry | 6     | clinic | Mo-Fr    | 1              | 4             |           | p-olsen;p-prue;p-quam;p-opsahl
PSY-VA  | VA-PSY  | psychiatry | 6     | clinic | Mo-Fr    | 1              | 3             |           | p-rude;p-sand;p-skar
PSY-PIN | PIN-PSY | psychiatry | 6     | clinic | Mo-Fr    | 1              | 1             |           | p-thor
NEU-CGH | CGH-NEU | neurology  | 4     | ward   | Mo-Fr    | 1              | 4             |           |
NEU-VA  | VA-NEU  | neurology  | 4     | clinic | Mo-Fr    | 1              | 2             |           |
ED-day  | CGH-ED  | emergency  | 4     | day    | Mo Tu Th | 1              | 2             |           |
ED-nSSM | CGH-ED  | emergency  | 4     | night  | Sa Su Mo | 1              | 2             |           |
ED-nWTS | CGH-ED  | emergency  | 4     | night  | We Th Sa | 1              | 2             |           |
ED-n4   | CGH-ED  | emergency  | 4     | night  | Sa Su Mo Tu | 1           | 1             |           |
LED-day | LKW-ED  | emergency  | 4     | day    | Sa Su Mo | 1              | 2             |           |
"""

# Nights of two winter months that have to be covered by somebody who learns.
MUST_FILL = {"slot": "ED-win", "unit": "CGH-ED", "specialty": "emergency", "shift": "night", "weekdays": "Sa Su Mo"}

#: Continuity clinic: 40 Friday mornings in one placement, so with one preceptor.
CLINICS = """
slot   | unit   | preceptors          | most_students
CC-CFM | CFM-FM | p-hale;p-hoff;p-ask | 10
CC-NSC | NSC-FM | p-aune;p-berg;p-vik | 12
CC-LKW | LKW-FM | p-dahl;p-engen      | 8
CC-PIN | PIN-FM | p-wold              | 5
"""

#: The longitudinal clerkship's week.
LIC = """
slot   | unit    | specialty       | weekdays | shift | preceptors     | most_students
LIC-FM | CFM-FM  | family          | Mo       | am    | p-ask;p-hoff   | 4
LIC-FN | NSC-FM  | family          | Mo       | am    | p-vik          | 2
LIC-IM | NSC-FM  | internal-clinic | Tu       | am    | p-yde;p-zahl   | 6
LIC-PE | NSC-PED | pediatrics      | We       | am    | p-xan          | 5
LIC-PC | CGH-PED | pediatrics      | We       | am    | p-uhl          | 3
LIC-OB | STL-LD  | obgyn           | Th       | am    | p-rye;p-sol    | 6
LIC-PS | CGH-PSY | psychiatry      | Th       | pm    | p-tau          | 6
LIC-SU | CGH-SUR | surgery-clinic  | Fr       | am    | p-ulv;p-ve     | 6
"""

# The same clinics, by the month, for nurse practitioners and physician assistants.
MONTHLY = """
slot    | unit    | specialty  | shift  | weekdays | professions | most_students | preceptors
CFM-adv | CFM-FM  | family     | clinic | Mo-Th    | np;pa       | 1             | p-hale;p-hoff
NSC-adv | NSC-FM  | family     | clinic | Mo-Th    | np;pa       | 2             | p-vik;p-aune
LKW-adv | LKW-FM  | family     | clinic | Mo-Th    | np;pa       | 1             | p-engen
NPD-adv | NSC-PED | pediatrics | clinic | Mo-Th    | np;pa       | 2             | p-lunde;p-moe
LPD-adv | LKW-PED | pediatrics | clinic | Mo-Th    | np;pa       | 1             | p-nilsen
ED-pa   | CGH-ED  | emergency  | night  | Fr Sa Su | pa          | 1             |
LED-pa  | LKW-ED  | emergency  | day    | Tu We Th Fr | pa       | 1             |
"""

TEAM_SLOTS = """
slot   | unit   | specialty     | professions | starts                                      | length | weekdays | shift  | least_students | most_students | preceptors
RX-5N  | CGH-5N | ward-pharmacy | pharmd      | 2026-08-03;2026-09-28;2026-11-09;2027-02-01 | 6      | Mo-Fr    | clinic | 1              | 2             | p-yng;p-zed
5N-TuTh | CGH-5N | medsurg      | rn          | 2026-08-31;2026-10-19;2027-02-01            | 7      | Tu Th    | day    | 4              | 6             |
"""
TEAMS = """
team | unit   | professions         | weeks | most_students
5N   | CGH-5N | md:1;pharmd:1;rn:4  | 2     | 12
"""

# Family physicians take a medical student and one of another profession at a time; on Fridays more.
TWO_AT_ONCE = "p-hale p-aune p-lunde p-engen p-vik"
CLINIC_AT_ONCE = {
    "p-hoff": 4,
    "p-ask": 4,
    "p-hale": 4,
    "p-aune": 4,
    "p-berg": 4,
    "p-vik": 4,
    "p-dahl": 4,
    "p-engen": 4,
    "p-wold": 4,
}
AT_ONCE = {
    "p-foss": 2,
    "p-yde": 3,
    "p-zahl": 3,
    "p-xan": 5,
    "p-uhl": 3,
    "p-rye": 3,
    "p-sol": 3,
    "p-tau": 6,
    "p-ulv": 3,
    "p-ve": 3,
}

#: Streams: what comes first. Students drew a stream; where they go is open.
STREAMS = ("IM", "SURG", "PED", "OB", "FM", "PSY", "NEURO", "EM")
IN_STREAMS = 16

STUDENT_REQUIREMENTS = """
student | requirement | change | amount | earliest
md-05   | EM          | waive  |        |
md-11   | EM          | waive  |        |
md-05   | CC          | waive  |        |
md-11   | CC          | waive  |        |
md-14   | CC          | waive  |        |
md-05   | AHD         | waive  |        |
md-11   | AHD         | waive  |        |
md-14   | AHD         | waive  |        |
md-17   | SURG        | repeat |        | 2026-08-03
"""
# Carried over: last year's family medicine with Dr Hale, who is not to be the clinic's preceptor too; surgery, to be repeated.
CREDITS = """
student | requirement | amount | unit    | preceptor | end
md-09   | FM          | 6      | CFM-FM  | p-hale    | 2026-05-15
md-17   | SURG        | 8      | CGH-SUR |           | 2026-05-15
md-17   | IM          | 8      | CGH-6S  |           | 2026-03-15
np-3    | PC          | 4      | NSC-FM  | p-vik     | 2026-04-30
"""
COMMITMENTS = """
who_kind | who     | start      | end        | weekdays | requirement | hours_per_week | students | kind
student  | md-14   | 2026-11-23 | 2026-12-20 |          | EM          |                |          | away rotation in another state, across two clerkships
student  | md-21   | 2026-06-08 | 2027-05-30 | Sa       |             | 8              |          | employment as a paramedic
student  | md-22   | 2026-06-08 | 2027-05-30 | Su       |             | 8              |          | employment in a laboratory
student  | np-1    | 2026-06-08 | 2027-05-30 | Fr       |             | 8              |          | employment as a nurse
unit     | CGH-NEU | 2026-06-08 | 2026-08-30 |          |             |                | 1        | visiting student
preceptor | p-berg | 2026-09-28 | 2026-12-20 |          |             |                | 1        | resident
"""
AVAILABILITY = """
who_kind  | who     | start      | end        | status      | why
student   | md-05   | 2027-01-04 | 2027-01-31 | unavailable | step study
student   | md-11   | 2027-01-04 | 2027-01-31 | unavailable | step study
preceptor | p-rude  | 2026-10-12 | 2026-10-16 | unavailable | leave
preceptor | p-moe   | 2027-03-01 | 2027-03-12 | unavailable | leave
student   | md-30   | 2026-08-03 | 2026-08-09 | avoid       | wedding
"""
CONFLICTS = """
student | unit    | preceptor
md-15   |         | p-olsen
md-25   | CGH-LD  |
lic-4   |         | p-ask
"""
# The federal hospital asks for fingerprints 60 days ahead; influenza is asked for in winter, and not due yet.
SITE_CLEARANCES = """
site | item         | due_days_before | season_start | season_end | covers
va   | fingerprints | 60              |              |            | start
cgh  | bls          | 14              |              |            | whole
cgh  | flu          | 14              | 10-01        | 03-31      | whole
stl  | flu          | 14              | 10-01        | 03-31      | whole
lkw  | flu          | 14              | 10-01        | 03-31      | whole
"""
PRINTS_ON_FILE = {"md-02", "md-06", "md-10", "md-12"}
BLS_ENDS = {"md-08": "2026-12-31", "md-19": "2027-02-28", "pa-2": "2026-09-30"}


def day(week: int) -> date:
    """Monday of a week of the school year, which stands still for two weeks at the turn of the year."""
    return date(2026, 6, 8) + timedelta(weeks=week + 2 * (week >= 28))


def starts(weeks: int) -> str:
    """All first days of clerkships of so many weeks."""
    offsets = {8: EIGHT, 6: SIX, 4: FOUR}[weeks]
    return ";".join(str(day(third + week)) for third in THIRDS for week in offsets)


def calendar() -> list[Row]:
    """The winter break makes what runs over it end later; exams are on the last Friday of a block, which is then lost."""
    break_ = {"start": "2026-12-21", "end": "2027-01-03", "kind": "break", "effect": "extend"}
    rows: list[Row] = [{"program": program, **break_} for program in COUNTS]
    for names, offsets in (
        (("IM", "SURG"), (8, 16)),
        (("PED", "OB", "FM", "PSY"), (6, 10, 12, 16)),
        (("NEURO",), (4, 10, 12, 16)),
    ):
        for name in names:
            for week in (third + week for third in THIRDS for week in offsets):
                friday = day(week - 1) + timedelta(days=4)
                rows.append({"program": "cdr-md", "requirement": name, "start": friday, "end": friday, "kind": "exam"})
    rows.append({"program": "oak-pa", "start": "2027-03-08", "end": "2027-03-12", "kind": "interview"})
    rows.append({"program": "oak-bsn", "start": "2026-08-24", "end": "2026-12-11", "kind": "term"})
    rows.append({"program": "oak-bsn", "start": "2027-01-25", "end": "2027-04-30", "kind": "term"})
    return rows


def slots() -> list[Row]:
    """Clerkships that excuse Friday mornings and Wednesday afternoons, weekly clinics, and what other professions come for."""
    rows = []
    for row in table(MD_SLOTS):
        weeks = int(str(row.pop("weeks")))
        excuses = "Fr am;We pm" if row["unit"] not in ("CGH-ED", "LKW-ED") else ""
        rows.append({**row, "professions": "md", "starts": starts(weeks), "length": weeks, "excuses": excuses})
    winter = ";".join(str(day(w)) for w in (32, 36, 40))
    rows.append({**MUST_FILL, "professions": "md;pa", "starts": winter, "length": 4, "most_students": 1, "must_fill": "true"})
    half = {"specialty": "primary-care", "professions": "md", "weekdays": "Fr", "shift": "am", "length": 40}
    rows += table(CLINICS, **half, starts=day(2))
    rows.append({"slot": "AHD", "unit": "CGH-SIM", "specialty": "clinical-skills", "professions": "md", "most_students": 40})
    rows[-1].update(weekdays="We", shift="pm", starts=day(2), length=40)
    ward = {
        "specialty": "internal",
        "professions": "md",
        "shift": "ward",
        "weekdays": "Mo-Fr",
        "starts": f"{day(0)};{day(4)}",
        "length": 2,
    }
    rows.append({"slot": "LIC-5N", "unit": "CGH-5N", "least_students": 2, "most_students": 3, **ward})
    rows.append({"slot": "LIC-6S", "unit": "CGH-6S", "least_students": 2, "most_students": 3, **ward})
    rows += table(LIC, professions="md", starts=day(2), length=40)
    monthly = ";".join(str(day(w)) for w in range(0, 48, 4) if w != 24)
    rows += table(MONTHLY, starts=monthly, length=4)
    return [*rows, *table(TEAM_SLOTS)]


def preceptors(all_slots: list[Row]) -> list[Row]:
    """Everybody whom a slot names, and the faculty of the nursing groups."""
    names = sorted({p for slot in all_slots for p in str(slot.get("preceptors", "")).split(";") if p})
    rows: list[Row] = [{"preceptor": f, "kind": "faculty", "school": "oak", "licence": "rn"} for f in ("f-bn-1", "f-bn-2")]
    for row in rows:
        row.update(supervises="rn", most_at_once=8)
    for name in names:
        licence = {"p-yng": "pharmd", "p-zed": "pharmd", "p-vik": "np", "p-lunde": "np"}.get(name, "md")
        count = CLINIC_AT_ONCE.get(name) or AT_ONCE.get(name) or (2 if name in TWO_AT_ONCE.split() else 1)
        supervises = "pharmd" if licence == "pharmd" else "md;np;pa"
        rows.append({"preceptor": name, "licence": licence, "supervises": supervises, "most_at_once": count})
    return rows


def students() -> list[Row]:
    """Students by program; those of the nursing groups are not listed."""
    rows: list[Row] = []
    for program, count in COUNTS.items():
        short = {"cdr-md": "md-{:02d}", "oak-pharmd": "rx-{}"}.get(program, program.split("-")[1] + "-{}")
        rows += [{"student": short.format(i), "program": program} for i in range(1, count + 1)]
    for row in rows:
        row["employer_unit"] = "NSC-FM" if row["student"] == "np-1" else ""
    return rows


def wishes() -> list[Row]:
    """Medical students rank hospitals for the clerkships that matter to them, and clinics."""
    rng, rows = random.Random("cedar wishes"), []
    popular = {
        "IM": {"cgh": 4, "va": 3}, "SURG": {"cgh": 4, "stl": 3}, "PED": {"cgh": 5, "nsc": 3, "lkw": 1},
        "FM": {"cfm": 4, "nsc": 3, "lkw": 2, "pin": 1}, "CC": {"cfm": 4, "nsc": 3, "lkw": 2, "pin": 1},
    }  # fmt: skip
    for i in range(1, COUNTS["cdr-md"] + 1):
        for requirement, places in popular.items():
            if rng.random() < 0.6:
                for rank, site in enumerate(draw(rng, places, 2), 1):
                    rows.append({"who_kind": "student", "who": f"md-{i:02d}", "requirement": requirement, "what": "site"})
                    rows[-1].update(value=site, rank=rank)
    return rows


def pins() -> list[Row]:
    """What a stream begins with, on the first day; one student is to stay near home."""
    rows: list[Row] = []
    for i in range(1, IN_STREAMS + 1):
        first = STREAMS[(i - 1) % len(STREAMS)]
        rows.append({"student": f"md-{i:02d}", "requirement": first, "start": day(0), "pin": "must"})
    rows.append({"student": "md-33", "requirement": "CC", "unit": "PIN-FM", "pin": "must"})
    return rows


def clearances() -> list[Row]:
    """Resuscitation courses are on file for all, for three not to the end; few have given fingerprints."""
    rows: list[Row] = []
    for person in students():
        who = str(person["student"])
        rows.append(
            {"student": who, "item": "bls", "start": "2025-08-01", "end": BLS_ENDS.get(who, "2027-07-31"), "status": "on file"}
        )
        if who in PRINTS_ON_FILE:
            rows.append({"student": who, "item": "fingerprints", "start": "2026-03-01", "status": "on file"})
    return rows


def main(folder: Path) -> None:
    """Write all tables of the instance."""
    every_slot = slots()
    tables: dict[str, list[Row]] = {
        "schools": table(SCHOOLS),
        "programs": table(PROGRAMS),
        "calendar": calendar(),
        "requirements": table(REQUIREMENTS),
        "spacings": table(SPACINGS),
        "student_requirements": table(STUDENT_REQUIREMENTS),
        "students": students(),
        "groups": table(GROUPS),
        "availability": [{k: v for k, v in row.items() if k != "why"} for row in table(AVAILABILITY)],
        "preferences": wishes(),
        "credits": table(CREDITS),
        "sites": table(SITES),
        "units": table(UNITS),
        "capacity": [{k: v for k, v in row.items() if k != "why"} for row in table(CAPACITY)],
        "slots": every_slot,
        "preceptors": preceptors(every_slot),
        "commitments": table(COMMITMENTS),
        "site_clearances": table(SITE_CLEARANCES),
        "clearances": clearances(),
        "conflicts": table(CONFLICTS),
        "ipe_teams": table(TEAMS),
        "pins": pins(),
    }
    write(folder, INSTANCE, tables)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "cedar")
