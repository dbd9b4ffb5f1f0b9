"""Pins and placements: whether a pin describes a placement, and the pin that a placement is."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.instance import Instance
from scheduler.domain.schedule import Placement
from scheduler.domain.tables import Pin
from scheduler.domain.tables.wishes import NO_TEAM


def describes(pin: Pin, p: Placement) -> bool:
    """Whether a placement has all that a pin names; of a pin with one preceptor it may be either of two."""
    team = {None: p.team, NO_TEAM: ""}.get(pin.team, pin.team)
    said = (
        (pin.student, p.student),
        (pin.group, p.group),
        (pin.part, p.part),
        (pin.requirement, p.requirement),
        (pin.slot, p.slot),
        (pin.unit, p.unit),
        (pin.start, p.start),
        (pin.weekdays, tuple(sorted(p.weekdays))),
        (pin.co_preceptor, p.co_preceptor),
        (team, p.team),
    )
    return all(want in (None, have) for want, have in said) and pin.preceptor in (None, p.preceptor, p.co_preceptor)


def together(own: Sequence[Pin], extra: Sequence[Pin]) -> tuple[Pin, ...]:
    """Pins of an instance, and those of one solve: a 'must not' of these lifts the same 'must' of the instance."""
    lifted = {_about(pin) for pin in extra if pin.pin == "must not"}
    return (*(pin for pin in own if pin.pin != "must" or _about(pin) not in lifted), *extra)


def _about(pin: Pin) -> Pin:
    """A pin apart from how firm it is."""
    return pin.model_copy(update={"pin": "must", "override": False})


def pin_of(instance: Instance, p: Placement, *, alone: bool = True) -> Pin:
    """The 'must' that a placement be as it is: slot, start, preceptors, and weekdays where the slot leaves a choice.

    Parameters
    ----------
    alone
        Whether nothing else may be placed of its rotation than what such pins say. False: where the rotation may be split into
        several placements, the pin names no rotation, so that the others stay free.
    """
    slot, group = instance.slot_by_id.get(p.slot), instance.group_by_id.get(p.group)
    asked = instance.requirement_by_id.get((p.program, p.requirement))
    split = p.part or (group is not None and group.split == "allowed")
    return Pin(
        student=p.student or None,
        group=p.group or None,
        part=p.part if split else None,
        requirement=p.requirement if alone or asked is None or asked.blocks == 1 else None,
        slot=p.slot,
        start=p.start,
        weekdays=p.weekdays if slot is not None and slot.pattern == "any" else None,
        preceptor=p.preceptor or None,
        co_preceptor=p.co_preceptor or None,
    )
