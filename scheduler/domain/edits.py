"""Changes to an instance as rows of its tables: what they say, and the instance with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scheduler.domain.instance import Instance
from scheduler.domain.tables import Row


@dataclass(frozen=True)
class Edit:
    """One row of a table that is changed, left out or added.

    Attributes
    ----------
    table, index
        The table, and the position of its row; None where rows are only added.
    update
        Columns that change; None: the row is left out.
    more
        Rows that are added.
    sentence
        What it is, for people.
    rule
        The rule that it satisfies.
    """

    table: str
    sentence: str
    index: int | None = None
    update: Mapping[str, Any] | None = field(default_factory=dict)
    more: tuple[Row, ...] = ()
    rule: str = ""

    @property
    def key(self) -> tuple[str, int | None, str]:
        """What tells edits apart."""
        return self.table, self.index, self.sentence

    def data(self) -> dict[str, Any]:
        """The same for programs; rows are counted from 1, without the header."""
        found: dict[str, Any] = {"table": self.table, "sentence": self.sentence}
        if self.index is not None:
            found["row"] = self.index + 1
            found["update"] = None if self.update is None else {k: _plain(v) for k, v in self.update.items()}
        if self.more:
            found["add"] = [row.model_dump(mode="json", exclude_defaults=True) for row in self.more]
        return found


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (int, str)) else list(value) if isinstance(value, tuple) else str(value)


def changed(instance: Instance, edits: Sequence[Edit]) -> Instance:
    """The instance with all edits made; positions are those before any of them."""
    tables: dict[str, list[Row | None]] = {}
    added: dict[str, list[Row]] = defaultdict(list)
    for edit in edits:
        rows = tables.setdefault(edit.table, list(instance.rows(edit.table)))
        added[edit.table] += edit.more
        if edit.index is not None:
            row = rows[edit.index]
            rows[edit.index] = row.model_copy(update=edit.update) if row is not None and edit.update is not None else None
    update = {name: (*(row for row in rows if row is not None), *added[name]) for name, rows in tables.items()}
    return instance.model_copy(update=update)
