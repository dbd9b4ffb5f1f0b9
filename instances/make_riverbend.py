"""Write `instances/riverbend`: the fall term of a mid-size health system, told table by table.

    python instances/make_riverbend.py [FOLDER]

What the term is about (places, rules, calendars, papers) is written down below. Only wishes, homes, a part of the leave and who
has which papers on file already are drawn, from one seed: the same seed writes the same files, byte for byte.

A table is text, its first line names the columns of the CSV file. Dates without a year are in 2026.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

import tables
from tables import draw

SEED = 2026
Row = Mapping[str, object]

INSTANCE = """\
name = "riverbend"
first_monday = 2026-08-24
weeks = 18
planning_date = 2026-06-15
timezone = "America/New_York"

# Nobody lives farther than 91 km from a site, and all of them come by car or bus every day: the beds stay free.
[policy.rules.housing]
km = 100

# Wards work in shifts of twelve hours, with an evening of eight for groups; clinics have half days.
[[shifts]]
shift = "day"
start = "07:00"
end = "19:00"

[[shifts]]
shift = "evening"
start = "15:00"
end = "23:00"

[[shifts]]
shift = "early"
start = "07:00"
end = "15:00"

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
"""

SCHOOLS = """
school | name                        | contact
ash    | Ashford University          | Clinical placements, placements@ashford.example, 555-0114
blu    | Bluewater Community College | Ines Marlow, marlow@bluewater.example
car    | Carver State University     | Clinical education office, clined@carver.example, 555-0139
del    | Delmont University          | Office of clerkships, clerkships@delmont.example
"""

PROGRAMS = """
program    | school | profession  | name
ash-bsn3   | ash    | rn          | Nursing (BSN), third year
ash-bsn4   | ash    | rn          | Nursing (BSN), fourth year
blu-adn    | blu    | rn          | Nursing (ADN), second year
blu-rad    | blu    | radiography | Radiography
car-pa     | car    | pa          | Physician assistant, clinical year
car-dpt    | car    | pt          | Physical therapy (DPT)
car-ot     | car    | ot          | Occupational therapy, level II
del-md     | del    | md          | Medicine, clerkship year
del-pharmd | del    | pharmd      | Pharmacy, last year
"""

# Class days forbid; Thanksgiving pauses for most, forbids for Bluewater's nurses, extends for physical therapy.
CALENDAR = """
program    | group | requirement | start | end   | weekdays | shift | kind      | effect
ash-bsn3   |       |             | 08-24 | 12-11 |          |       | term      |
ash-bsn3   |       |             | 08-24 | 12-11 | Mo We    |       | call-back | forbid
ash-bsn3   |       |             | 11-25 | 11-27 |          |       | holiday   | pause
ash-bsn4   |       |             | 08-24 | 12-11 |          |       | term      |
ash-bsn4   | AS-1  |             | 08-24 | 10-16 | Tu Th    |       | call-back | forbid
ash-bsn4   | AS-2  |             | 08-24 | 10-16 | Tu Th    |       | call-back | forbid
ash-bsn4   |       |             | 11-25 | 11-27 |          |       | holiday   | pause
blu-adn    |       |             | 08-24 | 12-11 |          |       | term      |
blu-adn    | BW-1  |             | 08-24 | 12-11 | Tu Th    |       | call-back | forbid
blu-adn    | BW-2  |             | 08-24 | 12-11 | Tu Th    |       | call-back | forbid
blu-adn    | BW-E  |             | 08-24 | 12-11 | Mo-Fr    | early | call-back | forbid
blu-adn    |       |             | 11-26 | 11-27 |          |       | holiday   | forbid
blu-rad    |       |             | 09-01 | 11-30 |          |       | term      |
blu-rad    |       |             | 11-26 | 11-27 |          |       | holiday   | pause
car-pa     |       |             | 08-24 | 09-27 |          |       | block     |
car-pa     |       |             | 09-28 | 11-01 |          |       | block     |
car-pa     |       |             | 11-02 | 12-06 |          |       | block     |
car-pa     |       |             | 09-24 | 09-25 |          |       | call-back | pause
car-pa     |       |             | 10-29 | 10-30 |          |       | call-back | pause
car-pa     |       |             | 12-03 | 12-04 |          |       | call-back | pause
car-pa     |       |             | 11-26 | 11-27 |          |       | holiday   | pause
car-dpt    |       |             | 08-31 | 12-18 |          |       | term      |
car-dpt    |       |             | 11-26 | 11-27 |          |       | holiday   | extend
car-ot     |       |             | 08-31 | 12-18 |          |       | term      |
car-ot     |       |             | 11-26 | 11-27 |          |       | holiday   | pause
del-md     |       |             | 08-24 | 12-18 |          |       | term      |
del-md     |       |             | 10-16 | 10-16 |          |       | exam      | pause
del-md     |       |             | 12-11 | 12-11 |          |       | exam      | pause
del-md     |       |             | 11-26 | 11-27 |          |       | holiday   | pause
del-pharmd |       |             | 08-31 | 10-09 |          |       | block     |
del-pharmd |       |             | 10-12 | 11-20 |          |       | block     |
"""

REQUIREMENTS = """
program    | requirement | name                          | specialties         | amount | amount_unit | lane         | supervision
ash-bsn3   | NUR310      | Medical-surgical nursing      | medsurg;telemetry   | 7      | weeks       | block        | faculty
ash-bsn3   | NUR330      | Maternal-newborn nursing      | obstetrics          | 7      | weeks       | block        | faculty
ash-bsn4   | NUR410      | Children's nursing            | pediatrics          | 7      | weeks       | block        | faculty
ash-bsn4   | NUR420      | Mental health nursing         | psychiatry          | 7      | weeks       | block        | faculty
ash-bsn4   | NUR490      | Capstone with a preceptor     | capstone            | 120    | hours       | block        | precepted
blu-adn    | ADN240      | Medical-surgical nursing II   | medsurg;telemetry   | 7      | weeks       | block        | faculty
blu-adn    | ADN250      | Maternal-newborn nursing      | obstetrics          | 7      | weeks       | block        | faculty
blu-adn    | ADN260      | Children's nursing            | pediatrics          | 7      | weeks       | block        | faculty
blu-adn    | ADN270      | Mental health nursing         | psychiatry          | 7      | weeks       | block        | faculty
blu-rad    | RAD-GEN     | General radiography           | imaging-general     | 4      | weeks       | block        | precepted
blu-rad    | RAD-OR      | Imaging in surgery            | imaging-surgery     | 4      | weeks       | block        | precepted
blu-rad    | RAD-ED      | Trauma imaging                | imaging-trauma      | 4      | weeks       | block        | precepted
car-pa     | IM          | Internal medicine             | internal            | 5      | weeks       | block        | service
car-pa     | EM          | Emergency medicine            | emergency           | 5      | weeks       | block        | precepted
car-pa     | SURG        | Core: surgery                 | surgery             | 5      | weeks       | block        | service
car-pa     | WH          | Core: women's health          | obgyn               | 5      | weeks       | block        | precepted
car-pa     | PED         | Core: pediatrics              | pediatrics          | 5      | weeks       | block        | precepted
car-pa     | PSY         | Core: behavioral health       | psychiatry          | 5      | weeks       | block        | precepted
car-pa     | FM          | Core: family medicine         | family              | 5      | weeks       | block        | precepted
car-dpt    | PT-8        | Clinical experience II        | rehab;orthopedics   | 8      | weeks       | block        | precepted
car-dpt    | PT-12       | Terminal clinical experience  | rehab;orthopedics   | 12     | weeks       | block        | precepted
car-ot     | OT-II       | Level II fieldwork            | rehab               | 12     | weeks       | block        | precepted
del-md     | IM          | Internal medicine clerkship   | internal            | 8      | weeks       | block        | service
del-md     | SURG        | Surgery clerkship             | surgery             | 8      | weeks       | block        | service
del-md     | PED         | Pediatrics clerkship          | pediatrics          | 6      | weeks       | block        | precepted
del-md     | OB          | Obstetrics and gynecology     | obgyn               | 6      | weeks       | block        | service
del-md     | FM          | Family medicine clerkship     | family              | 6      | weeks       | block        | precepted
del-md     | PSY         | Psychiatry clerkship          | psychiatry          | 4      | weeks       | block        | precepted
del-md     | NEU         | Neurology clerkship           | neurology           | 4      | weeks       | block        | precepted
del-md     | EM          | Emergency medicine clerkship  | emergency           | 4      | weeks       | block        | precepted
del-md     | CC          | Continuity clinic             | primary-care        | 14     | sessions    | longitudinal | precepted
del-md     | AHD         | Academic half-day             | clinical-skills     | 14     | sessions    | longitudinal | service
del-pharmd | HOSP        | Hospital pharmacy             | hospital-pharmacy   | 6      | weeks       | block        | precepted
del-pharmd | ACUTE       | Acute care                    | acute-care-pharmacy | 6      | weeks       | block        | precepted
del-pharmd | AMB         | Ambulatory care               | ambulatory-pharmacy | 6      | weeks       | block        | precepted
del-pharmd | COMM        | Community pharmacy            | community-pharmacy  | 6      | weeks       | block        | precepted
"""
AFTER = {("ash-bsn4", "NUR490"): "NUR410;NUR420", ("car-pa", "EM"): "IM"}
CHOOSE_ONE = {"car-pa": {"core": "SURG WH PED PSY FM"}, "del-pharmd": {"inpatient": "HOSP ACUTE", "outpatient": "AMB COMM"}}
LISTED = {
    "ash-bsn4": "NUR410 NUR420",
    "blu-adn": "ADN240 ADN250 ADN260 ADN270",
    "car-dpt": "PT-8 PT-12",
    "del-md": "IM SURG PED OB FM PSY NEU EM",
}
LEVELS = {"NUR490": "senior"}

GROUPS = """
group | program  | requirements  | size | least_size | split   | faculty
AJ-1  | ash-bsn3 | NUR310;NUR330 | 8    |            | never   | f-au-11
AJ-2  | ash-bsn3 | NUR310;NUR330 | 8    |            | never   | f-au-12
AJ-3  | ash-bsn3 | NUR310;NUR330 | 8    |            | never   | f-au-13
AS-1  | ash-bsn4 | NUR410        | 10   | 5          | allowed | f-au-21
AS-2  | ash-bsn4 | NUR420        | 8    |            | never   | f-au-22
BW-1  | blu-adn  | ADN240;ADN250 | 8    |            | never   | f-bw-1
BW-2  | blu-adn  | ADN240;ADN260 | 6    |            | never   | f-bw-1
BW-E  | blu-adn  | ADN240;ADN270 | 8    |            | never   | f-bw-2
"""

SITES = """
site | name                              | place      | lat    | lon     | setting   | languages       | region
rmc  | Riverbend Medical Center          | Riverbend  | 42.105 | -76.262 | academic  | english;spanish | valley
nor  | Northfield Community Hospital     | Northfield | 42.391 | -76.180 | community | english         | north
lak  | Lakeshore Clinics                 | Riverbend  | 42.131 | -76.301 | community | english;spanish | valley
mil  | Mill Creek Hospital               | Mill Creek | 41.842 | -76.905 | rural     | english         | west
har  | Harbor Behavioral and Rehab       | Riverbend  | 42.088 | -76.221 | community | english         | valley
phc  | Riverbend Community Pharmacies    | Riverbend  | 42.112 | -76.249 | community | english;spanish | valley
"""

UNITS = """
unit    | site | name                                  | specialties
RMC-4B  | rmc  | Medical-surgical ward 4B              | medsurg;capstone
RMC-5A  | rmc  | Medical-surgical ward 5A              | medsurg;capstone
RMC-6C  | rmc  | Telemetry 6C                          | telemetry;capstone
RMC-LD  | rmc  | Labor, delivery, mother and baby      | obstetrics;capstone
RMC-PED | rmc  | Children's ward                       | pediatrics
RMC-ICU | rmc  | Intensive care                        | capstone;acute-care-pharmacy
RMC-IM  | rmc  | Internal medicine teams               | internal;acute-care-pharmacy
RMC-SUR | rmc  | Surgery                               | surgery
RMC-OBG | rmc  | Obstetrics and gynecology service     | obgyn
RMC-NEU | rmc  | Neurology                             | neurology
RMC-ED  | rmc  | Emergency department                  | emergency;capstone
RMC-IMG | rmc  | Imaging                               | imaging-general;imaging-surgery;imaging-trauma
RMC-RX  | rmc  | Hospital pharmacy                     | hospital-pharmacy
RMC-ONC | rmc  | Cancer center                         | acute-care-pharmacy;ambulatory-pharmacy
RMC-SIM | rmc  | Simulation center                     | clinical-skills
NOR-2E  | nor  | Medical-surgical ward 2 East          | medsurg;capstone
NOR-3W  | nor  | Medical-surgical ward 3 West          | medsurg
NOR-FBC | nor  | Family birth center                   | obstetrics;obgyn
NOR-IM  | nor  | Internal medicine                     | internal
NOR-PC  | nor  | Primary care clinic                   | primary-care
NOR-SUR | nor  | Surgery                               | surgery
NOR-ED  | nor  | Emergency department                  | emergency;capstone
NOR-IMG | nor  | Imaging                               | imaging-general;imaging-trauma
NOR-RX  | nor  | Hospital pharmacy                     | hospital-pharmacy
LAK-FM  | lak  | Family medicine clinic                | family;primary-care
LAK-IM  | lak  | Adult medicine clinic                 | primary-care
LAK-PED | lak  | Children's clinic                     | pediatrics
LAK-AMB | lak  | Anticoagulation and diabetes clinic   | ambulatory-pharmacy
MIL-MS  | mil  | Medical-surgical ward                 | medsurg
MIL-ED  | mil  | Emergency room                        | emergency
MIL-FM  | mil  | Family practice                       | family
MIL-RHB | mil  | Rehabilitation                        | rehab
HAR-BHU | har  | Behavioral health unit                | psychiatry
HAR-RHB | har  | Inpatient rehabilitation              | rehab
HAR-OPT | har  | Outpatient therapy                    | orthopedics
PHC-MN  | phc  | Main Street Pharmacy                  | community-pharmacy
PHC-OAK | phc  | Oak Hill Pharmacy                     | community-pharmacy
"""

# One group a shift on a ward; fewer learners at weekends; closures are rows with 0.
CAPACITY = """
unit    | start | end   | weekdays | shift   | profession | most_students | most_groups | most_precepted
RMC-4B  |       |       |          | day     |            | 10            | 1           |
RMC-5A  |       |       |          | day     |            | 10            | 1           |
RMC-5A  |       |       |          | evening |            | 8             | 1           |
RMC-5A  | 11-09 | 12-04 |          |         |            | 0             |             |
RMC-6C  |       |       |          | day     |            | 8             | 1           |
RMC-LD  |       |       |          | day     |            | 9             | 1           |
RMC-LD  | 08-24 | 10-09 | Fr Sa Su |         |            | 4             |             |
RMC-PED |       |       |          |         | rn         | 6             | 1           |
RMC-ICU |       |       |          |         | rn         |               |             | 2
RMC-IM  |       |       |          |         |            | 8             |             |
RMC-SUR |       |       |          |         |            | 6             |             |
RMC-OBG |       |       |          |         |            | 4             |             |
RMC-ED  |       |       |          |         |            |               |             | 5
NOR-2E  |       |       |          | day     |            | 9             | 1           |
NOR-2E  |       |       | Sa Su    | day     |            | 8             | 1           |
NOR-3W  |       |       |          | day     |            | 8             | 1           |
NOR-FBC |       |       |          | day     |            | 9             | 1           |
NOR-IM  |       |       |          |         |            | 4             |             |
NOR-SUR |       |       |          |         |            | 3             |             |
NOR-IMG | 11-02 | 11-13 |          |         |            | 0             |             |
LAK-FM  |       |       | Fr       | am      |            | 7             |             |
LAK-PED | 10-12 | 10-16 |          |         |            | 2             |             |
MIL-MS  |       |       |          |         |            | 6             | 1           |
MIL-RHB |       |       |          |         |            | 1             |             |
HAR-BHU |       |       |          |         | rn         | 8             | 1           |
HAR-BHU |       |       |          |         |            | 11            |             | 3
"""

# Groups come for seven weeks, in the first or the second half of the term.
GROUP_SLOTS = """
slot        | unit    | specialty  | pattern | weekdays    | days_per_week | shift   | least_students | most_students
4B-MoWe     | RMC-4B  | medsurg    | fixed   | Mo We       |               | day     | 6              | 8
4B-TuTh     | RMC-4B  | medsurg    | fixed   | Tu Th       |               | day     | 6              | 8
4B-FrSa     | RMC-4B  | medsurg    | fixed   | Fr Sa       |               | day     | 6              | 8
5A-TuTh     | RMC-5A  | medsurg    | fixed   | Tu Th       |               | day     | 6              | 8
5A-eve      | RMC-5A  | medsurg    | fixed   | Mo We       |               | evening | 6              | 8
6C-two      | RMC-6C  | telemetry  | any     | Mo Tu Th Fr | 2             | day     | 6              | 8
2E-TuTh     | NOR-2E  | medsurg    | fixed   | Tu Th       |               | day     | 6              | 8
2E-SaSu     | NOR-2E  | medsurg    | fixed   | Sa Su       |               | day     | 6              | 8
3W-MoWe     | NOR-3W  | medsurg    | fixed   | Mo We       |               | day     | 6              | 8
MC-two      | MIL-MS  | medsurg    | any     | Mo Tu We Fr | 2             | day     | 4              | 6
LD-TuTh     | RMC-LD  | obstetrics | fixed   | Tu Th       |               | day     | 6              | 8
LD-FrSa     | RMC-LD  | obstetrics | fixed   | Fr Sa       |               | day     | 6              | 8
FBC-MoWe    | NOR-FBC | obstetrics | fixed   | Mo We       |               | day     | 6              | 8
PED-MoWe    | RMC-PED | pediatrics | fixed   | Mo We       |               | day     | 4              | 6
PED-FrSa    | RMC-PED | pediatrics | fixed   | Fr Sa       |               | day     | 4              | 6
BHU-eve     | HAR-BHU | psychiatry | fixed   | Mo We       |               | evening | 6              | 8
BHU-FrSa    | HAR-BHU | psychiatry | fixed   | Fr Sa       |               | early   | 6              | 8
"""
HALVES = "2026-08-24;2026-08-31;2026-10-12;2026-10-19"

# A capstone follows its preceptor: three twelve-hour shifts a week, whichever they are.
CAPSTONE_SLOTS = """
slot    | unit    | most_students
4B-cap  | RMC-4B  | 2
5A-cap  | RMC-5A  | 1
6C-cap  | RMC-6C  | 2
LD-cap  | RMC-LD  | 1
ICU-cap | RMC-ICU | 2
ED-cap  | RMC-ED  | 1
2E-cap  | NOR-2E  | 1
NED-cap | NOR-ED  | 1
"""

IMAGING_SLOTS = """
slot     | unit    | specialty       | shift | most_students
IMG-gen  | RMC-IMG | imaging-general | early | 2
IMG-or   | RMC-IMG | imaging-surgery | early | 2
IMG-ed   | RMC-IMG | imaging-trauma  | early | 1
NIMG-gen | NOR-IMG | imaging-general | early | 1
NIMG-ed  | NOR-IMG | imaging-trauma  | early | 1
"""

PA_SLOTS = """
slot    | unit    | specialty  | pattern | shift  | hours_per_week | preceptors               | least_students | most_students
IM-pa   | RMC-IM  | internal   | fixed   | clinic |                |                          | 2              | 4
NIM-pa  | NOR-IM  | internal   | fixed   | clinic |                |                          | 2              | 3
ED-pa   | RMC-ED  | emergency  | follows |        | 40             |                          | 1              | 3
NED-pa  | NOR-ED  | emergency  | follows |        | 40             | t-nor-ed                 | 1              | 2
MED-pa  | MIL-ED  | emergency  | follows |        | 40             |                          | 1              | 1
SUR-pa  | RMC-SUR | surgery    | fixed   | early  | 45             |                          | 2              | 3
OBG-pa  | RMC-OBG | obgyn      | fixed   | clinic |                | p-moran                  | 1              | 1
FBC-pa  | NOR-FBC | obgyn      | fixed   | clinic |                | p-ng                     | 1              | 1
PED-pa  | LAK-PED | pediatrics | fixed   | clinic |                | p-okafor;p-pruitt        | 1              | 1
BHU-pa  | HAR-BHU | psychiatry | fixed   | clinic |                |                          | 1              | 1
FM-pa   | LAK-FM  | family     | fixed   | clinic |                | p-garza;p-hsu            | 1              | 2
MFM-pa  | MIL-FM  | family     | fixed   | clinic |                |                          | 1              | 2
"""
PA_BLOCKS = "2026-08-24;2026-09-28;2026-11-02"

# Clerkships excuse Friday mornings (continuity clinic) and Wednesday afternoons (academic half-day).
MD_SLOTS = """
slot   | unit    | specialty  | starts                        | length | pattern | shift  | least_students | most_students
IM-md  | RMC-IM  | internal   | 08-24;10-19                   | 8      | fixed   | clinic | 2              | 4
NIM-md | NOR-IM  | internal   | 08-24;10-19                   | 8      | fixed   | clinic | 2              | 2
SUR-md | RMC-SUR | surgery    | 08-24;10-19                   | 8      | fixed   | early  | 2              | 4
NSR-md | NOR-SUR | surgery    | 08-24;10-19                   | 8      | fixed   | early  | 1              | 2
PED-md | LAK-PED | pediatrics | 08-24;09-21;10-05;11-02       | 6      | fixed   | clinic | 1              | 2
WPD-md | RMC-PED | pediatrics | 08-24;09-21;10-05;11-02       | 6      | fixed   | early  | 1              | 1
OBG-md | RMC-OBG | obgyn      | 08-24;09-21;10-05;11-02       | 6      | fixed   | early  | 2              | 3
FM-md  | LAK-FM  | family     | 08-24;09-21;10-05;10-19;11-02 | 6      | fixed   | clinic | 1              | 3
BHU-md | HAR-BHU | psychiatry | 08-24;10-05;11-16             | 4      | fixed   | clinic | 1              | 2
NEU-md | RMC-NEU | neurology  | 08-24;09-21;10-05;10-19;11-16 | 4      | fixed   | clinic | 1              | 2
ED-md  | RMC-ED  | emergency  | 08-24;09-21;10-05;10-19;11-16 | 4      | follows |        | 1              | 2
"""
MD_WEEKLY = """
slot   | unit    | specialty       | starts      | weekdays | shift | preceptors       | most_students
CC-im  | LAK-IM  | primary-care    | 08-24;08-31 | Fr       | am    | p-stone;p-tanaka | 6
CC-fm  | LAK-FM  | primary-care    | 08-24;08-31 | Fr       | am    | p-ueda;p-kaplan  | 4
CC-nor | NOR-PC  | primary-care    | 08-24;08-31 | Fr       | am    | p-vance;p-wolfe  | 6
AHD    | RMC-SIM | clinical-skills | 08-24       | We       | pm    |                  | 20
"""

PHARMACY_SLOTS = """
slot     | unit    | specialty           | most_students
RX-6w    | RMC-RX  | hospital-pharmacy   | 3
NRX-6w   | NOR-RX  | hospital-pharmacy   | 1
ICU-rx   | RMC-ICU | acute-care-pharmacy | 1
IM-rx    | RMC-IM  | acute-care-pharmacy | 1
ONC-rx   | RMC-ONC | acute-care-pharmacy | 1
LAK-rx   | LAK-AMB | ambulatory-pharmacy | 2
ONA-rx   | RMC-ONC | ambulatory-pharmacy | 1
MAIN-rx  | PHC-MN  | community-pharmacy  | 2
OAK-rx   | PHC-OAK | community-pharmacy  | 1
"""
PHARMACY_BLOCKS = "2026-08-31;2026-10-12"

THERAPY_SLOTS = """
slot      | unit    | specialty   | professions | starts | first_start | last_start | length | hours_per_week | most_students
RHB-pt12  | HAR-RHB | rehab       | pt          | 09-14  |             |            | 12     | 40             | 1
OPT-pt12  | HAR-OPT | orthopedics | pt          | 09-14  |             |            | 12     | 40             | 2
MRB-pt12  | MIL-RHB | rehab       | pt          | 09-14  |             |            | 12     | 40             | 1
OPT-pt8   | HAR-OPT | orthopedics | pt          |        | 08-31       | 10-19      | 8      | 40             | 2
RHB-ot    | HAR-RHB | rehab       | ot          |        | 08-31       | 09-21      | 12     | 40             | 2
MRB-ot    | MIL-RHB | rehab       | ot          |        | 08-31       | 09-21      | 12     | 40             | 1
"""

# The first holds in June, the second was given back on 1 June; requests and released places hold nothing.
RESERVATIONS = """
slot    | school | guaranteed | most | give_back | status
4B-FrSa | ash    | 8          |      | 07-15     | confirmed
4B-TuTh | ash    | 8          |      | 06-01     | confirmed
2E-SaSu | blu    | 8          |      |           | confirmed
6C-two  | blu    |            | 6    |           | confirmed
LD-FrSa | blu    | 8          |      | 08-01     | requested
3W-MoWe | blu    | 8          |      | 08-01     | released
"""

FACULTY = """
preceptor | school
f-au-11   | ash
f-au-12   | ash
f-au-13   | ash
f-au-21   | ash
f-au-22   | ash
f-bw-1    | blu
f-bw-2    | blu
"""

PRECEPTORS = """
preceptor  | kind      | licence     | supervises | specialties        | units           | most_at_once | most_weeks
p-agnew    | preceptor | rn          | rn         | capstone           | RMC-4B          | 1            | 8
p-birch    | preceptor | rn          | rn         | capstone           | RMC-4B          | 1            | 8
p-crane    | preceptor | rn          | rn         | capstone           | RMC-5A          | 1            | 8
p-dunn     | preceptor | rn          | rn         | capstone           | RMC-6C          | 1            | 8
p-eames    | preceptor | rn          | rn         | capstone           | RMC-ICU         | 1            | 4
p-flint    | preceptor | rn          | rn         | capstone           | RMC-ICU         | 1            | 8
p-grove    | preceptor | rn          | rn         | capstone           | RMC-ED          | 1            | 8
p-holt     | preceptor | rn          | rn         | capstone           | NOR-2E          | 1            | 8
p-irons    | preceptor | rn          | rn         | capstone           | NOR-ED          | 1            | 8
p-jude     | preceptor | rn          | rn         | capstone           | RMC-LD          | 1            | 8
p-kerr     | preceptor | rn          | rn         | capstone           | RMC-6C          | 1            | 4
p-adeyemi  | preceptor | md          | pa;md      | emergency          | RMC-ED          | 1            | 14
p-brandt   | preceptor | md          | pa;md      | emergency          | RMC-ED          | 1            | 10
p-castillo | preceptor | pa          | pa         | emergency          | RMC-ED          | 1            | 10
p-dorsey   | preceptor | md          | md         | emergency          | RMC-ED          | 1            | 16
t-nor-ed   | service   | md          | pa         | emergency          | NOR-ED          | 2            |
p-fox      | preceptor | md          | pa         | emergency          | MIL-ED          | 1            | 10
p-garza    | preceptor | md          | pa;md      | family             | LAK-FM          | 1            | 12
p-hsu      | preceptor | pa          | pa         | family             | LAK-FM          | 1            | 10
p-lind     | preceptor | md          | md         | family             | LAK-FM          | 1            | 12
p-mbeki    | preceptor | md          | md         | family             | LAK-FM          | 1            | 12
p-ivers    | preceptor | md          | pa         | family             | MIL-FM          | 1            | 10
p-jonas    | preceptor | np          | pa         | family             | MIL-FM          | 1            | 5
p-moran    | preceptor | cnm         | pa         | obgyn              | RMC-OBG         | 1            | 10
p-ng       | preceptor | md          | pa         | obgyn              | NOR-FBC         | 1            | 10
p-okafor   | preceptor | md          | pa;md      | pediatrics         | LAK-PED         | 1            | 14
p-pruitt   | preceptor | np          | pa         | pediatrics         | LAK-PED         | 1            | 10
p-voss     | preceptor | md          | md         | pediatrics         | LAK-PED         | 1            | 12
p-wren     | preceptor | md          | md         | pediatrics         | RMC-PED         | 1            | 12
p-quist    | preceptor | md          | pa;md      | psychiatry         | HAR-BHU         | 1            | 14
p-rhee     | preceptor | md          | pa;md      | psychiatry         | HAR-BHU         | 1            | 9
p-thorne   | preceptor | md          | md         | neurology          | RMC-NEU         | 1            | 12
p-ulrich   | preceptor | md          | md         | neurology          | RMC-NEU         | 1            | 8
p-stone    | preceptor | md          | md         | primary-care       | LAK-IM          | 3            |
p-tanaka   | preceptor | md          | md         | primary-care       | LAK-IM          | 3            |
p-ueda     | preceptor | md          | md         | primary-care       | LAK-FM          | 2            |
p-kaplan   | preceptor | np          | md         | primary-care       | LAK-FM          | 2            |
p-vance    | preceptor | md          | md         | primary-care       | NOR-PC          | 3            |
p-wolfe    | preceptor | md          | md         | primary-care       | NOR-PC          | 3            |
p-yates    | preceptor | pharmd      | pharmd     | hospital-pharmacy  | RMC-RX          | 2            |
p-zorn     | preceptor | pharmd      | pharmd     | hospital-pharmacy  | RMC-RX          | 1            | 6
p-abbot    | preceptor | pharmd      | pharmd     | hospital-pharmacy  | NOR-RX          | 1            |
p-bose     | preceptor | pharmd      | pharmd     |                    | RMC-ICU         | 1            |
p-chu      | preceptor | pharmd      | pharmd     |                    | RMC-IM          | 1            |
p-dietz    | preceptor | pharmd      | pharmd     |                    | RMC-ONC         | 1            | 12
p-ebert    | preceptor | pharmd      | pharmd     |                    | RMC-ONC         | 1            | 6
p-ellis    | preceptor | pharmd      | pharmd     |                    | LAK-AMB         | 1            |
p-farr     | preceptor | pharmd      | pharmd     |                    | LAK-AMB         | 1            |
p-fermi    | preceptor | pharmd      | pharmd     |                    | PHC-MN          | 1            |
p-gold     | preceptor | pharmd      | pharmd     |                    | PHC-MN          | 1            |
p-heller   | preceptor | pharmd      | pharmd     |                    | PHC-OAK         | 1            |
p-keane    | preceptor | pt          | pt         |                    | HAR-RHB         | 1            |
p-lopez    | preceptor | pt          | pt         |                    | HAR-OPT         | 1            |
p-nolan    | preceptor | pt          | pt         |                    | HAR-OPT         | 1            |
p-stahl    | preceptor | pt          | pt         |                    | HAR-OPT         | 1            | 8
p-mertz    | preceptor | pt          | pt         |                    | MIL-RHB         | 1            |
p-osgood   | preceptor | ot          | ot         |                    | HAR-RHB         | 1            |
p-quill    | preceptor | ot          | ot         |                    | HAR-RHB         | 1            |
p-roth     | preceptor | ot          | ot         |                    | MIL-RHB         | 1            |
p-ames     | preceptor | radiography | radiography |                   | RMC-IMG         | 2            |
p-bell     | preceptor | radiography | radiography |                   | RMC-IMG         | 2            |
p-brody    | preceptor | radiography | radiography |                   | RMC-IMG         | 1            |
p-cole     | preceptor | radiography | radiography |                   | NOR-IMG         | 2            |
"""

# Leave that the story needs; more is drawn below.
LEAVE = """
who_kind  | who      | start | end   | status      | weekdays
preceptor | p-kerr   | 11-09 | 11-20 | unavailable |
preceptor | p-irons  | 10-26 | 11-06 | unavailable |
preceptor | p-nolan  | 12-07 | 12-11 | unavailable |
preceptor | p-stahl  | 10-26 | 11-06 | unavailable |
preceptor | p-gold   | 11-02 | 11-06 | unavailable |
preceptor | p-brandt | 12-07 | 12-18 | unavailable |
preceptor | p-wolfe  | 12-07 | 12-18 | unavailable |
preceptor | p-brody  | 10-05 | 10-16 | unavailable |
preceptor | f-au-12  | 09-18 | 09-19 | unavailable |
unit      | LAK-FM   | 12-21 | 12-27 | unavailable |
"""
MAY_TAKE_A_WEEK = "p-agnew p-birch p-castillo p-fox p-garza p-holt p-hsu p-ivers p-jonas p-moran p-ng p-pruitt p-ulrich p-zorn"
WEEKS_OF_LEAVE = 10

COMMITMENTS = """
who_kind  | who      | start | end   | weekdays | shift | students | requirement | kind
unit      | RMC-5A   | 08-24 | 10-02 | Mo-Fr    | early | 4        |             | orientation of newly hired nurses
unit      | RMC-4B   | 10-12 | 11-27 | Fr Sa    | day   | 4        |             | weekend program, low census
unit      | RMC-IM   | 08-24 | 12-18 | Mo-Fr    |       | 1        |             | visiting student of another school
site      | har      | 09-14 | 09-18 | Mo-Fr    |       | 1        |             | surveyor of the accreditation
preceptor | p-crane  | 10-12 | 11-06 |          |       | 1        |             | orientation of a new nurse
preceptor | t-nor-ed | 09-28 | 11-01 |          |       | 1        |             | student whom Bluewater placed itself
preceptor | p-lind   | 08-24 | 10-04 |          |       | 1        |             | resident of the family medicine program
student   | pa27-09  | 08-24 | 09-25 |          |       |          | IM          | away rotation that counts as internal medicine
student   | md28-16  | 12-07 | 12-11 |          |       |          |             | reserve duty
"""

AGREEMENTS = """
school | sites           | professions | start      | end        | most_students | status
ash    | rmc;nor;har     | rn          | 2023-07-01 |            |               | signed
ash    | lak             | rn          | 2027-01-01 |            |               | planned
blu    | rmc;har;mil     | rn          | 2024-01-01 | 2028-12-31 |               | signed
blu    | nor             | rn;radiography | 2021-12-01 | 2026-11-30 |            | signed
blu    | nor             | rn;radiography | 2026-12-01 | 2031-11-30 |            | planned
blu    | rmc             | radiography | 2024-01-01 | 2028-12-31 | 5             | signed
car    | rmc;nor;lak;har | pa          | 2022-06-01 |            |               | signed
car    | mil             | pa;pt;ot    | 2026-08-01 | 2029-07-31 |               | renewing
car    | har             | pt;ot       | 2025-08-01 | 2027-07-31 | 6             | signed
del    | rmc;nor;lak;har | md          | 2019-07-01 |            |               | signed
del    | rmc;nor         | pharmd      | 2024-05-01 | 2027-04-30 | 7             | signed
del    | lak;phc         | pharmd      | 2024-05-01 | 2027-04-30 |               | signed
"""

# Mill Creek runs the background check itself and needs it three months ahead.
SITE_CLEARANCES = """
site | item       | due_days_before | season_start | season_end | covers
rmc  | background | 30              |              |            | start
rmc  | tb         | 30              |              |            | start
rmc  | bls        | 30              |              |            | whole
rmc  | flu        | 14              | 10-01        | 03-31      | whole
nor  | background | 30              |              |            | start
nor  | tb         | 30              |              |            | start
nor  | bls        | 30              |              |            | whole
nor  | flu        | 14              | 10-01        | 03-31      | whole
lak  | background | 30              |              |            | start
lak  | bls        | 30              |              |            | start
lak  | flu        | 14              | 10-01        | 03-31      | whole
mil  | background | 90              |              |            | start
mil  | bls        | 30              |              |            | whole
mil  | flu        | 14              | 10-01        | 03-31      | whole
har  | background | 30              |              |            | start
har  | tb         | 30              |              |            | start
phc  | background | 14              |              |            | start
"""
BLS_ENDS = {"pa27-10": "2026-10-09", "md28-09": "2026-11-13", "px27-04": "2026-11-06", "0041731": "2026-11-08"}
BLS_RENEWAL_PROMISED = {"px27-04": "2026-11-01", "0041731": "2026-10-15"}
FLU = {"pa27-06": "refused", "md28-12": "waived", "pa27-01": "promised", "px27-08": "promised", "dpt-3": "promised"}
# Everybody else's proofs are on file already, except those of students who are not named, and these:
NO_BACKGROUND_YET = {"pa27-02", "pa27-05", "pa27-13", "dpt-1"}
PAPERS_ON_FILE = 0.85

CREDITS = """
student | requirement | amount | end
pa27-03 | IM          | 5      | 2026-07-31
pa27-08 | IM          | 5      | 2026-07-31
pa27-11 | IM          | 5      | 2026-07-31
pa27-14 | IM          | 5      | 2026-07-31
px27-11 | COMM        | 6      | 2026-06-26
"""

STUDENT_REQUIREMENTS = """
student | requirement | change | amount | earliest
pa27-03 | core        | choose | 2      |
pa27-08 | core        | choose | 2      |
pa27-11 | core        | choose | 2      |
pa27-14 | IM          | repeat |        | 09-28
pa27-12 | core        | choose | 0      |
dpt-1   | PT-12       | add    |        |
dpt-2   | PT-12       | add    |        |
dpt-3   | PT-12       | add    |        |
dpt-4   | PT-8        | add    |        |
dpt-5   | PT-8        | add    |        |
"""
#: Medical students drew a track; the order inside a track is free.
TRACKS = {
    "IM SURG": "md28-01 md28-02 md28-03 md28-04 md28-05",
    "PED OB PSY": "md28-06 md28-07 md28-08 md28-09 md28-10 md28-11",
    "FM NEU EM": "md28-12 md28-13 md28-14 md28-15 md28-16",
}

CONFLICTS = """
student | unit    | site | preceptor
0041719 | RMC-4B  |      |
0041752 | RMC-ICU |      |
pa27-02 | NOR-ED  |      |
pa27-16 |         |      | p-garza
md28-14 |         |      | p-thorne
dpt-2   | HAR-OPT |      |
"""

# Last year's units, wherever a school wants to come back; and what is fixed or ruled out by hand.
PINS = """
student | group | requirement | slot    | unit    | start | preceptor | pin
        | AJ-1  | NUR310      |         | RMC-4B  |       |           | prefer
        | AJ-2  | NUR310      |         | RMC-4B  |       |           | prefer
        | AJ-3  | NUR310      |         | NOR-2E  |       |           | prefer
        | AS-1  | NUR410      |         | RMC-PED |       |           | prefer
        | BW-1  | ADN240      |         | RMC-4B  |       |           | prefer
        | BW-2  | ADN240      |         | RMC-6C  |       |           | prefer
        | BW-E  | ADN240      |         | RMC-5A  |       |           | prefer
        | BW-1  | ADN250      |         | NOR-FBC |       |           | prefer
