"""Rules about dates and clock times."""

from __future__ import annotations

from typing import Any

from tests.rules.choice import broken, cost, offered
from tests.verify.world import GROUP, requirement, slot, week, world

ANN: dict[str, Any] = {"students": [{"student": "ann", "program": "nurs"}]}
MS = ANN | {"requirements": [requirement("MS")]}
#: The only two starts are in weeks 0 and 2, two weeks each.
TWO: dict[str, Any] = MS | {"slots": [slot("ward", first_start=None, last_start=None, starts=(week(0), week(2)))]}


def test_one_place() -> None:
    instance = world(**ANN)
    assert broken(instance, "ann MS ward 0", "ann FM clinic 1") == {"one_place"}  # both are there in week 1
    assert broken(instance, "ann MS ward 0", "ann FM clinic 2") == set()
    # a Friday morning clinic beside a block clashes unless the block excuses Friday mornings
    weekly = [requirement("MS"), requirement("FM", lane="longitudinal")]
    clinic = slot("clinic", weekdays=(4,), shift="am")
    strict = world(requirements=weekly, slots=[slot("ward"), clinic], **ANN)
    easy = world(requirements=weekly, slots=[slot("ward", excuses=((4, "am"),)), clinic], **ANN)
    assert broken(strict, "ann MS ward 0", "ann FM clinic 0") == {"one_place"}
    assert broken(easy, "ann MS ward 0", "ann FM clinic 0") == set()


def test_calendar() -> None:
    row = {"program": "nurs", "kind": "break", "start": week(3, 4), "end": week(3, 4)}  # a Friday of the second placement
    assert offered(world(calendar=[row], **TWO)) == {"ann MS ward 0"}


def test_availability() -> None:
    row = {"who_kind": "student", "who": "ann", "start": week(0, 2), "end": week(0, 2)}
    assert offered(world(availability=[row], **TWO)) == {"ann MS ward 2"}
    late = TWO | {"students": [{"student": "ann", "program": "nurs", "available_from": week(0, 1)}]}
    assert offered(world(**late)) == {"ann MS ward 2"}  # Tuesday is after the Monday of the first start
    assert "A MS ward 0" not in offered(world(availability=[row], **GROUP))  # what restricts ann restricts her group


def test_availability_wish() -> None:
    rows = [
        {"who_kind": "student", "who": "ann", "start": week(0), "end": week(0), "status": "avoid"},
        {"who_kind": "unit", "who": "ward", "start": week(1), "end": week(1), "status": "avoid"},
        {"who_kind": "student", "who": "ann", "start": week(3), "end": week(3), "status": "prefer"},
    ]
    instance = world(availability=rows, **TWO)
    assert cost("availability_wish", instance, "ann MS ward 0") == 1  # two rows touch it, it counts once
    assert cost("availability_wish", instance, "ann MS ward 2") == -1


def test_commitment() -> None:
    row = {"who_kind": "student", "who": "ann", "start": week(2), "end": week(2)}
    assert offered(world(commitments=[row], **TWO)) == {"ann MS ward 0"}
