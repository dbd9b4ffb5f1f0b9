"""The log of decisions: who said what to which placement, one row after another, never changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

from scheduler.errors import InputError, Problem
from scheduler.io.csvtext import rows_of, to_csv
from scheduler.io.files import decode, read_bytes
from scheduler.io.publish import replace_file

LOG = "decisions.csv"
#: How a cell begins that a spreadsheet would take for a formula; it is written with a quote before it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Side: TypeAlias = Literal["school", "site"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the log; everything is text, as it is written.

    Attributes
    ----------
    when
        Moment in UTC, to the second.
    version
        Number of the last version that was published then; empty before the first.
    sender_kind, sender
        The school, unit or preceptor that answered.
    decided_by
        Who it was there, as they wrote it.
    party, part, requirement, slot, start, preceptor
        The placement; `part` is 0 for a student and for a whole group.
    answer
        ``yes``, ``no``, or empty for an appeal alone.
    scope
        Of a no: how far it goes.
    reason, appeal
        As they wrote it.
    status_before, status_after
        Of the placement.
    """

    when: str
    version: str
    sender_kind: str
    sender: str
    decided_by: str
    party: str
    part: str
    requirement: str
    slot: str
    start: str
    preceptor: str
    answer: str
    scope: str
    reason: str
    appeal: str
    status_before: str
    status_after: str

    @property
    def placement(self) -> tuple[str, ...]:
        """What tells placements apart."""
        return self.party, self.part, self.requirement, self.slot, self.start, self.preceptor

    @property
    def side(self) -> Side:
        """For whom the sender speaks: a unit's or preceptor's word is the site's."""
        return "school" if self.sender_kind == "school" else "site"

    @property
    def day(self) -> date:
        """First day of the placement."""
        return date.fromisoformat(self.start)


COLUMNS = tuple(field.name for field in fields(Decision))


def read_decisions(folder: str | Path) -> tuple[Decision, ...]:
    """The log of an intake folder, oldest first; nothing where there is none.

    Raises
    ------
    InputError
        If it cannot be read: the log is ours, and a row that is not is said with its number.
    """
    path = Path(folder) / LOG
    if not os.path.lexists(path):
        return ()
    rows = enumerate(rows_of(decode(read_bytes(path, Path(folder).resolve()), LOG), LOG), start=1)
    _, header = next(rows, (1, []))
    found = []
    for number, cells in rows:
        if not any(cells):
            continue
        if tuple(header) != COLUMNS or len(cells) != len(COLUMNS):
            problem = Problem("is not a row of the log as it was written", LOG, row=number, suggestion="restore the file")
            raise InputError(problem)
        found.append(Decision(*map(_plain, cells)))
    return tuple(found)


def append_decisions(folder: str | Path, earlier: Sequence[Decision], new: Iterable[Decision]) -> None:
    """Write the log with more rows at its end, at once or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    rows = [list(map(_safe, asdict(d).values())) for d in (*earlier, *new)]
    replace_file(Path(folder) / LOG, to_csv(COLUMNS, rows))


def open_appeals(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Appeals about which nothing has been decided since: no answer to the same placement came after them."""
    found: dict[tuple[str, ...], list[Decision]] = {}
    for d in decisions:
        if d.answer and not d.appeal:
            found.pop(d.placement, None)
        if d.appeal:
            found.setdefault(d.placement, []).append(d)
    return tuple(sorted((d for rows in found.values() for d in rows), key=lambda d: d.when))


def _safe(cell: str) -> str:
    # a quote of one's own is doubled where it would be taken for ours
    return f"'{cell}" if cell.startswith((*_FORMULA, "'")) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell
