"""One picture of the board: rows with bars, dates across, and what the colours mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from scheduler.export.charts.chart import BAND, QUIET, SMALL, WIDTH, Chart, Spec, at, chart, layer, plain, text, tips
from scheduler.export.charts.measure import fitted, width_of
from scheduler.export.charts.rows import (
    MOST_ROWS,
    ROW,
    Key,
    Label,
    edges,
    legend,
    names,
    names_width,
    under_headings,
    weeks,
)
from scheduler.export.charts.subtitle import dates, subtitle
from scheduler.export.colours import FILLS, LINES, Look, looks
from scheduler.export.phrases import Phrases
from scheduler.export.stays import Stay
from scheduler.export.tables.cells import Kind, sheet
from scheduler.words.locale import Locale

if TYPE_CHECKING:
    from scheduler.export.view import View

#: Letters in bars (the smaller ones in a picture where they would often be cut), and pixels that are kept free of them.
_LETTERS, _SMALL_LETTERS, _FREE = 9, 7.5, 3
#: More specialties than this are not all explained: the commonest are.
_MOST_KEYS = 30
_NO_SPECIALTY = "#E4E4E4"


@dataclass(frozen=True, slots=True)
class Lane:
    """One row: placements of a party that do not overlap.

    Attributes
    ----------
    who
        Its name; empty in all lanes of a party but the first.
    missing
        How many of the party's rotations are unplaced.
    """

    who: str
    missing: int
    stays: tuple[Stay, ...]


def picture(seen: View, locale: Locale, name: str, title: str, rows: Sequence[Lane | Label]) -> Chart:
    say = locale.words("charts")["board"]
    labels = [row if isinstance(row, Label) else Label(row.who) for row in rows]
    stays = [stay for row in rows if isinstance(row, Lane) for stay in row.stays]
    missing = {i: row.missing for i, row in enumerate(rows) if isinstance(row, Lane) and row.who and row.missing}
    room = names_width(labels)
    side = width_of(say["unplaced"], SMALL) + 10 if missing else 0
    width, height, days = WIDTH - room - side, ROW * len(rows), 7 * seen.instance.weeks
    look = looks(stay.row.specialty for stay in seen.stays)
    phrases = Phrases(locale)
    bars = [
        _bar(seen, phrases, locale, stay, look, i, width / days)
        for i, row in enumerate(rows)
        if isinstance(row, Lane)
        for stay in row.stays
    ]
    narrow = sum(width_of(bar["text"], _LETTERS) > bar["room"] for bar in bars)
    size = _SMALL_LETTERS if 10 * narrow > len(bars) else _LETTERS
    bars = [bar | {"text": fitted(bar["text"], bar["room"], size)} for bar in bars]
    bands = [{"row": i, "row2": i + 1} for i, odd in enumerate(_odd(rows)) if odd]
    down = at("row", len(rows), down=True)
    place = {"x": at("day", days), "x2": {"field": "day2"}, "y": down, "y2": {"field": "row2"}}
    told = tips(*((key, say[key]) for key in ("who", "rotation", "specialty", "place", "preceptor", "start", "end")))
    below = len(rows) > MOST_ROWS / 2
    layers: list[Spec] = [
        layer({"type": "rect", "color": BAND}, bands, x={"value": 0}, x2={"value": width}, y=down, y2={"field": "row2"}),
        *weeks(seen.instance, locale, width, height, below=below),
        *under_headings(labels, width),
        layer({"type": "rect"}, bars, **place, color=plain("fill"), tooltip=told),
        *edges(bars, at("day", days), down),
        layer(
            {"type": "text", "align": "left", "baseline": "middle", "fontSize": size},
            [bar for bar in bars if bar["text"]],
            x=at("letters", days),
            y=at("line", len(rows), down=True),
            text=text("text"),
        ),
        *names(labels, room),
        *_unplaced(say["unplaced"], missing, len(rows), width),
        *_legend(say, look, stays, -room, height + (30 if below else 14)),
    ]
    first, last = dates(seen, locale)
    description = locale.say(
        "charts",
        "board.description",
        first=first,
        last=last,
        placements=locale.count(len(stays), "placement"),
        unplaced=locale.count(sum(missing.values()), "unplaced_rotation"),
    )
    columns: list[tuple[str, str, Kind]] = [
        ("who", say["who"], "text"),
        ("rotation", say["rotation"], "text"),
        ("specialty", say["specialty"], "text"),
        ("place", say["place"], "text"),
        ("preceptor", say["preceptor"], "text"),
        ("start", say["start"], "date"),
        ("end", say["end"], "date"),
    ]
    data = sheet(
        name,
        title,
        columns,
        [
            (s.who, s.requirement_name, s.row.specialty, s.unit_name, s.preceptor_name or s.faculty, s.first_day, s.last_day)
            for s in stays
        ],
    )
    drawing = {"width": width, "height": height, "layer": layers}
    return chart(name, title, subtitle(seen, locale), description, drawing, data)


def _odd(rows: Sequence[Lane | Label]) -> Iterator[bool]:
    """Whether a row has a shade behind it: every second party of a program."""
    odd = True
    for row in rows:
        if isinstance(row, Label):
            odd = True
            yield False
        else:
            odd = odd != bool(row.who)
            yield odd


def _bar(
    seen: View, phrases: Phrases, locale: Locale, stay: Stay, looked: Mapping[str, Look], row: int, pixels: float
) -> dict[str, Any]:
    """One placement, from its first day to the end of its last one, as far as it lies in the horizon."""
    first, days = seen.instance.first_monday, 7 * seen.instance.weeks

    def day(one: date) -> int:
        return min(days, max(0, (one - first).days))

    begin, end = day(stay.first_day), day(stay.last_day + timedelta(days=1))
    look = looked.get(stay.row.specialty)
    line = LINES[look.line] if look else "none"
    free = _FREE + (3 if line == "double" else 1 if line != "none" else 0)
    said = stay.row.unit
    if seen.reader and seen.reader.kind == "unit":
        said = phrases.supervisors(stay) or stay.faculty or stay.requirement_name
    return {
        "row": row + 0.08,
        "row2": row + 0.92,
        "line": row + 0.54,
        "day": begin,
        "day2": end - 1 / pixels if (end - begin) * pixels > 3 else end,
        "letters": begin + free / pixels,
        "text": said,
        "room": (end - begin) * pixels - free - 1,
        "fill": FILLS[look.fill] if look else _NO_SPECIALTY,
        "edge": line,
        "who": phrases.who(stay),
        "rotation": stay.requirement_name,
        "specialty": stay.row.specialty,
        "place": stay.unit_name,
        "preceptor": phrases.supervisors(stay) or stay.faculty,
        "start": locale.day(stay.first_day),
        "end": locale.day(stay.last_day),
    }


def _unplaced(title: str, missing: Mapping[int, int], rows: int, width: float) -> Iterator[Spec]:
    """How many rotations of each party are unplaced, at the right."""
    if missing:
        found = [{"line": row + 0.54, "text": str(count)} for row, count in missing.items()]
        mark = {"type": "text", "align": "left", "baseline": "middle"}
        yield layer(mark, found, x={"value": width + 10}, y=at("line", rows, down=True), text=text("text"))
        mark = {"type": "text", "align": "left", "color": QUIET}
        yield layer(mark, [{"text": title}], x={"value": width + 10}, y={"value": -6}, text=text("text"))


def _legend(say: Spec, look: Mapping[str, Look], stays: Sequence[Stay], left: float, top: float) -> list[Spec]:
    """What the colours of a picture mean."""
    counts = Counter(stay.row.specialty for stay in stays)
    shown = {specialty for specialty, _ in counts.most_common(_MOST_KEYS)}
    keys = [Key(one, FILLS[look[one].fill], edge=LINES[look[one].line]) for one in sorted(shown) if one]
    keys += [Key(say["none"], _NO_SPECIALTY)] if "" in shown else []
    if len(counts) > len(shown):
        keys.append(Key(say["more"].format(count=len(counts) - len(shown)), "white"))
    return legend(keys, left, top)
