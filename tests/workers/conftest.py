"""What tests of workers share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dask.config
import pytest

from tests.workers.clusters import started


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    """A cluster of two processes."""
    quickly = {"distributed.comm.timeouts.connect": "2s"}  # how long a dead worker is tried
    with dask.config.set(quickly), started(2) as found:
        yield found
