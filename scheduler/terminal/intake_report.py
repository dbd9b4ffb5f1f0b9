"""What was found in a file of a school, unit or preceptor, on the terminal."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from scheduler.terminal.failures import NOT_HELD
from scheduler.terminal.screen import say, screen

if TYPE_CHECKING:
    from scheduler.intake.findings import Refused
    from scheduler.intake.report import Kind
    from scheduler.intake.sender import Sender
    from scheduler.intake.submission import Submission

_STYLES = {"error": "red", "question": "magenta", "warning": "yellow", "note": "dim"}
#: Findings of one kind that are printed.
MOST_ALIKE = 20


def show_report(console: Console, submission: Submission, language: str) -> None:
    """Print what was found, sheet by sheet and kind by kind, and below it the verdict."""
    from scheduler.intake.catalogue import visible
    from scheduler.intake.report import kinds, verdict

    for sheet, group in groupby(kinds(submission, language, MOST_ALIKE), lambda kind: kind.sheet):
        if sheet:
            console.print(sheet, style="bold", markup=False, soft_wrap=True)
        for kind in group:
            _show(console, kind, language)
    style = "bold red" if submission.findings.failed else "bold"
    say(console, f"{visible(submission.received.name)}: {verdict(submission, language)}.", style=style)


def _show(console: Console, kind: Kind, language: str) -> None:
    """One finding in one sentence; many of a kind under what they share."""
    from scheduler.words import words

    said = words(language, "report")
    style, label = _STYLES[kind.weight], said["severity"][kind.weight]
    if kind.count == 1:
        line = kind.lines[0]
        place = " · ".join(part for part in (line.cell, line.column) if part)
        say(console, f"{label}: {place + ': ' if place else ''}{line.message} {line.fix}", indent=2, style=style)
        return
    head = f"{label} ({said['times'].format(count=f'{kind.count:,}')})"
    more = f"… {said['more'].format(count=f'{kind.more:,}')}" if kind.more else ""
    if kind.message and kind.fix:
        say(console, f"{head}: {kind.message} {kind.fix}", indent=2, style=style)
        cells = ", ".join(line.cell for line in kind.lines if line.cell)
        say(console, " ".join(part for part in (cells, more) if part), indent=4, style=style)
        return
    say(console, f"{head}{': ' + kind.message if kind.message else ''}", indent=2, style=style)
    for line in kind.lines:
        own = " ".join(text for text, shared in ((line.message, kind.message), (line.fix, kind.fix)) if not shared)
        value = "" if line.value in own else line.value
        place = " · ".join(part for part in (line.cell, line.column, value) if part)
        say(console, f"{place}: {own}" if place else own, indent=4, style=style)
    for text in (more, kind.fix and f"→ {kind.fix}"):
        if text:
            say(console, text, indent=4, style=style)


def refuse(refused: Refused, file: Path, sender: Sender, language: str, as_json: bool) -> int:
    """Say why a file is not read at all."""
    from scheduler.intake.catalogue import visible
    from scheduler.intake.report import line, refusal_data

    if as_json:
        click.echo(json.dumps(refusal_data(file.name, sender, refused.finding, language), indent=2))
    else:
        said = line(refused.finding, language)
        say(screen(), f"{visible(file.name)}: {said.message} {said.fix}", style="red")
    return NOT_HELD
