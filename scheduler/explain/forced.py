"""Small exact re-solves: the best that a few families can do while all others stay, if something is to be placed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from ortools.sat.python import cp_model

from scheduler.explain.ground import Ground
from scheduler.model.cp import Variable
from scheduler.model.part import part_of
from scheduler.offers.days import BoolArray, IntArray
from scheduler.offers.options import PartyOptions
from scheduler.offers.parties import Demand
from scheduler.rules.demand import meeting
from scheduler.solve.alone import small_solver
from scheduler.solve.neighbourhood.partmodel import PartModel

#: Seconds for one small model.
MOST_SECONDS = 5.0


def best_with(
    ground: Ground, picked: Sequence[int], family: int, demands: Sequence[Demand], only: IntArray | None = None
) -> dict[int, IntArray] | None:
    """The cheapest choice found of some families in which one of them gets a rotation in full, and nobody loses one.

    Parameters
    ----------
    picked
        Families that may choose again.
    family, demands
        Who gets what: one of the demands.
    only
        Positions of the options with which a single placement meets it; None: any.

    Returns
    -------
    dict
        Options by family; None where none was found.
    """
    own = ground.family(family)
    forced = np.zeros(len(own.options), dtype=bool)
    for demand in demands:
        forced |= meeting(ground.book.facts, own.options, demand)
    masks: dict[int, BoolArray] = {}
    if only is not None:
        wanted = np.zeros_like(forced)
        wanted[only] = True
        masks[family] = wanted | ~forced
        forced = wanted
    part = part_of(ground.standing, picked, masks)
    model = PartModel(ground.standing, part)
    for f, kept, take in zip(part.picked, part.kept, model.take, strict=True):
        options = ground.family(f).options.take(kept)
        for found, least in _kept(ground, f, options):
            _at_least(model, take, found, least)
        if f == family:
            here = forced[kept]
            if only is None and len(demands) == 1 and not demands[0].single:
                _at_least(model, take, np.where(here, options.amount, 0), demands[0].total)
            else:
                missing = sum(bool(forced[o]) for o in ground.standing.chosen[f].tolist())
                _at_least(model, take, here.astype(np.int64), 1 + (missing if only is None else 0))
    chosen: list[IntArray] | None = None
    objectives = [total for total in model.objectives(ground.standing.levels) if total.variables]
    for total in objectives:
        model.model.minimize(total.expression())
        solver = small_solver()
        solver.parameters.max_time_in_seconds = MOST_SECONDS
        status = solver.solve(model.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return part.positions(chosen) if chosen is not None else None
        chosen = model.chosen(solver.response_proto.solution)
        model.model.add(total.expression() <= round(solver.objective_value))
    return part.positions(chosen) if chosen is not None else None


def _at_least(model: PartModel, take: Sequence[Variable], value: IntArray, least: int) -> None:
    some = np.flatnonzero(value)
    terms = cp_model.LinearExpr.weighted_sum([take[o] for o in some.tolist()], value[some].tolist())
    if len(some):
        model.model.add_linear_constraint(terms, least, 1 << 40)
    elif least > 0:
        model.model.add_bool_or([])


def _kept(ground: Ground, f: int, options: PartyOptions) -> Iterator[tuple[IntArray, int]]:
    """What a family has now and is not to lose: coefficients of its options, and their least sum."""
    facts = ground.book.facts
    now = ground.family(f).options.take(ground.standing.chosen[f])
    for demand in (facts.demands[d] for d in facts.families[f].demands):
        if demand.elective:
            continue  # another one may be chosen instead
        there, has = meeting(facts, options, demand), meeting(facts, now, demand)
        if demand.single:
            if has.any():
                yield there.astype(np.int64), 1
        elif amount := min(int(now.amount[has].sum()), demand.total):
            yield np.where(there, options.amount, 0), amount
    for choice in facts.families[f].choices:
        members = [facts.demands[d] for d in choice.demands]
        if taken := sum(bool(meeting(facts, now, d).any()) for d in members):
            there = np.zeros(len(options), dtype=bool)
            for demand in members:
                there |= meeting(facts, options, demand)
            yield there.astype(np.int64), min(taken, choice.count)


def cost_of(ground: Ground, moves: Mapping[int, IntArray]) -> tuple[int, ...]:
    """How much more each level of the policy costs if some families had other options."""
    before, chosen = ground.standing.cost, {f: ground.standing.chosen[f] for f in moves}
    ground.standing.change(moves)
    after = ground.standing.cost
    ground.standing.change(chosen)
    return tuple(b - a for a, b in zip(before[1:], after[1:], strict=True))
