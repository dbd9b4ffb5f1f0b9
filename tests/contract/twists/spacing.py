"""Twists about how a student's placements lie in time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.contract.twists.curriculum import switched

if TYPE_CHECKING:
    from tests.contract.worlds import Maker, Row


def split(maker: Maker) -> None:
    """Some rotations in up to three placements of a week or so."""
    for requirement in maker.requirements:
        if "elective_set" not in requirement and requirement.get("lane") != "longitudinal" and maker.chance(0.6):
            requirement["blocks"] = maker.pick(2, 2, 3)


def spacing(maker: Maker) -> None:
    switched(maker, "spacing")
    if maker.chance(0.5):
        split(maker)
    for _ in range(maker.pick(1, 1, 2)):
        program = maker.pick(*maker.programs)["program"]
        row: Row = {
            "program": program,
            "requirement": maker.pick(*maker.names(program)),
            "other": maker.pick(*maker.names(program)),
        }
        least, most = sorted((maker.pick(0, 1, 2), maker.pick(0, 1, 2)))
        row |= maker.pick({"least_weeks": most}, {"most_weeks": least}, {"least_weeks": least, "most_weeks": most})
        maker.tables["spacings"].append(row)


def heavy(maker: Maker) -> None:
    switched(maker, "heavy")["weeks"] = maker.pick(0, 1, 1, 2)
    if maker.chance(0.3):
        split(maker)
    for requirement in maker.requirements:
        requirement["heavy"] = maker.chance(0.8)


def start_window(maker: Maker) -> None:
    switched(maker, "start_window")
    for requirement in maker.rng.sample(maker.requirements, maker.pick(1, 2)):
        column, other = maker.pick(("first_week", "last_week"), ("last_week", "first_week"))
        if other not in requirement:
            requirement[column] = maker.pick(1, 2, 3)
    if maker.tables["students"] and maker.chance(0.5):
        maker.pick(*maker.tables["students"])["available_from"] = maker.day()


def kept_together(maker: Maker) -> None:
    switched(maker, "kept_together")
    split(maker)
    for requirement in maker.requirements:
        requirement["within_weeks"] = maker.pick(1, 2, 2, 3)


TWISTS: tuple[Callable[[Maker], None], ...] = (spacing, heavy, start_window, kept_together)
