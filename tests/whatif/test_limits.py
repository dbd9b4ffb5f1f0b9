"""What limits each row: the book with known limits is the instance's own, and the right rows allow more when one is raised."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from scheduler.domain.edits import changed
from scheduler.model import evaluate
from scheduler.whatif.limits import limited
from tests.contract.brute import Small, arrays
from tests.contract.worlds import world


@pytest.mark.parametrize("seed", range(40))
def test_the_book_states_the_same(seed: int) -> None:
    instance = world(seed)
    own, found = Small(instance), limited(instance)
    families = list(found.book.families())
    for chosen in own.sample(random.Random(seed), 30):
        ours = evaluate(own.book, own.families, arrays(chosen))
        theirs = evaluate(found.book, families, arrays(chosen))
        assert bool(ours.broken) == bool(theirs.broken)
        assert ours.by_level(own.book) == theirs.by_level(found.book)


def test_raising_a_limit_is_adding_to_its_rows() -> None:
    """Schedules that are valid with two more are those of the book in which the rows of the limit allow two more."""
    seen = 0
    for seed in range(30):
        instance = world(seed)
        found = limited(instance)
        families = list(found.book.families())
        for k, limit in enumerate(found.limits):
            rows = found.rows(k)
            if not len(rows) or (found.book.shared.hi[rows] == 0).any():  # beyond full already: the first place is eaten
                continue
            hi = found.book.shared.hi.copy()
            hi[rows] += 2
            book = found.book.with_shared(replace(found.book.shared, hi=hi))
            other = Small(changed(instance, [limit.more(instance, 2)]))
            for chosen in other.sample(random.Random(seed), 12):
                ours, theirs = evaluate(other.book, other.families, arrays(chosen)), evaluate(book, families, arrays(chosen))
                assert bool(ours.broken) == bool(theirs.broken), (seed, limit)
                seen += np.array_equal(ours.by_level(other.book), theirs.by_level(book))
    assert seen > 400
