"""Dates and periods as people write them; where a text can mean two days it says so and decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

from scheduler.intake.text import bare

#: Order of day and month; of an unwritten year only `SURE` dates are told.
Order: TypeAlias = Literal["day first", "month first"]
ORDERS: tuple[Order, Order] = ("day first", "month first")
SURE = "sure"

_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sep sept septiembre setiembre set",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
#: Names of weekdays (see `bare`) to their number, Monday 0.
WEEKDAY_NAMES: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "monday mon mo lunes lun lu",
            "tuesday tue tues tu martes mar ma",
            "wednesday wed weds we miercoles mie mi",
            "thursday thu thur thurs th jueves jue ju",
            "friday fri fr viernes vie vi",
            "saturday sat sa sabado sab",
            "sunday sun su domingo dom do",
        )
    )
    for name in names.split()
}
#: Day 0 of spreadsheets' day numbers, and the numbers (of the years 1990 to 2119) that are taken for days.
_DAY_ZERO = date(1899, 12, 30)
_DAY_NUMBERS = range(32874, 80355)
#: Years that a date of a term, a clearance or a credit can have.
_YEARS = range(1990, 2120)

_WEEKDAY = re.compile(r"^([^\W\d_]+)\.?,?\s+(?=\d|[^\W\d_]+\.?\s+\d)")
_CLOCK = re.compile(r"[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?(?:\s*[ap]\.?m\.?)?$", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})\s?([-/. ])\s?(\d{1,2})(?:\s?\2\s?(\d{4}|\d{2}))?\.?")
_DAY_NAME = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.|º|o)?[-/. ]*(?:of |de )?([^\W\d_]{3,10})\.?(?:[-/., ]+(?:de |del )?(\d{4}|'?\d{2}))?"
)
_NAME_DAY = re.compile(r"([^\W\d_]{3,10})\.?([-/. ]*)(\d{1,2})(?:st|nd|rd|th)?(?:(?:,\s*|\s+|\2)(\d{4}|'?\d{2}))?")
_WEEKS = re.compile(
    r"(?:weeks?|wks?|wk|w|semanas?|sem|s)\.?\s*#?(\d{1,3})(?:\s*(?:-|–|—|to|through|until|a|al|hasta|\.\.+)\s*(?:weeks?|wks?|wk|w|semanas?|sem|s)?\.?\s*#?(\d{1,3}))?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*(?:–|—|→|\.{2,}|~)\s*|\s+(?:-|to|through|thru|until|till|bis|al?|hasta)\s+|\s*/\s*(?=\d{4}-)", re.IGNORECASE
)
_DAYS_OF_MONTH = re.compile(
    r"(\d{1,2})\s*(?:-|–|—|to|al?)\s*(\d{1,2})\s*(?:de |of )?([^\W\d_]{3,10}\.?(?:[-/., ]+(?:de |del )?\d{2,4})?)",
    re.IGNORECASE,
)
_MONTH_DAYS = re.compile(r"([^\W\d_]{3,10})\.?\s*(\d{1,2})\s*(?:-|–|—|to|al?)\s*(\d{1,2})((?:,?\s+\d{4})?)", re.IGNORECASE)


#: ``14-18/9`` and ``9/14-18``, with or without a year.
_DAYS_THEN_MONTH = re.compile(r"(\d{1,2})\.?\s*[-–]\s*(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?\.?")
_MONTH_THEN_DAYS = re.compile(r"(\d{1,2})/(\d{1,2})\s*[-–]\s*(\d{1,2})(/\d{4})?")
#: What is put in brackets behind a date and says nothing more of it.
_ASIDE = re.compile(r"\s*\([^)\d]*\)$")


@dataclass(frozen=True, slots=True)
class Horizon:
    """The days of a term, by which a year that is left out is found.

    Attributes
    ----------
    first, last
        First Monday and last Sunday.
    """

    first: date
    last: date

    @property
    def weeks(self) -> int:
        return ((self.last - self.first).days + 1) // 7

    def week(self, number: int) -> tuple[date, date]:
        """Monday and Sunday of a week, counted from 1."""
        monday = self.first + timedelta(weeks=number - 1)
        return monday, monday + timedelta(days=6)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def years(self) -> range:
        return range(self.first.year, self.last.year + 1)


def readings(text: str, horizon: Horizon) -> Mapping[str, Sequence[date]]:
    """The days that a text may mean, by the order of day and month that this takes (`SURE`: any order).

    Several days of one order differ in a year that is not written. Empty if it is no date.
    """
    text = _CLOCK.sub("", _ASIDE.sub("", text.strip()).rstrip(","))
    weekday = None
    if (
        (match := _WEEKDAY.match(text))
        and (name := bare(match[1])) in WEEKDAY_NAMES
        and not (name == "mar" and _NAME_DAY.fullmatch(text))
    ):
        weekday, text = WEEKDAY_NAMES[name], text[match.end() :]
    found: Mapping[str, Sequence[date]] = dict(_plain(text, horizon))
    if weekday is not None:  # the day of the week may tell what the numbers do not
        same = {order: [d for d in days if d.weekday() == weekday] for order, days in found.items()}
        fitting = {order: days for order, days in same.items() if days}
        if len({d for days in fitting.values() for d in days}) == 1:
            return {SURE: next(iter(fitting.values()))}
        return fitting
    if len({d for days in found.values() for d in days}) == 1 and set(found) >= set(ORDERS):
        return {SURE: next(iter(found.values()))}  # the same day and month number
    return found


def sole_order(found: Mapping[str, Sequence[date]]) -> Order | None:
    """The order of day and month that a text proves, because it is a date in no other."""
    orders = [order for order in ORDERS if order in found]
    return orders[0] if len(orders) == 1 and SURE not in found else None


def _plain(text: str, horizon: Horizon) -> Iterator[tuple[str, list[date]]]:
    if (match := _ISO.fullmatch(text)) or (match := _COMPACT.fullmatch(text)):
        yield from _days(SURE, match[1], int(match[2]), int(match[3]), horizon)
    elif text.isascii() and text.isdigit() and len(text) == 5 and int(text) in _DAY_NUMBERS:
        yield SURE, [_DAY_ZERO + timedelta(days=int(text))]
    elif match := _NUMERIC.fullmatch(text):
        one, two = int(match[1]), int(match[3])
        yield from _days("day first", match[4], two, one, horizon)
        yield from _days("month first", match[4], one, two, horizon)
    elif (match := _DAY_NAME.fullmatch(text)) and (month := _MONTHS.get(bare(match[2]))):
        yield from _days(SURE, match[3], month, int(match[1]), horizon)
    elif (match := _NAME_DAY.fullmatch(text)) and (month := _MONTHS.get(bare(match[1]))):
        yield from _days(SURE, match[4], month, int(match[3]), horizon)


def has_time(text: str) -> bool:
    """Whether a text ends in a time of day that is not midnight."""
    match = _CLOCK.search(text)
    return match is not None and bool(set(match[0]) & set("123456789"))


def is_serial(text: str) -> bool:
    """Whether a text is the number under which spreadsheets keep a day."""
    return text.isascii() and text.isdigit() and len(text) == 5 and int(text) in _DAY_NUMBERS


def _days(order: str, year: str | None, month: int, day: int, horizon: Horizon) -> Iterator[tuple[str, list[date]]]:
    if year is None:
        days = [d for y in horizon.years() if (d := _date(y, month, day)) is not None and d in horizon]
        if not days:  # outside the term the year stays open
            days = [d for y in (horizon.first.year - 1, *horizon.years(), horizon.last.year + 1) if (d := _date(y, month, day))]
    else:
        digits = year.lstrip("'")
        number = int(digits) + (2000 if len(digits) == 2 else 0)
        days = [d] if number in _YEARS and (d := _date(number, month, day)) is not None else []
    if days:
        yield order, days


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def weeks_of(text: str) -> tuple[int, int] | None:
    """First and last week of ``weeks 3-6``; None if it says no weeks."""
    match = _WEEKS.fullmatch(text.strip())
    return (int(match[1]), int(match[2] or match[1])) if match else None


def week_of(text: str) -> str:
    """The day in ``week of 9/14``; empty if it says no such thing."""
    match = re.fullmatch(r"(?:the )?(?:w/?k|week|semana)\.?\s+(?:of|del?)\s+(.+)", text.strip(), re.IGNORECASE)
    return match[1] if match else ""


def halves(text: str) -> Iterator[tuple[str, str]]:
    """The ways to take a text apart into a first and a last day, the likeliest first."""
    text = re.sub(r"^(?:from|between|desde|del)\s+", "", text.strip(), flags=re.IGNORECASE)
    if match := _DAYS_OF_MONTH.fullmatch(text):
        yield f"{match[1]} {match[3]}", f"{match[2]} {match[3]}"
    if match := _MONTH_DAYS.fullmatch(text):
        yield f"{match[1]} {match[2]}{match[4]}", f"{match[1]} {match[3]}{match[4]}"
    if match := _DAYS_THEN_MONTH.fullmatch(text):
        year = f"/{match[4]}" if match[4] else ""
        yield f"{match[1]}/{match[3]}{year}", f"{match[2]}/{match[3]}{year}"
    if match := _MONTH_THEN_DAYS.fullmatch(text):
        yield f"{match[1]}/{match[2]}{match[4] or ''}", f"{match[1]}/{match[3]}{match[4] or ''}"
    for found in _BETWEEN.finditer(text):
        yield text[: found.start()], text[found.end() :]
    for i, c in enumerate(text):
        if c == "-" and 0 < i < len(text) - 1:
            yield text[:i].strip(), text[i + 1 :].strip()
