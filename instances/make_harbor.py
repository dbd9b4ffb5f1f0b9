"""Write `instances/harbor`: the fall term of a nursing consortium, told table by table.

    python instances/make_harbor.py [FOLDER]

Only which papers are on file is drawn, from one seed: the same seed writes the same files, byte for byte.
"""

# ruff: noqa: E501  (tables are as wide as they are)

from __future__ import annotations

import random
import sys
from datetime import date, timedelta
from pathlib import Path

from tables import Row, ranked, table, write

INSTANCE = """\
name = "harbor"
first_monday = 2026-08-24
weeks = 16
planning_date = 2026-06-15
timezone = "America/New_York"

# Wards work in shifts of twelve hours; evening groups come for eight, the skills laboratory has half days.
[[shifts]]
shift = "day"
start = "07:00"
end = "19:00"

[[shifts]]
shift = "evening"
start = "15:00"
end = "23:00"

[[shifts]]
shift = "night"
start = "19:00"
end = "07:00"

[[shifts]]
shift = "am"
start = "08:00"
end = "12:00"

[[shifts]]
shift = "pm"
start = "13:00"
end = "17:00"

# What the consortium agreed on. Everything else is as usual.
[policy.rules.lead_time]
kind = "hard"
days = 45
new_agreement_days = 120

[policy.rules.preceptor_ratio]
ratios = ["rn:1"]

[policy.rules.school_equity]
kind = "soft"
weight = 20

[policy.rules.priority]
kind = "soft"
order = ["tier", "student", "lottery"]
seed = 2026
lottery_bands = 5

[policy.rules.keep_historical]
kind = "soft"
weight = 2
"""

SCHOOLS = """
school | name                       | tier | least_placed_percent
maple  | Maple State University     | 1    |
oak    | Oak University             | 1    |
elm    | Elm Accelerated College    | 2    |
pine   | Pine Community College     | 2    | 90
birch  | Birch College              | 2    | 75
cedar  | Cedar Technical Institute  | 2    |
"""

PROGRAMS = """
program    | school | profession | name                          | most_per_faculty | most_nights
maple-bsn3 | maple  | rn         | Nursing (BSN), third year     | 10               |
maple-bsn4 | maple  | rn         | Nursing (BSN), capstone       |                  | 10
oak-bsn3   | oak    | rn         | Nursing (BSN), third year     | 10               |
oak-bsn4   | oak    | rn         | Nursing (BSN), capstone       |                  |
elm-abs    | elm    | rn         | Nursing (accelerated)         | 8                |
pine-adn   | pine   | rn         | Nursing (ADN), first year     | 8                |
pine-adn2  | pine   | rn         | Nursing (ADN), capstone       |                  |
birch-bsn3 | birch  | rn         | Nursing (BSN), third year     | 10               |
cedar-lpn  | cedar  | lpn        | Practical nursing             | 10               |
"""

