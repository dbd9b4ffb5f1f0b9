"""Dates and clock times."""

from __future__ import annotations

from scheduler.domain.policy import RuleSpec

SPECS = (
    RuleSpec(
        "one_place",
        "One place at a time",
        "Two block placements of a student do not share a date, and no two placements overlap in session time, except that a "
        "longitudinal placement may use the sessions that a block's slot excuses.",
        kinds=("hard",),
    ),
    RuleSpec(
        "calendar",
        "Program calendars",
        "No session lies in a calendar row that forbids. Where the program has terms, the placement lies inside one; where it "
        "has blocks, it starts on the first day of a block and ends within the last seven days' reach of a block's end.",
    ),
    RuleSpec(
        "availability",
        "Students and units are available",
        "No session lies in an 'unavailable' row of the student, group or unit, and none starts before the student is "
        "available or before the earliest day of the student's requirement.",
    ),
    RuleSpec(
        "availability_wish",
        "Dates to avoid or prefer",
        "Each placement that an 'avoid' row of the student, group, unit or preceptor touches costs 1, "
        "each that a 'prefer' row touches wins 1.",
        kinds=("soft", "off"),
        kind="soft",
        weight=2,
        unit="placements",
    ),
    RuleSpec(
        "commitment",
        "Commitments elsewhere",
        "No session lies in a commitment of the student or group.",
    ),
)
