"""Text files (csv, tsv, txt) to a Grid: encoding and delimiter are found out, and said."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from scheduler.intake.findings import Finding, Refused
from scheduler.intake.foreign import check_foreign, check_foreign_text
from scheduler.intake.grid import Grid, Value
from scheduler.intake.limits import MOST_CELL_TEXT, check_size

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
#: Lines over which a delimiter has to be the same.
_SAMPLE_LINES = 50
_SAMPLE_CHARACTERS = 100_000
_SAMPLE_BYTES = 2_000
#: Delimiters in one line that nobody means, also if they stand in quoted cells.
_LONG_LINE = 100_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SEPARATOR = re.compile(r'(?i)"?sep=([,;|\t])"?(?:\r\n|\r|\n)')


def open_text(data: bytes) -> tuple[Grid, str]:
    """The cells of a text file, and how it was read.

    Raises
    ------
    Refused
        If it is no text, or its quotes do not close.
    """
    check_foreign(data)
    text, encoding = _decoded(data)
    check_foreign_text(text)
    if not text.strip():
        raise Refused(Finding("empty_file"))
    rows: list[list[Value]] = []
    if hint := _SEPARATOR.match(text):
        delimiter, begin = hint[1], hint.end()
        rows.append([])
    else:
        delimiter, begin = _delimiter(text), 0
    _read(text, begin, delimiter, rows)
    return Grid("", rows), ", ".join(part for part in (encoding, _DELIMITERS[delimiter]) if part)


def _decoded(data: bytes) -> tuple[str, str]:
    """Text, and the name of its encoding unless it is the expected one."""
    sample = data[:_SAMPLE_BYTES]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(data, "utf-16")
    if sample.count(0) * 3 > len(sample):  # every other byte of Latin text is empty then, always on the same side
        first, second = sample[::2].count(0), sample[1::2].count(0)
        if first == 0 or second == 0:
            return _utf16(data, "utf-16-be" if first else "utf-16-le")
    if b"\x00" in data:
        raise Refused(Finding("binary"))
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        place = error.start
    # Whole characters in UTF-8 beside a broken one: no other encoding gives these by chance, and reading it as one would
    # turn every name with an accent into another.
    if len(re.findall(rb"[\xc3-\xf4][\x80-\xbf]+", data)) > len(re.findall(rb"[\x80-\xff]+", data)) // 2:
        raise Refused(Finding("mixed_encoding", said={"line": data.count(b"\n", 0, place) + 1}))
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise Refused(Finding("encoding")) from None
    strange = sum(not c.isprintable() and c not in "\r\n\t" for c in text[:_SAMPLE_CHARACTERS])
    if strange * 50 > len(text[:_SAMPLE_CHARACTERS]):
        raise Refused(Finding("binary"))
    return text, "Windows-1252"


def _utf16(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise Refused(Finding("encoding")) from None
    if "\x00" in text:
        raise Refused(Finding("binary"))
    return text.removeprefix("\ufeff"), "UTF-16"


def _delimiter(text: str) -> str:
    """What splits the most lines of the beginning into the same number of cells; of several alike, into the most cells."""
    return max(_DELIMITERS, key=lambda delimiter: _merit(text, delimiter))


def _merit(text: str, delimiter: str) -> tuple[float, int]:
    widths: Counter[int] = Counter()
    try:
        for row in islice(
            csv.reader(_lines(text[:_SAMPLE_CHARACTERS]), delimiter=delimiter, skipinitialspace=True), _SAMPLE_LINES
        ):
            widths[len(row) if any(cell.strip() for cell in row) else 0] += 1
    except csv.Error:
        pass
    blank = widths.pop(0, 0)
    split = {width: count for width, count in widths.items() if width > 1}
    if not split:
        return 0.0, 0
    width, count = max(split.items(), key=lambda pair: (pair[1], pair[0]))
    return count / (sum(widths.values()) or blank), width


def _lines(text: str, begin: int = 0) -> Iterator[str]:
    """Lines with their ends; a copy of the whole text, as a stream of it would be, takes four times its memory."""
    return (match[0] for match in _LINE.finditer(text, begin))


def _bounded(text: str, begin: int, delimiter: str) -> Iterator[str]:
    """Lines, none of them with so many cells that they alone would fill the memory."""
    for number, line in enumerate(_lines(text, begin), start=1):
        if len(line) > _LONG_LINE and (columns := line.count(delimiter)) > _LONG_LINE:
            check_size(number, columns + 1, columns + 1)
        yield line


def _read(text: str, begin: int, delimiter: str, rows: list[list[Value]]) -> None:
    """Add the rows of a text."""
    cells = columns = 0
    limit = csv.field_size_limit(MOST_CELL_TEXT)
    try:
        for row in csv.reader(_bounded(text, begin, delimiter), delimiter=delimiter, strict=True, skipinitialspace=True):
            rows.append([cell or None for cell in row])
            cells, columns = cells + len(row), max(columns, len(row))
            if len(row) > 1 or len(rows) % 1000 == 0:
                check_size(len(rows), columns, cells)
    except csv.Error as error:
        code = "cell_too_long" if "field larger" in str(error) else "quotes"
        raise Refused(Finding(code, row=len(rows), said={"row": len(rows) + 1})) from None
    finally:
        csv.field_size_limit(limit)