# Class days forbid, each cohort has its own; breaks pause: the days are lost, the placement goes on.
CALENDAR = """
program    | group | start      | end        | weekdays | shift | kind      | effect
maple-bsn3 |       | 2026-08-24 | 2026-12-11 |          |       | term      |
maple-bsn3 |       | 2026-08-24 | 2026-12-11 | Mo We Fr |       | call-back | forbid
maple-bsn3 |       | 2026-08-24 | 2026-12-11 | Sa Su    |       | call-back | forbid
maple-bsn3 |       | 2026-10-12 | 2026-10-13 |          |       | break     | pause
maple-bsn3 |       | 2026-11-25 | 2026-11-27 |          |       | holiday   | pause
maple-bsn4 |       | 2026-08-24 | 2026-12-11 |          |       | term      |
oak-bsn3   |       | 2026-08-24 | 2026-12-11 |          |       | term      |
oak-bsn3   |       | 2026-08-24 | 2026-12-11 | Mo Tu Th |       | call-back | forbid
oak-bsn3   |       | 2026-08-24 | 2026-12-11 | Sa Su    |       | call-back | forbid
oak-bsn3   |       | 2026-11-25 | 2026-11-27 |          |       | holiday   | pause
oak-bsn4   |       | 2026-08-24 | 2026-12-11 |          |       | term      |
elm-abs    |       | 2026-08-24 | 2026-12-13 |          |       | term      |
elm-abs    |       | 2026-08-24 | 2026-12-13 | Mo-Fr    |       | call-back | forbid
elm-abs    |       | 2026-11-28 | 2026-11-29 |          |       | break     | pause
pine-adn   |       | 2026-08-24 | 2026-12-11 |          |       | term      |
pine-adn   | PN-1  | 2026-08-24 | 2026-12-11 | Mo We Fr-Su |    | call-back | forbid
pine-adn   | PN-2  | 2026-08-24 | 2026-12-11 | Mo We Fr-Su |    | call-back | forbid
pine-adn   | PN-E1 | 2026-08-24 | 2026-12-11 | Mo-Fr    | am    | call-back | forbid
pine-adn   | PN-E2 | 2026-08-24 | 2026-12-11 | Mo-Fr    | am    | call-back | forbid
pine-adn   |       | 2026-11-26 | 2026-11-27 |          |       | holiday   | pause
pine-adn2  |       | 2026-08-24 | 2026-12-11 |          |       | term      |
birch-bsn3 |       | 2026-08-24 | 2026-12-11 |          |       | term      |
birch-bsn3 |       | 2026-08-24 | 2026-12-11 | Mo Tu Th |       | call-back | forbid
birch-bsn3 |       | 2026-08-24 | 2026-12-11 | Sa Su    |       | call-back | forbid
birch-bsn3 |       | 2026-11-25 | 2026-11-27 |          |       | holiday   | pause
cedar-lpn  |       | 2026-08-24 | 2026-12-11 |          |       | term      |
cedar-lpn  |       | 2026-11-26 | 2026-11-27 |          |       | holiday   | pause
"""

REQUIREMENTS = """
program    | requirement | name                           | specialties       | amount | amount_unit | lane         | supervision  | applies_to
maple-bsn3 | NUR310      | Medical-surgical nursing       | medsurg;telemetry | 7      | weeks       | block        | faculty      | all
maple-bsn3 | NUR320      | Maternal-newborn nursing       | obstetrics        | 7      | weeks       | block        | faculty      | all
maple-bsn4 | NUR480      | Capstone with a preceptor      | capstone          | 120    | hours       | block        | precepted    | all
maple-bsn4 | NUR481      | Leadership laboratory          | skills            | 6      | sessions    | longitudinal | service      | all
oak-bsn3   | N301        | Medical-surgical nursing       | medsurg;telemetry | 7      | weeks       | block        | faculty      | all
oak-bsn3   | N302        | Mental health nursing          | psychiatry        | 7      | weeks       | block        | faculty      | all
oak-bsn4   | N490        | Capstone with two preceptors   | capstone          | 6      | weeks       | block        | co-precepted | all
elm-abs    | ABS1        | Medical-surgical nursing       | medsurg;telemetry | 7      | weeks       | block        | faculty      | all
elm-abs    | ABS2        | Children's nursing             | pediatrics        | 7      | weeks       | block        | faculty      | all
pine-adn   | ADN210      | Medical-surgical nursing       | medsurg;telemetry | 7      | weeks       | block        | faculty      | all
pine-adn   | ADN220      | Maternal-newborn nursing       | obstetrics        | 7      | weeks       | block        | faculty      | listed
pine-adn   | ADN230      | Mental health nursing          | psychiatry        | 7      | weeks       | block        | faculty      | listed
pine-adn2  | ADN290      | Capstone with a preceptor      | capstone          | 120    | hours       | block        | precepted    | all
birch-bsn3 | BN31        | Medical-surgical nursing       | medsurg;telemetry | 7      | weeks       | block        | faculty      | all
birch-bsn3 | BN32        | Children's nursing             | pediatrics        | 7      | weeks       | block        | faculty      | all
cedar-lpn  | PN101       | Nursing of older adults        | long-term         | 7      | weeks       | block        | faculty      | all
cedar-lpn  | PN190       | Practice with a preceptor      | capstone          | 4      | weeks       | block        | precepted    | listed
"""

