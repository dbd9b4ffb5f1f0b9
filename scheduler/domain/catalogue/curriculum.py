"""What placements add up to: breadth, weeks, hours, competencies."""

from __future__ import annotations

from scheduler.domain.policy import HOUR, Parameter, RuleSpec

SPECS = (
    RuleSpec(
        "no_repeat",
        "Not the same again",
        "No two required rotations of a student, credited ones included, have the same of what `things` "
        "lists: preceptor, unit or site. Of each preceptor, unit and site every rotation beyond the first costs 1, however many "
        "placements it has there.",
        kind="off",
        unit="rotations over",
        parameters={"things": Parameter(("preceptor",), "What is not the same twice.", ("preceptor", "unit", "site"))},
    ),
    RuleSpec(
        "continuity",
        "The same throughout",
        "All placements of a student that have a preceptor (unit, site) have the same one, as the program's `continuity` says; "
        "each further one costs 1.",
        unit="further ones",
    ),
    RuleSpec(
        "breadth",
        "Breadth",
        "A student has placements in at least least_specialties different specialties (least_sites sites, least_units "
        "units, least_settings settings), or in as many as there are rotations, if these are fewer. What is credited with a unit "
        "counts, and each rotation without a placement counts as one more. Each missing one costs 1.",
        unit="missing ones",
    ),
    RuleSpec(
        "setting_weeks",
        "Weeks in a setting",
        "A student all of whose required rotations are placed has at least as many weeks at sites of each setting as "
        "least_setting_weeks says; weeks credited with a unit count. Each missing week costs 1.",
        unit="weeks missing",
    ),
    RuleSpec(
        "program_hours",
        "Hours of the program",
        "A student all of whose required rotations are placed has at least least_hours hours: those planned in placements, "
        "without those lost, and those credited. Each missing hour costs 1, the last one begun in full.",
        weight=HOUR,
        unit="hours missing",
    ),
    RuleSpec(
        "simulation_share",
        "Share of simulation",
        "Of a student's hours (planned, without those lost, and credited) at most most_simulation_percent are in units whose "
        "mode is simulation. Each hour over costs 1, the last one begun in full; what credits alone have over costs nothing.",
        kind="off",
        weight=HOUR,
        unit="hours over",
    ),
    RuleSpec(
        "competency",
        "Competencies are covered",
        "Each competency that a student's required rotations (electives aside) name and that no credit covers is offered in a "
        "placement of a rotation that names it, or one of these rotations has no placement. A placement offers what its unit or "
        "its preceptor lists; where neither lists any, everything. Each competency that is not offered costs 1.",
        kind="off",
        unit="competencies missing",
    ),
)
