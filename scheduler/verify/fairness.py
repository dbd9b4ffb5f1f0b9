"""Fairness: what the worst-off party pays under the personal rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from scheduler.verify import (
    access,
    amounts,
    baseline,
    cost,
    curriculum,
    demand,
    entry,
    equity,
    people,
    places,
    preceptors,
    qualification,
    service,
    spacing,
    suitability,
    teams,
    time,
    travel,
    wishes,
    worktime,
)
from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding
from scheduler.verify.parties import Party

BASIC: dict[str, Check] = {
    **demand.CHECKS,
    **time.CHECKS,
    **worktime.CHECKS,
    **suitability.CHECKS,
    **access.CHECKS,
    **entry.CHECKS,
    **places.CHECKS,
    **preceptors.CHECKS,
    **qualification.CHECKS,
    **teams.CHECKS,
    **people.CHECKS,
    **curriculum.CHECKS,
    **amounts.CHECKS,
    **spacing.CHECKS,
    **wishes.CHECKS,
    **travel.CHECKS,
    **service.CHECKS,
    **cost.CHECKS,
    **equity.CHECKS,
    **baseline.CHECKS,
}


def worst_off(facts: Facts) -> Iterator[Finding]:
    """The largest total of any party of whom anything is asked, over the listed rules that are soft."""
    setting = facts.setting("worst_off")
    totals: dict[Party, int] = defaultdict(int)
    for rule in setting.names("rules"):
        if rule in BASIC and facts.setting(rule).kind == "soft":
            for finding in BASIC[rule](facts):
                if finding.party and not finding.firm:
                    totals[finding.party] += facts.setting(rule).weight * finding.amount
    worst: tuple[int, Party] | None = None
    for party, asked in facts.parties.demands.items():
        if asked.count:
            total = totals.get(party, 0)
            points = -(-total // asked.count) if setting.parameters["scale"] == "per_requirement" else total
            if worst is None or points > worst[0]:
                worst = points, party
    if worst:
        yield Finding(f"{worst[1].name} is worst off with {worst[0]} points", worst[0], (), worst[1])


CHECKS: dict[str, Check] = {**BASIC, "worst_off": worst_off}
