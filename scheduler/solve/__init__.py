"""Solving: `solve(instance)` compiles the instance, `solve_book(book)` hands the book to a strategy."""

from __future__ import annotations

import threading

from scheduler.domain import Instance, Schedule
from scheduler.errors import InputError
from scheduler.model import Book, compile_book
from scheduler.model.families import Families
from scheduler.solve.columns import column_generation
from scheduler.solve.direct import direct
from scheduler.solve.given import options_of
from scheduler.solve.neighbourhood import neighbourhood_search
from scheduler.solve.settings import OnProgress, Progress, Settings, Strategy
from scheduler.solve.trace import Trace
from scheduler.workers.cluster import check_cluster

STRATEGIES: dict[str, Strategy] = {"direct": direct, "neighbourhood": neighbourhood_search, "columns": column_generation}

#: Up to so many options one model is finished before columns have been generated.
ONE_MODEL = 1_000
#: Up to so many options the linear master is worth its time.
COLUMNS = 6_000_000

__all__ = ["STRATEGIES", "OnProgress", "Progress", "Settings", "solve", "solve_book"]


def solve(
    instance: Instance,
    settings: Settings | None = None,
    on_progress: OnProgress | None = None,
    stop: threading.Event | None = None,
    *,
    start: Schedule | None = None,
) -> Schedule:
    """Find a schedule for an instance, and prove how good it is.

    Parameters
    ----------
    instance
        A valid instance.
    settings
        Time limit, strategy and so on; defaults of `Settings` if left out.
    on_progress
        Called with a `Progress` whenever there is news, possibly from another thread.
    stop
        Set it to end the search; the best schedule so far is returned.
    start
        A schedule to begin with, of this instance or of one like it; placements that are not to be had are left out.

    Returns
    -------
    Schedule
        With status OPTIMAL (gap 0, proven), FEASIBLE, INFEASIBLE (proven: no schedule exists) or UNKNOWN (none was found).

    Raises
    ------
    InputError
        If the strategy is unknown, or there is no cluster where the settings say.
    """
    settings = settings or Settings()
    _chosen(settings)  # a wrong name or address is said before anything takes time
    if settings.cluster is not None:
        check_cluster(settings.cluster)
    if on_progress:
        on_progress(Progress(0.0, "reading what is offered"))
    return solve_book(compile_book(instance), settings, on_progress, stop, start=start)


def solve_book(
    book: Book,
    settings: Settings | None = None,
    on_progress: OnProgress | None = None,
    stop: threading.Event | None = None,
    *,
    start: Schedule | None = None,
) -> Schedule:
    """Find a schedule for an instance that is compiled already.

    Parameters, result and errors are those of `solve`.
    """
    settings = settings or Settings()
    name = _chosen(settings)
    if name == "auto":
        name = "direct" if book.size <= ONE_MODEL else "columns" if book.size <= COLUMNS else "neighbourhood"
    on_progress = trace = Trace(on_progress or (lambda _: None))
    on_progress(Progress(0.0, f"strategy {name}: {book.size:,} options of {len(book.facts.parties):,} parties"))
    begin = None if start is None else options_of(book, Families(book), start)
    found = STRATEGIES[name](book, settings, on_progress, stop or threading.Event(), start=begin)
    return found if settings.deterministic else found.model_copy(update={"trace": trace.of(found)})


def _chosen(settings: Settings) -> str:
    if settings.strategy not in ("auto", *STRATEGIES):
        raise InputError(f"there is no strategy {settings.strategy!r}; choose from auto, {', '.join(STRATEGIES)}")
    return settings.strategy
