"""Rules about who may be where: agreements of schools, and what sites ask of students."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from scheduler.domain import Instance
from scheduler.model import compile_book
from scheduler.model.reasons import funnel
from tests.rules.choice import broken, cost, offered
from tests.verify.world import GROUP, requirement, slot, week, world

Row = dict[str, Any]
#: Ann of Maple takes MS, two weeks from week 0 or 4.
ANN: Row = {
    "students": [{"student": "ann", "program": "nurs"}],
    "requirements": [requirement("MS")],
    "slots": [slot("ward", first_start=None, last_start=None, starts=(week(0), week(4)))],
}
FIRST, BOTH, NONE = {"ann MS ward 0"}, {"ann MS ward 0", "ann MS ward 4"}, set[str]()


def because(instance: Instance) -> set[str]:
    """Why options of the first party's first demand are ruled out."""
    book = compile_book(instance)
    party = book.facts.parties[0]
    return {reason.because for reason in funnel(book, party, book.facts.demands[party.demands[0]]).reasons}


@pytest.mark.parametrize(
    ("rows", "left", "reasons"),
    [
        ([], BOTH, set()),
        ([{"school": "oak", "sites": ("lake",)}], BOTH, set()),  # who has none is not restricted
        ([{"school": "maple"}], BOTH, set()),
        ([{"school": "maple", "sites": ("lake", "mercy"), "professions": ("md", "rn")}], BOTH, set()),
        ([{"school": "maple", "sites": ("lake",)}], NONE, {"at sites without an agreement"}),
        ([{"school": "maple", "professions": ("md",)}], NONE, {"where the agreement is for other professions"}),
        ([{"school": "maple", "status": "renewing"}], BOTH, set()),
        ([{"school": "maple", "status": "planned"}], NONE, {"where the agreement is only planned"}),
        # the placement from week 0 ends on Friday of week 1, the other on Friday of week 5
        ([{"school": "maple", "end": week(1, 4)}], FIRST, {f"beyond the end of the agreement on {week(1, 4)}"}),
        ([{"school": "maple", "end": week(1, 3)}], NONE, {f"beyond the end of the agreement on {week(1, 3)}"}),
        ([{"school": "maple", "start": week(0, 1)}], {"ann MS ward 4"}, {"on dates that no agreement covers"}),
        # before and after the horizon
        ([{"school": "maple", "end": week(-1)}], NONE, {f"beyond the end of the agreement on {week(-1)}"}),
        ([{"school": "maple", "start": week(20)}], NONE, {"on dates that no agreement covers"}),
        # a renewal follows without a gap, or with one
        ([{"school": "maple", "end": week(4, 6)}, {"school": "maple", "start": week(5)}], BOTH, set()),
        (
            [{"school": "maple", "end": week(4, 5)}, {"school": "maple", "start": week(5)}],
            FIRST,
            {"on dates that no agreement covers"},
        ),
        (
            [{"school": "maple", "end": week(4, 6)}, {"school": "maple", "start": week(5), "status": "planned"}],
            FIRST,
            {"where the agreement is only planned"},
        ),
    ],
)
def test_agreement(rows: list[Row], left: set[str], reasons: set[str]) -> None:
    instance = world(agreements=rows, **ANN)
    assert offered(instance) == left
    assert because(instance) == reasons


def test_which_agreements_count_is_a_parameter() -> None:
    planned = [{"school": "maple", "status": "planned"}]
    assert offered(world({"agreement": {"statuses": ("planned",)}}, agreements=planned, **ANN)) == BOTH
    renewing = [{"school": "maple", "status": "renewing"}]
    signed_only = world({"agreement": {"statuses": ("signed",)}}, agreements=renewing, **ANN)
    assert because(signed_only) == {"where the agreement is only renewing"}


def test_a_soft_agreement_costs_one_for_each_placement() -> None:
    instance = world({"agreement": {"kind": "soft"}}, agreements=[{"school": "maple", "end": week(1, 4)}], **ANN)
    assert cost("agreement", instance, "ann MS ward 0") == 0
    assert cost("agreement", instance, "ann MS ward 4") == 1


