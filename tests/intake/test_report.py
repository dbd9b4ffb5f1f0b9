"""The report: its verdict, its page, and its data."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from scheduler.intake.findings import Finding, Findings
from scheduler.intake.grid import Grid
from scheduler.intake.report import kinds, refusal_data, report_data, report_page, tally, verdict
from scheduler.intake.submission import Submission
from scheduler.words import LANGUAGES
from tests.intake.filled import asked, guessed, submission, wrong
from tests.intake.given import MAPLE

S, T = Grid("S", [["Unit", "First day"]]), Grid("T", [["Unit", "First day"]])


def page(of: Submission, language: str = "en") -> str:
    return report_page(of, language, "fall", "23 Nov 2026").decode()


def text(html: str) -> str:
    """What a page shows, with single spaces."""
    shown = re.sub(r"<style>.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL)
    return " ".join(shown.replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").split())


# -- the verdict ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("findings", "rows", "en", "es"),
    [
        ([], 0, "The file says nothing", "El archivo no dice nada"),
        ([], 1, "Ready: 1 row can be taken", "Listo: se puede tomar 1 fila"),
        ([], 1214, "Ready: 1,214 rows can be taken", "Listo: se pueden tomar 1,214 filas"),
        (
            [guessed(1), guessed(2), guessed(3, "note")],
            3,
            "Ready: 3 rows can be taken; 2 things are worth a look",
            "Listo: se pueden tomar 3 filas; 2 cosas merecen una mirada",
        ),
        (
            [guessed(1)],
            3,
            "Ready: 3 rows can be taken; 1 thing is worth a look",
            "Listo: se pueden tomar 3 filas; 1 cosa merece una mirada",
        ),
        (
            [wrong(1), wrong(8), asked(9), guessed(2)],
            3,
            "Not yet: 2 things to correct and 1 question to answer in 5 rows",
            "Todavía no: hay 2 cosas que corregir y 1 pregunta que responder en 5 filas",
        ),
        ([asked(1)], 1, "Not yet: 1 question to answer in 1 row", "Todavía no: hay 1 pregunta que responder en 1 fila"),
        ([Finding("nothing_read")], 0, "Not yet: 1 thing to correct", "Todavía no: hay 1 cosa que corregir"),
    ],
)
def test_the_verdict_in_one_line(findings: list[Finding], rows: int, en: str, es: str) -> None:
    assert [verdict(submission(*findings, rows=rows), language) for language in ("en", "es")] == [en, es]


def test_what_is_beyond_the_listed_ones_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Findings, "MOST", 3)
    of = submission(*[wrong(n) for n in range(5)], *[asked(n) for n in range(9)], guessed(1, "note"))
    assert tally(of.findings) == {"error": 5, "question": 9, "warning": 0, "note": 1}
    assert [(kind.count, kind.more) for kind in kinds(of, "en", 2)] == [(5, 3), (9, 7), (1, 0)]


# -- kinds ------------------------------------------------------------------------------------------------------------


def test_findings_stand_sheet_by_sheet_and_what_presses_most_comes_first() -> None:
    of = submission(
        guessed(1, sheet="T"), wrong(9), guessed(1, "note"), asked(3), wrong(2), Finding("nothing_read"), grids=(S, T)
    )
    found = [(kind.sheet, kind.weight, [line.cell for line in kind.lines]) for kind in kinds(of, "en")]
    assert found == [
        ("", "error", [""]),
        ("S", "error", ["B3", "B10"]),
        ("S", "question", ["B4"]),
        ("S", "note", ["A2"]),
        ("T", "warning", ["A2"]),
    ]


def test_what_all_of_a_kind_share_is_said_once() -> None:
    same, different = kinds(submission(wrong(1), wrong(2)), "en")[0], kinds(submission(wrong(1), wrong(2, "y")), "en")[0]
    assert (same.message, different.message) == ("“x” is no date.", "")
    assert same.fix == different.fix == "Write it as 2026-09-14 (year, month, day)."


@pytest.mark.parametrize(("language", "place"), [("en", "row 7"), ("es", "fila 7")])
def test_a_row_is_named_in_the_language(language: str, place: str) -> None:
    assert kinds(submission(Finding("remark_row", "warning", "S", 6)), language)[0].lines[0].cell == place


def test_sentences_begin_with_a_capital_also_after_marks() -> None:
    found = kinds(submission(Finding("unknown_name_near", "error", "S", 1, 1, "", "x", {"near": "y"})), "es")[0]
    assert (found.message, found.fix) == ("No se conoce “x”.", "¿Quiso decir y?")


# -- the page ---------------------------------------------------------------------------------------------------------


class _Checked(HTMLParser):
    """Collects what a page could load or run, and that every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        if tag in ("script", "img", "link", "iframe", "object", "form", "a"):
            self.outside.append(tag)
        self.outside += [name for name, _ in attrs if name.startswith("on") or name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_a_file_becomes_part_of_the_page(language: str) -> None:
    evil = "</code><script>alert(1)</script>\u202e{{ 7*7 }}<img src=x onerror=alert(1)>\x00"
    findings = [
        Finding("not_a_date", "error", evil, 1, 1, evil, evil),
        Finding("read_as", "note", evil, 1, 1, evil, evil, {"meaning": evil}),
        Finding("column_missing", "error", evil, 0, None, evil, None, {"field": evil}),
        Finding("form_twice", "note", evil, None, None, "", None, {"form": evil}),
    ]
    of = submission(*findings, rows=1, grids=(Grid(evil, [[evil]]),), name=f"{evil}.csv")
    html = report_page(of, language, evil, "now").decode()
    checked = _Checked()
    checked.feed(html)
    assert not checked.open
    assert not checked.outside
    assert "\u202e" not in html
    assert "\x00" not in html
    assert "U+202E" in html
    assert "49" not in text(html)


def test_the_page_says_who_sent_which_file_and_what_was_read_of_it() -> None:
    shown = text(page(submission(rows=1214, grids=(S,))))
    for part in (
        "Report on maple.xlsx",
        "Ready: 1,214 rows can be taken.",
        "school maple · fall",
        "23 Nov 2026",
        "ab" * 32,
        "Students ( S ) 1,214",
    ):
        assert part in shown


def test_the_page_gives_cell_column_value_message_and_fix() -> None:
    shown = text(page(submission(wrong(6, "31/31"))))
    assert "to correct “31/31” is no date. Write it as 2026-09-14 (year, month, day). Cell Column In the cell" in shown.replace(
        "→ ", ""
    )
    assert "B7 First day 31/31" in shown


def test_many_of_a_kind_are_folded() -> None:
    shown = text(page(submission(*[wrong(n, f"v{n}") for n in range(2000)])))
    assert "to correct · 2,000 times" in shown
    assert "… and 1,950 more like these" in shown
    assert "v49" in shown
    assert "v50" not in shown


def test_private_numbers_are_not_repeated() -> None:
    of = submission(Finding("private_number", "error", "S", 1, 0, "Student ID", "123-45-6789"))
    assert "123-45-6789" not in page(of) + json.dumps(report_data(of, "en"))
    assert "(not repeated here)" in text(page(of))


def test_long_values_are_cut() -> None:
    assert "x" * 300 not in page(submission(wrong(1, "x" * 300)))


# -- data -------------------------------------------------------------------------------------------------------------


def test_data_for_programs() -> None:
    data = report_data(submission(wrong(6, "31/31"), asked(7), guessed(1, "note"), rows=2), "en")
    assert json.loads(json.dumps(data)) == data
    assert {k: v for k, v in data.items() if k != "problems"} == {
        "ok": False,
        "verdict": "Not yet: 1 thing to correct and 1 question to answer in 4 rows",
        "language": "en",
        "sender": {"kind": "school", "id": "maple"},
        "file": "maple.xlsx",
        "kind": "xlsx",
        "sha256": "ab" * 32,
        "mapping": "",
        "rows": {"students": 2},
        "counts": {"errors": 1, "questions": 1, "warnings": 0, "notes": 1},
        "more": [],
    }
    assert data["problems"][1] == {
        "code": "not_a_date",
        "severity": "error",
        "question": False,
        "sheet": "S",
        "cell": "B7",
        "row": 7,
        "column": "B",
        "title": "First day",
        "value": "31/31",
        "message": "“31/31” is no date",
        "fix": "write it as 2026-09-14 (year, month, day)",
    }
    assert [problem["question"] for problem in data["problems"]] == [False, False, True]


def test_data_of_a_file_that_is_not_read_has_the_same_keys() -> None:
    refused = refusal_data("x.pdf", MAPLE, Finding("pdf"), "es")
    assert refused.keys() == report_data(submission(), "es").keys()
    assert refused["problems"][0].keys() == report_data(submission(wrong(1)), "es")["problems"][0].keys()
    assert refused["verdict"] == "El archivo no se lee: esto es un PDF"
