"""A reader for MiniZinc data files (``.dzn``): the part of the language that holds numbers.

Understood are ``name = value;`` with whole numbers, ``true``/``false``, ``[1, 2]``, ``[| 1, 2 | 3, 4 |]`` and
``array1d`` to ``array3d`` over ranges like ``1..Students``, with ``%`` and ``/* */`` comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from scheduler.errors import InputError, Problem, shorten

MAX_BYTES = 20_000_000
MAX_DIGITS = 9

_TOKEN = re.compile(
    r"(?P<blank>\s+|%[^\n]*|/\*.*?\*/)"
    r"|(?P<number>-?[0-9]+(?![\w]|\.[0-9]))"
    r"|(?P<name>[A-Za-z]\w*)"
    r"|(?P<sign>\[\||\|\]|\.\.|[\[\]|(),=;])",
    re.DOTALL | re.ASCII,
)
_TRUTH = {"true": 1, "false": 0}


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One assignment of a data file.

    Attributes
    ----------
    value
        Whole numbers; the array has no dimension for a scalar. Truth values are 0 and 1.
    line
        1-based line on which the assignment starts.
    """

    value: NDArray[np.int64]
    line: int


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


def read_dzn(path: Path) -> dict[str, Item]:
    """All assignments of a MiniZinc data file, by name.

    Raises
    ------
    InputError
        If the file cannot be read or is not of the form described above; the problem carries the line as its row.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(Problem(f"the file is larger than {MAX_BYTES // 1_000_000} MB", file=path.name, code="too-large"))
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(Problem("the file is not text in UTF-8", file=path.name, code="encoding")) from None
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}"
        raise InputError(Problem(message, file=path.name, code="unreadable")) from None
    return _Parser(text, path.name).items()


class _Parser:
    """Recursive descent over the tokens of one file, one token ahead."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.known: dict[str, Item] = {}
        self.tokens = self._tokens(text)
        self.ahead = next(self.tokens)

    def items(self) -> dict[str, Item]:
        while self.ahead.kind != "end":
            name = self._take("name")
            if name.text in self.known:
                self._fail(f"{name.text} is given twice", name)
            self._take("=")
            self.known[name.text] = Item(self._value(), name.line)
            if self.ahead.kind != "end":
                self._take(";")
        return self.known

    # -- values ---------------------------------------------------------------------------------------------------

    def _value(self) -> NDArray[np.int64]:
        head = self.ahead
        if head.kind in ("[", "[|"):
            return self._array()
        if head.text in ("array1d", "array2d", "array3d"):
            return self._shaped()
        return np.asarray(self._number(), dtype=np.int64)

    def _shaped(self) -> NDArray[np.int64]:
        head = self._take("name")
        self._take("(")
        shape = []
        for _ in range(int(head.text[5])):
            low = self._bound()
            self._take("..")
            shape.append(max(0, self._bound() - low + 1))
            self._take(",")
        flat = self._array().ravel()
        self._take(")")
        asked = shape[0]
        for length in shape[1:]:
            asked *= length
        if asked != flat.size:
            self._fail(f"the array has {flat.size} numbers where {' × '.join(map(str, shape))} = {asked} belong", head)
        return flat.reshape(shape)

    def _array(self) -> NDArray[np.int64]:
        if self.ahead.kind == "[":
            self._take("[")
            row = self._row("]")
            self._take("]")
            return np.asarray(row, dtype=np.int64)
        self._take("[|")
        rows: list[list[int]] = []
        while self.ahead.kind != "|]":
            line = self.ahead
            rows.append(self._row("|", "|]"))
            if len(rows[-1]) != len(rows[0]):
                self._fail(f"the row has {len(rows[-1])} numbers where the rows before have {len(rows[0])}", line)
            if self.ahead.kind == "|":
                self._take("|")
        self._take("|]")
        return np.asarray(rows, dtype=np.int64).reshape(len(rows), len(rows[0]) if rows else 0)

    def _row(self, *ends: str) -> list[int]:
        numbers = []
        while self.ahead.kind not in ends:
            numbers.append(self._number())
            if self.ahead.kind not in ends:
                self._take(",")
        return numbers

    def _number(self) -> int:
        if self.ahead.text in _TRUTH:
            return _TRUTH[self._take("name").text]
        token = self._take("number")
        if len(token.text.lstrip("-")) > MAX_DIGITS:
            self._fail(f"the number has more than {MAX_DIGITS} digits", token)
        return int(token.text)

    def _bound(self) -> int:
        if self.ahead.kind != "name":
            return self._number()
        token = self._take("name")
        item = self.known.get(token.text)
        if item is None or item.value.ndim:
            self._fail(f"{shorten(token.text)} is not a number given before", token)
        return int(item.value)

    # -- tokens ---------------------------------------------------------------------------------------------------

    def _take(self, kind: str) -> _Token:
        token = self.ahead
        if token.kind != kind:
            wanted = {"name": "a name", "number": "a whole number"}.get(kind, f"'{kind}'")
            found = "the end of the file" if token.kind == "end" else f"'{shorten(token.text)}'"
            self._fail(f"{found} stands where {wanted} belongs", token)
        self.ahead = next(self.tokens)
        return token

    def _tokens(self, text: str) -> Iterator[_Token]:
        position, line = 0, 1
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                word = text[position:].split(None, 1)[0]
                self._fail(f"{shorten(word, 20)!r} is not understood", _Token("", word, line))
            if match.lastgroup != "blank":
                kind = match[0] if match.lastgroup == "sign" else str(match.lastgroup)
                yield _Token(kind, match[0], line)
            line += match[0].count("\n")
            position = match.end()
        yield _Token("end", "", line)

    def _fail(self, message: str, token: _Token) -> NoReturn:
        raise InputError(Problem(message, file=self.file, row=token.line, code="syntax"))
