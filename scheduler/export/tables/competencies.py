"""The table of competencies that are still open after credits and placements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.export.sheets import Sheet, Value
from scheduler.export.tables.cells import Kind, natural, rotation, table
from scheduler.verify.curriculum import open_competencies
from scheduler.verify.facts import Facts

if TYPE_CHECKING:
    from scheduler.export.view import View

_COMPETENCIES: tuple[tuple[str, Kind], ...] = (
    ("who", "text"),
    ("students", "number"),
    ("school", "text"),
    ("program", "text"),
    ("competency", "text"),
    ("rotations", "text"),
    ("unplaced", "text"),
)


def competencies(seen: View, whole: Facts) -> Sheet:
    """One row a student (or group, or part of one) and competency that nothing covers yet.

    Parameters
    ----------
    whole
        The schedule of everybody; rows are of those whom the reader may see.
    """
    known = {s.student for s in seen.instance.students} | {f"group {g.group}" for g in seen.instance.groups}
    rows = []
    for person, name, naming, unplaced in open_competencies(whole):
        party = person.party
        if (party.student or f"group {party.group}") not in known:
            continue
        program = party.program
        school = seen.instance.school_by_id.get(program.school)
        titles = {r: rotation(r, whole.instance.requirement_by_id[program.program, r].name or r) for r in naming}
        cells: tuple[Value, ...] = (
            party.name,
            party.size,
            (school.name if school else "") or program.school,
            program.name or program.program,
            name,
            ", ".join(titles.values()),
            ", ".join(titles[r] for r in unplaced) or None,
        )
        rows.append((natural(str(cells[2]), str(cells[3]), party.name, name), cells))
    # a student of a split group is looked at in each part: what is open in any of them is open
    return table("competencies", _COMPETENCIES, (cells for _, cells in sorted(dict.fromkeys(rows))), 1)
