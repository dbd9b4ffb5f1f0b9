"""Which sheets each sender fills in, and what their columns hold. Titles and help of both stand in ``words/``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from scheduler.intake.sender import SenderKind

#: How a cell is read. ``name``: an id of something known (`Field.ref`); ``new``: an id that may be new; ``amount``: a whole
#: number of at least 0; ``points``: any whole number; ``period``: first and last day in one cell, or weeks ("3/8–4/16",
#: "weeks 3-6").
Kind: TypeAlias = Literal[
    "new",
    "name",
    "names",
    "text",
    "date",
    "period",
    "yes_no",
    "amount",
    "points",
    "number",
    "choice",
    "weekdays",
]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a form.

    Attributes
    ----------
    name
        Column of the table that it fills; ``period`` and others that no table has are turned into columns that do.
    kind
        How its cells are read.
    needed
        Whether every row has to fill it.
    ref
        What the ids name: a table, ``requirements``, ``specialties``, ``shifts``, ``party`` (student or group), or
        ``staff`` (preceptors of the unit).
    choices
        The values of a ``choice``; their words stand under ``choices`` in ``words/``.
    shown
        Whether the template has the column; others are understood where a file has them.
    given
        Whether the template fills it in and the sender only reads it.
    """

    name: str
    kind: Kind
    needed: bool = False
    ref: str = ""
    choices: tuple[str, ...] = ()
    shown: bool = True
    given: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One sheet.

    Attributes
    ----------
    name
        Name of the form; its title stands in ``words/``.
    table
        Table of the instance that its rows end up in; empty for answers.
    fields
        Its columns, in the template's order.
    key
        Fields that together tell rows apart; a row with those of an earlier row is a duplicate.
    """

    name: str
    table: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Field:
        return next(f for f in self.fields if f.name == name)


#: ``only``: not available before and after.
STATUSES = ("unavailable", "avoid", "prefer", "only")
#: Beside `STATUSES`: whether somebody can come then, as yes or no.
_AVAILABLE = Field("available", "yes_no", shown=False)
#: ``site_change`` and ``waiting`` have points instead of a wish: how much each matters.
WISHES = ("specialty", "site", "unit", "slot", "preceptor", "start", "site_change", "waiting")
_PERIOD = (Field("start", "date"), Field("end", "date"), Field("period", "period", shown=False))
_WHEN = (*_PERIOD, Field("weekdays", "weekdays"), Field("shift", "name", ref="shifts"))

STUDENTS = Form(
    "students",
    "students",
    (
        Field("student", "new", needed=True),
        Field("program", "name", ref="programs"),
        Field("cohort", "new"),
        Field("group", "name", ref="groups"),
        Field("named", "yes_no"),
        Field("available_from", "date"),
        Field("drives", "yes_no"),
        Field("languages", "names"),
        Field("home", "text"),
        Field("home_lat", "number", shown=False),
        Field("home_lon", "number", shown=False),
        Field("employer_unit", "name", ref="units"),
        Field("scholarship", "name", ref="scholarships", shown=False),
        Field("tags", "names", shown=False),
        Field("leaves", "yes_no"),
    ),
    ("student",),
)
GROUPS = Form(
    "groups",
    "groups",
    (
        Field("group", "new", needed=True),
        Field("program", "name", ref="programs"),
        Field("cohort", "new"),
        Field("requirements", "names", ref="requirements"),
        Field("size", "amount", needed=True),
        Field("split", "choice", choices=("never", "allowed")),
        Field("least_size", "amount"),
        Field("faculty", "name", ref="preceptors"),
        Field("leaves", "yes_no"),
    ),
    ("group",),
)
AVAILABILITY = Form(
    "availability",
    "availability",
    (Field("who", "name", needed=True, ref="party"), *_WHEN, Field("status", "choice", choices=STATUSES), _AVAILABLE),
    ("who", "start", "end", "weekdays", "shift"),
)
PREFERENCES = Form(
    "preferences",
    "preferences",
    (
        Field("who", "name", needed=True, ref="party"),
        Field("requirement", "name", ref="requirements"),
        Field("what", "choice", choices=WISHES),
        Field("value", "text"),
        Field("start", "date"),
        Field("rank", "amount"),
        Field("score", "points"),
        Field("refuse", "yes_no"),
    ),
    ("who", "requirement", "what", "value", "start"),
)
CREDITS = Form(
    "credits",
    "credits",
    (
        Field("who", "name", needed=True, ref="party"),
        Field("requirement", "name", needed=True, ref="requirements"),
        Field("amount", "amount", needed=True),
        Field("hours", "amount"),
        Field("end", "date"),
        Field("unit", "text", shown=False),
        Field("preceptor", "text", shown=False),
    ),
)
CLEARANCES = Form(
    "clearances",
    "clearances",
    (
        Field("student", "name", needed=True, ref="students"),
        Field("item", "name", needed=True, ref="items"),
        Field("start", "date"),
        Field("end", "date"),
        Field("period", "period", shown=False),
        Field("status", "choice", choices=("on file", "promised", "waived", "refused")),
    ),
    ("student", "item", "start"),
)
RESERVATIONS = Form(
    "reservations",
    "reservations",
    (
        Field("slot", "name", needed=True, ref="slots"),
        Field("guaranteed", "amount", given=True),
        Field("give_back", "date"),
    ),
    ("slot",),
)
SLOTS = Form(
    "slots",
    "slots",
    (
        Field("slot", "new", needed=True),
        Field("specialty", "name", ref="specialties"),
        Field("professions", "names", ref="professions"),
        Field("first_start", "date"),
        Field("last_start", "date"),
        Field("length", "amount"),
        Field("length_unit", "choice", choices=("weeks", "days", "months")),
        Field("weekdays", "weekdays"),
        Field("pattern", "choice", choices=("fixed", "any", "follows")),
        Field("days_per_week", "amount"),
        Field("shift", "name", ref="shifts"),
        Field("hours_per_week", "amount"),
        Field("preceptors", "names", ref="preceptors"),
        Field("least_students", "amount"),
        Field("most_students", "amount"),
        Field("leaves", "yes_no"),
    ),
    ("slot",),
)
CAPACITY = Form(
    "capacity",
    "capacity",
    (
        *_WHEN,
        Field("profession", "name", ref="professions"),
        Field("most_students", "amount"),
        Field("most_groups", "amount"),
        Field("most_precepted", "amount"),
    ),
)
CLOSURES = Form("closures", "capacity", _WHEN, ("start", "end", "weekdays", "shift"))
LEAVE = Form(
    "leave",
    "availability",
    (*_WHEN, Field("status", "choice", choices=STATUSES), _AVAILABLE),
    ("start", "end", "weekdays", "shift"),
)
STAFF = Form(
    "staff",
    "availability",
    (Field("preceptor", "name", needed=True, ref="staff"), *_WHEN, Field("status", "choice", choices=STATUSES), _AVAILABLE),
    ("preceptor", "start", "end", "weekdays", "shift"),
)
LOAD = Form(
    "load",
    "preceptors",
    (
        Field("preceptor", "name", needed=True, ref="preceptors", given=True),
        Field("most_at_once", "amount"),
        Field("most_weeks", "amount"),
        Field("rest_weeks", "amount"),
        Field("most_units", "amount"),
        Field("supervises", "names", ref="professions"),
        Field("units", "names", ref="units"),
        Field("trained_until", "date"),
    ),
    ("preceptor",),
)
ANSWERS = Form(
    "answers",
    "",
    (
        Field("who", "name", needed=True, ref="party", given=True),
        Field("part", "amount", given=True),
        Field("requirement", "name", needed=True, ref="requirements", given=True),
        Field("slot", "name", needed=True, ref="slots", given=True),
        Field("start", "date", needed=True, given=True),
        Field("end", "date", given=True),
        Field("preceptor", "name", ref="preceptors", given=True),
        Field("answer", "yes_no"),
        Field("scope", "choice", choices=("this time", "this unit", "this preceptor")),
        Field("reason", "text"),
        Field("decided_by", "text"),
        Field("appeal", "text"),
    ),
    ("who", "part", "requirement", "slot", "start"),
)

FORMS: dict[SenderKind, tuple[Form, ...]] = {
    "school": (STUDENTS, GROUPS, AVAILABILITY, PREFERENCES, CREDITS, CLEARANCES, RESERVATIONS, ANSWERS),
    "unit": (SLOTS, CAPACITY, CLOSURES, STAFF, ANSWERS),
    "preceptor": (LEAVE, LOAD, ANSWERS),
}