# Maple and Elm have named their students by June; of the others' groups only the heads are known.
GROUPS = """
group | program    | requirements  | size | least_size | split   | faculty
MB-1  | maple-bsn3 | NUR310;NUR320 | 8    |            | never   | f-m1
MB-2  | maple-bsn3 | NUR310;NUR320 | 8    |            | never   | f-m2
MB-3  | maple-bsn3 | NUR310;NUR320 | 8    |            | never   | f-m3
MB-4  | maple-bsn3 | NUR310;NUR320 | 10   |            | never   | f-m4
OK-1  | oak-bsn3   | N301;N302     | 8    |            | never   | f-o1
OK-2  | oak-bsn3   | N301;N302     | 8    |            | never   | f-o2
OK-3  | oak-bsn3   | N301          | 9    |            | never   | f-o3
OK-4  | oak-bsn3   | N301          | 12   | 6          | allowed | f-o4
EL-1  | elm-abs    | ABS1;ABS2     | 8    |            | never   | f-e1
EL-2  | elm-abs    | ABS1;ABS2     | 8    |            | never   | f-e2
EL-3  | elm-abs    | ABS1;ABS2     | 8    |            | never   | f-e3
PN-1  | pine-adn   | ADN210;ADN220 | 8    |            | never   | f-p1
PN-2  | pine-adn   | ADN210;ADN220 | 8    |            | never   | f-p4
PN-E1 | pine-adn   | ADN210;ADN230 | 8    |            | never   | f-p2
PN-E2 | pine-adn   | ADN210;ADN230 | 8    |            | never   | f-p3
BI-1  | birch-bsn3 | BN31;BN32     | 8    |            | never   | f-b1
BI-2  | birch-bsn3 | BN31;BN32     | 8    |            | never   | f-b2
CD-1  | cedar-lpn  | PN101         | 10   |            | never   | f-c1
CD-2  | cedar-lpn  | PN101         | 8    |            | never   | f-c2
"""
NAMED_GROUPS = {"maple": "MB-1 MB-2 MB-3 MB-4", "elm": "EL-1 EL-2 EL-3"}
PREFIX = {"maple": "mb", "elm": "el"}
UNNAMED = {"MB-4": 3}  # places to be named
SINGLE = {"maple-bsn4": ("mc-{:02d}", 14), "oak-bsn4": ("oc-{}", 4), "pine-adn2": ("pc-{}", 6)}

SITES = """
site | name                           | place       | setting
hg   | Harbor General Hospital        | Harbor City | academic
sa   | St. Anne Hospital              | Harbor City | community
bv   | Bayview Community Hospital     | Bayview     | community
is   | Island Hospital                | Grand Isle  | rural
va   | Veterans Medical Center        | Harbor City | community
"""

UNITS = """
unit   | site | name                        | specialties
HG-4N  | hg   | Medical-surgical 4 North    | medsurg;capstone
HG-4S  | hg   | Medical-surgical 4 South    | medsurg
HG-5T  | hg   | Telemetry 5                 | telemetry;capstone
HG-LD  | hg   | Labor, delivery, newborn    | obstetrics
HG-PED | hg   | Children's ward             | pediatrics
HG-ICU | hg   | Intensive care              | capstone
HG-ED  | hg   | Emergency department        | capstone
HG-SIM | hg   | Skills laboratory           | skills
SA-2   | sa   | Medical-surgical 2          | medsurg;capstone
SA-3   | sa   | Medical-surgical 3          | medsurg
SA-4   | sa   | Telemetry 4                 | telemetry
SA-MB  | sa   | Mother and baby             | obstetrics
SA-PED | sa   | Children's ward             | pediatrics
SA-BH  | sa   | Behavioral health           | psychiatry
BV-1   | bv   | Medical-surgical 1          | medsurg
BV-2   | bv   | Medical-surgical 2          | medsurg;capstone
BV-FBC | bv   | Family birth center         | obstetrics
BV-PED | bv   | Children's ward             | pediatrics
BV-BH  | bv   | Behavioral health           | psychiatry
BV-ICU | bv   | Intensive care              | capstone
IS-MS  | is   | Medical-surgical            | medsurg
IS-OB  | is   | Obstetrics                  | obstetrics
IS-LTC | is   | Long-term care              | long-term
IS-ED  | is   | Emergency room              | capstone
VA-4   | va   | Medical-surgical 4          | medsurg
VA-5   | va   | Telemetry 5                 | telemetry
VA-6   | va   | Medical-surgical 6          | medsurg;capstone
VA-MH  | va   | Mental health               | psychiatry
VA-CLC | va   | Community living center     | long-term;capstone
VA-REH | va   | Rehabilitation              | long-term
"""

