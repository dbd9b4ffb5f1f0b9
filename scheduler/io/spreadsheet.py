"""What a spreadsheet does to ids, dates and numbers, undone: ``0042`` shown as 42, 9/14/2026, 14-Sep-26, 37,5."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

K = TypeVar("K")

DAY_FIRST, MONTH_FIRST, SURE = "day first", "month first", ""

_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d{1,3})?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T ]00:00(:00)?)?")
_NUMERIC = re.compile(r"(\d{1,2})[-/. ]\s?(\d{1,2})[-/. ]\s?(\d{4}|\d{2})([T ]0?0:00(:00)?)?")
_DAY_MONTH_NAME = re.compile(r"(\d{1,2})[-/. ]+([A-Za-z]{3,9})[-/., ]+(\d{4}|\d{2})")
_MONTH_NAME_DAY = re.compile(r"([A-Za-z]{3,9})[-/. ]+(\d{1,2})[-/., ]+(\d{4}|\d{2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: Day 0 of spreadsheets' day numbers, and the numbers (of the years 1990 to 2119) that are taken for days.
_DAY_ZERO = date(1899, 12, 30)
_DAY_NUMBERS = range(32874, 80355)


class Ids:
    """Finds the id that a spreadsheet may have changed: other case, lost zeros, a number in another form."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = frozenset(known)
        self._folded = _unique((name.casefold(), name) for name in self.known)
        self._numbers = _unique((number, name) for name in self.known if (number := _number(name)) is not None)

    def find(self, text: str) -> str | None:
        """The one id that is meant; None where none or several could be."""
        text = text.strip()
        if text in self.known:
            return text
        if len(text) > 3 and text.startswith('="') and text.endswith('"'):  # ="0042" is how some keep zeros in a CSV
            text = text[2:-1]
        text = text.removeprefix("'")
        if text in self.known:
            return text
        found = self._folded.get(text.casefold())
        if found is None and (number := _number(text.replace(",", ".") if text.count(",") == 1 else text)) is not None:
            found = self._numbers.get(number)
        return found


def _number(text: str) -> Decimal | None:
    return Decimal(text) if len(text) < 64 and _NUMBER.fullmatch(text) else None


def _unique(pairs: Iterable[tuple[K, str]]) -> dict[K, str | None]:
    found: dict[K, str | None] = {}
    for key, name in pairs:
        found[key] = None if key in found else name
    return found


def date_readings(text: str) -> dict[str, date]:
    """The dates that a cell may mean, by the order that this takes (`SURE`: any order); empty if it is no date."""
    text = text.strip()
    if match := _ISO.fullmatch(text):
        return _valid({SURE: (int(match[1]), int(match[2]), int(match[3]))})
    if match := _NUMERIC.fullmatch(text):
        one, two, year = int(match[1]), int(match[2]), _year(match[3])
        return _valid({DAY_FIRST: (year, two, one), MONTH_FIRST: (year, one, two)})
    if match := _DAY_MONTH_NAME.fullmatch(text):
        return _valid({SURE: (_year(match[3]), _month(match[2]), int(match[1]))})
    if match := _MONTH_NAME_DAY.fullmatch(text):
        return _valid({SURE: (_year(match[3]), _month(match[1]), int(match[2]))})
    if text.isascii() and text.isdigit() and len(text) == 5 and int(text) in _DAY_NUMBERS:
        return {SURE: _DAY_ZERO + timedelta(days=int(text))}
    return {}


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _month(name: str) -> int:
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _valid(readings: dict[str, tuple[int, int, int]]) -> dict[str, date]:
    found = {}
    for order, (year, month, day) in readings.items():
        try:
            found[order] = date(year, month, day)
        except ValueError:
            continue
    return found


def date_order(cells: Sequence[str], offered: Sequence[Collection[date]]) -> str | None:
    """The order in which a whole column writes day and month.

    Parameters
    ----------
    cells
        The filled cells of the column.
    offered
        For each cell, the dates that would make sense there (may be empty).

    Returns
    -------
    order
        `DAY_FIRST` or `MONTH_FIRST`: the only one in which every cell is a date, else the one that makes sense more
        often; `SURE` where no cell needs it; None where it stays open.
    """
    open_cells = [(r, sense) for r, sense in zip(map(date_readings, cells), offered, strict=True) if r and SURE not in r]
    if not open_cells:
        return SURE
    orders = [order for order in (DAY_FIRST, MONTH_FIRST) if all(order in r for r, _ in open_cells)]
    if len(orders) == 1:
        return orders[0]
    sense = {order: sum(r.get(order) in dates for r, dates in open_cells) for order in (DAY_FIRST, MONTH_FIRST)}
    if not orders or sense[DAY_FIRST] == sense[MONTH_FIRST]:
        return None
    return max(sense, key=lambda order: sense[order])


def read_date(text: str, order: str | None, offered: Collection[date] = ()) -> date | tuple[date, date] | None:
    """The date of a cell; None if it is no date, both dates if it may be either."""
    readings = date_readings(text)
    if order is not None and order in readings:
        return readings[order]
    days = sorted(set(readings.values()))
    if len(days) == 2:
        days = [day for day in days if day in offered] if sum(day in offered for day in days) == 1 else days
    if len(days) == 2:
        return days[0], days[1]
    return days[0] if days else None


def read_number(text: str, comma: bool) -> float | None:
    """A number, where `comma` is the decimal sign of the file (else it separates thousands); None if it is none."""
    text = text.strip().replace("\N{NO-BREAK SPACE}", "").replace("\N{NARROW NO-BREAK SPACE}", "")
    if "," in text and "." in text:
        comma = text.rindex(",") > text.rindex(".")
    if comma and "," in text:
        text = text.replace(".", "").replace(",", ".")
    text = text.replace(",", "")
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    return number if math.isfinite(number) else None
