"""The page: well-formed, self-contained, everything escaped, and every placement in its weeks."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from scheduler.domain import Schedule, Status
from scheduler.export.page import page
from scheduler.export.page_board import Bar, boards
from scheduler.export.readers import Reader
from scheduler.export.view import View, view
from scheduler.io import read_instance, read_solution
from scheduler.words.locale import Locale
from scheduler.words.phrasebook import Phrasebook
from tests.examples import example, reference
from tests.verify.world import BASE, SPLIT, put, world
from tests.verify.world import week as day_of_week

ROOT = Path(__file__).parents[2]
VOID = {"meta", "br", "img", "input", "link", "hr"}
EVIL = "</td></style><script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;{{ 7*7 }}"


class Reading(HTMLParser):
    """All tags and texts of a page; fails where a tag is closed that is not the innermost open one."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(content.decode())
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), (tag, names)
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open, self.getpos())
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def small() -> View:
    instance = read_instance(ROOT / "instances/small")
    return view(instance, read_solution(ROOT / "solutions/small", instance))


def hostile() -> View:
    units = [{**BASE["units"][0], "name": EVIL}, BASE["units"][1]]
    schools = [{"school": "maple", "name": EVIL}, {"school": "oak"}]
    programs = [{**BASE["programs"][0], "name": EVIL}, BASE["programs"][1]]
    instance = world(name=EVIL, units=units, schools=schools, programs=programs, shifts=[])
    evil = put("ann", "MS", "ward", day_of_week(0), specialty=EVIL)
    return view(instance, Schedule(status=Status.FEASIBLE, placements=(evil,), versions={"x": EVIL}))


def test_tags_are_balanced_and_ids_used_once(small: View) -> None:
    read = Reading(page(small))
    ids = Counter(attributes["id"] for _, attributes in read.tags if "id" in attributes)
    assert set(ids.values()) == {1}
    targets = {attributes["href"].removeprefix("#") for attributes in read.all("a")}
    labels = {label for _, attributes in read.tags if (label := attributes.get("aria-labelledby"))}
    assert targets | labels <= set(ids)


