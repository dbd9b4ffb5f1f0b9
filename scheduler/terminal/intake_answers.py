"""Answers to what was proposed: shown first, then written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from scheduler.domain.wording import count
from scheduler.errors import InputError, Problem
from scheduler.terminal.problems import show_problems
from scheduler.terminal.screen import say

if TYPE_CHECKING:
    from scheduler.intake.sender import Sender

#: Answers that are shown one by one.
MOST_ROWS = 20


class Answering:
    """The answers of one sender to a schedule.

    Raises
    ------
    InputError
        Without a schedule, or if an answer cannot be taken.
    """

    def __init__(self, instance: Path, solution: Path | None, answers: Sequence[Mapping[str, str]], sender: Sender) -> None:
        from scheduler.io import read_instance, read_solution, with_baseline
        from scheduler.io.intake_folder import intake_folder
        from scheduler.versions.answers import apply_answers, refused
        from scheduler.versions.decisions import read_decisions

        if solution is None:
            fix = "name the schedule that was proposed: --schedule SOLUTION"
            raise InputError(Problem("the file has answers to placements", "answers", suggestion=fix, code="no_schedule"))
        self._instance, self._solution, self._answers, self._sender = instance, solution, answers, sender
        data = with_baseline(read_instance(instance), solution)
        schedule = read_solution(solution, data)
        earlier = read_decisions(intake_folder(instance))
        found = apply_answers(data, schedule, answers, sender, datetime.now(UTC), earlier=earlier)
        refused(found.problems)
        self.new, self._problems = found.decisions, found.problems

    def show(self, console: Console) -> None:
        """Print what the answers say that was not known."""
        show_problems(console, self._problems)
        if not self.new:
            say(console, "The answers say nothing new.")
            return
        for d in self.new[:MOST_ROWS]:
            part = f" part {d.part}" if d.part not in ("", "0") else ""
            what = f"{d.answer}: {d.status_before} → {d.status_after}" if d.answer else "appeal"
            about = " · ".join(text for text in (d.reason, f"appeal: {d.appeal}" if d.appeal else "") if text)
            style = "green" if d.answer == "yes" else "red" if d.answer == "no" else "yellow"
            sentence = f"{d.party}{part}, {d.requirement} in {d.slot} from {d.start}: {what}"
            say(console, f"{sentence} ({about})" if about else sentence, indent=2, style=style)
        if len(self.new) > MOST_ROWS:
            console.print(f"  … and {count(len(self.new) - MOST_ROWS, 'more answer')}")

    def record(self, when: datetime) -> list[dict[str, Any]]:
        """Write the answers down; see `scheduler.versions.record.record_answers`."""
        from scheduler.versions.record import record_answers

        done = record_answers(self._instance, self._solution, self._answers, self._sender, when)
        return [asdict(d) for d in done.decisions]
