"""How many are somewhere at once, and the largest excess of each calendar week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from scheduler.domain import DAY_MINUTES
from scheduler.domain.tables import Commitment
from scheduler.verify.facts import Facts
from scheduler.verify.placed import Placed, day_name, names
from scheduler.verify.timing import Window, overlap

#: Minutes in which sessions of one date can lie: those of a night shift reach into the next day.
ANY_TIME = (0, 3 * DAY_MINUTES)

Count = Callable[[Placed], int]


def students(placed: Placed) -> int:
    """Count students."""
    return placed.size


class Excess:
    """The largest excess of each calendar week, and who causes it."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._worst: dict[int, tuple[int, int, tuple[Placed, ...]]] = {}

    def add(self, first: int, last: int, excess: int, placed: Iterable[Placed]) -> None:
        """An excess that holds from a first to a last day."""
        if excess <= 0:
            return
        who = tuple(placed)
        for monday in range(self._facts.monday(first), last + 1, 7):
            if monday not in self._worst or excess > self._worst[monday][0]:
                self._worst[monday] = (excess, max(first, monday), who)

    def together(self) -> Iterator[tuple[str, tuple[Placed, ...], int, str]]:
        """Those who are too many together: the first day, who, the excess summed over weeks, and words for the other weeks."""
        same: dict[tuple[int, ...], list[tuple[int, int, tuple[Placed, ...]]]] = defaultdict(list)
        for monday in sorted(self._worst):
            same[tuple(id(p) for p in self._worst[monday][2])].append(self._worst[monday])
        for weeks in same.values():
            _, day, who = weeks[0]
            more = f", and in {len(weeks) - 1} more weeks" if len(weeks) > 1 else ""
            yield day_name(day), who, sum(w[0] for w in weeks), more


def presence(placed: Iterable[Placed]) -> Iterator[tuple[int, int, list[Placed]]]:
    """Stretches of days on which the same placements are present, with these placements; never empty ones."""
    everybody = list(placed)
    cuts = sorted({p.start for p in everybody} | {p.end + 1 for p in everybody})
    for first, after in pairwise(cuts):
        present = [p for p in everybody if p.start <= first <= p.end]
        if present:
            yield first, after - 1, present


def days_of(placed: Iterable[Placed]) -> dict[int, list[Placed]]:
    """Placements by day: those with a session on it, and on every day those that follow the preceptor."""
    days: dict[int, list[Placed]] = defaultdict(list)
    for p in placed:
        for day in range(p.start, p.end + 1) if p.timing.follows else p.timing.days:
            days[day].append(p)
    return days


def busiest(
    day: int,
    there: list[Placed],
    within: tuple[int, int],
    most: int,
    count: Count,
    commitments: Iterable[tuple[Commitment, Window]],
) -> tuple[int, list[Placed]]:
    """The largest excess at any minute of a day's sessions, and who is there then.

    Commitments take their places first: where they take more than there are, none is left, which by itself is no excess.

    Parameters
    ----------
    there
        Placements with a session on that day, or that follow the preceptor: these are there at every minute.
    within
        The minutes that are looked at.
    most
        Most that may be there at once.
    count
        How much a placement counts.
    """
    committed = [(row.students, window.span) for row, window in commitments if row.students and window.has(day)]
    if sum(count(p) for p in there) <= most - sum(size for size, _ in committed):
        return 0, []
    spans = [(p, ANY_TIME if p.timing.follows else p.timing.span) for p in there]
    worst, who = 0, list[Placed]()
    all_spans = [*(span for _, span in spans), *(span for _, span in committed)]
    for minute in sorted({max(span[0], within[0]) for span in all_spans if overlap(span, within)}):
        present = [p for p, span in spans if span[0] <= minute < span[1]]
        taken = sum(size for size, span in committed if span[0] <= minute < span[1])
        excess = sum(count(p) for p in present) - max(0, most - taken)
        if excess > worst:
            worst, who = excess, [p for p in present if count(p)]
    return worst, who


def too_many(who: tuple[Placed, ...], count: Count, thing: str, day: str, most: int) -> str:
    """`2 students on 2026-09-14 (s1, s2), at most 1 allowed`."""
    total = sum(count(p) for p in who)
    return f"{total} {thing if total != 1 else thing.removesuffix('s')} on {day} ({names(who)}), at most {most} allowed"
