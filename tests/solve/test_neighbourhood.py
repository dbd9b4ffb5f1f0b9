"""Parts of a book and the search on them: exactly as good as the whole, never a broken row, and the same each time."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import pytest
from ortools.sat.python import cp_model

from scheduler.domain import Status
from scheduler.model import Book, FamilyBook, compile_book, evaluate
from scheduler.model.cp import CpModel
from scheduler.model.families import Families
from scheduler.model.part import part_of
from scheduler.model.standing import Standing
from scheduler.offers.days import IntArray
from scheduler.solve import Settings, solve
from scheduler.solve.alone import least_alone
from scheduler.solve.construct import construct
from scheduler.solve.neighbourhood import Search
from scheduler.solve.neighbourhood.partmodel import PartModel
from scheduler.solve.neighbourhood.region import Region
from scheduler.verify import verify
from tests.contract.worlds import world as random_world
from tests.solve.test_direct import crowd

CHUNKS = range(8)
WORLDS_IN_CHUNK = 40
COUNTED = Settings(strategy="neighbourhood", deterministic=True, seed=5, time_limit_s=1.5)


def solved(cp: CpModel) -> tuple[int, list[IntArray]]:
    """Objective of a model's optimum and the options that it takes; none if there is no choice."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(cp.model)
    if status == cp_model.INFEASIBLE:
        return 0, []
    assert status == cp_model.OPTIMAL
    return round(solver.objective_value), cp.chosen(solver.response_proto.solution)


def any_schedule(book: Book, families: Sequence[FamilyBook], rng: random.Random) -> list[IntArray]:
    """A valid schedule that wins most of a random price; empty if there is none."""
    cp = CpModel(book, families)
    takes = [variable for take in cp.take for variable in take]
    cp.model.minimize(sum(rng.randint(-9, 6) * variable for variable in takes))
    return solved(cp)[1]


def book_of(seed: int) -> tuple[Book, list[FamilyBook]]:
    book = compile_book(random_world(seed))
    return book, list(book.families())


def same(standing: Standing) -> bool:
    """Whether a standing says what evaluating everything anew says."""
    found = evaluate(standing.book, standing.families, standing.chosen)
    return standing.cost[1:] == found.by_level(standing.book) and (standing.broken > 0) == bool(found.broken)


def check_part(standing: Standing, picked: Sequence[int], place: object) -> None:
    """The part's best choice is the whole's with all others fixed, and its objective tells how much is won."""
    book, families, chosen = standing.book, standing.families, standing.chosen
    part = part_of(standing, picked)
    small, whole = PartModel(standing, part), CpModel(book, families)
    for f in set(range(len(families))) - set(picked):
        for o, variable in enumerate(whole.take[f]):
            whole.model.add(variable == int(o in chosen[f]))
    level = standing.levels[0]
    objective = small.objective(level).expression()
    before = PartModel(standing, part)
    for k, f in enumerate(part.picked):
        for o, variable in zip(part.kept[k].tolist(), before.take[k], strict=True):
            before.model.add(variable == int(o in chosen[f]))
    before.model.minimize(before.objective(level).expression())
    small.model.minimize(objective)
    whole.model.minimize(whole.objective(level).expression())
    (was, _), (won, taken), (_, best) = solved(before), solved(small), solved(whole)
    cost = standing.cost
    standing.change(part.positions(taken))
    assert standing.broken == 0, place
    assert standing.cost[1] == evaluate(book, families, best).by_level(book)[0], place
    assert standing.cost[1] - cost[1] == won - was, place


@pytest.mark.parametrize("chunk", CHUNKS)
def test_a_part_is_as_good_as_the_whole_with_all_others_fixed(chunk: int) -> None:
    compared = 0
    for seed in range(chunk * WORLDS_IN_CHUNK, (chunk + 1) * WORLDS_IN_CHUNK):
        book, families = book_of(seed)
        rng = random.Random(seed)
        chosen = any_schedule(book, families, rng) if len(families) > 1 else []
        if chosen:
            picked = rng.sample(range(len(families)), rng.randint(1, len(families) - 1))
            check_part(Standing(book, families, chosen), picked, seed)
            compared += 1
    assert compared > WORLDS_IN_CHUNK // 4


