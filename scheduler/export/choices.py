"""Which choice of the ranked lists about it each placement is."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.verify.facts import Facts
from scheduler.verify.placed import Placed
from scheduler.verify.suitability import concerns, fulfils
from scheduler.verify.wishes import WEIGHING, ranked_lists

#: Of a placement that no ranked list is about.
NO_LIST = -1


def choices(facts: Facts) -> Iterator[tuple[Placed, int]]:
    """Of each placement the best rank that a list about it gives it: 0 where lists name others only, `NO_LIST` without a list.

    Lists are those of the party, its students and its school, as the rule *preference* counts them.
    """
    for party, placed in facts.by_party.items():
        wishes = (*facts.own_wishes(party), *facts.school_wishes(party))
        lists = ranked_lists([row for row in wishes if row.what not in WEIGHING and not row.refuse])
        for p in placed:
            about = [ranked for ranked in lists if concerns(p, ranked[0])]
            held = (row.rank for ranked in about for row in ranked if row.rank and fulfils(p, row))
            yield p, min(held, default=0) if about else NO_LIST
