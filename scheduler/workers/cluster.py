"""A Dask cluster that is already running: workers on other machines."""

from __future__ import annotations

import asyncio
import gc
import platform
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from typing import Any, TypeVar

from scheduler import __version__
from scheduler.errors import InputError

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Seconds within which a cluster must answer.
ANSWER_S = 5.0
#: Packages that workers must have in the same version: what they do, and what they send, depends on them.
SAME = ("cloudpickle", "distributed", "numba", "numpy", "ortools", "pydantic")


class ClusterPlace:
    """The workers of a Dask cluster (see `scheduler.workers.workers.Place`).

    Raises
    ------
    InputError
        If ``distributed`` is not installed, nobody answers at the address, or the workers have other versions.
    """

    def __init__(self, address: str, payload: Any) -> None:
        self.payload = payload
        self._distributed = _installed()
        self._client = self._connected(address)
        try:
            self.size = self._workers(address)
            self.lost: tuple[type[BaseException], ...] = (
                CancelledError,
                asyncio.CancelledError,
                OSError,
                self._distributed.KilledWorker,
            )
            self._send()
        except BaseException:
            self.close()
            raise

    def _connected(self, address: str) -> Any:
        try:
            return self._distributed.Client(address, timeout=ANSWER_S, set_as_default=False, name="rotations")
        except Exception:  # nobody there, no address, or somebody who speaks something else
            pass
        gc.collect()  # the client that did not come to be: left to itself, it could block the next one while that starts
        raise InputError(
            f"no Dask cluster answers at {address!r}; give the address that `dask scheduler` prints when it starts, "
            "such as tcp://10.0.0.5:8786"
        )

    def _workers(self, address: str) -> int:
        """How many calls the workers do at once, if they have what they need."""
        threads = self._client.nthreads()
        if not threads:
            raise InputError(f"the cluster at {address} has no workers; start some with: dask worker {address}")
        here = versions()
        for worker, there in self._client.run(versions, on_error="return").items():
            if isinstance(there, BaseException):
                raise InputError(
                    f"the worker at {worker} cannot load rotations {__version__}; install it there with: "
                    f"pip install 'clinical-rotation-scheduler[cluster]=={__version__}'"
                ) from there
            other = [f"{name} {there.get(name)} instead of {here[name]}" for name in here if there.get(name) != here[name]]
            if other:
                raise InputError(f"the worker at {worker} has {', '.join(other)}; install the same versions there as here")
        return sum(threads.values())

    def submit(self, call: Callable[[Any, Item], Result], item: Item) -> Future[Result]:
        future: Future[Result] = self._executor.submit(call, self._sent, item)
        return future

    def alive(self) -> bool:
        try:
            return bool(self._client.nthreads())
        except (OSError, RuntimeError):
            return False

    def renew(self) -> None:
        """Send the payload once more; where that fails for whatever reason, the cluster is gone."""
        try:
            self._send()
        except Exception as error:
            raise ConnectionError("the cluster is gone") from error

    def _send(self) -> None:
        """Send the payload to all workers there are now; one that comes later gets it from another."""
        self._executor = self._client.get_executor(pure=False)
        self._sent = self._client.scatter([self.payload], broadcast=True, hash=False)[0]

    def close(self) -> None:
        with suppress(OSError):
            self._client.close()


def check_cluster(address: str) -> None:
    """Raise an `InputError` unless a cluster with workers like this process answers at the address."""
    ClusterPlace(address, None).close()


def versions() -> dict[str, str]:
    """What must be the same here and at the workers."""
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        "rotations": __version__,
        **{name: version(name) for name in SAME},
    }


def _installed() -> Any:
    try:
        return import_module("distributed")
    except ImportError as error:
        raise InputError(
            "--cluster needs the package distributed; install it with: pip install 'clinical-rotation-scheduler[cluster]'"
        ) from error
