"""Strategy *direct*: one CP-SAT model of the whole book, level after level, with a proven bound for each."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from scheduler.domain import LevelResult, Schedule, Status
from scheduler.errors import InputError
from scheduler.model import Book, evaluate
from scheduler.model.cp import CpModel
from scheduler.offers.days import IntArray
from scheduler.solve.alone import Alone
from scheduler.solve.construct import construct
from scheduler.solve.improve import Improve
from scheduler.solve.result import count_placed, make_schedule
from scheduler.solve.settings import OnProgress, Progress, Settings

#: Part of the remaining time that may go into bounds of single families.
ALONE_SHARE = 0.2
#: Part of the remaining time that may go into improving the first schedule.
IMPROVE_SHARE = 0.25
#: Small models that count as one second of it in reproducible runs.
TRIES_PER_SECOND = 5
#: From so many workers on, CP-SAT's own choice of searches is used.
FEW_WORKERS = 5
#: Part of the remaining time in which CP-SAT may complete a hint.
HINT_SHARE = 0.1
#: Part of the time limit kept for proving how many more rotations could be placed.
MORE_SHARE = 0.1
#: Seconds that this proof may take in any case.
MORE_LEAST_S = 1.0
#: Counting what is placed takes longer than finding it, in large instances: it may have this part of the time.
COUNT_SHARE = 0.1
#: Units of deterministic time that count as one second of the time limit.
WORK_PER_SECOND = 1.0
STATUS = {
    int(cp_model.OPTIMAL): Status.OPTIMAL,
    int(cp_model.FEASIBLE): Status.FEASIBLE,
    int(cp_model.INFEASIBLE): Status.INFEASIBLE,
    int(cp_model.UNKNOWN): Status.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the first level before a search: a schedule (options by family), if any, and a proven bound."""

    chosen: Sequence[IntArray] | None
    bound: int


def direct(
    book: Book,
    settings: Settings,
    on_progress: OnProgress,
    stop: threading.Event,
    known: Known | None = None,
    *,
    start: Sequence[IntArray] | None = None,
) -> Schedule:
    """Solve the book as one CP-SAT model.

    The levels of the policy are minimised one after another; each finished level is fixed at its best cost. A level's bound
    is proven given the levels above it. What is `known` is taken as given; `start` is begun with as far as it is valid.
    """
    return _Direct(book, settings, on_progress, stop, known, start).run()


def further(book: Book, level: int, settings: Settings, on_progress: OnProgress, stop: threading.Event, known: Known) -> Known:
    """Search the book as one CP-SAT model at one level, with what is known, and return what is known then."""
    run = _Direct(book, settings, on_progress, stop, known)
    run.first_schedule()
    bound = run.solve_level(level, left=1).bound
    return Known(run.chosen, max(bound, known.bound))


