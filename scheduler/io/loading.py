"""Files to an Instance, with every problem; and an Instance to files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pydantic import ValidationError

from scheduler.domain import TABLES, Instance
from scheduler.errors import InputError, Problem
from scheduler.io.checks import check_all
from scheduler.io.checks.draft import Draft
from scheduler.io.folder import FRAME_FILE, read_folder, write_folder
from scheduler.io.frame import Frame, read_frame
from scheduler.io.report import Report, did_you_mean
from scheduler.io.source import Source
from scheduler.io.tables import Entry, Table, read_table
from scheduler.io.workbook import FRAME_SHEET, read_workbook, write_workbook


def load_instance(path: str | Path) -> tuple[Instance | None, list[Problem]]:
    """Read an instance and say everything that is wrong with it.

    Parameters
    ----------
    path
        A folder of CSV files with ``instance.toml``, or an ``.xlsx`` workbook.

    Returns
    -------
    instance
        None if any problem is an error.
    problems
        Errors, warnings and notes, table by table and row by row.
    """
    path = Path(path)
    report = Report()
    try:
        source = _open(path, report)
        if source is None:
            return None, report.problems()
        draft = _read(source, path, report)
        check_all(draft)
    except InputError as error:
        report.extend(error.problems)
        return None, report.problems()
    if report.failed:
        return None, report.problems()
    rows = {name: tuple(entry.row for entry in table.entries) for name, table in draft.tables.items()}
    try:
        return Instance(**draft.frame.values, **rows), report.problems()
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            report.add(Problem(str(detail.get("ctx", {}).get("error", detail["msg"])), path.name))
        return None, report.problems()


def read_instance(path: str | Path) -> Instance:
    """Read an instance.

    Raises
    ------
    InputError
        With all errors of the input.
    """
    instance, problems = load_instance(path)
    if instance is None:
        raise InputError(p for p in problems if p.severity == "error")
    return instance


def instance_problems(instance: Instance) -> list[Problem]:
    """Problems of an instance that was made by a program: references and everything that concerns more than one cell."""
    report = Report()
    tables = {
        name: Table(name, f"{name}.csv", "", [Entry(i, row, True) for i, row in enumerate(instance.rows(name), start=2)])
        for name in TABLES
    }
    values = {key: getattr(instance, key) for key in ("name", "first_monday", "weeks", "planning_date")}
    shifts = frozenset(shift.shift for shift in instance.shifts)
    check_all(Draft(tables, Frame(values, shifts, instance.known_professions), report))
    return report.problems()


def write_instance(instance: Instance, path: str | Path, readme: str = "") -> None:
    """Write an instance as a folder, or as a workbook if `path` ends in ``.xlsx``; all at once or not at all.

    Parameters
    ----------
    readme
        Text of a ``README.md`` that goes with a folder.

    Raises
    ------
    InputError
        If it cannot be written, or would not be read back the same.
    """
    path = Path(path)
    if path.suffix.lower() == ".xlsx":
        write_workbook(instance, path)
    else:
        write_folder(instance, path, readme)


def instance_hash(instance: Instance) -> str:
    """SHA-256 (hex) of what an instance says; the same for a folder and a workbook with the same content."""
    content = instance.model_dump(mode="json", exclude_defaults=True)
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _open(path: Path, report: Report) -> Source | None:
    name = path.name or str(path)
    try:
        if path.is_dir():
            return read_folder(path, report)
        if path.suffix.lower() == ".xlsx":
            return read_workbook(path, report)
        if path.exists():
            fix = "save it as an .xlsx workbook" if path.suffix.lower() in (".xls", ".xlsm", ".ods") else "name the folder itself"
            report.add(Problem("is neither a folder nor an .xlsx workbook", name, code="not_an_instance", suggestion=fix))
            return None
        beside = [p.name for p in path.parent.iterdir() if p.name != name] if path.parent.is_dir() else []
    except (OSError, ValueError):
        beside = []
    report.add(Problem("there is no such folder or workbook", name, code="missing_file", suggestion=did_you_mean(name, beside)))
    return None


def _read(source: Source, path: Path, report: Report) -> Draft:
    book = path.name if path.suffix.lower() == ".xlsx" and not path.is_dir() else ""
    frame = Frame(readable=False)
    if source.frame is not None:
        frame = read_frame(source.frame, source.where, report)
    elif not source.frame_unreadable:
        solution = not book and (path / "solution.json").exists()
        fix = (
            "this is a solution folder; name the instance's folder"
            if solution
            else "it needs name, first_monday, weeks and planning_date"
        )
        place = (book, FRAME_SHEET) if book else (FRAME_FILE, "")
        report.add(Problem(f"the {'sheet' if book else 'file'} is missing", *place, code="missing_table", suggestion=fix))
    tables = {}
    for name, model in TABLES.items():
        if name in source.sheets:
            tables[name] = read_table(source.sheets[name], model, report)
        else:
            place = (book, name) if book else (f"{name}.csv", "")
            tables[name] = Table(name, *place, readable=name not in source.unreadable)
    return Draft(tables, frame, report)
