"""The command ``rotations scorecard``: how the partnership between a health system and its schools is going."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.domain.wording import count
from scheduler.errors import InputError
from scheduler.scorecard import FORMS
from scheduler.terminal.failures import DONE, NOT_HELD
from scheduler.terminal.inputs import export_folder, made_from
from scheduler.terminal.options import JSON, LANGUAGE, PATH
from scheduler.terminal.problems import show_problems
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Command
from scheduler.terminal.summary import export_lines, show_lines

if TYPE_CHECKING:
    from rich.console import Console

    from scheduler.domain.outcomes import Outcomes
    from scheduler.export.readers import Reader
    from scheduler.scorecard.card import Scorecard
    from scheduler.scorecard.terms import Solved
    from scheduler.scorecard.wording import Wording

_FOLDER = "scorecard"


@click.command(
    cls=Command,
    example="rotations scorecard out/fall out/spring --to html --to xlsx\n"
    "rotations scorecard out/fall --outcomes data/outcomes --to svg\n"
    "rotations scorecard out/fall --for school maple --to html --language es",
)
@click.argument("solutions", type=PATH, nargs=-1, required=True, metavar="SOLUTION...", help="Solution folders, one a term.")
@click.option("--outcomes", type=PATH, metavar="DIR", help="Folder with outcomes.csv, surveys.csv or both.")
@click.option(
    "--instance",
    "instances",
    type=PATH,
    multiple=True,
    help="The instance, if it is no longer where it was; for several solutions one each, in their order.",
)
@click.option(
    "--to",
    "formats",
    type=click.Choice([*FORMS, "all"]),
    multiple=True,
    help="csv: tables; xlsx: a workbook; html: a page; json: for programs; svg, png: pictures. May be repeated.",
)
@click.option("--for", "reader", type=(click.Choice(["school"]), str), metavar="school ID", help="Only what this school may see.")
@click.option("--out", type=PATH, help="Folder to write to, in scorecard/.  [default: the latest solution's]")
@LANGUAGE
@JSON
def scorecard(
    solutions: tuple[Path, ...],
    outcomes: Path | None,
    instances: tuple[Path, ...],
    formats: tuple[str, ...],
    reader: tuple[str, str] | None,
    out: Path | None,
    tag: str,
    as_json: bool,
) -> int:
    """Show how the partnership of a health system and its schools is going.

    Use of slots, placements, wishes, interprofessional learning, competencies
    and preceptors, for all, each school and each site, each share with what it
    is counted of; with --outcomes also what became of students. Several
    solutions, and the history of their instances, give the trend.

    Without --to, the figures of all together are shown here. Exit code 1 if a
    schedule breaks rules.
    """
    from scheduler.export.readers import find_reader
    from scheduler.scorecard.card import for_school
    from scheduler.scorecard.card import scorecard as make
    from scheduler.scorecard.wording import Wording
    from scheduler.words.locale import Locale

    if instances and len(instances) != len(solutions):
        raise click.UsageError(f"Name an --instance for each of the {count(len(solutions), 'solution')}, or for none.")
    if out and not formats:
        raise click.UsageError("--out says where files go: say with --to which, like --to html")
    wording = Wording(Locale(tag))
    solved = [_read(path, instances[i] if instances else None) for i, path in enumerate(solutions)]
    latest = max(range(len(solved)), key=lambda i: solved[i].instance.first_monday)
    whom = find_reader(solved[latest].instance, "school", reader[1]) if reader else None
    card = make(solved, _outcomes(outcomes, solved))
    if whom:
        card = for_school(card, whom.id)
    code = DONE if card.holds else NOT_HELD
    written = (
        _write(card, wording, formats, export_folder(solutions[latest], out, False), solved[latest], whom) if formats else None
    )
    if as_json:
        from scheduler.scorecard.tables import data

        files = (
            {} if written is None else {"written": [{"format": f, "folder": str(d), "files": names} for f, d, names in written]}
        )
        click.echo(json.dumps(data(card, wording) | files, indent=2, default=date.isoformat))
        return code
    console = screen()
    if written is None:
        _show(console, card, wording)
    else:
        show_lines(console, export_lines(written))
    if code != DONE:
        say(screen(sys.stderr), "A schedule breaks rules: rotations verify says which.", style="red")
    return code


def _read(path: Path, given: Path | None) -> Solved:
    from scheduler.io import load_solution
    from scheduler.scorecard.terms import Solved
    from scheduler.verify import verify

    data = made_from(path, given)
    schedule, problems = load_solution(path, data)
    if schedule is None:
        raise InputError(problems)
    show_problems(screen(sys.stderr), [p for p in problems if p.severity != "note"])
    return Solved(data, schedule, verify(data, schedule).ok)


def _outcomes(folder: Path | None, solved: list[Solved]) -> Outcomes | None:
    from scheduler.io import Known, load_outcomes
    from scheduler.scorecard.terms import solved_terms

    if folder is None:
        return None
    terms = {name for term in solved_terms(solved) for name in (term.label, *term.other_names)}
    schools = {school for one in solved for school in one.instance.school_by_id}
    found, problems = load_outcomes(folder, Known(terms, schools, {s for one in solved for s in one.instance.site_by_id}))
    if found is None:
        raise InputError(p for p in problems if p.severity == "error")
    show_problems(screen(sys.stderr), problems)
    return found


def _write(
    card: Scorecard, wording: Wording, formats: tuple[str, ...], base: Path, latest: Solved, whom: Reader | None
) -> list[tuple[str, Path, list[str]]]:
    """Write the files; format, folder and names of each. Nothing is written where one of them fails."""
    from scheduler.export.files import reader_folder
    from scheduler.io import check_ours, write_export
    from scheduler.scorecard.files import render

    folder = (base / "for" / reader_folder(latest.instance, whom) if whom else base) / _FOLDER
    wanted = [form for form in FORMS if form in formats or "all" in formats]
    made = {form: render(card, wording, form) for form in wanted}
    for files in made.values():
        check_ours(folder, files)
    for form, files in made.items():
        write_export(folder, form, files)
    return [(form, folder, sorted(files)) for form, files in made.items()]


def _show(console: Console, card: Scorecard, wording: Wording) -> None:
    """The figures of all together, or of the school, term by term."""
    from scheduler.scorecard.figures import WHOLE, school_scope

    scope = school_scope(card.school) if card.school else WHOLE
    title = f"{card.title}: {wording.say('title')}"
    say(console, f"{title}, {wording.name(card, scope)}" if card.school else title, style="bold")
    for i, term in enumerate(card.terms):
        console.print()
        say(console, wording.term(term), style="bold")
        told = [(m, card.figure(i, scope, m.id)) for m in card.measures(scope.kind)]
        width = max(len(wording.title(m.id)) for m, _ in told)
        for m, figure in told:
            if term.solved or figure is not None:
                say(console, f"{wording.title(m.id):<{width}}  {wording.said(figure)}", 2)
