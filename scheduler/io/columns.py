"""What a column holds, in words, read off the models; and what is wrong with a cell, in the same words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, TypeAdapter

from scheduler.domain.types import Clock, Count, Counts, Date, Dates, Id, Ids, Positive, Sessions, Text, Weekdays

_WORDS: tuple[tuple[Any, str], ...] = (
    (Date, "a date written YYYY-MM-DD"),
    (Dates, "dates written YYYY-MM-DD, separated by ;"),
    (Id, "an id"),
    (Ids, "ids separated by ;"),
    (tuple[Id, ...], "a list of ids"),
    (Text, "text"),
    (Weekdays, "weekdays like Tu Th or Mo-Fr"),
    (Sessions, "weekday and shift, like Fr am, separated by ;"),
    (Counts, "names with counts, like rn:2;pharmd:1"),
    (Clock, "a clock time like 07:30"),
    (Count, "a whole number of at least 0"),
    (Positive, "a whole number of at least 1"),
    (bool, "true or false"),
    (int, "a whole number"),
    (float, "a number"),
    (str, "text"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    type
        What a cell may hold, in words.
    choices
        The values allowed, where the column is a choice.
    required
        Whether every row must fill it.
    default
        Cell text of the default (empty: nothing).
    ref
        Table that it refers to, ``who_kind`` or ``what`` (the column that names the table), or empty.
    unit, example, description
        From the model.
    number
        Whether a spreadsheet should hold a number: ``int``, ``float``, ``bool`` or empty.
    """

    name: str
    type: str
    choices: tuple[str, ...]
    required: bool
    default: str
    ref: str
    unit: str
    example: str
    description: str
    number: str


@cache
def columns_of(model: type[BaseModel]) -> dict[str, Column]:
    """The columns of a table (or of shifts, placements, …) by name, in their order."""
    hints = get_type_hints(model, include_extras=True)
    found = {}
    for name, info in model.model_fields.items():
        hint = _without_none(hints[name])
        choices = get_args(hint) if get_origin(hint) is Literal else ()
        known = hint if any(kind == hint for kind, _ in _WORDS) else getattr(hint, "__origin__", hint)
        words = one_of_words(choices) if choices else next((text for kind, text in _WORDS if kind == known), "text")
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        default = "" if info.is_required() else _default_text(model, name)
        plain = next((kind for kind in (bool, int, float) if hint is kind), None)
        number = "int" if hint in (Count, Positive) else plain.__name__ if plain else ""
        found[name] = Column(
            name=name,
            type=words,
            choices=choices,
            required=info.is_required(),
            default=default,
            ref=str(extra.get("ref", "")),
            unit=str(extra.get("unit", "")),
            example=str(extra.get("example", "")),
            description=info.description or "",
            number=number,
        )
    return found


@cache
def cell_adapters(model: type[BaseModel]) -> dict[str, TypeAdapter[Any]]:
    """A validator for each column on its own, for rows that are not valid as a whole."""
    hints = get_type_hints(model, include_extras=True)
    return {name: TypeAdapter(hints[name]) for name in model.model_fields}


def one_of_words(choices: tuple[str, ...]) -> str:
    """``a, b or c``."""
    return f"{', '.join(choices[:-1])} or {choices[-1]}" if len(choices) > 1 else choices[0]


def cell_text(value: Any) -> str:
    """The text of a cell for a value as the models serialise it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        rest = [arg for arg in get_args(hint) if arg is not type(None)]
        return rest[0] if len(rest) == 1 else hint
    return hint


def _default_text(model: type[BaseModel], name: str) -> str:
    value = model.model_fields[name].get_default(call_default_factory=True)
    adapter: TypeAdapter[Any] = TypeAdapter(get_type_hints(model, include_extras=True)[name])
    return cell_text(adapter.dump_python(value))


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with one cell: message, what was expected, stable code, and the names it may have meant."""

    column: str
    message: str
    expected: str
    code: str
    meant: tuple[str, ...] = ()


def cell_errors(errors: list[Any], columns: dict[str, Column]) -> list[CellError]:
    """Translate pydantic's errors (``error.errors()``) into people's words, one a column."""
    found: dict[str, CellError] = {}
    for error in errors:
        name = str(error["loc"][0]) if error["loc"] else ""
        if name not in found:
            found[name] = _translate(name, error, columns.get(name))
    return list(found.values())


def _translate(name: str, error: Any, column: Column | None) -> CellError:
    kind = error["type"]
    words = column.type if column else ""
    if kind == "missing":
        return CellError(name, "must be filled", words, "missing_value")
    if kind == "extra_forbidden":
        return CellError(name, "is not known here", "", "unknown_column")
    if kind == "literal_error" and column:
        return CellError(name, "the value is not one of the choices", words, "unknown_choice", column.choices)
    if kind == "less_than_equal":
        return CellError(name, "the number is too large", f"a number of at most {error['ctx']['le']:,}", "type")
    if kind == "greater_than_equal":
        whole = words if words.startswith("a whole number of at least") else f"a number of at least {error['ctx']['ge']:,}"
        return CellError(name, "the number is too small", whole, "type")
    if kind == "greater_than":
        return CellError(name, "the number is too small", f"a number above {error['ctx']['gt']:,}", "type")
    if kind == "value_error":  # raised by our own cell types, whose text says what was expected
        return CellError(name, "the value does not fit", str(error["ctx"]["error"]), "type")
    return CellError(name, "the value does not fit", words or "another kind of value", "type")
