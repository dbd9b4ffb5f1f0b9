"""From a Schedule back to options: what strategies begin with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from scheduler.domain import GONE, Placement, Schedule
from scheduler.model import Book, FamilyBook
from scheduler.offers.days import BoolArray, IntArray, mask_of
from scheduler.offers.options import PartyOptions

#: Columns of options that a placement names, the most telling first.
Where = dict[str, int]


def options_of(book: Book, families: Sequence[FamilyBook], schedule: Schedule) -> list[IntArray]:
    """Options by family that are the placements of a schedule; placements that are not to be had are left out.

    Where only who supervises, covers or belongs to the team is not to be had, another option of the same slot and dates stands
    for it, if there is one.
    """
    party = {(p.student, p.group, p.part): p.index for p in book.facts.parties}
    mine: dict[int, list[Placement]] = defaultdict(list)
    for row in schedule.placements:
        index = party.get((row.student, row.group, row.part))
        if index is not None and row.status not in GONE:
            mine[book.facts.family_of[index].index].append(row)
    names = _Names(book)
    found = []
    for f in range(len(families)):
        taken: set[int] = set()
        if mine[f]:
            options = families[f].options
            for row in mine[f]:
                some = names.same(options, party[row.student, row.group, row.part], row)
                taken.update(some[:1].tolist())
        found.append(np.array(sorted(taken), dtype=np.int64))
    return found


def rows_of(book: Book, schedule: Schedule) -> list[IntArray]:
    """Rows of the menu by family, in order, in which the placements of a schedule are found, and some beside them."""
    party = {(p.student, p.group, p.part): p for p in book.facts.parties}
    names, menu = _Names(book), book.menu
    found: dict[int, list[IntArray]] = defaultdict(list)
    for row in schedule.placements:
        who = party.get((row.student, row.group, row.part))
        if who is None or row.status in GONE:
            continue
        for demand in (d for d in who.demands if names.demand[d] == row.requirement):
            rows = book.rows_for(who, demand)
            here = slice(rows.start, rows.stop)
            same = (menu.slot[here] == names.slot.get(row.slot, -2)) & (menu.start[here] == (row.start - names.first).days)
            found[book.facts.family_of[who.index].index].append(np.flatnonzero(same) + rows.start)
    nothing = np.zeros(0, dtype=np.int64)
    return [np.unique(np.concatenate([nothing, *found[f]])) for f in range(len(book.facts.families))]


class _Names:
    """Numbers of the names that placements have."""

    def __init__(self, book: Book) -> None:
        facts, codes = book.facts, book.facts.offers.codes
        self.facts, self.first = facts, facts.clock.first_monday
        self.slot = {name: i for i, name in enumerate(codes.slots)}
        self.preceptor = {"": -1, **{name: i for i, name in enumerate(codes.preceptors)}}
        self.shift = {"": -1, **{s.shift: i for i, s in enumerate(facts.clock.shifts)}}
        self.demand = {d.index: d.requirement.requirement for d in facts.demands}

    def same(self, options: PartyOptions, party: int, row: Placement) -> IntArray:
        """Positions of the options that a placement is, those first that are it in all that it names."""
        here = np.flatnonzero((options.party == party) & (options.start == (row.start - self.first).days))
        here = here[options.slot[here] == self.slot.get(row.slot, -2)]
        here = here[(options.end[here] == (row.end - self.first).days) & (options.days[here] == mask_of(row.weekdays))]
        here = here[options.shift[here] == self.shift.get(row.shift, -2)]
        here = here[np.array([self.demand[d] == row.requirement for d in options.demand[here].tolist()], dtype=bool)]
        teams = np.array([self._team(t) == row.team for t in options.team[here].tolist()], dtype=bool)
        alike: list[BoolArray] = [
            options.preceptor[here] == self.preceptor.get(row.preceptor, -2),
            options.co[here] == self.preceptor.get(row.co_preceptor, -2),
            options.cover[here] == self.preceptor.get(row.cover, -2),
            teams,
        ]
        score = sum((a.astype(np.int64) for a in alike), np.zeros(len(here), dtype=np.int64))
        # a placement with another preceptor would be another one
        score[~alike[0]] = -1
        order = np.argsort(-score, kind="stable")
        fitting: IntArray = here[order[score[order] >= 0]]
        return fitting

    def _team(self, team: int) -> str:
        return self.facts.teams.name(team, self.first) if team >= 0 else ""
