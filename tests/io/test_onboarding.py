"""What is still due: rows of onboarding.csv, and when the file is there."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain import Instance, Placement, Schedule, Status
from scheduler.domain.onboarding import Onboarding, onboarding
from scheduler.io import read_solution, write_solution
from scheduler.terminal.at_risk import at_risk_lines, files_line
from tests.verify.world import GROUP, put, week, world

Row = dict[str, Any]
#: At Mercy, from Monday 5 to Friday 16 January 2026.
MS = put("ann", "MS", "ward", week(0), end=week(1, 4), program="nurs")
TB: Row = {"site": "mercy", "item": "tb", "due_days_before": 14}


def rows(*papers: Row, today: date = date(2025, 12, 1), demand: Row = TB, placement: Placement = MS, **tables: Any) -> list[Row]:
    instance = world(planning_date=today, site_clearances=[demand], clearances=papers, **tables)
    return [row.model_dump(mode="json", exclude_defaults=True) for row in onboarding(instance, [placement])]


def paper(**columns: Any) -> Row:
    return {"student": "ann", "item": "tb", **columns}


def test_a_row_says_who_has_to_bring_what_where_and_by_when() -> None:
    where = {"school": "maple", "program": "nurs", "requirement": "MS", "site": "mercy", "unit": "ward", "start": "2026-01-05"}
    assert rows() == [{"student": "ann", **where, "item": "tb", "status": "not yet due", "due": "2025-12-22"}]


DUE = date(2025, 12, 22)


@pytest.mark.parametrize(
    ("today", "papers", "status", "note"),
    [
        (date(2025, 12, 21), [], "not yet due", ""),
        (DUE, [], "overdue", ""),
        (DUE, [paper(status="promised")], "promised", ""),
        (DUE, [paper(status="refused")], "refused", ""),
        (DUE, [paper()], None, ""),
        (DUE, [paper(status="waived")], None, ""),
        (DUE, [paper(end=week(1, 4))], None, ""),
        (date(2025, 12, 1), [paper(end=week(1, 3))], "expires", "on file to 2026-01-15"),
        (DUE, [paper(end=week(1, 3))], "overdue", "on file to 2026-01-15"),
        (DUE, [paper(end=week(1, 3)), paper(start=week(1, 4), status="promised")], "promised", "on file to 2026-01-15"),
        (DUE, [paper(end=week(0, 2)), paper(start=week(0, 3))], None, ""),
    ],
)
def test_how_far_it_is(today: date, papers: list[Row], status: str | None, note: str) -> None:
    found = rows(*papers, today=today)
    assert [(row["status"], row.get("note", ""), row["due"]) for row in found] == ([(status, note, str(DUE))] if status else [])


@pytest.mark.parametrize(
    ("season", "due", "note"),
    [
        (("10-01", "03-31"), date(2025, 12, 22), None),
        (("01-12", "03-31"), date(2025, 12, 29), "asked for from 2026-01-12"),
        (("06-01", "08-31"), None, None),
        (("01-16", "01-16"), date(2026, 1, 2), "asked for from 2026-01-16"),
        (("01-17", "01-04"), None, None),  # over the turn of the year, with a gap just there
    ],
)
def test_it_is_due_before_the_first_day_in_the_season(season: tuple[str, str], due: date | None, note: str | None) -> None:
    found = rows(demand=TB | dict(zip(("season_start", "season_end"), season, strict=True)))
    assert [(row["due"], row.get("note")) for row in found] == ([(str(due), note)] if due else [])


def test_students_of_a_group_are_listed_each_with_those_not_named_yet() -> None:
    students = [{"student": s, "program": "nurs", "group": "A", "named": s == "ann"} for s in ("ann", "bob")]
    group: dict[str, Any] = GROUP | {"students": students}
    part = put("A", "MS", "ward", week(0), end=week(1, 4), program="nurs", part=2)
    found = rows(today=DUE, placement=part, **group)
    assert [(row["student"], row["group"], row["status"], row["note"]) for row in found] == [
        ("ann", "A", "overdue", "if in part 2"),
        ("bob", "A", "overdue", "the student is not named yet; if in part 2"),
    ]


@pytest.mark.parametrize("status", ["declined", "withdrawn"])
def test_who_does_not_come_brings_nothing(status: str) -> None:
    assert rows(placement=MS.model_copy(update={"status": status})) == []


def two() -> tuple[Instance, Schedule]:
    """Ann is at Mercy twice, in weeks 0 and 4; bob, once, promises what ann has not."""
    demands = [TB, {"site": "mercy", "item": "flu"}]
    papers = [{"student": "bob", "item": "flu"}, {"student": "bob", "item": "tb", "status": "promised"}]
    later = MS.model_copy(update={"start": week(4), "end": week(5, 4), "requirement": "FM"})
    placements = (later, MS.model_copy(update={"student": "bob"}), MS)
    return world(site_clearances=demands, clearances=papers), Schedule(status=Status.FEASIBLE, placements=placements)


def test_the_file_is_sorted_by_due_date_and_gone_when_nothing_is_due(tmp_path: Path) -> None:
    instance, schedule = two()
    write_solution(schedule, instance, tmp_path / "out")
    with (tmp_path / "out" / "onboarding.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert list(found[0]) == list(Onboarding.model_fields)
    assert [(row["due"], row["student"], row["item"]) for row in found] == [
        ("2025-12-22", "ann", "tb"),
        ("2025-12-22", "bob", "tb"),
        ("2026-01-05", "ann", "flu"),
        ("2026-01-19", "ann", "tb"),
        ("2026-02-02", "ann", "flu"),
    ]
    assert read_solution(tmp_path / "out", instance).placements == schedule.placements
    write_solution(schedule, instance.model_copy(update={"site_clearances": ()}), tmp_path / "out")
    assert not (tmp_path / "out" / "onboarding.csv").exists()


def test_the_summary_counts_items_and_students(tmp_path: Path) -> None:
    instance, schedule = two()
    assert at_risk_lines(schedule, instance) == [
        ("At risk", "3 compliance items of 2 students are still due, the first on 2025-12-22: onboarding.csv")
    ]
    assert files_line(schedule, instance, tmp_path)[1].endswith("schedule.csv, unplaced.csv, onboarding.csv, solution.json")
    one = schedule.model_copy(update={"placements": schedule.placements[1:2]})
    assert at_risk_lines(one, instance)[0][1] == "1 compliance item of 1 student is still due, on 2025-12-22: onboarding.csv"
    late = instance.model_copy(update={"planning_date": week(0)})
    assert at_risk_lines(one, late)[0][1].endswith("still due, on 2025-12-22: onboarding.csv")  # promised
    refused = [c.model_copy(update={"status": "refused"}) if c.item == "tb" else c for c in instance.clearances]
    assert (
        "on 2025-12-22, 1 refused: onboarding.csv"
        in at_risk_lines(one, late.model_copy(update={"clearances": tuple(refused)}))[0][1]
    )
    nothing = schedule.model_copy(update={"placements": ()})
    assert at_risk_lines(nothing, instance) == []
    assert files_line(nothing, instance, tmp_path)[1].endswith("schedule.csv, unplaced.csv, solution.json")
