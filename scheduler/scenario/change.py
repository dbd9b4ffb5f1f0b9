"""One change: what all kinds have in common."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from scheduler.domain.edits import Edit
from scheduler.domain.instance import Instance
from scheduler.domain.policy import Policy
from scheduler.io.columns import Column, cell_text, columns_of
from scheduler.scenario.work import Work, Wrong, WrongChange

#: Keys whose own keys are columns of a table: ``set.most_students``.
NESTED = ("where", "set")


class Change(BaseModel):
    """One change of an instance: of a kind, with keys. Frozen, and without keys that nobody declared.

    Attributes
    ----------
    kind
        What it is called in files and on the command line.
    example
        The change as it is written on the command line.
    one_of
        Keys of which exactly one is given.
    outside
        Whether its dates may lie outside the planning horizon.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kind: ClassVar[str] = ""
    example: ClassVar[str] = ""
    one_of: ClassVar[tuple[str, ...]] = ()
    outside: ClassVar[bool] = False

    def make(self, work: Work) -> str:
        """Make the change, and say what it is; raises `WrongChange` where it cannot be made."""
        raise NotImplementedError

    def wrong(self) -> Iterator[Wrong]:
        """What is wrong with the keys, whatever the instance."""
        if self.one_of:
            given = [key for key in self.one_of if getattr(self, key)]
            if len(given) != 1:
                says = f"only one of {', '.join(self.one_of)} can be given" if given else f"{' or '.join(self.one_of)} is missing"
                yield Wrong(given[-1] if given else self.one_of[0], says, code="one_of")
        start, end = getattr(self, "start", None), getattr(self, "end", None)
        if start and end and end < start:
            yield Wrong("end", f"lies before start ({start})", str(end), f"{start} or later", code="date_order")

    def unknown(self, work: Work) -> Iterator[Wrong]:
        """Names that the instance does not have, and dates that it does not cover."""
        for key, column in keys_of(type(self)).items():
            value = getattr(self, _field(key))
            if not column.ref or not value:
                continue
            known = work.ids(column.ref)
            for name in value if isinstance(value, tuple) else (value,):
                if name not in known:
                    noun = {"rules": "rule"}.get(column.ref, column.ref.removesuffix("s"))
                    yield Wrong(key, f"there is no {noun} {name!r}", str(name), "", tuple(known), "unknown_reference")
        start, end = getattr(self, "start", None), getattr(self, "end", None)
        frame = work.before
        if not self.outside and ((start and start > frame.last_day) or (end and end < frame.first_monday)):
            key = "start" if start and start > frame.last_day else "end"
            expected = f"a day of the term, {frame.first_monday} to {frame.last_day}"
            yield Wrong(key, "lies outside the term, so nothing would change", str(getattr(self, key)), expected, code="outside")

    @property
    def text(self) -> str:
        """The change as it is written on the command line; `parse_change` reads it back."""
        words = [self.kind]
        for name, value in self.model_dump(exclude_defaults=True).items():
            key = name.rstrip("_")
            if name in NESTED:
                words += [f"{key}.{column}={quoted(cell)}" for column, cell in value.items()]
            else:
                words.append(f"{key}={quoted(cell_text(value))}")
        return " ".join(words)


class Made:
    """What a change does to an instance.

    Attributes
    ----------
    edits
        Rows that are changed, left out or added.
    policy
        The policy afterwards.
    sentence
        What it is, for people.
    """

    def __init__(self, change: Change, instance: Instance) -> None:
        work = Work(instance)
        wrong = [*change.wrong(), *change.unknown(work)]
        if wrong:
            raise WrongChange(*wrong)
        said = change.make(work)
        self.sentence = "; ".join([said, *work.notes])
        self.edits: tuple[Edit, ...] = work.edits(self.sentence)
        self.policy: Policy = work.policy


def keys_of(kind: type[Change]) -> dict[str, Column]:
    """The keys of a kind, as they are written."""
    return {name.rstrip("_"): column for name, column in columns_of(kind).items()}


def fields(cells: dict[str, str]) -> dict[str, Any]:
    """Keys as they are written (``from``, ``set.shift``) to arguments of a kind."""
    found: dict[str, Any] = {}
    for key, cell in cells.items():
        head, dot, column = key.partition(".")
        if dot and head in NESTED:
            found.setdefault(head, {})[column] = cell
        else:
            found[_field(key)] = cell
    return found


def _field(key: str) -> str:
    return f"{key}_" if key == "from" else key


def quoted(cell: str) -> str:
    """A cell as one word of a change in words."""
    plain = cell and not any(c.isspace() or c in "'\"\\#" for c in cell)
    return cell if plain else shlex.quote(cell)


def when(start: date | None, end: date | None) -> str:
    """``from 2026-10-05 to 2026-10-18``; ``for the whole term`` where both are open."""
    if start is None and end is None:
        return "for the whole term"
    if start is None:
        return f"until {end}"
    return f"from {start} on" if end is None else f"from {start} to {end}"


def listed(names: tuple[str, ...]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
