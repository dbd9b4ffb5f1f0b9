"""What a placement would do: whom it suits how well, what it fills, and what others could then no longer have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from scheduler.domain import GONE, Placement
from scheduler.domain.onboarding import Onboarding, onboarding
from scheduler.domain.wording import count
from scheduler.model import FamilyBook
from scheduler.offers.days import IntArray
from scheduler.offers.lodging import UNKNOWN
from scheduler.rules.wishes import choices
from scheduler.solve.result import placement
from scheduler.standing.fitting import fitting
from scheduler.standing.ground import Ground, Missing

#: What tells placements in a slot apart.
Same = tuple[str, str, int, str, date]


@dataclass(frozen=True)
class Effect:
    """What one new placement does.

    Attributes
    ----------
    choice
        Best rank on the own preference lists; 0 for none.
    km
        From home to the site; None where that is not known or not travelled.
    there, least, most
        Students in the slot at the fullest moment of the placement, this one included, and how many it takes.
    others
        Students among them who are there already.
    at_once, most_at_once
        Students of the preceptor at the moment with the least room, this one included, and how many there may be; 0 without a
        limit.
    at_risk
        Compliance items that are still due.
    """

    placement: Placement
    choice: int
    km: int | None
    there: int
    others: int
    least: int
    most: int
    at_once: int
    most_at_once: int
    at_risk: tuple[Onboarding, ...]

    @property
    def sentences(self) -> Iterator[str]:
        """The same in words."""
        p = self.placement
        suits = [f"choice {self.choice}"] if self.choice else []
        suits += [f"{self.km:,} km from home"] if self.km is not None else []
        if suits:
            yield ", ".join(suits)
        yield self._fills()
        if self.most_at_once:
            yield f"{p.preceptor} then has {self.at_once} of {count(self.most_at_once, 'student')} at once"
        if self.at_risk:
            items = [f"{row.item} due {row.due} ({row.status})" for row in self.at_risk]
            yield f"at risk: {'; '.join(dict.fromkeys(items))}"

    def _fills(self) -> str:
        slot = f"slot {self.placement.slot}"
        if self.others < self.least <= self.there and self.least > 1:
            reached = f"the least of {self.least} is reached"
            return f"opens {slot}: {reached}" if not self.others else f"{slot} has enough to run: {reached}"
        if self.there == self.most:
            return f"takes the last of {count(self.most, 'place')} in {slot}"
        first = "" if self.others else ", the first there"
        return f"{self.there} of {count(self.most, 'place')} in {slot} are then taken{first}"


@dataclass(frozen=True)
class Lost:
    """Places that somebody without one could have now, and not afterwards: so many of all there are."""

    missing: Missing
    places: int
    of: int


class Effects:
    """Tells what placements would do to a schedule as it stands."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._in_slot: dict[str, list[Placement]] = defaultdict(list)
        for p in ground.schedule.placements:
            if p.status not in GONE:
                self._in_slot[self._places(p.slot)].append(p)

    def _places(self, slot: str) -> str:
        instance = self.ground.instance
        return instance.places_of(instance.slot_by_id[slot]).slot

    def of(self, f: int, moves: Mapping[int, IntArray]) -> tuple[Effect, ...]:
        """What the new placements of a family do."""
        family, standing = self.ground.family(f), self.ground.standing
        now = standing.chosen[f]
        gone = {_same(placement(self.ground.book, family, o)) for o in np.setdiff1d(now, moves[f]).tolist()}
        standing.change(moves)
        found = tuple(self._effect(family, o, gone) for o in np.setdiff1d(moves[f], now).tolist())
        standing.change({f: now})
        return found

    def _effect(self, family: FamilyBook, o: int, gone: Collection[Same]) -> Effect:
        """What an option does that is chosen now; `gone` are placements that were given up for it."""
        facts, instance = self.ground.book.facts, self.ground.instance
        row = placement(self.ground.book, family, o)
        party = facts.parties[int(family.options.party[o])]
        one = family.options.take(np.array([o], dtype=np.int64))
        km = int(facts.lodging.distance(party.index, one)[0])
        slot = instance.slot_by_id[self._places(row.slot)]
        others = peak((p for p in self._in_slot[slot.slot] if _same(p) not in gone), row)
        at_once, most_at_once = self._at_once(family, o)
        return Effect(
            row,
            int(choices(facts, party, one)[0]),
            None if km == UNKNOWN else km,
            others + row.students,
            others,
            slot.least_students,
            slot.most_students,
            at_once,
            most_at_once,
            onboarding(instance, (row,)),
        )

    def _at_once(self, family: FamilyBook, o: int) -> tuple[int, int]:
        """Students of the preceptor at the moment with the least room, and how many there may be; 0 and 0: no such limit."""
        book, rows = self.ground.book, family.shared.row(o)[0]
        rule = book.rule_index.get("preceptor_at_once", -1)
        limited = rows[(book.shared.rule[rows] == rule) & (book.shared.gate[rows] < 0)]
        if not len(limited) or max(family.options.co[o], family.options.cover[o]) >= 0:  # whose limit it is cannot be told
            return 0, 0
        load, most = self.ground.standing.load[limited], book.shared.hi[limited]
        tightest = int(np.argmin(most - load))
        return int(load[tightest]), int(most[tightest])

    # -- what others lose -------------------------------------------------------------------------------------------------

    def lost(self, f: int, moves: Mapping[int, IntArray], others: Sequence[Missing]) -> Iterator[Lost]:
        """What of what others lack would no longer fit; of what the family itself lacks only where nothing is left."""
        standing = self.ground.standing
        now = {g: standing.chosen[g] for g in moves}
        touched = self._reached(f, np.setxor1d(now[f], moves[f]))
        for missing in others:
            options = self._fits_of(missing)
            own = missing.family == f
            near = options if own else options[self._meets(missing.family, options, touched)]
            if not len(near):
                continue
            standing.change(moves)
            left = len(fitting(self.ground, missing.family, near, most=1 if own else None))
            standing.change(now)
            if left < len(near) and not (own and left):
                yield Lost(missing, len(near) - left, len(options))

    @cached_property
    def _known(self) -> dict[tuple[int, str], IntArray]:
        return {}

    def _fits_of(self, missing: Missing) -> IntArray:
        """The options that would place what somebody lacks, as it stands."""
        key = (missing.family, f"{missing.who} {missing.row.requirement}")
        if key not in self._known:
            fits = fitting(self.ground, missing.family, self.ground.options_for(missing))
            self._known[key] = np.array(sorted(fit.option for fit in fits), dtype=np.int64)
        return self._known[key]

    def _reached(self, f: int, options: IntArray) -> IntArray:
        """Shared rows whose sums options change, directly or through the gates that they open."""
        return np.unique(self._rows(self.ground.family(f), options)[1])

    def _meets(self, f: int, options: IntArray, touched: IntArray) -> IntArray:
        """Which of some options reach one of these rows (positions among them)."""
        which, row = self._rows(self.ground.family(f), options)
        return np.unique(which[np.isin(row, touched)])

    def _rows(self, family: FamilyBook, options: IntArray) -> tuple[IntArray, IntArray]:
        shared, gate = self.ground.standing.shared, self.ground.book.shared.gate
        which, row, _ = family.shared.gather(options)
        governed = np.flatnonzero(gate[row] >= 0)
        found = [(which, row)]
        for matrix in (shared.counting, shared.governed_by):
            entry, other, _ = matrix.gather(gate[row[governed]])
            found.append((which[governed][entry], other))
        return np.concatenate([w for w, _ in found]), np.concatenate([r for _, r in found])


def _same(p: Placement) -> Same:
    return p.student, p.group, p.part, p.slot, p.start


def peak(rows: Iterable[Placement], during: Placement) -> int:
    """The most students of some placements who are there on one day of a placement."""
    there = [p for p in rows if p.start <= during.end and during.start <= p.end]
    days = {max(p.start, during.start) for p in there}
    return max((sum(p.students for p in there if p.start <= day <= p.end) for day in days), default=0)
