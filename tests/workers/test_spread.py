"""Strategy *columns* with workers elsewhere finds what it finds here."""

from __future__ import annotations

import os
import threading
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scheduler.domain import Status
from scheduler.io import read_instance
from scheduler.model import compile_book
from scheduler.solve import Settings, solve
from scheduler.solve.columns import spread as spread_module
from scheduler.solve.columns.engine import Engine
from scheduler.solve.columns.spread import Spread
from scheduler.verify import verify
from scheduler.workers import Workers
from tests.workers.calls import price_or_killed

INSTANCES = Path(__file__).parents[2] / "instances"
#: By round and block: cost, options and bound.
Found = list[list[tuple[int, tuple[int, ...], int]]]


def priced(kind: str, address: str) -> Found:
    """What some rounds of pricing find, the later ones with what the earlier ones learnt."""
    engine = Engine(compile_book(read_instance(INSTANCES / "small")), 1, Settings(workers=1), lambda _: None, threading.Event())
    spread = Spread(engine.pricings, 1, address if kind == "cluster" else None)
    if kind == "processes":
        spread.groups = [Workers(group.payload, 2, processes_after_s=0) for group in spread.groups]
    rng = np.random.default_rng(1)
    rows = len(engine.shared.rows)
    found: Found = []
    try:
        for effort in (1, 1, 4):
            lower, upper = engine.shared.balanced(rng.random(rows) * 20), -rng.random(rows) * 20
            prices = engine.shared.prices(engine.shared.duals(lower, upper))
            round_ = spread.cheapest(prices, [1 << 40] * len(engine.pricings), effort=effort, seconds=60, over=lambda: False)
            assert None not in round_
            found.append([(x.cost, tuple(x.options.tolist()), x.bound) for x in round_ if x is not None])
    finally:
        spread.close()
    return found


@pytest.fixture(scope="module")
def here() -> Found:
    """What one worker in this process finds."""
    return priced("here", "")


@pytest.mark.parametrize("kind", ["processes", "cluster"])
def test_prices_elsewhere_are_those_here(here: Found, kind: str, cluster: Any) -> None:
    assert any(options for _, options, _ in here[0])
    assert priced(kind, cluster.scheduler_address) == here


@pytest.mark.parametrize("kind", [pytest.param("processes", marks=pytest.mark.slow), "cluster"])
def test_a_worker_killed_in_the_middle_changes_nothing(
    here: Found, kind: str, cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "killed"
    monkeypatch.setattr(spread_module, "price", partial(price_or_killed, str(mark), os.getpid()))
    assert priced(kind, cluster.scheduler_address) == here
    assert mark.exists()


def test_a_schedule_made_with_a_cluster_is_as_good(cluster: Any) -> None:
    instance = read_instance(INSTANCES / "tiny")
    settings = Settings(strategy="columns", workers=1, time_limit_s=60, cluster=cluster.scheduler_address)
    found = solve(instance, settings)
    assert found.status is Status.OPTIMAL
    assert found.objective == solve(instance, Settings(strategy="columns", workers=1, time_limit_s=60)).objective
    assert verify(instance, found).ok
