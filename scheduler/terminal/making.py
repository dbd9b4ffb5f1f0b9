"""Commands that make an instance: from another format, out of nothing, or from the term before."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Literal

import click
from pydantic import ValidationError

from scheduler.domain import Instance
from scheduler.domain.tables import History
from scheduler.domain.wording import count
from scheduler.errors import InputError, Problem
from scheduler.terminal.failures import DONE
from scheduler.terminal.inputs import check_writable, load
from scheduler.terminal.options import INSTANCE, NATURAL, PATH
from scheduler.terminal.problems import show_problems
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Command

#: Sizes of generated terms, smallest first; `scheduler.generate` has them in full, but takes long to load.
TIERS = ("xs", "s", "m", "l", "xl", "xxl")


@click.group()
def convert() -> None:
    """Turn other formats into an instance."""


@convert.command(cls=Command, example="rotations convert mss benchmark.dzn instances/benchmark")
@click.argument("file", type=PATH, help="Medical Student Scheduling instance: a MiniZinc data file.")
@click.argument("folder", type=PATH, metavar="DIR", help="Folder to make; must not exist or be empty.")
def mss(file: Path, folder: Path) -> int:
    """Turn a Medical Student Scheduling benchmark into an instance."""
    from scheduler.convert.mss import read_mss, to_instance
    from scheduler.io import write_instance

    _check_new(folder)
    instance = to_instance(read_mss(file))
    write_instance(instance, folder)
    say(screen(), f"{folder}: {count(len(instance.students), 'student')}, {count(instance.weeks, 'week')}.")
    say(screen(), f"Next: rotations solve {folder}")
    return DONE


@click.command(
    cls=Command,
    example="rotations generate --tier s --seed 1 instances/term\nrotations generate --tier m --seed 7 --tight instances/scarce"
    "\nrotations generate --tier s --rules full instances/whole",
)
@click.option(
    "--tier",
    type=click.Choice(TIERS),
    required=True,
    help="Size: from 20 students of 2 schools (xs) to 12,000 of 50 schools over a year (xxl).",
)
@click.option("--seed", type=NATURAL, default=1, show_default=True, metavar="N", help="Same seed, same files.")
@click.option("--tight", is_flag=True, help="The same students, but not enough places in scarce specialties.")
@click.option(
    "--rules",
    type=click.Choice(("core", "full")),
    default="core",
    show_default=True,
    help="full: data for every rule of the rule book on top, and a policy that switches rules on.",
)
@click.argument("folder", type=PATH, metavar="DIR", help="Folder to make; must not exist or be empty.")
def generate(tier: str, seed: int, tight: bool, rules: Literal["core", "full"], folder: Path) -> int:
    """Make up a realistic term, to try things out and to measure.

    Schools, programs, calendars and places differ from seed to seed.
    """
    from scheduler.generate import generate as make
    from scheduler.io import write_instance

    _check_new(folder)
    instance = make(tier, seed, tight=tight, rules=rules)
    write_instance(instance, folder)
    _say_made(instance, folder)
    return DONE


@click.command(
    cls=Command,
    example="rotations rollover instances/fall out/fall --to 2027-01-11 instances/spring",
)
@INSTANCE
@click.argument("solution", type=PATH, help="Solution folder, or a schedule.csv: what became of this term.")
@click.option("--to", type=click.DateTime(["%Y-%m-%d"]), required=True, metavar="DATE", help="A day of the new first week.")
@click.option("--term", metavar="LABEL", help="Label of this term in the history.  [default: the instance's name]")
@click.argument("folder", type=PATH, metavar="DIR", help="Folder to make; must not exist or be empty.")
def rollover(instance: Path, solution: Path, to: datetime, term: str | None, folder: Path) -> int:
    """Make next term's instance from this one and its schedule.

    Dates move by whole weeks, so weekdays stay; students are replaced by as
    many to be named; this term becomes history. README.md in DIR says what
    was moved and dropped, who is to be named, and what expires.
    """
    from scheduler.io import instance_problems, load_solution, write_instance
    from scheduler.rollover import rollover as make
    from scheduler.verify import verify

    if folder.suffix.lower() == ".xlsx":
        raise click.UsageError(f"{folder} is a workbook, and the README beside the tables needs a folder; name one")
    _check_new(folder)
    data, _ = load(instance, None)
    schedule, problems = load_solution(solution, data)
    if schedule is None:
        raise InputError(problems)
    show_problems(screen(sys.stderr), [p for p in problems if p.severity != "note"])
    report = verify(data, schedule)
    if not report.ok:
        warning = "The schedule breaks rules (rotations verify lists them); it is taken over all the same."
        say(screen(sys.stderr), warning, style="red")
    schedule = schedule.model_copy(update={"unplaced": report.unplaced})
    made = make(data, schedule, to.date(), term=_label(term, data), name=folder.name)
    wrong = [p for p in instance_problems(made.instance) if p.severity == "error"]
    if wrong:
        raise InputError(wrong)
    write_instance(made.instance, folder, "\n".join(made.lines))
    if made.expiring:
        ends = count(len(made.expiring), "agreement or training ends", "agreements or trainings end")
        say(screen(), f"{ends} before the new term does.")
    if made.to_check:
        say(screen(), f"{count(len(made.to_check), 'date', 'dates')} of holidays, breaks and the like to look at.")
    say(screen(), f"{folder / 'README.md'} says what was moved and dropped, and what is left to do.")
    _say_made(made.instance, folder)
    return DONE


def _label(given: str | None, data: Instance) -> str:
    """The label of a term, as the history takes it."""
    try:
        return History(term=given or data.name, school="any").term
    except ValidationError as error:
        raise click.UsageError(f"{given or data.name!r} cannot be the label of a term; name another with --term") from error


def _check_new(folder: Path) -> None:
    """Nothing is written over: the folder is new or empty."""
    check_writable(folder, "instance", "name another folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError(Problem("the folder to write to is not empty", file=str(folder), suggestion="name a new one"))


def _say_made(instance: Instance, folder: Path) -> None:
    say(screen(), f"{folder}: {count(len(instance.students), 'student')}, {count(instance.weeks, 'week')}.")
    say(screen(), f"Next: rotations solve {folder}")
