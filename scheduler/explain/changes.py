"""The smallest changes to an instance that would place a rotation: found by one elastic compile, claimed only when verified."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from scheduler.domain import Placement
from scheduler.domain.edits import Edit, changed
from scheduler.errors import InputError
from scheduler.explain.mends import MENDS, Wanted, mended
from scheduler.solve import ONE_MODEL
from scheduler.solve.result import placement
from scheduler.standing.forced import best_with
from scheduler.standing.ground import Ground, Missing, judged, places
from scheduler.verify import Report

#: So many verified changes are told of each rotation;
MOST_CHANGES = 3
#: and so many candidates are tried for them, of these so many by a re-solve.
MOST_TRIES, MOST_SOLVES = 24, 4
#: What a change counts in addition where the student's own other placements would have to move.
OWN_MOVES = 5
#: More rules than these at once are no small change.
MOST_RULES = 3


@dataclass(frozen=True)
class Change:
    """A change that was verified: with it a schedule exists in which the rotation is placed and nothing else gets lost.

    Attributes
    ----------
    edits
        Rows to change; none where nothing has to change.
    price
        What the order of changes goes by.
    gets
        The placements that the party gets.
    moved
        Ids of the other parties that move; the party itself where its own other placements do.
    placements
        The schedule that proves it.
    """

    edits: tuple[Edit, ...]
    price: int
    gets: tuple[Placement, ...]
    moved: tuple[Placement, ...]
    placements: tuple[Placement, ...]

    @property
    def sentence(self) -> str:
        return ", and ".join(edit.sentence for edit in self.edits) or "nothing has to change"


@dataclass(frozen=True)
class _Candidate:
    price: int
    edits: tuple[Edit, ...]
    option: Placement
    alone: bool  # whether everything else can stay as it is


class Changes:
    """Looks for changes that would place what a schedule leaves out.

    Parameters
    ----------
    ground
        The schedule as it stands.
    report
        What the verifier says of it.
    private
        Whether other schools are not to be named.
    """

    def __init__(self, ground: Ground, report: Report, *, private: bool = False, stop: threading.Event | None = None) -> None:
        self.ground, self.report, self.private = ground, report, private
        self.stop = stop or threading.Event()
        policy = ground.instance.policy
        hard = {rule.id for rule in ground.book.rules if policy.setting(rule.spec).kind == "hard"}
        self.prices = {rule: price for rule, (price, _) in MENDS.items() if rule in hard}

    @cached_property
    def elastic(self) -> Ground:
        """The same ground where rules that a change can mend have a price; made when it is first asked."""
        return Ground(self.ground.instance, self.ground.schedule, relax=dict.fromkeys(self.prices, 1))

    def smallest(self, missing: Missing) -> list[Change]:
        """Verified changes, cheapest first; empty where none was verified."""
        found: list[Change] = []
        solves = 0
        for tries, candidate in enumerate(self._candidates(missing)):
            if self.stop.is_set() or tries >= MOST_TRIES or len(found) >= MOST_CHANGES:
                break
            if any({e.key for e in known.edits} <= {e.key for e in candidate.edits} for known in found):
                continue  # it holds more than one that is enough
            change = self._added(missing, candidate) if candidate.alone else None
            if change is None and solves < MOST_SOLVES:
                solves += 1
                change = self._solved(missing, candidate)
            if change is not None:
                change = self._without_needless(missing, candidate, change)
                if not any({e.key for e in known.edits} <= {e.key for e in change.edits} for known in found):
                    found.append(change)
        return sorted(found, key=lambda c: c.price)

    # -- candidates -----------------------------------------------------------------------------------------------------

    def _candidates(self, missing: Missing) -> Iterator[_Candidate]:
        """One for each set of edits, cheapest first: what each option of the elastic book breaks, and what would mend it."""
        elastic = self.elastic
        here = elastic.missing((missing.row,))[0]
        family = elastic.family(here.family)
        found: dict[frozenset[tuple[str, int | None, str]], _Candidate] = {}
        for o in elastic.options_for(here).tolist():
            if self.stop.is_set():
                break
            broken, alone = self._broken(here.family, o)
            if len(broken) > MOST_RULES:
                continue
            option = placement(elastic.book, family, o)
            edits: list[Edit] = []
            for rule, amount in broken.items():
                wanted = Wanted(elastic.instance, option, amount, here.party.members, self.private)
                own = mended(rule, wanted)
                if not own:
                    break
                edits += own
            else:
                price = self._price(edits) + (0 if alone else OWN_MOVES)
                key = frozenset(edit.key for edit in edits)
                candidate = _Candidate(price, tuple(edits), option, alone)
                if key not in found or price < found[key].price:
                    found[key] = candidate
        return iter(sorted(found.values(), key=lambda c: (c.price, len(c.edits), sum(len(e.sentence) for e in c.edits))))

    def _broken(self, f: int, o: int) -> tuple[dict[str, int], bool]:
        """Rules that an option breaks beside all others, by how much; and whether it breaks nothing that is never relaxed."""
        elastic = self.elastic
        standing, book, family = elastic.standing, elastic.book, elastic.family(f)
        broken = {
            book.rules[rule].id: 1 for rule, cost in family.costs if book.rules[rule].id in self.prices and int(cost[o]) > 0
        }
        now, paid = standing.chosen[f], standing.paid.copy()
        standing.change({f: np.sort(np.append(now, o))})
        more = standing.paid - paid
        rows = book.shared
        for k in np.flatnonzero(more > 0).tolist():
            rule = int(rows.rule[k])
            name = book.rules[rule].id
            if name in self.prices:
                units = int(more[k]) // max(1, int(book.weight[rule]))
                broken[name] = max(broken.get(name, 0), units)
        # a row that runs with enough or not at all cannot be made elastic
        firm = standing.broken
        for k in np.flatnonzero(standing.wrong > 0).tolist():
            name, units = book.rules[int(rows.rule[k])].id, int(standing.wrong[k])
            if name in self.prices:
                broken[name] = max(broken.get(name, 0), units)
                firm -= units
        standing.change({f: now})
        return broken, firm == 0

    # -- verification ---------------------------------------------------------------------------------------------------

    def _added(self, missing: Missing, candidate: _Candidate) -> Change | None:
        """The change, if the option can simply be added to all other placements."""
        rows = (*self.ground.schedule.placements, candidate.option)
        if not self._holds(missing, candidate.edits, rows):
            return None
        return Change(candidate.edits, candidate.price, (candidate.option,), (), rows)

    def _holds(self, missing: Missing, edits: Sequence[Edit], rows: tuple[Placement, ...]) -> bool:
        """Whether placements are valid in the changed instance, and lack less than the schedule does."""
        return places(self.report, judged(changed(self.ground.instance, edits), rows), missing.row)

    def _solved(self, missing: Missing, candidate: _Candidate) -> Change | None:
        """The change, if a schedule with the rotation is found in the changed instance: all else stays, then the whole."""
        instance = changed(self.ground.instance, candidate.edits)
        try:
            ground = Ground(instance, self.ground.schedule)
        except InputError:
            return None  # what stands does not fit the change
        here = ground.missing((missing.row,))[0]
        moves = best_with(ground, [here.family], here.family, here.demands)
        if moves is None and ground.book.size <= ONE_MODEL:
            moves = best_with(ground, range(len(ground.families)), here.family, here.demands)
        rows = ground.placements_with(moves) if moves else ()
        if not self._holds(missing, candidate.edits, rows):
            return None
        before = set(self.ground.placements_with({}))
        new = [p for p in rows if p not in before]
        mine = [p for p in new if (p.student, p.group, p.part) == _who(missing) and p.requirement == candidate.option.requirement]
        return Change(candidate.edits, candidate.price, tuple(mine), tuple(p for p in new if p not in mine), rows)

    def _without_needless(self, missing: Missing, candidate: _Candidate, change: Change) -> Change:
        """The change without edits that its schedule does not need."""
        edits = list(change.edits)
        for edit in change.edits:
            fewer = [e for e in edits if e is not edit]
            if len(edits) > 1 and self._holds(missing, fewer, change.placements):
                edits = fewer
        return replace(change, edits=tuple(edits), price=self._price(edits) + (OWN_MOVES if change.moved else 0))

    def _price(self, edits: Sequence[Edit]) -> int:
        return sum(self.prices[rule] for rule in {edit.rule for edit in edits})


def _who(missing: Missing) -> tuple[str, str, int]:
    return missing.row.student, missing.row.group, missing.row.part
