"""How a search came to its schedule: the best cost and the proven limit over time."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any

from scheduler.domain import Step
from scheduler.export.charts.chart import GRID, QUIET, SMALL, WIDTH, Chart, Spec, at, chart, layer, text
from scheduler.export.charts.measure import width_of
from scheduler.export.charts.subtitle import subtitle
from scheduler.export.tables.cells import Kind, sheet
from scheduler.words.locale import Locale

if TYPE_CHECKING:
    from scheduler.export.view import View

_HEIGHT = 260
_BEST, _BOUND = "#2F6299", "#C25B12"


def gap(seen: View, locale: Locale) -> Iterator[Chart]:
    """Two lines that come together; only where the search left a trace that ends with this schedule."""
    schedule = seen.schedule
    steps = schedule.trace
    if len(steps) < 2 or (steps[-1].objective, steps[-1].bound) != (schedule.objective, schedule.bound):
        return
    say = locale.words("charts")["gap"]
    started = next(step for step in steps if step.objective is not None)
    end = steps[-1].seconds or 1.0
    lines = {
        "best": [(s.seconds, v) for s in steps if (v := schedule.shown(s.objective)) is not None],
        "bound": [(s.seconds, v) for s in steps if (v := schedule.shown(s.bound)) is not None],
    }
    values = [value for line in lines.values() for _, value in line]
    low, high = _limits(values)
    ticks = [{"value": v, "text": locale.number(v)} for v in _ticks(low, high)]
    times = [{"seconds": v, "text": locale.number(v, 1)} for v in _ticks(0.0, end)]
    left = max(width_of(locale.number(v), SMALL) for v in _ticks(low, high)) + 12
    right = max(width_of(f"{say[name]}: {locale.number(line[-1][1])}", SMALL) for name, line in lines.items() if line) + 10
    width = WIDTH - left - right
    up: dict[str, Any] = {"type": "quantitative", "scale": {"domain": [low, high], "nice": False, "zero": False}, "axis": None}
    layers: list[Spec] = [
        layer({"type": "rule", "color": GRID}, ticks, y=up | {"field": "value"}),
        layer(
            {"type": "text", "align": "right", "baseline": "middle", "color": QUIET},
            ticks,
            x={"value": -6},
            y=up | {"field": "value"},
            text=text("text"),
        ),
        layer({"type": "text", "color": QUIET}, times, x=at("seconds", end), y={"value": _HEIGHT + 14}, text=text("text")),
        layer(
            {"type": "text", "color": QUIET},
            [{"text": say["seconds"]}],
            x={"value": width / 2},
            y={"value": _HEIGHT + 30},
            text=text("text"),
        ),
        layer(
            {"type": "text", "align": "left", "color": QUIET},
            [{"text": say["points" if schedule.sense == "maximise" else "cost"]}],
            x={"value": -left},
            y={"value": -12},
            text=text("text"),
        ),
    ]
    ends = _apart(lines, low, high)
    for name, colour, dash in (("best", _BEST, [1, 0]), ("bound", _BOUND, [6, 3])):
        if line := lines[name]:
            drawn = [{"seconds": s, "value": v} for s, v in line]
            mark = {"type": "line", "interpolate": "step-after", "color": colour, "strokeWidth": 2, "strokeDash": dash}
            layers.append(layer(mark, drawn, x=at("seconds", end), y=up | {"field": "value"}))
            said = [{"text": f"{say[name]}: {locale.number(line[-1][1])}"}]
            named = {"type": "text", "align": "left", "baseline": "middle", "color": colour}
            layers.append(layer(named, said, x={"value": width + 6}, y={"value": ends[name]}, text=text("text")))
    drawing = {"width": width, "height": _HEIGHT, "layer": layers}
    description = _description(seen, locale, started)
    columns: list[tuple[str, str, Kind]] = [
        ("seconds", say["seconds"], "number"),
        ("best", say["best"], "number"),
        ("bound", say["bound"], "number"),
        ("placed", say["placed"], "number"),
        ("unplaced", say["unplaced"], "number"),
    ]
    rows = [(s.seconds, schedule.shown(s.objective), schedule.shown(s.bound), s.placed, s.unplaced) for s in steps]
    yield chart("gap", say["title"], subtitle(seen, locale), description, drawing, sheet("gap", say["title"], columns, rows))


def _description(seen: View, locale: Locale, started: Step) -> str:
    schedule, last = seen.schedule, seen.schedule.trace[-1]
    found = locale.say(
        "charts",
        "gap.description",
        seconds=locale.number(last.seconds, 1),
        best=locale.number(schedule.shown(last.objective) or 0),
        first_seconds=locale.number(started.seconds, 1),
        first=locale.number(schedule.shown(started.objective) or 0),
    )
    bound = schedule.shown(last.bound)
    if bound is None:
        return found
    return f"{found} {locale.say('charts', 'gap.description_bound', bound=locale.number(bound))}"


def _limits(values: list[int]) -> tuple[float, float]:
    """What the axis of values covers: all of them, and some room."""
    low, high = min(values), max(values)
    return (low - 1.0, high + 1.0) if low == high else (low - 0.04 * (high - low), high + 0.04 * (high - low))


def _ticks(low: float, high: float) -> list[float]:
    """Some round numbers from one to the other."""
    step = 10.0 ** floor(log10((high - low) / 4))
    step *= next(times for times in (1, 2, 5, 10) if (high - low) / (step * times) <= 6)
    return [n * step for n in range(ceil(low / step), floor(high / step) + 1)]


def _apart(lines: dict[str, list[tuple[float, int]]], low: float, high: float) -> dict[str, float]:
    """Pixels from the top at which the names of lines stand: at their ends, but not on top of each other."""
    ends = {name: _HEIGHT * (high - line[-1][1]) / (high - low) for name, line in lines.items() if line}
    if len(ends) == 2 and abs(ends["best"] - ends["bound"]) < 14:
        upper, lower = sorted(ends, key=lambda name: (ends[name], name))
        middle = (ends[upper] + ends[lower]) / 2
        ends = {upper: middle - 7, lower: middle + 7}
    return ends
