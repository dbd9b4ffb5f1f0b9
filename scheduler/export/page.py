"""A schedule as one HTML page that stands by itself: it loads nothing, runs nothing, and prints.

Everything that comes from an instance is escaped by the template, and the page forbids the browser all but its own style.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scheduler.domain import RULES
from scheduler.domain.wording import count
from scheduler.export.colours import FILLS, LINES, Look, looks
from scheduler.export.page_board import boards
from scheduler.export.sheets import Column, Sheet, Value
from scheduler.export.tables.outcome import place_count, proof, student_count

if TYPE_CHECKING:
    from scheduler.export.view import View

#: Columns of text that are wider are wrapped.
_LONG = 34
#: Tables with more rows are folded at first.
_MOST_OPEN = 40
#: Shown otherwise: the summary as the head of the page, the board as bars.
_SHOWN_ABOVE = ("summary", "board")
#: What is good news when it is empty is shown before everything else.
_FIRST = ("unplaced", "at_risk", "open_places")
_EMPTY = {"unplaced": "Everything is placed.", "at_risk": "Nothing is at risk.", "open_places": "No place is open."}


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
    environment.filters |= {"day": _day, "shown": _shown, "kind": _kind}
    instance = view.instance
    style = environment.get_template("page.css").render(fills=FILLS, lines=LINES, weeks=instance.weeks)
    board, tables = boards(view), list(_tables(view))
    specialties = [stay.row.specialty for stay in view.stays] + [s for t in tables for row in t.specialties for s in row]
    return (
        environment.get_template("page.html")
        .render(
            view=view,
            style=Markup(style),
            style_hash=b64encode(sha256(style.encode()).digest()).decode(),
            facts=list(_facts(view, {table.name: table for table in tables})),
            students=count(student_count(view), "student"),
            schools=count(len(instance.school_by_id), "school"),
            proof="" if view.reader else _proof(view),
            board=board,
            mondays=[instance.first_monday + timedelta(days=7 * week) for week in range(instance.weeks)],
            tables=tables,
            empty=_EMPTY,
            most_open=_MOST_OPEN,
            looks={name: _classes(look) for name, look in looks(specialties).items()},
        )
        .encode()
    )


def _facts(view: View, tables: dict[str, Sheet]) -> Iterator[Fact]:
    """The figures that a coordinator asks for first."""
    yield _fact(count(len(view.stays), "placement"), count(place_count(view), "student place"), "good", "board")
    if "unplaced" in tables:
        # Somebody who lacks two rotations is one student. (Parts of a group are people of their own.)
        missing = view.report.unplaced
        students = sum({(u.student, u.group, u.part): u.students for u in missing}.values())
        tone = "bad" if missing else "good"
        yield _fact(count(len(missing), "unplaced rotation"), count(students, "student"), tone, "unplaced")
    if (at_risk := tables.get("at_risk")) is not None:
        students, items = _still_due(at_risk)
        whose = count(students, "student at risk", "students at risk")
        yield _fact(whose, f"{count(items, 'compliance item')} still due", "due" if items else "good", "at_risk")
    if view.holds:
        yield _fact(f"✓ every {'hard ' * bool(view.report.gave_way)}rule holds", "checked independently of the solver", "good")
    elif broken := len(view.report.violations):
        what = count(broken, "thing does not hold", "things do not hold")
        yield _fact(what, "this schedule does not pass the check", "bad", "broken")
    else:
        yield _fact("✗ not every rule holds", "but nothing that is shown here breaks one", "bad")


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
    if view.report.penalties:
        yield _costs(view)


def _costs(view: View) -> Sheet:
    """What each wish costs, the most expensive first."""
    won = view.schedule.sense == "maximise"
    policy, sign = view.instance.policy, -1 if won else 1
    rows: list[tuple[Value, ...]] = []
    for rule, penalty in view.report.penalties.items():
        spec = RULES[rule]
        weight = policy.setting(spec).weight
        rows.append((spec.title, sign * weight * penalty, penalty, spec.unit, weight, rule))
    columns = (
        Column("title", "Rule", width=34),
        Column("points", "Points won" if won else "Points", "number"),
        Column("penalty", "Counted", "number"),
        Column("unit", "In", width=24),
        Column("weight", "Points each", "number"),
        Column("rule", "Name in the policy", width=24),
    )
    ordered = sorted((row for row in rows if row[2]), key=lambda row: (-abs(int(str(row[1]))), str(row[5])))
    total = sign * view.report.objective
    return Sheet("costs", f"Cost by rule: {count(total, 'point')}{' won' if won else ''}", columns, tuple(ordered))


def _classes(look: Look) -> str:
    return f"f{look.fill} l{look.line}"


def _proof(view: View) -> str:
    text = proof(view)
    return f"{text[0].upper()}{text[1:]}."


def _kind(column: Column) -> str:
    return "long" if column.kind == "text" and column.width > _LONG else column.kind


def _day(day: date) -> str:
    return f"{day.day} {day:%b} {day.year}"


def _shown(value: Value) -> str:
    """A cell's text."""
    if value is None:
        return ""
    if isinstance(value, date):
        return _day(value)
    return value if isinstance(value, str) else f"{value:,}"
