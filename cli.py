"""The command line: reads arguments, calls the library, shows what came out. ``rotations`` and ``python cli.py`` are the same."""

from __future__ import annotations

import json
import os
import sys
import threading
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

import click

from scheduler import __version__
from scheduler.domain import GONE
from scheduler.domain.wording import count
from scheduler.errors import InputError
from scheduler.export import CHART_FORMATS, FORMATS, READER_KINDS, ChartFormat, ReaderKind
from scheduler.terminal import rulebook
from scheduler.terminal.comparing import compare
from scheduler.terminal.enlarging import capacity
from scheduler.terminal.explaining import explain
from scheduler.terminal.failures import DONE, NOT_HELD, WRONG_INPUT, explain_failure
from scheduler.terminal.inputs import export_folder, instance_path, load, made_from, under
from scheduler.terminal.intake import intake
from scheduler.terminal.keys import pseudonym_key
from scheduler.terminal.losing import contingency
from scheduler.terminal.making import convert, generate, rollover
from scheduler.terminal.options import INSTANCE, JSON, LANGUAGE, PATH, POLICY
from scheduler.terminal.outcome import show_broken, show_gave_way, show_violations
from scheduler.terminal.packing import write_packs
from scheduler.terminal.pressure import pressure_data, pressure_rows, show_pressure
from scheduler.terminal.problems import problem_data, show_problems, tally
from scheduler.terminal.publishing import publish
from scheduler.terminal.repairing import repair
from scheduler.terminal.reporting import report
from scheduler.terminal.scoring import scorecard
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Command
from scheduler.terminal.solving import solve
from scheduler.terminal.suggesting import suggest, waiting
from scheduler.terminal.summary import export_lines, show_lines, unplaced_names
from scheduler.terminal.valuing import value
from scheduler.terminal.whatif import whatif

# Commands import what they need when they run: the solver and pandas take seconds to load, and --help should not wait.


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, prog_name="rotations")
@click.option("--debug", is_flag=True, help="Show the technical details of an unexpected error.")
def cli(debug: bool) -> None:
    """Schedule clinical rotations: who goes where, when, and with whom.

    Exit codes: 0 done; 1 a check did not hold; 2 wrong input or usage;
    3 stopped with nothing to show.
    """


@cli.command(cls=Command, example="rotations check instances/small")
@INSTANCE
@POLICY
@JSON
def check(instance: Path, policy: Path | None, as_json: bool) -> int:
    """List all problems of an instance, and what to do about each.

    Then shows demand against supply by specialty and week.
    """
    from scheduler.io import load_instance

    data, found = load_instance(instance)
    problems = list(found)
    rows = []
    if data is not None:
        data = under(data, policy)
        from scheduler.model.check import check_offers, demand_supply

        problems += check_offers(data)
        rows = pressure_rows(demand_supply(data))
    if as_json:
        click.echo(json.dumps({"problems": problem_data(problems), "demand_supply": pressure_data(rows)}, indent=2))
    else:
        console = screen()
        show_problems(console, problems)
        console.print(f"{instance}: {tally(problems)}", style="bold", soft_wrap=True)
        if data is not None:
            console.print()
            show_pressure(console, rows)
    return WRONG_INPUT if data is None or any(p.severity == "error" for p in problems) else DONE


@cli.command(cls=Command, example="rotations verify instances/small out/small")
@INSTANCE
@click.argument("solution", type=PATH, help="Solution folder, or a schedule.csv (also one edited by hand).")
@POLICY
@JSON
def verify(instance: Path, solution: Path, policy: Path | None, as_json: bool) -> int:
    """Check a schedule against every rule, independently of the solver.

    Names each broken rule in a sentence, and where soft rules gave way. Exit
    code 0 only if every hard rule holds and the stated objective is the real one.
    """
    from scheduler.io import load_solution
    from scheduler.verify import verify as verify_schedule

    data, _ = load(instance, policy, solution)
    schedule, problems = load_solution(solution, data)
    if schedule is None:
        raise InputError(problems)
    report = verify_schedule(data, schedule)
    if as_json:
        violations = [{"rule": v.rule, "sentence": v.sentence} for v in report.violations]
        gave_way = [{"rule": v.rule, "sentence": v.sentence, "amount": v.amount} for v in report.gave_way]
        found = {"ok": report.ok, "violations": violations, "gave_way": gave_way, "objective": report.objective}
        click.echo(json.dumps(found, indent=2))
        return DONE if report.ok else NOT_HELD
    console = screen()
    show_problems(screen(sys.stderr), problems)
    show_violations(console, report.violations)
    show_gave_way(console, report.gave_way)
    held = sum(p.status not in GONE for p in schedule.placements)
    size = f"{count(held, 'placement')}, {len(report.unplaced)} unplaced"
    if report.unplaced:
        say(console, f"Unplaced: {unplaced_names(report.unplaced)}.")
    if report.ok:
        say(console, f"Every {'hard ' * bool(report.gave_way)}rule holds: {size}.", style="green")
        return DONE
    say(console, f"{count(len(report.violations), 'violation')} in {size}.", style="red")
    return NOT_HELD


