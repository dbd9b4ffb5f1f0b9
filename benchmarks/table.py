"""What was measured, as a table for the terminal and as one for a page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

#: One solve, as `benchmarks.one.measure` returns it, with ``instance``, ``strategy``, ``known`` and ``time_limit_s``.
Run = dict[str, Any]

WIDTH = 100
NONE = "–"
HEADINGS = ("strategy", "status", "ours", "bound", "gap %", "first s", "1 % s", "total s", "MB", "comp %", "ver %")
WIDTHS = (13, 10, 10, 10, 7, 7, 7, 7, 6, 6, 6)


def text_table(runs: list[Run]) -> str:
    """A table in 100 columns: a line for each instance, below it one for each strategy."""
    lines = [_columns(HEADINGS)]
    for _, group in groupby(runs, key=lambda run: (run["instance"], run["time_limit_s"])):
        of_instance = list(group)
        lines += ["", _title(of_instance), *(_columns(cells(run)) for run in of_instance)]
        lines += [f"  {run['strategy']}: {run['error']}"[:WIDTH] for run in of_instance if "error" in run]
    return "\n".join(lines) + "\n"


def page_table(runs: list[Run]) -> str:
    """The same as Markdown, instance, options and best known in every row."""
    head = ("instance", "limit s", "options", "best known", *HEADINGS)
    lines = [head, ("---",) * 2 + ("---:",) * 2 + ("---",) * 2 + ("---:",) * (len(HEADINGS) - 2)]
    for run in runs:
        known = (run["instance"], f"{run['time_limit_s']:g}", _whole(run.get("options")), _known(run))
        lines.append((*known, *cells(run)))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cells(run: Run) -> tuple[str, ...]:
    """One solve in the order of `HEADINGS`."""
    gap, total = run.get("gap"), run.get("total_s")
    return (
        run["strategy"],
        run["status"].lower(),
        _whole(run.get("objective")),
        _whole(run.get("bound")),
        NONE if gap is None else f"{100 * gap:.2f}" if gap < 10 else ">999",
        *(_seconds(run.get(name)) for name in ("first_s", "close_s", "total_s")),
        _whole(run.get("memory_mb")),
        *(NONE if total is None else f"{100 * run[name] / total:.1f}" for name in ("compile_s", "verify_s")),
    )


def _columns(texts: tuple[str, ...]) -> str:
    """Words to the left, figures to the right."""
    aligned: Iterator[str] = (f"{t:<{w}}" if i < 2 else f"{t:>{w}}" for i, (t, w) in enumerate(zip(texts, WIDTHS, strict=True)))
    return " ".join(aligned).rstrip()


def _title(runs: list[Run]) -> str:
    options = next((run["options"] for run in runs if "options" in run), None)
    parts = [runs[0]["instance"], f"{_whole(options)} options", f"best known {_known(runs[0])}"]
    return " · ".join([*parts, f"{runs[0]['time_limit_s']:g} s to search"])[:WIDTH]


def _known(run: Run) -> str:
    known = run["known"]
    if not known:
        return NONE
    return _whole(known["best"]) + (f" (bound {_whole(known['bound'])})" if "bound" in known else "")


def _whole(value: float | None) -> str:
    return NONE if value is None else f"{value:,.0f}"


def _seconds(value: float | None) -> str:
    return NONE if value is None else f"{value:.1f}"
