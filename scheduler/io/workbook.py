"""An instance as one Excel workbook: a sheet for each table, and the sheets instance, shifts and policy."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from scheduler.domain import TABLES, Instance, Shift
from scheduler.errors import InputError, Problem
from scheduler.io.archive import check_workbook
from scheduler.io.columns import cell_text, columns_of
from scheduler.io.files import file_problem, has_control_characters, read_bytes
from scheduler.io.formulas import failed_formulas
from scheduler.io.frame import frame_data
from scheduler.io.policies import SETTINGS, parameter_text, parameter_value
from scheduler.io.publish import replace_file
from scheduler.io.report import Report, did_you_mean
from scheduler.io.source import Source
from scheduler.io.tables import Sheet, Table, read_header, write_cells

FRAME_SHEET, SHIFTS_SHEET, POLICY_SHEET = "instance", "shifts", "policy"
SHEETS = (FRAME_SHEET, SHIFTS_SHEET, POLICY_SHEET, *TABLES)
#: Excel's own limit for the text of one cell.
MAX_CELL_TEXT = 32_767

_PYTHON_ERRORS = (KeyboardInterrupt, SystemExit, MemoryError)


def read_workbook(path: Path, report: Report) -> Source:
    """Open every sheet of a workbook; what cannot be opened is reported."""
    name = path.name
    rows_of_key: dict[tuple[str, ...], tuple[str, int]] = {}

    def where(*keys: str) -> Problem:
        sheet = POLICY_SHEET if keys[:2] == ("policy", "rules") else SHIFTS_SHEET if keys[:1] == ("shifts",) else FRAME_SHEET
        place = next((rows_of_key[keys[:n]] for n in range(len(keys), 0, -1) if keys[:n] in rows_of_key), (sheet, None))
        return Problem("", name, place[0], place[1], keys[-1] if keys else "")

    source = Source({}, None, where)
    try:
        data = read_bytes(path)
        check_workbook(data, name)
        book = _open(data, name)
        failed = failed_formulas(data)
    except InputError as error:
        report.extend(error.problems)
        source.unreadable.update(TABLES)
        source.frame_unreadable = True
        return source
    for sheet in book.sheet_names:
        if sheet not in SHEETS:
            fix = did_you_mean(sheet, SHEETS)
            message = "is not a table of an instance and is not read"
            report.add(Problem(message, name, sheet, code="unknown_sheet", severity="warning", suggestion=fix))
    for table in TABLES:
        if table in book.sheet_names:
            try:
                cells = _cells(book, table, name, failed.get(table, {}))
            except InputError as error:
                report.extend(error.problems)
                source.unreadable.add(table)
                continue
            if any(any(row) for row in cells):
                source.sheets[table] = Sheet(name, table, cells)
    if FRAME_SHEET in book.sheet_names:
        try:
            source.frame = _frame(book, name, rows_of_key, report, failed)
        except InputError as error:
            report.extend(error.problems)
            source.frame_unreadable = True
    return source


def _open(data: bytes, name: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except _PYTHON_ERRORS:
        raise
    except BaseException:  # the reader's own panics are no Exceptions
        raise file_problem(name, "is a damaged workbook", "truncated") from None


def _cells(book: CalamineWorkbook, sheet: str, name: str, failed: Mapping[tuple[int, int], str]) -> list[list[str]]:
    """The cells of a sheet from A1, as text; a formula that failed as the error it shows, never as an empty cell."""
    try:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except _PYTHON_ERRORS:
        raise
    except BaseException:
        raise InputError(Problem("the sheet is damaged", name, sheet, code="truncated")) from None
    texts = [[_text(cell) for cell in row] for row in rows]
    for (row_index, column), error in failed.items():
        if row_index < len(texts) and column < len(texts[row_index]):
            texts[row_index][column] = error
    for number, row in enumerate(texts, start=1):
        for text in row:
            if has_control_characters(text):
                raise InputError(Problem("the row contains a control character", name, sheet, number, code="binary"))
    return texts


def _text(cell: Any) -> str:
    """A cell as it would stand in a CSV: dates in ISO form, clock times as 07:30, whole numbers without a point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds() // 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return cell_text(cell)


