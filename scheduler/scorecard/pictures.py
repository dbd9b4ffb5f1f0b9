"""Pictures of a scorecard as charts: bars of one term, and lines over several.

What comes from files goes in as data values alone, never into an expression or a setting. Nothing is said by colour alone: bars
have their numbers above them, lines a shape for each school. Each picture is 17 cm wide at 96 dots an inch.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from scheduler.export.charts.chart import SCHEMA, Chart, Spec, clean
from scheduler.scorecard.card import Scorecard
from scheduler.scorecard.figures import WHOLE, Figure, Scope
from scheduler.scorecard.measures import Measure
from scheduler.scorecard.wording import Wording

#: Panels beside each other, and widths in dots.
_ACROSS, _PANEL = 3, 150
#: Letters of a name and of a title that fit in a line.
_NAME_LETTERS, _TITLE_LETTERS = 19, 24
#: Height of a row, and how far the bar is below its middle and the numbers above it.
_ROW, _BELOW = 32, 7
#: With more schools, lines of single ones cannot be told apart: they are grey.
_MOST_LINES = 6
#: Of M. Okabe and K. Ito, told apart in colour-blind vision too; the first is the whole's.
_COLOURS = ("#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right")
_BAR, _TRACK, _GREY, _INK = "#3B82C4", "#E3E8EE", "#9AA5B1", "#1B1F24"
_LEFT: dict[str, Any] = {"datum": 0, "type": "quantitative", "axis": None}
_CONFIG: dict[str, Any] = {
    "font": "Arial, Helvetica, Liberation Sans, DejaVu Sans, sans-serif",
    "background": "#ffffff",
    "view": {"stroke": None},
    "axis": {"labelFontSize": 10, "labelColor": _INK, "titleFontSize": 10, "domainColor": _GREY, "tickColor": _GREY},
    "title": {"fontSize": 11, "color": _INK, "anchor": "start", "offset": 6},
    "legend": {"labelFontSize": 10, "labelColor": _INK, "labelLimit": 160, "symbolSize": 50},
    "concat": {"spacing": 14},
}


def pictures(card: Scorecard, wording: Wording) -> dict[str, Chart]:
    """Charts by name: ``schools`` and ``sites`` of the latest term, and ``trend`` where there are several terms."""
    found: dict[str, Chart] = {}
    term = card.terms[card.newest].label
    for name, scopes in (("schools", card.scopes("school")), ("sites", card.scopes("site"))):
        panels = [
            panel for m in card.measures("school" if name == "schools" else "site") if (panel := _bars(card, wording, m, scopes))
        ]
        if panels:
            key = "own" if card.school else name.removesuffix("s")
            told = wording.say("pictures.alt_bars", count=len(panels), term=term)
            found[name] = _together(name, _with_names(panels), wording.say(f"pictures.{key}", term=term), told)
    if len(card.terms) > 1:
        lines = [panel for m in card.measures("whole") if (panel := _lines(card, wording, m))]
        if lines:
            told = wording.say("pictures.alt_trend", count=len(lines), terms=len(card.terms))
            found["trend"] = _together("trend", lines, wording.say("pictures.trend"), told)
    return found


def _together(name: str, panels: Sequence[Spec], title: str, told: str) -> Chart:
    for first in range(0, len(panels), _ACROSS):  # panels of a row are level only with as many lines above them
        titles = [panel["title"]["text"] for panel in panels[first : first + _ACROSS]]
        for lines in titles:
            lines[:0] = [" "] * (max(map(len, titles)) - len(lines))
    heading = {"text": clean(title), "fontSize": 13, "color": _INK, "anchor": "start", "offset": 12}
    spec = {
        "$schema": SCHEMA,
        "title": heading,
        "columns": _ACROSS,
        "concat": list(panels),
        "config": _CONFIG,
        # fonts of other machines are wider than what is measured here
        "padding": {"left": 22, "right": 22, "top": 6, "bottom": 6},
    }
    return Chart(name, clean(title), clean(told), spec, (), ())


# -- bars -----------------------------------------------------------------------------------------------------------


def _bars(card: Scorecard, wording: Wording, measure: Measure, scopes: Sequence[Scope]) -> Spec | None:
    """One measure from 0 to 100 in the latest term: a bar for each scope under its numbers, with a mark at all together."""
    if measure.unit not in ("percent", "index"):
        return None
    whole = card.figure(card.newest, WHOLE, measure.id)
    divided = measure.divided and any(scope.kind == "school" for scope in scopes)
    mark = None if whole is None or whole.value is None or divided else min(100.0, whole.value)
    values: list[Spec] = []
    for at, scope in enumerate(scopes):
        figure = card.figure(card.newest, scope, measure.id)
        value = None if figure is None or figure.value is None else min(100.0, figure.value)
        there = value is not None  # without data there is no bar at all: an empty one is 0 %
        bar = {"at": at, "text": clean(_numbers(wording, figure)), "value": value}
        shown = {"full": 100 if there else None, "whole": mark if there else None}
        values.append(bar | shown | _in_lines(wording.name(card, scope)))
    if all(row["value"] is None for row in values):
        return None
    rows: Spec = {"field": "at", "type": "ordinal", "axis": None, "scale": {"padding": 0}}
    layers: list[Spec] = [
        _mark({"type": "bar", "height": 7, "color": _TRACK}, rows, "full"),
        _mark({"type": "bar", "height": 7, "color": _BAR}, rows, "value"),
        {
            "mark": {"type": "text", "align": "left", "fontSize": 10, "color": _INK, "limit": _PANEL, "dy": -_BELOW},
            "encoding": {"y": rows, "x": _LEFT, "text": {"field": "text", "type": "nominal"}},
        },
    ]
    if mark is not None:
        layers.append(
            _mark({"type": "tick", "orient": "vertical", "size": 14, "thickness": 2, "color": _INK, "opacity": 1}, rows, "whole")
        )
    title = {"text": _title(wording, measure)}
    return {"title": title, "width": _PANEL, "height": _ROW * len(scopes), "data": {"values": values}, "layer": layers}


def _mark(mark: Spec, rows: Spec, field: str) -> Spec:
    """Something on the lower half of each row, from 0 to 100."""
    across = {"field": field, "type": "quantitative", "scale": {"domain": [0, 100]}, "axis": None}
    return {"mark": mark | {"yOffset": _BELOW}, "encoding": {"y": rows, "x": across}}


def _numbers(wording: Wording, figure: Figure | None) -> str:
    below = wording.below(figure)
    return f"{wording.value(figure)} · {below}" if below else wording.value(figure)


def _title(wording: Wording, measure: Measure) -> list[str]:
    return wrap(clean(wording.title(measure.id)), _TITLE_LETTERS)


def _in_lines(name: str) -> dict[str, str]:
    """A name on one line or two, cut where it is too long for them."""
    lines = wrap(clean(name), _NAME_LETTERS)
    if len(lines) < 2:
        return {"upper": "", "middle": "".join(lines), "lower": ""}
    upper, lower, *rest = lines
    return {"upper": upper, "middle": "", "lower": f"{lower[: _NAME_LETTERS - 1]}…" if rest else lower}


def _with_names(panels: Sequence[Spec]) -> list[Spec]:
    """Each panel with the names of its bars at the left, where it is the first of a row."""
    names: list[Spec] = [
        {
            "mark": {"type": "text", "align": "right", "fontSize": 10, "color": _INK, "dx": -10, "dy": dy},
            "encoding": {
                "y": {"field": "at", "type": "ordinal"},
                "x": _LEFT,
                "text": {"field": field, "type": "nominal"},
            },
        }
        for field, dy in (("upper", -6), ("middle", 0), ("lower", 6))
    ]
    return [panel if i % _ACROSS else panel | {"layer": [*panel["layer"], *names]} for i, panel in enumerate(panels)]


# -- lines ----------------------------------------------------------------------------------------------------------


def _lines(card: Scorecard, wording: Wording, measure: Measure) -> Spec | None:
    """One measure over the terms, if several tell of it: a line for all together, and one for each school."""
    schools = card.scopes("school") if "school" in measure.scopes else []
    told_apart = len(card.scopes("school")) <= _MOST_LINES
    values = []
    for at, term in enumerate(card.terms):
        for scope in (WHOLE, *schools):
            figure = card.figure(at, scope, measure.id)
            if figure is not None and figure.value is not None:
                row = {"term": clean(term.label), "at": at, "value": figure.value, "who": clean(wording.name(card, scope))}
                values.append(row | {"line": scope.id, "whole": scope == WHOLE})
    if len({row["at"] for row in values}) < 2:
        return None
    names = [clean(wording.name(card, scope)) for scope in (WHOLE, *card.scopes("school"))]
    colours = _COLOURS[: len(names)] if told_apart else ("#000000", *(_GREY for _ in names[1:]))
    shapes = _SHAPES[: len(names)] if told_apart else ("circle",) * len(names)
    legend = {"orient": "bottom", "title": None, "columns": 3, "columnPadding": 28} if told_apart else None
    encoding: Spec = {
        "x": {
            "field": "at",
            "type": "ordinal",
            "scale": {"domain": list(range(len(card.terms)))},
            "axis": None,
        },
        "y": _height(measure),
        "detail": {"field": "line", "type": "nominal"},
        "color": {"field": "who", "type": "nominal", "scale": {"domain": names, "range": list(colours)}, "legend": legend},
        "order": {"field": "at", "type": "ordinal"},
    }
    shape = {"field": "who", "type": "nominal", "scale": {"domain": names, "range": list(shapes)}, "legend": legend}
    width = {"condition": {"test": {"field": "whole", "equal": True}, "value": 2.5}, "value": 1.2}
    ticks = [{"at": at, "term": clean(term.label)} for at, term in enumerate(card.terms)]
    below: Spec = {
        "data": {"values": ticks},
        "mark": {"type": "text", "baseline": "top", "dy": 6, "fontSize": 10, "color": _INK, "limit": _PANEL / len(ticks)},
        "encoding": {
            "x": encoding["x"],
            "y": {"value": 90},
            "text": {"field": "term", "type": "nominal"},
        },
    }
    layers = [
        {"mark": {"type": "line"}, "encoding": encoding | {"strokeWidth": width}},
        {"mark": {"type": "point", "filled": True, "size": 40, "opacity": 1}, "encoding": encoding | {"shape": shape}},
        below,
    ]
    title = {"text": _title(wording, measure)}
    return {"title": title, "width": _PANEL + 14, "height": 90, "data": {"values": values}, "layer": layers}


def _height(measure: Measure) -> Spec:
    scale = {"domain": [0, 100]} if measure.unit in ("percent", "index") else {"zero": True, "nice": True}
    axis: Spec = {"tickCount": 3, "gridColor": "#E3E7EC", "domain": False, "ticks": False, "title": None}
    if measure.unit in ("percent", "index"):
        axis["values"] = [0, 50, 100]
    return {"field": "value", "type": "quantitative", "scale": scale, "axis": axis}
