"""The numbers of an instance that say how many there may be at once, and the rows of the book that each of them limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from scheduler.domain import Instance
from scheduler.domain.edits import Edit, changed
from scheduler.domain.tables import Agreement, CapacityRow, Row
from scheduler.domain.types import format_weekdays
from scheduler.model import Book, compile_book
from scheduler.offers.days import IntArray
from scheduler.rules.statements import FREE

#: Tables and columns with such numbers.
COLUMNS = {
    "slots": ("most_students",),
    "capacity": ("most_students", "most_groups", "most_precepted"),
    "preceptors": ("most_at_once",),
    "agreements": ("most_students",),
}
#: The column that names what is limited, and how a place of it is called.
NAMES = {"slots": "slot", "capacity": "unit", "preceptors": "preceptor", "agreements": "school"}
WORDS = {"slots": "in slot", "capacity": "in unit", "preceptors": "with", "agreements": "in the agreement of"}
#: So far apart limits are raised to be told from each other; no limit of a real instance is half as large.
APART = 1 << 20
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """How many there may be at once: a column of one row of a table.

    Attributes
    ----------
    most
        What it is now; never 0: what is closed is not full.
    name
        Id of the slot, unit, preceptor or school.
    only
        Whom and when it is about, where that is not everybody and always.
    """

    table: str
    index: int
    column: str
    most: int
    name: str
    only: str = ""

    @property
    def row(self) -> tuple[str, int]:
        """The row of the table."""
        return self.table, self.index

    def more(self, instance: Instance, n: int, first: date | None = None, last: date | None = None) -> Edit:
        """The edit with which there may be `n` more, of a unit only from a first to a last day."""
        row = instance.rows(self.table)[self.index]
        update: dict[str, object] = {self.column: self.most + n}
        rest: tuple[CapacityRow, ...] = ()
        if isinstance(row, CapacityRow) and first is not None and last is not None:
            first, last = max(first, row.start or first), min(last, row.end or last)
            update |= {"start": first, "end": last}
            rest = tuple(_rest(row, first, last))
            said = f"from {first} to {last}"
        elif isinstance(row, CapacityRow):
            said = " ".join(f"{word} {day}" for word, day in (("from", row.start), ("to", row.end)) if day)
        else:
            said = f"({self.most + n:,} instead of {self.most:,})"
        what = "room for one more group" if self.column == "most_groups" and n == 1 else _places(n, self.column)
        return Edit(self.table, f"{what} {self.of} {said}".rstrip(), self.index, update, rest)

    @property
    def of(self) -> str:
        """Where the place is, in words."""
        return f"{WORDS[self.table]} {self.name}{self.only}"


def _places(n: int, column: str) -> str:
    more = "one more" if n == 1 else f"{n:,} more"
    what = {"most_groups": "group", "most_precepted": "precepted place"}.get(column, "place")
    return f"{more} {what if n == 1 else what + 's'}"


def _rest(row: CapacityRow, first: date, last: date) -> Iterator[CapacityRow]:
    """What is left of a row before and after some dates."""
    if row.start is None or row.start < first:
        yield row.model_copy(update={"end": first - _DAY})
    if row.end is None or row.end > last:
        yield row.model_copy(update={"start": last + _DAY})


def _only(row: Row) -> str:
    """Whom and when a row of capacity or agreements is about."""
    parts = []
    if isinstance(row, CapacityRow):
        if len(row.weekdays) < 7:
            parts.append(format_weekdays(row.weekdays))
        parts += [f"shift {row.shift}"] if row.shift else []
        parts += [row.profession] if row.profession else []
    elif isinstance(row, Agreement):
        parts = ["+".join(some) for some in (row.sites, row.professions) if some]
    return f" ({', '.join(parts)})" if parts else ""


def limits_of(instance: Instance) -> tuple[Limit, ...]:
    """All limits that are not 0, table by table."""
    found = []
    for table, columns in COLUMNS.items():
        for index, row in enumerate(instance.rows(table)):
            for column in columns:
                most = getattr(row, column)
                if most and most < APART // 2:
                    found.append(Limit(table, index, column, most, getattr(row, NAMES[table]), _only(row)))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Limited:
    """A book of which is known what limits each shared row.

    Attributes
    ----------
    book
        States the same as the instance's own book.
    limits
        All limits of the instance.
    of_row
        By shared row: the limit that would have to be raised for the row to allow more, −1 for none; those of soft rules have
        none, as they forbid nothing.
    """

    book: Book
    limits: tuple[Limit, ...]
    of_row: IntArray

    def rows(self, limit: int) -> IntArray:
        """The shared rows of a limit."""
        return np.flatnonzero(self.of_row == limit)


def limited(instance: Instance) -> Limited:
    """The book of an instance, with the limit of each shared row.

    Rules do not say which number of which table a row comes from. So the book is compiled for an instance in which every limit
    is raised by another multiple of a large number, which then stands in the rows, and is taken out of them again. (Its facts
    are those of that instance.)
    """
    limits = limits_of(instance)
    raised: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for k, limit in enumerate(limits):
        raised[limit.table, limit.index][limit.column] = limit.most + APART * (k + 1)
    book = compile_book(changed(instance, [Edit(table, "", index, update) for (table, index), update in raised.items()]))
    rows = book.shared
    which = np.where(rows.hi < FREE, (rows.hi + APART // 2) // APART - 1, -1)
    known = which >= 0
    hi = rows.hi.copy()
    hi[known] -= APART * (which[known] + 1)
    reserved = known & (rows.rule == book.rule_index.get("reservation", -1))
    hi[reserved] += _overbooked(instance, limits)[which[reserved]]
    hi[known] = np.maximum(hi[known], 0)  # more than there is room for are there already, and are not ours to move
    soft = np.array([rule.setting.kind == "soft" for rule in book.rules], dtype=bool)
    return Limited(book.with_shared(replace(rows, hi=hi)), limits, np.where(soft[rows.rule], -1, which))


def _overbooked(instance: Instance, limits: tuple[Limit, ...]) -> IntArray:
    """By limit: places of a slot that are reserved beyond those that it has, which a rule does not count as fewer than none."""
    held: dict[str, int] = defaultdict(int)
    for row in instance.reservations:
        if row.status == "confirmed" and (row.give_back is None or instance.planning_date < row.give_back):
            held[row.slot] += row.guaranteed
    over = [max(0, held[limit.name] - limit.most) if limit.table == "slots" else 0 for limit in limits]
    return np.array(over, dtype=np.int64)
