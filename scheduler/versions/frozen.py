"""Published versions of a schedule: numbered folders that are never changed again."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from scheduler.domain import GONE, Instance, Placement, Schedule
from scheduler.errors import InputError, Problem
from scheduler.io import instance_hash, load_solution
from scheduler.io.against import BASELINE, PINS
from scheduler.io.files import decode, read_bytes
from scheduler.io.locked import locked
from scheduler.io.publish import current_file, publish
from scheduler.io.solution import PLACEMENTS, SUMMARY, UNPLACED

FOLDER, VERSION = "published", "version.json"
#: What of a solution is kept of it.
KEPT = (PLACEMENTS, UNPLACED, SUMMARY, BASELINE, PINS)


@dataclass(frozen=True, slots=True)
class Version:
    """A published version.

    Attributes
    ----------
    number
        From 1.
    made
        When it was published: UTC, to the second.
    final
        Whether everybody had agreed.
    note
        As the coordinator wrote it.
    schedule_sha256
        Of its ``schedule.csv``.
    instance_hash
        Of the instance as it was then.
    statuses
        How many placements have which status.
    """

    number: int
    made: str
    final: bool
    note: str
    schedule_sha256: str
    instance_hash: str
    statuses: Mapping[str, int] = field(default_factory=dict)


def versions_of(solution: str | Path) -> tuple[Version, ...]:
    """The published versions of a solution folder, oldest first.

    Raises
    ------
    InputError
        If one of them cannot be read.
    """
    base = Path(solution) / FOLDER
    numbers = sorted(int(p.name) for p in base.iterdir() if p.is_dir() and p.name.isdigit()) if base.is_dir() else []
    return tuple(_read(base / str(n)) for n in numbers)


def version_folder(solution: str | Path, number: int) -> Path:
    """Where a version is."""
    return Path(solution) / FOLDER / str(number)


def snapshot(solution: Path, instance: Instance) -> tuple[dict[str, bytes], Schedule, list[Problem]]:
    """The files of a solution that a version keeps, and the schedule that they are.

    Raises
    ------
    InputError
        If they cannot be read, or somebody is writing them.
    """
    before = _files(solution)
    schedule, problems = load_solution(solution, instance)
    if schedule is None:
        raise InputError(problems)
    if _files(solution) != before:
        raise InputError(Problem("is being written", str(solution), code="busy", suggestion="try again when that is done"))
    return before, schedule, problems


def freeze(
    solution: Path,
    files: Mapping[str, bytes],
    schedule: Schedule,
    instance: Instance,
    when: datetime,
    *,
    final: bool = False,
    note: str = "",
) -> tuple[Version, bool]:
    """Publish the files of a solution (from `snapshot`) as its next version.

    The folder of a version appears at once, complete; of two processes one waits for the other.

    Returns
    -------
    version, is_new
        The version before, where it is the same schedule already (and final, where `final` is asked for).

    Raises
    ------
    InputError
        If it cannot be written.
    """
    digest = hashlib.sha256(files[PLACEMENTS]).hexdigest()
    with locked(solution / FOLDER):
        earlier = versions_of(solution)
        if earlier and earlier[-1].schedule_sha256 == digest and (earlier[-1].final or not final):
            return earlier[-1], False
        version = Version(
            number=earlier[-1].number + 1 if earlier else 1,
            made=when.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z"),
            final=final,
            note=note,
            schedule_sha256=digest,
            instance_hash=instance_hash(instance),
            statuses=dict(sorted(Counter(p.status for p in schedule.placements).items())),
        )
        folder = version_folder(solution, version.number)
        written = {**files, VERSION: (json.dumps(asdict(version), indent=2, ensure_ascii=False) + "\n").encode()}
        if SUMMARY in files:
            written[SUMMARY] = _moved(files[SUMMARY])
        publish(folder, written, owned=())
    return version, True


def missing_answers(placements: Iterable[Placement]) -> dict[tuple[str, str], tuple[Placement, ...]]:
    """By partner (``school`` or ``unit``, and id): placements to which it has not yet said yes."""
    found: dict[tuple[str, str], list[Placement]] = defaultdict(list)
    for p in placements:
        if p.status in (*GONE, "confirmed"):
            continue
        if p.status != "accepted by school":
            found["school", p.school].append(p)
        if p.status != "accepted by site":
            found["unit", p.unit].append(p)
    return {key: tuple(rows) for key, rows in sorted(found.items())}


def _files(solution: Path) -> dict[str, bytes]:
    """What there is of the files that a version keeps."""
    found = {name: current_file(solution, name) for name in KEPT}
    return {name: read_bytes(path, path.parent.resolve()) for name, path in found.items() if path is not None}


def _moved(summary: bytes) -> bytes:
    """A ``solution.json`` as it is two folders deeper: the way to the instance is longer."""
    said = json.loads(decode(summary, SUMMARY))
    path = said.get("instance_path")
    if isinstance(path, str) and path and not (PurePosixPath(path).is_absolute() or path[1:2] == ":"):
        said["instance_path"] = f"../../{path}"
    return (json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode()


def _read(folder: Path) -> Version:
    name = f"{folder.parent.name}/{folder.name}/{VERSION}"
    path = current_file(folder, VERSION)
    try:
        if path is None:
            raise ValueError("is missing")
        said = json.loads(decode(read_bytes(path, folder.resolve()), name))
        return Version(**{key: said[key] for key in Version.__slots__})
    except (ValueError, KeyError, TypeError):
        message = "is missing or was changed; a published version is never changed"
        raise InputError(Problem(message, name, code="version", suggestion="restore the file")) from None
