"""The joint rows made fewer, without a schedule more or less.

* A gate that is open exactly where one option is taken *is* that option: where a governed row can come to 1 at most, its gate is
  replaced by its options wherever the gate stands ("busy weeks of a preceptor" becomes "weeks of placements").
* A plain limit that another one implies (the days before somebody else comes, at the same slot) is left out.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scheduler.model import Book
from scheduler.model.linear import Linear, Matrix
from scheduler.offers.days import BoolArray, IntArray
from scheduler.rules.statements import FREE, Terms
from scheduler.solve.columns.blocks import Block, Blocks
from scheduler.solve.columns.cliques import with_cliques
from scheduler.solve.columns.implied import implied_limits

#: Neighbouring rows are compared so often.
PASSES = 6


def simplified(book: Book, blocks: Blocks) -> tuple[Blocks, IntArray]:
    """Blocks with gates replaced and implied rows freed, and what each joint row can come to (`FREE`: not known).

    The blocks given are used up: of millions of options there is no room for a second copy.
    """
    most = np.full(len(blocks.joint), FREE, dtype=np.int64)
    most[: len(book.shared)] = implied_limits(book)
    blocks = _without_gates(blocks, most)
    joint = blocks.joint
    implied = np.zeros(len(joint), dtype=bool)
    implied[: len(book.shared)] = _implied(book.shared)
    free = replace(joint, hi=np.where(implied & (joint.gate < 0), FREE, joint.hi))
    blocks = with_cliques(replace(blocks, joint=free))
    return blocks, np.concatenate([most, np.full(len(blocks.joint) - len(most), FREE)])


def _without_gates(blocks: Blocks, most: IntArray) -> Blocks:
    """Replace the gates of rows that come to 1 at most by the rows' options."""
    joint = blocks.joint
    if not joint.n_gates:
        return blocks
    governed = np.flatnonzero(joint.gate >= 0)
    rows_of_gate = np.bincount(joint.gate[governed], minlength=joint.n_gates)
    row_of_gate = np.full(joint.n_gates, -1, dtype=np.int64)
    row_of_gate[joint.gate[governed]] = governed
    plain = (rows_of_gate == 1) & (row_of_gate >= 0)
    plain[plain] &= (joint.lo[row_of_gate[plain]] <= 1) & (most[row_of_gate[plain]] == 1)
    row, gate, value = joint.gates.row_of_entry, joint.gates.column, joint.gates.value
    moved = plain[gate]
    # by governed row: where its options count from now on, and how much
    onto = Matrix.of(Terms(row_of_gate[gate[moved]], row[moved], value[moved]), len(joint))
    gone = np.zeros(len(joint), dtype=bool)
    gone[row_of_gate[plain]] = True
    for b, block in enumerate(blocks.blocks):
        blocks.blocks[b] = _moved(block, onto, gone)
    left = Matrix.of(Terms(row[~moved], gate[~moved], value[~moved]), len(joint))
    return Blocks(
        blocks.blocks,
        replace(
            joint,
            lo=np.where(gone, -FREE, joint.lo),
            hi=np.where(gone, FREE, joint.hi),
            gate=np.where(gone, -1, joint.gate),
            gates=left,
        ),
    )


def _moved(block: Block, onto: Matrix, gone: BoolArray) -> Block:
    """A block whose options count where their gates did."""
    shared = block.book.shared
    option, row, value = shared.row_of_entry, shared.column, shared.value
    if not gone[row].any():
        return block
    which, target, factor = onto.gather(row)
    keep = ~gone[row]
    options = np.concatenate([option[keep], option[which]])
    rows = np.concatenate([row[keep], target])
    values = np.concatenate([value[keep], value[which] * factor])
    key = options * (len(gone) + 1) + rows
    found, where = np.unique(key, return_inverse=True)
    total = np.zeros(len(found), dtype=np.int64)
    np.add.at(total, where.ravel(), values)
    terms = Terms(found // (len(gone) + 1), found % (len(gone) + 1), total)
    return replace(block, book=replace(block.book, shared=Matrix.of(terms, len(block.place))))


def _implied(rows: Linear) -> BoolArray:
    """Plain hard limits that a neighbouring row implies: all its options are in that row too, which allows no more."""
    plain = (rows.gate < 0) & (rows.lo <= -FREE) & (rows.hi < FREE) & (rows.over < 0)
    plain &= rows.bare
    for about, _ in rows.audience:
        plain &= ~about
    for measures in rows.measures:
        plain[measures.terms.row] = False
    implied = np.zeros(len(rows), dtype=bool)
    entry_row, column, value = rows.options.row_of_entry, rows.options.column, rows.options.value
    width = int(column.max(initial=0)) + 1
    order = np.argsort(entry_row * width + column, kind="stable")
    key, worth = (entry_row * width + column)[order], value[order]
    length = np.diff(rows.options.start)
    for _ in range(PASSES):
        kept = np.flatnonzero(plain & ~implied)
        if len(kept) < 2:
            break
        changed = False
        for small, large in ((kept[:-1], kept[1:]), (kept[1:], kept[:-1])):
            fits = (rows.size[small] == rows.size[large]) & (rows.hi[small] >= rows.hi[large]) & ~implied[large]
            small, large = small[fits], large[fits]
            which, columns, values = rows.options.gather(small)
            wanted = large[which] * width + columns
            at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
            inside = (key[at] == wanted) & (worth[at] >= values)
            count = np.bincount(which[inside], minlength=len(small))
            # of two that imply each other one has to stay: no two neighbours go in one step
            go = small[count == length[small]]
            go = go[~np.isin(go, large[count == length[small]])] if len(go) else go
            implied[go] = True
            changed |= bool(len(go))
        if not changed:
            break
    return implied
