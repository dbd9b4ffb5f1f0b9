"""What the commands about files of schools share: who sends, how a file is read, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scheduler.errors import InputError, Problem
from scheduler.terminal.options import PATH

if TYPE_CHECKING:
    from scheduler.domain import Instance
    from scheduler.intake.sender import Sender, SenderKind
    from scheduler.intake.submission import Submission

F = TypeVar("F", bound=Callable[..., Any])


def sender_options(command: F) -> F:
    """Options that say who sends."""
    for kind in ("preceptor", "unit", "school"):
        command = click.option(f"--{kind}", metavar="ID", help=f"The {kind} it is from.")(command)
    return command


def reading_options(command: F) -> F:
    """Options that say how a file is read."""
    orders = click.Choice(["day-first", "month-first"])
    help_dates = "The answer where a file does not tell 3 April from 4 March."
    command = click.option("--aliases", type=PATH, help="More names of columns and values, as a TOML file.")(command)
    command = click.option("--mapping", metavar="NAME|FILE", help="Layout of another system: its name, or a TOML file.")(command)
    return click.option("--dates", type=orders, help=help_dates)(command)


def language_option(command: F) -> F:
    """Option that names the language of what a sender reads."""
    from scheduler.words import LANGUAGES

    languages = click.Choice(LANGUAGES)
    return click.option("--language", type=languages, default="en", show_default=True, help="Language of what the sender reads.")(
        command
    )


def sender_of(instance: Instance, school: str | None, unit: str | None, preceptor: str | None) -> Sender:
    """The one sender that is named.

    Raises
    ------
    InputError
        For none, several, or one that the instance does not know.
    """
    from scheduler.intake.known import Names
    from scheduler.intake.sender import Sender

    given: list[tuple[SenderKind, str]] = []
    for kind, name in (("school", school), ("unit", unit), ("preceptor", preceptor)):
        if name:
            given.append((kind, name))  # type: ignore[arg-type]  # one of the three
    if len(given) != 1:
        raise click.UsageError("Name one sender: --school, --unit or --preceptor.")
    kind, name = given[0]
    known = _senders(instance)[kind]
    names = Names(known, known)
    found = names.find(name)
    if found is None:
        near = names.meant(name)
        fix = f"did you mean {near!r}?" if near else f"one of {', '.join(sorted(known)[:12])}"
        raise InputError(Problem(f"there is no {kind} {name!r}", f"--{kind}", code="unknown_sender", suggestion=fix))
    return Sender(kind, found)


def _senders(instance: Instance) -> dict[SenderKind, dict[str, str]]:
    """Everybody who may send something: ids and names."""
    schools = {p.school: "" for p in instance.programs} | {s.school: s.name for s in instance.schools}
    units = {s.unit: "" for s in instance.slots} | {u.unit: u.name for u in instance.units}
    return {"school": schools, "unit": units, "preceptor": {p.preceptor: p.name for p in instance.preceptors}}


def read_file(
    path: Path, instance: Instance, sender: Sender, mapping: str | None, aliases: Path | None, dates: str | None
) -> Submission:
    """What a file says.

    Raises
    ------
    Refused
        If it is not read at all.
    InputError
        For what is wrong with the mapping or the aliases.
    """
    from scheduler.intake.aliases import load_aliases
    from scheduler.intake.dates import ORDERS
    from scheduler.intake.mapping import load_mapping
    from scheduler.intake.opening import open_received
    from scheduler.intake.reading import read_submission

    names = load_aliases(aliases)
    layout = load_mapping(mapping) if mapping else None
    if layout is not None and layout.file.sender != sender.kind:
        raise InputError(f"the mapping {layout.name} is for a file of a {layout.file.sender}, not of a {sender.kind}")
    order = next((o for o in ORDERS if dates and o == dates.replace("-", " ")), None)
    return read_submission(open_received(path), instance, sender, aliases=names, mapping=layout, dates=order)
