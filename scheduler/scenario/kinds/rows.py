"""Rows of any table, for what no other kind says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scheduler.domain.tables import TABLES, Row
from scheduler.domain.tables.base import column
from scheduler.domain.types import Text
from scheduler.domain.wording import count
from scheduler.io.columns import cell_adapters, cell_text, columns_of
from scheduler.io.report import one_of
from scheduler.scenario.change import Change
from scheduler.scenario.gone import remove_rows
from scheduler.scenario.work import Work, Wrong, WrongChange, valid


class _OfTable(Change):
    """What the three have in common: a table, and rows found by their columns."""

    table: Text = column("Table, like slots.", example="slots")

    def wrong(self) -> Iterator[Wrong]:
        yield from super().wrong()
        if self.table not in TABLES:
            yield Wrong("table", "there is no such table", self.table, one_of(TABLES), tuple(TABLES), "unknown_table")

    @property
    def model(self) -> type[Row]:
        return TABLES[self.table]

    def found(self, work: Work, where: dict[str, str]) -> list[tuple[int, Row]]:
        """The rows whose columns have these values."""
        wanted = _cells(self.model, where, "where")
        rows = list(work.each(self.model))
        for name, value in wanted.items():
            left = [(index, row) for index, row in rows if getattr(row, name) == value]
            if not left:
                there = {cell_text(row.model_dump()[name]) for _, row in rows}
                says = f"no row of {self.table} has {name} {where[name] or 'empty'}"
                raise WrongChange(Wrong(f"where.{name}", says, where[name], "", tuple(there), "unknown_reference"))
            rows = left
        return rows


class Add(_OfTable):
    """A row is added to a table."""

    kind: ClassVar[str] = "add"
    example: ClassVar[str] = "add table=capacity set.unit=RMC-4B set.weekdays=Fr set.most_students=4"

    set: dict[str, str] = column("`set.COLUMN`: what the row says, as in the file; an empty column has its default.", {})

    def make(self, work: Work) -> str:
        work.add(valid(self.model, {name: cell for name, cell in self.set.items() if cell}, "set."))
        return f"a row of {self.table} is added: {_said(self.set)}"


class ChangeRows(_OfTable):
    """Columns of all rows that are found are set."""

    kind: ClassVar[str] = "change"
    example: ClassVar[str] = "change table=slots where.slot=4B-TuTh set.least_students=4"

    where: dict[str, str] = column("`where.COLUMN`: rows in which the column says this; none: all rows.", {})
    set: dict[str, str] = column("`set.COLUMN`: what the column says now; empty: its default.", {})

    def wrong(self) -> Iterator[Wrong]:
        yield from super().wrong()
        if not self.set:
            yield Wrong("set", "nothing is said that changes", expected="set.COLUMN", code="missing_value")

    def make(self, work: Work) -> str:
        new = _cells(self.model, self.set, "set")
        rows = self.found(work, self.where)
        for index, row in rows:
            valid(self.model, {**dict(row), **new}, "set.")
            work.update(self.model, index, **new)
        return f"{count(len(rows), 'row')} of {self.table}{_where(self.where)}: {_said(self.set)}"


class Remove(_OfTable):
    """All rows that are found are left out, and whatever refers to them goes with them or is adapted."""

    kind: ClassVar[str] = "remove"
    example: ClassVar[str] = "remove table=slots where.slot=4B-TuTh"

    where: dict[str, str] = column("`where.COLUMN`: rows in which the column says this.", {})

    def wrong(self) -> Iterator[Wrong]:
        yield from super().wrong()
        if not self.where:
            yield Wrong("where", "it is not said which rows are left out", expected="where.COLUMN", code="missing_value")

    def make(self, work: Work) -> str:
        rows = self.found(work, self.where)
        remove_rows(work, self.model, rows)
        return f"{count(len(rows), 'row')} of {self.table}{_where(self.where)} left out"


def _cells(model: type[Row], cells: dict[str, str], key: str) -> dict[str, object]:
    """The values of cells by column; an empty cell is the column's default."""
    columns, adapters, found, wrong = columns_of(model), cell_adapters(model), {}, []
    for name, cell in cells.items():
        if name not in columns:
            says = f"there is no column {name} in {model.table}"
            wrong.append(Wrong(f"{key}.{name}", says, name, "", tuple(columns), "unknown_column"))
        elif not cell.strip() and not columns[name].required:
            found[name] = model.model_fields[name].get_default()
        else:
            try:
                found[name] = adapters[name].validate_python(cell.strip())
            except ValueError:
                wrong.append(
                    Wrong(f"{key}.{name}", "the value does not fit", cell, columns[name].type, columns[name].choices, "type")
                )
    if wrong:
        raise WrongChange(*wrong)
    return found


def _where(where: dict[str, str]) -> str:
    return f" with {_said(where)}" if where else ""


def _said(cells: dict[str, str]) -> str:
    return ", ".join(f"{name} {cell or 'empty'}" for name, cell in cells.items())
