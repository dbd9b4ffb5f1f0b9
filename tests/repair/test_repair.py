"""Repairs: valid, with no more changes than are needed, and true to what has started."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from scheduler.domain import Instance, Placement, Schedule, Status
from scheduler.domain.tables import Availability, CapacityRow, Pin
from scheduler.io import instance_problems
from scheduler.repair.levels import changes_only
from scheduler.repair.repair import Repair, repair
from scheduler.solve import Settings, solve
from scheduler.verify import verify
from tests.contract.brute import Small
from tests.contract.worlds import world as random_world
from tests.verify.world import requirement, slot, week, world

#: Choices that brute force looks at in a repaired world.
MOST_CHOICES = 3000
SETTINGS = Settings(workers=1, time_limit_s=20)
UNITS = [
    {"unit": "ward", "site": "mercy", "specialties": ("medsurg",)},
    {"unit": "icu", "site": "mercy", "specialties": ("medsurg",)},
    {"unit": "clinic", "site": "lake", "specialties": ("medsurg",)},
]
SLOTS = [slot(name, length=4, most_students=2) for name in ("ward", "icu", "clinic")]


def term(**tables: Any) -> Instance:
    """Ann and bob take MS, four weeks, on the ward, in the icu or at the clinic."""
    students = [{"student": s, "program": "nurs"} for s in ("ann", "bob")]
    base = {"students": students, "requirements": [requirement("MS", amount=4)], "units": UNITS, "slots": SLOTS}
    return world(**(base | tables))


def published(instance: Instance, **where: tuple[str, int]) -> Schedule:
    """The schedule with those placements: slot and week of the start."""
    pins = [{"student": who, "requirement": "MS", "slot": place, "start": week(n)} for who, (place, n) in where.items()]
    schedule = solve(Instance.model_validate({**instance.model_dump(), "pins": pins}), SETTINGS)
    assert {p.student: (p.slot, p.start) for p in schedule.placements if p.student in where} == {
        who: (place, week(n)) for who, (place, n) in where.items()
    }
    return schedule


def changed(instance: Instance, today: date, **tables: Any) -> Instance:
    """The instance with rows added, seen from a day."""
    rows = {name: (*instance.rows(name), *found) for name, found in tables.items()}
    return instance.model_copy(update={**rows, "changes_from": today})


def closed(unit: str, first: int, last: int) -> CapacityRow:
    return CapacityRow(unit=unit, start=week(first), end=week(last, 6), most_students=0)


def repaired(before: Instance, schedule: Schedule, after: Instance) -> Repair:
    found = repair(before, schedule, after, SETTINGS)
    assert isinstance(found, Repair)
    assert not [p for p in instance_problems(found.instance) if p.severity == "error"]
    report = verify(found.instance, found.schedule)
    assert report.ok, report.violations
    assert found.bound <= found.points == report.penalties["stability"]
    return found


def places(found: Repair) -> dict[str, tuple[str, date]]:
    return {p.student: (p.unit, p.start) for p in found.schedule.placements}


def test_nothing_changes_where_nothing_has_to() -> None:
    before = term()
    schedule = published(before, ann=("ward", 4), bob=("icu", 0))
    found = repaired(before, schedule, changed(before, week(2), capacity=[closed("clinic", 0, 11)]))
    assert (found.points, found.hit, found.interrupted) == (0, (), ())
    assert set(found.schedule.placements) == set(schedule.placements)


def test_the_mildest_change_that_is_enough() -> None:
    before = term()
    schedule = published(before, ann=("ward", 6), bob=("icu", 6))
    # the icu has a second place in the same weeks: the same site is milder than the clinic
    found = repaired(before, schedule, changed(before, week(0), capacity=[closed("ward", 7, 7)]))
    assert places(found)["ann"][0] == "ward"  # another start in the same unit is milder still
    assert found.points == 3
    assert [p.student for p, _ in found.hit] == ["ann"]
    gone = repaired(before, schedule, changed(before, week(0), capacity=[closed("ward", 0, 11)]))
    assert places(gone) == {"ann": ("icu", week(6)), "bob": ("icu", week(6))}
    assert (gone.points, gone.bound) == (4, 4)


def test_what_has_started_goes_on_elsewhere() -> None:
    """Ann is in her second of four weeks when the ward closes from her third: two weeks are done, two are left."""
    before = term()
    schedule = published(before, ann=("ward", 2), bob=("icu", 0))
    after = changed(before, week(3, 2), capacity=[closed("ward", 4, 11)])
    found = repaired(before, schedule, after)
    ann = next(p for p in found.schedule.placements if p.student == "ann")
    assert (ann.unit, ann.start, ann.weeks) == ("icu", week(4), 2)
    (broken,) = found.interrupted
    assert (broken.weeks, broken.until, broken.credit and broken.credit.amount) == (2, week(3, 6), 2)
    bob = next(p for p in found.schedule.placements if p.student == "bob")
    assert (bob.unit, bob.start) == ("icu", week(0))


def test_the_rest_takes_places_that_there_are() -> None:
    """The icu has one place, which bob has: the rest of ann's rotation is at the clinic."""
    before = term(slots=[*SLOTS[:1], slot("icu", length=4, most_students=1), *SLOTS[2:]])
    schedule = published(before, ann=("ward", 2), bob=("icu", 3))
    found = repaired(before, schedule, changed(before, week(3, 2), capacity=[closed("ward", 4, 11)]))
    assert places(found) == {"ann": ("clinic", week(4)), "bob": ("icu", week(3))}


