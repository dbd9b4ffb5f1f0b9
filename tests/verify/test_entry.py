"""What the verifier says of lead time, workplaces and places that were given back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.verify.world import GROUP, cost, found, put, says, week, world

MS = put("ann", "MS", "ward", week(0))  # 35 days after the planning date
NEW = {"school": "maple", "start": date(2025, 12, 2)}


@pytest.mark.parametrize(
    ("days", "agreements", "sentence"),
    [
        (35, [], ""),
        (36, [], "2026-01-05 is sooner than 36 days after 2025-12-01"),
        (35, [NEW], "sooner than 120 days after 2025-12-01, under an agreement that begins on 2025-12-02"),
        (35, [NEW, {"school": "maple"}], ""),
        (35, [NEW | {"start": date(2025, 12, 1)}], ""),
        (35, [NEW | {"status": "planned"}], ""),
        (35, [NEW | {"sites": ("lake",)}], ""),
        (35, [NEW | {"professions": ("md",)}], ""),
        (35, [NEW | {"school": "oak"}], ""),
    ],
)
def test_lead_time(days: int, agreements: Any, sentence: str) -> None:
    text = says("lead_time", world({"lead_time": {"days": days}}, agreements=agreements), MS)
    assert sentence in text
    assert bool(sentence) == bool(text)


def test_employer() -> None:
    units = [{"unit": u, "site": "mercy", "specialties": (s,)} for u, s in (("ward", "medsurg"), ("clinic", "family"))]
    students = [{"student": s, "program": "nurs", "group": "A", "employer_unit": "clinic"} for s in ("ann", "bob")]
    alone = [{**s, "group": None} for s in students]
    unit, site = (world({"employer": {"scope": scope}}, units=units, students=alone) for scope in ("unit", "site"))
    assert not found("employer", unit, MS)
    assert "student ann works at site mercy, in unit clinic" in says("employer", site, MS)
    assert "student ann works in unit clinic" in says("employer", unit, put("ann", "FM", "clinic", week(0)))
    group = world(units=units, students=students, groups=GROUP["groups"])
    assert cost("employer", group, put("A", "FM", "clinic", week(0))) == 1  # one placement, however many of its students


def test_employer_bows_to_an_overriding_pin() -> None:
    students = [{"student": "ann", "program": "nurs", "employer_unit": "ward"}]
    pin = {"student": "ann", "unit": "ward", "override": True}
    assert found("employer", world(students=students), MS)
    assert not found("employer", world(students=students, pins=[pin]), MS)


def test_returned_places() -> None:
    kept = {"slot": "ward", "school": "oak", "guaranteed": 1, "give_back": date(2025, 12, 1)}
    assert cost("returned_places", world(reservations=[kept], **GROUP), put("A", "MS", "ward", week(0))) == 4
    text = says("returned_places", world(reservations=[kept]), MS, put("cyd", "MS", "ward", week(0)))
    assert text == "ann, MS in slot ward from 2026-01-05: 1 in places that oak gave back"
    for row in ({"give_back": None}, {"give_back": date(2025, 12, 2)}, {"status": "released"}, {"guaranteed": 0}):
        assert not found("returned_places", world(reservations=[kept | row]), MS)
    maple = {"slot": "ward", "school": "maple", "guaranteed": 1}
    assert not found("returned_places", world(reservations=[kept, maple]), MS)
