"""Limits that the policy's rules contradict are told before anything is solved, and with the policy file that is meant."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain import Instance
from scheduler.model.check import check_offers
from scheduler.solve import Settings, solve
from tests.verify.world import PRECEPTED, program, requirement, slot, week, world


def no_repeat(*things: str, kind: str = "hard", **rules: dict[str, Any]) -> dict[str, Any]:
    return {"no_repeat": {"kind": kind, "things": things}, **rules}


def nurses(rules: dict[str, Any], **columns: Any) -> Instance:
    """Ann and bob need MS at Mercy and FM at Lake; their program says something of what is the same."""
    return world(rules, programs=[program("nurs", **columns), program("med")])


@pytest.mark.parametrize(
    ("instance", "sentence"),
    [
        (
            nurses(no_repeat("site"), continuity="site"),
            "a student has the same site throughout, but the rule no_repeat wants another site for each of 2 required rotations: "
            "at most 1 of them can be placed",
        ),
        # in the same unit one is at the same site
        (
            nurses(no_repeat("preceptor", "site"), continuity="unit"),
            "a student has the same unit throughout, but the rule no_repeat wants another site for each of 2 required rotations: "
            "at most 1 of them can be placed",
        ),
        # a soft rule gives way, at a cost
        (
            nurses(no_repeat("site", kind="soft"), continuity="site"),
            "a student has the same site throughout, but the rule no_repeat wants another site for each of 2 required rotations: "
            "one of the two rules is always broken",
        ),
        (
            nurses(no_repeat("site"), most_sites=1),
            "a student has at most 1 site, but the rule no_repeat wants another site for each of 2 required rotations: "
            "at most 1 of them can be placed",
        ),
    ],
)
def test_the_same_and_not_the_same(instance: Instance, sentence: str) -> None:
    (found,) = check_offers(instance)
    assert (found.file, found.row, found.severity, found.message) == ("programs.csv", 2, "warning", sentence)


def test_what_is_told_is_so() -> None:
    """Two sites for two rotations, of which continuity allows one: each student has one of the two."""
    schedule = solve(nurses(no_repeat("site"), continuity="site"), Settings(workers=1))
    assert [u.student for u in schedule.unplaced] == ["ann", "bob"]


@pytest.mark.parametrize(
    "instance",
    [
        nurses(no_repeat("site", kind="off"), continuity="site"),
        nurses(no_repeat("site", continuity={"kind": "off"}), continuity="site"),
        # the same unit for nobody but those who have a preceptor, and the same site in two units
        nurses(no_repeat("preceptor"), continuity="preceptor"),
        nurses(no_repeat("unit"), continuity="site"),
        nurses(no_repeat("site"), most_sites=2),
        # of an elective set of two, one is chosen
        world(
            no_repeat("site"),
            programs=[program("nurs", continuity="site"), program("med")],
            requirements=[requirement(name, "nurs", elective_set="E", choose=1) for name in ("MS", "FM")],
        ),
    ],
)
def test_what_does_not_contradict_itself(instance: Instance) -> None:
    assert check_offers(instance) == []


def split(rules: dict[str, Any], most: int, **columns: Any) -> Instance:
    """Two weeks in two placements of one week, with kim or lee."""
    row = requirement("MS", blocks=2, most_preceptors=most, **{"supervision": "precepted", **columns})
    people = [{"preceptor": name, "units": ("ward",), "most_at_once": 9} for name in ("kim", "lee")]
    return world(
        rules, **PRECEPTED | {"requirements": [row], "preceptors": people}, slots=[slot("ward", length=1, last_start=week(2))]
    )


def test_several_preceptors_where_one_stays_throughout() -> None:
    (found,) = check_offers(split({}, 2))
    assert (found.file, found.row, found.column, found.severity) == ("requirements.csv", 2, "most_preceptors", "warning")
    assert found.message == "has no effect: the rule one_preceptor keeps all placements of a rotation with the same preceptor"


@pytest.mark.parametrize(
    "instance",
    [
        split({"one_preceptor": {"kind": "off"}}, 2),
        split({"most_preceptors": {"kind": "off"}}, 2),
        split({}, 1),  # says the same twice
        split({}, 2, supervision="co-precepted"),  # two at a time, the same two
    ],
)
def test_several_preceptors_that_are_allowed(instance: Instance) -> None:
    assert check_offers(instance) == []
