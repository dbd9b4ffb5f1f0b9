"""Ids of slots, teams and places that tell who somebody is, because people's ids or names were put into them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

_LONG = 6
_SHORTEST = 2
_WORD = re.compile(r"[^\W_]+")


def is_long(one: str) -> bool:
    """Whether an id is so long that it is no accident inside of another one."""
    return len(one) >= _LONG


class Telling:
    """Finds ids and names of people inside of other ids.

    Long ones are found anywhere, shorter ones as words of their own; short numbers and single letters mean too much to count.
    """

    def __init__(self, people: Iterable[str]) -> None:
        self._long: dict[int, set[str]] = defaultdict(set)
        self._words: set[tuple[str, ...]] = set()
        for one in people:
            text = one.casefold()
            if is_long(text):
                self._long[len(text)].add(text)
            elif len(text) >= _SHORTEST and not text.isdigit() and (words := tuple(_WORD.findall(text))):
                self._words.add(words)
        self._most = max(map(len, self._words), default=0)

    def tells(self, text: str) -> bool:
        """Whether somebody's id or name is in a text."""
        text = text.casefold()
        if any(text[i : i + n] in known for n, known in self._long.items() for i in range(len(text) - n + 1)):
            return True
        words = _WORD.findall(text)
        spans = ((i, j) for i in range(len(words)) for j in range(i + 1, min(len(words), i + self._most) + 1))
        return any(tuple(words[i:j]) in self._words for i, j in spans)