# One group a shift on every ward that takes groups (added below); here what is special.
CAPACITY = """
unit   | start      | end        | weekdays | shift   | profession | most_students | most_precepted | least_students
HG-4N  |            |            | Mo-Fr    | day     |            | 12            |                |
HG-4N  |            |            | Sa Su    | day     |            | 8             |                |
HG-4N  |            |            |          | evening |            | 8             |                |
HG-4N  |            |            |          | night   |            | 2             |                |
HG-5T  |            |            | Tu       | day     |            | 10            |                |
HG-5T  |            |            | We       | day     |            | 8             |                |
SA-2   |            |            |          |         |            |               | 2              |
SA-MB  | 2026-10-19 | 2026-12-13 |          |         |            | 0             |                |
IS-OB  |            |            |          |         |            | 6             |                |
IS-MS  | 2026-09-07 | 2026-10-04 |          |         | rn         |               |                | 6
IS-LTC |            |            |          | day     | lpn        | 8             |                |
"""

# Groups come for seven weeks, from 31 August or from 19 October.
GROUP_SLOTS = """
slot       | unit   | specialty  | weekdays | shift   | most_students
HG4N-TuTh  | HG-4N  | medsurg    | Tu Th    | day     | 10
HG4N-WeFr  | HG-4N  | medsurg    | We Fr    | day     | 10
HG4N-SaSu  | HG-4N  | medsurg    | Sa Su    | day     | 8
HG4N-eve   | HG-4N  | medsurg    | Mo We    | evening | 8
HG4S-TuTh  | HG-4S  | medsurg    | Tu Th    | day     | 10
HG4S-WeFr  | HG-4S  | medsurg    | We Fr    | day     | 18
HG5T-TuTh  | HG-5T  | telemetry  | Tu Th    | day     | 10
HG5T-WeFr  | HG-5T  | telemetry  | We Fr    | day     | 10
HGLD-TuTh  | HG-LD  | obstetrics | Tu Th    | day     | 10
HGPED-WeFr | HG-PED | pediatrics | We Fr    | day     | 8
HGPED-SaSu | HG-PED | pediatrics | Sa Su    | day     | 8
SA2-TuTh   | SA-2   | medsurg    | Tu Th    | day     | 8
SA2-SaSu   | SA-2   | medsurg    | Sa Su    | day     | 8
SA3-eve    | SA-3   | medsurg    | Mo We    | evening | 8
SA4-WeFr   | SA-4   | telemetry  | We Fr    | day     | 12
SAMB-TuTh  | SA-MB  | obstetrics | Tu Th    | day     | 10
SAPED-SaSu | SA-PED | pediatrics | Sa Su    | day     | 8
SABH-eve   | SA-BH  | psychiatry | Mo We    | evening | 8
BV1-TuTh   | BV-1   | medsurg    | Tu Th    | day     | 8
BV1-WeFr   | BV-1   | medsurg    | We Fr    | day     | 8
BV2-SaSu   | BV-2   | medsurg    | Sa Su    | day     | 8
BVFBC-TuTh | BV-FBC | obstetrics | Tu Th    | day     | 8
BVPED-WeFr | BV-PED | pediatrics | We Fr    | day     | 8
BVBH-WeFr  | BV-BH  | psychiatry | We Fr    | day     | 8
ISMS-TuTh  | IS-MS  | medsurg    | Tu Th    | day     | 8
ISMS-WeFr  | IS-MS  | medsurg    | We Fr    | day     | 8
ISOB-TuTh  | IS-OB  | obstetrics | Tu Th    | day     | 8
VA4-TuTh   | VA-4   | medsurg    | Tu Th    | day     | 8
VA5-WeFr   | VA-5   | telemetry  | We Fr    | day     | 12
VA6-eve    | VA-6   | medsurg    | Mo We    | evening | 8
VAMH-WeFr  | VA-MH  | psychiatry | We Fr    | day     | 8
VAMH-eve   | VA-MH  | psychiatry | Mo We    | evening | 8
ISLTC-TuTh | IS-LTC | long-term  | Tu Th    | day     | 10
VACLC-TuTh | VA-CLC | long-term  | Tu Th    | day     | 10
VAREH-WeFr | VA-REH | long-term  | We Fr    | day     | 8
"""
HALVES = "2026-08-31;2026-10-19"
FOR_LPN = {"ISLTC-TuTh", "VACLC-TuTh", "VAREH-WeFr"}

