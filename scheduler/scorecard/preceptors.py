"""Preceptors of the health system: who is trained, who has students, how many, and for how many hours."""

from __future__ import annotations

from collections import defaultdict

from scheduler.domain.tables import Preceptor
from scheduler.export.diaries import supervising
from scheduler.export.stays import Stay, stays
from scheduler.export.teaching import hours_supervised
from scheduler.scorecard.figures import WHOLE, Scope, Tally, school_scope, site_scope
from scheduler.verify.facts import Facts
from scheduler.verify.load import ANY_TIME, busiest, days_of, students


def add_preceptors(facts: Facts, tally: Tally) -> None:
    """The measures of preceptors. Faculty are the schools' own and not counted."""
    instance = facts.instance
    staff = {who.preceptor: who for who in instance.preceptors if who.kind != "faculty"}
    sites = _sites(facts, staff)
    schools = {i: {p.party.program.school for p in facts.by_preceptor.get(i, ())} for i in staff}
    everybody = frozenset().union(*schools.values())
    recorded = any(who.trained_until for who in staff.values())
    for i, who in staff.items():
        here = (WHOLE, *map(site_scope, sorted(sites[i])))
        own = tuple(map(school_scope, sorted(schools[i])))
        if recorded:
            trained = who.trained_until is None or who.trained_until >= instance.last_day
            tally.add("preceptors_trained", (*here, *own), trained, 1, everybody)
        tally.add("preceptors_active", here, bool(schools[i]), 1, everybody)
        weeks = _weeks(facts, i)
        most = instance.weeks if who.most_weeks is None else who.most_weeks
        tally.add("preceptor_load", here, sum(weeks.values()), who.most_at_once * most, everybody)
        if who.most_weeks is not None:
            tally.add("preceptor_weeks", here, len(weeks), who.most_weeks, everybody)
    _add_hours(facts, tally, staff)


def _sites(facts: Facts, staff: dict[str, Preceptor]) -> dict[str, set[str]]:
    """The sites of each preceptor: of the own units, of slots that name them, and of their placements."""
    instance = facts.instance
    found: dict[str, set[str]] = defaultdict(set)
    for i, who in staff.items():
        found[i] |= {instance.unit_by_id[unit].site for unit in who.units}
        found[i] |= {p.unit.site for p in facts.by_preceptor.get(i, ())}
    for slot in instance.slots:
        for i in slot.preceptors:
            found[i].add(instance.unit_by_id[slot.unit].site)
    return found


def _weeks(facts: Facts, preceptor: str) -> dict[int, int]:
    """The most students at the same moment, by week, where there are any."""
    found: dict[int, int] = defaultdict(int)
    for day, there in days_of(facts.by_preceptor.get(preceptor, ())).items():
        most, _ = busiest(day, there, ANY_TIME, 0, students, ())
        found[facts.monday(day)] = max(found[facts.monday(day)], most)
    return found


def _add_hours(facts: Facts, tally: Tally, staff: dict[str, Preceptor]) -> None:
    instance = facts.instance
    found: dict[str, dict[Scope, list[Stay]]] = defaultdict(lambda: defaultdict(list))
    everybody: set[str] = set()
    for stay in stays(instance, facts.schedule):
        row = stay.row
        for who in dict.fromkeys((*supervising(instance, stay), *filter(None, (row.cover,)))):
            if who in staff:
                everybody.add(row.school)
                for scope in (WHOLE, school_scope(row.school), site_scope(row.site)):
                    found[who][scope].append(stay)
    for who, scopes in found.items():
        for scope, own in scopes.items():
            tally.add("teaching_hours", (scope,), hours_supervised(own, who), 1, everybody)
