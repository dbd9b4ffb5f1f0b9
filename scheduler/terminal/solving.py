"""The command ``rotations solve``: a schedule for the whole term, or for a part of it while the rest stays."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from scheduler.domain import Instance, Schedule, Status
from scheduler.domain.baseline import against
from scheduler.domain.wording import count
from scheduler.errors import InputError, Problem
from scheduler.terminal.at_risk import files_line
from scheduler.terminal.failures import DONE, NOT_HELD, NOTHING
from scheduler.terminal.inputs import check_writable, load
from scheduler.terminal.options import INSTANCE, JSON, NATURAL, PATH, POLICY, SECONDS
from scheduler.terminal.outcome import checked, no_schedule
from scheduler.terminal.problems import tally
from scheduler.terminal.progress import ProgressLine
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Advanced, Command, FiniteRange
from scheduler.terminal.stopping import Stopper, work_beside
from scheduler.terminal.summary import Line, show_lines, summary_data, summary_lines

if TYPE_CHECKING:
    from scheduler.solve import Settings
    from scheduler.versions.keep import Keep, Plan


@click.command(
    cls=Command,
    example="rotations solve instances/small --out out/small\nrotations solve term.xlsx --time-limit 600 --strict\n"
    "rotations solve instances/small --baseline out/small --keep confirmed\n"
    "rotations solve instances/small --only profession=pharmd",
)
@INSTANCE
@click.option("--out", type=PATH, help="Folder of the schedule.  [default: out/NAME OF INSTANCE]")
@click.option("--time-limit", type=SECONDS, default=60, show_default=True, metavar="S", help="Stop after S seconds.")
@click.option(
    "--gap",
    type=FiniteRange(0, 1),
    default=0,
    show_default=True,
    metavar="G",
    help="Stop when proven to be within this share of the best possible; 0.01 is 1 %.",
)
@POLICY
@click.option("--baseline", type=PATH, metavar="SOLUTION", help="Begin with an earlier schedule; what moves against it costs.")
@click.option(
    "--keep",
    type=click.Choice(["confirmed", "accepted", "proposed"]),
    help="What of the earlier schedule stays exactly: confirmed; also accepted by one side; also proposed, so everything.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="KIND=NAME",
    help="Plan only profession=…, program=… or school=…; others stay as they were. May be repeated.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 if anything is left unplaced.")
@JSON
@click.option(
    "--strategy",
    cls=Advanced,
    type=click.Choice(["auto", "direct", "neighbourhood", "columns"]),
    default="auto",
    show_default=True,
    help="How the schedule is sought.",
)
@click.option("--workers", cls=Advanced, type=NATURAL, default=0, metavar="N", help="Processor cores to use; 0 is all.")
@click.option("--cluster", cls=Advanced, metavar="ADDRESS", help="Dask cluster that shares the work: students' data goes there.")
@click.option("--seed", cls=Advanced, type=NATURAL, default=0, metavar="N", help="Seed of all random choices.")
@click.option(
    "--deterministic", cls=Advanced, is_flag=True, help="Same input, same schedule: one worker, and work is counted, not seconds."
)
def solve(
    instance: Path,
    out: Path | None,
    time_limit: float,
    gap: float,
    policy: Path | None,
    baseline: Path | None,
    keep: Keep | None,
    only: tuple[str, ...],
    strict: bool,
    as_json: bool,
    strategy: Literal["auto", "direct", "neighbourhood", "columns"],
    workers: int,
    cluster: str | None,
    seed: int,
    deterministic: bool,
) -> int:
    """Make the best schedule that can be found, and say how good it is.

    Shows progress. Ctrl-C ends the search with the best schedule so far; a
    second Ctrl-C gives up. The schedule is checked independently before
    anything is written.

    With --keep or --only a part is planned; the proof is about that part alone.
    Without --baseline the earlier schedule is the one in the folder of --out.
    """
    from scheduler.io import read_solution, write_solution
    from scheduler.solve import Settings
    from scheduler.versions.keep import check_kept, finished, plan

    real = instance.resolve()
    folder = out or Path("out") / (real.name if real.is_dir() else real.stem)
    check_writable(folder)
    data, problems = load(instance, policy)
    if baseline is None and (keep or only):
        baseline = _earlier(folder, data, must=bool(keep))
    before = read_solution(baseline, data) if baseline else None
    if before is not None:
        data = against(data, before.placements)
    given = plan(data, before, keep or "", only)
    check_kept(data, given.kept)
    whole, data = data, given.applied(data)
    settings = Settings(
        time_limit_s=time_limit,
        gap=gap,
        strategy=strategy,
        workers=workers,
        seed=seed,
        deterministic=deterministic,
        cluster=cluster,
    )
    with Stopper() as stopper:
        schedule = finished(_solve(data, settings, stopper, before), given)
        if not deterministic:  # two such runs give the same bytes
            schedule = schedule.model_copy(update={"made": datetime.now(UTC).replace(microsecond=0)})
        if schedule.status in (Status.INFEASIBLE, Status.UNKNOWN):
            code = no_schedule(schedule, whole, stopper.requested.is_set())
            _say_kept(given)
            return code
        report = checked(data, schedule, folder)
        if report is None:
            return NOTHING
        schedule = schedule.model_copy(update={"schools": report.schools})
        write_solution(schedule, data, folder, source=instance, with_baseline=before is not None, pins=given.pins)
    if as_json:
        click.echo(json.dumps(summary_data(schedule, folder), indent=2))
    else:
        lines: list[Line] = summary_lines(schedule, data, report.worst_off)
        lines.append(("Checked", "every rule and every point of cost, a second time, independently of the solver"))
        if problems:
            lines.append(("Input", f"{tally(problems)}; see them with: rotations check {instance}"))
        lines.append(files_line(schedule, data, folder))
        show_lines(screen(), lines)
    return NOT_HELD if strict and any(u.planned for u in schedule.unplaced) else DONE


def _solve(instance: Instance, settings: Settings, stopper: Stopper, start: Schedule | None) -> Schedule:
    """Solve beside the progress line."""
    from scheduler.solve import solve as find

    with ProgressLine(screen(sys.stderr), instance.policy.sense) as line:
        return work_beside(
            lambda: find(instance, settings, on_progress=line.update, stop=stopper.requested, start=start),
            lambda: line.tick(stopping=stopper.requested.is_set()),
        )


def _earlier(folder: Path, instance: Instance, *, must: bool) -> Path | None:
    """The earlier schedule where none is named: that in the folder of the new one. What is taken is said.

    Raises
    ------
    InputError
        If it is not clear which one is meant, or there is none and one is needed (`must`).
    """
    from scheduler.io import read_solution
    from scheduler.io.publish import current_file
    from scheduler.io.solution import PLACEMENTS
    from scheduler.versions.frozen import version_folder, versions_of
    from scheduler.versions.keep import same_placements

    there = folder.is_dir() and current_file(folder, PLACEMENTS) is not None
    versions = versions_of(folder)
    latest = version_folder(folder, versions[-1].number) if versions else None
    if not there and latest is None:
        if must:
            problem = Problem("needs the earlier schedule", "--keep", suggestion="name it with --baseline", code="no_baseline")
            raise InputError(problem)
        return None
    if there and latest is not None:
        if not same_placements(*(read_solution(path, instance).placements for path in (folder, latest))):
            message = f"the schedule in {folder} is another one than its last published version, {latest}"
            fix = "say with --baseline which of the two stays"
            raise InputError(Problem(message, "--baseline", suggestion=fix, code="unclear"))
        taken, what = folder, f"the schedule in {folder}, published as version {versions[-1].number}"
    elif latest is not None:
        taken, what = latest, f"the last published version, {latest}"
    else:
        taken, what = folder, f"the schedule in {folder}"
    say(screen(sys.stderr), f"Earlier schedule: {what} (--baseline names another).")
    return taken


def _say_kept(given: Plan) -> None:
    """Where there is no schedule, name what was kept: it may be the reason."""
    from scheduler.versions.keep import kept_words

    if given.kept:
        what = f"{count(len(given.kept), 'placement')} had to stay ({kept_words(given.kept)})"
        fix = "Each could stay alone. Keep less, or repair the earlier schedule: rotations repair says which cannot stay."
        say(screen(sys.stderr), f"{what}. {fix}")