# Capstones: days, or nights, with a preceptor; every start is a Monday. Who has no weekdays here follows the preceptor.
CAPSTONE_SLOTS = """
slot     | unit   | pattern | weekdays | shift | hours_per_week | professions | first_start | last_start | length | most_students
4N-cap   | HG-4N  | fixed   | Sa Su    | day   |                | rn          | 2026-08-31  | 2026-10-12 |        | 1
4N-night | HG-4N  | fixed   | Su Mo Tu | night |                | rn          | 2026-08-31  | 2026-10-26 |        | 1
5T-night | HG-5T  | fixed   | Th Su    | night |                | rn          | 2026-08-31  | 2026-10-26 |        | 1
ICU-cap  | HG-ICU | fixed   | Mo Tu We | day   |                | rn          | 2026-08-31  | 2026-10-26 |        | 2
ED-cap   | HG-ED  | follows | Mo-Su    |       | 36             | rn          | 2026-08-31  | 2026-10-26 |        | 2
SA2-cap  | SA-2   | follows | Mo-Su    |       | 36             | rn          | 2026-08-31  | 2026-10-26 |        | 3
BV2-cap  | BV-2   | fixed   | Th Fr    | day   |                | rn          | 2026-08-31  | 2026-10-19 |        | 1
BVI-cap  | BV-ICU | follows | Mo-Su    |       | 36             | rn          | 2026-08-31  | 2026-10-26 |        | 2
ISED-cap | IS-ED  | follows | Mo-Su    |       | 36             | rn          | 2026-08-31  | 2026-10-26 |        | 1
VA6-two  | VA-6   | fixed   | Mo-Th    | day   |                | rn          | 2026-08-31  | 2026-10-12 | 6      | 2
5T-two   | HG-5T  | fixed   | Fr-Su    | day   |                | rn          | 2026-08-31  | 2026-10-12 | 6      | 1
CLC-cap  | VA-CLC | follows | Mo-Su    |       | 36             | rn;lpn      | 2026-08-31  | 2026-10-26 |        | 3
"""
LABORATORY = """
slot   | unit   | specialty | weekdays | shift | first_start | last_start | length | most_students
LAB-Mo | HG-SIM | skills    | Mo       | am    | 2026-08-24  | 2026-10-26 | 6      | 5
LAB-Th | HG-SIM | skills    | Th       | pm    | 2026-08-24  | 2026-10-26 | 6      | 5
"""

# Kept until August; given back on 1 June; and a school that takes at most ten.
RESERVATIONS = """
slot       | school | guaranteed | most | give_back  | status
HGLD-TuTh  | maple  | 10         |      | 2026-08-01 | confirmed
HG4N-TuTh  | maple  | 10         |      | 2026-08-01 | confirmed
HG4N-WeFr  | oak    | 9          |      | 2026-06-01 | confirmed
SA2-TuTh   | pine   |            | 8    |            | confirmed
BV1-TuTh   | birch  | 8          |      | 2026-08-01 | requested
"""

