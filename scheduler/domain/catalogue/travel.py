"""Homes, distances and lodging."""

from __future__ import annotations

from scheduler.domain.policy import Parameter, RuleSpec

SPECS = (
    RuleSpec(
        "distance",
        "Distance from home",
        "No student is placed farther from home than the program's most_distance_km, unless the site has housing for the whole "
        "stay and is no farther than most_distance_housed_km. Where a home or site has no coordinates, nothing is too far.",
    ),
    RuleSpec("car", "Reached only by car", "At a site marked needs_car only students are placed who have a car."),
    RuleSpec(
        "housing",
        "Beds",
        "On no night of a row of `housing` are more students lodged at a site than its rows of that night have beds. A student "
        "is lodged where the site is farther from home than the program's most_distance_km (without one: than `km`).",
        unit="students over, each period",
        parameters={"km": Parameter(80, "Beyond this distance students lodge whose program has no most_distance_km.")},
    ),
    RuleSpec(
        "most_lodgings",
        "Number of lodgings",
        "A student is lodged (see `housing`) in no more than most_relocations different regions and sites without a region.",
        kinds=("hard", "off"),
    ),
    RuleSpec(
        "relocation",
        "Changes of lodging",
        "Each change of lodging from one block placement of a party to its next costs 1. Lodging is the site's region, or the "
        "site where it has none, where a student of the party is lodged (see `housing`), else home.",
        kinds=("soft", "off"),
        kind="soft",
        weight=2,
        unit="changes",
    ),
    RuleSpec(
        "travel",
        "Daily travel",
        "Each placement costs 1 for every full `km_per_point` km between home and site, of the student who lives farthest of "
        "those who are not lodged (see `housing`).",
        kinds=("soft", "off"),
        kind="off",
        weight=1,
        unit="points",
        parameters={"km_per_point": Parameter(10, "Kilometres, one way, that cost a point; at least 1.")},
    ),
    RuleSpec(
        "far_apart",
        "Sites in the same week",
        "A longitudinal placement and another placement of the same student that touch the same calendar week are at sites no "
        "farther apart than `most_km`.",
        kind="off",
        unit="pairs of placements",
        parameters={"most_km": Parameter(50, "Largest distance between the two sites.")},
    ),
)
