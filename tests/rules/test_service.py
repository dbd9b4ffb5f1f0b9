"""Rules about what sites need and who sponsors."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.solve import Settings, solve
from scheduler.verify import verify
from tests.rules.choice import cost, offered
from tests.verify.world import GROUP, PRECEPTED, SPLIT, Row, requirement, world

BOTH = ("ann MS ward 0", "ann FM clinic 2")
ROTATIONS: Row = {"requirements": [requirement("MS"), requirement("FM")]}


def ann(rules: Row | None = None, /, student: Row | None = None, **tables: Any) -> Any:
    students = [{"student": "ann", "program": "nurs", **(student or {})}]
    return world(rules, **{**ROTATIONS, "students": students, **tables})


def sites(**of_lake: Any) -> list[Row]:
    return [{"site": "mercy"}, {"site": "lake", **of_lake}]


def test_high_need() -> None:
    assert cost("high_need", ann(sites=sites(high_need=True)), *BOTH) == -2  # two weeks at Lake
    for tables in (GROUP, SPLIT):
        group = world(sites=sites(high_need=True), **ROTATIONS, **tables)
        assert cost("high_need", group, "A FM clinic 0", "A MS ward 2") == -2 * 4
    parts = world(sites=sites(high_need=True), **ROTATIONS, **SPLIT)
    assert cost("high_need", parts, "A part 2 FM clinic 0") == -2 * 2


def test_a_site_of_high_need_is_taken_first() -> None:
    units = [{"unit": u, "site": s, "specialties": ("medsurg",)} for u, s in (("ward", "mercy"), ("clinic", "lake"))]
    instance = ann(sites=sites(high_need=True), units=units, requirements=[requirement("MS")])
    schedule = solve(instance, Settings(workers=1))
    report = verify(instance, schedule)
    assert report.ok
    assert report.penalties["high_need"] == -2


@pytest.mark.parametrize(
    ("spoken", "asked", "missing"),
    [
        (("english",), ("spanish", "english"), 0),
        (("english",), ("spanish",), 1),
        ((), ("spanish",), 0),  # not judged
        (("english",), (), 0),
    ],
)
def test_language(spoken: tuple[str, ...], asked: tuple[str, ...], missing: int) -> None:
    tables: Row = {"student": {"languages": spoken}, "sites": sites(languages=asked)}
    assert cost("language", ann(**tables), *BOTH) == missing
    left = offered(ann({"language": {"kind": "hard"}}, **tables))
    assert ("ann FM clinic 2" in left) == (not missing)
    assert "ann MS ward 0" in left


def test_the_preceptor_is_asked_where_the_site_lists_no_language() -> None:
    people = [PRECEPTED["preceptors"][0], PRECEPTED["preceptors"][1] | {"languages": ("spanish",)}]
    english = {"student": {"languages": ("english",)}}
    tables: Row = {"requirements": PRECEPTED["requirements"][:2], "preceptors": people}
    with_people = ("ann MS ward 0 kim", "ann FM clinic 2 lee")
    assert cost("language", ann(**english, **tables), *with_people) == 1
    assert cost("language", ann(**english, **tables, sites=sites(languages=("english",))), *with_people) == 0


def test_every_listed_student_of_a_group_speaks_a_language() -> None:
    group = GROUP | {"students": [s | {"languages": (x,)} for s, x in zip(GROUP["students"], ("en", "es"), strict=True)]}
    assert cost("language", world(sites=sites(languages=("en",)), **ROTATIONS, **group), "A FM clinic 0") == 1
    assert cost("language", world(sites=sites(languages=("en", "es")), **ROTATIONS, **group), "A FM clinic 0") == 0


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"sites": ("lake",)}, 1),
        ({"sites": ("lake", "mercy")}, 0),
        ({}, 0),
        ({"sites": ("lake",), "professions": ("rn",)}, 1),
        ({"sites": ("lake",), "professions": ("md",)}, 0),
        ({"sites": ("lake",), "scholarship": "other"}, 0),
    ],
)
def test_scholarship(row: Row, wrong: int) -> None:
    tables: Row = {"student": {"scholarship": "rural"}, "scholarships": [{"scholarship": "rural", **row}]}
    assert cost("scholarship", ann(**tables), *BOTH) == wrong  # MS is at Mercy
    hard = offered(ann({"scholarship": {"kind": "hard"}}, **tables))
    assert ("ann MS ward 0" in hard) == (not wrong)
    assert "ann FM clinic 2" in hard


def test_a_holder_in_a_group_counts_once_for_each_placement() -> None:
    holders = GROUP | {"students": [s | {"scholarship": "rural"} for s in GROUP["students"]]}
    rows = [{"scholarship": "rural", "sites": ("lake",)}]
    assert cost("scholarship", world(scholarships=rows, **ROTATIONS, **holders), "A MS ward 0", "A FM clinic 2") == 1
