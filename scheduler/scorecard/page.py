"""A scorecard as a page that stands by itself, on screen and on paper.

Everything that comes from files is escaped by the template; pictures are images without a life of their own, and the browser is
forbidden all but the page's own style and these images.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import product

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.loaders import ChoiceLoader
from markupsafe import Markup

from scheduler.export.charts.drawing import svg
from scheduler.export.tables.schools import FEWEST_COMPARED
from scheduler.scorecard.card import Scorecard
from scheduler.scorecard.figures import WHOLE, Scope, school_scope
from scheduler.scorecard.measures import THEMES, Measure, ScopeKind
from scheduler.scorecard.pictures import pictures
from scheduler.scorecard.wording import Wording


@dataclass(frozen=True, slots=True)
class Picture:
    """An image: its content in base 64, its width in dots, and what it says to those who do not see it."""

    content: str
    width: int
    alt: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and the counts below it."""

    value: str
    below: str
    there: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row: what it is about, a note, and its cells."""

    title: str
    note: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows under a heading of their own."""

    title: str
    rows: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first column says what its rows are about, `absent` what it has no data about."""

    title: str
    columns: tuple[str, ...]
    parts: tuple[Part, ...]
    absent: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with a picture and tables.

    Attributes
    ----------
    first
        Whether the picture comes before the tables.
    """

    id: str
    title: str
    picture: Picture | None
    tables: tuple[Table, ...]
    first: bool = False


def page(card: Scorecard, wording: Wording) -> bytes:
    """The page; the same scorecard always gives the same bytes."""
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("scheduler.scorecard", "."), PackageLoader("scheduler.export", ".")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = environment.get_template("page.css").render()
    instance = card.latest.instance
    given = {
        "language": wording.locale.html,
        "style": Markup(style),
        "style_hash": b64encode(sha256(style.encode()).digest()).decode(),
        "heading": wording.name(card, school_scope(card.school)) if card.school else card.title,
        "terms": [wording.term(term) for term in card.terms],
        "holds": card.holds,
        "only_school": bool(card.school),
        "fewest": FEWEST_COMPARED,
        "sections": list(_sections(card, wording)),
        "say": wording.say,
        "footer": wording.say("footer", name=instance.name, day=wording.locale.day(instance.planning_date)),
    }
    return environment.get_template("page.html").render(**given).encode()


def _sections(card: Scorecard, wording: Wording) -> Iterator[Section]:
    drawn = _pictures(card, wording)
    titles = [term.label for term in card.terms]
    if card.school:
        own = school_scope(card.school)
        yield Section("own", wording.name(card, own), drawn.get("schools"), (_by_term(card, wording, own, ""),))
    if card.scopes("whole"):
        trend = None if card.school else drawn.get("trend")
        yield Section("whole", wording.say("whole"), trend, (_by_term(card, wording, WHOLE, ""),))
    kinds: tuple[tuple[ScopeKind, str], ...] = () if card.school else (("school", "schools"), ("site", "sites"))
    for kind, name in kinds:
        scopes = card.scopes(kind)
        if scopes:
            title = wording.say("in_term", what=wording.say(name), term=titles[card.newest])
            yield Section(name, title, drawn.get(name), tuple(_matrices(card, wording, kind, scopes)), first=True)
        if scopes and len(card.terms) > 1:
            title = wording.say("school_by_term", what=wording.say(name))
            tables = tuple(_by_term(card, wording, scope, wording.name(card, scope)) for scope in scopes)
            yield Section(f"{name}-terms", title, None, tables)
    if card.school and "trend" in drawn:
        yield Section("trend", wording.say("trend"), drawn["trend"], ())


def _by_term(card: Scorecard, wording: Wording, scope: Scope, title: str) -> Table:
    """The measures of one scope by subject, with a column for each term."""
    measures = card.measures(scope.kind)
    known = [m for m in measures if _told(card, range(len(card.terms)), (scope,), m)]
    parts = []
    for theme in THEMES:
        rows = tuple(
            Line(
                wording.title(m.id),
                "" if title else wording.say(f"measures.{m.id}.counts"),
                tuple(_cell(card, wording, i, scope, m.id) for i in range(len(card.terms))),
            )
            for m in known
            if m.theme == theme
        )
        if rows:
            parts.append(Part(wording.say(f"themes.{theme}"), rows))
    columns = (wording.say("columns.measure"), *(term.label for term in card.terms))
    absent = "" if title else _without(wording, [m for m in measures if m not in known])
    return Table(title, columns, tuple(parts), absent)


def _matrices(card: Scorecard, wording: Wording, kind: ScopeKind, scopes: list[Scope]) -> Iterator[Table]:
    """For each subject a table of the latest term: a row for each school or site, a column for each measure."""
    for theme in THEMES:
        told = {measure for scope, measure in card.figures[card.newest] if scope.kind == kind}
        measures = [m for m in card.measures(kind) if m.theme == theme and (m.id in told or "schedule" in m.sources)]
        known = [m for m in measures if _told(card, (card.newest,), scopes, m)]
        if measures:
            rows = tuple(
                Line(wording.name(card, s), "", tuple(_cell(card, wording, card.newest, s, m.id) for m in known)) for s in scopes
            )
            columns = (wording.say(f"columns.{kind}"), *(wording.title(m.id) for m in known))
            absent = _without(wording, [m for m in measures if m not in known])
            yield Table(wording.say(f"themes.{theme}"), columns, (Part("", rows),) if known else (), absent)


def _told(card: Scorecard, terms: Iterable[int], scopes: Iterable[Scope], measure: Measure) -> bool:
    """Whether there is anything to read about a measure: a value, that answers are too few, or that it is not shown."""
    found = [(scope, card.figure(term, scope, measure.id)) for term, scope in product(terms, scopes)]
    return any(
        bool(card.school) and scope == WHOLE if figure is None else figure.value is not None or figure.too_few
        for scope, figure in found
    )


def _without(wording: Wording, measures: Sequence[Measure]) -> str:
    """Which measures have no row, as there is nothing to count; empty where all have one."""
    return wording.say("no_data_about", measures=", ".join(wording.title(m.id) for m in measures)) if measures else ""


def _cell(card: Scorecard, wording: Wording, term: int, scope: Scope, measure: str) -> Cell:
    figure = card.figure(term, scope, measure)
    if figure is None:
        return Cell(wording.missing(card, scope), "", there=False)
    return Cell(wording.value(figure), wording.below(figure), figure.value is not None)


def _pictures(card: Scorecard, wording: Wording) -> Mapping[str, Picture]:
    found = {}
    for name, drawn in pictures(card, wording).items():
        content = svg(drawn)
        size = re.search(rb'width="(\d+)', content)
        found[name] = Picture(b64encode(content).decode(), int(size[1]) if size else 600, drawn.description)
    return found
