"""Rules about what suits whom: each leaves exactly one of two slots."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain import Instance
from tests.rules.choice import cost, offered
from tests.verify.world import GROUP, requirement, slot, week, world


def two_slots(*, asked: dict[str, Any] | None = None, other: dict[str, Any] | None = None, **tables: Any) -> Instance:
    """Ann asks for MS; slots ward and other have one start each, `other` is changed."""
    only = {"last_start": None}
    rows = {
        "students": [{"student": "ann", "program": "nurs"}],
        "requirements": [requirement("MS", **(asked or {}))],
        "units": [{"unit": "ward", "site": "mercy", "specialties": ("medsurg",)}, {"unit": "other", "site": "lake"}],
        "slots": [slot("ward", **only), slot("other", specialty="medsurg", **only) | (other or {})],
    }
    return world(**(rows | tables))


def test_both_slots_suit_without_any_rule_at_work() -> None:
    assert offered(two_slots()) == {"ann MS ward 0", "ann MS other 0"}


def test_specialty() -> None:
    assert offered(two_slots(other={"specialty": "family"})) == {"ann MS ward 0"}


def test_profession() -> None:
    assert offered(two_slots(other={"professions": ("md",)})) == {"ann MS ward 0"}


def test_level() -> None:
    assert offered(two_slots(asked={"level": "senior"}, other={"levels": ("junior",)})) == {"ann MS ward 0"}


def test_setting() -> None:
    sites = [{"site": "mercy", "setting": "rural"}, {"site": "lake"}]
    assert offered(two_slots(asked={"setting": "rural"}, sites=sites)) == {"ann MS ward 0"}


def test_supervision() -> None:
    kim = [{"preceptor": "kim", "units": ("ward",)}]  # nobody supervises in the other unit
    assert offered(two_slots(asked={"supervision": "precepted"}, preceptors=kim)) == {"ann MS ward 0 kim"}
    assert offered(two_slots(preceptors=kim)) == {"ann MS ward 0", "ann MS other 0"}


@pytest.mark.parametrize("place", [{"unit": "other"}, {"site": "lake"}])
def test_conflict(place: dict[str, str]) -> None:
    row = {"student": "ann", **place}
    assert offered(two_slots(conflicts=[row])) == {"ann MS ward 0"}


def test_a_soft_rule_charges_once_for_what_it_would_drop() -> None:
    rows = [{"student": "ann", "unit": "other"}, {"student": "ann", "site": "lake"}]
    soft = two_slots(conflicts=rows).model_copy(update={"policy": world({"conflict": {"kind": "soft"}}).policy})
    assert cost("conflict", soft, "ann MS other 0") == 1
    assert cost("conflict", soft, "ann MS ward 0") == 0


def test_arranged() -> None:
    slots = [slot("ward", last_start=None), slot("own", unit="ward", last_start=None, kept_for=("bob", "A"))]
    tables: dict[str, Any] = {"slots": slots, "requirements": [requirement("MS")]}
    assert offered(world(**tables)) == {"ann MS ward 0", "bob MS ward 0", "bob MS own 0"}
    assert offered(world(**tables, **GROUP)) == {"A MS ward 0", "A MS own 0"}


def test_refusal() -> None:
    row = {"who_kind": "student", "who": "ann", "what": "unit", "value": "other", "refuse": True}
    assert offered(two_slots(preferences=[row])) == {"ann MS ward 0"}


def test_slot_window() -> None:
    late = {"first_start": week(11)}  # two weeks from the last of twelve
    assert offered(two_slots(other=late)) == {"ann MS ward 0"}
