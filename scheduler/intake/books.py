"""Workbooks (xlsx, xls, ods) to Grids."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar
from xml.etree import ElementTree

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from scheduler.intake.findings import Finding, Refused
from scheduler.intake.grid import Area, Grid, Value
from scheduler.intake.hostile import check_archive, check_old_workbook
from scheduler.io.formulas import failed_formulas

T = TypeVar("T")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"


def open_book(data: bytes) -> tuple[str, tuple[Grid, ...]]:
    """Kind and sheets of a workbook.

    Raises
    ------
    Refused
        If it is none, damaged, or not safe.
    """
    if data.startswith(b"PK\x03\x04"):
        check_archive(data)
        kind = _kind(data)
    else:
        check_old_workbook(data)
        kind = "xls"
    book = _asked(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))
    grids = tuple(_grids(book))
    if kind == "xlsx":
        failed = failed_formulas(data)
        for grid in grids:
            grid.formulas.update(failed.get(grid.name, {}))
    elif kind == "ods":
        _add_ods(data, {grid.name: grid for grid in grids})
    return kind, grids


def _kind(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise Refused(Finding("not_a_table"))


def _grids(book: CalamineWorkbook) -> Iterator[Grid]:
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet: CalamineSheet = _asked(partial(book.get_sheet_by_name, meta.name))
        cells = _asked(partial(sheet.to_python, skip_empty_area=False))
        rows = [[_value(cell) for cell in row] for row in cells]
        while rows and all(value is None for value in rows[-1]):
            rows.pop()
        merged = tuple(Area(*start, *end) for start, end in sheet.merged_cell_ranges or ())
        yield Grid(meta.name, rows, merged, hidden=meta.visible != SheetVisibleEnum.Visible)


def _asked(question: Callable[[], T]) -> T:
    """What the reader of spreadsheets answers; its panics, which are no Exceptions, mean that the file is damaged."""
    try:
        return question()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise Refused(Finding("password" if "assword" in str(error) else "damaged")) from None


def _value(cell: Any) -> Value:
    return None if cell == "" and isinstance(cell, str) else cell


def _add_ods(data: bytes, grids: dict[str, Grid]) -> None:
    """Merged cells and failed formulas of an ods, which the reader leaves out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml")
    grid: Grid | None = None
    areas: list[Area] = []
    row = column = 0
    try:
        for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):
            tag = element.tag
            if event == "start" and tag == f"{_TABLE}table":
                grid, areas, row = grids.get(element.get(f"{_TABLE}name", "")), [], 0
            elif event == "start" and tag == f"{_TABLE}table-row":
                column = 0
            elif event == "end" and tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell") and grid is not None:
                down = int(element.get(f"{_TABLE}number-rows-spanned", "1"))
                right = int(element.get(f"{_TABLE}number-columns-spanned", "1"))
                if down * right > 1:
                    areas.append(Area(row, column, row + down - 1, column + right - 1))
                if element.get(f"{_CALC}value-type") == "error":
                    grid.formulas[row, column] = "".join(element.itertext()).strip() or "#VALUE!"
                column += int(element.get(f"{_TABLE}number-columns-repeated", "1"))
            elif event == "end" and tag == f"{_TABLE}table-row":
                row += int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                element.clear()
            elif event == "end" and tag == f"{_TABLE}table" and grid is not None:
                grid.merged = tuple(areas)
    except (ElementTree.ParseError, ValueError):
        raise Refused(Finding("damaged")) from None
