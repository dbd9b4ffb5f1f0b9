"""What changed from one schedule to another: a group's placement that moves is one change, as is a student's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

from scheduler.domain import GONE, Placement, Schedule, Unplaced

Kind = Literal["site", "unit", "slot", "dates", "days", "preceptor", "part"]
#: Of more parts of a group than these, the numbers are taken as they are.
MOST_PARTS = 5


@dataclass(frozen=True, slots=True)
class Move:
    """One placement of a party and required rotation that is another one now."""

    before: Placement
    after: Placement

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What is different, most noticeable first; what follows from another site or unit is not said again."""
        a, b = self.before, self.after
        place: tuple[tuple[Kind, bool], ...] = (("site", a.site != b.site), ("unit", a.unit != b.unit))
        time: tuple[tuple[Kind, bool], ...] = (
            ("dates", (a.start, a.end) != (b.start, b.end)),
            ("days", (a.weekdays, a.shift) != (b.weekdays, b.shift)),
            ("preceptor", a.preceptor != b.preceptor),
            ("part", a.part != b.part),
        )
        found = [kind for kind, differs in place if differs][:1] + [kind for kind, differs in time if differs]
        return tuple(found) or ("slot",)


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
    added, removed, moved
        Placements; those that are the same in both are in none of them. One that was agreed on (its status) is not another one,
        one that was declined or withdrawn is not there.
    newly_placed, newly_unplaced
        Rows of ``unplaced.csv`` of which less is missing after, or more.
    rules
        Every rule that costs or wins something in one of the two, most expensive first.
    """

    before: Schedule
    after: Schedule
    added: tuple[Placement, ...]
    removed: tuple[Placement, ...]
    moved: tuple[Move, ...]
    newly_placed: tuple[Unplaced, ...]
    newly_unplaced: tuple[Unplaced, ...]
    rules: tuple[RuleChange, ...]

    @property
    def changes(self) -> int:
        """Number of placements added, removed and moved."""
        return len(self.added) + len(self.removed) + len(self.moved)

    @property
    def concerned(self) -> dict[str, int]:
        """Students and groups with a change, each with the number of students who notice it."""
        parts: dict[str, dict[int, int]] = defaultdict(dict)
        for p in (*self.added, *self.removed, *(m.before for m in self.moved), *(m.after for m in self.moved)):
            parts[p.student or p.group][p.part] = p.students
        # part 0 is the whole group
        return {who: sizes.get(0, sum(sizes.values())) for who, sizes in parts.items()}


def compare(before: Schedule, after: Schedule) -> Comparison:
    """Tell what changed from one schedule of an instance to another.

    Placements of the same student or group and required rotation are paired so that as little as possible changed. Which
    students make up which part of a group is open, so equal parts are numbered as they were before, as far as possible.
    """
    after = _numbered_alike(before, after)
    was, now = _by_rotation(before), _by_rotation(after)
    added, removed, moved = [], [], []
    for key in sorted({*was, *now}):
        pairs = list(_pairs(was.get(key, []), now.get(key, [])))
        moved += [Move(a, b) for a, b in pairs if _distance(a, b) > _SAME]
        removed += _without(was.get(key, []), (a for a, _ in pairs))
        added += _without(now.get(key, []), (b for _, b in pairs))
    missing, still = _missing(before), _missing(after)
    return Comparison(
        before,
        after,
        tuple(added),
        tuple(removed),
        tuple(moved),
        tuple(u for key, u in missing.items() if u.missing > (still[key].missing if key in still else 0)),
        tuple(u for key, u in still.items() if u.missing > (missing[key].missing if key in missing else 0)),
        _rules(before, after),
    )


def _numbered_alike(before: Schedule, after: Schedule) -> Schedule:
    """The later schedule with the numbers that the earlier one gives to the parts of each group."""
    names = {group: _part_names(before, after, group) for group in sorted({p.group for p in after.placements if p.part})}

    def named(row: Placement | Unplaced) -> dict[str, int]:
        return {"part": names.get(row.group, {}).get(row.part, row.part)}

    placements = tuple(p.model_copy(update=named(p)) for p in after.placements)
    unplaced = tuple(u.model_copy(update=named(u)) for u in after.unplaced)
    return after.model_copy(update={"placements": placements, "unplaced": unplaced})


def _part_names(before: Schedule, after: Schedule, group: str) -> dict[int, int]:
    """For each part of a group in `after`, which part of the same size it was before."""
    now = [p for p in after.placements if p.group == group and p.part]
    was = {_place(p, p.part) for p in before.placements if p.group == group and p.part}
    size = {p.part: p.students for p in now}
    parts = sorted(size)
    if len(parts) > MOST_PARTS:
        return {}
    options = [dict(zip(parts, order, strict=True)) for order in permutations(parts)]
    fair = [names for names in options if all(size[a] == size[b] for a, b in names.items())]
    return max(fair, key=lambda names: sum(_place(p, names[p.part]) in was for p in now))


def _place(p: Placement, part: int) -> tuple[object, ...]:
    return part, p.requirement, p.slot, p.start, p.end, p.weekdays, p.shift, p.preceptor


_SAME = (False, False, False, 0, False, False, False)


def _distance(a: Placement, b: Placement) -> tuple[bool, bool, bool, int, bool, bool, bool]:
    """How much of a change it would be: whom it concerns, then place, dates, days and preceptor."""
    return (
        a.part != b.part,
        a.site != b.site,
        a.unit != b.unit,
        abs((a.start - b.start).days) + abs((a.end - b.end).days),
        (a.weekdays, a.shift) != (b.weekdays, b.shift),
        a.preceptor != b.preceptor,
        a.slot != b.slot,
    )


def _by_rotation(schedule: Schedule) -> dict[tuple[str, str, str], list[Placement]]:
    found: dict[tuple[str, str, str], list[Placement]] = defaultdict(list)
    for p in schedule.placements:
        if p.status not in GONE:
            found[p.student, p.group, p.requirement].append(p)
    return found


def _pairs(was: list[Placement], now: list[Placement]) -> Iterator[tuple[Placement, Placement]]:
    """Pair by pair what is most alike; what is left over on one side has no pair."""
    order = sorted((_distance(a, b), i, j) for i, a in enumerate(was) for j, b in enumerate(now))
    taken: tuple[set[int], set[int]] = (set(), set())
    for _, i, j in order:
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            yield was[i], now[j]


def _without(placements: list[Placement], paired: Iterable[Placement]) -> list[Placement]:
    known = {id(p) for p in paired}
    return [p for p in placements if id(p) not in known]


def _missing(schedule: Schedule) -> dict[tuple[str, str, int, str], Unplaced]:
    return {(u.student, u.group, u.part, u.requirement): u for u in schedule.unplaced}


def _rules(before: Schedule, after: Schedule) -> tuple[RuleChange, ...]:
    was, now = ({s.rule: s.cost for s in schedule.scores} for schedule in (before, after))
    found = [RuleChange(rule, was.get(rule, 0), now.get(rule, 0)) for rule in {**was, **now}]
    return tuple(sorted((r for r in found if r.before or r.after), key=lambda r: (-max(r.before, r.after), r.rule)))
