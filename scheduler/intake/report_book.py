"""The sender's own file again, with the cells marked that something was found in."""

from __future__ import annotations

import io
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.utility import xl_rowcol_to_cell

from scheduler.intake.catalogue import visible
from scheduler.intake.findings import Finding
from scheduler.intake.grid import Area, Grid, Value
from scheduler.intake.report import WEIGHTS, Line, line, ordered, tally, verdict
from scheduler.intake.report_sheet import TITLES_ROW, is_report_sheet, titles
from scheduler.intake.submission import Submission
from scheduler.intake.text import shown
from scheduler.words import words

_COLOURS = {"error": "#F8B4AE", "question": "#E6CCF0", "warning": "#FBE0A5", "note": "#CFE3F7"}
#: Cells with a comment in one sheet; spreadsheets become slow with more. All are coloured and listed.
MOST_COMMENTS = 2_000
#: Rows of the list on the first sheet.
MOST_LISTED = 5_000
#: Merged areas with more cells than this are not merged again: each of their cells has to be written.
MOST_MERGED = 5_000
_SHEET_NAME = 31
#: Of the list's columns, in characters; and the height of a line, in points.
_WIDTHS = (16, 16, 10, 20, 22, 55, 55)
_LINE_HEIGHT = 15
_SURROGATES = re.compile("[\ud800-\udfff]")


