"""Reading one file safely: ordinary, inside its folder, of bounded size, and in a known encoding.

Everything that goes wrong is an `InputError` with one sentence that names the file and the way out.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from scheduler.errors import InputError, Problem

#: Largest file that is read.
MAX_FILE_BYTES = 100_000_000
#: Most rows of one table, the header not counted.
MAX_ROWS = 1_000_000
#: Most columns of one table.
MAX_COLUMNS = 500

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "is a workbook or a zip archive, not text"),
    (b"\xd0\xcf\x11\xe0", "is an old or password-protected Office file, not text"),
    (b"%PDF", "is a PDF, not text"),
    (b"\x1f\x8b", "is a gzip archive, not text"),
)


def file_problem(name: str, message: str, code: str, *, row: int | None = None, suggestion: str = "") -> InputError:
    """An error about a whole file."""
    return InputError(Problem(message, file=name, row=row, code=code, suggestion=suggestion))


def read_bytes(path: Path, root: Path | None = None, most: int = MAX_FILE_BYTES) -> bytes:
    """The content of an ordinary file.

    Parameters
    ----------
    path
        The file.
    root
        Folder that a symbolic link must not lead out of; None: links are followed.
    most
        Most bytes that are read.

    Raises
    ------
    InputError
        If it is missing, a folder, a pipe or device, a link out of `root`, empty, too large, or not readable.
    """
    name = path.name or str(path)
    try:
        if root is not None and path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
            raise file_problem(
                name, "is a link to a place outside the folder", "outside", suggestion="put the file itself into the folder"
            )
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise file_problem(name, "is a folder, but a file is expected", "not_a_file")
        if not stat.S_ISREG(info.st_mode):
            raise file_problem(name, "is not an ordinary file", "not_a_file", suggestion="put an ordinary file in its place")
        if info.st_size > most:
            raise file_problem(
                name,
                f"is too large: {info.st_size / 1e6:,.0f} MB, at most {most / 1e6:,.0f} MB are read",
                "too_large",
                suggestion="split the planning horizon, or remove what is not needed",
            )
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except FileNotFoundError:
        raise file_problem(name, "there is no such file", "missing_file") from None
    except PermissionError:
        raise file_problem(name, "may not be read", "unreadable", suggestion="change its permissions") from None
    except (OSError, ValueError, RuntimeError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "the path is not valid"
        raise file_problem(name, f"cannot be read: {reason}", "unreadable") from None
    if len(data) > most:
        raise file_problem(name, "grew too large while it was read", "too_large")
    if not data:
        raise file_problem(name, "is empty", "empty", suggestion="fill it or delete it")
    return data


def decode(data: bytes, name: str) -> str:
    """The text of a UTF-8 file, with or without a byte order mark.

    Raises
    ------
    InputError
        If it is UTF-16, another encoding, binary, or contains control characters.
    """
    save = 'save it as "CSV UTF-8" (Excel) or in the encoding UTF-8'
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise file_problem(name, what, "binary")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:400].count(0) * 3 > min(len(data), 400):
        if _looks_like_utf16(data):
            raise file_problem(name, "is encoded in UTF-16, but UTF-8 is expected", "encoding", suggestion=save)
        raise file_problem(name, "is a binary file, not text", "binary")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        if b"\x00" in data or _CONTROL.search(data[:100_000].decode("latin-1")):
            raise file_problem(name, "is a binary file, not text", "binary") from None
        if error.reason == "unexpected end of data" and error.end >= len(data):
            raise file_problem(name, "ends in the middle of a character: it is cut off", "truncated", row=row) from None
        message = f"is not UTF-8 (byte 0x{data[error.start]:02X}); it looks like Windows-1252"
        raise file_problem(name, message, "encoding", row=row, suggestion=save) from None
    if match := _CONTROL.search(text):
        row = text.count("\n", 0, match.start()) + 1
        message = f"contains a control character (0x{ord(match[0]):02X})"
        raise file_problem(name, message, "binary", row=row, suggestion="remove it, or save the file as text again")
    if not text.strip():
        raise file_problem(name, "is empty", "empty", suggestion="fill it or delete it")
    return text


def _looks_like_utf16(data: bytes) -> bool:
    try:
        text = data[: len(data) // 2 * 2][:10_000].decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le")
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text)


def has_control_characters(text: str) -> bool:
    """Whether a text holds characters that no file of ours may hold."""
    return not text.isprintable() and _CONTROL.search(text) is not None
