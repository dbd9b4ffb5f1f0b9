"""Gap against time as an SVG: a panel for each instance, a line for each strategy, both axes logarithmic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from math import ceil, log10

from benchmarks.store import Run
from benchmarks.table import Solved, by_group

COLOURS = {"direct": "#b3541e", "neighbourhood": "#3d7a4f", "columns": "#1f4e8c", "auto": "#6b4c9a"}
#: Gaps from 100 % down to 0.01 %; what is smaller, also none at all, lies on the lower edge.
LARGEST, SMALLEST = 1.0, 1e-4
EARLIEST_S = 0.1
#: A group of more instances than this has one panel for all.
MOST_PANELS = 12
PANEL_WIDTH, PANEL_HEIGHT, MARGIN_X, MARGIN_Y, ACROSS, TOP = 270, 140, 54, 46, 3, 50


def gap_picture(solved: Sequence[Solved]) -> str:
    """An SVG document; only solves with a bound have a line."""
    panels = list(_panels(solved))
    width = ACROSS * (PANEL_WIDTH + MARGIN_X) + 20
    height = TOP + ceil(len(panels) / ACROSS) * (PANEL_HEIGHT + MARGIN_Y) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        'font-family="Helvetica, Arial, sans-serif" font-size="11">',
        "  <title>Proven gap in percent against seconds, by instance and strategy</title>",
        f'  <rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for i, strategy in enumerate(dict.fromkeys(s.run["strategy"] for s in solved)):
        x = MARGIN_X + 130 * i
        parts.append(f'  <path d="M{x} 18 h22" stroke="{_colour(strategy)}" stroke-width="2"/>')
        parts.append(f'  <text x="{x + 28}" y="22" fill="#33475b">{escape(strategy)}</text>')
    for i, (title, runs) in enumerate(panels):
        x, y = MARGIN_X + i % ACROSS * (PANEL_WIDTH + MARGIN_X), TOP + i // ACROSS * (PANEL_HEIGHT + MARGIN_Y)
        parts += [f'  <g transform="translate({x} {y})">', *_panel(title, runs), "  </g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panels(solved: Sequence[Solved]) -> Iterator[tuple[str, list[Run]]]:
    """Title and solves of each panel."""
    for group, of_group in by_group(solved):
        instances = [(name, [s.run for s in same]) for name, same in groupby(of_group, key=lambda s: s.instance)]
        if len(instances) > MOST_PANELS:
            yield f"{group.name}, {len(instances)} instances, {group.time_limit_s:g} s", [s.run for s in of_group]
        else:
            yield from ((f"{name}, {group.time_limit_s:g} s", runs) for name, runs in instances)


def _panel(title: str, runs: list[Run]) -> Iterable[str]:
    last_s = max([10 * EARLIEST_S, *(run["total_s"] for run in runs if "total_s" in run)])
    crowd = len({run["instance"] for run in runs}) > 1
    stroke = 'stroke-width="1" stroke-opacity="0.5"' if crowd else 'stroke-width="2"'
    yield f'    <rect width="{PANEL_WIDTH}" height="{PANEL_HEIGHT}" fill="none" stroke="#8fa8c0"/>'
    yield f'    <text x="6" y="-5" font-weight="bold" fill="#1f3a54">{escape(title)}</text>'
    for gap in (1.0, 0.1, 0.01, 0.001, 0.0001):
        y = _down(gap)
        yield f'    <path d="M0 {y:.1f} h{PANEL_WIDTH}" stroke="#e3eaf1"/>'
        yield f'    <text x="-5" y="{y + 4:.1f}" text-anchor="end" fill="#6b7c8d">{100 * gap:g} %</text>'
    for seconds in (0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000):
        if seconds <= last_s:
            x = _across(seconds, last_s)
            yield f'    <text x="{x:.1f}" y="{PANEL_HEIGHT + 14}" text-anchor="middle" fill="#6b7c8d">{seconds:g} s</text>'
    for run in (run for run in runs if run.get("steps")):
        steps = [(_across(seconds, last_s), _down(gap)) for seconds, gap in run["steps"]]
        x, y = steps[0]
        line = f"M{x:.1f} {y:.1f}" + "".join(f" H{x:.1f} V{y:.1f}" for x, y in steps[1:])
        end = _across(run["total_s"], last_s)
        yield f'    <path d="{line} H{end:.1f}" fill="none" stroke="{_colour(run["strategy"])}" {stroke}/>'


def _colour(strategy: str) -> str:
    return COLOURS.get(strategy, "#444444")


def _across(seconds: float, last_s: float) -> float:
    return PANEL_WIDTH * log10(max(seconds, EARLIEST_S) / EARLIEST_S) / log10(last_s / EARLIEST_S)


def _down(gap: float) -> float:
    return PANEL_HEIGHT * log10(LARGEST / min(LARGEST, max(SMALLEST, gap))) / log10(LARGEST / SMALLEST)