FACULTY = {
    "maple": "f-m1 f-m2 f-m3 f-m4",
    "oak": "f-o1 f-o2 f-o3 f-o4",
    "elm": "f-e1 f-e2 f-e3",
    "pine": "f-p1 f-p2 f-p3 f-p4",
    "birch": "f-b1 f-b2",
    "cedar": "f-c1 f-c2",
}
PRECEPTORS = """
preceptor | licence | supervises | units  | most_at_once | most_weeks | rest_weeks | cover    | trained_until | experience_years
n-abel    | rn      | rn         | HG-4N  | 1            |            | 1          |          | 2027-06-30    | 6
n-bryce   | rn      | rn         | HG-4N  | 1            |            |            |          | 2026-10-11    | 9
n-cho     | rn      | rn         | HG-5T  | 1            |            | 2          |          |               | 4
n-diaz    | rn      | rn         | HG-ICU | 1            | 8          | 2          | n-engel  |               | 12
n-engel   | rn      | rn         | HG-ICU | 1            |            |            |          |               | 7
n-flores  | rn      | rn         | HG-ED  | 1            | 8          | 1          |          |               | 5
n-gupta   | rn      | rn         | HG-ED  | 1            | 4          |            |          |               | 3
n-hart    | rn      | rn;lpn     | VA-CLC | 2            |            |            |          |               | 15
n-ito     | rn      | rn         | SA-2   | 1            |            | 3          |          |               | 8
n-jones   | rn      | rn         | SA-2   | 1            | 8          |            |          |               | 2
n-kelly   | rn      | rn         | SA-2   | 1            | 4          |            |          |               | 5
n-lowe    | rn      | rn         | BV-2   | 1            |            | 2          |          |               | 6
n-moss    | rn      | rn         | BV-ICU | 1            |            | 1          |          |               | 10
n-nash    | rn      | rn         | BV-ICU | 1            | 4          |            |          |               | 4
n-ortiz   | rn      | rn         | IS-ED  | 1            |            | 4          |          |               | 11
n-park    | rn      | rn         | VA-6   | 1            |            |            |          |               | 14
n-quinn   | rn      | rn         | VA-6   | 1            |            |            |          | 2026-08-31    | 2
n-reyes   | rn      | rn         | VA-6   | 1            |            |            |          | 2026-09-30    | 3
n-shaw    | rn      | rn         | HG-5T  | 1            |            |            |          |               | 5
n-tran    | rn      | rn         | HG-5T  | 1            |            |            |          | 2026-08-31    | 2
n-usman   | lpn     | lpn        | VA-CLC | 1            |            |            |          |               | 6
"""
# The nights of telemetry are with n-cho; the two of 5T-two share one student.
NAMED_IN_SLOT = {"5T-night": "n-cho", "5T-two": "n-shaw;n-tran", "4N-night": "n-abel", "4N-cap": "n-abel;n-bryce"}

AVAILABILITY = """
who_kind  | who     | start      | end        | status
preceptor | n-diaz  | 2026-09-21 | 2026-09-25 | unavailable
preceptor | n-jones | 2026-10-05 | 2026-10-16 | unavailable
preceptor | n-moss  | 2026-11-09 | 2026-11-13 | unavailable
preceptor | f-p2    | 2026-10-12 | 2026-10-14 | unavailable
"""

COMMITMENTS = """
who_kind  | who     | start      | end        | weekdays | shift | students | kind
preceptor | n-gupta | 2026-10-12 | 2026-11-06 |          |       | 1        | orientation of a new nurse
unit      | SA-3    | 2026-08-31 | 2026-10-18 | We       |       | 2        | students whom another school placed itself
"""

AGREEMENTS = """
school | sites    | professions | start      | end        | most_students | status
maple  |          | rn          | 2021-07-01 |            |               | signed
oak    | hg;sa;bv;va | rn       | 2022-07-01 |            |               | signed
elm    | hg;bv    | rn          | 2024-01-01 |            |               | signed
elm    | sa       | rn          | 2023-11-01 | 2026-10-31 |               | signed
elm    | sa       | rn          | 2026-11-01 | 2029-10-31 |               | renewing
pine   | sa;bv;is;va | rn       | 2020-07-01 |            |               | signed
pine   | hg       | rn          | 2025-01-01 | 2027-12-31 | 8             | signed
birch  | is;hg    | rn          | 2025-08-01 | 2028-07-31 |               | signed
birch  | bv       | rn          | 2026-08-01 | 2029-07-31 |               | signed
birch  | va       | rn          | 2026-09-01 |            |               | planned
cedar  | is;va    | lpn         | 2024-07-01 |            |               | signed
"""

SITE_CLEARANCES = """
site | item       | due_days_before | season_start | season_end | covers
hg   | flu        | 14              | 10-01        | 03-31      | whole
sa   | flu        | 14              | 10-01        | 03-31      | whole
bv   | flu        | 14              | 10-01        | 03-31      | whole
va   | flu        | 14              | 10-01        | 03-31      | whole
hg   | bls        | 30              |              |            | whole
sa   | bls        | 30              |              |            | whole
bv   | bls        | 30              |              |            | whole
va   | background | 90              |              |            | start
"""
#: Basic life support that ends in the term; one has promised to renew it.
BLS_ENDS = {"mc-03": "2026-10-02", "mb-05": "2026-11-20"}
BLS_PROMISED = {"mb-05": "2026-11-01"}
FLU = {"mc-07": "refused", "mc-02": "waived", "el-04": "promised"}
NO_BACKGROUND_YET = {"mc-05", "pc-2"}
SINCE = (date(2025, 12, 1), 150)  # papers on file began within so many days after

