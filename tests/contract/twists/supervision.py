"""Preceptors who share a student, cover for each other, rest, are trained for a time; and teams of several professions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.contract.worlds import Maker


def _people(maker: Maker, count: int) -> None:
    """At least so many preceptors."""
    people = maker.tables["preceptors"]
    for name in ("q1", "q2", "q3"):
        if len(people) < count and all(p["preceptor"] != name for p in people):
            people.append(maker.preceptor(name))


def co_precepted(maker: Maker) -> None:
    _people(maker, maker.pick(2, 2, 3))
    maker.pick(*maker.requirements)["supervision"] = "co-precepted"
    for person in maker.tables["preceptors"]:
        if maker.chance(0.6):
            row = {"who_kind": "preceptor", "who": person["preceptor"], **maker.dates(20), "status": "unavailable"}
            maker.tables["availability"].append(row)


def cover(maker: Maker) -> None:
    _people(maker, 2)
    people = maker.tables["preceptors"]
    for requirement in maker.requirements[:2]:
        requirement["supervision"] = "precepted"
    people[0]["cover"] = people[1]["preceptor"]
    if maker.chance(0.3):
        people[1]["cover"] = people[0]["preceptor"]
    for who in (people[0], *maker.pick((), (people[1],))):
        for _ in range(maker.pick(1, 2)):
            row = {"who_kind": "preceptor", "who": who["preceptor"], **maker.dates(10), "status": "unavailable"}
            maker.tables["availability"].append(row)
    if maker.chance(0.3):
        limit = maker.pick("supervises", "specialties")
        people[1][limit] = maker.pick(("rn",), ("md",)) if limit == "supervises" else ("x",)


def rest(maker: Maker) -> None:
    _people(maker, 1)
    maker.pick(*maker.requirements)["supervision"] = "precepted"
    for person in maker.tables["preceptors"]:
        person["rest_weeks"] = maker.pick(0, 1, 1, 2)


def training(maker: Maker) -> None:
    _people(maker, 1)
    maker.pick(*maker.requirements)["supervision"] = maker.pick("precepted", "co-precepted")
    maker.pick(*maker.tables["preceptors"])["trained_until"] = maker.day() + timedelta(days=maker.pick(0, 4, 13))


def teams(maker: Maker) -> None:
    professions = sorted({p["profession"] for p in maker.programs})
    maker.programs[0]["least_ipe_weeks"] = maker.pick(1, 1, 2)
    if len(maker.programs) > 1 and maker.chance(0.3):
        maker.programs[1]["least_ipe_weeks"] = 1
    for _ in range(maker.pick(1, 1, 2)):
        row = {"team": f"t{len(maker.tables['ipe_teams'])}", "weeks": maker.pick(1, 1, 2)}
        row |= {"unit": maker.pick("u1", "u2")} if maker.chance(0.6) else {"site": maker.pick("h1", "h2")}
        row["professions"] = tuple((p, maker.pick(1, 1, 2) if len(professions) > 1 else 2) for p in professions)
        if maker.chance(0.3):
            row["most_students"] = sum(n for _, n in row["professions"]) + maker.pick(0, 1, 2)
        maker.tables["ipe_teams"].append(row)


TWISTS = (co_precepted, cover, rest, training, teams, teams)
