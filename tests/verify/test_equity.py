"""What the verifier finds about schools, priority and earlier terms, and in which words."""

from __future__ import annotations

from datetime import date
from typing import Any

from scheduler.verify.ranking import Ranking
from tests.verify.world import GROUP, SPLIT, cost, facts, put, requirement, says, slot, week, world

SCHOOLS = [{"school": "maple", "least_placed_percent": 60}, {"school": "oak"}]
ANN = put("ann", "MS", "ward", week(0))


def test_a_school_lacks_what_is_missing_of_its_least_share() -> None:
    assert says("school_minimum", world(schools=SCHOOLS), ANN) == (
        "School maple has 1 of 4 students' rotations placed, 2 fewer than the 3 of its least share"
    )
    assert cost("school_minimum", world(schools=SCHOOLS, **GROUP), put("A", "MS", "ward", week(0))) == 1
    assert cost("school_minimum", world(schools=SCHOOLS, **SPLIT), put("A", "MS", "ward", week(0), part=2)) == 3


def test_what_is_credited_or_waived_is_not_asked() -> None:
    credits_ = [{"student": "ann", "requirement": "FM", "amount": 2}]
    waived = [{"student": "bob", "requirement": "FM", "change": "waive"}]
    instance = world(schools=SCHOOLS, credits=credits_, student_requirements=waived)
    assert "1 of 2 students' rotations placed, 1 fewer than the 2" in says("school_minimum", instance, ANN)


def test_electives_count_by_how_many_are_chosen() -> None:
    electives = [requirement(name, elective_set="E", choose=1) for name in ("MS", "FM")]
    instance = world(schools=SCHOOLS, requirements=[*electives, requirement("MS", "med")])
    assert "1 of 2 students' rotations" in says("school_minimum", instance, ANN)


def test_placements_that_were_declined_are_not_placed() -> None:
    declined = put("ann", "MS", "ward", week(0), status="declined")
    assert "0 of 4" in says("school_minimum", world(schools=SCHOOLS), declined)


def test_a_school_keeps_what_it_used() -> None:
    rows = [{"term": t, "school": "maple", "used": n} for t, n in (("f", 3), ("f", 1), ("s", 3))]
    assert says("historical_share", world(history=rows), ANN) == (  # (3 + 1 + 3) ÷ 2 terms
        "School maple has 1 of 4 students' rotations placed, 2 fewer than the 3 that it used in earlier terms"
    )
    half = {"historical_share": {"percent": 50}}
    assert cost("historical_share", world(half, history=rows), ANN) == 0


def test_the_school_that_is_worst_served() -> None:
    assert says("school_equity", world(), ANN) == "School oak has 100.0 % of its students' rotations unplaced"
    assert cost("school_equity", world(), ANN, put("cyd", "FM", "clinic", week(0))) == 75


def test_the_ranking_says_which_scholarship_goes_first() -> None:
    rules: dict[str, Any] = {"priority": {"order": ("scholarship",), "kind": "soft"}}
    held = {"ann": "rural", "bob": "corps", "dan": "county"}
    students = [
        *({"student": who, "program": "nurs", "group": "A", "scholarship": name} for who, name in held.items()),
        {"student": "cyd", "program": "med", "scholarship": "rural"},
        {"student": "eve", "program": "med"},
    ]
    rows = [{"scholarship": "corps", "priority": 2}, {"scholarship": "rural"}]
    whole = facts(world(rules, scholarships=rows, **GROUP | {"students": students}))
    ranking = Ranking(whole)
    who = [whole.parties.groups["A"][0], whole.parties.students["cyd"], whole.parties.students["eve"]]
    assert [ranking.rank(p) for p in who] == [1, 2, 3]
    assert [ranking.standing(p).words for p in who] == [("corps (2); county; rural",), ("rural",), ("",)]


def test_the_ranking_says_what_decides() -> None:
    rules: dict[str, Any] = {"priority": {"order": ("tier", "student", "employer"), "kind": "soft"}}
    students = [
        {"student": "ann", "program": "nurs", "priority": 2},
        {"student": "bob", "program": "nurs", "employer_unit": "ward"},
        {"student": "eve", "program": "nurs"},
        {"student": "cyd", "program": "med"},
    ]
    instance = world(rules, students=students, schools=[{"school": "maple"}, {"school": "oak", "tier": 2}])
    read = facts(instance, ANN)
    ranking, by_name = Ranking(read), read.parties.students
    assert [ranking.rank(by_name[who]) for who in ("ann", "bob", "eve", "cyd")] == [1, 2, 3, 4]
    assert ranking.decides(by_name["ann"], by_name["bob"]) == "student"
    assert ranking.decides(by_name["eve"], by_name["bob"]) == "employer"
    assert ranking.decides(by_name["eve"], by_name["cyd"]) == "tier"
    assert ranking.decides(by_name["eve"], by_name["eve"]) == ""
    assert ranking.standing(by_name["bob"]).words == ("1", "1", "ward")
    assert says("priority", instance, ANN) == "ann, MS in slot ward from 2026-01-05: rank 1 of 4 goes first"
    assert cost("priority", instance, ANN, put("eve", "MS", "ward", week(0))) == -4


def test_a_lottery_with_one_number_tells_nobody_apart() -> None:
    rules: dict[str, Any] = {"priority": {"order": ("lottery",), "kind": "soft", "lottery_bands": 1}}
    assert cost("priority", world(rules), ANN) == 0
    rules["priority"]["lottery_bands"] = 10  # ann draws 10, bob and cyd draw 4
    assert cost("priority", world(rules), ANN, put("bob", "MS", "ward", week(0))) == -1


def history(**columns: Any) -> Any:
    return world(history=[{"term": "fall", "school": "maple", "unit": "ward", "used": 1, **columns}])


def test_a_placement_is_not_as_in_the_last_term() -> None:
    clinic = put("bob", "FM", "clinic", week(0))
    assert says("keep_historical", history(), ANN, clinic) == ("bob, FM in slot clinic from 2026-01-05: not as in fall (ward)")
    assert cost("keep_historical", history(requirement="FM"), ANN, clinic) == 1
    assert cost("keep_historical", history(program="med"), ANN, clinic) == 0
    assert cost("keep_historical", history(weekdays=(0, 1, 2, 3)), ANN) == 1
    assert cost("keep_historical", history(weekdays=(0, 1, 2, 3, 4)), ANN) == 0
    assert cost("keep_historical", history(shift="day"), ANN) == 1
    follows = world(
        history=[{"term": "fall", "school": "maple", "unit": "ward", "used": 1, "weekdays": (0, 1, 2, 3, 4)}],
        slots=[slot("ward", pattern="follows")],
    )
    assert cost("keep_historical", follows, ANN) == 1  # on which days is not known


def test_the_term_of_the_latest_week_is_the_latest() -> None:
    rows = [
        {"term": term, "school": "maple", "unit": unit, "used": 1, "start_week": start}
        for term, unit, start in (("b", "ward", date(2025, 9, 1)), ("a", "clinic", date(2025, 2, 3)), ("c", "clinic", None))
    ]
    assert cost("keep_historical", world(history=rows), ANN) == 0
    assert cost("keep_historical", world(history=rows[1:]), ANN) == 1
