"""A scorecard in every form, read back: the same figures, in both languages, whatever the names are."""

from __future__ import annotations

import csv
import io
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from scheduler.domain.outcomes import Outcomes
from scheduler.export.charts.chart import clean
from scheduler.scorecard import Form
from scheduler.scorecard.card import Scorecard, for_school, scorecard
from scheduler.scorecard.describe import measures_markdown
from scheduler.scorecard.figures import WHOLE, Figure
from scheduler.scorecard.files import render
from scheduler.scorecard.measures import MEASURES, THEMES
from scheduler.scorecard.pictures import pictures
from scheduler.scorecard.terms import Term
from scheduler.scorecard.wording import Wording
from scheduler.words import LANGUAGES
from scheduler.words.locale import Locale
from tests.export.reading import _texts
from tests.scorecard.test_figures import MAPLE, OAK, THREE
from tests.scorecard.test_terms import counts, past, solved, survey

ENGLISH = Wording(Locale())
HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|'/c calc'!A1",
    "\u202eevil\u0007",
    "]]>&amp;\"' onload=x",
    "{{ 7*7 }}",
    "datum.value > 0 ? 1 : 2",
    '{"expr": "warn(\'x\')"}',
)


def two_terms(**tables: Any) -> Scorecard:
    rows = (counts("graduates_hired", 3, 4, school="maple"), counts("research_projects", 2, None))
    outcomes = Outcomes(outcomes=rows, surveys=(survey(10, 4, school="oak"), survey(3, 4, respondent="unit")))
    return scorecard([solved("spring", 0, *THREE, history=[past()], **tables), solved("autumn", 30, *THREE[:1])], outcomes)


def made(card: Scorecard, form: Form, language: str = "en") -> Mapping[str, bytes]:
    return render(card, Wording(Locale(language)), form)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


