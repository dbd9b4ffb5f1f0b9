"""Dates, numbers and words as a reader's language and country write them."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler.errors import InputError
from scheduler.words.locale import Locale

DAY = date(2026, 9, 4)


@pytest.mark.parametrize(
    ("tag", "day", "number"),
    [
        ("en", "Sep 4, 2026", "1,234.5"),
        ("en-GB", "4 Sept 2026", "1,234.5"),
        ("es", "4 sept 2026", "1.234,5"),
        ("es-MX", "4 sep 2026", "1,234.5"),
    ],
)
def test_dates_and_numbers_are_those_of_the_country(tag: str, day: str, number: str) -> None:
    locale = Locale(tag)
    assert locale.day(DAY) == day
    assert locale.number(1234.5, 1) == number


def test_one_and_many() -> None:
    assert [Locale().count(n, "student") for n in (0, 1, 1200)] == ["0 students", "1 student", "1,200 students"]
    assert Locale("es").count(2, "unit") == "2 unidades"


def test_days_and_months_have_names() -> None:
    assert [Locale("es").weekday(0), Locale("en").weekday(6, "wide")] == ["lun", "Sunday"]
    assert Locale("es").month(DAY) == "septiembre de 2026"
    assert Locale("en").short_day(DAY) == "Sep 4"


@pytest.mark.parametrize("tag", ["fr", "xx-YY", "", "english", "es_", "../en", "es-MX-x-y-z-$"])
def test_a_language_without_words(tag: str) -> None:
    with pytest.raises(InputError, match="use en or es"):
        Locale(tag)
