"""Branch and bound over an enumerated problem, with bounds in whole numbers.

What a part of the problem costs at least is proven by prices of its rows (`Program.certified`), by rows that leave nothing over,
or by CP-SAT. Both halves of a choice are looked at before it is taken: a half that cannot hold a schedule of interest is left at
once, what remains is smaller and its relaxation stronger. That alone closes most of a gap: what a largest load or the worst-off
student comes to, and which slots open, is what a linear relaxation does not see.
"""

from __future__ import annotations

import heapq
import math
import threading
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from scheduler.offers.days import BoolArray, IntArray
from scheduler.solve.columns.pool import Column
from scheduler.solve.columns.program import FINE, Box, Program, alive
from scheduler.solve.columns.relaxation import Floats, Point, Relaxation
from scheduler.solve.columns.whole import best_of

#: Something this near to a whole number is whole.
WHOLE = 1e-6
#: Relaxations solved in one box, as long as each rules out more than this share of the columns.
ROUNDS, FEW = 3, 0.02
#: So many choices are looked at in a part (all in the whole); and so many without a better one are enough.
LOOKS, IDLE_LOOKS = 10, 4
#: Gates and options that are nearest to a half are looked at first: of options so many.
MOST_OPTIONS = 20
#: The relaxation is written anew where less than this share of its columns is left; CP-SAT tries again where less than this is.
SMALLER, MUCH_SMALLER = 0.6, 0.7
#: Seconds that CP-SAT has for one part.
PART_S = 15.0
#: Stands for the columns of a part before CP-SAT first tried.
NEVER_TRIED = 1 << 40


class Choice(NamedTuple):
    """A gate or variable at most `at` or more; or (no `thing`) one of these columns or none."""

    thing: int
    at: int
    columns: tuple[int, ...] = ()


class Part(NamedTuple):
    """A part of the problem with its bound; ordered by that."""

    bound: int
    order: int
    box: Box
    point: Point
    tried: int


