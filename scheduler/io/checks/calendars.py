"""Dates: in the right order, and inside the planning horizon where that matters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from scheduler.domain import TABLES
from scheduler.domain.tables import DEFAULT_EFFECT, CalendarRow, Pin, Preceptor, Preference, Site, SiteClearance, Slot, Student
from scheduler.io.checks.draft import Draft, Say
from scheduler.io.columns import columns_of

#: Tables whose rows do nothing outside the horizon.
INSIDE_HORIZON = frozenset({"calendar", "availability", "commitments", "capacity", "housing"})


def check_ranges(draft: Draft) -> None:
    """No row ends before it starts; a row wholly outside the horizon has no effect."""
    horizon = draft.frame.horizon
    for name, model in TABLES.items():
        if not {"start", "end"} <= set(columns_of(model)):
            continue
        for say, row in draft.each(model):
            start: date | None = getattr(row, "start")  # noqa: B009  not every table has it
            end: date | None = getattr(row, "end")  # noqa: B009
            if start and end and end < start:
                say("end", f"the row ends before it starts ({start})", "date_order", value=end, expected=f"{start} or later")
            elif horizon and name in INSIDE_HORIZON:
                if end and end < horizon[0]:
                    say(
                        "end",
                        f"the row lies before the planning horizon ({horizon[0]})",
                        "outside_horizon",
                        value=end,
                        severity="warning",
                    )
                elif start and start > horizon[1]:
                    say(
                        "start",
                        f"the row lies after the planning horizon ({horizon[1]})",
                        "outside_horizon",
                        value=start,
                        severity="warning",
                    )


def check_days(draft: Draft) -> None:
    """Single days that lie outside the horizon."""
    if not (horizon := draft.frame.horizon):
        return

    def look(say: Say, column: str, day: date | None) -> None:
        if day and not horizon[0] <= day <= horizon[1]:
            message = f"the day lies outside the planning horizon ({horizon[0]} to {horizon[1]})"
            say(column, message, "outside_horizon", value=day, severity="warning")

    for say, slot in draft.each(Slot):
        if slot.starts:
            for day in slot.starts:
                look(say, "starts", day)
        elif slot.first_start and slot.first_start > horizon[1]:
            look(say, "first_start", slot.first_start)
        elif slot.first_start and (slot.last_start or slot.first_start) < horizon[0]:
            look(say, "last_start" if slot.last_start else "first_start", slot.last_start or slot.first_start)
    for say, pin in draft.each(Pin):
        look(say, "start", pin.start)
    for say, wish in draft.each(Preference):
        look(say, "start", wish.start)
    for say, student in draft.each(Student):
        if student.available_from and student.available_from > horizon[1]:
            look(say, "available_from", student.available_from)
    for say, preceptor in draft.each(Preceptor):
        if preceptor.trained_until and preceptor.trained_until < horizon[0]:
            message = f"the training ends before the planning horizon ({horizon[0]})"
            say("trained_until", message, "outside_horizon", value=preceptor.trained_until, severity="warning")


def check_calendar(draft: Draft) -> None:
    """Terms and blocks are windows, all other kinds are not; a group's row belongs to its program."""
    for say, row in draft.each(CalendarRow):
        window = DEFAULT_EFFECT[row.kind] == "window"
        if row.effect is not None and (row.effect == "window") != window:
            message = f"a row of kind {row.kind} cannot have this effect"
            say("effect", message, "effect", value=row.effect, expected="window" if window else "forbid, pause or extend")
        group = draft.groups.get(row.group) if row.group else None
        if group is not None and group.program is not None and group.program != row.program:
            message = f"the group belongs to program {group.program}, the row to {row.program}"
            say("group", message, "other_program", value=row.group)


def check_places_on_earth(draft: Draft) -> None:
    """Coordinates are degrees and come in pairs; seasons are month and day and come in pairs."""
    for say, site in draft.each(Site):
        _check_coordinates(say, "lat", "lon", site.lat, site.lon)
    for say, student in draft.each(Student):
        _check_coordinates(say, "home_lat", "home_lon", student.home_lat, student.home_lon)
    for say, demand in draft.each(SiteClearance):
        for column, text in (("season_start", demand.season_start), ("season_end", demand.season_end)):
            if text and not _is_month_and_day(text):
                say(column, "not a month and day", "type", value=text, expected="MM-DD, like 10-01")
        if bool(demand.season_start) != bool(demand.season_end):
            say("season_end", "a season needs both its first and its last day", "incomplete")


def _check_coordinates(say: Say, lat_column: str, lon_column: str, lat: float | None, lon: float | None) -> None:
    for column, degrees, most in ((lat_column, lat, 90), (lon_column, lon, 180)):
        if degrees is not None and abs(degrees) > most:
            say(column, "the number is out of range", "type", value=degrees, expected=f"degrees between -{most} and {most}")
    if (lat is None) != (lon is None):
        message = f"{lat_column} and {lon_column} are only used together"
        say(lat_column if lat is None else lon_column, message, "incomplete", severity="warning")


def _is_month_and_day(text: str) -> bool:
    try:
        date.fromisoformat(f"2024-{text}")
    except ValueError:
        return False
    return len(text) == 5


CHECKS: tuple[Callable[[Draft], None], ...] = (check_ranges, check_days, check_calendar, check_places_on_earth)
