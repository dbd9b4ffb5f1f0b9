"""The smallest additional capacity is that of brute force over all small additions."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest

from scheduler.domain import Instance, Schedule, Status
from scheduler.domain.edits import Edit, changed
from scheduler.verify import verify
from scheduler.whatif.capacity import smallest
from scheduler.whatif.limits import Limit, limited
from tests.contract.brute import Small
from tests.verify.world import requirement, slot, world
from tests.whatif.planned import MOST_CHOICES, SETTINGS, few, least_missing, nothing, stop


def missing_with(instance: Instance, more: tuple[Limit, ...]) -> int | None:
    """The least points of what is unplaced with some places more; None where there are too many choices to try."""
    edits = {limit.row: Edit("", "", 0, {}) for limit in more}
    for limit in more:
        have = dict(edits[limit.row].update or {})
        have[limit.column] = have.get(limit.column, limit.most) + 1
        edits[limit.row] = Edit(limit.table, "", limit.index, have)
    other = changed(instance, list(edits.values()))
    return None if Small(other).size > MOST_CHOICES else least_missing(other)


def test_fewer_places_are_never_enough() -> None:
    seen = 0
    for seed, instance, schedule in few():
        found = smallest(instance, schedule.placements, SETTINGS, nothing, stop())
        assert found.after is not None and found.nothing_more
        assert found.least == found.places
        rest = found.after.report.penalties
        left = rest.get("requirement", 0) + rest.get("elective", 0)
        known = limited(instance)
        for n in range(min(found.places, 3)):  # with all sets of fewer places more is missing
            for more in combinations_with_replacement(known.limits, n):
                missing = missing_with(instance, more)
                if missing is not None:
                    assert missing > left, (seed, [limit.name for limit in more])
                    seen += 1
    assert seen > 20


def test_what_is_claimed_holds() -> None:
    """The places are rows that could be in a file, and the schedule is valid with them."""
    needed = 0
    for _, instance, schedule in few():
        found = smallest(instance, schedule.placements, SETTINGS, nothing, stop())
        other = Instance.model_validate(found.instance.model_dump())
        assert found.after is not None
        report = verify(other, Schedule(status=Status.FEASIBLE, placements=found.after.placements))
        assert report.ok and report.unplaced == found.left
        assert len(found.left) <= found.before.unplaced
        needed += bool(found.needed)
    assert needed > 2


@pytest.mark.parametrize("places", [1, 2])
def test_one_more_place_for_each_who_has_none(places: int) -> None:
    """By hand: a slot of one place, and more students than it takes at once."""
    people = [{"student": f"s{k}", "program": "nurs"} for k in range(1 + places)]
    slots = [slot("ward", last_start=None, most_students=1)]
    instance = world(students=people, requirements=[requirement()], slots=slots)
    found = smallest(instance, (), SETTINGS, nothing, stop())
    assert (found.places, found.least, found.left) == (places, places, ())
    assert [n.edit.update for n in found.needed] == [{"most_students": 1 + places}]


def test_what_is_closed_is_not_opened() -> None:
    """A unit that takes nobody is no unit without places: no place more helps, and that is proved."""
    people = [{"student": "ann", "program": "nurs"}]
    closed = [{"unit": "ward", "most_students": 0}]
    instance = world(students=people, requirements=[requirement()], slots=[slot("ward", last_start=None)], capacity=closed)
    found = smallest(instance, (), SETTINGS, nothing, stop())
    assert not found.needed and found.nothing_more and len(found.left) == 1