pa27-15 |       | EM          |         | MIL-ED  |       |           | must
px27-02 |       |             | RX-6w   |         | 08-31 |           | must not
md28-13 |       | CC          |         |         |       | p-ueda    | must
pa27-13 |       | IM          | NIM-pa  |         |       |           | prefer
"""

HISTORY = """
school | program    | requirement | unit    | weekdays | shift   | start_week | requested | granted | used
ash    | ash-bsn3   | NUR310      | RMC-4B  | Tu Th    | day     | 2025-08-25 | 8         | 8       | 8
ash    | ash-bsn3   | NUR310      | RMC-4B  | Tu Th    | day     | 2025-10-13 | 8         | 8       | 8
ash    | ash-bsn3   | NUR310      | NOR-2E  | Tu Th    | day     | 2025-08-25 | 8         | 8       | 7
ash    | ash-bsn3   | NUR330      | RMC-LD  | Tu Th    | day     | 2025-08-25 | 8         | 8       | 8
ash    | ash-bsn3   | NUR330      | RMC-LD  | Tu Th    | day     | 2025-10-13 | 16        | 8       | 8
ash    | ash-bsn4   | NUR410      | RMC-PED | Mo We    | day     | 2025-08-25 | 8         | 6       | 6
ash    | ash-bsn4   | NUR420      | HAR-BHU | Fr Sa    | early   | 2025-08-25 | 8         | 8       | 8
ash    | ash-bsn4   | NUR490      |         |          |         | 2025-10-13 | 15        | 15      | 14
blu    | blu-adn    | ADN240      | RMC-4B  | Mo We    | day     | 2025-08-25 | 8         | 8       | 8
blu    | blu-adn    | ADN240      | RMC-5A  | Mo We    | evening | 2025-10-13 | 8         | 8       | 6
blu    | blu-adn    | ADN240      | RMC-6C  | Mo Fr    | day     | 2025-08-25 | 6         | 6       | 6
blu    | blu-adn    | ADN250      | NOR-FBC | Mo We    | day     | 2025-10-13 | 8         | 8       | 8
blu    | blu-adn    | ADN270      | HAR-BHU | Mo We    | evening | 2025-08-25 | 8         | 0       | 0
blu    | blu-rad    | RAD-GEN     | RMC-IMG | Mo-Fr    | early   | 2025-09-01 | 5         | 5       | 5
car    | car-pa     | IM          | RMC-IM  | Mo-Fr    | clinic  | 2025-08-25 | 6         | 4       | 4
car    | car-pa     | EM          | RMC-ED  |          |         | 2025-09-29 | 5         | 3       | 3
car    | car-dpt    | PT-12       | HAR-OPT | Mo-Fr    | clinic  | 2025-09-15 | 2         | 1       | 1
del    | del-md     | PSY         | HAR-BHU | Mo-Fr    | clinic  | 2025-08-25 | 2         | 2       | 2
del    | del-pharmd | HOSP        | RMC-RX  | Mo-Fr    | clinic  | 2025-09-01 | 3         | 3       | 2
del    | del-pharmd | AMB         | LAK-AMB | Mo-Fr    | clinic  | 2025-10-13 | 4         | 2       | 2
"""

HOUSING = """
site | beds | start | end   | cost | from_weekday
mil  | 3    | 08-22 | 12-19 | 90   | Sa
nor  | 2    | 08-22 | 12-19 | 140  | Sa
"""

#: Town: latitude, longitude, share of the students who live there.
TOWNS = {
    "Riverbend": (42.10, -76.26, 55),
    "Northfield": (42.39, -76.18, 20),
    "Ellery": (42.25, -76.48, 15),
    "Mill Creek": (41.84, -76.90, 10),
}

# Wishes of schools for their groups, by rank; those of students are drawn.
SCHOOL_WISHES = """
who | requirement | what | values
ash | NUR310      | unit | RMC-4B RMC-5A RMC-6C NOR-2E
blu | ADN240      | unit | RMC-4B RMC-6C RMC-5A NOR-3W NOR-2E MIL-MS
"""
GROUP_WISHES = {"BW-1": ("ADN250", "NOR-FBC RMC-LD")}


def table(text: str, **constant: object) -> list[dict[str, object]]:
    """Rows of a table of text; dates without a year get 2026, `constant` columns are added."""
    dates = ("start", "end", "starts", "first_start", "last_start", "earliest", "give_back")
    rows = tables.table(text)
    for row in rows:
        row.update({name: re.sub(r"(?<![\d-])(?=\d\d-\d\d(;|$))", "2026-", str(row[name])) for name in dates if name in row})
    return [{**row, **constant} for row in rows]


def requirements() -> list[dict[str, object]]:
    """Required rotations with their order, elective sets and who takes them."""
    rows = table(REQUIREMENTS)
    for row in rows:
        program, name = str(row["program"]), str(row["requirement"])
        row["after"] = AFTER.get((program, name), "")
        row["level"] = LEVELS.get(name, "")
        row["applies_to"] = "listed" if name in LISTED.get(program, "").split() else "all"
        sets = CHOOSE_ONE.get(program, {}).items()
        row["elective_set"] = next((key for key, members in sets if name in members.split()), "")
        row["choose"] = 1 if row["elective_set"] else ""
    return rows


def slots() -> list[dict[str, object]]:
    """Everything that the units offer."""
    every_day, weekdays, excused = "Mo-Su", "Mo-Fr", "Fr am;We pm"
    pa = table(PA_SLOTS, professions="pa", starts=PA_BLOCKS, length=5)
    md = table(MD_SLOTS, professions="md", excuses=excused)
    for row in pa + md:
        row["weekdays"] = every_day if row["pattern"] == "follows" else weekdays
    for row in md:
        row["hours_per_week"] = 45 if row["pattern"] == "follows" else ""
    return [
        *table(GROUP_SLOTS, professions="rn", starts=HALVES, length=7),
        *table(
            CAPSTONE_SLOTS,
            specialty="capstone",
            professions="rn",
            levels="senior",
            first_start="2026-10-12",
            last_start="2026-11-16",
            pattern="follows",
            weekdays=every_day,
            hours_per_week=36,
        ),
        *table(
            IMAGING_SLOTS,
            professions="radiography",
            starts="2026-09-01;2026-10-01;2026-11-01",
            length=1,
            length_unit="months",
            weekdays=weekdays,
        ),
        *pa,
        *md,
        *table(MD_WEEKLY, professions="md", length=14),
        *table(
            PHARMACY_SLOTS,
            professions="pharmd",
            starts=PHARMACY_BLOCKS,
            length=6,
            weekdays=weekdays,
            shift="clinic",
            hours_per_week=40,
        ),
        *table(THERAPY_SLOTS, weekdays=weekdays, shift="clinic"),
    ]


def preceptors() -> list[dict[str, object]]:
    """Faculty who come with groups, and the health system's own preceptors."""
    faculty = table(FACULTY, kind="faculty", licence="rn", supervises="rn", most_at_once=10)
    return [*faculty, *table(PRECEPTORS)]


