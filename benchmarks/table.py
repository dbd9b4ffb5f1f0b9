"""What was measured, as tables for the terminal and for a page; both have the same columns."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from benchmarks.plan import ROOT, Group
from benchmarks.store import Run

WIDTH = 100
NONE = "–"


@dataclass(frozen=True, slots=True)
class Solved:
    """Figures of one solve, as `benchmarks.one.measure` returns them, with what was asked for; and the group it is shown in."""

    group: Group
    run: Run

    @property
    def instance(self) -> str:
        return str(self.run["instance"])


@dataclass(frozen=True, slots=True)
class Figure:
    """A column of a table: its heading, its width in the terminal, and its text for a solve, beside *direct* where that helps."""

    heading: str
    width: int
    text: Callable[[Run, Run | None], str]
    left: bool = False


# -- texts of single figures ----------------------------------------------------------------------------------


def _whole(value: float | None) -> str:
    return NONE if value is None else f"{value:,.0f}"


def _seconds(value: float | None) -> str:
    return NONE if value is None else f"{value:.1f}"


def _percent(share: float | None) -> str:
    return NONE if share is None else f"{100 * share:.2f}" if share < 10 else ">999"


def _times(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _share(run: Run, seconds: float | None) -> str:
    return NONE if seconds is None or "total_s" not in run else f"{100 * seconds / run['total_s']:.1f}"


def _effort(run: Run, name: str) -> Any:
    return (run.get("effort") or {}).get(name)


def _compile_s(run: Run) -> float | None:
    return None if "compile_s" not in run else run["compile_s"] + (_effort(run, "compile_s") or 0.0)


def _rest_s(run: Run) -> float | None:
    """Seconds of search that are in no other column."""
    names = ("compile_s", "pricing_s", "master_s", "integer_s")
    return None if "search_s" not in run else max(0.0, run["search_s"] - sum(_effort(run, name) or 0.0 for name in names))


def _forced(run: Run) -> str:
    """The share of parties that only CP-SAT could price, and the rules that forced it."""
    forced: dict[str, int] = _effort(run, "forced") or {}
    if not forced:
        return NONE if _effort(run, "parties") is None else "none"
    share = sum(forced.values()) / _effort(run, "parties")
    return f"{100 * share:.0f} %: {', '.join(sorted(forced, key=lambda rule: -forced[rule]))}"


def _short(phase: str | None) -> str:
    return phase or NONE


def faster(run: Run, direct: Run | None, name: str) -> float | None:
    """How many times faster than *direct* something was reached."""
    mine, other = run.get(name), direct.get(name) if direct else None
    return None if mine is None or other is None else float(other / max(mine, 1e-9))


def _better(run: Run, direct: Run | None) -> float | None:
    """By what share of it the objective is better than that of *direct*."""
    mine, other = run.get("objective"), direct.get("objective") if direct else None
    if mine is None or other is None:
        return None
    return float((mine - other if run["sense"] == "maximise" else other - mine) / max(1, abs(other)))


STRATEGY = Figure("strategy", 13, lambda r, _: r["strategy"], left=True)
RESULT = (
    STRATEGY,
    Figure("status", 10, lambda r, _: r["status"].lower(), left=True),
    Figure("ours", 9, lambda r, _: _whole(r.get("objective"))),
    Figure("bound", 10, lambda r, _: _whole(r.get("bound"))),
    Figure("gap %", 6, lambda r, _: _percent(r.get("gap"))),
    Figure("root %", 6, lambda r, _: _percent(r.get("root_gap"))),
    Figure("first s", 7, lambda r, _: _seconds(r.get("first_s"))),
    Figure("1 % s", 7, lambda r, _: _seconds(r.get("close_s"))),
    Figure("total s", 7, lambda r, _: _seconds(r.get("total_s"))),
    Figure("MB", 6, lambda r, _: _whole(r.get("memory_mb"))),
    Figure("columns", 8, lambda r, _: _whole(_effort(r, "columns"))),
)
SHARES = (
    STRATEGY,
    Figure("read %", 7, lambda r, _: _share(r, r.get("read_s"))),
    Figure("offers %", 8, lambda r, _: _share(r, r.get("offers_s"))),
    Figure("compile %", 9, lambda r, _: _share(r, _compile_s(r))),
    Figure("pricing %", 9, lambda r, _: _share(r, _effort(r, "pricing_s"))),
    Figure("master %", 8, lambda r, _: _share(r, _effort(r, "master_s"))),
    Figure("combine %", 9, lambda r, _: _share(r, _effort(r, "integer_s"))),
    Figure("search %", 8, lambda r, _: _share(r, _rest_s(r))),
    Figure("verify %", 8, lambda r, _: _share(r, r.get("verify_s"))),
)
CLOSED = (
    STRATEGY,
    Figure("root bound", 10, lambda r, _: _whole(r.get("root_bound"))),
    Figure("best schedule from", 28, lambda r, _: _short(r.get("found_in")), left=True),
    Figure("bound from", 28, lambda r, _: _short(r.get("proved_in")), left=True),
    Figure("by CP-SAT", 20, lambda r, _: _forced(r), left=True),
)
AGAINST = (
    STRATEGY,
    Figure("× faster", 9, lambda r, d: _times(faster(r, d, "total_s"))),
    Figure("× faster to 1 %", 15, lambda r, d: _times(faster(r, d, "close_s"))),
    Figure("better by %", 11, lambda r, d: _percent(_better(r, d))),
    Figure("gap %", 7, lambda r, _: _percent(r.get("gap"))),
    Figure("direct's gap %", 14, lambda _, d: _percent(d.get("gap") if d else None)),
)
TABLES = (
    ("What was found", RESULT),
    ("Where the time went, in percent of the total", SHARES),
    ("What closed the gap", CLOSED),
    ("Against direct", AGAINST),
)

# -- tables ---------------------------------------------------------------------------------------------------

Rows = list[tuple[Solved, Run | None]]


def _rows(solved: Sequence[Solved], figures: Sequence[Figure]) -> Rows:
    """The solves that a table is about, each with the one of *direct* beside it."""
    rows: Rows = []
    for _, same in groupby(solved, key=lambda s: (s.group, s.instance)):
        group = list(same)
        direct = next((s.run for s in group if s.run["strategy"] == "direct"), None)
        rows += [(s, direct) for s in group]
    if figures is AGAINST:
        return [(s, d) for s, d in rows if d is not None and s.run is not d]
    if figures is CLOSED:
        return [(s, d) for s, d in rows if _effort(s.run, "parties") is not None]
    return rows


def text_tables(solved: Sequence[Solved]) -> str:
    """Everything in 100 columns: in each table a line for each instance, below it one for each strategy."""
    lines: list[str] = []
    for group, of_group in by_group(solved):
        lines += ["", group.title, "=" * len(group.title)]
        for title, figures in TABLES:
            if rows := _rows(of_group, figures):
                lines += ["", title, _line((f.heading for f in figures), figures)]
                for _, same in groupby(rows, key=lambda row: row[0].instance):
                    of_instance = list(same)
                    runs = [s.run for s, _ in of_instance]
                    lines.append(_title(runs) if figures is RESULT else of_instance[0][0].instance)
                    for s, direct in of_instance:
                        lines.append(_line((f.text(s.run, direct) for f in figures), figures))
                        if figures is RESULT and "error" in s.run:
                            lines.append(f"  {s.run['strategy']}: {s.run['error']}"[:WIDTH])
        lines += ["", *tally(group, of_group)]
    return "\n".join(lines).lstrip("\n") + "\n"


def page_tables(group: Group, solved: Sequence[Solved]) -> str:
    """The same for one group as Markdown, with instance, options and best known in the rows."""
    parts = []
    for title, figures in TABLES:
        if rows := _rows(solved, figures):
            fixed = ("instance", "options", "best known") if figures is RESULT else ("instance",)
            lines = [(*fixed, *(f.heading for f in figures))]
            lines.append(("---", *("---:" for _ in fixed[1:]), *("---" if f.left else "---:" for f in figures)))
            for s, direct in rows:
                about = (s.instance, _whole(s.run.get("options")), _known(s.instance))[: len(fixed)]
                lines.append((*about, *(f.text(s.run, direct) for f in figures)))
            parts.append(f"{title}:\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n")
    return "".join(parts) + "".join(f"- {line}\n" for line in tally(group, solved))


def tally(group: Group, solved: Sequence[Solved]) -> Iterator[str]:
    """For each strategy of a group: how many are optimal, how many within the gap aimed at, and how much faster than *direct*."""
    for strategy in dict.fromkeys(s.run["strategy"] for s in solved):
        runs = [s.run for s in solved if s.run["strategy"] == strategy]
        said = f"{strategy}: {sum(r['status'] == 'OPTIMAL' for r in runs)} of {len(runs)} proven optimal"
        if group.gap:
            within = sum(r.get("gap") is not None and r["gap"] <= group.gap for r in runs)
            said += f", {within} within {100 * group.gap:g} %"
        ratios = [
            ratio for s, d in _rows(solved, AGAINST) if s.run["strategy"] == strategy if (ratio := faster(s.run, d, "total_s"))
        ]
        if ratios:
            said += f", {_times(math.exp(sum(map(math.log, ratios)) / len(ratios)))} × faster than direct (geometric mean)"
        yield said


def by_group(solved: Sequence[Solved]) -> list[tuple[Group, list[Solved]]]:
    """Solves by the group they are shown in."""
    return [(group, list(same)) for group, same in groupby(solved, key=lambda s: s.group)]


def _line(texts: Iterable[str], figures: Sequence[Figure]) -> str:
    """Words to the left, figures to the right."""
    aligned = (f"{t:<{f.width}}" if f.left else f"{t:>{f.width}}" for t, f in zip(texts, figures, strict=True))
    line = " ".join(aligned).rstrip()
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


def _title(runs: Sequence[Run]) -> str:
    options = next((run["options"] for run in runs if "options" in run), None)
    parts = [runs[0]["instance"], f"{_whole(options)} options", f"best known {_known(runs[0]['instance'])}"]
    return " · ".join([*parts, f"{runs[0]['time_limit_s']:g} s to search"])[:WIDTH]


@cache
def _best_known() -> dict[str, dict[str, int]]:
    return tomllib.loads((ROOT / "benchmarks" / "best_known.toml").read_text("utf-8"))


def _known(instance: str) -> str:
    known = _best_known().get(instance)
    if not known:
        return NONE
    return _whole(known["best"]) + (f" (bound {_whole(known['bound'])})" if "bound" in known else "")
