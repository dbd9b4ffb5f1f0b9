"""Every language says the same things: the same pages, keys and placeholders, and nothing is empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import scheduler.words
from scheduler.errors import InputError
from scheduler.intake.forms import FORMS
from scheduler.words import LANGUAGES, words

FOLDER = Path(scheduler.words.__file__).parent
PAGES = sorted(path.stem for path in (FOLDER / "en").glob("*.toml"))
OTHERS = [language for language in LANGUAGES if language != "en"]


def texts(language: str, page: str) -> dict[str, str]:
    """Every text of a page by its key with dots; of a list by the key and its place."""

    def walk(value: Any, key: str) -> Iterator[tuple[str, str]]:
        if isinstance(value, Mapping):
            for name, inner in value.items():
                yield from walk(inner, f"{key}.{name}")
        elif isinstance(value, list):
            for n, inner in enumerate(value):
                yield from walk(inner, f"{key}.{n}")
        else:
            yield key, str(value)

    return dict(walk(words(language, page), page))


def placeholders(text: str) -> set[str]:
    """Names in braces; a placeholder without a name is an empty one."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_pages_of_english(language: str) -> None:
    assert sorted(path.stem for path in (FOLDER / language).glob("*.toml")) == PAGES


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_keys_of_english(language: str, page: str) -> None:
    assert texts(language, page).keys() == texts("en", page).keys()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_placeholders_of_english(language: str, page: str) -> None:
    own = texts(language, page)
    odd = {
        key: text
        for key, text in texts("en", page).items()
        if not key.endswith(".0") and placeholders(text) != placeholders(own[key])
    }
    assert not odd  # the first of a pair (one, many) may say the number in words


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_has_spaces_around(language: str, page: str) -> None:
    assert not {key: text for key, text in texts(language, page).items() if not text or text != text.strip()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_of_a_sender_and_columns_of_a_sheet_have_titles_of_their_own(language: str) -> None:
    labels = words(language, "labels")
    for forms in FORMS.values():
        sheets = [labels["sheets"][form.name].casefold() for form in forms]
        assert len(set(sheets)) == len(sheets)
        for form in forms:
            titles = [labels["columns"][field.name].casefold() for field in form.fields]
            assert len(set(titles)) == len(titles), form.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_of_sheets_fit_a_workbook(language: str) -> None:
    names = [
        words(language, "labels")["cover"],
        words(language, "report")["sheet_title"],
        *words(language, "labels")["sheets"].values(),
    ]
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_year_has_twelve_months_and_a_week_seven_days(language: str) -> None:
    months, days = words(language, "report")["months"], words(language, "labels")["weekdays"]["names"]
    assert len(set(months)) == 12
    assert len(set(days)) == 7


def test_the_words_of_a_language_that_there_is_not() -> None:
    with pytest.raises(InputError, match="one of en, es"):
        words("tlh", "labels")
