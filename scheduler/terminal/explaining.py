"""The command that says why: why not, why here, and what would help."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.domain import RULES, Instance
from scheduler.errors import InputError
from scheduler.terminal.answering import answer_data, show_answers
from scheduler.terminal.failures import DONE, MOST_PROBLEMS, NOT_HELD
from scheduler.terminal.inputs import load
from scheduler.terminal.names import check_name, check_party, check_requirement
from scheduler.terminal.options import INSTANCE, JSON, PATH, POLICY
from scheduler.terminal.outcome import show_violations
from scheduler.terminal.problems import show_problems
from scheduler.terminal.progress import ProgressLine
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Command
from scheduler.terminal.stopping import Stopper, work_beside

if TYPE_CHECKING:
    from scheduler.explain.asking import Question
    from scheduler.standing.answer import Answer


@click.command(
    cls=Command,
    example="rotations explain instances/riverbend solutions/riverbend\n"
    "rotations explain instances/riverbend solutions/riverbend --student pa27-04",
)
@INSTANCE
@click.argument("solution", type=PATH, required=False, help="Solution folder, or a schedule.csv. None: why there is no schedule.")
@click.option("--student", metavar="S", help="A student or group: each place, better-ranked ones, what is unplaced.")
@click.option("--requirement", metavar="R", help="Only this required rotation (or elective set).")
@click.option("--slot", metavar="ID", help="Who has this slot, and who without a place could use it.")
@click.option("--preceptor", metavar="ID", help="Whom this preceptor has, and who without a place could come.")
@click.option("--rule", metavar="RULE", help="What a rule costs whom, and whom it keeps out.")
@click.option("--for", "school", metavar="SCHOOL", help="For a school: only its students, nobody else is named.")
@POLICY
@JSON
def explain(
    instance: Path,
    solution: Path | None,
    student: str | None,
    requirement: str | None,
    slot: str | None,
    preceptor: str | None,
    rule: str | None,
    school: str | None,
    policy: Path | None,
    as_json: bool,
) -> int:
    """Say why not, and what would help: of each unplaced rotation, or of one.

    All offers that teach it and where they fall away; the smallest changes
    that would place it, each of them verified; who could swap. Ctrl-C ends the
    search with what was found so far.
    """
    from scheduler.explain.asking import Question

    data, _ = load(instance, policy, solution)
    check_party(data, student, school)
    check_requirement(data, requirement)
    check_name("slot", slot, data.slot_by_id)
    check_name("preceptor", preceptor, data.preceptor_by_id)
    check_name("rule", rule, RULES)
    question = Question(student or "", requirement or "", slot or "", preceptor or "", rule or "", school or "")
    if solution is None:
        if student or requirement or slot or preceptor or rule or school:
            raise click.UsageError("to say more than why there is no schedule, a SOLUTION is needed")
        return _contradictions(data, as_json)
    return _answers(data, solution, question, as_json)


def _answers(data: Instance, solution: Path, question: Question, as_json: bool) -> int:
    from scheduler.explain.answers import Explainer
    from scheduler.explain.asking import answers
    from scheduler.io import load_solution
    from scheduler.verify import verify

    schedule, problems = load_solution(solution, data)
    if schedule is None:
        raise InputError(problems)
    console = screen()
    if not question.school:  # a school reads nothing about others
        show_problems(screen(sys.stderr), [p for p in problems if p.severity != "note"])
    report = verify(data, schedule)
    if not report.ok:
        errors = screen(sys.stderr)
        if not question.school:
            show_violations(errors, report.violations[:MOST_PROBLEMS])
        broken = "The schedule breaks rules, so what it leaves out cannot be explained; rotations verify lists them all."
        say(errors, broken, style="red")
        return NOT_HELD
    with Stopper() as stopper, ProgressLine(screen(sys.stderr), data.policy.sense) as line:

        def work() -> list[Answer]:
            line.update("reading what stands")
            explainer = Explainer(data, schedule, reader=question.school, stop=stopper.requested)
            return list(answers(explainer, question, line.update))

        found = work_beside(work, lambda: line.tick(stopping=stopper.requested.is_set()))
    if as_json:
        click.echo(json.dumps([answer_data(a) for a in found], indent=2))
        return DONE
    if not found:
        say(console, "Everything asked about is placed: nothing is in the way.")
    show_answers(console, found)
    return DONE


def _contradictions(data: Instance, as_json: bool) -> int:
    from scheduler.explain.conflicts import conflict

    with Stopper() as stopper, ProgressLine(screen(sys.stderr), data.policy.sense) as line:
        found = work_beside(
            lambda: conflict(data, stop=stopper.requested, on_progress=line.update),
            lambda: line.tick(stopping=stopper.requested.is_set()),
        )
    if as_json:
        click.echo(json.dumps(found.data(), indent=2))
    else:
        console = screen()
        say(console, found.sentence)
        for sentence in found.members:
            say(console, f"- {sentence}", indent=2)
    return DONE
