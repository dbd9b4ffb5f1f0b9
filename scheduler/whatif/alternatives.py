"""Alternatives to a base: each an instance with scenarios applied, solved from the base's schedule and checked."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scheduler.compare import compare
from scheduler.domain import Instance, Schedule, Status
from scheduler.errors import VerificationError
from scheduler.io import instance_hash
from scheduler.model import compile_book
from scheduler.scenario import Scenario, apply
from scheduler.solve import OnProgress, Progress, Settings, solve_book
from scheduler.verify import Report, verify
from scheduler.whatif.calm import calmed
from scheduler.whatif.figures import Figures, figures
from scheduler.whatif.proof import Difference, Span, difference, spans

#: Name of what the alternatives are compared with.
BASE = "base"


@dataclass(frozen=True, slots=True)
class Alternative:
    """What is to be looked at: an instance with a name, and what was changed in it.

    Attributes
    ----------
    name
        For people, and the name of its folder.
    changes
        What was changed, in sentences.
    at
        The value of each key that a sweep varies.
    """

    name: str
    instance: Instance
    changes: tuple[str, ...] = ()
    at: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """What tells apart what has to be solved: two alternatives with the same are the same."""
        return instance_hash(self.instance)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A solved alternative.

    Attributes
    ----------
    report, figures
        What the independent verifier found; None where there is no schedule.
    spans
        By level, what it costs and the least that it could cost.
    complete
        Whether the search ended by itself, not because it was told to stop.
    difference
        Against the base; None for the base itself, and where one of the two has no schedule.
    moved
        Students of the base who are placed otherwise; None where that is not known.
    """

    alternative: Alternative
    schedule: Schedule
    report: Report | None = None
    figures: Figures | None = None
    spans: tuple[Span, ...] = ()
    complete: bool = True
    difference: Difference | None = None
    moved: int | None = None

    @property
    def solved(self) -> bool:
        """Whether there is a schedule."""
        return self.figures is not None

    @property
    def verdict(self) -> str:
        """How it stands to the base, in words; of what has no schedule, why."""
        if self.schedule.status is Status.INFEASIBLE:
            return "no schedule exists (proved)"
        if not self.solved:
            return "no schedule was found (not proved)"
        return self.difference.sentence if self.difference else ""


def alternative(
    instance: Instance, name: str, scenarios: Sequence[Scenario], at: tuple[tuple[str, str], ...] = ()
) -> Alternative:
    """An instance with scenarios applied; raises `InputError` where they cannot be."""
    applied = apply(instance, scenarios)
    return Alternative(name, applied.instance, applied.sentences, at)


def solved(
    wanted: Alternative,
    start: Schedule | None,
    settings: Settings,
    on_progress: OnProgress | None = None,
    stop: threading.Event | None = None,
) -> Outcome:
    """Solve an alternative, beginning with a schedule of the base, put back whom nothing is gained by moving, and check it.

    Raises
    ------
    VerificationError
        If the schedule does not pass the verifier.
    """
    stop = stop or threading.Event()
    on_progress = on_progress or (lambda _: None)
    on_progress(Progress(0.0, "reading what is offered"))
    book = compile_book(wanted.instance)
    schedule = solve_book(book, settings, on_progress, stop, start=start)
    if start is not None and schedule.status in (Status.OPTIMAL, Status.FEASIBLE):
        schedule = calmed(book, schedule, start)
    return outcome(wanted, schedule, complete=not stop.is_set() or schedule.status in (Status.OPTIMAL, Status.INFEASIBLE))


def outcome(wanted: Alternative, schedule: Schedule, *, complete: bool = True, given: bool = False) -> Outcome:
    """What a schedule of an alternative amounts to; one that was `given` may claim nothing of itself."""
    if schedule.status is Status.INFEASIBLE or (schedule.status is Status.UNKNOWN and not given):
        return Outcome(wanted, schedule, complete=complete)
    report = verify(wanted.instance, schedule)
    if not report.ok:
        first = report.violations[0]
        raise VerificationError(f"{wanted.name}: the schedule does not pass the independent check: {first}")
    update = {"schools": report.schools, "objective": report.objective, "unplaced": schedule.unplaced or report.unplaced}
    schedule = schedule.model_copy(update=update)
    counted = figures(wanted.instance, schedule, report)
    return Outcome(wanted, schedule, report, counted, spans(wanted.instance, schedule, report), complete)


def against(base: Outcome, other: Outcome) -> Outcome:
    """The same outcome with how it stands to the base."""
    if not (base.solved and other.solved):
        return other
    a, b = base.alternative.instance, other.alternative.instance
    if other.schedule is base.schedule:
        return replace(other, difference=Difference("equal", 0, 0), moved=0)
    found = difference(base.spans, other.spans, same_policy=a.policy == b.policy)
    return replace(other, difference=found, moved=_moved(base, other))


def _moved(base: Outcome, other: Outcome) -> int:
    """Students who are there in both and notice a difference."""
    was, now = base.alternative.instance, other.alternative.instance
    both = ({*was.student_by_id} & {*now.student_by_id}) | ({*was.group_by_id} & {*now.group_by_id})
    return sum(n for who, n in compare(base.schedule, other.schedule).concerned.items() if who in both)
