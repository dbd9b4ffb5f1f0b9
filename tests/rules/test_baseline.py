"""Rules that count changes against an earlier schedule: the statements and the verifier, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain import Instance
from scheduler.solve import Settings, solve
from scheduler.verify import verify
from tests.rules import choice
from tests.verify import world as by_hand
from tests.verify.world import GROUP, SPLIT, put, requirement, slot, week, world

Row = dict[str, Any]
UNITS = [
    {"unit": "ward", "site": "mercy", "specialties": ("medsurg",)},
    {"unit": "icu", "site": "mercy", "specialties": ("medsurg",)},
    {"unit": "clinic", "site": "lake", "specialties": ("medsurg",)},
]
SLOTS = [
    *(slot(name, last_start=None, first_start=None, starts=(week(0), week(2), week(6))) for name in ("ward", "icu", "clinic")),
    slot("annex", unit="ward", first_start=week(6), last_start=None),
]
BEFORE: Row = {"requirement": "MS", "slot": "ward", "unit": "ward", "site": "mercy", "start": week(6)}


def term(*rows: Row, **tables: Any) -> Instance:
    """Ann (or group A) takes MS, seen from Friday of week 1; the baseline has the rows."""
    party = {"group": "A"} if "groups" in tables else {"student": "ann"}
    base: Row = {
        "students": [{"student": "ann", "program": "nurs"}],
        "requirements": [requirement("MS")],
        "units": UNITS,
        "slots": SLOTS,
        "baseline": [{**party, **BEFORE, **row} for row in rows],
    }
    return world({"stability": {"soon_weeks": 3}}, **(base | tables)).model_copy(update={"changes_from": week(1, 4)})


def both(instance: Instance, *chosen: str) -> int:
    """The points of a choice; the verifier must count the same."""
    points = choice.cost("stability", instance, *chosen)
    rows = []
    for name in chosen:
        who, rotation, place, start, *people = name.split()
        rows.append(put(who, rotation, place, week(int(start)), preceptor="".join(people)))
    assert by_hand.cost("stability", instance, *rows) == points
    return points


@pytest.mark.parametrize(
    ("before", "now", "points"),
    [
        ({}, "ann MS ward 6", 0),
        ({}, "ann MS annex 6", 2),  # the same days, another slot of the unit
        ({}, "ann MS ward 2", 3),
        ({}, "ann MS icu 6", 4),
        ({}, "ann MS icu 2", 7),
        ({}, "ann MS clinic 6", 6),
        ({"start": week(4)}, "ann MS clinic 6", 18),  # week 4 is soon
        ({"weekdays": (0, 1, 2, 3, 4)}, "ann MS ward 6", 0),
        ({"weekdays": (0, 1)}, "ann MS ward 6", 2),
        ({"slot": "closed", "unit": "closed"}, "ann MS ward 6", 4),  # what is no more there
        ({"requirement": "OLD"}, "ann MS ward 6", 0),  # not asked any more
    ],
)
def test_stability(before: Row, now: str, points: int) -> None:
    assert both(term(before), now) == points


def test_stability_counts_what_is_lost_and_what_is_not_continued() -> None:
    assert both(term({})) == 30
    assert both(term({"start": week(0)})) == 130
    assert both(term({"start": week(0)}), "ann MS ward 0") == 0
    # starting anew gives up what has started
    assert both(term({"start": week(0)}), "ann MS ward 6") == 100 + 4 * 3
    assert both(term({"start": week(0)}, {}), "ann MS ward 0") == 30
    assert both(term({"start": week(2)}, {"slot": "icu", "unit": "icu"}), "ann MS icu 2") == 30 + 3


def test_stability_of_preceptors() -> None:
    people = [{"preceptor": p, "units": ("ward",)} for p in ("kim", "lee")]
    precepted: Row = {"requirements": [requirement("MS", supervision="precepted")], "preceptors": people}
    before = {"preceptor": "kim"}
    assert both(term(before, **precepted), "ann MS ward 6 kim") == 0
    assert both(term(before, **precepted), "ann MS ward 6 lee") == 1
    assert both(term(before | {"start": week(2)}, **precepted), "ann MS ward 2 lee") == 2
    assert both(term({"preceptor": "left"}, **precepted), "ann MS ward 6 lee") == 1


def test_stability_of_electives_and_of_groups() -> None:
    electives: Row = {
        "requirements": [requirement(n, specialties=("medsurg",), elective_set="E", choose=1) for n in ("MS", "FM")]
    }
    assert both(term({}, **electives), "ann FM ward 6") == 8
    assert both(term({}, **electives)) == 30
    assert both(term({}, **GROUP), "A MS icu 6") == 4
    assert both(term({}, **GROUP)) == 30
    # for each part that may be placed by itself
    assert choice.cost("stability", term({}, **SPLIT)) == 60
    assert choice.cost("stability", term({"part": 1}, **SPLIT)) == 30


@pytest.mark.parametrize(("first", "second", "points"), [("ward", "icu", 0), ("icu", "ward", 8), ("ward", "ward", 4)])
def test_stability_of_parts_that_were_apart(first: str, second: str, points: int) -> None:
    """Who is in which part is known once it has been published: parts do not take each other's places for nothing."""
    instance = term({"part": 1}, {"part": 2, "slot": "icu", "unit": "icu"}, **SPLIT)
    assert choice.cost("stability", instance, f"A part 1 MS {first} 6", f"A part 2 MS {second} 6") == points
    rows = [put("A", "MS", place, week(6), part=part, students=2) for part, place in ((1, first), (2, second))]
    assert by_hand.cost("stability", instance, *rows) == points


def test_started() -> None:
    early = {"ann MS ward 0", "ann MS icu 0", "ann MS clinic 0"}
    later = {f"ann MS {n} {w}" for n in ("ward", "icu", "clinic") for w in (2, 6)} | {"ann MS annex 6"}
    assert choice.offered(term()) == early | later
    assert choice.offered(term({})) == later
    assert choice.offered(term({"start": week(0)})) == later | {"ann MS ward 0"}
    assert choice.offered(term({"start": week(0), "slot": "annex"})) == later
    assert choice.offered(term({"start": week(0), "weekdays": (1,)})) == later
    assert "before 2026-01-16" in by_hand.says("started", term({}), put("ann", "MS", "icu", week(0)))
    assert not by_hand.says("started", term({"start": week(0)}), put("ann", "MS", "ward", week(0)))
    assert not by_hand.says("started", term(), put("ann", "MS", "icu", week(0)))


def test_a_solve_keeps_what_it_can() -> None:
    """The ward closes: of the others the nearest; what has started stays where it is."""
    closed: Row = {"capacity": [{"unit": "ward", "start": week(4), "most_students": 0}]}
    schedule = solve(term({}, **closed), Settings(workers=1))
    assert [(p.unit, p.start) for p in schedule.placements] == [("ward", week(2))]
    kept = solve(term({"start": week(0)}, **closed), Settings(workers=1))
    assert [(p.unit, p.start) for p in kept.placements] == [("ward", week(0))]
    assert verify(term({"start": week(0)}, **closed), kept).ok


def test_a_baseline_without_weekdays_is_read_back() -> None:
    instance = term({})
    assert Instance.model_validate(instance.model_dump()) == instance
    parts = term({"start": week(0), "part": 1}, **SPLIT)
    assert "A part 1 MS ward 0" in choice.offered(parts)
    assert "A part 2 MS ward 0" not in choice.offered(parts)
    for part, fine in ((1, True), (2, False)):
        said = by_hand.says("started", parts, put("A", "MS", "ward", week(0), part=part, students=2))
        assert bool(said) is not fine
