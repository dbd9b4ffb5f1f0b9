"""The Schedule: every placement chosen, everything left unplaced, and how good it is proven to be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from scheduler.domain.equality import SchoolOutcome
from scheduler.domain.types import Date, Weekdays


class Status(StrEnum):
    """How a solve ended; the four are never confused."""

    OPTIMAL = "OPTIMAL"
    FEASIBLE = "FEASIBLE"
    INFEASIBLE = "INFEASIBLE"
    UNKNOWN = "UNKNOWN"


#: The editions of schedules of which only the moment is recorded count minutes from here.
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

#: Placements with this status are history: nobody comes, they hold no place and meet no requirement.
GONE = ("declined", "withdrawn")


class Placement(BaseModel):
    """One placement: one row of ``schedule.csv``.

    Exactly one of `student` and `group` is filled. `part` numbers the parts of a group that is not kept whole (0: whole).
    `start` is the slot's start, `end` the last day with a session. `hours` are what is left after pauses (`hours_lost`). `cover`
    takes over while the preceptor is away. `team` is an interprofessional team and the Monday of its first week, as in
    ``4B team 2026-09-07``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    student: str = ""
    group: str = ""
    part: int = 0
    students: int = 1
    school: str = ""
    program: str
    requirement: str
    specialty: str = ""
    site: str = ""
    unit: str = ""
    slot: str
    preceptor: str = ""
    co_preceptor: str = ""
    cover: str = ""
    cover_start: Date | None = None
    cover_end: Date | None = None
    team: str = ""
    start: Date
    end: Date
    weekdays: Weekdays = ()
    shift: str = ""
    weeks: int
    hours: float
    hours_lost: float = 0.0
    status: Literal["proposed", "accepted by school", "accepted by site", "confirmed", "declined", "withdrawn"] = "proposed"

    @property
    def who(self) -> str:
        """The party in words: the student, or the group and part."""
        if self.student:
            return self.student
        return f"{self.group} part {self.part}" if self.part else self.group


class Unplaced(BaseModel):
    """A required rotation (or a part of it) without a placement, always with its reasons."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    student: str = ""
    group: str = ""
    part: int = 0
    students: int = 1
    school: str = ""
    program: str
    requirement: str
    missing: int = Field(description="Missing amount, in the requirement's unit; rotations for an elective set.")
    unit: str = Field(description="weeks, hours, shifts, sessions or rotations")
    reason: str = ""

    @property
    def planned(self) -> bool:
        """Whether it was looked for, and not left out on purpose."""
        return not self.reason.startswith(NOT_PLANNED)


#: How the reason of a required rotation begins that was left out of planning on purpose.
NOT_PLANNED = "not planned this time"


class Given(BaseModel):
    """What a search was given, so that it planned only a part: status, bound and gap hold given all of this.

    Attributes
    ----------
    keep
        Which placements of the earlier schedule had to stay exactly; empty where none had to because of their status.
    only
        Who was planned, as ``profession=pt``; empty: everybody. Everybody else stays as in the earlier schedule.
    kept
        How many placements had to stay.
    not_planned
        How many required rotations nobody planned, as they are of others. They are among the unplaced ones.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    keep: Literal["", "confirmed", "accepted", "proposed"] = ""
    only: tuple[str, ...] = ()
    kept: int = 0
    not_planned: int = 0


class RuleScore(BaseModel):
    """What one soft rule costs: penalty in its own unit, weight, and the product."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    level: int
    weight: int
    penalty: int
    cost: int


class LevelResult(BaseModel):
    """Objective and proven bound of one level, given the levels above it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    level: int
    status: Status
    objective: int
    bound: int

    @property
    def gap(self) -> float:
        """(objective − bound) / max(1, |objective|)."""
        return (self.objective - self.bound) / max(1, abs(self.objective))


