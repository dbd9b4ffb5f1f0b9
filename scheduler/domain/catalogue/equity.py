"""Equity between schools, who goes first, earlier terms."""

from __future__ import annotations

from scheduler.domain.policy import Parameter, RuleSpec

#: What `priority` can look at, in the order that it does by default.
SOURCES = ("tier", "student", "scholarship", "employer", "lottery")

SPECS = (
    RuleSpec(
        "school_minimum",
        "Least share of a school",
        "Of the rotations asked of a school's students (each student's one by one, electives by `choose`) at least "
        "least_placed_percent are placed; one that may be split counts with the share of its amount that is placed. Each "
        "student's rotation that is missing costs 1, a part of one as much as a whole one.",
        kind="soft",
        weight=500,
        unit="students' rotations",
    ),
    RuleSpec(
        "historical_share",
        "A school's share of earlier terms",
        "A school has at least as many students' rotations placed as it used in earlier terms: `percent` of what it used in a "
        "term (the mean over the terms of its history rows), rounded down, and never more than are asked. They are counted as "
        "in `school_minimum`; each one that is missing costs 1.",
        kind="soft",
        weight=20,
        unit="students' rotations",
        parameters={"percent": Parameter(100, "How much of what was used is kept for the school, in percent.")},
    ),
    RuleSpec(
        "school_equity",
        "The school with most unplaced",
        "The largest share of the rotations asked of a school's students that is left unplaced, in percent and rounded up, costs "
        "1 a point. They are counted as in `school_minimum`; with one school alone it costs nothing.",
        kinds=("soft", "off"),
        kind="off",
        weight=1,
        unit="%",
    ),
    RuleSpec(
        "priority",
        "Who goes first",
        "Students and groups are ranked by the sources in `order`, the first that tells two of them apart decides: a school of a "
        "smaller tier, a student of a larger priority, a holder of a scholarship (of a larger priority in `scholarships`, 1 "
        "where it has no row), somebody who works in one of the units (employer_unit), a smaller number drawn in the lottery go "
        "first; a group goes by the first of its listed students. A placement of somebody of rank r wins (last rank − r) points "
        "for each student; of a rotation that may be split, the share of its amount, rounded down.",
        kinds=("soft", "off"),
        kind="off",
        weight=1,
        unit="points",
        parameters={
            "order": Parameter(SOURCES, "What decides who goes first, what counts most first.", SOURCES),
            "seed": Parameter(0, "Another number is another lottery."),
            "lottery_bands": Parameter(10, "From how many numbers the lottery draws; who draws the same is equal."),
        },
    ),
    RuleSpec(
        "keep_historical",
        "As in the last term",
        "A placement costs 1 if history has rows of the latest term with a unit and somebody who came (used) for its school, "
        "program and required rotation (an empty cell stands for any), and none of them has its unit, weekdays and shift. A row "
        "of all weekdays or without a shift leaves these open; only such a row has the weekdays of a placement that follows the "
        "preceptor. The latest term is that of the row with the latest start_week, or of the last row if none has one.",
        kinds=("soft", "off"),
        kind="off",
        weight=2,
        unit="placements",
    ),
)
