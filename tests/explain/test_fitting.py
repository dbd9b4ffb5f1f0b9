"""What simply fits is what the standing schedule takes without anything broken, option by option."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.offers.days import IntArray
from scheduler.standing.fitting import fitting
from scheduler.standing.ground import Ground
from tests.examples import example, reference

#: Of each example, every so many-th family.
EVERY = {"small": 1, "riverbend": 9, "summit": 7, "cedar": 15, "harbor": 6}


def one_by_one(ground: Ground, f: int, without: IntArray) -> set[int]:
    """Each option of a family in turn, instead of some that it has: which leave every hard row whole."""
    standing, family = ground.standing, ground.family(f)
    now = standing.chosen[f]
    left, found = np.setdiff1d(now, without), set()
    for o in np.setdiff1d(np.arange(len(family.options)), now).tolist():
        standing.change({f: np.sort(np.append(left, o))})
        if standing.broken == 0:
            found.add(o)
    standing.change({f: now})
    return found


@pytest.mark.parametrize("name", EVERY)
def test_nothing_that_fits_is_ruled_out(name: str) -> None:
    ground = Ground(example(name), reference(name))
    seen = 0
    for f in range(0, len(ground.families), EVERY[name]):
        options = np.arange(len(ground.family(f).options))
        now = ground.standing.chosen[f]
        for without in (now[:0], now[:1], now):
            others = np.setdiff1d(options, now)
            found = {fit.option for fit in fitting(ground, f, others, without)}
            assert found == one_by_one(ground, f, without)
            seen += len(found)
    assert seen
