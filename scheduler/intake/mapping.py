"""Layouts of other systems, described by a small file: which column is what, and what the codes of a grid mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scheduler.errors import InputError, Problem
from scheduler.intake.cells import Cells
from scheduler.intake.findings import Finding, Findings
from scheduler.intake.forms import FORMS, Form
from scheduler.intake.grid import Grid, Value
from scheduler.intake.layout import HEADER_ROWS, Found, Spot
from scheduler.intake.sender import SenderKind
from scheduler.intake.text import bare, is_blank, shown
from scheduler.intake.titles import one_line, plain_title
from scheduler.intake.unclear import Unclear
from scheduler.io.files import decode, read_bytes
from scheduler.io.report import did_you_mean

_FOLDER = Path(__file__).parent / "mappings"
SHIPPED = tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))
_HOLE = re.compile(r"\{(\w+)\}")
_DAY = "mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|mo|tu|we|th|fr|sa|su"
_SESSION = re.compile(rf"({_DAY})(?:day|nesday|urday)?s?[\s_-]*([a-z0-9]+)", re.IGNORECASE)


class _Names(BaseModel):
    model_config = ConfigDict(extra="forbid")
    columns: list[str] = Field(default_factory=list)


class _GridPart(BaseModel):
    model_config = ConfigDict(extra="forbid")
    form: str
    titles: Literal["periods", "sessions"]


class LayoutFile(BaseModel):
    """The content of a mapping file.

    Attributes
    ----------
    title
        What layout it is, for people.
    sender
        Who sends it.
    layout
        ``list``: each row gives rows of forms (`rows`). ``grid``: each cell does (`grid`).
    columns
        What the columns may be titled, by a short name.
    needed, unused
        Columns without which it is another layout, and those from which nothing follows.
    values
        By column: words of the file for what the instance calls otherwise.
    rows
        Rows that each row of the file gives: ``form``, optionally ``if`` (a column that must be filled), and texts with
        ``{column}`` in them for the fields of the form.
    grid, blocks, shifts, codes
        For grids: the form and what the titles are, named blocks to ``first/last``, second parts of titles to shifts, and
        codes to what they mean.
    """

    model_config = ConfigDict(extra="forbid")

    title: str
    sender: SenderKind = "school"
    layout: Literal["list", "grid"]
    columns: dict[str, list[str]]
    needed: _Names = Field(default_factory=_Names)
    unused: _Names = Field(default_factory=_Names)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    rows: list[dict[str, str]] = Field(default_factory=list)
    grid: _GridPart | None = None
    blocks: dict[str, str] = Field(default_factory=dict)
    shifts: dict[str, str] = Field(default_factory=dict)
    codes: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True)
class Layouts:
    """A mapping, ready to read sheets by it."""

    name: str
    file: LayoutFile
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def header(self, grid: Grid) -> tuple[int, dict[int, str]] | None:
        """The row that names the columns, and the columns by position; None where the sheet has another layout."""
        for r, row in enumerate(grid.rows[:HEADER_ROWS]):
            titles = {bare(plain_title(v)): c for c, v in enumerate(row) if isinstance(v, str) and not is_blank(v)}
            found: dict[int, str] = {}
            for name, known in self.titles.items():  # the first of its titles that is there and not taken
                column = next((titles[t] for t in known if t in titles and titles[t] not in found), None)
                if column is not None:
                    found[column] = name
            if set(self.file.needed.columns) <= set(found.values()) and found:
                return r, found
        return None

    def find(self, grid: Grid, cells: Cells, findings: Findings) -> list[Found]:
        """The tables that a sheet gives, one for each form."""
        header = self.header(grid)
        if header is None:
            needed = tuple(self.file.columns[name][0] for name in self.file.needed.columns)
            findings.add(Finding("not_this_layout", "error", grid.name, said={"mapping": self.name, "columns": needed}))
            return []
        if self.file.layout == "grid":
            return [_Grid(self, grid, header, cells, findings).found()]
        return list(self._list(grid, *header, findings))

    def _list(self, grid: Grid, header: int, columns: Mapping[int, str], findings: Findings) -> Iterator[Found]:
        titles = {c: one_line(shown(v)) for c, v in enumerate(grid.rows[header]) if not is_blank(v)}
        for column in titles.keys() - columns.keys():
            findings.add(Finding("column_unknown", "note", grid.name, header, column, titles[column], None, {"field": ""}))
        for column, name in columns.items():
            if name in self.file.unused.columns:
                findings.add(Finding("column_unused", "note", grid.name, header, column, titles[column]))
        forms = {form.name: form for form in FORMS[self.file.sender]}
        tables: dict[str, Found] = {}
        for spec in self.file.rows:
            form = forms[spec["form"]]
            table = tables.setdefault(form.name, Found(form, grid.name, titles, frozenset(spec) - {"form", "if"}))
            for number in range(header + 1, len(grid.rows)):
                spots = {columns[c]: Spot(c, v) for c, v in enumerate(grid.rows[number]) if c in columns and not is_blank(v)}
                if len(spots) > 1 and ("if" not in spec or spec["if"] in spots):
                    made = {name: self._made(text, spots) for name, text in spec.items() if name not in ("form", "if")}
                    table.rows.append((number, {name: spot for name, spot in made.items() if spot is not None}))
        yield from tables.values()

    def _made(self, text: str, spots: Mapping[str, Spot]) -> Spot | None:
        """A field of a row: the cell itself where nothing else is said, a text around cells, or a constant."""
        holes = _HOLE.findall(text)
        if not holes:
            return Spot(None, text)
        if any(name not in spots for name in holes):
            return None
        translated = {name: self._translated(name, spots[name].value) for name in holes}
        if text == f"{{{holes[0]}}}":
            return Spot(spots[holes[0]].column, translated[holes[0]])
        return Spot(spots[holes[0]].column, _HOLE.sub(lambda m: shown(translated[m[1]]).strip(), text))

    def _translated(self, column: str, value: Value) -> Value:
        plain = bare(shown(value))
        return next((to for text, to in self.file.values.get(column, {}).items() if bare(text) == plain), value)


class _Grid:
    """The cells of a grid as rows of a form."""

    def __init__(self, layout: Layouts, grid: Grid, header: tuple[int, dict[int, str]], cells: Cells, findings: Findings) -> None:
        self._file, self._grid, self._cells, self._findings = layout.file, grid, cells, findings
        self._header, self._columns = header
        self._codes = {bare(code) or code: meaning for code, meaning in self._file.codes.items()}
        self._titles = {c: v for c, v in enumerate(grid.rows[self._header]) if not is_blank(v)}

    def found(self) -> Found:
        assert self._file.grid is not None
        form = next(f for f in FORMS[self._file.sender] if f.name == self._file.grid.form)
        when = dict(self._sessions() if self._file.grid.titles == "sessions" else self._periods())
        table = Found(form, self._grid.name, {c: one_line(shown(v)) for c, v in self._titles.items()})
        table.fields = frozenset((form.fields[0].name, "status", *(name for fields in when.values() for name in fields)))
        who = next((c for c, name in self._columns.items() if name == "who"), None)
        for number in range(self._header + 1, len(self._grid.rows)):
            row = self._grid.rows[number]
            if who is None or who >= len(row) or is_blank(row[who]):
                continue
            for column, fields in when.items():
                value = row[column] if column < len(row) else None
                status = self._status(number, column, value)
                if status:
                    spots = {name: Spot(None, text) for name, text in fields.items()}
                    table.rows.append(
                        (number, {form.fields[0].name: Spot(who, row[who]), **spots, "status": Spot(column, status)})
                    )
        return table

    def _status(self, number: int, column: int, value: Value) -> str:
        code = shown(value).strip()
        key = "empty" if is_blank(value) else bare(code) or code
        if key not in self._codes:
            title = one_line(shown(self._titles[column]))
            said = {"codes": tuple(c for c in self._file.codes if c != "empty")}
            self._findings.add(Finding("code_unknown", "error", self._grid.name, number, column, title, code, said))
            return ""
        return self._codes[key]

    def _sessions(self) -> Iterator[tuple[int, dict[str, str]]]:
        shifts = {bare(k): v for k, v in self._file.shifts.items()}
        for column, title in self._titles.items():
            if column in self._columns:
                continue
            match = _SESSION.fullmatch(shown(title).strip())
            if match is None:
                self._unknown(column)
                continue
            yield column, {"weekdays": match[1], "shift": shifts.get(bare(match[2]), match[2])}

    def _periods(self) -> Iterator[tuple[int, dict[str, str]]]:
        blocks = {bare(k): v for k, v in self._file.blocks.items()}
        form = next(f for f in FORMS["school"] if f.name == "availability")
        days: list[tuple[int, str, str]] = []
        for column, title in self._titles.items():
            if column in self._columns:
                continue
            text = shown(title).strip()
            named = blocks.get(bare(text))
            number = re.fullmatch(r"(?:w|wk|week|semana)?\.?\s*(\d{1,2})", text, re.IGNORECASE)
            try:
                wanted: Value = named or (f"week {number[1]}" if number else title)
                read, _ = self._cells.read(form["period"], wanted, None)
            except Unclear as unclear:
                if unclear.code in ("not_a_period", "not_a_date"):
                    self._unknown(column)
                else:
                    self._findings.add(
                        Finding(unclear.code, "error", self._grid.name, self._header, column, text, text, unclear.said)
                    )
                continue
            first, _, last = read.partition("/")
            if first:
                days.append((column, first, last))
            else:  # "n/a" says nothing
                self._unknown(column)
        yield from _spans(days)

    def _unknown(self, column: int) -> None:
        title = one_line(shown(self._titles[column]))
        used = any(column < len(row) and not is_blank(row[column]) for row in self._grid.rows[self._header + 1 :])
        if used:
            self._findings.add(
                Finding("column_unknown", "warning", self._grid.name, self._header, column, title, None, {"field": ""})
            )


def _spans(days: Sequence[tuple[int, str, str]]) -> Iterator[tuple[int, dict[str, str]]]:
    """First and last days of columns; one that is titled by a single day lasts until the day before the next."""
    length = timedelta(days=6)
    for i, (column, first, last) in enumerate(days):
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        if first == last:
            following = date.fromisoformat(days[i + 1][1]) if i + 1 < len(days) else None
            if following is not None and following > start:
                length = following - start - timedelta(days=1)
            end = start + length
        yield column, {"start": start.isoformat(), "end": end.isoformat()}


def load_mapping(name: str) -> Layouts:
    """A shipped mapping by its name, or one of a file.

    Raises
    ------
    InputError
        If there is none of that name, or the file is not valid.
    """
    path = _FOLDER / f"{name}.toml" if name in SHIPPED else Path(name)
    if name not in SHIPPED and not path.suffix:
        fix = did_you_mean(name, SHIPPED) or f"shipped are {', '.join(SHIPPED)}; a file ends in .toml"
        raise InputError(Problem("there is no mapping of this name", name, suggestion=fix, code="missing_file"))
    try:
        data = tomllib.loads(decode(read_bytes(path), path.name))
        file = LayoutFile.model_validate(data)
    except tomllib.TOMLDecodeError as error:
        raise InputError(Problem(f"is not valid TOML: {error}", path.name, code="toml")) from None
    except ValidationError as error:
        raise InputError(
            Problem(detail["msg"], path.name, column=".".join(map(str, detail["loc"])), code="mapping")
            for detail in error.errors(include_url=False, include_input=False)
        ) from None
    problems = list(_wrong(file, path.name))
    if problems:
        raise InputError(problems)
    titles = {key: tuple(bare(text) for text in (*texts, key)) for key, texts in file.columns.items()}
    return Layouts(path.stem, file, titles)


def _wrong(file: LayoutFile, name: str) -> Iterator[Problem]:
    """What the parts of a mapping say of each other."""
    forms: dict[str, Form] = {form.name: form for form in FORMS[file.sender]}

    def unknown(place: str, value: str, known: Any) -> Problem:
        return Problem("is not known", name, column=place, value=value, suggestion=did_you_mean(value, known), code="mapping")

    for part, names in (("needed", file.needed.columns), ("unused", file.unused.columns), ("values", list(file.values))):
        yield from (unknown(f"{part}.columns", n, file.columns) for n in names if n not in file.columns)
    for i, spec in enumerate(file.rows, start=1):
        form = forms.get(spec.get("form", ""))
        if form is None:
            yield unknown(f"rows.{i}.form", spec.get("form", ""), forms)
            continue
        fields = {f.name for f in form.fields}
        yield from (unknown(f"rows.{i}", key, fields) for key in spec if key not in fields | {"form", "if"})
        holes = {hole for text in spec.values() for hole in _HOLE.findall(text)} | ({spec["if"]} if "if" in spec else set())
        yield from (unknown(f"rows.{i}", hole, file.columns) for hole in sorted(holes) if hole not in file.columns)
    if file.layout == "grid" and (file.grid is None or file.grid.form not in forms):
        yield unknown("grid.form", file.grid.form if file.grid else "", forms)
    if file.layout == "list" and not file.rows:
        yield Problem("a list needs [[rows]]", name, column="rows", code="mapping")


def likely(grids: Sequence[Grid], sender: SenderKind) -> str:
    """The shipped mapping whose layout a file seems to have; empty where none fits."""
    for name in SHIPPED:
        layout = load_mapping(name)
        if layout.file.sender == sender and len(layout.file.needed.columns) > 1 and any(layout.header(grid) for grid in grids):
            return name
    return ""
