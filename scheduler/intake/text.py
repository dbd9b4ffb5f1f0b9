"""What a cell shows, as tidy text: without the spaces and invisible characters that come along with copying."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from scheduler.intake.grid import Value
from scheduler.intake.unclear import Unclear

#: Come along when text is copied from web pages and documents, and mean nothing.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
#: Turn the direction of what follows: a cell then shows something else than what it holds.
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_QUOTES = {("“", "”"), ("‘", "’"), ("«", "»"), ("„", "“"), ('"', '"'), ("'", "'")}


def shown(value: Value) -> str:
    """What a cell shows: dates in ISO form, whole numbers without a point, text as it is."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return value.isoformat() if isinstance(value, date) else str(value)


def tidy(text: str) -> str:
    """One line with single spaces, in composed characters.

    Raises
    ------
    Unclear
        For control characters and those that turn the direction of the text: what is seen is then not what is there.
    """
    if text.isascii() and text.isprintable():
        return _unquoted(" ".join(text.split()) if "  " in text else text.strip())
    text = text.translate(_UNSEEN)
    if found := _CONTROL.search(text) or _TURNING.search(text):
        raise Unclear("invisible", character=f"U+{ord(found[0]):04X}")
    return _unquoted(" ".join(unicodedata.normalize("NFC", text).split()))


def unmarked(text: str) -> str:
    """An id without the marks that lead to a remark below the table, and without the ' that keeps zeros."""
    return text.removeprefix("'").strip("*†‡ ")


def _unquoted(text: str) -> str:
    """Text without the quotation marks that stand around all of it."""
    if len(text) > 2 and (text[0], text[-1]) in _QUOTES and not set(text[1:-1]) & {text[0], text[-1]}:
        return text[1:-1].strip()
    return text


def is_blank(value: Value) -> bool:
    """Whether a cell shows nothing."""
    return value is None or (isinstance(value, str) and not value.translate(_UNSEEN).strip())


def bare(text: str) -> str:
    """Letters and digits only, in small letters and without accents: what headers and words are compared by."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())
