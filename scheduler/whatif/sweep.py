"""Sweeps: one change whose keys take several values, and the alternatives that come of it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from scheduler.domain import Instance
from scheduler.errors import InputError, Problem
from scheduler.scenario import Scenario, parse_change
from scheduler.scenario.change import quoted
from scheduler.whatif.alternatives import Alternative, alternative

OPTION = "--sweep"
#: More alternatives than this are a mistake.
MOST_POINTS = 1_000
_RANGE = re.compile(r"(-?\d{1,9})\.\.(-?\d{1,9})(?:/(\d{1,9}))?")
_DATES = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})(?:/(\d{1,9}))?")
#: Days from one date to the next where a range of dates does not say.
WEEK = 7


@dataclass(frozen=True, slots=True)
class Sweep:
    """A change with values to try.

    Attributes
    ----------
    text
        As it was given.
    values
        By key, the values that it takes; keys with one value do not vary.
    """

    text: str
    kind: str
    values: dict[str, tuple[str, ...]]

    @property
    def varied(self) -> tuple[str, ...]:
        """The keys that take several values."""
        return tuple(key for key, values in self.values.items() if len(values) > 1)

    def points(self) -> Iterator[tuple[tuple[tuple[str, str], ...], str]]:
        """Each combination: the values of the varied keys, and the change in words."""
        for chosen in product(*self.values.values()):
            at = dict(zip(self.values, chosen, strict=True))
            words = [self.kind, *(f"{key}={quoted(value)}" for key, value in at.items())]
            yield tuple((key, at[key]) for key in self.varied), " ".join(words)


def read_sweep(text: str) -> Sweep:
    """A change in words with ranges or lists: ``places unit=4B more=-4..4``, ``more=0..10/2``, ``unit=4B,5A``.

    A range of whole numbers has the step 1, one of dates 7 days, unless ``/`` says another.

    Raises
    ------
    InputError
        If nothing varies, a range is empty, or there are too many alternatives; and where one of the changes is wrong.
    """
    try:
        kind, *words = shlex.split(text)
    except ValueError:
        raise _wrong("is empty or has a quote that is never closed", text) from None
    values: dict[str, tuple[str, ...]] = {}
    for word in words:
        key, _, value = word.partition("=")
        values[key] = tuple(_values(value)) if value else (value,)
        if not values[key]:
            raise _wrong(f"the range of {key} is empty", value)
    found = Sweep(text, kind, values)
    size = 1
    for tried in values.values():
        size *= len(tried)
    if not found.varied:
        raise _wrong("nothing varies", text, "a range like more=-4..4 or a list like unit=4A,4B")
    if size > MOST_POINTS:
        raise _wrong(f"has {size:,} alternatives, at most {MOST_POINTS:,} are tried", text)
    for _, change in found.points():
        parse_change(change, OPTION)
    return found


def swept(instance: Instance, sweep: Sweep, before: Sequence[Scenario] = ()) -> list[Alternative]:
    """The alternatives of a sweep; scenarios are applied before it."""
    found = []
    for at, text in sweep.points():
        name = " ".join(f"{key}={value}" for key, value in at)
        change = Scenario(OPTION, (parse_change(text, OPTION),))
        found.append(alternative(instance, name, [*before, change], at))
    return found


def _values(text: str) -> Iterator[str]:
    for part in text.split(","):
        if whole := _RANGE.fullmatch(part):
            first, last, step = int(whole[1]), int(whole[2]), int(whole[3] or 1)
            if step and abs(last - first) // step < MOST_POINTS:
                yield from map(str, range(first, last + 1, step))
            elif step:
                raise _wrong(f"has more than {MOST_POINTS:,} values", part)
        elif days := _DATES.fullmatch(part):
            try:
                day, last_day = date.fromisoformat(days[1]), date.fromisoformat(days[2])
            except ValueError:
                raise _wrong("is no range of dates that exist", part) from None
            step, length = int(days[3] or WEEK), (last_day - day).days
            if step and length // step >= MOST_POINTS:
                raise _wrong(f"has more than {MOST_POINTS:,} values", part)
            if step:
                yield from ((day + timedelta(days=n)).isoformat() for n in range(0, length + 1, step))
        else:
            yield part


def _wrong(message: str, value: str, expected: str = "") -> InputError:
    return InputError(Problem(message, OPTION, value=value, expected=expected, code="sweep"))
