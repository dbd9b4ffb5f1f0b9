"""Cell types: how the text of one cell becomes a value, and back again exactly."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer

WEEKDAY_NAMES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_WEEKDAY_ALIASES = {name.lower(): i for i, name in enumerate(WEEKDAY_NAMES)} | {
    name: i for i, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
}
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ID = re.compile(r"[^\W_]([\w .:+#&()-]*[\w)+#])?")
MAX_ID_LENGTH = 64
MAX_TEXT_LENGTH = 500


def parse_date(value: Any) -> Any:
    """Only dates and ``YYYY-MM-DD``; pydantic alone would also read ``20260824`` as seconds since 1970."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not _ISO_DATE.fullmatch(text):
        raise ValueError("a date written YYYY-MM-DD, like 2026-08-24")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("a date that exists, written YYYY-MM-DD") from error


def parse_id(value: Any) -> Any:
    """Ids are short, printable and safe as part of a file name and in a spreadsheet cell."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if len(text) > MAX_ID_LENGTH:
        raise ValueError(f"an id of at most {MAX_ID_LENGTH} characters")
    if not _ID.fullmatch(text) or ".." in text:
        raise ValueError("an id of letters, digits, spaces and _ . : + # & ( ) - that starts with a letter or digit")
    return text


def parse_text(value: Any) -> Any:
    """Free text: one line, of bounded length."""
    if not isinstance(value, str):
        return value
    text = " ".join(value.split())
    if len(text) > MAX_TEXT_LENGTH:
        raise ValueError(f"text of at most {MAX_TEXT_LENGTH} characters")
    return text


def parse_ids(value: Any) -> Any:
    """``a; b`` becomes ``("a", "b")``."""
    if not isinstance(value, str):
        return value
    parts = [part.strip() for part in value.split(";")]
    return tuple(parse_id(part) for part in parts if part)


def parse_dates(value: Any) -> Any:
    """``2026-08-24; 2026-09-21`` becomes a tuple of dates."""
    if not isinstance(value, str):
        return value
    return tuple(parse_date(part) for part in value.split(";") if part.strip())


def parse_weekdays(value: Any) -> Any:
    """``Tu Th``, ``Mo-Fr`` or ``Mo, We`` becomes the sorted tuple of weekday numbers, Monday = 0."""
    if not isinstance(value, str):
        return value
    days: set[int] = set()
    for token in re.split(r"[\s,;]+", value.strip()):
        first, dash, last = token.partition("-")
        try:
            i = _WEEKDAY_ALIASES[first.lower()]
            j = _WEEKDAY_ALIASES[last.lower()] if dash else i
        except KeyError:
            raise ValueError("weekdays like 'Tu Th' or 'Mo-Fr' (Mo Tu We Th Fr Sa Su)") from None
        days.update(range(i, j + 1) if i <= j else [*range(i, 7), *range(j + 1)])
    return tuple(sorted(days))


def format_weekdays(days: tuple[int, ...]) -> str:
    """``(1, 3)`` becomes ``Tu Th``."""
    return " ".join(WEEKDAY_NAMES[d] for d in days)


def parse_sessions(value: Any) -> Any:
    """``Fr am; We pm`` becomes ``((4, "am"), (2, "pm"))``; a weekday alone means the whole day."""
    if not isinstance(value, str):
        return value
    sessions = []
    for part in value.split(";"):
        words = part.split(None, 1)
        if not words:
            continue
        day = _WEEKDAY_ALIASES.get(words[0].lower())
        if day is None:
            raise ValueError("sessions like 'Fr am' or 'Fr am; We pm': a weekday and a shift")
        sessions.append((day, parse_id(words[1]) if len(words) > 1 else ""))
    return tuple(sessions)


def format_sessions(sessions: tuple[tuple[int, str], ...]) -> str:
    """Inverse of `parse_sessions`."""
    return ";".join(f"{WEEKDAY_NAMES[day]} {shift}".strip() for day, shift in sessions)


def parse_counts(value: Any) -> Any:
    """``rn:2; pharmd:1`` becomes ``(("rn", 2), ("pharmd", 1))``."""
    if not isinstance(value, str):
        return value
    counts = []
    for part in value.split(";"):
        if not part.strip():
            continue
        name, colon, number = part.partition(":")
        if not colon or not number.strip().isdigit():
            raise ValueError("names with counts like 'rn:2; pharmd:1'")
        counts.append((parse_id(name), int(number)))
    return tuple(counts)


def parse_clock(value: Any) -> Any:
    """``07:30`` becomes minutes after midnight."""
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", value.strip())
    if not match or int(match[1]) > 24 or int(match[2]) > 59 or (int(match[1]) == 24 and int(match[2])):
        raise ValueError("a clock time like 07:30")
    return int(match[1]) * 60 + int(match[2])


def format_clock(minutes: int) -> str:
    """``450`` becomes ``07:30``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _join(items: tuple[Any, ...]) -> str:
    return ";".join(str(item) for item in items)


Date = Annotated[date, BeforeValidator(parse_date), PlainSerializer(date.isoformat, when_used="unless-none")]
Dates = Annotated[tuple[Date, ...], BeforeValidator(parse_dates), PlainSerializer(_join)]
Id = Annotated[str, BeforeValidator(parse_id)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(parse_ids), PlainSerializer(_join)]
Text = Annotated[str, BeforeValidator(parse_text)]
Weekdays = Annotated[tuple[int, ...], BeforeValidator(parse_weekdays), PlainSerializer(format_weekdays)]
Sessions = Annotated[tuple[tuple[int, str], ...], BeforeValidator(parse_sessions), PlainSerializer(format_sessions)]
Counts = Annotated[
    tuple[tuple[str, int], ...],
    BeforeValidator(parse_counts),
    PlainSerializer(lambda counts: ";".join(f"{name}:{number}" for name, number in counts)),
]
Clock = Annotated[int, BeforeValidator(parse_clock), PlainSerializer(format_clock)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Positive = Annotated[int, Field(ge=1, le=1_000_000)]
ALL_DAYS: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
WORK_DAYS: tuple[int, ...] = (0, 1, 2, 3, 4)
