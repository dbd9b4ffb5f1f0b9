"""One writer at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from scheduler.errors import InputError, Problem

LOCK = ".lock"
#: So long one waits for another writer, who needs a moment.
SECONDS = 60.0


@contextmanager
def locked(folder: Path, seconds: float = SECONDS) -> Iterator[None]:
    """Hold the lock of a folder, which is made where it does not exist; the system lets go when the holder dies.

    Raises
    ------
    InputError
        If another process keeps it for too long, or nothing may be written here.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK, timeout=seconds)
        lock.acquire()
    except Timeout:
        problem = Problem("another command is writing here", str(folder), code="locked", suggestion="try again when it is done")
        raise InputError(problem) from None
    except OSError as error:
        said = error.strerror or str(error)
        raise InputError(Problem(f"cannot be written: {said}", str(folder), code="unwritable")) from None
    try:
        yield
    finally:
        lock.release()
