"""How a solve ends: proven optimal, stopped, impossible or unknown; and that it can be had twice the same."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from scheduler.domain import Instance, Status
from scheduler.errors import InputError
from scheduler.model import compile_book, evaluate
from scheduler.solve import Progress, Settings, solve
from scheduler.solve.construct import construct
from scheduler.verify import verify
from tests.contract.worlds import world as random_world
from tests.verify.world import requirement, slot, week, world

SHORT = Settings(workers=1, time_limit_s=20)
ANN: dict[str, Any] = {"students": [{"student": "ann", "program": "nurs"}], "requirements": [requirement("MS")]}


def crowd(students: int) -> Instance:
    """Many students with wishes of their own for few places: cheap to place somehow, long to prove."""
    wishes = [
        {
            "who_kind": "student",
            "who": f"s{k}",
            "what": "start",
            "start": week((7 * k * k + 3 * j) % 11),
            "score": 1 + (k * j) % 7,
        }
        for k in range(students)
        for j in range(4)
    ]
    return world(
        students=[{"student": f"s{k}", "program": "nurs"} for k in range(students)],
        slots=[slot("ward", most_students=students // 5), slot("clinic", most_students=students // 5)],
        preferences=wishes,
    )


def test_optimal() -> None:
    schedule = solve(world(), SHORT)
    assert schedule.status is Status.OPTIMAL
    # each of three students changes site once (2) and waits for nothing; the worst off pays 2 over two rotations, so 1
    assert schedule.objective == schedule.bound == 3 * 2 + 1
    assert schedule.gap == 0
    assert len(schedule.placements) == 6
    assert verify(world(), schedule).ok


def test_unplaced_comes_with_its_reasons() -> None:
    instance = world(slots=[slot("ward", professions=("md",))], **ANN)
    (row,) = solve(instance, SHORT).unplaced
    assert (row.student, row.requirement, row.missing, row.unit) == ("ann", "MS", 2, "weeks")
    assert row.reason == "11 offers: 11 for other professions"


def test_infeasible_when_pins_contradict_each_other() -> None:
    pins = [{"student": "ann", "requirement": "MS", "start": week(k)} for k in (0, 3)]
    schedule = solve(world(pins=pins, **ANN), SHORT)
    assert schedule.status is Status.INFEASIBLE
    assert schedule.placements == ()
    assert schedule.objective is None


def test_feasible_when_time_is_too_short_to_prove() -> None:
    instance = crowd(60)
    schedule = solve(instance, Settings(workers=1, time_limit_s=0.01, deterministic=True))
    assert schedule.status is Status.FEASIBLE
    assert schedule.bound is not None
    assert schedule.objective is not None
    assert schedule.bound < schedule.objective
    assert verify(instance, schedule).ok


def test_unknown_when_nothing_was_found_and_nothing_proved() -> None:
    stop = threading.Event()
    stop.set()
    pins = [{"student": "ann", "requirement": "MS", "start": week(0)}, {"student": "ann", "requirement": "MS", "start": week(3)}]
    assert solve(world(pins=pins, **ANN), SHORT, stop=stop).status is Status.UNKNOWN


def test_a_stop_ends_with_the_best_so_far() -> None:
    stop = threading.Event()

    def on_progress(progress: Progress) -> None:
        if progress.best is not None:
            stop.set()

    instance = crowd(60)
    schedule = solve(instance, Settings(workers=1, time_limit_s=600), on_progress, stop)
    assert schedule.objective is not None
    assert verify(instance, schedule).ok


def test_levels_come_one_after_another() -> None:
    # waiting first: start at once, although the wish for week 4 would win more at the second level
    wish = {"who_kind": "student", "who": "ann", "what": "start", "start": week(4), "score": 50}
    quiet: dict[str, Any] = {"worst_off": {"kind": "off"}}
    later = world(quiet | {"preference": {"level": 2}}, preferences=[wish], **ANN)
    first = solve(later, SHORT)
    assert [p.start for p in first.placements] == [week(0)]
    assert [(result.level, result.objective, result.bound) for result in first.levels] == [(1, 0, 0), (2, 0, 0)]
    together = solve(world(quiet, preferences=[wish], **ANN), SHORT)
    assert [p.start for p in together.placements] == [week(4)]
    assert together.objective == 4 - 50


@pytest.mark.parametrize(("instance", "limit"), [(crowd(12), 0.02), (world(), 20.0)], ids=["stopped", "proved"])
def test_deterministic_runs_are_the_same_byte_for_byte(instance: Instance, limit: float) -> None:
    settings = Settings(deterministic=True, seed=7, time_limit_s=limit)
    one, two = (solve(instance, settings).model_dump_json() for _ in range(2))
    assert one == two


def test_an_unknown_strategy_is_a_sentence() -> None:
    with pytest.raises(InputError, match="there is no strategy 'magic'"):
        solve(world(), Settings(strategy="magic"))


def test_construct_breaks_nothing_that_only_has_upper_limits() -> None:
    book = compile_book(crowd(40))
    families = list(book.families())
    found = evaluate(book, families, construct(book, families))
    assert found.broken == []
    assert sum(len(part) for part in construct(book, families)) > 40  # most of 80 rotations


@pytest.mark.parametrize("seed", range(30))
def test_construct_is_valid_or_says_so(seed: int) -> None:
    book = compile_book(random_world(seed))
    families = list(book.families())
    chosen = construct(book, families, seed=1)
    found = {row.split(":")[0] for row in evaluate(book, families, chosen).broken}
    asking, counting = (
        {"pin", "slot_fill", "unit_minimum"},
        {"most_sites", "most_specialties", "preceptor_weeks", "one_preceptor"},
    )
    assert found <= asking | counting  # everything else it keeps
