"""Which key pseudonyms are made of: the one that is named, else the user's own, which is made once."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import click

from scheduler.errors import InputError, Problem
from scheduler.terminal.summary import Line

# What reads files is imported when it is needed: it takes seconds to load, and --help should not wait.

KEY_FILE = "deidentify.key"
_OWN = "put the key back as it was, name another with --key, or move this file away: a new key is made, with other pseudonyms"


class Key(NamedTuple):
    """A key, the file that it is in, and whether it was made just now."""

    secret: bytes
    file: Path
    new: bool

    @property
    def line(self) -> Line:
        """Where it is and what to do with it."""
        if self.new:
            return "Key", f"{self.file} (new; keep it, and to yourself: it gives the same pseudonyms again, and tells who is who)"
        return "Key", f"{self.file} (keep it to yourself: it tells who is who)"


def default_key() -> Path:
    """Where the user's own key is: in the folder of the user's settings, away from all instances and solutions."""
    path = Path(click.get_app_dir("rotations")) / KEY_FILE
    if not path.is_absolute():  # a user without a home
        raise InputError(Problem("there is no place for a key of your own here", suggestion="name a key file with --key"))
    return path


def pseudonym_key(given: Path | None, solution: Path, instance: Path | None, out: Path) -> Key:
    """The key of pseudonyms; the user's own is made where there is none yet.

    Parameters
    ----------
    given
        The file that the user named; None: the user's own key.
    solution, instance, out
        Where data is read and written: a key must not lie there.

    Raises
    ------
    InputError
        If the key lies there, cannot be read or made, or is none.
    """
    from scheduler.io import check_key_apart, make_key, read_key

    path = given or default_key()
    folders = {"the folder that is exported to": out}
    if solution.is_dir() or (solution.parent / "solution.json").exists():
        folders["the solution's folder"] = solution if solution.is_dir() else solution.parent
    if instance is not None and instance.is_dir():
        folders["the instance's folder"] = instance
    check_key_apart(path, folders)
    if given is not None:
        return Key(read_key(given), given, new=False)
    if path.exists():
        return Key(read_key(path, _OWN), path, new=False)
    return Key(make_key(path), path, new=True)
