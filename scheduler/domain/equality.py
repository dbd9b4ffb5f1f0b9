"""How schools came out of a schedule, and how equal that is."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field


class SchoolOutcome(BaseModel):
    """What was asked and placed of one school's students, counted in students' rotations (docs/concepts.md)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    school: str
    asked: int
    placed: float = Field(description="Of what may be split, the share of its amount counts.")
    preference: float | None = Field(default=None, description="Mean cost of preferences a placement; None without placements.")
    interprofessional: float | None = Field(
        default=None,
        description="Share of its students who should be in an interprofessional team that are; None: nobody should.",
    )

    @property
    def share(self) -> float:
        """How much of what was asked is placed, from 0 to 1."""
        return self.placed / self.asked


class Equality(BaseModel):
    """How equal the shares of schools are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    smallest_to_largest: float = Field(description="The smallest share of a school ÷ the largest; 1 where nobody has anything.")
    jain: float = Field(description="(Σ share)² ÷ (schools · Σ share²): 1 where all are served alike, 1 ÷ schools where one is.")


def equality(schools: Sequence[SchoolOutcome]) -> Equality | None:
    """How equal schools were served; None with fewer than two."""
    shares = [school.share for school in schools]
    if len(shares) < 2:
        return None
    if not any(shares):
        return Equality(smallest_to_largest=1, jain=1)
    squares = sum(share * share for share in shares)
    return Equality(
        smallest_to_largest=round(min(shares) / max(shares), 4), jain=round(sum(shares) ** 2 / (len(shares) * squares), 4)
    )
