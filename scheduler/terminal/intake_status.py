"""``rotations intake status``: who has sent what, and what is open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from scheduler.terminal.failures import DONE
from scheduler.terminal.inputs import load
from scheduler.terminal.options import INSTANCE, JSON
from scheduler.terminal.screen import screen
from scheduler.terminal.sections import Command

if TYPE_CHECKING:
    from scheduler.domain import Instance


@click.command(name="status", cls=Command, example="rotations intake status term")
@INSTANCE
@JSON
def status(instance: Path, as_json: bool) -> int:
    """Show which schools have sent something, when, and what is still open.

    Units and preceptors are listed once they have sent something.
    """
    data, _ = load(instance, None)
    rows = status_rows(instance, data)
    if as_json:
        click.echo(json.dumps({"senders": rows}, indent=2))
        return DONE
    table = Table(box=None, pad_edge=False)
    for title, right in (
        ("From", False),
        ("Last file", False),
        ("Received", False),
        ("By", False),
        ("State", False),
        ("Open", True),
        ("Rows", True),
    ):
        table.add_column(title, justify="right" if right else "left", overflow="fold")
    for row in rows:
        style = "red" if row["open"] else "dim" if not row["file"] else ""
        received = row["when"].replace("T", " ").removesuffix(":00Z").removesuffix("Z")
        cells = (
            f"{row['kind']} {row['id']}",
            row["file"],
            received,
            row["by"],
            row["state"],
            str(row["open"] or ""),
            str(row["rows"]),
        )
        table.add_row(*cells, style=style)
    screen().print(table)
    return DONE


def status_rows(path: Path, instance: Instance) -> list[dict[str, Any]]:
    """One row for each school, and for each unit and preceptor that has sent something."""
    from scheduler.intake.ledger import last_of, read_log
    from scheduler.intake.sender import Sender

    said = last_of(read_log(path))
    programs = {p.program: p.school for p in instance.programs}
    schools = dict.fromkeys([*(s.school for s in instance.schools), *programs.values()])
    senders = [Sender("school", school) for school in schools]
    senders += sorted((s for s in said if s not in senders), key=lambda s: (s.kind, s.id))
    rows = []
    for sender in senders:
        lines = said.get(sender, [])
        last = lines[-1] if lines else None
        merged = next((line for line in reversed(lines) if line.action == "merged"), None)
        state = "nothing yet" if last is None else "merged" if last.action == "merged" else "checked, not merged"
        if last is not None and last.action == "checked" and merged is not None and merged.sha256 == last.sha256:
            state = "merged"
        own = [p.program for p in instance.programs if p.school == sender.id] if sender.kind == "school" else []
        there = sum(s.program in own for s in instance.students) + sum(g.program in own for g in instance.groups)
        rows.append(
            {
                "kind": sender.kind,
                "id": sender.id,
                "file": last.file if last else "",
                "when": last.when if last else "",
                "by": last.by if last else "",
                "state": state,
                "open": int(last.errors) if last and last.errors.isdigit() and state != "merged" else 0,
                "last_merged": merged.when if merged else "",
                "rows": there if sender.kind == "school" else "",
            }
        )
    return rows
