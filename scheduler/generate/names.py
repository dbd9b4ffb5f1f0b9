"""Names of places that do not exist."""

from __future__ import annotations

from scheduler.generate.draws import Rng, pick

FIRST = (
    "Ash", "Birch", "Cedar", "Clear", "Cold", "East", "Elm", "Fair", "Glen", "Green", "Har", "High", "Kings", "Lake", "Lin",
    "Maple", "Mill", "New", "North", "Oak", "Pine", "Red", "River", "Rock", "Rose", "Stone", "Sun", "West", "White", "Wood",
)  # fmt: skip
LAST = ("bridge", "brook", "bury", "field", "ford", "gate", "ham", "haven", "land", "ley", "mont", "port", "side", "ton", "ville")


def words(rng: Rng, count: int) -> list[str]:
    """So many different made-up place names."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[pick(rng, FIRST) + pick(rng, LAST)] = None
    return list(found)
