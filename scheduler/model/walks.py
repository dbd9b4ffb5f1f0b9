"""Walks as CP-SAT constraints: the same prices as their `step`, for a solver that sees all options at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from ortools.sat.python import cp_model

from scheduler.offers.days import IntArray
from scheduler.rules.statements import Span, Switch, Walk

Variable = cp_model.IntVar


def add_walk(model: cp_model.CpModel, walk: Walk, take: list[Variable]) -> Iterator[tuple[Variable, int]]:
    """Add what a walk needs to a model; yields the terms of its price. `take[k]` is the chain's option k."""
    if isinstance(walk.form, Switch):
        yield from ((change, walk.each) for change in _switch(model, walk.form, walk.start, walk.end, take))
    elif _weeks_can_be_shared(walk.form, walk.start, walk.end):
        yield from ((idle, walk.each) for idle in _span(model, walk.form, take))
    else:
        yield from ((variable, value * walk.each) for variable, value in _span_of_own_weeks(model, walk.form, take))


def _switch(model: cp_model.CpModel, form: Switch, start: IntArray, end: IntArray, take: list[Variable]) -> list[Variable]:
    """One place `at[t, key]` between any two starts; it can only change at a price.

    Time is cut at every start. While an option lasts the place is its key, and it stays so until another one begins; before
    the first option the place is free, which costs nothing. Options present at the same cut exclude each other, so
    Σ x ≤ at[t, key] is the strongest way to say it.
    """
    keys, code = np.unique(form.key, return_inverse=True)
    if len(keys) < 2:
        return []
    code = code.ravel()
    changes: list[Variable] = []
    before: list[Variable] = []
    for t in np.unique(start).tolist():
        at = [model.new_bool_var("") for _ in keys]
        model.add_exactly_one(at)
        present = (start <= t) & (end >= t)
        for k in range(len(keys)):
            here = [take[o] for o in np.flatnonzero(present & (code == k)).tolist()]
            model.add(cp_model.LinearExpr.sum(here) <= at[k])
        if before:
            change = model.new_bool_var("")
            changes.append(change)
            for k in range(len(keys)):
                model.add(at[k] - before[k] <= change)
        before = at
    return changes


def _weeks_can_be_shared(form: Span, start: IntArray, end: IntArray) -> bool:
    """Whether one option can end in a week before another one starts in the same week."""
    weeks = int(form.last.max()) + 1
    earliest_end = np.full(weeks, np.iinfo(np.int64).max)
    np.minimum.at(earliest_end, form.last, end)
    latest_start = np.full(weeks, -1, dtype=np.int64)
    np.maximum.at(latest_start, form.first, start)
    return bool((earliest_end < latest_start).any())


def _ahead(model: cp_model.CpModel, form: Span) -> dict[int, Variable]:
    """`ahead[w]`: some chosen option touches week w or a later one."""
    weeks = range(form.origin, int(form.last.max()) + 1)
    ahead = {w: model.new_bool_var("") for w in weeks}
    for w in weeks[:-1]:
        model.add_implication(ahead[w + 1], ahead[w])
    return ahead


def _span_of_own_weeks(model: cp_model.CpModel, form: Span, take: list[Variable]) -> Iterator[tuple[Variable, int]]:
    """Weeks ahead of the last option minus weeks that options touch, where no two options touch the same week."""
    for w, variable in _ahead(model, form).items():
        touching = np.flatnonzero((form.first <= w) & (form.last >= w)).tolist()
        model.add(cp_model.LinearExpr.sum([take[o] for o in touching]) <= variable)
        yield variable, 1
    first = np.maximum(form.first, form.origin)
    for o, weeks in enumerate((form.last - first + 1).tolist()):
        if weeks > 0:
            yield take[o], -weeks


def _span(model: cp_model.CpModel, form: Span, take: list[Variable]) -> Iterator[Variable]:
    """`idle[w]` ≥ ahead[w] − options that touch w, for options that may touch the same week."""
    for w, variable in _ahead(model, form).items():
        touching = [take[o] for o in np.flatnonzero((form.first <= w) & (form.last >= w)).tolist()]
        for option in touching:
            model.add_implication(option, variable)
        waits = model.new_bool_var("")
        model.add_bool_or([variable.negated(), waits, *touching])
        yield waits
