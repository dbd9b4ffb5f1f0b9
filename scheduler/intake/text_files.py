"""Text files (csv, tsv, txt) to a Grid: encoding and delimiter are found out, and said."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from scheduler.intake.findings import Finding, Refused
from scheduler.intake.grid import Grid, Value
from scheduler.intake.hostile import MOST_COLUMNS, MOST_ROWS

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
#: Lines over which a delimiter has to be the same.
_SAMPLE_LINES = 50
#: What other kinds of files begin with.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "packed"),
    (b"Rar!", "packed"),
    (b"7z\xbc\xaf", "packed"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"{\\rtf", "not_a_table"),
    (b"MZ", "not_a_table"),
    (b"\x7fELF", "not_a_table"),
    (b"SQLite format", "not_a_table"),
)
_MARKUP = re.compile(rb"\s*(<!doctype|<html|<table|<\?xml|<head|<body|mime-version:)", re.IGNORECASE)
_FIELD_LIMIT = 40_000


def open_text(data: bytes) -> tuple[Grid, str]:
    """The cells of a text file, and how it was read.

    Raises
    ------
    Refused
        If it is no text, or its quotes do not close.
    """
    for magic, code in _OTHERS:
        if data.startswith(magic):
            raise Refused(Finding(code))
    if _MARKUP.match(data[:500].lstrip(b"\xef\xbb\xbf")):
        raise Refused(Finding("markup"))
    text, encoding = _decoded(data)
    if text[:1] == "{" and '"url"' in text[:300]:
        raise Refused(Finding("shortcut"))
    lines = text[:7].lower().startswith("sep=") and re.match(r"(?i)sep=(.)\r?\n?", text)
    if lines:
        delimiter, text, skipped = lines[1], text[lines.end() :], 1
    else:
        delimiter, skipped = _delimiter(text), 0
    rows: list[list[Value]] = [[] for _ in range(skipped)]
    rows += _rows(text, delimiter)
    how = ", ".join(part for part in (encoding, _DELIMITERS.get(delimiter, f"separated by {delimiter}")) if part)
    return Grid("", rows), how


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(data, "utf-16")
    zeros = data[:2000].count(0)
    if zeros:
        even = data[:2000:2].count(0)
        if zeros * 3 > len(data[:2000]):
            return _utf16(data, "utf-16-be" if even * 2 > zeros else "utf-16-le")
        raise Refused(Finding("binary"))
    if b"\x00" in data:
        raise Refused(Finding("binary"))
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise Refused(Finding("encoding")) from None
    strange = sum(not c.isprintable() and c not in "\r\n\t" for c in text)
    if strange * 50 > len(text):
        raise Refused(Finding("binary"))
    return text, "Windows-1252"


def _utf16(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise Refused(Finding("encoding")) from None
    if "\x00" in text:
        raise Refused(Finding("binary"))
    return text.lstrip("\ufeff"), "UTF-16"


def _delimiter(text: str) -> str:
    """The delimiter that splits the most lines of the beginning into the same number of cells, more than one."""
    best, merit = ",", 0.0
    for delimiter in _DELIMITERS:
        widths = Counter(_widths(text, delimiter))
        widths.pop(0, None)
        width, lines = max(widths.items(), key=lambda pair: (pair[0] > 1, pair[1] * min(pair[0], 8), pair[0]), default=(1, 0))
        score = lines * min(width, 8) / max(1, sum(widths.values())) if width > 1 else 0.0
        if score > merit:
            best, merit = delimiter, score
    return best


def _widths(text: str, delimiter: str) -> list[int]:
    sample = text[:100_000]
    found = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            found.append(len(row) if any(cell.strip() for cell in row) else 0)
            if len(found) >= _SAMPLE_LINES:
                break
    except csv.Error:
        pass
    return found


def _rows(text: str, delimiter: str) -> list[list[Value]]:
    rows: list[list[Value]] = []
    limit = csv.field_size_limit(_FIELD_LIMIT)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True):
            if len(cells) > MOST_COLUMNS or len(rows) > MOST_ROWS:
                said = {"rows": len(rows), "columns": len(cells), "most": MOST_ROWS}
                raise Refused(Finding("too_many_cells", said=said))
            rows.append([cell or None for cell in cells])
    except csv.Error as error:
        code = "cell_too_long" if "field larger" in str(error) else "quotes"
        raise Refused(Finding(code, row=len(rows), said={"row": len(rows) + 1})) from None
    finally:
        csv.field_size_limit(limit)
    return rows
