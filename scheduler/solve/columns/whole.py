"""The best schedule in a box of a written-out program, by CP-SAT, which reasons in whole numbers."""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from scheduler.rules.statements import FREE
from scheduler.solve.columns.pool import Column
from scheduler.solve.columns.program import Box, Program
from scheduler.solve.direct import run_until

#: One search that proves with the strongest linear relaxation, one worker each; others look for schedules.
PROVING = ("max_lp", "reduced_costs")


class Best(NamedTuple):
    """Columns and cost of the best schedule (None if none was found), and whether it is proven that none is better."""

    columns: list[Column] | None
    cost: int
    proven: bool


def best_of(
    program: Program, box: Box, below: int, *, workers: int, seed: int, time_limit_s: float, stop: threading.Event
) -> Best:
    """The cheapest schedule in a box that costs less than `below`."""
    model = cp_model.CpModel()
    free = np.flatnonzero(box.hi[: program.gates] > 0)
    take = {int(j): model.new_bool_var("") for j in free}
    take |= {j: model.new_int_var(int(box.lo[j]), int(box.hi[j]), "") for j in range(program.gates, program.size)}
    for b in range(program.blocks):
        model.add_exactly_one([take[int(j)] for j in free[program.block[free] == b]])
    cost = [(int(program.cost[j]), variable) for j, variable in take.items() if program.cost[j]]
    for k, (limit, price) in enumerate(zip(program.limits(box).tolist(), program.price.tolist(), strict=True)):
        if limit >= FREE:
            continue
        terms = [(value, take[j]) for j, value in program.rows.entries(k) if j in take]
        if price >= 0:
            most = sum(value * int((box.hi if value > 0 else box.lo)[j]) for j, value in program.rows.entries(k)) - limit
            terms.append((-1, model.new_int_var(0, max(most, 0), "")))
            cost.append((price, terms[-1][1]))
        model.add(_sum(terms) <= limit)
    total = _sum(cost)
    model.add(total <= below - 1)
    model.minimize(total)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.subsolvers.extend(PROVING[: max(1, workers - 1)])
    solver.parameters.random_seed = seed % (1 << 31)
    solver.parameters.max_time_in_seconds = max(time_limit_s, 0.01)
    solver.parameters.catch_sigint_signal = False
    status = run_until(solver, model, stop)
    proven = status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Best(None, below, proven)
    columns = [program.columns[int(j)] for j in free if solver.boolean_value(take[int(j)])]
    return Best(sorted(columns, key=lambda c: c.family), round(solver.objective_value), proven)


def _sum(terms: list[tuple[int, cp_model.IntVar]]) -> cp_model.LinearExpr:
    return cp_model.LinearExpr.weighted_sum([v for _, v in terms], [c for c, _ in terms])
