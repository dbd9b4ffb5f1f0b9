"""The table of measures for the docs, made from the catalogue."""

from __future__ import annotations

from scheduler.scorecard.measures import MEASURES, THEMES, Measure
from scheduler.scorecard.wording import Wording
from scheduler.words.locale import Locale

_UNITS = {"percent": "%", "hours": "hours", "count": "number", "index": "0 to 100"}


def measures_markdown() -> str:
    """A table for each subject: id, title, unit, numerator and denominator, for whom it is told and from where."""
    wording = Wording(Locale())
    parts = []
    for theme in THEMES:
        rows = [_row(m, wording) for m in MEASURES.values() if m.theme == theme]
        head = "| measure | unit | numerator | denominator | told of | from |\n|---|---|---|---|---|---|"
        parts.append(f"## {wording.say(f'themes.{theme}')}\n\n{head}\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _row(m: Measure, wording: Wording) -> str:
    told = ", ".join("all" if scope == "whole" else scope for scope in m.scopes)
    name = f"`{m.id}`<br>{wording.title(m.id)}"
    return f"| {name} | {_UNITS[m.unit]} | {m.counted} | {m.of or '–'} | {told} | {', '.join(m.sources)} |"
