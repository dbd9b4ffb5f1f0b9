"""The list on the first sheet of a report: its titles, by which it is known again when the file comes back."""

from __future__ import annotations

from scheduler.intake.grid import Grid
from scheduler.words import LANGUAGES, words

#: Row of the titles, counted from 0: above it stand the verdict, what to do, and which file it is.
TITLES_ROW = 4


def titles(language: str) -> tuple[str, ...]:
    """Titles of the columns: how pressing, where, what the cell shows, what is wrong, what to do."""
    said = words(language, "report")
    return tuple(said[name] for name in ("ask", "sheet", "cell", "column", "found", "wrong", "fix"))


def is_report_sheet(grid: Grid) -> bool:
    """Whether a sheet is the list of an earlier report, which holds nothing that a sender says."""
    if len(grid.rows) <= TITLES_ROW:
        return False
    return tuple(grid.rows[TITLES_ROW][:7]) in {titles(language) for language in LANGUAGES}
