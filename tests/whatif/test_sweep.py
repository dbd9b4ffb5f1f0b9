"""Sweeps: what varies, in which steps, and what is refused."""

from __future__ import annotations

import pytest

from scheduler.errors import InputError
from scheduler.scenario import Scenario, parse_change
from scheduler.whatif.sweep import read_sweep, swept
from tests.verify.world import world


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("places unit=ward more=-2..2", "more", ["-2", "-1", "0", "1", "2"]),
        ("places unit=ward more=0..10/4", "more", ["0", "4", "8"]),
        ("places unit=ward more=-1,3..4", "more", ["-1", "3", "4"]),
        ("places unit=ward,clinic more=1", "unit", ["ward", "clinic"]),
        ("delayed student=ann start=2026-01-05..2026-01-20", "start", ["2026-01-05", "2026-01-12", "2026-01-19"]),
        ("delayed student=ann start=2026-01-05..2026-01-07/2", "start", ["2026-01-05", "2026-01-07"]),
    ],
)
def test_ranges_and_lists(text: str, key: str, values: list[str]) -> None:
    found = swept(world(), read_sweep(text))
    assert [dict(each.at)[key] for each in found] == values
    assert [each.name for each in found] == [f"{key}={value}" for value in values]


def test_several_keys_are_combined() -> None:
    found = swept(world(), read_sweep("places unit=ward,clinic more=1..2"))
    assert [each.name for each in found] == ["unit=ward more=1", "unit=ward more=2", "unit=clinic more=1", "unit=clinic more=2"]
    assert [[s.most_students for s in each.instance.slots] for each in found] == [[10, 9], [11, 9], [9, 10], [9, 11]]


def test_scenarios_come_before_the_sweep() -> None:
    before = Scenario("before", (parse_change("change table=slots set.most_students=1"),))
    found = swept(world(), read_sweep("places unit=ward more=0..1"), [before])
    assert [each.instance.slots[0].most_students for each in found] == [1, 2]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("places unit=ward more=2", "nothing varies"),
        ("places unit=ward more=3..1", "the range of more is empty"),
        ("places unit=ward more=0..5/0", "the range of more is empty"),
        ("places unit=ward more=0..999999999", "has more than 1,000 values"),
        ("places unit=ward more=0..900 start=2026-01-05..2026-02-28", "alternatives, at most 1,000 are tried"),
        ("delayed student=ann start=2026-02-30..2026-03-30", "no range of dates that exist"),
        ("delayed student=ann start=0001-01-01..9999-01-01", "has more than 1,000 values"),
        ("delayed student=ann start=9999-12-01..9999-12-31", "lies outside the term"),
        ("places unit=ward more=0..99999999999999999999", "nothing varies"),
        ("places unit=ward mre=0..2", "places has no such key"),
        ("places unit=ward 'more=0..2", "a quote that is never closed"),
        ("", "is empty"),
    ],
)
def test_wrong_sweeps(text: str, says: str) -> None:
    with pytest.raises(InputError, match="--sweep") as error:
        swept(world(), read_sweep(text))
    assert says in str(error.value)
