"""Teaching hours of a preceptor by month, as a claim of credit for continuing education asks for them.

Hours in which several students are there at once count once as the preceptor's own, and once for each as student hours. Nothing
is counted twice: where sessions overlap, they take no more than the clock does. Where the days are agreed with the preceptor no
session is known: the hours of the placement are spread evenly over its days and named as estimated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.export.packs_tables import filled
from scheduler.export.sheets import Sheet, Value
from scheduler.export.stays import Stay
from scheduler.export.tables.cells import Kind, number, table

_HOURS: tuple[tuple[str, Kind], ...] = (
    ("month", "text"),
    ("days", "number"),
    ("students", "number"),
    ("hours", "number"),
    ("student_hours", "number"),
    ("estimated", "number"),
)


@dataclass(frozen=True, slots=True)
class Taught:
    """One session, or one day of a placement without known sessions, with its hours and what it is of.

    Attributes
    ----------
    span
        Minutes after the midnight before it; None where the clock times are not known.
    """

    day: date
    span: tuple[int, int] | None
    hours: float
    stay: Stay
    estimated: bool


def teaching_hours(stays: Iterable[Stay], who: str) -> Sheet:
    """One row a month in which a preceptor has students, and the sum; a night counts on the day on which it begins.

    Parameters
    ----------
    stays
        The placements in which the preceptor supervises or covers, whole.
    who
        Id of the preceptor.
    """
    months: dict[tuple[int, int], list[Taught]] = defaultdict(list)
    everything = [taught for stay in stays for taught in _taught(stay, who)]
    for taught in everything:
        months[taught.day.year, taught.day.month].append(taught)
    rows = [_row(f"{those[0].day:%b} {those[0].day.year}", those) for _, those in sorted(months.items())]
    if len(rows) > 1:
        rows.append(_row("Together", everything))
    return filled(table("hours", _HOURS, rows))


def hours_supervised(stays: Iterable[Stay], who: str) -> float:
    """Hours in which a preceptor supervises somebody: the column of that name, of all months together."""
    return _hours([taught for stay in stays for taught in _taught(stay, who)])


def _row(title: str, those: list[Taught]) -> tuple[Value, ...]:
    parties = {(t.stay.row.school, t.stay.who): t.stay.row.students for t in those}
    own = _hours(those)
    of_students = sum(t.hours * t.stay.row.students for t in those)
    estimated = sum(t.hours * t.stay.row.students for t in those if t.estimated)
    # days that were spread over a placement are not known to be days with students
    known = {t.day for t in those if not t.estimated}
    days = len(known) or None if estimated else len(known)
    return title, days, sum(parties.values()), number(own), number(of_students), number(estimated) or None


def _hours(those: Iterable[Taught]) -> float:
    days: dict[date, list[Taught]] = defaultdict(list)
    for taught in those:
        days[taught.day].append(taught)
    return sum(map(_hours_of_day, days.values()))


def _taught(stay: Stay, who: str) -> Iterator[Taught]:
    """The sessions of a placement that somebody supervises: of a cover those days, of who is covered all others."""
    row = stay.row
    days = stay.sessions
    if stay.follows:
        days = tuple(row.start + timedelta(days=i) for i in range((row.end - row.start).days + 1))
    if not days:
        return
    each = row.hours / len(days) if stay.follows else stay.session_hours
    for day in days:
        covered = bool(row.cover and row.cover_start and row.cover_end and row.cover_start <= day <= row.cover_end)
        away = (who == row.preceptor and covered) or (who == row.cover and who != row.preceptor and not covered)
        if not away:
            yield Taught(day, stay.span if stay.timed and not stay.follows else None, each, stay, stay.follows)


def _hours_of_day(those: list[Taught]) -> float:
    """Hours in which somebody is there: sessions that overlap take at most the time from the first start to the last end."""
    longest: dict[tuple[int, int], float] = {}
    for taught in those:
        if taught.span is not None:
            longest[taught.span] = max(longest.get(taught.span, 0.0), taught.hours)
    found, hours, reach = 0.0, 0.0, (0, 0)
    for span in sorted(longest):
        if span[0] >= reach[1]:
            found += hours
            hours, reach = longest[span], span
        else:
            reach = reach[0], max(reach[1], span[1])
            hours = min(hours + longest[span], (reach[1] - reach[0]) / 60)
    unknown = max((t.hours for t in those if t.span is None), default=0.0)
    return max(found + hours, unknown)
