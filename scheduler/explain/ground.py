"""A schedule as it stands in the book of its instance, ready to be asked what would be otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scheduler.domain import GONE, Instance, Placement, Schedule, Status, Unplaced
from scheduler.errors import InputError, Problem
from scheduler.model import FamilyBook, compile_book
from scheduler.model.families import Families
from scheduler.model.obstacles import Obstacles
from scheduler.model.standing import Standing
from scheduler.offers.days import IntArray
from scheduler.offers.parties import Demand, Party
from scheduler.rules.demand import meeting
from scheduler.solve.given import options_of
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

    Parameters
    ----------
    relax
        Prices of hard rules that are to be elastic.

    Raises
    ------
    InputError
        If a placement of the schedule is not to be had in this instance.
    """

    def __init__(self, instance: Instance, schedule: Schedule, relax: Mapping[str, int] | None = None) -> None:
        self.instance, self.schedule = instance, schedule
        self.book = compile_book(instance, relax=relax)
        self.families = Families(self.book)
        self.chosen = options_of(self.book, self.families, schedule)
        self.standing = Standing(self.book, self.families, self.chosen)
        held = sum(p.status not in GONE for p in schedule.placements)
        if self.standing.broken or sum(map(len, self.chosen)) != held:
            raise InputError(
                Problem(
                    "the schedule breaks rules of this instance, so what it leaves out cannot be explained",
                    suggestion="rotations verify says which; correct the schedule, or solve again",
                )
            )

    @cached_property
    def obstacles(self) -> Obstacles:
        return Obstacles(self.book, self.families, self.chosen)

    @cached_property
    def holders(self) -> Mapping[int, set[int]]:
        """By shared row: the families with a placement in it."""
        found: dict[int, set[int]] = defaultdict(set)
        for f, picked in enumerate(self.standing.chosen):
            for row in self.families[f].shared.gather(picked)[1].tolist():
                found[row].add(f)
        return found

    def missing(self, rows: tuple[Unplaced, ...]) -> list[Missing]:
        """What the rows of a report are in the book."""
        party = {(p.student, p.group, p.part): p for p in self.book.facts.parties}
        return [self._missing(row, party[row.student, row.group, row.part]) for row in rows]

    def _missing(self, row: Unplaced, party: Party) -> Missing:
        facts = self.book.facts
        family = facts.family_of[party.index]
        taken = self.families[family.index].options.take(self.standing.chosen[family.index])
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
        family = self.families[missing.family]
        where = np.zeros(len(family.options), dtype=bool)
        for demand in missing.demands:
            where |= meeting(self.book.facts, family.options, demand)
        where[self.standing.chosen[missing.family]] = False
        return np.flatnonzero(where)

    def placements_with(self, moves: Mapping[int, IntArray]) -> tuple[Placement, ...]:
        """All placements if some families had others."""
        chosen = [moves.get(f, now) for f, now in enumerate(self.standing.chosen)]
        return placements(self.book, self.families, chosen)

    def placements_of(self, f: int) -> list[Placement]:
        """The placements of one family."""
        return [placement(self.book, self.families[f], o) for o in self.standing.chosen[f].tolist()]

    def family(self, index: int) -> FamilyBook:
        return self.families[index]


def lacking(rows: tuple[Unplaced, ...]) -> dict[Key, int]:
    """How much is missing of what."""
    return {(u.student, u.group, u.part, u.requirement): u.missing for u in rows}


def judged(instance: Instance, rows: tuple[Placement, ...]) -> Report:
    """What the independent verifier says of placements."""
    return verify(instance, Schedule(status=Status.FEASIBLE, placements=rows))


def places(before: Report, after: Report, row: Unplaced) -> bool:
    """Whether a schedule is valid, lacks nothing of a rotation, and nothing else more than before."""
    was, now = lacking(before.unplaced), lacking(after.unplaced)
    key = (row.student, row.group, row.part, row.requirement)
    return after.ok and key not in now and all(amount <= was.get(k, 0) for k, amount in now.items())
