"""What an answer says, and which placement it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scheduler.domain import GONE, Instance, Placement
from scheduler.errors import Problem
from scheduler.versions.decisions import Decision

Scope = Literal["this time", "this unit", "this preceptor"]
SCOPES: tuple[Scope, ...] = ("this time", "this unit", "this preceptor")
THIS_TIME: Scope = "this time"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered row; `yes` is None for an appeal alone."""

    who: str
    part: int
    requirement: str
    slot: str
    start: date
    preceptor: str
    yes: bool | None
    scope: str
    reason: str
    decided_by: str
    appeal: str

    @property
    def title(self) -> str:
        part = f" part {self.part}" if self.part else ""
        return f"{self.who}{part}, {self.requirement} in {self.slot} from {self.start}"


def read_answer(cells: Mapping[str, str]) -> Answer | Problem:
    """The cells of a row; a Problem where they do not say which placement, or what."""

    def cell(name: str) -> str:
        return (cells.get(name) or "").strip()

    title = " ".join(filter(None, map(cell, ("who", "part", "requirement", "slot", "start"))))
    try:
        missing = [name for name in ("who", "requirement", "slot", "start") if not cell(name)]
        if missing:
            return Problem(f"{title}: {', '.join(missing)} must be filled", file="answers", code="missing_value")
        yes = {"": None, "true": True, "false": False}[cell("answer")]
        scope = cell("scope") or THIS_TIME
        if scope not in SCOPES:
            raise ValueError(scope)
        start, part = date.fromisoformat(cell("start")), int(cell("part") or 0)
    except (ValueError, KeyError) as error:
        return Problem(f"{title}: the value does not fit", file="answers", value=str(error.args[0]), code="type")
    words = (cell("preceptor"), yes, scope, cell("reason"), cell("decided_by"), cell("appeal"))
    return Answer(cell("who"), part, cell("requirement"), cell("slot"), start, *words)


def key_of(p: Placement) -> tuple[str, ...]:
    """A placement as the log names it."""
    return p.student or p.group, str(p.part), p.requirement, p.slot, p.start.isoformat(), p.preceptor


def named_by(answer: Answer) -> tuple[str, ...]:
    """The same of an answer, without the preceptor."""
    return answer.who, str(answer.part), answer.requirement, answer.slot, answer.start.isoformat()


def as_it_was(instance: Instance, d: Decision) -> Placement | None:
    """A placement that is only in the log any more; None where its party or slot is gone, too."""
    party = instance.student_by_id.get(d.party) or instance.group_by_id.get(d.party)
    slot = instance.slot_by_id.get(d.slot)
    if party is None or slot is None:
        return None
    kind = "student" if d.party in instance.student_by_id else "group"
    return Placement.model_validate(
        {
            kind: d.party,
            "part": int(d.part),
            "program": party.program,
            "school": instance.program_by_id[party.program].school,
            "requirement": d.requirement,
            "unit": slot.unit,
            "slot": d.slot,
            "preceptor": d.preceptor,
            "start": d.day,
            "end": d.day,
            "weeks": 0,
            "hours": 0,
            "status": d.status_after if d.status_after in GONE else "withdrawn",
        }
    )
