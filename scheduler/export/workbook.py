"""All tables as one Excel workbook: a worksheet each, to be read, filtered and printed as it is.

Text is always written as text, so no cell is a formula or a link, whatever it begins with.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from functools import cache
from math import ceil
from textwrap import wrap
from typing import Any

import xlsxwriter

from scheduler.export.colours import FILLS, LINES, Look, looks
from scheduler.export.sheets import Column, Sheet, Value
from scheduler.export.spoken import Spoken
from scheduler.export.tables.cells import table
from scheduler.words.locale import Locale

_SUMMARY = "summary"
#: Between two units of a week on the board.
_BESIDE = " + "
#: Widths in Excel's characters. Longer texts are wrapped.
_WIDEST = 60
_WEEK, _WIDEST_WEEK = 6, 11
_NUMBER = 9
_BUTTON = 3
_LINE = 16  # points
_MOST_LINES = 25  # of a row in Excel: 409 points
_MOST_TEXT = 32_767  # of a cell in Excel, in UTF-16 units
_MOST_NAME = 31  # of a worksheet
_MOST_TITLE = 80
#: So many characters are beside each other on a printed page; more are broken to several.
_ACROSS = 230
#: Excel's numbers of the lines in `LINES`.
_BORDERS = dict(zip(LINES, (0, 2, 8, 6, 4), strict=True))
_HEADER = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3A5F", "text_wrap": True, "valign": "vcenter"}
_CELL = {"valign": "vcenter", "bottom": 1, "bottom_color": "#D9D9D9"}


def workbook(sheets: Sequence[Sheet], title: str, created: date = date(2000, 1, 1), locale: Locale | None = None) -> bytes:
    """An Excel workbook with a worksheet for each table, the summary first, and the legend of colours last.

    Parameters
    ----------
    sheets
        The tables.
    title
        Of the workbook; it stands on every printed page.
    created
        When the workbook says it was created. The same arguments always give the same bytes.
    locale
        Of the words that the workbook adds; None: English.

    Returns
    -------
    bytes
        The content of an ``.xlsx`` file.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title, "created": datetime.combine(created, time())})
        locale = locale or Locale()
        writer = _Writer(book, title, locale, looks(name for sheet in sheets for row in sheet.specialties for name in row))
        for sheet in sorted(sheets, key=lambda s: s.name != _SUMMARY):
            writer.add(sheet)
        if writer.looks:
            writer.add(Spoken(locale).sheet(_legend(writer.looks)))
    return out.getvalue()


def _legend(specialties: dict[str, Look]) -> Sheet:
    names = tuple((name,) for name in specialties)
    return table("colours", (("specialty", "text"),), names, 0, names)


