"""The folder with what became of students: ``outcomes.csv`` and ``surveys.csv``, checked like the tables of an instance."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scheduler.domain.outcomes import ALONE, Outcome, Outcomes, Survey
from scheduler.domain.tables import Row
from scheduler.errors import InputError, Problem
from scheduler.io.csvtext import rows_of
from scheduler.io.files import decode, read_bytes
from scheduler.io.publish import current_file
from scheduler.io.report import Report, did_you_mean, one_of
from scheduler.io.tables import Entry, Sheet, Table, read_table

TABLES: Mapping[str, type[Row]] = {model.table: model for model in (Outcome, Survey)}
FILES = tuple(f"{table}.csv" for table in TABLES)


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows may refer to: labels of terms, ids of schools and of sites."""

    terms: Collection[str]
    schools: Collection[str]
    sites: Collection[str]


def load_outcomes(folder: str | Path, known: Known) -> tuple[Outcomes | None, list[Problem]]:
    """Read a folder of outcomes and say everything that is wrong with it.

    Returns
    -------
    outcomes
        None if any problem is an error.
    problems
        Errors and warnings, file by file and row by row.
    """
    folder, report = Path(folder), Report()
    tables: dict[str, Table] = {}
    try:
        _report_strangers(folder, report)
        for table, model in TABLES.items():
            name = f"{table}.csv"
            path = current_file(folder, name)
            if path is not None:
                tables[table] = read_table(Sheet(name, "", rows_of(decode(read_bytes(path, folder), name), name)), model, report)
    except InputError as error:
        report.extend(error.problems)
    except OSError:
        report.add(Problem("the folder may not be read", str(folder), code="unreadable", suggestion="change its permissions"))
    if not tables and not report.failed:
        fix = f"write {' or '.join(FILES)} into it"
        report.add(Problem("this folder has no outcomes", str(folder), code="missing_file", suggestion=fix))
    for read in tables.values():
        for problem, meant in _row_problems(read, known):
            report.add(problem, meant=meant)
    for problem in _term_problems(tables.values(), known):
        report.add(problem)
    if report.failed:
        return None, report.problems()
    rows = {name: tuple(entry.row for entry in table.entries) for name, table in tables.items()}
    return Outcomes.model_validate(rows), report.problems()


def _report_strangers(folder: Path, report: Report) -> None:
    if not folder.is_dir():
        what = "is a file; outcomes are files in a folder" if folder.exists() else "there is no such folder"
        raise InputError(Problem(what, str(folder), code="missing_file", suggestion="name the folder with --outcomes"))
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in (".csv", ".xlsx", ".tsv", ".xls") and path.name not in FILES and path.name[0] not in ".~":
            fix = did_you_mean(path.name, FILES)
            what = "is none of the files of outcomes and is not read"
            report.add(Problem(what, path.name, code="unknown_file", severity="warning", suggestion=fix))


def _row_problems(table: Table, known: Known) -> Iterator[tuple[Problem, Collection[str]]]:
    """What is wrong with rows beside their cells, each with the names that may have been meant."""
    first: dict[tuple[object, ...], int] = {}
    for entry in table.entries:
        row = entry.row
        say = _placed(table, entry)
        for column, names in (("school", known.schools), ("site", known.sites)):
            name = getattr(row, column)
            if name is not None and name not in names:
                yield say(column, f"there is no {column} of this id", "unknown_reference", name, one_of(sorted(names))), names
        if not entry.complete:
            continue
        if isinstance(row, Outcome):
            key: tuple[object, ...] = (row.term.casefold(), row.school, row.site, row.measure)
            for problem in _outcome_problems(row, say):
                yield problem, ()
        else:
            assert isinstance(row, Survey)
            key = (row.term.casefold(), row.school, row.site, row.respondent)
            for problem in _survey_problems(row, say):
                yield problem, ()
        if key in first:
            what = f"row {first[key]} is about the same"
            fix = "keep one of them, or say in which school or site they differ"
            yield say("measure" if isinstance(row, Outcome) else "respondent", what, "duplicate_row", None, "", fix), ()
        else:
            first[key] = entry.number


_Say = Callable[..., Problem]


def _placed(table: Table, entry: Entry) -> _Say:
    def say(column: str, message: str, code: str, value: object = None, expected: str = "", suggestion: str = "") -> Problem:
        text = None if value is None else str(value)
        return table.problem(entry.number, column, message, code=code, value=text, expected=expected, suggestion=suggestion)

    return say


def _outcome_problems(row: Outcome, say: _Say) -> Iterator[Problem]:
    alone = row.measure in ALONE
    if alone and row.of is not None:
        yield say("of", f"{row.measure} is counted alone", "not_alone", row.of, "an empty cell")
    if not alone and row.of is None:
        fix = "a share needs what it is of; leave the row out where that is not known"
        yield say("of", "must be filled", "missing_value", None, f"of how many {row.measure} is counted", fix)
    if row.of is not None and row.count > row.of and not alone:
        yield say("count", "more than it is of", "too_many", row.count, f"at most {row.of}", "count and of may be interchanged")


def _survey_problems(row: Survey, say: _Say) -> Iterator[Problem]:
    if row.scale_min >= row.scale_max:
        yield say(
            "scale_max", "the scale ends before it begins", "scale", row.scale_max, f"more than scale_min ({row.scale_min:g})"
        )
    elif not row.scale_min <= row.mean <= row.scale_max:
        scale = f"a mean from {row.scale_min:g} to {row.scale_max:g}"
        yield say("mean", "the mean is not on the scale", "scale", f"{row.mean:g}", scale)


def _term_problems(tables: Collection[Table], known: Known) -> Iterator[Problem]:
    """Terms that nobody knows need a first day, and one only: else nobody could tell their order."""
    names = {name.casefold() for name in known.terms}
    starts: dict[str, date] = {}
    rows = [(table, entry) for table in tables for entry in table.entries if entry.complete]
    rows = [(table, entry) for table, entry in rows if _term(entry.row).casefold() not in names]
    for _, entry in rows:
        if (day := _starts(entry.row)) is not None:
            starts.setdefault(_term(entry.row).casefold(), day)
    for table, entry in rows:
        term, day = _term(entry.row), _starts(entry.row)
        if term.casefold() not in starts:
            what = "no solution and no history has a term of this name"
            near = did_you_mean(term, known.terms)
            fix = f"{near} Else fill starts with its first day" if near else "fill starts with its first day"
            expected = one_of(sorted(known.terms))
            yield table.problem(
                entry.number, "term", what, code="unknown_reference", value=term, expected=expected, suggestion=fix
            )
        elif day is not None and day != starts[term.casefold()]:
            what = f"another row lets the term begin on {starts[term.casefold()]}"
            yield table.problem(entry.number, "starts", what, code="two_starts", value=str(day), expected="one first day a term")


def _term(row: Row) -> str:
    assert isinstance(row, Outcome | Survey)
    return row.term


def _starts(row: Row) -> date | None:
    assert isinstance(row, Outcome | Survey)
    return row.starts
