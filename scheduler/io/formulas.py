"""Formulas of a workbook that have no value: the reader of spreadsheets shows them as empty cells, which would mean a default."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from posixpath import normpath
from xml.etree import ElementTree

from scheduler.io.archive import column_number

#: What is shown for a formula of which no program has saved a value yet.
NOT_CALCULATED = "#NOT CALCULATED"

_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_TYPE = re.compile(rb"\bt\s*=\s*[\"'](\w+)[\"']")
_ERROR = re.compile(rb"\st\s*=\s*[\"']e[\"']")
_FORMULA = re.compile(rb"<f[\s/>]")
_VALUE = re.compile(rb"<v>([^<]+)</")
_UNREADABLE = (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, LookupError, ValueError, RuntimeError, OSError, EOFError)


def failed_formulas(data: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """By sheet, then by row and column (both from 0): the error that a cell shows, or `NOT_CALCULATED`.

    Parameters
    ----------
    data
        A workbook that `check_workbook` has let pass.
    """
    found: dict[str, dict[tuple[int, int], str]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for sheet, member in _members(archive):
                content = archive.read(member)
                if _ERROR.search(content) or _FORMULA.search(content):
                    found[sheet] = dict(_failed(content))
    except _UNREADABLE:
        pass  # what cannot be read here is for the reader of the cells to refuse
    return found


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet, and the file in the archive that holds it."""
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            link = next((value for key, value in element.items() if key.rpartition("}")[2] == "id"), None)
            target = targets.get(link, "")
            if target:
                yield element.get("name", ""), target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")


def _failed(content: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    end = content.find(b"</c>")
    begin = 0
    while end >= 0:
        start = content.rfind(b"<c ", begin, end)
        attributes, _, inside = content[start:end].partition(b">") if start >= 0 else (b"", b"", b"")
        begin, end = end, content.find(b"</c>", end + 1)
        place, kind = _PLACE.search(attributes), _TYPE.search(attributes)
        value = _VALUE.search(inside)
        if place is None:
            continue
        at = int(place[2]) - 1, column_number(place[1]) - 1
        if kind is not None and kind[1] == b"e":
            yield at, value[1].decode("utf-8", "replace").strip() if value else "#VALUE!"
        elif value is None and (kind is None or kind[1] == b"n") and _FORMULA.search(inside):
            yield at, NOT_CALCULATED
