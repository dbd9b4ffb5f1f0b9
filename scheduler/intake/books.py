"""Workbooks (xlsx, xls, ods) to Grids."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from scheduler.intake.findings import Finding, Refused
from scheduler.intake.grid import Area, Grid, Value
from scheduler.intake.hostile import check_archive
from scheduler.intake.limits import MOST_CELL_TEXT, check_merged, check_size
from scheduler.intake.old_books import check_old_book
from scheduler.intake.open_document import Notes, read_notes
from scheduler.io.formulas import failed_formulas

T = TypeVar("T")


def open_book(data: bytes) -> tuple[str, tuple[Grid, ...]]:
    """Kind and sheets of a workbook.

    Raises
    ------
    Refused
        If it is none, damaged, or not safe.
    """
    kind = check_archive(data) if data.startswith(b"PK") else "xls"
    if kind == "ods":
        notes = read_notes(data)
        grids = _grids(data)
        for grid in grids:
            found = notes.get(grid.name, Notes())
            grid.merged, grid.formulas = tuple(found.merged), found.formulas
    elif kind == "xls":
        errors = check_old_book(data)
        grids = _grids(data)
        for grid, failed_cells in zip(grids, errors, strict=False):
            grid.formulas = failed_cells
    else:
        failed = failed_formulas(data)
        grids = _grids(data)
        for grid in grids:
            grid.formulas = failed.get(grid.name, {})
    for grid in grids:
        _end(grid)
    return kind, grids


def _end(grid: Grid) -> None:
    """Let cells whose formula failed show so, and the rows end with the last one in which a cell shows anything.

    A row of nothing but failed formulas would otherwise look like an empty one, and be passed over without a word.
    """
    rows = grid.rows
    for (row, column), shown in grid.formulas.items():
        rows.extend([] for _ in range(len(rows), row + 1))
        cells = rows[row]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = shown
    while rows and all(value is None for value in rows[-1]):
        rows.pop()


def _grids(data: bytes) -> tuple[Grid, ...]:
    book = _asked(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))
    return tuple(_sheets(book))


def _sheets(book: CalamineWorkbook) -> Iterator[Grid]:
    filled = 0
    for meta in book.sheets_metadata:
        if meta.typ == SheetTypeEnum.MacroSheet:
            raise Refused(Finding("macros"))
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet: CalamineSheet = _asked(partial(book.get_sheet_by_name, meta.name))
        filled += sheet.total_height * sheet.total_width
        check_size(sheet.total_height, sheet.total_width, filled)
        cells = _asked(partial(sheet.to_python, skip_empty_area=False))
        rows = [[_value(cell) for cell in row] for row in cells]
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str) and len(value) > MOST_CELL_TEXT:
                    raise Refused(Finding("text_too_long", sheet=meta.name, row=number, column=column, said={"sheet": meta.name}))
        merged = sheet.merged_cell_ranges or ()
        check_merged(len(merged), meta.name)
        areas = tuple(Area(*start, *end) for start, end in merged)
        yield Grid(meta.name, rows, areas, hidden=meta.visible != SheetVisibleEnum.Visible)


def _asked(question: Callable[[], T]) -> T:
    """What the reader of spreadsheets answers; its panics, which are no Exceptions, mean that the file is damaged."""
    try:
        return question()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except PasswordError:
        raise Refused(Finding("password")) from None
    except BaseException:
        raise Refused(Finding("damaged")) from None


def _value(cell: Any) -> Value:
    return None if cell == "" and isinstance(cell, str) else cell
