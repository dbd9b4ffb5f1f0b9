"""Terms that do not exist but could: seeded, of six sizes, with what makes clinical schedules hard."""

from scheduler.generate.term import generate
from scheduler.generate.tiers import TIERS, Tier

__all__ = ["TIERS", "Tier", "generate"]