STUDENTS_AT_WORK = {"mb-02": "HG-LD", "mb-19": "SA-MB", "mc-01": "HG-ICU", "mc-09": "SA-2", "el-11": "HG-PED"}
CONFLICTS = """
student | unit   | preceptor
mc-04   |        | n-flores
oc-2    | HG-5T  |
"""
FIRST = {"mc-08": 3, "mc-11": 2}  # priority of single students

STUDENT_REQUIREMENTS = """
student | requirement | change
cl-1    | PN190       | add
cl-2    | PN190       | add
cl-3    | PN190       | add
"""

HISTORY = """
school | program    | requirement | unit   | weekdays | shift   | start_week | requested | granted | used | term
maple  | maple-bsn3 | NUR310      | HG-4N  | Tu Th    | day     | 2025-09-01 | 10        | 10      | 10   | fall25
maple  | maple-bsn3 | NUR310      | HG-4N  | Tu Th    | day     | 2025-10-20 | 8         | 8       | 8    | fall25
maple  | maple-bsn3 | NUR310      | HG-4S  | Tu Th    | day     | 2025-09-01 | 8         | 8       | 8    | fall25
maple  | maple-bsn3 | NUR320      | HG-LD  | Tu Th    | day     | 2025-09-01 | 8         | 8       | 8    | fall25
maple  | maple-bsn3 | NUR320      | HG-LD  | Tu Th    | day     | 2025-10-20 | 10        | 10      | 9    | fall25
maple  | maple-bsn4 | NUR480      |        |          |         | 2025-09-01 | 12        | 12      | 11   | fall25
oak    | oak-bsn3   | N301        | HG-4N  | We Fr    | day     | 2025-09-01 | 9         | 9       | 9    | fall25
oak    | oak-bsn3   | N301        | VA-5   | We Fr    | day     | 2025-10-20 | 9         | 8       | 8    | fall25
oak    | oak-bsn3   | N302        | VA-MH  | We Fr    | day     | 2025-09-01 | 8         | 8       | 8    | fall25
elm    | elm-abs    | ABS1        | SA-2   | Sa Su    | day     | 2025-09-01 | 8         | 8       | 8    | fall25
elm    | elm-abs    | ABS2        | HG-PED | Sa Su    | day     | 2025-10-20 | 8         | 8       | 7    | fall25
pine   | pine-adn   | ADN210      | SA-2   | Tu Th    | day     | 2025-09-01 | 16        | 16      | 16   | fall25
pine   | pine-adn   | ADN210      | SA-3   | Mo We    | evening | 2025-10-20 | 16        | 16      | 16   | fall25
pine   | pine-adn   | ADN220      | BV-FBC | Tu Th    | day     | 2025-10-20 | 16        | 16      | 16   | fall25
pine   | pine-adn   | ADN230      | SA-BH  | Mo We    | evening | 2025-10-20 | 16        | 16      | 16   | fall25
pine   | pine-adn2  | ADN290      |        |          |         | 2025-10-06 | 8         | 8       | 8    | fall25
birch  | birch-bsn3 | BN31        | IS-MS  | We Fr    | day     | 2025-09-01 | 8         | 8       | 8    | fall25
"""

#: School, requirement, and its units from the best: wishes for all its groups.
WISHES = """
who   | requirement | units
maple | NUR310      | HG-4N HG-4S HG-5T SA-2
maple | NUR320      | HG-LD SA-MB BV-FBC
oak   | N301        | HG-4N HG-4S VA-5 HG-5T SA-4
elm   | ABS1        | HG-4N SA-2 BV-2
elm   | ABS2        | HG-PED SA-PED
pine  | ADN220      | BV-FBC SA-MB
birch | BN31        | HG-4S BV-1 IS-MS
"""
PINS = """
group | requirement | unit  | pin
MB-1  | NUR310      | IS-MS | must not
EL-2  | ABS1        | HG-4N | prefer
"""


