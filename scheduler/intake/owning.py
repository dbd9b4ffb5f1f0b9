"""Which rows of an instance are a sender's to say."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.domain import Instance
from scheduler.domain.tables import Row
from scheduler.intake.known import Known
from scheduler.intake.sender import Sender


class Owner:
    """What of an instance is a sender's.

    A student and a group may have the same id, also in different schools: the kind always counts.

    Parameters
    ----------
    new
        Rows that the sender brings: students and groups among them are the sender's, too, unless somebody else has them.
    """

    def __init__(self, instance: Instance, sender: Sender, new: Iterable[Row] = ()) -> None:
        known = Known(instance, sender)
        self._sender, self._programs = sender, known.programs
        self._staff = frozenset(known.names("staff").ids) if sender.kind == "unit" else frozenset()
        self._people = {"student": set(known.students), "group": set(known.groups)}
        if sender.kind == "school":
            taken = {"student": instance.student_by_id, "group": instance.group_by_id}
            for row in new:
                kind = row.table.removesuffix("s")
                if row.table in ("students", "groups") and getattr(row, kind) not in taken[kind] and self.is_own(row):
                    self._people[kind].add(getattr(row, kind))

    def is_own(self, row: Row) -> bool:
        """Whether a row is the sender's to say."""
        kind, who, unit = getattr(row, "who_kind", ""), getattr(row, "who", ""), getattr(row, "unit", None)
        if self._sender.kind == "preceptor":
            return who == self._sender.id if kind == "preceptor" else _is(row, "preceptors", "preceptor", self._sender.id)
        if self._sender.kind == "unit":
            return who in self._staff if kind == "preceptor" else row.table in ("slots", "capacity") and unit == self._sender.id
        if row.table in ("students", "groups"):
            return getattr(row, "program", None) in self._programs
        if row.table == "reservations":
            return _is(row, "reservations", "school", self._sender.id)
        if kind:
            return who in self._people.get(kind, ())
        return getattr(row, "student", None) in self._people["student"] or getattr(row, "group", None) in self._people["group"]

    def joins_others(self, row: Row) -> bool:
        """Whether a student would be put into a group that is not the sender's."""
        return row.table == "students" and getattr(row, "group", None) not in {None, *self._people["group"]}


def _is(row: Row, table: str, column: str, value: str) -> bool:
    return row.table == table and bool(getattr(row, column) == value)
