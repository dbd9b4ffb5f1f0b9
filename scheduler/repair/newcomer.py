"""A student whom the tables do not know yet: one like another who is there."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain import Instance
from scheduler.domain.edits import Edit, changed
from scheduler.domain.tables import Availability, Clearance, Credit, Row, StudentRequirement


def with_newcomer(instance: Instance, name: str, like: str) -> Instance:
    """The instance with one more student: of the program, with the home, papers, availability and credits of another.

    Wishes and pins are the other's own, and a newcomer is in no group: what a group does together is asked of nobody else.
    """
    row = instance.student_by_id[like].model_copy(update={"student": name, "group": None})
    said = f"{name} joins, like {like}"
    own = [Edit("students", said, more=(row,))]
    return changed(instance, [*own, *(Edit(table, said, more=(new,)) for table, new in _rows(instance, name, like))])


def _rows(instance: Instance, name: str, like: str) -> Iterator[tuple[str, Row]]:
    for table, model, column in (
        ("student_requirements", StudentRequirement, "student"),
        ("credits", Credit, "student"),
        ("clearances", Clearance, "student"),
        ("availability", Availability, "who"),
    ):
        for row in instance.rows(table):
            if getattr(row, column) == like and getattr(row, "who_kind", "student") == "student" and isinstance(row, model):
                yield table, row.model_copy(update={column: name})
