"""Preceptors and faculty: qualified, there, not overloaded."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verify.world import GROUP, PRECEPTED, SPLIT, Row, cost, found, put, requirement, says, slot, week, world


def kim(**columns: Any) -> list[Row]:
    return [{"preceptor": "kim", "units": ("ward",), **columns}, PRECEPTED["preceptors"][1]]


def clinical(**tables: Any) -> Any:
    return world(**{**PRECEPTED, **tables})


def with_kim(who: str, start: int = 0, **columns: Any) -> Any:
    return put(who, "MS", "ward", week(start), preceptor="kim", **columns)


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({}, ""),
        ({"preceptors": kim(units=("clinic",))}, "preceptor kim does not list unit ward"),
        ({"preceptors": kim(kind="service")}, ""),
        ({"preceptors": kim(kind="faculty")}, "kim is faculty and the slot does not name them"),
        ({"preceptors": kim(kind="faculty"), "slots": [slot(preceptors="kim")]}, ""),
        # a slot that names its preceptors takes no other, also who lists the unit; who is named need not list it
        ({"slots": [slot(preceptors="lee")]}, "the slot's preceptors are lee, not kim"),
        ({"preceptors": kim(units=()), "slots": [slot(preceptors="kim;lee")]}, ""),
        ({"preceptors": kim(supervises="md")}, "preceptor kim does not supervise rn"),
        ({"preceptors": kim(supervises="md;rn")}, ""),
        ({"preceptors": kim(licence="md")}, "preceptor kim does not supervise rn"),
        ({"preceptors": kim(licence="md", supervises="rn")}, ""),
        ({"preceptors": kim(specialties="icu")}, "preceptor kim does not teach medsurg"),
        ({"preceptors": kim(specialties="icu;medsurg")}, ""),
        ({"preceptors": kim(supervises="md"), "pins": [{"student": "ann", "preceptor": "kim", "override": True}]}, ""),
    ],
)
def test_preceptor_qualified(tables: dict[str, list[Row]], sentence: str) -> None:
    text = says("preceptor_qualified", clinical(**tables), with_kim("ann"))
    assert sentence in text
    assert bool(sentence) == bool(text)


def test_preceptor_available() -> None:
    leave = [{"who_kind": "preceptor", "who": "kim", "start": week(1, 4), "end": week(2)}]
    assert says("preceptor_available", clinical(availability=leave), with_kim("ann")) == (
        "ann, MS in slot ward from 2026-01-05: kim is unavailable from 2026-01-16 to 2026-01-19"
    )
    assert not found("preceptor_available", clinical(availability=leave), with_kim("ann", 3))
    assert not found("preceptor_available", clinical(availability=[leave[0] | {"status": "avoid"}]), with_kim("ann"))
    assert not found("preceptor_available", clinical(availability=leave), put("ann", "FM", "clinic", week(0), preceptor="lee"))
    # leave of less than a week does not touch who follows the preceptor; leave of a week does
    follows = [slot(pattern="follows")]
    assert not found("preceptor_available", clinical(availability=leave, slots=follows), with_kim("ann"))
    a_week = [leave[0] | {"end": week(2, 3)}]
    assert cost("preceptor_available", clinical(availability=a_week, slots=follows), with_kim("ann")) == 1


def test_preceptor_at_once() -> None:
    assert not found("preceptor_at_once", clinical(), with_kim("ann"), with_kim("bob", 2))
    assert says("preceptor_at_once", clinical(), with_kim("ann"), with_kim("bob", 1)) == (
        "Preceptor kim has 2 students on 2026-01-12 (ann, bob), at most 1 allowed"
    )
    # over all schools together, and two weeks of it
    assert cost("preceptor_at_once", clinical(), with_kim("ann"), with_kim("cyd")) == 2
    assert cost("preceptor_at_once", clinical(preceptors=kim(most_at_once=2)), with_kim("ann"), with_kim("cyd")) == 0
    # on different weekdays they never meet
    days = [slot(weekdays="Mo Tu"), slot("ward2", unit="ward", weekdays="We Th")]
    other = put("bob", "MS", "ward2", week(0), preceptor="kim")
    assert not found("preceptor_at_once", clinical(slots=days), with_kim("ann"), other)
    # following the preceptor is every day from start to end
    follows = [slot(pattern="follows"), days[1]]
    assert cost("preceptor_at_once", clinical(slots=follows), with_kim("ann"), other) == 2


def test_preceptor_at_once_beside_commitments() -> None:
    row = {"who_kind": "preceptor", "who": "kim", "start": week(0, 2), "end": week(0, 2)}
    assert cost("preceptor_at_once", clinical(commitments=[row]), with_kim("ann")) == 1
    assert cost("preceptor_at_once", clinical(commitments=[row | {"students": 0}]), with_kim("ann")) == 0
    assert cost("preceptor_at_once", clinical(commitments=[row], preceptors=kim(most_at_once=2)), with_kim("ann")) == 0
    # a commitment of three leaves no place, and ann is the only one too many
    assert cost("preceptor_at_once", clinical(commitments=[row | {"students": 3}]), with_kim("ann")) == 1


def test_preceptor_weeks() -> None:
    three = clinical(preceptors=kim(most_weeks=3))
    assert not found("preceptor_weeks", three, with_kim("ann"), with_kim("bob"))
    # weeks 0, 1 and 4, 5
    assert says("preceptor_weeks", three, with_kim("ann"), with_kim("bob", 4)) == (
        "Preceptor kim has students or commitments in 4 weeks, at most 3 allowed"
    )
    assert cost("preceptor_weeks", three, with_kim("ann"), with_kim("bob", 1)) == 0
    # commitments in weeks 8 and 9 leave one week
    row = {"who_kind": "preceptor", "who": "kim", "start": week(8), "end": week(9)}
    committed = clinical(preceptors=kim(most_weeks=3), commitments=[row])
    assert cost("preceptor_weeks", committed, with_kim("ann")) == 1
    assert cost("preceptor_weeks", committed) == 0
    # a commitment in ann's own weeks takes none of the others
    assert (
        cost(
            "preceptor_weeks",
            clinical(preceptors=kim(most_weeks=2), commitments=[row | {"start": week(0), "end": week(0)}]),
            with_kim("ann"),
        )
        == 0
    )


def test_one_preceptor() -> None:
    instance = clinical(requirements=[requirement(amount=4, blocks=2, supervision="precepted"), *PRECEPTED["requirements"][1:]])
    second = put("ann", "MS", "ward", week(4), preceptor="lee")
    assert says("one_preceptor", instance, with_kim("ann"), second) == "ann has several preceptors in MS: kim, lee"
    assert not found("one_preceptor", instance, with_kim("ann"), with_kim("ann", 4))
    assert not found("one_preceptor", instance, with_kim("ann"), put("ann", "FM", "clinic", week(4), preceptor="lee"))


FACULTY = {"preceptors": [{"preceptor": "fay", "kind": "faculty"}]}
TWO_GROUPS: dict[str, list[Row]] = FACULTY | {
    "groups": [{"group": g, "program": "nurs", "size": 4, "faculty": "fay"} for g in ("A", "B")],
    "students": [],
}


def test_faculty_available() -> None:
    away = [{"who_kind": "preceptor", "who": "fay", "start": week(1), "end": week(1)}]
    group = put("A", "MS", "ward", week(0))
    assert says("faculty", world(availability=away, **TWO_GROUPS), group) == (
        "group A, MS in slot ward from 2026-01-05: fay is unavailable on 2026-01-12"
    )
    assert not found("faculty", world(availability=away, **TWO_GROUPS), put("A", "MS", "ward", week(2)))
    pin = [{"group": "A", "unit": "ward", "override": True}]
    assert not found("faculty", world(availability=away, pins=pin, **TWO_GROUPS), group)
    assert not found("faculty", world(**GROUP), group)
    elsewhere = [{"who_kind": "preceptor", "who": "fay", "start": week(1), "end": week(1), "shift": "late"}]
    assert "fay is committed elsewhere from 2026-01-12" in says("faculty", world(commitments=elsewhere, **TWO_GROUPS), group)
    early: Any = {**TWO_GROUPS, "slots": [slot(shift="early")]}
    assert not found("faculty", world(commitments=elsewhere, **early), group)


def test_faculty_leads_one_group_at_a_time() -> None:
    instance = world(**TWO_GROUPS)
    a = put("A", "MS", "ward", week(0))
    assert not found("faculty", instance, a, put("B", "FM", "clinic", week(2)))
    assert says("faculty", instance, a, put("B", "FM", "clinic", week(1))) == (
        "Faculty fay leads two groups on 2026-01-12: "
        "group A, MS in slot ward from 2026-01-05; group B, FM in slot clinic from 2026-01-12"
    )
    # Tuesday and Thursday beside Monday and Wednesday
    days = world(slots=[slot(weekdays="Mo We"), slot("clinic", weekdays="Tu Th")], **TWO_GROUPS)
    assert not found("faculty", days, a, put("B", "FM", "clinic", week(0)))
    # two parts of one group are two groups
    split = world(**{**SPLIT, **FACULTY, "groups": [{**SPLIT["groups"][0], "faculty": "fay"}]})
    parts = [put("A", "MS", "ward", week(0), part=1), put("A", "FM", "clinic", week(0), part=2)]
    assert cost("faculty", split, *parts) == 1


def test_preceptor_balance() -> None:
    assert cost("preceptor_balance", clinical()) == 0
    # ann 2 weeks, cyd 2 weeks with kim; bob 2 weeks with lee
    lee = put("bob", "FM", "clinic", week(0), preceptor="lee")
    assert cost("preceptor_balance", clinical(), with_kim("ann"), with_kim("cyd"), lee) == 4
    assert (
        says("preceptor_balance", clinical(), with_kim("ann"), with_kim("cyd"), lee)
        == "Preceptor kim has the most student-weeks, 4"
    )
    # four students for two weeks; from Wednesday to Tuesday two calendar weeks are touched
    assert cost("preceptor_balance", clinical(**GROUP), with_kim("A")) == 8
    wednesday = [slot(starts=(week(0, 2),), length=1)]
    assert cost("preceptor_balance", clinical(slots=wednesday), put("ann", "MS", "ward", week(0, 2), preceptor="kim")) == 2
