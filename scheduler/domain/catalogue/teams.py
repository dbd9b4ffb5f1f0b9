"""Learning with other professions."""

from __future__ import annotations

from scheduler.domain.policy import RuleSpec

SPECS = (
    RuleSpec(
        "ipe_team",
        "Interprofessional teams",
        "Each student of a program with least_ipe_weeks has a placement in a team of ipe_teams of at least so many weeks, unless "
        "a required rotation has no placement yet; each one without costs 1. A team meets in one of its units, in `weeks` "
        "successive calendar weeks that each of its placements touches, with at least as many students of each profession as "
        "its row says, nobody of another, and most_students at most.",
        kind="soft",
        weight=50,
        unit="students",
    ),
)
