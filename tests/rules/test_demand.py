"""Rules about what has to be placed, each on an example that can be counted by hand."""

from __future__ import annotations

from tests.rules.choice import broken, cost, offered
from tests.verify.world import SPLIT, requirement, slot, world

ANN = {"students": [{"student": "ann", "program": "nurs"}]}


def test_requirement() -> None:
    # MS is worth 100; FM in two halves of one week, each week worth 100 / 2
    rows = [requirement("MS"), requirement("FM", blocks=2)]
    instance = world(requirements=rows, slots=[slot("ward"), slot("clinic", length=1)], **ANN)
    assert cost("requirement", instance) == 200
    assert cost("requirement", instance, "ann MS ward 0") == 100
    assert cost("requirement", instance, "ann MS ward 0", "ann FM clinic 3") == 50
    assert broken(instance, "ann MS ward 0", "ann MS ward 4") == {"requirement"}


def test_elective() -> None:
    rows = [requirement(name, elective_set="E", choose=1, priority=2) for name in ("MS", "FM")]
    instance = world(requirements=rows, **ANN)
    assert cost("elective", instance) == 100 * 2  # the largest priority of the set
    assert cost("elective", instance, "ann FM clinic 0") == 0
    assert broken(instance, "ann FM clinic 0", "ann MS ward 3") == {"elective"}


def test_order() -> None:
    rows = [requirement("MS"), requirement("FM", after=("MS",))]
    hard, soft = (world({"order": {"kind": kind}}, requirements=rows, **ANN) for kind in ("hard", "soft"))
    assert broken(hard, "ann MS ward 0", "ann FM clinic 2") == set()  # weeks 1 and 2, then 3 and 4
    assert broken(hard, "ann MS ward 2", "ann FM clinic 0") == {"order"}
    assert broken(hard, "ann FM clinic 5") == {"order"}  # MS is not done at all
    assert cost("order", soft, "ann MS ward 2", "ann FM clinic 0") == 1


def test_duration() -> None:
    slots = [slot("ward", last_start=None), slot("long", unit="ward", length=3, last_start=None)]
    assert offered(world(requirements=[requirement("MS")], slots=slots, **ANN)) == {"ann MS ward 0"}
    asked = [requirement("MS", amount=3, weeks_max=2)]  # three weeks are asked, but no more than two at a time
    assert offered(world(requirements=asked, slots=slots, **ANN)) == set()


def test_keep_whole() -> None:
    instance = world(**SPLIT)
    assert cost("keep_whole", instance, "A MS ward 0") == 0
    assert cost("keep_whole", instance, "A part 1 MS ward 0", "A part 2 MS ward 4") == 2
