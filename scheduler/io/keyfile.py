"""The key of pseudonyms: a small file with secret bytes, read or made."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from scheduler.errors import InputError
from scheduler.io.files import file_problem

#: Fewer bytes could be found by trying.
LEAST_BYTES = 16
#: Of a key that is made.
NEW_BYTES = 32
MOST_BYTES = 4096
#: Any 16 random bytes have at least so many different ones.
_LEAST_DIFFERENT = 6
ANOTHER = "name another file with --key, or leave --key out and one is made"


def read_key(path: Path, fix: str = ANOTHER) -> bytes:
    """The key in a file: hex digits, or the bytes themselves.

    Line ends and spaces around a text are no part of the key.

    Parameters
    ----------
    fix
        What to do where it cannot be used.

    Raises
    ------
    InputError
        If there is no such file, it cannot be read, or what is in it is too short, too long, or not random.
    """

    def refused(message: str) -> InputError:
        return file_problem(str(path), message, "key", suggestion=fix)

    try:
        with path.open("rb") as stream:
            found = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise refused("there is no such key file") from None
    except OSError as error:
        raise refused(f"the key cannot be read ({error.strerror or error})") from None
    if len(found) > MOST_BYTES:
        raise refused(f"is no key: a key has at most {MOST_BYTES} bytes")
    text = found.removeprefix(b"\xef\xbb\xbf").strip()
    with suppress(UnicodeDecodeError):
        if text.decode().isprintable():
            found = text
    if re.fullmatch(rb"[0-9a-fA-F]+", found):
        if len(found) < 2 * LEAST_BYTES:
            raise refused(f"the key is too short: {len(found)} hex digits, and at least {2 * LEAST_BYTES} are needed")
        if len(found) % 2:
            raise refused(f"the key has an odd number of hex digits ({len(found)}), so one is missing")
        found = bytes.fromhex(found.decode())
    if len(found) < LEAST_BYTES:
        raise refused(f"the key is too short: {len(found)} bytes, and at least {LEAST_BYTES} are needed")
    if len(set(found)) < _LEAST_DIFFERENT:
        raise refused("the key repeats itself: anybody could guess it")
    return found


def make_key(path: Path) -> bytes:
    """Write a new random key, for the user's eyes only, and return it; where another run was faster, its key.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    key = secrets.token_bytes(NEW_BYTES)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent)  # with mode 0600
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(key.hex().encode() + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
            try:
                os.link(name, path)  # all at once, and never over another key
            except FileExistsError:
                return read_key(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        what = f"no key can be made there ({error.strerror or error})"
        raise file_problem(str(path), what, "key", suggestion="name a key file with --key") from None
    return key


def check_key_apart(path: Path, folders: dict[str, Path]) -> None:
    """Refuse a key that would travel with the data.

    Parameters
    ----------
    folders
        Where data is, by what is said of it.

    Raises
    ------
    InputError
        If the file lies inside of one of the folders, also by a link.
    """
    places = (path.resolve(), path.parent.resolve() / path.name)  # a link in a folder is followed by whoever copies it
    for what, folder in folders.items():
        if any(place.is_relative_to(folder.resolve()) for place in places):
            raise file_problem(
                str(path),
                f"the key lies inside of {what}, {folder}: whoever gets the data would get the key with it",
                "key",
                suggestion="keep the key in another folder, and name it with --key",
            )
