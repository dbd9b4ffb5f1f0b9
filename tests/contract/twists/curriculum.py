"""Twists about what a student's placements add up to: the same again or never, breadth, weeks, hours, competencies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.contract.worlds import Maker, Row

COMPETENCIES = ("suture", "teach")


def switched(maker: Maker, rule: str) -> Row:
    """The policy's entry of a rule, which is on, mostly soft: that counts more exactly."""
    maker.rules[rule] = {"kind": maker.pick("hard", "soft", "soft")}
    return maker.rules[rule]


def earlier(maker: Maker) -> None:
    """Something done before, where, with whom and for how long."""
    for student in maker.tables["students"]:
        if maker.chance(0.5):
            row: Row = {"student": student["student"], "requirement": maker.pick(*maker.names(student["program"]))}
            row |= {"amount": maker.pick(1, 1, 2, 60)}
            if maker.chance(0.7):
                row["unit"] = maker.pick("u1", "u2", "elsewhere")
            if maker.chance(0.5):
                row["preceptor"] = maker.pick("q1", "q2", "somebody")
            if maker.chance(0.4):
                row["hours"] = maker.pick(0, 8, 40)
            if maker.chance(0.4):
                row["competencies"] = (maker.pick(*COMPETENCIES),)
            maker.tables["credits"].append(row)


def no_repeat(maker: Maker) -> None:
    switched(maker, "no_repeat")["things"] = maker.pick(
        ("preceptor",), ("unit",), ("site",), ("preceptor", "unit"), ("unit", "site")
    )
    if maker.chance(0.5):
        earlier(maker)


def continuity(maker: Maker) -> None:
    switched(maker, "continuity")
    for program in maker.programs:
        broad = any(column.startswith("least_") for column in program)
        program["continuity"] = "preceptor" if broad else maker.pick("preceptor", "unit", "site")


def settings(maker: Maker) -> None:
    for site, setting in zip(maker.sites, maker.pick(("rural", "urban"), ("rural", None), ("rural", "rural")), strict=True):
        site["setting"] = setting


def breadth(maker: Maker) -> None:
    switched(maker, "breadth")
    settings(maker)
    for program in maker.programs:
        for thing in maker.rng.sample(("specialties", "sites", "units", "settings"), maker.pick(1, 2)):
            same = program.get("continuity") in ("unit", "site") and thing != "specialties"
            if not same and f"most_{thing}" not in program:
                program[f"least_{thing}"] = maker.pick(2, 2, 3)
    if maker.chance(0.5):
        earlier(maker)


def setting_weeks(maker: Maker) -> None:
    switched(maker, "setting_weeks")
    settings(maker)
    for program in maker.programs:
        program["least_setting_weeks"] = maker.pick((("rural", 2),), (("rural", 3),), (("rural", 1), ("urban", 2)), (("x", 1),))
    if maker.chance(0.3):
        earlier(maker)


def program_hours(maker: Maker) -> None:
    switched(maker, "program_hours")
    for program in maker.programs:
        program["least_hours"] = maker.pick(24, 50, 97, 150)
    if maker.chance(0.5):
        earlier(maker)


def simulation_share(maker: Maker) -> None:
    switched(maker, "simulation_share")
    maker.units[0]["mode"] = "simulation"
    for program in maker.programs:
        program["most_simulation_percent"] = maker.pick(0, 25, 33, 50)
    if maker.chance(0.5):
        earlier(maker)


def competency(maker: Maker) -> None:
    switched(maker, "competency")
    for requirement in maker.requirements:
        requirement["competencies"] = maker.pick((), COMPETENCIES[:1], COMPETENCIES[1:], COMPETENCIES)
    for row in (*maker.units, *maker.tables["preceptors"]):
        row["competencies"] = maker.pick((), COMPETENCIES[:1], COMPETENCIES[1:], ("x",))
    if maker.chance(0.4):
        earlier(maker)


TWISTS: tuple[Callable[[Maker], None], ...] = (
    no_repeat,
    continuity,
    breadth,
    setting_weeks,
    program_hours,
    simulation_share,
    competency,
)
