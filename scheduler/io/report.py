"""Collecting problems: all of them, but never a flood, and each with the likely fix."""

from __future__ import annotations

import difflib
import heapq
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from scheduler.errors import Problem, shorten

#: How many problems of one kind (code and column of one table) are listed in full.
MOST_ALIKE = 20


def nearest(value: str, known: Iterable[str]) -> str | None:
    """The known name that is most likely meant by `value`; None where nothing comes close.

    A name that only differs in case, spaces, punctuation or leading zeros comes first, then the one with the most
    letters in common.
    """
    value = value[:100]
    names = sorted(known)
    bare = _bare(value)
    if bare:
        for name in names:
            if _bare(name) == bare:
                return name
    if len(names) > _MOST_COMPARED:  # comparing letter by letter is slow: only with those that share the most pairs of letters
        pairs = _pairs(value)
        names = heapq.nlargest(_MOST_COMPARED, names, key=lambda name: len(pairs & _pairs(name)) / (len(name) + 1))
    folded = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(value.casefold(), folded, n=1, cutoff=0.5)
    return folded[close[0]] if close else None


_MOST_COMPARED = 100


@lru_cache(maxsize=100_000)
def _bare(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum()).lstrip("0")


@lru_cache(maxsize=100_000)
def _pairs(name: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(f" {name.casefold()} ")))


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """``did you mean 'x'?`` or the empty string."""
    name = nearest(value, known)
    return f"did you mean {name!r}?" if name is not None else ""


def one_of(choices: Collection[str]) -> str:
    """``one of a, b, c``, cut where the list is long."""
    shown = list(choices)
    if not shown:
        return ""
    if len(shown) == 1:
        return shown[0]
    return "one of " + ", ".join(shown[:12]) + (f" … ({len(shown)} in all)" if len(shown) > 12 else "")


class Report:
    """All problems of one input.

    Problems of one kind (same file, sheet, code and column) are listed up to `MOST_ALIKE` times, then counted. The nearest
    name is looked up only for those that are listed: a misspelt column in a long table must not cost minutes.
    """

    def __init__(self) -> None:
        self._listed: list[Problem] = []
        self._count: Counter[tuple[str, str, str, str]] = Counter()
        self._last: dict[tuple[str, str, str, str], Problem] = {}

    def add(self, problem: Problem, *, meant: Iterable[str] = ()) -> None:
        """Add a problem; `meant` are the names among which the nearest one to its value is suggested."""
        kind = (problem.file, problem.sheet, problem.code, problem.column)
        self._count[kind] += 1
        if self._count[kind] > MOST_ALIKE:
            self._last[kind] = problem
            return
        if not problem.suggestion and problem.value is not None:
            problem = replace(problem, suggestion=did_you_mean(problem.value, meant))
        if problem.value is not None:
            problem = replace(problem, value=shorten(problem.value))
        self._listed.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add several problems."""
        for problem in problems:
            self.add(problem)

    @property
    def failed(self) -> bool:
        """Whether any problem is an error."""
        return any(p.severity == "error" for p in self._listed)

    def problems(self) -> list[Problem]:
        """Every problem, table by table in the order in which they were read and row by row, then what was only counted."""
        tables: dict[tuple[str, str], int] = {}
        for p in self._listed:
            tables.setdefault((p.file, p.sheet), len(tables))
        listed = sorted(self._listed, key=lambda p: (tables[p.file, p.sheet], p.row or 0))
        counted = [
            replace(
                problem,
                message=f"and {self._count[kind] - MOST_ALIKE:,} more rows like these ({problem.message})",
                row=None,
                value=None,
                suggestion="",
                expected="",
            )
            for kind, problem in self._last.items()
        ]
        return sorted([*listed, *counted], key=lambda p: tables[p.file, p.sheet])
