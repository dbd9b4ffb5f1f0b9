"""What a cell says, and how rows become a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from scheduler.domain import DAY_MINUTES
from scheduler.domain.types import format_clock, format_weekdays
from scheduler.export.sheets import Column, Sheet, Value
from scheduler.export.stays import Stay
from scheduler.words.locale import Locale

Kind = Literal["text", "number", "date", "week"]
#: Columns are as wide as their widest cell, within these.
NARROWEST, WIDEST = 6, 44


def sheet(
    name: str,
    title: str,
    columns: Sequence[tuple[str, str, Kind]],
    rows: Iterable[tuple[Value, ...]],
    frozen: int = 1,
    specialties: Iterable[tuple[str, ...]] = (),
    ids: Iterable[str] = (),
) -> Sheet:
    """A sheet whose columns, given as (key, title, kind), are as wide as what is in them."""
    body = tuple(rows)
    widths = [
        min(WIDEST, max(NARROWEST, len(title), *(len(str(row[i])) for row in body if row[i] is not None), 0))
        for i, (_, title, _) in enumerate(columns)
    ]
    made = tuple(Column(key, title, kind, width) for (key, title, kind), width in zip(columns, widths, strict=True))
    return Sheet(name, title, made, body, frozen, tuple(specialties), tuple(ids))


def table(
    name: str,
    columns: Sequence[tuple[str, Kind]],
    rows: Iterable[tuple[Value, ...]],
    frozen: int = 1,
    specialties: Iterable[tuple[str, ...]] = (),
    ids: Iterable[str] = (),
) -> Sheet:
    """A sheet with the English titles of the catalogue (``words/en/tables.toml``) for its name and columns, given as (key, kind).

    `scheduler.export.spoken` puts it into the reader's language.
    """
    titled = [(key, column_title(name, key, kind, Locale()), kind) for key, kind in columns]
    return sheet(name, Locale().words("tables")["sheets"][name], titled, rows, frozen, specialties, ids)


def column_title(name: str, key: str, kind: Kind, locale: Locale) -> str:
    """The title of a table's column: of a week its Monday."""
    if kind == "week":
        return locale.short_day(date.fromisoformat(key))
    words = locale.words("tables")
    return str(words["columns_of"].get(name, {}).get(key) or words["columns"][key])


def coloured(columns: Sequence[tuple[str, Kind]], specialty: str) -> tuple[str, ...]:
    """The specialties of a row in which only the cell of the column `specialty` is coloured."""
    return tuple(specialty if key == "specialty" else "" for key, _ in columns)


def natural(*texts: str) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """A sort key in which n-2 comes before n-10."""
    return tuple(
        tuple((0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in re.split(r"(\d+)", text) if part)
        for text in texts
    )


def clock(span: tuple[int, int]) -> str:
    """``07:00–19:00``; a night shift ends in the clock time of the next day."""
    start, end = span
    return f"{format_clock(start)}–{format_clock(end if end <= DAY_MINUTES else end - DAY_MINUTES)}"


def shift(stay: Stay) -> str:
    """``day 07:00–19:00``; empty without a shift."""
    return f"{stay.shift_name} {clock(stay.span)}" if stay.timed else ""


def weekdays(stay: Stay) -> str:
    """``Tu Th``."""
    return "as the preceptor" if stay.follows else format_weekdays(stay.row.weekdays)


def rotation(requirement: str, name: str) -> str:
    """``NUR310 Medical-surgical nursing``; the id alone where there is no other name."""
    return requirement if requirement == name else f"{requirement} {name}"


def number(value: float) -> int | float:
    """A number, without decimals where it has none."""
    return int(value) if value == int(value) else round(value, 2)


def group_name(stay: Stay) -> str:
    """``mA`` or ``mA part 1``; empty for a student alone."""
    return stay.row.who if stay.row.group else ""