@pytest.mark.parametrize("chunk", CHUNKS)
def test_a_standing_is_what_evaluating_anew_would_be(chunk: int) -> None:
    for seed in range(chunk * WORLDS_IN_CHUNK, (chunk + 1) * WORLDS_IN_CHUNK):
        book, families = book_of(seed)
        rng = random.Random(seed)
        standing = Standing(book, families)
        assert same(standing), seed
        for _ in range(6):
            moved = rng.sample(range(len(families)), rng.randint(1, len(families)))
            sizes = {f: len(families[f].options) for f in moved}
            standing.change(
                {f: np.array(sorted(rng.sample(range(n), min(n, rng.randint(0, 3)))), dtype=np.int64) for f, n in sizes.items()}
            )
            assert same(standing), seed
        anew = Standing(book, families, standing.chosen)
        for name in ("load", "measured", "gated", "open_rows", "value", "wrong", "of_family", "wrong_of"):
            assert (getattr(anew, name) == getattr(standing, name)).all(), (seed, name)


def valid(search: Search) -> bool:
    return not evaluate(search.book, search.families, search.chosen).broken


@pytest.mark.parametrize("seed", range(40))
def test_every_start_of_a_possible_world_ends_valid_and_never_below_the_optimum(seed: int) -> None:
    instance = random_world(seed)
    book, families = book_of(seed)
    whole = CpModel(book, families)
    possible = bool(solved(whole)[1]) or not families
    schedule = solve(instance, COUNTED)
    if not possible:
        assert schedule.status in (Status.INFEASIBLE, Status.UNKNOWN)
        return
    assert schedule.status in (Status.FEASIBLE, Status.OPTIMAL)
    assert verify(instance, schedule).ok
    best = solve(instance, Settings(workers=1, strategy="direct"))
    assert best.status is Status.OPTIMAL
    # so small a world is one neighbourhood; a level without anything to pay may be left out
    found, optimum = ({level.level: level.objective for level in s.levels if level.objective} for s in (schedule, best))
    assert found == optimum
    first = schedule.levels[0]
    assert first.bound <= first.objective


def test_steps_only_ever_make_it_better_and_tell_who_changed() -> None:
    instance = crowd(15)
    book = compile_book(instance)
    families = list(book.families())
    told: list[int] = []
    search = Search(book, families, seed=3, on_family=lambda f, _: told.append(f))
    assert len(told) == len(families)
    costs = [search.cost]
    search.run(tries=20, on_better=lambda s: costs.append(s.cost))
    assert costs == sorted(costs, reverse=True)
    assert len(costs) == search.gains + 1 > 1
    assert len(told) > len(families)
    assert search.steps == 20
    assert search.cost[1:] == evaluate(book, families, search.chosen).by_level(book)
    assert valid(search)


def test_an_unplaced_rotation_is_sought_with_the_rotations_that_hold_its_places() -> None:
    book = compile_book(crowd(15))
    families = list(book.families())
    search = Search(book, families, seed=3)
    someone = 4
    options, taken = families[someone].options, search.chosen[someone]
    left_out = int(options.demand[taken[0]])
    search.become([taken[1:] if f == someone else other for f, other in enumerate(search.chosen)])
    pick = search.kinds.contest_of_missing(8)
    assert next(iter(pick)) == someone
    places = set(search.places.of(options.take(np.flatnonzero(options.demand == left_out))).tolist())
    assert len(pick) == 8
    for f, only in pick.items():
        assert only is not None
        if f == someone:
            assert np.array_equal(only, options.demand == left_out)
        else:
            book_of_other, taken = families[f].options, search.chosen[f]
            holds = [o for o in taken.tolist() if places & set(search.places.of(book_of_other.take(np.array([o]))).tolist())]
            assert holds
            assert np.array_equal(only, np.isin(book_of_other.demand, book_of_other.demand[holds]))


