"""Tables for people, the same for every format: a title, typed columns, rows of plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    key
        Name for programs, snake_case: the header of a CSV, the key in JSON.
    title
        Header for people.
    kind
        What its values are; decides alignment and number format. ``week`` is a cell of a board: text that belongs to one week.
    width
        Width in characters that shows usual values whole.
    """

    key: str
    title: str
    kind: Literal["text", "number", "date", "week"] = "text"
    width: int = 12


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table.

    Attributes
    ----------
    name
        Name of the sheet and of the CSV file, like ``by_student``.
    title
        Heading for people.
    columns, rows
        Every row has a value for each column; None is an empty cell.
    frozen
        How many columns stay in sight when one scrolls to the right.
    specialties
        For each row the specialty of each column's cell ("" for none), where cells are coloured by it; empty where none is.
    ids
        For each row the id of the unit, preceptor or school that it is about, whose name may not be the only one of its kind;
        not shown. Empty for other tables.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    frozen: int = 1
    specialties: tuple[tuple[str, ...], ...] = ()
    ids: tuple[str, ...] = ()
