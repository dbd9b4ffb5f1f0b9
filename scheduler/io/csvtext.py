"""CSV text to rows of cells and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from scheduler.io.files import MAX_COLUMNS, MAX_ROWS, file_problem


def rows_of(text: str, name: str, delimiter: str = ",") -> Iterator[list[str]]:
    """The rows of a CSV text, blank ones included, so that the n-th row is row n of a spreadsheet.

    Raises
    ------
    InputError
        While iterating: an open quote at the end (a file cut off), too many rows or columns, an overlong cell.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            if row > MAX_ROWS + 1:
                raise file_problem(name, f"has more than {MAX_ROWS:,} rows", "too_large")
            if len(cells) > MAX_COLUMNS:
                raise file_problem(name, f"has more than {MAX_COLUMNS} columns", "too_large", row=row)
            yield cells
    except csv.Error as error:
        said = str(error)
        if "unexpected end" in said:
            message, fix = "ends inside a quoted cell", "the file is cut off, or a closing quote is missing"
        elif "field larger" in said:
            message, fix = "has a cell that is far too long", "look for a quote that is never closed"
        else:
            message, fix = "has a quote in the wrong place", 'write a quote inside a quoted cell twice: ""'
        raise file_problem(
            name, message, "truncated" if "unexpected end" in said else "quotes", row=row + 1, suggestion=fix
        ) from None


def to_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 CSV with commas and ``\\n``, quoted only where needed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def delimiter_of(text: str, known: Iterable[str]) -> str:
    """The delimiter (comma, semicolon or tab) that splits the first row into most of the known column names."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep="):  # a hint that Excel takes for the delimiter
        first = rest.partition("\n")[0]
    names = set(known)

    def found(delimiter: str) -> int:
        return sum(cell.strip().strip('"').lower() in names for cell in first.split(delimiter))

    return max((",", ";", "\t"), key=found)
