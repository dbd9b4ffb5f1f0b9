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

from scheduler.domain.catalogue import (
    access,
    baseline,
    cost,
    curriculum,
    demand,
    equity,
    people,
    places,
    preceptors,
    qualification,
    service,
    spacing,
    suitability,
    teams,
    time,
    travel,
    worktime,
)
from scheduler.domain.policy import RuleSpec

#: The families, in the order of the docs.
FAMILIES = (
    demand,
    time,
    worktime,
    suitability,
    access,
    places,
    preceptors,
    qualification,
    teams,
    curriculum,
    spacing,
    travel,
    service,
    cost,
    equity,
    baseline,
    people,
)

RULES: dict[str, RuleSpec] = {spec.id: spec for family in FAMILIES for spec in family.SPECS}

#: The same by family, under the first sentence of the family's module, as far as its first colon.
BY_FAMILY: dict[str, tuple[RuleSpec, ...]] = {
    (family.__doc__ or family.__name__).partition("\n")[0].partition(":")[0].rstrip("."): family.SPECS for family in FAMILIES
}
