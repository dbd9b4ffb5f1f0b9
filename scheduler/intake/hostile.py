"""What no sender's workbook should hold: code, links to other files, and what makes a small file a huge one.

Everything here looks at an archive (xlsx, ods) before a reader of spreadsheets sees it, and keeps nothing of it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from itertools import pairwise

from scheduler.errors import InputError
from scheduler.intake.findings import Finding, Refused
from scheduler.intake.limits import MOST_CHARACTERS, MOST_MEMBERS, MOST_SHEETS, MOST_UNPACKED_BYTES, check_size
from scheduler.io.archive import column_number, unpack

_TAIL_BYTES = 256  # kept from one chunk to the next, so that nothing that is looked for is cut in two
_CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"'][^<>]*?(/?)>")
_SHARED = re.compile(rb"\bt\s*=\s*[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v>(\d+)</")
_STRING_END = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si\s*/>")
_TAGS_BYTES = len("<si><t></t></si>")
_XML_NAMES = (".xml", ".rels", ".vml", ".rdf")
_MOST_PATH, _MOST_DEPTH = 500, 20


def check_archive(data: bytes) -> str:
    """Refuse an archive that is no workbook, or not safe to open.

    Returns
    -------
    str
        ``xlsx`` or ``ods``.

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
    names = [member.filename.replace("\\", "/").lower() for member in members]
    kind = _kind(set(names))
    if kind == "ods" and b"opendocument.text" in data[:_TAIL_BYTES]:  # the first file of each, stored as it is
        raise Refused(Finding("document"))
    if len(members) > MOST_MEMBERS:
        raise Refused(Finding("too_many_members", said={"most": MOST_MEMBERS}))
    for name, member in zip(names, members, strict=True):
        if member.flag_bits & 1:
            raise Refused(Finding("password"))
        _check_name(name)
    if sum(name.startswith("xl/worksheets/") and name.endswith(".xml") for name in names) > MOST_SHEETS:
        raise Refused(Finding("too_many_sheets", said={"most": MOST_SHEETS}))
    # The texts that cells share come first: what a cell shows depends on their lengths.
    order = sorted(range(len(members)), key=lambda i: not names[i].endswith("sharedstrings.xml"))
    scan = _Scan(data)
    for i in order:
        scan.read(names[i], members[i])
    return kind


def _kind(names: set[str]) -> str:
    if "word/document.xml" in names:
        raise Refused(Finding("document"))
    if "ppt/presentation.xml" in names:
        raise Refused(Finding("not_a_table"))
    if "index/document.iwa" in names or "index.zip" in names:
        raise Refused(Finding("numbers"))
    if "encrypted-package" in names:
        raise Refused(Finding("password"))
    if "xl/workbook.bin" in names:
        raise Refused(Finding("binary_workbook"))
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise Refused(Finding("packed"))


def _check_name(name: str) -> None:
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or re.match(r"[a-z]:", name) or len(name) > _MOST_PATH or len(parts) > _MOST_DEPTH:
        raise Refused(Finding("odd_paths"))
    if "vbaproject" in name or not {"basic", "scripts"}.isdisjoint(parts[:-1]) or name.startswith("xl/macrosheets/"):
        raise Refused(Finding("macros"))
    if name.startswith(("xl/externallinks/", "xl/connections", "xl/querytables/")):
        raise Refused(Finding("external_links"))
    # In an ods a chart is a folder "Object 1/"; a file of that name is a document of another program.
    if name.startswith(("xl/embeddings/", "xl/activex/")) or re.fullmatch(r"object \d+", name):
        raise Refused(Finding("embedded"))


class _Scan:
    """All files of an archive as they really are, whatever its directory says about them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = MOST_UNPACKED_BYTES
        self._lengths: list[int] = []
        self._characters = self._cells = 0

    def read(self, name: str, member: zipfile.ZipInfo) -> None:
        strings = io.BytesIO() if name.endswith("sharedstrings.xml") else None
        is_sheet = name.startswith("xl/") and name.endswith(".xml") and strings is None
        size = check = rows = columns = 0
        tail = b""
        try:
            for chunk in unpack(self._data, member, ""):
                size += len(chunk)
                check = zlib.crc32(chunk, check)
                if size > self._left:
                    raise Refused(Finding("unpacks_too_large", said={"megabytes": MOST_UNPACKED_BYTES // 1_000_000}))
                window = tail + chunk
                if name.endswith(_XML_NAMES):
                    _check_xml(window, name)
                if strings is not None:
                    strings.write(chunk)
                elif is_sheet:
                    rows, columns = self._reach(window, len(tail), rows, columns)
                    check_size(rows, columns, self._cells + rows * columns)
                tail = window[-_TAIL_BYTES:]
        except InputError:
            raise Refused(Finding("damaged")) from None
        if size != member.file_size or check != member.CRC:
            raise Refused(Finding("damaged"))
        self._left -= size
        self._cells += rows * columns
        if strings is not None:
            ends = [0, *(match.end() for match in _STRING_END.finditer(strings.getbuffer()))]
            self._lengths = [max(0, end - start - _TAGS_BYTES) for start, end in pairwise(ends)]

    def _reach(self, window: bytes, seen: int, rows: int, columns: int) -> tuple[int, int]:
        """The last row and column of a sheet that hold anything; what its texts amount to is counted beside."""
        for match in _CELL.finditer(window):
            if not match[3]:  # a cell without content has a style only
                rows, columns = max(rows, int(match[2])), max(columns, column_number(match[1]))
        if self._lengths:
            for match in _SHARED.finditer(window):
                if match.end() > seen:
                    index = int(match[1])
                    self._characters += self._lengths[index] if index < len(self._lengths) else 0
            if self._characters > MOST_CHARACTERS:
                raise Refused(Finding("too_much_text"))
        return rows, columns


def _check_xml(window: bytes, name: str) -> None:
    # Workbooks are written in UTF-8; in another encoding what follows could not be seen.
    if b"\x00" in window[:_TAIL_BYTES] or b"<!DOCTYPE" in window or b"<!ENTITY" in window:
        raise Refused(Finding("entities"))
    if name == "meta-inf/manifest.xml" and b"encryption-data" in window:
        raise Refused(Finding("password"))
