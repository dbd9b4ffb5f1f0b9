"""Linear programs: both methods come to the same, and end when they are told to."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from scheduler.solve.columns import master as masters
from scheduler.solve.columns.linear import Barrier, Linear, Simplex
from tests.solve.test_columns import beaten, not_optimal

NEVER = threading.Event()
BOTH = pytest.mark.parametrize("make", [Simplex, Barrier])


def covering(lp: Linear, seed: int) -> None:
    """A random program that has an optimum: demands that variables of some cost meet, or else what is left open at a price."""
    rng = np.random.default_rng(seed)
    rows = [lp.row(float(rng.integers(1, 9)), float("inf")) for _ in range(12)]
    for row in rows:
        lp.enter(row, lp.variable(0.0, float("inf"), 100.0), 1.0)
    for _ in range(30):
        variable = lp.variable(0.0, float(rng.integers(1, 5)), float(rng.integers(1, 50)))
        for row in rng.choice(rows, size=4, replace=False).tolist():
            lp.enter(row, variable, float(rng.integers(1, 4)))


@BOTH
def test_a_program_that_grows(make: type[Linear]) -> None:
    """Two units are missing at 10 each; something at 3 does half of it; then it costs 30 and nobody wants it."""
    lp = make()
    row = lp.row(2.0, float("inf"))
    lp.enter(row, lp.variable(0.0, float("inf"), 10.0), 1.0)
    first = lp.solve(10.0, NEVER)
    assert first is not None and first.value == pytest.approx(20) and first.price == pytest.approx([10])
    cheap = lp.variable(0.0, 1.0, 3.0)
    lp.enter(row, cheap, 1.0)
    second = lp.solve(10.0, NEVER)
    assert second is not None and second.value == pytest.approx(13) and second.take == pytest.approx([1, 1], abs=1e-6)
    lp.reprice(cheap, 30.0)
    third = lp.solve(10.0, NEVER)
    assert third is not None and third.value == pytest.approx(20) and third.take == pytest.approx([2, 0], abs=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_both_come_to_the_same(seed: int) -> None:
    """The value; and prices of either prove it: what a unit of a variable is worth at them is at most what it costs."""
    corner, middle = Simplex(), Barrier()
    covering(corner, seed)
    covering(middle, seed)
    a, b = corner.solve(10.0, NEVER), middle.solve(10.0, NEVER)
    assert a is not None and b is not None
    assert b.value == pytest.approx(a.value, rel=1e-6)
    assert (b.price >= -1e-6).all() and (b.price <= 100 + 1e-6).all()


@BOTH
def test_told_to_stop(make: type[Linear]) -> None:
    lp, stop = make(), threading.Event()
    covering(lp, 1)
    stop.set()
    assert make is Simplex or lp.solve(10.0, stop) is None
    assert make is Simplex or lp.solve(0.0, NEVER) is None


@pytest.mark.parametrize("seed", range(40))
def test_bounds_and_optima_with_central_prices(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masters, "LARGE", 0)
    assert not beaten(seed)
    assert not not_optimal(seed)
