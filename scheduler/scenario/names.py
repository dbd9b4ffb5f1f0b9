"""Ids of what is new, and numbers in words."""

from __future__ import annotations

from datetime import timedelta

from scheduler.domain.types import MAX_ID_LENGTH
from scheduler.domain.wording import count
from scheduler.scenario.work import Work, Wrong, WrongChange

DAY = timedelta(days=1)
#: Room for the number behind an id.
_NUMBER = 7


def more_or_fewer(n: int) -> str:
    """``2 more students``, ``1 student fewer``."""
    return count(n, "more student") if n >= 0 else count(-n, "student fewer", "students fewer")


def new_id(work: Work, table: str, wanted: str) -> str:
    """An id that nothing has: the wanted one, or with a number behind it."""
    known, wanted = work.ids(table), wanted[: MAX_ID_LENGTH - _NUMBER]
    return next(name for k in range(1, 100_000) if (name := wanted if k == 1 else f"{wanted}-{k}") not in known)


def fresh(work: Work, table: str, key: str, name: str) -> None:
    """An id that is to be new must not be there already."""
    if name in work.ids(table):
        raise WrongChange(
            Wrong(key, f"there already is a {table.removesuffix('s')} {name!r}", name, "another id", code="duplicate_id")
        )
