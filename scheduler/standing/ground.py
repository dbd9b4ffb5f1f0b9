"""A schedule as it stands in the book of its instance, ready to be asked what would be otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scheduler.domain import GONE, Instance, Placement, Schedule, Status, Unplaced
from scheduler.errors import InputError, Problem
from scheduler.model import FamilyBook, compile_book
from scheduler.model.held import Held
from scheduler.model.obstacles import Obstacles
from scheduler.model.standing import Standing
from scheduler.offers.days import IntArray
from scheduler.offers.parties import Demand, Party
from scheduler.rules.demand import meeting
from scheduler.solve.given import options_of, rows_of
from scheduler.solve.result import placement, placements
from scheduler.verify import Report, verify

#: Who lacks what: student, group, part and required rotation (or elective set).
Key = tuple[str, str, int, str]


@dataclass(frozen=True)
class Missing:
    """A required rotation without a placement, or with too little of one.

    Attributes
    ----------
    row
        The row of the verifier's report.
    family
        Index of the family.
    demands
        What could be placed: one demand, or several to choose from.
    """

    row: Unplaced
    family: int
    party: Party
    demands: tuple[Demand, ...]

    @property
    def who(self) -> str:
        return self.party.id


class Ground:
    """A schedule in the book of its instance.

    Of a family there is only what the schedule has, until it is asked for by `family`: then its options are all there.

    Parameters
    ----------
    relax
        Prices of hard rules that are to be elastic.
    valid
        Whether a schedule that breaks hard rules is refused. One that somebody has just left may break some.

    Raises
    ------
    InputError
        If a placement of the schedule is not to be had in this instance.
    """

    def __init__(
        self, instance: Instance, schedule: Schedule, relax: Mapping[str, int] | None = None, *, valid: bool = True
    ) -> None:
        self.instance, self.schedule = instance, schedule
        self.book = compile_book(instance, relax=relax)
        self._held = Held(self.book, rows_of(self.book, schedule))
        self.standing = Standing(self.book, self._held, options_of(self.book, self._held, schedule))
        held = sum(p.status not in GONE for p in schedule.placements)
        if (valid and self.standing.broken) or sum(map(len, self.standing.chosen)) != held:
            raise InputError(
                Problem(
                    "the schedule breaks rules of this instance, so what it leaves out cannot be explained",
                    suggestion="rotations verify says which; correct the schedule, or solve again",
                )
            )

    @property
    def families(self) -> Sequence[FamilyBook]:
        """The families' books as far as they are there."""
        return self._held

    @property
    def chosen(self) -> list[IntArray]:
        """Positions of what every family has among all its options."""
        for f in range(len(self._held)):
            self.family(f)
        return self.standing.chosen

    @cached_property
    def obstacles(self) -> Obstacles:
        return Obstacles(self.book, self._held, self.standing.chosen)

    @cached_property
    def holders(self) -> Mapping[int, set[int]]:
        """By shared row: the families with a placement in it."""
        found: dict[int, set[int]] = defaultdict(set)
        for f, picked in enumerate(self.standing.chosen):
            for row in self._held[f].shared.gather(picked)[1].tolist():
                found[row].add(f)
        return found

    def missing(self, rows: tuple[Unplaced, ...]) -> list[Missing]:
        """What the rows of a report are in the book."""
        party = {(p.student, p.group, p.part): p for p in self.book.facts.parties}
        return [self._missing(row, party[row.student, row.group, row.part]) for row in rows]

    def _missing(self, row: Unplaced, party: Party) -> Missing:
        facts = self.book.facts
        family = facts.family_of[party.index]
        taken = self._held[family.index].options.take(self.standing.chosen[family.index])
        found = []
        for demand in (facts.demands[d] for d in family.demands if facts.demands[d].parties[-1] == party.index):
            asked = demand.requirement
            met = meeting(facts, taken, demand)
            lacks = not met.any() if demand.single else int(taken.amount[met].sum()) < demand.total
            if lacks and row.requirement == (asked.elective_set if demand.elective else asked.requirement):
                found.append(demand)
        return Missing(row, family.index, party, tuple(found))

    def options_for(self, missing: Missing) -> IntArray:
        """Positions of the family's options that would meet what is missing and are not taken."""
        family = self.family(missing.family)
        where = np.zeros(len(family.options), dtype=bool)
        for demand in missing.demands:
            where |= meeting(self.book.facts, family.options, demand)
        where[self.standing.chosen[missing.family]] = False
        return np.flatnonzero(where)

    def placements_with(self, moves: Mapping[int, IntArray]) -> tuple[Placement, ...]:
        """All placements if some families had others."""
        chosen = [moves.get(f, now) for f, now in enumerate(self.standing.chosen)]
        return placements(self.book, self._held, chosen)

    def placements_of(self, f: int) -> list[Placement]:
        """The placements of one family."""
        return [placement(self.book, self._held[f], o) for o in self.standing.chosen[f].tolist()]

    def family(self, index: int) -> FamilyBook:
        """A family with all its options; positions that were taken of it before it was first asked for hold no longer."""
        if not self._held.is_open(index):
            now = self.standing.chosen[index] = self._held.open(index, self.standing.chosen[index])
            if self.standing.wrong_of[index]:  # with more options there may be more rows that say so
                self.standing.change({index: now})
        return self._held[index]


def lacking(rows: tuple[Unplaced, ...]) -> dict[Key, int]:
    """How much is missing of what."""
    return {(u.student, u.group, u.part, u.requirement): u.missing for u in rows}


def judged(instance: Instance, rows: tuple[Placement, ...]) -> Report:
    """What the independent verifier says of placements."""
    return verify(instance, Schedule(status=Status.FEASIBLE, placements=rows))


def holds(before: Report, after: Report) -> bool:
    """Whether a schedule breaks no hard rule more than before (so none, where none was broken), and nobody lacks more."""
    broke, breaks = (_broken(report) for report in (before, after))
    was, now = lacking(before.unplaced), lacking(after.unplaced)
    return all(n <= broke[rule] for rule, n in breaks.items()) and all(n <= was.get(key, 0) for key, n in now.items())


def _broken(report: Report) -> Counter[str]:
    found = Counter[str]()
    for violation in report.violations:
        found[violation.rule] += violation.amount
    return found


def places(before: Report, after: Report, row: Unplaced) -> bool:
    """Whether a schedule holds, and lacks nothing of a rotation."""
    return holds(before, after) and (row.student, row.group, row.part, row.requirement) not in lacking(after.unplaced)
