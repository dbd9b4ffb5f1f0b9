"""Answers on screen and for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.console import Console

from scheduler.terminal.screen import say

if TYPE_CHECKING:
    from scheduler.standing.answer import Answer


def show_answers(console: Console, answers: Iterable[Answer]) -> None:
    """Print answers one below the other; the indented lines of each are a list."""
    for answer in answers:
        console.print(answer.title, style="bold", soft_wrap=True)
        for line in answer.lines:
            blanks = len(line) - len(line.lstrip(" "))
            say(console, f"{'- ' * bool(blanks)}{line.strip()}", indent=2 + blanks)
        console.print()


def answer_data(answer: Answer) -> dict[str, Any]:
    """The same for ``--json``."""
    return {"title": answer.title, "lines": answer.lines, **answer.data}