def report_book(submission: Submission, language: str) -> bytes:
    """An xlsx: a first sheet with the verdict and a list that leads to the cells, then every sheet of the file.

    Values keep their types, so that the file can be corrected and sent back as it is; texts are written as texts, never as
    formulas or links.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": datetime(2000, 1, 1)})
    grids = [grid for grid in submission.received.grids if not grid.name.startswith("_") and not is_report_sheet(grid)]
    names = _names([grid.name or submission.received.name for grid in grids], words(language, "report")["sheet_title"])
    listed = [line(finding, language) for finding in ordered(submission)]
    places = [(grid, name) for grid, name in zip(grids, names, strict=True)]
    _write_list(book, submission, language, listed, {grid.name: (grid, name) for grid, name in places})
    found: dict[str, list[Line]] = defaultdict(list)
    for said in listed:
        found[said.finding.sheet].append(said)
    for grid, name in places:
        _Sheet(book, grid, name).write(found[grid.name])
    book.close()
    return out.getvalue()


def _names(wanted: Iterable[str], taken: str) -> list[str]:
    """Names that a workbook accepts, each once; lengths are counted as spreadsheets do, in UTF-16."""

    def cut(text: str, most: int) -> str:
        while len(text.encode("utf-16-le")) > 2 * most:
            text = text[:-1]
        return text.strip("'") or "_"

    used, names = {taken.casefold(), "history"}, []
    for name in wanted:
        plain = "".join("_" if c in "[]:*?/\\" else c for c in visible(name)).strip("'").strip()
        unique, n = cut(plain, _SHEET_NAME), 2
        while unique.casefold() in used:
            unique = f"{cut(plain, _SHEET_NAME - len(str(n)) - 1)} {n}"
            n += 1
        used.add(unique.casefold())
        names.append(unique)
    return names


def _spot(grid: Grid, finding: Finding) -> tuple[int, int]:
    """The cell that is marked: the first filled one where a whole row or sheet is meant."""
    row = finding.row or 0
    if finding.column is not None:
        return row, finding.column
    cells = grid.rows[row] if row < len(grid.rows) else []
    return row, next((c for c, value in enumerate(cells) if value is not None), 0)


def _write_list(
    book: Any, submission: Submission, language: str, listed: Sequence[Line], pages: Mapping[str, tuple[Grid, str]]
) -> None:
    said = words(language, "report")
    page = book.add_worksheet(said["sheet_title"])
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    colours = {weight: book.add_format({"bg_color": c, "valign": "top"}) for weight, c in _COLOURS.items()}
    link = book.add_format({"font_color": "#0B57A4", "underline": 1, "valign": "top"})
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    received = submission.received
    page.write_string(0, 0, f"{verdict(submission, language)}.", book.add_format({"bold": True, "font_size": 13}))
    page.write_string(1, 0, said["how_to"] if submission.findings.failed else said["how_to_ready"])
    page.write_string(2, 0, f"{visible(received.name)} · {said['fingerprint']}: {received.sha256}")
    head = book.add_format({"bold": True, "bottom": 1})
    for column, title in enumerate(titles(language)):
        page.write_string(TITLES_ROW, column, title, head)
    page.freeze_panes(TITLES_ROW + 1, 0)
    row = TITLES_ROW
    for row, entry in enumerate(listed[:MOST_LISTED], start=TITLES_ROW + 1):
        grid, name = pages.get(entry.finding.sheet, (None, ""))
        page.write_string(row, 0, said["severity"][entry.weight], colours[entry.weight])
        page.write_string(row, 1, entry.sheet or name, wrap)
        if grid is not None:
            cell = xl_rowcol_to_cell(*_spot(grid, entry.finding))
            sheet = name.replace("'", "''")
            page.write_url(row, 2, f"internal:'{sheet}'!{cell}", link, entry.cell or said["whole_sheet"])
        texts = entry.column, entry.value, entry.message, entry.fix
        for column, text in enumerate(texts, start=3):
            page.write_string(row, column, text, wrap)
        deep = max(math.ceil(len(text) * 1.1 / width) for text, width in zip(texts, _WIDTHS[3:], strict=True))
        if deep > 1:  # spreadsheets do not all fit the height to the text when they open a file
            page.set_row(row, _LINE_HEIGHT * deep)
    more = sum(tally(submission.findings).values()) - min(len(listed), MOST_LISTED)
    if more:
        page.write_string(row + 1, 0, said["more"].format(count=f"{more:,}"), book.add_format({"bold": True}))
    if listed:
        page.autofilter(TITLES_ROW, 0, row, 6)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(TITLES_ROW)


class _Sheet:
    """One sheet of the file, written again."""

    def __init__(self, book: Any, grid: Grid, name: str) -> None:
        self._book, self._grid = book, grid
        self._page = book.add_worksheet(name)
        self._formats: dict[tuple[str, str], Any] = {}

    def write(self, listed: Iterable[Line]) -> None:
        marks: dict[tuple[int, int], list[Line]] = defaultdict(list)
        for entry in listed:
            marks[_spot(self._grid, entry.finding)].append(entry)
        self._merge(marks)
        for r, row in enumerate(self._grid.rows):
            for c, value in enumerate(row):
                if (r, c) not in marks:
                    self._cell(r, c, value, "")
        for n, ((r, c), found) in enumerate(sorted(marks.items())):
            self._cell(r, c, self._value(r, c), min((e.weight for e in found), key=WEIGHTS.index))
            if n < MOST_COMMENTS:
                text = "\n".join(f"{entry.message} {entry.fix}" for entry in found)[:2000]
                size = {"x_scale": 2.2, "y_scale": max(1.0, len(text) / 90)}
                self._page.write_comment(r, c, text, size)
        width = max(map(len, self._grid.rows[:200]), default=0)
        for c in range(min(width, 200)):
            texts = [shown(row[c]) for row in self._grid.rows[:200] if c < len(row) and row[c] is not None]
            self._page.set_column(c, c, min(40, max(map(len, texts), default=8) + 2))

    def _merge(self, marks: Mapping[tuple[int, int], object]) -> None:
        """Merged areas as they were, where nothing that they would cover is filled or marked."""
        left = MOST_MERGED
        for area in self._grid.merged:
            size = (area.bottom - area.top + 1) * (area.right - area.left + 1)
            if size < 2 or size > left:
                continue
            covered = [(r, c) for r, c in _cells(area) if (r, c) != (area.top, area.left)]
            if any(cell in marks or self._value(*cell) is not None for cell in covered):
                continue
            left -= size
            with suppress(OverlappingRange):
                self._page.merge_range(area.top, area.left, area.bottom, area.right, "")

    def _value(self, row: int, column: int) -> Value:
        cells = self._grid.rows[row] if row < len(self._grid.rows) else []
        return cells[column] if column < len(cells) else None

    def _cell(self, row: int, column: int, value: Value, mark: str) -> None:
        failed = self._grid.formulas.get((row, column))
        if failed is not None:  # as text that no column takes: an empty cell would be read as a default when it comes back
            self._page.write_string(row, column, f"={failed}", self._format(mark))
        elif value is None:
            if mark:
                self._page.write_blank(row, column, None, self._format(mark))
        elif isinstance(value, bool):
            self._page.write_boolean(row, column, value, self._format(mark))
        elif isinstance(value, (int, float)) and math.isfinite(value):
            self._page.write_number(row, column, value, self._format(mark))
        elif isinstance(value, date) and value.year >= 1900:
            moment = value if isinstance(value, datetime) else datetime.combine(value, time())
            look = "yyyy-mm-dd" if moment.time() == time() else "yyyy-mm-dd hh:mm"
            self._page.write_datetime(row, column, moment, self._format(mark, look))
        else:
            self._page.write_string(row, column, _SURROGATES.sub("\ufffd", shown(value))[:32_767], self._format(mark))

    def _format(self, mark: str, numbers: str = "") -> Any:
        if (mark, numbers) not in self._formats:
            look = ({"bg_color": _COLOURS[mark]} if mark else {}) | ({"num_format": numbers} if numbers else {})
            self._formats[mark, numbers] = self._book.add_format(look) if look else None
        return self._formats[mark, numbers]


def _cells(area: Area) -> Iterable[tuple[int, int]]:
    return ((r, c) for r in range(area.top, area.bottom + 1) for c in range(area.left, area.right + 1))
