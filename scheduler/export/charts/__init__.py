"""Pictures of a schedule for documents and pages: specifications with their data, apart from how they are rendered.

A chart shows what the tables of the same reader say, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.export.charts.board import board
from scheduler.export.charts.chart import Chart
from scheduler.export.charts.equity import equity
from scheduler.export.charts.gap import gap
from scheduler.export.charts.load import load
from scheduler.export.charts.occupancy import occupancy
from scheduler.export.charts.preferences import preferences
from scheduler.words.locale import Locale

if TYPE_CHECKING:
    from scheduler.export.view import View

__all__ = ["Chart", "charts"]

_FAMILIES = (board, occupancy, load, equity, preferences, gap)


def charts(seen: View, locale: Locale | None = None) -> tuple[Chart, ...]:
    """The charts that make sense for a reader, each with a name of its own.

    Parameters
    ----------
    locale
        Whose words, dates and numbers; None: the view's.
    """
    locale = locale or seen.locale
    return tuple(made for family in _FAMILIES for made in family(seen, locale))
