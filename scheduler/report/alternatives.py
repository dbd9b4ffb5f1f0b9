"""Where else everybody could be while all others stay, and what stands in the way of what is unplaced; as far as time allows.

The book of the instance answers both (`scheduler.standing`, `scheduler.explain`). Who lacks something comes first, then who is
worst off, then all others. What time does not reach is told as not looked for, never as nothing found. An explanation takes much
longer than the places of somebody, and cannot be broken off at any moment: so places come first.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from time import monotonic

import numpy as np

from scheduler.domain import Instance, Placement, Schedule
from scheduler.explain.answers import Explainer
from scheduler.rules.demand import meeting
from scheduler.solve.result import placement
from scheduler.standing.fitting import fitting

#: So many other places are told of one placement; the others are counted.
MOST_SHOWN = 3
#: Other places have this share of the time, before what is unplaced is explained, and what that leaves.
SHARE_OF_PLACES = 0.5
#: Who, what and from when: the placement that alternatives are told of.
Key = tuple[str, str, int, str, str, date]
#: Who lacks what: student, group, part and rotation.
Lack = tuple[str, str, int, str]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another place that fits with nobody moving, and how much more each level of the policy costs with it."""

    row: Placement
    cost: tuple[int, ...]


@dataclass(frozen=True)
class Alternatives:
    """What was found.

    Attributes
    ----------
    of
        By placement: the cheapest other places, and how many there are in all. A placement that is not in it was not looked at.
    why
        By what is missing: sentences that explain it, from `scheduler.explain`. What is not in it was not looked at.
    complete
        Whether everything was looked at.
    """

    of: Mapping[Key, tuple[tuple[Alternative, ...], int]] = field(default_factory=dict)
    why: Mapping[Lack, tuple[str, ...]] = field(default_factory=dict)
    complete: bool = False


def key_of(row: Placement) -> Key:
    """What tells a placement from all others of a schedule."""
    return row.student, row.group, row.part, row.requirement, row.slot, row.start


def alternatives(
    instance: Instance,
    schedule: Schedule,
    first: Sequence[str] = (),
    *,
    time_limit_s: float,
    stop: threading.Event | None = None,
    on_phase: Callable[[str], None] = lambda _: None,
) -> Alternatives:
    """Look for other places of everybody, and explain what is unplaced.

    Parameters
    ----------
    first
        Students and groups that are looked at before all others, by id.
    time_limit_s
        Seconds after the instance was read; other places have half of them, explanations what is left.
    stop
        Ends it early; what was found is told.

    Raises
    ------
    InputError
        If the schedule breaks rules of the instance.
    """
    stop = stop or threading.Event()
    on_phase("reading what stands")
    halted = threading.Event()  # of explanations: time is up
    explainer = Explainer(instance, schedule, stop=halted)
    begin = monotonic()
    half, end = begin + time_limit_s * SHARE_OF_PLACES, begin + time_limit_s
    why: dict[Lack, tuple[str, ...]] = {}
    of: dict[Key, tuple[tuple[Alternative, ...], int]] = {}
    missing = explainer.missing()
    search = _Search(explainer)
    parties = deque(enumerate(search.ordered([*(m.who for m in missing), *first]), start=1))
    total = len(parties)

    def places(until: float) -> None:
        while parties and not stop.is_set() and monotonic() < until:
            k, party = parties.popleft()
            if k % 10 == 1:
                on_phase(f"other places: {k} of {total}")
            of.update(search.of_party(party))

    places(half)
    for k, one in enumerate(missing, start=1):
        if stop.is_set() or monotonic() > end:
            break
        on_phase(f"unplaced {k} of {len(missing)}: {one.who}, {one.row.requirement}")
        with _timer(halted, end - monotonic()):
            row, answer = one.row, explainer.unplaced(one)
        if not halted.is_set():
            why[row.student, row.group, row.part, row.requirement] = answer.lines
    places(end)
    return Alternatives(of, why, complete=not parties and len(why) == len(missing))


class _timer:
    """Sets an event when time is up before the block ends."""

    def __init__(self, event: threading.Event, seconds: float) -> None:
        self._timer = threading.Timer(max(0.0, seconds), event.set)

    def __enter__(self) -> None:
        self._timer.daemon = True
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


class _Search:
    """Looks for other places in a schedule as it stands."""

    def __init__(self, explainer: Explainer) -> None:
        self._ground = explainer.ground
        self._facts = explainer.ground.book.facts

    def ordered(self, first: Iterable[str]) -> list[int]:
        """All parties by number, those named first."""
        rank = {name: -i for i, name in enumerate(reversed(list(dict.fromkeys(first))), start=1)}
        parties = self._facts.parties
        return sorted(range(len(parties)), key=lambda p: (min(rank.get(n, 0) for n in _names(parties[p])), p))

    def of_party(self, p: int) -> dict[Key, tuple[tuple[Alternative, ...], int]]:
        """The other places of each placement of one party."""
        ground, facts = self._ground, self._facts
        party = facts.parties[p]
        f = facts.family_of[party.index].index
        family = ground.family(f)
        options, now = family.options, ground.standing.chosen[f]
        found = {}
        for o in now[options.party[now] == party.index].tolist():
            same = meeting(facts, options, facts.demands[int(options.demand[o])]).copy()
            same[now] = False
            fits = fitting(ground, f, np.flatnonzero(same), np.array([o], dtype=np.int64))
            rows: dict[tuple[object, ...], Alternative] = {}
            for fit in fits:
                row = placement(ground.book, family, fit.option)
                rows.setdefault(
                    (row.unit, row.preceptor, row.start, row.end, row.weekdays, row.shift), Alternative(row, fit.cost)
                )
            found[key_of(placement(ground.book, family, o))] = (tuple(rows.values())[:MOST_SHOWN], len(rows))
        return found


def _names(party: object) -> tuple[str, ...]:
    return tuple(str(getattr(party, name)) for name in ("id", "student", "group"))
