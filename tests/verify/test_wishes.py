"""Wishes of one party, and the worst-off."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verify.world import GROUP, PRECEPTED, SPLIT, Row, cost, found, put, requirement, says, slot, week, world

MS = put("ann", "MS", "ward", week(0))
FM = put("ann", "FM", "clinic", week(2))


@pytest.mark.parametrize(
    ("rows", "penalty"),
    [
        ([{"who_kind": "student", "who": "ann", "status": "avoid"}], 1),
        ([{"who_kind": "student", "who": "ann", "status": "prefer"}], -1),
        ([{"who_kind": "student", "who": "ann", "status": "unavailable"}], 0),
        ([{"who_kind": "student", "who": "bob", "status": "avoid"}], 0),
        ([{"who_kind": "unit", "who": "ward", "status": "avoid", "end": week(0)}], 1),
        ([{"who_kind": "unit", "who": "ward", "status": "avoid", "weekdays": "Sa Su"}], 0),
        # however many rows, once; and what is both avoided and preferred is 0
        ([{"who_kind": "student", "who": "ann", "status": "avoid", "end": week(i)} for i in (0, 1)], 1),
        ([{"who_kind": "student", "who": "ann", "status": s} for s in ("avoid", "prefer")], 0),
    ],
)
def test_availability_wish(rows: list[Row], penalty: int) -> None:
    assert cost("availability_wish", world(availability=rows), MS) == penalty


def test_availability_wish_of_a_preceptor_or_group() -> None:
    avoid = {"status": "avoid", "start": week(0), "end": week(0)}
    kim = world(availability=[{"who_kind": "preceptor", "who": "kim", **avoid}], **PRECEPTED)
    assert cost("availability_wish", kim, MS.model_copy(update={"preceptor": "kim"})) == 1
    assert cost("availability_wish", kim, MS) == 0
    group = put("A", "MS", "ward", week(0))
    assert cost("availability_wish", world(availability=[{"who_kind": "group", "who": "A", **avoid}], **GROUP), group) == 1
    # what one of its students wishes is not the group's wish
    assert cost("availability_wish", world(availability=[{"who_kind": "student", "who": "ann", **avoid}], **GROUP), group) == 0


def test_pin_wish() -> None:
    def wish(**columns: Any) -> Row:
        return {"student": "ann", "pin": "prefer", **columns}

    assert cost("pin_wish", world(pins=[wish(unit="ward")]), MS, FM) == -1
    assert cost("pin_wish", world(pins=[wish()]), MS, FM) == -2
    assert cost("pin_wish", world(pins=[wish(unit="ward", start=week(1))]), MS, FM) == 0
    assert cost("pin_wish", world(pins=[wish(unit="ward"), wish(start=week(0))]), MS, FM) == -1
    assert cost("pin_wish", world(pins=[wish(unit="ward") | {"pin": "must"}]), MS, FM) == 0
    assert cost("pin_wish", world(pins=[{"group": "A", "pin": "prefer"}], **GROUP), put("A", "MS", "ward", week(0))) == -1


def wants(*rows: Row, who_kind: str = "student", who: str = "ann") -> list[Row]:
    return [{"who_kind": who_kind, "who": who, **row} for row in rows]


WARD = {"what": "unit", "value": "ward"}
CLINIC = {"what": "unit", "value": "clinic"}


@pytest.mark.parametrize(
    ("rows", "penalty"),
    [
        ([WARD | {"score": 5}], -5),
        ([WARD | {"score": -5}], 5),
        ([WARD | {"score": 5, "requirement": "FM"}], 0),
        ([WARD | {"score": 5, "start": week(0)}], -5),
        ([WARD | {"score": 5, "start": week(1)}], 0),
        ([{"what": "site", "value": "mercy", "score": 3}, {"what": "specialty", "value": "medsurg", "score": 2}], -5),
        ([{"what": "start", "start": week(0), "score": 4}], -4),
        ([{"what": "slot", "value": "ward", "score": 1}], -1),
        ([{"what": "preceptor", "value": "kim", "score": 1}], 0),
        ([WARD | {"score": 5, "refuse": True}], 0),  # a refusal is no wish
        ([{"what": "waiting", "score": -9}, {"what": "site_change", "score": -9}], 0),
        # lists: the first rank is free, the second costs 1; who is not named costs as one rank after the last
        ([WARD | {"rank": 1}], 0),
        ([WARD | {"rank": 2}, CLINIC | {"rank": 1}], 1),
        ([CLINIC | {"rank": 1}], 1),
        ([CLINIC | {"rank": 1}, {"what": "unit", "value": "icu", "rank": 4}], 4),
        ([CLINIC | {"rank": 1, "requirement": "FM"}], 0),  # a list for FM does not apply to MS
        ([WARD | {"rank": 3}, WARD | {"rank": 2, "start": week(0)}], 1),  # of several ranks the best
        # two lists: units and sites
        ([WARD | {"rank": 2}, {"what": "site", "value": "lake", "rank": 1}], 2),
    ],
)
def test_preference(rows: list[Row], penalty: int) -> None:
    assert cost("preference", world(preferences=wants(*rows)), MS) == penalty


def test_preference_applies_to_each_placement() -> None:
    # a list without a rotation: rank 1 for the ward, and the clinic is not named, one rank after the last
    assert cost("preference", world(preferences=wants(WARD | {"rank": 1})), MS, FM) == 1


@pytest.mark.parametrize(("unranked", "penalty", "violations"), [("last", 1, 0), ("indifferent", 0, 0), ("refused", 0, 1)])
def test_unranked(unranked: str, penalty: int, violations: int) -> None:
    rules = {"preference": {"unranked": unranked}}
    instance = world(rules, preferences=wants(CLINIC | {"rank": 1}))
    assert cost("preference", instance, MS) == penalty
    assert len([f for f in found("preference", instance, MS) if f.firm]) == violations
    assert not found("preference", world(rules, preferences=wants(WARD | {"rank": 1})), MS)


def test_preference_of_schools_and_groups() -> None:
    school = wants(WARD | {"score": 2}, who_kind="school", who="maple")
    # ann and bob are of maple, cyd is not
    everybody = [put(who, "MS", "ward", week(0)) for who in ("ann", "bob", "cyd")]
    assert cost("preference", world(preferences=school), *everybody) == -4
    group = put("A", "MS", "ward", week(0))
    # a group's wish counts once, whatever its size; its students' wishes do not count
    assert cost("preference", world(preferences=wants(WARD | {"score": 5}, who_kind="group", who="A"), **GROUP), group) == -5
    assert cost("preference", world(preferences=school, **GROUP), group) == -2
    assert cost("preference", world(preferences=wants(WARD | {"score": 5}), **GROUP), group) == 0


def test_waiting() -> None:
    # weeks 0 and 1, then 4 and 5: weeks 2 and 3 are waited
    later = put("ann", "FM", "clinic", week(4))
    assert says("waiting", world(), MS, later) == "ann waits 2 weeks"
    assert cost("waiting", world(), MS, FM) == 0
    # from the beginning, or the week from which ann is available
    assert cost("waiting", world(), later) == 4
    from_week_3 = [{"student": "ann", "program": "nurs", "available_from": week(3, 2)}]
    assert cost("waiting", world(students=from_week_3), later) == 1
    # nobody who is not placed waits, and longitudinal placements are no work that ends it
    assert cost("waiting", world()) == 0
    weekly = [requirement(), requirement("FM", lane="longitudinal")]
    assert cost("waiting", world(requirements=weekly), MS, later) == 0


def test_weight_of_waiting_and_of_changes() -> None:
    later = put("ann", "FM", "clinic", week(4))
    own = wants({"what": "waiting", "score": -3}, {"what": "site_change", "score": 0})
    school = wants({"what": "waiting", "score": -5}, {"what": "site_change", "score": -7}, who_kind="school", who="maple")
    assert cost("waiting", world(preferences=own), MS, later) == 6
    assert cost("waiting", world(preferences=school), MS, later) == 10
    assert cost("waiting", world(preferences=[*school, *own]), MS, later) == 6
    assert cost("site_change", world(preferences=own), MS, later) == 0
    assert cost("site_change", world(preferences=school), MS, later) == 7


def test_site_change() -> None:
    assert cost("site_change", world(), MS, FM) == 1
    assert cost("site_change", world(), MS) == 0
    at_mercy = [{"unit": u, "site": "mercy", "specialties": (s,)} for u, s in (("ward", "medsurg"), ("clinic", "family"))]
    assert cost("site_change", world(units=at_mercy), MS, FM) == 0
    # there and back, whatever the order in the schedule
    again = put("ann", "MS", "ward", week(4))
    assert cost("site_change", world(requirements=[requirement(amount=4, blocks=2), requirement("FM")]), again, FM, MS) == 2
    weekly = [requirement(), requirement("FM", lane="longitudinal")]
    assert cost("site_change", world(requirements=weekly), MS, FM) == 0
    # a group changes once, not once for each of its four students
    assert cost("site_change", world(**GROUP), put("A", "MS", "ward", week(0)), put("A", "FM", "clinic", week(2))) == 1


def worst_off(scale: str, *placements: Any, rules: tuple[str, ...] = ("preference",), **tables: Any) -> int:
    policy: dict[str, Row] = {
        "worst_off": {"scale": scale, "rules": rules},
        "preference": {"weight": 3},
        "waiting": {"weight": 2},
    }
    return cost("worst_off", world(policy, **tables), *placements)


def test_worst_off() -> None:
    nurses: dict[str, Any] = {
        "students": [{"student": s, "program": "nurs"} for s in ("ann", "bob")],
        "preferences": [*wants(WARD | {"score": -3}), *wants(WARD | {"score": 1}, who="bob")],
    }
    bob = put("bob", "MS", "ward", week(0))
    # ann pays 3 × weight 3; with two required rotations 4½, rounded up
    assert worst_off("raw", MS, bob, **nurses) == 9
    assert worst_off("per_requirement", MS, bob, **nurses) == 5
    # whoever has no placement pays nothing, which is worse than winning
    assert worst_off("raw", bob, **nurses) == 0
    both_win: dict[str, Any] = {**nurses, "preferences": [*wants(WARD | {"score": 3}), *wants(WARD | {"score": 1}, who="bob")]}
    # ann wins 9, bob 3: bob is worst off, with −3, and −1½ rounded up is −1
    assert worst_off("raw", MS, bob, **both_win) == -3
    assert worst_off("per_requirement", MS, bob, **both_win) == -1
    # rules that are not listed, or not soft, do not count: two weeks of waiting at weight 2
    late = put("ann", "MS", "ward", week(2))
    assert worst_off("raw", late, rules=("waiting",), **nurses) == 4
    assert worst_off("raw", late, rules=("requirement",), **{**nurses, "requirements": [requirement(applies_to="listed")]}) == 0


def test_worst_off_leaves_out_whoever_has_nothing_to_do() -> None:
    # ann has everything behind her, so only bob counts, with −3 × 1
    tables: dict[str, Any] = {
        "students": [{"student": s, "program": "nurs"} for s in ("ann", "bob")],
        "credits": [{"student": "ann", "requirement": r, "amount": 2} for r in ("MS", "FM")],
        "preferences": wants(WARD | {"score": 1}, who="bob"),
    }
    assert worst_off("raw", put("bob", "MS", "ward", week(0)), **tables) == -3
    assert cost("worst_off", world(students=[])) == 0


def test_worst_off_among_parts() -> None:
    # the whole group and each of its two parts are parties; part 2 has a wish of the group unfulfilled
    rows = wants(CLINIC | {"score": -2}, who_kind="group", who="A")
    parts = [put("A", "MS", "ward", week(0), part=1), put("A", "FM", "clinic", week(0), part=2)]
    # −(−2) × weight 3 for part 2, over the two rotations of the group
    tables: dict[str, Any] = {**SPLIT, "preferences": rows}
    assert worst_off("per_requirement", *parts, **tables) == 3


def test_elective_rotations_count_in_the_scale() -> None:
    # MS is required, one of the set with FM: two rotations; 2 points × weight 3
    tables: dict[str, Any] = {
        "requirements": [requirement(), requirement("FM", elective_set="E", choose=1)],
        "students": [{"student": "ann", "program": "nurs"}],
        "preferences": wants(WARD | {"score": -2}),
        "slots": [slot()],
    }
    assert worst_off("per_requirement", MS, **tables) == 3
