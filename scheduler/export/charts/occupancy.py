"""How full each unit is, week by week."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from scheduler.export.charts.chart import BAND, INK, WIDTH, Chart, Spec, at, chart, layer, on_pages, plain, text, tips
from scheduler.export.charts.measure import width_of
from scheduler.export.charts.rows import MOST_ROWS, ROW, Key, Label, legend, names, names_width, under_headings, weeks
from scheduler.export.charts.subtitle import subtitle
from scheduler.export.sheets import Value
from scheduler.export.tables.cells import Kind, natural, sheet
from scheduler.words.locale import Locale

if TYPE_CHECKING:
    from scheduler.export.view import View

#: From few places taken to all: ever darker blues, told apart in any colour vision and in print, all of them light enough for
#: black letters and frames.
SHADES = ("#E3EEF8", "#CDE0F1", "#B0CFE8", "#8DBBDE", "#6AA5D2")
#: What keeps a unit from having more students than places.
_LIMITS = ("unit_capacity", "slot_maximum")
#: A week narrower than this has no room for numbers.
_LEAST_PIXELS = 13
#: Half of what is left free between two weeks.
_INSET = 1.1


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit and week: places taken (by students, and otherwise) of the most there are.

    Attributes
    ----------
    over
        Whether more are there than may be.
    """

    unit: str
    name: str
    site: str
    week: date
    students: int
    committed: int
    most: int
    over: bool

    @property
    def share(self) -> float:
        """How much of the places is taken, 1 at most."""
        return min(1.0, (self.students + self.committed) / self.most) if self.most else 1.0


