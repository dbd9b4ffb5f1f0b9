"""Where the table of a sheet is: which form, which row names its columns, and which rows are rows of it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from scheduler.errors import Severity
from scheduler.intake.aliases import Aliases
from scheduler.intake.findings import Finding, Findings
from scheduler.intake.forms import Field, Form
from scheduler.intake.grid import Grid, Value
from scheduler.intake.text import bare, is_blank, shown
from scheduler.intake.titles import is_hint, is_number, is_remark, off_by_little, one_line, plain_title, rank_of
from scheduler.io.report import nearest

#: By row: columns of cells that are merged with one above, and its value.
Merged: TypeAlias = Mapping[int, Sequence[tuple[int, Value]]]
#: Rows among which the one that names the columns is sought.
HEADER_ROWS = 40
_ORDER_HINTS = (
    (re.compile(r"m{1,2}[/. -]d{1,2}", re.IGNORECASE), "month first"),
    (re.compile(r"d{1,2}[/. -]m{1,2}", re.IGNORECASE), "day first"),
)


class Spot(NamedTuple):
    """A filled cell: its column (None: said by a mapping or a title) and what it holds."""

    column: int | None
    value: Value


@dataclass(slots=True)
class Found:
    """The table of a sheet.

    Attributes
    ----------
    form
        The form that it fills in.
    sheet
        Name of the sheet.
    titles
        Header text of each column.
    fields
        Fields that it has a column for.
    hints
        Order of day and month that a header names (``MM/DD/YYYY``), by column.
    rows
        Rows (from 0) with their filled cells by field.
    """

    form: Form
    sheet: str
    titles: dict[int, str] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()
    hints: dict[int, str] = field(default_factory=dict)
    rows: list[tuple[int, dict[str, Spot]]] = field(default_factory=list)


class _Header(NamedTuple):
    row: int
    form: Form
    titles: dict[int, str]
    columns: dict[int, Field]
    wishes: dict[int, int]
    score: float


class Layout:
    """Finds the tables of a sender's sheets."""

    def __init__(self, forms: Sequence[Form], aliases: Aliases, findings: Findings) -> None:
        self._forms, self._aliases, self._findings = forms, aliases, findings

    def find(self, grid: Grid, file_stem: str = "") -> Found | None:
        """The table of a sheet; None where there is none (said among the findings).

        Parameters
        ----------
        file_stem
            Name of a CSV file without its ending, which may say what it lists.
        """
        named = self._named(grid.name) or (self._named(file_stem) if not grid.name else None)
        filled = [r for r, row in enumerate(grid.rows) if any(not is_blank(v) for v in row)]
        if not filled:
            return None
        header = self._header(grid, filled, named)
        if header is None:
            severity: Severity = "error" if named or not grid.name else "warning"
            self._say("no_table", grid, severity, forms=tuple(f.name for f in self._forms))
            return None
        return self._table(grid, header, [r for r in filled if r > header.row])

    def _say(
        self,
        code: str,
        grid: Grid,
        severity: Severity,
        row: int | None = None,
        column: int | None = None,
        title: str = "",
        value: str | None = None,
        **said: object,
    ) -> None:
        self._findings.add(Finding(code, severity, grid.name, row, column, title, value, said))

    # -- the header -------------------------------------------------------------------------------------------------

    def _named(self, name: str) -> Form | None:
        """The form that a name names, in full or as one of its words."""
        plain = bare(name)
        exact = [f for f in self._forms if plain in self._aliases.sheets[f.name]]
        if exact:
            return exact[0]
        within = [f for f in self._forms if any(len(text) > 4 and text in plain for text in self._aliases.sheets[f.name])]
        return within[0] if len(within) == 1 else None

    def _header(self, grid: Grid, filled: Sequence[int], named: Form | None) -> _Header | None:
        found: list[_Header] = []
        for slips in (False, True):  # only where nothing is titled right are slips of the keyboard looked for
            found = found or [
                header
                for r in filled[:HEADER_ROWS]
                for cells in _title_rows(grid, r)
                for form in ((named,) if named else self._forms)
                if (header := self._as_header(cells, r, form, named is not None, slips))
            ]
        best = max(found, key=lambda h: (h.score, -h.row), default=None)
        if best is None:
            return None
        equal = {h.form.name for h in found if h.score == best.score and h.row == best.row}
        if len(equal) > 1:
            self._say("sheet_unclear", grid, "error", best.row, forms=tuple(sorted(equal)))
        return best

    def _as_header(self, cells: Sequence[Value], row: int, form: Form, named: bool, slips: bool) -> _Header | None:
        """The columns that a row names, if it can be the header of a form."""
        texts = {c: v for c, v in enumerate(cells) if isinstance(v, str) and not is_blank(v)}
        columns: dict[int, Field] = {}
        wishes: dict[int, int] = {}
        for column, text in texts.items():
            plain = bare(plain_title(text))
            field_ = next((f for f in form.fields if plain in self._aliases.titles(form, f.name)), None)
            if field_ is not None:
                columns[column] = field_
            elif form.name == "preferences" and (rank := rank_of(plain)):
                wishes[column] = rank
        names = {f.name for f in columns.values()}
        needed = {f.name for f in form.fields if f.needed}
        known = len(names) + len(wishes)
        if slips:
            every = [t for f in form.fields if f.name not in names for t in self._aliases.titles(form, f.name) if len(t) > 3]
            titles_left = [bare(plain_title(t)) for c, t in texts.items() if c not in columns]
            known += sum(any(off_by_little(title, text) for text in every) for title in titles_left)
            needed = set()
        if not known or (known < 2 and len(texts) > 1 and not named) or not (named or needed & names or not needed):
            return None
        share = (len(columns) + len(wishes)) / len(texts)
        met = len(needed & names) / len(needed) if needed else 1
        titles = {c: one_line(v) for c, v in texts.items()}
        return _Header(row, form, titles, columns, wishes, known + 2 * met + share)

    def _guess(self, grid: Grid, header: _Header, columns: dict[int, Field], body: Sequence[int]) -> None:
        """Columns whose title is misspelt are read and said; what cannot be told is said, too."""
        titles = header.titles
        for column, title in titles.items():
            if column in columns or column in header.wishes:
                continue
            plain = bare(plain_title(title))
            if plain in self._aliases.private:
                self._say("private_column", grid, "note", header.row, column, title)
                continue
            if (plain or title) in self._aliases.ignored:
                self._say("column_ignored", grid, "note", header.row, column, title)
                continue
            taken = {f.name for f in columns.values()}
            free = [f for f in header.form.fields if f.name not in taken]
            known = {text: f for f in free for text in self._aliases.titles(header.form, f.name) if len(text) > 3}
            near = nearest(plain, known) if len(plain) > 3 else None
            if near is not None and off_by_little(plain, near):
                columns[column] = known[near]
                self._say("column_guessed", grid, "warning", header.row, column, title, field=known[near].name)
            elif any(column < len(grid.rows[r]) and not is_blank(grid.rows[r][column]) for r in body):
                unsaid = any(f.name == "available" for f in header.form.fields) and not taken & {"status", "available"}
                if unsaid:  # it may say what the row means
                    self._say("column_matters", grid, "error", header.row, column, title)
                    continue
                field_ = known[near].name if near else ""
                self._say("column_unknown", grid, "warning", header.row, column, title, field=field_)
        used = {c for r in body for c, v in enumerate(grid.rows[r]) if not is_blank(v)}
        for column in sorted(used - titles.keys())[:5]:
            if not any(a.top <= header.row <= a.bottom and a.left < column <= a.right for a in grid.merged):
                self._say("column_untitled", grid, "warning", header.row, column)

    # -- the rows ---------------------------------------------------------------------------------------------------

    def _table(self, grid: Grid, header: _Header, body: Sequence[int]) -> Found:
        titles, columns = header.titles, dict(header.columns)
        self._guess(grid, header, columns, body)
        twice = [n for n, k in Counter(f.name for f in columns.values()).items() if k > 1 and n != "who"]
        for name in twice:
            for column in [c for c, f in columns.items() if f.name == name]:
                self._say("column_twice", grid, "error", header.row, column, titles[column], field=name)
        fields = {f.name for f in columns.values()} | ({"value", "rank"} if header.wishes else set())
        found = Found(header.form, grid.name, titles, frozenset(fields))
        hint = next((r for r in body[:1] if is_hint([v for v in grid.rows[r] if not is_blank(v)])), None)
        lines = (header.row, *([hint] if hint is not None else []))
        texts = {c: [titles[c], *(shown(grid.rows[r][c]) for r in lines if c < len(grid.rows[r]))] for c in columns}
        found.hints = {c: order for c in columns for pattern, order in _ORDER_HINTS if any(map(pattern.search, texts[c]))}
        if hint is not None:
            self._say("hint_row", grid, "note", hint)
            body = body[1:]
        missing = [f.name for f in header.form.fields if f.needed and f.name not in fields]
        for name in missing:
            self._say("column_missing", grid, "error", header.row, field=name)
        if not missing and not twice:
            merged = _merged_above(grid, header.row)
            lone = sum(_filled(grid.rows[r]) == 1 for r in body) * 2 > len(body)
            for number in body:
                if self._is_other_table(grid, number, header.form):
                    self._say("second_table", grid, "error", number)
                    break
                found.rows += self._row(grid, number, header, columns, lone, merged)
        return found

    def _is_other_table(self, grid: Grid, number: int, form: Form) -> bool:
        """Whether a row names the columns of another form: two tables stand one below the other."""
        cells = [v for v in grid.rows[number] if not is_blank(v)]
        if len(cells) < 3 or not all(isinstance(v, str) and len(v) < 40 for v in cells):
            return False
        titles = {bare(plain_title(shown(v))) for v in cells}
        own = {t for t in titles if any(t in self._aliases.titles(form, f.name) for f in form.fields)}
        return len(own) < len(titles) and all(
            any(t in self._aliases.titles(other, f.name) for other in self._forms for f in other.fields) for t in titles
        )

    def _row(
        self, grid: Grid, number: int, header: _Header, columns: dict[int, Field], lone: bool, merged: Merged
    ) -> Iterator[tuple[int, dict[str, Spot]]]:
        cells = list(grid.rows[number])
        _fill(cells, merged.get(number, ()))
        spots = {c: v for c, v in enumerate(cells) if not is_blank(v)}
        if not any(c in columns or c in header.wishes for c in spots):
            return
        first = next(iter(spots))
        if bare(shown(spots[first])) in self._aliases.examples:
            return
        if self._is_header_again(spots, columns):
            self._say("header_again", grid, "note", number)
            return
        if self._is_total(spots):
            self._say("total_row", grid, "note", number)
            return
        heading = any(area.top == number and area.left == first < area.right for area in grid.merged)
        if len(spots) == 1 and len(columns) > 1 and (heading or is_remark(spots[first])):
            self._say("remark_row", grid, "warning", number, first, value=shown(spots[first]))
            return
        if len(spots) == 1 and len(columns) > 1 and not lone and first in columns and columns[first].kind == "new":
            self._say("lone_cell", grid, "error", number, first, value=shown(spots[first]))
            return
        read: dict[str, Spot] = {}
        for column, field_ in columns.items():
            if column in spots:
                if field_.name in read:
                    self._say("two_in_row", grid, "error", number, column, value=shown(spots[column]), field=field_.name)
                    return
                read[field_.name] = Spot(column, spots[column])
        if not header.wishes:
            yield number, read
        for column, rank in header.wishes.items():
            if column in spots:
                yield number, {**read, "value": Spot(column, spots[column]), "rank": Spot(None, rank)}

    def _is_header_again(self, spots: dict[int, Value], columns: dict[int, Field]) -> bool:
        titles = {c: bare(plain_title(shown(spots[c]))) for c in columns if isinstance(spots.get(c), str)}
        same = [c for c, title in titles.items() if title in self._aliases.columns[columns[c].name]]
        return len(same) >= 2 and len(same) * 2 > sum(c in columns for c in spots)

    def _is_total(self, spots: dict[int, Value]) -> bool:
        """A row that sums up: its first filled cell says so, and what else it has are numbers.

        ``n-12`` is somebody's id, and ``N 1`` a group's; ``n = 12`` sums up.
        """
        first, *others = spots.values()
        match = re.match(r"(\w\w.*?|\w(?=\s*[:=]))(?:[\s:=(]|$)", first.strip()) if isinstance(first, str) else None
        return match is not None and bare(match[1]) in self._aliases.totals and all(map(is_number, others))


