"""Preceptors and faculty."""

from __future__ import annotations

from scheduler.domain.policy import RuleSpec

SPECS = (
    RuleSpec(
        "preceptor_qualified",
        "Preceptor is qualified",
        "The preceptor works in the slot (named by it, or listing its unit), "
        "supervises the student's profession and teaches the specialty.",
    ),
    RuleSpec("preceptor_available", "Preceptor is there", "No session lies in an 'unavailable' row of the preceptor."),
    RuleSpec(
        "preceptor_at_once",
        "Preceptor's students at once",
        "At no moment has a preceptor more than most_at_once students, over all schools and with commitments. A placement that "
        "follows the preceptor counts on every date from start to end.",
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
