"""Rules about who may come, and how soon."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scheduler.solve import Settings, solve
from scheduler.verify import verify
from tests.rules.choice import cost, offered
from tests.verify.world import GROUP, requirement, slot, week, world

#: Ann takes MS, two weeks from week 0 or 4; the planning date is 35 days before the first Monday.
ANN: dict[str, Any] = {
    "students": [{"student": "ann", "program": "nurs"}],
    "requirements": [requirement("MS")],
    "slots": [slot("ward", first_start=None, last_start=None, starts=(week(0), week(4)))],
}
EARLY, LATE = "ann MS ward 0", "ann MS ward 4"  # 35 and 63 days after the planning date
NEW = {"school": "maple", "start": date(2025, 12, 2)}


@pytest.mark.parametrize(
    ("days", "new_days", "agreements", "left"),
    [
        (35, 120, [], {EARLY, LATE}),
        (36, 120, [], {LATE}),
        (64, 120, [], set()),
        (30, 63, [NEW], {LATE}),
        (30, 64, [NEW], set()),
        (30, 64, [NEW | {"start": date(2025, 12, 1)}], {EARLY, LATE}),  # in force on the planning date
        (30, 64, [NEW | {"start": None}], {EARLY, LATE}),
        (30, 64, [NEW, {"school": "maple", "end": week(8)}], {EARLY, LATE}),  # an old one holds as well
        (30, 64, [NEW, {"school": "maple", "status": "planned"}], set()),  # which does not count
        (30, 64, [NEW, {"school": "maple", "sites": ("lake",)}], set()),  # which is for elsewhere
        (30, 64, [NEW, {"school": "maple", "professions": ("md",)}], set()),
        (30, 64, [{"school": "oak", "start": date(2025, 12, 2)}], {EARLY, LATE}),
    ],
)
def test_lead_time(days: int, new_days: int, agreements: Any, left: set[str]) -> None:
    rules = {"lead_time": {"kind": "hard", "days": days, "new_agreement_days": new_days}}
    assert offered(world(rules, agreements=agreements, **ANN)) == left


def test_lead_time_is_off_unless_asked_for_and_can_be_a_wish() -> None:
    assert offered(world({"lead_time": {"days": 64}}, **ANN)) == {EARLY, LATE}
    soft = world({"lead_time": {"kind": "soft", "days": 36}}, **ANN)
    assert (cost("lead_time", soft, EARLY), cost("lead_time", soft, LATE)) == (1, 0)


def test_employer() -> None:
    units = [
        {"unit": "ward", "site": "mercy", "specialties": ("medsurg",)},
        {"unit": "icu", "site": "mercy", "specialties": ("medsurg",)},
        {"unit": "clinic", "site": "lake", "specialties": ("medsurg",)},
    ]
    slots = [slot(name, last_start=None) for name in ("ward", "icu", "clinic")]
    students = [{"student": "ann", "program": "nurs", "employer_unit": "ward"}, {"student": "bob", "program": "nurs"}]
    tables = ANN | {"units": units, "slots": slots, "students": students}
    bob = {f"bob MS {name} 0" for name in ("ward", "icu", "clinic")}
    assert offered(world(**tables)) == bob | {"ann MS icu 0", "ann MS clinic 0"}
    assert offered(world({"employer": {"scope": "site"}}, **tables)) == bob | {"ann MS clinic 0"}
    assert cost("employer", world({"employer": {"kind": "soft"}}, **tables), "ann MS ward 0") == 1
    # one student who works there keeps the whole group away
    members = [s | {"group": "A"} for s in students]
    assert offered(world(**(tables | GROUP | {"students": members}))) == {"A MS icu 0", "A MS clinic 0"}


def test_returned_places() -> None:
    # both slots suit everybody; maple gave the ward's places back, and oak's student would start there at no other cost
    students = [{"student": "ann", "program": "nurs"}, {"student": "cyd", "program": "med"}]
    requirements = [requirement("MS", p) for p in ("nurs", "med")]
    slots = [slot(name, unit="ward", last_start=None, most_students=1) for name in ("ward", "annex")]
    kept = {"slot": "ward", "school": "maple", "guaranteed": 1, "give_back": date(2025, 12, 1)}
    instance = world(students=students, requirements=requirements, slots=slots, reservations=[kept])
    assert cost("returned_places", instance, "cyd MS ward 0") == 1
    assert cost("returned_places", instance, "ann MS ward 0", "cyd MS annex 0") == 0
    schedule = solve(instance, Settings(workers=1))
    assert {(p.student, p.slot) for p in schedule.placements} == {("ann", "ward"), ("cyd", "annex")}
    assert verify(instance, schedule).ok
    for other in ({"give_back": date(2025, 12, 2)}, {"give_back": None}, {"guaranteed": 0}, {"status": "requested"}):
        none = world(students=students, requirements=requirements, slots=slots, reservations=[kept | other])
        assert "cyd MS ward 0" not in offered(none) or cost("returned_places", none, "cyd MS ward 0") == 0
    oak = {"slot": "ward", "school": "oak", "guaranteed": 1}
    both = world(students=students, requirements=requirements, slots=slots, reservations=[kept, oak])
    assert cost("returned_places", both, "cyd MS ward 0") == 0  # its own places


def test_every_student_of_a_group_in_returned_places_counts() -> None:
    kept = {"slot": "ward", "school": "oak", "guaranteed": 1, "give_back": date(2025, 12, 1)}
    assert cost("returned_places", world(reservations=[kept], **GROUP), "A MS ward 0") == 4
