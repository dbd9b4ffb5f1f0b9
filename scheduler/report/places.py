"""How full units are and how much preceptors have, week by week."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from scheduler.export.tables.people import weeks_with_students
from scheduler.export.tables.places import by_unit
from scheduler.report.index import Index
from scheduler.verify.facts import Facts
from scheduler.verify.load import days_of
from scheduler.verify.placed import Placed


def occupancy(facts: Facts, index: Index) -> list[list[list[int]]]:
    """By unit: ``[week, students at once, of at most, taken otherwise]`` of each week in which it has students.

    As in the table ``by_unit``: *at once* is the fullest moment of the week.
    """
    found: list[list[list[int]]] = [[] for _ in index.unit]
    for unit, place in index.unit.items():
        if unit not in facts.by_unit:
            continue
        table = by_unit(facts, unit)
        at = {column.key: i for i, column in enumerate(table.columns)}
        for row in table.rows:
            week = row[at["week"]]
            assert isinstance(week, date)
            figures = (row[at[key]] for key in ("at_once", "most_at_once", "committed"))
            found[place].append([facts.instance.week_of(week), *(int(str(figure)) for figure in figures)])
    return found


def loads(facts: Facts, index: Index) -> list[list[Any]]:
    """By preceptor: weeks with students or commitments, the most there may be, students at once, the most, and placements.

    None where there is no limit.
    """
    led: dict[str, list[Placed]] = defaultdict(list)
    faculty = {group.group: group.faculty for group in facts.instance.groups if group.faculty}
    for p in facts.placed:
        if p.party.group in faculty:
            led[faculty[p.party.group]].append(p)
    rows: list[list[Any]] = []
    for who in index.preceptor:
        row = facts.instance.preceptor_by_id[who]
        placed = list(dict.fromkeys((*facts.by_preceptor.get(who, ()), *led.get(who, ()))))
        weeks = len(weeks_with_students(facts, who))
        at_once = max((sum(p.size for p in there) for there in days_of(placed).values()), default=0)
        most = None if who in led else row.most_at_once  # who comes with a group has its size
        rows.append([weeks, row.most_weeks, at_once, most, len(placed)])
    return rows
