"""Small exact re-solves: the best that a few families can do while all others stay, if something is to be placed."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from ortools.sat.python import cp_model

from scheduler.model.cp import Sum, Variable
from scheduler.model.part import part_of
from scheduler.model.standing import Standing
from scheduler.offers.days import BoolArray, IntArray
from scheduler.offers.options import PartyOptions
from scheduler.offers.parties import Demand
from scheduler.rules.demand import meeting
from scheduler.solve.alone import small_solver
from scheduler.solve.direct import run_until
from scheduler.solve.neighbourhood.partmodel import PartModel
from scheduler.standing.ground import Ground, Missing

#: Seconds for one small model.
MOST_SECONDS = 5.0


def best_with(
    ground: Ground,
    picked: Sequence[int],
    family: int,
    demands: Sequence[Demand],
    only: IntArray | None = None,
    *,
    fewest: bool = False,
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
    fewest
        Whether as few placements as possible are to be new ones, before what it costs.

    Returns
    -------
    dict
        Options by family; None where none was found.
    """
    forced = _meeting_any(ground, family, demands)
    masks: dict[int, BoolArray] = {}
    if only is not None:
        wanted = np.zeros_like(forced)
        wanted[only] = True
        masks[family] = wanted | ~forced
        forced = wanted
    choice = _Choice(ground, picked, masks)
    if only is None:
        choice.force(family, demands, forced)
    else:
        choice.at_least(family, forced.astype(np.int64), 1)
    return choice.cheapest(fewest=fewest)


def best_together(
    ground: Ground, family: int, missing: Sequence[Missing], options: IntArray, *, own_move: bool, every: bool
) -> dict[int, IntArray] | None:
    """The cheapest choice found of one family in which it gets several rotations that it lacks, and loses none.

    Parameters
    ----------
    options
        Positions of its options from which these are taken.
    own_move
        Whether its other placements may move.
    every
        Whether all of them must be placed, or as many as are worth it.
    """
    now = ground.standing.chosen[family]
    lacking = np.zeros(len(ground.family(family).options), dtype=bool)
    for one in missing:
        lacking |= _meeting_any(ground, family, one.demands)
    allowed = ~lacking if own_move else np.zeros_like(lacking)
    allowed[options] = True
    choice = _Choice(ground, [family], {family: allowed})
    if not own_move:
        stay = np.zeros(len(allowed), dtype=np.int64)
        stay[now] = 1
        choice.at_least(family, stay, len(now))
    for one in missing if every else ():
        more = one.row.missing if one.row.unit == "rotations" else 1
        choice.force(family, one.demands, _meeting_any(ground, family, one.demands), more)
    return choice.cheapest()


def _meeting_any(ground: Ground, family: int, demands: Sequence[Demand]) -> BoolArray:
    """Which options of a family meet one of some demands."""
    options = ground.family(family).options
    found = np.zeros(len(options), dtype=bool)
    for demand in demands:
        found |= meeting(ground.book.facts, options, demand)
    return found


class _Choice:
    """A small model in which some families choose again and nobody loses a rotation."""

    def __init__(self, ground: Ground, picked: Sequence[int], masks: Mapping[int, BoolArray]) -> None:
        self.ground = ground
        for f in picked:
            ground.family(f)
        self.part = part_of(ground.standing, picked, masks)
        self.model = PartModel(ground.standing, self.part)
        for f, kept, take in zip(self.part.picked, self.part.kept, self.model.take, strict=True):
            for found, least in _kept(ground, f, ground.family(f).options.take(kept)):
                _at_least(self.model, take, found, least)

    def at_least(self, family: int, value: IntArray, least: int) -> None:
        """Σ of values of a family's options that are chosen ≥ least."""
        k = self.part.picked.index(family)
        _at_least(self.model, self.model.take[k], value[self.part.kept[k]], least)

    def force(self, family: int, demands: Sequence[Demand], where: BoolArray, more: int = 1) -> None:
        """Let a family have a rotation that it lacks in full, or so many more of several to choose from."""
        if len(demands) == 1 and not demands[0].single:
            amount = self.ground.family(family).options.amount
            self.at_least(family, np.where(where, amount, 0), demands[0].total)
        else:
            there = int(where[self.ground.standing.chosen[family]].sum())
            self.at_least(family, where.astype(np.int64), there + more)

    def cheapest(self, *, fewest: bool = False) -> dict[int, IntArray] | None:
        """The cheapest choice found, level after level, or of those with the fewest new placements; None where none was found."""
        wrong, *levels = self.model.objectives(self.ground.standing.levels)
        chosen = _best(self.model, (wrong, *([self._new()] if fewest else []), *levels))
        return None if chosen is None else self.part.positions(chosen)

    def _new(self) -> Sum:
        """How many placements are not there now."""
        total = Sum()
        for f, kept, take in zip(self.part.picked, self.part.kept, self.model.take, strict=True):
            for o in np.flatnonzero(~np.isin(kept, self.ground.standing.chosen[f])).tolist():
                total.add(take[o], 1)
        return total


def choose_again(standing: Standing, picked: Sequence[int], stop: threading.Event) -> None:
    """Let some families choose again as well as they can together, all others staying; broken hard rows come first."""
    part = part_of(standing, picked)
    model = PartModel(standing, part)
    chosen = _best(model, model.objectives(standing.levels), stop)
    if chosen is not None:
        standing.change(part.positions(chosen))


def _best(model: PartModel, totals: Iterable[Sum], stop: threading.Event | None = None) -> list[IntArray] | None:
    """The best choice found, one total after the other; None if there is none."""
    chosen: list[IntArray] | None = None
    for total in totals:
        if not total.variables:
            continue
        model.model.minimize(total.expression())
        solver = small_solver()
        solver.parameters.max_time_in_seconds = MOST_SECONDS
        status = run_until(solver, model.model, stop or threading.Event())
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return chosen
        chosen = model.chosen(solver.response_proto.solution)
        model.model.add(total.expression() <= round(solver.objective_value))
    return chosen


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
