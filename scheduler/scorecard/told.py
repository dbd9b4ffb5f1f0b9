"""Figures that no schedule gives: of earlier terms from the history, and of outcomes and surveys from files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from scheduler.domain import Instance
from scheduler.domain.outcomes import Outcome, Survey
from scheduler.domain.tables import History
from scheduler.scorecard.figures import WHOLE, Scope, Tally, school_scope, site_scope

_Told = TypeVar("_Told", Outcome, Survey)


def add_history(rows: Iterable[History], instance: Instance, tally: Tally, *, rate: bool) -> None:
    """What was used of what was granted and, where no schedule tells it, what was granted of what was asked."""
    for row in rows:
        to: list[Scope] = [WHOLE, school_scope(row.school)]
        if rate and row.requested:
            tally.add("placement_rate", to, row.granted, row.requested, (row.school,))
        unit = instance.unit_by_id.get(row.unit) if row.unit else None
        if unit:
            to.append(site_scope(unit.site))
        if row.granted or row.used:
            tally.add("granted_used", to, row.used, row.granted, (row.school,))


def add_outcomes(rows: Iterable[Outcome], tally: Tally) -> None:
    """Counts of outcomes."""
    of_measure: dict[str, list[Outcome]] = defaultdict(list)
    for row in rows:
        of_measure[row.measure].append(row)
    for measure, those in of_measure.items():
        for scope, own in _resolved(those).items():
            for row in own:
                tally.add(measure, (scope,), row.count, row.of, filter(None, (row.school,)))


def add_surveys(rows: Iterable[Survey], tally: Tally) -> None:
    """Means of surveys as indices from 0 to 100, each weighing as much as it has answers."""
    of_kind: dict[str, list[Survey]] = defaultdict(list)
    for row in rows:
        of_kind[row.respondent].append(row)
    for kind, those in of_kind.items():
        for scope, own in _resolved(those).items():
            for row in own:
                index = 100 * (row.mean - row.scale_min) / (row.scale_max - row.scale_min)
                tally.add(f"satisfaction_{kind}", (scope,), row.answers * index, row.answers, filter(None, (row.school,)))


def _resolved(rows: Sequence[_Told]) -> dict[Scope, Sequence[_Told]]:
    """The rows that make up each figure, so that nothing counts twice.

    A row about a school alone (or a site alone) is its total, and rows about the school at single sites are parts of it. What
    a total covers is not added up from parts: the whole is its own rows, else the schools', else the sites'.
    """
    by_school = _totals(rows, "school", "site")
    by_site = _totals(rows, "site", "school")
    whole = [row for row in rows if not row.school and not row.site]
    whole = whole or [row for own in by_school.values() for row in own] or [row for own in by_site.values() for row in own]
    found: dict[Scope, Sequence[_Told]] = {school_scope(i): own for i, own in by_school.items()}
    found |= {site_scope(i): own for i, own in by_site.items()}
    return found | {WHOLE: whole}


def _totals(rows: Sequence[_Told], kind: str, other: str) -> dict[str, list[_Told]]:
    """By id the rows about it alone or, without any, those that are also about something else."""
    found: dict[str, list[_Told]] = defaultdict(list)
    for row in rows:
        if getattr(row, kind):
            found[getattr(row, kind)].append(row)
    return {i: [row for row in own if not getattr(row, other)] or own for i, own in found.items()}
