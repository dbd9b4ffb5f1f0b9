"""Ids and names of people inside of sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping


class Words:
    """Words, and what is written instead of each.

    Upper and lower case are the same; where one word begins another, the longer one counts.
    """

    def __init__(self, instead: Mapping[str, str]) -> None:
        self._instead = {word.casefold(): new for word, new in instead.items() if word}
        longest_first = sorted(self._instead, key=lambda word: (-len(word), word))
        self._any = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)

    def replaced(self, text: str) -> str:
        """A text with all of the words replaced; the counts in a list of reasons are no ids."""
        if not self._instead:
            return text

        def new(found: re.Match[str]) -> str:
            before, after = text[: found.start()], text[found.end() :]
            counts = found[0].isdigit() and re.search(r"(^|[:,] )$", before) and re.match(r" [a-z]", after)
            return found[0] if counts else self._instead.get(found[0].casefold(), "…")

        return self._any.sub(new, text)
