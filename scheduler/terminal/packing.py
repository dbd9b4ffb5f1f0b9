"""What ``rotations export --packs`` does: a folder for every reader, and the index of all."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from scheduler.domain import Instance, Schedule
from scheduler.domain.wording import count
from scheduler.errors import InputError, Problem
from scheduler.terminal.failures import DONE, NOT_HELD, NOTHING
from scheduler.terminal.keys import Key
from scheduler.terminal.outcome import show_broken
from scheduler.terminal.progress import ProgressLine
from scheduler.terminal.screen import say, screen
from scheduler.terminal.stopping import Aborted, Stopper, work_beside
from scheduler.terminal.summary import Line, show_lines

if TYPE_CHECKING:
    from scheduler.export.packs import Packs
    from scheduler.export.readers import Reader
    from scheduler.words.locale import Locale

#: What packs are called among the exports to a folder.
KIND = "packs"
#: What is written sooner needs no progress line.
PATIENCE_S = 2.0


def write_packs(
    instance: Instance,
    schedule: Schedule,
    base: Path,
    only: Reader | None,
    key: Key | None,
    *,
    locale: Locale,
    as_json: bool,
) -> int:
    """Write the packs of all readers, or of one, below ``packs`` of a folder, and say what was written.

    Packs of earlier exports that nobody gets any more are removed, but for files that were changed since; where only one reader's
    is written, the others and the index stay as they are.

    Parameters
    ----------
    only
        Whose pack alone is written; None: everybody's.
    key
        Of pseudonyms; None: people keep ids and names.
    locale
        In whose language.

    Returns
    -------
    int
        The exit code; after Ctrl-C that of nothing done: each pack as a whole is new or as it was, and the index says so.

    Raises
    ------
    InputError
        If a file is in the way that is not ours; nothing is written then. If a folder cannot be written, it and those after it
        are as they were.
    """
    from scheduler.export.packs import Packs
    from scheduler.export.packs_page import INDEX

    folder = base / "packs"
    if only and only.kind == "student" and not instance.student_by_id[only.id].named:
        group = instance.student_by_id[only.id].group
        fix = f"its school has one{f', and the placements of group {group} are in it' if group else ''}"
        raise InputError(Problem(f"student {only.id!r} is not named yet, so has no pack", suggestion=fix, code="not_named"))
    with Stopper() as stopper, ProgressLine(screen(sys.stderr), after_s=PATIENCE_S) as line:

        def work() -> _Written:
            line.update("checking the schedule")
            packs = Packs(instance, schedule, only, key=key and key.secret, locale=locale)
            return _written(packs, folder, key is not None, stopper.requested, line.update)

        try:
            done = work_beside(work, lambda: line.tick(stopping=stopper.requested.is_set()))
        except Aborted:
            say(screen(sys.stderr), "Given up: some packs are new, others as they were. The same command writes them all.")
            return NOTHING
    packs, readers, removed = done.packs, done.packs.readers, done.removed
    if done.packs_written < len(readers):
        some = f"{done.packs_written:,} of {count(len(readers), 'pack')} are new, the others as they were"
        say(screen(sys.stderr), f"Stopped: {some}. The same command writes them all.", style="red")
        return NOTHING
    whole = packs.whole
    where = folder / (packs.folders[readers[0]] if only else INDEX)
    if as_json:
        broken = [{"rule": v.rule, "sentence": v.sentence} for v in whole.report.violations] if not only else []
        folders = [{"kind": r.kind, "id": r.id, "folder": str(folder / packs.folders[r])} for r in readers]
        of_key = {"key": {"file": str(key.file), "new": key.new}} if key else {}
        said = {"ok": whole.holds, "violations": broken, "packs": folders, "removed": [str(path) for path in removed], **of_key}
        click.echo(json.dumps(said, indent=2))
    else:
        show_lines(screen(), _lines(where, readers, removed, key))
        if not whole.holds:
            show_broken(whole.report.violations if not only else ())
    return DONE if whole.holds else NOT_HELD


@dataclass(frozen=True, slots=True)
class _Written:
    """How far the packs came before they were all written, or somebody stopped."""

    packs: Packs
    packs_written: int
    removed: list[Path]


def _written(packs: Packs, folder: Path, deidentified: bool, stop: Event, on_phase: Callable[[str], None]) -> _Written:
    """Write packs one after the other, and at the end the index."""
    from scheduler.export.packs_page import INDEX, PackFiles
    from scheduler.io import check_ours, exported_below, remove_export, write_export

    files, readers = PackFiles(packs), packs.readers
    for reader in readers:
        check_ours(folder / packs.folders[reader], files.names(reader))
    if not packs.only:
        check_ours(folder, [INDEX])
    with_calendar = []
    if not packs.only and len(readers) > 1:  # whoever finds what was stopped half-way shall know
        write_export(folder, KIND, {INDEX: files.index((), complete=False)}, deidentified=deidentified)
    for done, reader in enumerate(readers):
        if stop.is_set():
            return _Written(packs, done, [])
        pack = packs.pack(reader)
        write_export(folder / packs.folders[reader], KIND, files.files(pack), deidentified=deidentified)
        if pack.calendar:
            with_calendar.append(reader)
        on_phase(f"{done + 1:,} of {count(len(readers), 'pack')}")
    removed: list[Path] = []
    if not packs.only:
        current = {folder / packs.folders[reader] for reader in readers}
        removed = [old for old in exported_below(folder, KIND) if old not in current and remove_export(old, KIND)]
        write_export(folder, KIND, {INDEX: files.index(with_calendar)}, deidentified=deidentified)
    return _Written(packs, len(readers), removed)


def _lines(where: Path, readers: tuple[Reader, ...], removed: list[Path], key: Key | None) -> list[Line]:
    kinds = Counter(reader.kind for reader in readers)
    lines: list[Line] = [("Packs", str(where))]
    if len(readers) > 1:
        lines.append(("Readers", ", ".join(count(n, kind) for kind, n in kinds.items())))
    if removed:
        lines.append(("Removed", f"{count(len(removed), 'pack')} that nobody gets any more"))
    return [*lines, key.line] if key else lines
