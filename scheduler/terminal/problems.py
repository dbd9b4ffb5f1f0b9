"""Problem lists: grouped by file, errors first, one sentence each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from rich.console import Console

from scheduler.domain.wording import count
from scheduler.errors import Problem, Severity
from scheduler.terminal.screen import say

STYLES: dict[Severity, str] = {"error": "red", "warning": "yellow", "note": "dim"}
_ORDER: dict[str, int] = {severity: i for i, severity in enumerate(STYLES)}


def show_problems(console: Console, problems: Sequence[Problem], most: int | None = None) -> None:
    """Print `problems` by file, in each file errors first; with `most`, only the first so many and how many more there are."""
    # The stable sort keeps the order in which the files and rows were read.
    first_seen = {name: i for i, name in reversed(list(enumerate(p.file for p in problems)))}
    ordered = sorted(problems, key=lambda p: (first_seen[p.file], _ORDER[p.severity]))
    for file, group in groupby(ordered[:most], key=lambda p: p.file):
        if file:
            console.print(file, style="bold", soft_wrap=True)
        for problem in group:
            say(console, f"{problem.severity}: {_sentence(problem)}", indent=2 if file else 0, style=STYLES[problem.severity])
    if most is not None and len(problems) > most:
        console.print(f"… and {count(len(problems) - most, 'more problem')}.")


def _sentence(problem: Problem) -> str:
    """The problem without its file, which stands above it."""
    return str(problem).removeprefix(problem.file).removeprefix(":").lstrip(" ,")


def tally(problems: Sequence[Problem]) -> str:
    """``2 errors, 1 warning``; ``no problems``."""
    kinds = [(severity, sum(p.severity == severity for p in problems)) for severity in STYLES]
    return ", ".join(count(n, severity) for severity, n in kinds if n) or "no problems"


def problem_data(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """The problems for ``--json``: every field, and the sentence under ``text``."""
    return [{**asdict(p), "text": str(p)} for p in problems]
