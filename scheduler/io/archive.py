"""Is a workbook safe to open? Its zip archive is unpacked once, counted and thrown away.

A small file can unpack to terabytes, its directory can lie about that, and one stray cell in the last corner of a sheet makes
a reader set aside seventeen billion cells. All three are refused before a spreadsheet library sees the file.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from scheduler.io.files import MAX_COLUMNS, MAX_ROWS, file_problem

#: Most bytes that a workbook may unpack to.
MAX_UNPACKED_BYTES = 600_000_000
#: Most files inside a workbook.
MAX_MEMBERS = 2_000
#: Most cells of one sheet, from A1 to its last used row and column.
MAX_CELLS = 25_000_000

_CHUNK = 1 << 20
_LOCAL_HEADER_BYTES = 30
_CELL = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{0,3})(\d{1,10})[\"']")
_TAIL = 64  # bytes kept from one chunk to the next, so that no cell reference is cut in two


def check_workbook(data: bytes, name: str) -> None:
    """Refuse what is no workbook or not safe to open.

    Raises
    ------
    InputError
        For a file that is no zip archive, is cut off, is encrypted, or unpacks to more than the limits.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        fix = "save it as .xlsx without a password"
        raise file_problem(name, "is an old .xls workbook or protected by a password", "encrypted", suggestion=fix)
    if not data.startswith(b"PK\x03\x04"):
        raise file_problem(name, "is not an .xlsx workbook", "binary", suggestion="save it as .xlsx")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
        raise file_problem(name, "is a damaged workbook; it may be cut off", "truncated") from None
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise file_problem(name, f"holds more than {MAX_MEMBERS:,} files", "too_large")
    left = MAX_UNPACKED_BYTES
    for member in members:
        if member.flag_bits & 1:
            raise file_problem(name, "is protected by a password", "encrypted", suggestion="save it without a password")
        rows = columns = 0
        tail = b""
        for chunk in unpack(data, member, name):
            left -= len(chunk)
            if left < 0:
                size = f"{MAX_UNPACKED_BYTES / 1e6:,.0f} MB"
                raise file_problem(name, f"unpacks to more than {size}", "too_large", suggestion="it may be damaged or hostile")
            if member.filename.startswith("xl/worksheets/"):
                for letters, digits in _CELL.findall(tail + chunk):
                    rows = max(rows, int(digits))
                    columns = max(columns, column_number(letters))
                tail = chunk[-_TAIL:]
        if rows > MAX_ROWS + 1 or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
            message = f"has a sheet that reaches to row {rows:,} and column {columns:,}"
            limit = f"at most {MAX_ROWS:,} rows and {MAX_COLUMNS} columns, {MAX_CELLS:,} cells in all"
            raise file_problem(name, f"{message}; {limit}", "too_large", suggestion="delete the stray cells at its end")


def unpack(data: bytes, member: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """The content of a member as it really is, whatever the directory says about its size."""
    start = member.header_offset
    header = data[start : start + _LOCAL_HEADER_BYTES]
    if len(header) < _LOCAL_HEADER_BYTES or header[:4] != b"PK\x03\x04":
        raise file_problem(name, "is a damaged workbook", "truncated")
    start += _LOCAL_HEADER_BYTES + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = memoryview(data)[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        for i in range(0, len(packed), _CHUNK):
            yield bytes(packed[i : i + _CHUNK])
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise file_problem(name, "is packed in a way that workbooks are not", "binary", suggestion="save it again as .xlsx")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        pending: bytes | memoryview = packed
        while pending and not inflate.eof:
            yield inflate.decompress(pending, _CHUNK)
            pending = inflate.unconsumed_tail
        yield inflate.flush()
    except zlib.error:
        raise file_problem(name, "is a damaged workbook", "truncated") from None
    if not inflate.eof:
        raise file_problem(name, "is a damaged workbook; it may be cut off", "truncated")


def column_number(letters: bytes) -> int:
    """1 for ``A``, 27 for ``AA``."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
