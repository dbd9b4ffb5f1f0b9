"""One table: rows of cells to rows of the model, with every problem on the way; and back to cells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from scheduler.domain.tables import Row
from scheduler.errors import InputError, Problem, Severity
from scheduler.io.columns import CellError, Column, cell_adapters, cell_errors, cell_text, columns_of
from scheduler.io.files import has_control_characters
from scheduler.io.formulas import NOT_CALCULATED
from scheduler.io.report import Report, nearest

#: What spreadsheets show instead of a value when a formula fails.
SPREADSHEET_ERRORS = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", NOT_CALCULATED}
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells as text, from a CSV file or a sheet of a workbook; the n-th row is row n of a spreadsheet."""

    file: str
    sheet: str
    rows: Iterable[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a table that could be read at least in part.

    Attributes
    ----------
    number
        Row as a spreadsheet shows it.
    row
        The row; where it is not complete, columns that could not be read are None.
    complete
        Whether the row is valid on its own.
    """

    number: int
    row: Row
    complete: bool


@dataclass(slots=True)
class Table:
    """What could be read of one table, and where it stands.

    Attributes
    ----------
    readable
        False where the file as a whole could not be read: what refers to it then cannot be judged.
    """

    name: str
    file: str = ""
    sheet: str = ""
    entries: list[Entry] = field(default_factory=list)
    readable: bool = True

    def problem(
        self,
        number: int | None,
        column: str,
        message: str,
        *,
        code: str,
        value: str | None = None,
        expected: str = "",
        suggestion: str = "",
        severity: Severity = "error",
    ) -> Problem:
        """A problem at a row and column of this table."""
        return Problem(message, self.file, self.sheet, number, column, value, expected, suggestion, severity, code)


def read_table(sheet: Sheet, model: type[Row], report: Report) -> Table:
    """Read a table, and add everything that is wrong with its header and cells to `report`."""
    table = Table(model.table, sheet.file, sheet.sheet)
    columns = columns_of(model)
    try:
        rows = iter(sheet.rows)
        header = read_header(next(rows, ()), table, columns, report)
        if header is None:
            table.readable = False
            return table
        absent = frozenset(name for name, c in columns.items() if c.required and name not in header)
        for number, cells in enumerate(rows, start=2):
            data = _cells(cells, header, number, table, report)
            if data:
                table.entries.append(_entry(number, data, model, columns, absent, table, report))
    except InputError as error:
        report.extend(error.problems)
        table.readable = False
    return table


def read_header(cells: Sequence[str], table: Table, columns: dict[str, Column], report: Report) -> list[str] | None:
    """Column name of each position (empty: not a column); None where it is no header of this table at all."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    known = [name for name in names if name in columns]
    if not names:
        report.add(table.problem(1, "", "the first row is empty, but column names are expected", code="no_header"))
        return None
    if not known and len(names) == 1 and any(d in names[0] for d in ";\t"):
        what = "semicolons" if ";" in names[0] else "tabs"
        fix = 'save it as "CSV UTF-8 (comma delimited)"'
        report.add(
            table.problem(1, "", f"the columns are separated by {what}", code="delimiter", expected="commas", suggestion=fix)
        )
        return None
    if not known and all(nearest(name, columns) is None for name in names):
        expected = f"columns like {', '.join(list(columns)[:3])}"
        report.add(
            table.problem(
                1, "", "the first row does not name columns of this table", code="no_header", value=names[0], expected=expected
            )
        )
        return None
    header = []
    for position, name in enumerate(names, start=1):
        if name in header and name:
            report.add(table.problem(1, name, "the column appears twice", code="duplicate_column"))
            header.append("")
            continue
        if name and name not in columns:
            problem = table.problem(1, name, "unknown column", code="unknown_column", value=name)
            unused = [c for c in columns if c not in names]
            report.add(problem, meant=unused)
        elif not name:
            report.add(table.problem(1, f"no. {position}", "a column without a name", code="unknown_column", severity="warning"))
        header.append(name if name in columns else "")
    for name, column in columns.items():
        if column.required and name not in names:
            report.add(table.problem(1, name, "a required column is missing", code="missing_column", expected=column.type))
    return header


def _cells(cells: Sequence[str], header: list[str], number: int, table: Table, report: Report) -> dict[str, str]:
    """The filled cells of a row by column; empty for a blank row."""
    stripped = [cell.strip() for cell in cells]
    data = {name: cell for name, cell in zip(header, stripped, strict=False) if cell and name}
    beyond = [cell for cell in stripped[len(header) :] if cell]
    if beyond:
        message = f"the row has {len(stripped)} cells, the header {len(header)}"
        fix = "put quotes around a cell that contains a comma"
        report.add(table.problem(number, "", message, code="too_many_cells", value=beyond[0], suggestion=fix))
    elif data and len(stripped) < len(header):
        message = f"the row has {len(stripped)} {'cell' if len(stripped) == 1 else 'cells'}, the header {len(header)}"
        report.add(
            table.problem(number, "", message, code="too_few_cells", suggestion="end it with as many commas as the header has")
        )
    return data


def _entry(
    number: int,
    data: dict[str, str],
    model: type[Row],
    columns: dict[str, Column],
    absent: frozenset[str],
    table: Table,
    report: Report,
) -> Entry:
    wrong = [
        CellError(name, "the cell holds a formula that failed", columns[name].type, "spreadsheet_error")
        for name, text in data.items()
        if text in SPREADSHEET_ERRORS
    ]
    wrong += [
        CellError(name, "the value does not fit", columns[name].type, "type")
        for name, text in data.items()
        if columns[name].number == "float" and not _finite(text)
    ]
    if not wrong:
        try:
            return Entry(number, model.model_validate(data), True)
        except ValidationError as error:
            wrong = cell_errors(error.errors(include_url=False, include_input=False), columns)
    for cell in wrong:
        if cell.column not in absent:
            value = data.get(cell.column)
            listed = cell.column in columns and "separated by ;" in columns[cell.column].type
            fix = "separate them by ;" if listed and any(mark in (value or "") for mark in ",/|") else ""
            problem = table.problem(
                number, cell.column, cell.message, code=cell.code, value=value, expected=cell.expected, suggestion=fix
            )
            report.add(problem, meant=cell.meant)
    return Entry(number, _partial(data, model, columns), False)


def _finite(text: str) -> bool:
    """False for nan and infinity; text that is no number at all is left to the model."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return True


def _partial(data: dict[str, str], model: type[Row], columns: dict[str, Column]) -> Row:
    """The row with what can be read of it, so that its references are still checked."""
    adapters = cell_adapters(model)
    values: dict[str, Any] = dict.fromkeys(columns)
    for name, text in data.items():
        try:
            values[name] = adapters[name].validate_python(text)
        except ValidationError:
            continue
    return model.model_construct(**values)


def write_cells(model: type[Row], rows: Sequence[Row], keep: Sequence[str] = ()) -> tuple[list[str], list[list[str]]]:
    """Header and cells of a table: required and key columns, those that some row uses beyond the default, and those to `keep`.

    Columns to keep come first, in their order.

    Raises
    ------
    InputError
        If a value cannot be written so that it is read back the same: nothing is ever written that says something else.
    """
    columns = columns_of(model)
    texts = [{name: cell_text(value) for name, value in row.model_dump().items()} for row in rows]
    used = [
        name
        for name, column in columns.items()
        if column.required or name in model.key or name in keep or any(text[name] != column.default for text in texts)
    ]
    used.sort(key=lambda name: keep.index(name) if name in keep else len(keep))
    place = Table(model.table, model.table)
    cells = [[text[name] for name in used] for text in texts]
    for number, (row, line) in enumerate(zip(rows, cells, strict=True), start=2):
        for name, text in zip(used, line, strict=True):
            if has_control_characters(text) or text in SPREADSHEET_ERRORS:
                raise InputError(place.problem(number, name, "this value cannot be written", code="unwritable", value=text))
        if not any(line) or not _reads_back(row, {name: text for name, text in zip(used, line, strict=True) if text}):
            raise InputError(
                place.problem(number, "", "the row would not be read back the same", code="unwritable", value=str(row))
            )
    return used, cells


def _reads_back(row: Row, cells: dict[str, str]) -> bool:
    try:
        return type(row).model_validate(cells) == row
    except ValidationError:
        return False


def key_of(row: Row) -> tuple[str, ...] | None:
    """The id of a row, None where it has none or it could not be read."""
    key = tuple(getattr(row, name) for name in row.key)
    return None if not key or None in key else key


def duplicate_keys(table: Table, model: type[Row]) -> Iterator[Problem]:
    """A problem for each row whose id an earlier row has."""
    first: dict[tuple[str, ...], int] = {}
    for entry in table.entries:
        key = key_of(entry.row)
        if key is None:
            continue
        if key in first:
            yield table.problem(
                entry.number,
                model.key[-1],
                f"row {first[key]} has the same {' and '.join(model.key)}",
                code="duplicate_id",
                value=" / ".join(key),
                expected="each id once",
            )
        else:
            first[key] = entry.number
