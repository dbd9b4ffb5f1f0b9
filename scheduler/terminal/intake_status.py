"""``rotations intake status``: who has sent what, and what is open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from scheduler.terminal.failures import DONE
from scheduler.terminal.inputs import load
from scheduler.terminal.options import INSTANCE, JSON, PATH
from scheduler.terminal.screen import screen
from scheduler.terminal.sections import Command

if TYPE_CHECKING:
    from scheduler.domain import Instance
    from scheduler.intake.ledger import Logged

#: How a state is called in the table, where there is little room.
_SHORT = {"checked, not merged": "checked only"}


@click.command(
    name="status",
    cls=Command,
    example="rotations intake status term\nrotations intake status term --schedule out/term",
)
@INSTANCE
@click.option("--schedule", type=PATH, metavar="SOLUTION", help="A schedule: says whose answers are missing.")
@JSON
def status(instance: Path, schedule: Path | None, as_json: bool) -> int:
    """Show which schools have sent something, when, and what is still open.

    Units and preceptors are listed once they have sent something; with a
    schedule, units that have not answered as well.
    """
    data, _ = load(instance, None)
    missing = _missing(data, schedule) if schedule is not None else None
    rows = status_rows(instance, data, missing)
    if as_json:
        click.echo(json.dumps({"senders": rows}, indent=2))
        return DONE
    table = Table(box=None, pad_edge=False)
    for title in ("From", "Last file", "Received (UTC)", "By", "State"):
        table.add_column(title, overflow="fold")
    for title in ("Open", "Rows", *(["Unanswered"] if missing is not None else [])):
        table.add_column(title, justify="right")
    for row in rows:
        style = "red" if row["open"] else "dim" if not row["file"] else ""
        received, state = row["when"][:16].replace("T", " "), _SHORT.get(row["state"], row["state"])
        cells = [f"{row['kind']} {row['id']}", row["file"], received, row["by"], state, str(row["open"] or ""), str(row["rows"])]
        table.add_row(*cells, *([str(row["unanswered"] or "")] if missing is not None else []), style=style)
    screen().print(table)
    return DONE


def _missing(instance: Instance, solution: Path) -> dict[tuple[str, str], int]:
    """By kind and id of who is asked: placements that wait for an answer."""
    from scheduler.io import read_solution, with_baseline
    from scheduler.versions.frozen import missing_answers

    placements = read_solution(solution, with_baseline(instance, solution)).placements
    return {sender: len(rows) for sender, rows in missing_answers(placements).items()}


def status_rows(path: Path, instance: Instance, missing: Mapping[tuple[str, str], int] | None = None) -> list[dict[str, Any]]:
    """One row for each school, and for each unit and preceptor that has sent something or is to answer.

    Parameters
    ----------
    missing
        How many answers each is to give; None: this is not known, and not said.
    """
    from scheduler.intake.ledger import read_log

    said: dict[tuple[str, str], list[Logged]] = {}
    for line in read_log(path):
        if line.sender_kind in ("school", "unit", "preceptor"):
            said.setdefault((line.sender_kind, line.sender), []).append(line)
    programs = {p.program: p.school for p in instance.programs}
    there = [programs[s.program] for s in instance.students] + [programs[g.program] for g in instance.groups]
    senders = [("school", school) for school in dict.fromkeys([*(s.school for s in instance.schools), *programs.values()])]
    senders += sorted({*said, *(missing or {})} - set(senders))
    rows = []
    for kind, name in senders:
        row = {"kind": kind, "id": name, **_said(said.get((kind, name), []))}
        row["rows"] = there.count(name) if kind == "school" else ""
        rows.append(row if missing is None else {**row, "unanswered": missing.get((kind, name), 0)})
    return rows


def _said(lines: list[Logged]) -> dict[str, Any]:
    """What the lines of one sender come to, the newest last."""
    last = lines[-1] if lines else None
    merged = next((line for line in reversed(lines) if line.action == "merged"), None)
    state = "nothing yet" if last is None else "merged" if last.action == "merged" else "checked, not merged"
    if last is not None and merged is not None and merged.sha256 == last.sha256:
        state = "merged"  # and checked once more
    return {
        "file": last.file if last else "",
        "when": last.when if last else "",
        "by": last.by if last else "",
        "state": state,
        "open": int(last.errors) if last and last.errors.isdigit() and state != "merged" else 0,
        "last_merged": merged.when if merged else "",
    }
