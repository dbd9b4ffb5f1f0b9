"""Why there is no schedule at all: a minimal set of rules and rows that contradict each other.

A deletion filter: what can be left out while no schedule exists is left out. Every step is a fresh model, in which rules that are
left out are off, or elastic where they cannot be off, and rows that are left out are not there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from scheduler.domain import RULES, Instance, Status
from scheduler.domain.policy import RulePolicy
from scheduler.domain.tables import CalendarRow, Commitment, Pin, Row
from scheduler.domain.tables.partners import DEFAULT_EFFECT
from scheduler.domain.wording import count
from scheduler.model import compile_book
from scheduler.model.cp import CpModel
from scheduler.solve.settings import OnProgress, Progress

#: Seconds for one model.
MOST_SECONDS = 20.0
#: Tables whose rows only ever forbid or ask for something, so that there is more without them.
FORBIDDING = ("pins", "capacity", "reservations", "availability", "commitments", "conflicts", "site_clearances", "calendar")


@dataclass(frozen=True)
class Member:
    """A rule, or a row of a table, that may be part of a contradiction."""

    rule: str = ""
    table: str = ""
    index: int = -1

    def sentence(self, instance: Instance) -> str:
        """What it is, for people."""
        if self.rule:
            return f"rule '{RULES[self.rule].title}' ({self.rule}): {RULES[self.rule].sentence}"
        row = instance.rows(self.table)[self.index]
        said = ", ".join(f"{k} {v}" for k, v in row.model_dump(mode="json", exclude_defaults=True).items())
        return f"row {self.index + 1} of {self.table}: {said}"


@dataclass(frozen=True)
class Conflict:
    """Rules and rows that contradict each other.

    Attributes
    ----------
    status
        INFEASIBLE: proved that they do. UNKNOWN: not proved. FEASIBLE: there is a schedule, so nothing contradicts anything.
    minimal
        Whether a schedule was found without each of them.
    """

    status: Status
    sentence: str
    members: tuple[str, ...] = ()
    minimal: bool = False

    def data(self) -> dict[str, Any]:
        return {
            "status": self.status.value,
            "sentence": self.sentence,
            "members": list(self.members),
            "minimal": self.minimal,
        }


def conflict(instance: Instance, *, stop: threading.Event | None = None, on_progress: OnProgress = lambda _: None) -> Conflict:
    """A minimal set of rules and rows that leave no schedule."""
    return _Filter(instance, stop or threading.Event(), on_progress).run()


class _Filter:
    def __init__(self, instance: Instance, stop: threading.Event, on_progress: OnProgress) -> None:
        self.instance, self.stop, self.on_progress = instance, stop, on_progress
        self.began, self.models = time.monotonic(), 0
        hard = [r for r, spec in RULES.items() if instance.policy.setting(spec).kind == "hard"]
        self.rules = [Member(rule=r) for r in hard if r != "pin"]
        self.rows = [
            Member(table=table, index=i) for table in FORBIDDING for i, row in enumerate(instance.rows(table)) if _forbids(row)
        ]

    def run(self) -> Conflict:
        whole = self._status([*self.rules, *self.rows])
        if whole is Status.FEASIBLE:
            return Conflict(whole, "A schedule exists: no rules or rows contradict each other.")
        if whole is not Status.INFEASIBLE:
            return Conflict(whole, "No schedule was found, but that there is none is not proved.")
        rows = self._needed(self.rows, lambda some: [*self.rules, *some])
        rules = self._needed(self.rules, lambda some: [*some, *rows])
        members = [*rules, *rows]
        found = tuple(m.sentence(self.instance) for m in members)
        if not members:
            return Conflict(whole, "No schedule exists (proved), and no rule or row is to blame that could be left out.")
        if self._status(members) is not Status.INFEASIBLE:
            return Conflict(Status.UNKNOWN, "No schedule exists (proved), but which rules and rows contradict each other is not.")
        minimal = not self.stop.is_set() and all(
            self._status([m for m in members if m is not one]) is Status.FEASIBLE for one in members
        )
        proved = "proved; without any one of them there is one" if minimal else "proved; that all are needed is not"
        what = f"{count(len(members), 'rule or row', 'rules and rows')} contradict each other"
        return Conflict(whole, f"No schedule exists: {what} ({proved}).", found, minimal)

    def _needed(self, some: Sequence[Member], around: Callable[[Sequence[Member]], list[Member]]) -> list[Member]:
        """What of a list cannot be left out, tried in halves: most of it usually can."""
        kept: list[Member] = list(some)
        size = len(kept)
        while size >= 1:
            at = 0
            while at < len(kept):
                fewer = [*kept[:at], *kept[at + size :]]
                if self._without(around(fewer)):
                    kept = fewer
                else:
                    at += size
            size = 0 if size == 1 else -(-size // 2)
        return kept

    def _without(self, members: list[Member]) -> bool:
        """Whether it is proved that no schedule exists with these only."""
        if self.stop.is_set():
            return False
        return self._status(members) is Status.INFEASIBLE

    def _status(self, members: Iterable[Member]) -> Status:
        """Whether a schedule exists if only these rules and rows hold."""
        self.models += 1
        self.on_progress(Progress(time.monotonic() - self.began, f"looking for what contradicts itself, model {self.models}"))
        there = set(members)
        rules = dict(self.instance.policy.rules)
        relax = {}
        for rule in (m.rule for m in self.rules if m not in there):
            if "off" in RULES[rule].kinds:
                rules[rule] = rules.get(rule, RulePolicy()).model_copy(update={"kind": "off"})
            else:
                relax[rule] = 1
        update: dict[str, Any] = {"policy": self.instance.policy.model_copy(update={"rules": rules})}
        for table in FORBIDDING:
            gone = {m.index for m in self.rows if m.table == table and m not in there}
            update[table] = tuple(row for i, row in enumerate(self.instance.rows(table)) if i not in gone)
        book = compile_book(self.instance.model_copy(update=update), relax=relax)
        model = CpModel(book, book.families()).model
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = MOST_SECONDS
        solver.parameters.num_workers = 1
        solver.parameters.catch_sigint_signal = False
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return Status.INFEASIBLE
        return Status.FEASIBLE if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else Status.UNKNOWN


def _forbids(row: Row) -> bool:
    """Whether there is more without a row, never less."""
    if isinstance(row, Pin):
        return row.pin != "prefer"
    if isinstance(row, CalendarRow):
        return (row.effect or DEFAULT_EFFECT[row.kind]) == "forbid"
    return not (isinstance(row, Commitment) and row.requirement)
