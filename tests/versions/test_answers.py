"""What an answer makes of statuses and pins."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.domain import Instance, Schedule
from scheduler.domain.tables import Pin
from scheduler.verify import verify
from scheduler.versions.answers import Answered, apply_answers
from scheduler.versions.decisions import Decision, open_appeals
from tests.verify.world import SPLIT, requirement, slot, week, world
from tests.versions.term import CLINIC, KIM, MAPLE, OAK, WARD, WHEN, From, one, precepted, said, solved

TERM = precepted()
FOUND = solved(TERM)
ANN = one(FOUND, "ann")


def answered(*steps: tuple[From, dict[str, str]], instance: Instance = TERM, schedule: Schedule = FOUND) -> Answered:
    """One answer after the other; decisions and problems are those of the last."""
    log: list[Decision] = []
    found = Answered(instance, schedule, (), ())
    for n, (sender, cells) in enumerate(steps):
        when = WHEN + timedelta(minutes=n)
        found = apply_answers(found.instance, found.schedule, [cells], sender, when, earlier=log, version=1)
        log += found.decisions
    return found


def status(found: Answered, who: str = "ann") -> str:
    return one(found.schedule, who).status


YES, NO = said(ANN), said(ANN, "false")


@pytest.mark.parametrize(
    ("steps", "after"),
    [
        ([(MAPLE, YES)], "accepted by school"),
        ([(WARD, YES)], "accepted by site"),
        ([(KIM, YES)], "accepted by site"),
        ([(MAPLE, YES), (KIM, YES)], "confirmed"),
        ([(WARD, YES), (MAPLE, YES)], "confirmed"),
        ([(WARD, YES), (KIM, YES)], "accepted by site"),
        ([(MAPLE, NO)], "declined"),
        ([(WARD, YES), (MAPLE, NO)], "declined"),
        ([(MAPLE, YES), (MAPLE, NO)], "withdrawn"),
        ([(MAPLE, YES), (WARD, YES), (WARD, NO)], "withdrawn"),
        ([(MAPLE, NO), (MAPLE, YES)], "declined"),
    ],
)
def test_statuses(steps: list[tuple[From, dict[str, str]]], after: str) -> None:
    found = answered(*steps)
    assert status(found) == after
    assert found.decisions[-1].status_after == after


def test_what_is_confirmed_is_pinned_and_keeps_its_proof() -> None:
    found = answered((MAPLE, YES), (WARD, YES))
    pin = Pin(student="ann", requirement="MS", slot="ward", start=ANN.start, preceptor="kim")
    assert found.instance.pins == (pin,)
    assert (found.schedule.status, found.schedule.bound) == (FOUND.status, FOUND.bound)
    assert verify(found.instance, found.schedule).ok


def test_of_a_rotation_in_several_blocks_the_others_stay_free() -> None:
    rows = [requirement(name, "nurs", blocks=2, weeks_min=1) for name in ("MS", "FM")]
    slots = [slot(name, length=1) for name in ("ward", "clinic")]
    instance = world(requirements=rows, slots=slots, students=[{"student": "ann", "program": "nurs"}])
    schedule = solved(instance)
    first, second = (p for p in schedule.placements if p.requirement == "MS")
    found = answered((MAPLE, said(first)), (WARD, said(first)), instance=instance, schedule=schedule)
    assert found.instance.pins[0].requirement is None
    assert verify(found.instance, found.schedule).ok
    again = answered((WARD, said(second, "false")), instance=found.instance, schedule=found.schedule)
    rows_now = [p for p in solved(again.instance).placements if p.requirement == "MS"]
    assert len(rows_now) == 2
    assert first.start in {p.start for p in rows_now} and second.start not in {p.start for p in rows_now}


@pytest.mark.parametrize(
    ("sender", "scope", "pin"),
    [
        (WARD, "", Pin(student="ann", requirement="MS", slot="ward", start=ANN.start, pin="must not")),
        (KIM, "", Pin(student="ann", requirement="MS", slot="ward", start=ANN.start, preceptor="kim", pin="must not")),
        (WARD, "this unit", Pin(student="ann", requirement="MS", unit="ward", pin="must not")),
        (MAPLE, "this preceptor", Pin(student="ann", requirement="MS", preceptor="kim", pin="must not")),
    ],
)
def test_a_no_is_never_proposed_again(sender: From, scope: str, pin: Pin) -> None:
    found = answered((sender, said(ANN, "false", scope=scope, reason="no room")))
    assert found.instance.pins == (pin,)
    assert verify(found.instance, found.schedule).ok  # what it says of itself is counted anew
    (missing,) = found.schedule.unplaced
    assert missing.reason == f"declined by {sender.kind} {sender.id}: no room"
    new = [p for p in solved(found.instance).placements if (p.student, p.requirement) == ("ann", "MS")]
    assert [p for p in new if scope or p.start == ANN.start] == []


def test_a_change_of_mind_takes_the_pins_back() -> None:
    found = answered((MAPLE, YES), (WARD, YES), (WARD, NO))
    assert [pin.pin for pin in found.instance.pins] == ["must not"]
    found = answered((MAPLE, YES), (WARD, YES), (WARD, NO), (WARD, YES))
    assert found.instance.pins == ()
    assert status(found) == "withdrawn"
    assert "can propose the placement again" in found.problems[0].message


def test_only_who_said_no_takes_it_back() -> None:
    found = answered((WARD, NO), (MAPLE, YES))
    assert len(found.instance.pins) == 1
    assert "unit ward has said no" in found.problems[0].message
    both = answered((WARD, NO), (MAPLE, NO), (WARD, YES))
    assert len(both.instance.pins) == 1
    assert "that of school maple stands" in both.problems[0].message


def test_other_peoples_answers_are_refused() -> None:
    for sender in (OAK, CLINIC, From("preceptor", "lee")):
        found = answered((sender, YES))
        assert [p.code for p in found.problems] == ["not_theirs"]
        assert found.schedule == FOUND and not found.decisions


def test_what_is_proposed_instead_is_said() -> None:
    found = answered((MAPLE, YES | {"start": week(9).isoformat()}))
    assert f"now proposed: ward from {ANN.start} with kim" in found.problems[0].message
    assert found.schedule == FOUND and not found.decisions
    assert "now nothing is proposed" in answered((MAPLE, YES | {"who": "eve"})).problems[0].message


@pytest.mark.parametrize("cells", [{"start": "soon"}, {"answer": "maybe"}, {"part": "x"}, {"slot": ""}, {"scope": "forever"}])
def test_rows_that_say_nothing_clear(cells: dict[str, str]) -> None:
    found = answered((MAPLE, YES | cells))
    assert [p.severity for p in found.problems] == ["error"]
    assert found.schedule == FOUND


def test_rows_without_an_answer_are_passed_over() -> None:
    assert answered((MAPLE, said(ANN, ""))) == Answered(TERM, FOUND, (), ())


def test_an_appeal_is_open_until_something_is_decided() -> None:
    appeal = said(ANN, "", appeal="please later")
    log: list[Decision] = []
    for sender, cells, are_open in ((MAPLE, appeal, 1), (MAPLE, appeal, 1), (WARD, NO, 0), (MAPLE, appeal, 0)):
        found = apply_answers(TERM, FOUND, [cells], sender, WHEN, earlier=log)
        log += found.decisions
        assert len(open_appeals(log)) == are_open
    assert [d.status_after for d in log] == ["proposed", "declined"]


def test_who_says_yes_for_a_unit() -> None:
    units = [
        {"unit": "ward", "site": "mercy", "specialties": ("medsurg",), "approvers": ("joan",)},
        {"unit": "clinic", "site": "lake", "specialties": ("family",)},
    ]
    instance = precepted(units=units)
    for who, codes in (("joan", []), ("", []), ("max", ["approver"])):
        found = apply_answers(instance, FOUND, [YES | {"decided_by": who}], WARD, WHEN)
        assert [p.code for p in found.problems] == codes
        assert status(found) == "accepted by site"


PARTS = world(**SPLIT, slots=[slot("ward", most_students=2), slot("clinic", most_students=2)])
SPLIT_UP = solved(PARTS)


def test_parts_of_a_group_answer_each_for_itself() -> None:
    first, second = one(SPLIT_UP, "A", part=1), one(SPLIT_UP, "A", part=2)
    steps = [(s, said(p)) for p in (first, second) for s in (MAPLE, WARD)]
    found = answered(*steps, instance=PARTS, schedule=SPLIT_UP)
    assert {(pin.part, pin.start) for pin in found.instance.pins} == {(1, first.start), (2, second.start)}
    assert verify(found.instance, found.schedule).ok
    again = solved(found.instance)
    assert {(p.part, p.start) for p in again.placements if p.requirement == "MS"} == {(1, first.start), (2, second.start)}
    gone = answered((WARD, said(first, "false")), instance=PARTS, schedule=SPLIT_UP)
    assert gone.instance.pins[0].part is None  # parts are like each other: the other one shall not come then, either
    assert one(gone.schedule, "A", part=2).status == "proposed"
    unit = answered((WARD, said(first, "false", scope="this unit")), instance=PARTS, schedule=SPLIT_UP)
    assert unit.instance.pins[0].part == 1  # the other one is there and has not been asked
    assert verify(unit.instance, unit.schedule).ok


def test_what_breaks_without_somebody_is_said() -> None:
    instance = world(slots=[slot("ward", least_students=3), slot("clinic")])
    schedule = solved(instance)
    found = apply_answers(instance, schedule, [said(one(schedule, "ann"), "false")], MAPLE, WHEN)
    assert [p.code for p in found.problems] == ["broken"]
    assert "fewer" in found.problems[0].message or "least" in found.problems[0].message


SENDERS = (MAPLE, OAK, WARD, CLINIC, KIM)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(SENDERS),
            st.lists(
                st.tuples(
                    st.integers(0, len(FOUND.placements) - 1),
                    st.sampled_from(["true", "false", ""]),
                    st.sampled_from(["", "this unit", "this preceptor"]),
                    st.sampled_from(["", "please"]),
                ),
                max_size=4,
                unique_by=lambda row: row[0],
            ),
        ),
        max_size=6,
    )
)
def test_the_same_answers_twice_change_nothing(files: list[tuple[From, list[tuple[int, str, str, str]]]]) -> None:
    instance, schedule = TERM, FOUND
    log: list[Decision] = []
    for sender, rows in files:
        cells = [said(FOUND.placements[i], a, scope=s, appeal=w) for i, a, s, w in rows]
        first = apply_answers(instance, schedule, cells, sender, WHEN, earlier=log)
        log += first.decisions
        again = apply_answers(first.instance, first.schedule, cells, sender, WHEN, earlier=log)
        assert (again.instance, again.schedule, again.decisions) == (first.instance, first.schedule, ())
        instance, schedule = first.instance, first.schedule
    musts = {(pin.student, pin.requirement) for pin in instance.pins if pin.pin == "must"}
    assert musts == {(p.student, p.requirement) for p in schedule.placements if p.status == "confirmed"}
    assert verify(instance, schedule).ok
