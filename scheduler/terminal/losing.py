"""The command that says which single loss would hurt most."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.domain.wording import count
from scheduler.terminal.failures import DONE, NOT_HELD
from scheduler.terminal.options import INSTANCE, JSON, POLICY
from scheduler.terminal.planning import CLUSTER, EACH, MOST_LISTED, SOLUTION, TOP, WORKERS, beside, read_held, settings_of
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Command

if TYPE_CHECKING:
    from scheduler.whatif.contingency import Loss


@click.command(
    cls=Command,
    example="rotations contingency instances/riverbend solutions/riverbend\n"
    "rotations contingency instances/small solutions/small --of preceptor",
)
@INSTANCE
@SOLUTION
@click.option(
    "--of", "kinds", type=click.Choice(["preceptor", "unit", "site"]), multiple=True, help="Only these losses; may be repeated."
)
@TOP
@EACH
@POLICY
@JSON
@WORKERS
@CLUSTER
def contingency(
    instance: Path,
    solution: Path,
    kinds: tuple[Any, ...],
    top: int,
    time_limit: float,
    policy: Path | None,
    as_json: bool,
    workers: int,
    cluster: str | None,
) -> int:
    """Show which single loss would hurt most: of a preceptor, a unit or a site.

    How many placements each carries, how many of these find another place
    while everybody else stays, and, for the N worst, how many are won back if
    others move too. Ctrl-C ends with what was found so far.
    """
    from scheduler.whatif.contingency import KINDS, losses

    data, schedule = read_held(instance, solution, policy)
    if schedule is None:
        return NOT_HELD
    of, settings = kinds or KINDS, settings_of(time_limit, workers, cluster)
    found = beside(data, lambda said, stop: losses(data, schedule, settings, kinds=of, top=top, on_progress=said, stop=stop))
    if as_json:
        click.echo(json.dumps([_loss_data(x) for x in found], indent=2))
        return DONE
    _show_losses(found)
    return DONE


def _show_losses(found: list[Loss]) -> None:
    console = screen()
    say(console, "What each loss would cost, the worst first (students' rotations)", style="bold")
    console.print(
        f"{'carried':>8} {'elsewhere':>10} {'lost':>5} {'won back':>9} {'for good':>9}  loss", style="bold", soft_wrap=True
    )
    shown = [x for x in found if x.lost] or found
    for x in shown[: 2 * MOST_LISTED]:
        won = "" if x.lost_after is None else f"{x.lost - x.lost_after:,}"
        if x.staying is None and x.repaired is None:
            numbers = f"{x.students:>8,} {'?':>10} {'?':>5} {won:>9} {x.nowhere:>9,}"
        else:
            numbers = f"{x.students:>8,} {max(0, x.students - x.lost):>10,} {x.lost:>5,} {won:>9} {x.nowhere:>9,}"
        console.print(f"{numbers}  {x.kind} {x.name}", soft_wrap=True)
    hidden = len(shown) - 2 * MOST_LISTED
    if hidden > 0:
        say(console, f"and {count(hidden, 'more loss', 'more losses')} that cost a rotation (--json lists all)")
    harmless = sum(not x.lost for x in found)
    if harmless:
        what = count(harmless, "loss costs", "losses cost")
        say(console, f"{what} no rotation: all that they carry finds another place while others stay.")
    for x in shown[: 2 * MOST_LISTED]:
        if x.staying is None:
            why = f"these rules cannot all hold without it: {', '.join(x.breaks)}" if x.breaks else "time was up"
            say(console, f"? {x.kind} {x.name}: {why}.")


def _loss_data(x: Loss) -> dict[str, Any]:
    return {
        "kind": x.kind,
        "id": x.name,
        "placements": x.carried,
        "students": x.students,
        "lost_while_others_stay": None if x.staying is None else x.lost,
        "lost_if_others_move": x.lost_after,
        "lost_for_good": x.nowhere,
        "rules_that_cannot_hold": list(x.breaks),
    }
