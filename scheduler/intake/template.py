"""The workbook that one sender fills in: one sheet a form, lists to choose from, and nothing of anybody else."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from scheduler.domain import Instance, Schedule
from scheduler.intake.cover import cover_lines, last_day
from scheduler.intake.drop_downs import DropDowns
from scheduler.intake.forms import FORMS, Field, Form
from scheduler.intake.prefilled import Values, prefilled
from scheduler.intake.sender import Sender
from scheduler.words import words

#: What a cell shows.
Shown: TypeAlias = str | int | float | date | None

LISTS, ABOUT = "_lists", "_about"
#: Version of the layout, for readers of later ones.
LAYOUT = 1
#: Rows with lists and checks, beyond those that are filled in.
_MORE_ROWS = 500
_MORE_STUDENTS = 2000
#: Narrow enough for a phone held upright.
_COVER_WIDTH = 50
_FONT = 11
_LEAST_WIDTH, _MOST_WIDTH = 9, 32
#: Widths of empty columns in which something longer than the title will stand.
_WIDTHS = {"date": 11, "choice": 14, "weekdays": 10, "text": 18, "names": 11, "name": 11, "new": 11}
_TERM_DATES = ("availability", "capacity", "closures", "leave", "staff")
#: Days from the first Monday, by form (empty: any other) and field.
_EXAMPLE_DAYS = {
    ("", "start"): 21,
    ("", "end"): 32,
    ("clearances", "start"): -60,
    ("clearances", "end"): 304,
    ("credits", "end"): -80,
    ("", "available_from"): 7,
    ("", "first_start"): 7,
    ("", "last_start"): 63,
    ("", "give_back"): 28,
    ("", "trained_until"): 284,
}
#: What an example leaves out, as it would contradict the rest of its row, or remove it.
_EXAMPLE_EMPTY = {(form, "leaves") for form in ("students", "groups", "slots")} | {
    ("preferences", "start"),
    ("slots", "days_per_week"),
}
_GREY = {"italic": True, "font_color": "#6B7280"}
_COVER_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "name": {"bold": True, "font_size": 13},
    "head": {"bold": True, "font_size": 12},
    "plain": {},
}


def template(instance: Instance, sender: Sender, schedule: Schedule | None = None, language: str = "en") -> bytes:
    """A workbook (xlsx) for a school, unit or preceptor; the same instance gives the same bytes.

    Parameters
    ----------
    schedule
        What is proposed: with it comes a sheet for answers.
    language
        One of `scheduler.words.LANGUAGES`.
    """
    return _Template(instance, sender, schedule, language).bytes()


class _Template:
    def __init__(self, instance: Instance, sender: Sender, schedule: Schedule | None, language: str) -> None:
        self._instance, self._sender, self._schedule, self._language = instance, sender, schedule, language
        self._labels, self._said = words(language, "labels"), words(language, "template")
        self._drop_downs = DropDowns(instance, sender, self._labels)
        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        self._book.set_properties({"created": datetime(2000, 1, 1), "title": self._said["title"].format(term=instance.name)})
        self._lists: dict[str, tuple[str, ...]] = {}
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}

    def bytes(self) -> bytes:
        forms = [f for f in FORMS[self._sender.kind] if f.name != "answers" or self._schedule is not None]
        cover = self._book.add_worksheet(self._labels["cover"])
        self._cover(cover, forms)
        pages = [(form, self._book.add_worksheet(self._labels["sheets"][form.name])) for form in forms]
        lists = self._book.add_worksheet(LISTS)
        about = self._book.add_worksheet(ABOUT)
        for form, page in pages:
            self._sheet(page, form)
        for column, (title, values) in enumerate(self._lists.items()):
            lists.write_column(0, column, [title, *values], self._look(num_format="@"))
        self._about(about)
        lists.hide()
        about.hide()
        cover.activate()
        self._book.close()
        return self._out.getvalue()

    def _look(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._looks:
            self._looks[key] = self._book.add_format(properties)
        return self._looks[key]

    def _cover(self, page: Any, forms: Sequence[Form]) -> None:
        """Heights are given: a program that opens the file does not find out by itself how many lines a text takes."""
        page.set_column(0, 0, _COVER_WIDTH)
        page.hide_gridlines(2)
        for row, (text, look) in enumerate(cover_lines(self._instance, self._sender, forms, self._language)):
            page.write_string(row, 0, text, self._look(text_wrap=True, valign="top", **_COVER_LOOKS[look]))
            size = _COVER_LOOKS[look].get("font_size", _FONT)
            page.set_row(row, _line_height(size) * _lines(text, _COVER_WIDTH * _FONT // size))
        page.fit_to_pages(1, 1)
        page.set_portrait()

    def _about(self, page: Any) -> None:
        version = "" if self._schedule is None else str(self._schedule.number)
        rows = {
            "layout": str(LAYOUT),
            "instance": self._instance.name,
            "sender_kind": self._sender.kind,
            "sender": self._sender.id,
            "language": self._language,
            "edition": version,
        }
        for row, (key, value) in enumerate(rows.items()):
            page.write_string(row, 0, key)
            page.write_string(row, 1, value)

    # -- the other sheets -----------------------------------------------------------------------------------------------

    def _sheet(self, page: Any, form: Form) -> None:
        fields = [field for field in form.fields if field.shown]
        found = prefilled(form, self._instance, self._sender, self._schedule)
        rows = [[self._shown(field, values.get(field.name)) for field in fields] for values in found]
        example = self._example(form, fields, found) if form.name != "answers" else None
        tall = 1
        last = len(rows) + 1 + (_MORE_STUDENTS if form.name == "students" else _MORE_ROWS)
        for column, field in enumerate(fields):
            title = self._labels["columns"][field.name] + (" *" if field.needed else "")
            dark = "#5A6470" if field.given else "#1D4E89"
            look = self._look(bold=True, font_color="white", bg_color=dark, text_wrap=True, valign="top", border=1)
            page.write_string(0, column, title, look)
            page.write_comment(0, column, self._labels["help"][field.name], {"x_scale": 1.6})
            shown = [row[column] for row in rows] + ([example[column]] if example else [])
            width = _width(field, title, shown)
            tall = max(tall, _lines(title, width - 1))
            page.set_column(column, column, width, self._cell_look(field))
            if not field.given:
                self._check(page, form, field, column, last)
            if example:
                self._write(page, 1, column, example[column], self._cell_look(field, **_GREY))
            for number, row in enumerate(rows, start=2 if example else 1):
                self._write(page, number, column, row[column], self._cell_look(field))
        page.set_row(0, _line_height(_FONT) * tall)
        page.freeze_panes(1, 1)
        page.set_landscape()
        page.set_margins(left=0.4, right=0.4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)

    def _cell_look(self, field: Field, **more: Any) -> Any:
        """Everything to the left: numbers and dates would otherwise touch the text of the next column."""
        kind = {"date": "yyyy-mm-dd", "amount": "0", "points": "0", "number": "General"}.get(field.kind, "@")
        return self._look(num_format=kind, align="left", **({"bg_color": "#EEF0F2"} if field.given else {}), **more)

    def _write(self, page: Any, row: int, column: int, value: Shown, look: Any) -> None:
        if value is None:
            page.write_blank(row, column, None, look)
        elif isinstance(value, date):
            page.write_datetime(row, column, datetime(value.year, value.month, value.day), look)
        elif isinstance(value, (int, float)):
            page.write_number(row, column, value, look)
        else:
            page.write_string(row, column, value, look)

    def _shown(self, field: Field, value: Any) -> Shown:
        """A value of the instance in the words of the language."""
        if value is None or value == ():
            return None
        if isinstance(value, bool):
            return str(self._labels["answers"]["yes" if value else "no"])
        if isinstance(value, (date, int, float)):
            return value
        if field.kind == "weekdays":
            return self._weekdays(value)
        if isinstance(value, tuple):
            return "; ".join(map(str, value))
        return str(self._labels["choices"].get(value, value) if field.kind == "choice" else value)

    def _weekdays(self, days: Sequence[int]) -> str:
        names = self._labels["weekdays"]["names"]
        return " ".join(names[d] for d in days)

    # -- the example ------------------------------------------------------------------------------------------------------

    def _example(self, form: Form, fields: Sequence[Field], found: Sequence[Values]) -> list[Shown]:
        """A worked example, with the names of the row that says most; its first cell says that it is one, and it is not read."""
        like = max(found, key=lambda values: sum(v not in (None, ()) for v in values.values()), default={})
        return [self._labels["answers"]["example"], *(self._example_of(form, field, like) for field in fields[1:])]

    def _example_of(self, form: Form, field: Field, like: Values) -> Shown:
        if (form.name, field.name) in _EXAMPLE_EMPTY:
            return None
        if field.kind == "yes_no":
            return str(self._labels["answers"]["no" if field.name == "refuse" else "yes"])
        if field.kind == "choice":
            return str(self._labels["choices"]["allowed" if field.name == "split" else field.choices[0]])
        if field.kind == "weekdays":
            return self._weekdays((1, 3))
        if field.kind == "date":
            days = _EXAMPLE_DAYS.get((form.name, field.name)) or _EXAMPLE_DAYS["", field.name]
            return self._instance.first_monday + timedelta(days=days)
        if field.ref and like.get(field.name):
            return self._shown(field, like[field.name])
        options = self._drop_downs.of(field)
        return options[0] if options else self._said["example"].get(field.name)

    # -- lists and checks -------------------------------------------------------------------------------------------------

    def _check(self, page: Any, form: Form, field: Field, column: int, last: int) -> None:
        """Checks and lists of a column; lists that are not closed only warn, and not where a cell may hold several of them."""
        note = {"input_title": self._labels["columns"][field.name][:32], "input_message": self._labels["help"][field.name][:255]}
        rules: dict[str, Any] = {"validate": "any"}
        options = self._drop_downs.of(field)
        if options:
            key = self._drop_downs.key(form.name, field)
            self._lists.setdefault(key, options)
            letter = xl_col_to_name(list(self._lists).index(key))
            closed = field.kind in ("yes_no", "choice")
            source = f"={LISTS}!${letter}$2:${letter}${len(options) + 1}"
            rules = {"validate": "list", "source": source, "error_type": "stop" if closed else "warning"}
            rules["show_error"] = field.kind != "names"
        elif field.kind == "date":
            of_term = form.name in _TERM_DATES
            first, until = date(2000, 1, 1), date(2099, 12, 31)
            if of_term:
                first, until = self._instance.first_monday, last_day(self._instance)
            rules = {"validate": "date", "criteria": "between", "minimum": first, "maximum": until, "error_type": "warning"}
        elif field.kind == "amount":
            rules = {"validate": "integer", "criteria": ">=", "value": 0, "error_type": "stop"}
        page.data_validation(1, column, last, column, {**rules, **note})


def _width(field: Field, title: str, shown: Sequence[Shown]) -> int:
    """Width of a column in characters: what stands in it, and the longest word of its title, which may take several lines."""
    longest = max((len(str(value)) for value in shown if value is not None), default=0)
    wanted = max(longest, _WIDTHS.get(field.kind, 0), *(len(word) for word in _words(title)))
    return min(_MOST_WIDTH, max(_LEAST_WIDTH, wanted + 2))


def _words(title: str) -> list[str]:
    """Words of a title; the mark of a needed column stays with the last."""
    return title.replace(" *", "\u00a0*").split(" ")


def _lines(text: str, width: int) -> int:
    return max(1, len(textwrap.wrap(text.replace(" *", "\u00a0*"), width)))


def _line_height(size: int) -> float:
    return size * 1.36
