"""What no sender's file should hold: code, links to other files, and what makes a small file a huge one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from scheduler.errors import InputError
from scheduler.intake.findings import Finding, Refused
from scheduler.io.archive import unpack

#: Most bytes that a workbook may unpack to, files in it, sheets, rows, columns and cells of a sheet.
MOST_UNPACKED_BYTES = 300_000_000
MOST_MEMBERS = 2_000
MOST_SHEETS = 60
MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
MOST_CELLS = 5_000_000
#: Most characters of all cells of a sheet together; a text that many cells share counts for each of them.
MOST_CHARACTERS = 200_000_000

_TAIL_BYTES = 256  # kept from one chunk to the next, so that nothing that is looked for is cut in two
_CELL = re.compile(rb"<c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"'][^>]*?(/?)>")
_SHARED = re.compile(rb"\bt\s*=\s*[\"']s[\"'][^>]*>\s*<v>(\d+)</v>")
_STRING = re.compile(rb"<(?:\w+:)?si\b.*?</(?:\w+:)?si>", re.DOTALL)
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*)>|<table:(?:covered-)?table-cell\b([^>]*?)(/?)>|</table:table>")
_ROWS_REPEATED = re.compile(rb"table:number-rows-repeated=[\"'](\d{1,12})[\"']")
_COLUMNS_REPEATED = re.compile(rb"table:number-columns-repeated=[\"'](\d{1,12})[\"']")
_XML_NAMES = (".xml", ".rels", ".vml", ".rdf")


def check_archive(data: bytes) -> None:
    """Refuse a workbook (xlsx, ods) that is not safe to open; nothing of it is kept.

    Raises
    ------
    Refused
        With the reason.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
        raise Refused(Finding("damaged")) from None
    if len(members) > MOST_MEMBERS:
        raise Refused(Finding("too_many_members", said={"most": MOST_MEMBERS}))
    for member in members:
        _check_name(member.filename.replace("\\", "/"))
        if member.flag_bits & 1:
            raise Refused(Finding("password"))
    if sum(m.filename.startswith("xl/worksheets/") for m in members) > MOST_SHEETS:
        raise Refused(Finding("too_many_sheets", said={"most": MOST_SHEETS}))
    left = MOST_UNPACKED_BYTES
    lengths: list[int] = []
    members.sort(key=lambda m: m.filename != "xl/sharedStrings.xml")  # lengths of texts first
    for member in members:
        name = member.filename
        sheet = _Sheet(lengths) if name.startswith("xl/worksheets/") else _OdsContent() if name == "content.xml" else None
        strings = bytearray()
        tail = b""
        for chunk in _chunks(data, member):
            left -= len(chunk)
            if left < 0:
                raise Refused(Finding("unpacks_too_large", said={"megabytes": MOST_UNPACKED_BYTES // 1_000_000}))
            window = tail + chunk
            if name.lower().endswith(_XML_NAMES):
                _check_xml(window, first=not tail)
            if name == "xl/sharedStrings.xml":
                strings += chunk
            elif sheet is not None:
                sheet.take(window)
            tail = window[-_TAIL_BYTES:]
        if strings:
            lengths += [len(match[0]) for match in _STRING.finditer(bytes(strings))]


def check_old_workbook(data: bytes) -> None:
    """The same for an xls."""
    for marks, code in (("EncryptedPackage", "password"), ("EncryptionInfo", "password"), ("_VBA_PROJECT", "macros")):
        if marks.encode("utf-16-le") in data:
            raise Refused(Finding(code))
    if not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        raise Refused(Finding("not_a_table"))


def _chunks(data: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        yield from unpack(data, member, "")
    except InputError:
        raise Refused(Finding("damaged")) from None


def _check_name(name: str) -> None:
    plain = name.lower()
    if name.startswith("/") or ".." in name.split("/") or re.match(r"[a-z]:", plain) or len(name) > 500 or name.count("/") > 20:
        raise Refused(Finding("odd_paths"))
    if "vbaproject" in plain or plain.startswith(("basic/", "scripts/", "xl/macrosheets/", "xl/dialogsheets/")):
        raise Refused(Finding("macros"))
    if plain.startswith(("xl/externallinks/", "xl/connections", "xl/querytables/")):
        raise Refused(Finding("external_links"))
    if plain.startswith(("xl/embeddings/", "xl/activex/")) or re.match(r"object(replacements)? ?\d*/", plain):
        raise Refused(Finding("embedded"))
    if plain == "word/document.xml" or plain.startswith(("ppt/", "index/document.iwa")):
        raise Refused(Finding("not_a_table"))


def _check_xml(window: bytes, first: bool) -> None:
    if first and window[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Refused(Finding("entities"))
    if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
        raise Refused(Finding("entities"))
    if b"<table:dde-link" in window or b"<table:table-source" in window or b"<office:dde-source" in window:
        raise Refused(Finding("external_links"))
    if b"<office:scripts><" in window.replace(b" ", b"") and b"<script:event-listener" in window:
        raise Refused(Finding("macros"))


class _Sheet:
    """How far the filled cells of a sheet of an xlsx reach, and how many characters they show."""

    def __init__(self, lengths: list[int]) -> None:
        self._lengths, self._characters = lengths, 0
        self._rows = self._columns = 0

    def take(self, window: bytes) -> None:
        for match in _CELL.finditer(window):
            if not match[3]:  # a cell without content has a style only
                self._rows = max(self._rows, int(match[2]))
                self._columns = max(self._columns, _column_number(match[1]))
        _check_size(self._rows, self._columns)
        for match in _SHARED.finditer(window):
            index = int(match[1])
            self._characters += self._lengths[index] if index < len(self._lengths) else 0
        if self._characters > MOST_CHARACTERS:
            raise Refused(Finding("too_much_text"))


class _OdsContent:
    """The same of an ods, where rows and cells say how often they are repeated."""

    def __init__(self) -> None:
        self._rows = self._cells = self._filled_rows = 0
        self._again = 1
        self._columns = 0
        self._sheets = 0
        self._rest = b""

    def take(self, window: bytes) -> None:
        end = 0
        window = self._rest + window[_TAIL_BYTES:] if self._rest else window
        for match in _ODS_ROW.finditer(window):
            end = match.end()
            if match[0].startswith(b"</"):
                self._rows = self._cells = 0
                self._sheets += 1
                if self._sheets > MOST_SHEETS:
                    raise Refused(Finding("too_many_sheets", said={"most": MOST_SHEETS}))
            elif match[1] is not None:
                self._again = _times(_ROWS_REPEATED, match[1])
                self._columns = 0
                self._rows += self._again
            else:
                self._columns += _times(_COLUMNS_REPEATED, match[2])
                if not match[3]:  # with something in it
                    _check_size(self._rows, self._columns)
                    self._cells += self._again * _times(_COLUMNS_REPEATED, match[2])
                    if self._cells > MOST_CELLS:
                        _check_size(MOST_ROWS + 1, self._columns)
        self._rest = window[max(end, len(window) - 4096) :]


def _times(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    match = pattern.search(attributes)
    return int(match[1]) if match else 1


def _check_size(rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > 40 * MOST_CELLS:
        raise Refused(Finding("too_many_cells", said={"rows": rows, "columns": columns, "most": MOST_ROWS}))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
