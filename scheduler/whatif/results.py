"""A folder of results: a solution with its instance for each alternative, kept as soon as it is there and found again later."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scheduler.domain import Instance, Schedule, Status
from scheduler.errors import InputError, Problem
from scheduler.export.plain import csv_file
from scheduler.io import instance_hash, load_solution, read_unchanged, write_instance, write_solution
from scheduler.io.publish import current_file, replace_file
from scheduler.solve import Settings
from scheduler.whatif.alternatives import Alternative, Outcome, outcome
from scheduler.whatif.comparison import COMPARISON_CSV, COMPARISON_JSON, data, table
from scheduler.whatif.picture import PICTURE, sweep_picture

#: In the folder of an alternative: what it was solved for. It says that the folder is ours, and when it may be used again.
NOTE = "whatif.json"
INSTANCE = "instance"
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Results:
    """Where results are kept; without a folder nothing is."""

    folder: Path | None
    settings: Settings

    def of(self, name: str) -> Path:
        """The folder of an alternative."""
        assert self.folder is not None
        return self.folder / folder_name(name)

    def read(self, wanted: Alternative) -> Outcome | None:
        """What an earlier run has found for the same instance and effort; None where it has to be solved."""
        if self.folder is None:
            return None
        folder = self.of(wanted.name)
        note = _note(folder)
        if note.get("solved_for") != self._key(wanted.instance):
            return None
        if note.get("status") == Status.INFEASIBLE:
            return outcome(wanted, Schedule(status=Status.INFEASIBLE))
        try:
            if read_unchanged(folder) is None:
                return None
            schedule, _ = load_solution(folder, wanted.instance)
        except InputError:
            return None
        if schedule is None or schedule.status not in (Status.OPTIMAL, Status.FEASIBLE):
            return None
        return outcome(wanted, schedule)

    def check(self, names: list[str]) -> None:
        """Refuse to write over what is not ours; raises `InputError`."""
        if self.folder is None:
            return
        for name in names:
            folder = self.of(name)
            if folder.exists() and not folder.is_dir():
                raise InputError(
                    Problem("is a file, and an alternative's folder belongs there", str(folder), code="not_a_folder")
                )
            if folder.is_dir() and any(folder.iterdir()) and not (folder / NOTE).is_file():
                wrong = "is not empty and was not written by whatif, so it was left alone"
                raise InputError(Problem(wrong, str(folder), code="not_ours", suggestion="name another folder with --out"))

    def write(self, found: Outcome) -> None:
        """Keep an outcome: its instance, its solution if there is one, and last what it was solved for."""
        if self.folder is None:
            return
        wanted, folder = found.alternative, self.of(found.alternative.name)
        note: dict[str, Any] = {
            "name": wanted.name,
            "changes": list(wanted.changes),
            "status": found.schedule.status.value,
            "solved_for": self._key(wanted.instance) if found.complete else "",
        }
        empty = {**note, "solved_for": ""}
        replace_file(folder / NOTE, _json(empty))  # until all is there, it is nothing to go by
        write_instance(wanted.instance, folder / INSTANCE)
        if found.solved:
            write_solution(found.schedule, wanted.instance, folder, source=folder / INSTANCE)
        replace_file(folder / NOTE, _json(note))

    def _key(self, instance: Instance) -> str:
        s = self.settings
        effort = [instance_hash(instance), s.time_limit_s, s.gap, s.strategy, s.seed]
        return hashlib.sha256(json.dumps(effort).encode()).hexdigest()


def write_comparison(folder: Path, base: Outcome, found: Sequence[Outcome], sweep: str = "") -> None:
    """Write the comparison of outcomes, and a picture where they are those of a sweep."""
    outcomes = [base, *found]
    replace_file(folder / COMPARISON_CSV, csv_file(table(outcomes)))
    replace_file(folder / COMPARISON_JSON, (json.dumps(data(outcomes), indent=2, ensure_ascii=False) + "\n").encode())
    if sweep:
        replace_file(folder / PICTURE, sweep_picture(sweep, base, found).encode())


def folder_name(name: str) -> str:
    """A name as that of a folder; names that had to be changed for it end with a few digits that tell them apart."""
    plain = re.sub(r"[^\w.=+-]+", "-", name).strip(".-")[:LONGEST_NAME]
    return plain if plain == name else f"{plain or 'alternative'}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def _note(folder: Path) -> dict[str, Any]:
    path = current_file(folder, NOTE)
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _json(data: dict[str, Any]) -> bytes:
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()