class Tree:
    """The best schedule of an enumerated problem that costs less than `target`, or a proof that there is none.

    Nothing costs less than `known`, if that is given.

    Attributes
    ----------
    bound
        Proven at any time: what a schedule of these columns costs at least, at most `target`.
    best, cost
        Columns of the best schedule found, None while none costs less than the target; what it costs.
    """

    def __init__(
        self,
        program: Program,
        target: int,
        *,
        known: int | None = None,
        workers: int = 1,
        seed: int = 0,
        deadline: float = math.inf,
        stop: threading.Event | None = None,
        said: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.program, self.target = program, target
        self.workers, self.seed, self.deadline, self.said = workers, seed, deadline, said
        self.stop = threading.Event() if stop is None else stop
        self.best: list[Column] | None = None
        self.cost = target
        self.least = _least(program, program.box)
        self.bound = min(target, self.least if known is None else max(self.least, known))
        self.artificial = 20.0 * (target - self.least) + 100.0
        self.worth: dict[Choice, float] = {}
        self.made = 0

    @property
    def out_of_time(self) -> bool:
        return self.stop.is_set() or time.monotonic() > self.deadline

    def run(self) -> None:
        """Go on until nothing is open or time is up."""
        heap = [] if self.bound >= self.target else self._root()
        while heap and not self.out_of_time:
            self._tell(heap[0].bound)
            part = heapq.heappop(heap)
            if part.bound < self.cost:
                for half in self._halves(part):
                    heapq.heappush(heap, half)
        self._tell(heap[0].bound if heap else self.cost)

    def _root(self) -> list[Part]:
        """The whole, without what can be ruled out by its variables."""
        p, box = self.program, self.program.box.copy()
        for v in range(p.vars, p.size):
            if p.cost[v] > 0:
                # what a variable costs alone limits it
                box.hi[v] = min(int(box.hi[v]), int(box.lo[v]) + (self.target - 1 - self.least) // int(p.cost[v]))
        self.relaxation = Relaxation(self.program, self.artificial)
        whole = self._part(box, self.bound, NEVER_TRIED)
        if whole is not None:
            whole, _ = self._narrowed(whole, self._limits_of_variables)
        if whole is None:
            return []
        self.program = self.program.narrowed(whole.box)
        self.relaxation = Relaxation(self.program, self.artificial)
        root = self._part(self.program.box.copy(), whole.bound, NEVER_TRIED)
        return [] if root is None else [root]

    def _tell(self, bound: int) -> None:
        if bound > self.bound:
            self.bound = min(bound, self.cost)
            self.said(self.bound)

    # -- parts ------------------------------------------------------------------------------------------------

    def _part(self, box: Box, bound: int, tried: int, rounds: int = ROUNDS) -> Part | None:
        """A part with its bound and relaxed solution, and its box made smaller; None if nothing of interest is in it."""
        program, point = self.program, Point(math.nan, np.zeros(0), np.zeros(0))
        for _ in range(rounds):
            if not program.propagate(box):
                return None
            solved = self.relaxation.solve(box, max(self.deadline - time.monotonic(), 0.001))
            point = solved or Point(math.nan, np.zeros(program.size), np.zeros(len(program.hi)))
            found = program.certified(point.prices, box)
            bound = max(bound, -(-found.bound // FINE))
            if bound >= self.cost:
                return None
            before = int(alive(program, box).sum())
            if not program.reduce(found, self.cost, box):
                break
            if int(alive(program, box).sum()) > before * (1 - FEW):
                break
        if not program.propagate(box):
            return None
        self.made += 1
        return Part(bound, -self.made, box, point, tried)

    def _narrowed(self, part: Part, choices: Callable[[Part], list[Choice]]) -> tuple[Part | None, list[Part]]:
        """A part without what can be ruled out by looking at both halves of choices, and the halves of the best of these."""
        best: list[Part] = []
        score, idle, seen = -1.0, 0, set[Choice]()
        while not self.out_of_time:
            choice = next((c for c in choices(part) if c not in seen), None)
            if choice is None or idle > IDLE_LOOKS or len(seen) > LOOKS:
                break
            halves = [self._part(box, part.bound, part.tried, 1) for box in self._boxes(part.box, choice)]
            left = [half for half in halves if half is not None]
            if not left:
                return None, []
            if len(left) == 1:
                # only one half can hold anything: it is the part from now on
                again = self._part(left[0].box, left[0].bound, part.tried)
                if again is None:
                    return None, []
                part, best, score, idle = again, [], -1.0, 0
                continue
            seen.add(choice)
            gains = [max(half.point.value - part.point.value, 1e-3) for half in left]
            self.worth[choice] = gains[0] * gains[1]
            if gains[0] * gains[1] > score:
                score, best, idle = gains[0] * gains[1], left, 0
            else:
                idle += 1
        bound = min((half.bound for half in best), default=part.bound)
        return part._replace(bound=max(part.bound, bound)), best

    def _halves(self, part: Part) -> list[Part]:
        """What a part falls into, after what can be ruled out in it is; nothing if CP-SAT solves it."""
        left, _ = self._narrowed(part, self._limits_of_variables)
        if left is None:
            return []
        count = int(alive(self.program, left.box).sum())
        if count <= MUCH_SMALLER * left.tried:
            if self._solved(left.box):
                return []
            left = left._replace(tried=count)
        left, halves = self._narrowed(left, self._choices)
        if left is None or (not halves and not self.out_of_time and self._solved(left.box)):
            return []
        return halves or [left]

    def _solved(self, box: Box) -> bool:
        """Whether CP-SAT finds the best schedule of a part, or that there is none of interest."""
        found = best_of(
            self.program,
            box,
            self.cost,
            workers=self.workers,
            seed=self.seed,
            time_limit_s=min(PART_S, self.deadline - time.monotonic()),
            stop=self.stop,
        )
        if found.columns is not None:
            self.best, self.cost = found.columns, found.cost
        return found.proven

    # -- choices ----------------------------------------------------------------------------------------------

    def _limits_of_variables(self, part: Part) -> list[Choice]:
        """Whether variables are at what the relaxation has them at, or more."""
        found, box = [], part.box
        for v in range(self.program.vars, self.program.size):
            if box.lo[v] < box.hi[v]:
                at = math.floor(part.point.take[v] + WHOLE)
                found.append(Choice(v, min(max(at, int(box.lo[v])), int(box.hi[v]) - 1)))
        return found

    def _choices(self, part: Part) -> list[Choice]:
        """Gates and options taken in part, those nearest to a half (or worth most so far) first, after variables."""
        p, box, take = self.program, part.box, part.point.take
        share = np.minimum(take[p.gates : p.vars], 1 - take[p.gates : p.vars])
        free = np.flatnonzero((share > WHOLE) & (box.lo[p.gates : p.vars] < box.hi[p.gates : p.vars]))
        rest = [(float(share[g]), Choice(p.gates + g, 0)) for g in free.tolist()]
        rest += self._options(take)
        rest.sort(key=lambda x: -x[0] * (1 + self.worth.get(x[1], 0.0)))
        return self._limits_of_variables(part) + [choice for _, choice in rest]

    def _options(self, take: Floats) -> list[tuple[float, Choice]]:
        """Options of blocks that are taken in part."""
        p = self.program
        total: dict[tuple[int, int], float] = {}
        columns: dict[tuple[int, int], list[int]] = {}
        for j in np.flatnonzero((take[: p.gates] > WHOLE) & (take[: p.gates] < 1 - WHOLE)).tolist():
            for option in p.columns[j].options.tolist():
                key = (int(p.block[j]), option)
                total[key] = total.get(key, 0.0) + float(take[j])
        share = sorted(((min(f, 1 - f), key) for key, f in total.items()), reverse=True)[:MOST_OPTIONS]
        wanted = {key for f, key in share if f > WHOLE}
        for block in {b for b, _ in wanted}:
            for j in np.flatnonzero(p.block == block).tolist():
                for option in p.columns[j].options.tolist():
                    if (block, option) in wanted:
                        columns.setdefault((block, option), []).append(j)
        return [(f, Choice(-1, 0, tuple(columns[key]))) for f, key in share if f > WHOLE]

    def _boxes(self, box: Box, choice: Choice) -> Iterator[Box]:
        """The two halves of a choice."""
        without, within = box.copy(), box.copy()
        if choice.thing >= 0:
            without.hi[choice.thing] = choice.at
            within.lo[choice.thing] = choice.at + 1
        else:
            chosen = np.array(choice.columns, dtype=np.int64)
            without.hi[chosen] = 0
            others: BoolArray = self.program.block == self.program.block[chosen[0]]
            others[chosen] = False
            within.hi[: self.program.gates][others] = 0
        yield without
        yield within


def _least(program: Program, box: Box) -> int:
    """What everything costs at least if no row asks for anything."""
    nothing: IntArray = np.zeros(len(program.hi), dtype=np.int64)
    return -(-program.certified(nothing.astype(np.float64), box).bound // FINE)
