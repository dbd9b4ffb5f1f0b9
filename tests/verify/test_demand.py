"""Required rotations, electives, order, length, groups kept whole."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.verify import demand
from scheduler.verify.parties import part_sizes
from tests.verify.world import GROUP, SPLIT, cost, facts, found, put, requirement, says, slot, week, world

ANN = {"students": [{"student": "ann", "program": "nurs"}]}
MS = put("ann", "MS", "ward", week(0))
FM = put("ann", "FM", "clinic", week(2))


def missing(instance: Any, *placements: Any) -> list[tuple[str, str, int, str]]:
    return [
        (r.student or f"{r.group}{r.part}", r.requirement, r.missing, r.unit)
        for r in demand.unplaced(facts(instance, *placements))
    ]


def test_requirement() -> None:
    instance = world(**ANN)
    assert cost("requirement", instance, MS, FM) == 0
    # FM of one student with priority 1 is missing: 100
    assert cost("requirement", instance, MS) == 100
    assert missing(instance, MS) == [("ann", "FM", 2, "weeks")]
    # 100 × student priority 3 × rotation priority 2
    urgent = world(students=[{"student": "ann", "program": "nurs", "priority": 3}], requirements=[requirement(priority=2)])
    assert cost("requirement", urgent) == 600


def test_requirement_of_a_group() -> None:
    # MS and FM of four students, the largest priority of the named ones being 1: 2 × 100 × 4
    assert cost("requirement", world(**GROUP)) == 800
    both = [put("A", "MS", "ward", week(0)), put("A", "FM", "clinic", week(2))]
    assert cost("requirement", world(**GROUP), *both) == 0
    # nothing is asked of its students themselves
    assert "not asked of ann" in says("requirement", world(**GROUP), *both, put("ann", "MS", "ward", week(4)))
    # a group that lists its rotations leaves the others to its students: FM of ann and bob
    listing = world(students=GROUP["students"], groups=[{**GROUP["groups"][0], "requirements": "MS"}])
    assert missing(listing, both[0]) == [("ann", "FM", 2, "weeks"), ("bob", "FM", 2, "weeks")]


def test_requirement_of_parts() -> None:
    assert part_sizes(world(groups=[{**SPLIT["groups"][0], "size": 8, "least_size": 3}]).groups[0]) == (4, 4)
    assert part_sizes(world(groups=[{**SPLIT["groups"][0], "size": 11, "least_size": 3}]).groups[0]) == (4, 4, 3)
    assert part_sizes(world(groups=[{**SPLIT["groups"][0], "size": 5, "least_size": 3}]).groups[0]) == ()
    whole, first = put("A", "MS", "ward", week(0)), put("A", "MS", "ward", week(0), part=1)
    # the whole group meets what is asked of both parts; the two parts lack FM: 2 × 100 × 2 students
    assert cost("requirement", world(**SPLIT), whole) == 400
    # one part in MS: the other lacks it
    assert missing(world(**SPLIT), first) == [("A1", "FM", 2, "weeks"), ("A2", "MS", 2, "weeks"), ("A2", "FM", 2, "weeks")]
    assert "group A part 1 has MS placed more than once" in says("requirement", world(**SPLIT), whole, first)


def test_requirement_placed_too_often() -> None:
    again = put("ann", "MS", "ward", week(4))
    assert "ann has MS placed more than once: 2 placements, at most 1 allowed" in says("requirement", world(**ANN), MS, FM, again)


def test_split_requirement() -> None:
    # 6 weeks in up to 3 pieces of 2 weeks; each missing week costs ⌈100/6⌉ = 17
    instance = world(requirements=[requirement(amount=6, blocks=3)], **ANN)
    pieces = [put("ann", "MS", "ward", week(2 * i)) for i in range(4)]
    assert cost("requirement", instance) == 6 * 17
    assert cost("requirement", instance, *pieces[:2]) == 2 * 17
    assert not found("requirement", instance, *pieces[:3])
    assert "4 placements, at most 3 allowed" in says("requirement", instance, *pieces)
    # 5 weeks are exceeded by three pieces of 2
    assert "has 6 weeks of MS, only 5 are asked" in says(
        "requirement", world(requirements=[requirement(amount=5, blocks=3)], **ANN), *pieces[:3]
    )


@pytest.mark.parametrize(
    ("tables", "asked"),
    [
        ({}, 6),
        ({"credits": [{"student": "ann", "requirement": "MS", "amount": 2}]}, 4),
        ({"credits": [{"student": "ann", "requirement": "MS", "amount": 9}]}, 0),
        ({"student_requirements": [{"student": "ann", "requirement": "MS", "change": "waive"}]}, 0),
        ({"student_requirements": [{"student": "ann", "requirement": "MS", "change": "add", "amount": 3}]}, 3),
        # a repeat asks all of it once more, whatever is credited
        (
            {
                "student_requirements": [{"student": "ann", "requirement": "MS", "change": "repeat"}],
                "credits": [{"student": "ann", "requirement": "MS", "amount": 6}],
            },
            6,
        ),
        ({"student_requirements": [{"student": "ann", "requirement": "MS", "change": "repeat"}]}, 12),
        (
            {"commitments": [{"who_kind": "student", "who": "ann", "start": week(0), "end": week(5), "requirement": "MS"}]},
            0,
        ),
    ],
)
def test_amount_asked(tables: dict[str, Any], asked: int) -> None:
    instance = world(requirements=[requirement(amount=6)], **ANN, **tables)
    assert sum(row[2] for row in missing(instance)) == asked


def test_listed_requirement() -> None:
    listed = [requirement(applies_to="listed")]
    assert missing(world(requirements=listed, **ANN)) == []
    add = [{"student": "ann", "requirement": "MS", "change": "add"}]
    assert missing(world(requirements=listed, student_requirements=add, **ANN)) == [("ann", "MS", 2, "weeks")]


def test_repeats_of_another_length() -> None:
    # two weeks of MS and a repeat of one: the slot takes as long as is asked, and what is claimed tells them apart
    instance = world(
        requirements=[requirement()],
        slots=[slot(length=None)],
        student_requirements=[{"student": "ann", "requirement": "MS", "change": "repeat", "amount": 1}],
        **ANN,
    )
    short = put("ann", "MS", "ward", week(0), end=week(0, 4), weeks=1)
    long = put("ann", "MS", "ward", week(3), end=week(4, 4), weeks=2)
    assert not found("requirement", instance, short, long)
    assert not found("duration", instance, short, long)
    assert missing(instance, short) == [("ann", "MS", 2, "weeks")]
    # one of two is missing: 100
    assert cost("requirement", instance, long) == 100


def test_repeats_of_a_split_rotation() -> None:
    # 2 weeks in two pieces, and 4 more as a repeat, not before week 4
    instance = world(
        requirements=[requirement(amount=2, blocks=2)],
        slots=[slot(length=1)],
        student_requirements=[{"student": "ann", "requirement": "MS", "change": "repeat", "amount": 4, "earliest": week(4)}],
        **ANN,
    )
    # each missing week costs 100/2 of the first and 100/4 of the repeat
    assert cost("requirement", instance) == 200
    early, late = [put("ann", "MS", "ward", week(i)) for i in (0, 1)], [put("ann", "MS", "ward", week(i)) for i in (4, 5, 6)]
    assert cost("requirement", instance, *early) == 100
    # whichever leaves least to pay: one week of the first is worth more than one of the repeat
    assert cost("requirement", instance, early[0], late[0]) == 100
    assert cost("requirement", instance, *early, *late[:2]) == 50
    assert missing(instance, *early, *late[:2]) == [("ann", "MS", 2, "weeks")]
    # the repeat may be split in two like the rest, so a third late placement is one too many
    assert "5 placements, at most 4 allowed" in says("requirement", instance, *early, *late)
    # three early ones: the third would have to be the repeat, which comes too early
    third = put("ann", "MS", "ward", week(2))
    assert "it must not start before 2026-02-02" in says("availability", instance, *early, third)
    assert not found("availability", instance, *early, *late[:2])


ELECTIVE: dict[str, Any] = {
    "requirements": [requirement(name, elective_set="E", choose=1, priority=p) for name, p in (("MS", 1), ("FM", 2))],
    **ANN,
}


def test_elective() -> None:
    # nothing chosen: 100 × the largest priority in the set
    assert cost("elective", world(**ELECTIVE)) == 200
    assert missing(world(**ELECTIVE)) == [("ann", "E", 1, "rotations")]
    assert cost("requirement", world(**ELECTIVE)) == 0
    assert not found("elective", world(**ELECTIVE), MS)
    assert "ann takes 2 rotations of the elective set E (MS, FM), 1 are asked" in says("elective", world(**ELECTIVE), MS, FM)
    both = [{"student": "ann", "requirement": "E", "change": "choose", "amount": 2}]
    assert not found("elective", world(student_requirements=both, **ELECTIVE), MS, FM)
    # what is credited counts as chosen, what is waived does not
    credit = [{"student": "ann", "requirement": "FM", "amount": 2}]
    assert cost("elective", world(credits=credit, **ELECTIVE)) == 0
    waive = [{"student": "ann", "requirement": "FM", "change": "waive"}]
    assert cost("elective", world(student_requirements=waive, **ELECTIVE)) == 200
    assert "not asked" in says("requirement", world(student_requirements=waive, **ELECTIVE), FM)


def test_elective_is_taken_once_and_in_one_placement() -> None:
    split: Any = {**ELECTIVE, "requirements": [requirement(amount=4, blocks=2, elective_set="E", choose=1)]}
    assert "2 weeks planned, 4 asked" in says("duration", world(**split), MS)
    twice = [MS, put("ann", "MS", "ward", week(4))]
    assert "ann has MS placed more than once" in says("requirement", world(**split), *twice)
    # a repeat lets a credited elective be chosen again, and then it does not count as chosen
    again = [{"student": "ann", "requirement": "MS", "change": "repeat"}]
    credit = [{"student": "ann", "requirement": "MS", "amount": 2}]
    assert missing(world(student_requirements=again, credits=credit, **ELECTIVE)) == [("ann", "E", 1, "rotations")]
    assert not found("requirement", world(student_requirements=again, credits=credit, **ELECTIVE), MS)
    assert not found("elective", world(student_requirements=again, credits=credit, **ELECTIVE), MS)


def test_elective_of_a_group() -> None:
    instance = world(requirements=ELECTIVE["requirements"], **GROUP)
    # 100 × 4 students × priority 2
    assert cost("elective", instance) == 800
    assert cost("elective", instance, put("A", "MS", "ward", week(0))) == 0


AFTER = [requirement("MS"), requirement("FM", after="MS")]


def test_order() -> None:
    instance = world(requirements=AFTER, **ANN)
    assert not found("order", instance, MS, FM)
    early = put("ann", "FM", "clinic", week(0))
    late = put("ann", "MS", "ward", week(2))
    assert "ann, FM in slot clinic from 2026-01-05: it comes after MS, which ann finishes on 2026-01-30" in says(
        "order", instance, early, late
    )
    # the last day of MS is a Friday; FM may not start in the same week
    assert cost("order", instance, MS, put("ann", "FM", "clinic", week(1))) == 1
    assert "which ann has not placed in full" in says("order", instance, FM)
    waive = [{"student": "ann", "requirement": "MS", "change": "waive"}]
    assert not found("order", world(requirements=AFTER, student_requirements=waive, **ANN), FM)
    credit = [{"student": "ann", "requirement": "MS", "amount": 2}]
    assert not found("order", world(requirements=AFTER, credits=credit, **ANN), FM)


def test_nothing_waits_for_a_repeat() -> None:
    # MS was done once and is done again after FM
    again = [{"student": "ann", "requirement": "MS", "change": "repeat"}]
    credit = [{"student": "ann", "requirement": "MS", "amount": 2}]
    late = put("ann", "MS", "ward", week(4))
    assert not found("order", world(requirements=AFTER, student_requirements=again, credits=credit, **ANN), FM, late)
    # without the credit the first time has to come before, the second need not
    twice = world(requirements=AFTER, student_requirements=again, **ANN)
    assert not found("order", twice, MS, FM, late)
    assert cost("order", twice, FM, late) == 1


def test_order_after_a_split_rotation_and_an_elective() -> None:
    split = [requirement("MS", amount=4, blocks=2), requirement("FM", after="MS")]
    second = put("ann", "MS", "ward", week(4))
    last = put("ann", "FM", "clinic", week(6))
    assert not found("order", world(requirements=split, **ANN), MS, second, last)
    assert cost("order", world(requirements=split, **ANN), MS, last) == 1
    # an elective that was not chosen is not finished
    elective = [requirement("MS", elective_set="E", choose=0), requirement("FM", after="MS")]
    assert cost("order", world(requirements=elective, **ANN), last) == 1


def test_order_between_a_group_and_its_students() -> None:
    # the group takes MS together, ann and bob take FM by themselves
    listing = [{**GROUP["groups"][0], "requirements": "MS"}]
    instance = world(requirements=AFTER, students=GROUP["students"], groups=listing)
    together = put("A", "MS", "ward", week(0))
    assert not found("order", instance, together, FM)
    assert cost("order", instance, put("A", "MS", "ward", week(2)), put("ann", "FM", "clinic", week(0))) == 1
    # the other way round the group has to wait for both students; the pair counts once
    swapped = world(requirements=[requirement("MS", after="FM"), requirement("FM")], students=GROUP["students"], groups=listing)
    assert cost("order", swapped, put("ann", "FM", "clinic", week(0)), put("A", "MS", "ward", week(2))) == 1


@pytest.mark.parametrize(
    ("asks", "columns", "sentence"),
    [
        ({}, {}, ""),
        ({"amount": 3}, {}, "2 weeks planned, 3 asked"),
        ({"amount": 1}, {}, "2 weeks planned, 1 asked"),
        ({"amount": 81, "amount_unit": "hours"}, {}, "80 hours planned, 81 asked"),
        ({"amount": 60, "amount_unit": "hours"}, {}, ""),  # more hours are welcome
        ({"amount": 11, "amount_unit": "shifts"}, {}, "10 shifts planned, 11 asked"),
        ({"amount": 1, "blocks": 2}, {}, "2 weeks are more than the 1 asked"),
        ({"amount": 6, "blocks": 3}, {}, ""),
        ({"weeks_min": 3}, {}, "2 weeks are fewer than 3"),
        ({"weeks_max": 1}, {}, "2 weeks are more than 1"),
        ({"per_week_min": 3}, {"weekdays": "Tu Th"}, "2 sessions a week are fewer than 3"),
        ({"per_week_max": 4}, {}, "5 sessions a week are more than 4"),
        ({"per_week_max": 4}, {"pattern": "follows"}, ""),  # its sessions are not known
        ({"amount": 1}, {"weekdays": "Sa", "length": 3, "length_unit": "days"}, "it has no session"),
    ],
)
def test_duration(asks: dict[str, Any], columns: dict[str, Any], sentence: str) -> None:
    text = says("duration", world(requirements=[requirement(**asks)], slots=[slot(**columns)], **ANN), MS)
    assert sentence in text
    assert bool(sentence) == bool(text)


def test_duration_of_a_partial_credit() -> None:
    credit = [{"student": "ann", "requirement": "MS", "amount": 1}]
    # one week is left, so a slot of two weeks is too long
    assert "2 weeks planned, 1 asked" in says("duration", world(credits=credit, **ANN), MS)
    assert not found("duration", world(credits=credit, slots=[slot(length=None)], **ANN), MS)


def test_keep_whole() -> None:
    assert cost("keep_whole", world(**SPLIT), put("A", "MS", "ward", week(0))) == 0
    parts = [put("A", "MS", "ward", week(0), part=i) for i in (1, 2)]
    assert cost("keep_whole", world(**SPLIT), *parts) == 2
