"""Losses: nothing of what is lost is used, and those who lose something choose as well as brute force."""

from __future__ import annotations

from itertools import product

import numpy as np

from scheduler.domain import Instance, Schedule
from scheduler.model import evaluate
from scheduler.solve.result import placements
from scheduler.standing.ground import Ground
from scheduler.whatif.contingency import Kind, Losing, _named, carriers, lose, losses
from tests.contract.brute import Small, arrays
from tests.examples import example, reference
from tests.whatif.planned import SETTINGS, cost_of, lively, nothing, stop


def best_without(instance: Instance, schedule: Schedule, kind: Kind, name: str, *, staying: bool) -> tuple[int, ...] | None:
    """The least cost of all choices that need nothing of what is lost; `staying`: of those who lose nothing, what they have."""
    small, ground = Small(instance), Ground(instance, schedule)
    found = []
    for f, family in enumerate(small.families):
        rows = [placements(small.book, [family], [np.array([o])])[0] for o in range(len(family.options))]
        lost = {o for o, row in enumerate(rows) if name in _named(row, kind)}
        now = tuple(ground.chosen[f].tolist())
        mine = [p for p in small.of_family(f) if not lost & set(p)]
        found.append([now] if staying and not lost & set(now) else mine)
    costs = [evaluate(small.book, small.families, arrays(chosen)) for chosen in product(*found)]
    return min((cost_of(small, c) for c in costs if not c.broken), default=None)


def test_a_loss_is_as_bad_as_brute_force_says() -> None:
    seen = moved = 0
    for seed, (instance, schedule) in enumerate(lively()):
        case = Losing(instance, schedule, 0.2, 0, stop())
        for kind, name in carriers(schedule):
            found = lose(case, (kind, name, True))
            best = best_without(instance, schedule, kind, name, staying=False)
            staying = best_without(instance, schedule, kind, name, staying=True)
            if found.staying is not None:
                assert best is not None and found.staying.cost >= best, seed
                assert staying is None or found.staying.cost <= staying, (seed, kind, name)
                moved += staying is None
            else:
                assert staying is None, (seed, kind, name)
            if found.repaired is not None:
                assert best is not None and found.repaired.cost >= best
                assert found.staying is None or found.repaired.cost <= found.staying.cost
            for end in (found.staying, found.repaired):
                assert end is None or not any(name in _named(p, kind) for p in end.placements)
                assert end is None or end.report.ok
            seen += 1
    assert seen > 20


def test_the_worst_come_first_and_nothing_is_left_out() -> None:
    instance, schedule = max(lively(), key=lambda w: len(w[1].placements))
    found = losses(instance, schedule, SETTINGS, top=2, on_progress=nothing, stop=stop())
    assert {(x.kind, x.name) for x in found} == set(carriers(schedule))
    assert [x.rank for x in found] == sorted(x.rank for x in found)
    assert sum(x.repaired is not None for x in found) <= 2


def test_pins_that_hold_what_is_lost_are_void() -> None:
    """The pinned placements of a lost unit are lost as well; the schedule is valid without these pins."""
    instance, schedule = example("riverbend"), reference("riverbend")
    found = lose(Losing(instance, schedule, 1.0, 0, stop()), ("site", "mil", False))
    assert found.staying is not None and not found.breaks
    assert found.staying.unplaced > len(schedule.unplaced)


def test_only_the_kinds_that_are_asked_for() -> None:
    instance, schedule = max(lively(), key=lambda w: len(w[1].placements))
    found = losses(instance, schedule, SETTINGS, kinds=("site",), top=0, on_progress=nothing, stop=stop())
    assert {x.kind for x in found} == {"site"} and all(x.repaired is None for x in found)


def test_stopped_it_keeps_what_is_finished() -> None:
    """The first batch of losses is looked into; a stop then ends the work."""
    instance, schedule = example("riverbend"), reference("riverbend")
    asked = stop()
    said = []

    def progress(_: object) -> None:
        said.append(1)
        if len(said) == 2:
            asked.set()

    found = losses(instance, schedule, SETTINGS, kinds=("site",), top=2, on_progress=progress, stop=asked)
    assert 0 < len(found) < len(carriers(schedule, ("site",)))
