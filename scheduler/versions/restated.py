"""A schedule of which somebody no longer comes: what it says of itself is counted anew."""

from __future__ import annotations

from collections.abc import Mapping

from scheduler.domain import GONE, RULES, Instance, Placement, RuleScore, Schedule, Status
from scheduler.errors import Problem
from scheduler.verify import verify


def restated(
    instance: Instance, schedule: Schedule, rows: tuple[Placement, ...], why: Mapping[tuple[str, int, str], str]
) -> tuple[Schedule, list[Problem]]:
    """A schedule with other statuses.

    Where all still come who came, nothing else changes: also its proof holds, as whatever was agreed on since only leaves less
    to choose from. Where somebody no longer comes, unplaced rotations, objective and outcome are counted anew, and nothing is
    proved.

    Parameters
    ----------
    why
        By party, part and rotation: the reason of what is unplaced now.

    Returns
    -------
    schedule, problems
        And a warning for each hard rule that does not hold without those who no longer come.
    """
    found = schedule.model_copy(update={"placements": rows, "instance_hash": ""})
    if all((a.status in GONE) == (b.status in GONE) for a, b in zip(schedule.placements, rows, strict=True)):
        return found, []
    report = verify(instance, Schedule(status=Status.UNKNOWN, placements=rows))
    reasons = {(u.student or u.group, u.part, u.requirement): u.reason for u in schedule.unplaced} | dict(why)
    unplaced = tuple(
        u.model_copy(update={"reason": reasons.get((u.student or u.group, u.part, u.requirement), "declined or withdrawn")})
        for u in report.unplaced
    )
    settings = {rule: instance.policy.setting(RULES[rule]) for rule in report.penalties}
    scores = tuple(
        RuleScore(rule=rule, level=s.level, weight=s.weight, penalty=n, cost=s.weight * n)
        for rule, s in settings.items()
        for n in (report.penalties[rule],)
    )
    update = {
        "status": schedule.status if schedule.objective is None else Status.FEASIBLE,
        "unplaced": unplaced,
        "objective": report.objective,
        "bound": None,
        "more": None,
        "levels": (),
        "trace": (),
        "scores": scores,
        "schools": report.schools,
        "sense": instance.policy.sense,
    }
    worse = [
        Problem(
            f"after these answers: {v.sentence}", file="schedule.csv", code="broken", severity="warning", suggestion="repair it"
        )
        for v in report.violations
    ]
    return found.model_copy(update=update), worse
