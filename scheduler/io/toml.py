"""TOML in and out; only what `instance.toml` needs is written."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any

from scheduler.io.files import decode, file_problem

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
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
    if "overwrite" in said:
        return "the same key or table stands there twice; remove one of them"
    if re.search("[“”„‘’«»]", line):
        return 'put text between straight quotes: "'
    if re.search(r"\d+[/.]\d+[/.]\d+", line):
        return "write dates like 2026-08-24"
    return ""


def to_toml(data: Mapping[str, Any], path: tuple[str, ...] = ()) -> str:
    """TOML text of nested mappings: plain keys first, then lists of tables, then tables."""
    lines = [f"{_key(key)} = {_value(value)}" for key, value in data.items() if not _is_table(value)]
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


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(item) for item in value)}]"
    return repr(value)
