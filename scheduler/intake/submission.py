"""What a sender says, once it has been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.domain.tables import Row
from scheduler.intake.findings import Findings
from scheduler.intake.grid import Received
from scheduler.intake.sender import Sender


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a form that could be read.

    Attributes
    ----------
    form
        Name of the form.
    sheet, row
        Where it stands; the row is counted from 0.
    cells
        Text of each filled field, as the instance's own CSV files write it (``2026-08-24``, ``true``, ``Tu Th``, ``a;b``).
    record
        The row of the instance's table. None for answers, and for what leaves.
    columns
        Fields that the sheet has a column for: where a cell of these is empty, the default is meant. What has no column stays
        as it is.
    """

    form: str
    sheet: str
    row: int
    cells: Mapping[str, str]
    record: Row | None
    columns: frozenset[str] = frozenset()

    @property
    def leaves(self) -> bool:
        """Whether the row says that a student, group or slot is no longer there."""
        return self.cells.get("leaves") == "true"


@dataclass(frozen=True, slots=True)
class Submission:
    """A file of one sender, read against an instance.

    Attributes
    ----------
    sender, received
        Who sent what.
    entries
        All rows that could be read, form by form in the order of the file. Without errors among the findings this is all of it.
    findings
        What was found.
    mapping
        Name of the mapping by which it was read; empty for the template's own layout.
    forms
        Names of the forms that the file has a table for, also an empty one.
    """

    sender: Sender
    received: Received
    entries: tuple[Entry, ...]
    findings: Findings
    mapping: str = ""
    forms: frozenset[str] = frozenset()

    def of(self, form: str) -> tuple[Entry, ...]:
        """The rows of one form."""
        return tuple(e for e in self.entries if e.form == form)
