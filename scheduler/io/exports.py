"""Writing what was exported: a folder's files as a set, without touching what is not ours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from scheduler.io.files import file_problem
from scheduler.io.publish import current_file, publish

#: What earlier exports have written to a folder: by format the names, with the SHA-256 of the content; and whether people
#: have pseudonyms there instead of names.
LEDGER = ".exported.json"

#: Where below a folder exports to it lie.
_PLACES = ("*", "for/*", "for/*/*", "packs/*/*")


def write_export(folder: str | Path, kind: str, files: Mapping[str, bytes], *, deidentified: bool = False) -> None:
    """Replace what an earlier export of this kind has written to a folder by `files`, as a set.

    What the earlier one has written and this one has not is removed, unless it was changed since. All other files stay.

    Raises
    ------
    InputError
        If `check_ours` refuses a file, or the folder cannot be written; nothing is changed then.
    """
    folder = Path(folder)
    check_ours(folder, files)
    _, ledger = _read(folder)
    earlier = ledger.get(kind, {})
    stale = [name for name, digest in earlier.items() if name not in files and _digest(folder / name) == digest]
    ledger[kind] = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    content = json.dumps({"deidentified": deidentified, "files": ledger}, indent=1, sort_keys=True) + "\n"
    publish(folder, {**files, LEDGER: content.encode()}, owned={*files, *stale, LEDGER})


def remove_export(folder: str | Path, kind: str) -> bool:
    """Remove what an earlier export of this kind has written to a folder, and the folder, if nothing else is in it.

    Files that were changed since stay, and so does everything that no export wrote.

    Returns
    -------
    bool
        Whether anything was removed.
    """
    folder = Path(folder)
    hidden, ledger = _read(folder)
    if kind not in ledger:
        return False
    there = sum(1 for _ in folder.iterdir())
    write_export(folder, kind, {}, deidentified=hidden)
    left = list(folder.iterdir())
    if [path.name for path in left] == [LEDGER] and not any(_read(folder)[1].values()):
        left.pop().unlink()
        folder.rmdir()
    return len(left) < there


def exported_below(folder: str | Path, kind: str) -> list[Path]:
    """The folders two levels below one, like ``unit/4B``, into which an export of this kind has written."""
    found = sorted(path.parent for path in Path(folder).glob(f"*/*/{LEDGER}"))
    return [place for place in found if kind in _read(place)[1]]


def check_ours(folder: str | Path, names: Iterable[str]) -> None:
    """Refuse to replace what somebody else has made or changed.

    Raises
    ------
    InputError
        If a file is there that no export has written, or that was changed since: somebody may have taken notes in a workbook.
    """
    folder = Path(folder)
    _, ledger = _read(folder)
    written = {name: digest for of_kind in ledger.values() for name, digest in of_kind.items()}
    for name in names:
        path = current_file(folder, name)
        if path and _digest(path) != written.get(name):
            how = "was changed since it was exported" if name in written else "is there and was not written by an export"
            raise file_problem(
                str(folder / name),
                f"{how}, so it was left alone",
                "not_ours",
                suggestion="move it away, or name another folder with --out",
            )


def check_not_mixed(folder: str | Path, deidentified: bool) -> None:
    """Refuse a folder where it would no longer be clear whether files say who people are.

    Raises
    ------
    InputError
        If an earlier export to the folder, or the schedule itself, is of the other sort.
    """
    folder = Path(folder)
    named = deidentified and (folder / "schedule.csv").exists()
    for place in (folder, *(path.parent for p in _PLACES for path in folder.glob(f"{p}/{LEDGER}"))):
        hidden, ledger = _read(place)
        if ledger and place.name != "deidentified" and hidden != deidentified:
            named = True
    if named:
        what = "already holds files that say who people are" if deidentified else "holds an export without names, which would mix"
        raise file_problem(str(folder), what, "mixed", suggestion="name another folder with --out")


def _read(folder: Path) -> tuple[bool, dict[str, dict[str, str]]]:
    """Whether people have pseudonyms in a folder, and its ledger; what is not readable as one counts as none."""
    path = current_file(folder, LEDGER)
    try:
        found = json.loads(path.read_bytes()) if path else {"files": {}}
        files = {
            str(kind): {name: str(digest) for name, digest in names.items() if Path(name).name == name}
            for kind, names in found["files"].items()
        }
        return bool(found.get("deidentified")), files
    except (OSError, ValueError, AttributeError, TypeError, KeyError):
        return False, {}


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