def students(rng: random.Random) -> list[dict[str, object]]:
    """Students of all programs, with opaque ids; two places of AJ-3 and one of BW-E are not named yet."""
    rows: list[dict[str, object]] = []
    number = {"ash": 41650, "blu": 7310}
    for group in table(GROUPS):
        school = str(group["program"])[:3]
        unnamed = {"AJ-3": 2, "BW-E": 1}.get(str(group["group"]), 0)
        for i in range(int(str(group["size"]))):
            named = i < int(str(group["size"])) - unnamed
            number[school] += 3 if named else 0
            name = f"{number[school]:07d}" if school == "ash" else f"B{number[school]}"
            tbd = f"{group['group']}-tbd{i + 1}"
            rows.append({"student": name if named else tbd, "program": group["program"], "group": group["group"], "named": named})
    for program, name, count in (
        ("blu-rad", "RT-{:02d}", 6),
        ("car-pa", "pa27-{:02d}", 16),
        ("car-dpt", "dpt-{}", 5),
        ("car-ot", "ot-{}", 3),
        ("del-md", "md28-{:02d}", 16),
        ("del-pharmd", "px27-{:02d}", 12),
    ):
        rows += [{"student": name.format(i + 1), "program": program, "named": True} for i in range(count)]
    towns, shares = list(TOWNS), [share for _, _, share in TOWNS.values()]
    for row in rows:
        row["named"] = "true" if row["named"] else "false"
        row["available_from"] = "2026-09-28" if row["student"] == "pa27-12" else ""
        if row["named"] == "true":
            row["home"] = rng.choices(towns, shares)[0]
            lat, lon, _ = TOWNS[str(row["home"])]
            row["home_lat"] = f"{lat + rng.uniform(-0.06, 0.06):.3f}"
            row["home_lon"] = f"{lon + rng.uniform(-0.06, 0.06):.3f}"
            row["drives"] = "false" if rng.random() < 0.08 else "true"
            row["languages"] = "english;spanish" if rng.random() < 0.15 else "english"
    return rows