def students() -> list[Row]:
    """Students who have names (or placeholders) by June; other groups are known by their size alone."""
    sizes = {row["group"]: int(str(row["size"])) for row in table(GROUPS)}
    rows: list[Row] = []
    for school, groups in NAMED_GROUPS.items():
        number = 0
        for group in groups.split():
            named = sizes[group] - UNNAMED.get(group, 0)
            program = {"maple": "maple-bsn3", "elm": "elm-abs"}[school]
            for i in range(sizes[group]):
                number += i < named
                name = f"{PREFIX[school]}-{number:02d}" if i < named else f"{group}-tbd{i + 1}"
                rows.append({"student": name, "program": program, "group": group, "named": str(i < named).lower()})
    rows += [{"student": f"cl-{i}", "program": "cedar-lpn", "group": "CD-2", "named": "true"} for i in (1, 2, 3)]
    for program, (name, count) in SINGLE.items():
        rows += [{"student": name.format(i + 1), "program": program, "named": "true"} for i in range(count)]
    for row in rows:
        row["employer_unit"] = STUDENTS_AT_WORK.get(str(row["student"]), "")
        row["priority"] = FIRST.get(str(row["student"]), "")
    return rows


def clearances(rng: random.Random) -> list[Row]:
    """Proofs on file in June; nearly nobody has this season's influenza shot yet."""
    rows: list[Row] = []
    for who in [str(row["student"]) for row in students() if row["named"] == "true"]:
        since = SINCE[0] + timedelta(days=rng.randrange(SINCE[1]))
        if who in BLS_ENDS:
            rows.append({"student": who, "item": "bls", "end": BLS_ENDS[who], "status": "on file"})
        else:
            until = since.replace(year=since.year + 2)
            rows.append({"student": who, "item": "bls", "start": since, "end": until, "status": "on file"})
        if who in BLS_PROMISED:
            rows.append({"student": who, "item": "bls", "start": BLS_PROMISED[who], "status": "promised"})
        if who not in NO_BACKGROUND_YET:
            rows.append({"student": who, "item": "background", "start": since, "status": "on file"})
        if who in FLU:
            rows.append({"student": who, "item": "flu", "status": FLU[who]})
    return rows


def slots() -> list[Row]:
    """Everything that the units offer."""
    groups = table(GROUP_SLOTS, pattern="fixed", starts=HALVES, length=7, least_students=6)
    for row in groups:
        row["professions"] = "lpn" if row["slot"] in FOR_LPN else "rn"
    capstones = table(CAPSTONE_SLOTS, specialty="capstone", least_students=1)
    for row in capstones:
        row["preceptors"] = NAMED_IN_SLOT.get(str(row["slot"]), "")
    return [*groups, *capstones, *table(LABORATORY, professions="rn", pattern="fixed", least_students=1)]


def capacity() -> list[Row]:
    """One group a shift on every ward with groups: no manager takes two schools' faculty at once."""
    wards = dict.fromkeys((row["unit"], row["shift"]) for row in table(GROUP_SLOTS))
    return [*({"unit": unit, "shift": shift, "most_groups": 1} for unit, shift in wards), *table(CAPACITY)]


def preceptors() -> list[Row]:
    """Faculty who come with groups, and the hospitals' own nurses."""
    faculty: list[Row] = [
        {"preceptor": who, "school": school, "kind": "faculty", "supervises": "rn;lpn", "most_at_once": 12}
        for school, people in FACULTY.items()
        for who in people.split()
    ]
    return [*faculty, *table(PRECEPTORS, kind="preceptor")]


def main(folder: Path) -> None:
    """Write all tables of the instance."""
    wishes: list[Row] = []
    for row in table(WISHES):
        wishes += ranked("school", row["who"], str(row["requirement"]), "unit", str(row["units"]))
    write(
        folder,
        INSTANCE,
        {
            "schools": table(SCHOOLS),
            "programs": table(PROGRAMS),
            "calendar": table(CALENDAR),
            "requirements": table(REQUIREMENTS),
            "student_requirements": table(STUDENT_REQUIREMENTS),
            "students": students(),
            "groups": table(GROUPS),
            "availability": table(AVAILABILITY),
            "preferences": wishes,
            "sites": table(SITES),
            "units": table(UNITS),
            "capacity": capacity(),
            "slots": slots(),
            "reservations": table(RESERVATIONS),
            "preceptors": preceptors(),
            "commitments": table(COMMITMENTS),
            "agreements": table(AGREEMENTS),
            "site_clearances": table(SITE_CLEARANCES),
            "clearances": clearances(random.Random("harbor papers")),
            "conflicts": table(CONFLICTS),
            "pins": table(PINS),
            "history": table(HISTORY),
        },
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "harbor")
