"""Every failure becomes a sentence and an exit code."""

from __future__ import annotations

import os
import sys
import traceback

import click

from scheduler.errors import InputError, RotationsError
from scheduler.terminal.problems import show_problems
from scheduler.terminal.screen import say, screen
from scheduler.terminal.stopping import Aborted

DONE, NOT_HELD, WRONG_INPUT, NOTHING = 0, 1, 2, 3
BROKEN_PIPE = 141
MOST_PROBLEMS = 20


def explain_failure(error: BaseException, debug: bool = False) -> int:
    """Say on standard error what went wrong, and return the exit code for it; with `debug`, also where in the program."""
    console = screen(sys.stderr)
    code = WRONG_INPUT
    if isinstance(error, BrokenPipeError):
        # The reader has left; without this, Python would complain once more while closing standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    if isinstance(error, click.ClickException):
        error.show()
    elif isinstance(error, InputError):
        show_problems(console, error.problems, MOST_PROBLEMS)
    elif isinstance(error, RotationsError):
        say(console, str(error), style="red")
    elif isinstance(error, Aborted | KeyboardInterrupt | click.Abort):
        say(console, "Given up; nothing was written.")
        code = NOTHING
    elif isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        say(console, f"{where}{error.strerror or error}", style="red")
        code = NOTHING
    else:
        say(console, f"Something unexpected happened ({type(error).__name__}: {error}).", style="red")
        say(console, "This is a mistake in rotations; please report it with what `rotations --debug …` says.")
        code = NOTHING
    if debug:
        traceback.print_exception(error)
    return code
