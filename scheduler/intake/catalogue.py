"""Findings in a reader's words."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from scheduler.errors import shorten
from scheduler.intake.findings import Finding
from scheduler.words import words

#: Pages of the catalogue: each holds tables with a message and a fix, by code.
PAGES = ("opening", "findings", "merging")


class Said(NamedTuple):
    """What is wrong, and what to do about it; each a sentence without a final full stop."""

    message: str
    fix: str


#: Codes that ask which of several readings is meant: nothing has to be wrong with the cell.
QUESTIONS = frozenset({"date_order", "date_year", "weekday_letter", "wish_unclear", "sheet_unclear"})
#: Codes whose values a report must not spread.
PRIVATE = frozenset({"private_number", "private_address"})


class _Parameters(dict[str, str]):
    """Parameters of a message; one that the finding does not have leaves a gap instead of failing the whole report."""

    def __missing__(self, name: str) -> str:
        return "…"


def say(finding: Finding, language: str) -> Said:
    """A finding in a language (one of `scheduler.words.LANGUAGES`); of a code that there is not, that it is found."""
    text = _catalogue(language).get(finding.code, words(language, "report")["unknown"])
    said = _Parameters({name: _shown(name, value, language) for name, value in finding.said.items()})
    said |= {"value": quoted(finding.value or ""), "title": quoted(finding.title), "cell": finding.cell, "code": finding.code}
    return Said(text["message"].format_map(said), text["fix"].format_map(said))


def quoted(text: str) -> str:
    """What a cell shows inside a sentence, so that nobody takes it for words of the sentence."""
    return f"“{visible(shorten(text))}”"


@cache
def _catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    return {code: text for page in PAGES for code, text in words(language, page).items()}


def _shown(name: str, value: Any, language: str) -> str:
    """A parameter of a message: dates with the month as a word, fields and forms by their titles, lists with "or"."""
    labels, report = words(language, "labels"), words(language, "report")
    if isinstance(value, date):
        return day_text(value, language)
    if isinstance(value, (tuple, list)):
        parts = [_shown(name.removesuffix("s"), part, language) for part in value]
        more = [f"… ({len(parts)})"] if len(parts) > 12 else []
        *first, last = parts[:12] + more if parts else [""]
        return f"{', '.join(first)} {report['or']} {last}" if first and not more else ", ".join([*first, last])
    text = str(value)
    if name == "field":
        return quoted(labels["columns"].get(text, text))
    if name == "form":
        text = labels["sheets"].get(text, text)
    if name in ("choice", "order"):
        text = labels["choices"].get(text, report["orders"].get(text, text))
    if name == "wanted":
        text = report["wanted"].get(text, text)
    return visible(shorten(text, 120))


def day_text(day: date, language: str) -> str:
    """``14 Sep 2026``, which nobody can misread."""
    return f"{day.day} {words(language, 'report')['months'][day.month - 1]} {day.year}"


def visible(text: str) -> str:
    """Text in one line, with what cannot be seen, or turns the direction of others, written out as ``U+202E``."""
    if text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if character in "\t\r\n" or unicodedata.category(character) == "Zs":
        return " "
    return f"U+{ord(character):04X}"
