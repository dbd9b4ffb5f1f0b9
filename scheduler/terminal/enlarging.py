"""The command that finds the fewest additional places with which everybody is placed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.domain import Schedule, Status
from scheduler.domain.wording import count
from scheduler.errors import InputError, Problem
from scheduler.terminal.failures import DONE, NOT_HELD, NOTHING
from scheduler.terminal.options import INSTANCE, JSON, PATH, POLICY, SECONDS
from scheduler.terminal.planning import SOLUTION, WORKERS, beside, read_held, settings_of
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Command

if TYPE_CHECKING:
    from scheduler.whatif.capacity import Smallest


@click.command(
    cls=Command,
    example="rotations capacity instances/riverbend solutions/riverbend\n"
    "rotations capacity instances/riverbend solutions/riverbend --out out/larger",
)
@INSTANCE
@SOLUTION
@click.option("--time-limit", type=SECONDS, default=60, show_default=True, metavar="S", help="Stop after S seconds.")
@click.option("--out", type=PATH, help="New folder for the instance with these places.")
@POLICY
@JSON
@WORKERS
def capacity(
    instance: Path, solution: Path, time_limit: float, out: Path | None, policy: Path | None, as_json: bool, workers: int
) -> int:
    """Find the fewest additional places with which everybody is placed.

    Places in slots and units, students at once of preceptors and agreements.
    The result is verified, with a proof of how few could be enough; what no
    place would help is named with its reasons.
    """
    from scheduler.io import write_instance
    from scheduler.whatif.capacity import smallest

    if out and out.exists():
        raise InputError(Problem("this is there already", file=str(out), suggestion="name a new folder with --out"))
    data, schedule = read_held(instance, solution, policy)
    if schedule is None:
        return NOT_HELD
    settings = settings_of(time_limit, workers, None)
    found = beside(data, lambda said, stop: smallest(data, schedule.placements, settings, said, stop))
    if found.after is None:
        say(screen(sys.stderr), "The search ended before there was an answer; a longer --time-limit may find one.")
        return NOTHING
    reasons = _reasons(found)
    if out and found.needed:
        write_instance(found.instance, out)
    if as_json:
        click.echo(json.dumps(_capacity_data(found, reasons), indent=2))
        return DONE
    console = screen()
    say(console, _capacity_words(found), style="bold")
    for n in found.needed:
        say(console, f"- {n.edit.sentence}", indent=2)
    if found.needed:
        say(console, _least_words(found))
    for reason in reasons:
        say(console, f"- {reason}", indent=2)
    if out and found.needed:
        say(console, f"The instance with these places is in {out}.")
    return DONE


def _capacity_words(found: Smallest) -> str:
    assert found.after is not None
    missing, left = found.before.unplaced, len(found.left)
    if not missing:
        return "Everybody is placed already."
    if not found.needed:
        proved = "(proved)" if found.nothing_more else "was found"
        return f"No additional place {'would help' if found.nothing_more else 'that helps'} {proved}."
    then = "everybody is placed" if not left else f"{missing - left:,} of {count(missing, 'unplaced rotation')} are placed"
    return f"{count(found.places, 'more place')}, and {then} (verified):"


def _least_words(found: Smallest) -> str:
    if found.least >= found.places:
        return f"Fewer than {count(found.places, 'place')} cannot be enough (proved)."
    if found.least > 0:
        return f"Fewer than {count(found.least, 'place')} cannot be enough (proved); whether {found.places:,} are needed is not."
    return "Whether fewer would be enough is not proved."


def _reasons(found: Smallest) -> list[str]:
    """What stays unplaced, and why."""
    from scheduler.standing.funnel import steps_of
    from scheduler.standing.ground import Ground

    if not found.left or found.after is None:
        return []
    ground = Ground(found.instance, Schedule(status=Status.FEASIBLE, placements=found.after.placements))
    proved = "no place more would help (proved)" if found.nothing_more else "no place was found that helps"
    return [
        f"{m.who}, {m.row.requirement}: {proved}. {steps_of(ground, m).sentence(m.row.requirement)}."
        for m in ground.missing(found.left)
    ]


def _capacity_data(found: Smallest, reasons: list[str]) -> dict[str, Any]:
    return {
        "unplaced_before": found.before.unplaced,
        "places": found.places,
        "at_least": found.least,
        "edits": [n.edit.data() for n in found.needed],
        "unplaced_after": len(found.left),
        "no_places_would_help_more": found.nothing_more,
        "left": reasons,
    }
