"""What tests let workers do."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduler.pricing import Found
    from scheduler.solve.columns.spread import CanPrice, Job, Memory
    from scheduler.solve.neighbourhood.replicas import Improved, Replica
    from scheduler.solve.neighbourhood.replicas import Job as ReplicaJob


def added(payload: dict[str, int], item: int) -> int:
    return payload["add"] + item


def where(payload: object, item: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def added_or_killed(payload: dict[str, Any], item: int) -> int:
    """As `added`; the process that gets item 7 first does not survive it."""
    if item == 7 and os.getpid() != payload["here"]:
        mark = Path(payload["mark"])
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return int(payload["add"]) + item


def added_here_only(payload: dict[str, int], item: int) -> int:
    """As `added`, but no other process survives item 7."""
    if item == 7 and os.getpid() != payload["here"]:
        os.kill(os.getpid(), signal.SIGKILL)
    return payload["add"] + item


def late(payload: object, item: int) -> int:
    time.sleep(item)
    return item


def wrong(payload: object, item: int) -> int:
    return item // (item - 7)


def price_or_killed(mark: str, here: int, pricings: Mapping[int, CanPrice], job: Job) -> list[tuple[int, Found, Memory | None]]:
    """As `price`; the process that gets the block 7 first does not survive it."""
    if os.getpid() != here and any(b == 7 for b, _, _ in job.blocks) and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    from scheduler.solve.columns.spread import price  # other calls need not wait for the solver to load

    return price(pricings, job)


def improve_or_killed(mark: str, here: int, replica: Replica, job: ReplicaJob) -> Improved:
    """As `improve`; the first process that gets a call does not survive it."""
    from scheduler.solve.neighbourhood.replicas import improve

    if os.getpid() != here and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return improve(replica, job)