class _Writer:
    """A workbook being written, with the formats that its cells share."""

    def __init__(self, book: Any, title: str, locale: Locale, specialties: dict[str, Look]) -> None:
        self.book = book
        self.locale = locale
        self.title = title[:_MOST_TITLE].replace("&", "&&")
        self.looks = specialties
        self.names: set[str] = set()
        self.number_formats = {"date": locale.excel_day, "int": "#,##0"}
        self.format = cache(self._format)

    def add(self, sheet: Sheet) -> None:
        """Write one table as a worksheet."""
        page = self.book.add_worksheet(self._name(sheet.title))
        last_row, last_column = len(sheet.rows), len(sheet.columns) - 1
        widths = [_width(column, (row[i] for row in sheet.rows)) for i, column in enumerate(sheet.columns)]
        for i, (column, width) in enumerate(zip(sheet.columns, widths, strict=True)):
            page.write_string(0, i, _header(column, self.locale), self.format("header", column.kind))
            page.set_column(i, i, width)
        for r, row in enumerate(sheet.rows, start=1):
            cells = [_broken(v, w) if c.kind == "week" else v for v, c, w in zip(row, sheet.columns, widths, strict=True)]
            page.set_row(r, _LINE * max(map(_lines, cells, widths), default=1))
            for i, (column, value) in enumerate(zip(sheet.columns, cells, strict=True)):
                look = self.looks.get(sheet.specialties[r - 1][i]) if sheet.specialties else None
                _write(page, r, i, value, self.format(type(value).__name__, column.kind, look))
        titles = [0 if c.kind == "week" else _lines(c.title, w - _BUTTON) for c, w in zip(sheet.columns, widths, strict=True)]
        page.set_row(0, _LINE * max(2.2, max(titles, default=0) + 0.2))
        page.freeze_panes(1, sheet.frozen)
        if sheet.name != _SUMMARY:
            page.autofilter(0, 0, last_row, last_column)
        page.ignore_errors({"number_stored_as_text": xlsxwriter.utility.xl_range(0, 0, last_row, last_column)})
        page.set_landscape()
        across = ceil(sum(widths) / _ACROSS)
        page.fit_to_pages(across, 0)
        page.repeat_rows(0)
        if across > 1 and sheet.frozen:
            page.repeat_columns(0, sheet.frozen - 1)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        numbered = self.locale.say("page", "printed_page", page="&P", pages="&N")
        page.set_footer(f"&L{self.title}&C{sheet.title.replace('&', '&&')}&R{numbered}")

    def _name(self, title: str) -> str:
        """A worksheet's name: short, without the characters that Excel forbids, and used once."""
        wanted = re.sub(r"[\[\]:*?/\\']", " ", title)[:_MOST_NAME]
        name, number = wanted, 1
        while name.casefold() in self.names:
            number += 1
            name = f"{wanted[: _MOST_NAME - 4]} {number}"
        self.names.add(name.casefold())
        return name

    def _format(self, value: str, kind: str, look: Look | None = None) -> Any:
        """The format of a cell: by the type of its value, the kind of its column, and its specialty."""
        wanted: dict[str, object] = dict(_HEADER if value == "header" else _CELL)
        if kind == "week":
            wanted |= {"align": "center", "text_wrap": True, "font_size": 9}
        elif kind == "number":
            wanted |= {"align": "right", "indent": 1}
        else:
            wanted |= {"align": "left", "text_wrap": True}
        if value in self.number_formats:
            wanted |= {"num_format": self.number_formats[value]}
        if look:
            wanted |= {"bg_color": FILLS[look.fill], "font_color": "#000000"} | ({"indent": 1} if kind == "text" else {})
            if look.line:
                wanted |= {"left": _BORDERS[LINES[look.line]], "left_color": "#333333"}
        return self.book.add_format(wanted)


def _write(page: Any, r: int, i: int, value: Value, style: Any) -> None:
    if value is None or value == "":
        page.write_blank(r, i, None, style)
    elif isinstance(value, date) and value.year >= 1900:  # Excel knows no earlier dates
        page.write_datetime(r, i, value, style)
    elif isinstance(value, int | float):
        page.write_number(r, i, value, style)
    else:
        page.write_string(r, i, _fitting(str(value)), style)


def _width(column: Column, values: Iterable[Value]) -> int:
    """A column's width in Excel's characters, with room for the button of the filter."""
    if column.kind == "week":
        parts = (len(part) for value in values if isinstance(value, str) for part in value.split(_BESIDE))
        return max(_WEEK, min(_WIDEST_WEEK, max(parts, default=0) + 2))
    if column.kind == "number":
        return max(_NUMBER, max(map(len, column.title.split()), default=0) + _BUTTON)
    longest = max((len(value) for value in values if isinstance(value, str)), default=0)
    return min(_WIDEST, max(column.width, longest, len(column.title) + _BUTTON) + 2)


def _lines(value: Value, width: int) -> int:
    """How many lines a cell takes: not every program that shows the workbook finds out by itself."""
    if not isinstance(value, str) or len(value) <= width:
        return 1
    return min(_MOST_LINES, sum(len(wrap(line, round(1.1 * width))) for line in value.splitlines()))


def _broken(value: Value, width: int) -> Value:
    """A week's text with each unit on a line of its own, where they do not fit beside each other."""
    if isinstance(value, str) and len(value) > width:
        return value.replace(_BESIDE, f"{_BESIDE.rstrip()}\n")
    return value


def _header(column: Column, locale: Locale) -> str:
    """A column's header: of a week the month over the day."""
    if column.kind != "week":
        return column.title
    try:
        day = date.fromisoformat(column.key)
    except ValueError:
        return column.title
    return f"{locale.month_name(day)}\n{day.day}"


def _fitting(text: str) -> str:
    """As much of a text as fits in a cell."""
    if len(text.encode("utf-16-le")) <= 2 * _MOST_TEXT:
        return text
    return text.encode("utf-16-le")[: 2 * _MOST_TEXT - 2].decode("utf-16-le", "ignore") + "…"
