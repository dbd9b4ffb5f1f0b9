"""A schedule as rows of the table `baseline`."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.domain.instance import Instance
from scheduler.domain.schedule import GONE, Placement
from scheduler.domain.tables import Baseline


def against(instance: Instance, placements: Iterable[Placement]) -> Instance:
    """An instance that counts changes against placements; those that nobody comes for are left out."""
    return instance.model_copy(update={"baseline": tuple(baseline_row(instance, p) for p in placements if p.status not in GONE)})


def baseline_row(instance: Instance, placement: Placement) -> Baseline:
    """One placement as a row; its site is looked up where it does not say."""
    p = placement
    unit = instance.unit_by_id.get(p.unit)
    return Baseline(
        student=p.student or None,
        group=p.group or None,
        part=p.part,
        requirement=p.requirement,
        slot=p.slot,
        unit=p.unit,
        site=p.site or (unit.site if unit else ""),
        start=p.start,
        weekdays=p.weekdays or None,
        preceptor=p.preceptor or None,
        co_preceptor=p.co_preceptor or None,
    )
