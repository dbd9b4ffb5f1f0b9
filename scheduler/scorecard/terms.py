"""Terms in a row: those of solutions, those that a history tells of, and those that only files of outcomes know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from scheduler.domain import Instance, Schedule
from scheduler.domain.outcomes import Outcome, Outcomes, Survey
from scheduler.domain.tables import History
from scheduler.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class Solved:
    """A schedule with its instance, and whether every rule holds in it."""

    instance: Instance
    schedule: Schedule
    holds: bool = True


@dataclass(slots=True)
class Term:
    """One term.

    Attributes
    ----------
    label
        What it is called: the name of the instance, or the label in the history.
    first
        Its first day; None where nothing tells it: such a term comes before all others.
    solved
        The schedule; None for a term of which only files tell.
    history
        Rows of the history that tell of it.
    other_names
        Labels under which histories know it.
    """

    label: str
    first: date | None
    solved: Solved | None = None
    history: list[History] = field(default_factory=list)
    other_names: set[str] = field(default_factory=set)

    def is_called(self, name: str) -> bool:
        """Whether this is what somebody calls it."""
        return name.casefold() in {n.casefold() for n in (self.label, *self.other_names)}


def solved_terms(solved: Sequence[Solved]) -> list[Term]:
    """The terms of solutions and of their histories, in order.

    A term of a history that is called like a solution's, or begins within its horizon, is the same term. Of several histories
    that tell of a term, that of the latest instance counts.

    Raises
    ------
    InputError
        If two solutions begin on the same day.
    """
    ordered = sorted(solved, key=lambda s: s.instance.first_monday)
    shared = [day for day, n in Counter(s.instance.first_monday for s in ordered).items() if n > 1]
    if shared:
        what = f"two solutions begin on {shared[0]}, but a scorecard has each term once"
        raise InputError(Problem(what, suggestion="name one solution for each term; rotations compare shows two of one term"))
    names = Counter(s.instance.name.casefold() for s in ordered)
    terms = []
    for s in ordered:
        name, first = s.instance.name, s.instance.first_monday
        term = Term(f"{name} {first}" if names[name.casefold()] > 1 else name, first, s)
        terms.append(term)
    told: dict[str, list[History]] = {}
    for s in ordered:  # the latest instance's rows come last, and stay
        own: dict[str, list[History]] = {}
        for row in s.instance.history:
            own.setdefault(row.term, []).append(row)
        told |= own
    earlier: list[Term] = []
    for label, rows in told.items():
        first_week = min((row.start_week for row in rows if row.start_week), default=None)
        same = [t for t in terms if t.is_called(label) or _begins_in(t, first_week)]
        term = same[0] if same else Term(label, first_week)
        if not same:
            earlier.append(term)
        term.history += rows
        term.other_names.add(label)
    return in_order([*earlier, *terms])


def with_outcomes(terms: Sequence[Term], outcomes: Outcomes) -> list[Term]:
    """These terms, and those that only the files of outcomes know, in order."""
    found = list(terms)
    rows: tuple[Outcome | Survey, ...] = (*outcomes.outcomes, *outcomes.surveys)
    for row in sorted(rows, key=lambda row: row.starts is None):
        if not any(term.is_called(row.term) for term in found):
            found.append(Term(row.term, row.starts))
    return in_order(found)


def in_order(terms: Sequence[Term]) -> list[Term]:
    """Terms by first day; those without one first, as they came."""
    return sorted(terms, key=lambda term: term.first or date.min)


def _begins_in(term: Term, day: date | None) -> bool:
    if day is None or term.solved is None:
        return False
    return term.solved.instance.first_monday <= day <= term.solved.instance.last_day
