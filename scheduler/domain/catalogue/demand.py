"""What has to be placed."""

from __future__ import annotations

from scheduler.domain.policy import RuleSpec

SPECS = (
    RuleSpec(
        "requirement",
        "Required rotations are placed",
        "Every required rotation of every student is placed in full, in at most `blocks` placements. What is missing is "
        "'unplaced': it costs 100 for a whole rotation (100 / amount, rounded up, for each missing unit where it may be "
        "split), times students, times the priority of requirement and student.",
        kinds=("soft",),
        kind="soft",
        weight=10,
        unit="% of a rotation",
    ),
    RuleSpec(
        "elective",
        "Electives are chosen",
        "Of each elective set a student takes exactly `choose` rotations, each at most once. A missing one costs 100 times "
        "students, times the student's priority and the largest priority in the set.",
        kinds=("soft",),
        kind="soft",
        weight=10,
        unit="% of a rotation",
    ),
    RuleSpec(
        "order",
        "What comes before",
        "A rotation starts only after every rotation that it comes `after` has been finished in full; what is credited or "
        "waived counts as finished.",
    ),
    RuleSpec(
        "duration",
        "Length fits the rotation",
        "A placement has the length that its required rotation asks for: between weeks_min (or what is left of the rotation, "
        "where that is shorter) and weeks_max if given; in one placement its planned amount is the amount (weeks exactly; "
        "hours, shifts and sessions at least); in several, at most the amount. Its sessions a week lie between per_week_min and "
        "per_week_max.",
        kinds=("hard",),
    ),
    RuleSpec(
        "keep_whole",
        "Groups stay together",
        "A group that may be split is better kept whole: each part that is placed on its own costs 1.",
        kinds=("soft", "off"),
        kind="soft",
        weight=5,
        unit="parts",
    ),
)
