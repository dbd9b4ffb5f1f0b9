"""What a governed row can come to at most, as other rows say: the tighter it is, the more an open gate is worth.

A row that is only governed (a preceptor is busy in a week) has no limit of its own. But its options may lie in rows that have one
(one student at once): if a few such rows cover them all, the sum of their limits bounds the governed row. Without that, a tiny
share of a gate would serve a whole placement in the linear relaxation.
"""

from __future__ import annotations

import numpy as np

from scheduler.model import Book
from scheduler.offers.days import IntArray
from scheduler.rules.statements import FREE

#: More rows than this are not tried to cover one.
MOST_ROWS = 6


def implied_limits(book: Book) -> IntArray:
    """An upper limit of each shared row, `FREE` where the others imply none."""
    rows = book.shared
    limit = np.where(rows.over < 0, rows.hi, FREE)
    value, row = rows.options.value, rows.options.row_of_entry
    plain = (rows.gate < 0) & (rows.hi < FREE) & (rows.over < 0) & (rows.size <= 1)
    plain &= rows.bare
    plain[row[value != 1]] = False
    for about, _ in rows.audience:
        plain &= ~about
    for measures in rows.measures:
        plain[measures.terms.row] = False
    wanted = np.flatnonzero((rows.gate >= 0) & (rows.hi >= FREE) & (rows.size == 0))
    by_option = rows.options.transposed(len(book.menu))
    for k in wanted.tolist():
        columns, values = rows.options.row(k)
        if not len(columns) or (values != 1).any():
            continue
        limit[k] = min(int(limit[k]), _cover(columns, plain, rows.hi, by_option))
    return limit


def _cover(columns: IntArray, plain: np.ndarray, hi: IntArray, by_option: object) -> int:
    """Sum of the limits of a few rows that hold all of these options; `FREE` if there are none."""
    which, row, _ = by_option.gather(columns)  # type: ignore[attr-defined]
    keep = plain[row]
    which, row = which[keep], row[keep]
    left = np.ones(len(columns), dtype=bool)
    total = 0
    for _ in range(MOST_ROWS):
        open_entries = left[which]
        if not open_entries.any():
            return FREE
        found, count = np.unique(row[open_entries], return_counts=True)
        best = found[np.argmax(count / np.maximum(hi[found], 1))]
        total += int(hi[best])
        left[which[row == best]] = False
        if not left.any():
            return total
    return FREE
