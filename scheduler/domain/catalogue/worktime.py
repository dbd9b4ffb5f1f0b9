"""How long and how late students work."""

from __future__ import annotations

from scheduler.domain.policy import HOUR, Parameter, RuleSpec

SPECS = (
    RuleSpec(
        "shift_rest",
        "Rest after a night",
        "In the `hours` hours after the end of a session that runs past midnight, no session of another placement of the "
        "student starts.",
        kinds=("hard", "off"),
        parameters={"hours": Parameter(10, "Hours between the end of a night and the next start.")},
    ),
    RuleSpec(
        "most_nights",
        "Number of nights",
        "A student has at most most_nights sessions that run past midnight.",
        unit="nights over",
    ),
    RuleSpec(
        "week_hours",
        "Hours a week",
        "In no calendar week has a student more hours than most_hours_per_week, over all placements and with the hours_per_week "
        "of commitments that touch the week. Each hour too many in a week, rounded up, costs 1.",
        weight=HOUR,
        unit="hours over",
    ),
)
