"""Who has to do with which options: preceptors, co-preceptors, and those who cover."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.offers.days import IntArray

if TYPE_CHECKING:
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
    covering
        Index of the first entry of those who cover; they come last.
    """

    menu: Menu
    row: IntArray
    preceptor: IntArray
    start: IntArray
    end: IntArray
    covering: int

    @classmethod
    def of(cls, menu: Menu) -> Duties:
        """The duties of a menu."""
        lead, co, stand_in = (np.flatnonzero(who >= 0) for who in (menu.preceptor, menu.co, menu.cover))
        return cls(
            menu,
            np.concatenate([lead, co, stand_in]),
            np.concatenate([menu.preceptor[lead], menu.co[co], menu.cover[stand_in]]),
            np.concatenate([menu.start[lead], menu.start[co], menu.cover_start[stand_in]]),
            np.concatenate([menu.end[lead], menu.end[co], menu.cover_end[stand_in]]),
            len(lead) + len(co),
        )

    def take(self, which: IntArray) -> Menu:
        """Options of the menu as they are for whoever is on duty."""
        return replace(self.menu.take(self.row[which]), start=self.start[which], end=self.end[which])
