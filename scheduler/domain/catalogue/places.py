"""Slots and units."""

from __future__ import annotations

from scheduler.domain.policy import RuleSpec

SPECS = (
    RuleSpec(
        "slot_window",
        "Slot starts",
        "A placement starts on one of the slot's starts and lies inside the planning horizon.",
        kinds=("hard",),
    ),
    RuleSpec(
        "slot_maximum",
        "Slot full",
        "On no date are more than most_students students present in a slot.",
        unit="students over, each period",
    ),
    RuleSpec(
        "slot_minimum",
        "Slot runs with enough or not at all",
        "On every date on which a slot has students at all, at least least_students are present.",
        kinds=("hard", "off"),
    ),
    RuleSpec(
        "slot_fill",
        "Slots that must be filled",
        "In every week from its first to its last start, a slot marked must_fill has at least least_students students present "
        "on some day; each one missing in a week costs 1.",
        kinds=("hard", "soft", "off"),
        kind="soft",
        weight=100,
        unit="student-weeks",
    ),
    RuleSpec(
        "unit_capacity",
        "Unit capacity",
        "Every capacity row holds at every moment in it: at most most_students students, most_groups groups and most_precepted "
        "students with a preceptor (of its profession, if it names one) are in a session of the unit. Commitments of the unit "
        "and of its site count as students where the row names no profession. A placement that follows the preceptor counts in "
        "rows of all weekdays without a shift, on every date from start to end.",
        unit="students over, each period",
    ),
    RuleSpec(
        "unit_minimum",
        "Unit places that must be filled",
        "In every week that a capacity row with least_students covers, at least that many students (of its profession, if it "
        "names one) have a session in it; each one missing in a week costs 1.",
        kinds=("hard", "soft", "off"),
        kind="soft",
        weight=100,
        unit="student-weeks",
    ),
    RuleSpec(
        "reservation",
        "Reserved places",
        "Until the give-back date, confirmed guaranteed places of a slot are kept for their school: on every date, the students "
        "whom the schools have beyond their own guarantees fit into the places that nobody reserved. No school has more "
        "students in a slot at once than its `most`.",
    ),
)