#: Ann and bob of Maple at Mercy and Lake.
PAIR: Row = {"students": [{"student": s, "program": "nurs"} for s in ("ann", "bob")]}
TOGETHER = ("ann MS ward 0", "bob FM clinic 1")  # both are there in week 1


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"most_students": 1}, True),
        ({"most_students": 2}, False),
        ({"most_students": 1, "sites": ("mercy", "lake")}, True),
        ({"most_students": 1, "sites": ("mercy",)}, False),  # one of them is at Lake
        ({"most_students": 1, "professions": ("md",)}, False),
        ({"most_students": 1, "start": week(2)}, False),
        ({"most_students": 1, "end": week(0, 6)}, False),
        ({"most_students": 1, "end": week(1)}, True),
        ({"most_students": 1, "status": "planned"}, False),  # what does not count does not limit either
        ({"most_students": 1, "school": "oak"}, False),
    ],
)
def test_agreement_places(row: Row, wrong: bool) -> None:
    instance = world({"agreement": {"kind": "off"}}, agreements=[{"school": "maple", **row}], **PAIR)
    assert broken(instance, *TOGETHER) == ({"agreement_places"} if wrong else set())
    assert broken(instance, "ann MS ward 0", "bob FM clinic 2") == set()


def test_every_agreement_limits_by_itself() -> None:
    rows = [{"school": "maple", "most_students": 2}, {"school": "maple", "sites": ("mercy",), "most_students": 1}]
    instance = world(agreements=rows, **PAIR)
    assert broken(instance, *TOGETHER) == set()
    assert broken(instance, "ann MS ward 0", "bob MS ward 1") == {"agreement_places"}


def test_students_on_different_days_are_not_there_at_once() -> None:
    slots = [slot("ward", weekdays="Mo We"), slot("clinic", weekdays="Tu Th")]
    instance = world(agreements=[{"school": "maple", "most_students": 1}], slots=slots, **PAIR)
    assert broken(instance, *TOGETHER) == set()
    assert broken(instance, "ann MS ward 0", "bob MS ward 1") == {"agreement_places"}


def test_a_group_counts_with_all_its_students() -> None:
    row = {"school": "maple", "most_students": 3}
    assert broken(world(agreements=[row], **GROUP), "A MS ward 0") == {"agreement_places"}
    soft = world({"agreement_places": {"kind": "soft"}}, agreements=[row], **GROUP)
    assert cost("agreement_places", soft, "A MS ward 0") == 2  # one over, in two weeks


#: Planned on 1 December 2025. Ann's placements start on 5 January and 2 February 2026 and end on a Friday eleven days later.
ALREADY, LATER = (week(0) - date(2025, 12, 1)).days, (week(0) - date(2025, 12, 1)).days - 1


def asks(**columns: Any) -> Row:
    """Mercy asks for flu, by the planning date for the first placement."""
    return {"site": "mercy", "item": "flu", "due_days_before": ALREADY, **columns}


def paper(**columns: Any) -> Row:
    return {"student": "ann", "item": "flu", **columns}


SECOND = {"ann MS ward 4"}
MISSING = f"without flu that was due by {date(2025, 12, 1)}"


