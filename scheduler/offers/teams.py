"""Interprofessional teams: where and from which week on each can meet, and which options have a part in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from scheduler.domain import Instance
from scheduler.domain.tables import IpeTeam
from scheduler.offers.days import IntArray
from scheduler.offers.offers import Offers


@dataclass(frozen=True)
class Teams:
    """Every team that can meet, one entry each (equal lengths).

    Attributes
    ----------
    rows
        The rows of ``ipe_teams``.
    row, unit
        Index of the row, and of the unit in `Codes`.
    week, weeks
        First week together, and how many.
    """

    rows: tuple[IpeTeam, ...]
    row: IntArray
    unit: IntArray
    week: IntArray
    weeks: IntArray

    def __len__(self) -> int:
        return len(self.row)

    def name(self, k: int, first_monday: date) -> str:
        """How schedules call team k: its row's id, and the Monday of its first week."""
        return f"{self.rows[int(self.row[k])].team} {first_monday + timedelta(weeks=int(self.week[k]))}"

    def parts(self, profession: str, unit: IntArray, first_week: IntArray, last_week: IntArray) -> tuple[IntArray, IntArray]:
        """All pairs (option, team) in which an option of that profession has a part in a team: there in each of its weeks."""
        takes = np.array([profession in dict(row.professions) for row in self.rows], dtype=bool)
        teams = np.flatnonzero(takes[self.row]) if len(self) else self.row
        there = np.flatnonzero(np.isin(unit, self.unit[teams]))
        fits = unit[there][:, None] == self.unit[teams]
        fits &= first_week[there][:, None] <= self.week[teams]
        fits &= last_week[there][:, None] >= self.week[teams] + self.weeks[teams] - 1
        option, team = np.nonzero(fits)
        return there[option], teams[team]


def make_teams(instance: Instance, offers: Offers) -> Teams:
    """Every team of an instance in every unit where it can meet, from every week on in which somebody begins there.

    Other weeks are not needed: whoever is together in some weeks is together from the week on in which the last of them began.
    """
    found: list[tuple[int, int, int, int]] = []
    index, site_of = offers.codes.unit_index, {u.unit: u.site for u in instance.unit_by_id.values()}
    for k, row in enumerate(instance.ipe_teams):
        units = [row.unit] if row.unit else [unit for unit, site in site_of.items() if site == row.site]
        for unit in (index[u] for u in units if u in index):
            begins = np.unique(offers.start[offers.unit == unit] // 7)
            found += [(k, unit, week, row.weeks) for week in begins.tolist()]
    table = np.array(found, dtype=np.int64).reshape(-1, 4)
    return Teams(instance.ipe_teams, *table.T)


def nobody(instance: Instance) -> Teams:
    """No team at all."""
    return Teams(instance.ipe_teams, *np.zeros((4, 0), dtype=np.int64))
