"""The workbook that one sender fills in: one sheet a form, lists to choose from, and nothing of anybody else."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from scheduler.domain import Instance, Schedule
from scheduler.intake.catalogue import day_text
from scheduler.intake.forms import FORMS, Field, Form
from scheduler.intake.known import Known
from scheduler.intake.prefilled import prefilled
from scheduler.intake.sender import Sender
from scheduler.intake.words import words

#: Rows with lists and checks, beyond those that are filled in.
MORE_ROWS = 500
LISTS, ABOUT = "_lists", "_about"
#: Version of the layout, for readers of later ones.
LAYOUT = 1
_WIDTH = 62
_TERM_DATES = ("availability", "capacity", "closures", "leave", "staff")
_WIDTHS = {"yes_no": 12, "amount": 12, "number": 12, "date": 14, "weekdays": 16, "choice": 18, "text": 24, "names": 24}


def template(instance: Instance, sender: Sender, schedule: Schedule | None = None, language: str = "en") -> bytes:
    """A workbook (xlsx) for a school, unit or preceptor; the same instance gives the same bytes.

    Parameters
    ----------
    schedule
        What is proposed: with it comes a sheet for answers.
    language
        One of `scheduler.intake.words.LANGUAGES`.
    """
    return _Template(instance, sender, schedule, language).bytes()


class _Template:
    def __init__(self, instance: Instance, sender: Sender, schedule: Schedule | None, language: str) -> None:
        self._instance, self._sender, self._schedule, self._language = instance, sender, schedule, language
        self._labels, self._said = words(language, "labels"), words(language, "template")
        self._known = Known(instance, sender)
        self._last = instance.first_monday + timedelta(weeks=instance.weeks) - timedelta(days=1)
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

    # -- the first sheet ----------------------------------------------------------------------------------------------

    def _cover(self, page: Any, forms: Sequence[Form]) -> None:
        said, kind = self._said, self._sender.kind
        page.set_column(0, 0, _WIDTH)
        page.hide_gridlines(2)
        head = self._look(bold=True, font_size=12, text_wrap=True, valign="top")
        plain = self._look(text_wrap=True, valign="top")
        lines: list[tuple[str, Any]] = [
            (said["title"].format(term=self._instance.name), self._look(bold=True, font_size=16, text_wrap=True)),
            (said[f"for_{kind}"].format(name=self._name()), self._look(bold=True, font_size=13, text_wrap=True)),
            (self._dates(), plain),
            ("", plain),
            (said[f"purpose_{kind}"], plain),
        ]
        if any(form.name == "answers" for form in forms):
            lines.append((said["answers_steps"].format(sheet=self._labels["sheets"]["answers"]), plain))
        lines += [("", plain), (said["sheets"], head)]
        lines += [(f"{self._labels['sheets'][form.name]}: {self._labels['about'][form.name]}", plain) for form in forms]
        lines += [("", plain), (said["rules"], head)]
        lines += [(f"{i}. {rule}", plain) for i, rule in enumerate([*said["rule"], said["required"]], start=1)]
        lines += [("", plain), (said["next"], head), (said["next_steps"], plain)]
        for row, (text, look) in enumerate(lines):
            page.write_string(row, 0, text, look)
            page.set_row(row, 15 * max(1, -(-len(text) // (_WIDTH - 6))) * (1.4 if row < 2 else 1))
        page.fit_to_pages(1, 1)
        page.set_portrait()

    def _name(self) -> str:
        kind, id_ = self._sender.kind, self._sender.id
        names = {
            "school": {s.school: s.name for s in self._instance.schools},
            "unit": {u.unit: u.name for u in self._instance.units},
            "preceptor": {p.preceptor: p.name for p in self._instance.preceptors},
        }[kind]
        name = names.get(id_) or id_
        return name if name == id_ else f"{name} ({id_})"

    def _dates(self) -> str:
        first, last = (day_text(day, self._language) for day in (self._instance.first_monday, self._last))
        return str(self._said["dates"]).format(first=first, last=last)

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
        rows = prefilled(form, self._instance, self._sender, self._schedule)
        last = len(rows) + 1 + MORE_ROWS
        for column, field in enumerate(fields):
            title = self._labels["columns"][field.name] + (" *" if field.needed else "")
            dark = "#5A6470" if field.given else "#1D4E89"
            look = self._look(bold=True, font_color="white", bg_color=dark, text_wrap=True, valign="top")
            page.write_string(0, column, title, look)
            page.write_comment(0, column, self._labels["help"][field.name], {"x_scale": 1.6})
            width = max(_WIDTHS.get(field.kind, 18), min(30, len(title) + 2))
            page.set_column(column, column, width, self._cell_look(field))
            if not field.given:
                self._check(page, form, field, column, last)
        first = 1
        if form.name != "answers":
            self._example(page, form, fields)
            first = 2
        for number, values in enumerate(rows, start=first):
            for column, field in enumerate(fields):
                self._write(page, number, column, field, values.get(field.name))
        page.freeze_panes(1, 1)
        page.set_row(0, 32)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)

    def _cell_look(self, field: Field, **more: Any) -> Any:
        kind = {"date": "yyyy-mm-dd", "amount": "0", "number": "General"}.get(field.kind, "@")
        return self._look(num_format=kind, **({"bg_color": "#EEF0F2"} if field.given else {}), **more)

    def _example(self, page: Any, form: Form, fields: Sequence[Field]) -> None:
        """A worked example; its first cell says so, and it is not read."""
        for column, field in enumerate(fields):
            value = self._example_value(form, field)
            if column == 0:
                value = self._labels["answers"]["example"]
            look = self._cell_look(field, italic=True, font_color="#6B7280")
            if isinstance(value, date):
                page.write_datetime(1, column, datetime(value.year, value.month, value.day), look)
            elif isinstance(value, int):
                page.write_number(1, column, value, look)
            else:
                page.write_string(1, column, str(value or ""), self._look(num_format="@", italic=True, font_color="#6B7280"))

    def _example_value(self, form: Form, field: Field) -> Any:
        if field.name == "leaves":
            return ""
        if field.kind == "yes_no":
            return self._labels["answers"]["no" if field.name == "refuse" else "yes"]
        if field.kind == "choice":
            return self._labels["choices"][field.choices[0]]
        if field.kind == "weekdays":
            return self._weekdays((1, 3))
        if field.kind == "date":
            weeks = {"start": 3, "first_start": 1, "last_start": 9, "available_from": 1, "give_back": 4, "trained_until": 40}
            start = self._instance.first_monday + timedelta(weeks=weeks.get(field.name, 4))
            return start + timedelta(days=4) if field.name in ("end", "trained_until") else start
        if field.name in self._said["example"]:
            return self._said["example"][field.name]
        options = self._options(field)
        return options[0] if options else ""

    def _write(self, page: Any, row: int, column: int, field: Field, value: Any) -> None:
        look = self._cell_look(field)
        if value is None or value == ():
            if field.given:
                page.write_blank(row, column, None, look)
        elif isinstance(value, bool):
            page.write_string(row, column, self._labels["answers"]["yes" if value else "no"], look)
        elif isinstance(value, date):
            page.write_datetime(row, column, datetime(value.year, value.month, value.day), look)
        elif isinstance(value, (int, float)):
            page.write_number(row, column, value, look)
        elif field.kind == "weekdays":
            page.write_string(row, column, self._weekdays(value), look)
        elif isinstance(value, tuple):
            page.write_string(row, column, "; ".join(map(str, value)), look)
        elif field.kind == "choice":
            page.write_string(row, column, self._labels["choices"].get(value, value), look)
        else:
            page.write_string(row, column, str(value), look)

    def _weekdays(self, days: Sequence[int]) -> str:
        names = self._labels["weekdays"]["names"]
        return " ".join(names[d] for d in days)

    # -- lists and checks -------------------------------------------------------------------------------------------------

    def _options(self, field: Field) -> tuple[str, ...]:
        """What a cell is chosen from; empty where anything may be written."""
        if field.kind == "yes_no":
            return tuple(self._labels["answers"][key] for key in ("yes", "no"))
        if field.kind == "choice":
            return tuple(self._labels["choices"][choice] for choice in field.choices)
        if field.kind in ("name", "names") and field.ref:
            return self._known.names(field.ref).ids
        if field.name == "cohort":
            students = {s.cohort for s in self._instance.students if s.program in self._known.programs}
            groups = {g.cohort for g in self._instance.groups if g.program in self._known.programs}
            return tuple(sorted(filter(None, students | groups)))
        if field.name == "value":
            found = [i for ref in ("specialties", "sites", "units", "slots") for i in self._known.names(ref).ids]
            return tuple(dict.fromkeys(found))
        return ()

    def _check(self, page: Any, form: Form, field: Field, column: int, last: int) -> None:
        """Checks and lists of a column; lists that are not closed only warn."""
        note = {"input_title": self._labels["columns"][field.name][:32], "input_message": self._labels["help"][field.name][:255]}
        rules: dict[str, Any] = {"validate": "any"}
        options = self._options(field)
        if options and field.kind != "names":
            key = f"{form.name} {field.name}" if field.kind == "choice" else field.ref or field.name
            key = "yes_no" if field.kind == "yes_no" else key
            self._lists.setdefault(key, options)
            letter = xl_col_to_name(list(self._lists).index(key))
            closed = field.kind in ("yes_no", "choice")
            source = f"={LISTS}!${letter}$2:${letter}${len(options) + 1}"
            rules = {"validate": "list", "source": source, "error_type": "stop" if closed else "warning"}
        elif field.kind == "date":
            of_term = form.name in _TERM_DATES
            first, until = (self._instance.first_monday, self._last) if of_term else (date(2000, 1, 1), date(2099, 12, 31))
            rules = {"validate": "date", "criteria": "between", "minimum": first, "maximum": until, "error_type": "warning"}
        elif field.kind == "amount":
            rules = {"validate": "integer", "criteria": ">=", "value": 0, "error_type": "stop"}
        page.data_validation(1, column, last, column, {**rules, **note})
