"""Waiting lists by hand: who is next for the one place in the ward, what decides, and what comes free when somebody leaves."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain import Instance, Placement, Schedule, Status
from scheduler.errors import InputError
from scheduler.repair.adopt import with_more
from scheduler.repair.suggest import Suggester
from scheduler.repair.waiting import Waiting, WaitingLists, given_back
from scheduler.solve import Settings, solve
from scheduler.standing.naming import Naming
from scheduler.verify import verify
from tests.verify.world import program, requirement, slot, week, world

ONE_WORKER = Settings(workers=1, time_limit_s=20)
#: Two students who can hardly be told apart: both want the only place in the ward, and nothing else.
TWO = [{"student": "ann", "program": "nurs"}, {"student": "bob", "program": "nurs"}]


def ward(rules: dict[str, Any] | None = None, **tables: Any) -> Instance:
    """One place in the ward, at one start, and only MS is asked."""
    base: dict[str, Any] = {
        "students": TWO,
        "requirements": [requirement(), requirement(program="med")],
        "slots": [slot("ward", last_start=None, most_students=1), slot("clinic")],
    }
    return world(rules or {}, **{**base, **tables})


def empty(*placements: Placement) -> Schedule:
    return Schedule(status=Status.FEASIBLE, placements=placements)


def lists(instance: Instance, *placements: Placement, **filters: str) -> list[Waiting]:
    return WaitingLists(Suggester(instance, empty(*placements))).lists(**filters)


def order(instance: Instance, *placements: Placement) -> tuple[list[str], str]:
    """Who waits for the place in the ward, in order, and why the first is next."""
    (found,) = lists(instance, *placements, slot="ward")
    return [c.missing.who for c in found.candidates], found.why(Naming(instance))[0]


def placed(instance: Instance, who: str, name: str = "MS", start: int = 0) -> Placement:
    """A placement as a solver would make it."""
    alone = instance.model_copy(update={"students": tuple(s for s in instance.students if s.student == who)})
    rows = solve(alone, ONE_WORKER).placements
    assert rows
    return next(p for p in rows if p.requirement == name)


def test_nobody_is_told_apart_but_by_name() -> None:
    rules = {"priority": {"order": ["tier", "student"]}}
    assert order(ward(rules)) == (["ann", "bob"], "nothing tells them apart but their names")
    swapped = ward(rules, students=TWO[::-1])
    assert order(swapped)[0] == ["ann", "bob"]


def test_what_the_schedule_costs_comes_first() -> None:
    students = [TWO[0], TWO[1] | {"priority": 3}]
    who, why = order(ward(students=students))
    assert who == ["bob", "ann"]
    assert why == "costs 3,000 points less (ann: costs 1,000 points less)"


def test_a_wish_that_costs_points_comes_before_a_schools_tier() -> None:
    wish = {"who_kind": "student", "who": "ann", "what": "site", "value": "mercy", "score": 3}
    schools = [{"school": "maple", "tier": 2}, {"school": "oak", "tier": 1}]
    students = [TWO[0], {"student": "cyd", "program": "med"}]
    programs = [program("nurs"), program("med")]
    instance = ward(students=students, schools=schools, programs=programs, preferences=[wish])
    assert order(instance)[0] == ["ann", "cyd"]
    who, why = order(instance.model_copy(update={"preferences": ()}))
    assert who == ["cyd", "ann"]
    assert why == "school of tier 1 (ann: school of tier 2)"


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"scholarship": "nhsc"}, "scholarship nhsc (ann: no scholarship)"),
        ({"employer_unit": "clinic"}, "works in clinic (ann: works in none of the units)"),
    ],
)
def test_the_sources_of_the_policy_decide_between_equal_costs(columns: dict[str, Any], why: str) -> None:
    assert order(ward(students=[TWO[0], TWO[1] | columns])) == (["bob", "ann"], why)


def test_the_policy_says_which_source_goes_first() -> None:
    students = [TWO[0] | {"employer_unit": "clinic"}, TWO[1] | {"scholarship": "nhsc"}]
    assert order(ward(students=students))[0] == ["bob", "ann"]
    assert order(ward({"priority": {"order": ["employer", "scholarship"]}}, students=students))[0] == ["ann", "bob"]


def test_the_better_choice_goes_first_where_wishes_cost_nothing() -> None:
    wishes = [
        {"who_kind": "student", "who": who, "what": "site", "value": site, "rank": rank}
        for who, ranks in {"ann": ("lake", "mercy"), "bob": ("mercy", "lake")}.items()
        for rank, site in enumerate(ranks, start=1)
    ]
    who, why = order(ward({"preference": {"kind": "off"}}, preferences=wishes))
    assert (who, why) == (["bob", "ann"], "choice 1 (ann: choice 2)")


def test_who_has_been_without_a_placement_for_longer_goes_first() -> None:
    instance = ward(
        {"waiting": {"kind": "off"}},
        requirements=[requirement(name, p) for p in ("nurs", "med") for name in ("MS", "FM")],
        slots=[slot("ward", first_start=week(6), last_start=None, most_students=1), slot("clinic", last_start=week(3))],
    )
    at = {who: placed(instance, who, "FM") for who in ("ann", "bob")}
    ann = at["ann"].model_copy(update={"start": week(3), "end": week(4, 4)})
    bob = at["bob"].model_copy(update={"start": week(0), "end": week(1, 4)})
    who, why = order(instance, ann, bob)
    assert (who, why) == (["bob", "ann"], "4 weeks without a placement before it (ann: 1 week without a placement before it)")


def test_the_lottery_decides_before_the_name() -> None:
    drawn = {order(ward({"priority": {"order": ["lottery"], "seed": seed, "lottery_bands": 99}}))[0][0] for seed in range(8)}
    assert drawn == {"ann", "bob"}


def test_what_is_given_back_goes_to_who_waits_and_not_to_who_gave_it_back() -> None:
    instance = ward()
    ann = placed(instance, "ann")
    assert lists(instance, ann) == []
    schedule, gone = given_back(empty(ann), "ann", "MS")
    assert schedule.placements[0].status == "withdrawn"
    (found,) = WaitingLists(Suggester(instance, schedule), gone).lists()
    assert (found.slot, found.start) == ("ward", week(0))
    assert [c.missing.who for c in found.candidates] == ["bob"]


def test_a_place_that_was_free_before_does_not_come_free() -> None:
    """Bob could be in the clinic all the time; only the ward is what ann gives back."""
    instance = ward(
        requirements=[requirement(name) for name in ("MS", "FM")],
        slots=[slot("ward", last_start=None, most_students=1), slot("clinic", first_start=week(4), last_start=week(5))],
    )
    ann = placed(instance, "ann")
    schedule, gone = given_back(empty(ann), "ann", "MS")
    all_of_them = WaitingLists(Suggester(instance, schedule)).lists()
    assert {found.slot for found in all_of_them} == {"ward", "clinic"}
    freed = WaitingLists(Suggester(instance, schedule), gone).lists()
    assert [found.slot for found in freed] == ["ward"]


def test_declined_placements_hold_no_place() -> None:
    instance = ward()
    ann = placed(instance, "ann").model_copy(update={"status": "declined"})
    assert order(instance, ann)[0] == ["bob"]


def test_a_slot_that_lost_somebody_takes_who_mends_it() -> None:
    instance = ward(slots=[slot("ward", last_start=None, least_students=2, most_students=2), slot("clinic")])
    two = [placed(ward(slots=[slot("ward", last_start=None), slot("clinic")]), who) for who in ("ann", "bob")]
    three = instance.model_copy(
        update={"students": (*instance.students, instance.students[0].model_copy(update={"student": "eve"}))}
    )
    schedule, gone = given_back(empty(*two), "ann", "MS")
    (found,) = WaitingLists(Suggester(three, schedule), gone).lists()
    assert [c.missing.who for c in found.candidates] == ["eve"]


def test_only_what_is_placed_can_be_given_back() -> None:
    instance = ward()
    with pytest.raises(InputError, match="placed are: MS"):
        given_back(empty(placed(instance, "ann")), "ann", "FM")
    with pytest.raises(InputError, match="nothing of it is placed"):
        given_back(empty(), "ann", "FM")


def test_a_schedule_with_one_more_says_what_the_verifier_counts() -> None:
    instance = ward()
    schedule, gone = given_back(solve(instance, ONE_WORKER), "ann", "MS")
    (found,) = WaitingLists(Suggester(instance, schedule), gone).lists()
    new = with_more(instance, schedule, [found.candidates[0].placement])
    assert verify(instance, new).ok
    assert new.status is Status.FEASIBLE
    assert new.bound is None
    assert {p.student: p.status for p in new.placements} == {"ann": "withdrawn", "bob": "proposed"}
    assert [(u.student, u.requirement) for u in new.unplaced] == [("ann", "MS")]
    assert all(u.reason for u in new.unplaced)
