"""A first schedule made better: a few families at a time are taken out and put back as well as possible.

The families taken together are one that pays much more than it would alone, and others that hold what it could use. Their
small CP-SAT model is exact, with the load of all others as given.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from ortools.sat.python import cp_model

from scheduler.model import Book, Evaluation, FamilyBook, evaluate
from scheduler.model.cp import CpModel, Others
from scheduler.model.linear import Matrix
from scheduler.offers.days import IntArray
from scheduler.rules.statements import Terms
from scheduler.solve.alone import small_solver

SMALLEST, LARGEST = 3, 16
#: Deterministic time for one small model; one that needs more shows that it is too large.
WORK_FOR_ONE = 0.5
#: It is enough after this many tries, in multiples of the number of families, without any gain;
TRIES_WITHOUT_GAIN = 1.5
#: or after one second, and half as long again as it took to the last gain, without any.
SECONDS_WITHOUT_GAIN = 1.0


class Improve:
    """Large neighbourhood search over families.

    Parameters
    ----------
    alone
        Proven least cost of each family by itself: how much a family could gain at most.
    goal
        Proven bound of the whole: reaching it ends the search.
    """

    def __init__(
        self,
        book: Book,
        families: Sequence[FamilyBook],
        chosen: Sequence[IntArray],
        level: int,
        *,
        alone: Sequence[int],
        goal: int,
        seed: int,
    ) -> None:
        self.book, self.families, self.level, self.goal = book, families, level, goal
        self.alone = np.array(alone, dtype=np.int64)
        self.rng = np.random.default_rng(seed)
        self.chosen = list(chosen)
        self.now: Evaluation = evaluate(book, families, chosen)
        self.best = self.now.cost(book, level)
        self.costs = self._costs()
        self.load = self._load(range(len(families)))
        self.size = SMALLEST
        self.users = [self._rows_of(f) for f in families]
        self.by_row = self._families_by_row()

    def run(
        self, *, time_limit_s: float, tries: int | None, stop: threading.Event, said: Callable[[int, Sequence[IntArray]], None]
    ) -> list[IntArray]:
        """Improve until the goal, the time limit, the number of tries or patience is reached."""
        began = gained = time.monotonic()
        idle = done = 0
        while self.best > self.goal and idle < TRIES_WITHOUT_GAIN * len(self.families) and not stop.is_set():
            now = time.monotonic()
            patience = SECONDS_WITHOUT_GAIN + 0.5 * (gained - began)
            if done >= tries if tries is not None else now > min(began + time_limit_s, gained + patience):
                break
            before = self.best
            self.step(self.pick())
            idle, done = idle + 1, done + 1
            if self.best < before:
                idle, gained = 0, time.monotonic()
                said(self.best, self.chosen)
        return self.chosen

    def pick(self) -> list[int]:
        """A family that could gain much, and others that use rows it could use."""
        regret = np.maximum(self.costs - self.alone, 0).astype(np.float64) + 1.0
        seed = int(self.rng.choice(len(self.families), p=regret / regret.sum()))
        rows = self.users[seed]
        rivals = np.bincount(
            np.concatenate([self.by_row.row(int(r))[0] for r in rows]) if len(rows) else [seed], minlength=len(self.families)
        ).astype(np.float64)
        weight = np.sqrt(rivals) + 0.05
        weight[seed] = 0.0
        count = min(self.size, len(self.families)) - 1
        others: Iterable[int] = (
            self.rng.choice(len(self.families), size=count, replace=False, p=weight / weight.sum()) if count else []
        )
        return [seed, *(int(f) for f in others)]

    def step(self, picked: list[int]) -> None:
        """Solve for the picked families, keep the result if it is no worse, and adapt how many are picked."""
        load = self.load - self._load(picked)
        parties = {p for f in picked for p in self.families[f].family.parties}
        others = Others(load, {key: value for key, value in self.now.by_party.items() if key[0] not in parties})
        cp = CpModel(self.book, [self.families[f] for f in picked], others=others)
        cp.hint_options([self.chosen[f] for f in picked])
        cp.model.minimize(cp.objective(self.level).expression())
        solver = small_solver()
        solver.parameters.random_seed = int(self.rng.integers(1 << 30))
        solver.parameters.max_deterministic_time = WORK_FOR_ONE
        status = solver.solve(cp.model)
        if status == cp_model.OPTIMAL:
            self.size = min(LARGEST, self.size + int(self.rng.random() < 0.2))
        elif self.size > SMALLEST:
            self.size -= 1
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            trial = list(self.chosen)
            for f, taken in zip(picked, cp.chosen(solver.response_proto.solution), strict=True):
                trial[f] = taken
            found = evaluate(self.book, self.families, trial)
            if not found.broken and found.by_level(self.book) <= self.now.by_level(self.book):
                self.chosen, self.now, self.best = trial, found, found.cost(self.book, self.level)
                self.costs, self.load = self._costs(), load + self._load(picked)

    def _costs(self) -> IntArray:
        """What each family costs at this level."""
        total = np.zeros(len(self.families), dtype=np.int64)
        for (party, rule), value in self.now.by_party.items():
            if self.book.level[rule] == self.level:
                total[self.book.facts.family_of[party].index] += self.book.weight[rule] * value
        return total

    def _load(self, families: Iterable[int]) -> IntArray:
        """What the chosen options of some families add to each shared row."""
        load = np.zeros(len(self.book.shared), dtype=np.int64)
        for f in families:
            for o in self.chosen[f].tolist():
                rows, values = self.families[f].shared.row(o)
                load[rows] += values
        return load

    @staticmethod
    def _rows_of(family: FamilyBook) -> IntArray:
        return np.unique(family.shared.column)

    def _families_by_row(self) -> Matrix:
        family = np.concatenate([np.full(len(rows), f) for f, rows in enumerate(self.users)])
        return Matrix.of(Terms.of(np.concatenate(self.users), family), len(self.book.shared))
