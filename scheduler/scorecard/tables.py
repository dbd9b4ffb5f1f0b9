"""The tables of a scorecard: for people a column a term, for programs a row a figure."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from scheduler.export.sheets import Sheet, Value
from scheduler.export.tables.cells import Kind, number, sheet
from scheduler.scorecard.card import Scorecard
from scheduler.scorecard.figures import WHOLE, Figure, Scope
from scheduler.scorecard.measures import MEASURES, ScopeKind
from scheduler.scorecard.wording import Wording

_NAMES: dict[ScopeKind, str] = {"whole": "whole", "school": "schools", "site": "sites"}


def sheets(card: Scorecard, wording: Wording) -> tuple[Sheet, ...]:
    """All together, each school, each site, and every figure by itself."""
    found = [_by_term(card, wording, kind) for kind in _NAMES if card.scopes(kind)]
    return (*found, _figures(card, wording))


def _by_term(card: Scorecard, wording: Wording, kind: ScopeKind) -> Sheet:
    """One row a measure (of each school or site), with a column for each term."""
    own: list[tuple[str, str, Kind]] = [] if kind == "whole" else [(kind, wording.say(f"columns.{kind}"), "text")]
    columns: list[tuple[str, str, Kind]] = [
        *own,
        ("theme", wording.say("columns.theme"), "text"),
        ("measure", wording.say("columns.measure"), "text"),
        *((key, term.label, "text") for key, term in zip(_keys(card), card.terms, strict=True)),
        ("counts", wording.say("columns.counts"), "text"),
    ]
    rows: list[tuple[Value, ...]] = [
        (
            *((wording.name(card, scope),) if own else ()),
            wording.say(f"themes.{measure.theme}"),
            wording.title(measure.id),
            *(_said(card, wording, i, scope, measure.id) for i in range(len(card.terms))),
            wording.say(f"measures.{measure.id}.counts"),
        )
        for scope in card.scopes(kind)
        for measure in card.measures(kind)
    ]
    return sheet(_NAMES[kind], wording.say(_NAMES[kind]), columns, rows, len(own) + 2)


def _said(card: Scorecard, wording: Wording, term: int, scope: Scope, measure: str) -> str:
    figure = card.figure(term, scope, measure)
    return wording.missing(card, scope) if figure is None else wording.said(figure)


def _keys(card: Scorecard) -> list[str]:
    """A name of each term for programs: snake_case, and its own."""
    keys: list[str] = []
    for i, term in enumerate(card.terms, start=1):
        key = "term_" + re.sub(r"\W+", "_", term.label).strip("_").lower()
        keys.append(key if key not in keys and key != "term_" else f"{key}_{i}".replace("__", "_"))
    return keys


def _figures(card: Scorecard, wording: Wording) -> Sheet:
    """One row a term, scope and measure, with numbers as numbers."""
    keys = ("term", "first", "kind", "id", "name", "measure_id", "measure", "unit", "value", "numerator", "denominator", "source")
    kinds: dict[str, Kind] = {"first": "date", "value": "number", "numerator": "number", "denominator": "number"}
    columns: list[tuple[str, str, Kind]] = [(key, wording.say(f"columns.{key}"), kinds.get(key, "text")) for key in keys]
    rows: list[tuple[Value, ...]] = []
    for i, term in enumerate(card.terms):
        for scope, measure, figure in _of_term(card, i):
            rows.append(
                (
                    term.label,
                    term.first,
                    wording.say(f"kinds.{scope.kind}"),
                    scope.id,
                    wording.name(card, scope),
                    measure,
                    wording.title(measure),
                    wording.say(f"units.{MEASURES[measure].unit}"),
                    None if figure.value is None else number(round(figure.value, 2)),
                    None if figure.too_few else number(round(figure.numerator, 2)),
                    None if figure.denominator is None else number(round(figure.denominator, 2)),
                    wording.say(f"sources.{figure.source}"),
                )
            )
    return sheet("figures", wording.say("figures"), columns, rows, 1)


def _of_term(card: Scorecard, term: int) -> list[tuple[Scope, str, Figure]]:
    """The figures of a term in the order of the tables."""
    scopes = [scope for kind in _NAMES for scope in ([WHOLE] if kind == "whole" else card.scopes(kind))]
    found = ((scope, measure, card.figure(term, scope, measure)) for scope in scopes for measure in MEASURES)
    return [(scope, measure, figure) for scope, measure, figure in found if figure is not None]


def data(card: Scorecard, wording: Wording) -> dict[str, Any]:
    """Everything for programs: terms, measures with their formulas, and figures with whole precision."""
    return {
        "name": card.title,
        "for": {"kind": "school", "id": card.school} if card.school else None,
        "every_rule_holds": card.holds,
        "terms": [{"term": t.label, "first": t.first, "schedule": t.solved is not None} for t in card.terms],
        "measures": [
            {"id": m.id, "title": wording.title(m.id), "unit": m.unit, "numerator": m.counted, "denominator": m.of or None}
            for m in MEASURES.values()
        ],
        "figures": [
            {
                "term": term.label,
                "of": scope.kind,
                "id": scope.id,
                "measure": measure,
                "value": figure.value,
                "numerator": None if figure.too_few else figure.numerator,
                "denominator": figure.denominator,
                "source": figure.source,
            }
            for i, term in enumerate(card.terms)
            for scope, measure, figure in _of_term(card, i)
        ],
    }


def json_file(card: Scorecard, wording: Wording) -> bytes:
    """`data` as a file."""
    return (json.dumps(data(card, wording), indent=1, ensure_ascii=False, default=date.isoformat) + "\n").encode()
