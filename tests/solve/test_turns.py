"""Taking turns: the ledger's sums, what is kept as best, pushing others out, and when it ends."""

from __future__ import annotations

import random
import threading

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.domain import Instance
from scheduler.model import evaluate
from scheduler.model.standing import Standing
from scheduler.offers.days import IntArray
from scheduler.pricing import Prices, Pricing
from scheduler.pricing.labels import NEVER
from scheduler.pricing.quick import Quick
from scheduler.solve import turns as module
from scheduler.solve.bids import NEVER_HAD, bidder_of
from scheduler.solve.columns.engine import Engine
from scheduler.solve.construct import construct
from scheduler.solve.ledger import Choice, Ledger
from scheduler.solve.settings import Settings
from scheduler.solve.turns import Turns
from tests.contract.brute import Small, arrays
from tests.contract.worlds import world as random_world
from tests.solve.test_columns import optimum
from tests.verify.world import requirement, slot, week, world

SEEDS = st.integers(0, 1 << 30)
hundred = settings(max_examples=100, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
MOST_CHOICES = 200


def engine_of(small: Small) -> Engine:
    return Engine(small.book, 1, Settings(strategy="columns", workers=1), lambda _: None, threading.Event())


def turns_of(small: Small, engine: Engine, chosen: list[IntArray] | None = None, seed: int = 0) -> Turns:
    start = construct(small.book, engine.families, seed) if chosen is None else chosen
    return Turns(small.book, engine.blocks, engine.pricings, engine.blocks.split(start), level=1, seed=seed)


def of_families(engine: Engine, options: list[IntArray]) -> list[IntArray]:
    return engine.blocks.chosen(options, len(engine.families))


@hundred
@given(SEEDS)
def test_the_ledger_is_what_the_statements_say(seed: int) -> None:
    """Whatever blocks choose, valid or not: cost and hard units wrong as `Standing` and `evaluate` count them."""
    small = Small(random_world(seed))
    engine = engine_of(small)
    blocks = engine.blocks
    books = [block.book for block in blocks.blocks]
    ledger = Ledger(small.book, books, blocks.joint, 1)
    for chosen in small.sample(random.Random(seed), 6):
        options = blocks.split(arrays(chosen))
        for b in np.random.default_rng(seed).permutation(len(books)).tolist():
            ledger.take(b, ledger.choice(b, options[b]))
        standing = Standing(small.book.with_shared(blocks.joint), books, options)
        assert (ledger.broken, ledger.cost) == standing.cost[:2]
        assert ledger.state.wrong.tolist() == standing.wrong.tolist()
        if not ledger.broken:
            found = evaluate(small.book, engine.families, of_families(engine, options))
            assert (found.broken, found.cost(small.book, 1)) == ([], ledger.cost)
        held = [
            sorted(b for b in range(len(books)) if k in books[b].shared.gather(options[b])[1]) for k in range(len(blocks.joint))
        ]
        assert [sorted(h) for h in ledger.holders] == held


@hundred
@given(SEEDS)
def test_the_best_is_valid_and_costs_what_is_said(seed: int) -> None:
    small = Small(random_world(seed))
    engine = engine_of(small)
    turns = turns_of(small, engine, seed=seed)
    turns.run(turns=40)
    now = [c.options for c in turns.ledger.chosen]
    standing = Standing(small.book.with_shared(engine.blocks.joint), turns.ledger.blocks, now)
    assert (turns.ledger.broken, turns.ledger.cost) == standing.cost[:2]
    if turns.best is None:
        return
    found = evaluate(small.book, engine.families, of_families(engine, turns.best))
    assert (found.broken, found.cost(small.book, 1)) == ([], turns.best_cost)
    if small.size <= MOST_CHOICES:
        best = optimum(small, 1)
        assert best is not None and turns.best_cost is not None and turns.best_cost >= best


def added(choice: Choice, rows: int) -> list[int]:
    """What a choice adds to the rows that measure."""
    total = np.zeros(rows, dtype=np.int64)
    np.add.at(total, choice.measured_row, choice.measured)
    return [int(v) for v in total]


@hundred
@given(SEEDS)
def test_without_limits_a_quick_schedule_is_as_cheap_as_pricing_finds_it(seed: int) -> None:
    """At any prices of rows: never below the bound, and where few labels suffice the same cost."""
    small = Small(random_world(seed))
    engine = engine_of(small)
    rows = len(engine.blocks.joint)
    dual = np.random.default_rng(seed).integers(-30, 30, rows)
    measured = tuple(np.zeros(len(small.book.facts.parties), dtype=np.int64) for _ in engine.blocks.joint.measures)
    for pricing, block in zip(engine.pricings, engine.blocks.blocks, strict=True):
        if not isinstance(pricing, Pricing):
            continue
        exact = pricing.cheapest(Prices(1, dual, measured))
        quick = Quick(pricing, np.full(rows, 1 << 30))
        bidder = bidder_of(Ledger(small.book, [block.book], engine.blocks.joint, 1).shared, block.book, quick)
        matrix = block.book.shared.take(quick.order)
        cost = quick.base - np.bincount(
            matrix.row_of_entry, weights=matrix.value * dual[matrix.column], minlength=len(quick.order)
        ).astype(np.int64)
        found = quick.cheapest(cost)
        assert found.bound <= exact.cost <= found.cost
        assert found.cost == exact.cost or len(quick.order) > 20
        ledger = Ledger(small.book, [block.book], engine.blocks.joint, 1)
        if found.cost < NEVER:
            said = ledger.choice(0, found.options, (found.own, found.measured))
            alike = Ledger(small.book, [block.book], engine.blocks.joint, 1).choice(0, found.options)
            assert (said.cost, said.wrong, alike.wrong) == (alike.cost, 0, 0)
            assert added(said, rows) == added(alike, rows)
        assert len(bidder.base) == len(quick.order) and (np.diff(found.options) > 0).all()


def crossed() -> Instance:
    """Ann likes the early place best and could have the late one, bob only the early one. Each takes one student."""
    return world(
        requirements=[requirement("MS")],
        students=[{"student": s, "program": "nurs"} for s in ("ann", "bob")],
        slots=[
            slot("early", unit="ward", first_start=week(0), last_start=week(0), most_students=1),
            slot("late", unit="ward", first_start=week(8), last_start=week(8), most_students=1),
        ],
        preferences=[{"who_kind": "student", "who": "ann", "what": "slot", "value": "early", "score": 5}],
        pins=[{"student": "bob", "pin": "must not", "slot": "late"}],
    )


@pytest.mark.parametrize("pushing", [0.0, module.PUSHING])
def test_only_pushing_somebody_out_finds_the_best(pushing: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PUSHING", pushing)
    small = Small(crossed())
    engine = engine_of(small)
    best = optimum(small, 1)
    turns = turns_of(small, engine, [np.zeros(0, dtype=np.int64) for _ in engine.families])
    alone = turns.able.tolist()[0]
    turns.ledger.take(alone, turns.choice(alone, NEVER_HAD))
    turns.run(turns=100)
    assert (turns.best_cost == best) == (pushing > 0)


def test_the_same_number_of_turns_gives_the_same_schedule() -> None:
    small = Small(random_world(7))
    engine = engine_of(small)
    found = []
    for _ in range(2):
        turns = turns_of(small, engine, seed=3)
        turns.run(turns=60)
        assert turns.steps == 60
        found.append([c.options.tolist() for c in turns.ledger.chosen])
    assert found[0] == found[1]


def test_it_ends_when_told_or_when_it_is_good_enough() -> None:
    small = Small(crossed())
    engine = engine_of(small)
    turns = turns_of(small, engine)
    stop = threading.Event()
    stop.set()
    turns.run(time_limit_s=60, stop=stop)
    assert turns.steps == 0
    assert turns.best_cost is not None
    turns.run(time_limit_s=60, goal=turns.best_cost)
    assert turns.steps == 0
    best = optimum(small, 1)
    turns.run(time_limit_s=60, goal=best)
    assert turns.best_cost == best
    with pytest.raises(ValueError, match="how long"):
        turns.run()


def test_without_anybody_there_are_no_turns() -> None:
    small = Small(world(students=[]))
    turns = turns_of(small, engine_of(small))
    turns.run(turns=10)
    assert (turns.steps, turns.best, turns.best_cost) == (0, [], 0)


def test_better_schedules_are_told() -> None:
    small = Small(crossed())
    engine = engine_of(small)
    turns = turns_of(small, engine, [np.zeros(0, dtype=np.int64) for _ in engine.families])
    told: list[int | None] = []
    turns.run(turns=100, on_better=lambda found: told.append(found.best_cost))
    assert told[-1] == turns.best_cost == optimum(small, 1)
