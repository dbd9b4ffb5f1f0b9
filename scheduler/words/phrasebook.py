"""What the program says in English sentences of its own, in another language.

Reasons, proofs and the like are made where they are found, and kept in files, in English. The phrases of
``phrases.toml`` and ``verifier.toml`` in ``words/en`` are patterns of these sentences; a text that one of them matches is said by
the same phrase of the other language. A text that is nobody's phrase, like a name or a note of somebody, stays as it is.
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

_PAGES = ("phrases", "verifier")
_DATE = r"\d{4}-\d{2}-\d{2}"
_DATES = ("date", "until", "since", "till")
_DAYS = rf"(?:(?:{'|'.join(WEEKDAY_NAMES)})(?: |$|\b))+"
#: What stands in a placeholder of a certain name; any other is as short as may be, and one of several phrases alone.
_KINDS = {
    "n": r"-?\d[\d,]*",
    "gap": r"\d[\d,.]* ?%?|over [\d,.]+ %|under [\d.]+ %",
    **dict.fromkeys(_DATES, _DATE),
    "when": r"(?:at|from|on|until) [^;]+?",
    "load": r"\d[\d,]* .+?",
    "profession": r"[^,;]+?",
    **dict.fromkeys(("said", "title", "other", "steps", "edits", "edit", "names"), r".+?"),
    "clock": r"\d\d:\d\d",
    "days": _DAYS,
    "level": r"\d+",
    "id": r"\S+",
    "most": r"\d[\d,]*",
    "least": r"\d[\d,]*",
    **dict.fromkeys(("slot", "unit"), r"[^()]+?"),
    "place": rf"[^()]+?, {_DATE} to {_DATE}",
}
#: Placeholders that are phrases themselves.
_SAID = frozenset({"best", "gap", "rule", "party", "names", "where", "place", "cost", "verdict"}) | frozenset(
    {"said", "load", "students", "title", "other", "when", "paid_for", "unit_of", "subject", "edit"}
)
#: Placeholders with a number.
_NUMBERS = frozenset({"n", "most", "least", "amount", "total"})
_NUMBER = re.compile(r"(-?\d[\d,]*(?:\.(\d+))?)( ?%)?")
#: ``{n:week|weeks}``: a number with the word for one and for several.
_COUNTED = re.compile(r"\{(\w+):([^|{}]+)\|([^{}]+)\}")
#: Placeholders with several names or phrases, with commas between them.
_LISTED = frozenset({"parties", "places", "kept"})
#: Phrases of this section may go on after somebody's name.
_OF_PARTY = "of_party."
_ISO = re.compile(_DATE)
#: ``n-01, MS in slot ward from 2026-09-07: preferences``.
_OF_PLACEMENT = re.compile(rf"(.+? in slot .+? from {_DATE}): (.+)")
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
        self._own = {key: text for page in _PAGES for key, text in _texts(locale.words(page))}
        last = self._own["explained.and_last"]
        self._last = f"{last} " if last.startswith(",") else f" {last} "
        self._kinds_of_days = locale.words("tables")["calendar"]
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
        if found := _OF_PLACEMENT.fullmatch(text):
            return f"{self._phrase(found[1])}: {self.said(found[2])}"
        return self._phrase(text) or "; ".join(self._phrase(part) or self._listed(part) for part in text.split("; "))

    def when(self, text: str) -> str:
        """``Tu Th 07:00–19:00``, ``any 2 of Tu Th``, ``as the preceptor``."""
        said = self.said(text)
        return said if said != text else self.days(text)

    def supervisors(self, text: str) -> str:
        """``ann and bob``, or ``ann (bob covers from 2026-10-05 to 2026-10-09)``."""
        said = self.said(text)
        return said if said != text else f" {self._own['explained.also']} ".join(text.split(" and "))

    def days(self, text: str) -> str:
        """Weekdays like ``Tu Th`` as this language calls them."""
        names = {name: self._locale.weekday(number) for number, name in enumerate(WEEKDAY_NAMES)}
        return " ".join(names.get(word, word) for word in text.split(" "))

    def _reason(self, found: re.Match[str]) -> str:
        """``12 offers: 3 in a full slot, and 9 that are not for this rotation``, part by part."""
        number = int(found[1].replace(",", ""))
        head = self._own["reasons.offers_one" if found[2] == "offer" else "reasons.offers"].format(n=self._number(found[1]))
        parts = [f"{self._number(n)} {self._phrase(why) or why}" for _, n, why in _PART.findall(found[3])]
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
                asked = {name: value for name, value in found.groupdict().items() if value is not None}
                filled = {name: self._filled(name, value) for name, value in asked.items()}
                head = f"{filled['subject']}{filled['colon']} " if "subject" in filled else ""
                return head + _counted(self._own[key], asked).format(**filled)
        return ""

    def _filled(self, name: str, value: str) -> str:
        if name in _NUMBERS or (name == "gap" and _NUMBER.fullmatch(value)):
            return self._number(value)
        if name in _DATES:
            return self._locale.day(date.fromisoformat(value))
        if name in ("days", "these_days", "those_days", "found", "wanted"):
            return self._thing(self.days(value))
        if name == "thing":
            return self._thing(value)
        if name == "any_of":
            return f" {self._thing('or')} ".join(map(self._thing, value.split(" or ")))
        if name == "what":
            return self._thing(value).rpartition(" ")[2]  # without the article
        if name == "pin":
            return ", ".join(map(self._named, value.split(", ")))
        if name == "day_kind":
            return str(self._kinds_of_days.get(value, value))
        if name in _LISTED:
            return self._list(value)
        if name == "edits":
            return self._last.join(self._phrase(part) or part for part in value.split(", and "))
        if name == "changes":
            return f" {self._own['explained.also']} ".join(self._phrase(part) or part for part in value.split(" and "))
        if name == "steps":
            return "; ".join(self._step(part) for part in value.split("; "))
        return self.said(value) if name in _SAID else value

    def _list(self, text: str) -> str:
        """``AS-1 part 1, group B, and 6 more``."""
        said = ", ".join(self._phrase(part) or self._part(part) for part in text.split(", "))
        return said.replace(f", {self._own['explained.also']} ", self._last)

    def _part(self, text: str) -> str:
        group, word, part = text.rpartition(" part ")
        return self._locale.say("tables", "part", group=group, n=part) if word and part.isdecimal() else text

    def _thing(self, word: str) -> str:
        """A word with which sentences are filled."""
        return self._own.get(f"things.{word}", word)

    def _named(self, text: str) -> str:
        """``second preceptor ann``: the thing, and its name or day."""
        thing = max((word for word in _things() if text.startswith(f"{word} ")), key=len, default="")
        name = text.removeprefix(thing)
        return self._thing(thing) + _ISO.sub(lambda found: self._locale.day(date.fromisoformat(found[0])), name)

    def _step(self, text: str) -> str:
        """``31 in a full slot``."""
        number, _, why = text.partition(" ")
        return f"{self._number(number)} {self._phrase(why) or why}"

    def _number(self, text: str) -> str:
        """``1,979`` or ``12.5 %`` as people of the locale write it; what is no number as it is."""
        found = _NUMBER.fullmatch(text)
        if not found:
            return text
        value, digits = float(found[1].replace(",", "")), len(found[2] or "")
        return self._locale.percent(value / 100, digits) if found[3] else self._locale.number(value, digits)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Key and pattern of every English phrase; those that say most themselves come first."""
    texts = [item for page in _PAGES for item in _texts(words("en", page)) if not item[0].startswith("things.")]
    found = sorted(texts, key=lambda item: -len(re.sub(r"\{\w+\}", "", item[1])))
    return tuple((key, re.compile(_pattern(key, text))) for key, text in found)


@cache
def _things() -> tuple[str, ...]:
    """The English words with which sentences are filled."""
    return tuple(words("en", "verifier")["things"])


def _counted(text: str, asked: Mapping[str, str]) -> str:
    """A phrase with the words that go with its numbers."""
    return _COUNTED.sub(lambda found: f"{{{found[1]}}} {found[2] if asked[found[1]] == '1' else found[3]}", text)


def _pattern(key: str, text: str) -> str:
    """A phrase as a regular expression with a group for each placeholder."""
    parts = re.split(r"\{(\w+)\}", text)
    literal = (re.escape(part) if i % 2 == 0 else f"(?P<{part}>{_KINDS.get(part, '[^;]+?')})" for i, part in enumerate(parts))
    subject = r"(?:(?P<subject>.+?)(?P<colon>:?) )?" if key.startswith(_OF_PARTY) else ""
    return subject + "".join(literal)


def _texts(page: Mapping[str, Any], key: str = "") -> Iterator[tuple[str, str]]:
    """All texts of a page by their keys with dots."""
    for name, value in page.items():
        full = f"{key}.{name}" if key else name
        if isinstance(value, Mapping):
            yield from _texts(value, full)
        else:
            yield full, str(value)
