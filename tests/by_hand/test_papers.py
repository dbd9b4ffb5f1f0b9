"""Agreements and compliance items of a real term."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scheduler.domain.onboarding import onboarding
from tests.by_hand.term import FALL, read_term, solved

TERM = {
    "programs": "program,school,profession\nduke-pa,duke,pa",
    "requirements": "program,requirement,specialties,amount\nduke-pa,EM,emergency,4",
    "students": "student,program\nd-01,duke-pa",
    "units": "unit,site,specialties\nED,mercy,emergency",
    "slots": "slot,unit,first_start,length\nED-4w,ED,2026-10-05,4",
    "site_clearances": "site,item,due_days_before,season_start,season_end\nmercy,flu,14,10-01,03-31",
}
ON_FILE = "student,item,start,end\nd-01,flu,"


@pytest.mark.parametrize(
    ("planned", "papers", "status"),
    [
        ("2026-06-15", "", "not yet due"),  # in June nobody has this winter's vaccine
        ("2026-09-20", "", "not yet due"),  # it is due two weeks before 5 October
        ("2026-09-21", "", None),
        ("2026-09-21", "2026-09-01,2027-03-31", ""),
        ("2026-06-15", "2025-10-01,2026-10-15", "expires"),  # last winter's proof ends in the middle
        ("2026-09-21", "2025-10-01,2026-10-15", None),
        ("2026-09-21", "2025-10-01,2026-10-15\nd-01,flu,2026-10-16,", ""),
    ],
)
def test_what_is_not_yet_due_is_at_risk_and_not_missing(tmp_path: Path, planned: str, papers: str, status: str | None) -> None:
    frame = FALL.replace("2026-06-15", planned)
    instance = read_term(tmp_path / "fall", frame, **TERM, **({"clearances": ON_FILE + papers} if papers else {}))
    schedule = solved(instance)
    if status is None:
        (missing,) = schedule.unplaced
        assert "flu that was due by 2026-09-21" in missing.reason
        return
    (placement,) = schedule.placements
    assert placement.start == date(2026, 10, 5)
    rows = onboarding(instance, schedule.placements)
    assert [(row.student, row.item, row.status, row.due) for row in rows] == (
        [("d-01", "flu", status, date(2026, 9, 21))] if status else []
    )


@pytest.mark.parametrize(
    ("agreements", "placed"),
    [
        ("duke,2026-10-30,signed", True),  # the last session is on Friday, 30 October
        ("duke,2026-10-29,signed", False),
        ("duke,2026-10-29,signed\nduke,,renewing", True),
        ("duke,2026-10-29,signed\nduke,,planned", False),
        ("maple,2026-09-30,signed", True),  # Duke has none in the table, so it is not restricted
    ],
)
def test_a_placement_lies_inside_its_schools_agreement(tmp_path: Path, agreements: str, placed: bool) -> None:
    programs = {"programs": "program,school,profession\nduke-pa,duke,pa\nmaple-rn,maple,rn"}
    instance = read_term(tmp_path / "fall", **(TERM | programs), agreements="school,end,status\n" + agreements)
    assert bool(solved(instance).placements) == placed
