"""What dated rows of places touch, looked up for many options at once, is what each option's sessions say."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np

from scheduler.domain.instance import Shift
from scheduler.offers.days import ALL_MASK, Clock, Scope, sessions_in
from scheduler.offers.touched import TouchedPlaces


def test_touched_options_are_those_with_a_session_in_a_row_of_their_place() -> None:
    rng = np.random.default_rng(3)
    night = Shift.model_construct(shift="night", start=19 * 60, end=7 * 60)
    clock = Clock(date(2026, 9, 7), 70, (night,))
    n, places = 400, 5
    start = rng.integers(0, 70, n)
    floating = rng.random(n) < 0.3
    options: Any = SimpleNamespace(
        start=start, end=start + rng.integers(0, 30, n), days=np.where(floating, 0, rng.integers(1, 128, n)),
        shift=rng.integers(-1, 1, n), floating=floating,
    )  # fmt: skip
    rows = defaultdict(list)
    for _ in range(12):
        first, mask = int(rng.integers(-5, 70)), int(rng.integers(1, 128))
        whole = bool(rng.random() < 0.5)
        span = (0, 1440) if whole else (8 * 60, 20 * 60)
        rows[int(rng.integers(places - 1))].append(Scope(first, first + 9, ALL_MASK if whole else mask, span, whole))
    place = rng.integers(-1, places, n)
    found = TouchedPlaces(rows, clock, places).touch(place, options)
    expected = np.zeros(n, dtype=bool)
    for k, scopes in rows.items():
        expected |= (place == k) & (sessions_in(scopes, options, clock) > 0)
    assert found.any() and not found.all()
    assert (found == expected).all()