def test_what_has_started_never_makes_room_for_others() -> None:
    """The icu takes one from week 4 on: bob, who has started, stays; ann goes."""
    before = term(units=UNITS[1:], slots=SLOTS[1:])
    schedule = published(before, ann=("icu", 6), bob=("icu", 4))
    rows = [CapacityRow(unit="icu", start=week(4), most_students=1), closed("clinic", 0, 11)]
    found = repaired(before, schedule, changed(before, week(5), capacity=rows))
    assert places(found)["bob"] == ("icu", week(4))
    assert places(found)["ann"] == ("icu", week(8))


def test_one_of_two_who_have_started_has_to_go() -> None:
    """Which of them is not given by the change: one goes on, the other is credited and goes elsewhere."""
    before = term()
    schedule = published(before, ann=("ward", 2), bob=("ward", 2))
    found = repaired(
        before, schedule, changed(before, week(4), capacity=[CapacityRow(unit="ward", start=week(4), most_students=1)])
    )
    kept = {p.student: (p.unit, p.start, p.weeks) for p in found.schedule.placements}
    assert sorted(kept.values()) == [("ward", week(2), 4), ("ward", week(6), 2)]  # when the other is done
    assert len(found.interrupted) == 1


def test_a_slot_goes_on_with_fewer_than_its_least() -> None:
    before = term(slots=[slot("ward", length=4, least_students=2, most_students=2), *SLOTS[1:]])
    schedule = published(before, ann=("ward", 2), bob=("ward", 2))
    away = Availability(who_kind="student", who="ann", start=week(4), end=week(5, 6))
    found = repaired(before, schedule, changed(before, week(4), availability=[away]))
    bob = next(p for p in found.schedule.placements if p.student == "bob")
    assert (bob.unit, bob.start, bob.weeks) == ("ward", week(2), 4)


def test_a_student_who_left_and_statuses() -> None:
    before = term()
    schedule = published(before, ann=("ward", 6), bob=("ward", 6))
    confirmed = tuple(p.model_copy(update={"status": "confirmed"}) for p in schedule.placements)
    after = changed(before, week(0)).model_copy(update={"students": before.students[:1]})
    found = repaired(before, schedule.model_copy(update={"placements": confirmed}), after)
    assert [(p.student, p.status) for p in found.schedule.placements] == [("ann", "confirmed")]
    moved = changed(before, week(0), capacity=[closed("ward", 6, 6)])
    both = repaired(before, schedule.model_copy(update={"placements": confirmed}), moved).schedule.placements
    assert {p.status for p in both} == {"proposed"}


