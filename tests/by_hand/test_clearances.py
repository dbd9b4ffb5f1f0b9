"""A flu proof that is missing: at risk as long as it is not due, in the way from then on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scheduler.domain import Instance
from scheduler.domain.onboarding import onboarding
from tests.by_hand.term import FALL, read_term, solved


def with_flu_season(folder: Path, planned: str, start: str, clearances: str = "") -> Instance:
    """One student for four weeks at a site that wants a flu proof from October to March, 14 days before it begins to count."""
    return read_term(
        folder,
        FALL.replace("2026-06-15", planned),
        programs="program,school,profession\noak-md,oak,md",
        requirements="program,requirement,specialties,amount\noak-md,IM,internal,4",
        students="student,program\nm-01,oak-md",
        units="unit,site,specialties\nIM,mercy,internal",
        slots=f"slot,unit,first_start,length\nIM-4w,IM,{start},4",
        site_clearances="site,item,due_days_before,season_start,season_end\nmercy,flu,14,10-01,03-31",
        clearances=f"student,item,start,end,status\n{clearances}",
    )


@pytest.mark.parametrize(
    ("planned", "start", "due"),
    [
        ("2026-06-15", "2026-10-12", date(2026, 9, 28)),  # 14 days before it starts in the season
        ("2026-09-27", "2026-10-12", date(2026, 9, 28)),  # the last day on which it is not yet due
        ("2026-06-15", "2026-09-14", date(2026, 9, 17)),  # it runs into the season: 14 days before 1 October
    ],
)
def test_in_june_a_missing_flu_proof_is_at_risk_and_no_refusal(tmp_path: Path, planned: str, start: str, due: date) -> None:
    instance = with_flu_season(tmp_path / "fall", planned, start)
    schedule = solved(instance)
    assert (len(schedule.placements), schedule.unplaced) == (1, ())
    assert [(row.student, row.item, row.status, row.due) for row in onboarding(instance, schedule.placements)] == [
        ("m-01", "flu", "not yet due", due)
    ]


def test_once_it_is_due_nobody_is_placed_without_it(tmp_path: Path) -> None:
    instance = with_flu_season(tmp_path / "fall", "2026-09-28", "2026-10-12")
    schedule = solved(instance)
    assert schedule.placements == ()
    assert [u.requirement for u in schedule.unplaced] == ["IM"]


@pytest.mark.parametrize(
    ("start", "clearances", "status"),
    [
        ("2026-08-31", "", []),  # over on 27 September, before the season
        ("2026-10-12", "m-01,flu,2026-09-01,2027-08-31,on file", []),
        ("2026-10-12", "m-01,flu,,,waived", []),
        ("2026-10-12", "m-01,flu,2026-10-01,2027-08-31,promised", ["promised"]),  # at risk, and yet placed
    ],
)
def test_after_the_due_date_it_is_placed_where_nothing_is_missing_or_it_is_promised(
    tmp_path: Path, start: str, clearances: str, status: list[str]
) -> None:
    instance = with_flu_season(tmp_path / "fall", "2026-09-28" if start > "2026-09" else "2026-08-24", start, clearances)
    schedule = solved(instance)
    assert len(schedule.placements) == 1
    assert [row.status for row in onboarding(instance, schedule.placements)] == status
