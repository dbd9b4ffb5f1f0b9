"""A family's book with only some of its options."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scheduler.model.book import FamilyBook
from scheduler.model.linear import Linear, Matrix
from scheduler.offers.days import BoolArray, IntArray
from scheduler.rules.statements import Terms


def narrowed(family: FamilyBook, keep: BoolArray, place: IntArray) -> FamilyBook:
    """A family's book with only some of its options; its shared entries are renumbered by `place` (−1: left out)."""
    options = np.flatnonzero(keep)
    number = np.cumsum(keep) - 1
    here = keep[family.rows.options.column]
    matrix = family.rows.options
    own = Terms(matrix.row_of_entry[here], number[matrix.column[here]], matrix.value[here])
    which, row, value = family.shared.gather(options)
    row = place[row]
    inside = row >= 0
    walks = []
    for rule, walk in family.walks:
        stay = keep[walk.chain]
        if not stay.any():
            continue
        walks.append((rule, walk.renumbered(np.where(keep, number, -1))))
    return FamilyBook(
        family.family,
        family.options.take(options),
        tuple((rule, cost[options]) for rule, cost in family.costs),
        _binding(family.rows, own),
        tuple(walks),
        Matrix.of(Terms(which[inside], row[inside], value[inside]), len(options)),
    )


def _binding(rows: Linear, terms: Terms) -> Linear:
    """A family's rows with fewer options, without those that can no longer be broken or cost anything."""
    n = len(rows)
    least = np.bincount(terms.row, weights=np.minimum(terms.value, 0), minlength=n)
    most = np.bincount(terms.row, weights=np.maximum(terms.value, 0), minlength=n)
    binds = (rows.gate >= 0) | (rows.lo > least) | (rows.hi < most)
    binds[rows.gates.row_of_entry] = True
    binds[rows.vars.row_of_entry] = True
    row = np.flatnonzero(binds)
    number = np.cumsum(binds) - 1
    here = binds[terms.row]
    return replace(
        rows,
        **{name: getattr(rows, name)[row] for name in ("lo", "hi", "under", "over", "rule", "gate", "size")},
        options=Matrix.of(Terms(number[terms.row[here]], terms.column[here], terms.value[here]), len(row)),
        gates=_some(rows.gates, row),
        vars=_some(rows.vars, row),
        names=[(0, lambda k: rows.name(int(row[k])))],
    )


def _some(matrix: Matrix, row: IntArray) -> Matrix:
    return Matrix.of(Terms(*matrix.gather(row)), len(row))
