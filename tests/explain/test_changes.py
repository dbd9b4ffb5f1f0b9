"""Each rule that can be mended, by hand: one student, kept out by one row, and the one change that lets the student in."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain import Placement, Schedule, Status
from scheduler.domain.edits import changed
from scheduler.explain.changes import Changes
from scheduler.solve import Settings, solve
from scheduler.standing.ground import Ground
from scheduler.verify import verify
from tests.verify.world import program, requirement, slot, week, world

ONE_WORKER = Settings(workers=1, time_limit_s=20)
KIM = {"preceptor": "kim", "units": ("ward",)}
PRECEPTED = [requirement(supervision="precepted")]
#: Tables that keep ann out of the ward, the change that is told, and columns of the row that it changes.
KEPT_OUT: dict[str, tuple[dict[str, Any], str]] = {
    "closed": (
        {"capacity": [{"unit": "ward", "most_students": 0}]},
        "one more place in unit ward from 2026-01-05 to 2026-01-16 (closed now)",
    ),
    "too few to run": (
        {"slots": [slot("ward", last_start=None, least_students=2)]},
        "slot ward of unit ward runs with 1 student (instead of 2)",
    ),
    "agreement ends": (
        {"agreements": [{"school": "maple", "start": "2025-01-01", "end": "2026-01-12"}]},
        "agreement of maple with site mercy extended to 2026-01-16 (ends 2026-01-12 now)",
    ),
    "agreement is planned": (
        {"agreements": [{"school": "maple", "status": "planned"}]},
        "agreement of maple with site mercy signed (planned now)",
    ),
    "agreement has no place": (
        {"agreements": [{"school": "maple", "most_students": 0}]},
        "one more place in the agreement of maple (1 instead of 0)",
    ),
    "clearance": (
        {"site_clearances": [{"site": "mercy", "item": "flu", "due_days_before": 60}]},
        "clearance flu of ann on file until 2026-01-16",
    ),
    "reservation": (
        {"reservations": [{"slot": "ward", "school": "oak", "guaranteed": 9}]},
        "oak gives back 1 place that it has reserved in slot ward",
    ),
    "training": (
        {"requirements": PRECEPTED, "preceptors": [KIM | {"trained_until": "2026-01-10"}]},
        "training of preceptor kim renewed until 2026-01-16 (instead of 2026-01-10)",
    ),
    "weeks": (
        {"requirements": PRECEPTED, "preceptors": [KIM | {"most_weeks": 1}]},
        "preceptor kim 1 week longer (2 weeks instead of 1)",
    ),
    "at once": (
        {"requirements": PRECEPTED, "preceptors": [KIM | {"most_at_once": 0}]},
        "preceptor kim takes 1 student at once (instead of 0)",
    ),
    "leave": (
        {
            "requirements": PRECEPTED,
            "preceptors": [KIM],
            "availability": [{"who_kind": "preceptor", "who": "kim", "start": "2026-01-01", "end": "2026-03-31"}],
        },
        "preceptor kim is there from 2026-01-05 to 2026-01-16",
    ),
    "teaching": (
        {"requirements": PRECEPTED, "preceptors": [KIM | {"specialties": ("family",)}]},
        "preceptor kim is trained to teach medsurg",
    ),
    "away": (
        {"availability": [{"who_kind": "student", "who": "ann", "start": "2026-01-01", "end": "2026-03-31"}]},
        "student ann is there from 2026-01-05 to 2026-01-16",
    ),
}
ANN = {
    "programs": [program(), program("med")],
    "requirements": [requirement()],
    "students": [{"student": "ann", "program": "nurs"}],
    "slots": [slot("ward", last_start=None)],
}


@pytest.mark.parametrize("why", KEPT_OUT)
def test_the_row_that_keeps_out_is_the_one_to_change(why: str) -> None:
    tables, told = KEPT_OUT[why]
    instance = world(**(ANN | tables))
    schedule = solve(instance, ONE_WORKER)
    report = verify(instance, schedule)
    ground = Ground(instance, schedule)
    (missing,) = ground.missing(report.unplaced)
    found = Changes(ground, report).smallest(missing)
    assert [change.sentence for change in found][:1] == [told]
    assert not solve(changed(instance, found[0].edits), ONE_WORKER).unplaced


def test_what_was_refused_is_not_asked_for() -> None:
    refused = {"student": "ann", "item": "flu", "status": "refused"}
    asked = {"site": "mercy", "item": "flu", "due_days_before": 60}
    instance = world(**(ANN | {"site_clearances": [asked], "clearances": [refused]}))
    schedule = solve(instance, ONE_WORKER)
    ground, report = Ground(instance, schedule), verify(instance, schedule)
    (missing,) = ground.missing(report.unplaced)
    assert not Changes(ground, report).smallest(missing)


def test_a_full_slot_needs_one_place_more_where_it_is() -> None:
    students = [{"student": who, "program": "nurs"} for who in ("ann", "bob")]
    instance = world(**(ANN | {"students": students, "slots": [slot("ward", last_start=None, most_students=1)]}))
    row = Placement(
        student="bob", program="nurs", school="maple", requirement="MS", slot="ward", start=week(0), end=week(1, 4),
        specialty="medsurg", site="mercy", unit="ward",
        weekdays=(0, 1, 2, 3, 4), weeks=2, hours=80,
    )  # fmt: skip
    schedule = Schedule(status=Status.FEASIBLE, placements=(row,))
    ground, report = Ground(instance, schedule), verify(instance, schedule)
    (missing,) = ground.missing(report.unplaced)
    (change,) = Changes(ground, report).smallest(missing)
    assert change.sentence == "one more place in slot ward of unit ward (2 instead of 1)"
    assert not change.moved
