"""The slot, unit and site of one placement against its rotation and its people."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain.tables import Slot
from scheduler.verify.suitability import is_start
from tests.verify.world import BASE, GROUP, PRECEPTED, Row, found, program, put, requirement, says, slot, week, world

MS = put("ann", "MS", "ward", week(0))


@pytest.mark.parametrize(
    ("rule", "tables", "sentence"),
    [
        ("specialty", {}, ""),
        ("specialty", {"requirements": [requirement(specialties="icu")]}, "the slot offers medsurg, the rotation accepts icu"),
        ("specialty", {"requirements": [requirement(specialties="icu;medsurg")]}, ""),
        # the slot's own specialty goes before its unit's
        ("specialty", {"slots": [slot(specialty="icu")]}, "the slot offers icu, the rotation accepts medsurg"),
        # a unit without specialties has all
        ("specialty", {"units": [{"unit": "ward", "site": "mercy"}]}, ""),
        ("profession", {}, ""),
        ("profession", {"slots": [slot(professions="md;pa")]}, "the slot accepts md, pa, not rn"),
        ("profession", {"slots": [slot(professions="md;rn")]}, ""),
        ("level", {"slots": [slot(levels="senior")]}, ""),
        (
            "level",
            {"slots": [slot(levels="senior")], "requirements": [requirement(level="junior")]},
            "accepts level senior, not junior",
        ),
        ("level", {"slots": [slot(levels="senior")], "requirements": [requirement(level="senior")]}, ""),
        ("level", {"requirements": [requirement(level="junior")]}, ""),
        (
            "setting",
            {"requirements": [requirement(setting="rural")]},
            "site mercy is of no named setting, the rotation asks for rural",
        ),
        ("setting", {"requirements": [requirement(setting="rural")], "sites": [{"site": "mercy", "setting": "rural"}]}, ""),
        ("setting", {"sites": [{"site": "mercy", "setting": "rural"}]}, ""),
        ("supervision", {}, ""),
        ("supervision", PRECEPTED, "a precepted rotation needs a preceptor by name"),
        ("conflict", {"conflicts": [{"student": "ann", "unit": "ward"}]}, "student ann must not be placed in unit ward"),
        ("conflict", {"conflicts": [{"student": "ann", "site": "mercy"}]}, "student ann must not be placed at site mercy"),
        ("conflict", {"conflicts": [{"student": "ann", "site": "lake"}, {"student": "bob", "unit": "ward"}]}, ""),
    ],
)
def test_one_placement(rule: str, tables: dict[str, list[Row]], sentence: str) -> None:
    text = says(rule, world(**tables), MS)
    assert sentence in text
    assert bool(sentence) == bool(text)


def test_preceptor_only_where_precepted() -> None:
    with_kim = MS.model_copy(update={"preceptor": "kim"})
    assert not found("supervision", world(**PRECEPTED), with_kim)
    service = world(preceptors=PRECEPTED["preceptors"])
    assert "a rotation supervised by service has no preceptor, not kim" in says("supervision", service, with_kim)
    faculty = world(preceptors=PRECEPTED["preceptors"], requirements=[requirement(supervision="faculty")])
    assert "supervised by faculty has no preceptor" in says("supervision", faculty, with_kim)


def test_conflict_with_a_preceptor_and_in_a_group() -> None:
    conflicts = [{"student": "ann", "preceptor": "kim"}]
    with_kim = MS.model_copy(update={"preceptor": "kim"})
    assert "student ann must not be placed with preceptor kim" in says(
        "conflict", world(conflicts=conflicts, **PRECEPTED), with_kim
    )
    assert not found("conflict", world(conflicts=conflicts, **PRECEPTED), MS)
    ward = [{"student": "bob", "unit": "ward"}]
    assert "student bob must not" in says("conflict", world(conflicts=ward, **GROUP), put("A", "MS", "ward", week(0)))


def test_arranged() -> None:
    own = world(slots=[slot(kept_for=("bob",))])
    assert "the slot was arranged for bob" in says("arranged", own, MS)
    assert not found("arranged", own, put("bob", "MS", "ward", week(0)))


def refuses(**columns: Any) -> list[Row]:
    return [{"who_kind": "student", "who": "ann", "refuse": True, **columns}]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"what": "unit", "value": "ward"}, "student ann refuses unit ward"),
        ({"what": "site", "value": "mercy"}, "student ann refuses site mercy"),
        ({"what": "specialty", "value": "medsurg"}, "student ann refuses specialty medsurg"),
        ({"what": "slot", "value": "ward"}, "student ann refuses slot ward"),
        ({"what": "start", "start": week(0)}, "student ann refuses start 2026-01-05"),
        ({"what": "start", "start": week(1)}, ""),
        ({"what": "unit", "value": "ward", "start": week(1)}, ""),
        ({"what": "unit", "value": "ward", "requirement": "FM"}, ""),
        ({"what": "unit", "value": "ward", "requirement": "MS"}, "student ann refuses unit ward"),
        ({"what": "unit", "value": "clinic"}, ""),
        ({"what": "unit", "value": "ward", "refuse": False, "score": -9}, ""),
        ({"what": "unit", "value": "ward", "who": "bob"}, ""),
        ({"what": "unit", "value": "ward", "who_kind": "school", "who": "maple"}, "school maple refuses unit ward"),
        ({"what": "unit", "value": "ward", "who_kind": "school", "who": "oak"}, ""),
    ],
)
def test_refusal(columns: Row, sentence: str) -> None:
    text = says("refusal", world(preferences=refuses(**columns)), MS)
    assert sentence in text
    assert bool(sentence) == bool(text)


def test_refusal_of_a_group() -> None:
    group = put("A", "MS", "ward", week(0))
    own = refuses(what="unit", value="ward", who_kind="group", who="A")
    assert "group A refuses unit ward" in says("refusal", world(preferences=own, **GROUP), group)
    # what one of its students refuses does not bind the group
    assert not found("refusal", world(preferences=refuses(what="unit", value="ward"), **GROUP), group)


def test_starts() -> None:
    weekly = Slot.model_validate(slot(first_start=week(0), last_start=week(2, 3)))
    assert [is_start(weekly, week(i)) for i in (-1, 0, 1, 2, 3)] == [False, True, True, True, False]
    assert not is_start(weekly, week(1, 1))
    once = Slot.model_validate(slot(last_start=None))
    assert [is_start(once, week(i)) for i in (0, 1)] == [True, False]
    listed = Slot.model_validate(slot(starts=(week(3, 2),)))
    assert [is_start(listed, week(0)), is_start(listed, week(3, 2))] == [False, True]
    assert not is_start(Slot.model_validate(slot(first_start=None, last_start=None)), week(0))


def test_slot_window() -> None:
    assert not found("slot_window", world(), MS, put("ann", "FM", "clinic", week(10)))
    assert "the slot has no start on 2026-01-06" in says("slot_window", world(), put("ann", "MS", "ward", week(0, 1)))
    outside = world(slots=[slot(last_start=week(11))])
    assert "2026-03-23 to 2026-04-03 does not lie inside the planning horizon 2026-01-05 to 2026-03-29" in says(
        "slot_window", outside, put("ann", "MS", "ward", week(11))
    )
    early = world(slots=[slot(starts=(week(-1),))])
    assert "2025-12-29 to 2026-01-09 does not lie inside" in says("slot_window", early, put("ann", "MS", "ward", week(-1)))


@pytest.mark.parametrize(
    ("rule", "tables"),
    [
        ("calendar", {"calendar": [{"program": "nurs", "start": week(0), "end": week(0), "kind": "break"}]}),
        ("availability", {"availability": [{"who_kind": "student", "who": "ann"}]}),
        ("commitment", {"commitments": [{"who_kind": "student", "who": "ann", "start": week(0), "end": week(1)}]}),
        ("profession", {"slots": [slot(professions="md")]}),
        ("level", {"slots": [slot(levels="a")], "requirements": [requirement(level="b")]}),
        ("setting", {"requirements": [requirement(setting="rural")]}),
        ("conflict", {"conflicts": [{"student": "ann", "unit": "ward"}]}),
        ("refusal", {"preferences": refuses(what="unit", value="ward")}),
        ("duration", {"requirements": [requirement(amount=3)]}),
        ("supervision", {"requirements": [requirement(supervision="precepted")]}),
        ("specialty", {"requirements": [requirement(specialties="icu")]}),
        ("slot_window", {"slots": [slot(first_start=week(1))]}),
    ],
)
def test_a_pin_with_override_sets_aside_what_is_not_structural(rule: str, tables: dict[str, list[Row]]) -> None:
    pin = {"student": "ann", "requirement": "MS", "unit": "ward"}
    assert len(found(rule, world(**tables), MS)) == 1
    assert len(found(rule, world(pins=[pin], **tables), MS)) == 1
    stays = rule in ("specialty", "slot_window")
    assert bool(found(rule, world(pins=[pin | {"override": True}], **tables), MS)) == stays
    # a pin that does not match, or is no more than a wish, sets nothing aside
    assert found(rule, world(pins=[pin | {"override": True, "start": week(5)}], **tables), MS)
    assert found(rule, world(pins=[pin | {"override": True, "pin": "prefer"}], **tables), MS)


def test_an_implied_unit() -> None:
    # a site without units is a unit with the site's id, and any specialty
    instance = world(units=[], slots=[slot("ward", unit="mercy")], programs=[program()], students=BASE["students"][:2])
    assert not found("specialty", instance, MS)
