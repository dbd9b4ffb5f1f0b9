"""An instance while a change is made: its rows as they stand so far, and in the end the edits that lead there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from scheduler.domain import RULES, Instance, Policy
from scheduler.domain.edits import Edit
from scheduler.domain.tables import Row
from scheduler.io.columns import cell_errors, columns_of

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a change: the key (empty: the change as a whole), the sentence, and what was meant perhaps."""

    key: str
    message: str
    value: str | None = None
    expected: str = ""
    meant: tuple[str, ...] = ()
    code: str = "invalid"
    suggestion: str = ""


class WrongChange(Exception):
    """A change that cannot be made; what is wrong with it."""

    def __init__(self, *wrong: Wrong) -> None:
        super().__init__("; ".join(w.message for w in wrong))
        self.wrong = wrong


class Work:
    """The tables of an instance, to be changed row by row; the instance itself stays as it is.

    Attributes
    ----------
    before
        The instance that is changed; for its frame, which no change touches.
    policy
        The policy so far.
    notes
        What follows from the change, in words: rows that went or were adapted with it.
    """

    def __init__(self, instance: Instance) -> None:
        self.before = instance
        self.policy: Policy = instance.policy
        self.notes: list[str] = []
        self._rows: dict[str, list[Row | None]] = {}

    def _table(self, table: str) -> list[Row | None]:
        return self._rows.setdefault(table, list(self.before.rows(table)))

    def each(self, model: type[R]) -> Iterator[tuple[int, R]]:
        """The rows of a table as they stand, with their positions; rows may be changed, dropped and added meanwhile."""
        for index, row in enumerate(tuple(self._table(model.table))):
            if isinstance(row, model):
                yield index, row

    def rows(self, model: type[R]) -> list[R]:
        """The rows of a table as they stand."""
        return [row for _, row in self.each(model)]

    def row(self, model: type[R], key: str) -> R | None:
        """The row with an id (the last column of its key); None where there is none."""
        return next((row for row in self.rows(model) if getattr(row, model.key[-1]) == key), None)

    def update(self, model: type[Row], index: int, **columns: Any) -> None:
        """Change columns of a row; a value that does not fit is what is wrong with the change."""
        row = self._table(model.table)[index]
        if row is not None:
            self._table(model.table)[index] = valid(model, {**dict(row), **columns})

    def drop(self, model: type[Row], index: int) -> None:
        """Leave a row out."""
        self._table(model.table)[index] = None

    def add(self, row: Row) -> int:
        """Add a row at the end of its table."""
        self._table(row.table).append(row)
        return len(self._table(row.table)) - 1

    def there(self, table: str, index: int) -> bool:
        """Whether a row is still there."""
        return self._table(table)[index] is not None

    def ids(self, table: str) -> set[str]:
        """The ids that a column may name, by the table it refers to: schools, sites and units may be implied."""
        if table == "professions":
            return set(self.before.known_professions)
        if table == "shifts":
            return set(self.before.shift_by_id)
        if table == "rules":
            return set(RULES)
        found = {str(getattr(row, row.key[-1])) for row in self._table(table) if row is not None}
        if table == "schools" and not found:
            return {str(getattr(row, "school", "")) for row in self._table("programs") if row is not None}
        with_units = {str(getattr(row, "site", "")) for row in self._table("units") if row is not None}
        if table == "sites" and not found:
            return with_units
        return found | (self.ids("sites") - with_units) if table == "units" else found

    def relies_on(self, rule: str) -> None:
        """Note where a rule that the change relies on is no must under the policy."""
        kind = self.policy.setting(RULES[rule]).kind
        if kind != "hard":
            self.notes.append(f"rule {rule} is {kind} under the policy, so that this may not be kept")

    def edits(self, sentence: str) -> tuple[Edit, ...]:
        """What was changed: an edit for each row that is another one or gone, and one for all that is new in a table."""
        found: list[Edit] = []
        for table, rows in self._rows.items():
            old = self.before.rows(table)
            for index, (was, now) in enumerate(zip(old, rows, strict=False)):
                if now is None:
                    found.append(Edit(table, sentence, index, None))
                elif now is not was and (update := _different(was, now)):
                    found.append(Edit(table, sentence, index, update))
            if more := tuple(row for row in rows[len(old) :] if row is not None):
                found.append(Edit(table, sentence, more=more))
        return tuple(found)


def valid(model: type[R], values: Mapping[str, Any], prefix: str = "") -> R:
    """A row of these values; what does not fit is wrong with the key of that name (after a prefix)."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        columns = columns_of(model)
        raise WrongChange(
            *(
                Wrong(
                    prefix + cell.column,
                    f"there is no column {cell.column} in {model.table}" if cell.code == "unknown_column" else cell.message,
                    cell.column if cell.code == "unknown_column" else _text(values.get(cell.column)),
                    cell.expected,
                    cell.meant or (tuple(columns) if cell.code == "unknown_column" else ()),
                    cell.code,
                )
                for cell in cell_errors(error.errors(include_url=False, include_input=False), columns)
            )
        ) from None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _different(was: Row, now: Row) -> dict[str, Any]:
    return {name: value for name, value in now if value != getattr(was, name)}
