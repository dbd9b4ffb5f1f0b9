"""Money."""

from __future__ import annotations

from scheduler.domain.policy import Parameter, RuleSpec

SPECS = (
    RuleSpec(
        "fees",
        "Fees and housing",
        "Each week of a placement costs, for each student, the site's fee_per_week and, for each who is lodged (see `housing`), "
        "the cost of the cheapest housing in which the stay can begin.",
        kinds=("soft", "off"),
        kind="off",
        weight=1,
        unit="currency",
    ),
    RuleSpec(
        "budget",
        "Budget for site fees",
        "The site fees of all placements of a program are at most its most_fees, and those of all placements at most `total`. A "
        "placement's site fees are fee_per_week times its weeks times its students.",
        weight=1,
        unit="currency over",
        parameters={"total": Parameter(0, "Most for all placements together; 0: no limit.")},
    ),
)
