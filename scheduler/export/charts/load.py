"""How many of their weeks preceptors have students."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.export.charts.chart import GRID, INK, QUIET, SMALL, WIDTH, Chart, Spec, at, chart, layer, plain, text, tips
from scheduler.export.charts.rows import MOST_ROWS, ROW, Key, Label, legend, names, names_width
from scheduler.export.charts.subtitle import subtitle
from scheduler.export.sheets import Sheet
from scheduler.export.tables.cells import Kind, natural, sheet
from scheduler.words.locale import Locale

if TYPE_CHECKING:
    from scheduler.export.view import View

#: Of more preceptors than fit in a picture, so many with the fullest term.
MOST_SHOWN = 40
#: The same blue, lighter and darker, so that print without colours tells them apart too.
BELOW, FULL = "#8FB4D9", "#2F6299"
_BANDS = 10


@dataclass(frozen=True, slots=True)
class Load:
    """Weeks that a preceptor has students, and the most; None: as many as there are."""

    name: str
    taken: int
    most: int | None

    @property
    def share(self) -> float | None:
        if self.most is None:
            return None
        return self.taken / self.most if self.most else 1.0

    @property
    def full(self) -> bool:
        return self.most is not None and self.taken >= self.most


def load(seen: View, locale: Locale) -> Iterator[Chart]:
    """A bar for each preceptor, the fullest first; of many how they are spread, and the fullest."""
    if seen.reader and seen.reader.kind in ("preceptor", "student"):
        return
    loads = sorted(_loads(seen), key=lambda one: (-(one.share or 0), -one.taken, natural(one.name)))
    if not loads:
        return
    say = locale.words("charts")["load"]
    idle = 0 if seen.reader else sum(p.kind != "faculty" for p in seen.instance.preceptors) - _guests(seen)
    told = _description(locale, loads, idle)
    if len(loads) <= MOST_ROWS:
        yield _bars(seen, locale, "load", say["title"], told, loads)
        return
    limited = [one for one in loads if one.most is not None]
    most = (limited or loads)[:MOST_SHOWN]
    if limited:
        yield _spread(seen, locale, told, loads)
        first = most[0]
        told = locale.say(
            "charts",
            "load.description_most",
            count=locale.number(len(most)),
            name=first.name,
            taken=locale.number(first.taken),
            most=locale.number(first.most or 0),
        )
    yield _bars(seen, locale, "load-most", say["title_most"], told, most)


def _loads(seen: View) -> Iterator[Load]:
    """Each preceptor in the table by preceptor, once."""
    table = next((sheet for sheet in seen.sheets if sheet.name == "by_preceptor"), None)
    if table is None:
        return
    keys = [column.key for column in table.columns]
    name, taken, most = (keys.index(key) for key in ("preceptor", "weeks_used", "most_weeks"))
    for row in dict(zip(table.ids, table.rows, strict=True)).values():
        used, limit = row[taken], row[most]
        yield Load(str(row[name]), used if isinstance(used, int) else 0, limit if isinstance(limit, int) else None)


def _guests(seen: View) -> int:
    """How many preceptors other than faculty have students."""
    table = next(sheet for sheet in seen.sheets if sheet.name == "by_preceptor")
    known = seen.instance.preceptor_by_id
    return sum(known[who].kind != "faculty" for who in set(table.ids))


def _description(locale: Locale, loads: Sequence[Load], idle: int) -> str:
    limited = [one for one in loads if one.most is not None]
    taken, most = sum(one.taken for one in limited), sum(one.most or 0 for one in limited)
    found = locale.say(
        "charts",
        "load.description" if limited else "load.description_free",
        preceptors=locale.count(len(loads), "preceptor"),
        longest=locale.count(max(one.taken for one in loads), "week"),
        taken=locale.number(taken),
        most=locale.number(most),
        share=locale.percent(taken / most if most else 0),
        full=locale.number(sum(one.full for one in loads)),
    )
    if idle <= 0:
        return found
    return f"{found} {locale.say('charts', 'load.idle', preceptors=locale.count(idle, 'preceptor'))}"


def _table(locale: Locale, name: str, loads: Sequence[Load]) -> Sheet:
    say = locale.words("charts")["load"]
    columns: list[tuple[str, str, Kind]] = [
        ("preceptor", say["preceptor"], "text"),
        ("taken", say["weeks"], "number"),
        ("most", say["most"], "number"),
    ]
    return sheet(name, say["title"], columns, [(one.name, one.taken, one.most) for one in loads])


def _bars(seen: View, locale: Locale, name: str, title: str, description: str, loads: Sequence[Load]) -> Chart:
    """Weeks taken as bars, the most weeks as lines across them."""
    say = locale.words("charts")["load"]
    labels = [Label(one.name) for one in loads]
    room = names_width(labels)
    width, height = WIDTH - room - 60, ROW * len(loads)
    longest = max(1, *(max(one.taken, one.most or 0) for one in loads))
    values = [
        {
            "row": i + 0.12,
            "row2": i + 0.88,
            "line": i + 0.54,
            "zero": 0,
            "taken": one.taken,
            "most": one.most,
            "end": max(one.taken, one.most or 0),
            "colour": FULL if one.full else BELOW,
            "name": one.name,
            "text": say["of"].format(taken=locale.number(one.taken), most=locale.number(one.most))
            if one.most is not None
            else locale.number(one.taken),
        }
        for i, one in enumerate(loads)
    ]
    step = max(1, -(-longest // 10))
    ticks = [{"week": week, "text": locale.number(week)} for week in range(0, longest + 1, step)]
    across, down = {"y": at("row", len(loads), down=True), "y2": {"field": "row2"}}, at("line", len(loads), down=True)
    layers = [
        layer({"type": "rule", "color": GRID, "strokeWidth": 0.7}, ticks, x=at("week", longest)),
        layer({"type": "text", "color": QUIET}, ticks, x=at("week", longest), y={"value": -6}, text=text("text")),
        layer(
            {"type": "rect"},
            values,
            x=at("zero", longest),
            x2={"field": "taken"},
            **across,
            color=plain("colour"),
            tooltip=tips(("name", say["preceptor"]), ("text", say["weeks"])),
        ),
        layer(
            {"type": "rule", "color": INK, "strokeWidth": 2},
            [v for v in values if v["most"] is not None],
            x=at("most", longest),
            **across,
        ),
        layer(
            {"type": "text", "align": "left", "baseline": "middle", "dx": 5},
            values,
            x=at("end", longest),
            y=down,
            text=text("text"),
        ),
        *names(labels, room),
    ]
    keys = [Key(say["below"], BELOW)]
    keys += [Key(say["full"], FULL)] if any(one.full for one in loads) else []
    keys += [Key(say["limit"], "white", inside="|")] if any(one.most is not None for one in loads) else []
    layers += legend(keys, -room, height + 12)
    drawing = {"width": width, "height": height, "layer": layers}
    return chart(name, title, subtitle(seen, locale), description, drawing, _table(locale, name, loads))


def _spread(seen: View, locale: Locale, description: str, loads: Sequence[Load]) -> Chart:
    """How many preceptors have which share of their weeks taken."""
    say = locale.words("charts")["load"]
    edges = [locale.number(100 * n / _BANDS) for n in range(_BANDS)]
    tops = [locale.number(100 * n / _BANDS - 1) for n in range(1, _BANDS + 1)]
    titles = [say["band"].format(low=low, high=high) for low, high in zip(edges, tops, strict=True)]
    titles += [say["exactly"], say["above"]]
    counts = [0] * len(titles)
    for share in (one.share for one in loads):
        if share is not None:
            counts[_BANDS + 1 if share > 1 else int(share * _BANDS)] += 1
    unlimited = sum(one.most is None for one in loads)
    note = say["no_limit"].format(preceptors=locale.count(unlimited, "preceptor")) if unlimited else ""
    shown = [i for i in range(len(titles)) if i <= _BANDS or counts[i]]
    most, slots = max(counts), len(shown)
    values = [
        {
            "x": n + 0.08,
            "x2": n + 0.92,
            "mid": n + 0.5,
            "zero": 0,
            "count": counts[i],
            "text": locale.number(counts[i]) if counts[i] else "",
            "title": titles[i],
            "colour": FULL if i >= _BANDS else BELOW,
        }
        for n, i in enumerate(shown)
    ]
    height = 220
    up = {"field": "count", "type": "quantitative", "scale": {"domain": [0, most], "nice": False}, "axis": None}
    middle = at("mid", slots)
    layers: list[Spec] = [
        layer(
            {"type": "rect"},
            values,
            x=at("x", slots),
            x2={"field": "x2"},
            y=up | {"field": "zero"},
            y2={"field": "count"},
            color=plain("colour"),
            tooltip=tips(("title", say["share"]), ("count", say["count"])),
        ),
        layer({"type": "text", "dy": -7, "fontSize": SMALL}, values, x=middle, y=up, text=text("text")),
        layer({"type": "text", "color": QUIET}, values, x=middle, y={"value": height + 13}, text=text("title")),
        layer({"type": "rule", "color": QUIET}, [{}], y={"value": height}, x={"value": 0}, x2={"value": WIDTH}),
        layer(
            {"type": "text", "color": QUIET},
            [{"text": say["share"]}],
            x={"value": WIDTH / 2},
            y={"value": height + 30},
            text=text("text"),
        ),
        layer(
            {"type": "text", "color": QUIET, "align": "left"},
            [{"text": say["count"]}],
            x={"value": 0},
            y={"value": -22},
            text=text("text"),
        ),
    ]
    if note:
        mark = {"type": "text", "align": "right", "color": QUIET}
        layers.append(layer(mark, [{"text": note}], x={"value": WIDTH}, y={"value": -22}, text=text("text")))
    drawing = {"width": WIDTH, "height": height, "layer": layers}
    return chart("load", say["title_many"], subtitle(seen, locale), description, drawing, _table(locale, "load", loads))
