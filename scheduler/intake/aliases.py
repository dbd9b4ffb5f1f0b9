"""Other names of sheets, columns and values: the table in ``aliases.toml``, the titles of every language, and a file's own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from scheduler.errors import InputError, Problem
from scheduler.intake.forms import FORMS, Form
from scheduler.intake.text import bare
from scheduler.io.files import decode, read_bytes
from scheduler.io.report import did_you_mean
from scheduler.words import LANGUAGES, words

_PARTS = ("sheets", "columns", "choices", "private", "ignored", "totals")


@dataclass(frozen=True)
class Aliases:
    """What is written (see `bare`) to what is meant.

    Attributes
    ----------
    sheets, columns
        By name of the form and of the field (or ``form.field``): everything that may be written for it.
    choices
        By field with a closed list: ``value:what is written`` to the value; under ``yes_no`` what is written to true or false.
    private
        Columns that are known and never read.
    ignored
        Columns from which nothing follows, like remarks.
    totals
        First words of rows that sum up.
    examples
        What stands in the first cell of a template's example row.
    """

    sheets: Mapping[str, frozenset[str]]
    columns: Mapping[str, frozenset[str]]
    choices: Mapping[str, Mapping[str, str]]
    private: frozenset[str]
    ignored: frozenset[str]
    totals: frozenset[str]
    examples: frozenset[str] = field(default_factory=frozenset)

    def titles(self, form: Form, name: str) -> frozenset[str]:
        """Everything that may be written over a column of a form."""
        return self.columns[name] | self.columns.get(f"{form.name}.{name}", frozenset())


def load_aliases(path: Path | None = None) -> Aliases:
    """The shipped table, with that of a file on top.

    Raises
    ------
    InputError
        If the file cannot be read, or names a sheet, column or value that there is not.
    """
    return _together(_shipped(), _read(path) if path else {})


@cache
def _shipped() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "aliases.toml").read_text(encoding="utf-8"))


def _read(path: Path) -> Mapping[str, Any]:
    text = decode(read_bytes(path), path.name)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(Problem(f"is not valid TOML: {error}", path.name, code="toml")) from None
    problems = list(_wrong(data, path.name))
    if problems:
        raise InputError(problems)
    return data


def _wrong(data: Mapping[str, Any], name: str) -> Iterator[Problem]:
    fields = {f.name: f for forms in FORMS.values() for form in forms for f in form.fields}
    sheets = {form.name for forms in FORMS.values() for form in forms}
    allowed: dict[str, Any] = {
        "sheets": sheets,
        "columns": set(fields) | {f"{form.name}.{f.name}" for forms in FORMS.values() for form in forms for f in form.fields},
        "choices": {name for name, f in fields.items() if f.choices},
        "private": {"columns"},
        "ignored": {"columns"},
        "totals": {"words"},
    }
    for part, entries in data.items():
        if part not in _PARTS or not isinstance(entries, Mapping):
            yield Problem("is no part of a table of other names", name, column=part, suggestion=did_you_mean(part, _PARTS))
            continue
        for key, value in entries.items():
            place = f"{part}.{key}"
            if key not in allowed[part]:
                yield Problem("is not known", name, column=place, suggestion=did_you_mean(key, allowed[part]))
            elif part == "choices":
                own = {c for forms in FORMS.values() for form in forms for f in form.fields if f.name == key for c in f.choices}
                for choice, more in value.items() if isinstance(value, Mapping) else [("", None)]:
                    if choice not in own or not _texts(more):
                        yield Problem("needs a list of words for a value", name, column=place, expected=", ".join(sorted(own)))
            elif not _texts(value):
                yield Problem("needs a list of texts", name, column=place)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) and text.strip() for text in value)


def _together(*tables: Mapping[str, Any]) -> Aliases:
    labels = [words(language, "labels") for language in LANGUAGES]
    forms = {form.name: form for all_forms in FORMS.values() for form in all_forms}
    fields = {f.name: f for form in forms.values() for f in form.fields}

    def known(part: str, name: str) -> frozenset[str]:
        found = [name, *(page[part][name] for page in labels)]
        found += [text for table in tables for text in table.get(part, {}).get(name, ())]
        return frozenset(bare(text) for text in found)

    choices: dict[str, dict[str, str]] = {}
    for name, spec in fields.items():
        own = choices.setdefault(name, {}) if spec.choices else {}
        every = {c for form in forms.values() for f in form.fields if f.name == name for c in f.choices}
        for choice in sorted(every):
            texts = [choice, *(page["choices"][choice] for page in labels)]
            texts += [text for table in tables for text in table.get("choices", {}).get(name, {}).get(choice, ())]
            for text in texts:
                own.setdefault(f"{choice}:{bare(text)}", choice)
    yes_no = {bare(page["answers"][key]): value for page in labels for key, value in (("yes", "true"), ("no", "false"))}
    return Aliases(
        {name: known("sheets", name) for name in forms},
        {name: known("columns", name) for name in fields} | _of_forms(tables),
        {**choices, "yes_no": yes_no},
        frozenset(bare(text) for table in tables for text in table.get("private", {}).get("columns", ())),
        frozenset(bare(text) or text for table in tables for text in table.get("ignored", {}).get("columns", ())),
        frozenset(bare(text) for table in tables for text in table.get("totals", {}).get("words", ())),
        frozenset(bare(page["answers"]["example"]) for page in labels),
    )


def _of_forms(tables: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Titles that stand for a column in one form only."""
    found: dict[str, frozenset[str]] = {}
    for table in tables:
        for key, texts in table.get("columns", {}).items():
            if "." in key:
                found[key] = found.get(key, frozenset()) | {bare(text) for text in texts}
    return found
