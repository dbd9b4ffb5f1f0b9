"""One file that somebody sent: what kind it is, whether it is safe, and its sheets.

Workbooks are opened by a process of their own with little memory and time: whatever a file does to the reader of spreadsheets,
the command goes on and says so.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

from scheduler.errors import InputError
from scheduler.intake.compound import SIGNATURE
from scheduler.intake.findings import Finding, Refused
from scheduler.intake.grid import Received
from scheduler.intake.limits import MOST_BYTES
from scheduler.io.files import read_bytes

#: What the process that opens a workbook may use.
MOST_MEMORY_BYTES = 1_000_000_000
MOST_SECONDS = 9

_BOOKS = (b"PK\x03\x04", b"PK\x05\x06", SIGNATURE)
#: Problems of files that cannot be read at all, in the words of intake.
_CODES = {
    "missing_file": "no_file",
    "not_a_file": "not_a_file",
    "outside": "link",
    "too_large": "too_large",
    "empty": "empty_file",
}
#: All that an answer of the other process is made of.
_PLAIN = frozenset(
    [
        ("scheduler.intake.findings", "Finding"),
        *(("scheduler.intake.grid", name) for name in ("Received", "Grid", "Area")),
        *(("datetime", name) for name in ("date", "datetime", "time", "timedelta")),
    ]
)


def open_received(path: Path) -> Received:
    """Open a file; it is neither changed nor unpacked to disk, and nothing in it is calculated or run.

    Raises
    ------
    Refused
        For what is missing, no table, not safe or too large.
    """
    try:
        data = read_bytes(path, root=path.parent, most=MOST_BYTES)
    except InputError as error:
        code = _CODES.get(error.problems[0].code, "unreadable")
        raise Refused(Finding(code, said={"most": MOST_BYTES // 1_000_000})) from None
    return _guarded(path.name, data) if data.startswith(_BOOKS) else open_data(path.name, data)


def open_data(name: str, data: bytes) -> Received:
    """Open what a file holds, in this process: for tests, and for those who guard it themselves.

    Raises
    ------
    Refused
        As `open_received`.
    """
    from scheduler.intake.books import open_book
    from scheduler.intake.text_files import open_text

    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refused(Finding("empty_file"))
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(_BOOKS):
        kind, grids = open_book(data)
        return Received(name, kind, digest, grids)
    grid, how = open_text(data)
    return Received(name, "csv", digest, (grid,), how)


def _guarded(name: str, data: bytes) -> Received:
    """Open a workbook in a process of its own.

    That process finds modules where this one does and nowhere else (``-P``): the folder in which a command runs may be the one
    with the files that were sent, and what lies there must never be taken for a module.
    """
    command = [sys.executable, "-P", "-m", "scheduler.intake.opening", name]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(str(Path(folder).absolute()) for folder in sys.path if folder)}
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MOST_SECONDS, env=environment, check=False)
    except subprocess.TimeoutExpired:
        raise Refused(Finding("too_costly")) from None
    try:
        answer = _Answer(io.BytesIO(done.stdout)).load() if done.returncode == 0 else Finding("too_costly")
    except (pickle.UnpicklingError, EOFError):
        answer = Finding("damaged")
    if isinstance(answer, Finding):
        raise Refused(answer)
    assert isinstance(answer, Received)
    return answer


class _Answer(pickle.Unpickler):
    """Takes plain values only."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _PLAIN:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return super().find_class(module, name)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on Windows: there the checks before reading are what there is
        return
    for kind, most in ((resource.RLIMIT_AS, MOST_MEMORY_BYTES), (resource.RLIMIT_CPU, MOST_SECONDS), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(kind, (most, most))


def _main(name: str) -> None:
    data = sys.stdin.buffer.read()
    _limit()
    answer: Received | Finding
    try:
        answer = open_data(name, data)
    except Refused as refused:
        answer = refused.finding
    except MemoryError:
        answer = Finding("too_costly")
    pickle.dump(answer, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main(sys.argv[1])
