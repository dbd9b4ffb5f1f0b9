"""Which preceptors will do, and how many students and units they have."""

from __future__ import annotations

from scheduler.domain.policy import HOUR, Parameter, RuleSpec

SPECS = (
    RuleSpec(
        "licence",
        "Preceptor's licence",
        "Where a rotation names `licences`, the own licence of each of its preceptors is one of them; a preceptor whose licence "
        "is not known is not accepted there.",
        unit="placements",
    ),
    RuleSpec(
        "experience",
        "Preceptor's experience",
        "A preceptor whose experience_years are known has at least as many as the rotation's least_experience_years, or, where "
        "it names none, as `years`; of two preceptors one is enough.",
        unit="placements",
        parameters={"years": Parameter(1, "Years of experience needed where the rotation does not say.")},
    ),
    RuleSpec(
        "licence_hours",
        "Hours with a licence",
        "A student all of whose required rotations and electives are placed in full has at least as many planned hours with "
        "preceptors of each licence as the program's licence_hours say. Each missing hour, rounded up, costs 1.",
        weight=HOUR,
        unit="hours",
    ),
    RuleSpec(
        "most_preceptors",
        "Number of preceptors in a rotation",
        "All placements of one required rotation of a student have together at most most_preceptors different preceptors.",
        kinds=("hard", "off"),
    ),
    RuleSpec(
        "preceptor_units",
        "Preceptor's units",
        "A preceptor has students in at most most_units different units.",
        unit="units over",
    ),
    RuleSpec(
        "preceptor_ratio",
        "Students of a profession to a preceptor",
        "At no moment has a preceptor more students of a profession than the `ratios` say, over all schools. A placement that "
        "follows the preceptor counts on every date from start to end.",
        unit="students over, each period",
        parameters={
            "ratios": Parameter(
                (),
                "Professions with the most students of each that one preceptor has at once, like `np:2`; others are not limited.",
                counts=True,
            )
        },
    ),
    RuleSpec(
        "group_ratio",
        "Students to a faculty member",
        "In a rotation that faculty supervises, a group or part of a group that is placed as one has at most most_per_faculty "
        "students.",
        unit="placements",
    ),
)