def test_a_pin_that_cannot_be_kept_is_a_wish() -> None:
    before = term(pins=[{"student": "ann", "requirement": "MS", "slot": "ward", "start": week(6)}])
    found = repaired(before, solve(before, SETTINGS), changed(before, week(0), capacity=[closed("ward", 6, 6)]))
    assert found.loosened == before.pins
    assert [pin.pin for pin in found.instance.pins] == ["prefer"]
    assert places(found)["ann"][0] == "ward"


def test_no_schedule_is_said() -> None:
    """A new pin for what the changes do not allow."""
    before = term()
    schedule = published(before, ann=("ward", 6), bob=("icu", 6))
    must = Pin(student="ann", requirement="MS", slot="clinic")
    after = changed(before, week(0), pins=[must], capacity=[closed("clinic", 0, 11)])
    found = repair(before, schedule, after, SETTINGS)
    assert isinstance(found, Schedule)
    assert (found.status, found.placements) == (Status.INFEASIBLE, ())


# -- random worlds ------------------------------------------------------------------------------------------------------------


def hit(instance: Instance, schedule: Schedule, rng: random.Random) -> Instance:
    """The instance after something happened to one or two placements, seen from some week."""
    today = instance.first_monday + timedelta(days=7 * rng.randrange(instance.weeks))
    away, rows = [], []
    for p in rng.sample(schedule.placements, min(len(schedule.placements), rng.choice((1, 1, 2)))):
        first = max(today, p.start + timedelta(days=rng.choice((0, 7))))
        dates = {"start": first, "end": first + timedelta(days=rng.choice((6, 20)))}
        what = rng.choice(("preceptor", "unit", "who"))
        if what == "preceptor" and p.preceptor:
            away.append(Availability(who_kind="preceptor", who=p.preceptor, **dates))
        elif what == "unit":
            rows.append(CapacityRow(unit=p.unit, most_students=rng.choice((0, 0, 1)), **dates))
        else:
            away.append(Availability(who_kind="student" if p.student else "group", who=p.student or p.group, **dates))
    return changed(instance, today, availability=away, capacity=rows)


def least_points(found: Repair) -> int | None:
    """The fewest points of changes by brute force; None where there are too many choices."""
    small = Small(found.instance.model_copy(update={"policy": changes_only(found.instance.policy)}))
    if small.size > MOST_CHOICES:
        return None
    best = small.best()
    assert best is not None
    return sum(best)


@pytest.mark.parametrize("block", range(4))
def test_random_worlds(block: int) -> None:
    proven = 0
    for seed in range(1000 * block, 1000 * block + 12):
        instance = random_world(seed).model_copy(update={"baseline": (), "changes_from": None, "pins": ()})
        schedule = solve(instance, SETTINGS)
        if schedule.status is not Status.OPTIMAL or not schedule.placements:
            continue
        after = hit(instance, schedule, random.Random(seed))
        found = repair(instance, schedule, after, SETTINGS)
        if isinstance(found, Schedule):
            assert found.status is Status.INFEASIBLE
            assert Small(after).best() is None if Small(after).size < MOST_CHOICES else True
            continue
        report = verify(found.instance, found.schedule)
        assert report.ok, (seed, report.violations)
        least = least_points(found)
        if least is not None:
            assert (found.points, found.bound) == (least, least), seed
            proven += 1
        assert _kept(found, after, schedule.placements), seed
    assert proven


def _kept(found: Repair, after: Instance, rows: tuple[Placement, ...]) -> bool:
    """Whether what has started is there, or broken off."""
    there = {(p.who, p.requirement, p.slot, p.start) for p in found.schedule.placements}
    there |= {(b.placement.who, b.placement.requirement, b.placement.slot, b.placement.start) for b in found.interrupted}
    hit_ = {p for p, _ in found.hit}
    started = (p for p in rows if p.start < after.today and p not in hit_)
    return all((p.who, p.requirement, p.slot, p.start) in there for p in started)
