"""What an instance already knows of a sender, form by form: the rows that a template begins with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scheduler.domain import GONE, Instance, Placement, Schedule
from scheduler.domain.tables import Row
from scheduler.intake.forms import Form
from scheduler.intake.known import Known
from scheduler.intake.sender import Sender

Values = dict[str, Any]


def prefilled(form: Form, instance: Instance, sender: Sender, schedule: Schedule | None = None) -> list[Values]:
    """Values by field of each row that the sender has in a form; nothing of anybody else.

    Parameters
    ----------
    schedule
        What is proposed, for the form of answers.
    """
    known = Known(instance, sender)
    if form.name == "answers":
        return [_proposal(p) for p in schedule.placements if _concerns(p, sender, known)] if schedule else []
    return [_values(form, row) for row in instance.rows(form.table) if _ROWS[form.name](row, sender, known)]


def _values(form: Form, row: Row) -> Values:
    values = row.model_dump()
    if "who" not in values:
        values["who"] = values.get("student") or values.get("group")
    if form.name == "staff":
        values["preceptor"] = values["who"]
    plain = dict(_python(row))
    return {field.name: plain.get(field.name, values.get(field.name)) for field in form.fields}


def _python(row: Row) -> Iterator[tuple[str, Any]]:
    """Values as the models hold them: dates as dates, tuples as tuples; what is the default of an optional column is left out."""
    for name, info in type(row).model_fields.items():
        value = getattr(row, name)
        if info.is_required() or value != info.default:
            yield name, value
        else:
            yield name, None


def _proposal(p: Placement) -> Values:
    answered = {"answer": None, "scope": None, "reason": None, "decided_by": None, "appeal": None}
    place = {"who": p.student or p.group, "part": p.part or None, "requirement": p.requirement, "slot": p.slot}
    return {**place, "start": p.start, "end": p.end, "preceptor": p.preceptor or None, **answered}


def _concerns(p: Placement, sender: Sender, known: Known) -> bool:
    if p.status in GONE:
        return False
    if sender.kind == "school":
        return p.student in known.students or p.group in known.groups  # the same id may be another school's, of the other kind
    if sender.kind == "unit":
        return p.unit == sender.id
    return sender.id in (p.preceptor, p.co_preceptor)


def is_closure(row: Any) -> bool:
    """Whether a row of capacity says that nobody at all can come."""
    return bool(row.most_students == 0 and row.profession is None)


def _of_program(row: Any, sender: Sender, known: Known) -> bool:
    return row.program in known.programs


def _of_party(row: Any, sender: Sender, known: Known) -> bool:
    return (row.who_kind == "student" and row.who in known.students) or (row.who_kind == "group" and row.who in known.groups)


def _of_student(row: Any, sender: Sender, known: Known) -> bool:
    return row.student in known.students or getattr(row, "group", None) in known.groups


def _of_unit(row: Any, sender: Sender, known: Known) -> bool:
    return bool(row.unit == sender.id)


_ROWS: Mapping[str, Callable[[Any, Sender, Known], bool]] = {
    "students": _of_program,
    "groups": _of_program,
    "availability": _of_party,
    "preferences": _of_party,
    "credits": _of_student,
    "clearances": _of_student,
    "reservations": lambda row, sender, known: row.school == sender.id,
    "slots": _of_unit,
    "capacity": lambda row, sender, known: row.unit == sender.id and not is_closure(row),
    "closures": lambda row, sender, known: row.unit == sender.id and is_closure(row),
    "staff": lambda row, sender, known: row.who_kind == "preceptor" and row.who in known.names("staff"),
    "leave": lambda row, sender, known: row.who_kind == "preceptor" and row.who == sender.id,
    "load": lambda row, sender, known: row.preceptor == sender.id,
}
