"""Rules about people: pins, how much they move, what they would like, and who is worst off."""

from __future__ import annotations

from typing import Any

from tests.rules.choice import broken, cost, offered
from tests.verify.world import SPLIT, requirement, slot, week, world

ANN: dict[str, Any] = {"students": [{"student": "ann", "program": "nurs"}]}
#: Ann takes MS at mercy and FM at lake.
BOTH = ("ann MS ward 0", "ann FM clinic 2")


def limited(**columns: int) -> Any:
    return world(programs=[{"program": "nurs", "school": "maple", "profession": "rn", **columns}], **CALM)


CALM: dict[str, Any] = ANN | {"requirements": [requirement("MS"), requirement("FM")]}


def test_pin() -> None:
    must = {"student": "ann", "requirement": "MS", "start": week(3)}
    instance = world(pins=[must], **CALM)
    assert {name for name in offered(instance) if " MS " in name} == {"ann MS ward 3"}
    assert broken(instance) == {"pin"}  # it has to be there
    assert broken(instance, "ann MS ward 3") == set()
    never = world(pins=[must | {"pin": "must not"}], **CALM)
    assert "ann MS ward 3" not in offered(never)


def test_a_pin_of_one_part() -> None:
    alone = {"requirements": [requirement("MS")]}
    instance = world(**SPLIT | alone, pins=[{"group": "A", "part": 1, "requirement": "MS", "start": week(3)}])
    here = offered(instance)
    assert [name for name in here if name.startswith("A part 1 ")] == ["A part 1 MS ward 3"]
    assert {"A part 2 MS ward 0", "A part 2 MS ward 3"} <= set(here)  # the other part is free
    assert broken(instance, "A part 1 MS ward 3", "A part 2 MS ward 0") == set()
    assert broken(instance, "A part 2 MS ward 0") == {"pin"}  # the first one has to be there
    pins = [{"group": "A", "part": k, "requirement": "MS", "start": week(k)} for k in (1, 2)]
    each = offered(world(**SPLIT | alone, pins=pins))
    assert {name for name in each if "part" in name} == {"A part 1 MS ward 1", "A part 2 MS ward 2"}


def test_an_overriding_pin_sets_other_rules_aside() -> None:
    away = {"who_kind": "student", "who": "ann", "start": week(3), "end": week(3)}
    must = {"student": "ann", "requirement": "MS", "start": week(3)}
    assert "ann MS ward 3" not in offered(world(pins=[must], availability=[away], **CALM))
    assert "ann MS ward 3" in offered(world(pins=[must | {"override": True}], availability=[away], **CALM))


def test_pin_wish() -> None:
    pins = [{"student": "ann", "unit": "ward", "pin": "prefer"}, {"student": "ann", "start": week(0), "pin": "prefer"}]
    assert cost("pin_wish", world(pins=pins, **CALM), *BOTH) == -1  # the ward in week 0 matches both, and wins once


def test_most_sites() -> None:
    assert broken(limited(most_sites=1), *BOTH) == {"most_sites"}
    assert broken(limited(most_sites=2), *BOTH) == set()


def test_most_specialties() -> None:
    assert broken(limited(most_specialties=1), *BOTH) == {"most_specialties"}
    assert broken(limited(most_specialties=2), *BOTH) == set()


def test_most_per_site() -> None:
    at_mercy = [{"unit": u, "site": "mercy", "specialties": (s,)} for u, s in (("ward", "medsurg"), ("clinic", "family"))]
    one = [{"program": "nurs", "school": "maple", "profession": "rn", "most_per_site": 1}]
    assert broken(world(programs=one, units=at_mercy, **CALM), *BOTH) == {"most_per_site"}
    assert broken(limited(most_per_site=1), *BOTH) == set()  # at two sites


def test_preference() -> None:
    rows = [
        {"who_kind": "student", "who": "ann", "what": "site", "value": "mercy", "rank": 1},
        {"who_kind": "student", "who": "ann", "what": "unit", "value": "ward", "score": 5},
        {"who_kind": "school", "who": "maple", "what": "slot", "value": "clinic", "score": -2},
    ]
    last, indifferent = (world({"preference": {"unranked": how}}, preferences=rows, **CALM) for how in ("last", "indifferent"))
    assert cost("preference", last, "ann MS ward 0") == -5  # first rank costs nothing, the ward wins 5
    assert cost("preference", last, "ann FM clinic 0") == 2 + 1  # the school's two points, and one rank after the last
    assert cost("preference", indifferent, "ann FM clinic 0") == 2
    refused = world({"preference": {"unranked": "refused"}}, preferences=rows, **CALM)
    assert not any("clinic" in name for name in offered(refused))


def test_waiting() -> None:
    instance = world(**CALM)
    assert cost("waiting", instance, *BOTH) == 0
    assert cost("waiting", instance, "ann MS ward 1", "ann FM clinic 6") == 1 + 3  # week 0, and weeks 3 to 5
    wish = {"who_kind": "student", "who": "ann", "what": "waiting", "score": -4}
    assert cost("waiting", world(preferences=[wish], **CALM), "ann MS ward 1") == 4


def test_site_change() -> None:
    instance = world(
        requirements=[requirement("MS", blocks=2), requirement("FM")], slots=[slot("ward", length=1), slot("clinic")], **ANN
    )
    there_and_back = ("ann MS ward 0", "ann FM clinic 1", "ann MS ward 3")
    assert cost("site_change", instance, *there_and_back) == 2
    assert cost("site_change", instance, "ann MS ward 0", "ann MS ward 1", "ann FM clinic 2") == 1


def test_worst_off() -> None:
    two = {"students": [{"student": s, "program": "nurs"} for s in ("ann", "bob")]}
    rows = [
        {"who_kind": "school", "who": "maple", "what": "unit", "value": u, "score": -p} for u, p in (("ward", 3), ("clinic", 4))
    ]
    quiet: dict[str, Any] = {"waiting": {"kind": "off"}, "site_change": {"kind": "off"}}
    raw, per_rotation = (
        world(quiet | {"worst_off": {"scale": scale}}, preferences=rows, **(CALM | two)) for scale in ("raw", "per_requirement")
    )
    chosen = (*BOTH, "bob MS ward 4")  # ann pays 3 + 4, bob 3
    assert cost("worst_off", raw, *chosen) == 7
    assert cost("worst_off", per_rotation, *chosen) == 4  # 7 over two rotations, rounded up
