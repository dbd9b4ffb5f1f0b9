"""What suits whom."""

from __future__ import annotations

from scheduler.domain.policy import RuleSpec

SPECS = (
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
        "A precepted rotation has a preceptor by name, a co-precepted one has two; a rotation supervised by faculty or by the "
        "service has none.",
        kinds=("hard",),
    ),
    RuleSpec(
        "conflict", "Conflicts", "Nobody is placed in a unit, at a site or with a preceptor listed in the student's conflicts."
    ),
    RuleSpec(
        "arranged",
        "Arranged for somebody",
        "A slot that names students or groups for whom it was arranged is for nobody else.",
    ),
    RuleSpec("refusal", "Refusals", "Nobody is placed where a preference of the student, group or school says 'refuse'."),
)
