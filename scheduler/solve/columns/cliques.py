"""Cuts from numbers of parties: of those that each take more than a (k+1)-th of a limit, at most k fit.

Two groups of eight do not share ten places, but in the linear relaxation one and a quarter of them do. A row in which several
parties are that large gets a second one that counts them. No schedule is lost.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scheduler.model.linear import Linear, Matrix
from scheduler.offers.days import IntArray
from scheduler.rules.statements import FREE, Terms
from scheduler.solve.columns.blocks import Blocks, joined, limiting

#: Up to so many parties are counted.
MOST_TOGETHER = 3


def with_cliques(blocks: Blocks) -> Blocks:
    """Blocks with a joint row for every number of parties that a limit implies."""
    rows = blocks.joint
    if not blocks.blocks:
        return blocks
    matrices = [block.book.shared for block in blocks.blocks]
    block = np.repeat(np.arange(len(matrices)), [len(m.column) for m in matrices])
    option = np.concatenate([m.row_of_entry for m in matrices])
    row = np.concatenate([m.column for m in matrices])
    value = np.concatenate([m.value for m in matrices])
    limited = limiting(rows, [b.book for b in blocks.blocks])
    large = limited[row] & (value * (MOST_TOGETHER + 1) > rows.hi[row]) & (value > 1)
    of_row = Matrix.of(Terms(row[large], np.flatnonzero(large), value[large]), len(rows))
    found: dict[bytes, tuple[IntArray, int, int]] = {}
    for k in np.unique(row[large]).tolist():
        entries, values = of_row.row(k)
        hi = int(rows.hi[k])
        for together in range(1, MOST_TOGETHER + 1):
            counted = entries[values * (together + 1) > hi]
            # nothing new where all of them weigh the k-th part of the limit, or no more than k parties are meant
            if len(counted) and value[counted].min() * together < hi and len(np.unique(block[counted])) > together:
                found.setdefault(counted.tobytes() + bytes([together]), (counted, together, k))
    if not found:
        return blocks
    cuts = list(found.values())
    entry = np.concatenate([c for c, _, _ in cuts])
    number = np.repeat(np.arange(len(cuts)), [len(c) for c, _, _ in cuts]) + len(rows)
    added = Matrix.of(Terms(block[entry], option[entry], number), len(matrices))
    longer = []
    for b, old in enumerate(blocks.blocks):
        options, numbers = added.row(b)
        m = old.book.shared
        terms = Terms(
            np.concatenate([m.row_of_entry, options]),
            np.concatenate([m.column, numbers]),
            np.concatenate([m.value, np.ones(len(options), dtype=np.int64)]),
        )
        longer.append(replace(old, book=replace(old.book, shared=Matrix.of(terms, len(old.place)))))
    limits = np.array([together for _, together, _ in cuts], dtype=np.int64)
    return Blocks(tuple(longer), joined([rows, _counting(rows, limits, np.array([k for _, _, k in cuts], dtype=np.int64))]))


def _counting(rows: Linear, limits: IntArray, origin: IntArray) -> Linear:
    """Rows that count to a limit, named like those that they come from."""
    none = np.zeros(0, dtype=np.int64)
    nothing = Matrix.of(Terms(none, none, none), len(limits))
    never = np.full(len(limits), -1, dtype=np.int64)
    return Linear(
        lo=np.full(len(limits), -FREE, dtype=np.int64),
        hi=limits,
        under=never,
        over=never,
        rule=rows.rule[origin],
        gate=never,
        size=np.zeros(len(limits), dtype=np.int64),
        options=nothing,
        gates=nothing,
        vars=nothing,
        audience=[],
        measures=[],
        var_lo=none,
        var_hi=none,
        var_cost=none,
        var_rule=none,
        n_gates=0,
        names=[(0, lambda k: rows.name(int(origin[k])))],
    )
