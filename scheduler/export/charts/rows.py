"""What pictures of rows share: names at the left under headings, weeks across with their dates, and a legend below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from scheduler.domain import Instance
from scheduler.export.charts.chart import GRID, INK, QUIET, SMALL, TEXT, WIDTH, Spec, at, layer, pixel, plain, text
from scheduler.export.charts.measure import fitted, width_of
from scheduler.words.locale import Locale

#: Rows of one picture: with 13 pixels each it is as high as a page.
MOST_ROWS = 60
ROW = 13
#: Names beside rows have at most so many pixels.
MOST_NAME = 190
_GAP = 6
_SWATCH = 16
#: Dashes of the line at the left, by its name in `LINES`; "double" is two whole ones.
_DASHES = {"solid": [1, 0], "dashed": [4, 2], "double": [1, 0], "dotted": [1, 1.5]}


@dataclass(frozen=True, slots=True)
class Label:
    """What stands at the left of one row; a heading begins at the edge, and names nothing else."""

    text: str
    heading: bool = False


def names_width(labels: Iterable[Label]) -> int:
    """Pixels that names at the left need."""
    widest = max((width_of(label.text, SMALL) for label in labels if not label.heading), default=0)
    return int(min(MOST_NAME, max(60, widest)) + 2 * _GAP)


def names(labels: Sequence[Label], room: int) -> list[Spec]:
    """The names at the left of rows."""
    rows = len(labels)
    found = []
    for heading in (False, True):
        own = [{"row": i + 0.5, "text": label.text} for i, label in enumerate(labels) if label.heading == heading]
        mark = {"type": "text", "align": "left", "baseline": "middle", "limit": WIDTH if heading else room - _GAP}
        if heading:
            mark |= {"fontWeight": "bold", "fontSize": TEXT}
        if own:
            found.append(layer(mark, own, x={"value": -room}, y=at("row", rows, down=True), text=text("text")))
    return found


def under_headings(labels: Sequence[Label], width: float) -> list[Spec]:
    """White where headings are, so that no line runs through them."""
    own = [{"row": i, "row2": i + 1} for i, label in enumerate(labels) if label.heading]
    down = at("row", len(labels), down=True)
    mark = {"type": "rect", "color": "white"}
    return [layer(mark, own, x={"value": -1}, x2={"value": width + 1}, y=down, y2={"field": "row2"})] if own else []


def weeks(instance: Instance, locale: Locale, width: float, height: float, *, below: bool) -> list[Spec]:
    """A line at each Monday, and the dates of as many as have room, above and if `below` also under the rows."""
    labels = [locale.short_day(instance.first_monday + timedelta(days=7 * week)) for week in range(instance.weeks)]
    each = width / max(1, instance.weeks)
    step = max(1, -(-int(max((width_of(said, SMALL) for said in labels), default=0) + 10) // max(1, int(each))))
    days = 7 * instance.weeks
    lines = [{"day": 7 * week, "weight": 1.2 if week % step == 0 else 0.5} for week in range(instance.weeks + 1)]
    room = (week for week in range(0, instance.weeks, step) if each * week + width_of(labels[week], SMALL) <= width + _GAP)
    said = [{"day": 7 * week, "text": labels[week]} for week in room]
    found = [
        layer({"type": "rule", "color": GRID}, lines, x=at("day", days), strokeWidth=plain("weight", "quantitative")),
        _dates(said, days, -6),
    ]
    return [*found, _dates(said, days, height + 12)] if below else found


def _dates(said: Iterable[Mapping[str, Any]], days: int, y: float) -> Spec:
    mark = {"type": "text", "align": "left", "color": QUIET}
    return layer(mark, said, x=at("day", days), y={"value": y}, text=text("text"))


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend: a swatch with its fill and outline, and what it means."""

    text: str
    fill: str
    stroke: str = ""
    inside: str = ""
    edge: str = "none"


def edges(rows: Sequence[Mapping[str, Any]], x: Any, y: Any) -> list[Spec]:
    """The lines at the left of what is drawn (a style of `LINES` in the field `edge`), which tell apart what has one colour."""
    found = []
    for style, dash in _DASHES.items():
        own = [row for row in rows if row["edge"] == style]
        for offset in (1, 3.5) if style == "double" else (1,):
            mark = {"type": "rule", "color": INK, "strokeWidth": 1.3, "strokeDash": dash, "xOffset": offset}
            if own:
                found.append(layer(mark, own, x=x, y=y, y2={"field": "row2"}))
    return found


def legend(keys: Sequence[Key], left: float, top: float) -> list[Spec]:
    """Swatches and their texts below a picture, in as many lines as they need; those without a text touch the next one."""
    x, y = 0.0, top
    placed: list[dict[str, Any]] = []
    for key in keys:
        said = fitted(key.text, WIDTH / 2, SMALL)
        needed = _SWATCH + (4 + width_of(said, SMALL) + 12 if said else 0)
        if x and x + needed > WIDTH:
            x, y = 0.0, y + 16
        placed.append(
            {
                "x": left + x,
                "x2": left + x + _SWATCH,
                "mid": left + x + _SWATCH / 2,
                "row": y,
                "row2": y + 11,
                "yc": y + 5.5,
                "at": left + x + _SWATCH + 4,
                "text": said,
                "fill": key.fill,
                "stroke": key.stroke or key.fill,
                "inside": key.inside,
                "edge": key.edge,
            }
        )
        x += needed
    found = [
        layer(
            {"type": "rect", "strokeWidth": 1.4},
            placed,
            x=pixel("x"),
            x2={"field": "x2"},
            y=pixel("row"),
            y2={"field": "row2"},
            fill=plain("fill"),
            stroke=plain("stroke"),
        ),
        layer(
            {"type": "text", "align": "left", "baseline": "middle", "color": INK},
            placed,
            x=pixel("at"),
            y=pixel("yc"),
            text=text("text"),
        ),
    ]
    found += edges(placed, pixel("x"), pixel("row"))
    if any(key.inside for key in keys):
        mark = {"type": "text", "baseline": "middle", "color": INK, "fontWeight": "bold"}
        found.append(layer(mark, placed, x=pixel("mid"), y=pixel("yc"), text=text("inside")))
    return found