def occupancy(seen: View, locale: Locale) -> Iterator[Chart]:
    """A heat map of units and weeks; with many units several, site by site as far as they fit."""
    cells = list(_cells(seen))
    if not cells:
        return
    cells = list(_told_apart(cells))
    by_site: dict[str, dict[str, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    for cell in sorted(cells, key=lambda c: natural(c.site, c.name, c.unit)):
        by_site[cell.site][cell.unit].append(cell)
    headings = 1 < len(by_site) <= len({cell.unit for cell in cells}) / 2
    groups: list[list[Label | list[Cell]]] = []
    for site, units in by_site.items():
        if headings:
            groups.append([Label(site, heading=True), *units.values()])
        else:  # mostly one unit a site: its row says both
            groups += [
                [[replace(cell, name=_at_site(cell)) for cell in unit] if len(by_site) > 1 else unit] for unit in units.values()
            ]
    pages = on_pages(groups, MOST_ROWS)
    for n, page in enumerate(pages, 1):
        name = "occupancy" if len(pages) == 1 else f"occupancy-{n}"
        yield _picture(seen, locale, name, page, n, len(pages))


def _at_site(cell: Cell) -> str:
    """``Ward 4B (Mercy Hospital)``; the unit alone where it is called like its site."""
    return cell.name if cell.site in cell.name else f"{cell.name} ({cell.site})"


def _told_apart(cells: Sequence[Cell]) -> Iterator[Cell]:
    """Cells whose units are called by what tells them apart: without the name of the site, with the id where names repeat."""
    short = {(c.site, c.unit): c.name.removesuffix(c.site).rstrip(" ,–-") or c.name for c in cells}
    often = Counter((site, name) for (site, _), name in short.items())
    for cell in cells:
        name = short[cell.site, cell.unit]
        yield replace(cell, name=f"{name} ({cell.unit})" if often[cell.site, name] > 1 else name)


def _cells(seen: View) -> Iterator[Cell]:
    """The rows of the table by unit and week."""
    table = next((sheet for sheet in seen.sheets if sheet.name == "by_unit"), None)
    if table is None:
        return
    keys = [column.key for column in table.columns]
    columns = [keys.index(key) for key in ("unit", "site", "week", "at_once", "committed", "most_at_once")]
    for unit, row in zip(table.ids, table.rows, strict=True):
        name, site, week, students, committed, most = (row[i] for i in columns)
        assert isinstance(week, date)
        there, limit = _whole(students), _whole(most)
        yield Cell(unit, str(name), str(site), week, there, _whole(committed), limit, there > limit)


def _whole(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _picture(seen: View, locale: Locale, name: str, page: list[Label | list[Cell]], number: int, of: int) -> Chart:
    units = [row for row in page if not isinstance(row, Label)]
    cells = [cell for unit in units for cell in unit]
    labels = [row if isinstance(row, Label) else Label(row[0].name) for row in page]
    room = names_width(labels)
    width, height = WIDTH - room, ROW * len(page)
    pixels = width / seen.instance.weeks
    over = sum(cell.over for cell in cells)
    below = len(page) > MOST_ROWS / 2
    days = 7 * seen.instance.weeks
    say = locale.words("charts")["occupancy"]
    values, bands = [], []
    for i, row in enumerate(page):
        if not isinstance(row, Label):
            bands.append({"row": i + 0.06, "row2": i + 0.94, "day": 0, "day2": days})
            values += [_value(seen, locale, cell, i, pixels) for cell in row]
    place = {
        "x": at("day", days),
        "x2": {"field": "day2"},
        "y": at("row", len(page), down=True),
        "y2": {"field": "row2"},
    }
    told = tips(("unit", say["unit"]), ("week", say["week"]), ("students", say["students"]), ("said", say["most"]))
    middle = {"x": at("mid", days), "y": at("line", len(page), down=True)}
    numbers = {"type": "text", "baseline": "middle", "fontSize": 9}
    layers: list[Spec] = [
        layer({"type": "rect", "color": BAND}, bands, **place),
        *weeks(seen.instance, locale, width, height, below=below),
        *under_headings(labels, width),
        layer(
            {"type": "rect", "strokeWidth": 1.2},
            values,
            **place,
            fill=plain("shade"),
            stroke=plain("frame"),
            tooltip=told,
        ),
        layer(numbers, values, **middle, text=text("text")),
        *names(labels, room),
        *_legend(say, room, height + (30 if below else 14), over=over > 0, numbers=pixels >= _LEAST_PIXELS),
    ]
    busiest = max(cells, key=lambda c: (c.students, -c.week.toordinal()))
    description = locale.say(
        "charts",
        "occupancy.description",
        units=locale.count(len(units), "unit"),
        cells=locale.number(len(cells)),
        full=locale.number(sum(cell.share == 1 and not cell.over for cell in cells)),
        most=locale.count(busiest.students, "student"),
        unit=_at_site(busiest),
        week=locale.day(busiest.week),
    )
    if over:
        description += f" {locale.say('charts', 'occupancy.description_over', over=locale.number(over))}"
    columns: list[tuple[str, str, Kind]] = [
        ("unit", say["unit"], "text"),
        ("site", say["site"], "text"),
        ("week", say["week"], "date"),
        ("students", say["students"], "number"),
        ("committed", say["committed"], "number"),
        ("most", say["most"], "number"),
    ]
    data = sheet(name, say["title"], columns, [(c.name, c.site, c.week, c.students, c.committed, c.most) for c in cells])
    title = say["title"]
    if of > 1:
        title = locale.say("charts", "page", title=title, page=number, pages=of)
    drawing = {"width": width, "height": height, "layer": layers}
    return chart(name, title, subtitle(seen, locale), description, drawing, data)


def _value(seen: View, locale: Locale, cell: Cell, row: int, pixels: float) -> Spec:
    day = 7 * ((cell.week - seen.instance.first_monday).days // 7)
    shade = SHADES[min(len(SHADES) - 1, int(cell.share * len(SHADES)))]
    said = f"{cell.students}{'!' if cell.over else ''}"
    if pixels < max(_LEAST_PIXELS, width_of(said, 9) + 2):
        said = "!" if cell.over else ""
    return {
        "day": day + _INSET / pixels * 7,
        "day2": day + 7 - _INSET / pixels * 7,
        "mid": day + 3.5,
        "row": row + 0.11,
        "row2": row + 0.89,
        "line": row + 0.54,
        "shade": shade,
        "frame": INK if cell.share == 1 else shade,
        "text": said,
        "unit": cell.name,
        "week": locale.day(cell.week),
        "students": locale.number(cell.students),
        "said": locale.number(cell.most),
    }


def _legend(say: Spec, room: int, top: float, *, over: bool, numbers: bool) -> list[Spec]:
    """Shades from few to all places, and what frames and numbers mean."""
    keys = [*(Key("", fill) for fill in SHADES[:-1]), Key(say["shades"], SHADES[-1])]
    keys.append(Key(say["full"], SHADES[-1], stroke=INK))
    keys += [Key(say["over"], SHADES[-1], stroke=INK, inside="!")] if over else []
    keys += [Key(say["number"], SHADES[0], inside="3")] if numbers else []
    return legend(keys, -room, top)
