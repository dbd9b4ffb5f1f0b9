"""A sheet as it came: values in rows, nothing understood yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

#: What one cell holds. Text is as written (not stripped); an empty cell is None. Whole numbers of spreadsheets are floats.
Value: TypeAlias = str | float | int | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of merged cells: first and last row and column, counted from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Grid:
    """One sheet, or one CSV file.

    Attributes
    ----------
    name
        Name of the sheet; empty for a CSV file.
    rows
        Values from A1 on; the n-th row is row n of the spreadsheet, also where rows before it are empty. Rows may be of
        different lengths.
    merged
        Areas of merged cells; only their first cell has a value.
    hidden
        Whether the sheet is hidden from people.
    formulas
        Cells (row, column from 0) with a formula of which no program saved a value, or which failed, and what they show. The
        rows of an opened file have the same text there, so that such a cell is not an empty one.
    """

    name: str
    rows: list[list[Value]]
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass(slots=True)
class Received:
    """A file that was opened.

    Attributes
    ----------
    name
        File name without folders.
    kind
        ``xlsx``, ``xls``, ``ods`` or ``csv``.
    sha256
        Hash (hex) of its bytes.
    grids
        Its sheets in order, hidden ones included.
    how
        How a CSV was read, e.g. ``Windows-1252, semicolons``; empty otherwise.
    """

    name: str
    kind: str
    sha256: str
    grids: tuple[Grid, ...]
    how: str = ""
