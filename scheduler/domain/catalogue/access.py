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
    RuleSpec(
        "lead_time",
        "Lead time",
        "No placement starts sooner than `days` days after the planning date; where the school's agreements that count (see "
        "`agreement`) for its site and profession all begin after the planning date, none sooner than `new_agreement_days`.",
        kind="off",
        unit="placements",
        parameters={
            "days": Parameter(30, "Days from the planning date to the first start."),
            "new_agreement_days": Parameter(120, "The same where the agreement is new."),
        },
    ),
    RuleSpec(
        "employer",
        "Own workplace",
        "No student is placed in his or her employer_unit, nor, with the `scope` site, anywhere else at its site.",
        unit="placements",
        parameters={"scope": Parameter("unit", "How far the workplace reaches.", ("unit", "site"))},
    ),
    RuleSpec(
        "returned_places",
        "Places given back",
        "In a slot with confirmed guaranteed places that have been given back (the planning date is on or after the give-back "
        "date), each placed student of a school that has no confirmed guarantee of its own there costs 1.",
        kinds=("soft", "off"),
        kind="soft",
        weight=1,
        unit="students",
    ),
)
