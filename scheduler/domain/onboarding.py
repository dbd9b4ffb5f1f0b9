"""What students still have to bring: the compliance items that sites ask for, and how far they are.

A pure function of an instance and its placements. The verifier refuses by the same reading; the model has its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from scheduler.domain.instance import Instance
from scheduler.domain.schedule import GONE, Placement
from scheduler.domain.tables import Clearance, SiteClearance, Student
from scheduler.domain.types import Date

Progress = Literal["promised", "not yet due", "expires", "overdue", "refused"]
ONE_DAY = timedelta(days=1)


class Onboarding(BaseModel):
    """A compliance item that a student's placement asks for and that is not on file for all of it.

    A row of ``onboarding.csv``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    student: str = Field(description="Student who has to bring it.")
    group: str = Field(default="", description="Group, where it is placed as one.")
    school: str = Field(default="", description="The student's school.")
    program: str = Field(description="The student's program.")
    requirement: str = Field(description="The required rotation that is placed.")
    site: str
    unit: str
    start: Date = Field(description="First day of the placement.")
    item: str = Field(description="Compliance item.")
    status: Progress = Field(
        description="promised; not yet due; expires (on file, but not long enough); overdue or refused, where the placement "
        "stands all the same."
    )
    due: Date = Field(description="Day by which it must be on file.")
    note: str = Field(default="", description="What else there is to know.")


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A demand of a site that a student does not meet for all days asked.

    Attributes
    ----------
    status
        How far it is.
    due
        Day by which it must be on file.
    first, missing
        First day that is asked, and first day of these for which nothing is on file.
    until
        Last day before `missing` for which something was on file.
    stops
        Whether the student cannot be placed: refused, or overdue for a student who is named.
    """

    demand: SiteClearance
    status: Progress
    due: date
    first: date
    missing: date
    until: date | None
    stops: bool


class Clearances:
    """The proofs that sites ask for and those that students have, looked up once."""

    def __init__(self, instance: Instance) -> None:
        self._today = instance.planning_date
        self._demands: dict[str, list[SiteClearance]] = defaultdict(list)
        for demand in instance.site_clearances:
            self._demands[demand.site].append(demand)
        self._proofs: dict[tuple[str, str], list[Clearance]] = defaultdict(list)
        for proof in instance.clearances:
            self._proofs[proof.student, proof.item].append(proof)
        self._days: dict[tuple[str, str, str, date, date], Sequence[date]] = {}

    def open_items(self, student: Student, site: str, start: date, end: date) -> Iterator[OpenItem]:
        """What is not on file of all that a placement at a site asks of a student; in the order of the table."""
        for demand in self._demands.get(site, ()):
            key = (demand.season_start, demand.season_end, demand.covers, start, end)
            if key not in self._days:
                self._days[key] = days_asked(demand, start, end)
            if self._days[key]:
                yield from self._open(demand, student, self._days[key])

    def _open(self, demand: SiteClearance, student: Student, asked: Sequence[date]) -> Iterator[OpenItem]:
        proofs = self._proofs.get((student.student, demand.item), ())
        there = [row for row in proofs if row.status in ("on file", "waived")]
        if any(holds(row, asked[0]) and holds(row, asked[-1]) for row in there):
            return
        missing = _without(asked, there)
        if not missing:
            return
        due = asked[0] - timedelta(days=demand.due_days_before)
        until = max((row.end for row in there if row.end and row.end < missing[0]), default=None)
        status: Progress
        if len(_without(missing, [row for row in proofs if row.status == "refused"])) < len(missing):
            status = "refused"
        elif not _without(missing, [row for row in proofs if row.status == "promised"]):
            status = "promised"
        elif due > self._today:
            status = "expires" if until else "not yet due"
        else:
            status = "overdue"
        stops = status == "refused" or (status == "overdue" and student.named)
        yield OpenItem(demand, status, due, asked[0], missing[0], until, stops)


def holds(row: Clearance, day: date) -> bool:
    """Whether a row is about a day; an empty start or end is open."""
    return (row.start is None or row.start <= day) and (row.end is None or day <= row.end)


def days_asked(demand: SiteClearance, start: date, end: date) -> Sequence[date]:
    """The days of a placement on which a proof must be valid: those in the season, or only the first of them."""
    days = [start + k * ONE_DAY for k in range((end - start).days + 1)]
    first, last = demand.season_start, demand.season_end
    if first and last:
        names = [f"{day:%m-%d}" for day in days]
        if first <= last:
            days = [day for day, name in zip(days, names, strict=True) if first <= name <= last]
        else:  # over the turn of the year
            days = [day for day, name in zip(days, names, strict=True) if name >= first or name <= last]
    return days[:1] if demand.covers == "start" else days


def _without(days: Iterable[date], rows: Sequence[Clearance]) -> list[date]:
    """The days that none of the rows is about."""
    return [day for day in days if not any(holds(row, day) for row in rows)]


def onboarding(instance: Instance, placements: Iterable[Placement]) -> tuple[Onboarding, ...]:
    """What is still due, one row for each student, placement and item, by due date.

    Students of a group who are not in the students table have no row. Of a group in parts every student is listed for
    each part: who will be in which is open.
    """
    clearances = Clearances(instance)
    members: dict[str, list[Student]] = defaultdict(list)
    for student in instance.students:
        if student.group:
            members[student.group].append(student)
    found = []
    for p in placements:
        if p.status in GONE or p.slot not in instance.slot_by_id:
            continue
        unit = instance.unit_by_id[instance.slot_by_id[p.slot].unit]
        people = members[p.group] if p.group else [s for s in (instance.student_by_id.get(p.student),) if s]
        for student in people:
            for item in clearances.open_items(student, unit.site, p.start, p.end):
                row = Onboarding(
                    student=student.student,
                    group=p.group,
                    school=instance.program_by_id[student.program].school,
                    program=student.program,
                    requirement=p.requirement,
                    site=unit.site,
                    unit=unit.unit,
                    start=p.start,
                    item=item.demand.item,
                    status=item.status,
                    due=item.due,
                    note=_note(student, p, item),
                )
                found.append(row)
    return tuple(sorted(found, key=lambda row: (row.due, row.student, row.start, row.item)))


def _note(student: Student, placement: Placement, item: OpenItem) -> str:
    notes = []
    if item.first > placement.start:
        notes.append(f"asked for from {item.first}")
    if item.until:
        notes.append(f"on file to {item.until}")
    if not student.named:
        notes.append("the student is not named yet")
    if placement.part:
        notes.append(f"if in part {placement.part}")
    return "; ".join(notes)
