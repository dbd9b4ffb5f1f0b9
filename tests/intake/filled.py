"""Submissions made by hand: sheets, rows that were read, and findings."""

from __future__ import annotations

from scheduler.intake.findings import Finding, Findings
from scheduler.intake.grid import Grid, Received
from scheduler.intake.sender import Sender
from scheduler.intake.submission import Entry, Submission


def submission(*found: Finding, grids: tuple[Grid, ...] = (), rows: int = 0, name: str = "maple.xlsx") -> Submission:
    """So many read rows of students from row 2 of the sheet S on."""
    findings = Findings()
    for finding in found:
        findings.add(finding)
    entries = tuple(Entry("students", "S", n + 1, {}, None) for n in range(rows))
    kind = name.rpartition(".")[2]
    return Submission(Sender("school", "maple"), Received(name, kind, "ab" * 32, grids), entries, findings)


def wrong(row: int, value: str = "x", sheet: str = "S") -> Finding:
    """An error: no date."""
    return Finding("not_a_date", "error", sheet, row, 1, "First day", value)


def asked(row: int, sheet: str = "S") -> Finding:
    """A question."""
    return Finding("date_order", "error", sheet, row, 1, "First day", "03/04/2026", {"days": ("a", "b")})


def guessed(row: int, severity: str = "warning", sheet: str = "S") -> Finding:
    """A warning or note: read as something."""
    return Finding("read_as", severity, sheet, row, 0, "Unit", "4b", {"meaning": "4B"})  # type: ignore[arg-type]  # a severity
