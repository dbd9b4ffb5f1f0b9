"""The page about forms: every sheet and column, what else it may be called, and everything that can be said about a file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scheduler.intake.forms import FORMS, Field, Form
from scheduler.intake.mapping import SHIPPED, load_mapping
from scheduler.words import words

_KINDS = {
    "new": "an id of your own",
    "name": "a known id or name",
    "names": "known ids or names, separated by ;",
    "text": "text",
    "date": "a date",
    "period": "two dates or weeks",
    "yes_no": "yes or no",
    "amount": "a whole number",
    "points": "a whole number, also a negative one",
    "number": "a number",
    "weekdays": "weekdays",
}


def forms_markdown() -> str:
    """The content of ``docs/intake-forms.md``, without its title."""
    aliases = tomllib.loads((Path(__file__).parent / "aliases.toml").read_text(encoding="utf-8"))
    parts = [
        "What each sheet of a template holds. Titles may be in any language of the program or one of the other names in the last "
        "column; capitals, spaces, accents and marks do not matter, nor does what stands in brackets. Columns in *italics* are "
        "not in the template and are understood where a file has them.\n"
    ]
    for sender, forms in FORMS.items():
        parts.append(f"## From a {sender}\n")
        parts += [part for form in forms for part in _form(form, aliases)]
    parts += list(_lists(aliases))
    parts.append("## Layouts of other systems\n")
    parts.append(
        "`--mapping NAME` reads a file that has one of these layouts; a copy of the file, adapted, describes another one.\n"
    )
    parts += [f"- `{name}`: {load_mapping(name).file.title}." for name in SHIPPED]
    parts.append("\n## What is said about cells, rows and sheets\n")
    parts.append("| code | what is wrong | what to do |\n| --- | --- | --- |")
    parts += [f"| `{code}` | {_cell(said['message'])} | {_cell(said['fix'])} |" for code, said in words("en", "findings").items()]
    return "\n".join(parts) + "\n"


def _form(form: Form, aliases: Mapping[str, Any]) -> Iterator[str]:
    labels = words("en", "labels")
    also = ", ".join(aliases["sheets"].get(form.name, []))
    yield f"### {labels['sheets'][form.name]}\n\n{labels['about'][form.name]} The sheet may also be called: {also}.\n"
    yield "| column | holds | | also called |\n| --- | --- | --- | --- |"
    for field in form.fields:
        title = labels["columns"][field.name]
        title = f"**{title}**" if field.needed else title if field.shown else f"*{title}*"
        names = aliases["columns"]
        also = ", ".join([*names.get(field.name, []), *names.get(f"{form.name}.{field.name}", [])])
        yield f"| {title} | {_holds(field)} | {labels['help'][field.name]} | {also} |"
    yield ""


def _holds(field: Field) -> str:
    labels = words("en", "labels")["choices"]
    return ", ".join(labels[c] for c in field.choices) if field.choices else _KINDS[field.kind]


def _lists(aliases: Mapping[str, Any]) -> Iterator[str]:
    labels = words("en", "labels")
    yield "## Words for closed lists\n\n| column | value | may also be written |\n| --- | --- | --- |"
    for name, choices in aliases["choices"].items():
        for choice, texts in choices.items():
            yield f"| {labels['columns'][name]} | {labels['choices'][choice]} | {', '.join(texts)} |"
    yield "\nA file of the form of `scheduler/intake/aliases.toml` adds other names: `rotations intake check --aliases FILE`.\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
