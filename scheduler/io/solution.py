"""Solutions: a folder with ``solution.json``, ``schedule.csv``, ``unplaced.csv`` and what is still due, written as one."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from scheduler.domain import Instance, Placement, Policy, Schedule, Status, Unplaced
from scheduler.domain.equality import equality
from scheduler.domain.onboarding import Onboarding, onboarding
from scheduler.domain.tables import Pin
from scheduler.errors import InputError, Problem
from scheduler.io.against import BASELINE, PINS, baseline_file, pins_file
from scheduler.io.columns import cell_text
from scheduler.io.csvtext import rows_of, to_csv
from scheduler.io.editions import EDITION_OF, changed_since, edition
from scheduler.io.files import decode, file_problem, read_bytes
from scheduler.io.loading import instance_hash
from scheduler.io.publish import current_file, publish
from scheduler.io.report import Report
from scheduler.io.schedule_rows import read_placements

SUMMARY, PLACEMENTS, UNPLACED, ONBOARDING = "solution.json", "schedule.csv", "unplaced.csv", "onboarding.csv"
READ_BACK = (SUMMARY, PLACEMENTS, UNPLACED)
FILES = (*READ_BACK, ONBOARDING, BASELINE, PINS)
#: What is proved of a schedule: true only under the instance and policy that it was made from.
_PROOF = ("bound", "more", "levels", "trace")
#: Only written where they say something.
_RARE = ("edition", "given", "trace")
_TRIES, _PAUSE_S = 5, 0.05


@dataclass(frozen=True, slots=True)
class Origin:
    """What a solution folder says about what its schedule was made from.

    Attributes
    ----------
    instance
        Where the instance was, as seen from here; None where that is not recorded.
    policy
        The policy that it was solved with, with what a policy file said on top; None where that is not recorded.
    """

    instance: Path | None
    policy: Policy | None


def write_solution(
    schedule: Schedule,
    instance: Instance,
    folder: str | Path,
    source: str | Path | None = None,
    *,
    with_baseline: bool = False,
    pins: Sequence[Pin] = (),
) -> None:
    """Write a solution folder, as a set: a reader sees the old solution or the new one; other files in it stay.

    Name, hash and planning date of the instance are filled in where the schedule does not say them. ``onboarding.csv`` is
    there only where something is still due.

    Parameters
    ----------
    source
        Where the instance was read from; recorded relative to the folder, so that `read_origin` finds it.
    with_baseline
        Whether to write what it was counted against beside it, as ``baseline.csv``: where the instance does not have it itself.
    pins
        Those of the instance's pins that hold for this solution alone: they are written beside it, as ``pins.csv``.

    Raises
    ------
    InputError
        If the folder is a file or cannot be written; an old solution is then untouched.
    """
    placements = _csv(Placement, schedule.placements)
    unplaced = _csv(Unplaced, schedule.unplaced)
    summary = schedule.model_dump(
        mode="json", exclude={"placements", "unplaced", *(key for key in _RARE if getattr(schedule, key) in (None, ()))}
    )
    summary["instance_name"] = schedule.instance_name or instance.name
    summary["instance_hash"] = schedule.instance_hash or instance_hash(instance)
    summary["planning_date"] = (schedule.planning_date or instance.planning_date).isoformat()
    summary["gap"] = schedule.gap
    alike = equality(schedule.schools)
    summary["equality"] = alike.model_dump(mode="json") if alike else None
    summary["instance_path"] = _relative(Path(source), Path(folder)) if source is not None else ""
    summary["policy"] = instance.policy.model_dump(mode="json", exclude_defaults=True)
    summary["schedule_sha256"] = _sha256(placements)
    summary["unplaced_sha256"] = _sha256(unplaced)
    files = {
        SUMMARY: _json(summary),
        PLACEMENTS: placements,
        UNPLACED: unplaced,
    }
    if still_due := onboarding(instance, schedule.placements):
        files[ONBOARDING] = _csv(Onboarding, still_due)
    if with_baseline:
        files[BASELINE] = baseline_file(instance)
    if pins:
        files[PINS] = pins_file(pins)
    publish(Path(folder), files, owned=FILES)


def record_edition(schedule: Schedule, path: str | Path) -> None:
    """Note in a solution folder which edition its schedule has become, as people have been told of it.

    From then on its calendars are of that edition, and those of a schedule.csv that is changed after it of a later one. Where
    there is no ``solution.json``, or it says so already, nothing is written.

    Raises
    ------
    InputError
        If the folder cannot be read or written.
    """
    folder = Path(path)
    if not folder.is_dir() or current_file(folder, SUMMARY) is None:
        return
    summary, placements, _ = _read_set(folder, Report())
    if summary is None:
        return
    read = _validated({"status": Status.UNKNOWN, **edition(summary, _sha256(placements))}, Report())
    if read is not None and read.number == schedule.number and not changed_since(summary, _sha256(placements)):
        return
    summary |= {"edition": schedule.number, EDITION_OF: _sha256(placements)}
    publish(folder, {SUMMARY: _json(summary)}, owned={SUMMARY})


def load_solution(path: str | Path, instance: Instance) -> tuple[Schedule | None, list[Problem]]:
    """Read a solution folder, or a schedule.csv alone, also one that a spreadsheet has changed.

    A schedule.csv without its ``solution.json``, or changed after it was written, keeps nothing of the proof: its status
    is UNKNOWN, and objective, bound and unplaced rotations are not those of the file. Where the instance or its policy is
    another one by now, only the proof is left out.

    Returns
    -------
    schedule
        None if any problem is an error.
    problems
        Errors, warnings and notes.
    """
    path = Path(path)
    report = Report()
    try:
        schedule = _load(path, instance, report)
    except InputError as error:
        report.extend(error.problems)
        schedule = None
    return None if report.failed else schedule, report.problems()


def read_solution(path: str | Path, instance: Instance) -> Schedule:
    """Read a solution like `load_solution`.

    Raises
    ------
    InputError
        With all errors of the files.
    """
    schedule, problems = load_solution(path, instance)
    if schedule is None:
        raise InputError(p for p in problems if p.severity == "error")
    return schedule


def read_unchanged(path: str | Path) -> Schedule | None:
    """Read a solution folder that is as it was written, for which its instance is not needed.

    Returns
    -------
    Schedule or None
        None for a schedule.csv alone, and for a folder of which a file is missing or was changed.

    Raises
    ------
    InputError
        If there is no solution, or it cannot be read.
    """
    path = Path(path)
    if path.exists() and not path.is_dir():
        return None
    summary, placements, unplaced = _read_set(path, Report())
    hashes = {"schedule_sha256": _sha256(placements), "unplaced_sha256": _sha256(unplaced or b"")}
    if summary is None or any(summary.get(key) != value for key, value in hashes.items()):
        return None
    rows = rows_of(decode(placements, PLACEMENTS), PLACEMENTS)
    header = next(rows, [])
    try:
        found = [{key: cell for key, cell in zip(header, row, strict=True) if cell} for row in rows]
        known = {key: value for key, value in summary.items() if key in Schedule.model_fields}
        return Schedule.model_validate(
            {
                **known,
                **edition(summary, _sha256(placements)),
                "placements": found,
                "unplaced": _read_unplaced(decode(unplaced or b"", UNPLACED)),
            }
        )
    except ValueError:  # written by another version
        return None


def read_origin(path: str | Path) -> Origin:
    """From which instance, under which policy a solution was made, as far as its ``solution.json`` says.

    Parameters
    ----------
    path
        A solution folder, or a schedule.csv in one.
    """
    folder = Path(path) if Path(path).is_dir() else Path(path).parent
    try:
        found = current_file(folder, SUMMARY)
        summary = _read_summary(read_bytes(found, folder)) if found else {}
    except (InputError, OSError):  # what is wrong with it is said by whoever reads the solution
        summary = {}
    name, policy = summary.get("instance_path"), summary.get("policy")
    try:
        known = Policy.model_validate(policy) if isinstance(policy, dict) else None
    except ValidationError:
        known = None
    return Origin(folder / name if isinstance(name, str) and name else None, known)


def _relative(source: Path, folder: Path) -> str:
    """The way from a folder to an instance, with slashes; the whole path where there is none (another drive of Windows)."""
    try:
        return Path(os.path.relpath(source.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return source.resolve().as_posix()


def _csv(model: type[BaseModel], rows: Sequence[BaseModel]) -> bytes:
    return to_csv(list(model.model_fields), [[cell_text(value) for value in row.model_dump().values()] for row in rows])


def _json(summary: dict[str, Any]) -> bytes:
    return (json.dumps(summary, indent=2, ensure_ascii=False) + "\n").encode()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _load(path: Path, instance: Instance, report: Report) -> Schedule | None:
    if not path.is_dir():
        if path.suffix.lower() in (".xlsx", ".xls", ".ods", ".json"):
            fix = "save the schedule as CSV UTF-8" if path.suffix.lower() != ".json" else "name the solution's folder"
            raise file_problem(path.name, "is not a schedule.csv", "not_a_solution", suggestion=fix)
        text = decode(read_bytes(path), path.name)
        return Schedule(status=Status.UNKNOWN, placements=read_placements(text, path.name, instance, report))
    summary, placements, unplaced = _read_set(path, report)
    text = decode(placements, PLACEMENTS)
    exact = summary is not None and summary.get("schedule_sha256") == _sha256(placements)
    rows = read_placements(text, PLACEMENTS, instance, report, exact=exact)
    if summary is None:
        return Schedule(status=Status.UNKNOWN, placements=rows)
    if not exact:
        message = "was changed after it was written, so status, objective and bound no longer hold"
        report.add(Problem(message, PLACEMENTS, code="changed", severity="warning"))
        known = {"status": Status.UNKNOWN, "placements": rows, **edition(summary, _sha256(placements))}
        return _validated(known, report)  # every other claim was about the placements as they were
    same = summary.get("instance_hash") == instance_hash(instance)
    if not same:
        message = "it was made from another version of the instance, or with another policy; its proof no longer holds"
        report.add(Problem(message, SUMMARY, code="other_instance", severity="warning"))
    missing: tuple[Unplaced, ...] = ()
    if unplaced is not None and summary.get("unplaced_sha256") == _sha256(unplaced):
        missing = _read_unplaced(decode(unplaced, UNPLACED))
    else:
        report.add(Problem("is missing or was changed, and is not used", UNPLACED, code="changed", severity="warning"))
    proof = () if same else _PROOF
    known = {key: value for key, value in summary.items() if key in Schedule.model_fields and key not in proof}
    if not same and known.get("status") == Status.OPTIMAL:
        known["status"] = Status.FEASIBLE
    return _validated({**known, **edition(summary, _sha256(placements)), "placements": rows, "unplaced": missing}, report)


def _validated(values: dict[str, Any], report: Report) -> Schedule | None:
    """A schedule, or None where a value of the summary does not fit."""
    try:
        return Schedule.model_validate(values)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            key = ".".join(str(part) for part in detail["loc"])
            report.add(Problem("the value does not fit", SUMMARY, column=key, code="type"))
        return None


def _read_set(folder: Path, report: Report) -> tuple[dict[str, Any] | None, bytes, bytes | None]:
    """Summary, schedule and unplaced of one and the same solution: a writer may replace them between two reads."""
    for attempt in range(_TRIES):
        last = attempt == _TRIES - 1
        try:
            summary_path, placements_path, unplaced_path = (current_file(folder, name) for name in READ_BACK)
            if placements_path is None:
                raise file_problem(folder.name, f"holds no {PLACEMENTS}", "missing_file", suggestion="name a solution folder")
            placements = read_bytes(placements_path, folder)
            summary = _read_summary(read_bytes(summary_path, folder)) if summary_path else None
            unplaced = read_bytes(unplaced_path, folder) if unplaced_path else None
        except (InputError, OSError) as error:
            if last or (isinstance(error, InputError) and error.problems[0].code != "missing_file"):
                raise
        else:
            if last or summary is None or summary.get("schedule_sha256") == _sha256(placements):
                break
        time.sleep(_PAUSE_S)
    if summary is None:
        message = "is missing, so status, objective and bound are unknown"
        report.add(Problem(message, SUMMARY, code="missing_file", severity="note"))
    return summary, placements, unplaced


def _read_summary(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(decode(data, SUMMARY))
    except (json.JSONDecodeError, RecursionError) as error:
        row = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise file_problem(SUMMARY, "is not valid JSON; it may be cut off", "json", row=row) from None
    if not isinstance(found, dict):
        raise file_problem(SUMMARY, "does not hold a solution", "json")
    return found


def _read_unplaced(text: str) -> tuple[Unplaced, ...]:
    """The rows of an unplaced.csv that is as it was written."""
    rows = rows_of(text, UNPLACED)
    header = next(rows, [])
    return tuple(Unplaced.model_validate(dict(zip(header, row, strict=True))) for row in rows)
