"""Rules about homes, distances and lodging."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scheduler.domain import Instance
from scheduler.offers.lodging import UNKNOWN, great_circle_km
from scheduler.solve import Settings, solve
from scheduler.verify import verify
from tests.rules.choice import broken, cost, offered
from tests.verify.world import BASE, GROUP, SPLIT, Row, program, requirement, slot, week, world

#: One degree along a meridian: 6371 km · π ÷ 180 = 111.19 km.
DEGREE_KM = 111
#: Mercy is at home; Lake is a degree to the north, so 111 km away.
SITES: list[Row] = [{"site": "mercy", "lat": 40, "lon": -75}, {"site": "lake", "lat": 41, "lon": -75}]
UNITS = BASE["units"]
HOME: Row = {"home_lat": 40, "home_lon": -75}
TO_LAKE = ("ann FM clinic 0",)


def near_mercy(who: str = "ann", **columns: Any) -> Row:
    return {"student": who, "program": "nurs", **HOME, **columns}


def at_home(rules: Row | None = None, /, limits: Row | None = None, **tables: Any) -> Instance:
    """Ann lives at Mercy; her program has these limits."""
    rows = {"students": [near_mercy()], "sites": SITES, "programs": [program(**(limits or {}))]}
    return world(rules, **{"requirements": [requirement("MS"), requirement("FM")], **rows, **tables})


def grouped(tables: dict[str, list[Row]], rules: Row | None = None, **more: Any) -> Instance:
    """Group A, of whose students only ann has a home: at Mercy."""
    students = [tables["students"][0] | HOME, *tables["students"][1:]]
    return at_home(rules, **{"groups": tables["groups"], "students": students, **more})


def beds(count: int = 2, **columns: Any) -> Row:
    return {"site": "lake", "beds": count, "start": week(0), "end": week(11), **columns}


def test_kilometres_are_great_circles_rounded_to_the_nearest() -> None:
    paris, new_york, nowhere = (48.8566, 2.3522), (40.7128, -74.006), (np.nan, 0)
    km = great_circle_km(np.array([paris, nowhere]), np.array([new_york, paris]))
    assert km.tolist() == [[5837, 0], [UNKNOWN, UNKNOWN]]
    half = 0.5 / (6371 * np.pi / 180)  # half a kilometre to the north
    assert great_circle_km(np.array([(0, 0)]), np.array([(half * 0.999, 0), (half * 1.001, 0)])).tolist() == [[0, 1]]


@pytest.mark.parametrize(
    ("limits", "allowed"),
    [
        ({}, True),
        ({"most_distance_km": DEGREE_KM}, True),
        ({"most_distance_km": DEGREE_KM - 1}, False),
        ({"most_distance_housed_km": 1}, True),  # says nothing without a daily limit
    ],
)
def test_distance(limits: Row, allowed: bool) -> None:
    assert ("ann FM clinic 0" in offered(at_home(limits=limits))) == allowed
    assert "ann MS ward 0" in offered(at_home(limits=limits))


@pytest.mark.parametrize(
    "change",
    [
        {"students": [near_mercy(home_lat=None)]},
        {"sites": [SITES[0], {"site": "lake", "lat": 41}]},
        {"units": [UNITS[0], UNITS[1] | {"mode": "telehealth"}]},
    ],
)
def test_what_has_no_distance_is_not_too_far(change: Row) -> None:
    assert "ann FM clinic 0" in offered(at_home(limits={"most_distance_km": 1}, **change))


@pytest.mark.parametrize(
    ("rows", "housed_km", "allowed"),
    [
        ([beds()], None, True),
        ([beds(0)], None, False),
        ([beds()], DEGREE_KM, True),
        ([beds()], DEGREE_KM - 1, False),
        # from Monday of week 0 to Friday of week 1: the last night is Thursday's
        ([beds(end=week(1, 3))], None, True),
        ([beds(end=week(1, 2))], None, False),
        ([beds(start=week(0, 1))], None, False),
        ([beds(end=week(0)), beds(start=week(0, 1))], None, True),  # one row after the other
        ([beds(end=week(0)), beds(start=week(0, 2))], None, False),
        ([beds(site="mercy")], None, False),
        # who comes on Saturdays comes on the 3rd, two days before week 0
        ([beds(from_weekday="Sa", start=week(-1, 5))], None, True),
        ([beds(from_weekday="Sa", start=week(-1, 6))], None, False),
        ([beds(from_weekday="Sa Mo", start=week(0))], None, True),
    ],
)
def test_housing_for_the_whole_stay_reaches_farther(rows: list[Row], housed_km: int | None, allowed: bool) -> None:
    limits = {"most_distance_km": 60, "most_distance_housed_km": housed_km}
    assert ("ann FM clinic 0" in offered(at_home(limits=limits, housing=rows))) == allowed


def test_one_student_of_a_group_is_enough_to_be_too_far() -> None:
    for tables in (GROUP, SPLIT):
        assert not any("FM" in name for name in offered(grouped(tables, programs=[program(most_distance_km=60)])))


def test_a_soft_distance_costs_one_for_each_placement() -> None:
    soft = at_home({"distance": {"kind": "soft"}}, limits={"most_distance_km": 60})
    assert cost("distance", soft, "ann MS ward 2", *TO_LAKE) == 1
    group = grouped(GROUP, {"distance": {"kind": "soft"}}, programs=[program(most_distance_km=60)])
    assert cost("distance", group, "A FM clinic 0") == 1


def test_car() -> None:
    sites = [SITES[0], SITES[1] | {"needs_car": True}]
    assert "ann FM clinic 0" in offered(at_home(sites=sites))
    walks: Row = {"students": [near_mercy(drives=False)]}
    assert not any("clinic" in name for name in offered(at_home(sites=sites, **walks)))
    assert cost("car", at_home({"car": {"kind": "soft"}}, sites=sites, **walks), "ann MS ward 2", *TO_LAKE) == 1
    remote = [UNITS[0], UNITS[1] | {"mode": "telehealth"}]
    assert "ann FM clinic 0" in offered(at_home(sites=sites, units=remote, **walks))
    group = GROUP | {"students": [GROUP["students"][0], GROUP["students"][1] | {"drives": False}]}
    assert not any("clinic" in name for name in offered(grouped(group, sites=sites)))


#: Ann, bob and cleo live at Mercy.
THREE: list[Row] = [near_mercy(name) for name in ("ann", "bob", "cleo")]


def test_housing() -> None:
    instance = at_home(students=THREE, housing=[beds(2)])
    assert broken(instance, "ann FM clinic 0", "bob FM clinic 1") == set()
    assert broken(instance, "ann FM clinic 0", "bob FM clinic 1", "cleo FM clinic 1") == {"housing"}  # together in week 1
    assert broken(instance, "ann FM clinic 0", "bob FM clinic 1", "cleo FM clinic 2") == set()
    nearer = at_home({"housing": {"km": DEGREE_KM}}, students=THREE, housing=[beds(0)])
    assert broken(nearer, "ann FM clinic 0") == set()  # 111 km are not beyond 111
    limit = at_home({"housing": {"km": DEGREE_KM}}, students=THREE, housing=[beds(0)], limits={"most_distance_km": 60})
    assert "ann FM clinic 0" not in offered(limit)  # no bed, and too far for every day
    soft = {"distance": {"kind": "soft"}, "housing": {"km": DEGREE_KM}}
    assert broken(at_home(soft, students=THREE, housing=[beds(0)], limits={"most_distance_km": 60}), *TO_LAKE) == {"housing"}


def test_beds_are_counted_on_nights_that_rows_hold() -> None:
    from_tuesday = at_home(students=THREE, housing=[beds(0, start=week(1, 1)), beds(1, start=week(1, 1))])
    # the nights of week 0 are nobody's business, those from Tuesday of week 1 on have one bed
    assert broken(from_tuesday, "ann FM clinic 0") == set()
    assert broken(from_tuesday, "ann FM clinic 0", "bob FM clinic 0") == {"housing"}
    thursday = at_home(students=THREE, housing=[beds(1, start=week(1, 4))])
    assert broken(thursday, "ann FM clinic 0", "bob FM clinic 0") == set()  # they leave on Friday


def test_soft_beds_cost_the_largest_excess_of_each_week() -> None:
    rows = [beds(1, end=week(0, 6)), beds(2, start=week(1))]
    instance = at_home({"housing": {"kind": "soft"}}, students=THREE, housing=rows)
    # week 0: three for one bed; week 1: three for two
    assert cost("housing", instance, *(f"{name} FM clinic 0" for name in ("ann", "bob", "cleo"))) == 2 + 1


def test_a_group_takes_beds_for_those_who_live_too_far() -> None:
    homes = [HOME, {"home_lat": 41, "home_lon": -75}]  # ann's is 111 km from Lake, bob's is there
    for both, lodged in ((homes, 1), ([HOME, HOME], 2)):
        tables: Row = GROUP | {"students": [s | home for s, home in zip(GROUP["students"], both, strict=True)]}
        group = at_home({"housing": {"kind": "soft"}}, housing=[beds(0)], **tables)
        assert cost("housing", group, "A FM clinic 0") == 2 * lodged  # in two weeks
    split = grouped(SPLIT, housing=[beds(1)])  # ann may be in either part
    assert broken(split, "A part 1 FM clinic 0", "A part 2 FM clinic 0") == {"housing"}
    assert broken(split, "A part 1 FM clinic 0", "A part 2 FM clinic 2") == set()


def test_beds_are_given_to_as_many_as_there_are() -> None:
    # both starts share week 1, so two beds make two of three rotations
    slots = [slot("ward"), slot("clinic", first_start=None, last_start=None, starts=(week(0), week(1)))]
    instance = at_home(students=THREE, housing=[beds(2)], slots=slots)
    schedule = solve(instance, Settings(workers=1))
    assert verify(instance, schedule).ok
    assert [u.requirement for u in schedule.unplaced] == ["FM"]


NORTH: list[Row] = [*SITES, {"site": "pine", "lat": 41.2, "lon": -75}]
PINE: Row = {
    "sites": NORTH,
    "units": [
        *UNITS,
        {"unit": "farm", "site": "pine", "specialties": ("medsurg",)},
    ],
    "slots": [slot("ward"), slot("clinic"), slot("farm")],
}
IN_A_REGION: Row = PINE | {"sites": [NORTH[0], *(site | {"region": "north"} for site in NORTH[1:])]}


def test_most_lodgings() -> None:
    two, one = ("ann FM clinic 0", "ann MS farm 2"), ("ann FM clinic 0", "ann MS ward 2")
    assert broken(at_home(limits={"most_relocations": 1}, **PINE), *two) == {"most_lodgings"}
    assert broken(at_home(limits={"most_relocations": 1}, **PINE), *one) == set()  # at Mercy she is at home
    assert broken(at_home(limits={"most_relocations": 1}, **IN_A_REGION), *two) == set()
    assert broken(at_home(limits={"most_relocations": 0}, **IN_A_REGION), *two) == {"most_lodgings"}
    assert broken(at_home({"housing": {"km": 200}}, limits={"most_relocations": 0}, **PINE), *two) == set()
    split = grouped(SPLIT, programs=[program(most_relocations=1)], **PINE)
    assert broken(split, "A FM clinic 0", "A part 1 MS farm 2", "A part 2 MS ward 2") == {"most_lodgings"}
    assert broken(split, "A part 2 FM clinic 0", "A part 1 FM clinic 2", "A part 1 MS ward 4") == set()


def test_relocation() -> None:
    rotations: Row = {"requirements": [requirement("MS", blocks=2, amount=4), requirement("FM")]}
    chosen = ("ann MS ward 0", "ann FM clinic 2", "ann MS farm 4")
    assert cost("relocation", at_home(**PINE, **rotations), *chosen) == 2
    assert cost("relocation", at_home(**IN_A_REGION, **rotations), *chosen) == 1  # to the north, and there she stays
    assert cost("relocation", at_home({"housing": {"km": 200}}, **PINE, **rotations), *chosen) == 0
    weekly: Row = {"requirements": [requirement("MS"), requirement("FM", lane="longitudinal")]}
    assert cost("relocation", at_home(**PINE, **weekly), "ann MS ward 0", "ann FM clinic 2") == 0
    group = grouped(GROUP, **PINE)
    assert cost("relocation", group, "A FM clinic 0", "A MS ward 2") == 1  # once, whatever its size


def test_travel() -> None:
    points: Row = {"travel": {"kind": "soft"}, "housing": {"km": 200}}
    assert cost("travel", at_home(points), *TO_LAKE, "ann MS ward 2") == 11  # 111 km at 10 a point
    points["travel"]["km_per_point"] = 37
    assert cost("travel", at_home(points), *TO_LAKE) == 3  # 111 km at 37
    points["housing"] = {"km": 110}
    assert cost("travel", at_home(points), *TO_LAKE) == 0  # lodged
    points["housing"] = {"km": 111}
    assert cost("travel", grouped(GROUP, points), "A FM clinic 0") == 3


def test_the_worst_off_may_count_travel() -> None:
    points = {"travel": {"kind": "soft"}, "housing": {"km": 200}, "worst_off": {"rules": ("travel",), "scale": "raw"}}
    two = at_home(points, students=THREE[:2])
    assert cost("worst_off", two, "ann FM clinic 0", "bob MS ward 0") == 11


#: A weekly clinic at Lake beside a block at Mercy, 111 km away.
WEEKLY: Row = {
    "requirements": [requirement("MS"), requirement("FM", lane="longitudinal")],
    "slots": [slot("ward", weekdays="Mo Tu We"), slot("clinic", weekdays="Fr")],
}


def test_far_apart() -> None:
    def rules(kind: str = "hard", km: int = 50) -> Row:
        return {"far_apart": {"kind": kind, "most_km": km}}

    beside, apart = ("ann MS ward 1", "ann FM clinic 0"), ("ann MS ward 2", "ann FM clinic 0")
    assert broken(at_home(rules(), **WEEKLY), *beside) == {"far_apart"}  # both touch week 1
    assert broken(at_home(rules(), **WEEKLY), *apart) == set()
    assert broken(at_home(rules(km=DEGREE_KM), **WEEKLY), *beside) == set()
    assert broken(at_home(rules(), slots=WEEKLY["slots"]), *apart) == set()  # two blocks: not its business
    assert cost("far_apart", at_home(rules("soft"), **WEEKLY), *beside) == 1
    for tables in (GROUP, SPLIT):
        assert cost("far_apart", grouped(tables, rules("soft"), **WEEKLY), "A MS ward 1", "A FM clinic 0") == 1
    split = grouped(SPLIT, rules("soft"), **WEEKLY)
    assert cost("far_apart", split, "A FM clinic 0", "A part 1 MS ward 0", "A part 2 MS ward 1") == 2


def test_far_apart_counts_pairs_where_rotations_are_split() -> None:
    pieces: Row = {"requirements": [requirement("MS", blocks=2, amount=4), requirement("FM", lane="longitudinal", amount=4)]}
    longer = [slot("ward", weekdays="Mo Tu We"), slot("clinic", weekdays="Fr", length=4)]
    soft = at_home({"far_apart": {"kind": "soft"}}, slots=longer, **pieces)
    assert cost("far_apart", soft, "ann FM clinic 0", "ann MS ward 0", "ann MS ward 2") == 2
    assert cost("far_apart", soft, "ann FM clinic 0", "ann MS ward 0", "ann MS ward 4") == 1
    assert cost("far_apart", soft, "ann MS ward 0", "ann MS ward 2") == 0
    both = [requirement("MS", blocks=2, amount=4), requirement("FM", lane="longitudinal", blocks=2, amount=4)]
    soft = at_home({"far_apart": {"kind": "soft"}}, requirements=both, slots=WEEKLY["slots"])
    assert cost("far_apart", soft, "ann FM clinic 0", "ann FM clinic 2", "ann MS ward 0", "ann MS ward 2") == 2
    one = [requirement("FM", lane="longitudinal", blocks=2, amount=4, specialties=("family", "medsurg"))]
    soft = at_home({"far_apart": {"kind": "soft"}}, requirements=one, slots=WEEKLY["slots"])
    assert cost("far_apart", soft, "ann FM clinic 0", "ann FM ward 1") == 1  # one rotation, two sites


def test_far_apart_is_avoided_where_it_can_be() -> None:
    slots = [slot("ward", weekdays="Mo Tu We", last_start=week(0)), slot("clinic", weekdays="Fr", last_start=week(1))]
    instance = at_home({"far_apart": {"kind": "hard"}}, **(WEEKLY | {"slots": slots}))
    schedule = solve(instance, Settings(workers=1))
    assert verify(instance, schedule).ok
    assert len(schedule.unplaced) == 1  # the clinic starts in week 0 or 1, and the ward ends in week 1