def test_a_warm_start_is_kept_and_a_broken_one_is_kept_as_far_as_it_fits() -> None:
    book = compile_book(crowd(15))
    families = list(book.families())
    first = Search(book, families, seed=3)
    first.run(tries=20)
    again = Search(book, families, first.chosen, seed=4)
    assert again.cost == first.cost
    everything = [np.arange(len(f.options)) for f in families]
    broken = Search(book, families, everything)
    assert broken.standing.broken == 0
    assert valid(broken)


def test_the_same_seed_and_steps_give_the_same_schedule() -> None:
    one, two = (solve(crowd(12), COUNTED).model_dump_json() for _ in range(2))
    assert one == two


def test_two_workers_end_valid() -> None:
    book = compile_book(crowd(15))
    search = Search(book, list(book.families()), seed=3, workers=2)
    search.run(tries=20)
    assert valid(search)
    assert search.cost[1:] == evaluate(book, search.families, search.chosen).by_level(book)


def test_reaching_the_goal_and_a_stop_end_the_search() -> None:
    book = compile_book(crowd(15))
    families = list(book.families())
    search = Search(book, families, seed=3)
    search.run(tries=20, goal=search.cost[1])
    assert search.steps == 0
    stop = threading.Event()
    search.run(stop=stop, on_better=lambda _: stop.set())
    assert search.gains == 1


@pytest.mark.parametrize("most_open", [0, 1 << 30])
def test_packed_families_are_the_same_families(most_open: int) -> None:
    for seed in range(30):
        book, families = book_of(seed)
        packed = Families(book, most_open=most_open)
        assert len(packed) == len(families)
        for one, other in zip(families, packed, strict=True):
            assert all((getattr(one.options, f.name) == getattr(other.options, f.name)).all() for f in fields(one.options))
            assert all((getattr(one.shared, c) == getattr(other.shared, c)).all() for c in ("start", "column", "value"))
        rng = random.Random(seed)
        chosen = [np.array(sorted(rng.sample(range(len(f.options)), min(2, len(f.options)))), dtype=np.int64) for f in families]
        first, second = evaluate(book, families, chosen), evaluate(book, packed, chosen)
        assert (first.by_level(book), first.broken) == (second.by_level(book), second.broken)


@pytest.mark.parametrize("chunk", CHUNKS)
def test_no_family_costs_less_than_the_bound_without_a_search(chunk: int) -> None:
    for seed in range(chunk * WORLDS_IN_CHUNK, (chunk + 1) * WORLDS_IN_CHUNK):
        book, families = book_of(seed)
        level = int(book.level.min(initial=1))
        for family in families:
            cp = CpModel(book, [family], shared=False)
            total = cp.objective(level)
            cp.model.minimize(total.expression())
            cost, chosen = solved(cp)
            assert not chosen or least_alone(book, family, level) <= cost, f"world {seed}, family {family.family.index}"


def test_a_first_schedule_that_runs_out_of_time_breaks_nothing() -> None:
    book = compile_book(crowd(6))
    families = list(book.families())
    left = iter([False, False, True])
    chosen = construct(book, families, over=lambda: next(left, True))
    assert sum(len(taken) > 0 for taken in chosen) == 2
    assert not evaluate(book, families, chosen).broken


@pytest.mark.parametrize("chunk", CHUNKS)
def test_what_a_region_gains_the_whole_schedule_gains(chunk: int) -> None:
    gained = 0
    for seed in range(chunk * WORLDS_IN_CHUNK, (chunk + 1) * WORLDS_IN_CHUNK):
        book, families = book_of(seed)
        standing = Standing(book, families, any_schedule(book, families, random.Random(seed)))
        if standing.broken or not families:
            continue
        rng = random.Random(seed)
        level = standing.levels[0]
        picked = sorted(rng.sample(range(len(families)), rng.randint(1, len(families))))
        region = Region(standing, picked, level=level, seed=seed)
        began, before = region.turns.best_cost, standing.cost
        assert began is not None
        region.turns.run(turns=30)
        assert region.turns.best_cost is not None
        standing.change(region.moves)
        assert not standing.broken
        assert before[1] - standing.cost[1] == began - region.turns.best_cost
        assert same(standing)
        gained += began - region.turns.best_cost
    assert gained > 0
