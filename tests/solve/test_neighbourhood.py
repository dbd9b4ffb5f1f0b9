"""Parts of a book and the search on them: exactly as good as the whole, never a broken row, and the same each time."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from ortools.sat.python import cp_model

from scheduler.model import Book, FamilyBook, compile_book, evaluate
from scheduler.model.cp import CpModel
from scheduler.model.part import part_of
from scheduler.model.standing import Standing
from scheduler.offers.days import IntArray
from scheduler.solve.neighbourhood.partmodel import PartModel
from tests.contract.worlds import world as random_world

CHUNKS = range(8)
WORLDS_IN_CHUNK = 40


def solved(cp: CpModel) -> tuple[int, list[IntArray]]:
    """Status of a model and the options that it takes."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(cp.model)
    return int(status), cp.chosen(solver.response_proto.solution) if status == cp_model.OPTIMAL else []


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


@pytest.mark.parametrize("chunk", CHUNKS)
def test_a_part_is_as_good_as_the_whole_with_all_others_fixed(chunk: int) -> None:
    compared = 0
    for seed in range(chunk * WORLDS_IN_CHUNK, (chunk + 1) * WORLDS_IN_CHUNK):
        book, families = book_of(seed)
        rng = random.Random(seed)
        chosen = any_schedule(book, families, rng) if len(families) > 1 else []
        if not chosen:
            continue
        picked = rng.sample(range(len(families)), rng.randint(1, len(families) - 1))
        standing = Standing(book, families, chosen)
        assert standing.broken == 0
        part = part_of(standing, picked)
        small = PartModel(standing, part)
        whole = CpModel(book, families)
        for f in set(range(len(families))) - set(picked):
            for o, variable in enumerate(whole.take[f]):
                whole.model.add(variable == int(o in chosen[f]))
        level = standing.levels[0]
        for cp in (small, whole):
            cp.model.minimize(cp.objective(level).expression())
        (one, taken), (other, best) = solved(small), solved(whole)
        assert (one, other) == (cp_model.OPTIMAL, cp_model.OPTIMAL), seed
        standing.change(part.positions(taken))
        assert standing.broken == 0, seed
        assert standing.cost[1] == evaluate(book, families, best).by_level(book)[0], seed
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
