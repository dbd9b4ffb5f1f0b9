"""Strategy *direct*: one CP-SAT model of the whole book, level after level, with a proven bound for each."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Sequence

from ortools.sat.python import cp_model

from scheduler.domain import LevelResult, Schedule, Status
from scheduler.model import Book, evaluate
from scheduler.model.cp import CpModel
from scheduler.offers.days import IntArray
from scheduler.solve.alone import Alone, one_after_another
from scheduler.solve.construct import construct
from scheduler.solve.result import make_schedule
from scheduler.solve.settings import OnProgress, Progress, Settings

#: Part of the remaining time that may go into bounds of single families.
ALONE_SHARE = 0.2
#: Part of the remaining time that may go into a first schedule.
FIRST_SHARE = 0.1
#: From so many workers on, CP-SAT's own choice of searches is used.
FEW_WORKERS = 5
#: Units of deterministic time that count as one second of the time limit.
WORK_PER_SECOND = 1.0
STATUS = {
    cp_model.OPTIMAL: Status.OPTIMAL,
    cp_model.FEASIBLE: Status.FEASIBLE,
    cp_model.INFEASIBLE: Status.INFEASIBLE,
    cp_model.UNKNOWN: Status.UNKNOWN,
}


def direct(book: Book, settings: Settings, on_progress: OnProgress, stop: threading.Event) -> Schedule:
    """Solve the book as one CP-SAT model.

    The levels of the policy are minimised one after another; each finished level is fixed at its best cost. A level's bound
    is proven given the levels above it.
    """
    return _Direct(book, settings, on_progress, stop).run()


class _Direct:
    def __init__(self, book: Book, settings: Settings, on_progress: OnProgress, stop: threading.Event) -> None:
        self.book, self.settings, self.on_progress, self.stop = book, settings, on_progress, stop
        self.began = time.monotonic()
        self.workers = 1 if settings.deterministic else settings.workers or os.cpu_count() or 1
        self.say("building the model")
        self.cp = CpModel(book, book.families())
        self.chosen: list[IntArray] | None = None
        self.levels: list[LevelResult] = []

    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def say(self, phase: str, best: int | None = None, bound: int | None = None) -> None:
        self.on_progress(Progress(self.elapsed(), phase, best, bound))

    def run(self) -> Schedule:
        levels = sorted({int(self.book.level[r]) for r in self.cp.cost if self.book.weight[r]}) or [1]
        self.first_schedules(levels)
        status = Status.OPTIMAL
        for position, level in enumerate(levels):
            result = self.solve_level(level, final=position == len(levels) - 1)
            if result.status in (Status.INFEASIBLE, Status.UNKNOWN) and self.chosen is None:
                return self.nothing(result.status)
            self.levels.append(result)
            if result.status is not Status.OPTIMAL:
                status = Status.FEASIBLE
        assert self.chosen is not None
        return make_schedule(
            self.book,
            self.cp.families,
            self.chosen,
            status=status,
            levels=self.priced_levels(levels),
            strategy="direct",
            seconds=0.0 if self.settings.deterministic else round(self.elapsed(), 3),
            seed=self.settings.seed,
            workers=self.workers,
        )

    def nothing(self, status: Status) -> Schedule:
        return Schedule(
            status=status,
            strategy="direct",
            seconds=round(self.elapsed(), 3),
            seed=self.settings.seed,
            workers=self.workers,
            instance_name=self.book.facts.instance.name,
        )

    def first_schedules(self, levels: Sequence[int]) -> None:
        """The better of two quick schedules becomes the start."""
        self.say("a first schedule")
        self.offer(construct(self.book, self.cp.families, self.settings.seed))
        share = self.remaining() * FIRST_SHARE
        work = share / max(len(self.cp.families), 1) if self.settings.deterministic else None
        self.offer(
            one_after_another(
                self.book,
                self.cp.families,
                levels,
                seed=self.settings.seed,
                time_limit_s=share,
                stop=self.stop,
                work_limit=work,
            )
        )

    def offer(self, chosen: list[IntArray]) -> None:
        """Keep a schedule if it is valid and better than what there is."""
        found = evaluate(self.book, self.cp.families, chosen)
        if found.broken:
            return
        best = None if self.chosen is None else evaluate(self.book, self.cp.families, self.chosen)
        if best is None or found.by_level(self.book) < best.by_level(self.book):
            self.chosen = chosen
            self.say("a first schedule", found.cost(self.book))

    def hint(self) -> None:
        """Tell CP-SAT the whole of the best schedule, auxiliary variables included."""
        if self.chosen is None:
            return
        self.cp.hint_options(self.chosen)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.fix_variables_to_their_hinted_value = True
        solver.parameters.catch_sigint_signal = False
        solver.parameters.max_deterministic_time = 10.0
        if solver.solve(self.cp.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self.cp.hint_all(solver.response_proto.solution)

    def solve_level(self, level: int, *, final: bool) -> LevelResult:
        objective = self.cp.objective(level)
        self.bound_families(level)
        self.cp.model.minimize(objective.expression())
        self.hint()
        solver = self.solver()
        watch = _Watch(self, objective.constant)
        solver.best_bound_callback = watch.on_bound
        ended = threading.Event()
        watcher = threading.Thread(target=_stop_when_asked, args=(solver, self.stop, ended), daemon=True)
        watcher.start()
        try:
            status = STATUS[solver.solve(self.cp.model, watch)] if self.remaining() > 0 else Status.UNKNOWN
        finally:
            ended.set()
            watcher.join()
        lower = objective.limits()[0]
        if status in (Status.OPTIMAL, Status.FEASIBLE):
            self.chosen = self.cp.chosen(solver.response_proto.solution)
        elif status is Status.INFEASIBLE:
            return LevelResult(level=level, status=status, objective=0, bound=0)
        if self.chosen is None:
            return LevelResult(level=level, status=status, objective=0, bound=lower)
        best = evaluate(self.book, self.cp.families, self.chosen).cost(self.book, level)
        if status is not Status.UNKNOWN:
            # CP-SAT works in integers: its bound is an integer that was turned into a double
            lower = max(lower, math.ceil(solver.best_objective_bound - 1e-6))
        bound = min(best, lower)
        if not final:
            self.cp.model.add_linear_constraint(objective.expression(), objective.limits()[0], best)
        ended_as = Status.OPTIMAL if bound == best else Status.FEASIBLE
        return LevelResult(level=level, status=ended_as, objective=best, bound=bound)

    def bound_families(self, level: int) -> None:
        """Spend a part of the time on what each family would cost alone."""
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
        alone.add_to(self.cp, lambda done, n: self.say(f"each party alone, {done} of {n}") if done % 50 == 0 else None)

    def priced_levels(self, levels: Sequence[int]) -> tuple[LevelResult, ...]:
        """Levels with the objective of the final schedule (a later level may have improved an earlier one)."""
        assert self.chosen is not None
        final = evaluate(self.book, self.cp.families, self.chosen)
        return tuple(
            result.model_copy(update={"objective": final.cost(self.book, level)})
            for level, result in zip(levels, self.levels, strict=True)
        )

    def remaining(self) -> float:
        if self.stop.is_set():
            return 0.0
        return self.settings.time_limit_s if self.settings.deterministic else self.settings.time_limit_s - self.elapsed()

    def solver(self) -> cp_model.CpSolver:
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
            solver.parameters.max_deterministic_time = max(self.remaining(), 0.001) * WORK_PER_SECOND
        else:
            solver.parameters.max_time_in_seconds = max(self.remaining(), 0.001)
        return solver


class _Watch(cp_model.CpSolverSolutionCallback):
    """Reports every better schedule and every better bound."""

    def __init__(self, owner: _Direct, constant: int) -> None:
        super().__init__()
        self.owner = owner
        self.best: int | None = None
        self.bound: int | None = None

    def on_solution_callback(self) -> None:
        self.best = round(self.objective_value)
        self.report()

    def on_bound(self, bound: float) -> None:
        self.bound = math.ceil(bound - 1e-6)
        self.report()

    def report(self) -> None:
        self.owner.say("searching", self.best, self.bound)


def _stop_when_asked(solver: cp_model.CpSolver, stop: threading.Event, ended: threading.Event) -> None:
    while not ended.wait(0.05):
        if stop.is_set():
            solver.stop_search()
