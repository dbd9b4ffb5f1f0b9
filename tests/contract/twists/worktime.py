"""Twists about how long and how late students work."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.contract.worlds import Maker


def nights(maker: Maker) -> None:
    """Few nights are allowed, and many slots have them."""
    for program in maker.programs:
        program["most_nights"] = maker.pick(0, 1, 2, 4, 5)
    maker.rules["most_nights"] = {"kind": maker.pick("hard", "soft")}
    for slot in maker.slots:
        if maker.chance(0.6):
            slot["shift"] = "night"


def rest_after_nights(maker: Maker) -> None:
    """Nights beside other sessions, in two lanes, of slots that excuse from some."""
    maker.rules["shift_rest"] = {"hours": maker.pick(0, 1, 5, 8, 10, 12, 24, 36)}
    for slot in maker.slots:
        slot["shift"] = maker.pick("night", "night", "early", "am", "late", "day", None)
        slot["weekdays"] = maker.pick((0,), (1, 3), (0, 1, 2, 3, 4), (6,), (4,))
        slot["pattern"] = "fixed"
        slot.pop("days_per_week", None)
        if maker.chance(0.3):
            slot["excuses"] = maker.pick(((4, "am"),), ((1, ""),), ((3, "early"), (0, "late")), ((0, "day"),))
    if maker.chance(0.7):
        maker.requirements[-1] |= {"lane": "longitudinal", "blocks": 1}


def hours_a_week(maker: Maker) -> None:
    """Hours a week are limited, with a job beside."""
    for program in maker.programs:
        program["most_hours_per_week"] = maker.pick(8, 12, 24, 30, 36, 40)
    maker.rules["week_hours"] = {"kind": maker.pick("hard", "soft")}
    if maker.chance(0.5):
        maker.requirements[-1] |= {"lane": "longitudinal", "blocks": 1}
    for _ in range(maker.pick(0, 1, 2)):
        row = {**maker.who("student", "group"), **maker.dates(21), "hours_per_week": maker.pick(0, 4, 10, 50)}
        row["weekdays"] = maker.pick((5,), (6,), (5, 6))
        maker.tables["commitments"].append(row)
    for slot in maker.slots:
        if maker.chance(0.3):
            slot["excuses"] = maker.pick(((4, "am"),), ((1, ""),), ((3, "early"), (0, "late")), ((0, "day"),))


TWISTS = (nights, rest_after_nights, hours_a_week)
