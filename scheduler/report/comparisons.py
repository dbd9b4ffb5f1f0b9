"""What is different from another schedule, and alternatives that were tried: as rows for the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scheduler.compare import Comparison
from scheduler.domain import Instance, Placement
from scheduler.errors import InputError, Problem
from scheduler.export.tables.cells import rotation
from scheduler.report.index import Index

#: What the folder of a what-if run has to be read for.
COMPARISON = "comparison.json"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Alternatives side by side, as ``rotations whatif --out`` has written them; the first one is the base.

    Attributes
    ----------
    name
        What the reader calls the run: its folder.
    outcomes
        As in ``comparison.json``.
    """

    name: str
    outcomes: tuple[Mapping[str, Any], ...]


def read_whatif(folder: Path) -> WhatIf:
    """The comparison of a what-if run.

    Raises
    ------
    InputError
        If there is none in the folder, or it cannot be read.
    """
    path = folder / COMPARISON if folder.is_dir() else folder
    fix = "name the folder that was given to rotations whatif --out"
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError:
        raise InputError(Problem("there is no comparison of alternatives here", str(folder), suggestion=fix)) from None
    except ValueError:
        found = None
    keys = {"name", "status", "figures", "changes"}
    if not isinstance(found, list) or not found or not all(isinstance(row, dict) and keys <= row.keys() for row in found):
        raise InputError(Problem("this is no comparison of alternatives", str(path), suggestion=fix))
    return WhatIf(folder.name, tuple(found))


def changed(found: Comparison, instance: Instance, index: Index) -> list[list[Any]]:
    """One row a placement that is not as before.

    ``[kind of change, party, rotation, unit, [preceptors], first day, last day of before, the same of after]``; what was or is
    not there is empty (None).
    """
    rows = []
    for move in found.moves:
        row = move.row
        required = instance.requirement_by_id.get((row.program, row.requirement))
        name = rotation(row.requirement, (required.name if required else "") or row.requirement)
        texts = index.texts
        rows.append(
            [
                texts(move.kind),
                index.said(who_of(row)),
                texts(name),
                _place(move.before, instance, index),
                _place(move.after, instance, index),
                index.program.get(row.program, -1),
            ]
        )
    return rows


def who_of(row: Placement) -> str:
    """The party of a placement as the boards call it."""
    part = f" part {row.part}" if row.part else ""
    return row.student or f"group {row.group}{part}"


def _place(row: Placement | None, instance: Instance, index: Index) -> list[Any] | None:
    if row is None:
        return None
    people = [index.preceptor[who] for who in (row.preceptor, row.co_preceptor, row.cover) if who in index.preceptor]
    first = instance.first_monday
    return [index.unit.get(row.unit, -1), people, (row.start - first).days, (row.end - first).days, index.texts(row.slot)]
