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
    """Blocks with a joint row for every number of parties that a limit implies; the blocks given are used up."""
    rows = blocks.joint
    limited = limiting(rows, (b.book for b in blocks.blocks))
    block, option, row, value = _large(blocks, np.where(limited, rows.hi, FREE))
    of_row = Matrix.of(Terms(row, np.arange(len(row)), value), len(rows))
    found: dict[bytes, tuple[IntArray, int, int]] = {}
    for k in np.unique(row).tolist():
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
    added = Matrix.of(Terms(block[entry], option[entry], number), len(blocks.blocks))
    for b in np.unique(block[entry]).tolist():
        old = blocks.blocks[b]
        blocks.blocks[b] = replace(old, book=replace(old.book, shared=_longer(old.book.shared, *added.row(b))))
    limits = np.array([together for _, together, _ in cuts], dtype=np.int64)
    return Blocks(blocks.blocks, joined([rows, _counting(rows, limits, np.array([k for _, _, k in cuts], dtype=np.int64))]))


def _large(blocks: Blocks, hi: IntArray) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Entries of more than one that take more than a small part of a limit: block, option, row and coefficient."""
    found = [np.zeros((4, 0), dtype=np.int64)]
    for b, block in enumerate(blocks.blocks):
        m = block.book.shared
        large = np.flatnonzero((m.value > 1) & (m.value * (MOST_TOGETHER + 1) > hi[m.column]))
        if len(large):
            found.append(np.stack([np.full(len(large), b), m.row_of_entry[large], m.column[large], m.value[large]]))
    block_of, option, row, value = np.concatenate(found, axis=1)
    return block_of, option, row, value


def _longer(matrix: Matrix, option: IntArray, row: IntArray) -> Matrix:
    """The same with more entries of 1."""
    terms = Terms(
        np.concatenate([matrix.row_of_entry, option]),
        np.concatenate([matrix.column, row]),
        np.concatenate([matrix.value, np.ones(len(option), dtype=np.int64)]),
    )
    return Matrix.of(terms, len(matrix.start) - 1)


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
