"""A table's file with other rows, so that who compares the two files sees what is different, and nothing else."""

from __future__ import annotations

import csv
import io
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scheduler.domain.tables import Row
from scheduler.errors import InputError
from scheduler.io.columns import cell_text
from scheduler.io.csvtext import rows_of, to_csv
from scheduler.io.files import decode
from scheduler.io.report import Report
from scheduler.io.tables import Sheet, key_of, read_table, write_cells

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class _Line:
    """A row as it stands in the file: what it says, and its text with the blank rows before it."""

    cells: tuple[str, ...]
    text: str


def rewritten(data: bytes, rows: Sequence[Row]) -> bytes:
    """The file of a table with other rows.

    Rows that stay keep their text (quotes, ``yes`` or ``true``, blank rows before them), changed ones the cells that say the
    same; columns, line ends and byte order mark stay. New columns come last.

    Parameters
    ----------
    data
        The file as it is.
    rows
        What it is to hold: at least one row.

    Raises
    ------
    InputError
        If a value cannot be written so that it is read back the same.
    """
    model = type(rows[0])
    plain = to_csv(*write_cells(model, rows))
    try:
        text = decode(data, model.table)
        before = _read(text, model)
        if before is None or len(before) != sum(1 for _ in _lines(text)) - 1:
            return plain
        new = _text(text, before, rows)
        marked = _BYTE_ORDER_MARK if data.startswith(_BYTE_ORDER_MARK) else b""
        return marked + new.encode() if _read(new, model) == list(rows) else plain
    except InputError:
        return plain


def _read(text: str, model: type[Row]) -> list[Row] | None:
    """The rows of a file; None where something is wrong with it."""
    report = Report()
    table = read_table(Sheet(model.table, "", rows_of(text, model.table)), model, report)
    return None if report.failed else [entry.row for entry in table.entries]


def _text(text: str, before: Sequence[Row], rows: Sequence[Row]) -> str:
    header, *lines = _lines(text)
    end = "\r\n" if header.text.endswith("\r\n") else "\n"
    names = [cell.strip() for cell in header.cells]
    used, cells = write_cells(type(rows[0]), rows, keep=names)
    more = [name for name in used if name not in names]
    same: dict[Row, deque[_Line]] = defaultdict(deque)
    by_key = {}
    for row, line in zip(before, lines, strict=True):
        same[row].append(line)
        if row.key:
            by_key[key_of(row)] = row, line
    parts = [_longer(header, names, more, end)]
    for row, texts in zip(rows, cells, strict=True):
        if same[row]:
            parts.append(_longer(same[row].popleft(), names, [""] * len(more), end))
            continue
        said = dict(zip(used, texts, strict=True))
        if row.key and key_of(row) in by_key:
            old, line = by_key[key_of(row)]
            there = dict(zip(names, line.cells, strict=False))
            was = {name: cell_text(value) for name, value in old.model_dump().items()}
            said |= {name: there[name] for name in said if name in there and was[name] == said[name]}
        parts.append(_written([said.get(name, "") for name in (*names, *more)], end))
    return "".join(parts)


def _lines(text: str) -> Iterator[_Line]:
    """The header, and every row that is not blank."""
    physical = list(io.StringIO(text, newline=""))
    reader = csv.reader(physical)
    first = 0
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield _Line(tuple(cells), "".join(physical[first : reader.line_num]))
            first = reader.line_num


def _longer(line: _Line, names: Sequence[str], more: Sequence[str], end: str) -> str:
    """The text of a row with cells for new columns after it."""
    text = line.text.rstrip("\r\n")
    if not more:
        return text + end
    lacking = [""] * (len(names) - len(line.cells))
    return text + "," + _written([*lacking, *more], end)


def _written(cells: Sequence[str], end: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end).writerow(cells)
    # a lone empty cell is written as two quotes, which is no row end to append to
    return out.getvalue() if list(cells) != [""] else end