@cli.command(
    cls=Command,
    example="rotations export out/small --to xlsx --to ics --to html\nrotations export out/small --to all --for school maple\n"
    "rotations export out/small --charts svg\nrotations export out/small --packs",
)
@click.argument("solution", type=PATH, help="Solution folder, or the schedule.csv in one (also edited by hand).")
@click.option(
    "--to",
    "formats",
    type=click.Choice([*FORMATS, "all"]),
    multiple=True,
    help="csv: tables; xlsx: a workbook; ics: calendars; html: a page; json: for programs. May be repeated.",
)
@click.option(
    "--charts", "chart_formats", type=click.Choice(CHART_FORMATS), multiple=True, help="Pictures for documents, in charts/."
)
@click.option("--packs", is_flag=True, help="For every reader a folder in packs/: a page, a workbook and a calendar.")
@click.option(
    "--for",
    "reader",
    type=(click.Choice(READER_KINDS), str),
    metavar="school|preceptor|unit|student ID",
    help="Only what this one may see, in a folder of its own.",
)
@click.option("--out", type=PATH, help="Folder to write to.  [default: the solution's]")
@click.option("--instance", type=PATH, help="The instance, if it is no longer where it was.")
@click.option("--deidentify", is_flag=True, help="Pseudonyms instead of people's ids, no names, no free text.")
@click.option("--key", type=PATH, metavar="FILE", help="Secret key of the pseudonyms.  [default: your own, made once]")
@LANGUAGE
@JSON
def export(
    solution: Path,
    formats: tuple[str, ...],
    chart_formats: tuple[ChartFormat, ...],
    packs: bool,
    reader: tuple[ReaderKind, str] | None,
    out: Path | None,
    instance: Path | None,
    deidentify: bool,
    key: Path | None,
    tag: str,
    as_json: bool,
) -> int:
    """Write a schedule out for people: tables, calendars, a page, pictures.

    Checks it again first: a schedule that breaks rules is written all the
    same, says so in its summary, and the exit code is 1.
    """
    from scheduler.export.files import reader_folder, render, render_charts
    from scheduler.export.readers import find_reader
    from scheduler.export.view import view
    from scheduler.io import check_ours, load_solution, write_export
    from scheduler.words.locale import Locale

    locale = Locale(tag)
    if key and not deidentify:
        raise click.UsageError("--key is the key of pseudonyms: give --deidentify as well, or leave --key out.")
    if packs == bool(formats or chart_formats):
        beside = "--packs writes pages, workbooks and calendars: leave --to and --charts out."
        raise click.UsageError(beside if packs else "Say what with --to or --charts, or give --packs.")
    data = made_from(solution, instance)
    whom = find_reader(data, *reader) if reader else None
    schedule, problems = load_solution(solution, data)
    if schedule is None:
        raise InputError(problems)
    show_problems(screen(sys.stderr), problems)
    base = export_folder(solution, out, deidentify)
    where = pseudonym_key(key, solution, instance_path(solution, instance), base) if deidentify else None
    if packs:
        return write_packs(data, schedule, base, whom, where, locale=locale, as_json=as_json)
    seen = view(data, schedule, whom, key=where and where.secret, locale=locale)
    if seen.reader:
        base = base / "for" / reader_folder(seen.instance if deidentify else data, seen.reader)
    wanted = [name for name in FORMATS if name in formats or "all" in formats]
    written = []
    outputs = [render(seen, name) for name in wanted]  # nothing is written where one of them fails
    outputs += [render_charts(seen, name) for name in CHART_FORMATS if name in chart_formats]
    for output in outputs:
        check_ours(base / output.folder, output.files)
    for output in outputs:
        write_export(base / output.folder, output.format, output.files, deidentified=deidentify)
        written.append(output)
    if as_json:
        files = [{"format": o.format, "folder": str(base / o.folder), "files": sorted(o.files)} for o in written]
        broken = [{"rule": v.rule, "sentence": v.sentence} for v in seen.report.violations]
        of_key = {"key": {"file": str(where.file), "new": where.new}} if where else {}
        click.echo(json.dumps({"ok": seen.holds, "violations": broken, "written": files, **of_key}, indent=2))
    else:
        lines = export_lines([(o.format, base / o.folder, list(o.files)) for o in written])
        show_lines(screen(), [*lines, where.line] if where else lines)
    if not seen.holds and not as_json:
        show_broken(seen.report.violations)
    return DONE if seen.holds else NOT_HELD


cli.add_command(capacity)
cli.add_command(compare)
cli.add_command(contingency)
cli.add_command(convert)
cli.add_command(explain)
cli.add_command(generate)
cli.add_command(intake)
cli.add_command(rulebook.policy)
cli.add_command(publish)
cli.add_command(repair)
cli.add_command(report)
cli.add_command(rollover)
cli.add_command(rulebook.rules)
cli.add_command(scorecard)
cli.add_command(solve)
cli.add_command(suggest)
cli.add_command(value)
cli.add_command(waiting)
cli.add_command(whatif)


# ---------------------------------------------------------------------------------------------------------- what commands share


def _end(code: int) -> NoReturn:
    """Leave; at once if a solver thread is still busy, which would otherwise be torn down in the middle of its work."""
    if any(thread.name == "solve" for thread in threading.enumerate()):
        os._exit(code)
    sys.exit(code)


def run(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code; what goes wrong is said in a sentence."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without "–" shows "?" instead of failing
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        code = cli.main(arguments, prog_name="rotations", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except (Exception, KeyboardInterrupt) as error:
        return explain_failure(error, debug="--debug" in arguments)


def main() -> NoReturn:
    """Entry point of the ``rotations`` command."""
    with Path(os.devnull).open("w") as nowhere:
        # Started with a closed standard output or error (`>&-`), Python has none at all.
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
        _end(run())


if __name__ == "__main__":
    main()
