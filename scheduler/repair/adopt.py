"""A schedule with one more placement, as it is written: what it says of itself is what the verifier counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from scheduler.domain import RULES, Instance, Placement, RuleScore, Schedule, Status, Unplaced
from scheduler.standing.ground import Key, judged
from scheduler.verify import verify

#: Why something is unplaced that the schedule did not leave out.
NEW_GAP = "given back, or asked for since the schedule was made"


def with_more(instance: Instance, schedule: Schedule, more: Sequence[Placement]) -> Schedule:
    """A schedule with placements added to those that it has, which stay as they are, agreed on or withdrawn.

    Nothing is proved of it: bounds are left out. Reasons of what is still unplaced are those of the schedule.

    Raises
    ------
    AssertionError
        If the verifier finds that it breaks rules, or says something of itself that is not so.
    """
    rows = tuple(sorted((*schedule.placements, *more), key=lambda p: (p.who, p.start, p.requirement, p.slot)))
    report = judged(instance, rows)
    why = {(u.student, u.group, u.part, u.requirement): u.reason for u in schedule.unplaced}
    unplaced = tuple(
        u.model_copy(update={"reason": why.get((u.student, u.group, u.part, u.requirement), "given back")})
        for u in report.unplaced
    )
    settings = {rule: instance.policy.setting(RULES[rule]) for rule in report.penalties}
    scores = tuple(
        RuleScore(
            rule=rule, level=s.level, weight=s.weight, penalty=report.penalties[rule], cost=s.weight * report.penalties[rule]
        )
        for rule, s in settings.items()
    )
    found = schedule.model_copy(
        update={
            "status": Status.FEASIBLE,
            "placements": rows,
            "unplaced": unplaced,
            "objective": report.objective,
            "bound": None,
            "more": None,
            "levels": (),
            "effort": None,
            "trace": (),
            "scores": scores,
            "schools": report.schools,
            "sense": instance.policy.sense,
            "instance_hash": "",
            "instance_name": instance.name,
            "planning_date": instance.planning_date,
            "made": datetime.now(UTC).replace(microsecond=0),
        }
    )
    if wrong := verify(instance, found).violations:
        raise AssertionError(f"the schedule would not be valid: {wrong[:3]}")
    return found


def _what(row: Unplaced) -> Key:
    return row.student, row.group, row.part, row.requirement
