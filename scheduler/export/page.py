"""A schedule as one HTML page that stands by itself: it loads nothing, runs nothing, and prints.

Everything that comes from an instance is escaped by the template, and the page forbids the browser all but its own style.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scheduler.domain import RULES
from scheduler.export.colours import FILLS, LINES, Look, looks
from scheduler.export.page_board import boards
from scheduler.export.sheets import Column, Sheet, Value
from scheduler.export.spoken import Spoken
from scheduler.export.tables.cells import Kind, table
from scheduler.export.tables.outcome import place_count, proof, student_count
from scheduler.words.locale import Locale

if TYPE_CHECKING:
    from scheduler.export.view import View

#: Columns of text that are wider are wrapped.
_LONG = 34
#: Tables with more rows are folded at first.
_MOST_OPEN = 40
#: Shown otherwise: the summary as the head of the page, the board as bars.
_SHOWN_ABOVE = ("summary", "board")
_COSTS: tuple[tuple[str, Kind], ...] = (
    ("title", "text"),
    ("points", "number"),
    ("penalty", "number"),
    ("unit", "text"),
    ("weight", "number"),
    ("rule", "text"),
)
#: What is good news when it is empty is shown before everything else.
_FIRST = ("unplaced", "at_risk", "open_places")


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of the head.

    Attributes
    ----------
    figure, what, more
        Like ``36``, ``placements``, ``50 student places``.
    tone
        ``good``, ``due`` (somebody should look) or ``bad``.
    target
        Where on the page it is explained; "" where nothing is.
    """

    figure: str
    what: str
    more: str
    tone: str
    target: str


def page(view: View) -> bytes:
    """The page of a schedule.

    Parameters
    ----------
    view
        The schedule as its reader sees it.

    Returns
    -------
    bytes
        HTML5 in UTF-8. The same view always gives the same bytes.
    """
    environment = Environment(
        loader=PackageLoader("scheduler.export", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    locale, spoken = view.locale, Spoken(view.locale)
    environment.filters |= {
        "day": locale.day,
        "month": locale.month_name,
        "shown": partial(shown, locale),
        "kind": _kind,
        "said": spoken.said,
    }
    instance, words = view.instance, locale.words("page")
    style = environment.get_template("page.css").render(fills=FILLS, lines=LINES, weeks=instance.weeks)
    board, tables = boards(view), list(spoken.sheets(_tables(view)))
    if view.report.penalties:
        tables.append(_costs(view, spoken))
    specialties = [stay.row.specialty for stay in view.stays] + [s for t in tables for row in t.specialties for s in row]
    return (
        environment.get_template("page.html")
        .render(
            view=view,
            style=Markup(style),
            style_hash=b64encode(sha256(style.encode()).digest()).decode(),
            words=words,
            facts=list(_facts(view, {table.name: table for table in tables})),
            about=locale.say(
                "page",
                "about",
                first=locale.day(instance.first_monday),
                last=locale.day(instance.last_day),
                students=locale.count(student_count(view), "student"),
                schools=locale.count(len(instance.school_by_id), "school"),
                today=locale.day(instance.planning_date),
            ),
            proof="" if view.reader else _proof(view, spoken),
            board=board,
            mondays=[instance.first_monday + timedelta(days=7 * week) for week in range(instance.weeks)],
            tables=tables,
            most_open=_MOST_OPEN,
            looks={name: _classes(look) for name, look in looks(specialties).items()},
        )
        .encode()
    )


def _facts(view: View, tables: dict[str, Sheet]) -> Iterator[Fact]:
    """The figures that a coordinator asks for first."""
    locale = view.locale
    words = locale.words("page")
    placements, places = (
        locale.count(n, what) for n, what in ((len(view.stays), "placement"), (place_count(view), "student_place"))
    )
    yield _fact(placements, places, "good", "board")
    if "unplaced" in tables:
        # Somebody who lacks two rotations is one student. (Parts of a group are people of their own.)
        missing = view.report.unplaced
        students = sum({(u.student, u.group, u.part): u.students for u in missing}.values())
        tone = "bad" if missing else "good"
        yield _fact(locale.count(len(missing), "unplaced_rotation"), locale.count(students, "student"), tone, "unplaced")
    if (at_risk := tables.get("at_risk")) is not None:
        students, items = _still_due(at_risk)
        due = locale.say("page", "still_due", items=locale.count(items, "compliance_item"))
        yield _fact(locale.count(students, "student_at_risk"), due, "due" if items else "good", "at_risk")
    if view.holds:
        yield _fact(words["hard_rules_hold" if view.report.gave_way else "rules_hold"], words["checked"], "good")
    elif broken := len(view.report.violations):
        yield _fact(locale.count(broken, "broken_place"), words["does_not_pass"], "bad", "broken")
    else:
        yield _fact(words["others_broken"], words["but_here"], "bad")


def _fact(said: str, more: str, tone: str, target: str = "") -> Fact:
    figure, _, what = said.partition(" ")
    return Fact(figure, what, more, tone, target)


def _still_due(at_risk: Sheet) -> tuple[int, int]:
    """How many students have to bring something, and how many things: each counts once, however many placements need it."""
    keys = [column.key for column in at_risk.columns]
    pairs = {(row[keys.index("student")], row[keys.index("item")]) for row in at_risk.rows}
    return len({student for student, _ in pairs}), len(pairs)


def _tables(view: View) -> Iterator[Sheet]:
    """The tables below the board: first what needs somebody to act."""
    below = [sheet for sheet in view.sheets if sheet.name not in _SHOWN_ABOVE]
    yield from sorted((s for s in below if s.name in _FIRST), key=lambda s: _FIRST.index(s.name))
    yield from (sheet for sheet in below if sheet.name not in _FIRST)


def _costs(view: View, spoken: Spoken) -> Sheet:
    """What each wish costs, the most expensive first, in the reader's language."""
    won = view.schedule.sense == "maximise"
    policy, sign = view.instance.policy, -1 if won else 1
    rows: list[tuple[Value, ...]] = []
    for rule, penalty in view.report.penalties.items():
        spec = RULES[rule]
        weight = policy.setting(spec).weight
        rows.append((spec.title, sign * weight * penalty, penalty, spec.unit, weight, rule))
    ordered = sorted((row for row in rows if row[2]), key=lambda row: (-abs(int(str(row[1]))), str(row[5])))
    total = view.locale.count(sign * view.report.objective, "point")
    made = spoken.sheet(table("costs", _COSTS, ordered))
    return replace(made, title=view.locale.say("page", "won" if won else "costs", points=total))


def _classes(look: Look) -> str:
    return f"f{look.fill} l{look.line}"


def _proof(view: View, spoken: Spoken) -> str:
    text = spoken.said(proof(view))
    return f"{text[0].upper()}{text[1:]}."


def _kind(column: Column) -> str:
    return "long" if column.kind == "text" and column.width > _LONG else column.kind


def shown(locale: Locale, value: Value) -> str:
    """A cell's text."""
    if value is None:
        return ""
    if isinstance(value, date):
        return locale.day(value)
    return value if isinstance(value, str) else locale.number(value, 2)