def student_requirements() -> list[dict[str, object]]:
    """What differs for single students, and the medical students' tracks."""
    rows = table(STUDENT_REQUIREMENTS)
    for track, members in TRACKS.items():
        rows += [{"student": s, "requirement": r, "change": "add"} for s in members.split() for r in track.split()]
    return rows


def availability(rng: random.Random) -> list[dict[str, object]]:
    """Leave of preceptors, told and drawn, and days that students would rather be free."""
    rows = table(LEAVE)
    for who in sorted(rng.sample(MAY_TAKE_A_WEEK.split(), WEEKS_OF_LEAVE)):
        monday = date(2026, 9, 7) + timedelta(weeks=rng.randrange(12))
        rows.append(
            {"who_kind": "preceptor", "who": who, "start": monday, "end": monday + timedelta(days=4), "status": "unavailable"}
        )
    for who in sorted(rng.sample([f"pa27-{i:02d}" for i in range(1, 17)], 4)):
        monday = date(2026, 9, 14) + timedelta(weeks=rng.randrange(11))
        rows.append({"who_kind": "student", "who": who, "start": monday, "end": monday + timedelta(days=2), "status": "avoid"})
    return rows


def preferences(rng: random.Random, people: Iterable[Row]) -> list[dict[str, object]]:
    """Wishes: of schools for their groups, told; of students for themselves, drawn, and popular places are popular."""
    rows: list[dict[str, object]] = []

    def ranked(kind: str, who: object, requirement: str, what: str, values: Iterable[object]) -> None:
        for rank, value in enumerate(values, 1):
            rows.append({"who_kind": kind, "who": who, "requirement": requirement, "what": what, "value": value, "rank": rank})

    for wish in table(SCHOOL_WISHES):
        ranked("school", wish["who"], str(wish["requirement"]), str(wish["what"]), str(wish["values"]).split())
    for group, (requirement, units) in GROUP_WISHES.items():
        ranked("group", group, requirement, "unit", units.split())
    for person in people:
        who, program = person["student"], person["program"]
        if program == "ash-bsn4" and rng.random() < 0.8:
            ranked(
                "student",
                who,
                "NUR490",
                "unit",
                draw(rng, {"RMC-ICU": 5, "RMC-ED": 4, "RMC-LD": 3, "RMC-4B": 1, "RMC-6C": 1}, 3),
            )
        elif program == "car-pa":
            ranked("student", who, "EM", "site", draw(rng, {"rmc": 5, "nor": 3, "mil": 1}, 3))
            core = draw(rng, {"surgery": 5, "family": 3, "pediatrics": 3, "obgyn": 3, "psychiatry": 2}, 2)
            for specialty, score in zip(core, (4, 2), strict=True):
                rows.append({"who_kind": "student", "who": who, "what": "specialty", "value": specialty, "score": score})
        elif program == "del-pharmd":
            inpatient = draw(rng, {"RMC-ONC": 5, "RMC-ICU": 4, "RMC-RX": 3, "RMC-IM": 2, "NOR-RX": 1}, 5)
            outpatient = draw(rng, {"LAK-AMB": 5, "RMC-ONC": 3, "PHC-MN": 2, "PHC-OAK": 2}, 4)
            for requirement, units in (("HOSP", "RMC-RX NOR-RX"), ("ACUTE", "RMC-ONC RMC-ICU RMC-IM")):
                ranked("student", who, requirement, "unit", [u for u in inpatient if u in units.split()])
            for requirement, units in (("AMB", "LAK-AMB RMC-ONC"), ("COMM", "PHC-MN PHC-OAK")):
                ranked("student", who, requirement, "unit", [u for u in outpatient if u in units.split()])
            fields = (FIELD[inpatient[0], "in"], FIELD[outpatient[0], "out"])
            rows += [{"who_kind": "student", "who": who, "what": "specialty", "value": f, "score": 3} for f in fields]
        elif program == "del-md":
            ranked("student", who, "CC", "site", draw(rng, {"lak": 4, "nor": 1}, 2))
            if rng.random() < 0.5:
                track = next(track for track, members in TRACKS.items() if str(who) in members.split()).split()
                first = rng.choice(track)
                rows.append(
                    {"who_kind": "student", "who": who, "requirement": first, "what": "start", "start": "2026-08-24", "score": 2}
                )
    rows.append({"who_kind": "student", "who": "pa27-16", "requirement": "FM", "what": "site", "value": "mil", "refuse": "true"})
    rows.append({"who_kind": "student", "who": "pa27-04", "what": "site_change", "score": -3})
    # Ashford's classes go on between placements: waiting does not matter there.
    rows.append({"who_kind": "school", "who": "ash", "what": "waiting", "score": 0})
    return rows


