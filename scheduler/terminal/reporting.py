"""The command that writes the page for whoever plans."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.domain import Instance, Schedule
from scheduler.domain.wording import count
from scheduler.errors import InputError
from scheduler.terminal.failures import DONE, NOT_HELD
from scheduler.terminal.inputs import check_writable, comparable, export_folder, instance_path, made_from
from scheduler.terminal.options import JSON, LANGUAGE, PATH
from scheduler.terminal.outcome import show_broken
from scheduler.terminal.problems import show_problems
from scheduler.terminal.progress import ProgressLine
from scheduler.terminal.screen import screen
from scheduler.terminal.sections import Command, FiniteRange
from scheduler.terminal.stopping import Stopper, work_beside
from scheduler.terminal.summary import Line, show_lines

if TYPE_CHECKING:
    from scheduler.report.alternatives import Alternatives
    from scheduler.verify import Report

#: What the page is called, and its kind among the exports to a folder.
NAME, KIND = "report.html", "report"


@click.command(
    cls=Command,
    example="rotations report solutions/riverbend --out out/riverbend\n"
    "rotations report out/repaired --baseline out/published --whatif out/whatif",
)
@click.argument("solution", type=PATH, help="Solution folder, or the schedule.csv in one (also edited by hand).")
@click.option("--baseline", type=PATH, metavar="SOLUTION", help="An earlier schedule: what changed since is marked and listed.")
@click.option(
    "--whatif", "runs", type=PATH, multiple=True, metavar="DIR", help="What rotations whatif --out wrote. May be repeated."
)
@click.option(
    "--search",
    "search_s",
    type=FiniteRange(min=0),
    default=30.0,
    show_default=True,
    metavar="S",
    help="Seconds to look for other places and explain what is unplaced.",
)
@LANGUAGE
@click.option("--out", type=PATH, help="Folder to write to.  [default: the solution's]")
@click.option("--instance", type=PATH, help="The instance, if it is no longer where it was.")
@JSON
def report(
    solution: Path,
    baseline: Path | None,
    runs: tuple[Path, ...],
    search_s: float,
    tag: str,
    out: Path | None,
    instance: Path | None,
    as_json: bool,
) -> int:
    """Write one page about a schedule, for whoever plans: report.html.

    A board of students, units or preceptors by week with search and filters;
    each placement with its reasons and where else it could be; what is
    unplaced and why; how full units are, loads, schools, preferences, costs.
    It needs no network and names everybody: it is for you alone. Ctrl-C ends
    the search for other places; the page is written all the same.
    """
    from scheduler.compare import compare
    from scheduler.export.charts import charts
    from scheduler.export.view import view
    from scheduler.io import check_ours, load_solution, write_export
    from scheduler.report.comparisons import read_whatif
    from scheduler.report.content import Given
    from scheduler.report.page import page
    from scheduler.verify import verify
    from scheduler.words.locale import Locale

    locale = Locale(tag)
    data = made_from(solution, instance)
    whatifs = tuple(read_whatif(folder) for folder in runs)
    schedule, problems = load_solution(solution, data)
    if schedule is None:
        raise InputError(problems)
    show_problems(screen(sys.stderr), problems)
    folder = export_folder(solution, out, deidentify=False)
    check_writable(folder, "report")
    check_ours(folder, [NAME])
    checked = verify(data, schedule)
    found = None if baseline is None else compare(comparable(baseline, instance), schedule)
    others = _searched(data, schedule, checked, search_s) if checked.ok and search_s else None
    given = Given(
        instance=data,
        schedule=schedule,
        report=checked,
        locale=locale,
        alternatives=others,
        comparison=found,
        baseline="" if baseline is None else str(baseline),
        whatifs=whatifs,
        command=(str(instance_path(solution, instance) or "INSTANCE"), str(solution)),
    )
    content = page(given, charts(view(data, schedule, locale=locale)))
    write_export(folder, KIND, {NAME: content})
    if as_json:
        said = {"ok": checked.ok, "file": str(folder / NAME), "bytes": len(content), "searched": bool(others and others.complete)}
        click.echo(json.dumps(said, indent=2))
    else:
        show_lines(screen(), _lines(folder, len(content), others, len(schedule.placements), len(checked.unplaced)))
    if not checked.ok and not as_json:
        show_broken(checked.violations)
    return DONE if checked.ok else NOT_HELD


def _searched(instance: Instance, schedule: Schedule, checked: Report, time_limit_s: float) -> Alternatives:
    """Look for other places beside the progress line."""
    from scheduler.report.alternatives import alternatives

    with Stopper() as stopper, ProgressLine(screen(sys.stderr), instance.policy.sense) as line:
        line.update("reading what stands")
        return work_beside(
            lambda: alternatives(
                instance,
                schedule,
                (checked.worst_off,),
                time_limit_s=time_limit_s,
                stop=stopper.requested,
                on_phase=line.update,
            ),
            lambda: line.tick(stopping=stopper.requested.is_set()),
        )


def _lines(folder: Path, size: int, others: Alternatives | None, placements: int, unplaced: int) -> list[Line]:
    lines: list[Line] = [("Report", f"{folder / NAME} ({size / 1e6:,.1f} MB; open it in a browser)")]
    if others is None:
        lines.append(("Search", "where else people could be was not looked for"))
    elif not others.complete:
        looked = f"other places of {count(len(others.of), 'placement')} of {placements:,}"
        told = f"{len(others.why):,} of {count(unplaced, 'unplaced rotation')}"
        lines.append(("Search", f"looked for {looked}, and explained {told}; a longer --search does more"))
    return lines
