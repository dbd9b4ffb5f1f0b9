"""Alternatives side by side on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console

from scheduler.domain.wording import count, percent
from scheduler.terminal.screen import WIDTH, column, say

if TYPE_CHECKING:
    from scheduler.whatif.alternatives import Outcome

#: So many outcomes have a column each; more have a line each.
MOST_COLUMNS = 5
LABEL, NUMBER = 30, 10
#: Figures that only files have.
_ONLY_IN_FILES = ("asked", "cost_", "jain")


def show_alternatives(console: Console, base: Outcome, others: Sequence[Outcome]) -> None:
    """Print figures, then for each alternative what was changed and how it stands to the base."""
    if len(others) < MOST_COLUMNS and not any(outcome.alternative.at for outcome in others):
        _show_columns(console, [base, *others])
    else:
        _show_lines(console, [base, *others])
    console.print()
    for number, outcome in enumerate(others, start=1):
        if not outcome.alternative.at:
            console.print(f"{number}  {outcome.alternative.name}", style="bold", soft_wrap=True)
            for sentence in outcome.alternative.changes:
                say(console, f"- {sentence}", indent=3)
            say(console, _stands(outcome), indent=3)
    if any(outcome.difference and outcome.difference.verdict == "not proven" for outcome in others):
        say(console, "No proven difference: it lies within what is not known about the best possible schedules.")


def _stands(outcome: Outcome) -> str:
    moved = "" if outcome.moved is None else f"; {count(outcome.moved, 'student')} placed otherwise"
    stopped = "" if outcome.complete else " (stopped early)"
    return f"{outcome.verdict}{moved}{stopped}"


def _show_columns(console: Console, outcomes: Sequence[Outcome]) -> None:
    from scheduler.whatif.comparison import rows

    head = ["", "base", *(str(k) for k in range(1, len(outcomes)))]
    lines = [head]
    for name, title, unit, values in rows(outcomes):
        if not name.startswith(_ONLY_IN_FILES):
            label = f"{title}, {unit}" if unit else title
            lines.append([label, *(_number(value) for value in values)])
    gaps = [o.schedule.gap for o in outcomes]
    lines.append(["Gap", *("" if gap is None else percent(gap) for gap in gaps)])
    for k, (label, *cells) in enumerate(lines):
        line = column(label, LABEL - 1) + " " + "".join(f"{cell:>{NUMBER}}" for cell in cells)
        console.print(line.rstrip(), style="" if k else "bold", soft_wrap=True)


def _show_lines(console: Console, outcomes: Sequence[Outcome]) -> None:
    names = [outcome.alternative.name for outcome in outcomes]
    width = min(max(map(cell_len, names)), 24)
    room = WIDTH - width - 36
    console.print(
        f"{'':<{width}} {'placed':>7} {'unplaced':>8} {'points':>9} {'moved':>6}  against the base", style="bold", soft_wrap=True
    )
    for name, outcome in zip(names, outcomes, strict=True):
        shown = column(name, width)
        if outcome.figures is None:
            console.print(f"{shown} {outcome.verdict}", soft_wrap=True)
            continue
        points = _number(outcome.schedule.shown(outcome.schedule.objective))
        moved = "" if outcome.moved is None else f"{outcome.moved:,}"
        said = outcome.verdict if len(outcome.verdict) <= room else outcome.verdict.partition(":")[0]
        cells = f"{outcome.figures.places:>7,} {outcome.figures.unplaced:>8,} {points:>9} {moved:>6}"
        console.print(f"{shown} {cells}  {said}".rstrip(), soft_wrap=True)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}" if value != int(value) else f"{int(value):,}"
