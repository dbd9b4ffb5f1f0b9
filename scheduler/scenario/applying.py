"""Scenarios to an instance: the instance with all changes, what each of them did, and whether it is still valid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scheduler.domain import TABLES, Instance
from scheduler.domain.edits import Edit, changed
from scheduler.errors import InputError, Problem
from scheduler.io import instance_problems
from scheduler.io.report import Report
from scheduler.scenario.change import Change, Made
from scheduler.scenario.gone import PAST
from scheduler.scenario.reading import Line, Scenario
from scheduler.scenario.work import Wrong, WrongChange


@dataclass(frozen=True, slots=True)
class Done:
    """One change that was made.

    Attributes
    ----------
    scenario, line
        Whose change it is, and where it stands.
    sentence
        What it did, for people.
    edits
        The rows that it touched; positions are those in the instance just before it.
    """

    scenario: str
    line: Line
    change: Change
    sentence: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """An instance with scenarios applied.

    Attributes
    ----------
    instance
        The new instance; it has no errors that the old one had not.
    done
        Every change in its order.
    rows
        Rows of the new instance (table, position) that a change touched, with the last one that did (position in `done`).
    warnings
        What the new instance may be warned of and the old one was not.
    """

    instance: Instance
    done: tuple[Done, ...]
    rows: dict[tuple[str, int], int] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was changed, for people."""
        return tuple(done.sentence for done in self.done)


def apply(instance: Instance, scenarios: Sequence[Scenario]) -> Applied:
    """Make the changes of scenarios, in their order; each sees what those before it made.

    Raises
    ------
    InputError
        With all changes that cannot be made, or problems of the instance that comes out, each at the place of its change.
    """
    report = Report()
    steps = [(s.name, s.line(i), change) for s in scenarios for i, change in enumerate(s.changes)]
    done: list[Done] = []
    stages, touched = [instance], _Touched(instance)
    for name, line, change in steps:
        try:
            made = Made(change, stages[-1])
        except WrongChange as error:
            for wrong in error.wrong:
                report.add(line.problem(wrong), meant=wrong.meant)
            continue
        touched.note(made.edits, len(done))
        done.append(Done(name, line, change, made.sentence, made.edits))
        new = changed(stages[-1], made.edits)
        stages.append(new.model_copy(update={"policy": made.policy}) if made.policy is not new.policy else new)
    if report.failed:
        raise InputError(report.problems())
    warnings = _check(stages, done)
    return Applied(stages[-1], tuple(done), touched.rows, warnings)


class _Touched:
    """Follows rows through changes: who touched which last."""

    def __init__(self, instance: Instance) -> None:
        self._by: dict[str, list[int | None]] = {table: [None] * len(instance.rows(table)) for table in TABLES}

    def note(self, edits: Sequence[Edit], change: int) -> None:
        """What `scheduler.domain.edits.changed` does to the rows, done to their marks."""
        gone: dict[str, set[int]] = {}
        added: Counter[str] = Counter()
        for edit in edits:
            if edit.index is not None and edit.update is None:
                gone.setdefault(edit.table, set()).add(edit.index)
            elif edit.index is not None:
                self._by[edit.table][edit.index] = change
            added[edit.table] += len(edit.more)
        for table in {*gone, *added}:
            kept = [by for index, by in enumerate(self._by[table]) if index not in gone.get(table, ())]
            self._by[table] = kept + [change] * added[table]

    @property
    def rows(self) -> dict[tuple[str, int], int]:
        return {(table, k): by for table, marks in self._by.items() for k, by in enumerate(marks) if by is not None}


def _check(stages: Sequence[Instance], done: Sequence[Done]) -> tuple[Problem, ...]:
    """New warnings; what is wrong now and was not before is an error at the first change since which it is."""
    before, after = (Counter(map(_key, found := instance_problems(stage))) for stage in (stages[0], stages[-1]))
    new = after - before
    if not new:
        return ()
    found = [p for p in instance_problems(stages[-1]) if new[_key(p)] > 0]
    errors = [p for p in found if p.severity == "error"]
    if errors:
        since = [Counter(map(_key, instance_problems(stage))) for stage in stages]
        report = Report()
        for p in errors:
            clean = max(k for k in range(len(stages) - 1) if since[k][_key(p)] <= before[_key(p)])
            report.add(_at(p, done[clean]))
        raise InputError(report.problems())
    return tuple(p for p in found if p.file.removesuffix(".csv") not in PAST)


def _key(p: Problem) -> Problem:
    """A problem wherever its row is by now."""
    return replace(p, row=None)


def _at(p: Problem, by: Done) -> Problem:
    """A problem of a table, at the change that caused it."""
    row = f" (row {p.row})" if p.row else ""
    message = f"would leave a problem in {p.file.removesuffix('.csv')}{row}, column {p.column}: {p.message}"
    return by.line.problem(Wrong("", message, p.value, p.expected, code=p.code, suggestion=p.suggestion))
