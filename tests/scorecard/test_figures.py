"""Every measure on a world so small that a reader can count along (tests/verify/world.py): 12 weeks, two slots of 9 places.

Ann and bob (rn, Maple) and cyd (md, Oak) are each asked two rotations; placements last two weeks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from scheduler.domain import Instance, Placement, Schedule, Status
from scheduler.scorecard.card import Scorecard, for_school, scorecard
from scheduler.scorecard.figures import WHOLE, Figure, Scope, school_scope, site_scope
from scheduler.scorecard.measures import MEASURES
from scheduler.scorecard.terms import Solved
from tests.verify.world import BASE, GROUP, PRECEPTED, SPLIT, program, put, requirement, slot, week, world

MAPLE, OAK, MERCY, LAKE = school_scope("maple"), school_scope("oak"), site_scope("mercy"), site_scope("lake")
#: Ann and bob on the ward in weeks 0 and 1, cyd in weeks 1 and 2.
THREE = (put("ann", "MS", "ward", week(0)), put("bob", "MS", "ward", week(0)), put("cyd", "MS", "ward", week(1)))


def card(instance: Instance, *placements: Placement) -> Scorecard:
    return scorecard([Solved(instance, Schedule(status=Status.FEASIBLE, placements=placements))])


def counted(measure: str, instance: Instance, *placements: Placement) -> dict[Scope, tuple[float, float | None]]:
    """Numerator and denominator by scope."""
    return told(card(instance, *placements).figures[0], measure)


def told(figures: Mapping[tuple[Scope, str], Figure], measure: str) -> dict[Scope, tuple[float, float | None]]:
    return {scope: (f.numerator, f.denominator) for (scope, name), f in figures.items() if name == measure}


def wish(who: str, value: str, rank: int | None = 1, **columns: Any) -> dict[str, Any]:
    row = {"who_kind": "student", "who": who, "requirement": "MS", "what": "unit", "value": value, "rank": rank}
    return row | columns


# -- places ---------------------------------------------------------------------------------------------------------


def test_places_used_are_the_most_students_at_once_in_each_week() -> None:
    found = counted("slot_use", world(), *THREE)
    # 2 in week 0, 3 in week 1, 1 in week 2; each slot has 9 places in 12 weeks
    assert found == {WHOLE: (6, 216), MERCY: (6, 108), LAKE: (0, 108), MAPLE: (4, 216), OAK: (2, 216)}


def test_a_slot_that_follows_itself_in_a_week_does_not_count_twice() -> None:
    ends_on_wednesday = slot(length=3, length_unit="days", starts=(week(0), week(0, 3)), first_start=None, last_start=None)
    instance = world(slots=[ends_on_wednesday], requirements=[requirement(amount=1)])
    found = counted("slot_use", instance, put("ann", "MS", "ward", week(0)), put("bob", "MS", "ward", week(0, 3)))
    assert found[WHOLE] == (1, 9)


def test_a_school_is_offered_what_is_open_to_its_professions() -> None:
    found = counted("slot_use", world(slots=[slot("ward", professions=("rn",)), slot("clinic")]), *THREE[:2])
    assert found[MAPLE] == (4, 216)
    assert found[OAK] == (0, 108)


def test_weeks_in_which_a_unit_is_closed_are_not_offered() -> None:
    closed = {"unit": "ward", "start": week(3), "end": week(4, 6), "most_students": 0}
    assert counted("slot_use", world(capacity=[closed]))[MERCY] == (0, 90)
    for open_ in ({"weekdays": (0, 1)}, {"profession": "md"}, {"most_students": 1}, {"end": week(3, 5)}):
        assert counted("slot_use", world(capacity=[closed | open_]))[MERCY] == (0, 108), open_


def test_a_slot_without_a_length_is_offered_for_its_longest_rotation() -> None:
    free = [slot("ward", length=None, last_start=week(0))]
    of_five = [requirement(), requirement(amount=5, program="med")]
    assert counted("slot_use", world(slots=free, requirements=of_five))[WHOLE] == (0, 45)
    assert counted("slot_use", world(slots=[free[0] | {"professions": ("rn",)}], requirements=of_five))[WHOLE] == (0, 18)


@pytest.mark.parametrize(("length", "unit", "weeks"), [(2, "weeks", 2), (8, "days", 2), (7, "days", 1), (1, "months", 5)])
def test_lengths_in_other_units(length: int, unit: str, weeks: int) -> None:
    one = slot("ward", last_start=None, length=length, length_unit=unit)  # 5 January to 4 February is a month
    assert counted("slot_use", world(slots=[one]))[WHOLE] == (0, 9 * weeks)


def test_the_horizon_ends_what_is_offered() -> None:
    late = slot("ward", first_start=week(11), last_start=week(40))
    assert counted("slot_use", world(slots=[late]))[WHOLE] == (0, 9)


def test_a_slot_that_is_part_of_another_has_no_places_of_its_own() -> None:
    part = slot("extra", unit="ward", part_of="ward", most_students=9)
    found = counted("slot_use", world(slots=[slot("ward"), part]), put("ann", "MS", "extra", week(0)))
    assert found[WHOLE] == (2, 108)


def kept(**columns: Any) -> dict[str, Any]:
    return {"slot": "ward", "school": "maple", "guaranteed": 3} | columns


def test_a_reservation_that_holds() -> None:
    instance = world(reservations=[kept()])
    assert counted("reserved", instance) == {WHOLE: (36, 216), MERCY: (36, 108), LAKE: (0, 108), MAPLE: (36, 216), OAK: (0, 216)}
    assert counted("released", instance) == {WHOLE: (0, 36), MERCY: (0, 36), MAPLE: (0, 36)}
    # ann and bob for two weeks; cyd's place is not theirs
    assert counted("reservation_use", instance, *THREE) == {WHOLE: (4, 36), MERCY: (4, 36), MAPLE: (4, 36)}
    assert counted("reservation_use", world(reservations=[kept(guaranteed=1)]), *THREE)[MAPLE] == (2, 12)


@pytest.mark.parametrize("gone", [{"status": "released"}, {"give_back": "2025-12-01"}, {"give_back": "2025-11-30"}])
def test_a_reservation_that_was_given_back(gone: dict[str, Any]) -> None:
    found = card(world(reservations=[kept(**gone)]), *THREE).figures[0]
    assert told(found, "reserved")[MAPLE] == (36, 216)
    assert told(found, "released")[MAPLE] == (36, 36)
    assert told(found, "reservation_use") == {}


def test_what_is_not_a_reservation_yet_or_keeps_nothing() -> None:
    for row in (kept(status="requested"), kept(guaranteed=0, most=2)):
        found = card(world(reservations=[row])).figures[0]
        assert told(found, "reserved")[MAPLE] == (0, 216)
        assert told(found, "released") == {}
    assert counted("released", world(reservations=[kept(give_back="2025-12-02")]))[MAPLE] == (0, 36)


# -- students -------------------------------------------------------------------------------------------------------


def test_rotations_placed_of_those_asked() -> None:
    assert counted("placement_rate", world(), *THREE) == {WHOLE: (3, 6), MAPLE: (2, 4), OAK: (1, 2)}
    assert card(world(), *THREE).figure(0, WHOLE, "placement_rate").value == 50  # type: ignore[union-attr]  # it is there


def test_wishes_met() -> None:
    wishes = [wish("ann", "ward"), wish("bob", "clinic"), wish("bob", "ward", 2), wish("cyd", "clinic")]
    instance = world(preferences=wishes)
    assert counted("first_choice", instance, *THREE) == {WHOLE: (1, 3), MERCY: (1, 3), MAPLE: (1, 2), OAK: (0, 1)}
    assert counted("listed_choice", instance, *THREE) == {WHOLE: (2, 3), MERCY: (2, 3), MAPLE: (2, 2), OAK: (0, 1)}


def test_points_are_wishes_too_and_what_is_refused_or_weighs_is_none() -> None:
    points = [wish("ann", "ward", None, score=3), wish("ann", "clinic", None, score=5), wish("ann", "icu", None, score=-9)]
    assert counted("first_choice", world(preferences=points), THREE[0])[MAPLE] == (0, 1)
    assert counted("listed_choice", world(preferences=points), THREE[0])[MAPLE] == (1, 1)
    none = [
        wish("ann", "clinic", None, refuse=True),
        wish("ann", "ward", None, score=-2),
        {"who_kind": "student", "who": "ann", "what": "waiting", "score": -3},
        wish("ann", "ward", requirement="FM"),
    ]
    assert counted("listed_choice", world(preferences=none), THREE[0]) == {}


def test_points_without_a_rotation_are_met_by_any_placement() -> None:
    points = [wish("ann", value, None, score=score, requirement=None) for value, score in (("ward", 3), ("icu", 5))]
    both = (THREE[0], put("ann", "FM", "clinic", week(2)))
    assert counted("listed_choice", world(preferences=points), *both) == {WHOLE: (1, 1), MAPLE: (1, 1)}
    assert counted("first_choice", world(preferences=points), *both)[MAPLE] == (0, 1)
    ranked = [wish("ann", "ward", requirement=None)]
    assert counted("listed_choice", world(preferences=ranked), *both)[MAPLE] == (1, 2), "by rank it is about each"


def test_a_wish_of_a_group_or_school_counts_for_every_student() -> None:
    row = wish("A", "ward", who_kind="group")
    of_school = wish("maple", "clinic", who_kind="school")
    found = counted("first_choice", world(**GROUP, preferences=[row, of_school]), put("A", "MS", "ward", week(0)))
    assert found[MAPLE] == (4, 8)


def test_weeks_beside_another_profession() -> None:
    # of 2 + 2 + 2 student-weeks all three meet in week 1
    found = counted("interprofessional_weeks", world(), *THREE)
    assert found == {WHOLE: (3, 6), MERCY: (3, 6), MAPLE: (2, 4), OAK: (1, 2)}


def test_who_is_there_at_another_time_of_day_or_on_another_weekday_is_not_met() -> None:
    both = (THREE[0], put("cyd", "MS", "late", week(0)))
    for early, late in (({"shift": "am"}, {"shift": "pm"}), ({"weekdays": (0, 1)}, {"weekdays": (2, 3)})):
        slots = [slot("ward", **early), slot("late", unit="ward", **late)]
        assert counted("interprofessional_weeks", world(slots=slots), *both)[WHOLE] == (0, 4)
    slots = [slot("ward", shift="am"), slot("late", unit="ward", pattern="follows")]
    assert counted("interprofessional_weeks", world(slots=slots), *both)[WHOLE] == (4, 4)


def test_students_in_teams_of_those_who_should_be() -> None:
    team = {"team": "T", "unit": "ward", "professions": (("rn", 1), ("md", 1)), "weeks": 1}
    instance = world(ipe_teams=[team], programs=[program(least_ipe_weeks=1), program("med")])
    joined = [put(who, "MS", "ward", week(0), team=f"T {week(0)}") for who in ("ann", "cyd")]
    assert counted("interprofessional_teams", instance, *joined) == {WHOLE: (1, 2), MAPLE: (1, 2)}


def test_competencies_covered() -> None:
    rows = [requirement(competencies=("iv", "wound")), requirement("FM"), requirement(program="med")]
    units = [BASE["units"][0] | {"competencies": ("iv",)}, BASE["units"][1]]
    instance = world(requirements=rows, units=units)
    assert counted("competencies", instance, THREE[0]) == {WHOLE: (1, 4), MAPLE: (1, 4)}
    credited = [{"student": "bob", "requirement": "MS", "amount": 1, "competencies": ("wound",)}]
    assert counted("competencies", world(requirements=rows, units=units, credits=credited), THREE[0])[MAPLE] == (2, 4)


def test_competencies_of_a_group_in_parts_count_its_students_once() -> None:
    rows = [requirement(competencies=("iv",)), requirement(program="med")]
    instance = world(**SPLIT, requirements=rows)
    assert counted("competencies", instance, put("A", "MS", "ward", week(0), part=1))[MAPLE] == (2, 4)


# -- preceptors -----------------------------------------------------------------------------------------------------

_KIM = put("ann", "MS", "ward", week(0), preceptor="kim")


def staff(kim: dict[str, Any] | None = None, lee: dict[str, Any] | None = None, **others: Any) -> Instance:
    people = [PRECEPTED["preceptors"][0] | (kim or {}), PRECEPTED["preceptors"][1] | (lee or {})]
    leader = {"preceptor": "dean", "kind": "faculty", "school": "maple", "trained_until": "2020-01-01"}
    return world(**PRECEPTED | {"preceptors": [*people, leader]} | others)


def test_preceptors_trained_for_the_whole_term() -> None:
    until = {"trained_until": week(11, 6)}
    found = counted("preceptors_trained", staff(until, {"trained_until": week(11, 5)}), _KIM)
    assert found == {WHOLE: (1, 2), MERCY: (1, 1), LAKE: (0, 1), MAPLE: (1, 1)}
    assert counted("preceptors_trained", staff(until), _KIM)[WHOLE] == (2, 2)
    assert counted("preceptors_trained", staff(), _KIM) == {}, "where nobody records it, nothing is known"


def test_preceptors_with_students_and_their_load() -> None:
    instance = staff({"most_at_once": 3, "most_weeks": 4})
    found = card(instance, _KIM, put("bob", "MS", "ward", week(1), preceptor="kim")).figures[0]
    assert told(found, "preceptors_active") == {WHOLE: (1, 2), MERCY: (1, 1), LAKE: (0, 1)}
    # 1 student in week 0, 2 in week 1, 1 in week 2, of 3 at once in 4 weeks; lee takes 1 at once in 12 weeks
    assert told(found, "preceptor_load") == {WHOLE: (4, 24), MERCY: (4, 12), LAKE: (0, 12)}
    assert told(found, "preceptor_weeks") == {WHOLE: (3, 4), MERCY: (3, 4)}


def test_students_who_never_meet_their_preceptor_together_are_one_at_once() -> None:
    slots = [slot("ward", shift="am"), slot("noon", unit="ward", shift="pm")]
    both = (_KIM, put("bob", "MS", "noon", week(0), preceptor="kim"))
    assert counted("preceptor_load", staff(slots=slots), *both)[MERCY] == (2, 12)


def test_hours_a_preceptor_taught() -> None:
    instance = staff({"units": ("ward", "clinic")})
    # two weeks of five days of eight hours; bob's first week is ann's second
    found = counted("teaching_hours", instance, _KIM, put("bob", "MS", "ward", week(1), preceptor="kim"))
    assert found == {WHOLE: (120, 1), MERCY: (120, 1), MAPLE: (120, 1)}
    of_oak = put("cyd", "MS", "ward", week(1), preceptor="kim")
    assert counted("teaching_hours", instance, _KIM, of_oak) == {WHOLE: (120, 1), MERCY: (120, 1), MAPLE: (80, 1), OAK: (80, 1)}


# -- all of them ----------------------------------------------------------------------------------------------------


def test_nothing_to_count_of_is_no_data() -> None:
    empty = Figure("slot_use", 0, 0)
    assert empty.value is None
    assert Figure("slot_use", 0, 4).value == 0
    assert Figure("research_projects", 3, None).value == 3
    nobody = card(world(students=[], requirements=[]))
    assert nobody.figure(0, WHOLE, "placement_rate") is None
    assert nobody.measures("whole"), "they are listed all the same"


def test_a_survey_of_few_people_has_no_index() -> None:
    assert Figure("satisfaction_student", 400, 4).value is None
    assert Figure("satisfaction_student", 400, 4).too_few
    assert Figure("satisfaction_student", 400, 5).value == 80


def test_every_share_of_a_real_term_lies_between_nothing_and_all() -> None:
    from pathlib import Path

    from scheduler.io import read_instance, read_solution

    root = Path(__file__).parents[2]
    for name in ("tiny", "small", "riverbend"):
        instance = read_instance(root / "instances" / name)
        found = scorecard([Solved(instance, read_solution(root / "solutions" / name, instance))])
        for (scope, measure), figure in found.figures[-1].items():
            assert figure.denominator is not None
            assert MEASURES[measure].unit == "hours" or 0 <= figure.numerator <= figure.denominator, (name, scope, measure)
            assert scope.kind in MEASURES[measure].scopes


def test_a_school_is_shown_its_own_figures_and_of_all_only_what_is_made_of_three() -> None:
    whole = card(world(), *THREE)
    seen = for_school(whole, "maple")
    assert {scope for scope, _ in seen.figures[0]} == {MAPLE}
    assert set(seen.names) == {MAPLE}
    third = [*BASE["programs"], program("elm", school="elm")]
    instance = world(
        schools=[*BASE["schools"], {"school": "elm"}],
        programs=third,
        students=[*BASE["students"], {"student": "eve", "program": "elm"}],
        requirements=[*BASE["requirements"], requirement(program="elm")],
    )
    three = for_school(card(instance, *THREE), "maple")
    assert told(three.figures[0], "placement_rate") == {WHOLE: (3, 7), MAPLE: (2, 4)}
    assert "slot_use" not in {m.id for m in three.measures("whole")}
    # eve is asked, but nobody of Elm uses a place: of all but Maple's, these are Oak's
    assert told(three.figures[0], "slot_use") == {MAPLE: (4, 216)}
