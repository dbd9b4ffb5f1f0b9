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
        changes = _switch(model, walk.form, walk.start, walk.end, take)
        yield from ((change, walk.each) for change in changes)
    else:
        yield from ((idle, walk.each) for idle in _span(model, walk.form, take))


def _switch(model: cp_model.CpModel, form: Switch, start: IntArray, end: IntArray, take: list[Variable]) -> list[Variable]:
    """One place `at[t, key]` between any two starts; it can only change at a price.

    Time is cut at every start, so that each chosen option begins at a cut; from there on the place is the option's key until
    another one begins. Before the first option the place is free, which costs nothing.
    """
    keys, code = np.unique(form.key, return_inverse=True)
    if len(keys) < 2:
        return []
    times, when = np.unique(start, return_inverse=True)
    at = [[model.new_bool_var("") for _ in keys] for _ in times]
    changes = []
    for t in range(len(times)):
        model.add_exactly_one(at[t])
        if t:
            change = model.new_bool_var("")
            changes.append(change)
            for k in range(len(keys)):
                # leaving key k at t is a change
                model.add_bool_or(at[t - 1][k].negated(), at[t][k], change)
    for o, variable in enumerate(take):
        model.add_implication(variable, at[int(when.ravel()[o])][int(code.ravel()[o])])
    # an option that lasts beyond later starts keeps its key there: nothing else can begin
    last = np.searchsorted(times, end, side="right") - 1
    for o, variable in enumerate(take):
        for t in range(int(when.ravel()[o]) + 1, int(last[o]) + 1):
            model.add_implication(variable, at[t][int(code.ravel()[o])])
    return changes


def _span(model: cp_model.CpModel, form: Span, take: list[Variable]) -> list[Variable]:
    """`ahead[w]`: some chosen option touches week w or a later one; `idle[w]` ≥ ahead[w] − options that touch w."""
    final = int(form.last.max())
    weeks = range(form.origin, final + 1)
    ahead = {w: model.new_bool_var("") for w in weeks}
    idle = []
    for w in weeks:
        touching = [take[o] for o in np.flatnonzero((form.first <= w) & (form.last >= w)).tolist()]
        if w < final:
            model.add_implication(ahead[w + 1], ahead[w])
        for variable in touching:
            model.add_implication(variable, ahead[w])
        waits = model.new_bool_var("")
        model.add_bool_or([ahead[w].negated(), waits, *touching])
        idle.append(waits)
    return idle
