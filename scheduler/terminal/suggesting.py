"""The commands that say where somebody could go, and who is next for a place."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from scheduler.domain import Instance, Placement, Schedule
from scheduler.errors import InputError, Problem
from scheduler.terminal.answering import answer_data, show_answers
from scheduler.terminal.at_risk import files_line
from scheduler.terminal.failures import DONE, MOST_PROBLEMS, NOTHING
from scheduler.terminal.inputs import check_writable, load
from scheduler.terminal.names import check_name, check_party, check_requirement
from scheduler.terminal.options import INSTANCE, JSON, PATH, POLICY
from scheduler.terminal.outcome import show_violations
from scheduler.terminal.problems import show_problems
from scheduler.terminal.progress import ProgressLine
from scheduler.terminal.screen import say, screen
from scheduler.terminal.sections import Command
from scheduler.terminal.stopping import Stopper, work_beside
from scheduler.terminal.summary import show_lines

if TYPE_CHECKING:
    from scheduler.repair.suggest import Suggester
    from scheduler.repair.waiting import Candidate, Waiting
    from scheduler.standing.answer import Answer

#: So many suggestions for each rotation, as long as no more placements than these are checked for all of them together.
MOST_SHOWN, MOST_CHECKED = 5, 40_000
T = TypeVar("T")
Said = Callable[[str], None]
SOLUTION = click.argument("solution", type=PATH, help="Solution folder, or a schedule.csv.")
SCHOOL = click.option("--for", "school", metavar="SCHOOL", help="For a school: only its students, nobody else is named.")


@click.command(
    cls=Command,
    example="rotations suggest instances/small solutions/small --student p-03\n"
    "rotations suggest instances/small solutions/small --student new --like m-01",
)
@INSTANCE
@SOLUTION
@click.option("--student", required=True, metavar="S", help="Student or group; with --like somebody who is in no table yet.")
@click.option("--requirement", metavar="R", help="Only this required rotation (or elective set).")
@click.option("--like", metavar="STUDENT", help="S is new: with the program, home, papers and credits of STUDENT.")
@click.option("--instead", is_flag=True, help="Also other places for what is placed already.")
@click.option(
    "--move", is_flag=True, help="Also places for which others have to move; else only where one rotation fits nowhere."
)
@click.option(
    "--top", type=click.IntRange(1, 100), metavar="N", help="So many for each rotation.  [default: 5; in large terms fewer]"
)
@SCHOOL
@POLICY
@JSON
def suggest(
    instance: Path,
    solution: Path,
    student: str,
    requirement: str | None,
    like: str | None,
    instead: bool,
    move: bool,
    top: int | None,
    school: str | None,
    policy: Path | None,
    as_json: bool,
) -> int:
    """Say where a student could go while everybody else stays.

    For each rotation that is unplaced: the places that fit, the best first,
    each verified, with what it costs, what it fills, and what others could
    then no longer have. Where nothing fits: who would have to move. Several
    rotations are also placed together. Nothing is written.
    """
    data, _ = load(instance, policy, solution)
    if like is not None:
        data = _with_newcomer(data, student, like)
    check_party(data, student, school)
    check_requirement(data, requirement)
    schedule = _read(data, solution, school or "")

    def work(suggester: Suggester, said: Said) -> tuple[list[Answer], bool]:
        from scheduler.repair.telling import Telling

        telling, found = Telling(suggester, school or ""), []
        missing = suggester.missing(student, requirement or "")
        suggester.most = top or most_shown(len(schedule.placements), len(missing))
        for k, one in enumerate(missing, start=1):
            if suggester.stop.is_set():
                break
            said(f"{k} of {len(missing)}: {one.who}, {one.row.requirement}")
            found.append(telling.places(suggester.for_missing(one, move=move or (None if len(missing) == 1 else False))))
        for party in dict.fromkeys(one.who for one in missing):
            own = [one for one in missing if one.who == party]
            if len(own) > 1 and not suggester.stop.is_set():
                said(f"{party}: all together")
                found.append(telling.together(own, suggester.together(own)))
        if instead:
            said(f"other places for {student}")
            found += [telling.places(places) for places in suggester.instead(student, requirement or "")]
        return found, suggester.stop.is_set()

    answers, stopped = _beside(data, schedule, school or "", work)
    if stopped and not answers:
        return NOTHING
    if as_json:
        click.echo(json.dumps([answer_data(a) for a in answers], indent=2))
        return DONE
    console = screen()
    if not answers:
        say(console, f"Everything asked about of {student} is placed; --instead tells other places for it.")
    show_answers(console, answers)
    return DONE


def most_shown(placements: int, rotations: int) -> int:
    """How many suggestions for each rotation are told without being asked: checking them takes about as long as reading."""
    return max(1, min(MOST_SHOWN, MOST_CHECKED // max(1, placements * rotations)))


@click.command(
    cls=Command,
    example="rotations waiting instances/small solutions/small --returned p-02 EM\n"
    "rotations waiting instances/small out/small --slot ED-4w --give --out out/next",
)
@INSTANCE
@SOLUTION
@click.option("--slot", metavar="ID", help="Only the places of this slot.")
@click.option("--unit", metavar="ID", help="Only the places of this unit.")
@click.option("--returned", nargs=2, metavar="WHO R", help="WHO gives the placement for R back: what that makes free.")
@click.option("--student", metavar="S", help="Only the places for which this student or group waits.")
@click.option("--give", is_flag=True, help="Place the first on the first list, and write the schedule.")
@click.option("--out", type=PATH, help="Folder of the new schedule, with --give.")
@SCHOOL
@POLICY
@JSON
def waiting(
    instance: Path,
    solution: Path,
    slot: str | None,
    unit: str | None,
    returned: tuple[str, str] | None,
    student: str | None,
    give: bool,
    out: Path | None,
    school: str | None,
    policy: Path | None,
    as_json: bool,
) -> int:
    """Say who is next for a place that is free, or comes free.

    Of those who are unplaced, each who could take the place as it is, nobody
    else moving, in the order of the policy, with what decides. What has been
    declined or withdrawn is free. With --give the first gets the place: the
    schedule is checked and written to --out, the old one stays.
    """
    data, _ = load(instance, policy, solution)
    check_name("slot", slot, data.slot_by_id)
    check_name("unit", unit, data.unit_by_id)
    check_party(data, student, school)
    if returned:
        check_party(data, returned[0], school)
    if give and out is None:
        raise click.UsageError("--give needs --out: a folder for the new schedule (the solution's own, to replace it)")
    if give and school:
        raise click.UsageError("--give is for who sees all schools: leave --for out")
    if out is not None:
        check_writable(out)
    schedule = _read(data, solution, school or "")
    gone: tuple[Placement, ...] = ()
    if returned:
        from scheduler.repair.waiting import given_back

        schedule, gone = given_back(schedule, *returned)

    def work(suggester: Suggester, said: Said) -> tuple[list[Answer], Schedule | None, Candidate | None]:
        from scheduler.repair.adopt import with_more
        from scheduler.repair.telling import Telling
        from scheduler.repair.waiting import WaitingLists

        lists = WaitingLists(suggester, gone, said).lists(slot or "", unit or "")
        lists = [one for one in lists if _concerns(one, student, school)]
        telling = Telling(suggester, school or "")
        answers = [telling.waiting(one, student or "") for one in lists]
        first = lists[0].candidates[0] if lists and give and not suggester.stop.is_set() else None
        if first is None:
            return answers, None, None
        said(f"checking {first.missing.who}, {first.missing.row.requirement}")
        return answers, with_more(data, schedule, (first.placement,)), first

    answers, new, first = _beside(data, schedule, school or "", work)
    if new is not None and out is not None:
        from scheduler.io import write_solution
        from scheduler.io.against import has_baseline, solution_pins

        beside = bool(data.baseline) and has_baseline(solution)
        write_solution(new, data, out, source=instance, with_baseline=beside, pins=solution_pins(solution))
    if as_json:
        got = None if first is None else first.placement.model_dump(mode="json", exclude_defaults=True)
        click.echo(json.dumps({"places": [answer_data(a) for a in answers], "given": got}, indent=2))
        return DONE
    console = screen()
    if not answers:
        say(console, "No place is free that anybody without one could take as it is, nobody else moving.")
    show_answers(console, answers)
    if new is not None and first is not None and out is not None:
        p = first.placement
        place = (
            f"{first.missing.who}, {p.requirement}: {p.unit}{f' with {p.preceptor}' if p.preceptor else ''}, {p.start} to {p.end}"
        )
        show_lines(console, [("Given", place), ("Checked", "every rule, independently"), files_line(new, data, out)])
    return DONE


def _concerns(found: Waiting, student: str | None, school: str | None) -> bool:
    """Whether a student (any) or a school's students (everybody's) are on a list."""
    rows = [c.missing.row for c in found.candidates]
    known = student is None or any(student in (row.student, row.group) for row in rows)
    return known and (school is None or any(row.school == school for row in rows))


def _with_newcomer(data: Instance, name: str, like: str) -> Instance:
    check_name("student", like, data.student_by_id)
    if name in data.student_by_id or name in data.group_by_id:
        fix = "leave --like out, or give the new student another id"
        raise InputError(Problem(f"{name!r} is in the tables already", suggestion=fix))
    if data.student_by_id[like].group:
        fix = "name a student who is placed alone"
        raise InputError(Problem(f"{like!r} is placed with a group, which a new student is not in", suggestion=fix))
    from scheduler.repair.newcomer import with_newcomer

    return with_newcomer(data, name, like)


def _read(data: Instance, solution: Path, school: str) -> Schedule:
    """The schedule as it stands; what it breaks is said."""
    from scheduler.io import load_solution

    schedule, problems = load_solution(solution, data)
    if schedule is None:
        raise InputError(problems)
    if not school:  # a school reads nothing about others
        show_problems(screen(sys.stderr), [p for p in problems if p.severity != "note" and p.code != "other_instance"])
    return schedule


def _beside(data: Instance, schedule: Schedule, school: str, work: Callable[[Suggester, Said], T]) -> T:
    """Work on what stands beside the progress line; Ctrl-C ends the search with what was found."""
    from scheduler.repair.suggest import Suggester

    with Stopper() as stopper, ProgressLine(screen(sys.stderr), data.policy.sense) as line:

        def said(phase: str) -> None:
            line.update(phase)

        def run() -> tuple[Suggester, T]:
            said("reading what stands")
            suggester = Suggester(data, schedule, stop=stopper.requested)
            return suggester, work(suggester, said)

        suggester, found = work_beside(run, lambda: line.tick(stopping=stopper.requested.is_set()))
    if stopper.requested.is_set():
        say(screen(sys.stderr), "The search was stopped; there may be more.", style="yellow")
    if suggester.report.violations and not school:
        errors = screen(sys.stderr)
        show_violations(errors, suggester.report.violations[:MOST_PROBLEMS])
        say(errors, "As it stands the schedule breaks rules. What is told breaks nothing more.", style="yellow")
    return found
