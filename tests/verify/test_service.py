"""High need, languages and sponsors, from the tables."""

from __future__ import annotations

from typing import Any

from tests.verify.world import GROUP, PRECEPTED, Row, cost, found, put, says, week, world

MS = put("ann", "MS", "ward", week(0))
FM = put("ann", "FM", "clinic", week(2))


def ann(**columns: Any) -> list[Row]:
    return [{"student": "ann", "program": "nurs", **columns}]


def lake(**columns: Any) -> list[Row]:
    return [{"site": "mercy"}, {"site": "lake", **columns}]


def test_high_need() -> None:
    assert cost("high_need", world(sites=lake(high_need=True)), MS, FM) == -2
    assert cost("high_need", world(sites=lake(high_need=True), **GROUP), put("A", "FM", "clinic", week(0))) == -8
    assert not found("high_need", world(), MS, FM)


def test_language() -> None:
    spanish = lake(languages=("spanish", "french"))
    text = says("language", world(sites=spanish, students=ann(languages=("english",))), MS, FM)
    assert "site lake asks for spanish or french, which ann does not speak" in text
    assert not found("language", world(sites=spanish, students=ann(languages=("english", "french"))), MS, FM)
    assert not found("language", world(sites=spanish), MS, FM)
    people = [PRECEPTED["preceptors"][0], PRECEPTED["preceptors"][1] | {"languages": ("spanish",)}]
    tables: Row = {"requirements": PRECEPTED["requirements"], "preceptors": people, "students": ann(languages=("english",))}
    with_lee = FM.model_copy(update={"preceptor": "lee"})
    assert "preceptor lee asks for spanish" in says("language", world(**tables), with_lee)
    assert not found("language", world(sites=lake(languages=("english",)), **tables), with_lee)
    both = [student | {"languages": (x,)} for student, x in zip(GROUP["students"], ("english", "dutch"), strict=True)]
    group = put("A", "FM", "clinic", week(0))
    assert cost("language", world(sites=spanish, **(GROUP | {"students": both})), group) == 1  # two of one placement


def test_scholarship() -> None:
    rows = [{"scholarship": "rural", "sites": ("lake",), "professions": ("rn",)}]
    holder = ann(scholarship="rural")
    text = says("scholarship", world(scholarships=rows, students=holder), MS, FM)
    assert "site mercy does not sponsor rural, which ann holds" in text
    assert cost("scholarship", world(scholarships=rows, students=holder), MS, FM) == 1
    assert not found("scholarship", world(students=holder), MS)
    for change in ({"sites": ()}, {"professions": ("md",)}):
        assert not found("scholarship", world(scholarships=[rows[0] | change], students=holder), MS)
