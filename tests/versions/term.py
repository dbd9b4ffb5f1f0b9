"""The small world of the verifier's tests with a schedule that was proposed, as values and as files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from scheduler.domain import Instance, Placement, Schedule
from scheduler.io import write_instance, write_solution
from scheduler.solve import Settings, solve
from tests.verify.world import PRECEPTED, world

WHEN = datetime(2026, 1, 2, 10, 30, tzinfo=UTC)


@dataclass(frozen=True)
class From:
    """Who answers."""

    kind: Literal["school", "unit", "preceptor"]
    id: str


MAPLE, OAK, WARD, CLINIC, KIM = (
    From("school", "maple"),
    From("school", "oak"),
    From("unit", "ward"),
    From("unit", "clinic"),
    From("preceptor", "kim"),
)


def precepted(**tables: Any) -> Instance:
    """Everything has a preceptor: kim on the ward, lee in the clinic."""
    return world(**{**PRECEPTED, **tables})


def solved(instance: Instance, strategy: Literal["auto", "direct", "columns"] = "auto") -> Schedule:
    """A schedule for it."""
    return solve(instance, Settings(workers=1, time_limit_s=20, strategy=strategy))


def said(p: Placement, answer: str = "true", **cells: str) -> dict[str, str]:
    """The row of an answer."""
    row = {"who": p.student or p.group, "part": str(p.part or ""), "requirement": p.requirement, "slot": p.slot}
    return {**row, "start": p.start.isoformat(), "preceptor": p.preceptor, "answer": answer, **cells}


def one(schedule: Schedule, who: str, requirement: str = "MS", part: int = 0) -> Placement:
    """Somebody's placement."""
    return next(p for p in schedule.placements if (p.student or p.group, p.requirement, p.part) == (who, requirement, part))


def written(folder: Path, instance: Instance, schedule: Schedule) -> tuple[Path, Path]:
    """Instance and solution as folders."""
    term, out = folder / "term", folder / "out"
    write_instance(instance, term)
    write_solution(schedule, instance, out, source=term)
    return term, out


def content(*folders: Path) -> dict[str, bytes]:
    """All files."""
    return {str(f): f.read_bytes() for folder in folders for f in sorted(folder.rglob("*")) if f.is_file()}
