"""What the verifier says of preceptors' licences and experience, and of ratios."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verify.world import GROUP, PRECEPTED, SPLIT, cost, found, program, put, requirement, says, slot, week, world

KIM = put("ann", "MS", "ward", week(0), preceptor="kim")
LEE = put("ann", "FM", "clinic", week(2), preceptor="lee")


def precepted(rules: dict[str, Any] | None = None, /, ms: Any = None, kim: Any = None, lee: Any = None, **tables: Any) -> Any:
    """Everything with a preceptor, with other columns of MS, kim and lee."""
    kim_row, lee_row = PRECEPTED["preceptors"]
    rows = [requirement("MS", supervision="precepted", **(ms or {})), requirement("FM", supervision="precepted")]
    preceptors = [kim_row | (kim or {}), lee_row | (lee or {})]
    med = [{**r, "program": "med"} for r in rows]
    return world(rules or {}, **({"requirements": [*rows, *med], "preceptors": preceptors} | tables))


@pytest.mark.parametrize(
    ("licences", "own", "sentence"),
    [
        ((), None, ""),
        (("np",), "np", ""),
        (("np", "md"), "md", ""),
        (("np", "md"), "pa", "preceptor kim has the licence pa, the rotation asks for np or md"),
        (("np",), None, "preceptor kim has no known licence, the rotation asks for np"),
    ],
)
def test_licence(licences: tuple[str, ...], own: str | None, sentence: str) -> None:
    text = says("licence", precepted(ms={"licences": licences}, kim={"licence": own}), KIM, LEE)
    assert sentence in text
    assert bool(sentence) == bool(text)


@pytest.mark.parametrize(
    ("asked", "years", "sentence"),
    [
        (None, None, ""),
        (None, 1, ""),
        (None, 0, "preceptor kim has 0 years of experience, 1 are needed"),
        (0, 0, ""),
        (3, 2, "preceptor kim has 2 years of experience, 3 are needed"),
        (3, None, ""),
    ],
)
def test_experience(asked: int | None, years: int | None, sentence: str) -> None:
    text = says("experience", precepted(ms={"least_experience_years": asked}, kim={"experience_years": years}), KIM)
    assert sentence in text
    assert bool(sentence) == bool(text)


def test_licence_hours() -> None:
    programs = [program(licence_hours=(("np", 100),)), program("med")]
    np = {"licence": "np"}
    instance = precepted(kim=np, programs=programs)
    assert says("licence_hours", instance, KIM, LEE) == "ann has 80 hours with preceptors of licence np, 100 are needed"
    assert cost("licence_hours", instance, KIM, LEE) == 20
    assert not found("licence_hours", instance, KIM)  # FM is missing
    assert not found("licence_hours", instance)
    assert not found("licence_hours", precepted(kim=np, lee=np, programs=programs), KIM, LEE)
    credit = {"student": "ann", "requirement": "FM", "amount": 1, "preceptor": "kim"}
    less = [requirement("MS", supervision="precepted"), requirement("FM", supervision="precepted", amount=3)]
    credited = precepted(kim=np, programs=programs, requirements=less, credits=[credit])
    assert not found("licence_hours", credited, KIM, LEE)  # 80 hours, and 40 for the week
    electives = [{**r, "elective_set": "E", "choose": 1} for r in less]
    chosen = precepted(kim=np, programs=programs, requirements=electives)
    assert cost("licence_hours", chosen, KIM) == 20  # one of the two is all
    assert not found("licence_hours", chosen)


def test_licence_hours_of_groups() -> None:
    programs = [program(licence_hours=(("np", 100),)), program("med")]
    parts = [put("A", "MS", "ward", week(0), preceptor="kim"), put("A", "FM", "clinic", week(2), preceptor="lee")]
    assert cost("licence_hours", precepted(kim={"licence": "np"}, programs=programs, **GROUP), *parts) == 20
    assert cost("licence_hours", precepted(kim={"licence": "np"}, programs=programs, **SPLIT), *parts) == 40
    listing = {"groups": [{**GROUP["groups"][0], "requirements": ("MS",)}]}
    own = precepted(kim={"licence": "np"}, programs=programs, **(GROUP | listing))
    assert says("licence_hours", own, parts[0], LEE).startswith("ann has 80 hours")  # not the group, nor bob, who lacks FM


def test_most_preceptors() -> None:
    two = precepted(ms={"blocks": 2, "most_preceptors": 1})
    second = put("ann", "MS", "ward", week(4), preceptor="lee")
    assert says("most_preceptors", two, KIM, second) == "ann has 2 preceptors in MS (kim, lee), at most 1 allowed"
    assert not found("most_preceptors", two, KIM, LEE)
    assert not found("most_preceptors", precepted(ms={"blocks": 2, "most_preceptors": 2}), KIM, second)


def test_preceptor_units() -> None:
    both = {"units": ("ward", "clinic"), "most_units": 1}
    other = put("bob", "FM", "clinic", week(2), preceptor="kim")
    text = says("preceptor_units", precepted(kim=both), KIM, other)
    assert text == "Preceptor kim has students in 2 units (clinic, ward), at most 1 allowed"
    assert not found("preceptor_units", precepted(kim=both), KIM, put("bob", "MS", "ward", week(2), preceptor="kim"))
    assert not found("preceptor_units", precepted(kim=both | {"most_units": 2}), KIM, other)


def test_preceptor_ratio() -> None:
    rules = {"preceptor_ratio": {"ratios": ("rn:1",)}}
    bob, cyd = (put(who, "MS", "ward", week(1), preceptor="kim") for who in ("bob", "cyd"))
    text = says("preceptor_ratio", precepted(rules), KIM, bob, cyd)
    assert text == "Preceptor kim has 2 rn students on 2026-01-12 (ann, bob), at most 1 allowed"
    assert not found("preceptor_ratio", precepted(rules), KIM, cyd)
    assert not found("preceptor_ratio", precepted(), KIM, bob)
    by_turns = [slot("ward", weekdays=(0,)), slot("clinic", weekdays=(1,))]
    elsewhere = put("bob", "FM", "clinic", week(0), preceptor="kim")
    assert not found("preceptor_ratio", precepted(rules, slots=by_turns), KIM, elsewhere)


def test_group_ratio() -> None:
    programs = [program(most_per_faculty=3), program("med")]
    led = [requirement("MS", supervision="faculty"), requirement("FM")]
    instance = world(programs=programs, requirements=led, **SPLIT)
    text = says("group_ratio", instance, put("A", "MS", "ward", week(0)), put("A", "FM", "clinic", week(0)))
    assert text.endswith("4 students are led by one faculty member, at most 3 allowed")
    assert "FM" not in text
    assert not found("group_ratio", instance, put("A", "MS", "ward", week(0), part=1))
