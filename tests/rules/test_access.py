"""Rules about who may be where: agreements of schools."""

from __future__ import annotations

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
