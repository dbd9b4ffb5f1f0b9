"""How people are called in an explanation: by id, or, for one school's readers, without telling who others are."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.domain import Instance, Placement, Unplaced
from scheduler.domain.wording import count


@dataclass(frozen=True)
class Naming:
    """What people are called.

    Attributes
    ----------
    reader
        The school that reads it; empty: everybody may be named.
    """

    instance: Instance
    reader: str = ""

    def is_ours(self, school: str) -> bool:
        """Whether the reader may know who is of a school."""
        return not self.reader or school == self.reader

    def who(self, row: Placement, beside: str = "") -> str:
        """The party of a placement; `beside` is the student for whom it is told."""
        return self.party(row, row.who, beside)

    def party(self, row: Placement | Unplaced, name: str, beside: str = "") -> str:
        """The same of a party that is called `name` by those who may know it."""
        if self.is_ours(row.school):
            return name
        if row.group:
            return "a group of another school"
        if row.student and beside and self._priority(row.student) > self._priority(beside):
            return "a student of higher priority"
        return "a student of another school"

    def place(self, row: Placement) -> str:
        """Where and when a placement is."""
        with_whom = f" with {row.preceptor}" if row.preceptor else ""
        return f"{row.unit}{with_whom}, {row.start} to {row.end}"

    def points(self, cost: tuple[int, ...]) -> str:
        """How much more something costs, by level where there are several."""
        said = []
        for level, points in enumerate(cost, start=1):
            if points:
                at = f" at level {level}" if len(cost) > 1 else ""
                said.append(f"{count(abs(points), 'point')} {'more' if points > 0 else 'less'}{at}")
        return "costs " + " and ".join(said) if said else "costs nothing"

    def _priority(self, student: str) -> int:
        row = self.instance.student_by_id.get(student)
        return row.priority if row else 1
