"""The tables of a small world, checked by hand: see tests/verify/world.py for who and what there is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduler.domain import RULES, Instance, Placement, RuleScore, Schedule, Status, Unplaced
from scheduler.export.page import page
from scheduler.export.readers import Reader
from scheduler.export.sheets import Sheet, Value
from scheduler.export.view import View, view
from tests.export.reading import KEY
from tests.verify.world import BASE, GROUP, PRECEPTED, SPLIT, cost, program, put, requirement, slot, week, world


def seen(instance: Instance, *placements: Placement, **claims: Any) -> View:
    return view(instance, Schedule(status=Status.FEASIBLE, placements=placements, **claims))


def rows(made: View, name: str) -> list[dict[str, Value]]:
    sheet = next(sheet for sheet in made.sheets if sheet.name == name)
    return [dict(zip((column.key for column in sheet.columns), row, strict=True)) for row in sheet.rows]


def column(made: View, name: str, key: str) -> list[Value]:
    return [row[key] for row in rows(made, name)]


def test_every_sheet_is_well_formed() -> None:
    made = seen(world(**PRECEPTED), put("ann", "MS", "ward", week(0), preceptor="kim"))
    names = [sheet.name for sheet in made.sheets]
    assert names[:6] == ["summary", "by_student", "board", "unplaced", "at_risk", "by_preceptor"]
    assert names[6:] == ["by_unit", "open_places", "by_school"]
    for sheet in made.sheets:
        assert all(len(row) == len(sheet.columns) for row in sheet.rows), sheet.name
        assert len({column.key for column in sheet.columns}) == len(sheet.columns)
        if sheet.specialties:
            assert [len(colours) for colours in sheet.specialties] == [len(sheet.columns)] * len(sheet.rows)


# ------------------------------------------------------------------------------------------------------------- by student


def test_a_bare_placement_gets_everything_from_the_instance() -> None:
    instance = world(
        shifts=[{"shift": "day", "start": "07:00", "end": "19:00"}],
        slots=[slot("ward", weekdays=(1, 3), shift="day"), slot("clinic")],
        units=[{**BASE["units"][0], "name": "Ward Seven"}, BASE["units"][1]],
        calendar=[{"program": "nurs", "start": week(1, 3), "end": week(1, 4), "kind": "holiday"}],
    )
    (row,) = rows(seen(instance, put("ann", "MS", "ward", week(0))), "by_student")
    # Tuesday and Thursday for two weeks are four sessions of 12 hours; the second Thursday is lost.
    assert row == {
        "student": "ann",
        "group": "",
        "school": "maple",
        "program": "nurs",
        "rotation": "MS",
        "specialty": "medsurg",
        "site": "mercy",
        "unit": "Ward Seven",
        "slot": "ward",
        "preceptor": "",
        "team": "",
        "start": week(0, 1),
        "end": week(1, 1),
        "weekdays": "Tu Th",
        "shift": "day 07:00–19:00",
        "weeks": 2,
        "hours": 36,
        "hours_lost": 12,
        "status": "proposed",
    }


def test_what_is_excused_is_said_as_in_the_slot() -> None:
    instance = world(slots=[slot("ward", excuses=((4, "am"), (2, ""))), slot("clinic")])
    (stay,) = seen(instance, put("ann", "MS", "ward", week(0))).stays
    assert stay.excuses == "Fr am, We"


def test_sessions_and_pauses_of_a_stay() -> None:
    instance = world(
        slots=[slot("ward", weekdays=(1, 3)), slot("clinic")],
        calendar=[{"program": "nurs", "start": week(1, 3), "end": week(1, 4), "kind": "exam"}],
    )
    (stay,) = seen(instance, put("ann", "MS", "ward", week(0))).stays
    assert stay.sessions == (week(0, 1), week(0, 3), week(1, 1))
    assert stay.paused == ((week(1, 3), "exam"),)


def test_each_member_has_a_row_and_those_without_a_name_share_one() -> None:
    made = seen(world(**GROUP), put("A", "MS", "ward", week(0)))  # ann and bob of four
    assert column(made, "by_student", "student") == ["2 to be named", "ann", "bob"]
    assert column(made, "by_student", "group") == ["A", "A", "A"]


def test_a_member_who_is_not_named_yet_is_one_of_those_without_a_name() -> None:
    students = [
        {"student": "ann", "program": "nurs", "group": "A"},
        {"student": "tba", "program": "nurs", "group": "A", "named": False},
    ]
    made = seen(world(**GROUP | {"students": students}), put("A", "MS", "ward", week(0)))
    assert column(made, "by_student", "student") == ["3 to be named", "ann"]
    assert made.stays[0].students == ("ann",)


def test_who_is_in_a_part_of_a_group_is_open() -> None:
    made = seen(world(**SPLIT), put("A", "MS", "ward", week(0), part=1), put("A", "MS", "ward", week(2), part=2))
    assert column(made, "by_student", "student") == ["2 of the group", "2 of the group"]
    assert column(made, "by_student", "group") == ["A part 1", "A part 2"]
    assert [stay.students for stay in made.stays] == [(), ()]


def test_declined_placements_stand_only_among_the_students() -> None:
    made = seen(world(), put("ann", "MS", "ward", week(0), status="declined"), put("ann", "MS", "ward", week(4)))
    assert [(row["start"], row["end"], row["status"]) for row in rows(made, "by_student")] == [
        (week(0), week(1, 4), "declined"),
        (week(4), week(5, 4), "proposed"),
    ]
    assert len(made.stays) == 1 and len(made.gone) == 1
    assert column(made, "by_unit", "week") == [week(4), week(5)]
    assert ("Declined or withdrawn", 1) in made.sheets[0].rows


def test_numbers_in_ids_are_ordered_as_numbers() -> None:
    students = [{"student": s, "program": "nurs"} for s in ("s-10", "s-9", "s-1")]
    made = seen(world(students=students), *(put(s, "MS", "ward", week(0)) for s in ("s-10", "s-9", "s-1")))
    assert column(made, "by_student", "student") == ["s-1", "s-9", "s-10"]


# ------------------------------------------------------------------------------------------------------------------ board


def board(made: View, who: str) -> tuple[tuple[Value, ...], tuple[str, ...]]:
    """Cells and specialties of a row of the board, from its first week."""
    sheet = next(sheet for sheet in made.sheets if sheet.name == "board")
    i = [row[0] for row in sheet.rows].index(who)
    return sheet.rows[i][3:], sheet.specialties[i][3:]


def test_the_board_shows_units_by_week_and_their_specialty() -> None:
    made = seen(world(), put("ann", "MS", "ward", week(0)), put("ann", "FM", "clinic", week(3)))
    cells, colours = board(made, "ann")
    assert cells == ("ward", "ward", None, "clinic", "clinic", *[None] * 7)
    assert colours == ("medsurg", "medsurg", "", "family", "family", *[""] * 7)
    assert board(made, "bob")[0] == (None,) * 12, "somebody with nothing has an empty row"
    assert [c.title for c in made.sheets[2].columns[:5]] == ["Who", "School", "Program", "Jan 5", "Jan 12"]


def test_what_runs_beside_a_block_comes_after_it() -> None:
    instance = world(
        requirements=[
            requirement("MS", "nurs"),
            requirement("FM", "nurs", lane="longitudinal"),
            requirement("MS", "med"),
            requirement("FM", "med"),
        ],
        slots=[slot("ward", weekdays=(0, 1)), slot("clinic", weekdays=(4,))],
    )
    made = seen(instance, put("ann", "FM", "clinic", week(0)), put("ann", "MS", "ward", week(1)))
    cells, colours = board(made, "ann")
    assert cells[:4] == ("clinic", "ward + clinic", "ward", None)
    assert colours[:3] == ("family", "medsurg", "medsurg")


# ----------------------------------------------------------------------------------------------------------- by preceptor


def test_weeks_of_a_preceptor_count_everybody_and_commitments() -> None:
    instance = world(
        **PRECEPTED
        | {
            "preceptors": [{"preceptor": "kim", "name": "Kim Lee", "units": ("ward",), "most_at_once": 2, "most_weeks": 9}],
            "commitments": [{"who_kind": "preceptor", "who": "kim", "start": week(8), "end": week(8, 2)}],
        }
    )
    placements = [put("ann", "MS", "ward", week(0), preceptor="kim"), put("cyd", "MS", "ward", week(1), preceptor="kim")]
    made = rows(seen(instance, *placements), "by_preceptor")
    # Weeks 0, 1 and 2 with students, week 8 with a commitment.
    assert [(r["preceptor"], r["kind"], r["who"], r["weeks_used"], r["most_weeks"]) for r in made] == [
        ("Kim Lee", "preceptor", "ann", 4, 9),
        ("Kim Lee", "preceptor", "cyd", 4, 9),
    ]


def test_each_preceptor_is_listed_with_the_part_taken_and_its_days() -> None:
    """Kim is away on Tuesday of the second week, when Lee covers; cyd has Kim and Ortiz together."""
    people = [{"preceptor": "kim", "units": ("ward",), "cover": "lee", "most_at_once": 2}]
    people += [{"preceptor": who, "units": ("ward",)} for who in ("lee", "ortiz")]
    asked = [requirement("MS", supervision="precepted"), requirement("MS", "med", supervision="co-precepted")]
    away = {"who_kind": "preceptor", "who": "kim", "start": week(1, 1), "end": week(1, 1)}
    instance = world(requirements=asked, preceptors=people, availability=[away])
    placed = (
        put("ann", "MS", "ward", week(0), preceptor="kim"),
        put("cyd", "MS", "ward", week(4), preceptor="kim", co_preceptor="ortiz"),
    )
    made = rows(seen(instance, *placed), "by_preceptor")
    assert [(r["preceptor"], r["role"], r["who"], r["start"], r["end"]) for r in made] == [
        ("kim", "preceptor", "ann", week(0), week(1, 4)),
        ("kim", "preceptor", "cyd", week(4), week(5, 4)),
        ("lee", "cover", "ann", week(1, 1), week(1, 1)),
        ("ortiz", "co-preceptor", "cyd", week(4), week(5, 4)),
    ]


def test_faculty_are_listed_with_their_groups() -> None:
    instance = world(
        **GROUP
        | {
            "groups": [{"group": "A", "program": "nurs", "size": 4, "faculty": "fay"}],
            "preceptors": [{"preceptor": "fay", "kind": "faculty"}],
        }
    )
    (row,) = rows(seen(instance, put("A", "MS", "ward", week(0))), "by_preceptor")
    assert (row["preceptor"], row["kind"], row["who"], row["students"]) == ("fay", "faculty", "group A", 4)


# ---------------------------------------------------------------------------------------------------------------- by unit


def test_units_count_the_fullest_moment_of_each_week() -> None:
    instance = world(
        shifts=[{"shift": "am", "start": "08:00", "end": "12:00"}, {"shift": "pm", "start": "13:00", "end": "17:00"}],
        slots=[slot("ward", shift="am"), slot("late", unit="ward", shift="pm", last_start=week(3)), slot("clinic")],
        capacity=[{"unit": "ward", "most_students": 5}, {"unit": "ward", "shift": "am", "most_students": 3}],
        commitments=[{"who_kind": "unit", "who": "ward", "start": week(0), "end": week(0, 6), "students": 1}],
    )
    placements = [put("ann", "MS", "ward", week(0)), put("cyd", "MS", "ward", week(0)), put("bob", "MS", "late", week(0))]
    first, second = rows(seen(instance, *placements), "by_unit")
    assert (first["week"], first["students"], first["at_once"], first["most_at_once"]) == (week(0), 3, 2, 3)
    assert (first["committed"], second["committed"]) == (1, 0)
    assert first["busiest"] == week(0)
    assert first["who"] == "Mo Tu We Th Fr 08:00–12:00: ann, cyd; Mo Tu We Th Fr 13:00–17:00: bob"


def test_without_a_capacity_row_the_places_of_slots_in_use_count() -> None:
    made = rows(seen(world(), put("ann", "MS", "ward", week(0))), "by_unit")
    assert [(r["unit"], r["at_once"], r["most_at_once"]) for r in made] == [("ward", 1, 9), ("ward", 1, 9)]


# --------------------------------------------------------------------------------------------------- unplaced and summary


def test_unplaced_rows_are_recomputed_and_keep_their_reasons() -> None:
    why = Unplaced(student="ann", program="nurs", requirement="FM", missing=2, unit="weeks", reason="3 offers: 3 refused")
    made = seen(world(), put("ann", "MS", "ward", week(0)), unplaced=(why,))
    found = {(r["who"], r["rotation"]): (r["missing"], r["unit"], r["reason"]) for r in rows(made, "unplaced")}
    assert found[("ann", "FM")] == (2, "weeks", "3 offers: 3 refused")
    assert found[("bob", "MS")] == (2, "weeks", "no reason recorded")
    assert len(found) == 5


def test_a_schedule_that_breaks_rules_says_so_in_the_summary() -> None:
    good = seen(world(), put("ann", "MS", "ward", week(0)))
    assert ("Rules", "every rule holds") in good.sheets[0].rows
    bad = seen(world(), put("ann", "MS", "ward", week(0)), put("ann", "FM", "clinic", week(1)))
    values = {row[0]: row[1] for row in bad.sheets[0].rows}
    assert values["Rules"] == "BROKEN in 1 place, see below"
    assert "ann is in two places on 2026-01-12" in str(values["Does not hold"])
    assert not bad.holds


def said_of_proof(made: View) -> Value:
    (said,) = [row["value"] for row in rows(made, "summary") if row["what"] == "Proof"]
    return said


def test_a_schedule_that_breaks_rules_proves_nothing() -> None:
    made = seen(world(), put("ann", "MS", "ward", week(0)), put("ann", "FM", "clinic", week(1)), more=0)
    assert not made.holds
    assert said_of_proof(made) == "nothing is proved about a schedule that does not pass the check"


def test_an_edited_schedule_is_not_said_to_place_everybody() -> None:
    made = view(world(), Schedule(status=Status.UNKNOWN, placements=(put("ann", "MS", "ward", week(0)),)))
    assert made.holds and made.report.unplaced and not made.schedule.unplaced
    assert said_of_proof(made) == "how many more could be placed is not proved"
    assert b"How many more could be placed is not proved." in page(made)


def test_a_student_takes_one_place_whatever_the_size_of_the_group() -> None:
    instance = world(**GROUP)
    schedule = Schedule(status=Status.FEASIBLE, placements=(put("A", "MS", "ward", week(0)),))
    for reader, places in ((None, 4), (Reader("student", "ann"), 1)):
        made = view(instance, schedule, reader)
        assert [row["value"] for row in rows(made, "summary") if row["what"] == "Student places"] == [places]
        assert f"{places} student place".encode() in page(made)


def test_costs_in_the_summary_are_the_verifiers() -> None:
    made = seen(world(), put("ann", "MS", "ward", week(0)))
    values = {row[0]: row[1] for row in made.sheets[0].rows}
    assert values["Cost (points)"] == made.report.objective
    assert values["Cost: Required rotations are placed"] == 5 * 100 * 10  # five rotations are missing, 100 % each, weight 10


def test_what_is_still_due_is_at_risk() -> None:
    instance = world(site_clearances=[{"site": "mercy", "item": "flu", "due_days_before": 7}])
    made = seen(instance, put("ann", "MS", "ward", week(2)), put("bob", "FM", "clinic", week(2)))
    assert [(r["student"], r["item"], r["status"], r["due"]) for r in rows(made, "at_risk")] == [
        ("ann", "flu", "not yet due", week(1))
    ]
    assert made.report.ok


def test_competencies_that_are_still_open() -> None:
    named = [requirement("MS", competencies=("suture",)), requirement("FM", competencies=("suture", "teach"))]
    units = [{**u, "competencies": listed} for u, listed in zip(BASE["units"], (("triage",), ("teach",)), strict=True)]
    students = [{"student": "ann", "program": "nurs"}, {"student": "bob", "program": "nurs"}]
    credit = {"student": "bob", "requirement": "MS", "amount": 1, "competencies": ("suture", "teach")}
    instance = world(requirements=named, units=units, students=students, credits=[credit])
    first = put("ann", "MS", "ward", week(0))
    assert [tuple(row.values()) for row in rows(seen(instance, first), "competencies")] == [
        ("ann", 1, "maple", "nurs", "suture", "FM, MS", "FM"),
        ("ann", 1, "maple", "nurs", "teach", "FM", "FM"),
    ]
    # in the clinic teaching is covered; suturing is in no placement, though all that name it are placed
    made = seen(instance, first, put("ann", "FM", "clinic", week(2)))
    assert [(row["competency"], row["unplaced"]) for row in rows(made, "competencies")] == [("suture", None)]
    of_bob = view(instance, Schedule(status=Status.FEASIBLE, placements=(first,)), Reader("student", "bob"))
    assert rows(of_bob, "competencies") == []


def test_where_soft_rules_gave_way() -> None:
    """Ann is twice where she must not be, bob is once too many on the ward; preferences are no limits."""
    instance = world(
        {"conflict": {"kind": "soft", "weight": 7}, "slot_maximum": {"kind": "soft"}},
        conflicts=[{"student": "ann", "site": "mercy"}, {"student": "ann", "unit": "clinic"}],
        preferences=[{"who_kind": "student", "who": "bob", "what": "unit", "value": "ward", "score": -3}],
        slots=[slot("ward", most_students=1), slot("clinic")],
    )
    placed = [put("ann", "MS", "ward", week(0)), put("bob", "MS", "ward", week(0)), put("ann", "FM", "clinic", week(2))]
    made = seen(instance, *placed)
    assert [(r["rule"], r["amount"], r["unit"], r["points"]) for r in rows(made, "not_kept")] == [
        ("Slot full", 2, "students over, each period", 200),  # in each of two weeks
        ("Conflicts", 1, "violations", 7),
        ("Conflicts", 1, "violations", 7),
    ]
    assert "student ann must not be placed at site mercy" in str(rows(made, "not_kept")[1]["where"])
    assert made.report.ok
    of_maple = view(instance, Schedule(status=Status.FEASIBLE, placements=tuple(placed)), Reader("school", "maple"))
    assert "not_kept" not in [sheet.name for sheet in of_maple.sheets]
    nameless = view(instance, Schedule(status=Status.FEASIBLE, placements=tuple(placed)), key=KEY)
    assert "not_kept" not in [sheet.name for sheet in nameless.sheets]


# ------------------------------------------------------------------------------------------------------------ open places


def one_slot(**columns: Any) -> Instance:
    """A world in which only the ward offers anything: two starts in weeks 0 and 1, two weeks each, two places."""
    own: dict[str, Any] = {"starts": (week(0), week(1)), "first_start": None, "last_start": None, "most_students": 2}
    tables: dict[str, Any] = {"slots": [slot("ward", **(own | columns.pop("slot", {})))]}
    return world(columns.pop("rules", {}), **tables | columns)


def opened(instance: Instance, *placements: Placement) -> list[tuple[Value, ...]]:
    keys = ("professions", "first_start", "last_start", "places", "at_least", "reserved", "preceptors")
    return [tuple(row[key] for key in keys) for row in rows(seen(instance, *placements), "open_places")]


def test_starts_with_the_same_room_are_one_row() -> None:
    assert opened(one_slot()) == [("md; rn", week(0), week(1), 2, 1, "", "")]


def test_places_are_what_the_slot_has_left_on_every_date() -> None:
    # Ann is there in weeks 0 and 1: whoever starts in week 1 meets her.
    assert opened(one_slot(), put("ann", "MS", "ward", week(0))) == [("md; rn", week(0), week(1), 1, 1, "", "")]
    # Weeks 2 and 3: a start in week 1 meets her in week 2, one in week 0 does not.
    late = one_slot(slot={"starts": (week(0), week(1), week(2))})
    assert opened(late, put("ann", "MS", "ward", week(2))) == [
        ("md; rn", week(0), week(0), 2, 1, "", ""),
        ("md; rn", week(1), week(2), 1, 1, "", ""),
    ]
    assert opened(one_slot(), put("ann", "MS", "ward", week(0)), put("bob", "MS", "ward", week(0))) == []


@pytest.mark.parametrize(
    ("capacity", "places"),
    [
        ([{"unit": "ward", "most_students": 1}], [("md; rn", 0, 1)]),
        ([{"unit": "ward", "profession": "rn", "most_students": 1}], [("md", 0, 2), ("rn", 0, 1)]),
        ([{"unit": "ward", "start": week(0, 2), "end": week(0, 2), "most_students": 0}], [("md; rn", 1, 2)]),
        ([{"unit": "ward", "weekdays": (5, 6), "most_students": 0}], [("md; rn", 0, 2)]),  # nobody comes at weekends
    ],
)
def test_places_fit_into_the_capacity_of_the_unit(capacity: list[Any], places: list[tuple[str, int, int]]) -> None:
    made = opened(one_slot(capacity=capacity))
    assert sorted((str(r[0]), 0 if r[1] == week(0) else 1, r[3]) for r in made) == places


def test_commitments_of_the_unit_take_places_and_leave_closes_it() -> None:
    committed = {"who_kind": "unit", "who": "ward", "start": week(0), "end": week(0, 6), "students": 1}
    capacity = [{"unit": "ward", "most_students": 2}]
    assert [r[3] for r in opened(one_slot(capacity=capacity, commitments=[committed]))] == [1, 2]
    closed = {"who_kind": "unit", "who": "ward", "start": week(2), "end": week(2)}
    assert [(r[1], r[2]) for r in opened(one_slot(availability=[closed]))] == [(week(0), week(0))]


def test_kept_places_are_only_for_their_school() -> None:
    kept = {"slot": "ward", "school": "oak", "guaranteed": 1}
    assert opened(one_slot(reservations=[kept])) == [("md; rn", week(0), week(1), 1, 1, "1 for oak", "")]
    # Oak's own student uses the kept place, so that the other one stays for anyone.
    assert opened(one_slot(reservations=[kept]), put("cyd", "MS", "ward", week(0))) == [
        ("md; rn", week(0), week(1), 1, 1, "", "")
    ]
    both = one_slot(reservations=[{**kept, "guaranteed": 2}])
    assert opened(both) == [("md; rn", week(0), week(1), 0, 1, "2 for oak", "")]
    given_back = one_slot(reservations=[{**kept, "give_back": date(2025, 12, 1)}])
    assert opened(given_back) == [("md; rn", week(0), week(1), 2, 1, "", "")]


def test_a_school_that_may_take_fewer_than_are_open_is_named() -> None:
    def limits(instance: Instance, *placements: Placement) -> list[Value]:
        return [row["limits"] for row in rows(seen(instance, *placements), "open_places")]

    own = {"slot": "ward", "school": "oak", "most": 1}
    assert limits(one_slot(reservations=[own])) == ["at most 1 for oak"]
    assert limits(one_slot(reservations=[own]), put("cyd", "MS", "ward", week(0))) == ["none for oak"]
    assert limits(one_slot(reservations=[own]), put("ann", "MS", "ward", week(0))) == [""]  # one is left for anyone
    assert limits(one_slot(reservations=[{**own, "most": 2}])) == [""]
    assert limits(one_slot(reservations=[{**own, "status": "requested"}])) == [""]


def test_a_slot_that_runs_with_several_or_none_asks_for_several() -> None:
    three = one_slot(slot={"least_students": 2, "most_students": 3})
    assert opened(three) == [("md; rn", week(0), week(1), 3, 2, "", "")]
    # Beside bob in weeks 0 and 1 one is enough; whoever starts in week 1 is alone in week 2.
    assert opened(three, put("bob", "MS", "ward", week(0))) == [
        ("md; rn", week(0), week(0), 2, 1, "", ""),
        ("md; rn", week(1), week(1), 2, 2, "", ""),
    ]


def precepted(**kim: Any) -> dict[str, Any]:
    return PRECEPTED | {"preceptors": [{"preceptor": "kim", "units": ("ward",), **kim}]}


def test_a_precepted_place_needs_a_preceptor_who_is_free() -> None:
    assert opened(one_slot(**precepted())) == [("md; rn", week(0), week(1), 1, 1, "", "kim")]
    assert opened(one_slot(**precepted()), put("ann", "MS", "ward", week(0), preceptor="kim")) == []
    assert opened(one_slot(**precepted(most_at_once=5))) == [("md; rn", week(0), week(1), 2, 1, "", "kim")]
    assert opened(one_slot(**precepted(supervises=("rn",)))) == [("rn", week(0), week(1), 1, 1, "", "kim")]
    away = {"who_kind": "preceptor", "who": "kim", "start": week(2), "end": week(2)}
    assert [(r[1], r[2]) for r in opened(one_slot(**precepted(), availability=[away]))] == [(week(0), week(0))]


def test_a_preceptor_without_weeks_left_is_not_free() -> None:
    three = precepted(most_weeks=3, most_at_once=2)
    # Ann takes weeks 0 and 1: a start in week 1 adds week 2, one in week 2 would add weeks 2 and 3.
    instance = one_slot(**three, slot={"starts": (week(1), week(2))})
    assert [(r[1], r[2]) for r in opened(instance, put("ann", "MS", "ward", week(0), preceptor="kim"))] == [(week(1), week(1))]


def test_what_is_past_or_outside_the_horizon_is_not_open() -> None:
    late = one_slot(slot={"starts": (week(10), week(11))})
    assert [(r[1], r[2]) for r in opened(late)] == [(week(10), week(10))]
    begun = one_slot(planning_date=week(0, 1))
    assert [(r[1], r[2]) for r in opened(begun)] == [(week(1), week(1))]


def test_any_weekdays_count_by_the_best_choice() -> None:
    full = [{"unit": "ward", "weekdays": (0,), "most_students": 0}]
    any_two = one_slot(slot={"pattern": "any", "weekdays": (0, 1, 2), "days_per_week": 2}, capacity=full)
    (row,) = rows(seen(any_two), "open_places")
    assert (row["weekdays"], row["places"]) == ("any 2 of Mo Tu We", 2)
    all_three = one_slot(slot={"weekdays": (0, 1, 2)}, capacity=full)
    assert rows(seen(all_three), "open_places") == []


def test_a_slot_without_a_length_is_open_for_the_shortest_rotation() -> None:
    instance = one_slot(
        slot={"length": None, "starts": (week(8), week(9))},
        requirements=[requirement("MS", "nurs", amount=4), requirement("MS", "med", amount=3)],
    )
    assert [(r["professions"], r["weeks"], r["last_start"]) for r in rows(seen(instance), "open_places")] == [
        ("md", 3, week(9)),
        ("rn", 4, week(8)),
    ]


def test_an_open_place_can_be_taken() -> None:
    """Filling all places of a row breaks no rule about places, and one more does."""
    instance = one_slot(
        slot={"most_students": 4},
        capacity=[{"unit": "ward", "most_students": 3}],
        students=[{"student": f"s{i}", "program": "nurs"} for i in range(6)],
        programs=[program("nurs"), program("med")],
    )
    there = [put("s0", "MS", "ward", week(0))]
    (row,) = opened(instance, *there)
    assert row[3] == 2
    filled = [*there, *(put(f"s{i}", "MS", "ward", week(1)) for i in (1, 2))]
    assert seen(instance, *filled).holds
    assert not seen(instance, *filled, put("s3", "MS", "ward", week(1))).holds


def test_a_rotation_with_faculty_needs_room_for_one_more_group() -> None:
    groups = GROUP | {"requirements": [requirement("MS", "nurs", supervision="faculty")]}
    one = one_slot(**groups, capacity=[{"unit": "ward", "most_groups": 1}], slot={"most_students": 9, "professions": ("rn",)})
    assert opened(one, put("A", "MS", "ward", week(0))) == []
    assert opened(one) == [("rn", week(0), week(1), 9, 1, "", "")]
    two = one_slot(**groups, capacity=[{"unit": "ward", "most_groups": 2}], slot={"most_students": 9, "professions": ("rn",)})
    assert opened(two, put("A", "MS", "ward", week(0))) == [("rn", week(0), week(1), 5, 1, "", "")]


LIMITS = st.fixed_dictionaries(
    {"unit": st.just("ward"), "most_students": st.integers(0, 4)},
    optional={
        "start": st.sampled_from([week(1), week(2, 3)]),
        "end": st.sampled_from([week(2, 4), week(3, 1)]),
        "weekdays": st.sampled_from([(0, 1), (4,), (5, 6)]),
        "shift": st.sampled_from(["am", "pm"]),
        "profession": st.sampled_from(["rn", "md"]),
    },
)
TAKEN = st.fixed_dictionaries(
    {
        "who_kind": st.just("unit"),
        "who": st.just("ward"),
        "start": st.sampled_from([week(0), week(2)]),
        "end": st.sampled_from([week(2, 1), week(4)]),
        "students": st.integers(1, 2),
    },
    optional={"shift": st.sampled_from(["am", "pm"])},
)
KEPT = st.fixed_dictionaries({"slot": st.just("ward"), "school": st.just("maple"), "guaranteed": st.integers(1, 2)})
THERE = st.tuples(st.sampled_from(["nurs", "med"]), st.sampled_from(["ward", "late", "free"]), st.integers(0, 4))
ABOUT_PLACES = ("slot_maximum", "unit_capacity", "reservation", "slot_window", "availability")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(LIMITS, max_size=3), st.lists(TAKEN, max_size=2), st.lists(KEPT, max_size=1), st.lists(THERE, max_size=5), st.data()
)
def test_open_places_can_be_taken_and_no_more(
    limits: list[Any], taken: list[Any], kept: list[Any], there: list[Any], data: st.DataObject
) -> None:
    """Beside whatever is placed, the places of a row break no rule, and one more breaks one."""
    shifts = [{"shift": "am", "start": "08:00", "end": "12:00"}, {"shift": "pm", "start": "11:00", "end": "17:00"}]
    own = {"unit": "ward", "last_start": week(4), "most_students": 3}
    students = [{"student": f"{p}{i}", "program": p} for p in ("nurs", "med") for i in range(9)]
    instance = world(
        shifts=shifts,
        slots=[slot("ward", **own, shift="am"), slot("late", **own, shift="pm"), slot("free", **own, weekdays=(0, 3))],
        programs=[program("nurs", school="birch"), program("med", school="birch")],
        schools=[{"school": "birch"}, {"school": "maple"}],
        students=students,
        capacity=limits,
        commitments=taken,
        reservations=kept,
    )
    placed = [put(f"{p}{i}", "MS", name, week(start)) for i, (p, name, start) in enumerate(there)]
    open_rows = [row for row in rows(seen(instance, *placed), "open_places") if row["places"]]
    if not open_rows:
        return
    row = data.draw(st.sampled_from(open_rows))
    who = "nurs" if "rn" in str(row["professions"]) else "med"
    start, places = row["first_start"], row["places"]
    assert isinstance(start, date) and isinstance(places, int)

    def excess(more: int) -> int:
        """How much is too much with so many more: those of the row's profession from the row's start."""
        extra = [put(f"{who}{8 - i}", "MS", str(row["slot"]), start) for i in range(more)]
        return sum(cost(rule, instance, *placed, *extra) for rule in ABOUT_PLACES)

    assume(excess(0) == 0)
    assert excess(places) == 0
    assert excess(places + 1) > 0


def test_sheets_are_plain_values() -> None:
    made = seen(world(**PRECEPTED), put("ann", "MS", "ward", week(0), preceptor="kim"))
    for sheet in made.sheets:
        assert isinstance(sheet, Sheet)
        for row in sheet.rows:
            assert all(value is None or type(value) in (str, int, float, date) for value in row), sheet.name


# --------------------------------------------------------------------------------------------------- schools and who goes first


def test_schools_are_listed_with_how_equal_they_are_served() -> None:
    wishes = [{"who_kind": "school", "who": "maple", "what": "unit", "value": "ward", "score": 3}]
    placed = (put("ann", "MS", "ward", week(0)), put("ann", "FM", "clinic", week(2)), put("cyd", "MS", "ward", week(0)))
    made = seen(world(preferences=wishes), *placed)
    assert [tuple(row.values()) for row in rows(made, "by_school")] == [
        ("maple", 4, 2, 50, -1.5, None),  # ann's ward wins 3, over two placements
        ("oak", 2, 1, 50, 0, None),
        ("Smallest share ÷ largest, %", None, None, 100, None, None),
        ("Jain's index, %", None, None, 100, None, None),
    ]
    unequal = rows(seen(world(), placed[2]), "by_school")  # 0 and ½: (½)² ÷ (2 · ¼)
    assert [row["share"] for row in unequal] == [0, 50, 0, 50]
    assert "by_school" not in [s.name for s in seen_by("school", "maple").sheets]


def seen_by(kind: str, who: str) -> View:
    placed = Schedule(status=Status.FEASIBLE, placements=(put("ann", "MS", "ward", week(0)),))
    return view(world({"priority": {"kind": "soft"}}), placed, Reader(kind, who))  # type: ignore[arg-type]  # any kind


def test_priorities_say_who_has_the_place_and_why() -> None:
    order = ("tier", "student", "lottery")
    instance = world(
        {"priority": {"kind": "soft", "order": order}},
        schools=[{"school": "maple"}, {"school": "oak", "tier": 2}],
        students=[
            {"student": "ann", "program": "nurs", "priority": 2},
            {"student": "bob", "program": "nurs"},
            {"student": "cyd", "program": "med"},
        ],
        requirements=[requirement("MS", p) for p in ("nurs", "med")],
        slots=[slot("ward", last_start=week(0), most_students=1), slot("clinic")],
    )
    made = rows(seen(instance, put("bob", "MS", "ward", week(0))), "priorities")
    assert [(row["rank"], row["who"], row["tier"], row["student"], row["placements"]) for row in made] == [
        (1, "ann", "1", "2", 0),
        (2, "bob", "1", "1", 1),
        (3, "cyd", "2", "1", 0),
    ]
    assert [(row["unplaced"], row["lost_to"], row["not_by_priority"]) for row in made] == [
        ("MS", "", "student: bob"),
        ("", "", ""),
        ("MS", "tier: bob", ""),
    ]
    free = rows(seen(instance), "priorities")  # nobody is in the way
    assert {(row["lost_to"], row["not_by_priority"]) for row in free} == {("", "")}
    assert "priorities" not in [s.name for s in seen_by("school", "maple").sheets]
    assert "priorities" not in [s.name for s in seen(world()).sheets]


def test_equals_in_a_full_slot_are_told_apart_by_nothing() -> None:
    instance = world(
        {"priority": {"kind": "soft", "order": ("scholarship",)}},
        slots=[slot("ward", last_start=week(0), most_students=1), slot("clinic")],
    )
    made = rows(seen(instance, put("bob", "MS", "ward", week(0))), "priorities")
    assert [row["not_by_priority"] for row in made if (row["who"], row["unplaced"]) == ("ann", "MS")] == ["equal: bob"]


def test_without_names_the_lottery_is_left_out_of_the_cost() -> None:
    instance = world({"priority": {"kind": "soft", "order": ("lottery",)}})
    placed = (put("ann", "MS", "ward", week(0)), put("bob", "MS", "ward", week(0)))
    points = seen(instance, *placed).report.penalties["priority"]
    assert points == -1  # bob draws 4, ann 10
    objective = seen(instance, *placed).report.objective
    score = RuleScore(rule="priority", level=1, weight=1, penalty=points, cost=points)
    rest = [
        RuleScore(rule=rule, level=1, weight=RULES[rule].weight, penalty=n, cost=RULES[rule].weight * n)
        for rule, n in seen(instance, *placed).report.penalties.items()
        if rule != "priority"
    ]
    claims = Schedule(status=Status.FEASIBLE, placements=placed, objective=objective, bound=objective - 5, scores=(score, *rest))
    unplaced = view(instance, claims).report.unplaced
    claims = claims.model_copy(update={"unplaced": unplaced})
    assert view(instance, claims).holds
    hidden = view(instance, claims, key=KEY)
    assert hidden.holds
    assert "priorities" not in [s.name for s in hidden.sheets]
    assert (hidden.schedule.objective, hidden.schedule.bound) == (objective + 1, None)
