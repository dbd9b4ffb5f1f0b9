"""What no rule reads is said, and only that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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


def test_who_fills_it_in_is_told(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    assert unread(instance) == []
    monkeypatch.setattr("scheduler.io.unread.UNREAD_TABLES", ("agreements", "housing"))  # the second has no rows
    monkeypatch.setattr("scheduler.io.unread.UNREAD_COLUMNS", {"students": ("group", "drives")})  # everybody drives
    notice = "no rule reads this yet: it is kept, and changes no schedule"
    told = [f"agreements.csv: {notice}", f"students.csv, column group: {notice}"]
    assert [str(p) for p in unread(instance)] == told
