"""One file that somebody sent: what kind it is, whether it is safe, and its sheets.

Workbooks are opened by a process of their own with little memory and time: whatever a file does to the reader of spreadsheets,
the command goes on and says so.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import stat
import subprocess
import sys
from pathlib import Path

from scheduler.intake.findings import Finding, Refused
from scheduler.intake.grid import Received

#: Largest file that is read.
MOST_BYTES = 50_000_000
#: What the process that opens a workbook may use.
MOST_MEMORY_BYTES = 1_000_000_000
MOST_SECONDS = 9


def open_received(path: Path) -> Received:
    """Open a file.

    Raises
    ------
    Refused
        For what is missing, no table, not safe or too large.
    """
    data = _bytes_of(path)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _guarded(path.name, data)
    return open_data(path.name, data)


def open_data(name: str, data: bytes) -> Received:
    """Open what a file holds, in this process: for tests, and for those who guard it themselves.

    Raises
    ------
    Refused
        As `open_received`.
    """
    from scheduler.intake.books import open_book
    from scheduler.intake.text_files import open_text

    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise Refused(Finding("empty_file"))
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        kind, grids = open_book(data)
        return Received(name, kind, digest, grids)
    grid, how = open_text(data)
    return Received(name, "csv", digest, (grid,), how)


def _bytes_of(path: Path) -> bytes:
    try:
        info = path.stat()
        if not stat.S_ISREG(info.st_mode):
            raise Refused(Finding("not_a_file"))
        if info.st_size > MOST_BYTES:
            raise Refused(Finding("too_large", said={"megabytes": info.st_size // 1_000_000, "most": MOST_BYTES // 1_000_000}))
        data = path.read_bytes()
    except FileNotFoundError:
        raise Refused(Finding("no_file")) from None
    except (OSError, ValueError):
        raise Refused(Finding("unreadable")) from None
    return data


def _guarded(name: str, data: bytes) -> Received:
    """Open a workbook in a process of its own."""
    command = [sys.executable, "-m", "scheduler.intake.opening", name]
    root = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=MOST_SECONDS, env={**os.environ, "PYTHONPATH": paths}, check=False
        )
    except subprocess.TimeoutExpired:
        raise Refused(Finding("too_costly")) from None
    if done.returncode:
        raise Refused(Finding("too_costly"))
    answer = pickle.loads(done.stdout)  # written by our own process from plain values
    if isinstance(answer, Finding):
        raise Refused(answer)
    assert isinstance(answer, Received)
    return answer


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on Windows: there the checks before reading are what there is
        return
    for kind, most in ((resource.RLIMIT_AS, MOST_MEMORY_BYTES), (resource.RLIMIT_CPU, MOST_SECONDS)):
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
    sys.stdout.buffer.write(pickle.dumps(answer))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main(sys.argv[1])
