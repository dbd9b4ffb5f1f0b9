"""Parts of a book: blocks that share most of their rows, so that good prices are found part by part.

Rows that no block outside has a share in are the rows of a part's linear master; all others keep their prices, and what a column
takes of them is part of what it costs. A master grows dearer much faster than the number of its rows, so that parts of a tenth
take a hundredth of the time; and the prices of all parts together bound the whole, as any prices do.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scheduler.offers.days import IntArray
from scheduler.solve.columns.shared import Shared

#: Parts have to have so much of all rows.
LEAST_SHARE = 0.3
#: The part of rows that several have a share in, and of rows that nobody has.
SEVERAL, NOBODY = -1, -2


class Part(NamedTuple):
    """Some blocks, and the rows that only these have a share in."""

    blocks: frozenset[int]
    rows: IntArray


def parts_of(shared: Shared, most: int, least_share: float = LEAST_SHARE) -> list[Part]:
    """Blocks put together, those first that share most with each other, as long as none gets more than `most` blocks.

    Where parts together would have less than `least_share` of all rows there are none: everybody shares everything with
    everybody.
    """
    blocks = len(shared.blocks_of.blocks)
    row, block = _shares(shared)
    of_block = _joined(row, block, blocks, most)
    owner = _tied(shared, _agreed(row, of_block[block], len(shared.rows)))
    used = np.zeros(len(owner), dtype=bool)
    used[row] = True
    if (owner[used] >= 0).sum() < least_share * used.sum():
        return []
    return [
        Part(frozenset(np.flatnonzero(of_block == p).tolist()), np.flatnonzero(owner == p))
        for p in np.unique(owner[used & (owner >= 0)])
    ]


def _joined(row: IntArray, block: IntArray, blocks: int, most: int) -> IntArray:
    """By block the number of its part: average linkage, where a row counts the less the more blocks have a share in it, and not
    at all if they are too many for a part."""
    order = np.argsort(row, kind="stable")
    row, block = row[order], block[order]
    near = np.zeros((blocks, blocks))
    for here in np.split(block, np.flatnonzero(np.diff(row)) + 1):
        if 1 < len(here) <= most:
            near[np.ix_(here, here)] += 1.0 / (len(here) - 1)
    np.fill_diagonal(near, 0.0)
    size, of_block, score = np.ones(blocks), np.arange(blocks), near.copy()
    while score.any():
        a, b = divmod(int(score.argmax()), blocks)
        near[a] += near[b]
        near[:, a] = near[a]
        near[b] = near[:, b] = near[a, a] = 0.0
        size[a] += size[b]
        of_block[of_block == b] = a
        score[b] = score[:, b] = 0.0
        score[a] = score[:, a] = np.where(size + size[a] <= most, near[a] / (size * size[a]), 0.0)
    return of_block


def _shares(shared: Shared) -> tuple[IntArray, IntArray]:
    """Rows and the blocks that have a share in them, as pairs; rows that measure included."""
    row, block = [], []
    for b, found in enumerate(shared.blocks_of.blocks):
        family = found.book
        rows = [family.shared.column]
        rows += [m.terms.row[np.isin(m.terms.column, family.family.parties)] for m, _ in shared.blocks]
        mine = np.unique(np.concatenate(rows))
        row.append(mine)
        block.append(np.full(len(mine), b, dtype=np.int64))
    return np.concatenate(row), np.concatenate(block)


def _tied(shared: Shared, owner: IntArray) -> IntArray:
    """The part of each row, where the gates and variables that it needs are of the same one; else `SEVERAL`."""
    rows = shared.rows
    governed = np.flatnonzero(shared.governed)
    counting, counted = rows.gates.row_of_entry, rows.gates.column
    using, used = rows.vars.row_of_entry, rows.vars.column
    for _ in range(2):  # the second time for gates and variables that lost rows the first time
        gate = _agreed(shared.gate[governed], owner[governed], rows.n_gates)
        owner[governed] = gate[shared.gate[governed]]
        np.copyto(owner, _agreed(np.append(counting, np.arange(len(rows))), np.append(gate[counted], owner), len(rows)))
        variable = _agreed(used, owner[using], len(rows.var_lo))
        owner[using[variable[used] == SEVERAL]] = SEVERAL
    return owner


def _agreed(thing: IntArray, owner: IntArray, count: int) -> IntArray:
    """By thing its owner if all that are named agree, else `SEVERAL`; `NOBODY` agrees with everybody."""
    some = owner != NOBODY
    lo = np.full(count, np.iinfo(np.int64).max)
    hi = np.full(count, NOBODY, dtype=np.int64)
    np.minimum.at(lo, thing[some], owner[some])
    np.maximum.at(hi, thing[some], owner[some])
    return np.where(hi == NOBODY, NOBODY, np.where(lo == hi, hi, SEVERAL))
