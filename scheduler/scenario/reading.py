"""Scenarios in files: TOML, or CSV with a change a row; and a change as words on the command line.

All three give the same: a kind, and keys with the text of a cell each. What is wrong is said with its place, all at once.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scheduler.domain.types import MAX_TEXT_LENGTH, parse_text
from scheduler.errors import InputError, Problem
from scheduler.io.columns import cell_errors, cell_text, columns_of
from scheduler.io.csvtext import delimiter_of, rows_of
from scheduler.io.files import decode, has_control_characters, read_bytes
from scheduler.io.report import Report, one_of
from scheduler.io.toml import key_lines, parse_toml, toml_value
from scheduler.scenario.change import NESTED, Change, fields, keys_of
from scheduler.scenario.registry import KINDS
from scheduler.scenario.work import Wrong

#: More changes than this are no scenario but another instance.
MOST_CHANGES = 10_000
#: Where a change stands that was given on the command line.
COMMAND_LINE = "--change"
#: Keys that some kind has.
ALL_KEYS = frozenset(key for kind in KINDS.values() for key in keys_of(kind))


@dataclass(frozen=True, slots=True)
class Line:
    """Where a change stands: file, number of the change, row (or line), and the line of each key in a TOML file."""

    file: str = ""
    number: int = 1
    row: int | None = None
    lines: Mapping[str, int] = field(default_factory=dict)

    def problem(self, wrong: Wrong) -> Problem:
        """What is wrong with the change, said at its place."""
        by_number = not self.file.endswith(".csv") and not self.file.startswith("--")
        key = ".".join(["change", str(self.number), *([wrong.key] if wrong.key else [])]) if by_number else wrong.key
        row = self.lines.get(wrong.key, self.row)
        return Problem(wrong.message, self.file, "", row, key, wrong.value, wrong.expected, wrong.suggestion, "error", wrong.code)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named list of changes.

    Attributes
    ----------
    name, description
        For people; the name is that of the file where it does not say another.
    changes
        In the order in which they are made.
    lines
        Where each of them stands; changes that a program made stand nowhere.
    """

    name: str
    changes: tuple[Change, ...]
    description: str = ""
    lines: tuple[Line, ...] = ()

    def line(self, index: int) -> Line:
        """Where a change stands."""
        return self.lines[index] if index < len(self.lines) else Line(self.name, index + 1)


def read_scenario(path: str | Path) -> Scenario:
    """Read a scenario: a TOML file with ``[[change]]`` tables, or a CSV file with a change a row.

    Raises
    ------
    InputError
        With all problems of the file, each with its place.
    """
    path = Path(path)
    name, report = path.name, Report()
    if path.suffix.lower() not in (".toml", ".csv"):
        raise InputError(Problem("is no scenario", name, expected="a .toml or .csv file", code="not_a_scenario"))
    content = read_bytes(path)
    read = _read_csv if path.suffix.lower() == ".csv" else _read_toml
    scenario = read(content, name, report)
    if not report.failed and not scenario.changes:
        report.add(Problem("has no changes", name, expected="at least one", suggestion="write [[change]]", code="empty"))
    if report.failed:
        raise InputError(p for p in report.problems() if p.severity == "error")
    return replace(scenario, name=scenario.name or path.stem)


def parse_change(text: str, option: str = COMMAND_LINE) -> Change:
    """A change as it is written on the command line: ``away preceptor=p-12 start=2027-03-01 end=2027-03-14``.

    Raises
    ------
    InputError
        With all that is wrong with it, as problems of `option`.
    """
    report, line = Report(), Line(option)
    try:
        words = shlex.split(text)
    except ValueError:
        raise InputError(Problem("has a quote that is never closed", option, value=text, code="quotes")) from None
    if not words:
        raise InputError(Problem("is empty", option, expected="a kind and keys, like away preceptor=p-12", code="empty"))
    if has_control_characters(text):
        raise InputError(Problem("contains a control character", option, code="binary"))
    cells: dict[str, str] = {}
    for word in words[1:]:
        key, equals, cell = word.partition("=")
        if not equals:
            report.add(line.problem(Wrong("", "has a word that is no key", word, "key=value", code="unknown_key")))
        elif key in cells:
            report.add(line.problem(Wrong(key, "stands there twice", cell, code="duplicate_column")))
        else:
            cells[key] = cell
    change = _change(words[0], cells, line, report)
    if change is None or report.failed:
        raise InputError(report.problems())
    return change


