"""The earlier schedule that changes are counted against."""

from __future__ import annotations

from typing import ClassVar

from scheduler.domain.tables.base import Row, column
from scheduler.domain.types import Count, Date, Id, Weekdays


class Baseline(Row):
    """A placement of the schedule that changes are counted against."""

    table: ClassVar[str] = "baseline"

    student: Id | None = column("Student (or group).", None)
    group: Id | None = column("Group (or student).", None)
    part: Count = column("Part of the group; 0: the whole.", 0)
    requirement: Id = column("Required rotation.")
    slot: Id = column("Slot.")
    unit: Id = column("Unit.")
    site: Id = column("Site.")
    start: Date = column("First day.")
    weekdays: Weekdays | None = column("Weekdays of the sessions; empty: any.", None)
    preceptor: Id | None = column("Preceptor.", None)
    co_preceptor: Id | None = column("Second preceptor.", None)
