"""Work done elsewhere: in processes and on a cluster, also where workers die, the same comes out as here."""

from __future__ import annotations

import math
import os
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from scheduler import __version__
from scheduler.errors import InputError
from scheduler.workers import Workers
from scheduler.workers import cluster as cluster_module
from scheduler.workers import workers as workers_module
from scheduler.workers.cluster import check_cluster
from scheduler.workers.workers import ThreadPlace
from tests.workers.calls import added, added_here_only, added_or_killed, late, where, wrong
from tests.workers.clusters import started

PAYLOAD = {"add": 100}
ITEMS = list(range(30))
EXPECTED = [100 + k for k in ITEMS]


def workers_of(kind: str, payload: object, cluster: Any) -> Workers[Any]:
    """Workers of one kind."""
    if kind == "cluster":
        return Workers(payload, 2, cluster=cluster.scheduler_address)
    return Workers(payload, 1 if kind == "here" else 2, processes_after_s=0 if kind == "processes" else math.inf)


KINDS = ("here", "threads", "processes", "cluster")


@pytest.mark.parametrize("kind", KINDS)
def test_results_come_in_the_order_of_the_items(cluster: Any, kind: str) -> None:
    with workers_of(kind, PAYLOAD, cluster) as workers:
        assert workers.map(added, ITEMS) == EXPECTED
        assert workers.map(added, []) == []


@pytest.mark.parametrize("kind", ["processes", "cluster"])
def test_work_is_done_in_several_other_processes(cluster: Any, kind: str) -> None:
    """On a busy machine one of them may take all of a round before the other is awake: then it is asked again."""
    found: set[int | None] = set()
    with workers_of(kind, PAYLOAD, cluster) as workers:
        for _ in range(10):
            found |= set(workers.map(where, ITEMS))
            if len(found) > 1:
                break
    assert os.getpid() not in found
    assert len(found) == 2


@pytest.mark.parametrize("kind", ["processes", "cluster"])
def test_a_worker_killed_in_the_middle_loses_nothing(cluster: Any, kind: str, tmp_path: Path) -> None:
    mark = tmp_path / "killed"
    payload = {**PAYLOAD, "mark": str(mark), "here": os.getpid()}
    with workers_of(kind, payload, cluster) as workers:
        assert workers.map(added_or_killed, ITEMS) == EXPECTED
        assert mark.exists()
        assert workers.map(added, ITEMS) == EXPECTED


def test_what_kills_every_process_is_done_here() -> None:
    payload = {**PAYLOAD, "here": os.getpid()}
    with Workers(payload, 2, processes_after_s=0) as workers:
        assert workers.map(added_here_only, ITEMS[5:9]) == EXPECTED[5:9]


def test_a_cluster_that_goes_away_is_replaced_by_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "ANSWER_S", 1.0)
    with started(1) as cluster:
        workers = Workers(PAYLOAD, 2, cluster=cluster.scheduler_address)
        assert workers.map(added, ITEMS) == EXPECTED
    with workers:
        assert workers.map(added, ITEMS) == EXPECTED
        assert isinstance(workers.place, ThreadPlace)


def test_a_cluster_whose_workers_are_all_gone_is_replaced_by_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "ANSWER_S", 1.0)
    monkeypatch.setattr(workers_module, "SILENT_S", 0.2)
    with started(1) as cluster, Workers(PAYLOAD, 2, cluster=cluster.scheduler_address) as workers:
        assert workers.map(added, ITEMS) == EXPECTED
        cluster.scale(0)
        assert workers.map(added, ITEMS) == EXPECTED


def test_where_no_process_can_be_started_threads_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(payload: object, size: int) -> None:
        asked.append(size)
        raise OSError("no room")

    asked: list[int] = []
    monkeypatch.setattr(workers_module, "ProcessPlace", none)
    with Workers(PAYLOAD, 2, processes_after_s=1e-9) as workers:
        for _ in range(3):
            assert workers.map(added, ITEMS) == EXPECTED
    assert asked == [2]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_call_raises_is_raised_here(cluster: Any, kind: str) -> None:
    with workers_of(kind, PAYLOAD, cluster) as workers, pytest.raises(ZeroDivisionError):
        workers.map(wrong, ITEMS)


@pytest.mark.parametrize("kind", ["processes", "cluster"])
def test_a_stop_does_not_wait_for_what_is_under_way(cluster: Any, kind: str) -> None:
    stop = threading.Event()
    with workers_of(kind, PAYLOAD, cluster) as workers:
        workers.map(added, ITEMS)
        threading.Timer(0.3, stop.set).start()
        found = workers.map(late, [0, 5], over=stop.is_set)
    assert found[1] is None


def test_processes_take_over_where_work_takes_long() -> None:
    with Workers(PAYLOAD, 2, processes_after_s=1e-6) as workers:
        deadline = time.monotonic() + 60
        while isinstance(workers.place, ThreadPlace):
            assert time.monotonic() < deadline, "no process was ready in time"
            assert workers.map(added, ITEMS) == EXPECTED
            time.sleep(0.05)
        assert os.getpid() not in set(workers.map(where, ITEMS))


def test_one_worker_needs_no_process() -> None:
    with Workers(PAYLOAD, 1, processes_after_s=0) as workers:
        for _ in range(3):
            assert set(workers.map(where, [1, 2])) == {os.getpid()}


# ------------------------------------------------------------------------------------------------------- what can be wrong


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "127.0.0.1", "tcp://"])
def test_a_wrong_address_is_said(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "ANSWER_S", 0.5)
    with pytest.raises(InputError, match="no Dask cluster answers at"):
        check_cluster(address)


def test_somebody_else_at_the_address_is_said() -> None:
    def answer() -> None:
        with server.accept()[0] as connection:
            connection.send(b"HTTP/1.1 400 Bad Request")
            connection.recv(1 << 16)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(InputError, match="no Dask cluster answers at"):
            check_cluster(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        thread.join()


def test_a_cluster_without_workers_is_said() -> None:
    with started(0) as cluster, pytest.raises(InputError, match="has no workers"):
        check_cluster(cluster.scheduler_address)


def test_other_versions_at_the_workers_are_said(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    check_cluster(cluster.scheduler_address)
    monkeypatch.setattr(cluster_module, "__version__", "0.0.1")
    with pytest.raises(InputError, match=rf"rotations {__version__} instead of 0\.0\.1; install the same versions"):
        check_cluster(cluster.scheduler_address)


def test_workers_without_rotations_are_said(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    here, versions = os.getpid(), cluster_module.versions

    def not_there() -> dict[str, str]:
        if os.getpid() != here:
            raise ModuleNotFoundError("No module named 'scheduler'")
        return versions()

    monkeypatch.setattr(cluster_module, "versions", not_there)
    with pytest.raises(InputError, match=r"cannot load rotations .*; install it there with: pip install"):
        check_cluster(cluster.scheduler_address)


def test_the_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(cluster_module, "import_module", absent)
    with pytest.raises(InputError, match=r"--cluster needs the package distributed"):
        check_cluster("tcp://10.0.0.5:8786")
