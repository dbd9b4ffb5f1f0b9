"""The rule catalogue: one entry a rule, with the sentence that its model, its verifier twin and its docs all mean.

Words used in the sentences
---------------------------
A *session* of a placement is a date from its start to its end whose weekday is one of its weekdays, with the clock times of
its shift (no shift: the whole day). A night shift belongs to the date on which it starts. Two sessions overlap when their
clock times do, on real dates. A row with dates, weekdays and a shift *touches* a placement when one of its sessions lies in
it. A placement that *follows the preceptor* has no known sessions: only rows of at least 7 days, on all weekdays and without
a shift, touch it. A placement is *present* on every date from start to end, also when its students pause.
Week number w of a date counts from the instance's first Monday.
"""

from __future__ import annotations

from scheduler.domain.policy import Parameter, RuleSpec

_SPECS = (
    # ------------------------------------------------------------------ what has to be placed
    RuleSpec(
        "requirement",
        "Required rotations are placed",
        "Every required rotation of every student is placed in full, in at most `blocks` placements. What is missing is "
        "'unplaced': it costs 100 for a whole rotation (100 / amount, rounded up, for each missing unit where it may be "
        "split), times students, times the priority of requirement and student.",
        kinds=("soft",),
        kind="soft",
        weight=10,
        unit="% of a rotation",
    ),
    RuleSpec(
        "elective",
        "Electives are chosen",
        "Of each elective set a student takes exactly `choose` rotations, each at most once. A missing one costs 100 times "
        "students, times the student's priority and the largest priority in the set.",
        kinds=("soft",),
        kind="soft",
        weight=10,
        unit="% of a rotation",
    ),
    RuleSpec(
        "order",
        "What comes before",
        "A rotation starts only after every rotation that it comes `after` has been finished in full; what is credited or "
        "waived counts as finished.",
    ),
    RuleSpec(
        "duration",
        "Length fits the rotation",
        "A placement has the length that its required rotation asks for: between weeks_min and weeks_max if given; in one "
        "placement its planned amount is the amount (weeks exactly; hours, shifts and sessions at least); in several, at most "
        "the amount. Its sessions a week lie between per_week_min and per_week_max.",
        kinds=("hard",),
    ),
    RuleSpec(
        "keep_whole",
        "Groups stay together",
        "A group that may be split is better kept whole: each part that is placed on its own costs 1.",
        kinds=("soft", "off"),
        kind="soft",
        weight=5,
        unit="parts",
    ),
    # ------------------------------------------------------------------ time
    RuleSpec(
        "one_place",
        "One place at a time",
        "Two block placements of a student do not share a date, and no two placements overlap in session time, except that a "
        "longitudinal placement may use the sessions that a block's slot excuses.",
        kinds=("hard",),
    ),
    RuleSpec(
        "calendar",
        "Program calendars",
        "No session lies in a calendar row that forbids. Where the program has terms, the placement lies inside one; where it "
        "has blocks, it starts on the first day of a block and ends within the last seven days' reach of a block's end.",
    ),
    RuleSpec(
        "availability",
        "Students and units are available",
        "No session lies in an 'unavailable' row of the student, group or unit, and none starts before the student is "
        "available or before the earliest day of the student's requirement.",
    ),
    RuleSpec(
        "availability_wish",
        "Dates to avoid or prefer",
        "Each placement that an 'avoid' row of the student, group, unit or preceptor touches costs 1, "
        "each that a 'prefer' row touches wins 1.",
        kinds=("soft", "off"),
        kind="soft",
        weight=2,
        unit="placements",
    ),
    RuleSpec(
        "commitment",
        "Commitments elsewhere",
        "No session lies in a commitment of the student or group.",
    ),
    # ------------------------------------------------------------------ what suits
    RuleSpec(
        "specialty",
        "Specialty",
        "The slot's specialty (or, without one, one of its unit's) is one that the required rotation accepts.",
        kinds=("hard",),
    ),
    RuleSpec("profession", "Profession", "The slot accepts the profession of the student's program."),
    RuleSpec("level", "Level", "The slot accepts the level of the required rotation, where both name levels."),
    RuleSpec("setting", "Setting", "The site has the setting that the required rotation asks for."),
    RuleSpec(
        "supervision",
        "Supervision",
        "A precepted rotation has a preceptor by name; a rotation supervised by faculty or by the service has none.",
        kinds=("hard",),
    ),
    RuleSpec(
        "conflict", "Conflicts", "Nobody is placed in a unit, at a site or with a preceptor listed in the student's conflicts."
    ),
    RuleSpec("refusal", "Refusals", "Nobody is placed where a preference of the student, group or school says 'refuse'."),
    # ------------------------------------------------------------------ who may be where
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
    # ------------------------------------------------------------------ slots and units
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
    # ------------------------------------------------------------------ preceptors
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
    # ------------------------------------------------------------------ people
    RuleSpec(
        "pin",
        "Pins",
        "A 'must' has a placement that matches it, and the pinned rotation nowhere else; a 'must not' has none.",
        kinds=("hard",),
    ),
    RuleSpec(
        "pin_wish",
        "Preferred pins",
        "Each placement that matches a 'prefer' pin wins 1.",
        kinds=("soft", "off"),
        kind="soft",
        weight=10,
        unit="placements",
    ),
    RuleSpec(
        "most_sites", "Number of sites", "A student has placements at no more than most_sites sites.", kinds=("hard", "off")
    ),
    RuleSpec(
        "most_specialties",
        "Number of specialties",
        "A student has placements in no more than most_specialties specialties.",
        kinds=("hard", "off"),
    ),
    RuleSpec(
        "most_per_site",
        "Placements at one site",
        "A student has no more than most_per_site placements at one site.",
        unit="placements over",
        kinds=("hard", "off"),
    ),
    RuleSpec(
        "preference",
        "Preferences",
        "Points of a score are won by each placement that it matches. A ranked list (one person, one requirement, one kind of "
        "thing) costs rank − 1 for each placement that it applies to, and for one that it does not list what `unranked` says. "
        "Wishes of a school count for each of its parties.",
        kinds=("soft", "off"),
        kind="soft",
        weight=1,
        unit="points",
        parameters={
            "unranked": Parameter(
                "last",
                "What a place that a ranked list does not name means: "
                "as bad as one rank after the last, indifferent (0), or refused.",
                ("last", "indifferent", "refused"),
            )
        },
    ),
    RuleSpec(
        "waiting",
        "Waiting",
        "Each week without a block placement between a party's first possible week and its last block placement costs 1 (or the "
        "negative score of the party's 'waiting' preference).",
        kinds=("soft", "off"),
        kind="soft",
        weight=1,
        unit="weeks",
    ),
    RuleSpec(
        "site_change",
        "Changes of site",
        "Each change of site from one block placement of a party to its next costs 1 (or the negative score of its "
        "'site_change' preference).",
        kinds=("soft", "off"),
        kind="soft",
        weight=2,
        unit="changes",
    ),
    RuleSpec(
        "worst_off",
        "The worst-off",
        "What the worst-off party pays under the listed rules, weights included, costs 1 a point; with the scale "
        "'per_requirement' it is divided by the number of the party's required rotations and rounded up.",
        kinds=("soft", "off"),
        kind="soft",
        weight=1,
        unit="points",
        parameters={
            "rules": Parameter(
                ("preference", "waiting", "site_change", "availability_wish"),
                "Rules that count for a party's points.",
                ("preference", "waiting", "site_change", "availability_wish", "pin_wish", "keep_whole"),
            ),
            "scale": Parameter(
                "per_requirement", "How parties with different numbers of rotations compare.", ("raw", "per_requirement")
            ),
        },
    ),
)

RULES: dict[str, RuleSpec] = {spec.id: spec for spec in _SPECS}
