"""Checks that look at more than one cell: references between tables, and rows that contradict themselves or each other."""

from __future__ import annotations

from scheduler.io.checks import access, calendars, curriculum, demand, equity, people, places, staffing, travel, wishes
from scheduler.io.checks.draft import Draft
from scheduler.io.checks.references import check_duplicates, check_missing_tables, check_references

#: Every check; each adds what it finds to the draft's report.
CHECKS = (
    check_missing_tables,
    check_duplicates,
    check_references,
    *calendars.CHECKS,
    *demand.CHECKS,
    *curriculum.CHECKS,
    *places.CHECKS,
    *people.CHECKS,
    *staffing.CHECKS,
    *wishes.CHECKS,
    *equity.CHECKS,
    *access.CHECKS,
    *travel.CHECKS,
)


def check_all(draft: Draft) -> None:
    """Run every check."""
    for check in CHECKS:
        check(draft)
