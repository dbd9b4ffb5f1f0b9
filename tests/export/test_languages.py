"""Exports in Spanish: every label is Spanish, and the figures are those of the English ones."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

import pytest

from scheduler.domain import Instance, Schedule
from scheduler.export.charts import charts
from scheduler.export.files import render
from scheduler.export.packs import Packs
from scheduler.export.packs_page import PackFiles
from scheduler.export.spoken import Spoken
from scheduler.export.view import view
from scheduler.words import words
from scheduler.words.locale import Locale
from tests.examples import example, reference

NAMES = ("small", "riverbend", "harbor", "summit", "prairie", "cedar")
PAGES = ("tables", "page", "packs", "calendars", "phrases", "verifier", "rules")


def texts(page: Mapping[str, Any], key: str = "") -> Iterator[tuple[str, str]]:
    for name, value in page.items():
        if isinstance(value, Mapping):
            yield from texts(value, f"{key}.{name}")
        elif isinstance(value, str):
            yield f"{key}.{name}", value


def english() -> list[str]:
    """Labels of two words or more that Spanish says otherwise; what stands between placeholders counts alone."""
    found = []
    for page in PAGES:
        spanish = dict(texts(words("es", page)))
        for key, text in texts(words("en", page)):
            if spanish[key] != text:
                found += [part for part in re.split(r"\{\w+\}", text) if len(part.split()) > 1 and len(part.strip()) > 8]
    return sorted({part.strip() for part in found})


def written(instance: Instance, schedule: Schedule, locale: Locale) -> dict[str, str]:
    """All that people read, as text by file."""
    seen = view(instance, schedule, locale=locale)
    found = {name: plain(name, content) for kind in ("xlsx", "ics", "html") for name, content in render(seen, kind).files.items()}
    found |= {f"{chart.name}.txt": f"{chart.title} {chart.description}" for chart in charts(seen)}
    packs = Packs(instance, schedule, locale=locale)
    files = PackFiles(packs)
    found["index.html"] = plain("index.html", files.index(packs.readers))
    for reader in {reader.kind: reader for reader in packs.readers}.values():
        found |= {name: plain(name, content) for name, content in files.files(packs.pack(reader)).items()}
    return found


def plain(name: str, content: bytes) -> str:
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "\n".join(re.sub(r"<[^>]+>", "\n", unescape(book.read(m).decode())) for m in book.namelist())
    text = content.decode()
    if name.endswith(".ics"):
        return text.replace("\r\n ", "").replace("\\,", ",").replace("\\;", ";")
    return unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "\n", text, flags=re.DOTALL)) + " ".join(
        re.findall(r'="([^"]*)"', text)
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_label_is_english(name: str) -> None:
    labels = english()
    assert len(labels) > 150
    left = {
        (file, label)
        for file, text in written(example(name), reference(name), Locale("es")).items()
        for label in labels
        if re.search(rf"(?<!\w){re.escape(label)}(?!\w)", text)
    }
    assert left == set()


@pytest.mark.parametrize("name", ["small", "riverbend"])
def test_figures_are_the_same(name: str) -> None:
    instance, schedule = example(name), reference(name)
    tables = view(instance, schedule).sheets
    for own, said in zip(tables, Spoken(Locale("es-MX")).sheets(tables), strict=True):
        assert [column.key for column in own.columns] == [column.key for column in said.columns]
        assert len(own.rows) == len(said.rows)
        for row, other in zip(own.rows, said.rows, strict=True):
            for value, translated in zip(row, other, strict=True):
                assert isinstance(value, str) or value == translated


def test_english_of_another_country_changes_dates_alone() -> None:
    instance, schedule = example("small"), reference("small")
    american, british = (written(instance, schedule, Locale(tag)) for tag in ("en-US", "en-GB"))
    assert american.keys() == british.keys()
    assert "Aug 24, 2026 to Dec 13, 2026" in american["schedule.html"]
    assert "24 Aug 2026 to 13 Dec 2026" in british["schedule.html"]


def test_programs_read_the_same_in_every_language() -> None:
    instance, schedule = example("small"), reference("small")
    both = [view(instance, schedule, locale=Locale(tag)) for tag in ("en", "es")]
    for kind in ("csv", "json"):
        own, other = (render(seen, kind).files for seen in both)
        assert own == other
