"""Changes against an earlier schedule: what has started, and how much moves."""

from __future__ import annotations

from scheduler.domain.policy import Parameter, RuleSpec

SPECS = (
    RuleSpec(
        "started",
        "What has started",
        "Before changes_from (the planning date, if that is empty) nothing starts that the baseline does not have: same "
        "rotation, slot, start and weekdays. Without a baseline anything may start at any time.",
        unit="placements",
    ),
    RuleSpec(
        "stability",
        "Changes",
        "Against the nearest placement that the baseline has of the same rotation (or elective set), a placement costs 0 where "
        "nothing is different, else what the greatest difference says: `preceptor` (only the preceptors), `days` (weekdays or "
        "slot), `unit` (another unit of the site), `site` (another site) or `rotation` (another one of the elective set); and "
        "`start` more on another first day. It counts `started` times where the placement of the baseline starts before "
        "changes_from, and `soon` times where it does in the `soon_weeks` weeks from it. Each placement fewer than in the "
        "baseline costs `lost`; each that has started and is not continued `interrupted` more.",
        kinds=("soft", "off"),
        kind="soft",
        weight=10,
        unit="points",
        parameters={
            "preceptor": Parameter(1, "Points of another preceptor in the same place at the same time."),
            "days": Parameter(2, "Points of other weekdays or another slot of the unit."),
            "start": Parameter(3, "Points of another first day, in addition."),
            "unit": Parameter(4, "Points of another unit of the site."),
            "site": Parameter(6, "Points of another site."),
            "rotation": Parameter(8, "Points of another rotation of the elective set."),
            "lost": Parameter(30, "Points of a placement that nothing takes the place of."),
            "interrupted": Parameter(100, "Points, in addition, of one that has started."),
            "started": Parameter(4, "How often the points of a placement that has started count."),
            "soon": Parameter(2, "How often those of one that starts soon count."),
            "soon_weeks": Parameter(4, "How many weeks from changes_from are soon."),
        },
    ),
)
