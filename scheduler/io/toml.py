"""TOML in and out; only what `instance.toml` needs is written."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from scheduler.io.files import decode, file_problem

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_TABLE = re.compile(r"\s*(\[{1,2})([^\[\]]+)\]")
_ENTRY = re.compile(r"\s*([^=#\[]+?)\s*=")
_PART = re.compile(r"""["']([^"']*)["']|([A-Za-z0-9_-]+)""")
#: Deeper than this, lines of keys are not told apart.
_DEEPEST = 4
_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)$")


def parse_toml(data: bytes, name: str) -> dict[str, Any]:
    """The content of a TOML file; an `InputError` names the line where it is not TOML."""
    text = decode(data, name)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        line = _LINE.search(said)
        message = f"is not valid TOML: {_LINE.sub('', said).replace(' (at end of document)', ' at its end')}"
        row = int(line[1]) if line else None
        raise file_problem(name, message, "toml", row=row, suggestion=_fix(text, row, said)) from None
    except RecursionError:
        raise file_problem(name, "is not valid TOML: it is nested too deeply", "toml") from None


def _fix(text: str, row: int | None, said: str) -> str:
    """What people get wrong most often, where the line looks like it."""
    line = text.splitlines()[row - 1] if row and row <= len(text.splitlines()) else ""
    if "overwrite" in said or "twice" in said:
        return "the same key or table stands there twice; remove one of them"
    if re.search("[“”„‘’«»]", line):
        return 'put text between straight quotes: "'
    if re.search(r"\d+[/.]\d+[/.]\d+", line):
        return "write dates like 2026-08-24"
    if re.search(r"=\s*\d+,\d", line):
        return "write numbers without commas: 1000"
    if word := re.search(r"=\s*([A-Za-z_]+)\s*(#.*)?$", line):
        return f'put text between quotes: "{word[1]}"' if word[1].lower() not in ("true", "false") else "write true or false"
    return ""


def key_lines(text: str) -> Callable[[Sequence[str]], int | None]:
    """Tells the line where a key stands, or at least the table that it should be in; None where neither is found."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    numbers: Counter[tuple[str, ...]] = Counter()
    for number, line in enumerate(text.splitlines(), start=1):
        if head := _TABLE.match(line):
            table = _parts(head[2])
            if head[1] == "[[":
                numbers[table] += 1
                table = (*table, str(numbers[table]))
            here = table
        elif entry := _ENTRY.match(line):
            here = (*table, *_parts(entry[1]))
        else:
            continue
        for depth in range(1, min(len(here), _DEEPEST) + 1):
            lines.setdefault(here[:depth], number)
    return lambda keys: next((lines[here] for n in range(len(keys), 0, -1) if (here := tuple(keys[:n])) in lines), None)


def _parts(key: str) -> tuple[str, ...]:
    """The parts of a dotted key; a quoted part may hold dots and blanks."""
    return tuple(bare or quoted for quoted, bare in _PART.findall(key))


def to_toml(data: Mapping[str, Any], path: tuple[str, ...] = ()) -> str:
    """TOML text of nested mappings: plain keys first, then lists of tables, then tables."""
    lines = [f"{_key(key)} = {toml_value(value)}" for key, value in data.items() if not _is_table(value)]
    blocks = ["\n".join(lines)] if lines else []
    for key, value in data.items():
        inner = (*path, key)
        name = ".".join(_key(part) for part in inner)
        if isinstance(value, Mapping):
            plain = not value or any(not _is_table(v) for v in value.values())
            blocks.append((f"[{name}]\n" if plain else "") + to_toml(value, inner))
        elif _is_table(value):
            blocks += [f"[[{name}]]\n{to_toml(item, inner)}" for item in value]
    return "\n\n".join(block.rstrip("\n") for block in blocks) + "\n"


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list | tuple) and bool(value) and isinstance(value[0], Mapping))


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def toml_value(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml_value(item) for item in value)}]"
    return repr(value)
