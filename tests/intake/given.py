"""Small files of a made-up school, read against the term that is always the same."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from scheduler.domain import Instance, Shift
from scheduler.domain.tables import (
    Availability,
    Clearance,
    Group,
    Preceptor,
    Program,
    Requirement,
    Reservation,
    School,
    Site,
    SiteClearance,
    Slot,
    Student,
    Unit,
)
from scheduler.intake.dates import Horizon
from scheduler.intake.grid import Grid, Received
from scheduler.intake.reading import read_submission
from scheduler.intake.sender import Sender
from scheduler.intake.submission import Submission

HORIZON = Horizon(date(2026, 8, 24), date(2026, 12, 27))
MAPLE, WARD, KIM = Sender("school", "maple"), Sender("unit", "4B"), Sender("preceptor", "kim")


def term(**tables: Any) -> Instance:
    """Maple has two programs, three students and a group; Lake has one of each."""
    base: dict[str, Any] = {
        "schools": (School(school="maple", name="Maple State"), School(school="lake")),
        "programs": (
            Program(program="maple-bsn", school="maple", profession="rn", name="Maple BSN"),
            Program(program="maple-np", school="maple", profession="np"),
            Program(program="lake-bsn", school="lake", profession="rn"),
        ),
        "requirements": (
            Requirement(program="maple-bsn", requirement="NUR310", name="Medical-surgical", specialties=("medsurg",), amount=7),
            Requirement(program="maple-bsn", requirement="NUR320", specialties=("obstetrics",), amount=7),
            Requirement(program="maple-np", requirement="NP600", specialties=("family",), amount=120, amount_unit="hours"),
            Requirement(program="lake-bsn", requirement="N1", specialties=("medsurg",), amount=7),
        ),
        "students": (
            Student(student="0041", program="maple-bsn", priority=3, home="Salem"),
            Student(student="m-002", program="maple-bsn"),
            Student(student="m-003", program="maple-np"),
            Student(student="l-001", program="lake-bsn"),
        ),
        "groups": (
            Group(group="mA", program="maple-bsn", size=8),
            Group(group="lA", program="lake-bsn", size=8),
        ),
        "sites": (Site(site="mercy", name="Mercy Hospital"), Site(site="lakeside")),
        "units": (
            Unit(unit="4B", site="mercy", name="Ward 4 B", specialties=("medsurg",)),
            Unit(unit="OB", site="mercy", specialties=("obstetrics",)),
            Unit(unit="clinic", site="lakeside", specialties=("family",)),
        ),
        "slots": (
            Slot(slot="4B-TuTh", unit="4B", first_start=date(2026, 8, 24), most_students=8),
            Slot(slot="OB-TuTh", unit="OB", first_start=date(2026, 8, 24), most_students=8),
        ),
        "reservations": (Reservation(slot="4B-TuTh", school="maple", guaranteed=4),),
        "preceptors": (Preceptor(preceptor="kim", name="Kim Lee", units=("4B",)), Preceptor(preceptor="pat", units=("OB",))),
        "availability": (Availability(who_kind="student", who="m-002", start=date(2026, 9, 7), end=date(2026, 9, 11)),),
        "clearances": (Clearance(student="m-002", item="flu", end=date(2027, 3, 1)),),
        "site_clearances": (SiteClearance(site="mercy", item="flu"), SiteClearance(site="mercy", item="tb test")),
    }
    shifts = (
        Shift(shift="day", start=420, end=1140),
        Shift(shift="am", start=480, end=720),
        Shift(shift="pm", start=780, end=1020),
    )
    frame = {"name": "fall", "first_monday": HORIZON.first, "weeks": HORIZON.weeks, "planning_date": date(2026, 6, 1)}
    return Instance(**frame, shifts=shifts, **(base | tables))


def sheet(text: str, name: str = "") -> Grid:
    """A sheet of texts, written as CSV."""
    return Grid(name, [[cell or None for cell in row] for row in csv.reader(io.StringIO(text.strip("\n")))])


def rows(*lines: Any, name: str = "", **more: Any) -> Grid:
    """A sheet of values."""
    return Grid(name, [list(line) for line in lines], **more)


def read(
    *grids: Grid | str, sender: Sender = MAPLE, file: str = "file.csv", instance: Instance | None = None, **more: Any
) -> Submission:
    """What is read of sheets."""
    sheets = tuple(sheet(grid) if isinstance(grid, str) else grid for grid in grids)
    return read_submission(Received(file, "csv", "0" * 64, sheets), instance or term(), sender, **more)


def said(submission: Submission, *severities: str) -> list[str]:
    """``code cell`` of everything that was found, of some severities only if these are named."""
    found = (f for f in submission.findings if not severities or f.severity in severities)
    return [f"{f.code} {f.cell}".strip() for f in found]


def cells(submission: Submission, form: str) -> list[dict[str, str]]:
    """Texts of the rows of a form."""
    return [dict(entry.cells) for entry in submission.of(form)]
