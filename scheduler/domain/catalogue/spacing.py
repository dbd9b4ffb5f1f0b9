"""How a student's placements lie in time."""

from __future__ import annotations

from scheduler.domain.policy import Parameter, RuleSpec

SPECS = (
    RuleSpec(
        "spacing",
        "Time between rotations",
        "Between a placement of one rotation and a placement of the other, whichever comes first, lie at least "
        "least_weeks and at most most_weeks whole weeks, as a row of spacings says: the days after the last day of the earlier "
        "and before the first day of the later, divided by 7 and rounded down. Placements that overlap are not looked at. Each "
        "pair that is too close or too far apart costs 1.",
        unit="pairs",
    ),
    RuleSpec(
        "heavy",
        "Rest after heavy rotations",
        "After a heavy placement of a student, `weeks` calendar weeks pass without a heavy one, and no two are in one week. In "
        "each week, every heavy placement that is there, or ended in the `weeks` weeks before, costs 1 beyond the first.",
        unit="weeks",
        parameters={"weeks": Parameter(1, "How many weeks without a heavy rotation lie between two heavy placements.")},
    ),
    RuleSpec(
        "start_window",
        "In the first weeks, or not",
        "A placement starts in week first_week of the student or later, and ends in week last_week or earlier; week 1 is the "
        "first week in which the student is available.",
    ),
    RuleSpec(
        "kept_together",
        "Split rotations stay together",
        "All placements of a split rotation lie within within_weeks times 7 days: from the first day of one to the last day of "
        "another there are no more. Each pair that is too far apart costs 1.",
        unit="pairs",
    ),
)
