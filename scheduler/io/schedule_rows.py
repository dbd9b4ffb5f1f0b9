"""The rows of a schedule.csv, exact or come back from a spreadsheet, to placements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, get_args

from pydantic import ValidationError

from scheduler.domain import Instance, Placement
from scheduler.domain.tables import Group, Requirement, Slot, Student
from scheduler.domain.types import parse_weekdays
from scheduler.errors import InputError, Problem
from scheduler.io.checks.draft import starts_of
from scheduler.io.columns import cell_errors, columns_of
from scheduler.io.csvtext import delimiter_of, rows_of
from scheduler.io.report import Report, nearest
from scheduler.io.spreadsheet import SURE, Ids, date_order, date_readings, read_date, read_number

COLUMNS = tuple(Placement.model_fields)
#: Columns without which a row says no placement; `student` or `group` comes to these.
NEEDED = ("requirement", "slot", "start")
#: What is measured, not decided: left empty where the file does not say all of it.
MEASURED = ("end", "weeks", "hours")
DATES = ("start", "end", "cover_start", "cover_end")
_STATUSES: tuple[str, ...] = get_args(Placement.model_fields["status"].annotation)


@dataclass(frozen=True, slots=True)
class Line:
    """A filled row: number as a spreadsheet shows it, and its filled cells by column."""

    number: int
    cells: Mapping[str, str]


def read_placements(text: str, name: str, instance: Instance, report: Report, *, exact: bool = False) -> tuple[Placement, ...]:
    """The placements of a schedule.csv.

    Commas, semicolons and tabs are taken; ids that lost their zeros, local dates and decimal commas are understood where
    only one reading is possible. What follows from the instance (program, school, unit, site, …) may be blank.

    Parameters
    ----------
    text, name
        Content and name of the file.
    report
        Gets a problem for everything that cannot be understood.
    exact
        Whether the file is as it was written: then blank cells stay blank.
    """
    delimiter = delimiter_of(text, COLUMNS)
    try:
        lines = _lines(text, name, delimiter, report)
    except InputError as error:
        report.extend(error.problems)
        return ()
    reader = _Reader(name, instance, report, exact, decimal_comma=delimiter != ",")
    return tuple(reader.placements(lines))


def _lines(text: str, name: str, delimiter: str, report: Report) -> list[Line]:
    """The filled rows; problems with the header are reported, a header that names too little gives no rows."""
    rows = enumerate(rows_of(text, name, delimiter), start=1)
    number, cells = next(rows, (1, []))
    if len(cells) <= 2 and "".join(cells).lower().startswith("sep="):  # a hint that Excel takes for the delimiter
        number, cells = next(rows, (2, []))
    header = [cell.strip().lower().replace(" ", "_") for cell in cells]
    twice = sorted({key for key in header if key in COLUMNS and header.count(key) > 1})
    for key in twice:
        report.add(Problem("the column appears twice", name, row=number, column=key, code="duplicate_column"))
    missing = [key for key in NEEDED if key not in header]
    if "student" not in header and "group" not in header:
        missing.insert(0, "student")
    for key in missing:
        near = nearest(key, [cell for cell in header if cell and cell not in COLUMNS])
        fix = f"did you mean the column {near!r}?" if near else ""
        message = "a required column is missing" + (" (student, group or both)" if key == "student" else "")
        report.add(Problem(message, name, row=number, column=key, suggestion=fix, code="missing_column"))
    extra = [cell for cell in header if cell and cell not in COLUMNS]
    if extra and not missing:
        message = f"columns that are not part of a schedule are ignored: {', '.join(extra[:8])}"
        report.add(Problem(message, name, row=number, code="unknown_column", severity="note"))
    lines = []
    for number, cells in rows:
        filled = {key: cell.strip() for key, cell in zip(header, cells, strict=False) if key in COLUMNS and cell.strip()}
        if filled:
            lines.append(Line(number, filled))
        if any(cell.strip() for cell in cells[len(header) :]):
            message = f"the row has {len(cells)} cells, the header {len(header)}"
            report.add(Problem(message, name, row=number, code="too_many_cells"))
    return [] if missing or twice else lines


class _Reader:
    """Turns lines into placements of one instance."""

    def __init__(self, name: str, instance: Instance, report: Report, exact: bool, decimal_comma: bool) -> None:
        self._name, self._instance, self._report = name, instance, report
        self._exact, self._comma = exact, decimal_comma
        self._orders: dict[str, str | None] = {}

    def placements(self, lines: list[Line]) -> Iterator[Placement]:
        self._decide_date_orders(lines)
        for line in lines:
            placement = self._placement(line)
            if placement is not None:
                yield placement
        blank = [key for key in MEASURED if lines and not self._exact and any(key not in line.cells for line in lines)]
        if blank:
            message = f"blank cells of {', '.join(blank)} stay empty; a check works them out again"
            self._report.add(Problem(message, self._name, code="blank_cells", severity="note"))

    # -- ids ------------------------------------------------------------------------------------------------------

    @cached_property
    def _ids(self) -> dict[str, Ids]:
        i = self._instance
        return {
            "student": Ids(i.student_by_id),
            "group": Ids(i.group_by_id),
            "slot": Ids(i.slot_by_id),
            **dict.fromkeys(("preceptor", "co_preceptor", "cover"), Ids(i.preceptor_by_id)),
            "program": Ids(i.program_by_id),
            "school": Ids(i.school_by_id),
            "unit": Ids(i.unit_by_id),
            "site": Ids(i.site_by_id),
            "shift": Ids(i.shift_by_id),
            "specialty": Ids(s for r in i.requirements for s in r.specialties),
        }

    @cached_property
    def _requirements(self) -> dict[str, Ids]:
        names: dict[str, list[str]] = {}
        for row in self._instance.requirements:
            names.setdefault(row.program, []).append(row.requirement)
        return {program: Ids(rows) for program, rows in names.items()}

    def _say(self, line: Line, column: str, message: str, code: str, *, expected: str = "", meant: Ids | None = None) -> None:
        value = line.cells.get(column)
        problem = Problem(message, self._name, row=line.number, column=column, value=value, expected=expected, code=code)
        self._report.add(problem, meant=meant.known if meant else ())

    def _id(self, line: Line, column: str) -> tuple[str, bool]:
        """The id in a column (empty if blank), and whether it is good."""
        text = line.cells.get(column, "")
        if not text:
            return "", True
        found = self._ids[column].find(text)
        if found is None and column == "specialty":  # a label, not a reference
            return text, True
        if found is None:
            self._say(line, column, f"unknown {column}", "unknown_reference", meant=self._ids[column])
        return found or "", found is not None

    # -- dates ----------------------------------------------------------------------------------------------------

    def _slot(self, line: Line) -> Slot | None:
        name = self._ids["slot"].find(line.cells.get("slot", ""))
        return self._instance.slot_by_id[name] if name is not None else None

    def _offered(self, line: Line) -> frozenset[date]:
        slot = self._slot(line)
        return self._starts.get(slot.slot, frozenset()) if slot is not None else frozenset()

    @cached_property
    def _starts(self) -> dict[str, frozenset[date]]:
        return {slot.slot: frozenset(starts_of(slot)) for slot in self._instance.slots}

    def _decide_date_orders(self, lines: list[Line]) -> None:
        """One order of day and month for a column, told by all of its cells; an end is written like a start."""
        for column in DATES:
            there = [line for line in lines if column in line.cells]
            cells = [line.cells[column] for line in there]
            offered = [self._offered(line) if column == "start" else frozenset[date]() for line in there]
            order = date_order(cells, offered)
            if order is None and column != "start":
                order = self._orders["start"] or None
            self._orders[column] = order
            if order not in (None, SURE):
                message = f"dates are read {order}, like {next(c for c in cells if SURE not in date_readings(c))}"
                self._report.add(Problem(message, self._name, column=column, code="date_order_read", severity="note"))

    def _date(self, line: Line, column: str) -> date | None:
        text = line.cells[column]
        found = read_date(text, self._orders[column], self._offered(line) if column == "start" else ())
        if isinstance(found, date):
            return found
        if found is None:
            self._say(line, column, "not a date", "type", expected="a date written YYYY-MM-DD")
        else:
            message = f"the date may be {found[0]} or {found[1]}"
            self._say(line, column, message, "ambiguous_date", expected="a date written YYYY-MM-DD")
        return None

    # -- a row ----------------------------------------------------------------------------------------------------

    def _number(self, line: Line, column: str, whole: bool) -> float | int | None:
        found = read_number(line.cells[column], self._comma)
        if found is None or found < 0 or (whole and not found.is_integer()):
            self._say(line, column, "the value does not fit", "type", expected="a whole number" if whole else "a number")
            return None
        return int(found) if whole else found

    def _placement(self, line: Line) -> Placement | None:
        cells, data, good = line.cells, dict[str, Any](), True
        for column in self._ids:
            data[column], known = self._id(line, column)
            good &= known
        if bool(cells.get("student")) == bool(cells.get("group")):
            self._say(line, "student", "exactly one of student and group must be filled", "one_of")
            good = False
        for column in NEEDED:
            if column not in cells:
                self._say(line, column, "must be filled", "missing_value")
                good = False
        party = self._instance.student_by_id.get(data["student"]) or self._instance.group_by_id.get(data["group"])
        rotation = self._requirement(line, party.program, data) if party is not None and "requirement" in cells else None
        good &= rotation is not None
        data["team"] = cells.get("team", "")
        for column in DATES:
            if column in cells:
                data[column] = self._date(line, column)
                good &= data[column] is not None
        for column in ("part", "students", "weeks", "hours", "hours_lost"):
            if column in cells:
                data[column] = self._number(line, column, whole=not column.startswith("hours"))
                good &= data[column] is not None
        if "weekdays" in cells:
            try:
                data["weekdays"] = parse_weekdays(cells["weekdays"])
            except ValueError as error:
                self._say(line, "weekdays", "the value does not fit", "type", expected=str(error))
                good = False
        if "status" in cells:
            data["status"] = Ids(_STATUSES).find(cells["status"]) if cells["status"] not in _STATUSES else cells["status"]
            if data["status"] is None:
                wrong, choices = "the value is not one of the choices", f"one of: {', '.join(_STATUSES)}"
                self._say(line, "status", wrong, "unknown_choice", expected=choices, meant=Ids(_STATUSES))
                good = False
        if not good or party is None or rotation is None:
            return None
        return self._build(line, self._filled(data, party, rotation))

    def _requirement(self, line: Line, program: str, data: dict[str, Any]) -> Requirement | None:
        ids = self._requirements.get(program, Ids(()))
        found = ids.find(line.cells["requirement"])
        if found is None:
            self._say(line, "requirement", f"unknown required rotation of program {program}", "unknown_reference", meant=ids)
            return None
        data["requirement"] = found
        return self._instance.requirement_by_id[program, found]

    def _filled(self, data: dict[str, Any], party: Student | Group, rotation: Requirement) -> dict[str, Any]:
        """The row with what follows from the instance in blank cells."""
        if self._exact:
            return data
        instance, slot = self._instance, self._instance.slot_by_id[data["slot"]]
        unit = instance.unit_by_id.get(slot.unit)
        program = instance.program_by_id[party.program]
        follows = {
            "program": party.program,
            "school": program.school,
            "specialty": slot.specialty or _only_common(rotation.specialties, unit.specialties if unit else ()),
            "unit": slot.unit,
            "site": unit.site if unit else "",
            "shift": slot.shift or "",
            "weekdays": slot.weekdays if slot.pattern == "fixed" else (),
            "students": _size(party, data.get("part", 0)),
        }
        blank = (None, "")
        filled = {**data, **{key: value for key, value in follows.items() if data.get(key) in blank}}
        if any(data.get(key) in blank for key in MEASURED):  # only together do they say how long it takes
            filled |= {"end": data["start"], "weeks": 0, "hours": 0.0, "hours_lost": 0.0}
        return filled

    def _build(self, line: Line, data: dict[str, Any]) -> Placement | None:
        try:
            return Placement.model_validate(data)
        except ValidationError as error:
            for cell in cell_errors(error.errors(include_url=False, include_input=False), columns_of(Placement)):
                self._say(replace(line), cell.column, cell.message, cell.code, expected=cell.expected)
            return None


def _only_common(accepted: tuple[str, ...], taught: tuple[str, ...]) -> str:
    """The specialty, where only one is both accepted and taught (a unit without specialties teaches any)."""
    common = [s for s in accepted if not taught or s in taught]
    return common[0] if len(common) == 1 else ""


def _size(party: Student | Group, part: int) -> int:
    """Students of a party, or of a part of a group: parts are nearly equal, the first ones larger by one."""
    if isinstance(party, Student):
        return 1
    if not part or not party.least_size:
        return party.size
    parts = party.size // party.least_size
    return party.size // parts + (part <= party.size % parts)
