"""Replacing a file, or a set of files in a folder all at once: a reader sees the old set or the new one, never half of either.

On Linux the complete new folder is built beside the old one and the two are exchanged in a single step (``renameat2`` with
``RENAME_EXCHANGE``). At every moment the folder holds one whole set.

Where folders cannot or must not be exchanged (other systems, a mount point, no right to write beside the folder, a file system
that does not know how; a folder that holds files of the user, or in which the program was started, and with it the user's
shell), the new files are first completed in a hidden folder inside, which is then renamed to ``.commit``. From that moment the
new set counts: `current_file` reads from ``.commit`` first, and the files are then moved to their places. A kill in between is
finished by the next writer.

Leftovers of a killed writer are removed by the next one. A writer holds a lock on its working folder, so that nobody
removes one that is still in use.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scheduler.io.files import file_problem

COMMIT = ".commit"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def publish(folder: Path, files: Mapping[str, bytes], owned: Collection[str]) -> None:
    """Replace the files of ours in a folder by `files`, as a set.

    Parameters
    ----------
    folder
        Created where it does not exist, with its parents.
    files
        Name to content.
    owned
        All names that are ours: those that are not in `files` are removed, everything else in the folder stays.

    Raises
    ------
    InputError
        If the folder is a file, or cannot be written (no right, full disk); the folder is then as it was.
    """
    try:
        target = folder.resolve()
        if target.exists() and not target.is_dir():
            raise file_problem(
                str(folder), "is a file, but a folder is expected", "not_a_folder", suggestion="name another folder"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        for name in owned:
            if (target / name).is_dir() and not (target / name).is_symlink():
                raise file_problem(
                    str(folder / name), "is a folder, but a file belongs here", "not_a_file", suggestion="move it away"
                )
        if (target / COMMIT).is_dir():
            _finish(target)
        if not target.exists():
            with _working_folder(target.parent, f".{target.name}.writing-") as new:
                _write_all(new, files)
                _open_to_others(new, None)
                new.rename(target)
                _sync_folder(target.parent)
        elif not _exchange_folders(target, files, owned):
            _commit_inside(target, files, owned)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        fix = (
            "free some space"
            if error.errno in (errno.ENOSPC, errno.EDQUOT)
            else "choose another folder or change its permissions"
        )
        raise file_problem(str(folder), f"cannot be written: {reason}; it is as it was", "unwritable", suggestion=fix) from None


def replace_file(path: Path, data: bytes) -> None:
    """Write one file, replacing an earlier one at once or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.writing-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            umask = os.umask(0)
            os.umask(umask)
            Path(temporary).chmod(0o666 & ~umask)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise file_problem(str(path), f"cannot be written: {os.strerror(error.errno or 0)}", "unwritable") from None


def current_file(folder: Path, name: str) -> Path | None:
    """Where the current version of one of our files is; None where there is none."""
    pending = folder / COMMIT / name
    if os.path.lexists(pending):
        return pending if pending.stat().st_size else None
    path = folder / name
    return path if os.path.lexists(path) else None


# -- exchange of whole folders --------------------------------------------------------------------------------------------


def _exchange_folders(target: Path, files: Mapping[str, bytes], owned: Collection[str]) -> bool:
    """Build the new folder beside the old one and exchange them; False where that is not possible here."""
    try:
        if not _only_ours(target, owned) or Path.cwd().is_relative_to(target):
            return False
        with _working_folder(target.parent, f".{target.name}.writing-") as new:
            _write_all(new, files)
            _open_to_others(new, target)
            if not exchange(new, target):
                return False
            _sync_folder(target.parent)
            # `new` is the old folder now; what the user put into it in the last moment moves along.
            for entry in sorted(new.iterdir()):
                if entry.name not in owned and not os.path.lexists(target / entry.name):
                    entry.rename(target / entry.name)
    except OSError:
        return False
    return True


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system cannot."""
    if sys.platform != "linux":
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    result: int = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return result == 0


def _only_ours(folder: Path, owned: Collection[str]) -> bool:
    """Whether a folder holds no file of the user: those are never moved or linked, only left where they are."""
    return all(entry.name in owned or entry.name.startswith(".writing-") for entry in folder.iterdir())


# -- commit inside the folder ---------------------------------------------------------------------------------------------


def _commit_inside(target: Path, files: Mapping[str, bytes], owned: Collection[str]) -> None:
    """Complete the new files inside the folder, declare them current by one rename, then move them to their places.

    An empty file stands for one that is to be removed.
    """
    removed = {name: b"" for name in owned if name not in files and os.path.lexists(target / name)}
    with _working_folder(target, ".writing-") as new:
        _write_all(new, {**files, **removed})
        new.rename(target / COMMIT)
        _sync_folder(target)
    _finish(target)


def _finish(target: Path) -> None:
    """Move committed files to their places; may be interrupted and repeated at any point."""
    commit = target / COMMIT
    for entry in sorted(commit.iterdir()):
        if entry.stat().st_size:
            entry.replace(target / entry.name)
        else:
            (target / entry.name).unlink(missing_ok=True)
            entry.unlink()
    _sync_folder(target)
    commit.rmdir()


# -- working folders ------------------------------------------------------------------------------------------------------


@contextmanager
def _working_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder that is removed at the end, whatever happens; leftovers of writers that were killed go first."""
    for leftover in parent.glob(f"{_escaped(prefix)}*"):
        with _lock(leftover) as free:
            if free:
                shutil.rmtree(leftover, ignore_errors=True)
    path = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
    try:
        with _lock(path):
            yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _lock(folder: Path) -> Iterator[bool]:
    """Hold the lock of a folder; False where another process has it. The system lets go when the holder dies."""
    try:
        import fcntl
    except ImportError:  # not on Windows: leftovers then stay, which harms nobody
        yield False
        return
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        yield False
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            free = True
        except OSError:
            free = False
        yield free
    finally:
        os.close(handle)


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        with (folder / name).open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    _sync_folder(folder)


def _open_to_others(folder: Path, like: Path | None) -> None:
    """A temporary folder is private; the finished one has the rights of the old one, or those of any new folder."""
    if like is not None:
        folder.chmod(like.stat().st_mode & 0o7777)
        return
    umask = os.umask(0)
    os.umask(umask)
    folder.chmod(0o777 & ~umask)


def _sync_folder(folder: Path) -> None:
    """Names become durable with their folder; not every system can do this, and none is worse off without."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def _escaped(prefix: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in prefix)
