"""Why somebody got a place and not a better-ranked one: who has it, and what it would cost if they had it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scheduler.domain import Placement
from scheduler.rules.demand import meeting
from scheduler.rules.wishes import choices, matches, own_ranks
from scheduler.solve.result import placement
from scheduler.standing.ground import Ground
from scheduler.standing.swaps import Swap, holders_of, swap_into
from scheduler.verify import Report


@dataclass(frozen=True)
class Better:
    """A better-ranked wish that was not met.

    Attributes
    ----------
    open
        Whether any offer that the wish names is open to the party at all.
    holders
        Families that have such places.
    swap
        A verified schedule with the wish met; None where none was found.
    """

    what: str
    rank: int
    open: bool
    holders: tuple[int, ...]
    swap: Swap | None


@dataclass(frozen=True)
class Place:
    """A placement, the best rank that it has on the party's list (0: none), and the wishes ranked better."""

    row: Placement
    rank: int
    better: tuple[Better, ...]


def better_places(ground: Ground, report: Report, who: str, requirement: str = "") -> Iterator[Place]:
    """Each placement of a student or group with what was ranked better."""
    facts = ground.book.facts
    for party in (p for p in facts.parties if who in (p.student, p.group)):
        f = facts.family_of[party.index].index
        family = ground.family(f)
        options, now = family.options, ground.standing.chosen[f]
        for o in now[options.party[now] == party.index].tolist():
            demand = facts.demands[int(options.demand[o])]
            if requirement not in ("", demand.requirement.requirement):
                continue
            own = meeting(facts, options, demand)
            ranked = [w for w in own_ranks(facts, party) if w.requirement in (None, demand.requirement.requirement)]
            rank = int(choices(facts, party, options)[o])
            better = []
            for wish in sorted((w for w in ranked if not rank or (w.rank or 0) < rank), key=lambda w: w.rank or 0):
                there = np.flatnonzero(own & matches(facts, wish, options))
                there = there[there != o]
                mine = np.array([o], dtype=np.int64)
                swap = swap_into(ground, report, f, demand, there, mine) if len(there) else None
                holders = tuple(holders_of(ground, f, there, mine))
                what = " ".join(filter(None, (wish.what, wish.value, f"from {wish.start}" if wish.start else "")))
                better.append(Better(what, wish.rank or 0, bool(len(there)), holders, swap))
            yield Place(placement(ground.book, family, o), rank, tuple(better))
