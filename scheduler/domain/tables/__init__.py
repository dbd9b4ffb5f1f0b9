"""The tables of an instance; `TABLES` lists them in the order in which people read them."""

from __future__ import annotations

from scheduler.domain.tables.base import Row
from scheduler.domain.tables.baseline import Baseline
from scheduler.domain.tables.demand import Credit, Group, Requirement, Scholarship, Spacing, Student, StudentRequirement
from scheduler.domain.tables.partners import DEFAULT_EFFECT, Agreement, CalendarRow, History, Program, School
from scheduler.domain.tables.people import Availability, Clearance, Commitment, Conflict, Preceptor, SiteClearance
from scheduler.domain.tables.places import CapacityRow, Housing, Reservation, Site, Slot, Unit
from scheduler.domain.tables.wishes import IpeTeam, Pin, Preference

TABLES: dict[str, type[Row]] = {
    row.table: row
    for row in (
        School,
        Program,
        CalendarRow,
        Requirement,
        Spacing,
        StudentRequirement,
        Student,
        Scholarship,
        Group,
        Availability,
        Preference,
        Credit,
        Site,
        Unit,
        Housing,
        CapacityRow,
        Slot,
        Reservation,
        Preceptor,
        Commitment,
        Agreement,
        Clearance,
        SiteClearance,
        Conflict,
        IpeTeam,
        Pin,
        Baseline,
        History,
    )
}

#: The professions that are understood; `instance.toml` may add more.
PROFESSIONS: dict[str, str] = {
    "rn": "registered nursing",
    "lpn": "practical nursing",
    "cna": "nursing assistant",
    "np": "nurse practitioner",
    "crna": "nurse anesthesia",
    "cnm": "nurse midwifery",
    "md": "medicine (MD)",
    "do": "medicine (DO)",
    "pa": "physician assistant",
    "pharmd": "pharmacy",
    "pt": "physical therapy",
    "pta": "physical therapist assistant",
    "ot": "occupational therapy",
    "ota": "occupational therapy assistant",
    "slp": "speech-language pathology",
    "respiratory": "respiratory therapy",
    "radiography": "radiography",
    "radiation-therapy": "radiation therapy",
    "recreation-therapy": "recreation therapy",
    "sonography": "sonography",
    "lab": "laboratory science",
    "surgical-tech": "surgical technology",
    "dietetics": "dietetics",
    "social-work": "social work",
    "psychology": "psychology",
    "dental": "dentistry",
    "paramedic": "paramedicine",
}

__all__ = [
    "DEFAULT_EFFECT",
    "PROFESSIONS",
    "TABLES",
    "Agreement",
    "Availability",
    "Baseline",
    "CalendarRow",
    "CapacityRow",
    "Clearance",
    "Commitment",
    "Conflict",
    "Credit",
    "Group",
    "History",
    "Housing",
    "IpeTeam",
    "Pin",
    "Preceptor",
    "Preference",
    "Program",
    "Requirement",
    "Reservation",
    "Row",
    "Scholarship",
    "School",
    "Site",
    "SiteClearance",
    "Slot",
    "Spacing",
    "Student",
    "StudentRequirement",
    "Unit",
]
