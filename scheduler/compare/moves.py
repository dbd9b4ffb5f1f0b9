"""Placements of before and after in pairs, and what is different about each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Literal, get_args

from scheduler.domain import GONE, Placement, Schedule, Unplaced

Kind = Literal["unchanged", "preceptor", "students", "days", "dates", "slot", "unit", "site", "lost", "new"]
#: What can have happened to a placement, mildest first. Whatever comes earlier may have changed besides: who goes to another unit
#: often has another preceptor. `preceptor`: also co-preceptor and cover; `students`: another part of the group, or another
#: number; `days`: weekdays or shift; `dates`: start or end; `slot`: in the same unit; `unit`: at the same site.
SEVERITY: tuple[Kind, ...] = get_args(Kind)
#: Of more parts of a group than these, the numbers are taken as they are.
MOST_PARTS = 5


@dataclass(frozen=True, slots=True)
class Move:
    """One placement of a party and required rotation before and after; None where there is none."""

    before: Placement | None
    after: Placement | None

    @property
    def row(self) -> Placement:
        """The placement of now, or the one that is lost."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def kind(self) -> Kind:
        """The most noticeable that happened."""
        return self.kinds[0]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What is different, most noticeable first; what follows from another site or unit is not said again."""
        a, b = self.before, self.after
        if a is None or b is None:
            return ("new",) if a is None else ("lost",)
        place: tuple[tuple[Kind, bool], ...] = (
            ("site", a.site != b.site),
            ("unit", a.unit != b.unit),
            ("slot", a.slot != b.slot),
        )
        rest: tuple[tuple[Kind, bool], ...] = (
            ("dates", (a.start, a.end) != (b.start, b.end)),
            ("days", (a.weekdays, a.shift) != (b.weekdays, b.shift)),
            ("students", (a.part, a.students) != (b.part, b.students)),
            ("preceptor", _supervision(a) != _supervision(b)),
        )
        found = [kind for kind, differs in place if differs][:1] + [kind for kind, differs in rest if differs]
        return tuple(found) or ("unchanged",)


def _supervision(p: Placement) -> tuple[object, ...]:
    return p.preceptor, p.co_preceptor, p.cover, p.cover_start, p.cover_end


def moves(was: Iterable[Placement], now: Iterable[Placement]) -> tuple[Move, ...]:
    """Every placement of before and after, in pairs of one party and required rotation, so that as little as possible changed.

    Those that are the same are paired first, then again and again the two that are most alike. What is left over is lost or new.
    Placements that were declined or withdrawn are not there.
    """
    before, after = _by_rotation(was), _by_rotation(now)
    return tuple(move for key in sorted({*before, *after}) for move in _paired(before.get(key, []), after.get(key, [])))


def _by_rotation(placements: Iterable[Placement]) -> dict[tuple[str, str, str], list[Placement]]:
    found: dict[tuple[str, str, str], list[Placement]] = defaultdict(list)
    for p in placements:
        if p.status not in GONE:
            found[p.student, p.group, p.requirement].append(p)
    return found


def _paired(was: Sequence[Placement], now: Sequence[Placement]) -> Iterator[Move]:
    order = sorted((_distance(a, b), i, j) for i, a in enumerate(was) for j, b in enumerate(now))
    taken: tuple[set[int], set[int]] = (set(), set())
    for _, i, j in order:
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            yield Move(was[i], now[j])
    yield from (Move(p, None) for i, p in enumerate(was) if i not in taken[0])
    yield from (Move(None, p) for j, p in enumerate(now) if j not in taken[1])


def _distance(a: Placement, b: Placement) -> tuple[int, ...]:
    """How much of a change it would be: whom it concerns, then place, dates, days and preceptor; 0 everywhere for none."""
    return (
        a.part != b.part,
        a.site != b.site,
        a.unit != b.unit,
        abs((a.start - b.start).days) + abs((a.end - b.end).days),
        (a.weekdays, a.shift) != (b.weekdays, b.shift),
        a.preceptor != b.preceptor,
        a.slot != b.slot,
        Move(a, b).kind != "unchanged",
    )


def numbered_alike(before: Schedule, after: Schedule) -> Schedule:
    """The later schedule with the numbers that the earlier one gives to the parts of each group, as far as possible.

    Which students make up which part of a group is open, so equal parts may be numbered in any way.
    """
    names = {group: _part_names(before, after, group) for group in sorted({p.group for p in after.placements if p.part})}
    if not names:
        return after

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
