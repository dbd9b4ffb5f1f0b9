"""The command that asks what if: scenarios and sweeps, solved beside a base."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.domain import Instance
from scheduler.domain.wording import count
from scheduler.errors import InputError, Problem
from scheduler.terminal.alternatives import show_alternatives
from scheduler.terminal.failures import DONE, MOST_PROBLEMS, NOT_HELD, NOTHING
from scheduler.terminal.inputs import check_writable, load
from scheduler.terminal.options import INSTANCE, JSON, NATURAL, PATH, POLICY, SECONDS
from scheduler.terminal.outcome import show_violations
from scheduler.terminal.problems import show_problems
from scheduler.terminal.progress import ProgressLine
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Advanced, Command, FiniteRange
from scheduler.terminal.stopping import Stopper, work_beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.domain import Schedule
    from scheduler.scenario import Scenario
    from scheduler.solve import OnProgress, Settings
    from scheduler.whatif.alternatives import Alternative, Outcome
    from scheduler.whatif.results import Results
    from scheduler.whatif.sweep import Sweep

#: Name of what changes on the command line make together.
CHANGES = "changes"


@click.command(
    cls=Command,
    example="rotations whatif instances/riverbend a.toml b.toml a.toml+b.toml\n"
    'rotations whatif instances/riverbend --change "close unit=RMC-4B"\n'
    'rotations whatif instances/riverbend --sweep "places unit=RMC-4B more=-4..4"',
)
@INSTANCE
@click.argument("scenarios", nargs=-1, type=str, metavar="[SCENARIO]...", help="A .toml or .csv file; A+B applies A, then B.")
@click.option("--change", "changes", multiple=True, metavar="TEXT", help="A change in words; several make one alternative.")
@click.option("--sweep", metavar="TEXT", help="A change with ranges a..b, a..b/step or lists x,y: an alternative for each value.")
@click.option("--baseline", type=PATH, metavar="SOLUTION", help="The schedule to compare with.  [default: it is solved first]")
@click.option("--out", type=PATH, help="Folder for results; a later run goes on from there.  [default: none is written]")
@click.option("--time-limit", type=SECONDS, default=60, show_default=True, metavar="S", help="Seconds for each alternative.")
@click.option(
    "--gap",
    type=FiniteRange(0, 1),
    default=0.01,
    show_default=True,
    metavar="G",
    help="An alternative is done when proven to be within this share of the best possible; 0.01 is 1 %.",
)
@click.option(
    "--write-instance", type=PATH, metavar="DIR", help="Only write the changed instances, to a new folder; nothing is solved."
)
@POLICY
@JSON
@click.option("--workers", cls=Advanced, type=NATURAL, default=0, metavar="N", help="Processor cores to use; 0 is all.")
@click.option("--cluster", cls=Advanced, metavar="ADDRESS", help="Dask cluster that shares the work: students' data goes there.")
@click.option("--seed", cls=Advanced, type=NATURAL, default=0, metavar="N", help="Seed of all random choices.")
def whatif(
    instance: Path,
    scenarios: tuple[str, ...],
    changes: tuple[str, ...],
    sweep: str | None,
    baseline: Path | None,
    out: Path | None,
    time_limit: float,
    gap: float,
    write_instance: Path | None,
    policy: Path | None,
    as_json: bool,
    workers: int,
    cluster: str | None,
    seed: int,
) -> int:
    """Compare alternatives: a unit that closes, a school that grows.

    Each SCENARIO is solved beginning with the base's schedule, checked
    independently, and shown beside the base. A difference that lies within the
    proven gaps is called no proven difference. Ctrl-C keeps what is finished.
    """
    from scheduler.solve import Settings
    from scheduler.whatif.results import Results

    data, _ = load(instance, policy)
    swept = _sweep(sweep)
    wanted = _alternatives(data, scenarios, changes, swept)
    if write_instance is not None:
        return _write_instances(wanted, write_instance)
    if out is not None:
        check_writable(out, "result")
    settings = Settings(time_limit_s=time_limit, gap=gap, workers=workers, cluster=cluster, seed=seed)
    results = Results(out, settings)
    results.check([_base_of(data).name, *(each.name for each in wanted)])
    given = _given(data, baseline)
    if baseline is not None and given is None:
        return NOT_HELD
    with Stopper() as stopper, ProgressLine(screen(sys.stderr), data.policy.sense) as line:
        asked = _Asked(data, given, wanted, settings, results, side_by_side=swept is not None)
        work_beside(lambda: asked.run(line.update, stopper), lambda: line.tick(stopping=stopper.requested.is_set()))
    return _told(asked, swept, out, as_json)


class _Asked:
    """What is to be solved, and what came out of it so far."""

    def __init__(
        self,
        data: Instance,
        given: Outcome | None,
        wanted: Sequence[Alternative],
        settings: Settings,
        results: Results,
        *,
        side_by_side: bool,
    ) -> None:
        self.data, self.base, self.wanted, self.settings, self.results = data, given, wanted, settings, results
        self.side_by_side = side_by_side
        self.found: list[Outcome] = []

    def run(self, update: OnProgress, stopper: Stopper) -> None:
        """Solve the base unless it is given, then the alternatives."""
        from scheduler.whatif.alternatives import against, solved
        from scheduler.whatif.run import at_once, one_by_one

        if self.base is None:
            base = _base_of(self.data)
            self.base = self.results.read(base)
            if self.base is None:
                self.base = solved(base, None, self.settings, update, stopper.requested)
                self.results.write(self.base)
        go = at_once if self.side_by_side else one_by_one
        for outcome in go(self.wanted, self.base, self.settings, self.results, update, stopper.requested):
            self.found.append(against(self.base, outcome))


def _told(asked: _Asked, sweep: Sweep | None, out: Path | None, as_json: bool) -> int:
    """Write and show what was found."""
    from scheduler.whatif.comparison import data as comparison_data
    from scheduler.whatif.results import write_comparison

    base, found = asked.base, asked.found
    if base is None or not (found or base.solved):
        say(screen(sys.stderr), "Stopped before anything was found.")
        return NOTHING
    if out is not None:
        write_comparison(out, base, found, sweep.text if sweep else "")
    if as_json:
        click.echo(json.dumps(comparison_data([base, *found]), indent=2))
    else:
        console = screen()
        show_alternatives(console, base, found)
        if out is not None:
            say(console, f"Files: {out}")
    if len(found) < len(asked.wanted):
        left = count(len(asked.wanted) - len(found), "alternative")
        how = "; the same command goes on with them" if out is not None else ""
        say(screen(sys.stderr), f"Stopped: {left} left to solve{how}.")
    return DONE if found or not asked.wanted else NOTHING


def _sweep(text: str | None) -> Sweep | None:
    from scheduler.whatif.sweep import read_sweep

    return None if text is None else read_sweep(text)


def _alternatives(data: Instance, files: tuple[str, ...], changes: tuple[str, ...], sweep: Sweep | None) -> list[Alternative]:
    """What is asked for; everything that is wrong with it is raised at once."""
    from scheduler.scenario import Scenario, parse_change
    from scheduler.whatif.alternatives import alternative
    from scheduler.whatif.sweep import swept

    if not (files or changes or sweep):
        raise click.UsageError("name a SCENARIO file, or say what changes with --change or --sweep")
    problems: list[Problem] = []
    asked: list[tuple[str, list[Scenario]]] = []
    for text in files:
        paths = [Path(text)] if Path(text).exists() else [Path(part) for part in text.split("+")]
        asked.append(("+".join(path.stem for path in paths), _read(paths, problems)))
    parsed = []
    for text in changes:
        try:
            parsed.append(parse_change(text))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    if parsed:
        asked.append((CHANGES, [Scenario("--change", tuple(parsed))]))
    if sweep is not None:
        return swept(data, sweep, [scenario for _, stacked in asked for scenario in stacked])
    found: list[Alternative] = []
    for name, stacked in asked:
        same = sum(each.name == name or each.name.startswith(f"{name} (") for each in found)
        try:
            found.append(alternative(data, f"{name} ({same + 1})" if same or name == "base" else name, stacked))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _read(paths: Sequence[Path], problems: list[Problem]) -> list[Scenario]:
    from scheduler.scenario import read_scenario

    found = []
    for path in paths:
        try:
            found.append(read_scenario(path))
        except InputError as error:
            problems += error.problems
    return found


def _base_of(data: Instance) -> Alternative:
    from scheduler.whatif.alternatives import BASE, Alternative

    return Alternative(BASE, data)


def _given(data: Instance, path: Path | None) -> Outcome | None:
    """The base as it was given; None, and why, where it breaks rules."""
    if path is None:
        return None
    from scheduler.io import load_solution
    from scheduler.verify import verify
    from scheduler.whatif.alternatives import outcome

    schedule: Schedule | None
    schedule, problems = load_solution(path, data)
    if schedule is None:
        raise InputError(problems)
    show_problems(screen(sys.stderr), [p for p in problems if p.severity != "note"])
    report = verify(data, schedule)
    if not report.ok:
        show_violations(screen(sys.stderr), report.violations[:MOST_PROBLEMS])
        say(screen(sys.stderr), "The baseline breaks rules; rotations verify lists them all. Nothing was solved.", style="red")
        return None
    return outcome(_base_of(data), schedule, given=True)


def _write_instances(wanted: Sequence[Alternative], folder: Path) -> int:
    """Write the changed instances: one to the folder itself, several to a folder each."""
    from scheduler.io import write_instance
    from scheduler.whatif.results import folder_name

    check_writable(folder, "instance", "name another folder")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(Problem("the folder to write to is not empty", file=str(folder), suggestion="name a new one"))
    for each in wanted:
        target = folder if len(wanted) == 1 else folder / folder_name(each.name)
        write_instance(each.instance, target)
        say(screen(), f"{target}: {each.name}")
        for sentence in each.changes:
            say(screen(), f"- {sentence}", indent=2)
    return DONE
