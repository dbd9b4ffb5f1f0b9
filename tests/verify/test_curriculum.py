"""What a student's placements add up to, or have in common: the checks, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verify.world import (
    BASE,
    GROUP,
    PRECEPTED,
    SPLIT,
    Row,
    cost,
    found,
    program,
    put,
    requirement,
    says,
    week,
    world,
)

MS = put("ann", "MS", "ward", week(0))
FM = put("ann", "FM", "clinic", week(2))
AT_MERCY: list[Row] = [BASE["units"][0], {**BASE["units"][1], "site": "mercy"}]
RURAL: list[Row] = [{"site": "mercy", "setting": "rural"}, {"site": "lake"}]


def curriculum(rules: dict[str, Row] | None = None, /, more: dict[str, Any] | None = None, **columns: Any) -> Any:
    """The small world with columns of the nursing program."""
    return world(rules or {}, programs=[program(**columns), program("med")], **(more or {}))


def done(**columns: Any) -> dict[str, Any]:
    """Ann has done a third rotation."""
    rows = [*BASE["requirements"], requirement("PH", specialties=("family",))]
    return {"requirements": rows, "credits": [{"student": "ann", "requirement": "PH", "amount": 2, **columns}]}


def test_no_repeat() -> None:
    sites = {"no_repeat": {"things": ("site",)}}
    assert says("no_repeat", world(sites, units=AT_MERCY), MS, FM) == "ann has site mercy in 2 rotations (FM, MS)"
    assert not found("no_repeat", world(sites), MS, FM)
    assert not found("no_repeat", world(units=AT_MERCY), MS, FM)  # preceptors only, and there is none
    both = [put("ann", "MS", "ward", week(0), preceptor="kim"), put("ann", "FM", "clinic", week(2), preceptor="kim")]
    assert cost("no_repeat", world(preceptors=PRECEPTED["preceptors"]), *both) == 1


def test_no_repeat_of_what_was_done_before() -> None:
    units = {"no_repeat": {"things": ("unit",)}}
    assert says("no_repeat", world(units, **done(unit="clinic")), MS, FM) == "ann has unit clinic in 2 rotations (FM, PH)"
    assert not found("no_repeat", world(units, **done(unit="clinic")), MS)
    # two were there before: only what comes now is too much
    twice = done(unit="clinic")
    twice["credits"] = [*twice["credits"], {"student": "ann", "requirement": "MS", "amount": 2, "unit": "clinic"}]
    assert not found("no_repeat", world(units, **twice))
    assert cost("no_repeat", world(units, **twice), FM) == 1
    # and what was begun there may go on there
    begun = {"credits": [{"student": "ann", "requirement": "FM", "amount": 1, "unit": "clinic"}]}
    assert not found("no_repeat", world(units, **begun), FM)


def test_no_repeat_with_groups() -> None:
    sites = {"no_repeat": {"things": ("site",)}}
    group = [put("A", "MS", "ward", week(0)), put("A", "FM", "clinic", week(2))]
    assert cost("no_repeat", world(sites, units=AT_MERCY, **GROUP), *group) == 1  # once, whatever its size
    listing = [{**GROUP["groups"][0], "requirements": "MS"}]
    mixed = world(sites, units=AT_MERCY, students=GROUP["students"], groups=listing)
    assert cost("no_repeat", mixed, group[0], FM) == 1
    parts = [put("A", "MS", "ward", week(0), part=1), put("A", "FM", "clinic", week(2), part=2)]
    assert not found("no_repeat", world(sites, units=AT_MERCY, **SPLIT), *parts)


def test_continuity() -> None:
    assert says("continuity", curriculum(continuity="site"), MS, FM) == (
        "ann has 2 different sites (lake, mercy), one is wanted throughout"
    )
    assert not found("continuity", curriculum(more={"units": AT_MERCY}, continuity="site"), MS, FM)
    assert not found("continuity", curriculum(continuity="preceptor"), MS, FM)
    assert not found("continuity", world(), MS, FM)


@pytest.mark.parametrize(
    ("column", "least", "tables", "missing"),
    [
        ("least_sites", 2, {}, 0),
        ("least_sites", 2, {"units": AT_MERCY}, 1),
        ("least_units", 2, {"units": AT_MERCY}, 0),
        ("least_specialties", 2, {}, 0),
        ("least_settings", 2, {"sites": RURAL}, 1),
        ("least_sites", 3, {}, 0),  # two rotations are at two sites at most
        ("least_sites", 3, done(unit="clinic"), 1),  # two of three
        ("least_units", 3, done(unit="elsewhere"), 0),
        ("least_sites", 3, done(unit="elsewhere"), 0),  # nobody knows the site: two of two
    ],
)
def test_breadth(column: str, least: int, tables: dict[str, Any], missing: int) -> None:
    instance = curriculum(more=tables, **{column: least})
    assert cost("breadth", instance, MS, FM) == missing
    assert cost("breadth", instance, MS) == 0  # the other rotation may still bring what is missing
    assert cost("breadth", instance) == 0


def test_setting_weeks() -> None:
    instance = curriculum(more={"sites": RURAL}, least_setting_weeks=(("rural", 3), ("urban", 1)))
    assert says("setting_weeks", instance, MS, FM) == (
        "ann has 2 weeks at sites with the setting rural, at least 3 are wanted | "
        "ann has 0 weeks at sites with the setting urban, at least 1 are wanted"
    )
    assert not found("setting_weeks", instance, MS)
    more = curriculum(more={"sites": RURAL, **done(unit="ward")}, least_setting_weeks=(("rural", 4),))
    assert not found("setting_weeks", more, MS, FM)


def test_who_has_everything_credited_is_not_judged() -> None:
    credits = [{"student": "ann", "requirement": r, "amount": 2} for r in ("MS", "FM")]
    assert not found("setting_weeks", curriculum(more={"credits": credits}, least_setting_weeks=(("rural", 3),)))


def test_program_hours() -> None:
    assert says("program_hours", curriculum(least_hours=165), MS, FM) == "ann has 160 hours, at least 165 are wanted"
    assert not found("program_hours", curriculum(least_hours=160), MS, FM)
    assert not found("program_hours", curriculum(least_hours=165), MS)
    exam = {"program": "nurs", "start": week(0), "end": week(0), "kind": "exam", "shift": "am"}
    # a pause of half a day takes the session of the day
    assert cost("program_hours", curriculum(more={"calendar": [exam]}, least_hours=160), MS, FM) == 8
    hours = [requirement(name, p) for p in ("nurs", "med") for name in ("MS", "FM")]
    hours.append(requirement("PH", amount=40, amount_unit="hours"))
    credit = {"student": "ann", "requirement": "PH", "amount": 40}
    assert cost("program_hours", curriculum(more={"requirements": hours, "credits": [credit]}, least_hours=210), MS, FM) == 10
    counted = {"requirements": hours, "credits": [credit | {"hours": 50}]}
    assert cost("program_hours", curriculum(more=counted, least_hours=210), MS, FM) == 0


def test_simulation_share() -> None:
    units = [{**BASE["units"][0], "mode": "simulation"}, BASE["units"][1]]
    instance = curriculum(more={"units": units}, most_simulation_percent=33)
    assert says("simulation_share", instance, MS, FM) == "ann has 80 of 160 hours in simulation, at most 33 % allowed"
    assert cost("simulation_share", instance, MS, FM) == 28  # 80 − 52.8, rounded up
    assert cost("simulation_share", instance, FM) == 0
    assert cost("simulation_share", curriculum(more={"units": units}, most_simulation_percent=50), MS, FM) == 0


def test_competency() -> None:
    named = [requirement("MS", competencies=("suture",)), requirement("FM", competencies=("suture", "teach"))]
    units = [{**BASE["units"][0], "competencies": ("triage",)}, {**BASE["units"][1], "competencies": ("teach",)}]
    tables: dict[str, Any] = {"requirements": named, "units": units, "students": [BASE["students"][0]]}
    assert says("competency", world(**tables), MS, FM) == "ann has no placement that offers suture, which FM, MS name"
    assert not found("competency", world(**tables), MS)
    assert not found("competency", world(**tables | {"units": BASE["units"]}), MS, FM)
    people = [{**p, "competencies": ("suture",)} for p in PRECEPTED["preceptors"]]
    with_kim = put("ann", "MS", "ward", week(0), preceptor="kim")
    assert not found("competency", world(**tables, preceptors=people), with_kim, FM)
    covered = {"student": "ann", "requirement": "MS", "amount": 1, "competencies": ("suture",)}
    assert not found("competency", world(**tables, credits=[covered]), MS, FM)
