"""Every column that can say who somebody is, is known."""

from __future__ import annotations

from typing import Any

from scheduler.domain import TABLES
from scheduler.domain.tables import Row
from scheduler.domain.types import parse_id, parse_ids
from scheduler.export.columns import FORMED, LEFT_OUT, id_columns, people_columns, text_columns

TEXTS = {
    ("schools", "name"),
    ("schools", "contact"),
    ("programs", "name"),
    ("requirements", "name"),
    ("students", "home"),
    ("scholarships", "name"),
    ("sites", "name"),
    ("sites", "place"),
    ("units", "name"),
    ("preceptors", "name"),
    ("commitments", "kind"),
}


def empty(row: type[Row], cells: dict[str, Any]) -> Row:
    """A row in which only these cells are filled."""
    return row.model_construct(**(dict.fromkeys(row.model_fields) | cells))


def test_free_text_is_where_it_is_expected() -> None:
    """A new column of text is left out by itself; whoever adds one adds it here, and to the test of all exports."""
    assert {(table, column) for table, row in TABLES.items() for column in text_columns(row)} == TEXTS
    assert set(FORMED) <= set(TABLES["site_clearances"].model_fields)


def test_every_column_about_a_person_gets_pseudonyms() -> None:
    kinds = {"students": "student", "groups": "group", "preceptors": "preceptor"}
    for table, row in TABLES.items():
        for column, field in row.model_fields.items():
            extra = field.json_schema_extra
            ref = str(extra.get("ref")) if isinstance(extra, dict) else ""
            own = [kind for kind in ("student", "group", "preceptor") if ref == f"{kind}s" or column == kind]
            if own:
                cell = (column,) if "Ids" in str(field.annotation) or column.endswith("s") else column
                (found,) = people_columns(empty(row, {column: cell}), frozenset())
                assert found == (column, kinds[f"{own[0]}s"], (column,)), f"{table}.{column}"
            if ref in ("who_kind", "what"):
                for kind in ("student", "group", "preceptor"):
                    made = empty(row, {ref: kind, column: "x"})
                    assert list(people_columns(made, frozenset())) == [(column, kind, ("x",))]


def test_a_slot_is_kept_for_students_and_groups() -> None:
    row = empty(TABLES["slots"], {"kept_for": ("A", "ann")})
    assert list(people_columns(row, frozenset({"A"}))) == [("kept_for", "student", ("ann",)), ("kept_for", "group", ("A",))]


def test_every_other_id_is_looked_at() -> None:
    """Ids are people's, of a closed list, left out, or looked at for people's ids inside of them."""
    closed = {"profession", "professions", "supervises", "licence", "licences", "licence_hours"}
    known = {"student", "group", "preceptor", "co_preceptor", "cover", "faculty", "preceptors", "kept_for", *LEFT_OUT, *closed}
    for table, row in TABLES.items():
        for column, field in row.model_fields.items():
            parsers = {getattr(mark, "func", None) for mark in field.metadata}
            if parsers & {parse_id, parse_ids} and column not in known:
                assert column in id_columns(row), f"{table}.{column}"
