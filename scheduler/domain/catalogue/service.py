"""What sites need and who sponsors: high need, languages, scholarships."""

from __future__ import annotations

from scheduler.domain.policy import RuleSpec

SPECS = (
    RuleSpec(
        "high_need",
        "Sites of high need",
        "Each week that a student is placed at a site marked high_need wins 1.",
        kinds=("soft", "off"),
        kind="soft",
        weight=1,
        unit="student-weeks",
    ),
    RuleSpec(
        "language",
        "Languages",
        "A student speaks one of the site's languages; where it lists none, one of the preceptor's. Students whose languages are "
        "not listed are not judged.",
        kind="soft",
        weight=1,
        unit="placements",
    ),
    RuleSpec(
        "scholarship",
        "Sponsoring sites",
        "Who holds a scholarship is placed at one of its sponsoring sites, if it names any and the holder's profession is one of "
        "its professions.",
        kind="soft",
        weight=5,
        unit="placements",
    ),
)
