"""What a solve is given: what stays, and who is planned."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from scheduler.domain import RULES, Instance, Placement, Policy, Schedule
from scheduler.domain.baseline import against
from scheduler.domain.tables import Preference
from scheduler.domain.wording import proof_sentence
from scheduler.errors import InputError
from scheduler.verify import verify
from scheduler.versions.keep import KEPT, MORE_HELPS, Keep, check_kept, finished, plan
from tests.examples import example, reference
from tests.verify.world import SPLIT, slot, week, world
from tests.versions.term import one, precepted, solved

TERM = precepted()
FOUND = solved(TERM)
Strategy = Literal["direct", "columns"]


def marked(schedule: Schedule) -> Schedule:
    """The schedule with one status after the other."""
    states = ("proposed", "accepted by school", "accepted by site", "confirmed")
    rows = [p.model_copy(update={"status": states[n % 4]}) for n, p in enumerate(schedule.placements)]
    return schedule.model_copy(update={"placements": tuple(rows)})


def again(
    instance: Instance, before: Schedule | None, keep: Keep = "", only: tuple[str, ...] = (), strategy: Strategy = "direct"
) -> Schedule:
    """What the command does, checked."""
    data = against(instance, before.placements) if before else instance
    given = plan(data, before, keep, only)
    check_kept(data, given.kept)
    data = given.applied(data)
    found = finished(solved(data, strategy), given)
    assert verify(data, found).ok, verify(data, found).violations
    return found


def turned(instance: Instance) -> Instance:
    """An instance whose wishes are others, so that whatever may move does."""
    wishes = tuple(
        Preference(who_kind="student", who=s.student, what="start", start=instance.first_monday, score=1000)
        for s in instance.students
        if not s.group
    )
    calm = Policy.model_validate({"rules": {"stability": {"kind": "off"}}})
    return instance.model_copy(update={"preferences": wishes, "policy": instance.policy.merged(calm)})


@pytest.mark.parametrize("strategy", ["direct", "columns"])
@pytest.mark.parametrize("keep", ["confirmed", "accepted", "proposed"])
def test_kept_placements_never_move(keep: Keep, strategy: Strategy) -> None:
    instance, before = turned(example("small")), marked(reference("small"))
    found = again(instance, before, keep, strategy=strategy)
    stay = {p for p in before.placements if p.status in KEPT[keep]}
    assert stay and stay <= set(found.placements)
    assert found.given is not None and found.given.kept == len(stay)
    assert "that are kept" in proof_sentence(found)
    if keep == "proposed":
        assert set(found.placements) >= set(before.placements)


@pytest.mark.parametrize("strategy", ["direct", "columns"])
@pytest.mark.parametrize("word", ["profession=pharmd", "program=maple-pa", "school=maple"])
def test_others_are_left_as_they_were(word: str, strategy: Strategy) -> None:
    instance, before = turned(example("small")), marked(reference("small"))
    gone = before.placements[0].model_copy(update={"status": "declined"})
    before = before.model_copy(update={"placements": (gone, *before.placements[1:])})
    found = again(instance, before, only=(word,), strategy=strategy)
    kind, _, name = word.partition("=")
    professions = {p.program: p.profession for p in instance.programs}

    def is_planned(p: Placement) -> bool:
        return {"profession": professions[p.program], "program": p.program, "school": p.school}[kind] == name

    assert [p for p in found.placements if not is_planned(p)] == [p for p in before.placements if not is_planned(p)]
    assert [u.planned for u in found.unplaced if professions[u.program] != "rn"] != []
    assert f"for {word} alone, not the whole term" in proof_sentence(found)


def test_without_an_earlier_schedule_others_get_nothing() -> None:
    found = again(TERM, None, only=("school=maple", "profession=rn"))
    assert {p.school for p in found.placements} == {"maple"}
    assert {(u.student, u.planned) for u in found.unplaced} == {("cyd", False)}
    assert found.given is not None and found.given.not_planned == 2
    assert "everything is placed" in proof_sentence(found)
    assert again(TERM, None, only=("school=maple", "profession=md")).placements == ()


@pytest.mark.parametrize("pin", [{"requirement": "MS", "start": week(4)}, {"start": week(4)}])
def test_what_others_must_have_waits_until_they_are_planned(pin: dict[str, Any]) -> None:
    """Even where it could not be had alone: what has to come before it is not planned either."""
    must = {"student": "cyd", "pin": "must", **pin}
    found = again(precepted(pins=[must]), None, only=("school=maple",))
    assert not [p for p in found.placements if p.student == "cyd"]
    everybody = again(precepted(pins=[must]), None)
    assert week(4) in {p.start for p in everybody.placements if p.student == "cyd"}


def test_statuses_of_what_is_as_before_stay() -> None:
    before = marked(FOUND)
    found = again(TERM, before)
    assert found.given is None
    assert {p for p in before.placements if p in found.placements} == set(found.placements)


@pytest.mark.parametrize("strategy", ["direct", "columns"])
def test_parts_of_a_group_stay_where_they_are(strategy: Strategy) -> None:
    instance = world(**SPLIT, slots=[slot("ward", most_students=2), slot("clinic", most_students=2)])
    before = marked(solved(instance))
    kept = next(p for p in before.placements if p.status == "confirmed")
    found = again(instance, before, "confirmed", strategy=strategy)
    assert kept in found.placements


@pytest.mark.parametrize("name", ["cedar", "summit"])
def test_teams_and_second_preceptors_stay(name: str) -> None:
    instance, before = example(name), marked(reference(name))
    assert any(p.team or p.co_preceptor for p in before.placements)
    assert set(again(instance, before, "proposed").placements) >= set(before.placements)


CLOSED = {"unit": "ward", "most_students": 0}


@pytest.mark.parametrize(
    "tables",
    [
        {"capacity": [CLOSED]},
        {"availability": [{"who_kind": "unit", "who": "ward"}]},
        {"slots": [slot("ward", first_start=week(8)), slot("clinic")]},
        {"pins": [{"student": "ann", "requirement": "MS", "unit": "ward", "pin": "must not"}]},
    ],
)
def test_what_cannot_stay_is_named(tables: dict[str, list[dict[str, object]]]) -> None:
    before = FOUND.model_copy(
        update={"placements": tuple(p.model_copy(update={"status": "confirmed"}) for p in FOUND.placements)}
    )
    with pytest.raises(InputError) as caught:
        again(precepted(**tables), before, "confirmed")
    problem = next(p for p in caught.value.problems if "ann, MS" in p.message)
    assert "is confirmed and kept, but cannot stay" in problem.message
    assert "repair" in problem.suggestion


def test_what_others_can_help_is_not_called_impossible() -> None:
    instance = world(slots=[slot("ward", least_students=3), slot("clinic")])
    before = solved(instance)
    rows = [p.model_copy(update={"status": "confirmed"}) if p.student == "ann" else p for p in before.placements]
    found = again(instance, before.model_copy(update={"placements": tuple(rows)}), "confirmed")
    assert one(found, "ann").status == "confirmed"
    assert set(RULES) >= MORE_HELPS


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("pt", "is not understood"),
        ("school=", "is not understood"),
        ("school=oka", "no such school"),
        ("profession=pt", "no student"),
    ],
)
def test_words_that_are_not_understood(word: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        plan(TERM, None, "", (word,))
