"""An instance is frozen: a changed one is a copy."""

from __future__ import annotations

from pathlib import Path

from scheduler.io import read_instance

INSTANCES = Path(__file__).parents[1] / "instances"


def test_a_changed_instance_looks_things_up_anew() -> None:
    """What was looked up before (and remembered) is not what a copy with other rows finds."""
    instance = read_instance(INSTANCES / "small")
    first = instance.slots[0].slot
    assert first in instance.slot_by_id
    assert first not in instance.model_copy(update={"slots": instance.slots[1:]}).slot_by_id
    assert first in instance.slot_by_id
