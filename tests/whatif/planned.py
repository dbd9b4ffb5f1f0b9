"""Tight random worlds that brute force can follow, with a proven schedule of each."""

from __future__ import annotations

import threading
from functools import cache

from scheduler.domain import Instance, Schedule
from scheduler.io import instance_problems
from scheduler.model import evaluate
from scheduler.model.evaluate import Evaluation
from scheduler.solve import Progress, Settings, solve
from tests.contract.brute import Small, arrays
from tests.contract.worlds import world
from tests.explain.claims import with_unplaced

#: More choices than that take brute force too long.
MOST_CHOICES = 800
SETTINGS = Settings(workers=1, time_limit_s=20)


def nothing(_: Progress) -> None:
    """Progress that nobody looks at."""


def stop() -> threading.Event:
    return threading.Event()


@cache
def few(count: int = 16) -> list[tuple[int, Instance, Schedule]]:
    """Worlds with something unplaced and a proven schedule."""
    return [w for w in with_unplaced(count) if w[2].gap == 0 and Small(w[1]).size <= MOST_CHOICES]


@cache
def lively(count: int = 12) -> list[tuple[Instance, Schedule]]:
    """Worlds without pins in which several things carry placements."""
    found: list[tuple[Instance, Schedule]] = []
    seed = 0
    while len(found) < count:
        instance, seed = world(seed), seed + 1
        if (
            instance.pins
            or Small(instance).size > MOST_CHOICES
            or any(p.severity == "error" for p in instance_problems(instance))
        ):
            continue
        schedule = solve(instance, SETTINGS)
        if len(schedule.placements) > 1:
            found.append((instance, schedule))
    return found


def cost_of(small: Small, found: Evaluation) -> tuple[int, ...]:
    """What a choice costs, by level of the rules that may cost something."""
    levels = {r.setting.level for r in small.book.rules if r.setting.kind == "soft" and r.setting.weight}
    return tuple(found.cost(small.book, level) for level in sorted(levels))


def best(instance: Instance) -> tuple[int, ...] | None:
    """The least cost of all choices; None where none is valid."""
    small = Small(instance)
    found = (evaluate(small.book, small.families, arrays(chosen)) for chosen in small.all())
    return min((cost_of(small, e) for e in found if not e.broken), default=None)


def least_missing(instance: Instance) -> int | None:
    """The least points of what is unplaced, of all choices; None where none is valid."""
    small = Small(instance)
    asking = [small.book.rule_index[r] for r in ("requirement", "elective") if r in small.book.rule_index]
    found = (evaluate(small.book, small.families, arrays(chosen)) for chosen in small.all())
    return min((sum(e.penalty.get(r, 0) for r in asking) for e in found if not e.broken), default=None)
