"""A region: some hundred families that take turns while all others stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scheduler.model import Book
from scheduler.model.part import Part, part_of
from scheduler.model.standing import Standing
from scheduler.offers.days import IntArray
from scheduler.pricing import Unsupported
from scheduler.pricing.pricing import Pricing
from scheduler.rules.statements import FREE, Measures
from scheduler.solve.columns.blocks import Block, Blocks, blocks_of
from scheduler.solve.turns import Turns


class Region:
    """What some families can do while all others stay, taken apart into parties that take turns.

    Parameters
    ----------
    standing
        A valid schedule of everybody.
    picked
        Families that may choose again.
    level
        Level of the policy that is improved.
    """

    def __init__(self, standing: Standing, picked: Sequence[int], *, level: int, seed: int) -> None:
        self.part: Part = part_of(standing, picked)
        book = _alone(standing.book, self.part)
        self.blocks: Blocks = blocks_of(book, self.part.families)
        now = [np.searchsorted(kept, standing.chosen[f]) for f, kept in zip(self.part.picked, self.part.kept, strict=True)]
        pricings = [_pricing(book, block, level) for block in self.blocks.blocks]
        self.turns = Turns(book, self.blocks, pricings, self.blocks.split(now), level=level, seed=seed)

    @property
    def moves(self) -> dict[int, IntArray]:
        """What the families have in the best schedule found, by family; nothing if none was found."""
        if self.turns.best is None:
            return {}
        return self.part.positions(self.blocks.chosen(self.turns.best, len(self.part.picked)))


def _alone(book: Book, part: Part) -> Book:
    """The book with the rows of a part only, less what all others add to them."""
    rows = part.rows
    measures = [Measures(tuple(book.rules[r].id for r in rules), terms) for rules, terms in part.measures]
    left = replace(
        rows,
        lo=np.where(rows.lo > -FREE, rows.lo - part.constant, rows.lo),
        hi=np.where(rows.hi < FREE, rows.hi - part.constant, rows.hi),
        measures=measures,
    )
    return book.with_shared(left)


def _pricing(book: Book, block: Block, level: int) -> Pricing | None:
    """None where labels cannot follow a statement: such a party keeps what it has."""
    try:
        return Pricing(book, block.book, level)
    except Unsupported:
        return None
