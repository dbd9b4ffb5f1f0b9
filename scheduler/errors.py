"""What can be wrong, said in one sentence with a place, and the exceptions that carry it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input, and what to do about it.

    Attributes
    ----------
    message
        What is wrong, one sentence without a final full stop.
    file, sheet, row, column
        Where: file name; sheet of a workbook; 1-based row as a spreadsheet shows it (the header is row 1); column name.
        Of a TOML file: line and key, with dots between a table and what is in it.
    value
        The value found, as text.
    expected
        What would have been right.
    suggestion
        The likely fix, where it can be told.
    severity
        ``error`` stops the run, ``warning`` is worth a look, ``note`` is information.
    code
        Stable short name of the kind of problem, for programs and tests.
    """

    message: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str | None = None
    expected: str = ""
    suggestion: str = ""
    severity: Severity = "error"
    code: str = "invalid"

    @property
    def place(self) -> str:
        """The place in words, e.g. ``students.csv row 7, column program`` or ``policy.toml line 3, key rules.waiting``."""
        keys = self.file.endswith(".toml") or (self.file and "." not in self.file)  # an option has keys, too
        row, column = ("line", "key") if keys else ("row", "column")
        parts = [self.file] if self.file else []
        if self.sheet:
            parts.append(f"sheet {self.sheet}")
        if self.row is not None:
            parts.append(f"{row} {self.row}")
        where = " ".join(parts)
        if self.column:
            where = f"{where}, {column} {self.column}" if where else f"{column} {self.column}"
        return where

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        if self.value is not None:
            text += f" (found {shorten(self.value)!r})"
        if self.expected:
            text += f"; expected {self.expected}"
        if self.suggestion:
            text += f"; {self.suggestion}"
        return text


def shorten(text: str, width: int = 60) -> str:
    """`text` cut to `width` characters, so that a hostile cell cannot flood a report."""
    return text if len(text) <= width else text[: width - 1] + "…"


class RotationsError(Exception):
    """Base of every error that a user can cause or should read; its text is a clear sentence."""


class InputError(RotationsError):
    """The input cannot be used; carries every problem that was found."""

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class VerificationError(RotationsError):
    """A schedule that a solver returned does not pass the independent verifier: a bug, never a user's fault."""
