"""Interprofessional teams."""

from __future__ import annotations

from typing import Any

from scheduler.solve import Settings, solve
from scheduler.verify import verify
from tests.rules.choice import broken, cost
from tests.verify.world import GROUP, program, requirement, slot, week, world

#: A team of a nurse and a physician on the ward for two weeks; nursing students should be in one.
TEAM = {"team": "T", "unit": "ward", "professions": "rn:1;md:1", "weeks": 2}


def ward(kind: str = "soft", **tables: Any) -> Any:
    """Ann (rn) and cyd (md) take four weeks on the ward."""
    rows: dict[str, Any] = {
        "programs": [program("nurs", least_ipe_weeks=2), program("med")],
        "requirements": [requirement("MS", p, amount=4) for p in ("nurs", "med")],
        "students": [{"student": "ann", "program": "nurs"}, {"student": "cyd", "program": "med"}],
        "slots": [slot("ward", length=4, last_start=week(4))],
        "ipe_teams": [TEAM],
    }
    return world({"ipe_team": {"kind": kind}}, **(rows | tables))


def team(monday: int) -> str:
    return f"T {week(monday)}"


def test_ipe_team() -> None:
    apart, in_two = ("ann MS ward 0", "cyd MS ward 2"), (f"ann MS ward 0 {team(2)}", f"cyd MS ward 2 {team(2)}")
    assert cost("ipe_team", ward(), *apart) == 1  # together in weeks 2 and 3, but nobody says that they are a team
    assert cost("ipe_team", ward(), *in_two) == 0
    assert broken(ward("hard"), *apart) == {"ipe_team"}
    assert broken(ward("hard"), *in_two) == set()
    # a team that a profession is missing from does not meet, and that is never for sale
    assert broken(ward(), f"ann MS ward 0 {team(2)}", "cyd MS ward 2") == {"ipe_team"}
    # who has nothing yet may still get into a team
    assert cost("ipe_team", ward(), "cyd MS ward 2") == 0


def test_a_team_has_no_more_than_most_students() -> None:
    students = [{"student": s, "program": "nurs"} for s in ("ann", "bob")] + [{"student": "cyd", "program": "med"}]
    instance = ward(students=students, ipe_teams=[TEAM | {"most_students": 2}])
    all_three = [f"{who} MS ward 0 {team(0)}" for who in ("ann", "bob", "cyd")]
    assert broken(instance, *all_three) == {"ipe_team"}
    assert broken(instance, *all_three[1:]) == set()


def test_a_group_counts_with_all_its_students() -> None:
    students = [*GROUP["students"], {"student": "cyd", "program": "med"}]
    instance = ward(students=students, groups=GROUP["groups"], ipe_teams=[TEAM | {"professions": "rn:4;md:1"}])
    assert cost("ipe_team", instance, "A MS ward 0", "cyd MS ward 0") == 4  # a group of four without a team
    assert broken(instance, f"A MS ward 0 {team(0)}", f"cyd MS ward 0 {team(0)}") == set()


def test_students_are_brought_together() -> None:
    # ann prefers week 0 and cyd week 4, at one point each; a team is worth more, so one of them gives way by two weeks
    preferences = [
        {"who_kind": "student", "who": who, "what": "start", "start": week(w), "score": 1} for who, w in (("ann", 0), ("cyd", 4))
    ]
    schedule = solve(ward(preferences=preferences), Settings(workers=1))
    report = verify(ward(preferences=preferences), schedule)
    assert report.ok
    assert report.penalties["ipe_team"] == 0
    assert len({p.team for p in schedule.placements} - {""}) == 1


def test_without_the_rule_nobody_is_in_a_team() -> None:
    assert cost("waiting", ward("off"), "ann MS ward 0") == 0