class Tags(HTMLParser):
    """Every tag with each of its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(tag, name) for name, _ in attrs] or [(tag, "")]


def images(html: str) -> list[str]:
    return [b64decode(found).decode() for found in re.findall(r'src="data:image/svg\+xml;base64,([^"]*)"', html)]


def test_tables_have_a_column_for_each_term() -> None:
    files = made(two_terms(), "csv")
    assert set(files) == {"whole.csv", "schools.csv", "sites.csv", "figures.csv"}
    by_measure = {row["measure"]: row for row in rows_of(files["whole.csv"])}
    placed = by_measure["Rotations placed"]
    assert (placed["term_fall25"], placed["term_spring"], placed["term_autumn"]) == (
        "80.0% (8 of 10)",
        "50.0% (3 of 6)",
        "16.7% (1 of 6)",
    )
    assert by_measure["Competencies covered"]["term_spring"] == "no data"
    assert by_measure["Research projects"]["term_spring"] == "2"
    assert by_measure["Satisfaction of students"]["term_spring"] == "75 of 100 (10 answers)"
    assert by_measure["Satisfaction of units"]["term_spring"] == "too few answers (3)"
    schools = [
        (row["school"], row["term_spring"]) for row in rows_of(files["schools.csv"]) if row["measure"] == "Rotations placed"
    ]
    assert schools == [("maple", "50.0% (2 of 4)"), ("oak", "50.0% (1 of 2)")]


def test_every_figure_is_a_row_with_its_counts() -> None:
    card = two_terms()
    rows = rows_of(made(card, "csv")["figures.csv"])
    assert len(rows) == sum(map(len, card.figures))
    (row,) = [
        r for r in rows if (r["term"], r["kind"], r["id"], r["measure_id"]) == ("spring", "school", "oak", "placement_rate")
    ]
    assert (row["value"], row["numerator"], row["denominator"], row["source"]) == ("50", "1", "2", "schedule")
    (few,) = [r for r in rows if r["measure_id"] == "satisfaction_unit"]
    assert (few["value"], few["numerator"], few["denominator"]) == ("", "", "3")


def test_the_workbook_has_the_same_tables() -> None:
    content = made(two_terms(), "xlsx")["scorecard.xlsx"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["All together", "Schools", "Sites", "All figures"]
    rows = book.get_sheet_by_name("All together").to_python()
    assert rows[0] == ["Subject", "Measure", "fall25", "spring", "autumn", "Counted"]
    assert ["Students", "Rotations placed", "80.0% (8 of 10)", "50.0% (3 of 6)", "16.7% (1 of 6)"] in [r[:5] for r in rows]
    numbers = book.get_sheet_by_name("All figures").to_python()
    assert any(r[5] == "placement_rate" and r[8:11] == [50.0, 3.0, 6.0] for r in numbers)


def test_data_for_programs() -> None:
    found = json.loads(made(two_terms(), "json")["scorecard.json"])
    assert [t["term"] for t in found["terms"]] == ["fall25", "spring", "autumn"]
    assert {m["id"] for m in found["measures"]} == set(MEASURES)
    (rate,) = [f for f in found["figures"] if (f["term"], f["of"], f["measure"]) == ("autumn", "whole", "placement_rate")]
    assert (rate["numerator"], rate["denominator"]) == (1, 6)
    assert rate["value"] == pytest.approx(100 / 6)


def test_the_page_stands_by_itself_and_forbids_everything_else() -> None:
    html = made(two_terms(), "html")["scorecard.html"].decode()
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'" in html
    assert "<script" not in html
    assert not re.search(r'(src|href)="(?!data:image/svg)', html)
    assert all(alt for alt in re.findall(r'alt="([^"]*)"', html))
    assert len(images(html)) == html.count("alt=") == 3
    said = " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
    assert "Rotations placed students' rotations placed, of those asked 80.0% 8 of 10 50.0% 3 of 6 16.7% 1 of 6" in said
    assert "which is not 0%" in said


def test_a_page_says_when_rules_are_broken() -> None:
    from dataclasses import replace

    good = solved("spring", 0, *THREE)
    says = "these figures are not the last word"
    assert says not in made(scorecard([good]), "html")["scorecard.html"].decode()
    assert says in made(scorecard([replace(good, holds=False)]), "html")["scorecard.html"].decode()


def test_pictures_can_be_drawn() -> None:
    card = two_terms()
    drawn = made(card, "svg")
    assert set(drawn) == {"schools.svg", "sites.svg", "trend.svg"}
    for content in drawn.values():
        root = ElementTree.fromstring(content)
        assert float(root.attrib["width"]) <= 643, "17 cm at 96 dots an inch"
    shown = " ".join(ElementTree.fromstring(drawn["schools.svg"]).itertext())
    assert "undefined" not in shown
    assert "16.7% · 1 of 6" not in shown, "the bars are of single schools"
    assert "25.0% · 1 of 4" in shown
    assert "no data" in shown
    for content in made(card, "png").values():
        assert content.startswith(b"\x89PNG")


def test_a_trend_needs_two_terms() -> None:
    assert set(pictures(scorecard([solved("spring", 0, *THREE)]), ENGLISH)) == {"schools", "sites"}
    titles = [panel["title"]["text"] for panel in pictures(two_terms(), ENGLISH)["trend"].spec["concat"]]
    shown = {" ".join(lines).strip() for lines in titles}
    assert "Rotations placed" in shown
    assert "Graduates hired" not in shown, "one term tells of it"


def test_bars_stay_within_their_panel() -> None:
    over = Figure("granted_used", 9, 4, "history")
    card = scorecard([solved("spring", 0, *THREE)])
    card = Scorecard(card.terms, ({**card.figures[0], (MAPLE, "granted_used"): over},), card.names)
    panels = pictures(card, ENGLISH)["schools"].spec["concat"]
    assert max(row["value"] or 0 for panel in panels for row in panel["data"]["values"]) == 100


@pytest.mark.parametrize("name", HOSTILE)
def test_names_from_files_stay_text(name: str) -> None:
    named = {"schools": [{"school": "maple", "name": name}, {"school": "oak"}]}
    card = two_terms(**named)
    card.terms[2].label = name
    card = Scorecard(card.terms, card.figures, {**card.names, MAPLE: name})
    html = made(card, "html")["scorecard.html"].decode()
    for text in (html, *images(html), *(content.decode() for content in made(card, "svg").values())):
        tags = Tags()
        tags.feed(text)
        assert not [tag for tag in tags.found if tag[0] == "script" or tag[1].startswith("on")]
    for content in made(card, "svg").values():
        shown = " ".join(ElementTree.fromstring(content).itertext())
        first = clean(name).split()[0][:10]
        assert first in shown, "as it is, not evaluated"
    for content in made(card, "csv").values():
        for line in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
            assert not any(re.match(r"[=+@\t\r-]", cell) for cell in line if not re.fullmatch(r"-?[\d.]+", cell))
    book = made(card, "xlsx")["scorecard.xlsx"]
    assert "<f>" not in "".join(_texts("scorecard.xlsx", book))
    assert json.loads(made(card, "json")["scorecard.json"])["terms"][2]["term"] == name


def test_data_are_values_and_never_settings() -> None:
    card = two_terms(schools=[{"school": "maple", "name": "HOSTILE"}, {"school": "oak"}])
    card = Scorecard(card.terms, card.figures, {**card.names, MAPLE: "HOSTILE"})

    def walk(value: Any, path: tuple[str, ...]) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, (*path, key))
        elif isinstance(value, list):
            for inner in value:
                walk(inner, path)
        elif isinstance(value, str) and "HOSTILE" in value:
            assert "values" in path or path[-2:] == ("scale", "domain"), path
        assert "expr" not in path
        assert "signal" not in path

    for drawn in pictures(card, ENGLISH).values():
        walk(drawn.spec, ())


@pytest.mark.parametrize("count", [0, 1, 2, 60])
def test_any_number_of_schools(count: int) -> None:
    names = [f"school-{i:02}" for i in range(count)]
    tables = {
        "schools": [{"school": name, "name": f"The very long name of a university, number {name}"} for name in names],
        "programs": [{"program": name, "school": name, "profession": "rn"} for name in names],
        "students": [{"student": f"s-{name}", "program": name} for name in names],
        "requirements": [{"program": n, "requirement": "MS", "specialties": ("medsurg",), "amount": 2} for n in names],
    }
    card = scorecard([solved("spring", 0, **tables)])
    assert made(card, "html")["scorecard.html"]
    drawn = made(card, "svg")
    assert ("schools.svg" in drawn) == (count > 0)
    if count:
        assert float(ElementTree.fromstring(drawn["schools.svg"]).attrib["width"]) <= 643


def test_a_school_sees_nobody_else_in_any_form() -> None:
    named = [{"school": "maple", "name": "Maple State"}, {"school": "oak", "name": "Oakland College"}]
    card = for_school(two_terms(schools=named), "maple")
    for form in ("csv", "xlsx", "html", "json", "svg"):
        for name, content in made(card, form).items():
            text = "\n".join(_texts(name, content)) if form == "xlsx" else content.decode()
            for shown in (text, *(images(text) if form == "html" else ())):
                assert "Oakland" not in shown, (form, name)
                assert not re.search(r"\boak\b", shown), (form, name)
    html = made(card, "html")["scorecard.html"].decode()
    assert "at least 3 schools" in html
    assert (WHOLE, "placement_rate") not in card.figures[1]
    assert not card.measures("whole"), "there are two schools"
    assert OAK not in card.names


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_has_words(language: str) -> None:
    wording = Wording(Locale(language))
    assert {len(wording.title(m)) > 0 and len(wording.say(f"measures.{m}.counts")) > 0 for m in MEASURES} == {True}
    assert len({wording.title(m) for m in MEASURES}) == len(MEASURES)
    assert {wording.say(f"themes.{theme}") for theme in THEMES}


def test_numbers_and_words_of_another_country() -> None:
    page = made(two_terms(), "html", "es-MX")["scorecard.html"].decode()
    assert '<html lang="es-MX">' in page
    assert "Rotaciones asignadas" in page
    assert "50.0" in page
    said = Wording(Locale("es")).said(Figure("slot_use", 1, 8))
    assert said == "12,5\xa0% (1 de 8)"


def test_the_same_scorecard_gives_the_same_bytes() -> None:
    for form in ("csv", "xlsx", "html", "json", "svg", "png"):
        assert made(two_terms(), form) == made(two_terms(), form)


def test_the_docs_list_every_measure() -> None:
    page = measures_markdown()
    for m in MEASURES.values():
        assert f"| `{m.id}`<br>" in page
        assert m.counted in page


def test_what_a_school_is_not_shown_is_not_called_no_data() -> None:
    card = two_terms()
    seen = for_school(card, "maple")
    rate = Figure("placement_rate", 3, 6, schools=frozenset(("maple", "oak", "elm")))
    seen = Scorecard(seen.terms, (*seen.figures[:2], {**seen.figures[2], (WHOLE, "placement_rate"): rate}), seen.names, "maple")
    (row,) = rows_of(made(seen, "csv")["whole.csv"])
    assert [row[f"term_{term}"] for term in ("fall25", "spring", "autumn")] == ["not shown", "not shown", "50.0% (3 of 6)"]
    assert "not shown" in made(seen, "html")["scorecard.html"].decode()
    assert "not shown" not in made(card, "html")["scorecard.html"].decode()


def test_a_school_is_not_compared_with_what_all_schools_share() -> None:
    drawn = pictures(two_terms(), ENGLISH)
    marks = {
        name: {
            " ".join(p["title"]["text"]).strip(): {row["whole"] for row in p["data"]["values"]} - {None}
            for p in drawn[name].spec["concat"]
        }
        for name in ("schools", "sites")
    }
    assert not marks["schools"]["Places used"]
    assert list(marks["schools"]["Rotations placed"]) == [pytest.approx(100 / 6)]
    assert marks["sites"]["Places used"]


def test_what_there_is_no_data_about_is_named_and_has_neither_row_nor_bar() -> None:
    page = made(two_terms(), "html")["scorecard.html"].decode()
    absent = re.findall(r">No data: ([^<]+)\.<", page)
    assert absent
    whole = page[page.index('<section aria-labelledby="h-whole">') :]
    whole = whole[: whole.index("</section>")]
    for title in re.findall(r">No data: ([^<]+)\.<", whole)[0].split(", "):
        assert f"<span>{title}</span>" not in whole
    for chart in pictures(two_terms(), ENGLISH).values():
        for panel in chart.spec["concat"]:
            for row in panel["data"]["values"]:
                assert "text" not in row or (row["text"] == "no data") == (row["full"] is None)


def test_tables_for_programs_have_one_language() -> None:
    for form in ("csv", "json"):
        assert made(two_terms(), form) == made(two_terms(), form, "es")


def test_a_term_ahead_says_that_it_is_a_plan() -> None:
    data = solved("spring", 0, *THREE)
    ahead, begun = (
        replace(data, instance=data.instance.model_copy(update={"planning_date": data.instance.first_monday + timedelta(days)}))
        for days in (-1, 1)
    )
    assert "as planned" in ENGLISH.term(Term("spring", None, ahead))
    assert "as planned" not in ENGLISH.term(Term("spring", None, begun))
