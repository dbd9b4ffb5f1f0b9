"""How large a sender's file may be: far beyond any class list, and little enough for any computer."""

from __future__ import annotations

from scheduler.intake.findings import Finding, Refused

#: Largest file that is read.
MOST_BYTES = 50_000_000
#: Most bytes that a workbook may unpack to, and files in it.
MOST_UNPACKED_BYTES = 300_000_000
MOST_MEMBERS = 2_000
#: Most sheets of a workbook, rows and columns of a sheet, and cells of all sheets from A1 to their last row and column.
MOST_SHEETS = 50
MOST_ROWS = 200_000
MOST_COLUMNS = 500
MOST_CELLS = 1_250_000
#: Most merged areas of a sheet.
MOST_MERGED = 20_000
#: Most characters of one cell (a spreadsheet program takes 32,767), and of all cells of a workbook together; a text that many
#: cells share counts for each of them.
MOST_CELL_TEXT = 40_000
MOST_CHARACTERS = 50_000_000


def check_size(rows: int, columns: int, cells: int) -> None:
    """Refuse a sheet that reaches too far.

    Parameters
    ----------
    rows, columns
        Number of its last row and column that hold anything, counted from 1.
    cells
        Cells of this sheet and those before it.

    Raises
    ------
    Refused
        Beyond any of the limits.
    """
    if rows > MOST_ROWS or columns > MOST_COLUMNS or cells > MOST_CELLS:
        raise Refused(
            Finding(
                "too_many_cells",
                said={
                    "rows": rows,
                    "columns": columns,
                    "most": MOST_ROWS,
                    "most_columns": MOST_COLUMNS,
                    "most_cells": MOST_CELLS,
                },
            )
        )


def check_merged(count: int, sheet: str) -> None:
    """Refuse a sheet with too many merged areas.

    Raises
    ------
    Refused
        Beyond `MOST_MERGED`.
    """
    if count > MOST_MERGED:
        raise Refused(Finding("too_many_merged", sheet=sheet, said={"sheet": sheet, "most": MOST_MERGED}))
