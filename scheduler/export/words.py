"""Ids and names of people inside of sentences."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?![\w-])")
_NUMBERED = re.compile(r"(^|[:,] |\band )$")
_NAMED = re.compile(r"\b(of|by|student|group|preceptor) $", re.IGNORECASE)


class Words:
    """Words, and what is written instead of each.

    Upper and lower case are the same; where one word begins another, the longer one counts.

    Parameters
    ----------
    instead
        Word to what is written instead.
    plain
        Words of any sentence, in lower case: a group A is meant only where somebody has to be named, as in ``of A``.
    """

    def __init__(self, instead: Mapping[str, str], plain: Collection[str] = ()) -> None:
        self._instead = {word.casefold(): new for word, new in instead.items() if word}
        self._lengths = sorted({len(word) for word in instead if word}, reverse=True)
        self._plain = plain

    def replaced(self, text: str) -> str:
        """A text with all of the words replaced; dates, and the counts in a list of reasons, are no ids."""
        found: list[str] = []
        at = 0
        while at < len(text):
            end = at + 1
            new = text[at]
            if not (at and _joins(text[at - 1])):
                if date := _DATE.match(text, at):
                    end, new = date.end(), date[0]
                else:
                    end, new = next(self._at(text, at), (end, new))
            found.append(new)
            at = end
        return "".join(found)

    def _at(self, text: str, at: int) -> Iterator[tuple[int, str]]:
        """The words that begin at a place, as the place after each and what is written instead; the longest first."""
        for length in self._lengths:
            end = at + length
            word = text[at:end].casefold()
            if len(text) >= end and word in self._instead and not _joins(text[end : end + 1]):
                counts = word.isdigit() and _NUMBERED.search(text[:at]) and re.match(r" [a-z]", text[end:])
                if not counts and (word not in self._plain or _NAMED.search(text[:at])):
                    yield end, self._instead[word]


def _joins(letter: str) -> bool:
    """Whether a letter goes on a word."""
    return letter.isalnum() or letter == "_"
