"""The base of every table row, and the words with which a column describes itself."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Row(BaseModel):
    """One row of an instance table: frozen, and without columns that nobody declared.

    Attributes
    ----------
    table
        Name of the table: its file is ``<table>.csv``, its sheet ``<table>``.
    key
        The columns that identify a row; empty where rows have no identity of their own.
    required
        Whether an instance must have this table to be scheduled at all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    table: ClassVar[str]
    key: ClassVar[tuple[str, ...]] = ()
    required: ClassVar[bool] = False


def column(description: str, *default: Any, ref: str = "", unit: str = "", example: str = "") -> Any:
    """Describe a column: meaning, default (none = must be filled), table it refers to, unit and an example."""
    extra: dict[str, Any] = {"ref": ref, "unit": unit, "example": example}
    if default:
        return Field(default=default[0], description=description, json_schema_extra=extra)
    return Field(description=description, json_schema_extra=extra)
