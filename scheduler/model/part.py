"""What a few families can do while all others stay as they are: a small part of the book that is exactly as good as the whole.

Rows that the picked families cannot touch, or cannot bring to a limit, are left out; what others add is a constant; a switch
stands as others hold it; a variable is at least what the rows left out need; options for which others leave no room are gone,
and so are those that only differ from a cheaper one in what no longer matters. The best choice of the part is the best choice
of the whole book with all other families fixed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from scheduler.model.book import FamilyBook
from scheduler.model.linear import Linear, Matrix, distinct
from scheduler.model.narrowed import narrowed
from scheduler.model.standing import NONE, Standing
from scheduler.offers.days import BoolArray, IntArray
from scheduler.rules.statements import FREE, Terms

#: How often options without room are looked for: each time, less can fill a switch.
ROUNDS = 4


@dataclass(frozen=True, eq=False)
class Part:
    """A part of the shared system, and the picked families as far as they can still choose.

    Attributes
    ----------
    picked
        The families (indices).
    kept
        By picked family: positions of its options that are left.
    families
        The picked families' books with only these options; their shared entries count rows of the part.
    row
        The shared rows of the part (indices in the book).
    rows
        These rows, with gates and variables numbered within the part; options and measures are left out.
    constant
        By row of the part: what all others add, with the switches that are not part of it as they are.
    measures
        Rules (indices), rows of the part, parties and coefficients of measure terms of the picked families.
    wrong
        By row of the part: hard units that are wrong now.
    """

    picked: tuple[int, ...]
    kept: tuple[IntArray, ...]
    families: tuple[FamilyBook, ...]
    row: IntArray
    rows: Linear
    constant: IntArray
    measures: tuple[tuple[list[int], Terms], ...]
    wrong: IntArray

    def positions(self, taken: Sequence[IntArray]) -> dict[int, IntArray]:
        """Options of the part as positions in the families' own tables, by family."""
        return {f: kept[options] for f, kept, options in zip(self.picked, self.kept, taken, strict=True)}


def part_of(standing: Standing, picked: Sequence[int], only: Mapping[int, BoolArray] | None = None) -> Part:
    """Cut out what some families can touch.

    Parameters
    ----------
    standing
        What everybody does now.
    picked
        Families that may choose again.
    only
        For some of them, the options that they may choose from; what they have now is always among them.
    """
    return _Cut(standing, picked, only or {}).part()


