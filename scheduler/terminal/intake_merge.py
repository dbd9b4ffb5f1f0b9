"""``rotations intake merge``: a file into the instance, after showing what would change."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
from rich.console import Console

from scheduler.domain.wording import count
from scheduler.errors import InputError, Problem
from scheduler.terminal.failures import DONE, NOT_HELD, NOTHING
from scheduler.terminal.inputs import load
from scheduler.terminal.intake_answers import Answering
from scheduler.terminal.intake_inputs import language_option, read_file, reading_options, sender_of, sender_options
from scheduler.terminal.intake_report import refuse, show_report
from scheduler.terminal.intake_touched import touched
from scheduler.terminal.names import user_name
from scheduler.terminal.options import JSON, PATH
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Command

if TYPE_CHECKING:
    from scheduler.domain import Instance
    from scheduler.intake.merging import Plan
    from scheduler.intake.submission import Submission

_STYLES = {"added": "green", "changed": "yellow", "removed": "red"}
#: Rows of one table that are shown.
MOST_ROWS = 20


@click.command(
    name="merge",
    cls=Command,
    example="rotations intake merge students.xlsx --instance term --school maple\n"
    "rotations intake merge all.xlsx --instance term --school oak --complete --yes",
)
@click.argument("file", type=PATH, help="What was sent: xlsx, xls, ods or csv.")
@click.option("--instance", type=PATH, required=True, help="The instance that it goes into.")
@sender_options
@reading_options
@language_option
@click.option("--complete", is_flag=True, help="The sheets name everything: what they do not name is removed.")
@click.option("--schedule", type=PATH, metavar="SOLUTION", help="A schedule: says which of its placements this touches.")
@click.option("--by", metavar="NAME", help="Who takes it in, for the log.  [default: the user of this computer]")
@click.option("--yes", is_flag=True, help="Do not ask.")
@JSON
def merge(
    file: Path,
    instance: Path,
    school: str | None,
    unit: str | None,
    preceptor: str | None,
    mapping: str | None,
    aliases: Path | None,
    dates: str | None,
    language: str,
    complete: bool,
    schedule: Path | None,
    by: str | None,
    yes: bool,
    as_json: bool,
) -> int:
    """Merge a file of a school, unit or preceptor into the instance.

    Shows first what would be added, changed and removed, and which pins and
    placements it touches. Only what is theirs changes; the version before is
    kept, and a log says who merged what and when. The same file a second time
    changes nothing.
    """
    from scheduler.intake.findings import Refused
    from scheduler.intake.ledger import merge as write
    from scheduler.intake.ledger import refuse_errors
    from scheduler.intake.merging import plan

    data, _ = load(instance, None)
    sender = sender_of(data, school, unit, preceptor)

    def make(instance: Instance) -> tuple[Submission, Plan]:
        submission = read_file(file, instance, sender, mapping, aliases, dates)
        return submission, plan(instance, submission, complete)

    try:
        submission = read_file(file, data, sender, mapping, aliases, dates)
    except Refused as refused:
        return refuse(refused, file, sender, language, as_json)
    if submission.findings.failed:
        if as_json:
            from scheduler.intake.report import report_data

            click.echo(json.dumps({**report_data(submission, language), "merged": False}, indent=2))
        else:
            show_report(screen(), submission, language)
        return NOT_HELD
    found = plan(data, submission, complete)
    refuse_errors(data, found)
    touches = touched(data, found, schedule)
    console = screen(sys.stderr) if as_json else screen()
    answers = [entry.cells for entry in submission.of("answers")]
    answered = Answering(instance, schedule, answers, sender) if answers else None
    if found.changes or answered is None:
        show_plan(console, found, touches)
    if answered is not None:
        answered.show(console)
    if (found.changes or (answered and answered.new)) and not yes and not _agreed(as_json):
        say(console, "Nothing was merged.")
        return NOTHING
    now = datetime.now(UTC)
    done = write(instance, make, found, by or user_name(), now)
    decisions = answered.record(now) if answered else []
    if as_json:
        changes = [{"table": c.table, "what": c.verb, "row": c.sentence} for c in done.plan.changes]
        said = {"merged": bool(changes or decisions), "changes": changes, "touched": touches, "before": done.before}
        click.echo(json.dumps({**said, "answers": decisions}, indent=2))
        return DONE
    if done.plan.changes:
        say(console, f"Merged. What was there before is kept as version {done.before}.", style="bold")
    if decisions:
        say(console, f"{count(len(decisions), 'answer')} written down in {schedule}.", style="bold")
    return DONE


def _agreed(as_json: bool) -> bool:
    if not sys.stdin.isatty():
        raise InputError(Problem("nobody is there to ask", "rotations intake merge", suggestion="look at it, then add --yes"))
    return click.confirm("Merge?", default=False, err=as_json)


def show_plan(console: Console, found: Plan, touches: list[str]) -> None:
    """Print what a merge would do, table by table."""
    from scheduler.intake.merging import Verb

    if not found.changes:
        say(console, "Nothing to change: the instance says all of this already.")
        return
    by_table = defaultdict(list)
    for change in found.changes:
        by_table[change.table].append(change)
    for table, changes in by_table.items():
        console.print(table, style="bold")
        for change in changes[:MOST_ROWS]:
            say(console, f"{change.verb}: {change.sentence}", indent=2, style=_STYLES[change.verb])
        if len(changes) > MOST_ROWS:
            console.print(f"  … and {count(len(changes) - MOST_ROWS, 'more row')}")
    said = ", ".join(f"{found.count(verb)} {verb}" for verb in get_args(Verb) if found.count(verb))
    say(console, f"In all {count(len(found.changes), 'row')}: {said}.", style="bold")
    if touches:
        console.print("Touched", style="bold")
        for sentence in touches[:MOST_ROWS]:
            say(console, sentence, indent=2, style="yellow")
        if len(touches) > MOST_ROWS:
            console.print(f"  … and {len(touches) - MOST_ROWS:,} more")
