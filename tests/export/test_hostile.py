"""Whatever stands in a free text of an input file, no exported file runs it, reads it as a formula, or breaks because of it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from ical.calendar_stream import IcsCalendarStream

from scheduler.domain import Instance, Schedule
from scheduler.export.charts import charts
from scheduler.export.charts.drawing import svg
from scheduler.export.files import render
from scheduler.export.packs import Packs
from scheduler.export.packs_page import PackFiles
from scheduler.export.view import view
from tests.examples import example, reference
from tests.hostile import EVIL, hostile, told

#: What a page of ours is made of.
TAGS = re.compile(
    r"html|head|meta|title|style|body|header|main|nav|section|aside|footer|article|div|p|h[1-4]|ul|ol|li|dl|dt|dd|a|b|i|em|strong"
    r"|small|span|table|caption|thead|tbody|tr|th|td|details|summary|br|hr|time|abbr|code"
)
#: A spreadsheet may take a cell that begins with one of these for a formula.
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
NUMBER = re.compile(r"-?\d[\d.,]*%?")


class Page(HTMLParser):
    """Fails at any tag or attribute that is not of ours."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert TAGS.fullmatch(tag), tag
        for name, value in attrs:
            assert not name.startswith("on") and name != "style", (tag, name)
            if name == "href":
                assert re.match(r"#|[\w%.~-]+(/|\.(html|xlsx|ics)$)", value or ""), value


@pytest.fixture(scope="module")
def small() -> tuple[Instance, Schedule]:
    return example("small"), reference("small")


def files(instance: Instance, schedule: Schedule) -> Iterator[tuple[str, bytes]]:
    """Every file of every export, packs of one reader of each kind among them."""
    seen = view(instance, schedule)
    for kind in ("csv", "xlsx", "ics", "html", "json"):
        yield from render(seen, kind).files.items()
    for chart in charts(seen):
        yield f"{chart.name}.svg", svg(chart)
    packs = Packs(instance, schedule)
    written = PackFiles(packs)
    yield "index.html", written.index(packs.readers)
    for reader in {reader.kind: reader for reader in packs.readers}.values():
        yield from written.files(packs.pack(reader)).items()


@pytest.mark.parametrize("text", EVIL)
def test_nothing_that_a_file_says_runs(small: tuple[Instance, Schedule], text: str) -> None:
    instance, schedule = hostile(small[0], text), told(small[1], text)
    shown = 0
    for name, content in files(instance, schedule):
        kind = name.rpartition(".")[2]
        CHECKS[kind](content)
        shown += kind == "html" and b"Content-Security-Policy" in content
    assert shown > 4


def _html(content: bytes) -> None:
    Page().feed(content.decode())
    assert b"\0" not in content


def _csv(content: bytes) -> None:
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        for cell in row:
            assert not FORMULA.match(cell) or NUMBER.fullmatch(cell), cell


def _xlsx(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for member in book.namelist():
            data = book.read(member)
            if member.endswith((".xml", ".rels")):
                root = ElementTree.fromstring(data)
                assert not any(element.tag.endswith(("}f", "}hyperlink", "}oleObject")) for element in root.iter()), member


def _ics(content: bytes) -> None:
    (calendar,) = IcsCalendarStream.from_ics(content.decode()).calendars
    assert calendar.events
    for line in content.split(b"\r\n"):
        assert len(line) <= 75 and b"\n" not in line and b"\r" not in line
        assert not re.match(rb"(ATTACH|URL|ATTENDEE|ORGANIZER)", line)


def _json(content: bytes) -> None:
    assert json.loads(content)["sheets"]


def _svg(content: bytes) -> None:
    for element in ElementTree.fromstring(content).iter():
        assert not element.tag.endswith(("}script", "}a", "}foreignObject", "}image"))
        assert not any(name.startswith("on") or name.endswith("href") for name in element.attrib)


CHECKS = {"html": _html, "csv": _csv, "xlsx": _xlsx, "ics": _ics, "json": _json, "svg": _svg}
