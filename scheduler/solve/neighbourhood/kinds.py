"""Which families are taken out together, and how many: kinds of neighbourhoods that learn from what they bring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.model.standing import Standing
from scheduler.offers.days import BoolArray, IntArray
from scheduler.solve.neighbourhood.places import Places

SMALLEST, FIRST, LARGEST = 2.0, 5.0, 48.0
#: How many weeks are chosen anew, where it is only some.
WEEKS = (4, 20)
#: Weight of the latest try in what a kind is believed to bring.
LEARNING = 0.05
#: A kind that has brought nothing for long is still tried so often, relative to the best one.
CURIOSITY = 0.08

#: Families that choose again, with the options that they may choose from; None: from all.
Pick = dict[int, BoolArray | None]


@dataclass
class Kind:
    """One kind of neighbourhood.

    Attributes
    ----------
    pick
        A neighbourhood of about so many families; fewer than two if there is none of the kind.
    size
        How many families it takes at present.
    worth
        Gains for each unit of work, a running mean; optimistic at first.
    """

    name: str
    pick: Callable[[int], Pick]
    size: float = FIRST
    worth: float = 1.0

    def learn(self, *, gained: bool, solved: bool, work: float) -> None:
        """Take note of how a try ended; `work` is relative to what a try may take."""
        self.worth += LEARNING * (gained / (0.1 + work) - self.worth)
        factor = (1.03 if work < 0.5 else 1.0) if solved else 0.9
        self.size = min(max(self.size * factor, SMALLEST), LARGEST)


class Kinds:
    """All kinds over one standing schedule.

    Parameters
    ----------
    least
        What each family costs at least, at the level that is improved.
    unplaced
        How many required rotations each family misses; kept up to date by the search.
    """

    def __init__(
        self, standing: Standing, places: Places, rng: np.random.Generator, least: IntArray, unplaced: IntArray, level: int
    ) -> None:
        self.standing, self.places, self.rng = standing, places, rng
        self.least, self.unplaced, self.level = least, unplaced, level
        self.n = len(standing.families)
        whole, weeks = (
            {
                "rivals": self.rivals,
                "unplaced": self.missing,
                "unit": self.unit,
                "preceptor": self.preceptor,
                "worst off": self.worst_off,
                "run": self.run,
                "any": self.anybody,
            },
            ("rivals", "unplaced", "run", "any"),
        )
        self.kinds = [Kind(name, _everything(families)) for name, families in whole.items()]
        self.kinds += [Kind(f"weeks of {name}", self._in_weeks(whole[name]), size=2 * FIRST) for name in weeks]
        self.kinds += [
            Kind("rotation of unplaced", self.contest_of_missing, size=4 * FIRST),
            Kind("rotation of rivals", self.contest, size=4 * FIRST),
        ]
        self._family_of_row: dict[int, int] = {
            row: standing.book.facts.family_of[party].index
            for m in standing.book.shared.measures
            for row, party in zip(m.terms.row.tolist(), m.terms.column.tolist(), strict=True)
        }
        self.measured = self._measured_parties()
        self.gated = np.flatnonzero(np.diff(places.in_gated.start) > 0)

    def choose(self) -> tuple[Kind, Pick]:
        """A kind by what it is worth, and a neighbourhood of it."""
        if self.standing.broken:
            return self.kinds[0], dict.fromkeys(self.around(self.broken()))
        worth = np.array([kind.worth for kind in self.kinds])
        share = worth + CURIOSITY * max(float(worth.max()), 1e-3)
        for k in self.rng.choice(len(self.kinds), size=len(self.kinds), replace=False, p=share / share.sum()).tolist():
            kind = self.kinds[k]
            found = kind.pick(round(kind.size))
            if len(found) > 1 or self.n == 1:
                return kind, found
        return self.kinds[0], {int(self.rng.integers(self.n)): None}

    # -- kinds ------------------------------------------------------------------------------------------------

    def rivals(self, size: int) -> list[int]:
        """A family that could gain much, and others that hold what it could use."""
        return self._with_rivals(self.seed(), size)

    def missing(self, size: int) -> list[int]:
        """A family with something unplaced, and others that hold what it could use."""
        found = np.flatnonzero(self.unplaced > 0)
        return self._with_rivals(int(self.rng.choice(found)), size) if len(found) else []

    def unit(self, size: int) -> list[int]:
        """Who is in a unit, or could be, in some weeks."""
        return self._in_place(size, preceptor=False)

    def preceptor(self, size: int) -> list[int]:
        """Who is with a preceptor, or could be, in some weeks."""
        return self._in_place(size, preceptor=True)

    def worst_off(self, size: int) -> list[int]:
        """A family that keeps a measured variable where it is, and others that hold what it could use."""
        if not len(self.measured):
            return []
        row, value = self.measured[int(self.rng.integers(len(self.measured)))]
        rows, amount = self.standing.book.shared, self.standing.sums(row)
        slack = np.where(value > 0, rows.lo[row] - amount, amount - rows.hi[row]) / np.abs(value)
        worst = row[np.argsort(-slack, kind="stable")[: max(2, size // 4)]]
        return self._with_rivals(self._family_of_row[int(self.rng.choice(worst))], size)

    def run(self, size: int) -> list[int]:
        """Who is in a row that runs with enough or not at all, or could be: where it is shut, or barely open."""
        if not len(self.gated):
            return []
        rows, load = self.standing.book.shared, self.standing.load
        row = self.rng.choice(self.gated, size=min(8, len(self.gated)), replace=False)
        spare = np.where(load[row] > 0, load[row] - np.maximum(rows.lo[row], 1), 0)
        k = int(row[np.argmin(spare + self.rng.random(len(row)))])
        could = self.places.in_gated.row(k)[0]
        return self._weighted(could, self.regret(could) + 1.0 + 2.0 * float(self.regret().mean()) * self._is_in(k, could), size)

    def anybody(self, size: int) -> list[int]:
        """Any families."""
        return [int(f) for f in self.rng.choice(self.n, size=min(size, self.n), replace=False)]

    def contest(self, size: int) -> Pick:
        """One rotation of a family that could gain much, and the rotations that hold what it could use."""
        return self._contest(self.seed(), size)

    def contest_of_missing(self, size: int) -> Pick:
        """An unplaced rotation, and the rotations that hold what it could use."""
        found = np.flatnonzero(self.unplaced > 0)
        return self._contest(int(self.rng.choice(found)), size) if len(found) else {}

    # -- parts of kinds ---------------------------------------------------------------------------------------

    def _in_weeks(self, families: Callable[[int], Sequence[int]]) -> Callable[[int], Pick]:
        """Families of a kind that choose again in some weeks: rotations that are there or unplaced."""

        def pick(size: int) -> Pick:
            days = self.standing.book.facts.clock.days
            length = 7 * int(self.rng.integers(*WEEKS))
            first = int(self.rng.integers(-length // 2, max(days - length // 2, 1)))
            found: Pick = {}
            for f in families(size):
                options = self.standing.families[f].options
                inside = (options.start >= first) & (options.start < first + length)
                taken = self.standing.chosen[f]
                outside = np.isin(options.demand, options.demand[taken[~inside[taken]]])
                found[f] = inside & ~outside
            return found

        return pick

    def _contest(self, f: int, size: int) -> Pick:
        """A rotation of a family, if possible an unplaced one, and those rotations of others that hold what it could use."""
        options, taken = self.standing.families[f].options, self.standing.chosen[f]
        there = options.demand[taken]
        demands = np.unique(options.demand)
        missing = demands[~np.isin(demands, there)]
        if not len(demands):
            return {}
        one = int(self.rng.choice(missing if self.unplaced[f] and len(missing) else demands))
        places = set(self.places.of(options.take(np.flatnonzero(options.demand == one))).tolist())
        found: Pick = {f: options.demand == one}
        for other in self._some_rivals(self.places.holding(places, f), size - 1):
            options, taken = self.standing.families[other].options, self.standing.chosen[other]
            here = [o for o in taken.tolist() if not places.isdisjoint(self.places.of(options.take(np.array([o]))).tolist())]
            found[other] = np.isin(options.demand, options.demand[here])
        return found

    def regret(self, families: IntArray | None = None) -> IntArray:
        """How much families pay above the least they could."""
        at = slice(None) if families is None else families
        return np.asarray(np.maximum(self.standing.of_family[at, self.level] - self.least[at], 0))

    def seed(self) -> int:
        """A family, those that could gain much more often."""
        weight = np.sqrt(self.regret().astype(np.float64)) + 0.1
        return int(self.rng.choice(self.n, p=weight / weight.sum()))

    def broken(self) -> int:
        """A family that breaks rows of its own, or is in a broken shared row."""
        found = np.flatnonzero(self.standing.wrong_of)
        if not len(found):
            wrong = self.standing.wrong
            found = np.array(
                [f for f, family in enumerate(self.standing.families) if wrong[family.shared.column].any()], dtype=np.int64
            )
        return int(self.rng.choice(found)) if len(found) else self.seed()

    def around(self, f: int) -> list[int]:
        """A family and others that hold what it could use."""
        kind = self.kinds[0]
        return list(dict.fromkeys(self._with_rivals(f, round(kind.size))))

    def _with_rivals(self, f: int, size: int) -> list[int]:
        found = [f, *self._some_rivals(self.places.rivals(f), size - 1)]
        return found if len(found) > 1 else [f, *self.anybody(size - 1)]

    def _some_rivals(self, rivals: Counter[int], size: int) -> list[int]:
        """Some of those who hold what one could use, those who hold much of it more often."""
        others = np.fromiter(rivals, dtype=np.int64, count=len(rivals))
        return self._weighted(others, np.sqrt(np.fromiter(rivals.values(), dtype=np.float64, count=len(rivals))), size)

    def _in_place(self, size: int, *, preceptor: bool) -> list[int]:
        held = [place for place in self.places.holders if self.places.is_preceptor(place) == preceptor]
        if not held:
            return []
        window = list(self.places.around(held[int(self.rng.integers(len(held)))], int(self.rng.integers(1, 4))))
        here = {f for place in window for f in self.places.holders.get(place, ())}
        could = np.unique(self.places.users.gather(np.array(window, dtype=np.int64))[1])
        inside = np.array([f in here for f in could.tolist()])
        regret = self.regret(could).astype(np.float64)
        return self._weighted(could, np.sqrt(regret) + 0.1 + inside * (1.0 + float(np.sqrt(regret).mean())), size)

    def _is_in(self, row: int, families: IntArray) -> IntArray:
        chosen, books = self.standing.chosen, self.standing.families
        return np.array([int((books[f].shared.gather(chosen[f])[1] == row).any()) for f in families.tolist()], dtype=np.int64)

    def _weighted(self, families: IntArray, weight: IntArray | np.ndarray, size: int) -> list[int]:
        if len(families) <= size:
            return [int(f) for f in families]
        if size < 1:
            return []
        return [int(f) for f in self.rng.choice(families, size=size, replace=False, p=weight / weight.sum())]

    def _measured_parties(self) -> list[tuple[IntArray, IntArray]]:
        """For each variable over measures: its rows and its coefficients there."""
        standing = self.standing
        found = []
        for v in range(len(standing.book.shared.var_lo) if self._family_of_row else 0):
            row, value = standing.shared.using.row(v)
            mine = np.array([k in self._family_of_row for k in row.tolist()], dtype=bool)
            if mine.any():
                found.append((row[mine], value[mine]))
        return found


def _everything(families: Callable[[int], Sequence[int]]) -> Callable[[int], Pick]:
    """Families of a kind that choose again among all their options."""
    return lambda size: dict.fromkeys(families(size))
