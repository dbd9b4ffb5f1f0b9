"""Tight random worlds, and what is false in what is claimed of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scheduler.domain import Instance, Schedule, Status
from scheduler.domain.edits import changed
from scheduler.explain.changes import Change, Changes
from scheduler.io import instance_problems
from scheduler.solve import Settings, solve
from scheduler.standing.ground import Ground, Missing
from scheduler.verify import verify
from tests.contract.worlds import world

ONE_WORKER = Settings(workers=1, time_limit_s=20)
#: Seed, instance, and a schedule of it.
World = tuple[int, Instance, Schedule]


def tight(seed: int) -> Instance:
    """A world in which slots take no more than they must, and preceptors one student at a time for a few weeks."""
    instance = world(seed)
    slots = tuple(s.model_copy(update={"most_students": s.least_students}) for s in instance.slots)
    few: dict[str, Any] = {"most_at_once": 1, "most_weeks": 2}
    people = tuple(p.model_copy(update=few) for p in instance.preceptors)
    return instance.model_copy(update={"slots": slots, "preceptors": people})


def with_unplaced(count: int) -> Iterator[World]:
    """The first tight worlds of which a schedule leaves something out."""
    seed = found = 0
    while found < count:
        instance = tight(seed)
        schedule = solve(instance, ONE_WORKER) if not any(p.severity == "error" for p in instance_problems(instance)) else None
        if schedule is not None and schedule.status in (Status.OPTIMAL, Status.FEASIBLE) and schedule.unplaced:
            found += 1
            yield seed, instance, schedule
        seed += 1


def claimed(instance: Instance, schedule: Schedule) -> Iterator[tuple[Missing, Change]]:
    """All changes that are claimed to place what a schedule leaves out."""
    report = verify(instance, schedule)
    ground = Ground(instance, schedule)
    changes = Changes(ground, report)
    for missing in ground.missing(report.unplaced):
        yield from ((missing, change) for change in changes.smallest(missing))


def false_claim(instance: Instance, schedule: Schedule, missing: Missing, change: Change) -> str:
    """What is wrong with a claim, in words; empty if nothing is: verifier, statements and a fresh solve are asked."""
    other = changed(instance, change.edits)
    other = Instance.model_validate(other.model_dump())  # the rows are rows that could be in a file
    if wrong := [p for p in instance_problems(other) if p.severity == "error"]:
        return f"the changed instance is wrong: {wrong[0]}"
    claim = Schedule(status=Status.FEASIBLE, placements=change.placements)
    report = verify(other, claim)
    if not report.ok:
        return f"the placements break rules: {report.violations[0]}"
    row, before = missing.row, verify(instance, schedule)
    lacks = {(u.student, u.group, u.part, u.requirement): u.missing for u in report.unplaced}
    had = {(u.student, u.group, u.part, u.requirement): u.missing for u in before.unplaced}
    if (row.student, row.group, row.part, row.requirement) in lacks:
        return "it is not placed"
    if any(amount > had.get(key, 0) for key, amount in lacks.items()):
        return "somebody loses something"
    Ground(other, claim)  # raises where the statements do not allow it
    solved = solve(other, ONE_WORKER)
    if solved.status is Status.INFEASIBLE:
        return "a fresh solve proves that there is no schedule"
    if solved.status is Status.OPTIMAL and len(solved.levels) == 1 and (solved.objective or 0) > report.objective:
        return f"the claim costs {report.objective}, less than the proven best {solved.objective}"
    for edit in change.edits:
        fewer = [e for e in change.edits if e is not edit]
        if verify(changed(instance, fewer), claim).ok:
            return f"it holds without {edit.sentence}"
    return ""
