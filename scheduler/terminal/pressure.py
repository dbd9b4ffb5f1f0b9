"""Demand against supply by specialty and week, one character a week, in 80 columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console

from scheduler.terminal.screen import WIDTH, column, say, wrapped

if TYPE_CHECKING:
    import pandas as pd

TIGHT = 0.8
NAME_WIDTH = 20
SEVERITY = ".-=!"
ROUNDING = 1e-6
LEGEND = ". nothing wanted", "- enough", "= over 80 % wanted", "! more wanted than offered"
TOTALS = len("   wanted offered  ")
NARROWEST = 40


@dataclass(frozen=True, slots=True)
class Pressure:
    """What is wanted and offered of one specialty, in student-weeks, week by week from week 0."""

    specialty: str
    wanted: Sequence[float]
    offered: Sequence[float]


def pressure_rows(table: pd.DataFrame) -> list[Pressure]:
    """Rows from a table with the columns specialty, week, wanted and offered; the most wanted specialty first."""
    rows = [
        Pressure(str(specialty), by_week["wanted"].tolist(), by_week["offered"].tolist())
        for specialty, by_week in table.sort_values("week").groupby("specialty")
    ]
    return sorted(rows, key=lambda row: -sum(row.wanted))


def mark(wanted: float, offered: float) -> str:
    """One character for wanted against offered."""
    if wanted <= 0:
        return "."
    if wanted > offered + ROUNDING:
        return "!"
    return "=" if wanted > TIGHT * offered else "-"


def show_pressure(console: Console, rows: Sequence[Pressure]) -> None:
    """Print one line a specialty: totals, then one character a week (in a long horizon: the worst of a few weeks)."""
    weeks = max((len(row.wanted) for row in rows), default=0)
    if not weeks:
        console.print("Nothing is wanted in this instance.")
        return
    say(console, "Student-weeks wanted and offered, by specialty and week", style="bold")
    width = min(WIDTH, max(NARROWEST, console.width)) if console.is_terminal else WIDTH
    name_width = min(NAME_WIDTH, width // 4, max(len("specialty"), *(cell_len(row.specialty) for row in rows)))
    room = width - 1 - name_width - TOTALS
    step = ceil(weeks / room)
    ruler = "".join(f"{first + 1:<5}" for first in range(0, weeks, 5 * step))[:room].rstrip()
    console.print(f"{'specialty':<{name_width}}  {'wanted':>7} {'offered':>7}  {ruler}", style="bold", soft_wrap=True)
    for row in rows:
        by_week = [mark(wanted, offered) for wanted, offered in zip(row.wanted, row.offered, strict=True)]
        marks = "".join(max(by_week[first : first + step], key=SEVERITY.index) for first in range(0, weeks, step))
        totals = f"{sum(row.wanted):>7,.0f} {sum(row.offered):>7,.0f}"
        console.print(
            f"{column(row.specialty, name_width)}  {totals}  {marks}", style="red" if "!" in marks else "", soft_wrap=True
        )
    legend = "   ".join(words.replace(" ", "\N{NO-BREAK SPACE}") for words in LEGEND)
    console.print(wrapped(f"  {legend}", width, 2), style="dim", soft_wrap=True)


def pressure_data(rows: Sequence[Pressure]) -> list[Mapping[str, object]]:
    """The same for ``--json``."""
    return [{"specialty": row.specialty, "wanted": list(row.wanted), "offered": list(row.offered)} for row in rows]
