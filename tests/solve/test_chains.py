"""Searches side by side: what comes back is a valid schedule, no worse than the start, wherever they took place."""

from __future__ import annotations

import pickle
import threading
from pathlib import Path

import numpy as np
import pytest

from scheduler.io import read_instance
from scheduler.model import compile_book, evaluate
from scheduler.solve import Settings
from scheduler.solve.columns import searches, strategy
from scheduler.solve.columns.chains import Chain, Task, run
from scheduler.solve.columns.engine import Engine
from scheduler.solve.construct import construct
from scheduler.solve.neighbourhood.replicas import Packed
from scheduler.workers import Workers

SMALL = Path(__file__).parents[2] / "instances" / "small"


@pytest.fixture(scope="module")
def engine() -> Engine:
    book = compile_book(read_instance(SMALL))
    engine = Engine(book, 1, Settings(strategy="columns", workers=1), lambda _: None, threading.Event())
    assert engine.offer(construct(book, engine.families, 0))
    return engine


def chain_of(engine: Engine) -> Chain:
    return Chain(engine.book, 1, engine.families, engine.blocks, engine.pricings, threading.Event())


def start_of(engine: Engine) -> Packed:
    assert engine.columns is not None
    return Packed.of([column.options for column in engine.columns])


def test_a_search_is_no_worse_than_its_start(engine: Engine) -> None:
    assert engine.objective is not None
    found = run(chain_of(engine), Task(start_of(engine), 0.0, 0.5, 1)).chosen.unpacked()
    evaluation = evaluate(engine.book, engine.families, found)
    assert not evaluation.broken
    assert evaluation.cost(engine.book, 1) <= engine.objective


def test_a_search_sent_away_knows_the_same_options(engine: Engine) -> None:
    """It is pickled as processes and machines get it; a schedule from there is valid here."""
    chain = pickle.loads(pickle.dumps(chain_of(engine)))
    ended = run(chain, Task(start_of(engine), 0.2, 0.3, 2))
    assert not evaluate(engine.book, engine.families, ended.chosen.unpacked()).broken
    for family, options in (move for moves in ended.moves for move in moves.items()):
        assert set(options.tolist()) <= set(range(len(engine.families[family].options)))


def test_a_start_that_breaks_limits_is_repaired(engine: Engine) -> None:
    """Everybody takes the first option: far too many in one place."""
    everybody = Packed.of([np.arange(min(1, len(block.place))) for block in engine.blocks.blocks])
    ended = run(chain_of(engine), Task(everybody, 0.5, 0.5, 3))
    assert not evaluate(engine.book, engine.families, ended.chosen.unpacked()).broken


def test_a_run_that_polishes_ends_in_time_with_a_valid_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "SHORTEST_S", 0.2)
    monkeypatch.setattr(searches, "TOGETHER_S", 0.4)
    book = compile_book(read_instance(SMALL))
    found = strategy._Run(book, 1, Settings(strategy="columns", workers=1, time_limit_s=20), lambda _: None, threading.Event())
    assert found.engine is not None
    found.searches.take_turns(0.1)
    before = found.engine.objective
    found.searches.polish(1.5, elsewhere=True)
    assert found.engine.chosen is not None and before is not None and found.engine.objective is not None
    assert found.engine.objective <= before
    assert not evaluate(book, found.engine.families, found.engine.chosen).broken


def test_workers_end_with_what_they_have_when_told_to(engine: Engine) -> None:
    chain = chain_of(engine)
    chain.stop.set()
    with Workers(chain, 1) as workers:
        found = workers.map(run, [Task(start_of(engine), 60.0, 60.0, 0)])
    assert found[0] is not None
