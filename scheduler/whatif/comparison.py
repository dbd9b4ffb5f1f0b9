"""Outcomes side by side: the figures of each, and how each stands to the base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scheduler.domain import RULES
from scheduler.export.sheets import Column, Sheet, Value
from scheduler.whatif.alternatives import Outcome
from scheduler.whatif.figures import Figure

COMPARISON_CSV, COMPARISON_JSON = "comparison.csv", "comparison.json"


def rows(outcomes: Sequence[Outcome]) -> list[tuple[str, str, str, list[float | None]]]:
    """One row a figure (name for programs, title, unit) with the value of each outcome; what nobody has is left out."""
    titles: dict[str, tuple[str, str]] = {}
    values: list[dict[str, float | None]] = []
    order: list[str] = []
    for outcome in outcomes:
        mine = {}
        last = ""
        for name, title, value, unit in _figures(outcome):
            if name not in titles:
                order.insert(order.index(last) + 1 if last else 0, name)
                titles[name] = title, unit
            mine[name], last = value, name
        values.append(mine)
    # a specialty or school of which nothing is unplaced has no row of its own in the figures: that is 0, not unknown
    zero = [0.0 if outcome.solved else None for outcome in outcomes]
    made = []
    for name in order:
        title, unit = titles[name]
        default: list[float | None] = zero if name.startswith(("unplaced_", "cost_")) else [None] * len(outcomes)
        made.append((name, title, unit, [mine.get(name, none) for mine, none in zip(values, default, strict=True)]))
    return [row for row in made if any(value for value in row[3])]


def _figures(outcome: Outcome) -> list[Figure]:
    if outcome.figures is None or outcome.report is None:
        return []
    policy, schedule = outcome.alternative.instance.policy, outcome.schedule
    found: list[Figure] = list(outcome.figures.rows())
    if outcome.moved is not None:
        found.append(("moved", "Students placed otherwise", outcome.moved, ""))
    found.append(("cost", "Points", schedule.shown(sum(span.cost for span in outcome.spans)), ""))
    for rule, penalty in outcome.report.penalties.items():
        if cost := policy.setting(RULES[rule]).weight * penalty:
            found.append((f"cost_{rule}", f"  {rule}", schedule.shown(cost), ""))
    for span in outcome.spans:
        level = f" at level {span.level}" if len(outcome.spans) > 1 else ""
        suffix = f"_{span.level}" if level else ""
        if level:
            found.append((f"cost_level{suffix}", f"Points{level}", schedule.shown(span.cost), ""))
        word = "at least" if schedule.sense == "minimise" else "at most"
        found.append((f"bound{suffix}", f"Points possible{level}, {word}", schedule.shown(span.least), ""))
    return found


def data(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """The same for programs."""
    names = rows(outcomes)
    found = []
    for k, outcome in enumerate(outcomes):
        gap = outcome.difference
        found.append(
            {
                "name": outcome.alternative.name,
                "at": dict(outcome.alternative.at),
                "changes": list(outcome.alternative.changes),
                "status": outcome.schedule.status.value,
                "complete": outcome.complete,
                "figures": {name: values[k] for name, _, _, values in names},
                "against_base": None
                if gap is None
                else {"verdict": gap.verdict, "level": gap.level, "least": gap.least, "most": gap.most, "sentence": gap.sentence},
                "seconds": round(outcome.schedule.seconds, 1),
            }
        )
    return found


def table(outcomes: Sequence[Outcome]) -> Sheet:
    """The same as a table: one row an alternative."""
    names = rows(outcomes)
    keys = list(dict.fromkeys(key for outcome in outcomes for key, _ in outcome.alternative.at))
    head = ["alternative", *(f"at_{key}" for key in keys), "status", "against_base", "change_least", "change_most"]
    lines: list[tuple[Value, ...]] = []
    for k, outcome in enumerate(outcomes):
        at, gap = dict(outcome.alternative.at), outcome.difference
        told: tuple[Value, ...] = (outcome.schedule.status.value, gap.verdict if gap else outcome.verdict)
        change: tuple[Value, ...] = (gap.least, gap.most) if gap else (None, None)
        numbers = (values[k] for *_, values in names)
        said = " | ".join(outcome.alternative.changes)
        lines.append((outcome.alternative.name, *(at.get(key) for key in keys), *told, *change, *map(_whole, numbers), said))
    columns = (Column(name, name) for name in (*head, *(name for name, *_ in names), "changes"))
    return Sheet("comparison", "Alternatives", tuple(columns), tuple(lines))


def _whole(value: float | None) -> float | None:
    """A whole number as one."""
    return int(value) if value is not None and value == int(value) else value