def _title_rows(grid: Grid, row: int) -> Iterator[list[Value]]:
    """A row as the one that names the columns; and together with the row above."""
    cells = grid.rows[row]
    yield cells
    if row:
        above = grid.rows[row - 1]
        width = max(len(cells), len(above))
        own, over = ([*line, *[None] * (width - len(line))] for line in (cells, above))
        pairs = list(zip(own, over, strict=True))
        if any(is_blank(a) and not is_blank(b) for a, b in pairs):
            yield [b if is_blank(a) else a for a, b in pairs]
            yield [b if is_blank(a) else f"{b} {a}" if isinstance(a, str) and isinstance(b, str) else a for a, b in pairs]


def _filled(row: Sequence[Value]) -> int:
    return sum(not is_blank(value) for value in row)


def _merged_above(grid: Grid, header: int) -> dict[int, list[tuple[int, Value]]]:
    """By row: columns of cells that are merged with one above, which has their value."""
    found: dict[int, list[tuple[int, Value]]] = defaultdict(list)
    last = len(grid.rows) - 1
    for area in grid.merged:
        if header < area.top < len(grid.rows) and area.left < len(grid.rows[area.top]):
            value = grid.rows[area.top][area.left]
            if not is_blank(value):
                for row in range(area.top + 1, min(area.bottom, last) + 1):
                    found[row].append((area.left, value))
    return found


def _fill(cells: list[Value], merged: Sequence[tuple[int, Value]]) -> None:
    """A cell that is merged over several rows is that of each of them."""
    for column, value in merged:
        cells.extend([None] * (column + 1 - len(cells)))
        if is_blank(cells[column]):
            cells[column] = value
