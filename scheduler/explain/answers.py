"""Answers in sentences that can be forwarded, and the same for programs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

from scheduler.domain import Instance, Placement, Schedule
from scheduler.domain.wording import count
from scheduler.explain.changes import Changes
from scheduler.explain.places import better_places
from scheduler.standing.answer import Answer
from scheduler.standing.funnel import steps_of
from scheduler.standing.ground import Ground, Missing
from scheduler.standing.naming import Naming
from scheduler.standing.swaps import Swap, holders_of, swap_for
from scheduler.verify import verify

#: So many of those who have the places are named.
MOST_NAMED = 4


class Explainer:
    """Explains one schedule.

    Parameters
    ----------
    reader
        The school that reads it; empty: everybody.
    stop
        Ends the search for changes; what was found is told.
    """

    def __init__(self, instance: Instance, schedule: Schedule, *, reader: str = "", stop: threading.Event | None = None) -> None:
        self.instance, self.stop = instance, stop or threading.Event()
        self.report = verify(instance, schedule)
        self.ground = Ground(instance, schedule)
        self.naming = Naming(instance, reader)
        self.changes = Changes(self.ground, self.report, private=bool(reader), stop=self.stop)

    def missing(self, wanted: Callable[[Missing], bool] = lambda _: True) -> list[Missing]:
        """What is unplaced and may be told to the reader."""
        rows = self.ground.missing(self.report.unplaced)
        return [m for m in rows if self.naming.is_ours(m.row.school) and wanted(m)]

    def unplaced(self, missing: Missing) -> Answer:
        """What stands in the way of a rotation, what would place it, and who could swap."""
        row = missing.row
        steps = steps_of(self.ground, missing)
        lines = [f"{steps.sentence(row.requirement)}."]
        taken = self._taken_by(missing)
        if taken:
            lines.append(f"The places that would do are taken by {', '.join(taken)}.")
        changes = self.changes.smallest(missing)
        swap = None if self.stop.is_set() else swap_for(self.ground, self.report, missing)
        if changes:
            lines.append("Any one of these would place it (each verified; everybody else keeps every rotation):")
            lines += [f"  {change.sentence}{self._gets(change.gets, change.moved)}" for change in changes]
        if swap:
            lines.append(f"Without any change to the data, if others move ({self.naming.points(swap.cost)}):")
            lines += [f"  {line}" for line in self._moves(swap, row.student)]
        if not changes and not swap:
            lines.append(
                "The search was stopped before a change was found."
                if self.stop.is_set()
                else "No small change was found that would place it; that there is none is not proved."
            )
        data = {
            "student": row.student,
            "group": row.group,
            "part": row.part,
            "requirement": row.requirement,
            "missing": row.missing,
            "unit": row.unit,
            "offers": steps.offers,
            "steps": [{"rule": s.rule, "because": s.words, "offers": s.offers} for s in steps.steps],
            "left": steps.left,
            "changes": [
                {"sentence": c.sentence, "price": c.price, "edits": [e.data() for e in c.edits], "others_move": len(c.moved)}
                for c in changes
            ],
            "swap": {"cost": list(swap.cost), "moves": self._moves(swap, row.student)} if swap else None,
        }
        return Answer(f"{missing.who}, {row.requirement}: {count(row.missing, row.unit[:-1])} unplaced", tuple(lines), data)

    def places_of(self, student: str, requirement: str = "") -> Iterator[Answer]:
        """Why a student got each place, and not a better-ranked one."""
        for found in better_places(self.ground, self.report, student, requirement):
            row, lines = found.row, []
            lines.append(f"{self.naming.place(row)}{f', choice {found.rank}' if found.rank else ''}.")
            lines += [
                f"Choice {b.rank}, {b.what}: {self._better(b.holders, b.swap, student, is_open=b.open)}" for b in found.better
            ]
            if not found.better:
                lines.append("No better-ranked place is on the preference list.")
            data = {"student": student, "requirement": row.requirement, "unit": row.unit, "rank": found.rank, "lines": lines}
            yield Answer(f"{row.who}, {row.requirement}: placed", tuple(lines), data)

    def _better(self, holders: Sequence[int], swap: Swap | None, student: str, *, is_open: bool) -> str:
        if not is_open:
            return "none of its offers is open to this student."
        named = self._named(holders, student)
        has = f"it is taken by {', '.join(named)}; " if named else "there is room; "
        if swap is None:
            return has + "nobody was found with whom a swap leaves every rotation placed (not proved)."
        others = [line for line in self._moves(swap, student) if not line.startswith(f"{student}:")]
        moves = f", and {'; '.join(others)}" if others else ""
        return f"{has}having it {self.naming.points(swap.cost)}{moves}."

    def _taken_by(self, missing: Missing) -> list[str]:
        return self._named(holders_of(self.ground, missing.family, self.ground.options_for(missing)), missing.row.student)

    def _named(self, families: Sequence[int], beside: str) -> list[str]:
        names: dict[str, int] = {}
        for f in families:
            rows = self.ground.placements_of(f)
            if rows:
                name = self.naming.who(rows[0], beside)
                names[name] = names.get(name, 0) + 1
        said = [
            name if n == 1 else name.replace("a ", f"{n} ", 1).replace("student ", "students ", 1) for name, n in names.items()
        ]
        more = len(said) - MOST_NAMED
        return [*said[:MOST_NAMED], *([f"and {more} more"] if more > 0 else [])]

    def _gets(self, gets: Sequence[Placement], moved: Sequence[Placement]) -> str:
        where = "; ".join(self.naming.place(p) for p in gets)
        others = f"; {count(len(moved), 'other placement')} would move" if moved else ""
        return f" ({where}{others})" if where or others else ""

    def _moves(self, swap: Swap, beside: str) -> list[str]:
        """Who goes where, in pairs of what goes and what comes."""
        lines = []
        left = list(swap.before)
        for row in swap.after:
            old = next((p for p in left if (p.who, p.requirement) == (row.who, row.requirement)), None)
            if old is not None:
                left.remove(old)
            what = f"from {self.naming.place(old)} " if old is not None else ""
            known = self.naming.is_ours(row.school)
            said = f"{row.requirement} {what}to {self.naming.place(row)}" if known else "moves to another place"
            lines.append(f"{self.naming.who(row, beside)}{':' if known else ''} {said}")
        return lines