def _frame(
    book: CalamineWorkbook,
    name: str,
    rows_of_key: dict[tuple[str, ...], tuple[str, int]],
    report: Report,
    failed: Mapping[str, Mapping[tuple[int, int], str]],
) -> dict[str, Any]:
    """The frame in the form of ``instance.toml``; remembers the row of each key."""
    data: dict[str, Any] = {}
    policy: dict[str, Any] = {}
    for number, row in _body(
        _cells(book, FRAME_SHEET, name, failed.get(FRAME_SHEET, {})), ("key", "value"), FRAME_SHEET, name, report
    ):
        key, value = row["key"], row["value"]
        if not key:
            report.add(Problem("a value without a key", name, FRAME_SHEET, number, "key", code="missing_value"))
        if not key or (not value and key != "name"):  # a name may be empty, every other empty value is none
            continue
        path = ("policy", "sense") if key == "sense" else (key,)
        if path in rows_of_key:
            report.add(Problem("the key appears twice", name, FRAME_SHEET, number, "key", key, code="duplicate_id"))
        rows_of_key[path] = (FRAME_SHEET, number)
        if key == "sense":
            policy["sense"] = value
        else:
            data[key] = [part.strip() for part in value.split(";") if part.strip()] if key == "professions" else value
    if SHIFTS_SHEET in book.sheet_names:
        shifts = []
        for number, row in _body(
            _cells(book, SHIFTS_SHEET, name, failed.get(SHIFTS_SHEET, {})), tuple(columns_of(Shift)), SHIFTS_SHEET, name, report
        ):
            shifts.append({key: text for key, text in row.items() if text})
            rows_of_key["shifts", str(len(shifts))] = (SHIFTS_SHEET, number)
        data["shifts"] = shifts
    if POLICY_SHEET in book.sheet_names:
        policy["rules"] = rules = {}
        for number, row in _body(
            _cells(book, POLICY_SHEET, name, failed.get(POLICY_SHEET, {})), None, POLICY_SHEET, name, report
        ):
            rule = row.pop("rule", "")
            if rule in rules:
                report.add(Problem("the rule appears twice", name, POLICY_SHEET, number, "rule", rule, code="duplicate_id"))
            rules[rule] = {key: parameter_value(rule, key, text) for key, text in row.items() if text}
            rows_of_key["policy", "rules", rule] = (POLICY_SHEET, number)
    if policy:
        data["policy"] = policy
    return data


def _body(
    cells: list[list[str]], known: tuple[str, ...] | None, sheet: str, name: str, report: Report
) -> Iterator[tuple[int, dict[str, str]]]:
    """Filled rows as mappings, with their row numbers; `known` are the columns allowed (None: any, checked elsewhere)."""
    if not cells:
        return
    header = [cell.strip() for cell in cells[0]]
    if known is not None:
        columns = {key: column for key, column in columns_of(Shift).items() if key in known} if sheet == SHIFTS_SHEET else {}
        if columns:
            read_header(header, Table(sheet, name, sheet), columns, report)
        elif set(header) - {""} != set(known):
            message = "the first row does not name the columns of this sheet"
            report.add(Problem(message, name, sheet, 1, code="no_header", expected=", ".join(known)))
            return
    elif "rule" not in header:
        report.add(Problem("a required column is missing", name, sheet, 1, "rule", code="missing_column"))
        return
    for number, row in enumerate(cells[1:], start=2):
        found = {key: cell.strip() for key, cell in zip(header, row, strict=False) if key}
        if any(found.values()):
            yield number, {key: text for key, text in found.items() if known is None or key in known}


def write_workbook(instance: Instance, path: Path) -> None:
    """Write an instance as a workbook, replacing `path` at once or not at all.

    Raises
    ------
    InputError
        If a value does not fit into a cell, or the file cannot be written.
    """
    replace_file(path, workbook_bytes(instance))


def workbook_bytes(instance: Instance) -> bytes:
    """The workbook of an instance; the same instance gives the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime(2000, 1, 1)})
    bold = book.add_format({"bold": True})

    def add(sheet: str, header: Sequence[str], rows: Sequence[Sequence[str]], numbers: frozenset[str] = frozenset()) -> None:
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        for i, title in enumerate(header):
            page.write_string(0, i, title, bold)
            page.set_column(i, i, min(40, max(len(title), *(len(row[i]) for row in rows[:200]), 6) + 2))
        for r, row in enumerate(rows, start=1):
            for i, text in enumerate(row):
                if len(text) > MAX_CELL_TEXT:
                    raise InputError(
                        Problem("the text is too long for a workbook", "", sheet, r + 1, header[i], code="unwritable")
                    )
                # Numbers stay numbers where Excel keeps all their digits; all else is written as text, never as a formula.
                if header[i] in numbers and text and f"{float(text):.16G}" == text:
                    page.write_number(r, i, float(text))
                elif text:
                    page.write_string(r, i, text)

    frame = frame_data(instance)
    policy = frame.pop("policy", {})
    shifts = frame.pop("shifts")
    lines = [(key, ";".join(value) if isinstance(value, tuple) else cell_text(value)) for key, value in frame.items()]
    if "sense" in policy:
        lines.append(("sense", policy["sense"]))
    add(FRAME_SHEET, ("key", "value"), lines)
    names = tuple(columns_of(Shift))
    add(SHIFTS_SHEET, names, [[cell_text(shift.get(key)) for key in names] for shift in shifts])
    rules = policy.get("rules", {})
    if rules:
        used = dict.fromkeys(key for entry in rules.values() for key in entry if key not in SETTINGS)
        keys = (*SETTINGS, *used)
        cells = [[rule, *(parameter_text(entry[key]) if key in entry else "" for key in keys)] for rule, entry in rules.items()]
        add(POLICY_SHEET, ("rule", *keys), cells)
    for table, model in TABLES.items():
        rows = instance.rows(table)
        if rows:
            numeric = frozenset(key for key, column in columns_of(model).items() if column.number in ("int", "float"))
            add(table, *write_cells(model, rows), numeric)
    book.close()
    return out.getvalue()
