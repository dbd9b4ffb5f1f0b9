"""A schedule to begin with: read back exactly, never made worse, and what is not to be had is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.io import read_instance
from scheduler.model import compile_book
from scheduler.model.families import Families
from scheduler.solve import Settings, solve
from scheduler.solve.given import options_of
from scheduler.solve.result import placements
from scheduler.verify import verify
from tests.contract.brute import Small
from tests.contract.worlds import world

INSTANCES = Path(__file__).parents[2] / "instances"
STRATEGIES = pytest.mark.parametrize("strategy", ["direct", "columns", "neighbourhood"])


@pytest.mark.parametrize("seed", range(60))
def test_placements_read_back_are_the_same_options(seed: int) -> None:
    """Of the best schedule of a random world; options that nobody can tell apart count as the same."""
    small = Small(world(seed))
    schedule = solve(small.book.facts.instance, Settings(strategy="direct", workers=1, time_limit_s=20))
    if not schedule.placements:
        return
    found = options_of(small.book, small.families, schedule)
    assert placements(small.book, small.families, found) == schedule.placements


@STRATEGIES
def test_a_start_is_not_made_worse(strategy: str) -> None:
    instance = read_instance(INSTANCES / "small")
    best = solve(instance, Settings(strategy="columns", workers=1, time_limit_s=30))
    again = solve(instance, Settings(strategy=strategy, workers=1, time_limit_s=2), start=best)
    assert best.objective is not None and again.objective is not None
    assert again.objective == best.objective
    assert verify(instance, again).ok


@STRATEGIES
def test_what_is_not_to_be_had_any_more_is_left_out(strategy: str) -> None:
    """The slot that most placements are in is gone: the schedule is valid without it, and others stay where they are."""
    instance = read_instance(INSTANCES / "small")
    before = solve(instance, Settings(strategy="columns", workers=1, time_limit_s=30))
    slots = [p.slot for p in before.placements]
    gone = max(sorted(set(slots)), key=slots.count)
    tables = ("slots", "pins", "reservations")
    changed = instance.model_copy(
        update={t: tuple(r for r in instance.rows(t) if getattr(r, "slot", "") != gone) for t in tables}
    )
    book = compile_book(changed)
    kept = placements(book, Families(book), options_of(book, Families(book), before))
    assert kept == tuple(p for p in before.placements if p.slot != gone)
    after = solve(changed, Settings(strategy=strategy, workers=1, time_limit_s=2), start=before)
    assert verify(changed, after).ok


def test_nothing_of_another_instance_fits() -> None:
    small, riverbend = read_instance(INSTANCES / "small"), compile_book(read_instance(INSTANCES / "riverbend"))
    schedule = solve(small, Settings(strategy="direct", workers=1, time_limit_s=10))
    assert not any(len(options) for options in options_of(riverbend, Families(riverbend), schedule))
