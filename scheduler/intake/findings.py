"""What was found in a file: a code with its parameters and place; the words come later, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.errors import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody should know about a file.

    Attributes
    ----------
    code
        Stable name; the catalogue of each language has ``message`` and ``fix`` under it.
    severity
        ``error``: the file is not taken before it is corrected (or a question answered). ``warning``: taken, worth a look.
        ``note``: how something was understood.
    sheet
        Name of the sheet as it is in the file; empty for a CSV.
    row, column
        Cell, counted from 0; None where a whole row, column or sheet is meant.
    title
        Header of the column as it is in the file.
    value
        What the cell shows, as text.
    said
        Parameters of the message: texts, numbers, dates, or sequences of these.
    """

    code: str
    severity: Severity = "error"
    sheet: str = ""
    row: int | None = None
    column: int | None = None
    title: str = ""
    value: str | None = None
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def cell(self) -> str:
        """``B7``, ``row 7``, ``column B`` or empty."""
        letters = "" if self.column is None else column_letters(self.column)
        if self.row is None:
            return f"column {letters}" if letters else ""
        return f"{letters}{self.row + 1}" if letters else f"row {self.row + 1}"


def column_letters(column: int) -> str:
    """``A`` for 0, ``AA`` for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Findings:
    """All that was found in a file; beyond `MOST` of one code in one sheet they are counted only."""

    MOST = 2_000

    def __init__(self) -> None:
        self._all: list[Finding] = []
        self._count: dict[tuple[str, str], int] = {}

    def add(self, finding: Finding) -> None:
        key = finding.code, finding.sheet
        self._count[key] = self._count.get(key, 0) + 1
        if self._count[key] <= self.MOST:
            self._all.append(finding)

    def __iter__(self) -> Iterator[Finding]:
        """Sheet by sheet in the order in which they were read, and row by row."""
        sheets: dict[str, int] = {}
        for f in self._all:
            sheets.setdefault(f.sheet, len(sheets))
        return iter(sorted(self._all, key=lambda f: (sheets[f.sheet], -1 if f.row is None else f.row, f.column or 0)))

    def __len__(self) -> int:
        return sum(self._count.values())

    def more(self) -> dict[tuple[str, str], int]:
        """By code and sheet: how many there are beyond those that are listed."""
        return {key: n - self.MOST for key, n in self._count.items() if n > self.MOST}

    def count(self, severity: Severity) -> int:
        """How many of a severity are listed, and those beyond."""
        listed = sum(f.severity == severity for f in self._all)
        kinds = {(f.code, f.sheet): f.severity for f in self._all}
        return listed + sum(n for key, n in self.more().items() if kinds[key] == severity)

    @property
    def failed(self) -> bool:
        """Whether anything has to be corrected before the file is taken."""
        return any(f.severity == "error" for f in self._all)


class Refused(Exception):
    """A file that is not read at all; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding
