"""A received file, read against an instance: Grids ─► Found tables ─► Entries, with everything that should be known about it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

from scheduler.domain import Instance
from scheduler.errors import Severity
from scheduler.intake.aliases import Aliases, load_aliases
from scheduler.intake.cells import Cells
from scheduler.intake.dates import Horizon, Order
from scheduler.intake.findings import Finding, Findings
from scheduler.intake.forms import FORMS
from scheduler.intake.grid import Grid, Received
from scheduler.intake.judging import Judge
from scheduler.intake.known import Known
from scheduler.intake.layout import Found, Layout, Spot
from scheduler.intake.mapping import Layouts, likely
from scheduler.intake.orders import DateOrders
from scheduler.intake.report_sheet import is_report_sheet
from scheduler.intake.sender import Sender
from scheduler.intake.submission import Submission
from scheduler.intake.text import is_blank, shown, tidy, unmarked
from scheduler.intake.unclear import Unclear
from scheduler.words import LANGUAGES, words


def read_submission(
    received: Received,
    instance: Instance,
    sender: Sender,
    *,
    aliases: Aliases | None = None,
    mapping: Layouts | None = None,
    dates: Order | None = None,
) -> Submission:
    """Read a file.

    Parameters
    ----------
    received
        The opened file.
    instance, sender
        What the names in it mean, and whose they may be.
    aliases
        Other names of columns; None: those that are shipped.
    mapping
        The layout that the file has; None: that of the template.
    dates
        The answer to the question in which order days and months are written, where the file does not tell.

    Returns
    -------
    Submission
        With every row that could be read, and everything that was found. It can be taken if its findings have no error.
    """
    return _Reading(received, instance, sender, aliases or load_aliases(), mapping, dates).submission()


class _Reading:
    def __init__(
        self,
        received: Received,
        instance: Instance,
        sender: Sender,
        aliases: Aliases,
        mapping: Layouts | None,
        dates: Order | None,
    ) -> None:
        self._received, self._instance, self._sender = received, instance, sender
        self._aliases, self._mapping, self._dates, self._findings = aliases, mapping, dates, Findings()
        last = instance.first_monday + timedelta(weeks=instance.weeks) - timedelta(days=1)
        self._horizon = Horizon(instance.first_monday, last)

    def submission(self) -> Submission:
        tables = []
        for grid in self._received.grids:
            if grid.name.startswith("_") or _is_cover(grid):
                continue
            if grid.hidden:
                self._findings.add(Finding("hidden_sheet", "warning", grid.name))
            tables += [(grid, found) for found in self._found(grid)]
        if not tables and not self._findings.failed:
            self._findings.add(Finding("nothing_read", "error"))
        forms = Counter(found.form.name for _, found in tables)
        for grid, found in tables:
            if forms[found.form.name] > 1:
                self._findings.add(Finding("form_twice", "note", grid.name, said={"form": found.form.name}))
        tables.sort(key=lambda t: [f.name for f in FORMS[self._sender.kind]].index(t[1].form.name))
        known = Known(self._instance, self._sender, self._brought(tables))
        judge = Judge(self._instance, self._sender, known, self._horizon, self._findings)
        cells = Cells(known, self._horizon, self._aliases.choices)
        for grid, found in tables:
            rows = self._rows(grid, found, cells)
            judge.take(found, rows)
        mapping = self._mapping.name if self._mapping else ""
        return Submission(self._sender, self._received, judge.entries(), self._findings, mapping, frozenset(forms))

    def _found(self, grid: Grid) -> list[Found]:
        """The tables of a sheet."""
        if self._mapping is not None:
            cells = Cells(Known(self._instance, self._sender), self._horizon, self._aliases.choices)
            return self._mapping.find(grid, cells, self._findings)
        said = Findings()
        found = Layout(FORMS[self._sender.kind], self._aliases, said).find(grid, Path(self._received.name).stem)
        lacks = found is None or any(f.code == "column_missing" for f in said)
        if lacks and (name := likely((grid,), self._sender.kind)):
            self._findings.add(Finding("mapping_offered", "error", grid.name, said={"mapping": name}))
            return []
        for finding in said:
            self._findings.add(finding)
        return [found] if found is not None else []

    def _brought(self, tables: Iterable[tuple[Grid, Found]]) -> Mapping[str, list[str]]:
        """Ids of students and groups that the file brings, so that its other sheets can name them."""
        found: dict[str, list[str]] = defaultdict(list)
        for _, table in tables:
            for name, ref in (("student", "students"), ("group", "groups")):
                if table.form.name == ref:
                    for _, spots in table.rows:
                        if name in spots:
                            try:
                                found[ref].append(unmarked(tidy(shown(spots[name].value))))
                            except Unclear:
                                continue
        known = Known(self._instance, self._sender)
        return {ref: [i for i in ids if known.names(ref).find(i) is None and i not in known.others] for ref, ids in found.items()}

    # -- rows -----------------------------------------------------------------------------------------------------

    def _rows(self, grid: Grid, found: Found, cells: Cells) -> list[tuple[int, dict[str, str], dict[str, Spot]]]:
        """Row, texts by field, and the cells they come from; rows in which something could not be read are left out."""
        orders = DateOrders(found, self._horizon, self._dates, self._findings)
        failed_in: dict[int, dict[int, str]] = defaultdict(dict)
        for (row, column), shows in grid.formulas.items():
            failed_in[row][column] = shows
        rows = []
        for number, spots in found.rows:
            texts: dict[str, str] = {}
            whole = True
            for name, spot in spots.items():
                shown_instead = failed_in.get(number, {}).get(spot.column) if spot.column is not None else None
                if shown_instead is not None:
                    self._say("formula_failed", "error", found, number, spot, shows=shown_instead)
                    whole = False
                    continue
                try:
                    text = self._read(found, name, number, spot, orders, cells)
                except Unclear as unclear:
                    self._say(unclear.code, "error", found, number, spot, **unclear.said)
                    whole = False
                    continue
                if text:
                    texts[name] = text
            both = next((name for name in ("period", "start") if "/" in texts.get(name, "")), None)
            periods = texts.pop(both).split(";") if both is not None else []
            if both is not None and ("start" in texts or "end" in texts):
                self._say("period_twice", "error", found, number, spots[both])
                whole = False
            read = {spot.column for spot in spots.values()}
            for column in sorted(failed_in.get(number, {}).keys() & found.titles.keys() - read):
                self._say("formula_failed", "error", found, number, Spot(column, None), shows=failed_in[number][column])
                whole = False
            for period in (periods or [""]) if whole and (texts or periods) else []:
                first, _, last = period.partition("/")
                rows.append((number, texts | {"start": first, "end": last} if period else texts, spots))
        return rows

    def _read(self, found: Found, name: str, number: int, spot: Spot, orders: DateOrders, cells: Cells) -> str:
        field, order = found.form[name], orders.of(spot.column)
        try:
            text, remark = cells.read(field, spot.value, order)
        except Unclear as unclear:
            if unclear.code != "not_a_date" or name != "start" or "end" not in {f.name for f in found.form.fields}:
                raise
            try:  # both days in the column of the first
                text, remark = cells.read(found.form["period"], spot.value, order)
            except (Unclear, StopIteration):
                raise unclear from None
        if remark is not None:
            self._say(remark.code, remark.severity, found, number, spot, **remark.said)
        return text

    def _say(self, code: str, severity: Severity, found: Found, row: int, spot: Spot, **said: object) -> None:
        title = found.titles.get(spot.column, "") if spot.column is not None else ""
        self._findings.add(Finding(code, severity, found.sheet, row, spot.column, title, shown(spot.value), said))


def _is_cover(grid: Grid) -> bool:
    """An empty sheet, the first one of a template, which explains, or the list of a report that comes back."""
    covers = {words(language, "labels")["cover"] for language in LANGUAGES}
    return grid.name in covers or is_report_sheet(grid) or not any(not is_blank(value) for row in grid.rows for value in row)
