"""Equity between schools, priority and earlier terms: what the statements say, and whom the solver then places."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain import Instance
from scheduler.solve import Settings, solve
from scheduler.verify import verify
from tests.rules.choice import broken, cost
from tests.verify.world import GROUP, SPLIT, program, requirement, slot, week, world

SOFT: dict[str, Any] = {"kind": "soft"}
HARD: dict[str, Any] = {"kind": "hard"}
#: Four rotations are asked of maple's ann and bob, two of oak's cyd.
ONE, TWO, THREE = "ann MS ward 0", "ann FM clinic 2", "bob MS ward 0"
#: The ward has one place, once, and that is all there is: ann (twice as urgent) or cyd gets it.
CONTESTED: dict[str, Any] = {
    "requirements": [requirement("MS", p) for p in ("nurs", "med")],
    "students": [{"student": "ann", "program": "nurs", "priority": 2}, {"student": "cyd", "program": "med"}],
    "slots": [slot("ward", last_start=week(0), most_students=1), slot("clinic")],
}


def least(maple: int | None = None, oak: int | None = None) -> list[dict[str, Any]]:
    return [{"school": "maple", "least_placed_percent": maple}, {"school": "oak", "least_placed_percent": oak}]


def placed(instance: Instance) -> list[str]:
    """Whom the best schedule places; it passes the check, so that both sides count the same."""
    schedule = solve(instance, Settings(workers=1))
    assert verify(instance, schedule).ok
    return [p.who for p in schedule.placements]


def test_school_minimum() -> None:
    schools = least(maple=60)  # ⌈60 % of 4⌉ = 3
    soft, hard = world({"school_minimum": SOFT}, schools=schools), world({"school_minimum": HARD}, schools=schools)
    for chosen, missing in (((), 3), ((ONE,), 2), ((ONE, TWO), 1), ((ONE, TWO, THREE), 0)):
        assert cost("school_minimum", soft, *chosen) == missing
        assert broken(hard, *chosen) == ({"school_minimum"} if missing else set())


def test_a_least_share_counts_the_students_of_groups_and_parts() -> None:
    rules, schools = {"school_minimum": SOFT}, least(maple=60)  # ⌈60 % of 4 students × 2 rotations⌉ = 5
    assert cost("school_minimum", world(rules, schools=schools, **GROUP), "A MS ward 0") == 1
    split = world(rules, schools=schools, **SPLIT)
    assert cost("school_minimum", split, "A part 1 MS ward 0") == 3
    assert cost("school_minimum", split, "A part 1 MS ward 0", "A FM clinic 2") == 0


def test_half_a_rotation_counts_half() -> None:
    halves = [requirement("MS", amount=4, blocks=2), requirement("MS", "med")]  # two placements of two weeks each
    instance = world({"school_minimum": SOFT}, schools=least(maple=100), requirements=halves)
    assert cost("school_minimum", instance, ONE) == 2  # one and a half of two are missing
    assert cost("school_minimum", instance, ONE, "ann MS ward 2") == 1
    assert cost("school_minimum", instance, ONE, THREE) == 1
    assert cost("school_minimum", instance, ONE, "ann MS ward 2", THREE) == 1  # half a one is missing


def test_a_least_share_decides_who_gets_the_place() -> None:
    share = {"schools": least(oak=100), **CONTESTED}
    assert placed(world({"school_minimum": {"kind": "off"}}, **share)) == ["ann"]  # 2,000 points against 1,000
    assert placed(world({"school_minimum": SOFT | {"weight": 999}}, **share)) == ["ann"]
    assert placed(world({"school_minimum": SOFT | {"weight": 1001}}, **share)) == ["cyd"]
    assert placed(world({"school_minimum": HARD}, **share)) == ["cyd"]


def history(*used: int, school: str = "maple", **columns: Any) -> list[dict[str, Any]]:
    """A row a term."""
    return [{"term": f"t{i}", "school": school, "used": n, **columns} for i, n in enumerate(used)]


def test_historical_share() -> None:
    soft, hard = (
        world({"historical_share": SOFT}, history=history(3, 2)),
        world({"historical_share": HARD}, history=history(3, 2)),
    )
    assert cost("historical_share", soft) == 2  # 2½ a term are two
    assert cost("historical_share", soft, ONE) == 1
    assert cost("historical_share", soft, ONE, THREE) == 0
    assert broken(hard, ONE) == {"historical_share"}
    assert broken(hard, ONE, THREE) == set()


def test_a_share_of_earlier_terms_is_a_percentage_and_never_more_than_is_asked() -> None:
    for percent, missing in ((40, 1), (60, 1), (80, 2), (100, 2), (1000, 4)):  # of 2½
        instance = world({"historical_share": SOFT | {"percent": percent}}, history=history(3, 2))
        assert cost("historical_share", instance) == missing
    assert cost("historical_share", world({"historical_share": SOFT}, history=history(7), **GROUP), "A MS ward 0") == 3
    assert cost("historical_share", world({"historical_share": SOFT}, history=history(7), **SPLIT), "A part 1 MS ward 0") == 5


def test_earlier_terms_decide_who_gets_the_place() -> None:
    kept = {"history": history(1, school="oak"), **CONTESTED}
    assert placed(world(**kept)) == ["ann"]  # by default 20 points
    assert placed(world({"historical_share": SOFT | {"weight": 1001}}, **kept)) == ["cyd"]
    assert placed(world({"historical_share": HARD}, **kept)) == ["cyd"]


def test_school_equity() -> None:
    rules = {"school_equity": SOFT}
    assert cost("school_equity", world(rules)) == 100
    assert cost("school_equity", world(rules), ONE, "cyd MS ward 0") == 75  # 3 of 4 against 1 of 2
    assert cost("school_equity", world(rules), ONE, TWO, THREE) == 100  # nothing of oak
    grouped = world(rules, **GROUP, programs=[program("nurs"), program("med", school="maple")])
    assert cost("school_equity", grouped) == 0  # only one school
    three = [{"student": s, "program": p} for s, p in (("ann", "nurs"), ("bob", "nurs"), ("eve", "nurs"), ("cyd", "med"))]
    one = world(rules, students=three, requirements=[requirement("MS", p) for p in ("nurs", "med")])
    assert cost("school_equity", one, ONE, THREE, "cyd MS ward 0") == 34  # a third


def test_equity_levels_what_priorities_would_not() -> None:
    # two places for ann, bob and cyd: without the rule both go to the more urgent maple, and nothing is left for oak
    students = [{"student": s, "program": "nurs", "priority": 2} for s in ("ann", "bob")]
    contested = CONTESTED | {
        "students": [*students, {"student": "cyd", "program": "med"}],
        "slots": [slot("ward", last_start=week(0), most_students=2), slot("clinic")],
    }
    assert sorted(placed(world(**contested))) == ["ann", "bob"]
    assert "cyd" in placed(world({"school_equity": SOFT | {"weight": 21}}, **contested))  # 50 points of 21 outweigh 1,000


def test_priority() -> None:
    tiers = [{"school": "maple", "tier": 2}, {"school": "oak", "tier": 1}]
    instance = world({"priority": SOFT | {"order": ["tier"]}}, schools=tiers)
    assert cost("priority", instance, ONE, TWO) == 0
    assert cost("priority", instance, ONE, "cyd MS ward 0", "cyd FM clinic 2") == -2


@pytest.mark.parametrize(
    ("order", "columns", "points"),
    [
        (("student",), {"priority": 3}, (1, 0, 0)),
        (("scholarship",), {"scholarship": "rural"}, (1, 0, 0)),
        (("employer",), {"employer_unit": "clinic"}, (1, 0, 0)),
        (("lottery",), {}, (0, 1, 1)),  # with seed 0 ann draws 10, bob and cyd draw 4
        (("tier", "student"), {"priority": 3}, (2, 1, 0)),  # maple before oak, and in maple ann before bob
        (("student", "tier"), {"priority": 3}, (2, 1, 0)),
    ],
)
def test_each_source_of_priority(order: tuple[str, ...], columns: dict[str, Any], points: tuple[int, int, int]) -> None:
    tiers = [{"school": "maple", "tier": 1}, {"school": "oak", "tier": 2 if "tier" in order else 1}]
    students = [
        {"student": "ann", "program": "nurs", **columns},
        {"student": "bob", "program": "nurs"},
        {"student": "cyd", "program": "med"},
    ]
    instance = world({"priority": SOFT | {"order": order}}, schools=tiers, students=students)
    assert tuple(-cost("priority", instance, f"{who} MS ward 0") for who in ("ann", "bob", "cyd")) == points


def test_the_scholarship_of_larger_priority_goes_first() -> None:
    students = [
        {"student": "ann", "program": "nurs", "scholarship": "corps"},  # 3
        {"student": "bob", "program": "nurs", "scholarship": "rural"},  # has a row that says nothing of it: 1
        {"student": "cyd", "program": "med", "scholarship": "county"},  # has no row: 1
        {"student": "dan", "program": "med"},
    ]
    rows = [{"scholarship": "corps", "priority": 3}, {"scholarship": "rural"}]
    rules = {"priority": SOFT | {"order": ["scholarship"]}}
    instance = world(rules, scholarships=rows, students=students)
    points = {who: -cost("priority", instance, f"{who} MS ward 0") for who in ("ann", "bob", "cyd", "dan")}
    assert points == {"ann": 2, "bob": 1, "cyd": 1, "dan": 0}
    one_place = CONTESTED | {"students": [students[2], students[0]]}
    assert placed(world(rules, scholarships=rows, **one_place)) == ["ann"]
    assert placed(world(rules, scholarships=[{"scholarship": "county", "priority": 4}, *rows], **one_place)) == ["cyd"]


def test_a_group_goes_by_the_first_of_its_students_and_wins_for_each() -> None:
    rules = {"priority": SOFT | {"order": ["scholarship"]}}
    holder = [{"student": "ann", "program": "nurs", "group": "A", "scholarship": "rural"}, {"student": "cyd", "program": "med"}]
    together = world(rules, **GROUP | {"students": holder})
    assert cost("priority", together, "A MS ward 0", "cyd MS ward 0") == -4
    split = world(rules, **SPLIT | {"students": holder})
    assert cost("priority", split, "A MS ward 0", "A part 2 FM clinic 2") == -6
    halves = [requirement("MS", amount=6, blocks=3), requirement("MS", "med")]
    thirds = world(rules, **GROUP | {"students": holder}, requirements=halves)
    assert cost("priority", thirds, "A MS ward 0", "A MS ward 2") == -2  # ⌊4 ÷ 3⌋ each


def test_priority_decides_only_what_is_contested() -> None:
    rules = {"priority": SOFT | {"order": ["lottery"]}}
    equal = CONTESTED | {"students": [{"student": "ann", "program": "nurs"}, {"student": "cyd", "program": "med"}]}
    assert placed(world(rules, **equal)) == ["cyd"]  # draws 4, ann 10
    assert placed(world({"priority": SOFT | {"order": ["lottery"], "seed": 2}}, **equal)) == ["ann"]  # draws 2, cyd 5
    roomy = equal | {"slots": [slot("ward"), slot("clinic")]}
    assert sorted(placed(world(rules, **roomy))) == ["ann", "cyd"]


def test_keep_historical() -> None:
    def judged(*chosen: str, **columns: Any) -> int:
        row = {"term": "fall", "school": "maple", "used": 2, "unit": "ward", **columns}
        return cost("keep_historical", world({"keep_historical": SOFT}, history=[row]), *chosen)

    assert judged(ONE, TWO, THREE) == 1  # maple used only the ward, for whatever rotation: ann's clinic is new
    assert judged(ONE, TWO, program="nurs", requirement="MS") == 0  # nothing is said of FM
    assert judged(ONE, "cyd MS ward 0", unit="clinic") == 1  # nor of oak
    assert judged(ONE, TWO, used=0) == judged(ONE, TWO, unit=None) == 0
    assert judged(ONE, weekdays=(1, 3)) == 1
    assert judged(ONE, weekdays=(0, 1, 2, 3, 4)) == 0  # as the slot has them
    assert judged(ONE, shift="day") == 1  # the slot has no shift


def test_only_the_latest_term_is_kept() -> None:
    def judged(*terms: tuple[str, str, Any]) -> int:
        rows = [{"term": t, "school": "maple", "used": 2, "unit": u, "start_week": s} for t, u, s in terms]
        return cost("keep_historical", world({"keep_historical": SOFT}, history=rows), ONE)

    fall, spring = ("fall", "ward", None), ("spring", "clinic", None)
    assert judged(fall, spring) == 1  # the last row's
    assert judged(spring, fall) == 0
    assert judged(("fall", "ward", week(-20)), ("spring", "clinic", week(-40))) == 0
    assert judged(("fall", "ward", week(-20)), spring) == 0  # what has no date is not the latest


def test_groups_come_back_where_they_were() -> None:
    ward = [slot("ward", last_start=week(0)), slot("other", unit="other", last_start=week(0)), slot("clinic")]
    units = [{"unit": u, "site": "mercy", "specialties": ("medsurg",)} for u in ("ward", "other")]
    places: dict[str, Any] = {"slots": ward, "units": [*units, {"unit": "clinic", "site": "lake", "specialties": ("family",)}]}
    rows = [{"term": "fall", "school": "maple", "program": "nurs", "requirement": "MS", "unit": "other", "used": 4}]
    instance = world({"keep_historical": SOFT}, history=rows, **places, **GROUP)
    schedule = solve(instance, Settings(workers=1))
    assert verify(instance, schedule).ok
    assert [p.unit for p in schedule.placements if p.requirement == "MS"] == ["other"]
