"""No claim is false: each change that is claimed to place a rotation is applied and solved."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pytest

from scheduler.standing.funnel import steps_of
from scheduler.standing.ground import Ground
from scheduler.verify import verify
from tests.explain.claims import World, claimed, false_claim, with_unplaced

FEW, MANY = 40, 200


@cache
def few() -> list[World]:
    """Worlds that several tests look at."""
    return list(with_unplaced(FEW))


def check(worlds: Iterable[World]) -> int:
    claims = 0
    for seed, instance, schedule in worlds:
        for missing, change in claimed(instance, schedule):
            claims += 1
            wrong = false_claim(instance, schedule, missing, change)
            assert not wrong, f"world {seed}, {missing.who} {missing.row.requirement}, {change.sentence}: {wrong}"
    return claims


def test_no_claim_is_false_in_tight_worlds() -> None:
    assert check(few()) > FEW / 2


@pytest.mark.slow
def test_no_claim_is_false_in_many_tight_worlds() -> None:
    assert check(with_unplaced(MANY)) > MANY / 2


def test_every_funnel_adds_up() -> None:
    """All offers are the sum of those that fall away and those left; what is left fits where the schedule stands."""
    seen = 0
    for seed, instance, schedule in few():
        ground = Ground(instance, schedule)
        for missing in ground.missing(verify(instance, schedule).unplaced):
            found = steps_of(ground, missing)
            assert found.offers == sum(step.offers for step in found.steps) + found.left, seed
            seen += len(found.steps)
    assert seen
