"""An xls before it is opened: is it safe, and which of its formulas failed?

Its records are walked once. What they hold is left to the reader of spreadsheets, which shows failed formulas as empty cells.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from scheduler.intake.compound import Compound
from scheduler.intake.findings import Finding, Refused
from scheduler.intake.limits import MOST_SHEETS, check_size

_FORMULA, _ERROR_OR_BOOL, _BEGIN, _END = 0x0006, 0x0205, 0x0809, 0x000A
_SHEET, _PASSWORD, _LINK = 0x0085, 0x002F, 0x01AE
#: Records of one filled cell, and of several in one row.
_FILLED = frozenset((_FORMULA, _ERROR_OR_BOOL, 0x0203, 0x0204, 0x027E, 0x00FD, 0x00D6))
_SEVERAL = 0x00BD
_OWN_SHEETS, _ADD_INS = 0x0401, 0x3A01
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}

Failed = dict[tuple[int, int], str]


def check_old_book(data: bytes) -> list[Failed]:
    """Refuse an old workbook that is not safe to open.

    Returns
    -------
    list of dict
        For each of its worksheets in order: row and column (from 0) of every formula that failed, and the error that it shows.

    Raises
    ------
    Refused
        With the reason.
    """
    compound = Compound(data)
    names = {entry.name for entry in compound.entries}
    for marks, code in (
        (("EncryptedPackage", "EncryptionInfo"), "password"),
        (("WordDocument",), "document"),
        (("PowerPoint Document",), "not_a_table"),
        (("_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA"), "macros"),
        (("\x01Ole10Native",), "embedded"),
    ):
        if not names.isdisjoint(marks):
            raise Refused(Finding(code))
    if any(name.startswith(("MBD", "LNK")) and len(name) == 11 for name in names):
        raise Refused(Finding("embedded"))
    book = compound.stream("Workbook", "Book")
    if book is None:
        raise Refused(Finding("not_a_table"))
    try:
        return list(_failed(book, _sheets(book)))
    except (struct.error, IndexError):
        raise Refused(Finding("damaged")) from None


def _records(book: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, start and length of each record from a place to the end of its part; charts inside a sheet are left out."""
    depth = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 1:
            yield kind, at + 4, length
        if depth <= 0:
            return
        at += 4 + length


def _sheets(book: bytes) -> list[int]:
    """Where the worksheets begin."""
    starts = []
    for kind, at, length in _records(book, 0):
        if kind == _PASSWORD:
            raise Refused(Finding("password"))
        if kind == _LINK and length >= 4:
            path = struct.unpack_from("<H", book, at + 2)[0]
            if path > 1 and path not in (_OWN_SHEETS, _ADD_INS):
                raise Refused(Finding("external_links"))
        elif kind == _SHEET:
            start, type_of_sheet = struct.unpack_from("<IxB", book, at)
            if type_of_sheet in (1, 6):
                raise Refused(Finding("macros"))
            if type_of_sheet == 0:
                starts.append(start)
    if len(starts) > MOST_SHEETS:
        raise Refused(Finding("too_many_sheets", said={"most": MOST_SHEETS}))
    return starts


def _failed(book: bytes, starts: list[int]) -> Iterator[Failed]:
    cells = 0
    for start in starts:
        failed: Failed = {}
        rows = columns = 0
        for kind, at, length in _records(book, start):
            if kind in _FILLED:
                row, column = struct.unpack_from("<HH", book, at)
                if kind == _FORMULA and book[at + 12 : at + 14] == b"\xff\xff" and book[at + 6] == 2:
                    failed[row, column] = _ERRORS.get(book[at + 8], "#VALUE!")
                elif kind == _ERROR_OR_BOOL and book[at + 7]:
                    failed[row, column] = _ERRORS.get(book[at + 6], "#VALUE!")
            elif kind == _SEVERAL:
                row, column = struct.unpack_from("<H", book, at)[0], struct.unpack_from("<H", book, at + length - 2)[0]
            else:
                continue
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        cells += rows * columns
        check_size(rows, columns, cells)
        yield failed
