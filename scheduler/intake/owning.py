"""Which rows of an instance are a sender's to say."""

from __future__ import annotations

from scheduler.domain import Instance
from scheduler.domain.tables import Row
from scheduler.intake.known import Known
from scheduler.intake.sender import Sender


class Owner:
    """What of an instance is a sender's.

    A student and a group may have the same id, also in different schools: the kind always counts.
    """

    def __init__(self, instance: Instance, sender: Sender) -> None:
        known = Known(instance, sender)
        self._sender, self._programs = sender, known.programs
        self._staff = frozenset(known.names("staff").ids) if sender.kind == "unit" else frozenset()
        self._people = {"student": known.students, "group": known.groups}
        self._others = {
            "student": instance.student_by_id.keys() - known.students,
            "group": instance.group_by_id.keys() - known.groups,
        }

    def is_own(self, row: Row) -> bool:
        """Whether a row of the instance is the sender's to say."""
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

    def may_bring(self, row: Row) -> bool:
        """Whether a sender may send a row: also one about a student or group whom nobody has yet."""
        named = {kind: getattr(row, kind, None) for kind in ("student", "group")}
        if getattr(row, "who_kind", "") in named:
            named[getattr(row, "who_kind", "")] = getattr(row, "who", None)
        if self._sender.kind != "school" or row.table == "reservations" or not any(named.values()):
            return self.is_own(row)
        if any(named[kind] in self._others[kind] for kind in named):
            return False
        return row.table not in ("students", "groups") or self.is_own(row)


def _is(row: Row, table: str, column: str, value: str) -> bool:
    return row.table == table and bool(getattr(row, column) == value)
