"""What the columns of tables hold, as far as it can say who somebody is: people, free text, and other ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator

from scheduler.domain import Placement, Unplaced
from scheduler.domain.types import parse_counts, parse_id, parse_ids, parse_sessions, parse_text

#: Who gets pseudonyms. Faculty members are preceptors by the same table.
Kind = Literal["student", "group", "preceptor"]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: Columns that name people, and those whose kind stands in another column.
_PEOPLE: dict[str, Kind] = {"student": "student", "group": "group"}
_PEOPLE |= dict.fromkeys(("preceptor", "co_preceptor", "faculty", "cover", "preceptors"), "preceptor")
_KIND_ELSEWHERE = {"who": "who_kind", "value": "what"}
#: Students or groups.
_PARTIES = "kept_for"
#: People outside of the schedule, whom nothing needs.
LEFT_OUT = ("approvers",)
#: Text of a fixed form, which the schedule needs.
FORMED = ("season_start", "season_end")
#: A list that nobody adds names to.
_CLOSED = ("profession", "professions", "supervises", "licence", "licences", "licence_hours", "timezone")
_OF_SCHEDULE: dict[type[BaseModel], tuple[str, ...]] = {
    Placement: ("school", "program", "requirement", "specialty", "site", "unit", "slot", "shift"),
    Unplaced: ("school", "program", "requirement"),
}


def people_columns(row: BaseModel, groups: frozenset[str]) -> Iterator[tuple[str, Kind, tuple[str, ...]]]:
    """The columns of a row that name people, with their kind and ids.

    Parameters
    ----------
    groups
        Ids of all groups: some columns name students or groups.
    """
    for column in type(row).model_fields:
        value = getattr(row, column)
        if not value:
            continue
        if column == _PARTIES:
            for kind in ("student", "group"):
                if own := tuple(one for one in value if (one in groups) == (kind == "group")):
                    yield column, kind, own
            continue
        found = getattr(row, _KIND_ELSEWHERE[column], "") if column in _KIND_ELSEWHERE else _PEOPLE.get(column)
        if found in KINDS:
            yield column, found, value if isinstance(value, tuple) else (value,)


@cache
def text_columns(table: type[BaseModel]) -> tuple[str, ...]:
    """The columns of free text."""
    return tuple(c for c, field in table.model_fields.items() if c not in FORMED and _reads(field, parse_text))


@cache
def id_columns(table: type[BaseModel]) -> tuple[str, ...]:
    """The columns of other ids: places, slots, labels; where the kind stands in another column, of either."""
    if table in _OF_SCHEDULE:
        return _OF_SCHEDULE[table]
    skipped = {*_PEOPLE, _PARTIES, *LEFT_OUT, *_CLOSED}
    parsers = (parse_id, parse_ids, parse_counts, parse_sessions)
    return tuple(c for c, field in table.model_fields.items() if c not in skipped and any(_reads(field, p) for p in parsers))


def _reads(field: Any, parser: Callable[[Any], Any]) -> bool:
    """Whether a column's cells, or their parts, are read by a parser, also where they may be empty."""
    marks = [*getattr(field, "metadata", ()), *getattr(field, "__metadata__", ())]
    if any(isinstance(mark, BeforeValidator) and mark.func is parser for mark in marks):
        return True
    inside = (field.annotation,) if hasattr(field, "annotation") else get_args(field)
    return any(_reads(part, parser) for part in inside)