#: What a pharmacy student learns in a unit, inside or outside the hospital.
FIELD = {
    ("RMC-ONC", "in"): "acute-care-pharmacy",
    ("RMC-ICU", "in"): "acute-care-pharmacy",
    ("RMC-IM", "in"): "acute-care-pharmacy",
    ("RMC-RX", "in"): "hospital-pharmacy",
    ("NOR-RX", "in"): "hospital-pharmacy",
    ("LAK-AMB", "out"): "ambulatory-pharmacy",
    ("RMC-ONC", "out"): "ambulatory-pharmacy",
    ("PHC-MN", "out"): "community-pharmacy",
    ("PHC-OAK", "out"): "community-pharmacy",
}


def draws_of(what: str) -> random.Random:
    """A source of draws for one purpose: more wishes leave the homes as they are."""
    return random.Random(f"{SEED} {what}")


def clearances(rng: random.Random, people: Iterable[Row]) -> list[dict[str, object]]:
    """Proofs on file in June; nearly nobody has this season's influenza shot yet."""
    rows: list[dict[str, object]] = []
    for person in people:
        who = str(person["student"])
        if person["named"] != "true":
            continue
        for item, years in (("background", 3), ("tb", 1), ("bls", 2)):
            on_file = rng.random() < PAPERS_ON_FILE
            since = date(2026, 1, 5) + timedelta(days=rng.randrange(150))
            if item == "background":
                on_file = who not in NO_BACKGROUND_YET
            if item == "bls" and who in BLS_ENDS:
                end = date.fromisoformat(BLS_ENDS[who])
                rows.append({"student": who, "item": item, "start": end.replace(year=2024), "end": end, "status": "on file"})
                if who in BLS_RENEWAL_PROMISED:
                    rows.append({"student": who, "item": item, "start": BLS_RENEWAL_PROMISED[who], "status": "promised"})
            elif on_file:
                end = since.replace(year=since.year + years) - timedelta(days=1)
                rows.append({"student": who, "item": item, "start": since, "end": end, "status": "on file"})
        if who in FLU:
            rows.append({"student": who, "item": "flu", "status": FLU[who]})
    return rows


def main(folder: Path) -> None:
    """Write all tables of the instance."""
    people = students(draws_of("homes"))
    rows = {
        "schools": table(SCHOOLS),
        "programs": table(PROGRAMS),
        "calendar": table(CALENDAR),
        "requirements": requirements(),
        "student_requirements": student_requirements(),
        "students": people,
        "groups": table(GROUPS),
        "availability": availability(draws_of("leave")),
        "preferences": preferences(draws_of("wishes"), people),
        "credits": table(CREDITS),
        "sites": table(SITES),
        "units": table(UNITS),
        "housing": table(HOUSING),
        "capacity": table(CAPACITY),
        "slots": slots(),
        "reservations": table(RESERVATIONS),
        "preceptors": preceptors(),
        "commitments": table(COMMITMENTS),
        "agreements": table(AGREEMENTS),
        "site_clearances": table(SITE_CLEARANCES),
        "clearances": clearances(draws_of("papers"), people),
        "conflicts": table(CONFLICTS),
        "pins": table(PINS),
        "history": table(HISTORY, term="fall25"),
    }
    tables.write(folder, INSTANCE, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "riverbend")
