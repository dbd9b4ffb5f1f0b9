"""A picture as data: what is drawn, as a Vega-Lite specification, what it says in words, and the table behind it.

Whatever comes from input is a value in the data, cleaned here of what XML and readers of text cannot bear: never a name of a
field, nor part of an expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.export.sheets import Column, Sheet, Value

Spec = dict[str, Any]

#: Characters that XML does not know, or that turn the direction of what follows, or cannot be seen.
_UNFIT = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]+"
)
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
#: Pixels of a picture across: at 17 cm, letters of 10 pixels are 7 points high.
WIDTH = 680
FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
TEXT, SMALL, HEADING = 11, 10, 15
INK, QUIET, GRID, BAND = "#1a1a1a", "#555555", "#d5d5d5", "#f3f3f3"


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture.

    Attributes
    ----------
    name
        Name of its file, without the ending.
    title
        What it shows.
    description
        One or two sentences with the main figures: a caption, and what is read out to whoever cannot see it.
    spec
        How it is drawn: Vega-Lite, with its data.
    columns, rows
        The same data as a table.
    """

    name: str
    title: str
    description: str
    spec: Spec
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


def chart(name: str, title: str, subtitle: str, description: str, drawing: Mapping[str, Any], data: Sheet) -> Chart:
    """A chart of a drawing (layers or panels), with its heading, and the look that all charts share."""
    spec = {
        "$schema": SCHEMA,
        "title": {
            "text": title,
            "subtitle": subtitle,
            "anchor": "start",
            "fontSize": HEADING,
            "subtitleFontSize": TEXT,
            "subtitleColor": QUIET,
            "color": INK,
            "limit": WIDTH,
            "offset": 10,
        },
        "description": description,
        "background": "white",
        "padding": 8,
        **drawing,
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {
                "labelFontSize": SMALL,
                "titleFontSize": SMALL,
                "titleFontWeight": "normal",
                "labelColor": INK,
                "titleColor": QUIET,
                "gridColor": GRID,
                "domainColor": GRID,
                "tickColor": GRID,
            },
            "text": {"fontSize": SMALL, "color": INK},
        },
    }
    return Chart(clean(name), clean(title), clean(description), _cleaned(spec), data.columns, data.rows)


def clean(text: str) -> str:
    """A text without characters that XML does not know, that turn the direction of writing, or that nobody sees."""
    return _UNFIT.sub(" ", text).strip()


def _cleaned(value: Any) -> Any:
    """A value of a specification with all of its texts cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: _cleaned(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(inner) for inner in value]
    return value


def layer(mark: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], **encoding: Any) -> Spec:
    """One layer with data of its own."""
    return {"data": {"values": list(rows)}, "mark": dict(mark), "encoding": encoding}


def at(field: str, most: float, *, down: bool = False) -> Spec:
    """A position from 0 to `most` that stands in a field; `down`: 0 is at the top. Without an axis."""
    scale = {"domain": [0, most], "nice": False, "zero": False, "reverse": down}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": None}


def pixel(field: str) -> Spec:
    """A position in pixels that stands in a field."""
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def plain(field: str, kind: str = "nominal") -> Spec:
    """What stands in a field, as it is: a colour, a text, a width of a line."""
    return {"field": field, "type": kind, "scale": None, "legend": None}


def text(field: str) -> Spec:
    """A text that stands in a field."""
    return {"field": field, "type": "nominal"}


def tips(*fields: tuple[str, str]) -> Any:
    """What is shown when one points at a mark: pairs of field and title. The titles are ours."""
    return [{"field": field, "type": "nominal", "title": title} for field, title in fields]


def on_pages(groups: Sequence[Sequence[Any]], most: int) -> list[list[Any]]:
    """Rows shared out to as few pages of at most so many as go, about equally; what belongs together stays on one if it fits."""
    pages = _filled(groups, most)
    rows = sum(map(len, groups))
    for size in range(-(-rows // max(1, len(pages))), most):
        even = _filled(groups, size)
        if len(even) <= len(pages):
            return even
    return pages


def _filled(groups: Sequence[Sequence[Any]], most: int) -> list[list[Any]]:
    """Rows on pages, each page filled as far as the next group still fits."""
    pages: list[list[Any]] = [[]]
    for group in groups:
        if len(pages[-1]) + len(group) <= most:
            pages[-1] += group
        else:
            pages += [list(group[i : i + most]) for i in range(0, len(group), most)]
    return [page for page in pages if page]
