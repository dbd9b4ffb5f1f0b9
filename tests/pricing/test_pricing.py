"""Label-setting finds the cheapest schedule of a party, at any prices, and its bounds hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.model import Book, FamilyBook, compile_book
from scheduler.model.evaluate import Evaluation, evaluate_family
from scheduler.pricing import Prices, Pricing, Unsupported
from scheduler.pricing.labels import NEVER
from scheduler.solve.columns.exact import ExactPricing
from tests.contract.worlds import world

SCALE = 16
MOST_OPTIONS = 11
SEEDS = st.integers(0, 1 << 30)
few = settings(max_examples=80, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def prices_of(book: Book, rng: np.random.Generator) -> Prices:
    """Arbitrary prices, of both signs where there can be."""
    parties = len(book.facts.parties)
    dual = rng.integers(-300, 300, len(book.shared)).astype(np.int64)
    return Prices(SCALE, dual, tuple(rng.integers(0, 8, parties).astype(np.int64) for _ in book.shared.measures))


def labelled(seed: int) -> Iterator[tuple[Book, FamilyBook, Pricing, Prices]]:
    """Every family of a world that label-setting can follow, at some prices."""
    book = compile_book(world(seed))
    rng = np.random.default_rng(seed)
    for family in book.families():
        try:
            yield book, family, Pricing(book, family, 1), prices_of(book, rng)
        except Unsupported:
            continue


def cost_of(book: Book, family: FamilyBook, taken: tuple[int, ...], prices: Prices) -> int | None:
    """What a set of options costs at these prices, by evaluation; None if it breaks a hard row."""
    picked = np.array(taken, dtype=np.int64)
    found = Evaluation()
    evaluate_family(book, family, picked, found)
    if found.broken:
        return None
    total = SCALE * sum(int(book.weight[r]) * v for r, v in found.penalty.items() if book.level[r] == 1)
    _, row, value = family.shared.gather(picked)
    total -= int((prices.dual[row] * value).sum())
    for block, extra in zip(book.shared.measures, prices.measured, strict=True):
        for (party, rule), amount in found.by_party.items():
            if book.rules[rule].id in block.rules:
                total += int(extra[party]) * int(book.weight[rule]) * amount
    return total


@few
@given(SEEDS)
def test_labels_find_what_a_solver_finds(seed: int) -> None:
    for book, family, pricing, prices in labelled(seed):
        found = pricing.cheapest(prices)
        expected = ExactPricing(book, family, 1).cheapest(prices)
        assert found.cost == expected.cost
        assert found.bound == found.cost
        if found.cost < NEVER:
            assert cost_of(book, family, tuple(found.options.tolist()), prices) == found.cost


@few
@given(SEEDS)
def test_the_bound_of_little_effort_holds(seed: int) -> None:
    for _, _, pricing, prices in labelled(seed):
        quick, exact = pricing.cheapest(prices, effort=1), pricing.cheapest(prices)
        assert quick.bound <= exact.cost <= quick.cost


@few
@given(SEEDS)
def test_nothing_below_a_cut_is_left_out(seed: int) -> None:
    for book, family, pricing, prices in labelled(seed):
        n = len(family.options)
        if n > MOST_OPTIONS:
            continue
        subsets = [taken for k in range(n + 1) for taken in combinations(range(n), k)]
        costs = {taken: cost for taken in subsets if (cost := cost_of(book, family, taken, prices)) is not None}
        if not costs:
            continue
        cut = sorted(costs.values())[len(costs) // 2] + 1
        found = pricing.below(prices, cut, 1 << 14)
        assert found is not None
        assert {tuple(sorted(options.tolist())) for options in found} == {t for t, cost in costs.items() if cost < cut}


def test_a_cut_that_nothing_beats_is_the_bound() -> None:
    checked = 0
    for _, _, pricing, prices in labelled(5):
        best = pricing.cheapest(prices).cost
        if best < NEVER:
            found = pricing.cheapest(prices, best)
            assert (found.cost, found.bound, len(found.options)) == (NEVER, best, 0)
            checked += 1
    assert checked


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(SEEDS)
def test_thousands_of_worlds_are_priced_right(seed: int) -> None:
    for book, family, pricing, prices in labelled(seed):
        assert pricing.cheapest(prices).cost == ExactPricing(book, family, 1).cheapest(prices).cost
