"""What an instance may say although no rule reads it yet: it is kept, and whoever fills it in is told."""

from __future__ import annotations

from scheduler.domain import TABLES, Instance
from scheduler.errors import Problem

#: Tables that no rule reads.
UNREAD_TABLES: tuple[str, ...] = ()
#: Columns that sound like a limit or a wish, but that no rule reads. (Labels like `name` or `home` promise nothing.)
UNREAD_COLUMNS: dict[str, tuple[str, ...]] = {}
NOTICE = "no rule reads this yet: it is kept, and changes no schedule"


def unread(instance: Instance) -> list[Problem]:
    """A warning for each table and column that is filled in and that no rule reads."""
    found = [Problem(NOTICE, f"{name}.csv", severity="warning", code="unread") for name in UNREAD_TABLES if instance.rows(name)]
    for name, columns in UNREAD_COLUMNS.items():
        fields = TABLES[name].model_fields
        for column in columns:
            default = fields[column].get_default(call_default_factory=True)
            if any(getattr(row, column) not in (default, ()) for row in instance.rows(name)):
                found.append(Problem(NOTICE, f"{name}.csv", column=column, severity="warning", code="unread"))
    return found
