"""``rotations intake template``: the workbook that a school, unit or preceptor fills in."""

from __future__ import annotations

import re
from pathlib import Path

import click

from scheduler.errors import InputError, Problem
from scheduler.terminal.failures import DONE
from scheduler.terminal.inputs import load
from scheduler.terminal.intake_inputs import language_option, sender_of, sender_options
from scheduler.terminal.options import INSTANCE, PATH
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Command

#: What an id may have and the name of a file may not, somewhere.
_FILE_SIGNS = re.compile(r'[/\\:*?"<>|]')


@click.command(
    name="template",
    cls=Command,
    example="rotations intake template instances/riverbend --school ash --out ash.xlsx\n"
    "rotations intake template term --unit 4B --schedule out/term --language es",
)
@INSTANCE
@sender_options
@click.option("--schedule", type=PATH, metavar="SOLUTION", help="What is proposed: adds a sheet for answers.")
@language_option
@click.option("--out", type=PATH, metavar="FILE.xlsx", help="File to write.  [default: intake-ID.xlsx]")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def template(
    instance: Path,
    school: str | None,
    unit: str | None,
    preceptor: str | None,
    schedule: Path | None,
    language: str,
    out: Path | None,
    force: bool,
) -> int:
    """Write the workbook that one school, unit or preceptor fills in.

    Has what the instance knows of them, lists to choose from, and nothing of
    anybody else.
    """
    from scheduler.intake.template import template as make
    from scheduler.io import read_solution, with_baseline
    from scheduler.io.publish import replace_file

    data, _ = load(instance, None)
    sender = sender_of(data, school, unit, preceptor)
    proposed = read_solution(schedule, with_baseline(data, schedule)) if schedule else None
    path = out or Path(f"intake-{_FILE_SIGNS.sub('-', sender.id)}.xlsx")
    if path.suffix.lower() != ".xlsx":
        raise InputError(Problem("a template is an .xlsx file", path.name, suggestion="let the name end in .xlsx"))
    content = make(data, sender, proposed, language)
    if path.exists() and not force and (not path.is_file() or path.read_bytes() != content):
        fix = "choose another name, or add --force"
        raise InputError(Problem("there is such a file already, and somebody may have filled it in", path.name, suggestion=fix))
    replace_file(path, content)
    say(screen(), f"Written: {path}. Send it to {sender}; what comes back goes to rotations intake check.")
    return DONE
