"""What the verifier says of agreements."""

from __future__ import annotations

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
