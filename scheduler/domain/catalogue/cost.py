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
        "Budget",
        "What all placements of a program cost together is at most its most_fees, and what those of all programs cost at most "
        "`total`. A placement costs what `of` lists, as in `fees`: the site's fee_per_week (fees), the beds (housing), or both.",
        weight=1,
        unit="currency over",
        parameters={
            "of": Parameter(("fees",), "What counts; both may be listed.", ("fees", "housing")),
            "total": Parameter(0, "Most for all placements together; 0: no limit."),
        },
    ),
)
