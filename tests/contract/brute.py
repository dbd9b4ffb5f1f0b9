"""Brute force over options, judged twice: by the statements and by the verifier, which share nothing."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

import numpy as np

from scheduler.domain import Instance, Schedule, Status
from scheduler.model import Book, FamilyBook, compile_book, evaluate
from scheduler.offers.days import IntArray
from scheduler.solve.result import placements
from scheduler.verify import verify

Picked = tuple[int, ...]


@dataclass(frozen=True)
class Verdict:
    """What one reader says of a choice: the rules that it breaks, and the penalty of each soft rule (zeros left out)."""

    broken: frozenset[str]
    penalty: dict[str, int]


@dataclass(frozen=True)
class Small:
    """A compiled small instance, with its families at hand."""

    instance: Instance

    @cached_property
    def book(self) -> Book:
        return compile_book(self.instance)

    @cached_property
    def families(self) -> list[FamilyBook]:
        return list(self.book.families())

    def picks(self, f: int) -> list[list[Picked]]:
        """For each party and demand of a family, every set of its options with at most `blocks` members."""
        options = self.families[f].options
        buckets: dict[tuple[int, int], list[int]] = {}
        for o, key in enumerate(zip(options.party.tolist(), options.demand.tolist(), strict=True)):
            buckets.setdefault(key, []).append(o)
        return [
            [c for n in range(self.book.facts.demands[demand].requirement.blocks + 1) for c in combinations(found, n)]
            for (_, demand), found in buckets.items()
        ]

    @cached_property
    def size(self) -> int:
        """How many combinations there are."""
        return math.prod(len(picks) for f in range(len(self.families)) for picks in self.picks(f))

    def of_family(self, f: int) -> Iterator[Picked]:
        """All choices of one family."""
        for parts in product(*self.picks(f)):
            yield tuple(sorted(o for part in parts for o in part))

    def all(self) -> Iterator[tuple[Picked, ...]]:
        """All choices."""
        return product(*(list(self.of_family(f)) for f in range(len(self.families))))

    def sample(self, rng: random.Random, count: int) -> Iterator[tuple[Picked, ...]]:
        """Random choices, some of them sparse; every fourth has an option too many."""
        picks = [self.picks(f) for f in range(len(self.families))]
        for k in range(count):
            density = rng.random()
            chosen = [{o for part in family if rng.random() < density for o in rng.choice(part)} for family in picks]
            if k % 4 == 3:
                f = rng.randrange(len(self.families))
                chosen[f] |= {rng.randrange(n)} if (n := len(self.families[f].options)) else set()
            yield tuple(tuple(sorted(part)) for part in chosen)

    def by_statements(self, chosen: Sequence[Picked]) -> Verdict:
        """The verdict of the book's evaluator."""
        found = evaluate(self.book, self.families, arrays(chosen))
        soft = {r.id for r in self.book.rules if r.setting.kind == "soft"}
        penalty = {self.book.rules[r].id: int(v) for r, v in found.penalty.items() if v}
        assert set(penalty) <= soft, f"{set(penalty) - soft} cost something though they are hard"
        return Verdict(frozenset(text.split(":")[0] for text in found.broken), penalty)

    def by_verifier(self, chosen: Sequence[Picked]) -> Verdict:
        """The verdict of the verifier on the schedule that the choice stands for."""
        schedule = Schedule(status=Status.FEASIBLE, placements=placements(self.book, self.families, arrays(chosen)))
        report = verify(self.instance, schedule)
        return Verdict(frozenset(v.rule for v in report.violations), {r: v for r, v in report.penalties.items() if v})

    def cost(self, chosen: Sequence[Picked]) -> tuple[int, ...] | None:
        """Weighted cost by level, None where a hard row is broken."""
        found = evaluate(self.book, self.families, arrays(chosen))
        return None if found.broken else found.by_level(self.book)

    def best(self) -> tuple[int, ...] | None:
        """The least cost of all choices, level after level; None where none is valid."""
        costs = [cost for chosen in self.all() if (cost := self.cost(chosen)) is not None]
        return min(costs, default=None)


def arrays(chosen: Sequence[Picked]) -> list[IntArray]:
    """A choice as the arrays that the model takes."""
    return [np.array(part, dtype=np.int64) for part in chosen]


def difference(small: Small, chosen: Sequence[Picked]) -> str:
    """How the two readers differ about a choice, in words; empty where they agree.

    An option says which time it meets of a rotation that is asked twice, a placement does not: there the verifier assumes the
    best, so it may accept more and find less missing.
    """
    ours, theirs = small.by_statements(chosen), small.by_verifier(chosen)
    if any(demand.copy for demand in small.book.facts.demands):
        if ours.broken:
            return ""
        if theirs.penalty.get("requirement", 0) <= ours.penalty.get("requirement", 0):
            theirs.penalty.pop("requirement", None)
            ours.penalty.pop("requirement", None)
    if bool(ours.broken) != bool(theirs.broken):
        return f"broken by statements {sorted(ours.broken)}, by the verifier {sorted(theirs.broken)}"
    rules = sorted({*ours.penalty, *theirs.penalty})
    apart = [
        f"{r} {ours.penalty.get(r, 0)} / {theirs.penalty.get(r, 0)}"
        for r in rules
        if ours.penalty.get(r) != theirs.penalty.get(r)
    ]
    return "" if ours.broken or not apart else f"penalty by statements / verifier: {', '.join(apart)}"
