"""One level of a book by columns: bounds, columns and what can be put together from them."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Sequence

import numpy as np
from ortools.sat.python import cp_model

from scheduler.domain import Effort
from scheduler.model import Book, FamilyBook, evaluate
from scheduler.model.evaluate import Evaluation, evaluate_family
from scheduler.model.families import Families
from scheduler.offers.days import IntArray
from scheduler.pricing import Unsupported
from scheduler.pricing.pricing import Prices, Pricing
from scheduler.solve.alone import least_alone
from scheduler.solve.columns.blocks import blocks_of
from scheduler.solve.columns.closing import Closing
from scheduler.solve.columns.exact import ExactPricing
from scheduler.solve.columns.integer import ColumnModel
from scheduler.solve.columns.pool import Column, Pool
from scheduler.solve.columns.root import SLACK, Root
from scheduler.solve.columns.shared import Shared
from scheduler.solve.columns.simplify import simplified
from scheduler.solve.direct import run_until
from scheduler.solve.settings import Settings

#: Subgradient steps before the linear master.
WARM_STEPS = 5
#: Less than this of a column is nothing.
SOME = 1e-6
#: So many options of families are kept at hand beside those of blocks.
MOST_OPEN = 1_000_000


class Engine:
    """One level of a book, solved by columns.

    Attributes
    ----------
    families
        What is stated about each family.
    chosen, objective
        The best schedule so far, by family, and its cost; None before there is one.
    bound
        Proven: no schedule costs less. None while nothing is proven.
    forced
        By rule, blocks that only CP-SAT can price because of it.
    root_bound
        What was proven when column generation ended; None before.
    """

    def __init__(self, book: Book, level: int, settings: Settings, say: Callable[[str], None], stop: threading.Event) -> None:
        began = time.monotonic()
        self.book, self.level, self.settings, self.say, self.stop = book, level, settings, say, stop
        self.workers = settings.workers or os.cpu_count() or 1
        self.families: Sequence[FamilyBook] = Families(book, MOST_OPEN)
        self.blocks, most = simplified(book, blocks_of(book, self.families))
        self.shared = Shared(book, self.blocks, most, level)
        self.pool = Pool(self.shared)
        self.blocks_of_family: list[list[int]] = [[] for _ in self.families]
        for b, block in enumerate(self.blocks.blocks):
            self.blocks_of_family[block.family].append(b)
        self.forced: dict[str, int] = {}
        self.pricings = [self._pricing(block.book) for block in self.blocks.blocks]
        self.chosen: list[IntArray] | None = None
        self.objective: int | None = None
        self.bound: int | None = None
        self.columns: list[Column] | None = None
        self.root_bound: int | None = None
        self.root: Root | None = None
        self.closing = Closing(self)
        self.compile_s, self.tighten_s, self.integer_s = time.monotonic() - began, 0.0, 0.0

    def _pricing(self, family: FamilyBook) -> Pricing | ExactPricing:
        try:
            return Pricing(self.book, family, self.level)
        except Unsupported as reason:
            self.forced[str(reason)] = self.forced.get(str(reason), 0) + 1
            return ExactPricing(self.book, family, self.level)

    @property
    def gap(self) -> float:
        """(objective − bound) ÷ objective; infinite while one of them is unknown."""
        if self.objective is None or self.bound is None:
            return math.inf
        return (self.objective - self.bound) / max(1, abs(self.objective))

    @property
    def relaxed(self) -> bool:
        """Whether the linear master has been solved, so that there are columns worth putting together."""
        return self.root is not None and self.root.value < math.inf

    @property
    def shares(self) -> bool:
        """Whether linear masters, if only of parts, say what columns are good together."""
        return self.root is not None and len(self.root.share) > 0

    @property
    def effort(self) -> Effort:
        """Where the time went so far."""
        return Effort(
            root_bound=self.root_bound,
            columns=len(self.pool),
            parties=len(self.pricings),
            forced=self.forced,
            compile_s=round(self.compile_s, 3),
            pricing_s=round(self.tighten_s + (self.root.pricing_s if self.root else 0.0), 3),
            master_s=round(self.root.master_s, 3) if self.root else 0.0,
            integer_s=round(self.integer_s, 3),
        )

    def offer(self, chosen: Sequence[IntArray]) -> bool:
        """Keep a schedule if it is valid and better than what there is; its parts are columns from now on."""
        columns = [self.pool.add(b, taken)[0] for b, taken in enumerate(self.blocks.split(chosen))]
        found = evaluate(self.book, self.families, chosen)
        if found.broken:
            return False
        cost = found.cost(self.book, self.level)
        if self.objective is None or cost < self.objective:
            self.chosen, self.objective, self.columns = list(chosen), cost, columns
            return True
        return False

    def note(self, family: int, taken: IntArray) -> None:
        """Keep what a search found for a family as columns."""
        for b in self.blocks_of_family[family]:
            self.pool.add(b, np.flatnonzero(np.isin(self.blocks.blocks[b].place, taken)))

    def offer_columns(self, columns: Sequence[Column]) -> bool:
        """The same for one column of each block."""
        return self.offer(self.blocks.chosen([c.options for c in columns], len(self.families)))

    def least(self) -> int:
        """A bound that needs no search: every party alone, each of its rotations at its cheapest, every variable at its best."""
        total = sum(least_alone(self.book, block.book, self.level) for block in self.blocks.blocks)
        rows = self.shared.rows
        for lo, hi, cost_of_one in zip(rows.var_lo.tolist(), rows.var_hi.tolist(), self.shared.var_cost.tolist(), strict=True):
            total += min(lo * cost_of_one, hi * cost_of_one)
        return total

    def drawn(self, rng: np.random.Generator | None) -> list[IntArray]:
        """Options by block, each drawn by the shares of its columns in the relaxation; without `rng` the greatest share.

        Blocks that the relaxation knows no column of do what they do in the best schedule.
        """
        assert self.columns is not None
        found = [column.options for column in self.columns]
        best = np.zeros(len(found))
        share = self.root.share if self.root is not None else np.zeros(0)
        score = share if rng is None else np.where(share > 0, rng.random(len(share)) ** (1 / np.maximum(share, 1e-9)), 0.0)
        for i in np.flatnonzero(share > SOME).tolist():
            column = self.pool.columns[i]
            if score[i] > best[column.family]:
                best[column.family], found[column.family] = score[i], column.options
        return found

    def add_empty(self) -> None:
        """Taking nothing is a column of every block that may do so: the linear master always has a way out."""
        nothing = np.zeros(0, dtype=np.int64)
        for b, block in enumerate(self.blocks.blocks):
            found = Evaluation()
            evaluate_family(self.book, block.book, nothing, found)
            if not found.broken:
                self.pool.add(b, nothing)

    def tighten(self) -> None:
        """What each party's measured cost is at least bounds the variables that measure."""
        began = time.monotonic()
        parties, blocks = len(self.book.facts.parties), len(self.shared.blocks)
        nothing = np.zeros(len(self.shared.rows), dtype=np.int64)
        least = []
        for b in range(blocks):
            one = tuple(np.full(parties, int(j == b), dtype=np.int64) for j in range(blocks))
            cost = np.zeros(parties, dtype=np.int64)
            for block, pricing in zip(self.blocks.blocks, self.pricings, strict=True):
                cost[list(block.book.family.parties)] = min(pricing.cheapest(Prices(0, nothing, one), effort=1).bound, 0)
            least.append(cost)
        self.shared.tighten(least)
        self.tighten_s += time.monotonic() - began

    def solve_root(self, time_limit_s: float) -> bool:
        """Bound the level and collect columns; whether it is worth going on after a look at what the columns give."""

        def said(phase: str, bound: int) -> None:
            self.bound = bound if self.bound is None else max(self.bound, bound)
            self.say(phase)

        root, deadline = self.root, time.monotonic() + time_limit_s
        if root is None:
            self.add_empty()
            root = self.root = Root(
                self.shared,
                self.pool,
                self.pricings,
                workers=self.workers,
                deadline=deadline,
                stop=self.stop,
                said=said,
                cluster=self.settings.cluster,
            )
            self.say("prices of shared places")
            root.warm_up(WARM_STEPS, self.objective)
        root.deadline = deadline
        self.say("columns")
        more = root.solve(self.objective)
        if root.best is not None:
            said("columns", root.best.value)
        self.root_bound = self.bound
        return more

    def prove(self, time_limit_s: float) -> None:
        """Where the schedule costs what the relaxation does, the relaxation's own prices prove it."""
        root = self.root
        if (
            root is not None
            and self.objective is not None
            and self.objective <= math.ceil(root.value - SLACK * max(1.0, abs(root.value)))
        ):
            root.deadline = time.monotonic() + time_limit_s
            root.prove(self.objective)

    def close(self, time_limit_s: float) -> bool:
        """Find the best schedule of all, or prove that there is nearly none better, if few enough columns matter.

        Whether it is worth another try once there is a better schedule.
        """
        began = time.monotonic()
        again = self.closing.run(began + time_limit_s)
        self.integer_s += time.monotonic() - began
        return again

    def combine(self, time_limit_s: float) -> None:
        """The best schedule of the columns known so far."""
        began = time.monotonic()
        model = ColumnModel(self.shared, self.pool.columns)
        objective = model.objective(self.level)
        model.model.minimize(objective.expression())
        if self.root is not None and self.relaxed:
            # what the relaxation of these columns comes to need not be found out once more; it is no bound of anything else
            model.model.add(objective.expression() >= math.ceil(self.root.value - SLACK * max(1.0, abs(self.root.value))))
        if self.columns is not None:
            model.hint_columns(self.columns)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = self.workers
        solver.parameters.linearization_level = 2
        solver.parameters.random_seed = self.settings.seed % (1 << 31)
        solver.parameters.max_time_in_seconds = max(time_limit_s, 0.01)
        solver.parameters.catch_sigint_signal = False
        status = run_until(solver, model.model, self.stop)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self.offer_columns(model.picked(solver.response_proto.solution))
        self.integer_s += time.monotonic() - began
