"""How a reader's language and country write words, dates and numbers.

Words are in ``words/<language>/*.toml``; how dates and numbers are written is the Unicode Common Locale Data Repository's
(https://cldr.unicode.org), by way of Babel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel import Locale as Cldr
from babel import UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal, format_percent

from scheduler.errors import InputError
from scheduler.words import LANGUAGES, words

#: Of a `Locale` where nobody asks for one.
DEFAULT = "en"


@dataclass(frozen=True)
class Locale:
    """A language, and maybe a country whose dates and numbers are used.

    Parameters
    ----------
    tag
        Like ``en``, ``es`` or ``es-MX``.

    Raises
    ------
    InputError
        If there are no words in the language, or nobody knows the country.
    """

    tag: str = DEFAULT

    def __post_init__(self) -> None:
        try:
            language = self._cldr.language
        except (UnknownLocaleError, ValueError, TypeError):
            language = ""
        if language not in LANGUAGES:
            known = " or ".join(LANGUAGES)
            raise InputError(f"there are no words for {self.tag!r}; use {known}, or one with a country, like es-MX")

    @cached_property
    def _cldr(self) -> Cldr:
        return Cldr.parse(self.tag.replace("-", "_"))

    @property
    def language(self) -> str:
        """The language alone: one of `scheduler.words.LANGUAGES`."""
        return self._cldr.language

    @property
    def html(self) -> str:
        """The tag as HTML wants it (BCP 47), like ``es-MX``."""
        return str(self._cldr).replace("_", "-")

    def words(self, page: str) -> Mapping[str, Any]:
        """The words of one page in this language."""
        return words(self.language, page)

    def say(self, page: str, key: str, /, **values: object) -> str:
        """One text, by its key with dots, with values in its placeholders."""
        text: Any = self.words(page)
        for name in key.split("."):
            text = text[name]
        return str(text).format(**values) if values else str(text)

    def count(self, number: float, thing: str) -> str:
        """``1 student``, ``3 students``, ``1,200 students``: a number of something in ``counts.toml``."""
        one, many = self.words("counts")[thing]
        return f"{self.number(number, 2)} {one if number == 1 else many}"

    def day(self, day: date) -> str:
        """A day with its year, like ``Sep 4, 2026`` or ``4 sept 2026``."""
        return _date(self, day, "medium")

    def moment(self, when: datetime, timezone: str) -> str:
        """A day with its clock time in a time zone, like ``Sep 4, 2026, 3:05 PM``."""
        pattern = ", ".join((self._cldr.date_formats["medium"].pattern, self._cldr.time_formats["short"].pattern))
        return format_datetime(when, pattern, tzinfo=ZoneInfo(timezone), locale=self._cldr)

    @property
    def excel_day(self) -> str:
        """The format of `day` in Excel's signs, like ``mmm d, yyyy``; Excel names the month in its own language."""
        return re.sub(r"y+", "yyyy", self._cldr.date_formats["medium"].pattern).replace("M", "m").replace("'", '"')

    def long_day(self, day: date) -> str:
        """A day with the name of its month, for sentences, like ``September 4, 2026`` or ``4 de septiembre de 2026``."""
        return _date(self, day, "long")

    def short_day(self, day: date) -> str:
        """A day without its year, like ``Sep 4``."""
        return format_skeleton("MMMd", day, locale=self._cldr)

    def month(self, day: date) -> str:
        """A month with its year, like ``September 2026``."""
        return format_skeleton("yMMMM", day, locale=self._cldr)

    def month_name(self, day: date) -> str:
        """A month alone, short, like ``Sep``."""
        return format_skeleton("MMM", day, locale=self._cldr)

    def weekday(self, number: int, width: Literal["wide", "abbreviated", "narrow"] = "abbreviated") -> str:
        """A weekday by its number from 0, Monday."""
        return str(self._cldr.days["stand-alone"][width][number])

    def number(self, value: float, digits: int = 0) -> str:
        """A number with at most so many digits after the point."""
        return _number(self, value, digits)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share of 1 as a percentage with so many digits after the point."""
        pattern = self._cldr.percent_formats[None].pattern  # says where the sign stands
        return format_percent(
            share, format=pattern.replace("#,##0", f"#,##0.{'0' * digits}") if digits else pattern, locale=self._cldr
        )


# A pack says the same few dates and numbers thousands of times; Babel works each out anew.
@lru_cache(maxsize=10_000)
def _date(locale: Locale, day: date, width: Literal["medium", "long"]) -> str:
    return format_date(day, width, locale=locale._cldr)


@lru_cache(maxsize=10_000)
def _number(locale: Locale, value: float, digits: int) -> str:
    return format_decimal(value, format="#,##0." + "#" * digits if digits else "#,##0", locale=locale._cldr)
