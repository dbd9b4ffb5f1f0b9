"""Preceptors and faculty."""

from __future__ import annotations

from scheduler.domain.policy import RuleSpec

SPECS = (
    RuleSpec(
        "preceptor_qualified",
        "Preceptor is qualified",
        "The preceptor works in the slot (named by it, or listing its unit), "
        "supervises the student's profession and teaches the specialty. So does a co-preceptor.",
    ),
    RuleSpec(
        "preceptor_trained",
        "Preceptor is trained",
        "The preceptor's training is valid on the last day of a placement; of two preceptors, that of one of them.",
    ),
    RuleSpec(
        "preceptor_available",
        "Preceptor is there",
        "No session lies in an 'unavailable' row of the preceptor, unless the cover takes over. Of two preceptors one is there "
        "in every session.",
    ),
    RuleSpec(
        "preceptor_at_once",
        "Preceptor's students at once",
        "At no moment has a preceptor more than most_at_once students, as preceptor, co-preceptor or cover, over all schools and "
        "with commitments. A placement that follows the preceptor counts on every date from start to end.",
        unit="students over, each period",
    ),
    RuleSpec(
        "preceptor_weeks",
        "Preceptor's weeks",
        "A preceptor has students (or a commitment) in at most most_weeks weeks.",
        kinds=("hard", "soft", "off"),
        unit="weeks over",
    ),
    RuleSpec(
        "preceptor_rest",
        "Rest between students",
        "After a placement with a preceptor has ended, the next one begins only when rest_weeks whole calendar weeks lie "
        "between: for any two placements that do not share a date. Each last day and each first day that are too close count "
        "once. Covering for somebody and commitments do not count.",
        unit="pairs of days",
    ),
    RuleSpec(
        "one_preceptor",
        "One preceptor throughout",
        "All placements of one required rotation of a student have the same preceptor.",
        kinds=("hard", "off"),
    ),
    RuleSpec(
        "faculty",
        "Faculty with a group",
        "A group's faculty member is available in all its sessions and leads one group at a time.",
        kinds=("hard", "off"),
    ),
    RuleSpec(
        "preceptor_balance",
        "Preceptor load is balanced",
        "The largest number of student-weeks that any preceptor has costs 1 each.",
        kinds=("soft", "off"),
        kind="soft",
        weight=1,
        unit="student-weeks",
    ),
)
