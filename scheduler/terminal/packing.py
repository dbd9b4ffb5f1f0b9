"""What ``rotations export --packs`` does: a folder for every reader, and the index of all."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.domain import Instance, Schedule
from scheduler.domain.wording import count
from scheduler.terminal.failures import DONE, NOT_HELD
from scheduler.terminal.keys import Key
from scheduler.terminal.outcome import show_broken
from scheduler.terminal.screen import screen
from scheduler.terminal.summary import Line, show_lines

if TYPE_CHECKING:
    from scheduler.export.readers import Reader
    from scheduler.words.locale import Locale

#: What packs are called among the exports to a folder.
KIND = "packs"


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

    Raises
    ------
    InputError
        If a file is in the way that is not ours; nothing is written then. If a folder cannot be written, it and those after it
        are as they were.
    """
    from scheduler.export.packs import Packs
    from scheduler.export.packs_page import INDEX, PackFiles
    from scheduler.io import check_ours, exported_below, remove_export, write_export

    packs = Packs(instance, schedule, only, key=key and key.secret, locale=locale)
    files = PackFiles(packs)
    folder = base / "packs"
    readers = packs.readers
    for reader in readers:
        check_ours(folder / packs.folders[reader], files.names(reader))
    if not only:
        check_ours(folder, [INDEX])
    with_calendar = []
    for reader in readers:
        pack = packs.pack(reader)
        write_export(folder / packs.folders[reader], KIND, files.files(pack), deidentified=key is not None)
        if pack.calendar:
            with_calendar.append(reader)
    removed: list[Path] = []
    if not only:
        current = {folder / packs.folders[reader] for reader in readers}
        removed = [old for old in exported_below(folder, KIND) if old not in current and remove_export(old, KIND)]
        write_export(folder, KIND, {INDEX: files.index(with_calendar)}, deidentified=key is not None)
    whole = packs.whole
    where = folder / packs.folders[readers[0]] if only else folder / INDEX
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


def _lines(where: Path, readers: tuple[Reader, ...], removed: list[Path], key: Key | None) -> list[Line]:
    kinds = Counter(reader.kind for reader in readers)
    lines: list[Line] = [("Packs", str(where))]
    if len(readers) > 1:
        lines.append(("Readers", ", ".join(count(n, kind) for kind, n in kinds.items())))
    if removed:
        lines.append(("Removed", f"{count(len(removed), 'pack')} that nobody gets any more"))
    return [*lines, key.line] if key else lines