class Effort(BaseModel):
    """What a search worked with and where its time went; a strategy fills what it has.

    Seconds are of the clock on the wall, and what is in none of them went into the search for schedules.

    Attributes
    ----------
    root_bound
        What was proven by column generation before anything was searched: the bound of the linear relaxation. None without one.
    columns
        Schedules of single parties that were put together; None where a strategy has none.
    parties
        Everything that is priced by itself: parties, or what of a group and its students has to be priced at once.
    forced
        By rule, how many of `parties` only CP-SAT could price because of it, which is slower.
    compile_s, pricing_s, master_s, integer_s
        Seconds for stating what each party can have, for pricing parties, for linear programs, and for putting columns together.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    root_bound: int | None = None
    columns: int | None = None
    parties: int = 0
    forced: dict[str, int] = Field(default_factory=dict)
    compile_s: float = 0.0
    pricing_s: float = 0.0
    master_s: float = 0.0
    integer_s: float = 0.0


class Step(BaseModel):
    """What was known at one moment of a search; None where it was not.

    Attributes
    ----------
    seconds
        Since the search began.
    objective, bound
        Cost of the best schedule, and the proven limit.
    placed, unplaced
        Required rotations that the best schedule places, and that it does not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seconds: float
    objective: int | None = None
    bound: int | None = None
    placed: int | None = None
    unplaced: int | None = None


class Schedule(BaseModel):
    """Placements, unplaced requirements, and the proof.

    `objective` is the cost to be minimised, summed over all levels; `bound` is a proven lower bound of it, where the policy has
    one level (there ``OPTIMAL`` means objective = bound). With several, each level has a bound given the levels above it, and
    the whole has none. `shown` turns costs into the sense of the policy. `more` is a proven limit on how many more required
    rotations any schedule could place; None where it was not determined. `effort` is where the time of the search went; None
    where that is not recorded (deterministic runs). `given` is what the search had to leave as it was, and who was
    not planned; None where the whole term was. `trace` is how the search came here, the last step being this schedule; empty
    where that is not recorded (deterministic runs, several levels). `schools` is how each school came out, as the verifier
    counts. `made` is when it was made, in UTC to the second; None where that is not recorded (deterministic runs). `edition` is
    a number that grows from each published schedule to the one that replaces it, whatever the clocks said; None where it
    replaces none (`number` then).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Status
    placements: tuple[Placement, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    objective: int | None = None
    bound: int | None = None
    more: int | None = None
    scores: tuple[RuleScore, ...] = ()
    levels: tuple[LevelResult, ...] = ()
    sense: Literal["minimise", "maximise"] = "minimise"
    strategy: str = ""
    seconds: float = 0.0
    seed: int = 0
    workers: int = 0
    versions: dict[str, str] = Field(default_factory=dict)
    instance_name: str = ""
    instance_hash: str = ""
    planning_date: date | None = None
    made: AwareDatetime | None = None
    edition: int | None = None
    effort: Effort | None = None
    given: Given | None = None
    trace: tuple[Step, ...] = ()
    schools: tuple[SchoolOutcome, ...] = ()

    @property
    def gap(self) -> float | None:
        """(objective − bound) / max(1, |objective|); None where there is no schedule or no bound."""
        if self.objective is None or self.bound is None:
            return None
        return (self.objective - self.bound) / max(1, abs(self.objective))

    @property
    def number(self) -> int:
        """Which edition it is: as recorded, else the minutes until it was made, else 0."""
        if self.edition is not None or self.made is None:
            return self.edition or 0
        return max(0, (self.made - EPOCH) // MINUTE)

    def replacing(self, before: Schedule) -> Schedule:
        """The same as a later edition than one that was published, also where both were made in the same minute."""
        return self if self.number > before.number else self.model_copy(update={"edition": before.number + 1})

    def shown(self, value: int | None) -> int | None:
        """A cost in the sense of the policy: itself, or its negative where points are maximised."""
        if value is None:
            return None
        return -value if self.sense == "maximise" else value
