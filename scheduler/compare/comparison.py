"""Two schedules side by side: who is placed otherwise, what each rule costs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from scheduler.compare.moves import Move, moves, numbered_alike
from scheduler.domain import Placement, Schedule, Unplaced


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What a rule costs in each schedule, weights included; 0 where the rule is off."""

    rule: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences between two schedules.

    Attributes
    ----------
    moves
        What is not the same in both. A placement that was agreed on (its status) is not another one, one that was declined or
        withdrawn is not there.
    newly_placed, newly_unplaced
        Rows of ``unplaced.csv`` of which less is missing after, or more.
    rules
        Every rule that costs or wins something in one of the two, most expensive first.
    """

    before: Schedule
    after: Schedule
    moves: tuple[Move, ...]
    newly_placed: tuple[Unplaced, ...]
    newly_unplaced: tuple[Unplaced, ...]
    rules: tuple[RuleChange, ...]

    @property
    def added(self) -> tuple[Placement, ...]:
        """Placements that are there only after."""
        return tuple(m.after for m in self.moves if m.before is None and m.after is not None)

    @property
    def removed(self) -> tuple[Placement, ...]:
        """Placements that are there only before."""
        return tuple(m.before for m in self.moves if m.after is None and m.before is not None)

    @property
    def moved(self) -> tuple[Move, ...]:
        """Placements that are others now."""
        return tuple(m for m in self.moves if m.before is not None and m.after is not None)

    @property
    def changes(self) -> int:
        """Number of placements added, removed and moved."""
        return len(self.moves)

    @property
    def concerned(self) -> dict[str, int]:
        """Students and groups with a change, each with the number of students who notice it."""
        parts: dict[str, dict[int, int]] = defaultdict(dict)
        for p in (*self.added, *self.removed, *(p for m in self.moved for p in (m.before, m.after) if p)):
            parts[p.student or p.group][p.part] = p.students
        # part 0 is the whole group
        return {who: sizes.get(0, sum(sizes.values())) for who, sizes in parts.items()}


def compare(before: Schedule, after: Schedule) -> Comparison:
    """Tell what changed from one schedule of an instance to another.

    Placements of the same student or group and required rotation are paired so that as little as possible changed. Which
    students make up which part of a group is open, so equal parts are numbered as they were before, as far as possible.
    """
    after = numbered_alike(before, after)
    missing, still = _missing(before), _missing(after)
    return Comparison(
        before,
        after,
        tuple(move for move in moves(before.placements, after.placements) if move.kind != "unchanged"),
        tuple(u for key, u in missing.items() if u.missing > (still[key].missing if key in still else 0)),
        tuple(u for key, u in still.items() if u.missing > (missing[key].missing if key in missing else 0)),
        _rules(before, after),
    )


def _missing(schedule: Schedule) -> dict[tuple[str, str, int, str], Unplaced]:
    return {(u.student, u.group, u.part, u.requirement): u for u in schedule.unplaced}


def _rules(before: Schedule, after: Schedule) -> tuple[RuleChange, ...]:
    was, now = ({s.rule: s.cost for s in schedule.scores} for schedule in (before, after))
    found = [RuleChange(rule, was.get(rule, 0), now.get(rule, 0)) for rule in {**was, **now}]
    return tuple(sorted((r for r in found if r.before or r.after), key=lambda r: (-max(r.before, r.after), r.rule)))
