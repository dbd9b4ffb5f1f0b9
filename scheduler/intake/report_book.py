"""The sender's own file again, with the cells marked that something was found in."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from scheduler.intake.catalogue import say, visible
from scheduler.intake.findings import Finding
from scheduler.intake.grid import Grid, Value
from scheduler.intake.report import lines, verdict
from scheduler.intake.submission import Submission
from scheduler.intake.text import shown
from scheduler.intake.words import words

_COLOURS = {"error": "#F8B4AE", "warning": "#FBE0A5", "note": "#CFE3F7"}
_ORDER = {"error": 0, "warning": 1, "note": 2}
#: Cells with a comment in one sheet; spreadsheets become slow with more.
MOST_COMMENTS = 1_000
#: Rows of the list on the first sheet.
MOST_LISTED = 5_000
_SHEET_NAME = 31


def report_book(submission: Submission, language: str) -> bytes:
    """An xlsx: a first sheet with the verdict and a list that leads to the cells, then every sheet of the file.

    Texts are written as texts, never as formulas.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": datetime(2000, 1, 1)})
    said = words(language, "report")
    grids = [grid for grid in submission.received.grids if not grid.name.startswith("_")]
    names = _names([grid.name or submission.received.name for grid in grids], said["sheet_title"])
    pages = dict(zip((grid.name for grid in grids), names, strict=True))
    _list(book, submission, language, pages)
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in submission.findings:
        found[finding.sheet].append(finding)
    for grid, name in zip(grids, names, strict=True):
        _Sheet(book, grid, name, language).write(found[grid.name])
    book.close()
    return out.getvalue()


def _names(wanted: Iterable[str], taken: str) -> list[str]:
    """Names that a workbook accepts, each once."""
    used, names = {taken.casefold()}, []
    for name in wanted:
        plain = "".join("_" if c in "[]:*?/\\" else c for c in visible(name)).strip("'")[:_SHEET_NAME] or "_"
        n = 2
        unique = plain
        while unique.casefold() in used or unique.casefold() == "history":
            unique = f"{plain[: _SHEET_NAME - len(str(n)) - 1]} {n}"
            n += 1
        used.add(unique.casefold())
        names.append(unique)
    return names


def _list(book: Any, submission: Submission, language: str, pages: dict[str, str]) -> None:
    said = words(language, "report")
    page = book.add_worksheet(said["sheet_title"])
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "bottom": 1})
    colours = {severity: book.add_format({"bg_color": c, "valign": "top"}) for severity, c in _COLOURS.items()}
    link = book.add_format({"font_color": "#0B57A4", "underline": 1, "valign": "top"})
    page.set_column(0, 0, 14)
    page.set_column(1, 1, 16)
    page.set_column(2, 2, 9)
    page.set_column(3, 4, 20)
    page.set_column(5, 6, 60)
    page.write_string(0, 0, verdict(submission, language), book.add_format({"bold": True, "font_size": 13}))
    page.write_string(1, 0, said["how_to_ready"] if not submission.findings.failed else said["how_to"])
    titles = ("", said["sheet"], said["cell"], said["column"], said["found"], said["wrong"], said["fix"])
    for column, title in enumerate(titles):
        page.write_string(3, column, title, head)
    page.freeze_panes(4, 0)
    listed = lines(list(submission.findings), language, most=10**9)
    for row, line in enumerate(listed[:MOST_LISTED], start=4):
        assert line.finding is not None
        page.write_string(row, 0, said["severity"][line.severity], colours[line.severity])
        page.write_string(row, 1, line.sheet, wrap)
        target = pages.get(line.finding.sheet)
        if target is not None and line.cell:
            cell = xl_rowcol_to_cell(line.finding.row or 0, line.finding.column or 0)
            page.write_url(row, 2, f"internal:'{target.replace(chr(39), chr(39) * 2)}'!{cell}", link, line.cell)
        page.set_row(row, 15 * max(1, -(-max(len(line.message), len(line.fix)) // 58)))
        for column, text in ((3, line.column), (4, line.value), (5, line.message), (6, line.fix)):
            page.write_string(row, column, text, wrap)
    if len(listed) > MOST_LISTED:
        page.write_string(MOST_LISTED + 4, 0, said["more"].format(count=f"{len(listed) - MOST_LISTED:,}"), bold)
    page.set_landscape()
    page.fit_to_pages(1, 0)


class _Sheet:
    """One sheet of the file, written again."""

    def __init__(self, book: Any, grid: Grid, name: str, language: str) -> None:
        self._book, self._grid, self._language = book, grid, language
        self._page = book.add_worksheet(name)
        self._formats: dict[tuple[str, bool], Any] = {}

    def write(self, findings: Iterable[Finding]) -> None:
        marks: dict[tuple[int, int], list[Finding]] = defaultdict(list)
        for finding in findings:
            first = next((c for c, v in enumerate(self._row(finding.row or 0)) if v is not None), 0)
            marks[finding.row or 0, first if finding.column is None else finding.column].append(finding)
        for r, row in enumerate(self._grid.rows):
            for c, value in enumerate(row):
                if value is not None and (r, c) not in marks:
                    self._cell(r, c, value, "")
        for n, ((r, c), found) in enumerate(sorted(marks.items())):
            worst = min((f.severity for f in found), key=lambda s: _ORDER[s])
            cells = self._row(r)
            self._cell(r, c, cells[c] if c < len(cells) else None, worst)
            if n < MOST_COMMENTS:
                self._page.write_comment(r, c, self._comment(found), {"x_scale": 2.2, "y_scale": 1 + 0.5 * len(found)})
        width = max(map(len, self._grid.rows[:200]), default=0)
        for c in range(min(width, 200)):
            texts = [shown(row[c]) for row in self._grid.rows[:200] if c < len(row) and row[c] is not None]
            self._page.set_column(c, c, min(40, max(map(len, texts), default=8) + 2))

    def _row(self, number: int) -> list[Value]:
        return self._grid.rows[number] if number < len(self._grid.rows) else []

    def _comment(self, found: Iterable[Finding]) -> str:
        said = (say(finding, self._language) for finding in found)
        return "\n".join(f"{message[:1].upper()}{message[1:]}. {fix[:1].upper()}{fix[1:]}" for message, fix in said)[:2000]

    def _cell(self, row: int, column: int, value: Value, mark: str) -> None:
        dated = isinstance(value, (date, datetime))
        look = self._format(mark, dated)
        if value is None:
            self._page.write_blank(row, column, None, look)
        elif isinstance(value, bool):
            self._page.write_boolean(row, column, value, look)
        elif isinstance(value, (int, float)):
            self._page.write_number(row, column, value, look)
        elif isinstance(value, datetime) and value.time() != time():
            self._page.write_string(row, column, shown(value), look)
        elif isinstance(value, date) and value.year >= 1900:
            self._page.write_datetime(row, column, datetime(value.year, value.month, value.day), look)
        else:
            self._page.write_string(row, column, visible(shown(value)).replace("U+000A", "\n")[:32_000], look)

    def _format(self, mark: str, dated: bool) -> Any:
        if (mark, dated) not in self._formats:
            look = ({"bg_color": _COLOURS[mark]} if mark else {}) | ({"num_format": "yyyy-mm-dd"} if dated else {})
            self._formats[mark, dated] = self._book.add_format(look) if look else None
        return self._formats[mark, dated]
