"""What two schedules mean for those who get students: how many, who comes, and who no longer does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from scheduler.compare.comparison import Comparison
from scheduler.compare.moves import Move
from scheduler.domain import GONE, Placement, Schedule

RosterKind = Literal["preceptor", "unit"]


@dataclass(frozen=True, slots=True)
class Load:
    """Students, each counted once a placement, and their weeks together."""

    students: int = 0
    weeks: int = 0


@dataclass(frozen=True, slots=True)
class Roster:
    """What changed for one preceptor (also as co-preceptor) or unit.

    Attributes
    ----------
    comes, gone, changed
        Who comes now, who no longer does, and who still comes, but otherwise.
    """

    id: str
    before: Load
    after: Load
    comes: tuple[Move, ...]
    gone: tuple[Move, ...]
    changed: tuple[Move, ...]


def rosters(found: Comparison, kind: RosterKind) -> list[Roster]:
    """The preceptors or units for whom something changed, by id."""
    was, now = (_loads(schedule, kind) for schedule in (found.before, found.after))
    lists: dict[str, tuple[list[Move], list[Move], list[Move]]] = defaultdict(lambda: ([], [], []))
    for move in found.moves:
        old, new = (_ids(p, kind) if p else () for p in (move.before, move.after))
        for who in {*old, *new}:
            lists[who][2 if who in old and who in new else 1 if who in old else 0].append(move)
    return [
        Roster(who, was.get(who, Load()), now.get(who, Load()), *(tuple(those) for those in lists[who])) for who in sorted(lists)
    ]


def _ids(p: Placement, kind: RosterKind) -> tuple[str, ...]:
    both: Iterable[str] = (p.unit,) if kind == "unit" else (p.preceptor, p.co_preceptor)
    return tuple(filter(None, both))


def _loads(schedule: Schedule, kind: RosterKind) -> dict[str, Load]:
    found: dict[str, Load] = defaultdict(Load)
    for p in schedule.placements:
        for who in _ids(p, kind) if p.status not in GONE else ():
            found[who] = Load(found[who].students + p.students, found[who].weeks + p.students * p.weeks)
    return found
