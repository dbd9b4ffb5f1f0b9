"""Everything that stands in exported files, as one text."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable
from html import unescape

from scheduler.export import FORMATS
from scheduler.export.charts import charts
from scheduler.export.files import render
from scheduler.export.view import View

#: Of pseudonyms.
KEY = bytes(range(16))


def everything(seen: View) -> str:
    """Names and contents of all files of all formats, and all charts.

    Workbooks are unpacked, folded lines of calendars joined, entities decoded.
    """
    found = []
    for kind in FORMATS:
        for name, content in render(seen, kind).files.items():
            found += [name, *_texts(name, content)]
    for chart in charts(seen):
        found += [chart.name, chart.title, chart.description, json.dumps(chart.spec, ensure_ascii=False), str(chart.rows)]
    return "\n".join(found)


def _texts(name: str, content: bytes) -> Iterable[str]:
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [unescape(archive.read(member).decode()) for member in archive.namelist()]
    text = content.decode("utf-8-sig")
    return [re.sub(r"\r?\n[ \t]", "", text) if name.endswith(".ics") else unescape(text)]


def words(text: str) -> set[str]:
    """The words of a text; ids like n-01 are words."""
    return set(re.findall(r"\w[\w-]*", text))
