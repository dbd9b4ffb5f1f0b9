"""Every code has words, all words have a code, and nothing that a cell holds can pass for words of the report."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import scheduler.intake
from scheduler.intake.catalogue import PAGES, PRIVATE, QUESTIONS, say, visible
from scheduler.intake.findings import Finding
from scheduler.words import LANGUAGES, words

#: Calls whose first argument is a code.
SAYING = {"Finding", "Unclear", "Remark", "say", "_say"}
#: Parameters that `say` adds to those of the finding.
ALWAYS = {"value", "title", "cell", "code"}


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every code that the sources name in a call that says something, with place and call."""
    for path in sorted(Path(scheduler.intake.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SAYING:
                first = node.args[0]
                for part in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value:
                        yield part.value, f"{path.name}:{node.lineno}", node


def strings() -> set[str]:
    """Every text constant of the sources."""
    paths = Path(scheduler.intake.__file__).parent.glob("*.py")
    nodes = (node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def codes(language: str) -> dict[str, dict[str, str]]:
    return {code: text for page in PAGES for code, text in words(language, page).items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_the_sources_has_words(language: str) -> None:
    used = {code: where for code, where, _ in calls()}
    assert len(used) > 80  # the search still finds them
    assert not {code: where for code, where in used.items() if code not in codes(language)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_are_of_a_code_that_nothing_uses(language: str) -> None:
    assert not codes(language).keys() - strings()


def test_no_code_is_on_two_pages() -> None:
    every = [code for page in PAGES for code in words("en", page)]
    assert len(every) == len(set(every))


def test_every_parameter_of_a_message_is_given_where_it_is_said() -> None:
    wanting = {}
    for code, where, call in calls():
        if any(keyword.arg is None for keyword in call.keywords):
            continue  # parameters that are handed on
        names = {keyword.arg for keyword in call.keywords}
        inside = [*call.args, *(keyword.value for keyword in call.keywords)]
        handed_on = False
        for node in (node for part in inside for node in ast.walk(part)):
            if isinstance(node, ast.Dict):
                names |= {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}
            if isinstance(node, (ast.Name, ast.Attribute)) and getattr(node, "id", getattr(node, "attr", "")) == "said":
                handed_on = True
        text = codes("en")[code]
        needed = {n for part in ("message", "fix") for _, n, _, _ in Formatter().parse(text[part]) if n}
        if not handed_on and needed - names - ALWAYS:
            wanting[f"{where} {code}"] = needed - names - ALWAYS
    assert not wanting


def test_questions_and_private_codes_exist() -> None:
    assert codes("en").keys() >= QUESTIONS | PRIVATE


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_are_sentences_without_a_full_stop(language: str) -> None:
    for code, text in codes(language).items():
        assert not text["message"].endswith("."), code
        assert not text["fix"].endswith("."), code


def test_dates_are_said_so_that_day_and_month_cannot_be_exchanged() -> None:
    finding = Finding("date_order", value="03/04/2026", said={"days": (date(2026, 4, 3), date(2026, 3, 4))})
    assert say(finding, "en").message == "“03/04/2026” can be 3 Apr 2026 or 4 Mar 2026"
    assert say(finding, "es").message == "“03/04/2026” puede ser 3 abr 2026 o 4 mar 2026"


@pytest.mark.parametrize(
    ("given", "listed"),
    [
        (("a",), "a"),
        (("a", "b"), "a or b"),
        (("a", "b", "c"), "a, b or c"),
        (tuple("abcdefghijklmn"), "a, b, c, d, e, f, g, h, i, j, k, l, … (14)"),
        ((), ""),
    ],
)
def test_lists_are_joined_with_or_and_long_ones_cut(given: tuple[str, ...], listed: str) -> None:
    assert say(Finding("unknown_name_choices", said={"choices": given}), "en").fix == f"write one of {listed}"


def test_fields_forms_and_choices_are_said_by_their_titles() -> None:
    assert say(Finding("cell_missing", said={"field": "student"}), "es").message == "la fila no tiene nada en “ID del estudiante”"
    assert say(Finding("form_twice", said={"form": "students"}), "es").message.startswith("más de una hoja es de Estudiantes")
    assert say(Finding("not_a_choice", said={"choices": ("avoid", "prefer")}), "es").fix == "escriba uno de mejor no o con gusto"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_that_there_is_not_is_said_all_the_same(language: str) -> None:
    said = say(Finding("of_tomorrow"), language)
    assert "(of_tomorrow)" in said.message
    assert said.fix


def test_a_parameter_that_is_not_given_leaves_a_gap() -> None:
    assert say(Finding("ends_before", said={"first": date(2026, 9, 1)}), "en").message == (
        "the last day (…) is before the first (1 Sep 2026)"
    )


@pytest.mark.parametrize(
    ("value", "shows"),
    [
        ("{0.__class__} %s {value}", "“{0.__class__} %s {value}”"),
        ("ab\u202edc", "“abU+202Edc”"),
        ("a\x00b\x1b[31m", "“aU+0000bU+001B[31m”"),
        ("two\nlines\u00a0here", "“two lines here”"),
        ("\ud800", "“U+D800”"),
        ("x" * 500, "“" + "x" * 59 + "…”"),
        ("Zoë Ñandú 山田", "“Zoë Ñandú 山田”"),
    ],
)
def test_a_hostile_cell_stays_one_short_visible_quotation(value: str, shows: str) -> None:
    assert say(Finding("not_a_date", value=value), "en").message == f"{shows} is no date"


@pytest.mark.parametrize("name", ["near", "meaning", "shows", "wanted"])
def test_parameters_are_made_visible_too(name: str) -> None:
    codes_with: dict[str, Any] = {
        "near": "unknown_name_near",
        "meaning": "read_as",
        "shows": "formula_failed",
        "wanted": "does_not_fit",
    }
    said = say(Finding(codes_with[name], said={name: "a\u202eb" + "c" * 500}), "en")
    assert "aU+202Ebc" in " ".join(said)
    assert len(" ".join(said)) < 400


def test_what_can_be_seen_stays_as_it_is() -> None:
    assert visible("Ana María 3½ – שלום") == "Ana María 3½ – שלום"
