"""Rules about money."""

from __future__ import annotations

from typing import Any

from scheduler.solve import Settings, solve
from scheduler.verify import verify
from tests.rules.choice import broken, cost
from tests.verify.world import GROUP, SPLIT, Row, program, requirement, week, world

#: Mercy asks for 30 a student and week, Lake for nothing; Lake is 111 km from home.
SITES: list[Row] = [
    {"site": "mercy", "lat": 40, "lon": -75, "fee_per_week": 30},
    {"site": "lake", "lat": 41, "lon": -75},
]
ANN: Row = {"student": "ann", "program": "nurs", "home_lat": 40, "home_lon": -75}
BOB: Row = {"student": "bob", "program": "nurs"}
ROTATIONS: Row = {"requirements": [requirement("MS"), requirement("FM")]}
SOFT: Row = {"fees": {"kind": "soft"}}


def bed(price: int, **columns: Any) -> Row:
    return {"site": "lake", "beds": 9, "start": week(0), "end": week(11), "cost": price, **columns}


def paid(rules: Row | None = None, /, **tables: Any) -> Any:
    return world(rules, **{**ROTATIONS, "sites": SITES, "students": [ANN, BOB], **tables})


def test_fees() -> None:
    assert cost("fees", paid(SOFT), "ann MS ward 0", "ann FM clinic 2") == 2 * 30
    rows = [bed(90), bed(70), bed(10, start=week(2, 1)), bed(0, beds=0)]
    assert cost("fees", paid(SOFT, housing=rows), "ann FM clinic 2") == 2 * 70  # the cheapest on the Monday of week 2
    assert cost("fees", paid(SOFT, housing=rows), "ann FM clinic 3") == 2 * 10
    assert cost("fees", paid(SOFT, housing=rows), "bob FM clinic 2") == 0  # his home is not known
    nearer = SOFT | {"housing": {"km": 200}}
    assert cost("fees", paid(nearer, housing=rows), "ann FM clinic 2") == 0
    saturdays = [bed(50, from_weekday="Sa")]  # from the 10th on: the first Saturday in its dates
    assert cost("fees", paid(SOFT, housing=saturdays), "ann FM clinic 0") == 0
    assert cost("fees", paid(SOFT, housing=saturdays), "ann FM clinic 1") == 2 * 50


def test_fees_of_groups_are_those_of_all_their_students() -> None:
    group = GROUP | {"students": [ANN | {"group": "A"}, BOB | {"group": "A"}]}
    # four students pay the site, and ann a bed
    assert cost("fees", paid(SOFT, housing=[bed(70)], **group), "A MS ward 0", "A FM clinic 2") == 4 * 2 * 30 + 2 * 70
    split = SPLIT | {"students": group["students"]}
    assert cost("fees", paid(SOFT, housing=[bed(70)], **split), "A part 1 MS ward 0") == 2 * 2 * 30


def nurses(most: int) -> Row:
    return {"programs": [program("nurs", most_fees=most), program("med")]}


def test_budget() -> None:
    both = ("ann MS ward 0", "bob MS ward 4")  # 60 each
    assert broken(paid(**nurses(120)), *both) == set()
    assert broken(paid(**nurses(119)), *both) == {"budget"}
    assert broken(paid({"budget": {"total": 119}}), *both) == {"budget"}
    assert broken(paid({"budget": {"total": 120}}), *both) == set()
    assert broken(paid(**nurses(60)), "ann MS ward 0", "bob FM clinic 0") == set()
    soft = {"budget": {"kind": "soft", "total": 110}}
    assert cost("budget", paid(soft, **nurses(100)), *both) == 20 + 10
    for tables in (GROUP, SPLIT):
        group = paid({"budget": {"kind": "soft"}}, **nurses(200), **tables)
        assert cost("budget", group, "A MS ward 0") == 4 * 60 - 200
    parts = paid({"budget": {"kind": "soft"}}, **nurses(200), **SPLIT)
    assert cost("budget", parts, "A part 1 MS ward 0", "A part 2 MS ward 0") == 4 * 60 - 200


def test_a_budget_for_beds() -> None:
    beds: Row = {"housing": [bed(70)]}
    at_lake = ("ann FM clinic 2", "bob FM clinic 4")  # ann lodges: 140; where bob lives is not known
    both = ("ann MS ward 0", *at_lake)  # and the ward asks for 60
    for of, most in ((["housing"], 140), (["fees", "housing"], 200), (["fees"], 60)):
        rule: Row = {"budget": {"of": of}}
        assert broken(paid(rule, **nurses(most), **beds), *both) == set()
        assert broken(paid(rule, **nurses(most - 1), **beds), *both) == {"budget"}
        soft: Row = {"budget": {"of": of, "kind": "soft", "total": most - 5}}
        assert cost("budget", paid(soft, **nurses(most - 20), **beds), *both) == 20 + 5
    group = GROUP | {"students": [ANN | {"group": "A"}, BOB | {"group": "A"}]}
    soft = {"budget": {"of": ["fees", "housing"], "kind": "soft"}}
    assert cost("budget", paid(soft, **nurses(0), **beds, **group), "A MS ward 0", "A FM clinic 2") == 4 * 2 * 30 + 2 * 70
    near: Row = {"students": [ANN | {"home_lat": 41}, BOB]}
    assert cost("budget", paid(soft, **nurses(0), **beds, **near), "ann MS ward 0", "ann FM clinic 2") == 2 * 30


def test_who_lives_near_leaves_the_budget_to_others() -> None:
    beds: Row = {"housing": [bed(70)], "students": [ANN, BOB | {"home_lat": 41, "home_lon": -75}]}
    only_family: Row = {"requirements": [requirement("FM")]}
    instance = paid({"budget": {"of": ["housing"]}}, **nurses(139), **beds | only_family)
    schedule = solve(instance, Settings(workers=1))
    assert verify(instance, schedule).ok
    assert [u.student for u in schedule.unplaced] == ["ann"]
    assert [p.student for p in schedule.placements] == ["bob"]


def test_the_budget_of_a_program_is_its_own() -> None:
    cyd = {"student": "cyd", "program": "med"}
    rotations = [requirement("MS", p) for p in ("nurs", "med")]
    instance = paid(**nurses(60), students=[ANN, BOB, cyd], requirements=rotations)
    schedule = solve(instance, Settings(workers=1))
    assert verify(instance, schedule).ok
    assert [u.program for u in schedule.unplaced] == ["nurs"]  # one of two nurses; who studies medicine pays from elsewhere
