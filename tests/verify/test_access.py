"""What the verifier says of agreements and compliance items."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.verify.world import GROUP, cost, put, says, slot, week, world

Row = dict[str, Any]
MS = put("ann", "MS", "ward", week(0))  # to Friday of week 1, at Mercy


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], ""),
        ([{"school": "oak", "sites": ("lake",)}], ""),
        ([{"school": "maple"}], ""),
        ([{"school": "maple", "sites": ("lake",)}], "there is no agreement of school maple for site mercy"),
        ([{"school": "maple", "professions": ("md",)}], "no agreement of school maple for site mercy is for profession rn"),
        ([{"school": "maple", "status": "planned"}], "the agreement of school maple for site mercy is only planned"),
        ([{"school": "maple", "end": week(1, 4)}], ""),
        (
            [{"school": "maple", "end": week(1, 3)}],
            "no agreement of school maple for site mercy covers 2026-01-16; the last one before ends on 2026-01-15",
        ),
        ([{"school": "maple", "start": week(0, 1)}], "no agreement of school maple for site mercy covers 2026-01-05"),
        ([{"school": "maple", "end": week(0, 6)}, {"school": "maple", "start": week(1)}], ""),
        (
            [{"school": "maple", "end": week(0, 6)}, {"school": "maple", "start": week(1), "status": "planned"}],
            "covers 2026-01-12; the last one before ends on 2026-01-11; for then it is only planned",
        ),
    ],
)
def test_agreement(rows: list[Row], sentence: str) -> None:
    text = says("agreement", world(agreements=rows), MS)
    assert sentence in text
    assert bool(sentence) == bool(text)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"most_students": 2}, ""),
        ({"most_students": 1}, "School maple has 2 students on 2026-01-12 (ann, bob), at most 1 allowed by its agreement"),
        ({"most_students": 1, "sites": ("lake", "mercy")}, "School maple has at lake, mercy 2 students"),
        ({"most_students": 1, "sites": ("lake",)}, ""),
        ({"most_students": 1, "professions": ("md",)}, ""),
        ({"most_students": 1, "status": "planned"}, ""),
        ({"most_students": 1, "school": "oak"}, ""),
        ({"most_students": 1, "start": week(1, 5)}, ""),  # their last common day is Friday of week 1
    ],
)
def test_agreement_places(row: Row, sentence: str) -> None:
    instance = world(agreements=[{"school": "maple", **row}])
    text = says("agreement_places", instance, MS, put("bob", "FM", "clinic", week(1)))
    assert sentence in text
    assert bool(sentence) == bool(text)


def test_agreement_places_are_counted_by_the_worst_moment_of_each_week() -> None:
    row = {"school": "maple", "most_students": 3}
    assert cost("agreement_places", world(agreements=[row], **GROUP), put("A", "MS", "ward", week(0))) == 2  # one over, twice
    slots = [slot("ward", shift="am"), slot("clinic", shift="pm")]
    one = world(agreements=[{"school": "maple", "most_students": 1}], slots=slots)
    assert cost("agreement_places", one, MS, put("bob", "FM", "clinic", week(0))) == 0  # never at the same time of day


def asks(**columns: Any) -> Row:
    """Mercy asks for flu from October to March, thirty days ahead."""
    season = {"season_start": "10-01", "season_end": "03-31"}
    return {"site": "mercy", "item": "flu", "due_days_before": 30, **season, **columns}


def paper(**columns: Any) -> Row:
    return {"student": "ann", "item": "flu", **columns}


IN_TIME, TOO_LATE = date(2025, 12, 5), date(2025, 12, 6)  # thirty days before 5 January is 6 December
MISSING = "site mercy asks for flu, due by 2025-12-06, and ann does not have it for 2026-01-05"


@pytest.mark.parametrize(
    ("today", "demand", "papers", "sentence"),
    [
        (IN_TIME, asks(), [], ""),
        (TOO_LATE, asks(), [], MISSING),
        (TOO_LATE, asks(site="lake"), [], ""),
        (TOO_LATE, asks(), [paper()], ""),
        (TOO_LATE, asks(), [paper(student="bob")], MISSING),
        (TOO_LATE, asks(), [paper(status="waived")], ""),
        (TOO_LATE, asks(), [paper(status="promised")], ""),
        (IN_TIME, asks(), [paper(status="refused")], "site mercy asks for flu, which ann refuses"),
        (IN_TIME, asks(), [paper(end=week(1))], ""),
        (TOO_LATE, asks(), [paper(end=week(1))], "due by 2025-12-06, and ann has it on file only to 2026-01-12"),
        (TOO_LATE, asks(), [paper(end=week(1)), paper(start=week(1, 1))], ""),
        (TOO_LATE, asks(covers="start"), [paper(end=week(0))], ""),
        (TOO_LATE, asks(season_end="01-04"), [], ""),
        (TOO_LATE, asks(season_start="01-07"), [], ""),  # two days later in the year, so due two days later
        (date(2025, 12, 8), asks(season_start="01-07"), [], "due by 2025-12-08, and ann does not have it for 2026-01-07"),
    ],
)
def test_clearance(today: date, demand: Row, papers: list[Row], sentence: str) -> None:
    text = says("clearance", world(planning_date=today, site_clearances=[demand], clearances=papers), MS)
    assert sentence in text
    assert bool(sentence) == bool(text)


def test_clearance_of_a_group_without_those_who_are_not_named() -> None:
    students = [{"student": s, "program": "nurs", "group": "A", "named": s != "bob"} for s in ("ann", "bob", "dee")]
    instance = world(planning_date=TOO_LATE, site_clearances=[asks()], **(GROUP | {"students": students}))
    text = says("clearance", instance, put("A", "MS", "ward", week(0)))
    assert "and ann does not" in text
    assert "and dee does not" in text
    assert "bob" not in text
    assert cost("clearance", instance, put("A", "MS", "ward", week(0))) == 1  # one placement, whatever is missing