@pytest.mark.parametrize(
    ("demand", "papers", "left"),
    [
        (asks(), [], SECOND),  # due today is due
        (asks(due_days_before=LATER), [], BOTH),  # not yet due is not missing
        (asks(due_days_before=ALREADY + 28), [], NONE),
        (asks(site="lake"), [], BOTH),
        (asks(), [paper()], BOTH),
        (asks(), [paper(item="tb")], SECOND),
        (asks(), [paper(status="waived")], BOTH),
        (asks(), [paper(status="promised")], BOTH),
        (asks(), [paper(status="refused")], NONE),
        (asks(due_days_before=0), [paper(status="refused")], NONE),  # a refusal does not wait for the due date
        (asks(), [paper(status="refused"), paper()], BOTH),  # what is on file is on file
        (asks(), [paper(end=week(1, 4))], BOTH),  # to the last day; the second placement is not due yet
        (asks(), [paper(end=week(1, 3))], SECOND),  # it expires in the middle
        (asks(due_days_before=0), [paper(end=week(1, 3))], BOTH),  # it expires in the middle, but is not due yet
        (asks(covers="start"), [paper(end=week(0))], BOTH),
        (asks(covers="start"), [paper(end=week(0, -1))], SECOND),
        (asks(covers="start"), [paper(start=week(0, 1))], SECOND),
        (asks(), [paper(end=week(0, 4)), paper(start=week(0, 5))], BOTH),  # one after the other
        (asks(), [paper(end=week(0, 4)), paper(start=week(0, 6))], SECOND),
        (asks(), [paper(end=week(0, 4)), paper(start=week(0, 5), status="promised")], BOTH),
        (asks(due_days_before=0), [paper(start=week(1, 5), end=week(3, 6), status="refused")], BOTH),  # refused in between
        # a season: due so many days before the first day in it
        (asks(season_start="10-01", season_end="01-04"), [], BOTH),
        (asks(season_start="10-01", season_end="01-05"), [], SECOND),
        (asks(season_start="01-06", season_end="03-31"), [], BOTH),
        (asks(season_start="01-06", season_end="03-31", due_days_before=ALREADY + 1), [], SECOND),
        (asks(season_start="01-06", season_end="03-31", due_days_before=ALREADY + 1), [paper(start=week(0, 1))], BOTH),
        (asks(season_start="06-01", season_end="08-31", due_days_before=365), [paper(status="refused")], BOTH),
        (asks(season_start="01-09", season_end="01-10", due_days_before=99), [paper(start=week(0, 4), end=week(0, 5))], BOTH),
        (asks(season_start="01-09", season_end="01-10", due_days_before=99), [paper(start=week(0, 5))], SECOND),
    ],
)
def test_clearance(demand: Row, papers: list[Row], left: set[str]) -> None:
    assert offered(world(site_clearances=[demand], clearances=papers, **ANN)) == left


def test_what_is_missing_is_said_with_item_and_date() -> None:
    assert because(world(site_clearances=[asks()], **ANN)) == {MISSING}
    # the second placement is due on the planning date, four weeks after the first
    assert because(world(site_clearances=[asks(due_days_before=ALREADY + 28)], **ANN)) == {MISSING}
    early = date(2025, 12, 1) - timedelta(days=27)
    assert because(world(site_clearances=[asks(due_days_before=ALREADY + 27)], **ANN)) == {f"without flu that was due by {early}"}
    refused = world(site_clearances=[asks()], clearances=[paper(status="refused")], **ANN)
    assert because(refused) == {"where flu is asked for and refused"}


def test_every_listed_student_of_a_group_is_looked_at() -> None:
    tables = GROUP | {"requirements": [requirement("MS")], "slots": ANN["slots"], "site_clearances": [asks()]}
    instance = world(clearances=[paper()], **tables)
    assert offered(instance) == {"A MS ward 4"}
    assert because(instance) == {"without flu of bob that was due by 2025-12-01"}
    refused = [paper(), paper(student="bob", status="refused")]
    assert because(world(clearances=refused, **tables)) == {"where flu is asked for and refused by bob"}
    unnamed = tables | {
        "students": [{"student": s, "program": "nurs", "group": "A", "named": s == "ann"} for s in ("ann", "bob")]
    }
    assert offered(world(clearances=[paper()], **unnamed)) == {"A MS ward 0", "A MS ward 4"}


def test_a_soft_clearance_costs_one_for_each_placement() -> None:
    rows = [asks(), asks(item="tb")]
    instance = world({"clearance": {"kind": "soft"}}, site_clearances=rows, **ANN)
    assert cost("clearance", instance, "ann MS ward 0") == 1  # with two items missing
    assert cost("clearance", instance, "ann MS ward 4") == 0
