"""Pins, limits for a student, preferences, the worst-off."""

from __future__ import annotations

from scheduler.domain.policy import Parameter, RuleSpec

SPECS = (
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
                ("preference", "waiting", "site_change", "availability_wish", "pin_wish", "keep_whole", "relocation", "travel"),
            ),
            "scale": Parameter(
                "per_requirement", "How parties with different numbers of rotations compare.", ("raw", "per_requirement")
            ),
        },
    ),
)
