"""The tables that readers get, the same in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.export.sheets import Sheet
from scheduler.export.tables.competencies import competencies
from scheduler.export.tables.open_places import open_places
from scheduler.export.tables.outcome import at_risk, not_kept, summary, unplaced
from scheduler.export.tables.people import board, by_preceptor, by_student
from scheduler.export.tables.places import by_unit
from scheduler.export.tables.schools import by_school, priorities
from scheduler.verify.facts import Facts

if TYPE_CHECKING:
    from scheduler.export.view import View

__all__ = ["sheets"]


def sheets(seen: View, whole: Facts) -> tuple[Sheet, ...]:
    """The tables of one reader, in the order in which they are shown.

    Parameters
    ----------
    seen
        What the reader may see.
    whole
        The schedule of everybody: loads count whoever comes, and name nobody whom the reader may not see.
    """
    kind = seen.reader.kind if seen.reader else ""
    only = seen.reader.id if seen.reader else ""
    made = [summary(seen), by_student(seen)]
    if kind != "student":
        made.append(board(seen))
    if kind in ("", "school", "student"):
        made += [unplaced(seen), at_risk(seen, whole.instance)]
        if any(row.competencies for row in seen.instance.requirements):
            made.append(competencies(seen, whole))
    if seen.report.gave_way:
        made.append(not_kept(seen))
    if kind != "student":
        made.append(by_preceptor(seen, whole))
    if kind in ("", "unit"):
        made += [by_unit(whole, only), open_places(whole, only)]
    if kind == "":
        made.append(by_school(whole))
        if whole.setting("priority").kind == "soft":
            made.append(priorities(whole))
    return tuple(made)
