"""How a student's placements lie in time: the checks, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verify.world import BASE, GROUP, SPLIT, cost, found, put, requirement, says, week, world

MS = put("ann", "MS", "ward", week(0))


def fm(start: int) -> Any:
    return put("ann", "FM", "clinic", week(start))


def spaced(other: str = "FM", /, more: dict[str, Any] | None = None, **weeks: int) -> Any:
    return world(spacings=[{"program": "nurs", "requirement": "MS", "other": other, **weeks}], **(more or {}))


@pytest.mark.parametrize(
    ("weeks", "start", "wrong"),
    [
        ({"least_weeks": 2}, 3, True),  # from Friday to the second Monday after it: 9 days
        ({"least_weeks": 2}, 4, False),  # 16 days
        ({"least_weeks": 1}, 1, False),  # they overlap
        ({"most_weeks": 0}, 2, False),
        ({"most_weeks": 0}, 3, True),
        ({"most_weeks": 1}, 3, False),
        ({"least_weeks": 0}, 2, False),
    ],
)
def test_spacing(weeks: dict[str, int], start: int, wrong: bool) -> None:
    instance = world(spacings=[{"program": "nurs", "requirement": "MS", "other": "FM", **weeks}])
    assert cost("spacing", instance, MS, fm(start)) == wrong
    other = put("cyd", "FM", "clinic", week(start))
    assert cost("spacing", instance, put("cyd", "MS", "ward", week(0)), other) == 0  # another program


def test_spacing_says_what_is_between() -> None:
    assert says("spacing", spaced(least_weeks=2), put("ann", "MS", "ward", week(3)), fm(0)) == (
        "ann: between FM (to 2026-01-16) and MS (from 2026-01-26) lie 1 whole weeks, at least 2 are wanted"
    )


def test_spacing_of_pairs() -> None:
    split = {"requirements": [requirement("MS", amount=6, blocks=3), requirement("FM")], "students": [BASE["students"][0]]}
    three = [put("ann", "MS", "ward", week(w)) for w in (0, 2, 6)]
    assert cost("spacing", spaced("MS", split, least_weeks=1), *three) == 1
    assert cost("spacing", spaced("MS", split, most_weeks=0), *three) == 2
    assert cost("spacing", spaced(more=split, least_weeks=1), *three, fm(4)) == 2  # after the second, before the third


def test_spacing_with_groups() -> None:
    instance = spaced(more=SPLIT, least_weeks=1)
    whole = put("A", "MS", "ward", week(0))
    assert cost("spacing", instance, whole, put("A", "FM", "clinic", week(2), part=1)) == 1
    assert cost("spacing", instance, put("A", "MS", "ward", week(0), part=2), put("A", "FM", "clinic", week(2), part=1)) == 0
    assert cost("spacing", spaced(more=GROUP, least_weeks=1), whole, put("A", "FM", "clinic", week(2))) == 1


def test_heavy() -> None:
    heavy = {"requirements": [requirement(name, heavy=True) for name in ("MS", "FM")], "students": [BASE["students"][0]]}
    assert says("heavy", world(**heavy), MS, fm(2)) == "ann: MS, FM leave no week of rest, in the week of 2026-01-19"
    assert not found("heavy", world(**heavy), MS, fm(3))
    assert cost("heavy", world({"heavy": {"weeks": 4}}, **heavy), MS, fm(3)) == 3  # in weeks 3 to 5 both count
    assert cost("heavy", world({"heavy": {"weeks": 0}}, **heavy), MS, fm(1)) == 1  # both in week 1
    assert not found("heavy", world(), MS, fm(2))


def test_start_window() -> None:
    rows = [requirement("MS", first_week=2, last_week=4), *BASE["requirements"][1:]]
    at = [put("ann", "MS", "ward", week(w)) for w in range(4)]
    instance = world(requirements=rows)
    assert says("start_window", instance, at[0]) == (
        "ann, MS in slot ward from 2026-01-05: it starts in week 1 of ann, not before week 2"
    )
    assert [cost("start_window", instance, p) for p in at] == [1, 0, 0, 1]
    late = [{"student": "ann", "program": "nurs", "available_from": week(1, 4)}]
    assert [cost("start_window", world(requirements=rows, students=late), p) for p in at] == [1, 1, 0, 0]
    pin = {"student": "ann", "requirement": "MS", "start": week(0), "override": True}
    assert cost("start_window", world(requirements=rows, pins=[pin]), at[0]) == 0


def test_kept_together() -> None:
    rows = [requirement("MS", amount=6, blocks=3, within_weeks=5), requirement("FM")]
    tables = {"requirements": rows, "students": [BASE["students"][0]]}
    placed = {w: put("ann", "MS", "ward", week(w)) for w in (0, 3, 4, 8)}
    assert not found("kept_together", world(**tables), placed[0], placed[3])
    assert says("kept_together", world(**tables), placed[0], placed[4]) == (
        "ann: placements of MS from 2026-01-05 to 2026-02-13 do not lie within 5 weeks"
    )
    assert cost("kept_together", world(**tables), placed[0], placed[4], placed[8]) == 3
    again = [{"student": "ann", "requirement": "MS", "change": "repeat"}]
    assert not found("kept_together", world(student_requirements=again, **tables), placed[0], placed[8])  # asked twice
