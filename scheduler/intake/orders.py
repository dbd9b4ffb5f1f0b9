"""In which order each column of a sheet writes day and month: proven by its cells, named by its title, or answered."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from scheduler.errors import Severity
from scheduler.intake.dates import ORDERS, SURE, Horizon, Order, halves, readings, sole_order
from scheduler.intake.findings import Finding, Findings
from scheduler.intake.layout import Found, Spot
from scheduler.intake.text import shown, tidy
from scheduler.intake.unclear import Unclear


class _Cell(NamedTuple):
    row: int
    spot: Spot
    texts: list[str]


class DateOrders:
    """The order of day and month of every column with dates.

    First and last days are entered together: what a cell of one of the two columns proves holds for the other, too.

    Parameters
    ----------
    found
        The table of a sheet.
    answer
        What a person has answered; counts where no cell and no title tells.
    findings
        Gets how open cells are read and why, and columns in which a spreadsheet may have exchanged day and month.
    """

    def __init__(self, found: Found, horizon: Horizon, answer: Order | None, findings: Findings) -> None:
        self._found, self._horizon, self._answer, self._findings = found, horizon, answer, findings
        self._orders: dict[int | None, Order | None] = {}
        columns: dict[int, list[_Cell]] = defaultdict(list)
        names: dict[int, str] = {}
        for row, spots in found.rows:
            for name, spot in spots.items():
                if spot.column is not None and found.form[name].kind in ("date", "period"):
                    columns[spot.column].append(_Cell(row, spot, self._texts(spot)))
                    names[spot.column] = name
        proofs = {column: self._proofs(cells) for column, cells in columns.items()}
        ends = [column for column, name in names.items() if name in ("start", "end")]
        for column, cells in columns.items():
            partner = next((c for c in ends if c != column), None) if column in ends else None
            self._orders[column] = self._decide(
                column, cells, proofs[column], proofs.get(partner, {}) if partner is not None else {}
            )

    def of(self, column: int | None) -> Order | None:
        """The order of a column; None where it is open or needs none."""
        return self._orders.get(column)

    def _decide(self, column: int, cells: list[_Cell], own: dict[Order, _Cell], partner: dict[Order, _Cell]) -> Order | None:
        proofs = own or partner
        unsettled = [cell for cell in cells if any(set(ORDERS) <= readings(text, self._horizon).keys() for text in cell.texts)]
        if len(proofs) > 1:  # the column itself writes both orders: what is open stays open
            return self._answer
        if proofs:
            order, proof = next(iter(proofs.items()))
            if unsettled:
                self._say("order_proven", "note", unsettled[0], order=order, proof=_name(proof))
            if own and (swapped := self._maybe_exchanged(cells)):
                self._say("dates_mixed", "error", swapped, proof=_name(proof))
            return order
        hint = next((order for order in ORDERS if order == self._found.hints.get(column)), None)
        return hint or self._answer

    def _proofs(self, cells: Iterable[_Cell]) -> dict[Order, _Cell]:
        """The orders that some cell proves, each with the first that does."""
        found: dict[Order, _Cell] = {}
        for cell in cells:
            for text in cell.texts:
                order = sole_order(readings(text, self._horizon))
                if order is not None:
                    found.setdefault(order, cell)
        return found

    def _texts(self, spot: Spot) -> list[str]:
        """The dates that a cell is made of, where they are text."""
        if not isinstance(spot.value, str):
            return []
        try:
            text = tidy(spot.value)
        except Unclear:
            return []
        return self._parts(text) or [day for part in re.split(r"[;,\n]", spot.value) for day in self._parts(part.strip())]

    def _parts(self, text: str) -> list[str]:
        if readings(text, self._horizon):
            return [text]
        return next(([a, b] for a, b in halves(text) if readings(a, self._horizon) and readings(b, self._horizon)), [])

    def _maybe_exchanged(self, cells: Iterable[_Cell]) -> _Cell | None:
        """A real date beside text that only one order makes a date: what a spreadsheet of another country leaves of a column.

        It takes 03/04 for 4 March where 3 April was meant, and cannot read 13/04, which stays text.
        """
        text = list(self._plain_texts(cells))
        real = [(cell.spot.value, cell) for cell in cells if isinstance(cell.spot.value, date)]
        leftover = bool(text) and all(sole_order(readings(t, self._horizon)) for t in text)
        if not leftover or not all(day.day <= 12 for day, _ in real):
            return None
        return next((cell for day, cell in real if day.day != day.month), None)

    def _plain_texts(self, cells: Iterable[_Cell]) -> Iterator[str]:
        for cell in cells:
            yield from (text for text in cell.texts if SURE not in readings(text, self._horizon))

    def _say(self, code: str, severity: Severity, cell: _Cell, **said: object) -> None:
        column = cell.spot.column
        title = self._found.titles.get(column, "") if column is not None else ""
        value = shown(cell.spot.value)
        self._findings.add(Finding(code, severity, self._found.sheet, cell.row, column, title, value, said))


def _name(cell: _Cell) -> str:
    return Finding("", row=cell.row, column=cell.spot.column).cell
