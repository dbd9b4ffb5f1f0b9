"""Blocks of rows put together: one sparse system with global numbers for rows, gates and variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from scheduler.offers.days import BoolArray, IntArray
from scheduler.rules.statements import Audience, Measures, Namer, Rows, Terms, Vars

#: Sorting is quicker than marking where there are so many times more possible numbers.
SPARSE = 8
SIZE_OF = {"parties": 0, "students": 1, "groups": 2}


@dataclass(frozen=True, eq=False)
class Matrix:
    """A sparse matrix by rows: entries of row k are `start[k]` to `start[k + 1] - 1` of `column` and `value`."""

    start: IntArray
    column: IntArray
    value: IntArray

    @classmethod
    def of(cls, terms: Terms, rows: int) -> Matrix:
        """Sort coordinates by row."""
        row = terms.row
        start = _starts(np.bincount(row, minlength=rows))
        if not (row[1:] < row[:-1]).any():
            return cls(start, terms.column, terms.value)
        order = _stable_order(row, rows)
        return cls(start, terms.column[order], terms.value[order])

    def row(self, k: int) -> tuple[IntArray, IntArray]:
        """Columns and values of row k."""
        part = slice(int(self.start[k]), int(self.start[k + 1]))
        return self.column[part], self.value[part]

    def gather(self, rows: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """Entries of many rows at once: position in `rows`, column and value of each."""
        start, entry = self._entries_of(rows)
        return np.repeat(np.arange(len(rows)), np.diff(start)), self.column[entry], self.value[entry]

    def take(self, rows: IntArray) -> Matrix:
        """Some rows as a matrix of their own."""
        start, entry = self._entries_of(rows)
        return Matrix(start, self.column[entry], self.value[entry])

    def _entries_of(self, rows: IntArray) -> tuple[IntArray, IntArray]:
        """Positions of the entries of some rows, one row after another, and where each row's begin."""
        first = self.start[rows]
        length = self.start[rows + 1] - first
        start = _starts(length)
        return start, np.arange(start[-1]) + np.repeat(first - start[:-1], length)

    def entries(self, k: int) -> Iterator[tuple[int, int]]:
        """Column and value of each entry of row k."""
        columns, values = self.row(k)
        return zip(columns.tolist(), values.tolist(), strict=True)

    @property
    def row_of_entry(self) -> IntArray:
        """The row of each entry."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def transposed(self, columns: int) -> Matrix:
        """The same entries by columns."""
        return Matrix.of(Terms(self.column, self.row_of_entry, self.value), columns)


def distinct(numbers: IntArray, below: int) -> IntArray:
    """Different numbers from 0 to `below` − 1, in order: by marking, which needs no sorting, or by sorting where they are few."""
    if below > SPARSE * len(numbers):
        found = np.sort(numbers)
        return found[np.diff(found, prepend=-1) > 0]
    mark = np.zeros(below, dtype=bool)
    mark[numbers] = True
    return np.flatnonzero(mark)


def _starts(length: IntArray) -> IntArray:
    """Where stretches of these lengths begin if they follow each other, and where the last one ends."""
    start = np.zeros(len(length) + 1, dtype=np.int64)
    np.cumsum(length, out=start[1:])
    return start


def _stable_order(keys: IntArray, below: int) -> IntArray:
    """The stable order of keys from 0 to `below` − 1, by 16 bits after another: so short numbers are sorted in linear time."""
    order = np.argsort(keys.astype(np.uint16), kind="stable")
    for shift in range(16, below.bit_length(), 16):
        order = order[np.argsort((keys >> shift).astype(np.uint16)[order], kind="stable")]
    return order


@dataclass(frozen=True, eq=False)
class Linear:
    """Rows of one scope (a family's, or the shared ones).

    Attributes
    ----------
    lo, hi
        Limits (±`FREE` for none).
    under, over
        Price of a unit below or above, in the rule's unit; −1: not to be had.
    rule
        Index of the rule that stated the row.
    gate
        Gate that governs the row, −1 for none.
    size
        What option coefficients are multiplied with: index into (1, students, 1 if group).
    options, gates, vars
        Matrices over options (of the family, or rows of the menu), gates and variables.
    audience
        Rows that are only about some parties, and which: a mask over all rows, labels for the masked rows and for parties.
    measures
        Measure terms with rows numbered globally.
    var_lo, var_hi, var_cost, var_rule
        Bounds, unit cost and rule of each variable.
    n_gates
        Number of gates.
    names
        First row of each block, and the block's namer.
    """

    lo: IntArray
    hi: IntArray
    under: IntArray
    over: IntArray
    rule: IntArray
    gate: IntArray
    size: IntArray
    options: Matrix
    gates: Matrix
    vars: Matrix
    audience: list[tuple[BoolArray, Audience]]
    measures: list[Measures]
    var_lo: IntArray
    var_hi: IntArray
    var_cost: IntArray
    var_rule: IntArray
    n_gates: int
    names: list[tuple[int, Namer]]

    def __len__(self) -> int:
        return len(self.lo)

    @property
    def bare(self) -> BoolArray:
        """Rows without terms of gates or variables."""
        return np.asarray((np.diff(self.gates.start) == 0) & (np.diff(self.vars.start) == 0))

    def name(self, k: int) -> str:
        """What row k limits, for people."""
        for first, name in reversed(self.names):
            if k >= first:
                return name(k - first)
        raise IndexError(k)


def stack(blocks: Iterable[tuple[int, Rows, bool, int | None]]) -> Linear:
    """Number the rows, gates and variables of blocks one after another.

    Parameters
    ----------
    blocks
        Rule index, rows, whether the rule is soft, and a price at which its hard rows are relaxed (None: they are not).
    """
    found = list(blocks)
    n = n_gates = n_vars = 0
    gate_base: dict[int, int] = {}
    var_base: dict[int, tuple[int, Vars, int]] = {}
    option_terms, gate_terms, var_terms = [], [], []
    columns: dict[str, list[IntArray]] = {k: [] for k in ("lo", "hi", "under", "over", "rule", "gate", "size")}
    audience, measures, names = [], [], []
    for rule, rows, soft, relaxed in found:
        m = len(rows)
        if rows.var_terms is not None and len(np.unique(rows.var_terms.row)) != len(rows.var_terms.row):
            raise ValueError("a row may have one variable only")
        if rows.gates is not None and id(rows.gates) not in gate_base:
            gate_base[id(rows.gates)] = n_gates
            n_gates += rows.gates.count
        if rows.vars is not None and id(rows.vars) not in var_base:
            var_base[id(rows.vars)] = (n_vars, rows.vars, rule)
            n_vars += len(rows.vars.lo)
        none = np.full(m, -1, dtype=np.int64)
        gate = none
        if rows.governed is not None and rows.gates is not None:
            gate = np.where(rows.governed >= 0, rows.governed + gate_base[id(rows.gates)], -1)
        under = none if rows.under is None else rows.under
        over = none if rows.over is None else rows.over
        price = 1 if soft and rows.under is None and rows.over is None and not rows.firm else relaxed
        if price is not None:
            under = np.where((under < 0) & (gate < 0), price, under)
            over = np.where((over < 0) & (gate < 0), price, over)
        for key, value in (
            ("lo", rows.lo),
            ("hi", rows.hi),
            ("under", under),
            ("over", over),
            ("rule", np.full(m, rule, dtype=np.int64)),
            ("gate", gate),
            ("size", np.full(m, SIZE_OF[rows.count], dtype=np.int64)),
        ):
            columns[key].append(value)
        option_terms.append(_shifted(rows.options, n, 0))
        if rows.gate_terms is not None and rows.gates is not None:
            gate_terms.append(_shifted(rows.gate_terms, n, gate_base[id(rows.gates)]))
        if rows.var_terms is not None and rows.vars is not None:
            var_terms.append(_shifted(rows.var_terms, n, var_base[id(rows.vars)][0]))
        if rows.measures is not None:
            measures.append(Measures(rows.measures.rules, _shifted(rows.measures.terms, n, 0)))
        if rows.audience is not None:
            audience.append((n, m, rows.audience))
        names.append((n, rows.name))
        n += m
    base = {key: np.concatenate(value) if value else np.zeros(0, dtype=np.int64) for key, value in columns.items()}
    variables = [(v, rule) for _, v, rule in var_base.values()]

    def joined(field: str) -> IntArray:
        return np.concatenate([getattr(v, field) for v, _ in variables]) if variables else np.zeros(0, dtype=np.int64)

    return Linear(
        **base,
        options=Matrix.of(_together(option_terms), n),
        gates=Matrix.of(_together(gate_terms), n),
        vars=Matrix.of(_together(var_terms), n),
        audience=[(_between(first, m, n), a) for first, m, a in audience],
        measures=measures,
        var_lo=joined("lo"),
        var_hi=joined("hi"),
        var_cost=joined("cost"),
        var_rule=np.concatenate([np.full(len(v.lo), rule, dtype=np.int64) for v, rule in variables])
        if variables
        else np.zeros(0, dtype=np.int64),
        n_gates=n_gates,
        names=names,
    )


def _between(first: int, m: int, n: int) -> BoolArray:
    mask = np.zeros(n, dtype=bool)
    mask[first : first + m] = True
    return mask


def _shifted(terms: Terms, rows: int, columns: int) -> Terms:
    return Terms(terms.row + rows, terms.column + columns, terms.value)


def _together(parts: list[Terms]) -> Terms:
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return Terms(empty, empty, empty)
    return Terms(
        np.concatenate([p.row for p in parts]),
        np.concatenate([p.column for p in parts]),
        np.concatenate([p.value for p in parts]),
    )
