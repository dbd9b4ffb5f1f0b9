"""Clusters on this machine."""

from __future__ import annotations

from typing import Any

from distributed import LocalCluster


def started(workers: int) -> Any:
    """A cluster of so many processes, each replaced when it dies."""
    return LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0")  # type: ignore[no-untyped-call]
