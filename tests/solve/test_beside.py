"""A search beside other work."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from scheduler.io import read_instance
from scheduler.model import compile_book, evaluate
from scheduler.offers.days import IntArray
from scheduler.solve import Settings
from scheduler.solve.columns import strategy
from scheduler.solve.columns.beside import Beside
from scheduler.solve.columns.chains import Chain, Ended, Task
from scheduler.solve.columns.engine import Engine
from scheduler.solve.construct import construct
from scheduler.solve.neighbourhood.replicas import Packed
from scheduler.workers import Workers

SMALL = Path(__file__).parents[2] / "instances" / "small"


def test_what_it_finds_is_better_and_it_ends_at_once() -> None:
    book = compile_book(read_instance(SMALL))
    engine = Engine(book, 1, Settings(time_limit_s=60), lambda _: None, threading.Event())
    assert engine.offer(construct(book, engine.families, 0))
    first, seeds = engine.objective, iter(range(100))
    assert engine.columns is not None and first is not None
    start = Packed.of([column.options for column in engine.columns])
    chain = Chain(book, 1, engine.families, engine.blocks, engine.pricings, threading.Event())
    with Workers(chain, 1) as workers, Beside(workers, lambda: Task(start, 0.0, 0.5, next(seeds))) as beside:
        found: list[Ended] = []
        until = time.monotonic() + 60
        while not found and time.monotonic() < until:
            found = beside.fetch()
    assert found
    chosen = found[0].chosen.unpacked()
    best = evaluate(book, engine.families, chosen)
    assert not best.broken and best.cost(book, 1) < first
    assert found[0].moves
    # step by step they lead to the end
    latest: dict[int, IntArray] = {family: options for moves in found[0].moves for family, options in moves.items()}
    assert all(np.array_equal(np.sort(chosen[family]), np.sort(options)) for family, options in latest.items())
    assert next(seeds) < 100  # no search begins once the block has ended


def test_bounds_with_a_search_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A book that counts as of middle size is searched by processes while it is bounded, and solved all the same."""

    monkeypatch.setattr(strategy, "SMALL", 10)
    monkeypatch.setattr(strategy, "WHOLE", 10)
    book = compile_book(read_instance(SMALL))
    found = strategy.column_generation(
        book, Settings(strategy="columns", workers=2, time_limit_s=30), lambda _: None, threading.Event()
    )
    assert found.objective == 2072
