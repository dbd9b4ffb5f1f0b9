"""What no rule reads is said, and only that."""

from __future__ import annotations

import re
from pathlib import Path

from scheduler.domain import TABLES, Instance
from scheduler.io.unread import UNREAD_COLUMNS, UNREAD_TABLES, unread

SCHEDULER = Path(__file__).parents[2] / "scheduler"
RULES = "".join(
    p.read_text("utf-8") for folder in ("offers", "rules", "model", "verify") for p in (SCHEDULER / folder).glob("*.py")
)


def is_read(name: str) -> bool:
    return re.search(rf"\b{name}\b", RULES) is not None


def test_a_rule_that_comes_to_read_it_takes_it_off_the_list() -> None:
    assert [name for name in UNREAD_TABLES if re.search(rf"instance\.{name}\b", RULES)] == []
    columns = [column for columns in UNREAD_COLUMNS.values() for column in columns]
    assert [c for c in columns if re.search(rf"\.{c}\b", RULES)] == []


def test_every_other_table_is_read() -> None:
    assert [name for name in TABLES if name not in UNREAD_TABLES and not is_read(name)] == []


def test_who_fills_it_in_is_told(instance: Instance) -> None:
    found = {(p.file, p.column) for p in unread(instance)}
    assert {(f"{name}.csv", "") for name in UNREAD_TABLES if instance.rows(name)} <= found
    nothing = dict.fromkeys(UNREAD_TABLES, ())
    plain = {
        name: tuple(
            TABLES[name].model_validate({k: v for k, v in row.model_dump(exclude_unset=True).items() if k not in columns})
            for row in instance.rows(name)
        )
        for name, columns in UNREAD_COLUMNS.items()
    }
    assert unread(instance.model_copy(update={**nothing, **plain})) == []
    late = instance.students[0].model_copy(update={"drives": False})
    (problem,) = unread(instance.model_copy(update={**nothing, **plain, "students": (late,)}))
    assert str(problem) == "students.csv, column drives: no rule reads this yet: it is kept, and changes no schedule"
