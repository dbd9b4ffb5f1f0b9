"""How a search came to its schedule: what it reported on the way, in a few steps."""

from __future__ import annotations

import threading

from scheduler.domain import Schedule, Status, Step
from scheduler.solve.settings import OnProgress, Progress

#: So many steps are kept at most.
MOST_STEPS = 200


class Trace:
    """Passes progress on, and remembers each time that the best schedule or the bound became better.

    Parameters
    ----------
    on_progress
        Who is told.
    """

    def __init__(self, on_progress: OnProgress) -> None:
        self._on_progress = on_progress
        self._lock = threading.Lock()  # progress may come from several threads
        self._steps: list[Step] = []

    def __call__(self, p: Progress) -> None:
        with self._lock:
            self._take(p)
        self._on_progress(p)

    def _take(self, p: Progress) -> None:
        last = self._steps[-1] if self._steps else Step(seconds=0.0)
        # a search of a part, or that began anew, may report less than is known
        better = p.best is not None and (last.objective is None or p.best < last.objective)
        tighter = p.bound is not None and (last.bound is None or p.bound > last.bound)
        counted = p.placed is not None and p.best == last.objective and last.placed is None
        if not (better or tighter or counted):
            return
        changed: dict[str, object] = {"seconds": max(last.seconds, round(p.elapsed_s, 2))}
        if better or counted:
            changed |= {"objective": p.best, "placed": p.placed, "unplaced": p.unplaced}
        if tighter:
            changed["bound"] = p.bound
        step = last.model_copy(update=changed)
        if self._steps and step.seconds == last.seconds:
            self._steps.pop()
        self._steps.append(step)

    def of(self, schedule: Schedule) -> tuple[Step, ...]:
        """The steps to a schedule, thinned; the last one says what the schedule says.

        None of a schedule with several levels: their costs and bounds do not add up to one number on the way.
        """
        if schedule.status not in (Status.OPTIMAL, Status.FEASIBLE) or len(schedule.levels) != 1 or schedule.objective is None:
            return ()
        with self._lock:
            steps = [s for s in self._steps if s.objective is None or s.objective >= schedule.objective]
        steps = [s for s in steps if s.bound is None or schedule.bound is None or s.bound <= schedule.bound]
        last = steps[-1] if steps else Step(seconds=0.0)
        same = last.objective == schedule.objective
        final = Step(
            seconds=max(last.seconds, round(schedule.seconds, 2)),
            objective=schedule.objective,
            bound=schedule.bound,
            placed=last.placed if same else None,
            unplaced=last.unplaced if same else None,
        )
        if final != last:
            steps.append(final)
        return tuple(_thinned(steps))


def _thinned(steps: list[Step]) -> list[Step]:
    """At most `MOST_STEPS` of some steps, evenly; the first and the last are among them."""
    if len(steps) <= MOST_STEPS:
        return steps
    return [steps[round(i * (len(steps) - 1) / (MOST_STEPS - 1))] for i in range(MOST_STEPS)]
