"""Who has to do with which options: preceptors, co-preceptors, and those who cover."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scheduler.offers.days import IntArray
from scheduler.offers.options import Menu


@dataclass(frozen=True, eq=False)
class Duties:
    """One entry for each preceptor of each option of a menu (equal lengths).

    Attributes
    ----------
    row
        Row of the menu.
    preceptor
        Who it is.
    start, end
        First and last day of being there: the option's, or for those who cover only of that.
    """

    menu: Menu
    row: IntArray
    preceptor: IntArray
    start: IntArray
    end: IntArray

    def take(self, which: IntArray) -> Menu:
        """Options of the menu as they are for whoever is on duty."""
        return replace(self.menu.take(self.row[which]), start=self.start[which], end=self.end[which])


def duties(menu: Menu, *, cover: bool = True) -> Duties:
    """The duties of a menu, without those of cover if so asked."""
    lead, co = np.flatnonzero(menu.preceptor >= 0), np.flatnonzero(menu.co >= 0)
    stand_in = np.flatnonzero((menu.cover >= 0) & cover)
    return Duties(
        menu,
        np.concatenate([lead, co, stand_in]),
        np.concatenate([menu.preceptor[lead], menu.co[co], menu.cover[stand_in]]),
        np.concatenate([menu.start[lead], menu.start[co], menu.cover_start[stand_in]]),
        np.concatenate([menu.end[lead], menu.end[co], menu.cover_end[stand_in]]),
    )