def _read_toml(content: bytes, name: str, report: Report) -> Scenario:
    data = parse_toml(content, name)
    line_of = key_lines(decode(content, name))

    def say(key: str, message: str, code: str, value: Any = None, expected: str = "", meant: Sequence[str] = ()) -> None:
        text = None if value is None else toml_value(value) if not isinstance(value, str) else value
        report.add(Problem(message, name, "", line_of((key,)), key, text, expected, code=code), meant=meant)

    for key in data:
        if key not in ("name", "description", "change"):
            say(key, "unknown key", "unknown_key", key, "name, description or [[change]]", ("name", "description", "change"))
    texts = {}
    for key in ("name", "description"):
        value = data.get(key, "")
        if isinstance(value, str) and len(value) <= MAX_TEXT_LENGTH:
            texts[key] = str(parse_text(value))
        else:
            say(key, "the value does not fit", "type", value, f"text of at most {MAX_TEXT_LENGTH} characters")
    rows = data.get("change", [])
    if isinstance(rows, Mapping) or not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        say("change", "changes are not a list of tables", "type", None, "[[change]] above each change")
        rows = []
    changes, lines = [], []
    for number, row in enumerate(_bounded(rows, name), start=1):
        flat = dict(_flat(row))
        place = ("change", str(number))
        where = {key: found for key in flat if (found := line_of((*place, *key.split(".")))) is not None}
        line = Line(name, number, line_of(place), where)
        cells = {}
        for key, value in flat.items():
            cell = _cell(value)
            if cell is None:
                report.add(line.problem(Wrong(key, "the value does not fit", str(value), "text, a number, a date or a list")))
            else:
                cells[key] = cell
        change = _change(cells.pop("kind", ""), cells, line, report)
        if change is not None:
            changes.append(change)
            lines.append(line)
    return Scenario(texts.get("name", ""), tuple(changes), texts.get("description", ""), tuple(lines))


def _read_csv(content: bytes, name: str, report: Report) -> Scenario:
    text = decode(content, name)
    known = {"kind", *ALL_KEYS}
    delimiter = delimiter_of(text, known)
    rows = rows_of(text, name, delimiter)
    header = [cell.strip() for cell in next(rows, [])]
    if header and header[0].lower().startswith("sep="):
        header = [cell.strip() for cell in next(rows, [])]
    if "kind" not in header:
        problem = Problem("there is no column kind", name, "", 1, expected="kind, and a column for each key", code="no_header")
        raise InputError(problem)
    for position, key in enumerate(header, start=1):
        nested = key.partition(".")[0] in NESTED and "." in key
        if key and header.index(key) != position - 1:
            report.add(Problem("the column appears twice", name, "", 1, key, code="duplicate_column"))
        elif key and key not in known and not nested:
            report.add(Problem("unknown column", name, "", 1, key, key, code="unknown_column"), meant=known)
    changes, lines = [], []
    filled = ((n, row) for n, row in enumerate(rows, start=2) if any(cell.strip() for cell in row))
    for number, (row, found) in enumerate(_bounded(filled, name), start=1):
        cells = {key: cell.strip() for key, cell in zip(header, found, strict=False) if key and cell.strip()}
        line = Line(name, number, row)
        if any(cell.strip() for cell in found[len(header) :]):
            report.add(line.problem(Wrong("", "the row has more cells than there are columns", code="too_many_cells")))
        change = _change(cells.pop("kind", ""), {k: v for k, v in cells.items() if k in known or "." in k}, line, report)
        if change is not None:
            changes.append(change)
            lines.append(line)
    return Scenario("", tuple(changes), "", tuple(lines))


def _bounded(rows: Any, name: str) -> Iterator[Any]:
    for number, row in enumerate(rows, start=1):
        if number > MOST_CHANGES:
            raise InputError(Problem(f"has more than {MOST_CHANGES:,} changes", name, code="too_large"))
        yield row


def _change(kind: str, cells: dict[str, str], line: Line, report: Report) -> Change | None:
    """The change that kind and keys say; None where something is wrong with it, which is reported."""
    if not kind:
        report.add(line.problem(Wrong("kind", "must be filled", None, one_of(KINDS), code="missing_value")))
        return None
    model = KINDS.get(kind)
    if model is None:
        report.add(line.problem(Wrong("kind", "unknown kind of change", kind, one_of(KINDS), code="unknown_kind")), meant=KINDS)
        return None
    keys, sound = keys_of(model), True
    for key in cells:
        head, dot, rest = key.partition(".")
        if (key in keys and key not in NESTED) or (dot and rest and head in NESTED and head in keys):
            continue
        message = f"{kind} has no such key" if key not in NESTED else f"is written with a column: {key}.COLUMN"
        shown = [f"{k}.COLUMN" if k in NESTED else k for k in keys]
        report.add(
            line.problem(Wrong(key, message, key, one_of(shown), code="unknown_key")), meant=() if key in ALL_KEYS else shown
        )
        sound = False
    mine = {key: cell for key, cell in cells.items() if key in keys or key.partition(".")[0] in keys}
    try:
        change = model.model_validate(fields(mine))
    except ValidationError as error:
        for cell in cell_errors(error.errors(include_url=False, include_input=False), columns_of(model)):
            key = cell.column.rstrip("_")
            wrong = Wrong(key, cell.message, mine.get(key), cell.expected, code=cell.code)
            report.add(line.problem(wrong), meant=cell.meant)
        return None
    for wrong in change.wrong():
        report.add(line.problem(wrong), meant=wrong.meant)
        sound = False
    return change if sound else None


def _flat(row: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Keys with dots; only `where` and `set` hold keys of their own."""
    for key, value in row.items():
        if isinstance(value, Mapping) and not path and key in NESTED:
            yield from _flat(value, f"{key}.")
        else:
            yield f"{path}{key}", value


def _cell(value: Any) -> str | None:
    """A TOML value as the text of a cell; None where it has none."""
    if isinstance(value, list):
        cells = [_cell(item) for item in value]
        return ";".join(cell for cell in cells if cell is not None) if None not in cells else None
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, bool | int | float):
        return cell_text(value)
    return value if isinstance(value, str) else None
