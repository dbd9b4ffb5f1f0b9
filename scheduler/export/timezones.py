"""The rules of a time zone, as a calendar carries them for programs that do not know the zone by its name.

Widely used calendar programs read one yearly rule for summer and one for winter and nothing else: from a plain list of dates they
take a wrong time, an hour off, for weekly sessions that reach over a change of clocks. So wherever a zone's changes follow a
yearly rule, the rule is written. RFC 5545 wants the onset in the clock time that held *before* the change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

#: So many years after the last day a rule must hold to be called one; "fourth" and "last Sunday" differ within them.
_TRIAL_YEARS = 8
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Change:
    """What a change of clocks leads to, and from which offset."""

    before: timedelta
    after: timedelta
    name: str
    daylight: bool


def timezone(name: str, first: date, last: date) -> Timezone:
    """The VTIMEZONE of a zone, right on every day from `first` to `last`.

    Parameters
    ----------
    name
        IANA name, like ``America/New_York``; it becomes the TZID.
    first, last
        The days on which anything happens.
    """
    zone = ZoneInfo(name)
    # A year more at the beginning, so that the first day too has a change before it.
    start = datetime(max(first.year - 1, MINYEAR + 1), 1, 1, tzinfo=UTC)
    last_year = min(last.year + _TRIAL_YEARS, MAXYEAR - 1)
    changes: dict[_Change, list[datetime]] = {}
    for change, onset in _changes(zone, start, datetime(last_year, 12, 31, tzinfo=UTC)):
        changes.setdefault(change, []).append(onset)
    component = Timezone()
    component.add("tzid", name)
    onsets = [onset for found in changes.values() for onset in found]
    if not onsets or min(onsets) >= datetime.combine(first, time()):
        offset = _offset(start, zone)
        component.add_component(_observance(_Change(offset, offset, *_label(start, zone)), start.replace(tzinfo=None)))
    for change, found in changes.items():
        if rule := _yearly(found, last_year):
            component.add_component(_observance(change, found[0], rule))
        else:
            for onset in found:
                if onset.date() <= last + _DAY:
                    component.add_component(_observance(change, onset))
    return component


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[_Change, datetime]]:
    """Every change of the offset, with its onset in the clock time before it."""
    at = start
    while at < end:
        if _offset(at, zone) != _offset(at + _DAY, zone):
            low, high = at, at + _DAY
            while high - low > _SECOND:
                middle = low + (high - low) // _SECOND // 2 * _SECOND
                low, high = (middle, high) if _offset(middle, zone) == _offset(at, zone) else (low, middle)
            before = _offset(low, zone)
            yield _Change(before, _offset(high, zone), *_label(high, zone)), (high + before).replace(tzinfo=None)
        at += _DAY


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _label(at: datetime, zone: ZoneInfo) -> tuple[str, bool]:
    """Abbreviation, and whether it is daylight saving time."""
    local = at.astimezone(zone)
    return local.tzname() or "", bool(local.dst())


def _yearly(onsets: Sequence[datetime], last_year: int) -> dict[str, Any] | None:
    """The yearly rule that gives exactly these onsets, up to a year in which it still holds; None without one."""
    if [onset.year for onset in onsets] != list(range(onsets[0].year, last_year + 1)):
        return None
    if len({(o.month, o.weekday(), o.time()) for o in onsets}) > 1:
        return None
    if len({(o.day - 1) // 7 for o in onsets}) == 1:
        nth = (onsets[0].day - 1) // 7 + 1
    elif all((o + 7 * _DAY).month != o.month for o in onsets):
        nth = -1
    else:
        return None
    return {"freq": "yearly", "bymonth": onsets[0].month, "byday": f"{nth}{_WEEKDAYS[onsets[0].weekday()]}"}


def _observance(change: _Change, onset: datetime, rule: dict[str, Any] | None = None) -> TimezoneStandard | TimezoneDaylight:
    component = TimezoneDaylight() if change.daylight else TimezoneStandard()
    component.add("dtstart", onset)
    if rule:
        component.add("rrule", rule)
    component.add("tzname", change.name)
    component.add("tzoffsetfrom", change.before)
    component.add("tzoffsetto", change.after)
    return component
