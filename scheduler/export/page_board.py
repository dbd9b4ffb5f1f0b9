"""The board of the page: a row a party, a bar a placement, over the weeks that it covers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.domain.types import WORK_DAYS
from scheduler.export.phrases import Phrases
from scheduler.export.sheets import Sheet
from scheduler.export.stays import Stay
from scheduler.words.locale import Locale

if TYPE_CHECKING:
    from scheduler.export.view import View

#: School, program and party, by the names that readers see.
Who = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Bar:
    """A placement on the board.

    Attributes
    ----------
    weeks
        How many weeks it covers.
    specialty
        What it is coloured by.
    unit, detail
        What stands in it: the unit's id, and what else fits.
    title
        Everything about it, shown when one points at it.
    """

    weeks: int
    specialty: str
    unit: str
    detail: str
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """A party's row.

    Attributes
    ----------
    who
        The party.
    unplaced
        How many of its rotations are missing.
    lanes
        Its bars and empty weeks (None), in as many lanes as run beside each other; at least one.
    """

    who: str
    unplaced: int
    lanes: tuple[tuple[Bar | None, ...], ...]


@dataclass(frozen=True, slots=True)
class ProgramBoard:
    """The parties of one program of a school."""

    school: str
    program: str
    lines: tuple[Line, ...]


def boards(seen: View) -> tuple[ProgramBoard, ...]:
    """The board, program by program, in the order of the board's table; also who has no placement is on it."""
    sheets = {sheet.name: sheet for sheet in seen.sheets}
    missing = Counter(_parties(sheets.get("unplaced")))
    of_party: dict[Who, list[Stay]] = {who: [] for who in (*_parties(sheets.get("board")), *missing)}
    for stay in seen.stays:
        of_party.setdefault((stay.school_name, stay.program_name, stay.who), []).append(stay)
    phrases = Phrases(seen.locale)
    programs: dict[tuple[str, str], list[Line]] = {}
    for who, stays in of_party.items():
        programs.setdefault(who[:2], []).append(Line(who[2], missing[who], tuple(_lanes(seen, stays, phrases))))
    return tuple(ProgramBoard(school, program, tuple(lines)) for (school, program), lines in programs.items())


def _parties(sheet: Sheet | None) -> Iterator[Who]:
    """Who the rows of a table are about."""
    if sheet:
        keys = [column.key for column in sheet.columns]
        school, program, who = (keys.index(key) for key in ("school", "program", "who"))
        yield from ((str(row[school]), str(row[program]), str(row[who])) for row in sheet.rows)


def _lanes(seen: View, stays: Iterable[Stay], phrases: Phrases) -> Iterator[tuple[Bar | None, ...]]:
    """Bars side by side: blocks first, then each in the first lane that is free in its weeks."""
    instance = seen.instance
    longitudinal = {key for key, required in instance.requirement_by_id.items() if required.lane != "block"}
    lanes: list[dict[int, Stay]] = [{}]
    for stay in sorted(stays, key=lambda s: ((s.row.program, s.row.requirement) in longitudinal, s.row.start, s.row.slot)):
        weeks = _weeks(seen, stay)
        lane = next((lane for lane in lanes if not any(week in lane for week in weeks)), None)
        if lane is None:
            lanes.append(lane := {})
        lane.update(dict.fromkeys(weeks, stay))
    for lane in lanes:
        cells: list[Bar | None] = []
        week = 0
        while week < instance.weeks:
            bar = _bar(lane[week], len(_weeks(seen, lane[week])), seen.locale, phrases) if week in lane else None
            cells.append(bar)
            week += bar.weeks if bar else 1
        yield tuple(cells)


def _weeks(seen: View, stay: Stay) -> range:
    instance = seen.instance
    return range(max(0, instance.week_of(stay.row.start)), min(instance.weeks - 1, instance.week_of(stay.row.end)) + 1)


def _bar(stay: Stay, weeks: int, locale: Locale, phrases: Phrases) -> Bar:
    row, text = stay.row, phrases.student(stay)
    days = "" if stay.follows or row.weekdays == WORK_DAYS else " ".join(map(locale.weekday, row.weekdays))
    about = (f"{phrases.who(stay)}: {text['summary']}", row.specialty, text["location"], text["description"])
    return Bar(
        weeks, row.specialty, row.unit, " ".join(filter(None, (days, phrases.supervisors(stay)))), "\n".join(filter(None, about))
    )
