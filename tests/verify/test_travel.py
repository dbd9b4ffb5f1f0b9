"""Homes, distances, lodging and money, from coordinates and dates."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.verify.travel import great_circle_km
from tests.verify.world import GROUP, SPLIT, Row, cost, found, program, put, requirement, says, slot, week, world

#: Mercy is at home, Lake a degree to the north: 111 km away.
SITES: list[Row] = [{"site": "mercy", "lat": 40, "lon": -75}, {"site": "lake", "lat": 41, "lon": -75}]
HOME: Row = {"home_lat": 40, "home_lon": -75}
PEOPLE: list[Row] = [{"student": s, "program": "nurs", **HOME} for s in ("ann", "bob")]
MS = put("ann", "MS", "ward", week(2))
#: From Monday 5 January to Friday 16 January 2026.
FM = put("ann", "FM", "clinic", week(0))


def at_home(rules: Row | None = None, /, limits: Row | None = None, **tables: Any) -> Any:
    rows = {"students": PEOPLE, "sites": SITES, "programs": [program(**(limits or {})), program("med")]}
    return world(rules, **{**rows, **tables})


def beds(count: int = 1, **columns: Any) -> Row:
    return {"site": "lake", "beds": count, "start": week(0), "end": week(11), **columns}


def lives(group: dict[str, list[Row]], *homes: Row) -> dict[str, Any]:
    """A group whose students live there."""
    return group | {"students": [s | home for s, home in zip(group["students"], homes, strict=True)]}


def test_kilometres() -> None:
    assert great_circle_km((48.8566, 2.3522), (40.7128, -74.006)) == 5837  # Paris, New York
    assert great_circle_km((40, -75), (40, -75)) == 0
    assert great_circle_km((90, 0), (-90, 0)) == 20015  # half of the way around, 6371 · π


def test_distance() -> None:
    assert not found("distance", at_home(), MS, FM)
    assert not found("distance", at_home(limits={"most_distance_km": 111}), MS, FM)
    near = at_home(limits={"most_distance_km": 110})
    assert "site lake is 111 km from the home of ann, at most 110 allowed, and has no housing on 2026-01-05" in says(
        "distance", near, MS, FM
    )
    assert cost("distance", near, MS, FM) == 1
    assert not found("distance", at_home(limits={"most_distance_km": 110}, students=[PEOPLE[0] | {"home_lon": None}]), FM)
    remote = {"unit": "clinic", "site": "lake", "specialties": ("family",), "mode": "telehealth"}
    ward = {"unit": "ward", "site": "mercy", "specialties": ("medsurg",)}
    assert not found("distance", at_home(limits={"most_distance_km": 110}, units=[ward, remote]), FM)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({}, ""),
        ({"beds": 0}, "no housing on 2026-01-05"),
        ({"end": week(1, 3)}, ""),
        ({"end": week(1, 2)}, "no housing on 2026-01-15"),  # the last night is that of Thursday
        ({"from_weekday": "Su"}, "no housing on 2026-01-05"),
        ({"from_weekday": "Su", "start": week(-1, 6)}, ""),
        ({"from_weekday": "Mo Su"}, ""),
        ({"site": "mercy"}, "no housing on 2026-01-05"),
    ],
)
def test_distance_with_housing(row: Row, words: str) -> None:
    text = says("distance", at_home(limits={"most_distance_km": 60}, housing=[beds() | row]), FM)
    assert words in text
    assert bool(words) == bool(text)


def test_distance_with_housing_has_a_limit_too() -> None:
    instance = at_home(limits={"most_distance_km": 60, "most_distance_housed_km": 100}, housing=[beds()])
    assert "at most 100 allowed with housing" in says("distance", instance, FM)


def test_a_day_away_needs_a_night() -> None:
    day = {"slots": [slot("ward"), slot("clinic", weekdays="Mo", length=1)], "requirements": [requirement("FM", amount=1)]}
    one = put("ann", "FM", "clinic", week(0))
    assert found("distance", at_home(limits={"most_distance_km": 60}, housing=[beds(start=week(0, 1))], **day), one)
    assert not found("distance", at_home(limits={"most_distance_km": 60}, housing=[beds(end=week(0))], **day), one)


def test_car() -> None:
    sites = [SITES[0], SITES[1] | {"needs_car": True}]
    walks = [PEOPLE[0] | {"drives": False}]
    assert "site lake can only be reached by car, and ann has none" in says("car", at_home(sites=sites, students=walks), MS, FM)
    assert not found("car", at_home(sites=sites, students=walks), MS)
    assert not found("car", at_home(sites=sites), FM)


def test_housing() -> None:
    bob = put("bob", "FM", "clinic", week(1))
    text = says("housing", at_home(housing=[beds()]), FM, bob)
    assert "Site lake lodges 2 students on 2026-01-12 (ann, bob), at most 1 allowed" in text
    assert cost("housing", at_home(housing=[beds()]), FM, bob) == 1
    assert not found("housing", at_home(housing=[beds(), beds()]), FM, bob)  # rows add up
    assert not found("housing", at_home(housing=[beds(end=week(0, 6))]), FM, bob)  # nobody counts later nights
    assert not found("housing", at_home({"housing": {"km": 111}}, housing=[beds()]), FM, bob)
    assert not found("housing", at_home(), FM, bob)
    group = put("A", "FM", "clinic", week(0))
    assert cost("housing", at_home(housing=[beds(0)], **lives(GROUP, HOME, {})), group) == 2  # ann, in two weeks
    assert cost("housing", at_home(housing=[beds(1)], **lives(GROUP, HOME, HOME)), group) == 2


def test_most_lodgings() -> None:
    both = put("ann", "MS", "clinic", week(4))
    assert not found("most_lodgings", at_home(limits={"most_relocations": 1}), MS, FM, both)
    text = says("most_lodgings", at_home(limits={"most_relocations": 0}), MS, FM)
    assert "ann lodges in 1 places (site lake), at most 0 allowed" in text
    split = at_home(**lives(SPLIT, HOME, {}), limits={"most_relocations": 0})
    assert found("most_lodgings", split, put("A", "FM", "clinic", week(0)))
    assert not found("most_lodgings", split, put("A", "MS", "ward", week(0)))


def test_relocation() -> None:
    back = put("ann", "MS", "ward", week(6))
    assert cost("relocation", at_home(), FM, MS) == 1
    assert cost("relocation", at_home(), put("ann", "FM", "clinic", week(4)), MS, back) == 2
    assert cost("relocation", at_home({"housing": {"km": 111}}), FM, MS) == 0
    weekly = [requirement("MS"), requirement("FM", lane="longitudinal")]
    assert cost("relocation", at_home(requirements=weekly), FM, MS) == 0


def test_travel() -> None:
    assert cost("travel", at_home({"housing": {"km": 111}}), FM, MS) == 11
    assert cost("travel", at_home({"housing": {"km": 111}, "travel": {"km_per_point": 112}}), FM) == 0
    assert cost("travel", at_home(), FM) == 0  # lodged
    assert cost("travel", at_home({"housing": {"km": 111}}, **lives(GROUP, HOME, {})), put("A", "FM", "clinic", week(0))) == 11


def test_far_apart() -> None:
    weekly: Row = {"requirements": [requirement("MS"), requirement("FM", lane="longitudinal")]}
    beside = put("ann", "MS", "ward", week(1))
    assert "are 111 km apart in the same week, at most 50 allowed" in says("far_apart", at_home(**weekly), FM, beside)
    assert not found("far_apart", at_home(**weekly), FM, MS)
    assert not found("far_apart", at_home(), FM, beside)
    assert not found("far_apart", at_home({"far_apart": {"most_km": 111}}, **weekly), FM, beside)
    group = (put("A", "FM", "clinic", week(0)), put("A", "MS", "ward", week(1)))
    for tables in (GROUP, SPLIT):
        assert cost("far_apart", at_home(**weekly, **lives(tables, HOME, HOME)), *group) == 1


def test_fees() -> None:
    sites = [SITES[0] | {"fee_per_week": 30}, SITES[1] | {"fee_per_week": 5}]
    assert cost("fees", at_home(sites=sites), MS, FM) == 2 * 30 + 2 * 5
    assert cost("fees", at_home(sites=sites, housing=[beds(cost=90), beds(cost=40)]), FM) == 2 * (5 + 40)
    assert cost("fees", at_home(sites=sites, housing=[beds(cost=40, from_weekday="Su")]), FM) == 2 * 5
    assert cost("fees", at_home(sites=sites, **lives(GROUP, {}, {})), put("A", "MS", "ward", week(2))) == 4 * 2 * 30


def test_budget() -> None:
    sites = [SITES[0] | {"fee_per_week": 30}, SITES[1]]
    bob = put("bob", "MS", "ward", week(2))
    assert cost("budget", at_home(limits={"most_fees": 100}, sites=sites), MS, bob, FM) == 20
    assert "Program nurs pays 120 for site fees, at most 100 allowed" in says(
        "budget", at_home(limits={"most_fees": 100}, sites=sites), MS, bob
    )
    assert not found("budget", at_home(limits={"most_fees": 120}, sites=sites), MS, bob)
    assert cost("budget", at_home({"budget": {"total": 50}}, sites=sites), MS, bob) == 70
    assert not found("budget", at_home(sites=sites), MS, bob)


@pytest.mark.parametrize(("of", "paid", "what"), [(("housing",), 80, "beds"), (("fees", "housing"), 140, "site fees and beds")])
def test_a_budget_for_beds(of: tuple[str, ...], paid: int, what: str) -> None:
    sites = [SITES[0] | {"fee_per_week": 30}, SITES[1]]
    counted = at_home({"budget": {"of": of}}, sites=sites, housing=[beds(cost=40)], limits={"most_fees": 10})
    assert says("budget", counted, MS, FM) == f"Program nurs pays {paid} for {what}, at most 10 allowed"
    assert cost("budget", counted, MS, FM) == paid - 10
