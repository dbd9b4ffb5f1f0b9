"""What the program says in English sentences of its own, in another language.

Reasons, proofs and the like are made where they are found, and kept in files, in English. The phrases of
``words/en/phrases.toml`` are patterns of these sentences; a text that one of them matches is said by the same phrase of the other
language. A text that is nobody's phrase, like a name or a note of somebody, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from scheduler.domain.types import WEEKDAY_NAMES
from scheduler.words import words
from scheduler.words.locale import Locale

_DATE = r"\d{4}-\d{2}-\d{2}"
_DAYS = rf"(?:(?:{'|'.join(WEEKDAY_NAMES)})(?: |$|\b))+"
#: What stands in a placeholder of a certain name; any other is as short as may be.
_KINDS = {
    "n": r"\d[\d,]*",
    "gap": r"\d[\d,.]* ?%?|over 100 %|under 0\.1 %",
    "date": _DATE,
    "until": _DATE,
    "days": _DAYS,
    "level": r"\d+",
    "id": r"\S+",
    "most": r"\d[\d,]*",
    "least": r"\d[\d,]*",
    **dict.fromkeys(("slot", "unit", "place"), r"[^()]+?"),
}
#: Placeholders that are phrases themselves.
_SAID = frozenset({"best", "gap", "rule", "party", "parties", "days", "names", "where", "place", "cost", "verdict"})
_ISO = re.compile(_DATE)
_REASON = re.compile(r"([\d,]+) (offers?): (.+)")
_PART = re.compile(r"(and )?(\d+) (.+?)(?=, (?:and )?\d+ |$)")


class Phrasebook:
    """The phrases of a language.

    Parameters
    ----------
    locale
        Whose words, dates and numbers.
    """

    def __init__(self, locale: Locale) -> None:
        self._locale = locale
        self._own = dict(_texts(locale.words("phrases")))
        rules = locale.words("rules")
        english = words("en", "rules")
        titles = {english["titles"][rule]: title for rule, title in rules["titles"].items()}
        self._exact: dict[str, str] = titles | dict(rules["units"])

    def said(self, text: str) -> str:
        """A text in this language; in English only its dates are the locale's."""
        if self._locale.language == "en" and not _ISO.search(text):
            return text
        if found := _REASON.fullmatch(text):
            return self._reason(found)
        return self._phrase(text) or "; ".join(self._phrase(part) or self._listed(part) for part in text.split("; "))

    def when(self, text: str) -> str:
        """``Tu Th 07:00–19:00``, ``any 2 of Tu Th``, ``as the preceptor``."""
        said = self.said(text)
        return said if said != text else self.days(text)

    def days(self, text: str) -> str:
        """Weekdays like ``Tu Th`` as this language calls them."""
        names = {name: self._locale.weekday(number) for number, name in enumerate(WEEKDAY_NAMES)}
        return " ".join(names.get(word, word) for word in text.split(" "))

    def _reason(self, found: re.Match[str]) -> str:
        """``12 offers: 3 in a full slot, and 9 that are not for this rotation``, part by part."""
        number = int(found[1].replace(",", ""))
        head = self._own["reasons.offers_one"] if found[2] == "offer" else self._own["reasons.offers"].format(n=found[1])
        parts = [f"{n} {self._phrase(why) or why}" for _, n, why in _PART.findall(found[3])]
        return f"{head if number else found[1]}: {', '.join(parts)}"

    def _listed(self, text: str) -> str:
        """Several phrases with commas between them; as it is, where one of them is none."""
        said = [self._phrase(part) for part in text.split(", ")]
        return ", ".join(said) if all(said) else text

    def _phrase(self, text: str) -> str:
        """A text that one phrase matches; empty where none does."""
        if text in self._exact:
            return self._exact[text]
        for key, pattern in _patterns():
            if found := pattern.fullmatch(text):
                return self._own[key].format(**{name: self._filled(name, value) for name, value in found.groupdict().items()})
        return ""

    def _filled(self, name: str, value: str) -> str:
        if name in ("date", "until"):
            return self._locale.day(date.fromisoformat(value))
        if name == "days":
            return self.days(value)
        if name == "edits":
            return f", {self._own['explained.also']} ".join(self._phrase(part) or part for part in value.split(", and "))
        if name == "steps":
            return "; ".join(self._step(part) for part in value.split("; "))
        return self.said(value) if name in _SAID else value

    def _step(self, text: str) -> str:
        """``31 in a full slot``."""
        number, _, why = text.partition(" ")
        return f"{number} {self._phrase(why) or why}"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Key and pattern of every English phrase; those that say most themselves come first."""
    found = sorted(_texts(words("en", "phrases")), key=lambda item: -len(re.sub(r"\{\w+\}", "", item[1])))
    return tuple((key, re.compile(_pattern(text))) for key, text in found)


def _pattern(text: str) -> str:
    """A phrase as a regular expression with a group for each placeholder."""
    parts = re.split(r"\{(\w+)\}", text)
    literal = (re.escape(part) if i % 2 == 0 else f"(?P<{part}>{_KINDS.get(part, '.+?')})" for i, part in enumerate(parts))
    return "".join(literal)


def _texts(page: Mapping[str, Any], key: str = "") -> Iterator[tuple[str, str]]:
    """All texts of a page by their keys with dots."""
    for name, value in page.items():
        full = f"{key}.{name}" if key else name
        if isinstance(value, Mapping):
            yield from _texts(value, full)
        else:
            yield full, str(value)
