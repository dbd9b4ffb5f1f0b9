"""Commands that make an instance: from another format, or out of nothing."""

from __future__ import annotations

from pathlib import Path

import click

from scheduler.domain import Instance
from scheduler.domain.wording import count
from scheduler.errors import InputError, Problem
from scheduler.terminal.failures import DONE
from scheduler.terminal.inputs import check_writable
from scheduler.terminal.options import NATURAL, PATH
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
    example="rotations generate --tier s --seed 1 instances/term\nrotations generate --tier m --seed 7 --tight instances/scarce",
)
@click.option(
    "--tier",
    type=click.Choice(TIERS),
    required=True,
    help="Size: from 20 students of 2 schools (xs) to 12,000 of 50 schools over a year (xxl).",
)
@click.option("--seed", type=NATURAL, default=1, show_default=True, metavar="N", help="Same seed, same files.")
@click.option("--tight", is_flag=True, help="The same students, but not enough places in scarce specialties.")
@click.argument("folder", type=PATH, metavar="DIR", help="Folder to make; must not exist or be empty.")
def generate(tier: str, seed: int, tight: bool, folder: Path) -> int:
    """Make up a realistic term, to try things out and to measure.

    Schools, programs, calendars and places differ from seed to seed.
    """
    from scheduler.generate import generate as make
    from scheduler.io import write_instance

    _check_new(folder)
    instance = make(tier, seed, tight=tight)
    write_instance(instance, folder)
    _say_made(instance, folder)
    return DONE


def _check_new(folder: Path) -> None:
    """Nothing is written over: the folder is new or empty."""
    check_writable(folder, "instance", "name another folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError(Problem("the folder to write to is not empty", file=str(folder), suggestion="name a new one"))


def _say_made(instance: Instance, folder: Path) -> None:
    say(screen(), f"{folder}: {count(len(instance.students), 'student')}, {count(instance.weeks, 'week')}.")
    say(screen(), f"Next: rotations solve {folder}")
