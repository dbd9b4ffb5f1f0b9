"""What became of students and what people think, which no schedule knows: rows of the optional files of outcomes."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from scheduler.domain.tables.base import Row, column
from scheduler.domain.types import Count, Date, Id, Positive, Text

Counted = Literal[
    "graduates_hired",
    "retained_12_months",
    "scholarships_converted",
    "research_projects",
    "research_publications",
    "research_presentations",
]
#: What is counted alone, and not of something.
ALONE: frozenset[Counted] = frozenset({"research_projects", "research_publications", "research_presentations"})
Respondent = Literal["student", "preceptor", "unit", "school"]


class Outcome(Row):
    """What became of a school's students, or of the work at a site: one count of one term."""

    table: ClassVar[str] = "outcomes"

    term: Text = column(
        "Term: the name of a solution's instance, a term of its history, or another one with starts.", example="fall25"
    )
    starts: Date | None = column("First day, for a term that no solution and no history knows.", None, example="2025-08-25")
    school: Id | None = column("School; empty: of all schools together.", None, ref="schools", example="ash")
    site: Id | None = column("Site; empty: of all sites together.", None, ref="sites")
    measure: Counted = column("What is counted.", example="graduates_hired")
    count: Count = column("How many.", example="14")
    of: Count | None = column("Of how many; empty for what is counted alone (research).", None, example="22")


class Survey(Row):
    """What people answered in a survey: one group of respondents of one term."""

    table: ClassVar[str] = "surveys"

    term: Text = column("Term, as in outcomes.csv.", example="fall25")
    starts: Date | None = column("First day, for a term that no solution and no history knows.", None)
    school: Id | None = column("School that it is about; empty: of all schools together.", None, ref="schools")
    site: Id | None = column("Site that it is about; empty: of all sites together.", None, ref="sites", example="rmc")
    respondent: Respondent = column("Who answered.", example="student")
    answers: Positive = column("How many answered.", unit="people", example="31")
    scale_min: float = column("Lowest value of the scale.", example="1")
    scale_max: float = column("Highest value of the scale.", example="5")
    mean: float = column("Mean of the answers, on that scale.", example="4.2")


class Outcomes(BaseModel):
    """The rows of the files of outcomes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcomes: tuple[Outcome, ...] = ()
    surveys: tuple[Survey, ...] = ()
