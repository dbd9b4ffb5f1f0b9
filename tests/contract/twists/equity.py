"""Schools that are to be served alike, parties that go first, and earlier terms."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.contract.worlds import Maker


def _schools(maker: Maker) -> list[dict[str, Any]]:
    """The rows of the schools table, which is there from now on."""
    rows = maker.tables["schools"]
    if not rows:
        rows += [{"school": school} for school in sorted({p["school"] for p in maker.programs})]
    return rows


def least_shares(maker: Maker) -> None:
    for row in _schools(maker):
        row["least_placed_percent"] = maker.pick(1, 34, 50, 51, 67, 100)
    if maker.chance(0.5):
        maker.rules["school_minimum"] = {"kind": maker.pick("hard", "soft"), "weight": maker.pick(1, 3, 500, 2000)}


def earlier_terms(maker: Maker) -> None:
    rows = maker.tables["history"]
    for _ in range(maker.pick(1, 2, 3, 4)):
        program = maker.pick(*maker.programs)
        row: dict[str, Any] = {
            "term": maker.pick("fall", "spring"),
            "school": program["school"],
            "used": maker.pick(0, 1, 2, 3, 8),
        }
        if maker.chance(0.6):
            row["program"] = program["program"]
            if maker.chance(0.5):
                row["requirement"] = maker.pick(*maker.names(program["program"]))
        if maker.chance(0.8):
            row["unit"] = maker.pick("u1", "u2")
        if maker.chance(0.3):
            row["weekdays"] = maker.pick((0, 1, 2, 3, 4), (1, 3), (0,), (0, 1), maker.weekdays())
        if maker.chance(0.3):
            row["shift"] = maker.pick("day", "am", "late", "night")
        if maker.chance(0.5):
            row["start_week"] = maker.day() - timedelta(days=maker.pick(98, 140, 140))
        rows.append(row)
    if maker.chance(0.5):
        maker.rules["historical_share"] = {
            "kind": maker.pick("hard", "soft"),
            "percent": maker.pick(50, 90, 100, 150),
            "weight": maker.pick(1, 20, 2000),
        }
    if maker.chance(0.6):
        maker.rules["keep_historical"] = {"kind": "soft", "weight": maker.pick(1, 2, 9)}


def equal_shares(maker: Maker) -> None:
    maker.rules["school_equity"] = {"kind": "soft", "weight": maker.pick(1, 1, 5, 30)}


def who_goes_first(maker: Maker) -> None:
    for row in _schools(maker):
        row["tier"] = maker.pick(1, 1, 2)
    for student in maker.tables["students"]:
        if maker.chance(0.3):
            student["scholarship"] = maker.pick("rural", "rural", "corps")
        if maker.chance(0.3):
            student["employer_unit"] = maker.pick("u1", "u2")
    held = [name for name in ("rural", "corps") if maker.chance(0.4)]
    maker.tables["scholarships"] = [{"scholarship": name, "priority": maker.pick(1, 2, 3)} for name in held]
    sources = ("tier", "student", "scholarship", "employer", "lottery")
    rule: dict[str, Any] = {"kind": "soft", "seed": maker.pick(0, 1, 7), "weight": maker.pick(1, 1, 3, 50)}
    if maker.chance(0.6):
        rule["order"] = tuple(maker.rng.sample(sources, maker.pick(1, 2, 5)))
    if maker.chance(0.5):
        rule["lottery_bands"] = maker.pick(1, 2, 3)
    maker.rules["priority"] = rule


TWISTS = (least_shares, earlier_terms, equal_shares, who_goes_first)