class _Cut:
    """The touched rows, and what is known about them before anything is chosen; arrays are by touched row or by their gate."""

    def __init__(self, standing: Standing, picked: Sequence[int], only: Mapping[int, BoolArray]) -> None:
        self.standing, self.picked = standing, tuple(picked)
        self.shared, self.all = standing.shared, standing.book.shared
        self.families = [standing.families[f] for f in self.picked]
        self.parties = np.array([p for family in self.families for p in family.family.parties], dtype=np.int64)
        self.first = np.cumsum([0, *(len(f.options) for f in self.families)])
        self.now = np.zeros(self.first[-1], dtype=bool)  # by option of all picked families, one after another
        self.keep = np.ones(self.first[-1], dtype=bool)
        for k, f in enumerate(self.picked):
            mine = slice(self.first[k], self.first[k + 1])
            self.now[mine][standing.chosen[f]] = True
            if f in only:
                self.keep[mine] = only[f]
        self.keep |= self.now
        entries = [family.shared for family in self.families]
        self.option = np.concatenate([NONE, *(m.row_of_entry + a for m, a in zip(entries, self.first, strict=False))])
        self.value = np.concatenate([NONE, *(m.value for m in entries)])
        columns = np.concatenate([NONE, *(m.column for m in entries)])
        self.row = self._touched(columns)
        self.place = np.full(len(self.all), -1, dtype=np.int64)
        self.place[self.row] = np.arange(len(self.row))
        self.entry_row = self.place[columns]
        self.lo, self.hi = self.all.lo[self.row], self.all.hi[self.row]
        self.wrong = standing.wrong[self.row]
        self.gates = self._gates_of(self.row)
        gate = self.all.gate[self.row]
        self.gate = np.where(gate >= 0, np.searchsorted(self.gates, gate), -1)
        self.lo = np.where(gate >= 0, np.maximum(self.lo, 1), self.lo)
        self.constant = self._constant()
        self.needed: dict[int, int] = {}  # by variable, where more is known than what the other rows need

    def _touched(self, columns: IntArray) -> IntArray:
        """Rows that the picked families can change, by options, by measures or through switches."""
        mark = np.zeros(len(self.all), dtype=bool)
        mark[columns] = True
        mark[self._measuring] = True
        gates = self._gates_of(np.flatnonzero(mark))
        mark[self.shared.governed_by.gather(gates)[1]] = True
        mark[self.shared.counting.gather(gates)[1]] = True
        return np.flatnonzero(mark)

    @cached_property
    def _measuring(self) -> IntArray:
        """Rows that measure what the picked families pay."""
        return np.concatenate([NONE, *(of_party.gather(self.parties)[1] for _, of_party in self.shared.measures)])

    def _gates_of(self, rows: IntArray) -> IntArray:
        gates = self.all.gate[rows]
        return distinct(gates[gates >= 0], self.all.n_gates)

    def _summed(self, row: IntArray, value: IntArray) -> IntArray:
        return np.bincount(row, weights=value, minlength=len(self.row)).astype(np.int64)

    def _constant(self) -> IntArray:
        """What all others add, the switches of touched rows left out."""
        taken = self.now[self.option]
        total = self.standing.sums(self.row) - self._summed(self.entry_row[taken], self.value[taken])
        which, counting, value = self.shared.counting.gather(self.gates)
        total -= self._summed(self.place[counting], value * self.standing.is_open(self.gates)[which])
        for f, family in zip(self.picked, self.families, strict=True):
            rows, values = self.shared.measured(family.family.parties, self.standing.measured_cost(f))
            np.subtract.at(total, self.place[rows], values)
        return total

    def part(self) -> Part:
        self._narrow()
        least, most = self._range()
        # a gate that others hold open is a fact, and so is one that nobody can use
        governed = np.flatnonzero(self.gate >= 0)
        held = np.zeros(len(self.gates), dtype=bool)
        held[self.gate[governed[self.constant[governed] > 0]]] = True
        usable = np.zeros(len(self.gates), dtype=bool)
        usable[self.gate[governed[most[governed] > 0]]] = True
        undecided = usable & ~held
        which, counting, value = self.shared.counting.gather(self.gates)
        counting = self.place[counting]
        fixed = held[which]
        self.constant += self._summed(counting[fixed], value[fixed])
        open_end = undecided[which]
        least += self._summed(counting[fixed], value[fixed]) + self._summed(counting[open_end], np.minimum(value, 0)[open_end])
        most += self._summed(counting[fixed], value[fixed]) + self._summed(counting[open_end], np.maximum(value, 0)[open_end])
        binds = (self.lo > least) | (self.hi < most)
        binds[self.all.vars.gather(self.row)[0]] = True
        self._spare_variables(binds, least, most)
        binds[self.place[self._measuring]] = True
        # a row that only says whether its gate is open matters where that is counted, or opens other rows
        telling = np.bincount(self.gate[governed], minlength=len(self.gates)) > 1
        telling[which[binds[counting]]] = True
        limited = (self.lo > 1) | (self.hi < most)
        binds[governed] &= held[self.gate[governed]]
        binds[governed] |= undecided[self.gate[governed]] & (telling[self.gate[governed]] | limited[governed])
        self._drop_twins(binds)
        return self._assembled(np.flatnonzero(binds), undecided)

    def _spare_variables(self, binds: BoolArray, least: IntArray, most: IntArray) -> None:
        """Take out rows that no choice makes need more of a variable than others need of it anyway."""
        which, variable, coefficient = self.all.vars.gather(self.row)
        for v in np.unique(variable).tolist():
            mine = np.flatnonzero(variable == v)
            row, value = which[mine], coefficient[mine]
            if not self._one_sided(row, value).all():
                continue
            needed = self._needed(v)
            low, high = np.where(value > 0, most[row], least[row]), np.where(value > 0, least[row], most[row])
            sure = -(-np.where(value > 0, self.lo[row] - low, low - self.hi[row]) // np.abs(value))
            could = -(-np.where(value > 0, self.lo[row] - high, high - self.hi[row]) // np.abs(value))
            price = np.where(value > 0, self.all.under[self.row[row]], self.all.over[self.row[row]])
            firm = (price < 0) & (self.wrong[row] == 0) & ~np.isin(row, self.place[self._measuring])
            self.needed[v] = min(max(needed, int(np.where(firm, sure, needed).max())), int(self.all.var_hi[v]))
            binds[row[could <= self.needed[v]]] = False

    def _one_sided(self, row: IntArray, coefficient: IntArray) -> BoolArray:
        """Which rows have no limit but the one that their variable helps with."""
        return np.asarray(np.where(coefficient > 0, self.hi[row] >= FREE, self.lo[row] <= -FREE))

    def _drop_twins(self, binds: BoolArray) -> None:
        """Leave out options that differ from a cheaper one in nothing that matters here."""
        twins = self.standing.twins
        own = [twins.own(family) for family in self.families]
        left = np.flatnonzero(self.keep)
        number = np.cumsum(self.keep) - 1
        here = self.keep[self.option] & binds[self.entry_row]
        needless = twins.needless(
            np.concatenate([mark for mark, _ in own])[left],
            np.concatenate([price for _, price in own])[left],
            self.row[self.entry_row[here]],
            number[self.option[here]],
            self.value[here],
        )
        self.keep[left[needless]] = False
        self.keep |= self.now

    def _range(self) -> tuple[IntArray, IntArray]:
        """Least and most that each row can come to with the options that are left, switches and variables left out."""
        here = self.keep[self.option]
        row, value = self.entry_row[here], self.value[here]
        least, most = self._summed(row, np.minimum(value, 0)), self._summed(row, np.maximum(value, 0))
        return self.constant + least, self.constant + most

    def _narrow(self) -> None:
        """Leave out options for which there is no room whatever the picked families do, unless they are taken now."""
        rows = self.all
        hard = (rows.over[self.row] < 0) & (rows.hi[self.row] < FREE) & (self.wrong == 0)
        hard[self.place[self._measuring]] = False
        which, variable, coefficient = rows.vars.gather(self.row)
        help_ = np.maximum(-coefficient * rows.var_lo[variable], -coefficient * rows.var_hi[variable])
        _, counting, value = self.shared.counting.gather(self.gates)
        help_ = self._summed(which, help_) - self._summed(self.place[counting], np.minimum(value, 0))
        room = np.where(hard, self.hi + help_, FREE)
        needed = np.where((self.gate >= 0) & (self.wrong == 0), self.lo, -FREE)
        for _ in range(ROUNDS):
            least, most = self._range()
            without = (least[self.entry_row] + self.value > room[self.entry_row]) | (most < needed)[self.entry_row]
            gone = np.zeros(len(self.keep), dtype=bool)
            gone[self.option[without & (self.value > 0)]] = True
            gone &= self.keep & ~self.now
            if not gone.any():
                return
            self.keep &= ~gone

    def _assembled(self, binding: IntArray, undecided: BoolArray) -> Part:
        """The part, of the rows that bind."""
        place = np.full(len(self.all), -1, dtype=np.int64)
        place[self.row[binding]] = np.arange(len(binding))
        masks = [self.keep[a:b] for a, b in pairwise(self.first)]
        measures = []
        for rules, of_party in self.shared.measures:
            which, row, value = of_party.gather(self.parties)
            measures.append((rules, Terms(place[row], self.parties[which], value)))
        return Part(
            self.picked,
            tuple(np.flatnonzero(mask) for mask in masks),
            tuple(narrowed(family, mask, place) for family, mask in zip(self.families, masks, strict=True)),
            self.row[binding],
            self._rows(binding, undecided),
            self.constant[binding],
            tuple(measures),
            self.wrong[binding],
        )

    def _rows(self, binding: IntArray, undecided: BoolArray) -> Linear:
        """The rows of the part; a row whose gate is a fact is a plain one."""
        rows, row = self.all, self.row[binding]
        number = np.where(undecided, np.cumsum(undecided) - 1, -1)
        gates = self.gates[undecided]
        gate = self.gate[binding]
        which, counted, value = rows.gates.gather(row)
        inside = np.isin(counted, gates)
        user, variable, coefficient = rows.vars.gather(row)
        variables = np.unique(variable)
        return Linear(
            lo=self.lo[binding],
            hi=self.hi[binding],
            under=rows.under[row],
            over=rows.over[row],
            rule=rows.rule[row],
            gate=np.where(gate >= 0, number[gate], -1) if len(number) else gate,
            size=rows.size[row],
            options=Matrix.of(Terms(NONE, NONE, NONE), len(row)),
            gates=Matrix.of(Terms(which[inside], np.searchsorted(gates, counted[inside]), value[inside]), len(row)),
            vars=Matrix.of(Terms(user, np.searchsorted(variables, variable), coefficient), len(row)),
            audience=[],
            measures=[],
            var_lo=np.array(
                [self.needed[v] if v in self.needed else self._needed(v) for v in variables.tolist()], dtype=np.int64
            ),
            var_hi=rows.var_hi[variables],
            var_cost=rows.var_cost[variables],
            var_rule=rows.var_rule[variables],
            n_gates=len(gates),
            names=[(0, lambda k: rows.name(int(row[k])))],
        )

    def _needed(self, variable: int) -> int:
        """What the rows that nothing here can change need of a variable."""
        users, coefficient = self.shared.using.row(variable)
        outside = self.place[users] < 0
        users, coefficient = users[outside], coefficient[outside]
        return min(
            self.shared.least_value(variable, users, coefficient, self.standing.sums(users)), int(self.all.var_hi[variable])
        )
