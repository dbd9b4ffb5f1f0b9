"""Twists about which preceptors will do, and how many students, units and preceptors there are to one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.contract.worlds import Maker

LICENCES = ("np", "md", None)


def precepted(maker: Maker) -> None:
    """Some rotations with a preceptor, and two people who can take them."""
    for row in maker.requirements:
        if maker.chance(0.7):
            row["supervision"] = maker.pick("precepted", "precepted", "co-precepted")
    known = {p["preceptor"] for p in maker.tables["preceptors"]}
    maker.tables["preceptors"] += [maker.preceptor(q) for q in ("q1", "q2") if q not in known]
    for person in maker.tables["preceptors"]:
        if person.get("kind") != "faculty":
            person |= {"licence": maker.pick(*LICENCES), "supervises": ("rn", "md")}


def licences(maker: Maker) -> None:
    """A rotation asks for licences and years of experience."""
    precepted(maker)
    for row in maker.requirements:
        if maker.chance(0.5):
            row["licences"] = maker.pick(("np",), ("md",), ("np", "md"))
        if maker.chance(0.4):
            row["least_experience_years"] = maker.pick(0, 1, 3)
    for person in maker.tables["preceptors"]:
        person["experience_years"] = maker.pick(None, 0, 1, 2, 5)
    maker.rules["licence"] = {"kind": maker.pick("hard", "soft")}
    maker.rules["experience"] = {"kind": maker.pick("hard", "soft"), "years": maker.pick(0, 1, 3)}


def hours_with_a_licence(maker: Maker) -> None:
    """Hours with a licence, some of which are credited."""
    precepted(maker)
    for program in maker.programs:
        hours = maker.pick((("np", 20),), (("md", 41),), (("np", 75), ("md", 10)), (("np", 0),))
        program["licence_hours"] = hours
    maker.rules["licence_hours"] = {"kind": maker.pick("hard", "soft", "soft"), "weight": maker.pick(1, 2)}
    for student in maker.tables["students"]:
        if maker.chance(0.3):
            name = maker.pick(*maker.names(student["program"]))
            row = {"student": student["student"], "requirement": name, "amount": 1, "preceptor": maker.pick("q1", "q2", "qx")}
            maker.tables["credits"].append(row)


def several_preceptors(maker: Maker) -> None:
    """A rotation in several placements may have one or two preceptors."""
    precepted(maker)
    maker.rules["one_preceptor"] = {"kind": maker.pick("off", "off", "hard")}
    for row in maker.requirements:
        row["most_preceptors"] = maker.pick(1, 1, 2)
        if row.get("lane") != "longitudinal" and "elective_set" not in row:
            row |= {"supervision": "precepted", "blocks": maker.pick(2, 3)}


def few_units(maker: Maker) -> None:
    """Preceptors are in one or two units."""
    precepted(maker)
    for person in maker.tables["preceptors"]:
        person["most_units"] = maker.pick(1, 1, 2)
        if person.get("units"):
            person["units"] = ("u1", "u2")
    maker.rules["preceptor_units"] = {"kind": maker.pick("hard", "soft")}


def ratios(maker: Maker) -> None:
    """Few students of a profession with one preceptor."""
    precepted(maker)
    for person in maker.tables["preceptors"]:
        person["most_at_once"] = 9
    texts = maker.pick(("rn:1",), ("rn:2", "md:1"), ("md:1",), ("rn:0",), ("rn:3",), ())
    maker.rules["preceptor_ratio"] = {"kind": maker.pick("hard", "soft"), "ratios": texts}


def faculty_ratio(maker: Maker) -> None:
    """Groups that are too large for one faculty member."""
    for program in maker.programs:
        program["most_per_faculty"] = maker.pick(1, 2, 3, 4)
    maker.rules["group_ratio"] = {"kind": maker.pick("hard", "soft")}
    if not maker.tables["groups"]:
        maker.tables["groups"].append({"group": "G", "program": "p1", "size": 4, "split": "allowed", "least_size": 2})
    for row in maker.requirements:
        if maker.chance(0.5):
            row["supervision"] = "faculty"


TWISTS = (licences, hours_with_a_licence, several_preceptors, few_units, ratios, faculty_ratio)
