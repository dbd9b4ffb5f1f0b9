"""What commands are given: instances, solutions and folders to write to; what is wrong with them is raised as one error."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from scheduler.domain import RULES, Instance, RuleScore, Schedule
from scheduler.errors import InputError, Problem
from scheduler.terminal.problems import show_problems
from scheduler.terminal.screen import say, screen

# What reads files or solves is imported when it is needed: it takes seconds to load, and --help should not wait.


def load(path: Path, policy: Path | None, solution: Path | None = None) -> tuple[Instance, list[Problem]]:
    """The instance, with what a policy file says on top of its own policy, and its warnings; errors are raised.

    It has the baseline that a `solution` of it was counted against.
    """
    from scheduler.io import load_instance, with_baseline

    instance, problems = load_instance(path)
    if instance is None:
        raise InputError(p for p in problems if p.severity == "error")
    if solution is not None:
        instance = with_baseline(instance, solution)
    return under(instance, policy), problems


def under(instance: Instance, policy: Path | None) -> Instance:
    """The instance with what a policy file says on top of its own policy; errors of the file are raised."""
    from scheduler.io import load_policy

    if policy is None:
        return instance
    said = load_policy(policy, instance.known_professions)
    return instance.model_copy(update={"policy": instance.policy.merged(said)})


def made_from(solution: Path, given: Path | None) -> Instance:
    """The instance of a solution, under the policy that it was solved with."""
    from scheduler.io import read_instance, read_origin, with_baseline

    origin, path = read_origin(solution), instance_path(solution, given)
    if path is None or not (given or path.exists()):
        if not solution.exists():
            raise InputError(Problem("there is no such folder or file", file=str(solution), suggestion="name a solution folder"))
        what = f"the instance is no longer at {path}" if path else "nothing here says which instance it was made from"
        raise InputError(Problem(what, file=str(solution), suggestion="name the instance with --instance"))
    data = with_baseline(read_instance(path), solution)
    return data.model_copy(update={"policy": origin.policy}) if origin.policy is not None else data


def instance_path(solution: Path, given: Path | None) -> Path | None:
    """Where the instance of a solution is: as given, else as the solution says; None where nothing says it."""
    from scheduler.io import read_origin

    recorded = read_origin(solution).instance
    return given or (_plain(recorded) if recorded else None)


def _plain(path: Path) -> Path:
    """The same path without ``..``, as seen from the folder one is in."""
    plain, here = path.resolve(), Path.cwd()
    return plain.relative_to(here) if plain.is_relative_to(here) else plain


def export_folder(solution: Path, out: Path | None, deidentify: bool) -> Path:
    """Where an export goes; what says who people are and what does not never stand in one folder."""
    from scheduler.io import check_not_mixed

    own = solution if solution.is_dir() else solution.parent
    base = out or (own / "deidentified" if deidentify else own)
    check_writable(base, "export")
    check_not_mixed(base, deidentify)
    return base


def check_writable(folder: Path, what: str = "schedule", fix: str = "name another folder with --out") -> None:
    """Find out before the long work, not after it, that its result could not be written."""
    parent = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    if not parent.is_dir():
        wrong = f"the {what} needs a folder, and this is a file"
    elif what == "schedule" and (folder / "instance.toml").exists():
        wrong = "this folder holds an instance, not a schedule"
    elif not os.access(parent, os.W_OK | os.X_OK):
        wrong = "nothing may be written here"
    else:
        return
    raise InputError(Problem(wrong, file=str(parent), suggestion=fix))


def comparable(path: Path, given: Path | None) -> Schedule:
    """A solution for a comparison: as it was written, or, if it was edited since, with everything worked out anew."""
    from scheduler.io import instance_hash, load_solution, read_unchanged
    from scheduler.verify import verify

    unchanged = read_unchanged(path)
    if unchanged is not None:
        return unchanged
    data = made_from(path, given)
    schedule, problems = load_solution(path, data)
    if schedule is None:
        raise InputError(problems)
    show_problems(screen(sys.stderr), [p for p in problems if p.severity != "note"])
    report = verify(data, schedule)
    if not report.ok:
        say(screen(sys.stderr), f"{path} does not pass the check; rotations verify says why.", style="red")
    scores = []
    for rule, penalty in report.penalties.items():
        s = data.policy.setting(RULES[rule])
        scores.append(RuleScore(rule=rule, level=s.level, weight=s.weight, penalty=penalty, cost=s.weight * penalty))
    known = {"unplaced": report.unplaced, "objective": report.objective, "scores": tuple(scores), "sense": data.policy.sense}
    return schedule.model_copy(update={**known, "instance_hash": instance_hash(data)})
