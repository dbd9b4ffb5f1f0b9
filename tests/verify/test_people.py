"""Pins, and how many sites, specialties and placements at one site."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verify.world import GROUP, PRECEPTED, SPLIT, Row, cost, found, program, put, requirement, says, week, world

MS = put("ann", "MS", "ward", week(0))
FM = put("ann", "FM", "clinic", week(2))


def pinned(*pins: Row, **tables: Any) -> Any:
    return world(pins=list(pins), **tables)


@pytest.mark.parametrize(
    ("pin", "sentence"),
    [
        ({"student": "ann", "requirement": "MS"}, ""),
        ({"student": "ann", "requirement": "MS", "slot": "ward", "unit": "ward", "start": week(0)}, ""),
        (
            {"student": "ann", "requirement": "MS", "start": week(1)},
            "No placement is what a pin says must be (student ann, rotation MS, start 2026-01-12) | "
            "ann, MS in slot ward from 2026-01-05: MS is pinned elsewhere (student ann, rotation MS, start 2026-01-12)",
        ),
        ({"student": "bob", "unit": "ward"}, "No placement is what a pin says must be (student bob, unit ward)"),
        ({"student": "ann", "unit": "clinic", "start": week(2)}, ""),
        ({"student": "ann", "preceptor": "kim"}, "(student ann, preceptor kim)"),
        ({"slot": "clinic"}, ""),  # whoever it is
        ({"student": "ann", "unit": "ward", "pin": "must not"}, "ann, MS in slot ward from 2026-01-05: a pin says must not"),
        ({"student": "ann", "unit": "ward", "start": week(1), "pin": "must not"}, ""),
        ({"student": "bob", "unit": "ward", "pin": "must not"}, ""),
        ({"slot": "ward", "start": week(0), "pin": "must not"}, "must not (slot ward, start 2026-01-05)"),
        ({"student": "bob", "unit": "ward", "pin": "prefer"}, ""),
    ],
)
def test_pin(pin: Row, sentence: str) -> None:
    text = says("pin", pinned(pin, preceptors=PRECEPTED["preceptors"]), MS, FM)
    assert sentence in text
    assert bool(sentence) == bool(text)


def test_several_pins_of_one_rotation() -> None:
    pins = [{"student": "ann", "requirement": "MS", "start": week(i)} for i in (0, 4)]
    split = [requirement(amount=6, blocks=3)]
    second = put("ann", "MS", "ward", week(4))
    assert not found("pin", pinned(*pins, requirements=split), MS, second)
    # a third placement is neither of the two
    assert "is pinned elsewhere" in says("pin", pinned(*pins, requirements=split), MS, second, put("ann", "MS", "ward", week(8)))


def test_pin_of_a_group() -> None:
    pin = {"group": "A", "unit": "ward"}
    assert not found("pin", pinned(pin, **GROUP), put("A", "MS", "ward", week(0)))
    assert not found("pin", pinned(pin, **SPLIT), put("A", "MS", "ward", week(0), part=2))
    assert "(group A, unit ward)" in says("pin", pinned(pin, **GROUP))


def test_most_sites() -> None:
    assert not found("most_sites", world(), MS, FM)
    one = world(programs=[program(most_sites=1), program("med")])
    assert says("most_sites", one, MS, FM) == "ann has placements in 2 sites (lake, mercy), at most 1 allowed"
    assert not found("most_sites", one, MS, put("cyd", "MS", "ward", week(0)), put("cyd", "FM", "clinic", week(2)))
    assert not found("most_sites", world(programs=[program(most_sites=2), program("med")]), MS, FM)


def test_most_sites_with_a_group() -> None:
    one = [program(most_sites=1)]
    listing = [{**GROUP["groups"][0], "requirements": "MS"}]
    instance = world(programs=one, students=GROUP["students"], groups=listing)
    assert says("most_sites", instance, put("A", "MS", "ward", week(0)), FM).startswith("ann has placements in 2 sites")
    assert not found("most_sites", instance, put("A", "MS", "ward", week(0)))
    # two parts at two sites are one site for everybody
    parts = [put("A", "MS", "ward", week(0), part=1), put("A", "FM", "clinic", week(0), part=2)]
    assert not found("most_sites", world(programs=one, **SPLIT), *parts)


def test_most_specialties() -> None:
    one = world(programs=[program(most_specialties=1), program("med")])
    assert says("most_specialties", one, MS, FM) == "ann has placements in 2 specialties (family, medsurg), at most 1 allowed"
    assert not found("most_specialties", one, MS)
    assert not found("most_specialties", world(), MS, FM)


def test_most_per_site() -> None:
    one = [program(most_per_site=1), program("med")]
    at_mercy = [{"unit": u, "site": "mercy", "specialties": (s,)} for u, s in (("ward", "medsurg"), ("clinic", "family"))]
    assert not found("most_per_site", world(programs=one), MS, FM)
    instance = world(programs=one, units=at_mercy)
    assert says("most_per_site", instance, MS, FM) == "ann has 2 placements at site mercy, at most 1 allowed"
    assert not found("most_per_site", world(units=at_mercy), MS, FM)
    # what the group has too many counts once, not again for each of its students
    group = [put("A", "MS", "ward", week(0)), put("A", "FM", "clinic", week(2))]
    assert cost("most_per_site", world(programs=one, units=at_mercy, **GROUP), *group) == 1
    # one of the group's and one of ann's own: too many for ann alone
    listing = [{**GROUP["groups"][0], "requirements": "MS"}]
    mixed = world(programs=one, units=at_mercy, students=GROUP["students"], groups=listing)
    assert cost("most_per_site", mixed, group[0], FM) == 1
