"""What a title of a column or a lone cell may be."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scheduler.intake.grid import Value
from scheduler.intake.text import bare, shown
from scheduler.io.tables import SPREADSHEET_ERRORS

_NOUN = "(?:choice|preference|wish|option|rank|opcion|preferencia|deseo)"
_NUMBERED = re.compile(rf"{_NOUN}(\d{{1,2}})|(\d{{1,2}})(?:st|nd|rd|th|a|o)?{_NOUN}")
_ORDINAL = re.compile(rf"(\D+?){_NOUN}")
_HINT = re.compile(
    r"[(\[<].*[)\]>]|y(?:es)?\s*/\s*no?|s[ií]?\s*/\s*no?|[mdy]{1,4}(?:[/.-][mdy]{1,4}){1,2}|text|number|list|date|required|optional"
    r"|texto|n[uú]mero|lista|fecha|obligatorio|opcional",
    re.IGNORECASE,
)
_FORMAT = re.compile(r"\b[mdy]{1,4}(?:[/.-][mdy]{1,4}){1,2}\b\.?", re.IGNORECASE)
_RANKS = {
    word: rank
    for rank, words in enumerate(("first primera", "second segunda", "third tercera", "fourth cuarta", "fifth quinta"), start=1)
    for word in words.split()
}


def plain_title(title: str) -> str:
    """A title without what stands in brackets and without marks like * that say that it is needed."""
    plain = re.sub(r"[(\[{].*?[)\]}]", " ", title)
    plain = re.sub(r"\b(?:required|optional|obligatorio|opcional)\b", " ", plain, flags=re.IGNORECASE)
    plain = _FORMAT.sub(" ", plain)
    return plain if bare(plain) else title


def one_line(text: str) -> str:
    """Text with single spaces."""
    return " ".join(text.split())


def rank_of(plain: str) -> int:
    """The rank that the title of a column with wishes names (``2nd choice``); 0 if it is none."""
    if match := _NUMBERED.fullmatch(plain):
        return int(match[1] or match[2])
    match = _ORDINAL.fullmatch(plain)
    return _RANKS.get(match[1], 0) if match else 0


def off_by_little(one: str, other: str) -> bool:
    """Whether two words differ by a slip of the keyboard: one letter more, less, other, or two exchanged."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 4:
        return False
    if len(one) == len(other):
        differ = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        if len(differ) == 2:
            a, b = differ
            return b == a + 1 and (one[a], one[b]) == (other[b], other[a])
        return len(differ) <= 1
    short, long = sorted((one, other), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def is_number(value: Value) -> bool:
    """Whether a cell shows a number."""
    if isinstance(value, bool):
        return False
    return isinstance(value, (int, float)) or bool(re.fullmatch(r"[\d.,\s%]+", shown(value)))


def is_hint(values: Sequence[Value]) -> bool:
    """Whether a row below the titles says how to fill them in: ``(text)``, ``Y/N``, ``mm/dd/yyyy``."""
    return len(values) > 1 and all(isinstance(v, str) and _HINT.fullmatch(v.strip()) for v in values)


def is_remark(value: Value) -> bool:
    """Whether the only cell of a row is rather a sentence than an id."""
    text = shown(value).strip()
    if not isinstance(value, str) or text in SPREADSHEET_ERRORS:
        return False
    return len(text.split()) > 3 or text[:1] in "*†#" or text.lower().startswith(("note", "nota"))