class _Direct:
    def __init__(
        self,
        book: Book,
        settings: Settings,
        on_progress: OnProgress,
        stop: threading.Event,
        known: Known | None,
        start: Sequence[IntArray] | None = None,
    ) -> None:
        self.known, self.start = known, start
        self.book, self.settings, self.on_progress, self.stop = book, settings, on_progress, stop
        self.began = time.monotonic()
        self.counts: tuple[int, int] | tuple[None, None] = (None, None)
        self.workers = 1 if settings.deterministic else settings.workers or os.cpu_count() or 1
        self.say("building the model")
        self.cp = CpModel(book, book.families())
        self.chosen: list[IntArray] | None = None
        self.levels: list[LevelResult] = []
        self.searching = "searching"

    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def say(self, phase: str, best: int | None = None, bound: int | None = None) -> None:
        self.on_progress(Progress(self.elapsed(), phase, best, bound, *self.counts))

    @property
    def missing(self) -> int:
        """How many required rotations the best schedule leaves out."""
        assert self.chosen is not None
        return count_placed(self.book, self.cp.families, self.chosen)[1]

    def count(self, chosen: Sequence[IntArray]) -> None:
        """Remember how many required rotations are placed in the best schedule, for the progress."""
        self.counts = count_placed(self.book, self.cp.families, chosen)

    def run(self) -> Schedule:
        levels = sorted({int(self.book.level[r]) for r in self.cp.cost if self.book.weight[r]}) or [1]
        self.first_schedule()
        for position, level in enumerate(levels):
            self.searching = "searching" if len(levels) == 1 else f"searching, level {level}"
            result = self.solve_level(level, left=len(levels) - position)
            if result.status in (Status.INFEASIBLE, Status.UNKNOWN) and self.chosen is None:
                return self.nothing(result.status)
            self.levels.append(result)
        assert self.chosen is not None
        more = self.most_more()
        results = self.priced_levels(levels)
        return make_schedule(
            self.book,
            self.cp.families,
            self.chosen,
            status=Status.OPTIMAL if all(r.status is Status.OPTIMAL for r in results) else Status.FEASIBLE,
            levels=results,
            strategy="direct",
            seconds=0.0 if self.settings.deterministic else round(self.elapsed(), 3),
            seed=self.settings.seed,
            workers=self.workers,
            more=more,
        )

    def nothing(self, status: Status) -> Schedule:
        return Schedule(
            status=status,
            strategy="direct",
            seconds=0.0 if self.settings.deterministic else round(self.elapsed(), 3),
            seed=self.settings.seed,
            workers=self.workers,
            instance_name=self.book.facts.instance.name,
        )

    def first_schedule(self) -> None:
        """Construct a schedule, and keep it if it is valid."""
        self.say("a first schedule")
        if self.known is not None and self.known.chosen is not None:
            self.offer(list(self.known.chosen))
            return
        if self.start is not None:
            self.offer(list(self.start))
        self.offer(construct(self.book, self.cp.families, self.settings.seed, self.start))

    def improve(self, level: int, goal: int, alone: Sequence[int]) -> None:
        """Spend a part of the time on making the first schedule better, a few families at a time."""
        if self.chosen is None or not self.cp.families or self.remaining() <= 0:
            return
        search = Improve(self.book, self.cp.families, self.chosen, level, alone=alone, goal=goal, seed=self.settings.seed)
        share = self.remaining() * IMPROVE_SHARE
        self.chosen = search.run(
            time_limit_s=share,
            tries=int(share * TRIES_PER_SECOND) if self.settings.deterministic else None,
            stop=self.stop,
            said=lambda best, chosen: self.improved(best, goal, chosen),
        )

    def improved(self, best: int, bound: int, chosen: Sequence[IntArray]) -> None:
        """Report a schedule that was made better."""
        self.count(chosen)
        self.say("improving a few at a time", best, bound)

    def offer(self, chosen: list[IntArray]) -> None:
        """Keep a schedule if it is valid and better than what there is."""
        found = evaluate(self.book, self.cp.families, chosen)
        if found.broken:
            return
        best = None if self.chosen is None else evaluate(self.book, self.cp.families, self.chosen)
        if best is None or found.by_level(self.book) < best.by_level(self.book):
            self.chosen = chosen
            self.count(chosen)
            self.say("a first schedule", found.cost(self.book))

    def hint(self) -> None:
        """Tell CP-SAT the whole of the best schedule, auxiliary variables included."""
        if self.chosen is None or self.remaining() <= 0:
            return
        self.cp.hint_options(self.chosen)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.fix_variables_to_their_hinted_value = True
        solver.parameters.catch_sigint_signal = False
        solver.parameters.max_deterministic_time = 10.0
        if not self.settings.deterministic:
            solver.parameters.max_time_in_seconds = self.remaining() * HINT_SHARE
        if self.run_solver(solver, self.cp.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self.cp.hint_all(solver.response_proto.solution)

    def solve_level(self, level: int, *, left: int) -> LevelResult:
        """Minimise a level; so many are `left` with it, which share the time that remains."""
        objective = self.cp.objective(level)
        least, most = objective.limits()
        first = self.known if not self.levels else None
        lower, alone = (first.bound, []) if first else self.bound_families(level)
        lower = max(lower, least)
        if lower > least:
            self.cp.model.add_linear_constraint(objective.expression(), lower, most)
        if not self.levels and not first:
            self.improve(level, lower, alone)
        status = Status.OPTIMAL
        if self.chosen is None or self.cost(level) > lower:
            self.cp.model.minimize(objective.expression())
            self.hint()
            everything_is_placed = self.chosen is not None and not self.missing
            kept = 0.0 if everything_is_placed or left > 1 else self.settings.time_limit_s * MORE_SHARE
            share = self.remaining() / left - kept
            status, lower = self.search(_Watch(self, lower), max(share, 0))
        if self.chosen is None:
            return LevelResult(level=level, status=status, objective=0, bound=lower)
        best = self.cost(level)
        if status is Status.INFEASIBLE or lower > best:
            raise AssertionError(f"level {level}: proven bound {lower} ({status}), but there is a schedule at {best}")
        self.say(self.searching, best, lower)
        if left > 1:
            self.cp.model.add_linear_constraint(objective.expression(), least, best)
        ended_as = Status.OPTIMAL if lower == best else Status.FEASIBLE
        return LevelResult(level=level, status=ended_as, objective=best, bound=lower)

    def cost(self, level: int) -> int:
        """Cost of the best schedule at a level."""
        assert self.chosen is not None
        return evaluate(self.book, self.cp.families, self.chosen).cost(self.book, level)

    def search(self, watch: _Watch, time_limit_s: float) -> tuple[Status, int]:
        """Run CP-SAT on the model as it is; keeps a better schedule, returns the status and the proven bound."""
        solver = self.solver(time_limit_s)
        solver.best_bound_callback = watch.on_bound
        status = self.status_of(self.run_solver(solver, self.cp.model, watch)) if self.remaining() > 0 else Status.UNKNOWN
        lower = watch.bound
        if status in (Status.OPTIMAL, Status.FEASIBLE):
            self.offer(self.cp.chosen(solver.response_proto.solution))
            # CP-SAT works in integers: its bound is an integer that was turned into a double
            lower = max(lower, math.ceil(solver.best_objective_bound - 1e-6))
        return status, lower

    def run_solver(self, solver: cp_model.CpSolver, model: cp_model.CpModel, watch: _Watch | None = None) -> int:
        """Run CP-SAT so that a request to stop ends it at once."""
        return run_until(solver, model, self.stop, watch)

    def status_of(self, code: int) -> Status:
        """CP-SAT's status; a model that it refuses has numbers that are too large for exact arithmetic."""
        if code not in STATUS:
            raise InputError("the policy's weights and priorities multiply to numbers that are too large; make them smaller")
        return STATUS[code]

    def most_more(self) -> int | None:
        """At most so many more required rotations are placed in any schedule that keeps the hard rules (proven)."""
        assert self.chosen is not None
        placed, missing = count_placed(self.book, self.cp.families, self.chosen)
        if not missing:
            return 0
        self.say("how many more could be placed")
        if self.stop.is_set():
            return None
        # a level that is fixed at its best cost would hide schedules that place more
        cp = self.cp if len(self.levels) == 1 else CpModel(self.book, self.book.families())
        total = cp.placed()
        most = total.limits()[1]
        cp.model.maximize(total.expression())
        cp.hint_options(self.chosen)
        solver = self.solver(min(self.settings.time_limit_s * MORE_SHARE, max(self.remaining(), MORE_LEAST_S)))
        status = self.run_solver(solver, cp.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        return min(missing, max(0, math.floor(min(solver.best_objective_bound, most) + 1e-6) - placed))

    def bound_families(self, level: int) -> tuple[int, list[int]]:
        """Spend a part of the time on what each family would cost alone; returns proven bounds of the level and of each."""
        count = max(len(self.cp.families), 1)
        work = self.remaining() * ALONE_SHARE / count if self.settings.deterministic else None
        alone = Alone(
            self.book,
            level,
            workers=self.workers,
            time_limit_s=self.remaining() * ALONE_SHARE,
            stop=self.stop,
            work_limit=work,
        )
        return alone.add_to(self.cp, lambda done, n: self.say(f"each party alone, {done} of {n}") if done % 50 == 0 else None)

    def priced_levels(self, levels: Sequence[int]) -> tuple[LevelResult, ...]:
        """Levels with the objective of the final schedule (a later level may have improved an earlier one)."""
        assert self.chosen is not None
        final = evaluate(self.book, self.cp.families, self.chosen)
        return tuple(
            result.model_copy(update={"objective": cost, "status": Status.OPTIMAL if cost == result.bound else result.status})
            for cost, result in zip((final.cost(self.book, level) for level in levels), self.levels, strict=True)
        )

    def remaining(self) -> float:
        if self.stop.is_set():
            return 0.0
        return self.settings.time_limit_s if self.settings.deterministic else self.settings.time_limit_s - self.elapsed()

    def solver(self, time_limit_s: float) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = self.workers
        solver.parameters.random_seed = self.settings.seed % (1 << 31)
        solver.parameters.linearization_level = 2
        if 1 < self.workers < FEW_WORKERS:
            # only one full search fits beside the neighbourhood searches: the one that proves fastest here
            solver.parameters.subsolvers.append("reduced_costs")
        solver.parameters.relative_gap_limit = self.settings.gap
        solver.parameters.catch_sigint_signal = False  # the command line decides what Ctrl-C means
        if self.settings.deterministic:
            solver.parameters.max_deterministic_time = max(time_limit_s, 0.001) * WORK_PER_SECOND
        else:
            solver.parameters.max_time_in_seconds = max(time_limit_s, 0.001)
        return solver


def run_until(
    solver: cp_model.CpSolver,
    model: cp_model.CpModel,
    stop: threading.Event,
    watch: cp_model.CpSolverSolutionCallback | None = None,
) -> int:
    """Run CP-SAT so that a request to stop ends it at once; returns its status."""
    ended = threading.Event()
    watcher = threading.Thread(target=_stop_when_asked, args=(solver, stop, ended), daemon=True)
    watcher.start()
    try:
        return int(solver.solve(model, watch))
    finally:
        ended.set()
        watcher.join()


class _Watch(cp_model.CpSolverSolutionCallback):
    """Reports every better schedule and every better bound."""

    def __init__(self, owner: _Direct, lower: int) -> None:
        super().__init__()
        self.owner = owner
        self.best: int | None = None
        self.bound = lower
        self.count_again = 0.0
        self.uncounted: Sequence[int] | None = None

    def on_solution_callback(self) -> None:
        self.best = round(self.objective_value)
        self.uncounted = list(self.response_proto.solution)
        self.report()
        if self.best <= self.bound:  # proven by the families' own bounds, which CP-SAT need not find again
            self.stop_search()

    def on_bound(self, bound: float) -> None:
        self.bound = max(self.bound, math.ceil(bound - 1e-6))
        self.report()

    def report(self) -> None:
        began, uncounted = self.owner.elapsed(), self.uncounted
        if uncounted is not None and began >= self.count_again:
            self.uncounted = None
            self.owner.count(self.owner.cp.chosen(uncounted))
            self.count_again = began + (self.owner.elapsed() - began) / COUNT_SHARE
        self.owner.say(self.owner.searching, self.best, self.bound)


def _stop_when_asked(solver: cp_model.CpSolver, stop: threading.Event, ended: threading.Event) -> None:
    while not ended.wait(0.05):
        if stop.is_set():
            solver.stop_search()
