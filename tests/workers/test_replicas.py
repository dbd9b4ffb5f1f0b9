"""Neighbourhood search with copies elsewhere: schedules get better, stay valid, and cost what is said."""

from __future__ import annotations

import os
import pickle
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scheduler.domain import Status
from scheduler.io import read_instance
from scheduler.model import Book, compile_book, evaluate
from scheduler.model.families import Families
from scheduler.solve import Settings, solve
from scheduler.solve.neighbourhood import replicas
from scheduler.solve.neighbourhood.replicas import Job, Packed, Replica, copies, search_away
from scheduler.solve.neighbourhood.search import Search
from scheduler.verify import verify
from scheduler.workers import Workers
from tests.workers.calls import improve_or_killed

INSTANCES = Path(__file__).parents[2] / "instances"


#: A search on a cluster that has found nothing by then has failed.
MOST_S = 60.0


@pytest.fixture(scope="module")
def book() -> Book:
    """What is stated about a small term."""
    return compile_book(read_instance(INSTANCES / "small"))


def checked(search: Search) -> tuple[int, ...]:
    """What the schedule of a search costs, evaluated afresh."""
    found = evaluate(search.book, search.families, search.chosen)
    assert found.broken == []
    assert search.cost == (0, *found.by_level(search.book))
    return found.by_level(search.book)


def improved_on(address: str, book: Book) -> None:
    """Improve a first schedule on a cluster until it has become better."""
    search = Search(book, Families(book), seed=1)
    before = checked(search)
    rounds: list[int] = []
    until = time.monotonic() + MOST_S
    with Workers(Replica(book, search.levels), 1, cluster=address) as workers:
        search_away(
            search, workers, lambda: not rounds and time.monotonic() < until, lambda: 1.0, lambda: rounds.append(search.gains)
        )
    assert checked(search) < before
    assert search.steps > 0 < search.gains


@pytest.mark.slow  # the next test says the same, and more
def test_schedules_get_better_on_a_cluster(book: Book, cluster: Any) -> None:
    improved_on(cluster.scheduler_address, book)


def test_a_worker_killed_in_the_middle_does_no_harm(
    book: Book, cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "killed"
    monkeypatch.setattr(replicas, "improve", partial(improve_or_killed, str(mark), os.getpid()))
    improved_on(cluster.scheduler_address, book)
    assert mark.exists()


def test_steps_that_another_copy_made_impossible_are_left_out(book: Book) -> None:
    """Two copies improve the same schedule without knowing of each other: what both change may not fit together."""
    search = Search(book, Families(book), seed=1)
    before = checked(search)
    jobs = [Job(Packed.of(search.chosen), search.kinds.least, 1.0, seed) for seed in (1, 2)]
    replica = Replica(book, search.levels)
    found = [replica.improve(job) for job in jobs]
    assert all(x.moves for x in found)
    for moves in (moves for x in found for moves in x.moves):
        was = checked(search)
        assert search.adopt(moves) == (checked(search) < was)
        assert checked(search) <= was
    assert checked(search) < before


def test_a_copy_that_is_sent_finds_what_one_here_finds(book: Book) -> None:
    """The first step a copy takes depends on the schedule and the seed alone, wherever it is."""
    search = Search(book, Families(book), seed=1)
    job = Job(Packed.of(search.chosen), search.kinds.least, 1.5, 7)
    one, other = Replica(book, search.levels), pickle.loads(pickle.dumps(Replica(book, search.levels)))
    first, second = (next(iter(r.improve(job).moves)) for r in (one, other))
    assert first.keys() == second.keys()
    assert all(np.array_equal(first[f], second[f]) for f in first)


def test_other_reading_of_the_instance_is_refused(book: Book) -> None:
    replica = Replica(book, (1,))
    replica.mark += 1
    with pytest.raises(RuntimeError, match="read differently"):
        replica.improve(Job(Packed.of([]), np.zeros(0, dtype=np.int64), 0.1, 1))


def test_packed_schedules_are_unpacked() -> None:
    chosen = [np.array([4, 9]), np.zeros(0, dtype=np.int64), np.array([70_000])]
    assert [taken.tolist() for taken in Packed.of(chosen).unpacked()] == [[4, 9], [], [70_000]]


def test_without_a_cluster_there_are_no_copies(book: Book) -> None:
    with copies(Search(book, Families(book), seed=1), None) as away:
        assert away is None


def test_a_solve_uses_the_cluster(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = read_instance(INSTANCES / "small")
    asked: list[int] = []
    away = replicas.search_away

    def noted(*arguments: Any) -> None:
        asked.append(1)
        away(*arguments)

    monkeypatch.setattr(replicas, "search_away", noted)
    settings = Settings(strategy="neighbourhood", workers=1, time_limit_s=6, cluster=cluster.scheduler_address)
    found = solve(instance, settings, stop=threading.Event())
    assert asked
    assert found.status in (Status.FEASIBLE, Status.OPTIMAL)
    assert verify(instance, found).ok
