"""Where text goes: results to standard output, progress and errors to standard error, at most 80 columns wide."""

from __future__ import annotations

import sys
from shutil import get_terminal_size
from typing import Any, NoReturn, TextIO

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.console import Console, ConsoleDimensions

WIDTH = 80


class Screen(Console):
    """A console that leaves the ending of the program to the program."""

    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError


def screen(stream: TextIO | None = None, **settings: Any) -> Screen:
    """A console on `stream` (default: standard output) that respects ``NO_COLOR``, ``TERM=dumb`` and narrow terminals."""
    console = Screen(file=stream or sys.stdout, highlight=False, markup=False, emoji=False, **settings)
    if console.is_terminal:
        # rich takes every dumb terminal for one of 80 columns
        width = get_terminal_size().columns if console.is_dumb_terminal and "width" not in settings else console.width
        console.size = ConsoleDimensions(min(width, WIDTH), console.height)
    return console


def say(console: Console, text: str, indent: int = 0, style: str = "") -> None:
    """Print a sentence: wrapped with a hanging indent on a terminal, on one line where a program or a file reads it."""
    text = " " * indent + text
    if console.is_terminal:
        text = wrapped(text, console.width - 1, indent + 2)
    console.print(text, style=style, soft_wrap=True)


def wrapped(text: str, width: int, hanging: int) -> str:
    """Break text at blanks (not at no-break ones) into lines of at most `width` columns, all but the first indented.

    Characters of Chinese or Japanese take two columns; text of those is broken anywhere. A long path is never broken.
    """
    room = width - hanging
    words = [
        piece
        for word in text.split(" ")
        for piece in (chop_cells(word, room) if cell_len(word) > max(room, len(word)) else [word])
    ]
    lines = words[:1]
    for word in words[1:]:
        line = f"{lines[-1]} {word}"
        if cell_len(line) > (room if len(lines) > 1 else width) and lines[-1].strip():
            lines.append(word)
        else:
            lines[-1] = line
    return ("\n" + " " * hanging).join(line.rstrip(" ") for line in lines).replace("\N{NO-BREAK SPACE}", " ")


def column(text: str, width: int) -> str:
    """Text that takes exactly `width` columns of the screen: filled with blanks, or cut with an ellipsis."""
    return set_cell_size(text if cell_len(text) <= width else f"{set_cell_size(text, width - 1).rstrip()}…", width)
