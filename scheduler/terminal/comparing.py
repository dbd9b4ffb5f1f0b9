"""The command ``rotations compare``: two schedules side by side, and what to tell whom when one replaces the other."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.domain.wording import count
from scheduler.errors import InputError
from scheduler.terminal.failures import DONE
from scheduler.terminal.inputs import check_writable, comparable, made_from
from scheduler.terminal.options import JSON, LANGUAGE, PATH
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Command
from scheduler.words.locale import Locale

if TYPE_CHECKING:
    from scheduler.domain import Instance, Schedule
    from scheduler.terminal.comparison import By


@click.command(
    cls=Command,
    example="rotations compare solutions/small out/small --by preceptor\n"
    "rotations compare out/published out/repaired --notices out/notices",
)
@click.argument("before", type=PATH, help="Solution folder, or a schedule.csv.")
@click.argument("after", type=PATH, help="The other solution, of the same instance.")
@click.option(
    "--by",
    type=click.Choice(["student", "preceptor", "unit", "rule"]),
    help="All changes, by student or group, preceptor, unit or rule.  [default: the most important]",
)
@click.option("--notices", type=PATH, metavar="DIR", help="Write who must be told what, and updates of calendars, to a folder.")
@LANGUAGE
@click.option("--instance", type=PATH, help="The instance, for schedules that were edited and no longer tell where it is.")
@JSON
def compare(
    before: Path, after: Path, by: By | None, notices: Path | None, tag: str, instance: Path | None, as_json: bool
) -> int:
    """Show what changed from one schedule of an instance to another.

    A group that moves is one change. Who is placed, what each rule costs, and
    which placements were added, removed or moved.

    With --notices, where AFTER replaces BEFORE, which was published: a row for
    each reader and change, a message for each reader, and for each calendar an
    update to import, in the language asked for. The edition is noted in AFTER, so that its calendars stay
    later than those that were sent.
    """
    from scheduler.compare import compare as find
    from scheduler.terminal.comparison import comparison_data, show_comparison

    if notices is not None:
        check_writable(notices, "list of notices", "name another folder with --notices")
    was, now = comparable(before, instance), comparable(after, instance)
    if was.instance_hash != now.instance_hash and not as_json:
        say(screen(sys.stderr), "They were made from different versions of the instance, or under different policies.")
    found = find(was, now)
    written = None if notices is None else _write(notices, before, after, instance, Locale(tag))
    if as_json:
        said = {} if written is None else {"notices": {"folder": str(notices), "files": written}}
        click.echo(json.dumps(comparison_data(found) | said, indent=2))
        return DONE
    console = screen()
    show_comparison(console, found, by)
    if written is not None:
        console.print()
        updates = sum(name.endswith(".ics") for name in written)
        what = f"changes.csv, messages.csv, changes.xlsx and {count(updates, 'calendar update')}"
        say(console, f"Notices: {f'{notices} ({what})' if written else 'nobody has to be told anything'}")
    return DONE


def _write(folder: Path, before: Path, after: Path, given: Path | None, locale: Locale) -> list[str]:
    """Write the notices, and note the edition in the solution; names of the files."""
    from scheduler.io import check_not_mixed, check_ours, record_edition, write_export
    from scheduler.notices import notices

    (earlier, was), (later, now) = (_read(path, given) for path in (before, after))
    now = now.replacing(was)
    files = notices(earlier, was, later, now, locale)
    check_not_mixed(folder, deidentified=False)
    check_ours(folder, files)
    if files:
        record_edition(now, after)
    write_export(folder, "notices", files)
    return sorted(files)


def _read(path: Path, given: Path | None) -> tuple[Instance, Schedule]:
    """A solution and its own instance."""
    from scheduler.io import load_solution

    data = made_from(path, given)
    schedule, problems = load_solution(path, data)
    if schedule is None:
        raise InputError(problems)
    return data, schedule
