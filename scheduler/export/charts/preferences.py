"""Which of their ranked wishes placements got."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.export.charts.chart import WIDTH, Chart, Spec, at, chart, layer, plain, text, tips
from scheduler.export.charts.rows import Label, names, names_width
from scheduler.export.charts.subtitle import subtitle
from scheduler.export.choices import NO_LIST, choices
from scheduler.export.tables.cells import Kind, sheet
from scheduler.verify.facts import Facts
from scheduler.words.locale import Locale

if TYPE_CHECKING:
    from scheduler.export.view import View

_ROW = 20
#: Of the first choice, of later ones, and of what was not ranked.
_FIRST, _LATER, _UNRANKED = "#2F6299", "#8FB4D9", "#C4C4C4"
#: Room for figures at the right.
_FIGURES = 90


def preferences(seen: View, locale: Locale) -> Iterator[Chart]:
    """A bar a choice: how many placements got it. Only for whoever sees the wishes."""
    ranks = _ranks(seen)
    total = sum(ranks.values())
    if not total:
        return
    say = locale.words("charts")["preferences"]
    titles, most = say["choices"], len(say["choices"])
    counts = [ranks[n] for n in range(1, most + 1)]
    while counts and not counts[-1] and not any(rank > most for rank in ranks):
        counts.pop()
    found = [(titles[n], count, _LATER if n else _FIRST) for n, count in enumerate(counts)]
    if later := sum(count for rank, count in ranks.items() if rank > most):
        found.append((say["later"], later, _LATER))
    found.append((say["unranked"], ranks[0], _UNRANKED))
    labels = [Label(title) for title, _, _ in found]
    room = names_width(labels)
    width, height, largest = WIDTH - room - _FIGURES, _ROW * len(found), max(count for _, count, _ in found)
    values = [
        {
            "row": n + 0.14,
            "row2": n + 0.86,
            "line": n + 0.53,
            "zero": 0,
            "count": count,
            "title": title,
            "text": f"{locale.number(count)} ({locale.percent(count / total)})",
            "colour": colour,
        }
        for n, (title, count, colour) in enumerate(found)
    ]
    layers: list[Spec] = [
        layer(
            {"type": "rect"},
            values,
            x=at("zero", largest),
            x2={"field": "count"},
            y=at("row", len(found), down=True),
            y2={"field": "row2"},
            color=plain("colour"),
            tooltip=tips(("title", say["choice"]), ("text", say["count"])),
        ),
        layer(
            {"type": "text", "align": "left", "baseline": "middle", "dx": 6},
            values,
            x=at("count", largest),
            y=at("line", len(found), down=True),
            text=text("text"),
        ),
        *names(labels, room),
    ]
    description = locale.say(
        "charts",
        "preferences.description",
        placements=locale.count(total, "placement"),
        first=locale.number(ranks[1]),
        share=locale.percent(ranks[1] / total),
        unranked=locale.number(ranks[0]),
    )
    columns: list[tuple[str, str, Kind]] = [("choice", say["choice"], "text"), ("count", say["count"], "number")]
    data = sheet("preferences", say["title"], columns, [(title, count) for title, count, _ in found])
    drawing = {"width": width, "height": height, "layer": layers}
    yield chart("preferences", say["title"], subtitle(seen, locale), description, drawing, data)


def _ranks(seen: View) -> Counter[int]:
    """How many placements got which rank of the lists about them; 0 for none of them."""
    found: Counter[int] = Counter()
    if not any(row.rank is not None for row in seen.instance.preferences):
        return found
    found.update(rank for _, rank in choices(Facts(seen.instance, seen.schedule)) if rank != NO_LIST)
    return found