def test_nothing_is_loaded_and_nothing_runs(small: View) -> None:
    content = page(small).decode()
    read = Reading(content.encode())
    assert {tag for tag, _ in read.tags}.isdisjoint({"script", "link", "img", "iframe", "object", "form", "base"})
    for tag, attributes in read.tags:
        assert not [a for a in attributes if a.startswith("on") or a in ("src", "style", "srcset", "action")], tag
        assert attributes.get("href", "#").startswith("#")
    assert "url(" not in content and "@import" not in content
    (policy,) = (a["content"] for a in read.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    style = content.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_markup_in_names_stays_text() -> None:
    seen = hostile()
    content = page(seen)
    assert b"<script" not in content and b"<img" not in content
    read = Reading(content)
    assert EVIL in read.texts  # the heading, exactly as it is written
    assert any(EVIL in attributes.get("title", "") for attributes in read.all("td"))
    assert any(EVIL in text for text in read.texts if "·" in text)  # school and program
    assert content.count(b"<style>") == content.count(b"</style>") == 1


def test_tables_can_be_read_aloud(small: View) -> None:
    content = page(small).decode()
    read = Reading(content.encode())
    assert read.all("html") == [{"lang": "en"}]
    assert "<title>small: Clinical rotations</title>" in content
    tables = content.count("<table")
    assert tables == content.count("<caption>") > 8
    assert {attributes.get("scope") for attributes in read.all("th")} == {"col", "row"}
    assert content.count("<h1>") == 1


def test_every_placement_is_in_its_weeks(small: View) -> None:
    first = small.instance.first_monday
    found = set()
    for program in boards(small):
        for line in program.lines:
            for lane in line.lanes:
                week = 0
                for bar in lane:
                    if isinstance(bar, Bar):
                        found.add((program.school, line.who, bar.unit, week, week + bar.weeks - 1, bar.specialty))
                    week += bar.weeks if bar else 1
                assert week == small.instance.weeks
    assert found == {
        (s.school_name, s.who, s.row.unit, (s.row.start - first).days // 7, (s.row.end - first).days // 7, s.row.specialty)
        for s in small.stays
    }
    assert len(found) == len(small.stays) == 36
    bars = [a["title"] for a in Reading(page(small)).all("td") if "title" in a]
    assert len(bars) == 36
    assert sum(title.startswith("p-01: ") for title in bars) == 4


def test_a_row_of_the_board_has_as_many_cells_as_weeks(small: View) -> None:
    content = page(small).decode()
    boards_only = "".join(re.findall(r'<table class="board">.*?</table>', content, re.DOTALL))
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", boards_only, re.DOTALL):
        cells = Reading(row.encode()).all("td")
        assert sum(int(cell.get("colspan", "1")) for cell in cells) in (0, small.instance.weeks)


def test_what_runs_beside_a_block_is_below_it(small: View) -> None:
    medicine = next(program for program in boards(small) if program.program == "Medicine")
    blocks, clinic = medicine.lines[0].lanes
    assert [bar.unit for bar in blocks if bar] == ["IM", "ED"]
    assert [(bar.unit, bar.detail) for bar in clinic if bar] == [("FAM", "Fri silva")]


def test_a_party_without_any_placement_has_a_row() -> None:
    seen = view(world(), Schedule(status=Status.FEASIBLE, placements=(put("ann", "MS", "ward", day_of_week(0)),)))
    lines = {line.who: line for program in boards(seen) for line in program.lines}
    assert {who: line.unplaced for who, line in lines.items()} == {"ann": 1, "bob": 2, "cyd": 2}
    assert lines["bob"].lanes == ((None,) * 12,)


def test_parts_of_a_group_have_rows_of_their_own() -> None:
    parts = (put("A", "MS", "ward", day_of_week(0), part=1), put("A", "MS", "ward", day_of_week(2), part=2))
    seen = view(world(**SPLIT), Schedule(status=Status.FEASIBLE, placements=parts))
    assert {"group A part 1", "group A part 2"} <= {line.who for program in boards(seen) for line in program.lines}


def test_the_head_says_how_it_stands(small: View) -> None:
    text = " ".join(" ".join(Reading(page(small)).texts).split())
    assert "36 placements 50 student places" in text
    assert "2 unplaced rotations 2 students" in text
    assert "every rule holds" in text
    assert "No more placements are possible, and no better schedule exists under this policy (proved)." in text
    assert "Aug 24, 2026 to Dec 13, 2026 · 20 students of 2 schools · as planned on Jun 15, 2026" in text
    assert "Cost by rule: 2,072 points" in text


def test_a_schedule_that_breaks_rules_says_so_first(small: View) -> None:
    first, *others = small.schedule.placements
    moved = first.model_copy(update={"start": first.start + timedelta(days=1)})
    broken = view(small.instance, small.schedule.model_copy(update={"placements": (moved, *others)}))
    assert broken.report.violations
    text = "\n".join(Reading(page(broken)).texts)
    assert "every rule holds" not in text and "(proved)" not in text
    assert "Nothing is proved about a schedule that does not pass the check." in text
    for tag, page_of in (("en", broken), ("es", replace(broken, locale=Locale("es")))):
        said, text = Phrasebook(Locale(tag)).said, "\n".join(Reading(page(page_of)).texts)
        assert all(f"{said(found.sentence)} [{found.rule}]" in text for found in broken.report.violations)
    hidden = replace(broken, report=replace(broken.report, violations=()))
    assert "not every rule holds" in "\n".join(Reading(page(hidden)).texts)


def test_students_at_risk_and_items_count_once() -> None:
    demands = [{"site": site, "item": "flu", "due_days_before": 7} for site in ("mercy", "lake")]
    placements = (put("ann", "MS", "ward", day_of_week(2)), put("ann", "FM", "clinic", day_of_week(4)))
    seen = view(world(site_clearances=demands), Schedule(status=Status.FEASIBLE, placements=placements))
    text = " ".join(" ".join(Reading(page(seen)).texts).split())
    assert "1 student at risk 1 compliance item still due" in text


@pytest.mark.parametrize(
    "reader", [Reader("school", "oak"), Reader("preceptor", "patel"), Reader("unit", "ED"), Reader("student", "p-01")]
)
def test_each_reader_gets_a_page_with_only_their_placements(small: View, reader: Reader) -> None:
    own = view(small.instance, small.schedule, reader)
    read = Reading(page(own))
    assert len([a for a in read.all("td") if "title" in a]) == len(own.stays) > 0
    assert "proved" not in " ".join(read.texts) and "Cost by rule" not in " ".join(read.texts)


def test_an_empty_schedule_is_a_page() -> None:
    text = " ".join(Reading(page(view(world(students=[]), Schedule(status=Status.FEASIBLE)))).texts)
    assert "Nobody is placed." in text and "Everything is placed." in text


def test_the_same_view_gives_the_same_bytes(small: View) -> None:
    assert page(small) == page(small)


def test_who_covers_is_said_in_the_language_of_the_page() -> None:
    made = view(example("small"), reference("small"), locale=Locale("es"))
    stays = tuple(replace(stay, preceptor_name="Kim (Lee covers from 2026-09-07 to 2026-09-11)") for stay in made.stays)
    lines = [line for program in boards(replace(made, stays=stays)) for line in program.lines]
    bars = [bar for line in lines for lane in line.lanes for bar in lane if bar]
    assert bars
    assert all("suplente Lee" in bar.detail and "covers" not in f"{bar.detail} {bar.title}" for bar in bars)
