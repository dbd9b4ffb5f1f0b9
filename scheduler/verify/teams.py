"""Interprofessional teams, from what each placement says of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from scheduler.domain.tables import IpeTeam
from scheduler.verify.demand import by_requirement
from scheduler.verify.facts import Facts
from scheduler.verify.findings import Check, Finding
from scheduler.verify.parties import Party
from scheduler.verify.placed import Placed, names


def ipe_team(facts: Facts) -> Iterator[Finding]:
    """Teams are what their rows say, and everybody who should is in one that is long enough."""
    rows = {row.team: row for row in facts.instance.ipe_teams}
    meetings: dict[tuple[str, date, str], list[Placed]] = defaultdict(list)
    for placed in facts.placed:
        if placed.row.team:
            team, monday = parsed(placed.row.team)
            wrong = _wrong(facts, placed, rows.get(team), monday)
            if wrong or monday is None:
                yield Finding(f"{placed.title}: team {placed.row.team} {wrong}", 1, (placed,), firm=True)
            else:
                meetings[team, monday, placed.unit.unit].append(placed)
    for (team, monday, unit), together in meetings.items():
        wrong = "; ".join(_short(rows[team], together))
        if wrong:
            sentence = f"Team {team} in unit {unit} from {monday} ({names(together)}) has {wrong}"
            yield Finding(sentence, 1, tuple(together), firm=True)
    for body in asked(facts):
        least = body.program.least_ipe_weeks
        if without_placement(facts, body) == 0 and not in_team(facts, body):
            sentence = f"{body.name} is in no interprofessional team of {least} week{'' if least == 1 else 's'}"
            yield Finding(sentence, body.size, tuple(facts.with_group(body)), body)


CHECKS: dict[str, Check] = {"ipe_team": ipe_team}


def asked(facts: Facts) -> Iterator[Party]:
    """The parties that should be in a team: students for themselves, or their group for them."""
    for body in facts.parties.all_bodies():
        alone = not body.student or body.home_group not in facts.parties.groups
        if body.program.least_ipe_weeks is not None and alone and facts.parties.demands[body].count:
            yield body


def in_team(facts: Facts, body: Party) -> bool:
    """Whether a party is in a team that is long enough for its program."""
    weeks = {row.team: row.weeks for row in facts.instance.ipe_teams}
    joined = (weeks.get(parsed(p.row.team)[0], 0) for p in facts.with_group(body) if p.row.team)
    return max(joined, default=0) >= (body.program.least_ipe_weeks or 1)


def parsed(text: str) -> tuple[str, date | None]:
    """Id of a team and the Monday of its first week; None where the text names no Monday."""
    team, _, day = text.rpartition(" ")
    try:
        monday = date.fromisoformat(day)
    except ValueError:
        return team, None
    return team, monday if monday.weekday() == 0 else None


def without_placement(facts: Facts, body: Party) -> int:
    """How many required rotations of a party have no placement at all, electives still to be chosen included."""
    of_requirement = by_requirement(facts, body)
    demands = facts.parties.demands[body]
    tasks = [(name, task) for name, demand in demands.by_requirement.items() if not demand.elective for task in demand.tasks]
    missing = sum(all(p.task is not task for p in of_requirement.get(name, [])) for name, task in tasks)
    return missing + sum(max(0, c.choose - sum(1 for m in c.members if of_requirement.get(m))) for c in demands.choices)


def _wrong(facts: Facts, placed: Placed, row: IpeTeam | None, monday: date | None) -> str:
    """Why a placement cannot be in the team that it names."""
    if row is None or monday is None:
        return "is not an id of ipe_teams and a Monday, like 'T1 2026-09-07'"
    if row.unit != placed.unit.unit if row.unit else row.site != placed.unit.site:
        return f"does not meet in unit {placed.unit.unit}"
    if placed.party.program.profession not in dict(row.professions):
        return f"has no {placed.party.program.profession}"
    last = monday + timedelta(weeks=row.weeks - 1)
    if placed.start > monday.toordinal() + 6 or placed.end < last.toordinal():
        return f"meets in the weeks from {monday} to that of {last}, not in all of which the placement is"
    return ""


def _short(row: IpeTeam, together: list[Placed]) -> Iterator[str]:
    """What is wrong with the numbers of a team."""
    count: dict[str, int] = defaultdict(int)
    for p in together:
        count[p.party.program.profession] += p.size
    for profession, least in row.professions:
        if count[profession] < least:
            yield f"{count[profession]} of {profession} where at least {least} are needed"
    if row.most_students is not None and sum(count.values()) > row.most_students:
        yield f"{sum(count.values())} students, at most {row.most_students} allowed"
