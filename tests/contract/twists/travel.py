"""Homes, distances, housing, money, and what sites need."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.contract.worlds import Maker

#: Homes in a row to the north of the first site, 50 km from each other.
LATITUDES = (42.0, 42.45, 42.9, 43.35)


def homes(maker: Maker) -> None:
    """Coordinates of sites and students, with a few left out; limits of programs."""
    for site in maker.sites:
        site |= {"lat": maker.pick(*LATITUDES), "lon": -76.0}
    if maker.chance(0.15):
        maker.pick(*maker.sites)["lat"] = None
    for student in maker.tables["students"]:
        if maker.chance(0.85):
            student |= {"home_lat": maker.pick(*LATITUDES) + maker.pick(0, 0.004), "home_lon": -76.0}
    for program in maker.programs:
        if maker.chance(0.5):
            program["most_distance_km"] = maker.pick(20, 60, 100)
            if maker.chance(0.4):
                program["most_distance_housed_km"] = program["most_distance_km"] + maker.pick(0, 40)
        if maker.chance(0.3):
            program["most_relocations"] = maker.pick(0, 1)
    if maker.chance(0.3):
        maker.rules["housing"] = {"km": maker.pick(20, 60)}
    if maker.chance(0.3):
        for site in maker.sites:
            site["region"] = maker.pick("r", "r", "h2")
    if maker.chance(0.15):
        maker.pick(*maker.units)["mode"] = "telehealth"


def housing(maker: Maker) -> None:
    homes(maker)
    for _ in range(maker.pick(1, 2, 3)):
        start = maker.day() - timedelta(days=maker.pick(0, 0, 2, 7))
        row = {
            "site": maker.pick(*maker.sites)["site"],
            "beds": maker.pick(0, 1, 1, 2, 3, 9),
            "start": start,
            "end": start + timedelta(days=maker.pick(6, 13, 27, 60)),
            "cost": maker.pick(0, 3, 5),
        }
        if maker.chance(0.4):
            row["from_weekday"] = maker.pick((5,), (0,), (6, 2))
        maker.tables["housing"].append(row)
    if maker.chance(0.4):
        maker.rules["housing"] = maker.rules.get("housing", {}) | {"kind": "soft", "weight": maker.pick(1, 4)}


def daily(maker: Maker) -> None:
    """The soft rules about homes, also where somebody is worst off."""
    (homes if maker.chance(0.5) else housing)(maker)
    maker.rules["travel"] = {"kind": "soft", "km_per_point": maker.pick(10, 25, 60)}
    maker.rules["fees"] = {"kind": maker.pick("soft", "off")}
    if maker.chance(0.5):
        rules = maker.pick(("travel",), ("relocation",), ("travel", "relocation", "site_change"))
        maker.rules["worst_off"] = {"rules": rules, "scale": maker.pick("raw", "per_requirement")}


def far_apart(maker: Maker) -> None:
    homes(maker)
    maker.longitudinal()
    if maker.chance(0.3) and maker.requirements[-1].get("lane") != "longitudinal":
        maker.requirements[-1]["blocks"] = 2
    if maker.chance(0.3):
        maker.requirements[0] |= {"lane": "longitudinal", "blocks": 1}
    maker.rules["far_apart"] = {"kind": maker.pick("hard", "soft"), "most_km": maker.pick(0, 40, 60), "weight": maker.pick(1, 5)}


def cars(maker: Maker) -> None:
    maker.pick(*maker.sites)["needs_car"] = True
    for student in maker.tables["students"]:
        student["drives"] = maker.chance(0.6)
    maker.rules["car"] = {"kind": maker.pick("hard", "soft")}


def money(maker: Maker) -> None:
    for site in maker.sites:
        site["fee_per_week"] = maker.pick(0, 2, 5)
    if maker.chance(0.6):
        maker.pick(*maker.programs)["most_fees"] = maker.pick(0, 5, 10, 30)
    rule = {"kind": maker.pick("hard", "soft"), "total": maker.pick(0, 0, 10, 20), "weight": maker.pick(1, 3)}
    if maker.chance(0.6):
        housing(maker)
        rule["of"] = maker.pick(("housing",), ("fees", "housing"))
    maker.rules["budget"] = rule
    if maker.chance(0.5):
        maker.rules["fees"] = {"kind": "soft"}


def needs(maker: Maker) -> None:
    """High need, languages and sponsors."""
    maker.pick(*maker.sites)["high_need"] = maker.chance(0.6)
    for row in (*maker.sites, *maker.tables["preceptors"]):
        if maker.chance(0.5):
            row["languages"] = maker.pick(("es",), ("en",), ("es", "en"))
    sites = maker.pick((), ("h1",), ("h2",), ("h1", "h2"))
    maker.tables["scholarships"] = [{"scholarship": "c", "sites": sites, "professions": maker.pick((), (), ("md",))}]
    for student in maker.tables["students"]:
        student["languages"] = maker.pick((), ("en",), ("es",), ("fr", "en"))
        student["scholarship"] = maker.pick(None, "c", "other")
    for rule in ("language", "scholarship"):
        maker.rules[rule] = {"kind": maker.pick("soft", "soft", "hard"), "weight": maker.pick(1, 5)}


TWISTS = (homes, housing, housing, daily, far_apart, cars, money, needs)
