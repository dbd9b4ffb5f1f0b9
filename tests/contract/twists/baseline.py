"""Twists about an earlier schedule, and what is done of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.contract.worlds import Maker


def earlier_schedule(maker: Maker) -> None:
    """Placements before: some as they can be had, some of things that are not; seen from before or within the term."""
    maker.rules["stability"] = {"kind": "soft", "weight": maker.pick(1, 2), "lost": maker.pick(5, 30), "soon_weeks": 1}
    if maker.chance(0.6):
        maker.changes_from = maker.day()
    parties = [("student", s["student"], s["program"]) for s in maker.tables["students"]]
    parties += [("group", g["group"], "p1") for g in maker.tables["groups"]]
    people = [None, *(p["preceptor"] for p in maker.tables["preceptors"])]
    site = {u["unit"]: u["site"] for u in maker.units}
    for _ in range(maker.pick(1, 2, 3)):
        if not parties:
            return
        kind, who, program = maker.pick(*parties)
        slot = maker.pick(*maker.slots)
        starts = slot.get("starts") or (slot["first_start"],)
        row: dict[str, Any] = {kind: who, "requirement": maker.pick(*maker.names(program)), "slot": slot["slot"]}
        row |= {"unit": slot["unit"], "site": site[slot["unit"]], "preceptor": maker.pick(*people)}
        row["start"] = maker.pick(*starts) + timedelta(days=maker.pick(0, 0, 0, 7))
        if slot["pattern"] == "fixed" and maker.chance(0.7):
            row["weekdays"] = slot["weekdays"]
        if kind == "group" and maker.chance(0.3):
            row["part"] = maker.pick(1, 2)
        if maker.chance(0.1):
            row["slot"] = "gone"
        maker.tables["baseline"].append(row)


def places_of_another(maker: Maker) -> None:
    """A slot that has the places of another one."""
    first, *others = maker.slots
    for slot in others:
        if maker.chance(0.6):
            slot["part_of"] = first["slot"]
            if maker.chance(0.5):
                names = [s["student"] for s in maker.tables["students"]] + [g["group"] for g in maker.tables["groups"]]
                slot["kept_for"] = tuple(maker.rng.sample(names, min(len(names), maker.pick(1, 2))))


def done_by_the_group(maker: Maker) -> None:
    """Some of a rotation is done, by a student or by the whole group."""
    parties = [("student", s["student"], s["program"]) for s in maker.tables["students"]]
    parties += [("group", g["group"], "p1") for g in maker.tables["groups"]] * 2
    if parties:
        kind, who, program = maker.pick(*parties)
        row = {kind: who, "requirement": maker.pick(*maker.names(program)), "amount": maker.pick(1, 1, 2, 30)}
        maker.tables["credits"].append(row | {"unit": maker.pick(None, "u1"), "hours": maker.pick(None, 20)})


TWISTS = (earlier_schedule, places_of_another, done_by_the_group)
