"""Large neighbourhood search: a few families at a time choose again, as well as they can while all others stay.

Every step is an exact small model (a part of the book, see `scheduler.model.part`) that starts from what is there, so that
no step makes a schedule worse; broken hard rows, where a start has some, come before any cost.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from ortools.sat.python import cp_model

from scheduler.model import Book, FamilyBook
from scheduler.model.part import Part, part_of
from scheduler.model.standing import Standing
from scheduler.offers.days import IntArray
from scheduler.offers.options import PartyOptions
from scheduler.solve.alone import least_alone, small_solver
from scheduler.solve.construct import construct
from scheduler.solve.neighbourhood.kinds import Kinds, Pick
from scheduler.solve.neighbourhood.partmodel import PartModel
from scheduler.solve.neighbourhood.places import Places
from scheduler.solve.result import count_placed

#: Deterministic time for one small model; one that needs more shows that it is too large.
WORK_FOR_ONE = 0.1
#: More options than this make a small model that is not small: then fewer families are taken, or only some of their options.
MOST_OPTIONS = 600
#: A patient search goes on without gain for so many tries, in multiples of the number of families;
TRIES_WITHOUT_GAIN = 3.0
#: or so many seconds, and half as long again as it took to the last gain.
SECONDS_WITHOUT_GAIN = 1.0

OnBetter = Callable[["Search"], None]
OnFamily = Callable[[int, IntArray], None]
#: Searches elsewhere: as long as the first says so, for at most so many seconds, and calls the third when something was gained.
Away = Callable[[Callable[[], bool], Callable[[], float], Callable[[], None]], None]


class Search:
    """Improves a schedule of a book.

    Attributes
    ----------
    standing
        The best schedule so far and what it costs.
    placed, unplaced
        By family: required rotations that are placed in full, and that are not.
    steps, gains
        How many small models were solved, and how many of them made the schedule better.

    Parameters
    ----------
    families
        The families' books, by index.
    start
        Options by family to start from; what does not fit is left out. None: a schedule is constructed.
    levels
        Levels of the policy to be minimised, in this order; None: all.
    least
        What each family costs at least at the first of these levels (its own optimum, say): where much can be won.
    workers
        How many small models are solved at once; more than one makes runs differ.
    on_family
        Called with each family's index and options when they are part of a better or equally good schedule.
    over
        Whether a first schedule has to end, with what is placed by then.
    """

    def __init__(
        self,
        book: Book,
        families: Sequence[FamilyBook],
        start: Sequence[IntArray] | None = None,
        *,
        levels: Sequence[int] | None = None,
        seed: int = 0,
        least: Sequence[int] | None = None,
        workers: int = 1,
        on_family: OnFamily | None = None,
        over: Callable[[], bool] = lambda: False,
    ) -> None:
        self.book, self.families, self.workers = book, families, workers
        self.on_family = on_family
        self.rng = np.random.default_rng(seed)
        standing = None if start is None else Standing(book, families, start)
        if standing is None or standing.broken:
            standing = Standing(book, families, construct(book, families, seed, start, over))
        self.standing = standing
        self.levels = tuple(levels) if levels is not None else standing.levels
        self._columns = (0, *(standing.levels.index(level) + 1 for level in self.levels))
        self.placed, self.unplaced, floor = np.zeros((3, len(families)), dtype=np.int64)
        taken: list[PartyOptions] = []
        self.places = Places(book, self._visited(taken, floor))
        for f, options in enumerate(taken):
            self.places.move(f, options)
        first = standing.levels.index(self.levels[0])
        floor = np.array(least, dtype=np.int64) if least is not None else floor
        self.kinds = Kinds(standing, self.places, self.rng, floor, self.unplaced, first)
        self.steps = self.gains = 0
        self.failure: BaseException | None = None
        self._lock = threading.Lock()
        self._busy: set[int] = set()

    @property
    def chosen(self) -> list[IntArray]:
        """Options of the best schedule, by family."""
        return list(self.standing.chosen)

    @property
    def cost(self) -> tuple[int, ...]:
        """Hard units broken, then the weighted cost of each level that is improved."""
        everything = self.standing.cost
        return tuple(everything[k] for k in self._columns)

    def run(
        self,
        *,
        time_limit_s: float = math.inf,
        tries: int | None = None,
        stop: threading.Event | None = None,
        goal: int | None = None,
        patient: bool = False,
        until_valid: bool = False,
        on_better: OnBetter | None = None,
        away: Away | None = None,
    ) -> list[IntArray]:
        """Improve until time or tries are up, it is told to stop, or the goal is reached.

        Parameters
        ----------
        tries
            Steps; with one worker, the same number of steps gives the same schedule.
        goal
            A cost of the first level at which nothing more can be won (a proven bound); only where one level is improved.
        patient
            Whether to end early when gains become rare.
        until_valid
            Whether to end as soon as no hard row is broken.
        on_better
            Called after each step that made the schedule better.
        away
            Searches in other processes instead (see `scheduler.solve.neighbourhood.replicas`).
        """
        clock = _Clock(time_limit_s, tries, stop or threading.Event(), patient, len(self.families), self.steps)

        def going() -> bool:
            done = goal is not None and len(self.levels) == 1 and self.cost <= (0, goal)
            done = done or (until_valid and not self.standing.broken)
            return bool(self.families) and not done and self.failure is None and clock.goes_on(self.steps)

        def noted() -> None:
            clock.note(self.steps)
            if on_better is not None:
                with self._lock:
                    on_better(self)

        def work() -> None:
            try:
                while going():
                    if self._step():
                        noted()
            except BaseException as failure:
                self.failure = failure
                raise

        if away is not None:
            away(going, clock.seconds_left, noted)
        elif self.workers == 1:
            work()
        else:
            with ThreadPoolExecutor(self.workers) as pool:
                for future in [pool.submit(work) for _ in range(self.workers)]:
                    future.result()
        return self.chosen

    def adopt(self, moves: Mapping[int, IntArray]) -> bool:
        """Let some families take the options that are given if nothing gets worse by it; returns whether it gets better."""
        with self._lock:
            gained = self._accept(moves)
            self.gains += gained
            return gained

    def become(self, chosen: Sequence[IntArray]) -> None:
        """Go on from another schedule."""
        moves = {f: taken for f, taken in enumerate(chosen) if not np.array_equal(taken, self.standing.chosen[f])}
        with self._lock:
            self.standing.change(moves)
            for f in moves:
                self._note(f)

    def _step(self) -> bool:
        """Let some families choose again; returns whether that made the schedule better."""
        with self._lock:
            kind, pick = self.kinds.choose()
            pick = {f: only for f, only in pick.items() if f not in self._busy}
            self.steps += 1
            if not pick:
                return False
            part = self._part(pick)
            if sum(len(kept) for kept in part.kept) > MOST_OPTIONS and len(pick) > 2:
                part = self._part(self._fewer(part, pick) if self.rng.random() < 0.5 else self._sampled(part))
            picked = part.picked
            self._busy.update(picked)
            seed = int(self.rng.integers(1 << 30))
            model = PartModel(self.standing, part)
            now = [np.searchsorted(kept, self.standing.chosen[f]) for f, kept in zip(picked, part.kept, strict=True)]
        try:
            taken, solved, work = self._solve(model, now, seed)
        finally:
            with self._lock:
                self._busy.difference_update(picked)
        with self._lock:
            gained = taken is not None and self._accept(part.positions(taken))
            kind.learn(gained=gained, solved=solved, work=work / WORK_FOR_ONE)
            self.gains += gained
            return gained

    def _part(self, pick: Pick) -> Part:
        return part_of(self.standing, list(pick), {f: only for f, only in pick.items() if only is not None})

    def _fewer(self, part: Part, pick: Pick) -> Pick:
        """The first families whose options are together not too many; at least two."""
        total = np.cumsum([len(options) for options in part.kept])
        return {f: pick[f] for f in part.picked[: max(2, int((total <= MOST_OPTIONS).sum()))]}

    def _sampled(self, part: Part) -> Pick:
        """Some options of each family at random, so that they are together not too many."""
        share = MOST_OPTIONS / sum(len(kept) for kept in part.kept)
        found: Pick = {}
        for f, kept in zip(part.picked, part.kept, strict=True):
            some = np.zeros(len(self.families[f].options), dtype=bool)
            some[kept[self.rng.random(len(kept)) < share]] = True
            found[f] = some
        return found

    def _solve(self, model: PartModel, now: Sequence[IntArray], seed: int) -> tuple[list[IntArray] | None, bool, float]:
        """The best choice of a part, whether that is proven, and the work it took."""
        best: list[IntArray] = list(now)
        work = 0.0
        objectives = [total for total in model.objectives(self.levels) if total.variables]
        for total in objectives:
            model.hint_options(best)
            model.model.minimize(total.expression())
            solver = small_solver()
            solver.parameters.random_seed = seed
            solver.parameters.max_deterministic_time = WORK_FOR_ONE
            status = solver.solve(model.model)
            work += solver.response_proto.deterministic_time
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                return None, False, work
            best = model.chosen(solver.response_proto.solution)
            if status == cp_model.FEASIBLE:
                return best, False, work
            if total is not objectives[-1]:
                model.model.add(total.expression() <= round(solver.objective_value))
        return best, True, work

    def _accept(self, moves: Mapping[int, IntArray]) -> bool:
        """Make moves if the schedule does not get worse by them; returns whether it gets better."""
        before = {f: self.standing.chosen[f] for f in moves}
        moves = {f: options for f, options in moves.items() if not np.array_equal(options, before[f])}
        if not moves:
            return False
        cost = self.cost
        self.standing.change(moves)
        if self.cost > cost:
            self.standing.change({f: before[f] for f in moves})
            return False
        for f in moves:
            self._note(f)
        return self.cost < cost

    def _visited(self, taken: list[PartyOptions], floor: IntArray) -> Iterator[FamilyBook]:
        """All families, one after another, while what is to be known of each is noted: one visit, as there may be many."""
        for f, family in enumerate(self.families):
            chosen = self.standing.chosen[f]
            self.placed[f], self.unplaced[f] = count_placed(self.book, [family], [chosen])
            taken.append(family.options.take(chosen))
            floor[f] = least_alone(self.book, family, self.levels[0])
            if self.on_family is not None:
                self.on_family(f, chosen)
            yield family

    def _note(self, f: int) -> None:
        family, taken = self.families[f], self.standing.chosen[f]
        self.places.move(f, family.options.take(taken))
        self.placed[f], self.unplaced[f] = count_placed(self.book, [family], [taken])
        if self.on_family is not None:
            self.on_family(f, taken)


class _Clock:
    """When a run ends."""

    def __init__(
        self, time_limit_s: float, tries: int | None, stop: threading.Event, patient: bool, families: int, steps: int
    ) -> None:
        self.began = self.gained = time.monotonic()
        self.limit_s, self.tries, self.stop, self.patient = time_limit_s, tries, stop, patient
        self.first = self.last_gain = steps
        self.enough = TRIES_WITHOUT_GAIN * families

    def note(self, steps: int) -> None:
        """There was a gain."""
        self.gained, self.last_gain = time.monotonic(), steps

    def seconds_left(self) -> float:
        return max(self.began + self.limit_s - time.monotonic(), 0.0)

    def goes_on(self, steps: int) -> bool:
        if self.stop.is_set() or (self.tries is not None and steps - self.first >= self.tries):
            return False
        if self.patient and steps - self.last_gain > self.enough:
            return False
        now = time.monotonic()
        if self.tries is not None:
            return True  # counted in work, so that it can be had again
        patience = SECONDS_WITHOUT_GAIN + 0.5 * (self.gained - self.began)
        return now < self.began + self.limit_s and not (self.patient and now > self.gained + patience)
