"""A valid schedule, written by hand down to the last column, and what is said when somebody spoils it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scheduler.domain import Instance, LevelResult, Placement, RuleScore, Schedule, Status, Unplaced
from scheduler.verify import verify
from tests.verify.world import BASE, Row, program, put, requirement, slot, week, world

HARD = {rule: {"kind": "hard"} for rule in ("slot_fill", "unit_minimum")}
PRECEPTED: Row = {"supervision": "precepted", "level": "senior", "setting": "community"}

INSTANCE: Instance = world(
    HARD,
    programs=[program("nurs", most_sites=2), program("med", most_specialties=2)],
    requirements=[
        requirement("MS"),
        requirement("FM", after="MS", **PRECEPTED),
        requirement("FM", "med", **PRECEPTED),
        *(
            {"program": "med", "requirement": name, "specialties": ("medsurg",), "amount": 2, "lane": "longitudinal"}
            | {"elective_set": "E", "choose": 1}
            for name in ("L1", "L2")
        ),
    ],
    groups=[
        {"group": "A", "program": "nurs", "size": 4, "requirements": "MS", "split": "allowed", "least_size": 2, "faculty": "fay"}
    ],
    preceptors=[
        {"preceptor": "kim", "units": "clinic;annex", "most_weeks": 6},
        {"preceptor": "lee", "units": "ward"},
        {"preceptor": "fay", "kind": "faculty"},
    ],
    sites=[{"site": "mercy"}, {"site": "lake", "setting": "community"}],
    units=[*BASE["units"], {"unit": "annex", "site": "mercy", "specialties": "family"}],
    slots=[
        slot(
            "ward",
            starts=(week(0), week(1), week(2)),
            weekdays="Tu Th",
            shift="day",
            most_students=6,
            least_students=2,
            must_fill=True,
        ),
        slot("clinic", most_students=2, levels="senior"),
        slot("weekly", unit="ward", weekdays="Mo We Fr", shift="early", pattern="any", days_per_week=1),
        slot("annex"),
        slot("junior", unit="clinic", levels="junior"),
        slot("med-only", unit="clinic", professions="md"),
        slot("second", unit="clinic"),
    ],
    capacity=[{"unit": "ward", "most_students": 5}, {"unit": "ward", "least_students": 2, "start": week(0), "end": week(1, 4)}],
    reservations=[{"slot": "ward", "school": "oak", "guaranteed": 2}],
    calendar=[{"program": "nurs", "start": week(8), "end": week(8, 4), "kind": "break"}],
    availability=[
        {"who_kind": "student", "who": "bob", "start": week(10)},
        {"who_kind": "preceptor", "who": "kim", "start": week(9, 4), "end": week(9, 4)},
        {"who_kind": "preceptor", "who": "fay", "end": week(0, 1)},
    ],
    commitments=[{"who_kind": "student", "who": "cyd", "start": week(0), "end": week(3, 6)}],
    conflicts=[{"student": "bob", "unit": "annex"}],
    preferences=[{"who_kind": "student", "who": "cyd", "what": "slot", "value": "second", "refuse": True}],
    pins=[{"student": "ann", "requirement": "FM", "slot": "clinic"}, {"student": "bob", "slot": "weekly", "pin": "must not"}],
)


def row(who: str, name: str, where: str, start: int, end: Any, hours: float, **columns: Any) -> Placement:
    """One full row; nurses on the ward come Tuesday and Thursday, in the clinic with kim every weekday."""
    school, study = ("oak", "med") if who == "cyd" else ("maple", "nurs")
    unit, site, specialty = ("clinic", "lake", "family") if where == "clinic" else ("ward", "mercy", "medsurg")
    days, shift = {"ward": ("Tu Th", "day"), "clinic": ("Mo-Fr", ""), "weekly": ("We", "early")}[where]
    party = {"group": who, "students": 4} if who == "A" else {"student": who}
    preceptor = "kim" if where == "clinic" else ""
    return Placement.model_validate(
        {
            **party,
            "school": school,
            "program": study,
            "requirement": name,
            "slot": where,
            "start": week(start),
            "end": end,
            "weeks": 2,
        }
        | {
            "unit": unit,
            "site": site,
            "specialty": specialty,
            "weekdays": days,
            "shift": shift,
            "hours": hours,
            "preceptor": preceptor,
        }
        | columns
    )


# Four sessions of 12 h end on the second Thursday; ten of 8 h on the second Friday; two of 8 h on the second Wednesday.
ANN_MS, ANN_FM = row("ann", "MS", "ward", 0, week(1, 3), 48), row("ann", "FM", "clinic", 2, week(3, 4), 80)
BOB_MS, BOB_FM = row("bob", "MS", "ward", 0, week(1, 3), 48), row("bob", "FM", "clinic", 4, week(5, 4), 80)
CYD_FM, CYD_L1 = row("cyd", "FM", "clinic", 6, week(7, 4), 80), row("cyd", "L1", "weekly", 4, week(5, 2), 16)
A_MS = row("A", "MS", "ward", 2, week(3, 3), 48)

#: Waiting: ann 0, bob 2, cyd 6, the group 2 weeks. Changes: ann 1, bob 1, weight 2. Kim has three students for two weeks.
#: Worst off is cyd: 6 weeks over two rotations, 3. Together 10 + 2 × 2 + 6 + 3.
SCORES = {"waiting": (1, 10), "site_change": (2, 2), "preceptor_balance": (1, 6), "worst_off": (1, 3)}
GOOD = Schedule(
    status=Status.OPTIMAL,
    placements=(ANN_MS, ANN_FM, BOB_MS, BOB_FM, CYD_FM, CYD_L1, A_MS),
    objective=23,
    bound=23,
    scores=tuple(RuleScore(rule=r, level=1, weight=w, penalty=p, cost=w * p) for r, (w, p) in SCORES.items()),
    levels=(LevelResult(level=1, status=Status.OPTIMAL, objective=23, bound=23),),
)


def test_the_schedule_is_valid() -> None:
    report = verify(INSTANCE, GOOD)
    assert report.violations == ()
    assert report.ok
    assert (report.objective, report.unplaced) == (23, ())
    assert {rule: p for rule, p in report.penalties.items() if p} == {rule: p for rule, (_, p) in SCORES.items()}


def edit(old: Placement, **columns: Any) -> Callable[[], Schedule]:
    """Change columns of one row."""
    return lambda: GOOD.model_copy(
        update={"placements": tuple(p.model_copy(update=columns) if p is old else p for p in GOOD.placements)}
    )


def bare(old: Placement, **columns: Any) -> Callable[[], Schedule]:
    """Change one row as an editor does who leaves the computed columns out."""
    cleared = {
        "end": columns.get("start", old.start),
        "weeks": 0,
        "weekdays": (),
        "hours": 0,
        "unit": "",
        "site": "",
        "specialty": "",
    }
    return edit(old, **({"shift": ""} | cleared | columns))


def drop(old: Placement) -> Callable[[], Schedule]:
    return lambda: GOOD.model_copy(update={"placements": tuple(p for p in GOOD.placements if p is not old)})


def add(*new: Placement) -> Callable[[], Schedule]:
    return lambda: GOOD.model_copy(update={"placements": (*GOOD.placements, *new)})


def claim(**columns: Any) -> Callable[[], Schedule]:
    return lambda: GOOD.model_copy(update=columns)


def level(**columns: Any) -> Callable[[], Schedule]:
    return claim(levels=(GOOD.levels[0].model_copy(update=columns),))


def score(**columns: Any) -> Callable[[], Schedule]:
    return claim(scores=(GOOD.scores[0].model_copy(update=columns), *GOOD.scores[1:]))


UNPLACED = Unplaced(student="ann", school="maple", program="nurs", requirement="MS", missing=2, unit="weeks")

CORRUPTIONS: list[tuple[str, Callable[[], Schedule], str, str]] = [
    # -- rows that name something unknown
    ("unknown student", edit(ANN_MS, student="zoe"), "placement", "zoe, MS: there is no student zoe"),
    ("unknown group", edit(A_MS, group="Z"), "placement", "there is no group Z"),
    ("unknown part", edit(A_MS, part=3), "placement", "group A has no part 3"),
    ("part of a student", edit(ANN_MS, part=1), "placement", "a student has no parts"),
    ("student and group", edit(A_MS, student="ann"), "placement", "a placement names either a student or a group"),
    ("nobody", edit(ANN_MS, student=""), "placement", "a placement names either a student or a group"),
    ("unknown rotation", edit(ANN_MS, requirement="XX"), "placement", "program nurs has no required rotation XX"),
    ("unknown slot", edit(ANN_MS, slot="xx"), "placement", "there is no slot xx"),
    ("unknown preceptor", edit(ANN_FM, preceptor="pat"), "placement", "there is no preceptor pat"),
    # -- columns that follow from others
    ("wrong end", edit(ANN_MS, end=week(1, 4)), "placement", "end is 2026-01-16, should be 2026-01-15"),
    ("wrong weeks", edit(ANN_MS, weeks=3), "placement", "weeks is 3, should be 2"),
    ("wrong weekdays", edit(ANN_MS, weekdays=(0, 3)), "placement", "weekdays is Mo Th, should be Tu Th"),
    ("wrong choice of weekdays", edit(CYD_L1, weekdays=(1,)), "placement", "weekdays Tu are not 1 of Mo We Fr"),
    ("too many weekdays", edit(CYD_L1, weekdays=(0, 2)), "placement", "weekdays Mo We are not 1 of Mo We Fr"),
    ("wrong shift", edit(ANN_MS, shift="night"), "placement", "shift is night, should be day"),
    ("no shift", edit(ANN_MS, shift=""), "placement", "shift is blank, should be day"),
    ("wrong hours", edit(ANN_MS, hours=60), "placement", "hours is 60, should be 48"),
    ("hours that were not lost", edit(ANN_MS, hours_lost=12), "placement", "hours_lost is 12, should be 0"),
    ("wrong school", edit(ANN_MS, school="oak"), "placement", "school is oak, should be maple"),
    ("wrong program", edit(ANN_MS, program="med"), "placement", "program is med, should be nurs"),
    ("wrong unit", edit(ANN_MS, unit="clinic"), "placement", "unit is clinic, should be ward"),
    ("wrong site", edit(ANN_MS, site="lake"), "placement", "site is lake, should be mercy"),
    ("wrong specialty", edit(ANN_MS, specialty="family"), "placement", "specialty is family, should be medsurg"),
    ("wrong size", edit(A_MS, students=3), "placement", "students is 3, should be 4"),
    # -- what is placed
    ("a row lost", drop(CYD_FM), "unplaced", "cyd lacks 2 weeks of FM, the schedule says 0"),
    ("an elective lost", drop(CYD_L1), "unplaced", "cyd lacks 1 rotations of E, the schedule says 0"),
    ("a withdrawn row", edit(CYD_FM, status="withdrawn"), "unplaced", "cyd lacks 2 weeks of FM"),
    ("a row twice", add(ANN_MS.model_copy()), "requirement", "ann has MS placed more than once: 2 placements, at most 1 allowed"),
    (
        "whole and part",
        add(A_MS.model_copy(update={"part": 1, "students": 2})),
        "requirement",
        "part 1 has MS placed more than once",
    ),
    (
        "somebody else's rotation",
        add(row("cyd", "L2", "weekly", 8, week(9, 2), 16)),
        "elective",
        "2 rotations of the elective set E",
    ),
    ("not asked", add(row("A", "FM", "clinic", 9, week(10, 4), 80)), "requirement", "this rotation is not asked of group A"),
    ("too early", bare(BOB_FM, start=week(1)), "order", "it comes after MS, which bob finishes on 2026-01-15"),
    ("without what comes before", drop(BOB_MS), "order", "it comes after MS, which bob has not placed in full"),
    # -- time
    ("two places", bare(ANN_FM, start=week(1)), "one_place", "ann is in two places on 2026-01-12"),
    (
        "two places in a week",
        bare(CYD_L1, start=week(7), weekdays=(2,)),
        "one_place",
        "cyd is in two places on 2026-02-25 at 07:00",
    ),
    (
        "over a break",
        bare(BOB_FM, start=week(7)),
        "calendar",
        "the calendar of nurs forbids from 2026-03-02 to 2026-03-06 (break)",
    ),
    ("when away", bare(BOB_FM, start=week(9)), "availability", "student bob is unavailable from 2026-03-16"),
    (
        "when committed",
        bare(CYD_FM, start=week(3)),
        "commitment",
        "student cyd is committed elsewhere from 2026-01-05 to 2026-02-01",
    ),
    ("on no start", bare(BOB_FM, start=week(4, 1)), "slot_window", "the slot has no start on 2026-02-03"),
    ("beyond the horizon", bare(BOB_FM, start=week(11)), "slot_window", "does not lie inside the planning horizon"),
    # -- what suits
    (
        "wrong specialty offered",
        bare(BOB_FM, slot="ward", start=week(2)),
        "specialty",
        "the slot offers medsurg, the rotation accepts family",
    ),
    ("wrong profession", bare(BOB_FM, slot="med-only"), "profession", "the slot accepts md, not rn"),
    ("wrong level", bare(BOB_FM, slot="junior"), "level", "the slot accepts level junior, not senior"),
    (
        "wrong setting",
        bare(CYD_FM, slot="annex"),
        "setting",
        "site mercy is of no named setting, the rotation asks for community",
    ),
    ("no preceptor", edit(BOB_FM, preceptor=""), "supervision", "a precepted rotation needs a preceptor by name"),
    (
        "a preceptor too many",
        edit(BOB_MS, preceptor="lee"),
        "supervision",
        "a rotation supervised by service has no preceptor, not lee",
    ),
    ("a conflict", bare(BOB_FM, slot="annex"), "conflict", "student bob must not be placed in unit annex"),
    ("a refusal", bare(CYD_FM, slot="second"), "refusal", "student cyd refuses slot second"),
    # -- places
    (
        "a full slot",
        add(*(row(who, "MS", "ward", 2, week(3, 3), 48) for who in ("ann", "bob", "ann"))),
        "slot_maximum",
        "Slot ward has 7",
    ),
    (
        "a full unit",
        add(*(row(who, "MS", "ward", 2, week(3, 3), 48) for who in ("ann", "bob"))),
        "unit_capacity",
        "Unit ward has 6 students",
    ),
    ("reserved places", bare(BOB_MS, start=week(2)), "reservation", "Slot ward keeps 2 for oak of 6 places: on 2026-01-19"),
    ("too few", drop(BOB_MS), "slot_minimum", "Slot ward has only 1 student on 2026-01-05 (ann), at least 2 or none"),
    ("not filled", drop(A_MS), "slot_fill", "Slot ward must be filled: 0 students in the week of 2026-01-19, at least 2 needed"),
    (
        "a unit not filled",
        drop(BOB_MS),
        "unit_minimum",
        "Unit ward must be filled: 1 student in the week of 2026-01-05, at least 2 needed",
    ),
    # -- preceptors
    ("wrong preceptor", edit(BOB_FM, preceptor="lee"), "preceptor_qualified", "preceptor lee does not list unit clinic"),
    ("preceptor away", bare(CYD_FM, start=week(9)), "preceptor_available", "kim is unavailable on 2026-03-13"),
    (
        "two at once",
        bare(BOB_FM, start=week(3)),
        "preceptor_at_once",
        "Preceptor kim has 2 students on 2026-01-26 (ann, bob), at most 1",
    ),
    ("too many weeks", add(row("A", "FM", "clinic", 9, week(10, 4), 80)), "preceptor_weeks", "in 8 weeks, at most 6 allowed"),
    (
        "faculty away",
        bare(A_MS, start=week(0)),
        "faculty",
        "group A, MS in slot ward from 2026-01-05: fay is unavailable until 2026-01-06",
    ),
    # -- people
    ("pinned elsewhere", bare(ANN_FM, slot="second"), "pin", "FM is pinned elsewhere (student ann, rotation FM, slot clinic)"),
    ("a pin not there", drop(ANN_FM), "pin", "No placement is what a pin says must be (student ann, rotation FM, slot clinic)"),
    ("where a pin says not", bare(BOB_MS, slot="weekly", weekdays=(2,)), "pin", "a pin says must not (student bob, slot weekly)"),
    # -- what the schedule says of itself
    ("a better objective", claim(objective=22, bound=22), "objective", "its objective is 22, it is 23"),
    ("a bound above", claim(bound=24), "bound", "The bound 24 is above the objective 23"),
    ("optimal without proof", claim(bound=20), "bound", "called optimal, but its bound 20 is below the objective 23"),
    ("a level's objective", level(objective=20, bound=20), "objective", "the objective of level 1 is 20, it is 23"),
    ("a level's bound", level(bound=24), "bound", "The bound 24 of level 1 is above its objective 23"),
    ("a penalty", score(penalty=9, cost=9), "objective", "rule waiting costs 9 (weeks), it costs 10"),
    ("a cost", score(cost=9), "objective", "rule waiting costs 9, which is not 1 × 10"),
    ("a weight", score(weight=2, cost=20), "objective", "rule waiting has weight 2 and level 1, the policy says 1 and 1"),
    ("a score left out", claim(scores=GOOD.scores[1:]), "objective", "rule waiting costs nothing (weeks), it costs 10"),
    ("a rule that is none", score(rule="beauty"), "objective", "a score for a rule beauty that does not exist"),
    ("said to be unplaced", claim(unplaced=(UNPLACED,)), "unplaced", "ann lacks 0 weeks of MS, the schedule says 2"),
]


@pytest.mark.parametrize(("spoil", "rule", "sentence"), [c[1:] for c in CORRUPTIONS], ids=[c[0] for c in CORRUPTIONS])
def test_corruption(spoil: Callable[[], Schedule], rule: str, sentence: str) -> None:
    report = verify(INSTANCE, spoil())
    assert not report.ok
    sentences = [v.sentence for v in report.violations if v.rule == rule]
    assert any(sentence in text for text in sentences), report.violations


def test_a_violation_names_its_rows() -> None:
    (violation,) = (v for v in verify(INSTANCE, edit(BOB_FM, preceptor="")()).violations if v.rule == "supervision")
    assert [p.student for p in violation.placements] == ["bob"]
    assert str(violation).endswith("needs a preceptor by name [supervision]")


@pytest.mark.parametrize("weekdays", [False, True], ids=["where they are a choice", "everywhere"])
def test_bare_rows_and_missing_numbers_claim_nothing(weekdays: bool) -> None:
    """A list of who, what, where and when is enough: all else is recomputed."""
    rows = tuple(
        Placement.model_validate(
            p.model_dump(include={"student", "group", "requirement", "slot", "start", "preceptor"})
            | {"end": p.start, "weeks": 0, "hours": 0, "program": ""}
            | ({"weekdays": p.weekdays} if weekdays or p.slot == "weekly" else {})
        )
        for p in GOOD.placements
    )
    report = verify(INSTANCE, Schedule(status=Status.FEASIBLE, placements=rows))
    assert report.violations == ()
    assert report.unplaced == ()
    assert report.objective == 23


def test_weekdays_of_a_bare_row_are_compared() -> None:
    (violation,) = verify(INSTANCE, bare(BOB_MS, weekdays=(0,))()).violations
    assert violation.sentence.endswith("weekdays is Mo, should be Tu Th")


def test_a_choice_of_weekdays_has_to_be_said() -> None:
    spoilt = bare(CYD_L1)()
    assert "weekdays blank are not 1 of Mo We Fr" in " ".join(v.sentence for v in verify(INSTANCE, spoilt).violations)


def test_an_empty_schedule_is_no_mistake() -> None:
    report = verify(world(), Schedule(status=Status.UNKNOWN))
    # six rotations are missing, each 100 × weight 10, and nobody pays anything else
    assert report.ok
    assert (report.objective, len(report.unplaced)) == (6000, 6)


def test_kinds() -> None:
    both = tuple(put(who, "MS", "ward", week(0)) for who in ("ann", "bob"))
    full = Schedule(status=Status.FEASIBLE, placements=both)
    tables: Any = {"slots": [slot(most_students=1)]}
    hard = verify(world(**tables), full)
    assert [v.rule for v in hard.violations] == ["slot_maximum"]
    assert "slot_maximum" not in hard.penalties
    soft = verify(world({"slot_maximum": {"kind": "soft", "weight": 7}}, **tables), full)
    # one too many in each of two weeks
    assert soft.ok
    assert (soft.penalties["slot_maximum"], soft.objective - hard.objective) == (2, 14)
    off = verify(world({"slot_maximum": {"kind": "off"}}, **tables), full)
    assert off.ok
    assert "slot_maximum" not in off.penalties


def test_unplaced_rows_of_a_split_group() -> None:
    tables: Any = {
        "students": [],
        "requirements": [requirement()],
        "groups": [{"group": "A", "program": "nurs", "size": 4, "split": "allowed", "least_size": 2}],
    }
    columns: Row = {"group": "A", "program": "nurs", "requirement": "MS", "missing": 2, "unit": "weeks"}
    whole = Unplaced(**columns, students=4)
    parts = [Unplaced(**columns, part=i, students=2) for i in (1, 2)]
    for rows in ([whole], parts):
        assert verify(world(**tables), Schedule(status=Status.FEASIBLE, unplaced=tuple(rows))).ok
    one = verify(world(**tables), Schedule(status=Status.FEASIBLE, unplaced=(parts[0],)))
    assert [v.sentence for v in one.violations] == ["group A part 2 lacks 2 weeks of MS, the schedule says 0"]
    small = parts[0].model_copy(update={"students": 1})
    wrong = verify(world(**tables), Schedule(status=Status.FEASIBLE, unplaced=(small, parts[1])))
    assert [v.sentence for v in wrong.violations] == ["Unplaced row of group A part 1, MS: students is 1, should be 2"]
