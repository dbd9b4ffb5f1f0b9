"""How schools are served: what is placed of what they asked, and what their preferences cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.export.charts.chart import INK, QUIET, WIDTH, Chart, Spec, at, chart, layer, text, tips
from scheduler.export.charts.load import BELOW
from scheduler.export.charts.rows import Label, names, names_width
from scheduler.export.charts.subtitle import subtitle
from scheduler.export.tables.cells import Kind, natural, sheet
from scheduler.words.locale import Locale

if TYPE_CHECKING:
    from scheduler.export.view import View

_ROW = 18
#: Between two panels, and for the figures at their right.
_GAP, _FIGURES = 24, 46


@dataclass(frozen=True, slots=True)
class Outcome:
    """One school: rotations asked and placed, and what preferences cost each of its placements."""

    name: str
    asked: float
    placed: float
    preference: float | None
    placements: int

    @property
    def share(self) -> float:
        return self.placed / self.asked


def equity(seen: View, locale: Locale) -> Iterator[Chart]:
    """Two rows of bars: how much is placed, and what preferences cost; each with the line of all schools together."""
    served = sorted(_outcomes(seen), key=lambda s: (-s.share, natural(s.name)))
    if not served:
        return
    say = locale.words("charts")["equity"]
    asked, placed = sum(s.asked for s in served), sum(s.placed for s in served)
    labels = [Label(s.name) for s in served]
    room = names_width(labels)
    costed = [s for s in served if s.preference is not None and s.placements]
    panels = 2 if any(s.preference for s in costed) else 1
    width = (WIDTH - room - _GAP * (panels - 1)) / panels - _FIGURES
    height = _ROW * len(served)
    overall = placed / asked
    shares = [(i, s.share, locale.percent(s.share, 1)) for i, s in enumerate(served)]
    layers = [
        *names(labels, room),
        *_bars(say["share"], shares, len(served), (0.0, 1.0), 0, width, served, say),
        *_overall(say["overall"].format(value=locale.percent(overall, 1)), overall, (0.0, 1.0), 0, width, height),
    ]
    if panels == 2:
        left = width + _FIGURES + _GAP
        costs = [(i, s.preference, locale.number(s.preference, 2)) for i, s in enumerate(served) if s.preference is not None]
        mean = sum((s.preference or 0) * s.placements for s in costed) / sum(s.placements for s in costed)
        limits = min(0.0, *(cost for _, cost, _ in costs), mean), max(0.0, *(cost for _, cost, _ in costs), mean)
        layers += _bars(say["preference"], costs, len(served), limits, left, width, served, say)
        layers += _overall(say["overall"].format(value=locale.number(mean, 2)), mean, limits, left, width, height)
    description = locale.say(
        "charts",
        "equity.description" if len(served) > 1 else "equity.description_one",
        placed=locale.number(placed, 1),
        asked=locale.number(asked),
        share=locale.percent(overall, 1),
        **_ends(locale, served),
    )
    columns: list[tuple[str, str, Kind]] = [
        ("school", say["school"], "text"),
        ("asked", say["asked"], "number"),
        ("placed", say["placed"], "number"),
        ("share", say["share"], "number"),
        ("preference", say["preference"], "number"),
    ]
    rows = [(s.name, s.asked, s.placed, round(100 * s.share, 1), s.preference) for s in served]
    drawing = {"width": WIDTH - room, "height": height, "layer": layers}
    yield chart(
        "equity", say["title"], subtitle(seen, locale), description, drawing, sheet("equity", say["title"], columns, rows)
    )


def _ends(locale: Locale, served: Sequence[Outcome]) -> dict[str, str]:
    """The school of which most is placed, and the one of which least is."""
    best, worst = served[0], served[-1]
    found = {"best": best.name}
    if len(served) > 1:
        found |= {"high": locale.percent(best.share, 1), "low": locale.percent(worst.share, 1), "worst": worst.name}
    return found


def _outcomes(seen: View) -> Iterator[Outcome]:
    """The rows of the table of schools that are about one."""
    table = next((sheet for sheet in seen.sheets if sheet.name == "by_school"), None)
    if table is None:
        return
    placements = Counter(stay.row.school for stay in seen.stays)
    keys = [column.key for column in table.columns]
    columns = [keys.index(key) for key in ("school", "asked", "placed", "preference")]
    for school, row in zip(table.ids, table.rows, strict=True):
        name, asked, placed, preference = (row[i] for i in columns)
        if school and isinstance(asked, (int, float)) and isinstance(placed, (int, float)):
            cost = float(preference) if isinstance(preference, (int, float)) else None
            yield Outcome(str(name), asked, placed, cost, placements[school])


def _bars(
    title: str,
    found: Sequence[tuple[int, float, str]],
    rows: int,
    limits: tuple[float, float],
    left: float,
    width: float,
    served: Sequence[Outcome],
    say: Spec,
) -> Iterator[Spec]:
    """Bars from zero with their figures, from a pixel on; the title stands above."""
    values = [
        {
            "row": row + 0.15,
            "row2": row + 0.85,
            "line": row + 0.53,
            "from": _across(0.0, limits, left, width),
            "to": _across(value, limits, left, width),
            "text": said,
            "school": served[row].name,
        }
        for row, value, said in found
    ]
    across = {"y": at("row", rows, down=True), "y2": {"field": "row2"}}
    zero = {"value": _across(0.0, limits, left, width)}
    pixels: Spec = {"field": "from", "type": "quantitative", "scale": None, "axis": None}
    yield layer(
        {"type": "rect", "color": BELOW},
        values,
        x=pixels,
        x2={"field": "to"},
        **across,
        tooltip=tips(("school", say["school"]), ("text", title.replace("\n", " "))),
    )
    yield layer({"type": "rule", "color": QUIET}, [{}], x=zero, y={"value": 0}, y2={"value": _ROW * rows})
    yield layer(
        {"type": "text", "align": "left", "baseline": "middle"},
        values,
        x={"value": left + width + 6},
        y=at("line", rows, down=True),
        text=text("text"),
    )
    yield layer(
        {"type": "text", "align": "left", "color": QUIET},
        [{"text": title.split("\n")}],
        x={"value": left},
        y={"value": -8 - 12 * title.count("\n")},
        text=text("text"),
    )


def _overall(said: str, value: float, limits: tuple[float, float], left: float, width: float, height: float) -> Iterator[Spec]:
    """A dashed line across all bars, and what it is."""
    x = {"value": _across(value, limits, left, width)}
    yield layer({"type": "rule", "color": INK, "strokeDash": [4, 3]}, [{}], x=x, y={"value": 0}, y2={"value": height + 4})
    middle = min(max(x["value"], left + 60), left + width - 20)
    yield layer({"type": "text"}, [{"text": said}], x={"value": middle}, y={"value": height + 15}, text=text("text"))


def _across(value: float, limits: tuple[float, float], left: float, width: float) -> float:
    """The pixel of a value."""
    low, high = limits
    return left + width * (value - low) / ((high - low) or 1.0)
