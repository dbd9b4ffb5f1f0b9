"""Twists about who may come, and how soon."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.contract.worlds import Maker


def lead_time(maker: Maker) -> None:
    """Planned eight weeks ahead: the first starts are too soon, or all under a new agreement."""
    maker.rules["lead_time"] = {
        "kind": maker.pick("hard", "soft"),
        "days": maker.pick(30, 60, 70),
        "new_agreement_days": maker.pick(57, 65, 80),
    }
    if maker.chance(0.6):
        row: dict[str, Any] = {"school": "a", "status": maker.pick("signed", "planned")}
        start = maker.pick(None, date(2025, 11, 1), date(2025, 12, 1), date(2025, 12, 2), date(2026, 1, 15))
        maker.tables["agreements"] += [row | {"start": start}, {"school": "a", "sites": ("h1",), "start": maker.day()}]


def employers(maker: Maker) -> None:
    """Students who work in one of the units, or at a site."""
    maker.rules["employer"] = {"kind": maker.pick("hard", "soft"), "scope": maker.pick("unit", "site")}
    for student in maker.tables["students"]:
        if maker.chance(0.7):
            student["employer_unit"] = maker.pick("u1", "u2")


def given_back(maker: Maker) -> None:
    """Places of another school, given back or not."""
    maker.rules["returned_places"] = {"kind": "soft", "weight": maker.pick(1, 3)}
    if len(maker.programs) > 1:
        maker.programs[1]["school"] = "b"
    known = {(row["slot"], row["school"]) for row in maker.tables["reservations"]}
    for slot in maker.slots:
        places = slot["most_students"] - sum(
            row.get("guaranteed", 0) for row in maker.tables["reservations"] if row["slot"] == slot["slot"]
        )
        school = maker.pick("a", "b")
        if places > 0 and (slot["slot"], school) not in known and school in {p["school"] for p in maker.programs}:
            row = {"slot": slot["slot"], "school": school, "guaranteed": maker.pick(0, 1, 1), "status": "confirmed"}
            day = date(2025, 12, 1) + timedelta(days=maker.pick(-30, 0, 1))
            maker.tables["reservations"].append(row | {"give_back": maker.pick(day, day, day, None)})


TWISTS = (lead_time, employers, given_back)
