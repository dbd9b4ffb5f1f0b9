"""What came in, written down; and merging it into the files of an instance: one at a time, at once or not at all."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from scheduler.domain import Instance
from scheduler.domain.tables import Row
from scheduler.errors import InputError, Problem
from scheduler.intake.merging import Plan
from scheduler.intake.submission import Submission
from scheduler.io import read_instance, write_instance
from scheduler.io.csvtext import to_csv
from scheduler.io.files import read_bytes
from scheduler.io.intake_folder import intake_folder
from scheduler.io.loading import instance_problems
from scheduler.io.locked import locked
from scheduler.io.publish import current_file, publish, replace_file
from scheduler.io.rewriting import rewritten
from scheduler.io.tables import write_cells

LOG, BEFORE = "log.csv", "before"
#: So long a merge waits for another one.
WAIT_S = 10.0
#: How a cell begins that a spreadsheet would take for a formula, or that has a quote of its own; it is written with one before.
_QUOTED = ("=", "+", "-", "@", "'")


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the log; everything is text, as it is written.

    Attributes
    ----------
    when
        Moment in UTC, to the second.
    action
        ``checked`` or ``merged``.
    sender_kind, sender
        Whose file it was.
    by
        Who took it in.
    file, sha256, mapping
        What it was called, what was in it, and how it was read.
    errors, warnings
        How many were found in it.
    rows
        By table what was merged, e.g. ``students +3 ~1 -0; availability +2 ~0 -1``.
    before
        Number of the version that was kept; empty where nothing changed.
    """

    when: str
    action: str
    sender_kind: str
    sender: str
    by: str
    file: str
    sha256: str
    mapping: str
    errors: str
    warnings: str
    rows: str = ""
    before: str = ""


def line_of(submission: Submission, action: str, by: str, when: datetime, **more: str) -> Logged:
    """The line of the log for a submission."""
    return Logged(
        when=when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        action=action,
        sender_kind=submission.sender.kind,
        sender=submission.sender.id,
        by=by,
        file=submission.received.name,
        sha256=submission.received.sha256,
        mapping=submission.mapping,
        errors=str(submission.findings.count("error")),
        warnings=str(submission.findings.count("warning")),
        **more,
    )


def read_log(path: Path) -> list[Logged]:
    """The log of an instance, the oldest line first; lines that somebody has spoilt are left out."""
    file = intake_folder(path) / LOG
    if not file.exists():
        return []
    lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
    rows = [row for line in lines[1:] for row in _cells(line)]
    return [Logged(*(cell.removeprefix("'") for cell in row)) for row in rows if len(row) == len(fields(Logged))]


def _cells(line: str) -> list[list[str]]:
    try:
        return list(csv.reader([line], strict=True))
    except csv.Error:
        return []


def write_log(path: Path, line: Logged) -> None:
    """Append a line.

    Raises
    ------
    InputError
        If it cannot be written, or another command writes for too long.
    """
    with locked(intake_folder(path), WAIT_S):
        _append(path, line)


def _append(path: Path, line: Logged) -> None:
    file = intake_folder(path) / LOG
    # one line of the log is one line of the file, so that a spoilt one does not take others along
    texts = ["".join(c if c.isprintable() else " " for c in text) for text in asdict(line).values()]
    cells = [f"'{text}" if text.startswith(_QUOTED) else text for text in texts]
    before = file.read_bytes() if file.exists() else b""
    new = to_csv([field.name for field in fields(Logged)], [cells])
    if before:
        new = (b"" if before.endswith(b"\n") else b"\n") + new.partition(b"\n")[2]
    replace_file(file, before + new)


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge that was written: what it did, and the number of the version before it (0: nothing changed)."""

    plan: Plan
    before: int


def merge(path: Path, make: Callable[[Instance], tuple[Submission, Plan]], shown: Plan, by: str, when: datetime) -> Merged:
    """Write a plan that somebody has seen and agreed to.

    Under the lock the instance is read and the plan made again: if another file was merged in between and the plan is not the
    same any more, nothing is written.

    Parameters
    ----------
    make
        Makes submission and plan for an instance.
    shown
        The plan that was agreed to.

    Raises
    ------
    InputError
        If the plan has changed, would leave an instance with errors, or cannot be written. The instance is then as it was.
    """
    with locked(intake_folder(path), WAIT_S):
        instance = read_instance(path)
        submission, found = make(instance)
        if found.changes != shown.changes:
            fix = "run the command again and look at what it shows"
            raise InputError(
                Problem("the instance has changed meanwhile, and with it what would be merged", path.name, suggestion=fix)
            )
        if not found.changes:
            line = line_of(submission, "merged", by, when)
            own = [old for old in read_log(path) if (old.sender_kind, old.sender) == (line.sender_kind, line.sender)]
            if not own or (own[-1].action, own[-1].sha256) != (line.action, line.sha256):
                _append(path, line)
            return Merged(found, 0)
        refuse_errors(instance, found)
        number = _keep(path, instance, found)
        # the log comes last: a line that is there has been done
        if path.is_dir():
            tables = {f"{name}.csv": found.instance.rows(name) for name in found.tables}
            publish(path, {name: _csv(path, name, rows) for name, rows in tables.items() if rows}, owned=tables)
        else:
            write_instance(found.instance, path)
        _append(path, line_of(submission, "merged", by, when, rows=rows_text(found), before=str(number)))
    return Merged(found, number)


def refuse_errors(before: Instance, found: Plan) -> None:
    """Raise the errors that an instance would have after a merge and does not have now."""
    old = {(p.code, p.file, p.column, p.value, p.message) for p in instance_problems(before)}
    new = [p for p in instance_problems(found.instance) if p.severity == "error"]
    wrong = [p for p in new if (p.code, p.file, p.column, p.value, p.message) not in old]
    if wrong:
        raise InputError(wrong)


def rows_text(found: Plan) -> str:
    """By table how many rows are added, changed and removed."""
    parts = []
    for table in found.tables:
        verbs = [c.verb for c in found.changes if c.table == table]
        parts.append(f"{table} +{verbs.count('added')} ~{verbs.count('changed')} -{verbs.count('removed')}")
    return "; ".join(parts)


def _csv(folder: Path, name: str, rows: tuple[Row, ...]) -> bytes:
    """A table as its file has it, with other rows."""
    file = current_file(folder, name)
    return rewritten(read_bytes(file, folder), rows) if file else to_csv(*write_cells(type(rows[0]), rows))


def _keep(path: Path, instance: Instance, found: Plan) -> int:
    """Keep what is about to change: the tables as their files are, or the whole workbook."""
    folder = intake_folder(path) / BEFORE
    numbers = [int(entry.stem) for entry in folder.iterdir() if entry.stem.isdigit()] if folder.is_dir() else []
    number = max(numbers, default=0) + 1
    if not path.is_dir():
        replace_file(folder / f"{number}{path.suffix}", path.read_bytes())
        return number
    kept = {f"{name}.csv": current_file(path, f"{name}.csv") for name in found.tables}
    files = {name: read_bytes(file, path) for name, file in kept.items() if file}
    publish(folder / str(number), files or {"README": b"none of the changed tables was there\n"}, owned=())
    return number
