"""``rotations intake check``: what is wrong in a file, and how to correct it."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path

import click

from scheduler.intake.submission import Submission
from scheduler.terminal.failures import DONE, NOT_HELD
from scheduler.terminal.inputs import load
from scheduler.terminal.intake_inputs import language_option, read_file, reading_options, sender_of, sender_options
from scheduler.terminal.intake_report import refuse, show_report
from scheduler.terminal.options import JSON, PATH
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Command


@click.command(
    name="check",
    cls=Command,
    example="rotations intake check students.xlsx --instance term --school maple\n"
    "rotations intake check a.csv --instance term --school oak --mapping our.toml",
)
@click.argument("file", type=PATH, help="What was sent: xlsx, xls, ods or csv.")
@click.option("--instance", type=PATH, required=True, help="The instance that it is about.")
@sender_options
@reading_options
@language_option
@click.option("--report", type=PATH, metavar="DIR", help="Folder for the report: a page, and the file with its cells marked.")
@JSON
def check(
    file: Path,
    instance: Path,
    school: str | None,
    unit: str | None,
    preceptor: str | None,
    mapping: str | None,
    aliases: Path | None,
    dates: str | None,
    language: str,
    report: Path | None,
    as_json: bool,
) -> int:
    """Read a file of a school, unit or preceptor, and say what is wrong in it.

    Understands what spreadsheets and people make of a file, and asks where it
    could mean two things. Changes nothing but the log of what came in. Exit
    code 1 if something has to be corrected before the file can be merged.
    """
    from scheduler.intake.findings import Refused

    data, _ = load(instance, None)
    sender = sender_of(data, school, unit, preceptor)
    try:
        submission = read_file(file, data, sender, mapping, aliases, dates)
    except Refused as refused:
        return refuse(refused, file, sender, language, as_json)
    remember(instance, submission)
    written = _write(report, submission, language, data.name) if report else []
    if as_json:
        from scheduler.intake.report import report_data

        click.echo(json.dumps({**report_data(submission, language), "written": [str(p) for p in written]}, indent=2))
    else:
        show_report(screen(), submission, language)
        for path in written:
            say(screen(), f"Written: {path}")
    return NOT_HELD if submission.findings.failed else DONE


def remember(instance: Path, submission: Submission) -> None:
    """Note in the instance's log that a file was checked, for `rotations intake status`; where that may not be, it is not."""
    from scheduler.errors import InputError
    from scheduler.intake.ledger import line_of, write_log
    from scheduler.terminal.names import user_name

    with contextlib.suppress(InputError):
        write_log(instance, line_of(submission, "checked", user_name(), datetime.now(UTC)))


def _write(folder: Path, submission: Submission, language: str, term: str) -> list[Path]:
    from scheduler.intake.report import report_page
    from scheduler.intake.report_book import report_book
    from scheduler.io.publish import replace_file

    checked = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")
    pages = {
        "report.html": report_page(submission, language, term, checked),
        "report.xlsx": report_book(submission, language),
    }
    for name, content in pages.items():
        replace_file(folder / name, content)
    return [folder / name for name in pages]
