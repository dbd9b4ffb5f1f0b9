"""Where could this student go? Places that fit with nobody moving, each verified; then those that need others to move."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from scheduler.domain import GONE, RULES, Instance, Placement, Schedule
from scheduler.offers.days import BoolArray, IntArray
from scheduler.repair.effects import Effect, Effects, Lost
from scheduler.rules.demand import meeting
from scheduler.solve.result import placement
from scheduler.standing.fitting import Fit, fitting
from scheduler.standing.forced import best_together
from scheduler.standing.ground import Ground, Missing, holds, judged, lacking
from scheduler.standing.swaps import Swap, swap_of, swaps_for
from scheduler.verify import Report


@dataclass(frozen=True)
class Suggestion:
    """A schedule that the independent verifier has passed, in which somebody has more, or something else.

    Attributes
    ----------
    gets, gives_up
        Placements that the student or group gets, and those that it gives up.
    others_before, others_after
        Placements of others that go, and those that come.
    cost
        How much more each level of the policy costs, as the verifier counts.
    rules
        The same by rule, those that change the most first.
    missing
        How much of the rotation is missing after it, in its unit.
    effects
        Of each placement that it gets.
    lost
        Places that others without one could have now, and not with it.
    placements
        The schedule that proves it.
    """

    gets: tuple[Placement, ...]
    gives_up: tuple[Placement, ...]
    others_before: tuple[Placement, ...]
    others_after: tuple[Placement, ...]
    cost: tuple[int, ...]
    rules: Mapping[str, int]
    missing: int
    effects: tuple[Effect, ...]
    lost: tuple[Lost, ...]
    placements: tuple[Placement, ...]


@dataclass(frozen=True)
class Places:
    """What there is for one rotation.

    Attributes
    ----------
    who, requirement
        The party, and the required rotation or elective set.
    now
        The placement that it has instead; None where it is unplaced.
    lacks
        How much is missing, and its unit.
    fits
        How many placements fit with nobody moving.
    staying, moving
        The best of these, and of those for which others move, or the student's own other placements; None where these were not
        looked for.
    """

    who: str
    requirement: str
    now: Placement | None
    lacks: tuple[int, str]
    fits: int
    staying: tuple[Suggestion, ...]
    moving: tuple[Suggestion, ...] | None


class Suggester:
    """Finds places in a schedule as it stands.

    Parameters
    ----------
    most
        So many suggestions are made of each kind.
    stop
        Ends the search; what was found is told.
    """

    def __init__(self, instance: Instance, schedule: Schedule, *, most: int = 5, stop: threading.Event | None = None) -> None:
        self.instance, self.schedule, self.most = instance, schedule, most
        self.stop = stop or threading.Event()
        self.report = judged(instance, schedule.placements)
        self.ground = Ground(instance, schedule, valid=False)
        self.effects = Effects(self.ground)
        self._declined = {_place(p) for p in schedule.placements if p.status in GONE}

    # -- what is asked ----------------------------------------------------------------------------------------------------

    def missing(self, who: str = "", requirement: str = "") -> list[Missing]:
        """What a student or group (empty: anybody) lacks."""
        rows = (u for u in self.report.unplaced if who in ("", u.student, u.group) and requirement in ("", u.requirement))
        return self.ground.missing(tuple(rows))

    @cached_property
    def _everybody(self) -> list[Missing]:
        return self.missing()

    def for_missing(self, missing: Missing, *, move: bool | None = None) -> Places:
        """Places for a rotation that is missing; also those that need others to move (None: where there are no others)."""
        fits = self.fitting(missing)
        staying = self._best(missing, fits)
        moving: tuple[Suggestion, ...] | None = None
        if not self.stop.is_set() and (not staying if move is None else move):
            moving = tuple(self._moving(missing))
        row = missing.row
        return Places(missing.who, row.requirement, None, (row.missing, row.unit), len(fits), staying, moving)

    def instead(self, who: str, requirement: str = "") -> Iterator[Places]:
        """Other places for what a student or group has, one placement at a time."""
        facts = self.ground.book.facts
        for party in (p for p in facts.parties if who in (p.student, p.group)):
            f = facts.family_of[party.index].index
            family = self.ground.family(f)
            options, now = family.options, self.ground.standing.chosen[f]
            for o in now[options.party[now] == party.index].tolist():
                asked = facts.demands[int(options.demand[o])].requirement
                if self.stop.is_set() or requirement not in ("", asked.requirement, asked.elective_set):
                    continue
                same = np.zeros(len(options), dtype=bool)
                for demand in (facts.demands[d] for d in party.demands):
                    if demand.requirement == asked or (
                        asked.elective_set and demand.requirement.elective_set == asked.elective_set
                    ):
                        same |= meeting(facts, options, demand)
                same[now] = False
                given_up = np.array([o], dtype=np.int64)
                fits = self.distinct(f, fitting(self.ground, f, self._open(f, same), given_up))
                left = np.setdiff1d(now, given_up)
                staying = self._shown(f, ({f: np.sort(np.append(left, fit.option))} for fit in fits), "")
                row = placement(self.ground.book, family, o)
                yield Places(party.id, asked.requirement, row, (0, asked.amount_unit), len(fits), staying, None)

    def together(self, missing: Sequence[Missing]) -> Suggestion | None:
        """All that one family lacks at once, as well as can be with nobody else moving; as much of it as fits."""
        f = missing[0].family
        lacks = np.zeros(len(self.ground.family(f).options), dtype=bool)
        for one in missing:
            lacks[self.ground.options_for(one)] = True
        options = self._open(f, lacks)
        before = self.ground.standing.chosen[f]
        best: Suggestion | None = None
        for own_move, every in ((False, True), (True, True), (False, False), (True, False)):
            moves = best_together(self.ground, f, missing, options, own_move=own_move, every=every)
            if moves is None or np.array_equal(moves[f], before):
                continue
            found = self._proven(f, moves, "")
            if found is not None and (best is None or found.missing < best.missing):
                best = found
            if best is not None and (every or not best.missing):
                return best
        return best

    # -- what fits --------------------------------------------------------------------------------------------------------

    def fitting(self, missing: Missing) -> list[Fit]:
        """All placements that fit with nobody moving, the cheapest first."""
        return self.distinct(missing.family, fitting(self.ground, missing.family, self.open_to(missing)))

    def open_to(self, missing: Missing) -> IntArray:
        """Options that would meet what is missing, without those that were declined or given back."""
        where = np.zeros(len(self.ground.family(missing.family).options), dtype=bool)
        where[self.ground.options_for(missing)] = True
        return self._open(missing.family, where)

    def _open(self, f: int, where: BoolArray) -> IntArray:
        facts = self.ground.book.facts
        options, found = self.ground.family(f).options, where.copy()
        index = facts.offers.codes.slot_index
        for student, group, part, requirement, slot, start in self._declined:
            for party in (facts.parties[p] for p in facts.families[f].parties):
                if (party.student, party.group, party.part) == (student, group, part) and slot in index:
                    asked = [d for d in party.demands if facts.demands[d].requirement.requirement == requirement]
                    there = (options.slot == index[slot]) & (options.start == facts.clock.day(start))
                    found &= ~(there & (options.party == party.index) & np.isin(options.demand, asked))
        return np.flatnonzero(found)

    def distinct(self, f: int, fits: Sequence[Fit]) -> list[Fit]:
        """The cheapest of those that are the same placement: a rotation that is repeated is met by it either way."""
        options, demands = self.ground.family(f).options, self.ground.book.facts.demands
        columns = (options.party, options.offer, options.team, options.end, options.weeks, options.minutes)
        known: set[tuple[int | str, ...]] = set()
        found = []
        for fit in fits:
            asked = demands[int(options.demand[fit.option])].requirement.requirement
            key: tuple[int | str, ...] = (asked, *(int(column[fit.option]) for column in columns))
            if key not in known:
                known.add(key)
                found.append(fit)
        return found

    # -- what is told -----------------------------------------------------------------------------------------------------

    def proven(self, missing: Missing, fit: Fit) -> Suggestion | None:
        """A placement that fits as a suggestion; None where the verifier finds something wrong with it."""
        return self._proven(missing.family, self._with(missing.family, fit), missing.row.requirement)

    def _best(self, missing: Missing, fits: Sequence[Fit]) -> tuple[Suggestion, ...]:
        f = missing.family
        return self._shown(f, (self._with(f, fit) for fit in fits), missing.row.requirement)

    def _with(self, f: int, fit: Fit) -> dict[int, IntArray]:
        return {f: np.sort(np.append(self.ground.standing.chosen[f], fit.option))}

    def _shown(self, f: int, moves: Iterator[dict[int, IntArray]], requirement: str) -> tuple[Suggestion, ...]:
        """The first of many that the verifier passes."""
        found: list[Suggestion] = []
        for some in moves:
            if len(found) >= self.most or self.stop.is_set():
                break
            suggestion = self._proven(f, some, requirement)
            if suggestion is not None:
                found.append(suggestion)
        return tuple(found)

    def _proven(self, f: int, moves: Mapping[int, IntArray], requirement: str) -> Suggestion | None:
        """A suggestion, if the verifier confirms that nothing is broken and nobody loses anything.

        It is for a rotation, or for all that the family lacks (empty).
        """
        found = self._told(f, swap_of(self.ground, moves), requirement)
        if found is None:
            return None
        others = [m for m in self._everybody if m.family != f or requirement not in ("", m.row.requirement)]
        lost = tuple(self.effects.lost(f, moves, others)) if requirement else ()
        return replace(found, effects=self.effects.of(f, moves), lost=lost)

    def _moving(self, missing: Missing) -> Iterator[Suggestion]:
        declined = self._declined
        for k, swap in enumerate(swaps_for(self.ground, self.report, missing, fewest=True)):
            if k >= self.most or self.stop.is_set():
                return
            if any(_place(p) in declined for p in swap.after):
                continue
            suggestion = self._told(missing.family, swap, missing.row.requirement)
            if suggestion is not None:
                yield suggestion

    def _told(self, f: int, swap: Swap, requirement: str) -> Suggestion | None:
        after = judged(self.instance, swap.placements)
        if not holds(self.report, after):
            return None
        facts = self.ground.book.facts
        ours = {(p.student, p.group, p.part) for p in (facts.parties[i] for i in facts.families[f].parties)}
        rules = difference(self.instance, self.report, after)
        names = {r for r in (requirement,) if r}
        left = sum(n for (s, g, k, r), n in lacking(after.unplaced).items() if (s, g, k) in ours and (not names or r in names))
        mine, others = (tuple(p for p in swap.after if ((p.student, p.group, p.part) in ours) is own) for own in (True, False))
        gone, moved = (tuple(p for p in swap.before if ((p.student, p.group, p.part) in ours) is own) for own in (True, False))
        return Suggestion(mine, gone, moved, others, by_level(self.instance, rules), rules, left, (), (), swap.placements)


def _place(p: Placement) -> tuple[str, str, int, str, str, date]:
    """Who has what where from when: what nobody is offered again who has declined it or given it back."""
    return p.student, p.group, p.part, p.requirement, p.slot, p.start


def difference(instance: Instance, before: Report, after: Report) -> dict[str, int]:
    """How many more points each rule costs, those that change the most first."""
    more = {
        rule: instance.policy.setting(RULES[rule]).weight * (after.penalties.get(rule, 0) - before.penalties.get(rule, 0))
        for rule in {**before.penalties, **after.penalties}
    }
    return dict(sorted(((r, n) for r, n in more.items() if n), key=lambda item: (-abs(item[1]), item[0])))


def by_level(instance: Instance, rules: Mapping[str, int]) -> tuple[int, ...]:
    """Points by rule as points by level, for each level of the policy that has a soft rule."""
    settings = {rule: instance.policy.setting(spec) for rule, spec in RULES.items()}
    levels = sorted({s.level for s in settings.values() if s.kind != "off"}) or [1]
    return tuple(sum(n for rule, n in rules.items() if settings[rule].level == level) for level in levels)
