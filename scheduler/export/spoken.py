"""Tables in a reader's language: titles, words of closed lists, and the program's own sentences; names stay as they are.

Tables are made once, in English and with what programs read; a language is put on them where people read them, in the workbook,
the page and the packs. CSV and JSON stay as they are made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import cache

from scheduler.domain import RULES
from scheduler.export.sheets import Column, Sheet, Value
from scheduler.export.tables.cells import NARROWEST, WIDEST, column_title
from scheduler.words.locale import Locale
from scheduler.words.phrasebook import Phrasebook

#: Columns whose values are words of a closed list of the catalogue, by sheet ("" for any) and column.
_CODED = {
    ("", "status"): "statuses",
    ("at_risk", "status"): "progress",
    ("due", "status"): "progress",
    ("", "role"): "roles",
    ("", "kind"): "roles",
    ("unplaced", "unit"): "amounts",
    ("missing", "unit"): "amounts",
}
#: Columns with sentences of the program, in any sheet, and in some.
_SAID = frozenset({"reason", "what", "value", "who", "student", "rotation", "note"})
_SAID_IN = {
    ("not_kept", "rule"),
    ("not_kept", "where"),
    ("not_kept", "unit"),
    ("costs", "title"),
    ("costs", "unit"),
    ("by_school", "school"),
}
#: Columns with several parts, each of them a phrase.
_LISTED = frozenset({"reserved", "limits"})
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = re.compile(rf"({'|'.join(_MONTHS)}) (\d{{4}})")
_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)}) \(([^)]*)\)")


class Spoken:
    """Puts a language on tables."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        self._book = Phrasebook(locale)
        self.said = cache(self._book.said)

    def sheets(self, tables: Iterable[Sheet]) -> tuple[Sheet, ...]:
        """Tables in this language."""
        return tuple(map(self.sheet, tables))

    def sheet(self, table: Sheet) -> Sheet:
        """A table in this language; one that the catalogue does not know stays as it is."""
        words = self.locale.words("tables")
        if table.name not in words["sheets"]:
            return table
        ways = [self._way(table.name, column) for column in table.columns]
        rows = tuple(tuple(way(value) for way, value in zip(ways, row, strict=True)) for row in table.rows)
        titles = [column_title(table.name, column.key, column.kind, self.locale) for column in table.columns]
        columns = tuple(
            replace(column, title=title, width=_width(column, title, (row[i] for row in rows)))
            for i, (column, title) in enumerate(zip(table.columns, titles, strict=True))
        )
        return replace(table, title=words["sheets"][table.name], columns=columns, rows=rows)

    def _way(self, sheet: str, column: Column) -> Callable[[Value], Value]:
        """How the values of a column are said."""
        key = column.key
        coded = _CODED.get((sheet, key)) or _CODED.get(("", key))
        if coded:
            words = self.locale.words("tables")[coded]
            return lambda value: words.get(value, value) if isinstance(value, str) else value
        say: Callable[[str], str] | None = None
        if key in ("weekdays", "when"):
            say = self._book.when
        elif key in ("preceptor", "with"):
            say = self._book.supervisors
        elif key == "who" and sheet in ("by_unit", "weeks"):
            say = self._present
        elif key == "month":
            say = self._month
        elif key == "off":
            say = self._pauses
        elif key == "group":
            say = self._group
        elif key in _LISTED:
            say = self._listed
        elif (sheet, key) == ("summary", "value"):
            say = self._fact
        elif key in _SAID or (sheet, key) in _SAID_IN:
            say = self.said
        return (lambda value: say(value) if isinstance(value, str) else value) if say else (lambda value: value)

    def _present(self, text: str) -> str:
        """``Tu Th 07:00–19:00: group mA (4), n-03; as the preceptor: ann``."""
        found = []
        for part in text.split("; "):
            when, colon, who = part.partition(": ")
            names = (name.partition(" (") for name in who.split(", "))
            found.append(f"{self._book.when(when)}{colon}{', '.join(self.said(name) + a + b for name, a, b in names)}")
        return "; ".join(found)

    def _group(self, text: str) -> str:
        """``mA part 1``."""
        group, word, part = text.rpartition(" part ")
        return self.locale.say("tables", "part", group=group, n=part) if word and part.isdecimal() else text

    def _fact(self, text: str) -> str:
        """A fact of the summary; of what does not hold the rule's id is told behind it."""
        sentence, _, rule = text.removesuffix(")").rpartition(" (")
        return f"{self.said(sentence)} ({rule})" if rule in RULES else self.said(text)

    def _listed(self, text: str) -> str:
        return "; ".join(self.said(part) for part in text.split("; "))

    def _month(self, text: str) -> str:
        found = _MONTH.fullmatch(text)
        return self.locale.month(date(int(found[2]), _MONTHS.index(found[1]) + 1, 1)) if found else self.said(text)

    def _pauses(self, text: str) -> str:
        """``4 Sep (holiday), 1 Oct (exam)``."""
        kinds = self.locale.words("tables")["calendar"]

        def day(found: re.Match[str]) -> str:
            when = date(2024, _MONTHS.index(found[2]) + 1, int(found[1]))  # a leap year: every day has its name
            return f"{self.locale.short_day(when)} ({kinds.get(found[3], found[3])})"

        return _DAY.sub(day, text)


def _width(column: Column, title: str, values: Iterable[Value]) -> int:
    if column.kind == "week":
        return column.width
    return min(WIDEST, max(NARROWEST, len(title), *(len(str(value)) for value in values if value is not None), 0))
