"""Where text goes: results to standard output, progress and errors to standard error, at most 80 columns wide."""

from __future__ import annotations

import sys
from textwrap import fill
from typing import Any, NoReturn, TextIO

from rich.console import Console

WIDTH = 80


class Screen(Console):
    """A console that leaves the ending of the program to the program."""

    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError


def screen(stream: TextIO | None = None, **settings: Any) -> Screen:
    """A console on `stream` (default: standard output) that respects ``NO_COLOR``, ``TERM=dumb`` and narrow terminals."""
    console = Screen(file=stream or sys.stdout, highlight=False, markup=False, emoji=False, **settings)
    if console.is_terminal:
        console.width = min(console.width, WIDTH)
    return console


def say(console: Console, text: str, indent: int = 0, style: str = "") -> None:
    """Print a sentence: wrapped with a hanging indent on a terminal, on one line where a program or a file reads it."""
    text = " " * indent + text
    if console.is_terminal:
        text = fill(text, console.width - 1, subsequent_indent=" " * (indent + 2), break_long_words=False, break_on_hyphens=False)
    console.print(text, style=style, soft_wrap=True)
