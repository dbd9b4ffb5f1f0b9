"""What is exported: a schedule beside its instance, checked, with its placements and tables as readers see them."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.domain import Instance, Schedule
from scheduler.export.sheets import Sheet
from scheduler.export.stays import Stay, gone_stays, stays
from scheduler.verify import Report, verify


@dataclass(frozen=True, slots=True)
class View:
    """A schedule as one kind of reader sees it; every format is written from it.

    Attributes
    ----------
    instance, schedule
        The schedule and what it was made from.
    stays
        Every placement that holds.
    gone
        Placements that were declined or withdrawn.
    report
        Whether every rule holds, found out anew by the verifier.
    sheets
        The tables, in the order in which they are shown.
    """

    instance: Instance
    schedule: Schedule
    stays: tuple[Stay, ...]
    gone: tuple[Stay, ...]
    report: Report
    sheets: tuple[Sheet, ...] = ()


def view(instance: Instance, schedule: Schedule) -> View:
    """A schedule as everybody sees it who may see all."""
    return View(instance, schedule, stays(instance, schedule), gone_stays(instance, schedule), verify(instance, schedule))
