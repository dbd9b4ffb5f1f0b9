"""Who may be where."""

from __future__ import annotations

from scheduler.domain.policy import Parameter, RuleSpec

SPECS = (
    RuleSpec(
        "agreement",
        "Affiliation agreements",
        "A school that has agreements is placed only where they allow it: on every day from start to end of a placement, one of "
        "them holds for its site and profession, with one of the `statuses`. A school without any goes everywhere.",
        parameters={
            "statuses": Parameter(
                ("signed", "renewing"),
                "Agreements with these statuses count, here and for their places.",
                ("signed", "renewing", "planned"),
            )
        },
    ),
    RuleSpec(
        "agreement_places",
        "Places of an agreement",
        "At no moment are more students of a school in sessions at the sites, of the professions and on the dates of one of its "
        "agreements than its most_students; every agreement that counts (see `agreement`) limits by itself. A placement that "
        "follows the preceptor counts on every date from start to end.",
        unit="students over, each period",
    ),
    RuleSpec(
        "clearance",
        "Compliance items",
        "What a site asks of students (site_clearances) is on file or waived on every day of a placement in the season (`covers` "
        "start: on the first of these days). Where it is not, the student is not placed there if it is refused; if it is not "
        "promised either, a named student is not placed there once it is due, due_days_before days before the first such day. "
        "What is promised or not yet due on the planning date holds nobody back: it is listed in onboarding.csv.",
    ),
)
